"""How gas flows in every hour with given capacities: nearest use first, along paths of the network."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.pipes.case import PipeCase, place

LONGEST_PATH = 5
NOTHING_MW = 1e-9


@dataclass(frozen=True)
class Dispatch:
    """Flows of one period in all hours, MW.

    Attributes
    ----------
    used : array (source, hour)
        What is taken of each source.
    sunk : array (sink, hour)
        What each sink takes.
    unserved : array (node, hour)
        Demand that is not met.
    forward, backward : array (link, hour)
        From node0 to node1 and the other way.
    charge, discharge : array (node, hour)
        Storage.
    """

    used: Floats
    sunk: Floats
    unserved: Floats
    forward: Floats
    backward: Floats
    charge: Floats
    discharge: Floats


@dataclass
class _State:
    """Working numbers while gas is placed."""

    surplus: Floats
    deficit: Floats
    room: dict[tuple[int, int], Floats]
    moved: dict[tuple[int, int], Floats]


def dispatch(case: PipeCase, period: int, capacity_mw: Floats, store_mwh: Floats | None = None) -> Dispatch:
    """Place supply hour by hour: at home, then along the shortest path, then sinks, then bought supply.

    It never reroutes what it has placed, so it finds at most what an optimum finds; on networks that are a
    tree with one level above the areas both agree. Bought sources serve what is left, cheapest first.

    Parameters
    ----------
    case : PipeCase
    period : int
        Position in ``case.years``.
    capacity_mw : array (link)
        Capacity in service.
    store_mwh : array (store), optional
        Storage in service, in the order of ``case.stores``.

    Returns
    -------
    Dispatch
        Balance per node and hour: used + inflow + unserved + discharge = demand + outflow + sunk + charge.
    """
    hours = case.demand_mw.shape[2]
    must = case.sources["must_run"].to_numpy(bool)
    at = place(case.sources, case.nodes)
    made = at[:, must] @ case.available_mw[period][must]
    arcs = _arcs(case, capacity_mw)
    state = _State(
        np.maximum(made - case.demand_mw[period], 0.0),
        np.maximum(case.demand_mw[period] - made, 0.0),
        {arc: np.full(hours, mw) for arc, mw in arcs.items()},
        {arc: np.zeros(hours) for arc in arcs},
    )
    paths = _paths(list(arcs), len(case.nodes))
    for path in paths:
        _push(state, path, state.surplus[path[0]], state.deficit[path[-1]])
    charge, discharge = _store(case, state, store_mwh)
    sunk = _sink(case, state, paths)
    used = np.zeros_like(case.available_mw[period])
    kept = np.divide(made - state.surplus, made, out=np.ones_like(made), where=made > NOTHING_MW)
    used[must] = case.available_mw[period][must] * (at[:, must].T @ kept)
    for source in _by_price(case, period):
        used[source] = _buy(case, period, source, state, paths)
    forward, backward = _per_link(case, capacity_mw, state.moved)
    return Dispatch(used, sunk, state.deficit, forward, backward, charge, discharge)


def _arcs(case: PipeCase, capacity_mw: Floats) -> dict[tuple[int, int], float]:
    """Directed arcs with their capacity; a link both ways carries its capacity in each direction."""
    ends0, ends1 = (case.nodes.index.get_indexer(pd.Index(case.links[end])) for end in ("node0", "node1"))
    arcs: dict[tuple[int, int], float] = {}
    for a, b, both, mw in zip(ends0, ends1, case.links["both_ways"], capacity_mw, strict=True):
        if mw <= NOTHING_MW:
            continue
        for arc in ((int(a), int(b)), (int(b), int(a))) if both else ((int(a), int(b)),):
            arcs[arc] = arcs.get(arc, 0.0) + float(mw)
    return arcs


def _paths(arcs: list[tuple[int, int]], nodes: int) -> list[tuple[int, ...]]:
    """All simple paths, shortest first."""
    nexts: dict[int, list[int]] = {n: [] for n in range(nodes)}
    for a, b in sorted(arcs):
        nexts[a].append(b)
    found: list[tuple[int, ...]] = []
    current: list[tuple[int, ...]] = [(n,) for n in range(nodes)]
    for _ in range(LONGEST_PATH):
        current = [(*path, b) for path in current for b in nexts[path[-1]] if b not in path]
        found += current
    return found


def _push(state: _State, path: tuple[int, ...], have: Floats, want: Floats) -> Floats:
    """Move what fits along a path; the arrays of what is had and wanted shrink in place."""
    amount = np.minimum(have, want)
    arcs = list(pairwise(path))
    for arc in arcs:
        amount = np.minimum(amount, state.room[arc])
    if not (amount > NOTHING_MW).any():
        return np.zeros_like(amount)
    for arc in arcs:
        state.room[arc] -= amount
        state.moved[arc] += amount
    have -= amount
    want -= amount
    return np.asarray(amount)


def _sink(case: PipeCase, state: _State, paths: list[tuple[int, ...]]) -> Floats:
    hours = case.demand_mw.shape[2]
    sunk = np.zeros((len(case.sinks), hours))
    for i, node in enumerate(case.nodes.index.get_indexer(pd.Index(case.sinks["node_id"]))):
        sunk[i] += state.surplus[node]
        state.surplus[node] = 0.0
        for path in paths:
            if path[-1] == node:
                sunk[i] += _push(state, path, state.surplus[path[0]], np.full(hours, np.inf))
    return sunk


def _by_price(case: PipeCase, period: int) -> list[int]:
    """Order the sources that are bought, cheapest first on average."""
    bought = np.flatnonzero(~case.sources["must_run"].to_numpy(bool))
    return [int(s) for s in bought[np.argsort(case.price_eur[period, bought].mean(1), kind="stable")]]


def _buy(case: PipeCase, period: int, source: int, state: _State, paths: list[tuple[int, ...]]) -> Floats:
    node = int(case.nodes.index.get_indexer(pd.Index([case.sources["node_id"].iloc[source]]))[0])
    left = case.available_mw[period, source].copy()
    start = left.copy()
    home = np.minimum(left, state.deficit[node])
    left -= home
    state.deficit[node] -= home
    for path in paths:
        if path[0] == node:
            _push(state, path, left, state.deficit[path[-1]])
    return np.asarray(start - left)


def _store(case: PipeCase, state: _State, store_mwh: Floats | None) -> tuple[Floats, Floats]:
    """Keep surplus at its node and give it back when that node lacks."""
    charge, discharge = np.zeros_like(state.surplus), np.zeros_like(state.surplus)
    if store_mwh is None or not (store_mwh > NOTHING_MW).any():
        return charge, discharge
    where = case.nodes.index.get_indexer(case.stores.index)
    efficiency = case.stores["efficiency"].to_numpy(float)
    level = np.zeros(len(where))
    for hour in range(case.demand_mw.shape[2]):
        put = np.minimum(state.surplus[where, hour], (store_mwh - level) / efficiency)
        out = np.minimum(state.deficit[where, hour], level)
        charge[where, hour], discharge[where, hour] = put, out
        level += put * efficiency - out
    state.surplus -= charge
    state.deficit -= discharge
    return charge, discharge


def _per_link(
    case: PipeCase, capacity_mw: Floats, moved: dict[tuple[int, int], Floats]
) -> tuple[Floats, Floats]:
    """Divide the flow of an arc over its links, the first of the table first."""
    hours = case.demand_mw.shape[2]
    left = {arc: flow.copy() for arc, flow in moved.items()}
    ends = zip(
        *(case.nodes.index.get_indexer(pd.Index(case.links[end])) for end in ("node0", "node1")), strict=True
    )
    flows = np.zeros((2, len(case.links), hours))
    for i, ((a, b), both) in enumerate(zip(ends, case.links["both_ways"], strict=True)):
        for way, arc in enumerate(((int(a), int(b)), (int(b), int(a))) if both else ((int(a), int(b)),)):
            if arc in left:
                flows[way, i] = np.minimum(left[arc], capacity_mw[i])
                left[arc] = left[arc] - flows[way, i]
    return flows[0], flows[1]


def residual_mw(case: PipeCase, period: int, flows: Dispatch) -> pd.Series:
    """Largest imbalance per node over all hours, MW; zero when every node closes."""
    use = place(case.sources, case.nodes) @ flows.used
    sink = place(case.sinks, case.nodes) @ flows.sunk if len(case.sinks) else 0.0
    start, end = (place(case.links, case.nodes, n) for n in ("node0", "node1"))
    inflow = (end - start) @ (flows.forward - flows.backward)
    gap = use + inflow + flows.unserved + flows.discharge - flows.charge - sink - case.demand_mw[period]
    return pd.Series(np.abs(gap).max(axis=1), index=case.nodes.index)
