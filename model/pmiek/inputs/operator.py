"""Laying the rows of grid operators over the public tables, cell by cell, before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pmiek.errors import Problem
from pmiek.ids import slug
from pmiek.inputs.confidential import OPERATOR, PUBLIC, Confidential, ConfidentialCell
from pmiek.inputs.operator_files import MODES, OperatorTable, read_confirmed, read_folder
from pmiek.inputs.reading import closest
from pmiek.inputs.schema import DISCLOSURES, Table

FIRST_LINE = 1_000_000_000
"""Line numbers from here on stand for a line of an operator's file."""

GROUPS: Mapping[str, str] = {"grid/transformers": "group_id", "grid/circuits": "corridor_id"}
"""A column that names several rows at once and may take the place of the key."""

QUALITY_OF: Mapping[str, Mapping[str, str]] = {
    "grid/transformers": {"rated_mva": "capacity_quality"},
    "grid/circuits": {"rating_summer_mva": "rating_quality", "rating_winter_mva": "rating_quality"},
    "projects/planned": {"capacity_mw": "capacity_quality"},
}
"""Per table the column that says how a figure came about; what the owner states counts as measured."""

RANGE_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "grid/circuits": {"rating_summer_mva": ("rating_low_mva", "rating_high_mva")}
}
"""Columns with the range of an assumed figure, which falls away when the owner states the figure."""

ASSET_COLUMNS = ("group_id", "corridor_id", "asset_ids")
STATED = "measured"
ROW_MODE = "row_mode"
OWNERS: Mapping[str, tuple[str, ...]] = {
    "grid/transformers": ("operator",),
    "grid/circuits": ("operator",),
    "grid/stations": ("hv_operator", "mv_operator"),
    "projects/planned": ("operator",),
}
"""Columns that name whose figures a row holds."""

HIDEABLE = ("grid/", "projects/planned", "projects/waiting_list", "demand/industry_sites", "supply/sites")
"""Tables whose confidential rows belong to an asset or station, so that results can be redacted."""
ABOUT = ("mode", "source", "quality", "disclosure", "note")


@dataclass(eq=False)
class Overrides:
    """Operators' rows, and the bookkeeping to name their lines in the error report.

    Attributes
    ----------
    tables : sequence of OperatorTable
        What was read.
    problems : list of Problem
        Problems of the files as files; :func:`pmiek.inputs.read_tables` reports them.
    confirmed : list of DataFrame
        Unlikely figures that an operator confirmed, in ``confirmed.csv`` of its own folder.
    """

    tables: Sequence[OperatorTable]
    problems: list[Problem] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    cells: list[ConfidentialCell] = field(default_factory=list)
    confirmed: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path | None) -> Overrides:
        """Read a folder with one folder per operator; None gives no overrides."""
        if folder is None:
            return cls(())
        answers, faults = read_confirmed(folder)
        tables, problems = read_folder(folder)
        return cls(tables, [*problems, *faults], confirmed=answers)

    @property
    def confidential(self) -> Confidential:
        """What the merged tables hold that may not be published."""
        return Confidential(tuple(self.cells))

    def sources(self) -> pd.DataFrame:
        """Give a row of the register of sources per operator."""
        return pd.DataFrame(
            [
                {
                    "source_id": source_of(name),
                    "publisher": name,
                    "title": f"Figures of {name} for this study",
                    "licence": "not public",
                }
                for name in sorted({table.operator for table in self.tables})
            ],
            columns=["source_id", "publisher", "title", "licence"],
        )

    def merge(self, table: Table, cells: pd.DataFrame | None) -> tuple[pd.DataFrame | None, list[Problem]]:
        """Lay the operators' rows over a table.

        Parameters
        ----------
        table : Table
            Description of the table.
        cells : DataFrame or None
            Text cells of the public table, index the line number; None if there is no file.

        Returns
        -------
        DataFrame or None
            Text cells; a row that an operator touched has a line number from ``FIRST_LINE`` on.
        list of Problem
            Unknown keys, modes and columns, and cells that two files set.
        """
        mine = [part for part in self.tables if part.table == table.name]
        if not mine:
            return cells, []
        base = cells if cells is not None else _no_rows(table)
        # a key may hold a column that a file can leave out
        lacking = [name for name in ("disclosure", *table.key) if name not in base]
        base = base.assign(**dict.fromkeys(lacking, ""))
        work = _Merge(table, base, self)
        for part in mine:
            work.lay(part)
        return work.result(), work.problems

    def relabel(self, problems: Iterable[Problem]) -> list[Problem]:
        """Name the operator's file and line in problems that were found in merged tables."""
        return [self._named(problem) for problem in problems]

    def line(self, label: str, row: int) -> int:
        """Give a line of an operator's file its number in the merged table."""
        self.lines.append((label, row))
        return FIRST_LINE + len(self.lines) - 1

    def _named(self, problem: Problem) -> Problem:
        if problem.row is None or problem.row < FIRST_LINE:
            return problem
        label, row = self.lines[problem.row - FIRST_LINE]
        return replace(problem, file=label, row=row)


