"""What heating costs: networks, connections to them, and boilers and heat pumps in buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.contract import COST_KEYS
from pmiek.optimise.carriers.horizon import period_weights
from pmiek.optimise.heat.inputs import PROFILE, electricity_price, gas_price
from pmiek.optimise.heat.program import plan_costs
from pmiek.optimise.heat.useful import DISTRICT_ROW, ROWS, storyline_rows
from pmiek.optimise.solve.case import annuity_factor
from pmiek.optimise.solve.costs import infrastructure, technology

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.optimise.heat.case import HeatCase
    from pmiek.optimise.heat.program import Plan

OWNER = {"homes": "household", "services": "building owner", "agriculture": "grower"}
COMPANY = "warmtebedrijf"
CUSTOMER = "connected customers"
CLASS = {"source": "heat_source", "store": "heat_storage", "pipe": "heat_pipe"}
ELECTRIC_PROFILE = {
    "households_heat_pump": "heat_pump_electric_homes",
    "households_hybrid_heat_pump": "heat_pump_hybrid_homes",
    "buildings_heat_pump": "heat_pump_electric_services",
    "buildings_hybrid_heat_pump": "heat_pump_hybrid_services",
}
#: Year, category, asset class, payer, asset, municipality, kEUR per year.
Line = tuple[int, str, str, str, str, str, float]


def heat_costs(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    heat: pd.DataFrame,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
    made: Sequence[tuple[HeatCase, Plan]],
) -> pd.DataFrame:
    """Write rows of the table ``costs`` for all heating of the study area.

    Networks cost what their plan says (the rows of heat_source, heat_storage, heat_pipe and unserved add to
    the solver's objective). Distribution, connections, boilers and heat pumps cost the annuity and upkeep of
    all that is in service in a year, and their fuel, so that variants with another heat mix compare.

    Returns
    -------
    DataFrame
        Columns ``COST_KEYS`` (asset_class also heat_distribution, heat_connection, individual_heating),
        cost_meur_per_year, cost_meur_npv; every row in the municipality where the heat is used or made.
    """
    places = tables["regions/municipalities"]
    study = set(places.loc[places["role"] == "study", "gm_code"])
    years = tuple(scenario.years.pathway)
    heat = heat[heat["gm_code"].isin(study) & heat["year"].isin(years)]
    peak = {s: max(float(f[p].max()) for f in profiles.values()) for s, p in PROFILE.items()}
    lines: list[Line] = []
    for case, plan in made:
        lines += _network_lines(case, plan)
    for year in years:
        rows = heat[heat["year"] == year]
        lines += _individual_lines(tables, scenario, rows, peak, year)
        lines += _connection_lines(tables, scenario, rows, peak, year)
        lines += _fuel_lines(tables, scenario, study, profiles, prices, year)
        lines += _storyline_lines(tables, scenario, study, peak, prices, year)
    table = pd.DataFrame(lines, columns=[*COST_KEYS[2:], "keur"])
    table = table[table["keur"].abs() > 1e-9].groupby(COST_KEYS[2:], as_index=False)[["keur"]].sum()
    table["cost_meur_per_year"] = table["keur"] / 1e3
    rate, when = scenario.economics.discount_rate_per_year, scenario.years
    weight = dict(zip(years, period_weights(years, when.tail_years, rate, when.base).tolist(), strict=True))
    table["cost_meur_npv"] = table["cost_meur_per_year"] * table["year"].map(weight)
    table["storyline"], table["variant"] = scenario.storyline, scenario.variant
    return table[[*COST_KEYS, "cost_meur_per_year", "cost_meur_npv"]]


def _network_lines(case: HeatCase, plan: Plan) -> Iterator[Line]:
    parts = plan_costs(case, plan)
    codes = case.networks["gm_code"].astype(str).to_numpy()
    kinds = {
        "source": (case.sources, "source_id", "network"),
        "store": (case.stores, "source_id", "network"),
        "pipe": (case.pipes, "pipe_id", "network1"),  # a transport pipe serves the network at its end
    }
    for p, year in enumerate(case.years):
        for kind, (table, key, at) in kinds.items():
            for i, row in enumerate(table.to_dict("records")):
                place = (str(row["payer"]), str(row[key]), str(codes[int(row[at])]))
                yield year, "capex", CLASS[kind], *place, float(parts[f"{kind}_capex"][p, i])
                yield year, "fixed_om", CLASS[kind], *place, float(parts[f"{kind}_fixed_om"][p, i])
                if kind == "source":
                    yield year, "operating", "heat_source", *place, float(parts["operating"][p, i])
        short = np.atleast_1d(parts["unserved"][p])
        for network, code, keur in zip(case.networks["network_id"], codes, short, strict=True):
            yield year, "unserved", "heat_source", CUSTOMER, str(network), str(code), float(keur)


def _individual_lines(
    tables: Tables, scenario: Scenario, heat: pd.DataFrame, peak: Mapping[str, float], year: int
) -> Iterator[Line]:
    rate = scenario.economics.discount_rate_per_year
    over = tables.assumption("individual_heating_oversize")
    boiler = _yearly(tables, "home_gas_boiler", year, rate)
    air, ground = (_yearly(tables, f"home_heat_pump_{kind}", year, rate) for kind in ("air", "ground"))
    summed = heat.groupby(["gm_code", "sector", "technology"], as_index=False)[["heat_mwh"]].sum()
    for code, sector, kind, amount in summed.itertuples(index=False, name=None):
        share = tables.assumption(f"heat_pump_ground_share_{'homes' if sector == 'homes' else 'buildings'}")
        pump = tuple((1 - share) * a + share * g for a, g in zip(air, ground, strict=True))
        part = tables.assumption("hybrid_pump_share") if kind == "hybrid" else 1.0
        size = float(amount) * peak[sector]
        for number, category in enumerate(("capex", "fixed_om")):
            per_mw = {
                "boiler": over * boiler[number],
                "hybrid": over * boiler[number] + part * air[number],
                "electric": over * pump[number],
            }.get(kind, 0.0)
            yield year, category, "individual_heating", OWNER[sector], "", str(code), size * per_mw


def _yearly(tables: Tables, name: str, year: int, rate: float) -> tuple[float, float]:
    """Return annuity and upkeep, kEUR per MW and year."""
    invest, upkeep, life = (technology(tables, name, p, year) for p in ("investment", "fixed_om", "lifetime"))
    return invest * annuity_factor(rate, life), invest * upkeep


def _connection_lines(
    tables: Tables, scenario: Scenario, heat: pd.DataFrame, peak: Mapping[str, float], year: int
) -> Iterator[Line]:
    """Distribution pipes by the number of homes on networks (services by their heat), and connections."""
    district = heat[heat["technology"] == "district"]
    district = district.groupby(["gm_code", "sector"], as_index=False)[["heat_mwh"]].sum()
    homes = tables["regions/municipalities"]["dwellings"].astype(float).sum()
    per_home = float(heat.loc[heat["sector"] == "homes", "heat_mwh"].sum()) / homes if homes else 0.0
    rate = scenario.economics.discount_rate_per_year

    def yearly(asset: str, option: str, keur: float, category: str) -> float:
        if category == "capex":
            return keur * annuity_factor(rate, infrastructure(tables, asset, option, "lifetime"))
        return keur * infrastructure(tables, asset, option, "fixed_om")

    for code, sector, amount in district.itertuples(index=False, name=None):
        if sector == "agriculture" or per_home <= 0:
            continue  # greenhouses take over their own connection; no public figure
        like_homes = float(amount) / per_home
        km = like_homes * tables.assumption("heat_distribution_m_per_home") / 1e3
        pipes = 1e3 * infrastructure(tables, "heat_pipe", "distribution_pipe_mt", "investment") * km
        option = "home" if sector == "homes" else "services"
        units = like_homes / 1e3 if sector == "homes" else float(amount) * peak["services"]
        joined = infrastructure(tables, "heat_connection", option, "investment") * units
        for category in ("capex", "fixed_om"):
            yield (
                year,
                category,
                "heat_distribution",
                COMPANY,
                "",
                str(code),
                yearly("heat_pipe", "distribution_pipe_mt", pipes, category),
            )
            yield (
                year,
                category,
                "heat_connection",
                COMPANY,
                "",
                str(code),
                yearly("heat_connection", option, joined, category),
            )


def _fuel_lines(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    study: set[str],
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
    year: int,
) -> Iterator[Line]:
    """Fuel of boilers and heat pumps at the national price, mean of the weather years."""
    rows = storyline_rows(tables, scenario)
    rows = rows[(rows["year"] == year) & rows["gm_code"].isin(study) & rows["sector"].isin(ROWS)]
    gas = {
        "methane": gas_price(tables, year),
        "hydrogen": tables.assumption(f"hydrogen_price_{year}_eur_per_mwh"),
    }
    summed = rows.groupby(["gm_code", "carrier", "sector"], as_index=False)[["volume_mwh"]].sum()
    for code, carrier, sector, volume in summed.itertuples(index=False, name=None):
        if carrier == "electricity":
            if sector not in ELECTRIC_PROFILE:
                continue
            shape = ELECTRIC_PROFILE[sector]
            price = np.mean(
                [frame[shape] @ electricity_price(prices[w], year) for w, frame in profiles.items()]
            )
        else:
            used = PROFILE[ROWS[sector][0]]
            price = gas[carrier] * np.mean([float(frame[used].sum()) for frame in profiles.values()])
        yield (
            year,
            "operating",
            "individual_heating",
            OWNER[ROWS[sector][0]],
            "",
            str(code),
            float(volume) * float(price) / 1e3,
        )


def _storyline_lines(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    study: set[str],
    peak: Mapping[str, float],
    prices: Mapping[int, pd.DataFrame],
    year: int,
) -> Iterator[Line]:
    """Give sources and fuel of networks that use what the storyline states: large heat pumps and boilers.

    Each is sized for its share of the heat at the peak of homes; electricity counts at the mean price.
    """
    rows = storyline_rows(tables, scenario)
    rows = rows[(rows["year"] == year) & rows["gm_code"].isin(study) & rows["sector"].eq(DISTRICT_ROW)]
    rate = scenario.economics.discount_rate_per_year
    price = {
        "electricity": float(np.mean([electricity_price(frame, year).mean() for frame in prices.values()])),
        "methane": gas_price(tables, year),
        "hydrogen": tables.assumption(f"hydrogen_price_{year}_eur_per_mwh"),
    }
    for code, carrier, volume in (
        rows.groupby(["gm_code", "carrier"], as_index=False)[["volume_mwh"]]
        .sum()
        .itertuples(index=False, name=None)
    ):
        name = "district_heat_pump_air" if carrier == "electricity" else "district_gas_boiler"
        heat_mw = float(volume) * technology(tables, name, "efficiency", year) * peak["homes"]
        rates = _yearly(tables, name, year, rate)
        for category, per_mw in zip(("capex", "fixed_om"), rates, strict=True):
            yield year, category, "heat_source", COMPANY, "", str(code), heat_mw * per_mw
        fuel = float(volume) * price[str(carrier)] / 1e3
        yield year, "operating", "heat_source", COMPANY, "", str(code), fuel
