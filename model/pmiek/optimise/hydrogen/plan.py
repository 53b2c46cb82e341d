"""Screening and plan of the hydrogen grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.carriers.contract import COST_KEYS, CarrierPlan
from pmiek.optimise.gas.screen import SHARE_KEYS, storyline_years
from pmiek.optimise.hydrogen.case import BOUGHT, CARRIER, IMPORT, USERS, HydrogenCase, build_case
from pmiek.optimise.pipes.case import HOURS_PER_YEAR, place, with_extra
from pmiek.optimise.pipes.closes import assert_pipes_close
from pmiek.optimise.pipes.dispatch import Dispatch, dispatch
from pmiek.optimise.pipes.parts import pipe_parts
from pmiek.optimise.pipes.plan import PipePlan, plan_pipes
from pmiek.optimise.pipes.tables import (
    LOADING,
    SMALL_MW,
    Payers,
    capacity_rows,
    cost_rows,
    finish_loading,
    link_loading,
    loading_rows,
    pipe_places,
    solver_rows,
    source_place,
)

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


def screen_hydrogen(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
    grid_state: str,
    years: Sequence[int] | None = None,
    *,
    extra_mw: Mapping[str, float] | None = None,
) -> dict[str, pd.DataFrame]:
    """Find which places lack hydrogen with what exists (``frozen``) or is planned (``nulalternatief``).

    Parameters
    ----------
    tables, scenario, profiles, prices
        As :func:`pmiek.optimise.hydrogen.case.build_case`.
    grid_state : str
        ``frozen`` or ``nulalternatief``.
    years : sequence of int, optional
        Years to screen; the screening years that the storyline has if left out.
    extra_mw : mapping of str to float, optional
        Pipe, or place with a pipe, to MW that a project adds there.

    Returns
    -------
    dict of str to DataFrame
        ``loading`` and ``shares``. A place is loaded by its demand against what reaches it.
    """
    if tables["hydrogen/nodes"].empty:
        return {"loading": pd.DataFrame(columns=LOADING), "shares": pd.DataFrame()}
    chosen = tuple(years) if years is not None else storyline_years(scenario)
    case = build_case(tables, scenario, profiles, prices, chosen, grid_state, build=False)
    there = with_extra(case.pipes, extra_mw)
    flows = [dispatch(case.pipes, p, there[p]) for p in range(len(chosen))]
    return hydrogen_loading(case, flows, there, grid_state)


def plan_hydrogen(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
) -> CarrierPlan:
    """Plan the hydrogen grid of a run, periods of ``scenario.years.pathway`` together.

    Electrolysers stand in ``supply/flexibility``, where the screening of electricity counts their firm share;
    therefore the plan adds no electric load of its own. Their electricity is in the balance.

    Parameters
    ----------
    tables : Tables
        Checked inputs, with the variant's choices (:func:`pmiek.optimise.hydrogen.with_hydrogen_choices`).
    scenario : Scenario
        ``hydrogen`` says what may be built and when the branch of the national grid comes.
    profiles : mapping of int to DataFrame
        Shapes per weather year.
    prices : mapping of int to DataFrame
        National prices and dispatch per weather year.

    Returns
    -------
    CarrierPlan
        Balance rows hold all hydrogen of the study municipalities and the electricity of electrolysers.

    Raises
    ------
    SolveError
        If the solve does not end optimal.
    """
    if tables["hydrogen/nodes"].empty:
        return CarrierPlan(CARRIER)
    years = scenario.years.pathway
    case = build_case(tables, scenario, profiles, prices, years, "nulalternatief", build=True)
    plan = plan_pipes(case.pipes, threads=scenario.solver.threads)
    capacity = np.stack([plan.capacity_mw(p) for p in range(len(years))])
    loaded = hydrogen_loading(case, plan.flows, capacity, scenario.variant)
    fee = tables.assumption("hydrogen_storage_fee_eur_per_mwh")
    costs = [cost_rows(plan, Payers(lost=USERS, unserved=USERS)), storage_cost(plan, fee)]
    return CarrierPlan(
        CARRIER,
        capacity=capacity_rows(plan),
        costs=pd.concat([c for c in costs if len(c)], ignore_index=True),
        balance=balance_rows(case, plan.flows),
        loading=loaded["loading"],
        shares=loaded["shares"],
        solver=solver_rows(plan),
        places=pipe_places(case.pipes, case.demand),
        parts=pipe_parts(plan),
    )


def storage_cost(plan: PipePlan, fee_eur: float) -> pd.DataFrame:
    """Price storage outside the province: what is imported above the mean of the year comes from a cavern."""
    case = plan.case
    bought = int(np.flatnonzero((case.sources["sector"] == IMPORT).to_numpy())[0])
    rows = []
    for year, flow, weight in zip(case.years, plan.flows, case.discount(), strict=True):
        taken = flow.used[bought].reshape(len(case.weather_years), HOURS_PER_YEAR)
        above = np.maximum(taken - taken.mean(1, keepdims=True), 0.0).sum() / len(case.weather_years)
        cost = above * fee_eur / 1e6
        if cost > 0:
            key = (case.storyline, case.variant, year, "operating", "hydrogen_storage_outside", USERS)
            rows.append(
                (*key, source_place(case.carrier, str(case.sources.index[bought])), "", cost, cost * weight)
            )
    return pd.DataFrame(rows, columns=[*COST_KEYS, "cost_meur_per_year", "cost_meur_npv"])


def hydrogen_loading(
    case: HydrogenCase, flows: Sequence[Dispatch], capacity_mw: Floats, grid_state: str
) -> dict[str, pd.DataFrame]:
    """Write loading of places, pipes and electrolysers, and the sectors behind the demand of places."""
    pipes = case.pipes
    rows: list[dict[str, object]] = []
    links = []
    for p, (year, flow) in enumerate(zip(pipes.years, flows, strict=True)):
        for n, (node_id, node) in enumerate(pipes.nodes.iterrows()):
            wanted = pipes.demand_mw[p, n]
            if wanted.max() <= SMALL_MW:
                continue
            asset = {**_asset(node), "asset_id": node_id, "asset_class": "hydrogen_pipe"}
            short = flow.unserved[n]
            rows += loading_rows(
                asset, year, pipes.weather_years, "take-off", wanted, np.maximum(wanted - short, 0.0), short
            )
        rows += _electrolyser_rows(case, p, flow)
        links.append(link_loading(pipes, year, flow, capacity_mw[p], grid_state))
    table = pd.concat(
        [finish_loading(rows, pipes, grid_state), *[t for t in links if len(t)]], ignore_index=True
    )
    places = table[table["asset_id"].isin(pipes.nodes.index)]
    keys = ["asset_id", "year"]
    parts = case.demand.rename(columns={"node_id": "asset_id"}).groupby([*keys, "sector", "gm_code"])
    volume = parts["volume_mwh"].sum()
    share = (volume / volume.groupby(level=[0, 1]).transform("sum")).rename("share").reset_index()
    merged = places[SHARE_KEYS].merge(share, on=keys, how="inner")
    return {"loading": table, "shares": merged[[*SHARE_KEYS, "sector", "gm_code", "share"]]}


def _asset(node: pd.Series) -> dict[str, object]:
    return {
        "asset_name": f"Waterstof {node['name']}",
        "gm_code": node["gm_code"],
        "cluster": node["cluster"],
        "operator": "",
    }


def _electrolyser_rows(case: HydrogenCase, period: int, flow: Dispatch) -> list[dict[str, object]]:
    """Write what electrolysers make against what can be placed."""
    pipes = case.pipes
    rows: list[dict[str, object]] = []
    for s, (source_id, source) in enumerate(pipes.sources.iterrows()):
        made = pipes.available_mw[period, s]
        if source["sector"] != "electrolyser" or made.max() <= SMALL_MW:
            continue
        asset = {
            **_asset(pipes.nodes.loc[source["node_id"]]),
            "asset_id": str(source_id).replace(":", "-"),
            "asset_class": "electrolyser",
        }
        used = flow.used[s]
        limit = np.where(made - used > SMALL_MW, used, made.max())
        rows += loading_rows(
            asset, pipes.years[period], pipes.weather_years, "feed-in", made, limit, made - used
        )
    return rows


def balance_rows(case: HydrogenCase, flows: Sequence[Dispatch]) -> pd.DataFrame:
    """Write hydrogen per municipality, and the electricity that becomes hydrogen.

    Raises
    ------
    AssertionError
        If the rows at a place are not what flows through it.
    """
    pipes = case.pipes
    rows: list[dict[str, Any]] = []
    for p, (year, flow) in enumerate(zip(pipes.years, flows, strict=True)):
        for w, weather_year in enumerate(pipes.weather_years):
            hours = slice(w * HOURS_PER_YEAR, (w + 1) * HOURS_PER_YEAR)
            key = {"year": year, "weather_year": weather_year}
            rows += [{**key, **row} for row in _of_year(case, p, flow, hours)]
    columns = ["node_id", *(c for c in BALANCE if c not in {"storyline", "variant"})]
    table = pd.DataFrame(rows, columns=columns)
    assert_pipes_close(pipes, flows, table[table["carrier"] == CARRIER], outside=BOUGHT)
    table = table[table["energy_mwh"] > 0].assign(storyline=pipes.storyline, variant=pipes.variant)
    summed = table.groupby(BALANCE[:-1])["energy_mwh"].sum().reset_index()
    return summed.reindex(columns=BALANCE)


def _of_year(case: HydrogenCase, period: int, flow: Dispatch, hours: slice) -> list[dict[str, Any]]:
    pipes, ids, year = case.pipes, case.pipes.nodes.index, case.pipes.years[period]
    demand = case.demand[case.demand["year"] == year]
    energy = pd.Series(pipes.demand_mw[period][:, hours].sum(1), index=ids)
    short = pd.Series(flow.unserved[:, hours].sum(1), index=ids)
    chosen = (pipes.sources["sector"] == "electrolyser").to_numpy()
    at = place(pipes.sources[chosen], pipes.nodes)
    made = pd.Series(at @ flow.used[chosen][:, hours].sum(1), index=ids)
    plants = case.electrolysers[case.electrolysers["year"] == year].assign(sector="electrolyser")
    rows = _divide(demand, energy, "volume_mwh", CARRIER, "demand")
    rows += _divide(demand, short, "volume_mwh", CARRIER, "unserved")
    rows += _divide(plants, made, "capacity_mw", CARRIER, "conversion_out")
    power = made / float(case.efficiency[period])
    return rows + _divide(plants, power, "capacity_mw", "electricity", "conversion_in")


def _divide(
    rows: pd.DataFrame, amounts: pd.Series, weight: str, carrier: str, category: str
) -> list[dict[str, Any]]:
    """Divide the energy of a place over its municipalities and sectors."""
    total = rows.groupby("node_id")[weight].transform("sum")
    energy = rows["node_id"].map(amounts).astype(float) * rows[weight] / total.where(total > 0)
    return [
        {
            "node_id": node,
            "gm_code": code,
            "carrier": carrier,
            "category": category,
            "sector": sector,
            "energy_mwh": float(value),
        }
        for node, code, sector, value in zip(
            rows["node_id"], rows["gm_code"], rows["sector"], energy.fillna(0.0), strict=True
        )
    ]
