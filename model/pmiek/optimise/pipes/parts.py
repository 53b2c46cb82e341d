"""The pipe network of methane or hydrogen as components of the run's network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.parts import CarrierParts, Part, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Floats
    from pmiek.optimise.pipes.plan import PipePlan


def pipe_parts(plan: PipePlan) -> CarrierParts:
    """Return nodes as buses, and demand, sources, sinks, pipes and storage with their hourly flows.

    A link that runs both ways becomes two, so that neither has a negative flow.
    """
    case, flows = plan.case, plan.flows
    name = {str(node): f"{case.carrier} {node}" for node in case.nodes.index}
    places = tuple(
        Place(
            name[str(node)],
            case.carrier,
            *(_text(row, label) for label in ("gm_code", "cluster", "operator")),
        )
        for node, row in case.nodes.iterrows()
    )
    parts: list[Part] = []
    for n, bus in enumerate(name.values()):
        parts.append(_demand(f"{bus} demand", bus, f"{case.carrier} demand", case.demand_mw[:, n]))
        parts.append(_generator(f"{bus} unserved", bus, "unserved demand", _of(flows, "unserved", n)))
        stored = _of(flows, "discharge", n) - _of(flows, "charge", n)
        if np.any(stored):
            built = plan.store_mwh[case.nodes.index[n]].to_numpy(float)
            parts.append(Part("Store", f"{bus} storage", bus, case.carrier, stored, built))
    for s, (source, row) in enumerate(case.sources.iterrows()):
        used, bus = _of(flows, "used", s), name[str(row["node_id"])]
        label = f"{case.carrier} source {source}"
        parts.append(_generator(label, bus, str(row["sector"]), used, str(row["payer"])))
    for s, (sink, row) in enumerate(case.sinks.iterrows()):
        sunk, bus = _of(flows, "sunk", s), name[str(row["node_id"])]
        label = f"{case.carrier} sink {sink}"
        parts.append(replace(_generator(label, bus, f"{case.carrier} export", sunk), sign=-1.0))
    capacity = np.stack([plan.capacity_mw(p) for p in range(len(case.years))])
    for a, (link, row) in enumerate(case.links.iterrows()):
        ends = (name[str(row["node0"])], name[str(row["node1"])])
        ways = (("forward", ends, ""), ("backward", ends[::-1], " back"))
        for way, (start, end), suffix in ways[: 2 if row["both_ways"] else 1]:
            parts.append(
                Part(
                    "Link",
                    f"{case.carrier} {link}{suffix}",
                    start,
                    str(row["asset_class"]),
                    _of(flows, way, a),
                    capacity[:, a],
                    bus1=end,
                    asset_id=str(link),
                    payer=str(row["payer"]),
                )
            )
    return CarrierParts(places, tuple(part for part in parts if _is_there(part)))


def _text(row: pd.Series, label: str) -> str:
    value = row.get(label)
    return "" if value is None or pd.isna(value) else str(value)


def _of(flows: Sequence[object], what: str, at: int) -> Floats:
    return np.stack([np.asarray(getattr(flow, what)[at], dtype=float) for flow in flows])


def _demand(name: str, bus: str, technology: str, mw: Floats) -> Part:
    return Part("Load", name, bus, technology, mw, mw.max(axis=1))


def _generator(name: str, bus: str, technology: str, mw: Floats, payer: str = "") -> Part:
    return Part("Generator", name, bus, technology, mw, mw.max(axis=1), payer=payer)


def _is_there(part: Part) -> bool:
    """Tell whether a component has capacity or power in any period."""
    return bool(np.any(part.mw) or (part.component in {"Link", "Store"} and np.any(part.p_nom)))
