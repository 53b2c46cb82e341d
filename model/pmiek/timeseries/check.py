"""Compare the peak that our shapes give with the peak that the storylines publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = [
    "storyline",
    "year",
    "sector",
    "profile",
    "weather_year",
    "volume_mwh",
    "published_mw",
    "modelled_peak_mw",
    "deviation_pct",
]


def profile_check(tables: Any, profiles: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Highest hour per sector of the study municipalities together, beside the published peak.

    The published figure is each sector's own yearly peak, of an unstated weather year, added over
    municipalities.

    Parameters
    ----------
    tables : Tables
        Needs demand/municipal, regions/municipalities and profiles/sectors.
    profiles : mapping of int to DataFrame
        Profiles per weather year, MW per MWh.

    Returns
    -------
    DataFrame
        storyline, year, sector, profile, weather_year, volume_mwh, published_mw, modelled_peak_mw,
        deviation_pct; one row per storyline, year, sector and weather year, for electricity demand that has
        a published peak.
    """
    places = tables["regions/municipalities"]
    study = places.loc[places["role"] == "study", "gm_code"]
    demand = tables["demand/municipal"]
    demand = demand[(demand["carrier"] == "electricity") & demand["gm_code"].isin(study)]
    sums = (
        demand.groupby(["storyline", "year", "sector"], as_index=False)[["volume_mwh", "peak_mw"]]
        .sum()
        .rename(columns={"peak_mw": "published_mw"})
    )
    sectors = tables["profiles/sectors"]
    chosen = sectors[(sectors["carrier"] == "electricity") & (sectors["kind"] == "demand")]
    sums = sums.merge(chosen[["sector", "profile"]], on="sector", how="inner")
    parts = []
    for weather_year, frame in profiles.items():
        part = sums[sums["profile"].isin(frame.columns)].copy()
        part["weather_year"] = weather_year
        part["modelled_peak_mw"] = part["volume_mwh"] * part["profile"].map(frame.max())
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    result = pd.concat(parts, ignore_index=True)
    published = result["published_mw"].where(result["published_mw"] > 0)
    result["deviation_pct"] = 100.0 * (result["modelled_peak_mw"] / published - 1.0)
    ordered: pd.DataFrame = result[COLUMNS].sort_values(
        ["storyline", "year", "sector", "weather_year"], ignore_index=True
    )
    return ordered
