"""One station in one window: its levers, storage and limits, cut from the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pmiek.optimise.flexibility.limits import TOLERANCE_MW
from pmiek.optimise.flexibility.parts import Balance, Lever, Limit, Reservoir, StationBlock
from pmiek.optimise.flexibility.settings import (
    CHARGING,
    CURTAILMENT,
    DEMAND_RESPONSE,
    ELECTROLYSER,
    HEAT_PUMP,
    POWER_TO_HEAT,
)
from pmiek.optimise.flexibility.weeks import day_of_hour
from pmiek.security.screening import NetLoad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.optimise.flexibility.limits import StationLimits
    from pmiek.optimise.flexibility.parts import BlockResult
    from pmiek.optimise.flexibility.potential import Potential, Store
    from pmiek.optimise.flexibility.settings import FlexSettings

UP: Final = " up"
DOWN: Final = " down"
CHARGE: Final = " charge"
DISCHARGE: Final = " discharge"
OUTSIDE_LEVEL: Final = 0.5
"""Level of storage outside the windows, as a part of its content."""


@dataclass(frozen=True, eq=False)
class Year:
    """Everything that the windows of a year are cut from.

    Attributes
    ----------
    load : NetLoad
        Power without measures.
    potential : Potential
        What each station has to offer.
    limits : StationLimits
        What each station may take and give.
    settings : FlexSettings
        Costs.
    """

    load: NetLoad
    potential: Potential
    limits: StationLimits
    settings: FlexSettings


def station_block(
    year: Year, station: int, hours: slice, called: Bools | None, start_mwh: Mapping[tuple[int, str], float]
) -> StationBlock:
    """Cut one station out of the year.

    In an hour in which a limit of the station is exceeded every measure may only help. Measures that do not
    move energy in time (contracts, curtailment, e-boilers, electrolysers) are called on in hours with an
    exceedance only.

    Parameters
    ----------
    year : Year
        What to cut from.
    station : int
        Position of the station.
    hours : slice
        The window.
    called : ndarray of bool or None
        Hours of the window in which a high-voltage limit is exceeded on which the station has effect.
    start_mwh : mapping
        (station, storage) to the level before the window; half full when not named.
    """
    load, limits = year.load, year.limits
    net = load.demand_mw[station, hours] - load.generation_mw[station, hours]
    after_trip = net + load.switchable_mw[station, hours]
    rooms = (
        Limit(1, limits.take_off_mw[station, hours] - net),
        Limit(-1, limits.feed_in_mw[station, hours] + net),
        Limit(-1, limits.after_trip_mw[station, hours] + after_trip, tripped=True),
    )
    take_off = rooms[0].room_mw < -TOLERANCE_MW
    feed_in = (rooms[1].room_mw < -TOLERANCE_MW) | (rooms[2].room_mw < -TOLERANCE_MW)
    elsewhere = np.zeros(len(net), dtype=bool) if called is None else called
    parts = _Parts(year, station, hours, take_off, feed_in, elsewhere)
    return parts.block(rooms, start_mwh)


@dataclass(frozen=True, eq=False)
class _Parts:
    year: Year
    station: int
    hours: slice
    take_off: Bools
    feed_in: Bools
    elsewhere: Bools

    def block(self, limits: tuple[Limit, ...], start_mwh: Mapping[tuple[int, str], float]) -> StationBlock:
        potential, cost, s = self.year.potential, self.year.settings.cost_eur_per_mwh, self.station
        lowers, raises = ~self.feed_in, ~self.take_off
        response = self.take_off | (self.elsewhere & lowers)
        absorb = self.feed_in | (self.elsewhere & raises)

        def cut(values: Floats, hours: Bools) -> Floats:
            return np.where(hours, values[s, self.hours] if values.ndim > 1 else values[s], 0.0)

        levers = [
            Lever(DEMAND_RESPONSE, cut(potential.response_mw, response), cost[DEMAND_RESPONSE], -1),
            Lever(CURTAILMENT, cut(potential.curtail_mw, absorb), cost[CURTAILMENT], 1, trips=True),
            Lever(POWER_TO_HEAT, cut(potential.heat_mw, absorb), cost[POWER_TO_HEAT], 1),
            Lever(ELECTROLYSER, cut(potential.hydrogen_mw, absorb), cost[ELECTROLYSER], 1),
            Lever(CHARGING + UP, cut(potential.charging_up_mw, raises), 0.0, 1),
            Lever(CHARGING + DOWN, cut(potential.charging_mw, lowers), cost[CHARGING], -1),
            Lever(HEAT_PUMP + UP, cut(potential.heat_pump_up_mw, raises), 0.0, 1),
            Lever(HEAT_PUMP + DOWN, cut(potential.heat_pump_mw, lowers), cost[HEAT_PUMP], -1),
        ]
        day = self._day()
        reservoirs = [self._heat(day)] if levers[7].upper_mw.any() else []
        shared = []
        for store in potential.stores:
            if store.power_mw[s] <= 0:
                continue
            reservoirs.append(self._store(store, levers, start_mwh))
            if store.kind.behind_park:
                upper = potential.curtail_mw[s, self.hours]
                shared.append(((1, reservoirs[-1].fill), upper))
        return StationBlock(
            s,
            tuple(levers),
            tuple(reservoirs),
            (Balance(5, 4, day),) if levers[5].upper_mw.any() else (),
            limits,
            tuple(shared),
        )

    def _day(self) -> Ints:
        day, _ = day_of_hour(self.hours.stop)
        return np.asarray(day[self.hours] - day[self.hours.start])

    def _heat(self, day: Ints) -> Reservoir:
        level = self.year.potential.heat_pump_level_mwh[self.station, self.hours]
        last = np.diff(day, append=-1) != 0
        bound = np.where(last, 0.0, level)
        return Reservoir(HEAT_PUMP, 6, 7, 1.0, 1.0, -bound, bound)

    def _store(
        self, store: Store, levers: list[Lever], start_mwh: Mapping[tuple[int, str], float]
    ) -> Reservoir:
        """Add the two levers of a storage to the list, half of its cost each way."""
        s, name = self.station, store.kind.name
        power, energy = float(store.power_mw[s]), float(store.energy_mwh[s])
        half = self.year.settings.cost_eur_per_mwh[name] / 2.0
        park = store.kind.behind_park
        source = np.minimum(power, self.year.potential.curtail_mw[s, self.hours]) if park else power
        levers += [
            Lever(name + CHARGE, np.where(self.take_off, 0.0, source), half, 1, trips=park),
            Lever(name + DISCHARGE, np.where(self.feed_in, 0.0, power), half, -1, trips=park),
        ]
        size = len(self.take_off)
        target = OUTSIDE_LEVEL * energy
        start = min(max(start_mwh.get((s, name), target), 0.0), energy)
        return Reservoir(
            name,
            len(levers) - 2,
            len(levers) - 1,
            store.efficiency,
            1.0 / store.efficiency,
            np.zeros(size),
            np.full(size, energy),
            start,
            target,
            half,
        )


def apply(load: NetLoad, results: Mapping[int, BlockResult], parks: frozenset[str]) -> NetLoad:
    """Power after measures.

    Parameters
    ----------
    load : NetLoad
        Power without measures of the hours from the start of the window; may be shorter than the results.
    results : mapping
        Position of a station to its solution.
    parks : frozenset of str
        Names of storage behind a park.
    """
    demand, generation, switchable = (
        array.copy() for array in (load.demand_mw, load.generation_mw, load.switchable_mw)
    )
    size = demand.shape[1]
    for station, result in results.items():
        for lever, every in result.power_mw.items():
            power = every[:size]
            if lever == CURTAILMENT or (lever.endswith(CHARGE) and lever.removesuffix(CHARGE) in parks):
                generation[station] -= power
                switchable[station] -= power
            elif lever.endswith(DISCHARGE):
                generation[station] += power
                if lever.removesuffix(DISCHARGE) in parks:
                    switchable[station] += power
            elif lever.endswith(DOWN) or lever == DEMAND_RESPONSE:
                demand[station] -= power
            else:
                demand[station] += power
    return NetLoad(load.stations, demand, generation, switchable)
