"""Reading CSV files cell by cell, so that every fault keeps its line number."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from pmiek.errors import Problem
from pmiek.files import inside
from pmiek.inputs.schema import Table

csv.field_size_limit(1_000_000)


def closest(value: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the known value most like this one, or an empty string.

    Parameters
    ----------
    value : str
        The value that was not found.
    known : iterable of str
        All right values.
    """
    names = {name.lower(): name for name in map(str, known)}
    match = difflib.get_close_matches(value.strip().lower(), list(names), n=1, cutoff=0.6)
    return f" Did you mean {names[match[0]]!r}?" if match else ""


def read_cells(root: Path, table: Table) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Read one table as text.

    This is the only place where rows of a table are loaded.

    Parameters
    ----------
    root : Path
        The inputs folder.
    table : Table
        Description of the table.

    Returns
    -------
    DataFrame or None
        All cells as Python strings, exactly as written; columns as in the file, index the line number
        that a spreadsheet shows (the header is line 1). None if the file is absent or cannot be read.
    list of Problem
        What is wrong with the file as a file.
    """
    path = root / f"{table.name}.csv"
    if not path.is_file():
        return None, _absent(table)
    try:
        inside(root, path)
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [
            _unreadable(
                table, f"byte {error.start} is not UTF-8", "Save the file as 'CSV UTF-8 (comma delimited)'."
            )
        ]
    except ValueError:
        return None, [
            _unreadable(
                table,
                "the path leaves the inputs folder",
                "Put the file itself in the folder instead of a link.",
            )
        ]
    except OSError as error:
        return None, [
            _unreadable(table, error.strerror or "unreadable", "Check that the file can be opened.")
        ]
    return parse_cells(table, content, table.file)


def _absent(table: Table) -> list[Problem]:
    if not table.required:
        return []
    remedy = f"Add the file with the columns {', '.join(c.name for c in table.columns if not c.optional)}."
    return [Problem(table.file, None, "", "", "this file to exist", f"{table.absent} {remedy}")]


def _unreadable(table: Table, found: str, remedy: str) -> Problem:
    return Problem(table.file, None, "", found, "a readable UTF-8 CSV file", remedy)


def parse_cells(table: Table, content: str, file: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Take the cells out of the text of a CSV file.

    Parameters
    ----------
    table : Table
        Description of the table.
    content : str
        Text of the file.
    file : str
        File as the error report names it.

    Returns
    -------
    DataFrame or None, list of Problem
        As :func:`read_cells`.
    """
    if not content.strip():
        remedy = "Write the header line" + (
            "." if table.required else ", or delete the file if there is nothing to state."
        )
        return None, [Problem(file, None, "", "an empty file", "at least a header line", remedy)]
    if "\x00" in content:
        return None, [
            Problem(
                file,
                None,
                "",
                "a zero byte",
                "a readable UTF-8 CSV file",
                "Save the file again as CSV UTF-8.",
            )
        ]
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for line, row in enumerate(csv.reader(io.StringIO(content, newline=""), strict=True), 1):
            if any(row):
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        where = lines[-1] + 1 if lines else 1
        remedy = "Look for a double quote that is opened and not closed in or after this row."
        return None, [Problem(file, where, "", str(error), "well-formed CSV", remedy)]
    return _frame(file, rows, lines)


def _frame(file: str, rows: list[list[str]], lines: list[int]) -> tuple[pd.DataFrame | None, list[Problem]]:
    header = rows[0]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        remedy = "Save the file as 'CSV UTF-8 (comma delimited)' with a decimal point."
        return None, [Problem(file, 1, "", header[0][:60], "columns separated by commas", remedy)]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        return None, [
            Problem(file, 1, name, name, "each column once", "Delete or rename one of the two.")
            for name in repeated
        ]
    width = len(header)
    problems = [
        Problem(
            file,
            line,
            "",
            f"{len(row)} fields",
            f"{width} fields, as in the header",
            _ragged(row, width),
        )
        for line, row in zip(lines[1:], rows[1:], strict=True)
        if len(row) != width
    ]
    good = [(line, row) for line, row in zip(lines[1:], rows[1:], strict=True) if len(row) == width]
    frame = pd.DataFrame(
        [row for _, row in good], columns=header, index=[line for line, _ in good], dtype=object
    )
    return frame, problems


def _ragged(row: list[str], width: int) -> str:
    if len(row) > width:
        return "Put text with a comma between double quotes, and write decimals with a point."
    return "Add the missing commas at the end of the row."
