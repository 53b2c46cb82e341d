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
    """Spread the province's industry by sector: known sites first, the rest over the municipalities.

    The rest follows the published electricity of industry per municipality, less what its known sites take
    of it in total; where none is published it follows floor area of services.

    Parameters
    ----------
    rows : DataFrame
        Columns sector, volume_mwh, capacity_mw and others (no gm_code).
    tables : Tables
        Reads ``demand/industry_sites`` and ``regions/municipalities``.
    service_areas : DataFrame
        Service areas in force: gm_code, station_id, load_share and, if known, industry_share.
    stations : iterable of str
        Stations of this grid.

    Returns
    -------
    DataFrame
        The rows with gm_code and station_id; sums per sector unchanged.
    """
    towns = tables["regions/municipalities"]
    sites = _study_sites(tables["demand/industry_sites"], towns)
    in_grid = sites["station_id"].isin({*stations, OUTSIDE})
    at_station = _placed(rows, sites.loc[in_grid, ["sector", "gm_code", "station_id", "share"]])
    elsewhere = _placed(rows, sites.loc[~in_grid, ["sector", "gm_code", "share"]])
    _, rest = by_sites(rows, sites.assign(station_id=OUTSIDE), ["sector"], ())
    rest = rest.merge(_municipal_shares(towns), how="cross")
    rest = scale(rest, rest["share"]).drop(columns="share")
    known = "industry_share" in service_areas and service_areas["industry_share"].notna().any()
    column = "industry_share" if known else "load_share"
    by_area = by_service_area(pd.concat([elsewhere, rest], ignore_index=True), service_areas, column)
    return pd.concat([at_station, by_area], ignore_index=True)


def neighbour_industry(rows: pd.DataFrame, tables: Tables, stations: Iterable[str]) -> pd.DataFrame:
    """Give large users outside the study area, which come on top of the province's industry.

    The storylines give industry for the province only. A site in a neighbouring municipality is sized by
    the same table: its share is the ratio of its electricity to that of the sector in the province.

    Parameters
    ----------
    rows, tables, stations
        As :func:`spread_industry`.

    Returns
    -------
    DataFrame
        The rows of those sites with gm_code and station_id.
    """
    sites, towns = tables["demand/industry_sites"], tables["regions/municipalities"]
    beyond = sites[~sites["gm_code"].isin(towns.loc[towns["role"] == "study", "gm_code"])]
    beyond = beyond[beyond["station_id"].isin(set(stations))]
    return _placed(rows, beyond[["sector", "gm_code", "station_id", "share"]])


def _study_sites(sites: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    return sites[sites["gm_code"].isin(towns.loc[towns["role"] == "study", "gm_code"])]


def _placed(rows: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    merged = rows.merge(sites, on="sector", how="inner")
    return scale(merged, merged["share"]).drop(columns="share")


def _municipal_shares(municipalities: pd.DataFrame) -> pd.DataFrame:
    """Share of each study municipality in industry without a known site."""
    study = municipalities[municipalities["role"] == "study"]
    weight = study["services_floor_area_m2"].astype(float).fillna(0.0)
    if "industry_rest_mwh" in study and study["industry_rest_mwh"].notna().any():
        weight = study["industry_rest_mwh"].astype(float).fillna(0.0)
    return pd.DataFrame({"gm_code": study["gm_code"], "share": weight / weight.sum()}).query("share > 0")


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
