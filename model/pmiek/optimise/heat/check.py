"""The base year beside published figures, and useful heat by kind of dwelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.optimise.heat.useful import storyline_rows, useful_heat

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

#: Published quantity -> (carrier, rows of demand/municipal) or the sector of district heat.
GAS_ROWS = {
    "gas_homes": ("households", "households_boiler", "households_hybrid_heat_pump"),
    "gas_services": ("buildings", "buildings_boiler", "buildings_hybrid_heat_pump"),
    "gas_agriculture": ("agriculture",),
    "gas_agriculture_chp": ("agriculture_chp",),
}
HEAT_SECTOR = {f"network_heat_{sector}": sector for sector in ("homes", "services", "agriculture")}
OF_ALL_HOMES = "all"


def heat_check(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Compare gas and district heat of the base year with the published figures; nothing is tuned to them.

    Returns
    -------
    DataFrame
        gm_code, quantity, published_year, published_mwh, base_year, model_mwh, difference_mwh,
        difference_pct (of the published figure; empty where that is nil), quality, note.
    """
    published = tables["validation/heat_2023"]
    base = scenario.years.base
    rows = storyline_rows(tables, scenario)
    rows = rows[(rows["year"] == base) & (rows["carrier"] == "methane")]
    heat = useful_heat(tables, scenario)
    heat = heat[(heat["year"] == base) & (heat["technology"] == "district")]

    def modelled(code: str, quantity: str) -> float:
        if quantity in HEAT_SECTOR:
            own = heat[(heat["gm_code"] == code) & (heat["sector"] == HEAT_SECTOR[quantity])]
            return float(own["heat_mwh"].sum())
        chosen = rows["gm_code"].eq(code) & rows["sector"].isin(GAS_ROWS.get(quantity, ()))
        return float(rows.loc[chosen, "volume_mwh"].sum())

    table = published.rename(columns={"year": "published_year", "value_mwh": "published_mwh"})
    pairs = zip(table["gm_code"], table["quantity"], strict=True)
    table = table.assign(base_year=base, model_mwh=[modelled(code, quantity) for code, quantity in pairs])
    table["difference_mwh"] = table["model_mwh"] - table["published_mwh"]
    known = table["published_mwh"].where(table["published_mwh"] > 0)
    table["difference_pct"] = 100 * table["difference_mwh"] / known
    columns = ["gm_code", "quantity", "published_year", "published_mwh", "base_year", "model_mwh"]
    return table[[*columns, "difference_mwh", "difference_pct", "quality", "note"]].reset_index(drop=True)


def heat_demand_table(tables: Tables, scenario: Scenario) -> pd.DataFrame:
    """Write useful heat of the study area, homes divided by type and insulation class.

    The division is that of the published space heat per type and period of today's dwellings; it does not
    change with the years, as the storylines say nothing about renovation per type.

    Returns
    -------
    DataFrame
        storyline, variant, year, gm_code, sector, technology, dwelling_type, insulation_class (good, fair,
        poor), heat_mwh. Type and class are ``all`` where there is no division.
    """
    places = tables["regions/municipalities"]
    heat = useful_heat(tables, scenario)
    heat = heat[heat["gm_code"].isin(places.loc[places["role"] == "study", "gm_code"])]
    shares = dwelling_shares(tables)
    homes = heat[heat["sector"] == "homes"].merge(shares, on="gm_code", how="left")
    homes["heat_mwh"] *= homes["share"].fillna(1.0)
    table = pd.concat([homes, heat[heat["sector"] != "homes"]], ignore_index=True)
    for column in ("dwelling_type", "insulation_class"):
        table[column] = table[column].fillna(OF_ALL_HOMES)
    keys = ["year", "gm_code", "sector", "technology", "dwelling_type", "insulation_class"]
    summed = table.groupby(keys, as_index=False)[["heat_mwh"]].sum()
    summed.insert(0, "storyline", scenario.storyline)
    summed.insert(1, "variant", scenario.variant)
    return summed


def dwelling_shares(tables: Tables) -> pd.DataFrame:
    """Return the share of space heat per municipality, type and insulation class; they add to 1."""
    table = tables["heat/dwellings"]
    good, poor = (tables.assumption(f"insulation_{kind}_kwh_per_m2") for kind in ("good", "poor"))
    use = table["space_heat_kwh_per_m2"]
    label = pd.Series("fair", index=table.index).mask(use <= good, "good").mask(use > poor, "poor")
    table = table.assign(insulation_class=label)
    keys = ["gm_code", "dwelling_type", "insulation_class"]
    summed = table.groupby(keys, as_index=False)[["share_of_space_heat"]].sum()
    total = summed.groupby("gm_code")["share_of_space_heat"].transform("sum")
    shares: pd.DataFrame = summed.assign(share=summed["share_of_space_heat"] / total)
    return shares[[*keys, "share"]]
