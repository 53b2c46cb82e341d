"""The methane grid as a pipe network: areas, boosters, couplings, hourly demand and green gas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.carriers import HourlyLoad
from pmiek.optimise.gas.volumes import (
    demand_by_area,
    demand_of_networks,
    green_gas_by_plant,
    other_supply,
    yearly_volumes,
)
from pmiek.optimise.pipes.case import HOURS_PER_YEAR, LINK_COLUMNS, STORE_COLUMNS, UNLIMITED_MW, PipeCase
from pmiek.optimise.solve.costs import infrastructure

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

CARRIER = "methane"
PRODUCERS = "green gas producers"
IMPORT = "import"
OPTION = {
    "booster": ("gas_booster", "booster_8_to_40_bar"),
    "compressor": ("gas_booster", "compressor_40_to_67_bar"),
    "coupling": ("gas_pipe", "coupling_pipe"),
}
SWITCH = {"booster": "boosters", "compressor": "compressors", "coupling": "couplings"}
#: Breaks ties: gas that need not move stays where it is. EUR per MWh.
TIE_EUR = 0.01


@dataclass(frozen=True)
class GasCase:
    """The network, and the yearly rows behind it.

    Attributes
    ----------
    pipes : PipeCase
        Nodes are the areas.
    demand, green, other : DataFrame
        Yearly rows per area with a column ``year``.
    """

    pipes: PipeCase
    demand: pd.DataFrame
    green: pd.DataFrame
    other: pd.DataFrame


def build_case(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    years: Sequence[int],
    state: str,
    *,
    build: bool,
    asked: HourlyLoad | None = None,
) -> GasCase:
    """Lay out the methane grid of a storyline.

    Parameters
    ----------
    tables : Tables
        Reads the tables of ``gas/``, demand and supply, costs and assumptions.
    scenario : Scenario
        Storyline, economics and ``gas``.
    profiles : mapping of int to DataFrame
        Shapes per weather year, MW per MWh.
    years : sequence of int
        Years of the storyline.
    state : str
        ``frozen`` leaves planned links out.
    build : bool
        Whether what ``scenario.gas.build`` allows is offered.
    asked : HourlyLoad, optional
        Methane that heat networks take, beyond the demand tables.

    Returns
    -------
    GasCase
    """
    networks, profiles = demand_of_networks(tables, asked or HourlyLoad(), profiles)
    rows = _yearly_rows(tables, scenario, years, networks[networks["year"].isin(list(years))])
    nodes = _nodes(tables)
    national = str(tables["gas/areas"].loc[tables["gas/areas"]["parent_id"].isna(), "area_id"].iloc[0])
    links = _links(tables, scenario, build=build)
    sources = _sources(nodes, national)
    hours = HOURS_PER_YEAR * len(profiles)
    shape = (len(years), len(nodes), hours)
    green = hourly(rows["green"], nodes.index, years, profiles)
    other = hourly(rows["other"], nodes.index, years, profiles)
    bought = np.full((len(years), 1, hours), UNLIMITED_MW)
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
        demand_mw=hourly(rows["demand"], nodes.index, years, profiles),
        sources=sources,
        available_mw=np.concatenate([green, other, bought], axis=1),
        price_eur=np.zeros((shape[0], len(sources), hours)),
        lost_eur=_lost_eur(tables, sources),
        sinks=pd.DataFrame({"node_id": [national], "payer": [""]}, index=pd.Index(["national grid"])),
        sink_eur=np.zeros((len(years), 1)),
        links=links,
        existing_mw=_existing(tables, links, years, state),
        unserved_eur=tables.assumption("unserved_gas_eur_per_mwh"),
        stores=_stores(tables, scenario, nodes, build=build),
        typical_days=scenario.gas.typical_days,
        extreme_days=scenario.gas.extreme_days,
    )
    return GasCase(case, rows["demand"], rows["green"], rows["other"])


def _yearly_rows(
    tables: Tables, scenario: Scenario, years: Sequence[int], networks: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Collect demand (that of heat networks included), green gas and other supply of all years."""
    parts: dict[str, list[pd.DataFrame]] = {"demand": [], "green": [], "other": []}
    for year in years:
        volumes = yearly_volumes(tables, scenario, year)
        parts["demand"].append(demand_by_area(tables, volumes).assign(year=year))
        parts["green"].append(green_gas_by_plant(tables, volumes, year).assign(year=year))
        parts["other"].append(other_supply(tables, volumes).assign(year=year))
    parts["demand"].append(networks)
    return {name: pd.concat(tables_, ignore_index=True) for name, tables_ in parts.items()}


