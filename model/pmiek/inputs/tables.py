"""Reading all input tables at once, checked, with one report of everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.inputs.boundaries import check_boundaries
from pmiek.inputs.cells import convert, empty_frame
from pmiek.inputs.checks import check_references, check_table
from pmiek.inputs.confidential import NOTHING, Confidential
from pmiek.inputs.operator import Overrides
from pmiek.inputs.plan_years import PLANNED, STATEMENTS, with_service_years
from pmiek.inputs.plausible.places import region_box
from pmiek.inputs.plausible.run import check_plausible
from pmiek.inputs.reading import closest, read_cells
from pmiek.inputs.registry import TABLES
from pmiek.inputs.rules import check_rules
from pmiek.inputs.weather import check_weather
from pmiek.inputs.weather_checks import Sun

KNOWN_FILES = frozenset(
    {"datapackage.json", "edition.zip", "regions/boundaries.geojson", "weighing/framework.yaml"}
)


@dataclass(frozen=True, eq=False)
class Tables(Mapping[str, pd.DataFrame]):
    """Checked input tables by name, for example ``tables["grid/stations"]``.

    Empty cells are NaN (text too); optional columns are always there; an optional file that is absent
    is a table without rows. Copy a table before you change it.

    Attributes
    ----------
    root : Path
        The inputs folder.
    frames : mapping of str to DataFrame
        The tables, each with a plain index from 0.
    confidential : Confidential
        Table, key and column of every figure that an operator keeps to itself; empty without overrides.
    """

    root: Path
    frames: Mapping[str, pd.DataFrame]
    confidential: Confidential = NOTHING

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; an unknown name says which was probably meant."""
        try:
            return self.frames[name]
        except KeyError:
            message = f"no table {name!r} was read.{closest(name, self.frames)}"
            raise KeyError(message) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.frames)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self.frames)

    def assumption(self, assumption_id: str) -> float:
        """Return the value of an assumption.

        Parameters
        ----------
        assumption_id : str
            For example ``power_factor_take_off``.

        Raises
        ------
        InputError
            If the table of assumptions has no such row.
        """
        return self.assumption_range(assumption_id)[0]

    def assumption_range(self, assumption_id: str) -> tuple[float, float, float]:
        """Return value, low and high of an assumption; where no range is given, the value itself."""
        table = self["assumptions"]
        rows = table[table["assumption_id"] == assumption_id]
        if rows.empty:
            remedy = "Add the row." + closest(assumption_id, table["assumption_id"])
            raise InputError(
                [
                    Problem(
                        "inputs/assumptions.csv",
                        None,
                        "assumption_id",
                        "",
                        f"a row {assumption_id!r}",
                        remedy,
                    )
                ]
            )
        row = rows.iloc[0]
        value = float(row["value"])
        low, high = (value if pd.isna(row[end]) else float(row[end]) for end in ("low", "high"))
        return value, low, high


def read_tables(
    inputs_dir: Path,
    names: Sequence[str] | None = None,
    *,
    overrides: Path | Overrides | None = None,
) -> Tables:
    """Read and check the input tables.

    Parameters
    ----------
    inputs_dir : Path
        The inputs folder.
    names : sequence of str, optional
        Tables to read; all if not given. Rules that need a table which is not read are skipped.
    overrides : Path or Overrides, optional
        Folder with the files of grid operators, or what was read from it; their rows are laid over the
        public tables before anything is checked. Without it the tables hold public figures only.

    Returns
    -------
    Tables
        Typed and checked tables.

    Raises
    ------
    InputError
        With all problems of all files.
    """
    extra = overrides if isinstance(overrides, Overrides) else Overrides.read(overrides)
    frames, problems = _load(Path(inputs_dir), names, extra)
    if problems:
        raise InputError(problems)
    plain = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    return Tables(Path(inputs_dir), MappingProxyType(plain), extra.confidential)


def check_inputs(inputs_dir: Path, *, overrides: Path | Overrides | None = None) -> list[Problem]:
    """Return everything that is wrong with an inputs folder and the operators' files, by file and row."""
    return read_and_check(inputs_dir, overrides=overrides)[1]


