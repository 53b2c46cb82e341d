"""Reading the files of grid operators: CSV or XLSX, one folder per operator, cells as text."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import FORMULA_STARTS, inside, safe_cell
from pmiek.inputs.cells import convert
from pmiek.inputs.guards import DAMAGED, check_archive
from pmiek.inputs.reading import closest, read_csv_cells, with_decimal_points
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import Table

VARIABLE = "PMIEK_OPERATOR_DIR"
CONFIRMED = "confirmed.csv"
FOLDER = "operator"
KINDS = frozenset({".csv", ".xlsx"})
MODES = ("replace", "add", "remove")
SKIPPED_SHEETS = ("leesmij", "schema", "verzoeken", "uitgangspunten", "pmiek")
#: Rows above the header in which a title may stand, and how many column names make a header.
TITLE_ROWS, HEADER_WORDS = 10, 2
ALL_COLUMNS = frozenset(column.name for table in TABLES.values() for column in table.columns)
#: Kinds of file that a sender may take for readable; they are named instead of passed over.
UNREADABLE = frozenset({".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".json", ".geojson", ".xml", ".parquet"})
SHOWN_PREFIX = "nu_"
"""Columns with this prefix show the present value in a template and are not read."""


@dataclass(frozen=True, eq=False)
class OperatorTable:
    """Rows of one table as an operator wrote them.

    Attributes
    ----------
    operator : str
        Folder name of the operator.
    label : str
        File as the error report names it, for example ``operator/enexis/transformers.csv``.
    table : str
        Name of the input table.
    cells : DataFrame
        Text cells, index the line number in the file.
    """

    operator: str
    label: str
    table: str
    cells: pd.DataFrame


def operator_folder(root: Path) -> Path | None:
    """Find the folder with operators' files of a project.

    ``PMIEK_OPERATOR_DIR`` names it; without that variable it is ``operator/`` in the project, if it exists.
    A relative path must lie inside the project; a folder elsewhere must be given by its whole path.

    Raises
    ------
    InputError
        If the folder that was named does not exist or leaves the project by a relative path.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        default = root / FOLDER
        return default if default.is_dir() else None
    path = Path(named)
    try:
        folder = path if path.is_absolute() else inside(root, root / path)
    except ValueError:
        expected = "a folder inside the project, or the whole path of a folder elsewhere"
        raise InputError([Problem(VARIABLE, None, "", named, expected, "Correct the path.")]) from None
    if not folder.is_dir():
        raise InputError([Problem(VARIABLE, None, "", named, "an existing folder", "Correct the path.")])
    return folder


def use_folder(path: Path | None) -> None:
    """Use a folder from the command line as operators' folder, here and in every process started."""
    if path is not None:
        os.environ[VARIABLE] = str(path.resolve())


