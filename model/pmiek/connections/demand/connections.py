"""Connections: every MWh and MW of a storyline's year on the station where it is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.connections.demand.industry import follow_industry, neighbour_industry, spread_industry
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

    Homes, services, farms, industry, roofs, field solar and wind follow their own shares of the service areas
    in force; parks, known plants and industrial sites go to their own station. The rest of industry goes over
    the municipalities by their published industrial electricity, or by floor area of services. Neighbouring
    municipalities are included as far as they hang on this grid. What does not hang on medium voltage
    (``served_as`` outside in the registry) is left out.

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
        (``municipal``, ``industry``, or ``neighbour`` for large users outside the study area that come on top
        of the storyline); parameters as :func:`connections`.
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
    rows = rows.fillna({"station_id": "", "served_as": ""})
    rows[["volume_mwh", "capacity_mw"]] = rows[["volume_mwh", "capacity_mw"]].astype(float).fillna(0.0)
    in_province = rows["gm_code"] == ""
    municipal = _spread_municipal(rows[~in_province], tables, grid).assign(origin="municipal")
    industry = _demand_rows(of_year(tables["demand/industry"], storyline, year, CARRIER), sectors)
    industry = industry.assign(capacity_mw=industry["capacity_mw"].fillna(0.0)).drop(columns="gm_code")
    stations = grid.stations["station_id"]
    beyond = neighbour_industry(industry, tables, stations).assign(origin="neighbour")
    industry = spread_industry(industry, tables, grid.service_areas, stations)
    own = follow_industry(rows[in_province].drop(columns=["station_id", "served_as"]), industry)
    return pd.concat([municipal, industry.assign(origin="industry"), own.assign(origin="industry"), beyond])


def _demand_rows(rows: pd.DataFrame, sectors: pd.DataFrame) -> pd.DataFrame:
    named = rows.rename(columns={"peak_mw": "capacity_mw"})
    if "gm_code" not in named:
        named = named.assign(gm_code="")
    return with_profile(named, sectors, CARRIER, "demand")[ROWS]


def _spread_municipal(rows: pd.DataFrame, tables: Tables, grid: GridState) -> pd.DataFrame:
    """Put rows on the station they name, on that of a known plant, or spread them by their kind of user."""
    named = rows["station_id"].isin({*grid.stations["station_id"], OUTSIDE})
    points, rows = rows[named], rows[~named].drop(columns="station_id")
    sites = tables["supply/sites"].rename(columns={"technology": "sector"})
    is_demand = rows["kind"] == "demand"
    at_sites, rest = by_sites(rows[~is_demand], sites, ["gm_code", "sector"], grid.stations["station_id"])
    rest = pd.concat([rows[is_demand], rest], ignore_index=True)
    columns = share_columns(rest, tables["profiles/sectors"], grid.service_areas)
    rest = rest.drop(columns="served_as")
    parts = [points.drop(columns="served_as"), at_sites.drop(columns="served_as")]
    for column in sorted(columns.unique()):
        part = rest[(columns == column).to_numpy()]
        if column == OUTSIDE:
            parts.append(part.assign(station_id=OUTSIDE))
        else:
            parts.append(by_service_area(part, grid.service_areas, column))
    return pd.concat(parts, ignore_index=True)


def share_columns(rows: pd.DataFrame, sectors: pd.DataFrame, service_areas: pd.DataFrame) -> pd.Series:
    """Choose by which share of the service areas each row is spread.

    Parameters
    ----------
    rows : DataFrame
        kind, sector and, if some rows say it themselves, served_as.
    sectors : DataFrame
        Registry: ``served_as`` names a kind of user, or ``outside`` for what does not hang on medium
        voltage; without it ``connection`` decides between load and field.
    service_areas : DataFrame
        Columns ``<kind>_share``; a kind that is not there, or not filled, follows load or field.

    Returns
    -------
    Series
        Column name, or ``outside``; aligned with ``rows``.
    """
    registry = sectors[sectors["carrier"] == CARRIER]
    keys = ["kind", "sector"]
    if "served_as" not in registry:
        registry = registry.assign(served_as=np.nan)
    known = rows[keys].merge(registry[[*keys, "connection", "served_as"]], on=keys, how="left")
    known = known.set_axis(rows.index)
    on_field = (known["connection"] == "field").to_numpy()
    default = pd.Series(np.where(on_field, "field_share", "load_share").astype(str), index=rows.index)
    kind = known["served_as"].fillna("").astype(str)
    if "served_as" in rows:
        kind = rows["served_as"].where(rows["served_as"] != "", kind)
    filled = {str(c) for c in service_areas if str(c).endswith("_share") and service_areas[c].notna().any()}
    chosen = (kind + "_share").where((kind + "_share").isin(filled), default)
    return chosen.where(kind != OUTSIDE, OUTSIDE)


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
