"""Flows of the high-voltage grid: every outage in every hour, in blocks that bound the memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.screening.settings import DIRECTIONS, FEED_IN, TAKE_OFF, Settings, factors, summer_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.arrays import Bools, Floats, Ints
    from model.screening.hourly import Builder
    from model.screening.net_load import NetLoad
    from model.screening.outages import FlowModel

NEGLIGIBLE = 1e-7


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
        if not alive.any() or (shift is not None and np.abs(shift).max() < NEGLIGIBLE):
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

    Direction: a coupling transformer takes off when power goes to the lower voltage. A circuit takes off in
    an hour when stations with net take-off contribute more to its flow than stations with net feed-in.

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
    net = at_high_voltage(load.net_mw, settings)
    cases = [Case("total", net, model.ptdf @ net)]
    if (settings.limits["test"] == "after_trip").any():
        tripped = at_high_voltage(load.after_trip_mw, settings)
        cases.append(Case("after_trip", tripped, model.ptdf @ tripped))
    taken, fed = model.ptdf @ np.maximum(net, 0.0), model.ptdf @ np.minimum(net, 0.0)
    season = np.where(summer_hours(settings.summer_months, net.shape[1]), 0, 1)
    numbers = np.array([builder.outage(fault.outage_id) for fault in model.faults], dtype=np.int64)
    for element in monitored:
        towards = np.abs(taken[element.members].sum(axis=0)) >= np.abs(fed[element.members].sum(axis=0))
        for case in cases:
            _judge(builder, model, element, case, towards, season, numbers, settings)


@dataclass(frozen=True, eq=False)
class Case:
    """One test: net load at high voltage (stations × hours) and its flows (branches × hours), MW."""

    test: str
    net_mw: Floats
    flow_mw: Floats


def at_high_voltage(net_mw: Floats, settings: Settings) -> Floats:
    """Net load as the high-voltage grid sees it: take-off times the simultaneity between stations."""
    return np.where(net_mw > 0, net_mw * settings.station_simultaneity, net_mw)


def _judge(
    builder: Builder,
    model: FlowModel,
    element: Element,
    case: Case,
    towards: Bools,
    season: Ints,
    numbers: Ints,
    settings: Settings,
) -> None:
    wanted = [
        (direction, contingency, factor)
        for direction in DIRECTIONS
        for contingency, test, factor in factors(
            settings, element.asset_class, element.voltage_kv, direction
        )
        if test == case.test
    ]
    intact = _intact(element, case, season)
    faulted = (intact, intact)
    if any(contingency == "N-1" for _, contingency, _ in wanted):
        faulted = _worst(model, element, case, season, numbers)
    for direction, contingency, factor in wanted:
        high, low = faulted if contingency == "N-1" else (intact, intact)
        value, rating, out = _directed(element, high, low, direction, towards)
        limit = rating * factor[season] * settings.power_factor(direction)
        builder.add((element.asset_id, direction, contingency), value, limit, out)


def _intact(element: Element, case: Case, season: Ints) -> _Series:
    flow = case.flow_mw[element.members].sum(axis=0)
    return flow, element.rating_mva[season], np.zeros(len(flow), dtype=np.int64)


def _worst(
    model: FlowModel, element: Element, case: Case, season: Ints, numbers: Ints
) -> tuple[_Series, _Series]:
    """Highest and lowest flow over its rating, over all outages and none, with rating and outage."""
    flow, rating, out = _intact(element, case, season)
    high = (flow.copy(), rating.copy(), out.copy())
    low = (flow.copy(), rating.copy(), out.copy())
    for number in (0, 1) if len(element.faults) else ():
        at = np.flatnonzero(season == number)
        ratings = element.fault_rating_mva[:, number]
        after = _after(model, element, case, at)
        ratio = after / ratings[:, None]
        start, column = flow[at] / element.rating_mva[number], np.arange(len(at))
        for store, choice, sign in ((high, ratio.argmax(axis=0), 1.0), (low, ratio.argmin(axis=0), -1.0)):
            worse = sign * ratio[choice, column] > sign * start
            where, chosen = at[worse], choice[worse]
            store[0][where] = after[chosen, column[worse]]
            store[1][where] = ratings[chosen]
            store[2][where] = numbers[element.faults[chosen]]
    return high, low


def _after(model: FlowModel, element: Element, case: Case, hours: Ints) -> Floats:
    """Flow of an element under each of its faults (faults × hours)."""
    base = case.flow_mw[element.members].sum(axis=0)[hours]
    after = np.empty((len(element.faults), len(hours)))
    for row, (number, shift) in enumerate(zip(element.faults, element.shift, strict=True)):
        fault = model.faults[number]
        if shift is not None:
            after[row] = base + shift @ case.flow_mw[list(fault.branches)][:, hours]
        else:
            assert fault.after is not None
            after[row] = fault.after[element.members].sum(axis=0) @ case.net_mw[:, hours]
    return after


def _directed(
    element: Element, high: _Series, low: _Series, direction: str, towards: Bools
) -> _Series:
    if element.orientation:
        downward, upward = (high, low) if element.orientation > 0 else (low, high)
        value, rating, out = downward if direction == TAKE_OFF else upward
        sign = element.orientation if direction == TAKE_OFF else -element.orientation
        return np.maximum(sign * value, 0.0), rating, out
    positive = high[0] * low[1] >= -low[0] * high[1]
    value = np.where(positive, high[0], -low[0])
    rating = np.where(positive, high[1], low[1])
    out = np.where(positive, high[2], low[2])
    active = ~towards if direction == FEED_IN else towards
    return np.where(active, np.maximum(value, 0.0), 0.0), rating, out