def hourly(
    rows: pd.DataFrame,
    ids: pd.Index,
    years: Sequence[int],
    profiles: Mapping[int, pd.DataFrame],
    column: str = "area_id",
) -> Floats:
    """Turn yearly rows into MW: (period, id, hour of all weather years).

    A row without a profile, or with one that the shapes lack, is spread evenly.
    """
    flat = np.full(HOURS_PER_YEAR, 1.0 / HOURS_PER_YEAR)
    result = np.zeros((len(years), len(ids), HOURS_PER_YEAR * len(profiles)))
    keys = ["year", column, "profile"]
    summed = rows.assign(profile=rows["profile"].fillna("")).groupby(keys)["volume_mwh"].sum().reset_index()
    place_of = {item: i for i, item in enumerate(ids)}
    for row in summed.to_dict("records"):
        name = row["profile"]
        shape = [frame[name].to_numpy(float) if name in frame else flat for frame in profiles.values()]
        mw = float(row["volume_mwh"]) * np.concatenate(shape)
        result[list(years).index(row["year"]), place_of[row[column]]] += mw
    return result


def _nodes(tables: Tables) -> pd.DataFrame:
    """Areas with the municipality in which most of their people live."""
    areas = tables["gas/areas"].set_index("area_id")
    towns = tables["regions/municipalities"].set_index("gm_code")
    shares = tables["gas/area_shares"]
    people = shares.assign(people=shares["share"] * shares["gm_code"].map(towns["population"]).fillna(0.0))
    largest = people.sort_values("people").drop_duplicates("area_id", keep="last")
    main = largest.set_index("area_id")["gm_code"]
    gm_code = pd.Series(areas.index.map(main.to_dict()), index=areas.index).fillna("")
    return pd.DataFrame(
        {
            "name": areas["name"],
            "tier_bar": areas["tier_bar"],
            "gm_code": gm_code,
            "cluster": gm_code.map(towns["cluster"]).fillna(""),
            "operator": areas["operator"].fillna(""),
        }
    )


def _links(tables: Tables, scenario: Scenario, *, build: bool) -> pd.DataFrame:
    """Pressure reduction from each parent, then boosters, compressors and couplings."""
    areas = tables["gas/areas"]
    below = areas[areas["parent_id"].notna()]
    down = pd.DataFrame(
        {
            "node0": below["parent_id"].to_numpy(),
            "node1": below["area_id"].to_numpy(),
            "both_ways": False,
            "asset_class": "gas_reduction",
            "name": below["name"].to_numpy(),
            "payer": below["operator"].fillna("").to_numpy(),
            "unit_mw": 0.0,
            "max_units": 0,
            "capex_keur": 0.0,
            "fixed_om": 0.0,
            "lifetime": 50.0,
            "may_build": False,
            "first_year": np.nan,
            "operating_eur": 0.0,
        },
        index=pd.Index("reduction-" + below["area_id"], name="link_id"),
    )
    rows = tables["gas/links"]
    if rows.empty:
        return down[LINK_COLUMNS]
    up = pd.DataFrame([_link(tables, scenario, row, build=build) for row in rows.to_dict("records")])
    up.index = pd.Index(rows["link_id"], name="link_id")
    return pd.concat([down, up])[LINK_COLUMNS]


