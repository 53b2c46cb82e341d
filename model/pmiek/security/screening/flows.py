"""Flows of the high-voltage grid: every outage in every hour, in blocks that bound the memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pmiek.security.screening.faults import (
    Block,
    FaultSet,
    Room,
    Series,
    fault_set,
    season_blocks,
    usable,
    worst,
)
from pmiek.security.screening.settings import (
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
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from pmiek.arrays import Floats, Ints
    from pmiek.security.screening.hourly import Builder
    from pmiek.security.screening.net_load import NetLoad
    from pmiek.security.screening.outages import Fault, FlowModel


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
    monitored: Sequence[Element],
    cases: Sequence[Case],
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
    monitored : sequence of Element
        From :func:`elements`; all of one asset together.
    cases : sequence of Case
        From :func:`flow_cases`.
    settings : Settings
        Limits, seasons, simultaneity between stations.
    towers : bool
        Also test the loss of all circuits on the same towers, where there are limits for it.
    peaks_only : bool
        Only the peaks and the hours above the limit of the series need to be right, which saves most faults.
    """
    names = {
        SINGLE: np.array([0, *(builder.outage(f.outage_id) for f in model.faults)], dtype=np.int64),
        TOWER: np.array([0, *(builder.outage(f.outage_id) for f in model.tower_faults)], dtype=np.int64),
    }
    study = Study(builder, names, settings, Room(), peaks_only)
    for element in monitored:
        wanted = list(_tests(element, settings, towers))
        for case in cases:
            _judge(study, element, case, [test for test in wanted if test[2] == case.test])


def flow_cases(model: FlowModel, load: NetLoad, settings: Settings) -> list[Case]:
    """Flows of each test of the limits; rows of the load in the order of ``model.stations``."""
    cases = [_case("total", load.net_mw, model, settings)]
    if (settings.limits["test"] == "after_trip").any():
        cases.append(_case("after_trip", load.after_trip_mw, model, settings))
    return cases


def by_asset(monitored: Sequence[Element], assets: int) -> Iterator[list[Element]]:
    """Split the elements into parts of some assets each, so that their series stay in the fast memory."""
    groups: dict[str, list[Element]] = {}
    for element in monitored:
        groups.setdefault(element.asset_id, []).append(element)
    every = list(groups.values())
    for start in range(0, len(every), assets):
        yield [element for group in every[start : start + assets] for element in group]


@dataclass(frozen=True, eq=False)
class Study:
    """What all elements share: where series go, names of the outages, settings, room."""

    builder: Builder
    names: dict[str, Ints]
    settings: Settings
    room: Room
    peaks_only: bool


@dataclass(frozen=True, eq=False)
class Case:
    """Power of one test (``total`` or ``after_trip``), whole and in blocks."""

    test: str
    season: Ints
    flow_mw: Floats
    size_flow_mw: Floats
    blocks: list[Block]


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
    size_flow = model.ptdf @ size
    blocks = [
        Block(number, at, *(np.ascontiguousarray(part[:, at]) for part in (net, flow, size, size_flow)))
        for number, at in season_blocks(season)
    ]
    return Case(test, season, flow, size_flow, blocks)


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
        allowed = factor * study.settings.power_factor(direction)
        if contingency == "N-0":
            value, rating, out = start
        else:
            kind = TOWER if contingency == TOWER else SINGLE
            faults = element.tower if kind == TOWER else element.single
            value, rating, chosen = worst(
                faults,
                element.members,
                element.orientation,
                start,
                case.blocks,
                sign=sign,
                room=study.room,
                limit_factor=allowed if study.peaks_only else None,
            )
            out = study.names[kind][np.concatenate([[0], faults.number + 1])[chosen]]
        limit = rating * allowed[case.season]
        key = (element.asset_id, direction, contingency)
        study.builder.add(key, np.maximum(value, 0.0), limit, out)


def _intact(element: Element, case: Case) -> Series:
    flow = case.flow_mw[element.members].sum(axis=0)
    if element.orientation:
        flow = flow * float(element.orientation)
    else:
        size = case.size_flow_mw[element.members].sum(axis=0)
        flow = np.where(size >= 0, flow, -flow)
    return flow, element.rating_mva[case.season], np.zeros(len(flow), dtype=np.int64)
