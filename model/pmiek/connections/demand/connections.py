"""Connections: every MWh and MW of a storyline's year on the station where it is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.connections.demand.industry import follow_industry, spread_industry
from pmiek.connections.demand.spread import OUTSIDE, by_service_area, by_sites
from pmiek.connections.supply.generation import ROWS, flexibility_rows, generation_rows, with_profile
from pmiek.inputs.select import of_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState

COLUMNS: Final = [
    "station_id", "gm_code", "kind", "sector", "profile", "volume_mwh", "capacity_mw", "switchable_share",
]  # fmt: skip
CARRIER: Final = "electricity"


def connections(
    tables: Tables,
    scenario: Scenario,
    storyline: str,
    year: int,
    grid: GridState,
    *,
    yields: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return who hangs on which station in one storyline and year.

    Load and roofs follow ``load_share`` of the service areas in force, field solar and wind follow
    ``field_share``, known plants and industrial sites go to their own station, the rest of industry goes by
    services floor area. Neighbouring municipalities are included as far as they hang on this grid.

    Parameters
    ----------
    tables : Tables
        Checked inputs.
    scenario : Scenario
        Read for the yields of the two cohorts of field solar.
    storyline : str
        Storyline id; the base year is shared.
    year : int
        Calendar year.
    grid : GridState
        Reads ``stations`` and ``service_areas``.
    yields : mapping, optional
        MWh per MW of ``solar_field_existing`` and ``solar_field_new``; from the scenario when left out.

    Returns
    -------
    DataFrame
        station_id, gm_code, kind (demand, supply, flexibility), sector, profile, volume_mwh (positive,
        weather-normal year), capacity_mw, switchable_share (fraction of generation that can be switched off
        after a fault); sorted, one row per combination.

    Raises
    ------
    InputError
        If a municipality has no service area or site shares add to more than one.
    ValueError
        If the storyline has no figures for the year.
    """
    rows = spread_all(tables, scenario, storyline, year, grid, yields=yields)
    inside = rows[rows["station_id"] != OUTSIDE]
    return _tidy(inside, tables["profiles/sectors"])


def spread_all(
    tables: Tables,
    scenario: Scenario,
    storyline: str,
    year: int,
    grid: GridState,
    *,
    yields: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Spread everything, including what hangs on stations outside the modelled grid.

    Returns
    -------
    DataFrame
        station_id (or ``outside``), gm_code, kind, sector, profile, volume_mwh, capacity_mw and ``origin``
        (``municipal`` or ``industry``); parameters as :func:`connections`.
    """
    if yields is None:
        from pmiek.connections.demand.yields import field_yields  # noqa: PLC0415  keeps weather code out of light use

        yields = field_yields(tables, scenario)
    sectors = tables["profiles/sectors"]
    demand = of_year(tables["demand/municipal"], storyline, year, CARRIER)
    if demand.empty:
        message = f"storyline {storyline!r} has no municipal demand in {year}"
        raise ValueError(message)
    demand = _demand_rows(demand, sectors)
    supply = generation_rows(tables, storyline, year, yields)
    flexible = flexibility_rows(tables, storyline, year)
    rows = pd.concat([demand[ROWS], supply, flexible], ignore_index=True)
    rows[["volume_mwh", "capacity_mw"]] = rows[["volume_mwh", "capacity_mw"]].astype(float).fillna(0.0)
    in_province = rows["gm_code"] == ""
    municipal = _spread_municipal(rows[~in_province], tables, grid).assign(origin="municipal")
    industry = _demand_rows(of_year(tables["demand/industry"], storyline, year, CARRIER), sectors)
    industry = industry.assign(capacity_mw=industry["capacity_mw"].fillna(0.0))
    stations = grid.stations["station_id"]
    industry = spread_industry(industry.drop(columns="gm_code"), tables, grid.service_areas, stations)
    own = follow_industry(rows[in_province], industry)
    return pd.concat([municipal, industry.assign(origin="industry"), own.assign(origin="industry")])


def _demand_rows(rows: pd.DataFrame, sectors: pd.DataFrame) -> pd.DataFrame:
    named = rows.rename(columns={"peak_mw": "capacity_mw"})
    if "gm_code" not in named:
        named = named.assign(gm_code="")
    return with_profile(named, sectors, CARRIER, "demand")[ROWS]


def _spread_municipal(rows: pd.DataFrame, tables: Tables, grid: GridState) -> pd.DataFrame:
    sites = tables["supply/sites"].rename(columns={"technology": "sector"})
    is_demand = rows["kind"] == "demand"
    at_sites, rest = by_sites(rows[~is_demand], sites, ["gm_code", "sector"], grid.stations["station_id"])
    rest = pd.concat([rows[is_demand], rest], ignore_index=True)
    where = rest.merge(_registry(tables["profiles/sectors"]), on=["kind", "sector"], how="left")["connection"]
    on_field = (where == "field").to_numpy()
    return pd.concat(
        [
            at_sites,
            by_service_area(rest[~on_field], grid.service_areas, "load_share"),
            by_service_area(rest[on_field], grid.service_areas, "field_share"),
        ],
        ignore_index=True,
    )


def _registry(sectors: pd.DataFrame) -> pd.DataFrame:
    return sectors.loc[sectors["carrier"] == CARRIER, ["kind", "sector", "connection", "switchable_share"]]


def _tidy(rows: pd.DataFrame, sectors: pd.DataFrame) -> pd.DataFrame:
    key = ["station_id", "gm_code", "kind", "sector", "profile"]
    summed = rows.groupby(key, as_index=False)[["volume_mwh", "capacity_mw"]].sum()
    summed = summed[(summed["volume_mwh"] != 0) | (summed["capacity_mw"] != 0)]
    share = _registry(sectors)[["kind", "sector", "switchable_share"]]
    named = summed.merge(share, on=["kind", "sector"], how="left")
    named["switchable_share"] = named["switchable_share"].astype(float).fillna(0.0)
    return named[COLUMNS].sort_values(key, ignore_index=True)
