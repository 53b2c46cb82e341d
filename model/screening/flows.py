"""Flows of the high-voltage grid: every outage in every hour, in blocks that bound the memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.screening.settings import DIRECTIONS, TAKE_OFF, Settings, factors, summer_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.arrays import Bools, Floats, Ints
    from model.screening.hourly import Builder
    from model.screening.net_load import NetLoad
    from model.screening.outages import FlowModel

NEGLIGIBLE = 1e-5


@dataclass(frozen=True, eq=False)
class Element:
    """What is monitored as one: a circuit, or transformers in parallel between the same buses.

    Attributes
    ----------
    asset_id, asset_class : str
        Asset to which it belongs.
    voltage_kv : float
        Highest voltage.
    orientation : int
        Sign that makes a flow towards lower voltage positive; 0 for a circuit.
    members : ndarray
        Branch positions whose flows are added.
    rating_mva : ndarray
        With nothing out: summer, winter.
    faults : ndarray
        Positions of the faults that change its flow.
    shift : list of ndarray or None
        Per fault: flow added per MW on the failed branches; None if the grid falls apart.
    fault_rating_mva : ndarray
        Rating under each fault (faults × 2 seasons).
    """

    asset_id: str
    asset_class: str
    voltage_kv: float
    orientation: int
    members: Ints
    rating_mva: Floats
    faults: Ints
    shift: list[Floats | None]
    fault_rating_mva: Floats


def elements(model: FlowModel) -> list[Element]:
    """List what is monitored, equal parallel circuits once.

    A corridor is judged by its worst circuit. Parallel transformers are judged together: their usable
    capacity is the flow at which the first unit is full, so unequal units count for what they can really
    carry, with all in service and with each one out.
    """
    return list(_elements(model))


def _elements(model: FlowModel) -> Iterator[Element]:
    table = model.branches.reset_index(drop=True)
    table["position"] = np.arange(len(table))
    circuits = table[~table["is_transformer"]]
    key = ["asset_id", "bus0", "bus1", "weight", "rating_summer_mva", "rating_winter_mva"]
    for row in circuits.drop_duplicates(key, keep="first").itertuples():
        yield _element(model, table, np.array([row.position], dtype=np.int64))
    coupling = table[table["asset_class"] == "coupling_transformer"]
    for _, group in coupling.groupby(["asset_id", "bus0", "bus1"], sort=True):
        yield _element(model, table, group["position"].to_numpy(dtype=np.int64))


def _element(model: FlowModel, table: pd.DataFrame, members: Ints) -> Element:
    rows = table.iloc[members]
    ratings = rows[["rating_summer_mva", "rating_winter_mva"]].to_numpy(dtype=float)
    weight = rows["weight"].to_numpy(dtype=float)
    full = np.ones(len(members), dtype=bool)
    chosen: list[int] = []
    shifts: list[Floats | None] = []
    limits: list[Floats] = []
    for number, fault in enumerate(model.faults):
        alive = ~np.isin(members, fault.branches)
        shift = None if fault.shift is None else fault.shift[members].sum(axis=0)
        untouched = alive.all() and shift is not None and np.abs(shift).max() < NEGLIGIBLE
        if untouched or not alive.any():
            continue
        chosen.append(number)
        shifts.append(shift)
        limits.append(_usable(ratings, weight, alive))
    first = rows.iloc[0]
    return Element(
        str(first["asset_id"]),
        str(first["asset_class"]),
        float(first["voltage_kv"]),
        int(first["orientation"]),
        members,
        _usable(ratings, weight, full),
        np.array(chosen, dtype=np.int64),
        shifts,
        np.array(limits).reshape(-1, 2),
    )


def _usable(ratings: Floats, weight: Floats, alive: Bools) -> Floats:
    """Flow through parallel branches at which the first of them is full, per season."""
    part = weight[alive] / weight[alive].sum()
    result: Floats = (ratings[alive] / part[:, None]).min(axis=0)
    return result


_Series = tuple["Floats", "Floats", "Ints"]


def add_flows(
    builder: Builder, model: FlowModel, monitored: list[Element], load: NetLoad, settings: Settings
) -> None:
    """Test circuits and coupling transformers in every hour, with all in service and with every outage.

    Direction: a coupling transformer takes off when power goes to the lower voltage. A circuit has no such
    side: its flow is take-off when it goes the way it would go if every station took off what it exchanges
    in that hour (in magnitude), under the same outage; else it is feed-in. So feed-in of one large station
    that travels to a neighbour's load counts as feed-in where it dominates.

    Parameters
    ----------
    builder : Builder
        Receives the series.
    model : FlowModel
        Grid and outages.
    monitored : list of Element
        From :func:`elements`.
    load : NetLoad
        Hourly power; rows in the order of ``model.stations``.
    settings : Settings
        Limits, seasons, simultaneity between stations.
    """
    cases = [_case("total", load.net_mw, model, settings)]
    if (settings.limits["test"] == "after_trip").any():
        cases.append(_case("after_trip", load.after_trip_mw, model, settings))
    season = np.where(summer_hours(settings.summer_months, load.net_mw.shape[1]), 0, 1)
    numbers = np.array([builder.outage(fault.outage_id) for fault in model.faults], dtype=np.int64)
    for element in monitored:
        for case in cases:
            _judge(builder, model, element, case, season=season, numbers=numbers, settings=settings)


@dataclass(frozen=True, eq=False)
class Case:
    """One test: power per station and the flows that it gives, in MW.

    Attributes
    ----------
    test : str
        ``total`` or ``after_trip``.
    net_mw, flow_mw : ndarray
        Net load (stations × hours) and flow (branches × hours).
    size_mw, size_flow_mw : ndarray
        The same for the magnitudes, which give the direction of circuits.
    """

    test: str
    net_mw: Floats
    flow_mw: Floats
    size_mw: Floats
    size_flow_mw: Floats


def _case(test: str, net_mw: Floats, model: FlowModel, settings: Settings) -> Case:
    net = at_high_voltage(net_mw, settings)
    size = np.abs(net)
    return Case(test, net, model.ptdf @ net, size, model.ptdf @ size)


def at_high_voltage(net_mw: Floats, settings: Settings) -> Floats:
    """Net load as the high-voltage grid sees it: take-off times the simultaneity between stations."""
    return np.where(net_mw > 0, net_mw * settings.station_simultaneity, net_mw)


def _judge(
    builder: Builder,
    model: FlowModel,
    element: Element,
    case: Case,
    *,
    season: Ints,
    numbers: Ints,
    settings: Settings,
) -> None:
    wanted = [
        (direction, contingency, factor)
        for direction in DIRECTIONS
        for contingency, test, factor in factors(settings, element.asset_class, element.voltage_kv, direction)
        if test == case.test
    ]
    intact = _intact(element, case, season)
    faulted = (intact, intact)
    if any(contingency == "N-1" for _, contingency, _ in wanted):
        faulted = _worst(model, element, case, season, numbers)
    for direction, contingency, factor in wanted:
        high, low = faulted if contingency == "N-1" else (intact, intact)
        value, rating, out = high if direction == TAKE_OFF else low
        sign = 1.0 if direction == TAKE_OFF else -1.0
        limit = rating * factor[season] * settings.power_factor(direction)
        builder.add((element.asset_id, direction, contingency), np.maximum(sign * value, 0.0), limit, out)


def _towards(element: Element, size_flow: Floats) -> Floats | float:
    """Sign of a flow from bus0 to bus1 that counts as take-off."""
    return float(element.orientation) if element.orientation else np.where(size_flow >= 0, 1.0, -1.0)


def _intact(element: Element, case: Case, season: Ints) -> _Series:
    flow = case.flow_mw[element.members].sum(axis=0)
    flow = flow * _towards(element, case.size_flow_mw[element.members].sum(axis=0))
    return flow, element.rating_mva[season], np.zeros(len(flow), dtype=np.int64)


def _worst(
    model: FlowModel, element: Element, case: Case, season: Ints, numbers: Ints
) -> tuple[_Series, _Series]:
    """Highest take-off and feed-in over the rating, over all outages and none, with rating and outage."""
    flow, rating, out = _intact(element, case, season)
    high = (flow.copy(), rating.copy(), out.copy())
    low = (flow.copy(), rating.copy(), out.copy())
    for number in (0, 1) if len(element.faults) else ():
        at = np.flatnonzero(season == number)
        ratings = element.fault_rating_mva[:, number]
        after = _after(model, element, case.flow_mw, case.net_mw, at)
        if not element.orientation:
            after *= _towards(element, _after(model, element, case.size_flow_mw, case.size_mw, at))
        else:
            after *= element.orientation
        ratio = after / ratings[:, None]
        start, column = flow[at] / element.rating_mva[number], np.arange(len(at))
        for store, choice, sign in ((high, ratio.argmax(axis=0), 1.0), (low, ratio.argmin(axis=0), -1.0)):
            worse = sign * ratio[choice, column] > sign * start
            where, chosen = at[worse], choice[worse]
            store[0][where] = after[chosen, column[worse]]
            store[1][where] = ratings[chosen]
            store[2][where] = numbers[element.faults[chosen]]
    return high, low


def _after(model: FlowModel, element: Element, flow_mw: Floats, net_mw: Floats, hours: Ints) -> Floats:
    """Flow of an element under each of its faults (faults × hours)."""
    base = flow_mw[element.members].sum(axis=0)[hours]
    after = np.empty((len(element.faults), len(hours)))
    for row, (number, shift) in enumerate(zip(element.faults, element.shift, strict=True)):
        fault = model.faults[number]
        if shift is not None:
            after[row] = base
            for factor, branch in zip(shift, fault.branches, strict=True):
                after[row] += factor * flow_mw[branch, hours]
        else:
            assert fault.after is not None
            after[row] = fault.after[element.members].sum(axis=0) @ net_mw[:, hours]
    return after
