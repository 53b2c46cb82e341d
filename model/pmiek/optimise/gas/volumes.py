"""Yearly methane per area: demand by sector, and green gas by plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand.energy import municipal_energy
from pmiek.network import grid_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.optimise.carriers import HourlyLoad

CARRIER = "methane"
GREEN = "green_gas"
SMALL = "small producers"
INDUSTRY = "industry_"
NATIONAL_SECTORS = ("natural_gas",)
#: Boilers of heat networks that a heat plan runs.
NETWORKS = "heat_networks"
SMALLEST_MWH = 1e-9


def yearly_volumes(tables: Tables, scenario: Scenario, year: int) -> pd.DataFrame:
    """Return what each study municipality uses and makes of methane in a weather-normal year.

    Returns
    -------
    DataFrame
        gm_code, carrier, category (demand, supply), sector, profile, volume_mwh.
    """
    grid = grid_state(tables, scenario, "frozen", year)
    return municipal_energy(tables, scenario, year, grid, carriers=(CARRIER,))


def demand_by_area(tables: Tables, volumes: pd.DataFrame) -> pd.DataFrame:
    """Put demand on distribution areas; a share of industry is taken from the grid above.

    Parameters
    ----------
    tables : Tables
        Reads gas/areas, gas/area_shares and assumption ``industry_gas_40_bar_share``.
    volumes : DataFrame
        From :func:`yearly_volumes`.

    Returns
    -------
    DataFrame
        area_id, gm_code, sector, profile, volume_mwh; adds to the demand of the volumes.
    """
    rows = volumes[volumes["category"] == "demand"].merge(
        tables["gas/area_shares"][["gm_code", "area_id", "share"]], on="gm_code"
    )
    rows = rows.assign(volume_mwh=rows["volume_mwh"] * rows["share"])
    parent = tables["gas/areas"].set_index("area_id")["parent_id"]
    above = tables.assumption("industry_gas_40_bar_share")
    industry = rows[rows["sector"].str.startswith(INDUSTRY)]
    up = industry.assign(
        area_id=industry["area_id"].map(parent).fillna(industry["area_id"]),
        volume_mwh=industry["volume_mwh"] * above,
    )
    here = industry.assign(volume_mwh=industry["volume_mwh"] * (1.0 - above))
    rest = rows[~rows["sector"].str.startswith(INDUSTRY)]
    table = pd.concat([rest, here, up], ignore_index=True)
    keys = ["area_id", "gm_code", "sector", "profile"]
    summed: pd.DataFrame = table.groupby(keys, dropna=False)[["volume_mwh"]].sum().reset_index()
    return summed


def demand_of_networks(
    tables: Tables, load: HourlyLoad, profiles: Mapping[int, pd.DataFrame]
) -> tuple[pd.DataFrame, dict[int, pd.DataFrame]]:
    """Put the methane of heat networks on distribution areas, with a profile for every year and municipality.

    Parameters
    ----------
    tables : Tables
        Reads gas/area_shares.
    load : HourlyLoad
        Methane that networks take, MW.
    profiles : mapping of int to DataFrame
        Shapes per weather year, MW per MWh.

    Returns
    -------
    rows : DataFrame
        year, area_id, gm_code, sector, profile, volume_mwh (mean of the weather years).
    profiles : dict of int to DataFrame
        Those handed in, with a column per row added.
    """
    names = [
        f"{NETWORKS} {code} {year}"
        for code, year in zip(load.rows["gm_code"], load.rows["year"], strict=True)
    ]
    made = load.rows.assign(profile=names, volume_mwh=load.mw.sum(axis=1) / max(len(profiles), 1))
    yearly = made.groupby(["year", "gm_code", "profile"], as_index=False)[["volume_mwh"]].sum()
    total = yearly.set_index("profile")["volume_mwh"].clip(lower=SMALLEST_MWH).to_dict()
    columns: dict[int, dict[str, Floats]] = {weather_year: {} for weather_year in profiles}
    for weather_year, name, mw in zip(made["weather_year"], names, load.mw, strict=True):
        columns[int(weather_year)][name] = columns[int(weather_year)].get(name, 0.0) + mw / total[name]
    known = {w: frame.assign(**columns[w]) for w, frame in profiles.items()}
    rows = yearly.merge(tables["gas/area_shares"][["gm_code", "area_id", "share"]], on="gm_code")
    rows = rows.assign(sector=NETWORKS, volume_mwh=rows["volume_mwh"] * rows["share"])
    return rows[["year", "area_id", "gm_code", "sector", "profile", "volume_mwh"]], known


def green_gas_by_plant(tables: Tables, volumes: pd.DataFrame, year: int) -> pd.DataFrame:
    """Spread the green gas of each municipality over its known plants, the rest over small producers.

    Plants come in the order of their first year, each up to what is known of it; a plant of which the volume
    or the year is not known takes nothing. What is left stands on the distribution areas and is flagged.

    Parameters
    ----------
    tables : Tables
        Reads gas/plants, gas/area_shares and assumption ``methane_kwh_per_m3``.
    volumes : DataFrame
        From :func:`yearly_volumes`.
    year : int
        Calendar year.

    Returns
    -------
    DataFrame
        plant_id (``small producers`` for the rest), area_id, gm_code, sector, profile, volume_mwh, quality.
    """
    made = volumes[(volumes["category"] == "supply") & volumes["sector"].str.startswith(GREEN)]
    plants = tables["gas/plants"]
    plants = plants[(plants["first_year"] <= year) & plants["million_m3_per_year"].notna()]
    plants = plants.sort_values(["first_year", "plant_id"])
    mwh_per_million = tables.assumption("methane_kwh_per_m3") * 1e3
    shares = tables["gas/area_shares"]
    parts = []
    for row in made.to_dict("records"):
        left = float(row["volume_mwh"])
        same = {"gm_code": row["gm_code"], "sector": row["sector"], "profile": row["profile"]}
        here = plants[plants["gm_code"] == row["gm_code"]] if row["sector"] == GREEN else plants.head(0)
        for plant in here.to_dict("records"):
            amount = min(left, float(plant["million_m3_per_year"]) * mwh_per_million)
            left -= amount
            known = {"plant_id": plant["plant_id"], "area_id": plant["area_id"], "quality": plant["quality"]}
            parts.append({**same, **known, "volume_mwh": amount})
        for area in shares[shares["gm_code"] == row["gm_code"]].to_dict("records"):
            rest = {"plant_id": SMALL, "area_id": area["area_id"], "quality": "assumed"}
            parts.append({**same, **rest, "volume_mwh": left * float(area["share"])})
    columns = ["plant_id", "area_id", "gm_code", "sector", "profile", "volume_mwh", "quality"]
    table = pd.DataFrame(parts, columns=columns)
    return table[table["volume_mwh"] > 0].reset_index(drop=True)


def other_supply(tables: Tables, volumes: pd.DataFrame) -> pd.DataFrame:
    """Place what is no green gas: natural gas on the national grid, by-products on the regional one.

    Returns
    -------
    DataFrame
        area_id, gm_code, sector, profile, volume_mwh.
    """
    rows = volumes[(volumes["category"] == "supply") & ~volumes["sector"].str.startswith(GREEN)]
    areas = tables["gas/areas"].set_index("area_id")
    national = areas.index[areas["parent_id"].isna()][0]
    first = tables["gas/area_shares"].drop_duplicates("gm_code").set_index("gm_code")["area_id"]
    regional = rows["gm_code"].map(first).map(areas["parent_id"]).fillna(national)
    where = regional.where(~rows["sector"].isin(NATIONAL_SECTORS), national)
    return rows.assign(area_id=where)[["area_id", "gm_code", "sector", "profile", "volume_mwh"]]
