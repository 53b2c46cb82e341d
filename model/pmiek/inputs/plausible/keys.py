"""Naming a row by its key, so that it is known again when its line number has moved."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.inputs.registry import TABLES

SEPARATOR = " / "


def plain(values: pd.Series) -> pd.Series:
    """Write the values of a typed column as text: the shortest digits, true or false, and empty for NaN."""
    if values.dtype == bool:
        return pd.Series(np.where(values, "true", "false"), index=values.index)
    if pd.api.types.is_integer_dtype(values):
        return values.astype(str)
    if pd.api.types.is_float_dtype(values):
        unique = {value: f"{value:.12g}" for value in values.dropna().unique()}
        return values.map(unique).fillna("")
    return values.astype(object).where(values.notna(), "").astype(str)


def row_keys(name: str, frame: pd.DataFrame) -> pd.Series:
    """Give the key of each row of a table, its parts separated by `` / ``."""
    parts = [plain(frame[column]) for column in TABLES[name].key]
    return parts[0].str.cat(pd.concat(parts[1:], axis=1), sep=SEPARATOR) if len(parts) > 1 else parts[0]
