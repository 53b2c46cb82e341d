"""Useful heat per municipality, sector and technology, derived from the fuel rows of a storyline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.optimise.solve.costs import technology
from pmiek.timeseries import heat_sums

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

KEYS = ["year", "gm_code", "sector", "technology"]
#: Sector of the heat tables -> first part of the sector names in demand/municipal.
PREFIX = {"homes": "households", "services": "buildings", "agriculture": "agriculture"}
#: Demand rows that make heat: sector name -> (heat sector, technology).
ROWS = {
    "households_boiler": ("homes", "boiler"),
    "households_hybrid_heat_pump": ("homes", "hybrid"),
    "households_heat_pump": ("homes", "electric"),
    "buildings_boiler": ("services", "boiler"),
    "buildings_hybrid_heat_pump": ("services", "hybrid"),
    "buildings_heat_pump": ("services", "electric"),
    "agriculture": ("agriculture", "boiler"),
    "agriculture_chp": ("agriculture", "chp"),
}
DISTRICT_ROW = "district_heat"
#: Rows of carrier heat by which a changed or planned district heat demand is carried in demand/municipal.
HEAT_ROWS = {f"{prefix}_district_heat": sector for sector, prefix in PREFIX.items()}
GASES = ("methane", "hydrogen")


@dataclass(frozen=True)
class Performance:
    """Seasonal heat per unit of electricity, from the weather of the reference years.

    Attributes
    ----------
    electric : dict of str to float
        Electric heat pumps per sector (homes, services), their element included.
    hybrid : dict of str to float
        The heat pump of hybrids.
    hybrid_pump_share : dict of str to float
        Share of a hybrid's heat that comes from its heat pump.
    """

    electric: dict[str, float]
    hybrid: dict[str, float]
    hybrid_pump_share: dict[str, float]


def performance(tables: Tables, scenario: Scenario) -> Performance:
    """Return the seasonal performance of heat pumps that the hourly profiles imply.

    Heat is the sum of the heat shape, electricity that of the heat-pump shape of the same building stock
    (model/pmiek/timeseries/heat.py), both over the reference years.
    """
    sums = heat_sums(tables, scenario)
    electric, hybrid, share = {}, {}, {}
    for sector in ("homes", "services"):
        heat, left = sums[f"heat_{sector}"], sums[f"gas_heat_hybrid_{sector}"]
        electric[sector] = float(heat / sums[f"heat_pump_electric_{sector}"])
        hybrid[sector] = float((heat - left) / sums[f"heat_pump_hybrid_{sector}"])
        share[sector] = float(1 - left / heat)
    return Performance(electric, hybrid, share)


def row_factors(tables: Tables, year: int, pumps: Performance) -> dict[tuple[str, str], float]:
    """Return useful heat per MWh of fuel by (sector of the demand row, carrier) in a year."""
    boiler = technology(tables, "home_gas_boiler", "efficiency", year)
    chp = technology(tables, "gas_chp", "efficiency", year)
    chp_heat = chp / technology(tables, "gas_chp", "back_pressure_ratio", year)
    factors = {(row, gas): boiler for row in ROWS for gas in GASES}
    factors |= {("agriculture_chp", gas): chp_heat for gas in GASES}
    for sector, prefix in (("homes", "households"), ("services", "buildings")):
        factors[f"{prefix}_heat_pump", "electricity"] = pumps.electric[sector]
        factors[f"{prefix}_hybrid_heat_pump", "electricity"] = pumps.hybrid[sector]
    return factors


def district_factors(tables: Tables, year: int) -> dict[str, float]:
    """Return district heat, as it arrives, per MWh of fuel in the storyline's district rows."""
    gas = technology(tables, "district_gas_boiler", "efficiency", year)
    arrives = 1 - tables.assumption("heat_network_loss_share")
    arrives /= 1 - tables.assumption("district_heat_direct_share")
    pump = technology(tables, "district_heat_pump_air", "efficiency", year)
    return {"electricity": pump * arrives, "methane": gas * arrives, "hydrogen": gas * arrives}


