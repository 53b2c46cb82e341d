"""Yearly energy per municipality, carrier and sector: the rows from which balances are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand.connections import CARRIER, spread_all
from pmiek.connections.demand.industry import spread_industry
from pmiek.inputs.select import of_year

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState

COLUMNS = ["gm_code", "carrier", "category", "sector", "profile", "volume_mwh"]


def municipal_energy(
    tables: Tables,
    scenario: Scenario,
    year: int,
    grid: GridState,
    carriers: Iterable[str] = ("electricity", "hydrogen", "methane"),
) -> pd.DataFrame:
    """Return what each study municipality uses and makes in a weather-normal year.

    Electricity comes from the same spreading as the screening, what hangs on stations outside the modelled
    grid included. Industry of the other carriers goes to the same sites as its electricity (assumed).

    Parameters
    ----------
    tables : Tables
        Checked inputs.
    scenario : Scenario
        Storyline.
    year : int
        Calendar year.
    grid : GridState
        Service areas in force.
    carriers : iterable of str
        Carriers to return.

    Returns
    -------
    DataFrame
        gm_code, carrier, category (demand, supply), sector, profile, volume_mwh (positive); study
        municipalities only.
    """
    parts = []
    for carrier in carriers:
        if carrier == CARRIER:
            rows = spread_all(tables, scenario, scenario.storyline, year, grid)
            rows = rows[rows["kind"] != "flexibility"].rename(columns={"kind": "category"})
        else:
            rows = _of_carrier(tables, scenario.storyline, year, carrier, grid)
        parts.append(rows.assign(carrier=carrier)[COLUMNS])
    table = pd.concat(parts, ignore_index=True)
    places = tables["regions/municipalities"]
    study = set(places.loc[places["role"] == "study", "gm_code"])
    table = table[table["gm_code"].isin(study) & (table["volume_mwh"] > 0)]
    summed: pd.DataFrame = table.groupby(COLUMNS[:-1], dropna=False)[["volume_mwh"]].sum().reset_index()
    return summed


def _of_carrier(tables: Tables, storyline: str, year: int, carrier: str, grid: GridState) -> pd.DataFrame:
    demand = of_year(tables["demand/municipal"], storyline, year, carrier).assign(category="demand")
    supply = of_year(tables["supply/municipal"], storyline, year, carrier)
    supply = supply.rename(columns={"technology": "sector"}).assign(category="supply")
    industry = of_year(tables["demand/industry"], storyline, year, carrier)
    industry = industry.rename(columns={"peak_mw": "capacity_mw"}).assign(category="demand")
    placed = spread_industry(
        industry.drop(columns="gm_code", errors="ignore"),
        tables,
        grid.service_areas,
        grid.stations["station_id"],
    )
    rows = pd.concat([demand, supply, placed], ignore_index=True)
    sectors = tables["profiles/sectors"]
    shape = sectors.loc[sectors["carrier"] == carrier, ["kind", "sector", "profile"]]
    shape = shape.rename(columns={"kind": "category"})
    return rows.drop(columns="profile", errors="ignore").merge(shape, on=["category", "sector"], how="left")


def spread_over_municipalities(amounts_mwh: pd.Series, who: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Spread an amount per station over the municipalities and sectors that hang on it.

    Parameters
    ----------
    amounts_mwh : Series
        MWh per year by station_id.
    who : DataFrame
        From :func:`pmiek.connections.demand.connections`.
    kind : str
        ``demand`` for what is not served; ``supply`` for what is curtailed (generation that can be switched
        off first, roofs only where there is nothing else).

    Returns
    -------
    DataFrame
        gm_code, sector, energy_mwh; sums to the amounts of stations that have such rows.
    """
    rows = who[who["kind"] == kind].copy()
    rows["weight"] = rows["volume_mwh"]
    if kind == "supply":
        switchable = rows["volume_mwh"] * rows["switchable_share"]
        any_switchable = switchable.groupby(rows["station_id"]).transform("sum") > 0
        rows["weight"] = switchable.where(any_switchable, rows["volume_mwh"])
    total = rows.groupby("station_id")["weight"].transform("sum")
    amount = rows["station_id"].map(amounts_mwh).fillna(0.0)
    rows["energy_mwh"] = (amount * rows["weight"] / total.where(total > 0)).fillna(0.0)
    table: pd.DataFrame = rows.groupby(["gm_code", "sector"])[["energy_mwh"]].sum().reset_index()
    return table.loc[table["energy_mwh"] > 0].reset_index(drop=True)
