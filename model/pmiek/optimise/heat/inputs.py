"""From input tables, profiles and prices to a :class:`pmiek.optimise.heat.case.HeatCase`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.horizon import period_weights
from pmiek.optimise.heat.case import FOREVER, HOURS_PER_YEAR, HeatCase
from pmiek.optimise.heat.useful import useful_heat
from pmiek.optimise.solve.costs import infrastructure, technology
from pmiek.timeseries import weather_frame
from pmiek.timeseries.heat import cop
from pmiek.timeseries.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

PROFILE = {"homes": "heat_homes", "services": "heat_services", "agriculture": "gas_heat_services"}
TECHNOLOGY = {
    "aquathermal": "district_heat_pump_air",
    "heat_pump": "district_heat_pump_air",
    "electric_boiler": "district_electric_boiler",
    "gas_boiler": "district_gas_boiler",
    "tank": "heat_storage_tank",
    "pit": "heat_storage_pit",
}
#: Sources whose cost is in costs/infrastructure.
DUTCH = ("residual_heat", "geothermal")
STORES = ("tank", "pit")


def build_case(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
    heat: pd.DataFrame | None = None,
) -> HeatCase:
    """Gather what the heat plan needs.

    Parameters
    ----------
    tables : Tables
        Heat tables, costs, assumptions, demand after :func:`pmiek.optimise.heat.with_heat_mix`.
    scenario : Scenario
        ``heat``, ``economics``, ``years``.
    profiles : mapping of int to DataFrame
        Weather year to 8,760 hours by profile, MW per MWh of a normal year.
    prices : mapping of int to DataFrame
        Weather year to year, hour, price_electricity_eur_per_mwh.
    heat : DataFrame, optional
        From :func:`pmiek.optimise.heat.useful_heat`; made here when absent.
    """
    years, weather = tuple(scenario.years.pathway), tuple(profiles)
    networks = networks_of(tables)
    heat = useful_heat(tables, scenario) if heat is None else heat
    everything = offered_sources(tables, networks)
    is_store = everything["kind"].isin(STORES)
    sources, stores = (everything[mask].reset_index(drop=True) for mask in (~is_store, is_store))
    demand = network_demand(tables, heat, networks, years, profiles)
    sources["existing_mw"] = existing_mw(sources)
    electricity = _electricity(tables, scenario, sources, weather, years[0])
    methane = _methane(tables, sources, years[0])
    pipes, money = _pipes(tables, scenario, networks)
    cost, store_cost = (_costs(tables, table, years) for table in (sources, stores))
    return HeatCase(
        storyline=scenario.storyline,
        variant=scenario.variant,
        years=years,
        weather_years=weather,
        discount=_discount(scenario),
        rate_per_year=scenario.economics.discount_rate_per_year,
        networks=networks,
        demand_mw=demand,
        sources=sources,
        limit_mw=_limits(tables, scenario, sources, "existing_mw"),
        investment=cost["investment"],
        fixed_om=cost["fixed_om"],
        source_life=cost["lifetime"][0],
        marginal=_marginal(tables, electricity, methane, years, prices, cost["variable_om"]),
        electricity=electricity,
        methane=methane,
        stores=_stores(tables, stores),
        store_limit=_limits(tables, scenario, stores.assign(existing_mwh=0.0), "existing_mwh"),
        store_investment=store_cost["investment"],
        store_fixed_om=store_cost["fixed_om"],
        store_life=store_cost["lifetime"][0] if len(stores) else np.zeros(0),
        pipes=pipes,
        pipe_limit=money["limit"],
        pipe_investment=money["investment"],
        pipe_fixed_om=money["fixed_om"],
        pipe_life=money["lifetime"],
        unserved_keur_per_mwh=tables.assumption("heat_unserved_eur_per_mwh") / 1e3,
        design_hours=tables.assumption("heat_design_hours"),
    )


def _discount(scenario: Scenario) -> Floats:
    """Return the years that each period stands for, discounted to the base year."""
    when = scenario.years
    rate = scenario.economics.discount_rate_per_year
    return period_weights(when.pathway, when.tail_years, rate, when.base)


def _methane(tables: Tables, sources: pd.DataFrame, year: int) -> Floats:
    """Return methane per MWh of heat."""
    per_heat = 1 / technology(tables, "district_gas_boiler", "efficiency", year)
    return np.where(sources["kind"] == "gas_boiler", per_heat, 0.0)


def networks_of(tables: Tables) -> pd.DataFrame:
    """Return the networks with the energy cluster of their municipality."""
    places = tables["regions/municipalities"].set_index("gm_code")["cluster"]
    table = tables["heat/networks"].reset_index(drop=True)
    return table.assign(cluster=table["gm_code"].map(places).fillna(""))


def _row_of(networks: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return ids.map({name: i for i, name in enumerate(networks["network_id"])}).astype(int)


def offered_sources(tables: Tables, networks: pd.DataFrame) -> pd.DataFrame:
    """Return sources and stores with the row of their network and its municipality."""
    table = tables["heat/sources"].reset_index(drop=True)
    table = table.assign(network=_row_of(networks, table["network_id"]))
    return table.assign(gm_code=networks["gm_code"].to_numpy()[table["network"].to_numpy()])


def network_demand(
    tables: Tables,
    heat: pd.DataFrame,
    networks: pd.DataFrame,
    years: tuple[int, ...],
    profiles: Mapping[int, pd.DataFrame],
) -> Floats:
    """Return what must be fed into each network: (year, network, hour of all weather years), MW.

    Useful district heat of the municipalities and sectors served, times their hourly shape, over one less the
    distribution loss.
    """
    loss = tables.assumption("heat_network_loss_share")
    served = tables["heat/served_by"]
    served = served.assign(network=_row_of(networks, served["network_id"]))
    district = heat[heat["technology"] == "district"]
    rows = served.merge(district, on=["gm_code", "sector"], how="inner")
    shape = {
        s: np.concatenate([frame[p].to_numpy(float) for frame in profiles.values()])
        for s, p in PROFILE.items()
    }
    demand = np.zeros((len(years), len(networks), HOURS_PER_YEAR * len(profiles)))
    for row in rows.to_dict("records"):
        if row["year"] in years:
            fed = row["heat_mwh"] * row["share"] / (1 - loss)
            demand[years.index(int(row["year"])), row["network"]] += fed * shape[row["sector"]]
    return demand


def existing_mw(sources: pd.DataFrame) -> Floats:
    """Return what stands, MW of heat; a source without a stated capacity counts as none."""
    return np.asarray(sources["capacity_mw"].astype(float).fillna(0.0), dtype=float)


def _electricity(
    tables: Tables, scenario: Scenario, sources: pd.DataFrame, weather: tuple[int, ...], year: int
) -> Floats:
    """Electricity per MWh of heat; heat pumps on air follow the temperature around their catalogue mean."""
    pump = read_settings(tables, scenario).heat.pump_homes
    supply = tables.assumption("heat_network_supply_c")
    mean = technology(tables, "district_heat_pump_air", "efficiency", year)
    shapes = []
    for weather_year in weather:
        air = weather_frame(tables, scenario, weather_year)["temperature_c"].to_numpy(float)
        raw = cop(air, np.full_like(air, supply), "air", pump)
        shapes.append(mean * raw / raw.mean())
    by_kind: dict[str, Any] = {
        "heat_pump": 1 / np.concatenate(shapes),
        "aquathermal": 1 / tables.assumption("aquathermal_performance"),
        "electric_boiler": 1 / technology(tables, "district_electric_boiler", "efficiency", year),
        "geothermal": tables.assumption("geothermal_electricity_share"),
    }
    out = np.zeros((len(sources), HOURS_PER_YEAR * len(weather)))
    for row, kind in enumerate(sources["kind"]):
        out[row] = by_kind.get(kind, 0.0)
    return out


def _marginal(  # noqa: PLR0917
    tables: Tables,
    electricity: Floats,
    methane: Floats,
    years: tuple[int, ...],
    prices: Mapping[int, pd.DataFrame],
    variable_om: Floats,
) -> Floats:
    out = np.zeros((len(years), *electricity.shape))
    for p, year in enumerate(years):
        price = np.concatenate([electricity_price(frame, year) for frame in prices.values()])
        out[p] = electricity * price + (methane * gas_price(tables, year) + variable_om[p])[:, None]
    return out / 1e3


def electricity_price(frame: pd.DataFrame, year: int) -> Floats:
    """Return the hourly electricity price of a year, EUR per MWh."""
    rows = frame[frame["year"] == year].sort_values("hour")
    return np.asarray(rows["price_electricity_eur_per_mwh"], dtype=float)


def gas_price(tables: Tables, year: int) -> float:
    """Return methane with its CO2 price, EUR per MWh, as the national price model counts it."""
    carriers = tables["costs/carriers"].set_index("carrier")["co2_t_per_mwh"]
    price = tables.assumption(f"methane_price_{year}_eur_per_mwh")
    return price + tables.assumption(f"co2_price_{year}_eur_per_t") * float(carriers["methane"])


def _costs(tables: Tables, table: pd.DataFrame, years: tuple[int, ...]) -> dict[str, Floats]:
    """Return investment (kEUR per MW or MWh), fixed O&M (the same per year), life and variable O&M."""
    out = {
        name: np.zeros((len(years), len(table)))
        for name in ("investment", "fixed_om", "lifetime", "variable_om")
    }
    for s, kind in enumerate(table["kind"]):
        for p, year in enumerate(years):
            for name, values in out.items():
                values[p, s] = _one_cost(tables, kind, name, year)
    out["fixed_om"] *= out["investment"]
    return out


def _one_cost(tables: Tables, kind: str, name: str, year: int) -> float:
    if kind == "residual_heat" and name == "variable_om":
        return tables.assumption("residual_heat_eur_per_mwh")
    if kind in DUTCH:
        return infrastructure(tables, "heat_source", kind, name)
    if kind in STORES and name == "variable_om":
        return 0.0
    return technology(tables, TECHNOLOGY[kind], name, year)


def _limits(tables: Tables, scenario: Scenario, table: pd.DataFrame, existing: str) -> Floats:
    """Return the most that may be in service per period: what stands, and what the variant may build."""
    allowed = table["kind"].map(scenario.heat.build.model_dump()).to_numpy(bool)
    limit = table["potential_mw"].astype(float).fillna(FOREVER)
    aqua = table["kind"].eq("aquathermal") & table["potential_mw"].isna()
    potential = limit.mask(aqua, tables.assumption("aquathermal_potential_mw")).to_numpy()
    stands = table[existing].to_numpy(float)
    out = np.zeros((len(scenario.years.pathway), len(table)))
    for p, year in enumerate(scenario.years.pathway):
        there = allowed & (table["earliest_year"].fillna(0).to_numpy(float) <= year)
        out[p] = np.maximum(stands, np.where(there, potential, 0.0))
        for s in np.flatnonzero(table["kind"] == "residual_heat"):
            out[p, s] *= residual_share_left(tables, scenario, str(table["plant_id"].iloc[s]), year)
    return out


def residual_share_left(tables: Tables, scenario: Scenario, plant_id: str, year: int) -> float:
    """Return which part of today's residual heat of a waste plant is left in a year.

    It follows the waste electricity that the storyline leaves: in the study area, in the plant's
    municipality, or not at all (``heat.residual_output``).
    """
    follows = scenario.heat.residual_output
    if follows == "kept":
        return 1.0
    sites = tables["supply/sites"]
    plant = sites[sites["plant_id"] == plant_id].to_dict("records")[0]
    supply, places = tables["supply/municipal"], tables["regions/municipalities"]
    study = places.loc[places["role"] == "study", "gm_code"]
    codes = [str(plant["gm_code"])] if follows == "plant" else [str(c) for c in study]
    waste = supply[(supply["technology"] == plant["technology"]) & supply["gm_code"].isin(codes)]
    years = scenario.years
    base = waste[(waste["year"] == years.base) & (waste["storyline"] == years.base_storyline)]
    later = waste[(waste["year"] == year) & (waste["storyline"] == scenario.storyline)]
    before = float(base["volume_mwh"].sum())
    return float(later["volume_mwh"].sum()) / before if before > 0 else 0.0


def _stores(tables: Tables, stores: pd.DataFrame) -> pd.DataFrame:
    hours = {kind: tables.assumption(f"heat_{kind}_hours") for kind in STORES}
    loss = {
        kind: technology(tables, TECHNOLOGY[kind], "standing_loss", 2035) for kind in STORES if len(stores)
    }
    return stores.assign(
        existing_mwh=0.0, hours=stores["kind"].map(hours), loss_per_hour=stores["kind"].map(loss)
    )


def _pipes(
    tables: Tables, scenario: Scenario, networks: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, Floats]]:
    table = tables["heat/pipes"].reset_index(drop=True)
    length = table["length_km"].to_numpy(float)
    unit = infrastructure(tables, "heat_pipe", "transport_pipe", "size")
    per_mw = 1e3 * infrastructure(tables, "heat_pipe", "transport_pipe", "investment") * length / unit
    periods = len(scenario.years.pathway)
    investment = np.tile(per_mw, (periods, 1))
    earliest = table["earliest_year"].fillna(0).to_numpy(float)
    may = np.array([scenario.heat.build.transport_pipes & (earliest <= y) for y in scenario.years.pathway])
    stands = table["capacity_mw"].to_numpy(float)
    table = table.assign(
        network0=_row_of(networks, table["network0"]),
        network1=_row_of(networks, table["network1"]),
        existing_mw=stands,
        unit_mw=unit,
        least_share=tables.assumption("heat_pipe_least_share"),
        efficiency=np.maximum(0.0, 1 - tables.assumption("heat_pipe_loss_share_per_km") * length),
    )
    return table, {
        "limit": np.where(may, FOREVER, stands),
        "investment": investment,
        "fixed_om": investment * infrastructure(tables, "heat_pipe", "transport_pipe", "fixed_om"),
        "lifetime": np.full(len(table), infrastructure(tables, "heat_pipe", "transport_pipe", "lifetime")),
    }
