"""The plan of the methane grid: boosters, couplings, storage or lost green gas, whichever is cheapest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.contract import CarrierPlan, HourlyLoad
from pmiek.optimise.gas.case import CARRIER, IMPORT, PRODUCERS, GasCase, build_case
from pmiek.optimise.gas.net import gas_net
from pmiek.optimise.gas.screen import gas_loading
from pmiek.optimise.gas.volumes import NETWORKS
from pmiek.optimise.pipes.case import place
from pmiek.optimise.pipes.closes import assert_pipes_close
from pmiek.optimise.pipes.dispatch import Dispatch
from pmiek.optimise.pipes.parts import pipe_parts
from pmiek.optimise.pipes.plan import plan_pipes
from pmiek.optimise.pipes.tables import Payers, capacity_rows, cost_rows, pipe_places, solver_rows

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

BALANCE = [
    "storyline",
    "variant",
    "year",
    "weather_year",
    "gm_code",
    "carrier",
    "category",
    "sector",
    "energy_mwh",
]


def plan_gas(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    asked: HourlyLoad | None = None,
) -> CarrierPlan:
    """Plan the methane grid of a run, periods of ``scenario.years.pathway`` together.

    Parameters
    ----------
    tables : Tables
        Checked inputs, with the variant's choices (:func:`pmiek.optimise.gas.with_gas_choices`).
    scenario : Scenario
        ``gas.build`` says what may be built; what does not fit then is lost green gas at its price.
    profiles : mapping of int to DataFrame
        Shapes per weather year, MW per MWh.
    asked : HourlyLoad, optional
        Methane that the heat plan's networks take. Its energy is in the heat plan's balance, not in this one.

    Returns
    -------
    CarrierPlan
        Balance rows hold all methane of the study municipalities.

    Raises
    ------
    SolveError
        If the solve does not end optimal.
    """
    if tables["gas/areas"].empty:
        return CarrierPlan(CARRIER)
    gas = build_case(
        tables, scenario, profiles, scenario.years.pathway, "nulalternatief", build=True, asked=asked
    )
    plan = plan_pipes(gas.pipes, threads=scenario.solver.threads)
    capacity = np.stack([plan.capacity_mw(p) for p in range(len(gas.pipes.years))])
    tables_ = gas_loading(gas, plan.flows, capacity, scenario.variant)
    base = build_case(tables, scenario, profiles, (scenario.years.base,), "frozen", build=False)
    removable = tables.assumption("gas_net_removable_factor")
    return CarrierPlan(
        CARRIER,
        capacity=capacity_rows(plan),
        costs=cost_rows(plan, Payers(lost=PRODUCERS)),
        balance=balance_rows(gas, plan.flows),
        loading=tables_["loading"],
        shares=tables_["shares"],
        solver=solver_rows(plan),
        places=pipe_places(gas.pipes, _at_nodes(gas.demand), _at_nodes(gas.green)),
        gas_net=gas_net(gas, base, lost_mwh(gas, plan.flows), removable),
        parts=pipe_parts(plan),
    )


def _at_nodes(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns={"area_id": "node_id"})


def lost_mwh(gas: GasCase, flows: Sequence[Dispatch]) -> np.ndarray:
    """Return green gas that does not fit: (period, node), MWh per year, mean of the weather years."""
    case = gas.pipes
    green = (case.sources["sector"] == "green_gas").to_numpy()
    at = place(case.sources[green], case.nodes)
    lost = [at @ (case.available_mw[p][green] - f.used[green]).sum(1) for p, f in enumerate(flows)]
    return np.stack(lost) / len(case.weather_years)


def balance_rows(gas: GasCase, flows: Sequence[Dispatch]) -> pd.DataFrame:
    """Write all methane per municipality and weather year: demand, supply, curtailed, unserved, storage.

    The methane of heat networks is left out: the balance of the heat plan holds it as conversion.

    Raises
    ------
    AssertionError
        If the rows at an area are not what flows through it.
    """
    case = gas.pipes
    parts: list[dict[str, Any]] = []
    for p, (year, flow) in enumerate(zip(case.years, flows, strict=True)):
        for w, weather_year in enumerate(case.weather_years):
            hours = slice(w * 8760, (w + 1) * 8760)
            key = {"year": year, "weather_year": weather_year}
            parts += [{**key, **row} for row in _of_year(gas, p, flow, hours, year)]
    table = pd.DataFrame(parts)
    assert_pipes_close(case, flows, table, outside=[IMPORT])
    elsewhere = table["sector"].eq(NETWORKS) & table["category"].eq("demand")
    table = table[(table["energy_mwh"] > 0) & ~elsewhere]
    table = table.assign(storyline=case.storyline, variant=case.variant, carrier=CARRIER)
    keys = [c for c in BALANCE if c != "energy_mwh"]
    summed = table.groupby(keys)["energy_mwh"].sum().reset_index()
    return summed.reindex(columns=BALANCE)


def _of_year(gas: GasCase, period: int, flow: Dispatch, hours: slice, year: int) -> list[dict[str, Any]]:
    case, ids = gas.pipes, gas.pipes.nodes.index
    demand = pd.Series(case.demand_mw[period][:, hours].sum(1), index=ids)
    unserved = pd.Series(flow.unserved[:, hours].sum(1), index=ids)
    made = case.available_mw[period][:, hours].sum(1)
    lost = made - flow.used[:, hours].sum(1)
    rows: list[dict[str, Any]] = []
    rows += _divide(gas.demand, year, demand, "demand")
    rows += _divide(gas.demand, year, unserved, "unserved")
    for sector, table in (("green_gas", gas.green), ("production", gas.other)):
        chosen = (case.sources["sector"] == sector).to_numpy()
        rows += _divide(table, year, pd.Series(made[chosen], index=ids), "supply")
        rows += _divide(table, year, pd.Series(lost[chosen], index=ids), "curtailed")
    for category, values in (("storage_charge", flow.charge), ("storage_discharge", flow.discharge)):
        amounts = values[:, hours].sum(1)
        rows += [
            {
                "node_id": area,
                "gm_code": code,
                "sector": "gas_storage",
                "category": category,
                "energy_mwh": float(amount),
            }
            for area, code, amount in zip(ids, case.nodes["gm_code"], amounts, strict=True)
            if code
        ]
    return rows


def _divide(table: pd.DataFrame, year: int, amounts: pd.Series, category: str) -> list[dict[str, Any]]:
    """Divide the energy of an area over its municipalities and sectors by yearly volume."""
    rows = table[table["year"] == year]
    total = rows.groupby("area_id")["volume_mwh"].transform("sum")
    energy = rows["area_id"].map(amounts).astype(float) * rows["volume_mwh"] / total.where(total > 0)
    return [
        {"node_id": area, "gm_code": code, "sector": sector, "category": category, "energy_mwh": float(value)}
        for area, code, sector, value in zip(
            rows["area_id"], rows["gm_code"], rows["sector"], energy.fillna(0.0), strict=True
        )
    ]
