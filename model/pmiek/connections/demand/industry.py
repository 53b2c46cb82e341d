"""Industry: province totals per sector, spread over known sites and, for the rest, over floor area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand.spread import OUTSIDE, by_service_area, by_sites, scale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmiek.inputs import Tables


def spread_industry(
    rows: pd.DataFrame, tables: Tables, service_areas: pd.DataFrame, stations: Iterable[str]
) -> pd.DataFrame:
    """Spread the province's industry by sector: known sites first, the rest by services floor area.

    Parameters
    ----------
    rows : DataFrame
        Columns sector, volume_mwh, capacity_mw and others (no gm_code).
    tables : Tables
        Reads ``demand/industry_sites`` and ``regions/municipalities``.
    service_areas : DataFrame
        Service areas in force: gm_code, station_id, load_share.
    stations : iterable of str
        Stations of this grid.

    Returns
    -------
    DataFrame
        The rows with gm_code and station_id; sums per sector unchanged.
    """
    sites = tables["demand/industry_sites"]
    in_grid = sites["station_id"].isin({*stations, OUTSIDE})
    at_station = _placed(rows, sites.loc[in_grid, ["sector", "gm_code", "station_id", "share"]])
    elsewhere = _placed(rows, sites.loc[~in_grid, ["sector", "gm_code", "share"]])
    _, rest = by_sites(rows, sites.assign(station_id=OUTSIDE), ["sector"], ())
    rest = rest.merge(_floor_area_shares(tables["regions/municipalities"]), how="cross")
    rest = scale(rest, rest["share"]).drop(columns="share")
    by_area = by_service_area(pd.concat([elsewhere, rest], ignore_index=True), service_areas, "load_share")
    return pd.concat([at_station, by_area], ignore_index=True)


def _placed(rows: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    merged = rows.merge(sites, on="sector", how="inner")
    return scale(merged, merged["share"]).drop(columns="share")


def _floor_area_shares(municipalities: pd.DataFrame) -> pd.DataFrame:
    study = municipalities[municipalities["role"] == "study"]
    area = study["services_floor_area_m2"].fillna(0.0)
    return pd.DataFrame({"gm_code": study["gm_code"], "share": area / area.sum()}).query("share > 0")


def follow_industry(rows: pd.DataFrame, industry: pd.DataFrame) -> pd.DataFrame:
    """Place province totals that belong to industry (own CHP, e-boilers) where industry takes off.

    Parameters
    ----------
    rows : DataFrame
        Province totals without a place: kind, sector, profile, volume_mwh, capacity_mw.
    industry : DataFrame
        Spread industry demand: gm_code, station_id, volume_mwh.

    Returns
    -------
    DataFrame
        The rows with gm_code and station_id by the industry's share of electricity per place.
    """
    place = industry.groupby(["gm_code", "station_id"], as_index=False)["volume_mwh"].sum()
    place = place.assign(place_share=place["volume_mwh"] / place["volume_mwh"].sum()).drop(
        columns="volume_mwh"
    )
    merged = rows.drop(columns="gm_code", errors="ignore").merge(place, how="cross")
    return scale(merged, merged["place_share"]).drop(columns="place_share")
