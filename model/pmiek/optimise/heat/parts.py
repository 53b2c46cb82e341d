"""Heat networks as components of the run's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pmiek.optimise.carriers.parts import CarrierParts, Part, Place
from pmiek.optimise.heat.program import in_service

if TYPE_CHECKING:
    from pmiek.optimise.heat.case import HeatCase
    from pmiek.optimise.heat.dispatch import Operation
    from pmiek.optimise.heat.program import Plan


def heat_parts(case: HeatCase, plan: Plan, operation: Operation) -> CarrierParts:
    """Return one bus per network with its demand, sources, stores and the pipes to other networks.

    A pipe becomes two links, one each way, because a link with losses may not run backwards. What a store
    loses is not on the bus: it leaves the store.
    """
    ids = [str(name) for name in case.networks["network_id"]]
    buses = [f"heat {name}" for name in ids]
    places = tuple(
        Place(bus, "heat", str(row["gm_code"] or ""), str(row["cluster"] or ""))
        for bus, row in zip(buses, case.networks.to_dict("records"), strict=True)
    )
    parts: list[Part] = []
    for n, bus in enumerate(buses):
        asked, short = case.demand_mw[:, n], operation.unserved[:, n]
        parts.append(Part("Load", f"{bus} demand", bus, "heat demand", asked, asked.max(axis=1)))
        parts.append(Part("Generator", f"{bus} unserved", bus, "unserved demand", short, short.max(axis=1)))
    source_mw = in_service(case, "source", plan.build)
    for s, row in enumerate(case.sources.to_dict("records")):
        parts.append(
            Part(
                "Generator",
                f"heat source {row['source_id']}",
                buses[int(row["network"])],
                f"heat {row['kind']}",
                operation.generation[:, s],
                source_mw[:, s],
                asset_id=str(row["source_id"]),
                payer=str(row["payer"]),
                quality=str(row["quality"]),
            )
        )
    store_mwh = in_service(case, "store", plan.store_build)
    for k, row in enumerate(case.stores.to_dict("records")):
        parts.append(
            Part(
                "Store",
                f"heat store {row['source_id']}",
                buses[int(row["network"])],
                "heat",
                operation.stored[:, k],
                store_mwh[:, k],
                asset_id=str(row["source_id"]),
                payer=str(row["payer"]),
            )
        )
    pipe_mw = in_service(case, "pipe", plan.pipe_build)
    for a, row in enumerate(case.pipes.to_dict("records")):
        flow = operation.flow[:, a]
        ends = (buses[int(row["network0"])], buses[int(row["network1"])])
        ways = (
            ("", ends, np.maximum(flow, 0.0)),
            (" back", ends[::-1], np.maximum(-flow, 0.0)),
        )
        for suffix, (start, end), mw in ways:
            parts.append(
                Part(
                    "Link",
                    f"heat pipe {row['pipe_id']}{suffix}",
                    start,
                    "heat pipe",
                    mw,
                    pipe_mw[:, a],
                    bus1=end,
                    efficiency=float(row["efficiency"]),
                    asset_id=str(row["pipe_id"]),
                    payer=str(row["payer"]),
                )
            )
    return CarrierParts(places, tuple(part for part in parts if np.any(part.mw) or np.any(part.p_nom)))