def _link(tables: Tables, scenario: Scenario, row: Mapping[Any, Any], *, build: bool) -> dict[str, object]:
    kind = str(row["kind"])
    asset_class, option = OPTION[kind]
    size = infrastructure(tables, asset_class, option, "size")
    if kind != "coupling":
        size *= tables.assumption("methane_kwh_per_m3") * 1e3 / HOURS_PER_YEAR
    own = row["capacity_mw"]
    price = 1e3 * infrastructure(tables, asset_class, option, "investment")
    allowed = build and row["status"] == "option" and getattr(scenario.gas.build, SWITCH[kind])
    return {
        "node0": row["area0"],
        "node1": row["area1"],
        "both_ways": kind == "coupling",
        "asset_class": asset_class,
        "name": row["name"],
        "payer": row["operator"] if isinstance(row["operator"], str) else "",
        "unit_mw": float(size) if pd.isna(own) else float(own),
        "max_units": int(row["max_units"]),
        "capex_keur": price * (float(row["length_km"]) if kind == "coupling" else 1.0),
        "fixed_om": infrastructure(tables, asset_class, option, "fixed_om"),
        "lifetime": infrastructure(tables, asset_class, option, "lifetime"),
        "may_build": allowed,
        "first_year": row["first_year"],
        "operating_eur": TIE_EUR if kind == "coupling" else _lifting_eur(tables),
    }


def _lifting_eur(tables: Tables) -> float:
    """Energy for compression, at the worth of green gas."""
    return tables.assumption("gas_booster_energy_share") * green_gas_eur(tables)


def green_gas_eur(tables: Tables) -> float:
    """Return the worth of green gas, EUR per MWh (``costs/carriers``)."""
    carriers = tables["costs/carriers"].set_index("carrier")["price_eur_per_mwh"]
    return float(carriers["green_gas"])


def _existing(tables: Tables, links: pd.DataFrame, years: Sequence[int], state: str) -> Floats:
    """Capacity without the plan: (period, link)."""
    take_off = tables["gas/areas"].set_index("area_id")["take_off_mw"].astype(float).to_dict()
    rows = tables["gas/links"].set_index("link_id")
    statuses, firsts = rows["status"].to_dict(), rows["first_year"].astype(float).to_dict()
    result = np.zeros((len(years), len(links)))
    for i, (link_id, link) in enumerate(links.iterrows()):
        if link["asset_class"] == "gas_reduction":
            limit = take_off[link["node1"]]
            result[:, i] = UNLIMITED_MW if np.isnan(limit) else limit
            continue
        status, first = statuses[link_id], firsts[link_id]
        if status == "existing" or (status == "planned" and state != "frozen" and first > 0):
            result[:, i] = np.where(np.array(years) < np.nan_to_num(first), 0.0, float(link["unit_mw"]))
    return result


def _sources(nodes: pd.DataFrame, national: str) -> pd.DataFrame:
    """Green gas and other production per area, and supply from the national grid."""
    made = [
        {
            "source_id": f"{sector}:{node}",
            "node_id": node,
            "payer": PRODUCERS,
            "must_run": True,
            "sector": sector,
        }
        for sector in ("green_gas", "production")
        for node in nodes.index
    ]
    bought = {"source_id": IMPORT, "node_id": national, "payer": "", "must_run": False, "sector": IMPORT}
    return pd.DataFrame([*made, bought]).set_index("source_id")


def _lost_eur(tables: Tables, sources: pd.DataFrame) -> Floats:
    return np.where(sources["sector"] == "green_gas", green_gas_eur(tables), 0.0)


def _stores(tables: Tables, scenario: Scenario, nodes: pd.DataFrame, *, build: bool) -> pd.DataFrame:
    areas = nodes[nodes["gm_code"] != ""]
    if not (build and scenario.gas.build.storage):
        areas = areas.head(0)
        return pd.DataFrame(columns=STORE_COLUMNS, index=areas.index)
    kind = ("gas_storage", "green_gas_buffer")
    return pd.DataFrame(
        {
            "asset_id": [f"{area}:buffer" for area in areas.index],
            "payer": PRODUCERS,
            "capex_keur": 1e3 * infrastructure(tables, *kind, "investment"),
            "fixed_om": infrastructure(tables, *kind, "fixed_om"),
            "lifetime": infrastructure(tables, *kind, "lifetime"),
            "efficiency": tables.assumption("gas_storage_efficiency"),
        },
        index=areas.index,
    )
