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
from pmiek.inputs.guards import LARGEST_FILE, decode_text, dialect_of
from pmiek.inputs.schema import Table

MOST_ROWS, MOST_COLUMNS = 1_000_000, 400
LONGEST_FIELD = 100_000
DUTCH_NUMBER = r"-?(\d{1,3}(\.\d{3})+|\d+),\d+"
THOUSANDS = r"-?\d{1,3}(\.\d{3})+"

csv.field_size_limit(LONGEST_FIELD)


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
    except ValueError:
        return None, [
            _unreadable(
                table,
                "the path leaves the inputs folder",
                "Put the file itself in the folder instead of a link.",
            )
        ]
    return read_csv_cells(path, table, table.file, lenient=False)


def read_csv_cells(
    path: Path, table: Table, file: str, *, lenient: bool = True
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Read a CSV file as text, from this project or from outside.

    Parameters
    ----------
    path : Path
        The file.
    table : Table
        Description of the table.
    file : str
        File as the error report names it.
    lenient : bool
        True for a form from outside: Windows-1252, semicolons and decimal commas are read too.

    Returns
    -------
    DataFrame or None, list of Problem
        As :func:`read_cells`.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b"\0" * (LARGEST_FILE + 1)
    except OSError as error:
        remedy = "Check that the file can be opened and that no other program holds it."
        return None, [Problem(file, None, "", error.strerror or "unreadable", "a readable CSV file", remedy)]
    text, problems = decode_text(content, file, lenient=lenient)
    if text is None:
        return None, problems
    return parse_cells(table, text, file, lenient=lenient)


def _absent(table: Table) -> list[Problem]:
    if not table.required:
        return []
    remedy = f"Add the file with the columns {', '.join(c.name for c in table.columns if not c.optional)}."
    return [Problem(table.file, None, "", "", "this file to exist", f"{table.absent} {remedy}")]


def _unreadable(table: Table, found: str, remedy: str) -> Problem:
    return Problem(table.file, None, "", found, "a readable UTF-8 CSV file", remedy)


def parse_cells(
    table: Table, content: str, file: str, *, lenient: bool = False
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Take the cells out of the text of a CSV file.

    Parameters
    ----------
    table : Table
        Description of the table.
    content : str
        Text of the file.
    file : str
        File as the error report names it.
    lenient : bool
        True if another separator than a comma is read, with the decimal commas that go with it.

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
    mark, content, taken = dialect_of(content)
    if not lenient and not taken:
        mark = ","
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=mark)
    try:
        for line, row in enumerate(reader, 1 + taken):
            if any(row):
                rows.append(row)
                lines.append(line)
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                found = f"{len(row)} fields" if len(row) > MOST_COLUMNS else f"more than {MOST_ROWS} rows"
                expected = f"at most {MOST_COLUMNS} columns and {MOST_ROWS} rows"
                return None, [Problem(file, line, "", found, expected, "Send the table only.")]
    except csv.Error as error:
        where = lines[-1] + 1 if lines else 1
        remedy = "Look for a double quote that is opened and not closed in or after this row."
        return None, [Problem(file, where, "", str(error), "well-formed CSV", remedy)]
    if not rows:
        return None, [
            Problem(file, None, "", "an empty file", "at least a header line", "Write the header line.")
        ]
    frame, problems = _frame(file, rows, lines)
    if frame is not None and mark != ",":
        frame, more = with_decimal_points(table, frame, file)
        problems += more
    return frame, problems


def with_decimal_points(table: Table, cells: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Write decimal commas of a Dutch form as points; a point before three digits is not guessed at.

    Parameters
    ----------
    table : Table
        Description of the table; only its columns of numbers are touched.
    cells : DataFrame
        Text cells, index the line number.
    file : str
        File as the error report names it.

    Returns
    -------
    DataFrame, list of Problem
    """
    cells, problems = cells.copy(), []
    for column in table.columns:
        if column.kind not in {"number", "integer"} or column.name not in cells.columns:
            continue
        texts = cells[column.name].str.strip()
        dutch = texts.str.fullmatch(DUTCH_NUMBER)
        cells[column.name] = texts.mask(
            dutch, texts.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        )
        problems += [
            Problem(
                file,
                int(str(line)),
                column.name,
                text,
                "a figure that can be read in one way",
                "In a Dutch file this may be a thousands point or a decimal point: write "
                f"{text.replace('.', '')} or {text.replace('.', ',')}.",
            )
            for line, text in texts[texts.str.fullmatch(THOUSANDS)].items()
        ]
    return cells, problems


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