def source_of(operator: str) -> str:
    """Return the id of the source that an operator's rows cite unless they name another."""
    return f"operator-{slug(operator)}"


def _no_rows(table: Table) -> pd.DataFrame:
    return pd.DataFrame(columns=[column.name for column in table.columns], dtype=object)


class _Merge:
    """The merge of one table: rows of several files over one base."""

    def __init__(self, table: Table, base: pd.DataFrame, owner: Overrides) -> None:
        self.table, self.owner = table, owner
        self.frame = base.astype(object)
        self.public = self.frame.copy()
        self.problems: list[Problem] = []
        self.added: list[pd.Series] = []
        self.set_by: dict[tuple[int, str], str] = {}
        own = {column.name for column in table.columns}
        self.mode = ROW_MODE if "mode" in own else "mode"  # a plan has a column mode of its own

    def result(self) -> pd.DataFrame:
        if not self.added:
            return self.frame
        new = pd.DataFrame(self.added).reindex(columns=self.frame.columns).fillna("")
        return pd.concat([self.frame, new.astype(object)])

    def lay(self, part: OperatorTable) -> None:
        known = {column.name for column in self.table.columns} | {self.mode}
        unknown = [str(name) for name in part.cells.columns if name not in known]
        self.problems += [
            Problem(
                part.label, 1, name, name, "a known column", f"Rename or delete it.{closest(name, known)}"
            )
            for name in unknown
        ]
        cells = part.cells.drop(columns=unknown)
        for name in cells.columns:
            if name not in {*self.frame.columns, self.mode}:
                self.frame[name], self.public[name] = "", ""
        for line, row in cells.iterrows():
            filled = {str(name): str(value) for name, value in row.items() if value != ""}
            self._lay_row(part, int(str(line)), filled)

    def _problem(
        self, part: OperatorTable, line: int, column: str, value: str, words: tuple[str, str]
    ) -> None:
        self.problems.append(Problem(part.label, line, column, value, *words))

    def _lay_row(self, part: OperatorTable, line: int, filled: dict[str, str]) -> None:
        usual = "add" if self.mode == ROW_MODE else "replace"
        mode, disclosure = filled.get(self.mode, usual), filled.get("disclosure", OPERATOR)
        if mode not in MODES:
            words = "one of " + ", ".join(MODES), f"Correct the value.{closest(mode, MODES)}"
            self._problem(part, line, self.mode, mode, words)
            return
        if disclosure not in DISCLOSURES:
            words = (
                "one of " + ", ".join(DISCLOSURES),
                f"Correct the value.{closest(disclosure, DISCLOSURES)}",
            )
            self._problem(part, line, "disclosure", disclosure, words)
            disclosure = OPERATOR
        if disclosure != PUBLIC and not self.table.name.startswith(HIDEABLE):
            remedy = "This table cannot be kept out of what is published: write public, or leave the row out."
            words = PUBLIC, remedy
            self._problem(part, line, "disclosure", disclosure, words)
            return
        filled["disclosure"] = disclosure
        if mode == "add":
            self._add(part, line, filled)
            return
        rows = self._chosen(part, line, filled)
        rows = self._owned(part, line, rows)
        if not len(rows):
            return
        if mode == "remove":
            self._remove(part, rows, disclosure)
        else:
            self._replace(part, line, rows, filled)

    def _chosen(self, part: OperatorTable, line: int, filled: dict[str, str]) -> pd.Index:
        """Give the rows that the key, or the group in its place, selects."""
        needed = [name for name in self.table.key if self.table.column(name).filled]
        group = GROUPS.get(self.table.name, "")
        selectors = [name for name in dict.fromkeys([*self.table.key, group]) if name in filled]
        if group not in filled and not set(needed) <= set(filled):
            missing = [name for name in needed if name not in filled]
            words = "the key " + ", ".join(needed) + (f", or {group}" if group else ""), "Fill in the key."
            self._problem(part, line, ", ".join(missing), "", words)
            return self.frame.index[:0]
        hit = np.logical_and.reduce([self.frame[name].to_numpy() == filled[name] for name in selectors])
        if hit.any():
            return self.frame.index[hit]
        keys = self.frame[selectors].agg(" / ".join, axis=1) if len(self.frame) else pd.Series(dtype=str)
        value = " / ".join(filled[name] for name in selectors)
        remedy = f"Correct the key, or set mode to add for a new row.{closest(value, keys.unique())}"
        words = f"a row of inputs/{self.table.name}.csv", remedy
        self._problem(part, line, ", ".join(selectors), value, words)
        return self.frame.index[:0]

    def _owned(self, part: OperatorTable, line: int, rows: pd.Index) -> pd.Index:
        """Refuse rows that name another operator; a row without one may be set by whoever knows it."""
        columns = [name for name in OWNERS.get(self.table.name, ()) if name in self.frame.columns]
        if not columns:
            return rows
        own = []
        for label in rows:
            cells = [str(self.public.loc[label, name]) for name in columns if label in self.public.index]
            names = [name.strip() for cell in cells for name in cell.split(";") if name.strip()]
            if not names or slug(part.operator) in {slug(name) for name in names}:
                own.append(label)
                continue
            key = " / ".join(self._key(self._row(label)))
            owners = {
                slug(str(n)) for c in columns for cell in self.public[c] for n in str(cell).split(";")
            } - {""}
            remedy = (
                f"Leave the row to its owner, or correct the operator's name.{closest(part.operator, owners)}"
            )
            self._problem(part, line, ", ".join(self.table.key), key,
                          (f"a row of {part.operator}; this one is of {', '.join(names)}", remedy))  # fmt: skip
        kept: pd.Index = rows[[label in own for label in rows]]
        return kept

    def _row(self, label: int) -> pd.Series:
        row = self.frame.loc[label]
        assert isinstance(row, pd.Series)
        return row

    def _key(self, row: pd.Series) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in self.table.key)

    def _mark(self, part: OperatorTable, row: pd.Series, column: str, value: str, *, known: bool) -> None:
        key = self._key(row)
        self.owner.cells.append(
            ConfidentialCell(self.table.name, key, column, part.operator, value, _named(row), known=known)
        )

    def _replace(self, part: OperatorTable, line: int, rows: pd.Index, filled: dict[str, str]) -> None:
        group = GROUPS.get(self.table.name, "")
        keys = {*self.table.key, group, self.mode}
        changed = [name for name in filled if name not in keys and name not in ABOUT]
        for label in list(rows):
            old = self._row(label)
            if self._twice(part, line, label, changed):
                continue
            new = {**self._stated(part, changed), **{n: v for n, v in filled.items() if n not in keys}}
            for name, value in new.items():
                if name in self.frame.columns:
                    self.frame.loc[label, name] = value
            if filled["disclosure"] != PUBLIC:
                for name in changed:
                    self._mark(part, old, name, filled[name], known=_same(str(old[name]), filled[name]))
            self._renumber(label, self.owner.line(part.label, line), part.label, changed)

    def _twice(self, part: OperatorTable, line: int, label: int, changed: list[str]) -> bool:
        before = {name: self.set_by[label, name] for name in changed if (label, name) in self.set_by}
        for name, other in before.items():
            words = "a cell that one row sets", f"{other} sets it too; delete one of the two."
            self._problem(part, line, name, " / ".join(self._key(self._row(label))), words)
        return bool(before)

    def _renumber(self, label: int, number: int, file: str, changed: list[str]) -> None:
        """Give a touched row the number of the operator's line, and remember who set which cell."""
        _, row = self.owner.lines[number - FIRST_LINE]
        earlier = {name: by for (line, name), by in self.set_by.items() if line == label}
        names = {**earlier, **dict.fromkeys(changed, f"{file}, row {row},")}
        self.set_by |= {(number, name): by for name, by in names.items()}
        self.frame = self.frame.rename(index={label: number})

    def _stated(self, part: OperatorTable, changed: list[str]) -> dict[str, str]:
        """Set quality, range and source as they follow from the owner stating a figure."""
        out = {"source": source_of(part.operator)}
        quality = QUALITY_OF.get(self.table.name, {})
        ranges = RANGE_OF.get(self.table.name, {})
        for name in changed:
            if name in quality:
                out |= {quality[name]: STATED, "quality": STATED}
            out |= dict.fromkeys(ranges.get(name, ()), "")
        return out

    def _remove(self, part: OperatorTable, rows: pd.Index, disclosure: str) -> None:
        for label in rows:
            if disclosure != PUBLIC:
                self._mark(part, self._row(label), "*", "", known=False)
        self.frame = self.frame.drop(index=rows)

    def _add(self, part: OperatorTable, line: int, filled: dict[str, str]) -> None:
        row = pd.Series({**self._stated(part, []), "quality": STATED, **filled}).drop(
            self.mode, errors="ignore"
        )
        for name in self.table.key:
            row.loc[name] = filled.get(name, "")
        pool = [
            *self.frame[list(self.table.key)].itertuples(index=False, name=None),
            *map(self._key, self.added),
        ]
        if self._key(row) in pool:
            words = "a key that does not exist yet", "Set mode to replace to change the row."
            self._problem(part, line, ", ".join(self.table.key), " / ".join(self._key(row)), words)
            return
        row.name = self.owner.line(part.label, line)
        self.added.append(row)
        if filled["disclosure"] != PUBLIC:
            self._mark(part, row, "*", "", known=False)
            for name, value in filled.items():
                if name not in self.table.key and name not in ABOUT:
                    self._mark(part, row, name, value, known=False)


def _named(row: pd.Series) -> tuple[str, ...]:
    """Return the assets that a row names."""
    cells = [str(row[name]) for name in ASSET_COLUMNS if name in row.index and not pd.isna(row[name])]
    return tuple(part.strip() for cell in cells for part in cell.split(";") if part.strip())


def _same(first: str, second: str) -> bool:
    try:
        return float(first) == float(second)
    except ValueError:
        return first == second
