"""The linear programme of a window: the cheapest way to stay within the limits, with HiGHS directly."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
import scipy.sparse as sp

from pmiek.errors import SolveError
from pmiek.optimise.flexibility.parts import BlockResult, Lever, Limit, ProgramResult, Reservoir, StationBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmiek.arrays import AnyArray, Bools, Floats, Ints
    from pmiek.optimise.flexibility.limits import HvRows

KEUR: Final = 1e-3
NO_COLUMN: Final = -1

if TYPE_CHECKING:
    Names = Callable[[str, Ints], Ints]


@dataclass
class _Assembly:
    """Columns, rows and entries as they are collected."""

    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[AnyArray, AnyArray, AnyArray]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0
    slack: list[Ints] = field(default_factory=list)
    column_names: list[Ints] = field(default_factory=list)
    row_names: list[Ints] = field(default_factory=list)

    def add_columns(self, cost: Floats | float, lower: Floats | float, upper: Floats, name: Ints) -> Ints:
        """Add columns; return their numbers. ``name`` tells them apart in other problems."""
        size = len(upper)
        self.column_names.append(name)
        self.cost.append(_filled(cost, size))
        self.lower.append(_filled(lower, size))
        self.upper.append(upper)
        self.columns += size
        return np.arange(self.columns - size, self.columns, dtype=np.int64)

    def add_rows(self, lower: Floats | float, upper: Floats, name: Ints) -> Ints:
        """Add rows; return their numbers. ``name`` as for the columns."""
        self.row_names.append(name)
        self.row_lower.append(_filled(lower, len(upper)))
        self.row_upper.append(upper)
        self.rows += len(upper)
        return np.arange(self.rows - len(upper), self.rows, dtype=np.int64)

    def put(self, row: AnyArray, column: AnyArray, value: Floats | float) -> None:
        """Add entries; columns that do not exist are left out."""
        exists = column != NO_COLUMN
        self.entries.append((row[exists], column[exists], _filled(value, len(row))[exists]))

    def add_slack(self, row: Ints, room_mw: Floats, penalty_keur: float, name: Ints) -> None:
        """Let rows that are exceeded without measures stay exceeded, by no more than that, at a penalty."""
        exceeded = room_mw < 0
        if exceeded.any():
            columns = self.add_columns(penalty_keur, 0.0, -room_mw[exceeded], name[exceeded] + 1)
            self.put(row[exceeded], columns, -1.0)
            self.slack.append(columns)


def _filled(value: Floats | float, size: int) -> Floats:
    return value if isinstance(value, np.ndarray) else np.full(size, float(value))


@dataclass(eq=False)
class Start:
    """Where to start from: the basis of problems that were solved before, by the names of columns and rows.

    A start never changes what is cheapest, only how soon it is found.
    """

    columns: dict[int, Any] = field(default_factory=dict)
    rows: dict[int, Any] = field(default_factory=dict)

    def learn(self, assembly: _Assembly, basis: Any) -> None:
        """Remember a basis."""
        for names, status, known in (
            (assembly.column_names, basis.col_status, self.columns),
            (assembly.row_names, basis.row_status, self.rows),
        ):
            known.update(zip(np.concatenate(names).tolist(), status, strict=True))

    def basis(self, assembly: _Assembly) -> Any:
        """Give the basis of a problem as far as it is known; new columns at zero, new rows basic."""
        found = highspy.HighsBasis()
        for attribute, names, known, new in (
            ("col_status", assembly.column_names, self.columns, highspy.HighsBasisStatus.kLower),
            ("row_status", assembly.row_names, self.rows, highspy.HighsBasisStatus.kBasic),
        ):
            setattr(found, attribute, [known.get(name, new) for name in np.concatenate(names).tolist()])
        found.alien, found.valid = True, True
        return found


def names_of(what: str, at: Ints) -> Ints:
    """Name what belongs to some hours: even numbers, so that the next odd one names its slack."""
    return np.asarray((zlib.crc32(what.encode()) << 24) + 2 * at, dtype=np.int64)


def solve_window(  # noqa: PLR0917
    blocks: Sequence[StationBlock],
    hv: HvRows | None,
    first_hour: int,
    penalty_eur_per_mwh: float,
    label: str,
    start: Start | None = None,
) -> ProgramResult:
    """Find the cheapest measures of some stations in one window.

    Parameters
    ----------
    blocks : sequence of StationBlock
        Stations that are decided together; all with the same hours.
    hv : HvRows or None
        High-voltage rows that join them.
    first_hour : int
        Hour of the year in which the window begins.
    penalty_eur_per_mwh : float
        For what stays above a limit.
    label : str
        For messages.
    start : Start, optional
        Bases of earlier problems of these hours; learns the one that is found.

    Returns
    -------
    ProgramResult
        Doing nothing is always a solution: in no hour does a limit become more exceeded than it was.

    Raises
    ------
    SolveError
        When HiGHS ends with anything but optimal.
    """
    assembly, penalty = _Assembly(), penalty_eur_per_mwh * KEUR
    maps = [_add_block(assembly, block, penalty, first_hour) for block in blocks]
    if hv is not None:
        _add_hv(assembly, blocks, maps, hv, first_hour, penalty)
    values, objective = _run(assembly, label, blocks, start)
    residual = float(sum(values[columns].sum() for columns in assembly.slack))
    results = [_result(block, columns, values) for block, columns in zip(blocks, maps, strict=True)]
    return ProgramResult(results, objective, residual, assembly.rows, assembly.columns)


@dataclass(frozen=True, eq=False)
class _Map:
    levers: list[Ints]
    levels: list[Ints]


def _add_block(assembly: _Assembly, block: StationBlock, penalty: float, first_hour: int) -> _Map:
    levers = []

    def names(what: str, at: Ints) -> Ints:
        return names_of(f"{block.station} {what}", first_hour + at)

    for lever in block.levers:
        columns = np.full(len(lever.upper_mw), NO_COLUMN, dtype=np.int64)
        hours = np.flatnonzero(lever.upper_mw > 0)
        columns[hours] = assembly.add_columns(
            lever.cost_eur_per_mwh * KEUR, 0.0, lever.upper_mw[hours], names(lever.name, hours)
        )
        levers.append(columns)
    levels = [_add_reservoir(assembly, reservoir, levers, names) for reservoir in block.reservoirs]
    for balance in block.balances:
        groups = np.arange(int(balance.group.max()) + 1)
        row = assembly.add_rows(0.0, np.zeros(len(groups)), names(f"balance {balance.first}", groups))
        assembly.put(row[balance.group], levers[balance.first], 1.0)
        assembly.put(row[balance.group], levers[balance.second], -1.0)
    for members, upper in block.shared:
        row = assembly.add_rows(-np.inf, upper, names(f"shared {members}", np.arange(len(upper))))
        for member in members:
            assembly.put(row, levers[member], 1.0)
    for limit in block.limits:
        _add_limit(assembly, block.levers, levers, limit, penalty, names)
    return _Map(levers, levels)


def _add_reservoir(assembly: _Assembly, reservoir: Reservoir, levers: list[Ints], names: Names) -> Ints:
    name = names(f"level {reservoir.name}", np.arange(len(reservoir.lower_mwh)))
    level = assembly.add_columns(0.0, reservoir.lower_mwh, reservoir.upper_mwh, name)
    start = np.zeros(len(level))
    start[0] = reservoir.start_mwh
    row = assembly.add_rows(start, start, name)
    assembly.put(row, level, 1.0)
    assembly.put(row[1:], level[:-1], -1.0)
    assembly.put(row, levers[reservoir.fill], -reservoir.fill_rate)
    assembly.put(row, levers[reservoir.drain], reservoir.drain_rate)
    if reservoir.target_mwh is not None:
        name = names(f"end {reservoir.name}", np.arange(2))
        off = assembly.add_columns(reservoir.settle_eur_per_mwh * KEUR, 0.0, np.full(2, np.inf), name)
        target = np.array([reservoir.target_mwh])
        end = assembly.add_rows(target, target, name[:1])
        assembly.put(end, level[-1:], 1.0)
        assembly.put(end, off[:1], 1.0)
        assembly.put(end, off[1:], -1.0)
    return level


def _add_limit(  # noqa: PLR0917
    assembly: _Assembly,
    levers: Sequence[Lever],
    columns: list[Ints],
    limit: Limit,
    penalty: float,
    names: Names,
) -> None:
    counts = [not (limit.tripped and lever.trips) for lever in levers]
    worse = np.zeros(len(limit.room_mw))
    for lever, active in zip(levers, counts, strict=True):
        if active and lever.effect == limit.sign:
            worse += lever.upper_mw
    hours = np.flatnonzero(worse > limit.room_mw)
    name = names(f"limit {limit.sign} {limit.tripped}", hours)
    row = assembly.add_rows(-np.inf, limit.room_mw[hours], name)
    for lever, column, active in zip(levers, columns, counts, strict=True):
        if active:
            assembly.put(row, column[hours], float(limit.sign * lever.effect))
    assembly.add_slack(row, limit.room_mw[hours], penalty, name)


def _add_hv(  # noqa: PLR0917
    assembly: _Assembly,
    blocks: Sequence[StationBlock],
    maps: list[_Map],
    hv: HvRows,
    first_hour: int,
    penalty: float,
) -> None:
    tests = np.array([test * 100_000 + number for test, number, _ in hv.key], dtype=np.int64)
    name = np.asarray((tests + 1) * -(2**24) + 2 * hv.hour, dtype=np.int64)
    row = assembly.add_rows(-np.inf, hv.room_mw, name)
    hour = hv.hour - first_hour
    for block, found in zip(blocks, maps, strict=True):
        effect, tripped = hv.coefficient[:, block.station], hv.tripped[:, block.station]
        for lever, column in zip(block.levers, found.levers, strict=True):
            value = effect * lever.effect
            if lever.trips:
                value = np.where(tripped, 0.0, value)
            assembly.put(row, np.where(value != 0, column[hour], NO_COLUMN), value)
    assembly.add_slack(row, hv.room_mw, penalty, name)


def _run(
    assembly: _Assembly, label: str, blocks: Sequence[StationBlock], start: Start | None
) -> tuple[Floats, float]:
    if not assembly.columns or not assembly.rows:
        return np.zeros(assembly.columns), 0.0  # nothing to do, and doing nothing costs nothing
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "solver": "simplex",
        "presolve": "off",
        "random_seed": 0,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    highs.passModel(_programme(assembly))
    if start is not None and start.rows:
        highs.setBasis(start.basis(assembly))
    highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        words = highs.modelStatusToString(status).lower()
        message = f"The flexibility of {label} ended '{words}'."
        raise SolveError(message, diagnose(blocks, assembly.rows, assembly.columns))
    if start is not None:
        start.learn(assembly, highs.getBasis())
    return np.asarray(highs.getSolution().col_value), float(highs.getInfo().objective_function_value)


def _programme(assembly: _Assembly) -> highspy.HighsLp:
    row, column, value = (np.concatenate(part) for part in zip(*assembly.entries, strict=True))
    matrix = sp.csc_matrix((value, (row, column)), shape=(assembly.rows, assembly.columns))
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = assembly.columns, assembly.rows
    programme.col_cost_ = np.concatenate(assembly.cost)
    programme.col_lower_ = np.concatenate(assembly.lower)
    programme.col_upper_ = np.concatenate(assembly.upper)
    programme.row_lower_ = np.concatenate(assembly.row_lower)
    programme.row_upper_ = np.concatenate(assembly.row_upper)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr
    programme.a_matrix_.index_ = matrix.indices
    programme.a_matrix_.value_ = matrix.data
    return programme


def diagnose(blocks: Sequence[StationBlock], rows: int, columns: int) -> tuple[str, ...]:
    """Say in words what can be wrong: doing nothing always fits, so a failure comes from the numbers.

    Parameters
    ----------
    blocks : sequence of StationBlock
        The stations of the window.
    rows, columns : int
        Size of the problem.
    """
    lines = []
    for block in blocks:
        bad = [lever.name for lever in block.levers if not np.isfinite(lever.upper_mw).all()]
        if bad:
            lines.append(f"station {block.station}: potential is not a number for {', '.join(bad)}")
        for reservoir in block.reservoirs:
            if (reservoir.lower_mwh > reservoir.upper_mwh).any():
                lines.append(f"station {block.station}: {reservoir.name} has crossing bounds")
            elif not reservoir.lower_mwh.min() <= reservoir.start_mwh <= reservoir.upper_mwh.max():
                lines.append(f"station {block.station}: {reservoir.name} starts outside its range")
        if any(np.isnan(limit.room_mw).any() for limit in block.limits):
            lines.append(f"station {block.station}: a limit or the load is not a number")
    return (*lines, f"problem of {rows} rows and {columns} columns")


def _result(block: StationBlock, found: _Map, values: Floats) -> BlockResult:
    power: dict[str, Floats] = {}
    for lever, columns in zip(block.levers, found.levers, strict=True):
        exists: Bools = columns != NO_COLUMN
        mw = np.zeros(len(columns))
        mw[exists] = np.maximum(values[columns[exists]], 0.0)
        power[lever.name] = mw
    levels = {
        reservoir.name: values[columns]
        for reservoir, columns in zip(block.reservoirs, found.levels, strict=True)
    }
    return BlockResult(power, levels)
