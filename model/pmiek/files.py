"""Writing files so that a crash never leaves half a file, and a cell never becomes a formula."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.errors import RequestError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _write(path: Path, write: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_file(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file of any kind atomically: ``write`` gets the temporary path."""
    _write(path, write)


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would read as a formula; leave numbers alone."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write_csv(frame: pd.DataFrame, path: Path, *, decimals: int = 6) -> None:
    """Write a table as UTF-8 CSV with one header, atomically and without formula cells.

    Parameters
    ----------
    frame : DataFrame
        Tidy table; its index is not written.
    path : Path
        Target file; parent folders are made.
    decimals : int
        Figures are rounded to this number of decimals, so that the same run gives the same bytes.
    """
    out = frame.copy()
    for column in out.columns:
        if pd.api.types.is_float_dtype(out[column]):
            out[column] = out[column].round(decimals) + 0.0
        elif not pd.api.types.is_numeric_dtype(out[column]) and not pd.api.types.is_bool_dtype(out[column]):
            out[column] = out[column].map(safe_cell)
    _write(path, lambda temporary: out.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n"))


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, atomically; the index is kept."""
    _write(path, lambda temporary: frame.to_parquet(temporary, compression="zstd"))


def write_text(text: str, path: Path) -> None:
    """Write UTF-8 text with Unix line ends, atomically."""

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")

    _write(path, write)


def write_json(value: Any, path: Path) -> None:
    """Write JSON with sorted keys, atomically; NaN is refused because browsers cannot read it."""
    write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n", path)


def inside(root: Path, path: Path) -> Path:
    """Return the resolved path if it lies inside root, else raise.

    Raises
    ------
    RequestError
        If the path leaves the folder, for example through ``..`` or a link.
    """
    resolved, base = path.resolve(), root.resolve()
    if not resolved.is_relative_to(base):
        message = f"{path} lies outside {base.name}/; only files of the project are read or written"
        raise RequestError(message)
    return resolved