def read_and_check(
    inputs_dir: Path, *, overrides: Path | Overrides | None = None
) -> tuple[Tables, list[Problem]]:
    """Read the input tables once, with everything that is wrong with them, by file and row.

    Returns
    -------
    tuple of Tables and list of Problem
        The tables are only fit for use when there is no problem.
    """
    root = Path(inputs_dir)
    if not root.is_dir():
        lost = Problem("inputs", None, "", str(root.name), "a folder with input tables", "Check the path.")
        return Tables(root, MappingProxyType({})), [lost]
    extra = overrides if isinstance(overrides, Overrides) else Overrides.read(overrides)
    frames, problems = _load(root, None, extra)
    problems += _unknown_files(root, frames.get("weather/years"))
    box = region_box(root)
    sun = Sun.at((box[1] + box[3]) / 2, (box[0] + box[2]) / 2) if box else None
    problems += check_weather(root, frames.get("weather/years"), sun)
    problems += check_boundaries(root, frames.get("regions/municipalities"))
    # A figure that breaks a rule is not asked about as well: questions need sound tables.
    asked = check_plausible(root, frames, extra.confirmed)
    told = {(problem.file, problem.row, problem.column) for problem in problems}
    problems += [p for p in extra.relabel(asked) if (p.file, p.row, p.column) not in told]
    plain = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    tables = Tables(root, MappingProxyType(plain), extra.confidential)
    return tables, sorted(problems, key=lambda p: (p.file, p.row or 0, p.column))


def _load(
    root: Path, names: Sequence[str] | None, overrides: Overrides
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read tables with the line number as index, and collect every problem."""
    unknown = [name for name in names or () if name not in TABLES]
    if unknown:
        raise InputError(
            [
                Problem(
                    f"inputs/{n}.csv", None, "", n, "a known table", f"Correct the name.{closest(n, TABLES)}"
                )
                for n in unknown
            ]
        )
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = list(overrides.problems)
    for name in _with_companions(names or tuple(TABLES)):
        frame, found = _load_one(root, name, overrides)
        problems += found
        if frame is not None:
            frames[name] = frame
    problems += check_references(frames)
    problems += with_service_years(frames)
    problems += check_rules(frames)
    return frames, overrides.relabel(problems)


def _with_companions(names: Sequence[str]) -> list[str]:
    """Add the tables without which another would say something else: a plan is dated by its statements."""
    return [*names, *([STATEMENTS] if PLANNED in names and STATEMENTS not in names else [])]


def _load_one(root: Path, name: str, overrides: Overrides) -> tuple[pd.DataFrame | None, list[Problem]]:
    table = TABLES[name]
    cells, problems = read_cells(root, table)
    if cells is not None or not problems:
        cells, found = overrides.merge(table, cells)
        problems += found
    if cells is None:
        return (None if problems else empty_frame(table)), problems
    if cells.empty and table.needs_rows and not problems:
        problems.append(Problem(table.file, None, "", "only a header", "at least one row", "Add the rows."))
    frame, found = convert(table, cells)
    problems += found
    if name == "sources" and overrides.tables:
        new = overrides.sources()
        frame = pd.concat([frame, new.set_axis(range(-len(new), 0))])
    reported = {(p.row, p.column) for p in found if p.row is not None and p.row > 1}
    return frame, problems + check_table(table, frame, reported)


def _unknown_files(root: Path, years: pd.DataFrame | None) -> list[Problem]:
    """Report files that nothing reads: most often a misspelt name, or a download in the wrong place."""
    found = {path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.csv")}
    missing = [name for name in TABLES if name not in found]
    problems = [
        Problem(
            f"inputs/{name}.csv",
            None,
            "",
            "",
            "a file that the model knows",
            f"Nothing reads this file; rename or remove it.{closest(name, missing)}",
        )
        for name in sorted(found - set(TABLES))
    ]
    listed: set[str] = set()
    if years is not None and {"station", "weather_year"} <= set(years.columns):
        rows = years[["station", "weather_year"]].dropna()
        listed = {f"weather/{s}/{int(y)}.parquet" for s, y in rows.itertuples(index=False)}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        hidden = any(part.startswith((".", "~")) for part in path.relative_to(root).parts)
        if not path.is_file() or hidden or path.suffix == ".csv" or name in KNOWN_FILES | listed:
            continue
        if path.suffix == ".md" or name.startswith("templates/"):
            continue
        remedy = "Nothing reads this file; convert, list or remove it."
        if name.startswith("weather/"):
            remedy = (
                "Read a downloaded hourly file with pmiek weather import; list a year in weather/years.csv."
            )
        problems.append(Problem(f"inputs/{name}", None, "", "", "a file that the model knows", remedy))
    return problems
