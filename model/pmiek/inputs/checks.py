"""Rules of one table, enforced by pandera; all failures are collected before anything is reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.reading import closest
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import Column, Table

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


@cache
def pandera_schema(name: str) -> DataFrameSchema:
    """Return the pandera schema of a table, made from its description.

    Parameters
    ----------
    name : str
        Name in the registry, for example ``grid/stations``.
    """
    import pandera.pandas as pa  # noqa: PLC0415 - slow to import, and only needed where tables are read

    columns = {}
    for column in TABLES[name].columns:
        checks = []
        if column.allowed:
            checks.append(pa.Check.isin(column.allowed))
        if column.minimum is not None:
            checks.append(pa.Check.ge(column.minimum))
        if column.maximum is not None:
            checks.append(pa.Check.le(column.maximum))
        if column.pattern and not column.refers_to:
            checks.append(pa.Check.str_matches(f"^(?:{column.pattern})$"))
        columns[column.name] = pa.Column(None, checks, nullable=not column.filled, required=True)
    return pa.DataFrameSchema(columns, strict=True)


def check_table(table: Table, frame: pd.DataFrame, reported: set[tuple[int, str]]) -> list[Problem]:
    """Check ranges, allowed values, patterns, empty cells and keys of one typed table.

    Parameters
    ----------
    table : Table
        Description of the table.
    frame : DataFrame
        Typed columns, index the line number.
    reported : set of (int, str)
        Cells (line, column) that already have a problem and are not reported twice.
    """
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    problems: list[Problem] = []
    try:
        pandera_schema(table.name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        cells = cases[(cases["schema_context"] == "Column") & cases["index"].notna()]
        for name, row, case in zip(cells["column"], cells["index"], cells["failure_case"], strict=True):
            if (int(row), name) not in reported:
                reported.add((int(row), name))
                problems.append(_cell_problem(table, table.column(name), int(row), case))
    return problems + _dates(table, frame, reported) + _duplicates(table, frame)


def _dates(table: Table, frame: pd.DataFrame, reported: set[tuple[int, str]]) -> list[Problem]:
    """Check that days which look right are in the calendar: no 30 February."""
    problems = []
    for column in (c for c in table.columns if c.pattern.startswith(r"\d{4}-") and c.name in frame):
        for row, text in frame[column.name].dropna().items():
            if (int(str(row)), column.name) in reported or len(str(text)) != len("2026-01-31"):
                continue
            try:
                right = FIRST_DAY <= dt.date.fromisoformat(str(text)) <= LAST_DAY
            except ValueError:
                right = False
            if not right:
                expected = f"a day that exists, from {FIRST_DAY.year} to {LAST_DAY.year}"
                problems.append(
                    Problem(table.file, int(str(row)), column.name, str(text), expected, "Correct the day.")
                )
    return problems


def _cell_problem(table: Table, column: Column, row: int, case: Any) -> Problem:
    if pd.isna(case):
        remedy = "Fill in the cell; if the figure is not known, state an assumption with quality 'assumed'."
        return Problem(table.file, row, column.name, "an empty cell", column.expected, remedy)
    value = f"{case:g}" if isinstance(case, float) else str(case)
    remedy = f"Correct the value.{closest(value, column.allowed)}"
    if isinstance(case, (int, float)) and case < 0:
        remedy = "Tables hold positive figures; the direction has its own column."
    return Problem(table.file, row, column.name, value, column.expected, remedy)


def _duplicates(table: Table, frame: pd.DataFrame) -> list[Problem]:
    if not table.key or not set(table.key) <= set(frame.columns):
        return []
    key = list(table.key)
    repeated = frame.duplicated(key, keep="first")
    if not repeated.any():
        return []
    lines = frame.index.to_series()
    first = lines.groupby([frame[name] for name in key], dropna=False).transform("first")
    cells = frame.loc[repeated, key].astype(object).where(frame.loc[repeated, key].notna(), "")
    return [
        Problem(
            table.file,
            int(row),
            ", ".join(key),
            " / ".join(map(str, values)),
            "a combination that occurs once",
            f"Row {int(other)} has the same values; delete or correct one of the two rows.",
        )
        for row, other, values in zip(
            lines[repeated], first[repeated], cells.itertuples(index=False), strict=True
        )
    ]


def check_references(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Check that every value that refers to another table exists there.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number; references to tables that are not here are skipped.
    """
    problems: list[Problem] = []
    for name, frame in frames.items():
        for column in TABLES[name].columns:
            if column.refers_to and column.name in frame.columns:
                target, _, field = column.refers_to.rpartition(".")
                if target in frames and field in frames[target].columns:
                    problems += _dangling(TABLES[name], column, frame[column.name], frames[target][field])
    return problems


def _dangling(table: Table, column: Column, values: pd.Series, known: pd.Series) -> list[Problem]:
    right = {*known.dropna().unique(), *column.also}
    parts = {value: (value.split(";") if column.many else [value]) for value in values.dropna().unique()}
    wrong = {
        value: [p for p in pieces if p.strip() not in right]
        if column.many
        else [p for p in pieces if p not in right]
        for value, pieces in parts.items()
    }
    wrong = {value: pieces for value, pieces in wrong.items() if pieces}
    if not wrong:
        return []
    remedy = {
        value: f"Correct it, or add it to inputs/{column.refers_to.rpartition('.')[0]}.csv."
        + closest(pieces[0], right)
        for value, pieces in wrong.items()
    }
    hit = values.isin(list(wrong))
    return [
        Problem(table.file, int(row), column.name, value, column.expected, remedy[value])
        for row, value in zip(values.index[hit], values[hit], strict=True)
    ]
