"""From text cells to typed columns, with every cell that does not fit reported."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.reading import closest
from pmiek.inputs.schema import Column, Table

DECIMAL_COMMA = re.compile(r"-?\d+(\.\d{3})*,\d+")


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the table without rows, with every column in its type."""
    columns = {column.name: _typed(column, pd.Series([], dtype=object))[0] for column in table.columns}
    return pd.DataFrame(columns)


def convert(table: Table, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Give each column its type.

    Parameters
    ----------
    table : Table
        Description of the table.
    cells : DataFrame
        Text cells, index the line number in the file.

    Returns
    -------
    DataFrame
        Known columns in the order of the description. Text is ``str``, numbers ``float64``, whole
        numbers ``int64`` (``float64`` where a cell may be empty), booleans ``bool``; empty is NaN.
        Cells that do not fit are NaN too, and have a problem each.
    list of Problem
        Missing, unknown and misspelt columns, and cells of the wrong type.
    """
    problems = _headers(table, list(cells.columns))
    out: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name in cells.columns:
            out[column.name], bad = _typed(column, cells[column.name])
            problems += [
                _wrong_type(table, column, int(row), str(cells.loc[row, column.name])) for row in bad
            ]
        elif column.optional:
            out[column.name] = pd.Series(np.nan, index=cells.index, dtype="str")
    return pd.DataFrame(out, index=cells.index), problems


def _headers(table: Table, found: list[str]) -> list[Problem]:
    known = [column.name for column in table.columns]
    missing = [column.name for column in table.columns if column.name not in found and not column.optional]
    unknown = [name for name in found if name not in known]
    problems = [
        Problem(
            table.file,
            1,
            name,
            name,
            "a known column",
            f"Rename or delete it.{closest(name, missing or known)}",
        )
        for name in unknown
    ]
    for name in missing:
        column = table.column(name)
        remedy = f"Add the column ({column.description.lower()}: {column.expected}).{closest(name, unknown)}"
        problems.append(Problem(table.file, 1, name, "", "this column", remedy))
    return problems


def _typed(column: Column, cells: pd.Series) -> tuple[pd.Series, list[int]]:
    """Return the typed column and the line numbers of cells that do not fit."""
    empty = cells == ""
    if column.kind == "text":
        return cells.mask(empty, np.nan).astype("str"), []
    if column.kind == "boolean":
        flags = cells.map(
            {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
        )
        wrong = flags.isna()
        return (flags.astype(object) if wrong.any() else flags.astype(bool)), list(cells.index[wrong])
    values = pd.to_numeric(cells.mask(empty, np.nan), errors="coerce").astype("float64")
    bad = ~empty & ~np.isfinite(values)
    if column.kind == "integer":
        bad |= ~empty & (values % 1 != 0)
    values = values.mask(bad)
    if column.kind == "integer" and column.filled and not values.isna().any():
        return values.astype("int64"), list(cells.index[bad])
    return values, list(cells.index[bad])


def _wrong_type(table: Table, column: Column, row: int, value: str) -> Problem:
    if column.kind == "boolean":
        remedy = "Write true or false."
    elif DECIMAL_COMMA.fullmatch(value.strip()):
        remedy = "Write a decimal point instead of a comma, and no thousands separator."
    elif value.strip().lower() in ("nan", "na", "n/a", "-", "null", "none", "inf", "-inf"):
        remedy = (
            "Leave the cell empty if the figure is not known." if not column.filled else "Fill in the figure."
        )
    else:
        remedy = "Write digits only, with a decimal point and without a unit."
    return Problem(table.file, row, column.name, value or "an empty cell", column.expected, remedy)
