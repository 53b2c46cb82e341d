"""Flows of the high-voltage grid: every outage in every hour, in blocks that bound the memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.screening.faults import FaultSet, Power, Series, fault_set, season_blocks, usable, worst
from model.screening.settings import (
    DIRECTIONS,
    SINGLE,
    TAKE_OFF,
    TOWER,
    Settings,
    factors,
    summer_hours,
    tower_factors,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from model.arrays import Floats, Ints
    from model.screening.hourly import Builder
    from model.screening.net_load import NetLoad
    from model.screening.outages import Fault, FlowModel


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
    single, tower : FaultSet
        Faults of one element, and of all circuits on the same towers, that change its flow.
    single_faults : tuple of Fault
        All single faults of the flow model.
    """

    asset_id: str
    asset_class: str
    voltage_kv: float
    orientation: int
    members: Ints
    rating_mva: Floats
    single: FaultSet
    tower: FaultSet
    single_faults: tuple[Fault, ...]

    @property
    def faults(self) -> Ints:
        """Positions of the single faults that change its flow."""
        return self.single.number

    @property
    def fault_rating_mva(self) -> Floats:
        """Rating under each of its single faults (faults × summer, winter)."""
        return self.single.rating_mva

    @cached_property
    def shift(self) -> list[Floats | None]:
        """Per single fault: flow added per MW on the failed branches; None if the grid falls apart."""
        every = (self.single_faults[number].shift for number in self.faults)
        return [None if shift is None else shift[self.members].sum(axis=0) for shift in every]


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
    first = rows.iloc[0]
    return Element(
        str(first["asset_id"]),
        str(first["asset_class"]),
        float(first["voltage_kv"]),
        int(first["orientation"]),
        members,
        usable(ratings, weight, np.ones(len(members), dtype=bool)),
        fault_set(model.faults, members, model.ptdf, ratings, weight),
        fault_set(model.tower_faults, members, model.ptdf, ratings, weight),
        model.faults,
    )


def add_flows(
    builder: Builder,
    model: FlowModel,
    monitored: list[Element],
    load: NetLoad,
    settings: Settings,
    *,
    towers: bool = True,
    peaks_only: bool = False,
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
    towers : bool
        Also test the loss of all circuits on the same towers, where there are limits for it.
    peaks_only : bool
        Leave out faults that, by the highest flows, can neither give the peak nor exceed a limit. Peak,
        hours and energy above the limit stay exact; the hours below are then a lower bound.
    """
    cases = [_case("total", load.net_mw, model, settings)]
    if (settings.limits["test"] == "after_trip").any():
        cases.append(_case("after_trip", load.after_trip_mw, model, settings))
    names = {
        SINGLE: np.array([0, *(builder.outage(f.outage_id) for f in model.faults)], dtype=np.int64),
        TOWER: np.array([0, *(builder.outage(f.outage_id) for f in model.tower_faults)], dtype=np.int64),
    }
    study = Study(builder, names, settings, peaks_only)
    for element in monitored:
        wanted = list(_tests(element, settings, towers))
        for case in cases:
            _judge(study, element, case, [test for test in wanted if test[2] == case.test])


@dataclass(frozen=True, eq=False)
class Study:
    """What all elements share: where series go, names of the outages, settings."""

    builder: Builder
    names: dict[str, Ints]
    settings: Settings
    peaks_only: bool


@dataclass(frozen=True, eq=False)
class Case(Power):
    """One test (``total`` or ``after_trip``) with its power, and the highest flow and load in any hour."""

    test: str
    season: Ints
    peak_flow_mw: Floats
    peak_net_mw: Floats


_Test = tuple[str, str, str, "Floats"]


def _tests(element: Element, settings: Settings, towers: bool) -> Iterator[_Test]:
    """Direction, contingency, test and limit factor (summer, winter) of an element."""
    for direction in DIRECTIONS:
        kind = (element.asset_class, element.voltage_kv, direction)
        for contingency, test, factor in factors(settings, *kind):
            yield direction, contingency, test, factor
        if towers and len(element.tower):
            for contingency, test, factor in tower_factors(settings, *kind):
                yield direction, contingency, test, factor


def _case(test: str, net_mw: Floats, model: FlowModel, settings: Settings) -> Case:
    net = at_high_voltage(net_mw, settings)
    size = np.abs(net)
    flow = model.ptdf @ net
    season = np.where(summer_hours(settings.summer_months, net.shape[1]), 0, 1)
    return Case(
        net_mw=net,
        flow_mw=flow,
        size_mw=size,
        size_flow_mw=model.ptdf @ size,
        blocks=season_blocks(season),
        test=test,
        season=season,
        peak_flow_mw=np.abs(flow).max(axis=1, initial=0.0),
        peak_net_mw=size.max(axis=1, initial=0.0),
    )


def at_high_voltage(net_mw: Floats, settings: Settings) -> Floats:
    """Net load as the high-voltage grid sees it: take-off times the simultaneity between stations."""
    return np.where(net_mw > 0, net_mw * settings.station_simultaneity, net_mw)


def _judge(study: Study, element: Element, case: Case, tests: list[_Test]) -> None:
    if not tests:
        return
    intact = _intact(element, case)
    for direction, contingency, _, factor in tests:
        sign = 1.0 if direction == TAKE_OFF else -1.0
        start = (sign * intact[0], intact[1], intact[2])
        if contingency == "N-0":
            value, rating, out = start
        else:
            kind = TOWER if contingency == TOWER else SINGLE
            faults = element.tower if kind == TOWER else element.single
            if study.peaks_only:
                faults = _binding(faults, element, case, start, factor, study.settings.power_factor(direction))
            value, rating, chosen = worst(
                faults, element.members, element.orientation, start, case, sign=sign
            )
            out = study.names[kind][np.concatenate([[0], faults.number + 1])[chosen]]
        limit = rating * factor[case.season] * study.settings.power_factor(direction)
        key = (element.asset_id, direction, contingency)
        study.builder.add(key, np.maximum(value, 0.0), limit, out)


def _binding(
    faults: FaultSet, element: Element, case: Case, start: Series, factor: Floats, power_factor: float
) -> FaultSet:
    """Faults that can give the peak or exceed the limit.

    The peak is that of the loading with the seasonal factor, so the bound is taken over the lowest factor.
    """
    if not len(faults):
        return faults
    lowest = float(factor.min()) * power_factor
    known = float((start[0] / (start[1] * factor[case.season] * power_factor)).max(initial=0.0))
    base = case.flow_mw[element.members].sum(axis=0)
    bound = faults.bound(base, case.peak_flow_mw, case.peak_net_mw) / lowest
    return faults.only(bound > min(known, 1.0))


def _intact(element: Element, case: Case) -> Series:
    flow = case.flow_mw[element.members].sum(axis=0)
    if element.orientation:
        flow = flow * float(element.orientation)
    else:
        size = case.size_flow_mw[element.members].sum(axis=0)
        flow = np.where(size >= 0, flow, -flow)
    return flow, element.rating_mva[case.season], np.zeros(len(flow), dtype=np.int64)
