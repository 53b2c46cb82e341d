"""One registry of all result tables: columns, units, meaning and key. Docs and checks are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Column:
    """A column of a result table.

    Attributes
    ----------
    name : str
    unit : str
        Empty for text, ids and counts; a column with a unit holds numbers, unless it is text.
    description : str
    allowed : tuple of str
        Values that may occur, as written to the file; empty if any may. Where ``""`` is among them, a cell may
        be empty.
    is_text : bool
        Whether a column with a unit holds text all the same: a series of numbers in one cell, or words beside
        numbers.
    """

    name: str
    unit: str
    description: str
    allowed: tuple[str, ...] = ()
    is_text: bool = False

    def fault(self, values: pd.Series) -> str | None:
        """Say what is wrong with the values of this column: first row, value and expectation; None if nothing."""
        if self.unit and not self.is_text:
            wrong = pd.to_numeric(values, errors="coerce").isna() & values.notna() & values.ne("")
            wanted = f"a number in {self.unit}"
        elif self.allowed:
            unknown = [value for value in values.dropna().unique() if str(value) not in self.allowed]
            wrong = values.isin(unknown) | (values.isna() & ("" not in self.allowed))
            wanted = "one of " + ", ".join(map(repr, self.allowed))
        else:
            return None
        if not wrong.any():
            return None
        at = int(wrong.to_numpy().argmax())
        return f"column {self.name}, row {at}: {values.iloc[at]!r} ({int(wrong.sum())} such), expected {wanted}"


@dataclass(frozen=True)
class ResultTable:
    """A result table.

    Attributes
    ----------
    name : str
        File name without ending.
    title : str
    rule : str
        Rule of the workflow that writes it: the only one, so that a table that goes missing names its step.
    key : tuple of str
        Columns that together are unique.
    columns : tuple of Column
        In file order.
    """

    name: str
    title: str
    rule: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in file order."""
        return [column.name for column in self.columns]

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with exactly the columns of the table, in order.

        Raises
        ------
        ValueError
            If a column is missing or unknown, a value is not of the column's unit or allowed values (all
            columns at once), or the key is not unique.
        """
        missing = [name for name in self.names if name not in frame.columns]
        unknown = [str(name) for name in frame.columns if name not in self.names]
        if missing or unknown:
            message = f"table {self.name}: missing {missing}, unknown {unknown}"
            raise ValueError(message)
        faults = [fault for column in self.columns if (fault := column.fault(frame[column.name])) is not None]
        if faults:
            message = f"table {self.name}: {'; '.join(faults)}"
            raise ValueError(message)
        twice = frame[frame.duplicated(list(self.key))]
        if len(twice):
            row = twice.iloc[0][list(self.key)].to_dict()
            message = f"table {self.name}: {len(twice)} rows repeat a key, first {row}"
            raise ValueError(message)
        return frame[self.names]


@cache
def result_tables() -> dict[str, ResultTable]:
    """Return all result tables by name, in the order of the registry."""
    text = Path(__file__).with_name("tables.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    common = content["common"]
    tables = {}
    for name, entry in content["tables"].items():
        # "columns" lists the order, so a column of that name is described under "columns_"
        allowed = content["allowed"] | entry.get("allowed", {})
        texts = entry.get("texts", ())
        columns = tuple(
            Column(
                column,
                *_meaning(name, column, entry, common),
                allowed=tuple(map(str, allowed.get(column, ()))),
                is_text=column in texts,
            )
            for column in entry["columns"]
        )
        tables[name] = ResultTable(name, entry["title"], entry["rule"], tuple(entry["key"]), columns)
    return tables


def tables_of(rule: str) -> list[str]:
    """Return the names of the tables that a rule of the workflow writes, in the order of the registry.

    Raises
    ------
    KeyError
        If no table is written by a rule of that name.
    """
    names = [table.name for table in result_tables().values() if table.rule == rule]
    if not names:
        message = f"no result table is written by a rule {rule}"
        raise KeyError(message)
    return names


def _meaning(
    table: str, column: str, entry: dict[str, list[str]], common: dict[str, list[str]]
) -> tuple[str, str]:
    own = entry.get(f"{column}_" if column == "columns" else column)
    found = own if own is not None else common.get(column)
    if found is None:
        message = f"table {table}: column {column} has no unit and description"
        raise ValueError(message)
    return str(found[0]), str(found[1])


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Check a frame against the registry; return its columns in order (:meth:`ResultTable.conform`)."""
    return result_tables()[name].conform(frame)


def conform_all(rule: str, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Check all tables that a rule of the workflow writes; return them with their columns in order.

    Parameters
    ----------
    rule : str
        Name of the rule.
    frames : mapping of str to DataFrame
        Its tables by name.

    Raises
    ------
    ValueError
        If they are not exactly the tables that the registry gives the rule, or one of them does not conform.
    """
    odd = sorted(set(frames) ^ set(tables_of(rule)))
    if odd:
        message = f"rule {rule} and the registry differ in the tables it writes: {', '.join(odd)}"
        raise ValueError(message)
    return {name: conform(name, frame) for name, frame in frames.items()}
