"""Limits as the screening sets them: per station in every hour, and per high-voltage element and fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmiek.security.screening import NetLoad
from pmiek.security.screening.flows import at_high_voltage
from pmiek.security.screening.settings import DIRECTIONS, TAKE_OFF, Settings, factors, summer_hours
from pmiek.security.screening.stations import station_tests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening import Screened
    from pmiek.security.screening.flows import Element

#: Stations with less effect on an element (MW per MW) are not called on for it.
LEVER: Final = 0.05
TOLERANCE_MW: Final = 1e-6
#: Hours this close to the limit (fraction of it) get a row as well.
NEAR: Final = 0.2


@dataclass(frozen=True, eq=False)
class StationLimits:
    """What a station may take and give, MW (stations × hours); infinite without a transformer.

    Attributes
    ----------
    take_off_mw, feed_in_mw, after_trip_mw : ndarray
        Net take-off, net feed-in, and net feed-in once switchable generation is off.
    """

    take_off_mw: Floats
    feed_in_mw: Floats
    after_trip_mw: Floats

    def excess(self, load: NetLoad) -> tuple[Floats, Floats, Floats]:
        """Power above each limit (take-off, feed-in, feed-in after a fault), MW."""
        net = load.net_mw
        return (
            np.maximum(net - self.take_off_mw, 0.0),
            np.maximum(-net - self.feed_in_mw, 0.0),
            np.maximum(-(net + load.switchable_mw) - self.after_trip_mw, 0.0),
        )


def station_limits(ready: Screened, load: NetLoad) -> StationLimits:
    """Give the tightest limit of every station in every hour.

    Parameters
    ----------
    ready : Screened
        Grid and settings of the screening.
    load : NetLoad
        Power without measures: stations that share a published limit divide it by what each carries.
    """
    names = ("take-off", "total", "after_trip")
    limit = {name: np.full(load.net_mw.shape, np.inf) for name in names}
    at = {station: row for row, station in enumerate(ready.stations)}
    for test in station_tests(ready.groups, load, ready.settings, ready.voltage_kv):
        if test.station_id not in at:
            continue
        row = limit["take-off" if test.direction == TAKE_OFF else test.test][at[test.station_id]]
        np.minimum(row, test.limit_mw / test.share, out=row)
    return StationLimits(limit["take-off"], limit["total"], limit["after_trip"])


@dataclass(frozen=True, eq=False)
class HvTest:
    """All element and fault combinations of one direction and test, as rows.

    Attributes
    ----------
    sign : float
        1 for take-off, -1 for feed-in.
    after_trip : bool
        Whether switchable generation is off.
    lever : ndarray
        Flow per MW of net load (rows × stations).
    limit_mw : ndarray
        Rows × (summer, winter).
    orientation : ndarray
        Direction of transformers; 0 for circuits, whose direction follows the magnitudes.
    element, state : ndarray
        Position of the element; 0 is the intact grid, 1 + fault.
    """

    sign: float
    after_trip: bool
    lever: Floats
    limit_mw: Floats
    orientation: Ints
    element: Ints
    state: Ints


@dataclass(frozen=True, eq=False)
class HvRows:
    """Element, fault and hour combinations that exceed; one row each.

    Attributes
    ----------
    key : list of tuple
        (test, row of the test, hour): identity.
    hour : ndarray
        Hour of the year.
    coefficient : ndarray
        Change of the power against the limit per MW of net load (rows × stations).
    tripped : ndarray
        True where switchable generation of the station is off, so that switching it off changes nothing.
    room_mw : ndarray
        Limit less power without any measure; negative when exceeded.
    """

    key: list[tuple[int, int, int]]
    hour: Ints
    coefficient: Floats
    tripped: Bools
    room_mw: Floats

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.key)

    def only(self, wanted: Bools) -> HvRows:
        """Keep some rows."""
        keys = [key for key, keep in zip(self.key, wanted, strict=True) if keep]
        return HvRows(
            keys, self.hour[wanted], self.coefficient[wanted], self.tripped[wanted], self.room_mw[wanted]
        )


def join(parts: list[HvRows]) -> HvRows:
    """Put rows under each other; at least one part."""
    return HvRows(
        [key for part in parts for key in part.key],
        np.concatenate([part.hour for part in parts]),
        np.concatenate([part.coefficient for part in parts]),
        np.concatenate([part.tripped for part in parts]),
        np.concatenate([part.room_mw for part in parts]),
    )


class HvLimits:
    """Limits of circuits and coupling transformers that are the province's own.

    Parameters
    ----------
    ready : Screened
        Grid prepared for screening; without a flow model there are no tests.
    hours : int
        Number of hours from 1 January.
    """

    def __init__(self, ready: Screened, hours: int) -> None:
        self.settings = ready.settings
        self.season = _season(ready.settings, hours)
        information = set(ready.places.loc[ready.places["is_information"].astype(bool), "asset_id"])
        self.elements = [e for e in ready.monitored if e.asset_id not in information]
        self._ready = ready
        self.tests = list(self._make_tests())

    def effect(self) -> dict[str, Floats]:
        """Give the highest effect of each station on each asset, over all faults; the small ones are zero."""
        found: dict[str, Floats] = {}
        for test in self.tests:
            for number, element in enumerate(self.elements):
                top = np.abs(test.lever[test.element == number]).max(axis=0, initial=0.0)
                known = found.get(element.asset_id, np.zeros_like(top))
                found[element.asset_id] = np.maximum(known, np.where(top >= LEVER, top, 0.0))
        return found

    def exceeded(
        self, load: NetLoad, first_hour: int, known: set[tuple[int, int, int]], base: NetLoad
    ) -> HvRows | None:
        """Find the worst new row per element, direction, test and hour.

        Of an element that exceeds in some hour, the hours near its limit come along: that is where moved load
        would go.

        Parameters
        ----------
        load : NetLoad
            Power after measures, of the hours to look at.
        first_hour : int
            Hour of the year of its first column.
        known : set of key
            Rows that are in the problem already; where one of them is the worst, nothing is added.
        base : NetLoad
            Power without measures in the whole year: rows are written against it.

        Returns
        -------
        HvRows or None
            None when nothing new exceeds.
        """
        parts = [
            part
            for number in range(len(self.tests))
            if (part := self._exceeded(number, load, first_hour, known, base)) is not None
        ]
        return join(parts) if parts else None

    def _exceeded(
        self, number: int, load: NetLoad, first_hour: int, known: set[tuple[int, int, int]], base: NetLoad
    ) -> HvRows | None:
        test = self.tests[number]
        turns, power = _power(test, _seen(test, load, self.settings))
        over = power - test.limit_mw[:, self.season[first_hour : first_hour + power.shape[1]]]
        if not (over > TOLERANCE_MW).any():
            return None
        keys = []
        for element in np.unique(test.element[(over > TOLERANCE_MW).any(axis=1)]):
            rows = np.flatnonzero(test.element == element)
            worst = rows[over[rows].argmax(axis=0)]
            margin = over[worst, np.arange(over.shape[1])]
            found = {
                (number, int(r), first_hour + h): m
                for h, (r, m) in enumerate(zip(worst, margin, strict=True))
            }
            fresh = {key: m for key, m in found.items() if key not in known}
            if max(fresh.values(), default=0.0) > TOLERANCE_MW:
                keys += [key for key, m in fresh.items() if m > -NEAR * test.limit_mw[key[1]].min()]
        if not keys:
            return None
        turn = np.array([turns[key[1], key[2] - first_hour] for key in keys])
        return self._rows(test, keys, turn, base)

    def _rows(self, test: HvTest, keys: list[tuple[int, int, int]], turn: Floats, base: NetLoad) -> HvRows:
        row = np.array([key[1] for key in keys], dtype=np.int64)
        hour = np.array([key[2] for key in keys], dtype=np.int64)
        base = NetLoad(
            base.stations, base.demand_mw[:, hour], base.generation_mw[:, hour], base.switchable_mw[:, hour]
        )
        net = base.net_mw
        seen = at_high_voltage(base.after_trip_mw if test.after_trip else net, self.settings)
        gain = np.where(net > 0, self.settings.station_simultaneity, 1.0)
        tripped = np.zeros(net.shape, dtype=bool)
        if test.after_trip:
            tripped = net < 0
            gain = np.where(tripped & (net + base.switchable_mw > 0), 0.0, gain)
        signed = test.sign * turn[:, None] * test.lever[row]
        power = (signed * seen.T).sum(axis=1)
        return HvRows(keys, hour, signed * gain.T, tripped.T, test.limit_mw[row, self.season[hour]] - power)

    def _make_tests(self) -> Iterator[HvTest]:
        """Stack the elements' states per direction and test."""
        stacked: dict[tuple[str, str], list[tuple[Floats, Floats, int, int, int]]] = {}
        for number, element in enumerate(self.elements):
            for direction in DIRECTIONS:
                kind = (element.asset_class, element.voltage_kv, direction)
                for contingency, test, factor in factors(self.settings, *kind):
                    scale = factor * self.settings.power_factor(direction)
                    rows = stacked.setdefault((direction, test), [])
                    rows += list(self._states(number, element, scale, contingency != "N-0"))
        for (direction, test), rows in sorted(stacked.items()):
            yield HvTest(
                1.0 if direction == TAKE_OFF else -1.0,
                test == "after_trip",
                np.array([row[0] for row in rows]),
                np.array([row[1] for row in rows]),
                np.array([row[2] for row in rows], dtype=np.int64),
                np.array([row[3] for row in rows], dtype=np.int64),
                np.array([row[4] for row in rows], dtype=np.int64),
            )

    def _states(
        self, number: int, element: Element, scale: Floats, faults: bool
    ) -> Iterator[tuple[Floats, Floats, int, int, int]]:
        flow = self._ready.flow
        assert flow is not None
        intact = np.asarray(flow.ptdf[element.members].sum(axis=0))
        yield intact, element.rating_mva * scale, element.orientation, number, 0
        single = element.single
        if not faults or not len(single):
            return
        after = np.vstack([intact + single.shift[:, None] * flow.ptdf[single.branch], single.rest])
        for lever, rating, fault in zip(after, single.rating_mva, single.number, strict=True):
            yield lever, rating * scale, element.orientation, number, 1 + int(fault)


def _seen(test: HvTest, load: NetLoad, settings: Settings) -> Floats:
    return at_high_voltage(load.after_trip_mw if test.after_trip else load.net_mw, settings)


def _power(test: HvTest, seen: Floats) -> tuple[Floats, Floats]:
    """Direction in which flow counts, and power in that direction (rows × hours)."""
    turn = np.where(test.lever @ np.abs(seen) >= 0, 1.0, -1.0)
    turn = np.where((test.orientation == 0)[:, None], turn, test.orientation[:, None].astype(float))
    result: Floats = test.sign * (test.lever @ seen) * turn
    return turn, result


def _season(settings: Settings, hours: int) -> Ints:
    return np.where(summer_hours(settings.summer_months, hours), 0, 1)
