"""What the measures do at one station over all hours: a rule per day, for the check of a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmiek.optimise.solve.case import HOURS_PER_DAY, Array, PathwayCase
from pmiek.optimise.solve.measures import Shift


@dataclass
class Station:
    """One station while the measures work on it.

    Attributes
    ----------
    net, fixed, switchable : array (hour)
        Net load, net load without switchable generation as feed-in, and that generation.
    limit : list of array (hour)
        What the three tests allow.
    shift, tripped : array (hour)
        What was added to the net load so far, and the part behind a park, which is off after a fault.
    """

    net: Array
    fixed: Array
    switchable: Array
    limit: list[Array]
    shift: Array
    tripped: Array

    @property
    def take_off(self) -> Array:
        """Take-off above the limit."""
        return np.maximum(0.0, self.net + self.shift - self.limit[0])

    @property
    def feed_in(self) -> Array:
        """Feed-in above the limit with all units in."""
        return np.maximum(0.0, -self.net - self.shift - self.limit[1])

    @property
    def after_trip(self) -> Array:
        """Feed-in above the limit after a fault."""
        return np.maximum(0.0, self.fixed - (self.shift - self.tripped) - self.limit[2])

    @property
    def over(self) -> list[Array]:
        """The three tests."""
        return [self.take_off, self.feed_in, self.after_trip]

    @property
    def room_up(self) -> Array:
        """Take-off that still fits."""
        return np.maximum(0.0, self.limit[0] - self.net - self.shift)

    @property
    def room_down(self) -> Array:
        """Feed-in that still fits."""
        total = self.limit[1] + self.net + self.shift
        return np.maximum(0.0, np.minimum(total, self.limit[2] - self.fixed + self.shift - self.tripped))


def relieve(case: PathwayCase, p: int, s: int, keep: float, station: Station) -> dict[str, Array]:
    """Use the measures on one station, cheapest first; change its shift and return MWh per hour used.

    Shifting moves load of a day to other hours with room, storage serves the exceedance of a day and ends it
    as it began, sinks take up feed-in, contracts take off what is then still too much. A rule and not an
    optimum, so what remains is an upper bound.
    """
    measures, used = case.measures, {}
    for shift in sorted(measures.shifts, key=lambda one: one.price_keur_per_mwh):
        moved = _moved(shift, p, s, keep, station)
        station.shift = station.shift + moved
        used[shift.name] = np.maximum(0.0, -moved)
    for store in measures.stores:
        battery = [keep * float(part[p, s]) for part in (store.power_mw, store.energy_mwh)]
        flow = shave_days(station, battery, store.efficiency)
        if store.behind_park:
            flow = np.where(flow > 0, np.minimum(flow, station.switchable), flow)
            station.tripped = station.tripped + flow
        station.shift = station.shift + flow
        used[store.name] = np.maximum(0.0, -flow)
    for sink in sorted(measures.sinks, key=lambda one: one.price_keur_per_mwh):
        taken = np.minimum(keep * sink.power_mw[p, s], np.maximum(station.feed_in, station.after_trip))
        station.shift = station.shift + taken
        used[sink.name] = taken
    if measures.contract is not None:
        less = np.minimum(keep * measures.contract.power_mw[p, s], station.take_off)
        station.shift = station.shift - less
        used[measures.contract.name] = less
    return used


def _moved(shift: Shift, p: int, s: int, keep: float, station: Station) -> Array:
    """Return what comes in less what goes out, zero over each day."""

    def days(values: Array) -> Array:
        return values.reshape(-1, HOURS_PER_DAY)

    out, into = days(keep * shift.out_mw[p, s].astype(float)), days(keep * shift.in_mw[p, s].astype(float))
    most = keep * shift.day_mwh[p, s].astype(float)
    take, feed = days(station.take_off), days(np.maximum(station.feed_in, station.after_trip))
    short = np.asarray(take.any(1))
    by_take = short[:, None]
    leave = np.where(
        by_take, np.minimum(take, out), np.where(feed > 0, 0.0, np.minimum(out, days(station.room_down)))
    )
    enter = np.where(
        by_take, np.where(take > 0, 0.0, np.minimum(into, days(station.room_up))), np.minimum(feed, into)
    )
    active = short | np.asarray(feed.any(1))
    total = np.where(active, np.minimum(np.minimum(leave.sum(1), enter.sum(1)), most), 0.0)

    def scaled(part: Array) -> Array:
        size = part.sum(1)
        return part * (total / np.where(size > 0, size, 1.0))[:, None]

    return np.asarray((scaled(enter) - scaled(leave)).reshape(-1))


def shave_days(station: Station, battery: list[float], efficiency: float) -> Array:
    """Return charge minus discharge (hour) of a battery that serves the day's exceedance.

    On days with too much take-off it starts as full as the day allows and recharges whenever there is room;
    on other days it starts empty, takes the feed-in above the limit and gives it back when there is room. The
    level at the end of each day equals that at its start.
    """
    power, size = battery
    shift = np.zeros_like(station.net)
    if power <= 0 or size <= 0:
        return shift
    take = station.take_off.reshape(-1, HOURS_PER_DAY)
    feed = np.maximum(station.feed_in, station.after_trip).reshape(-1, HOURS_PER_DAY)
    room_up = station.room_up.reshape(-1, HOURS_PER_DAY)
    room_down = np.maximum(0.0, station.limit[1] + station.net + station.shift).reshape(-1, HOURS_PER_DAY)
    by_take = take.any(1)
    by_feed = feed.any(1) & ~by_take
    out = shift.reshape(-1, HOURS_PER_DAY)
    out[by_take] = -_cycle(
        take[by_take], room_up[by_take], power, size, (1 / efficiency, efficiency), start=size
    )
    out[by_feed] = _cycle(
        feed[by_feed], room_down[by_feed], power, size, (efficiency, 1 / efficiency), start=size
    )
    return out.reshape(-1)


def _cycle(
    excess: Array, room: Array, power: float, size: float, rate: tuple[float, float], *, start: float
) -> Array:
    """Spend the store on the excess, refill it in the room; the store is energy left to spend.

    For take-off the store is the level, for feed-in it is the empty part: the arithmetic is the same with
    other efficiencies (`rate`: store used per MW of excess served, store gained per MW of refill).
    """
    store = np.full(len(excess), start)
    flow = np.zeros_like(excess)
    for turn in range(4):
        begin = store.copy()
        for h in range(excess.shape[1]):
            served = np.minimum(np.minimum(excess[:, h], power), store / rate[0])
            refill = np.where(
                excess[:, h] > 0, 0.0, np.minimum(np.minimum(room[:, h], power), (size - store) / rate[1])
            )
            store = store - served * rate[0] + refill * rate[1]
            flow[:, h] = served - refill
        if turn and np.allclose(begin, store):
            break
    return flow