def list_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give operator and path of each CSV and XLSX file; hidden files and folders are skipped."""
    for home in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        for path in sorted(home.rglob("*")):
            hidden = any(part.startswith((".", "~")) for part in path.relative_to(home).parts)
            if path.is_file() and not hidden and path.suffix.lower() in KINDS and path.name != CONFIRMED:
                yield home.name, path


def read_confirmed(folder: Path) -> tuple[list[pd.DataFrame], list[Problem]]:
    """Read the unlikely figures that operators confirmed, ``confirmed.csv`` in the folder of each.

    They stand there and not in ``inputs/``, because a confirmation repeats the figure.

    Returns
    -------
    list of DataFrame
        table, row_key, column, value as text.
    list of Problem
        Files that cannot be read.
    """
    out, problems = [], []
    table = TABLES["confirmed"]
    for path in sorted(folder.glob(f"*/{CONFIRMED}")):
        label = f"{FOLDER}/{path.relative_to(folder).as_posix()}"
        cells, faults = read_csv_cells(path, table, label)
        problems += faults
        if cells is None:
            continue
        frame, faults = convert(table, cells)
        problems += [replace(problem, file=label) for problem in faults]
        if {"table", "row_key", "column", "value", "reason"} <= set(frame.columns):
            out.append(frame[frame["reason"].notna()])
    return out, problems


def read_folder(folder: Path) -> tuple[list[OperatorTable], list[Problem]]:
    """Read every file of every operator.

    Returns
    -------
    list of OperatorTable
        One per CSV file or sheet that could be read.
    list of Problem
        Unknown names, unreadable files, formulas.
    """
    found: list[OperatorTable] = []
    problems = [
        Problem(f"{FOLDER}/{path.name}", None, "", path.name, "a folder per operator",
                f"Move the file to {FOLDER}/<name of the operator>/.")
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix.lower() in KINDS and not path.name.startswith((".", "~"))
    ]  # fmt: skip
    problems += [
        Problem(f"{FOLDER}/{path.relative_to(folder).as_posix()}", None, "", path.name, "a CSV or XLSX file",
                "Save it as .xlsx or as CSV UTF-8, with the columns of the template.")
        for path in sorted(folder.glob("*/**/*"))
        if path.suffix.lower() in UNREADABLE
        and not any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
    ]  # fmt: skip
    for operator, path in list_files(folder):
        label = f"{FOLDER}/{path.relative_to(folder).as_posix()}"
        inner = path.relative_to(folder / operator).with_suffix("").as_posix()
        tables, wrong = read_file(path, operator, label, inner)
        found += tables
        problems += wrong
    return found, problems


def read_file(path: Path, operator: str, label: str, name: str) -> tuple[list[OperatorTable], list[Problem]]:
    """Read one file.

    Parameters
    ----------
    path : Path
        A CSV file (one table) or an XLSX file (one table per sheet).
    operator : str
        Name of the operator.
    label : str
        File as the error report names it.
    name : str
        Name from which a CSV's table is told, for example ``transformers`` or ``grid/transformers``.
    """
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path, operator, label)
    table, problems = _table_of(name, label)
    if table is None:
        return [], problems
    cells, problems = read_csv_cells(path, table, label)
    if cells is None:
        return [], problems
    return _checked(OperatorTable(operator, label, table.name, cells), problems)


def table_names(path: Path, inner: str) -> list[str]:
    """Name the tables that a file holds, as far as its names tell; used to see what a change touches."""
    names = [inner]
    if path.suffix.lower() == ".xlsx":
        book, problems = open_workbook(path, path.name, read_only=True)
        if problems:
            return list(TABLES)  # it cannot be read, so it may touch anything
        names = [str(name) for name in book.sheetnames]
        book.close()
    return [table for name in names for table in _matching(name)]


def _matching(name: str) -> list[str]:
    # a sheet may name its theme behind the table: demand-overlays wonen
    wanted = name.strip().lower().replace("\\", "/").partition(" ")[0]
    return [
        table
        for table in TABLES
        if wanted in {table, table.rpartition("/")[2], table.replace("/", "-"), table.replace("/", "__")}
    ]


def _table_of(name: str, label: str) -> tuple[Table | None, list[Problem]]:
    found = _matching(name)
    if len(found) == 1:
        return TABLES[found[0]], []
    short = [table.rpartition("/")[2] for table in TABLES]
    remedy = f"Rename it.{closest(name, [*short, *TABLES])}"
    if found:
        remedy = "Put the theme before the name: " + " or ".join(t.replace("/", "-") for t in found) + "."
    return None, [Problem(label, None, "", name, "the name of one input table", remedy)]


def _read_xlsx(path: Path, operator: str, label: str) -> tuple[list[OperatorTable], list[Problem]]:
    book, problems = open_workbook(path, label)
    if book is None:
        return [], problems
    found: list[OperatorTable] = []
    for sheet in book.worksheets:
        if sheet.title.lower() in SKIPPED_SHEETS:
            continue
        where = f"{label}, sheet {sheet.title}"
        rows = [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
        if not _matching(sheet.title) and _is_notes(rows):
            continue
        table, wrong = _table_of(sheet.title, where)
        problems += wrong
        if table is None:
            continue
        cells, wrong = _sheet_cells(rows, table, where)
        problems += wrong
        if cells is not None:
            tables, wrong = _checked(OperatorTable(operator, where, table.name, cells), [])
            found += tables
            problems += wrong
    return found, problems


def open_workbook(path: Path, label: str, *, read_only: bool = False) -> tuple[Any, list[Problem]]:
    """Open a workbook that came from outside, after a look at its size and parts.

    Returns
    -------
    Workbook or None, list of Problem
        None with a problem if it is damaged, locked or far too large.
    """
    problems = check_archive(path, label, sheets=True)
    if problems:
        return None, problems
    from openpyxl import load_workbook  # noqa: PLC0415 -- only for this kind of file

    try:
        return load_workbook(path, data_only=False, read_only=read_only, keep_links=False), []
    except DAMAGED:
        remedy = "Open it in the office program, save it again as .xlsx and send that."
        return None, [Problem(label, None, "", path.name, "a readable XLSX workbook", remedy)]


def unread_sheets(path: Path) -> list[str]:
    """Name the sheets of a workbook that hold notes and no rows of a table."""
    if path.suffix.lower() != ".xlsx":
        return []
    book, _ = open_workbook(path, path.name)
    if book is None:
        return []
    return [
        sheet.title
        for sheet in book.worksheets
        if sheet.title.lower() not in SKIPPED_SHEETS
        and not _matching(sheet.title)
        and _is_notes([[_text(cell.value) for cell in row] for row in sheet.iter_rows()])
    ]


def _is_notes(rows: list[list[str]]) -> bool:
    """Tell whether a sheet holds no row that looks like the header of a table."""
    return not any(len(ALL_COLUMNS.intersection(row)) >= HEADER_WORDS for row in rows[:TITLE_ROWS])


def _sheet_cells(
    rows: list[list[str]], table: Table, where: str
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Take the rows below the header; title rows above it are passed over."""
    names = {column.name for column in table.columns}
    scores = [len(names.intersection(row)) for row in rows[:TITLE_ROWS]]
    at = scores.index(max(scores)) if scores and max(scores) >= HEADER_WORDS else 0
    header = rows[at] if rows else []
    width = max((i for i, name in enumerate(header, 1) if name), default=0)
    repeated = sorted({name for name in header[:width] if name and header.count(name) > 1})
    if repeated:
        return None, [
            Problem(where, at + 1, name, name, "each column once", "Delete or rename one of the two.")
            for name in repeated
        ]
    filled = [i for i in range(width) if header[i]]
    loose = [(line, row) for line, row in enumerate(rows[at + 1 :], at + 2)
             if any(row[i] for i in range(width) if not header[i])]  # fmt: skip
    problems = [
        Problem(where, line, "", "a cell below an empty head", "a head above every filled column",
                "Name the column, or delete the cell.")
        for line, _ in loose
    ]  # fmt: skip
    kept = [(line, [row[i] for i in filled]) for line, row in enumerate(rows[at + 1 :], at + 2)
            if any(row[i] for i in filled)]  # fmt: skip
    frame = pd.DataFrame(
        [row for _, row in kept],
        columns=[header[i] for i in filled],
        index=[line for line, _ in kept],
        dtype=object,
    )
    frame, doubtful = with_decimal_points(table, frame, where)
    return frame, problems + [p for p in doubtful if p.value.count(".") != 1]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()  # Excel keeps a day as midnight of that day
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()


def _checked(table: OperatorTable, problems: list[Problem]) -> tuple[list[OperatorTable], list[Problem]]:
    """Refuse formulas, take off the apostrophe of neutralised text, and drop columns that only show."""
    shown = [name for name in table.cells.columns if str(name).startswith(SHOWN_PREFIX)]
    cells = table.cells.drop(columns=shown).map(lambda value: str(value).strip())
    for name in cells.columns:
        for row, value in cells[name].items():
            if safe_cell(value) != value:
                problems.append(
                    Problem(table.label, int(str(row)), str(name), "a formula", "a value",
                            "Replace the formula by its value; text may not begin with = + - or @.")
                )  # fmt: skip
                cells.loc[row, name] = ""
    cells = cells.map(_plain)
    return [OperatorTable(table.operator, table.label, table.table, cells)], problems


def _plain(text: str) -> str:
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS else text