def useful_heat(tables: Tables, scenario: Scenario, pumps: Performance | None = None) -> pd.DataFrame:
    """Derive useful heat from the rows of the storyline.

    Parameters
    ----------
    tables : Tables
        Reads demand/municipal (rows of carrier heat count as they are), costs/technologies, assumptions.
    scenario : Scenario
        Storyline; the base year is shared by all storylines.
    pumps : Performance, optional
        From :func:`performance`; made here when absent.

    Returns
    -------
    DataFrame
        year, gm_code, sector (homes, services, agriculture), technology (boiler, hybrid, electric, chp,
        district), heat_mwh in a weather-normal year; every municipality of the table. Electricity of
        greenhouses is not divided into heat and light, so heat pumps there are not seen.

    Notes
    -----
    Boiler: gas times efficiency. Heat pump: electricity times seasonal performance. Hybrid: the sum of both.
    District: the rows give no heat and no division over sectors; heat is electricity and gas times the
    efficiency of large heat pumps and boilers less distribution loss, divided over homes and services by
    their other heat.
    """
    pumps = pumps or performance(tables, scenario)
    rows = storyline_rows(tables, scenario)
    years = sorted(int(y) for y in rows["year"].unique())
    factor = {(year, *key): f for year in years for key, f in row_factors(tables, year, pumps).items()}
    own = rows[rows["sector"].isin(ROWS)].copy()
    keys = zip(own["year"], own["sector"], own["carrier"], strict=True)
    own["heat_mwh"] = own["volume_mwh"] * [factor.get((int(y), s, c), 0.0) for y, s, c in keys]
    own["technology"] = own["sector"].map({row: kind for row, (_, kind) in ROWS.items()})
    own["sector"] = own["sector"].map({row: sector for row, (sector, _) in ROWS.items()})
    own = own.groupby(KEYS, as_index=False)[["heat_mwh"]].sum()
    stated = rows[rows["sector"].isin(HEAT_ROWS)].assign(technology="district")
    stated = stated.assign(sector=stated["sector"].map(HEAT_ROWS), heat_mwh=stated["volume_mwh"])
    parts = [own, stated[[*KEYS, "heat_mwh"]], _district(rows, own, tables)]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=[*KEYS, "heat_mwh"]).astype({"heat_mwh": float})
    table = pd.concat(filled, ignore_index=True)
    table = table.groupby(KEYS, as_index=False, sort=True)[["heat_mwh"]].sum()
    kept: pd.DataFrame = table[table["heat_mwh"] > 0].reset_index(drop=True)
    return kept


def storyline_rows(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Return the demand rows of the storyline, with the base year that all storylines share."""
    demand = tables["demand/municipal"]
    base = (demand["storyline"] == scenario.years.base_storyline) & (demand["year"] == scenario.years.base)
    later = (demand["storyline"] == scenario.storyline) & (demand["year"] != scenario.years.base)
    chosen: pd.DataFrame = demand[base | later]
    return chosen


def _district(rows: pd.DataFrame, own: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    fuel = rows[rows["sector"] == DISTRICT_ROW].copy()
    if fuel.empty:
        return pd.DataFrame(columns=[*KEYS, "heat_mwh"])
    per_year = {int(year): district_factors(tables, int(year)) for year in fuel["year"].unique()}
    fuel["heat_mwh"] = fuel["volume_mwh"] * [
        per_year[int(y)][c] for y, c in zip(fuel["year"], fuel["carrier"], strict=True)
    ]
    heat = fuel.groupby(["year", "gm_code"], as_index=False)[["heat_mwh"]].sum()
    weights = own[own["sector"].isin(["homes", "services"])]
    weights = weights.groupby(["year", "gm_code", "sector"], as_index=False)[["heat_mwh"]].sum()
    weights = weights.rename(columns={"heat_mwh": "weight"})
    table = heat.merge(weights, on=["year", "gm_code"], how="left")
    table["sector"] = table["sector"].fillna("services")
    table["weight"] = table["weight"].fillna(1.0)
    total = table.groupby(["year", "gm_code"])["weight"].transform("sum")
    table["heat_mwh"] *= table["weight"] / total
    made: pd.DataFrame = table.assign(technology="district")[[*KEYS, "heat_mwh"]]
    return made
