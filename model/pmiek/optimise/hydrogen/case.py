"""The hydrogen grid as a pipe network: places of use, electrolysers, pipes, trailers, the national grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.connections.demand.energy import municipal_energy
from pmiek.inputs.select import of_year
from pmiek.network import grid_state
from pmiek.optimise.gas.case import TIE_EUR, hourly
from pmiek.optimise.pipes.case import HOURS_PER_YEAR, LINK_COLUMNS, UNLIMITED_MW, PipeCase
from pmiek.optimise.solve.costs import infrastructure, technology

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

CARRIER = "hydrogen"
OWNERS = "electrolyser owners"
USERS = "hydrogen users"
#: Supply from outside the province.
BOUGHT = TRAILER, IMPORT = "hydrogen_trailer", "hydrogen_import"
FIRST_YEAR = {"planned": "hydrogen_link_first_year", "late": "hydrogen_link_first_year_late"}


@dataclass(frozen=True)
class HydrogenCase:
    """The network, and the yearly rows behind it.

    Attributes
    ----------
    pipes : PipeCase
        Nodes are the places.
    demand, electrolysers : DataFrame
        Rows per place and municipality: year, node_id, gm_code, and sector with volume_mwh, or capacity_mw.
    efficiency : array (period)
        MWh hydrogen per MWh electricity.
    """

    pipes: PipeCase
    demand: pd.DataFrame
    electrolysers: pd.DataFrame
    efficiency: Floats


def build_case(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
    years: Sequence[int],
    state: str,
    *,
    build: bool,
) -> HydrogenCase:
    """Lay out the hydrogen grid of a storyline.

    Parameters
    ----------
    tables : Tables
        Reads the tables of ``hydrogen/``, demand and supply, costs and assumptions.
    scenario : Scenario
        Storyline, economics and ``hydrogen``.
    profiles : mapping of int to DataFrame
        Shapes per weather year, MW per MWh.
    prices : mapping of int to DataFrame
        From :func:`pmiek.optimise.national.solve_national` per weather year.
    years : sequence of int
        Years of the storyline.
    state : str
        ``frozen`` leaves planned pipes out.
    build : bool
        Whether what ``scenario.hydrogen.build`` allows is offered.

    Returns
    -------
    HydrogenCase
    """
    nodes = _nodes(tables)
    demand = pd.concat([demand_at(tables, scenario, y).assign(year=y) for y in years], ignore_index=True)
    capacity = pd.concat(
        [_electrolysers(tables, scenario, y).assign(year=y) for y in years], ignore_index=True
    )
    efficiency = np.array([technology(tables, "electrolyser", "efficiency", y) for y in years])
    national = str(nodes.index[nodes["kind"] == "national"][0])
    sources = _sources(nodes, national)
    available, price = _supply(tables, scenario, (nodes, sources), (prices, years), capacity, efficiency)
    fee = tables.assumption("hydrogen_transport_fee_eur_per_mwh")
    paid = np.array(
        [[np.mean([_of(p, y, "price_hydrogen_eur_per_mwh").mean() for p in prices.values()])] for y in years]
    )
    links = _links(tables, scenario, build=build)
    case = PipeCase(
        carrier=CARRIER,
        storyline=scenario.storyline,
        variant=scenario.variant,
        years=tuple(int(y) for y in years),
        tail_years=scenario.years.tail_years,
        first_year=scenario.years.base,
        discount_rate_per_year=scenario.economics.discount_rate_per_year,
        weather_years=tuple(profiles),
        nodes=nodes,
        demand_mw=hourly(demand, nodes.index, years, profiles, "node_id"),
        sources=sources,
        available_mw=available,
        price_eur=price,
        lost_eur=np.zeros(len(sources)),
        sinks=pd.DataFrame({"node_id": [national], "payer": [OWNERS]}, index=pd.Index(["national grid"])),
        sink_eur=np.maximum(paid - fee, 0.0),
        links=links,
        existing_mw=_existing(tables, scenario, links, years, state),
        unserved_eur=tables.assumption("unserved_hydrogen_eur_per_mwh"),
        typical_days=scenario.hydrogen.typical_days,
        extreme_days=scenario.hydrogen.extreme_days,
    )
    return HydrogenCase(case, demand, capacity, efficiency)


def _of(prices: pd.DataFrame, year: int, column: str) -> Floats:
    values: Floats = prices.loc[prices["year"] == year, column].to_numpy(float)
    if len(values) != HOURS_PER_YEAR:
        message = f"the national prices hold {len(values)} hours of {year}, not {HOURS_PER_YEAR}"
        raise ValueError(message)
    return values


def _nodes(tables: Tables) -> pd.DataFrame:
    nodes = tables["hydrogen/nodes"].set_index("node_id")
    towns = tables["regions/municipalities"].set_index("gm_code")
    gm_code = nodes["gm_code"].fillna("")
    return pd.DataFrame(
        {
            "name": nodes["name"],
            "kind": nodes["kind"],
            "trucks": nodes["trucks"].astype(bool),
            "gm_code": gm_code,
            "cluster": gm_code.map(towns["cluster"]).fillna(""),
            "operator": "",
        }
    )


def demand_at(tables: Tables, scenario: Scenario, year: int) -> pd.DataFrame:
    """Return demand of the study municipalities at their places.

    Returns
    -------
    DataFrame
        node_id, gm_code, sector, profile, volume_mwh.
    """
    grid = grid_state(tables, scenario, "frozen", year)
    rows = municipal_energy(tables, scenario, year, grid, carriers=(CARRIER,))
    rows = rows[rows["category"] == "demand"].merge(
        tables["hydrogen/sites"][["gm_code", "node_id", "share"]], on="gm_code"
    )
    rows = rows.assign(volume_mwh=rows["volume_mwh"] * rows["share"])
    return rows[["node_id", "gm_code", "sector", "profile", "volume_mwh"]]


def _electrolysers(tables: Tables, scenario: Scenario, year: int) -> pd.DataFrame:
    """Electric capacity of electrolysers at their places: node_id, gm_code, capacity_mw."""
    rows = of_year(tables["supply/flexibility"], scenario.storyline, year, "electricity")
    rows = rows[rows["technology"] == "electrolyser"].merge(
        tables["hydrogen/sites"][["gm_code", "node_id", "share"]], on="gm_code"
    )
    return rows.assign(capacity_mw=rows["capacity_mw"] * rows["share"])[["node_id", "gm_code", "capacity_mw"]]


def _sources(nodes: pd.DataFrame, national: str) -> pd.DataFrame:
    """Electrolysers and trailers per place, and supply from the national grid."""
    local = nodes.index[nodes["kind"] == "local"]
    rows = [
        {
            "source_id": f"electrolyser:{n}",
            "node_id": n,
            "payer": OWNERS,
            "must_run": True,
            "sector": "electrolyser",
        }
        for n in local
    ]
    rows += [
        {
            "source_id": f"trailer:{n}",
            "node_id": n,
            "payer": USERS,
            "must_run": False,
            "sector": TRAILER,
        }
        for n in local
    ]
    rows.append(
        {
            "source_id": "import",
            "node_id": national,
            "payer": USERS,
            "must_run": False,
            "sector": IMPORT,
        }
    )
    return pd.DataFrame(rows).set_index("source_id")


def _supply(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    places: tuple[pd.DataFrame, pd.DataFrame],
    market: tuple[Mapping[int, pd.DataFrame], Sequence[int]],
    capacity: pd.DataFrame,
    efficiency: Floats,
) -> tuple[Floats, Floats]:
    """Give what every source can deliver and asks: (period, source, hour).

    Electrolysers run as the national fleet does per MW, at the national price of electricity.
    """
    nodes, sources = places
    prices, years = market
    shape = (len(years), len(sources), HOURS_PER_YEAR * len(prices))
    available, price = np.zeros(shape), np.zeros(shape)
    truck_mw = tables.assumption("hydrogen_truck_max_mw") if scenario.hydrogen.trucks else 0.0
    truck_eur = tables.assumption("hydrogen_truck_cost_eur_per_mwh")
    fee = tables.assumption("hydrogen_transport_fee_eur_per_mwh")
    for p, year in enumerate(years):
        unit = np.concatenate([_of(f, year, "unit_electrolyser") for f in prices.values()])
        power = np.concatenate([_of(f, year, "price_electricity_eur_per_mwh") for f in prices.values()])
        hydrogen = np.concatenate([_of(f, year, "price_hydrogen_eur_per_mwh") for f in prices.values()])
        here = capacity[capacity["year"] == year].groupby("node_id")["capacity_mw"].sum()
        for s, (node, sector) in enumerate(zip(sources["node_id"], sources["sector"], strict=True)):
            if sector == "electrolyser":
                available[p, s] = np.maximum(unit, 0.0) * float(here.get(node, 0.0)) * efficiency[p]
                price[p, s] = power / efficiency[p]
            elif sector == TRAILER:
                available[p, s] = truck_mw if nodes.loc[node, "trucks"] else 0.0
                price[p, s] = hydrogen + fee + truck_eur
            else:
                available[p, s], price[p, s] = UNLIMITED_MW, hydrogen + fee
    return available, price


def _links(tables: Tables, scenario: Scenario, *, build: bool) -> pd.DataFrame:
    rows = []
    for row in tables["hydrogen/pipes"].to_dict("records"):
        option = "new_pipe" if row["kind"] == "backbone" else str(row["kind"])
        costs = {
            p: infrastructure(tables, "hydrogen_pipe", option, p)
            for p in ("investment", "size", "fixed_om", "lifetime")
        }
        allowed = {
            "new_pipe": scenario.hydrogen.build.new_pipes,
            "reused_pipe": scenario.hydrogen.build.reused_pipes,
        }
        length = 0.0 if pd.isna(row["length_km"]) else float(row["length_km"])
        rows.append(
            {
                "link_id": row["pipe_id"],
                "node0": row["node0"],
                "node1": row["node1"],
                "both_ways": True,
                "asset_class": "hydrogen_pipe",
                "name": row["name"],
                "payer": row["operator"] if isinstance(row["operator"], str) else "hydrogen grid operator",
                "unit_mw": costs["size"] if pd.isna(row["capacity_mw"]) else float(row["capacity_mw"]),
                "max_units": 1 if row["status"] == "option" else 0,
                "capex_keur": 1e3 * costs["investment"] * length,
                "fixed_om": costs["fixed_om"],
                "lifetime": costs["lifetime"],
                "may_build": build and row["status"] == "option" and allowed.get(str(row["kind"]), False),
                "first_year": row["first_year"],
                "operating_eur": TIE_EUR,
            }
        )
    return pd.DataFrame(rows).set_index("link_id")[LINK_COLUMNS]


def _existing(
    tables: Tables, scenario: Scenario, links: pd.DataFrame, years: Sequence[int], state: str
) -> Floats:
    """Capacity without the plan; the branch of the national grid comes in the year that the run states."""
    rows = tables["hydrogen/pipes"].set_index("pipe_id")
    result = np.zeros((len(years), len(links)))
    by_pipe = rows.T.to_dict()
    for i, (pipe_id, link) in enumerate(links.iterrows()):
        row = by_pipe[pipe_id]
        start = -np.inf if row["status"] == "existing" else np.inf
        if row["kind"] == "backbone" and state != "frozen" and scenario.hydrogen.backbone != "none":
            start = tables.assumption(FIRST_YEAR[scenario.hydrogen.backbone])
        elif row["status"] == "planned" and state != "frozen" and pd.notna(row["first_year"]):
            start = float(row["first_year"])
        result[:, i] = np.where(np.array(years) >= start, float(link["unit_mw"]), 0.0)
    return result
