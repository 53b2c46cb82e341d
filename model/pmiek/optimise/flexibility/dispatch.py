"""The year in rolling windows: stations apart, together only where a high-voltage limit joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from pmiek.optimise.flexibility.limits import LEVER, TOLERANCE_MW, HvRows, join
from pmiek.optimise.flexibility.program import Start, solve_window
from pmiek.optimise.flexibility.settings import (
    CHARGING,
    CURTAILMENT,
    DEMAND_RESPONSE,
    ELECTROLYSER,
    HEAT_PUMP,
    POWER_TO_HEAT,
)
from pmiek.optimise.flexibility.station import (
    CHARGE,
    DISCHARGE,
    DOWN,
    OUTSIDE_LEVEL,
    Year,
    apply,
    station_block,
)
from pmiek.optimise.flexibility.weeks import JOINT_LOOK_AHEAD_HOURS, LOOK_AHEAD_HOURS, per_week, week_starts
from pmiek.security.screening import NetLoad

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats
    from pmiek.optimise.flexibility.limits import HvLimits
    from pmiek.optimise.flexibility.parts import BlockResult

MAX_ROUNDS: Final = 6


@dataclass(eq=False)
class Dispatch:
    """What is done in the year.

    Attributes
    ----------
    load : NetLoad
        Power after measures (stations × hours).
    starts : tuple of int
        Boundaries of the windows.
    energy_mw : dict
        Measure to MW (stations × hours): reduced, curtailed, taken up, moved away from the hour, or half of
        what passes in and out of storage.
    settled_mwh : dict
        Storage to the MWh by which it was brought back to its usual level after a run of windows, halved
        (stations × weeks).
    solves, station_weeks, joint_solves, largest_rows : int
        Linear programmes; station-weeks in them; those with high-voltage rows; rows of the largest.
    """

    load: NetLoad
    starts: tuple[int, ...]
    energy_mw: dict[str, Floats] = field(default_factory=dict)
    settled_mwh: dict[str, Floats] = field(default_factory=dict)
    solves: int = 0
    station_weeks: int = 0
    joint_solves: int = 0
    largest_rows: int = 0

    def energy_mwh_of(self) -> dict[str, float]:
        """Energy per measure in the year, settling included."""
        return {name: float(mwh.sum()) for name, mwh in self.week_energy_mwh().items()}

    def week_energy_mwh(self) -> dict[str, Floats]:
        """Energy per measure (stations × weeks), settling included."""
        first = list(self.starts[:-1])
        weekly = {name: np.add.reduceat(mw, first, axis=1) for name, mw in self.energy_mw.items()}
        return {name: mwh + self.settled_mwh.get(name, 0.0) for name, mwh in weekly.items()}


def dispatch_year(
    year: Year, hv: HvLimits | None, *, starts: tuple[int, ...] | None = None, label: str = ""
) -> Dispatch:
    """Find the cheapest measures in every window with an exceedance.

    Parameters
    ----------
    year : Year
        Load, potential, limits and costs.
    hv : HvLimits or None
        Limits of the high-voltage grid; None looks at stations only.
    starts : tuple of int, optional
        Boundaries of the windows, both ends included; weeks when left out.
    label : str
        For messages.

    Returns
    -------
    Dispatch
        Stations and weeks without an exceedance are left as they are, without a solve.

    Raises
    ------
    SolveError
        When a window does not end optimal.
    """
    hours = year.load.net_mw.shape[1]
    return _Run(year, hv, starts or week_starts(hours), label).run()


class _Run:
    def __init__(self, year: Year, hv: HvLimits | None, starts: tuple[int, ...], label: str) -> None:
        self.year, self.hv, self.starts, self.label = year, hv, starts, label
        self.parks = frozenset(s.kind.name for s in year.potential.stores if s.kind.behind_park)
        load = year.load
        copy = NetLoad(
            load.stations, load.demand_mw.copy(), load.generation_mw.copy(), load.switchable_mw.copy()
        )
        self.done = Dispatch(copy, starts)
        self.energy_mwh = {store.kind.name: store.energy_mwh for store in year.potential.stores}
        self.level: dict[tuple[int, str], float] = {}
        above = np.logical_or.reduce([part > TOLERANCE_MW for part in year.limits.excess(load)])
        self.own = per_week(above, starts)
        self.joined = self._joined()
        self.active = self.own | self.joined
        self.start = Start()

    def run(self) -> Dispatch:
        """Solve week after week; storage levels go along."""
        for week in range(len(self.starts) - 1):
            results: dict[int, BlockResult] = {}
            self.start = Start()
            for station in np.flatnonzero(self.own[:, week]).tolist():
                results |= self._solve([station], None, week)
            if self.hv is not None:
                self._relieve(results, week)
            self._commit(results, week)
        return self.done

    def _joined(self) -> Bools:
        """Stations and weeks with effect on a high-voltage limit that is exceeded without measures."""
        found: Bools = np.zeros_like(self.own)
        if self.hv is None:
            return found
        for week in range(len(self.starts) - 1):
            span = slice(self.starts[week], self.starts[week + 1])
            rows = self.hv.exceeded(_cut(self.year.load, span), span.start, set(), self.year.load)
            if rows is not None:
                found[:, week] = (np.abs(rows.coefficient[rows.room_mw < 0]) >= LEVER).any(axis=0)
        return found

    def _horizon(self, stations: list[int], week: int, ahead: int) -> slice:
        """Give the week, and some days more when one of the stations goes on in the next."""
        end = self.starts[week + 1]
        last = self.starts[-1]
        goes_on = week + 2 < len(self.starts) and self.active[stations, week + 1].any()
        return slice(self.starts[week], min(end + ahead, last) if goes_on else end)

    def _solve(self, stations: list[int], rows: HvRows | None, week: int) -> dict[int, BlockResult]:
        ahead = LOOK_AHEAD_HOURS if rows is None else JOINT_LOOK_AHEAD_HOURS
        hours = self._horizon(stations, week, ahead)
        blocks = []
        for station in stations:
            called = None
            if rows is not None:
                called = np.zeros(hours.stop - hours.start, dtype=bool)
                here = (np.abs(rows.coefficient[:, station]) >= LEVER) & (rows.room_mw < 0)
                called[rows.hour[here] - hours.start] = True
            blocks.append(station_block(self.year, station, hours, called, self.level))
        names = ", ".join(self.year.load.stations[s] for s in stations)
        label = f"{self.label} {names} in the week from hour {hours.start}".strip()
        penalty = self.year.settings.penalty_eur_per_mwh
        again = rows is not None or bool(self.joined[stations, week].any())
        found = solve_window(blocks, rows, hours.start, penalty, label, self.start if again else None)
        self.done.solves += 1
        self.done.joint_solves += rows is not None
        self.done.station_weeks += len(stations)
        self.done.largest_rows = max(self.done.largest_rows, found.rows)
        return dict(zip(stations, found.blocks, strict=True))

    def _relieve(self, results: dict[int, BlockResult], week: int) -> None:
        """Add high-voltage rows that are exceeded, and solve the stations that they join together."""
        assert self.hv is not None
        span = slice(self.starts[week], self.starts[week + 1])
        base = _cut(self.year.load, span)
        known: HvRows | None = None
        for _ in range(MAX_ROUNDS):
            keys = set() if known is None else set(known.key)
            new = self.hv.exceeded(apply(base, results, self.parks), span.start, keys, self.year.load)
            if new is None:
                return
            known = new if known is None else join([known, new])
            for stations in _groups(known):
                part = known.only((np.abs(known.coefficient[:, stations]) >= LEVER).any(axis=1).astype(bool))
                if not set(part.key).isdisjoint(new.key):
                    results.update(self._solve(stations, part, week))

    def _commit(self, results: Mapping[int, BlockResult], week: int) -> None:
        start, end = self.starts[week], self.starts[week + 1]
        if results:
            after = apply(_cut(self.year.load, slice(start, end)), results, self.parks)
            for name in ("demand_mw", "generation_mw", "switchable_mw"):
                getattr(self.done.load, name)[:, start:end] = getattr(after, name)
        for station, result in results.items():
            for lever, measure, weight in _counted(result):
                energy = self.done.energy_mw.setdefault(measure, np.zeros_like(self.done.load.demand_mw))
                energy[station, start:end] += weight * result.power_mw[lever][: end - start]
            for name in self.energy_mwh.keys() & result.level_mwh.keys():
                self.level[station, name] = float(result.level_mwh[name][end - start - 1])
        self._settle(week)

    def _settle(self, week: int) -> None:
        """Bring storage back to its usual level where the next week has nothing to solve."""
        last = week + 2 == len(self.starts)
        for station, name in list(self.level):
            if last or not self.active[station, week + 1]:
                usual = OUTSIDE_LEVEL * float(self.energy_mwh[name][station])
                off = abs(self.level.pop((station, name)) - usual)
                shape = (len(self.year.load.stations), len(self.starts) - 1)
                self.done.settled_mwh.setdefault(name, np.zeros(shape))[station, week] += off / 2.0


def _counted(result: BlockResult) -> list[tuple[str, str, float]]:
    """Levers that count, the measure they belong to, and with what weight."""
    found = [(name, name, 1.0) for name in (DEMAND_RESPONSE, CURTAILMENT, POWER_TO_HEAT, ELECTROLYSER)]
    found += [(name + DOWN, name, 1.0) for name in (CHARGING, HEAT_PUMP)]
    for lever in result.power_mw:
        for ending in (CHARGE, DISCHARGE):
            if lever.endswith(ending):
                found.append((lever, lever.removesuffix(ending), 0.5))
    return found


def _groups(rows: HvRows) -> list[list[int]]:
    """Stations that rows join, directly or through others."""
    groups: list[set[int]] = []
    for effect in {tuple(np.flatnonzero(row).tolist()) for row in np.abs(rows.coefficient) >= LEVER}:
        joined = set(effect)
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined] if joined else apart
    return sorted(sorted(group) for group in groups)


def _cut(load: NetLoad, hours: slice) -> NetLoad:
    return NetLoad(
        load.stations, load.demand_mw[:, hours], load.generation_mw[:, hours], load.switchable_mw[:, hours]
    )
