"""One registry of all result tables: columns, units, meaning and key. Docs and checks are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import yaml


@dataclass(frozen=True)
class Column:
    """A column of a result table: name, unit (empty for text, ids and counts) and description."""

    name: str
    unit: str
    description: str


@dataclass(frozen=True)
class ResultTable:
    """A result table.

    Attributes
    ----------
    name : str
        File name without ending.
    title : str
    key : tuple of str
        Columns that together are unique.
    columns : tuple of Column
        In file order.
    """

    name: str
    title: str
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
            If a column is missing or unknown, or if the key is not unique.
        """
        missing = [name for name in self.names if name not in frame.columns]
        unknown = [str(name) for name in frame.columns if name not in self.names]
        if missing or unknown:
            message = f"table {self.name}: missing {missing}, unknown {unknown}"
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
        columns = tuple(Column(column, *_meaning(name, column, entry, common)) for column in entry["columns"])
        tables[name] = ResultTable(name, entry["title"], tuple(entry["key"]), columns)
    return tables


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
