"""From shortage to stations, cable, space, money and the year in which work must start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.security.screening.settings import FEED_IN, TAKE_OFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import AnyArray, Ints
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.security.mv_lv.settings import Kind, Settings

TABLE: Final = [
    "gm_code", "municipality", "cluster", "asset_id", "asset_class", "storyline", "variant", "year",
    "take_off_peak_mw", "take_off_capacity_mw", "feed_in_peak_mw", "feed_in_capacity_mw", "direction",
    "shortage_mw", "need_mw", "stations_pooled", "stations", "stations_low", "stations_high", "cable_km",
    "space_ha", "cost_meur", "cost_meur_low", "cost_meur_high", "payer", "first_year", "start_by_year",
    "quality",
]  # fmt: skip
SMALL_MW: Final = 1e-6


def stations_needed(  # noqa: PLR0917 - one table each
    peaks: Mapping[int, pd.DataFrame],
    base: pd.DataFrame,
    limits: pd.DataFrame,
    settings: Settings,
    tables: Tables,
    scenario: Scenario,
) -> pd.DataFrame:
    """Size what each municipality needs in each year.

    One set of stations serves both directions, so the larger shortage sets the number::

        need = mismatch x max(0, peak - capacity);  stations = ceil(need / size of one station)

    Parameters
    ----------
    peaks : mapping of int to DataFrame
        Peaks by year, the highest of the weather years, MW: index asset id, columns per direction.
    base, limits : DataFrame
        Base-year peaks and capacity, as ``peaks``.
    settings : Settings
        Sizes, costs and ranges.
    tables : Tables
        Reads ``regions/municipalities``.
    scenario : Scenario
        Reads ``storyline`` and ``years.reference``.

    Returns
    -------
    DataFrame
        Columns ``TABLE`` without ``variant``. ``stations_low`` has the high spare and low mismatch, and lets
        today's stations take off as much as they feed in; ``stations_high`` the low spare and high mismatch.
        ``first_year`` is the first year of shortage in this storyline and ``start_by_year`` that year less
        the lead time, never before the reference year; both empty without shortage.
    """
    towns = tables["regions/municipalities"]
    towns = towns[towns["role"] == "study"].sort_values("gm_code").set_index("gm_code")
    parts = [
        _sized(kind, year, peak, base, limits, settings, towns)
        for kind in settings.kinds
        for year, peak in sorted(peaks.items())
    ]
    table = pd.concat(parts, ignore_index=True).assign(storyline=scenario.storyline, quality="derived")
    short = table[table["shortage_mw"] > SMALL_MW]
    first = table["asset_id"].map(short.groupby("asset_id")["year"].min()).astype(float)
    lead = table["asset_class"].map({kind.asset_class: kind.lead_time_years for kind in settings.kinds})
    start = (first - np.ceil(lead.astype(float))).clip(lower=scenario.years.reference)
    return table.assign(first_year=first, start_by_year=start.where(first.notna()))


def _sized(  # noqa: PLR0917 - one table each
    kind: Kind,
    year: int,
    peak: pd.DataFrame,
    base: pd.DataFrame,
    limits: pd.DataFrame,
    settings: Settings,
    towns: pd.DataFrame,
) -> pd.DataFrame:
    ids = [kind.asset_id(code) for code in towns.index]
    peak, base, limits = peak.loc[ids], base.loc[ids], limits.loc[ids]
    short = peak - limits
    shortage = short.max(axis=1).clip(lower=0.0)
    count = _count(shortage, kind.mismatch.value, kind)
    spare = settings.spare
    scale_low = (1.0 + spare.low) / (1.0 + spare.value)
    shared = base.max(axis=1) * (1.0 + spare.high)
    low = _count((peak.max(axis=1) - shared).clip(lower=0.0), kind.mismatch.low, kind)
    high = (peak - limits * scale_low).max(axis=1).clip(lower=0.0)
    high_count = _count(high, kind.mismatch.high, kind)
    return pd.DataFrame(
        {
            "gm_code": towns.index,
            "municipality": towns["name"].to_numpy(),
            "cluster": towns["cluster"].to_numpy(),
            "asset_id": ids,
            "asset_class": kind.asset_class,
            "year": year,
            "take_off_peak_mw": peak[TAKE_OFF].to_numpy(),
            "take_off_capacity_mw": limits[TAKE_OFF].to_numpy(),
            "feed_in_peak_mw": peak[FEED_IN].to_numpy(),
            "feed_in_capacity_mw": limits[FEED_IN].to_numpy(),
            "direction": np.where(shortage > SMALL_MW, short.idxmax(axis=1), ""),
            "shortage_mw": shortage.to_numpy(),
            "need_mw": shortage.to_numpy() * kind.mismatch.value,
            "stations_pooled": _count(shortage, 1.0, kind),
            "stations": count,
            "stations_low": np.minimum(low, count),
            "stations_high": np.maximum(high_count, count),
            "payer": towns["mv_operator"].fillna("").to_numpy(),
            **_effort(kind, count, np.minimum(low, count), np.maximum(high_count, count)),
        }
    )


def _count(shortage_mw: pd.Series, mismatch: float, kind: Kind) -> Ints:
    units = np.ceil(np.round(shortage_mw.to_numpy(float) * mismatch / kind.size_mw, 6))
    return np.asarray(units, dtype=np.int64)


def _effort(kind: Kind, count: Ints, low: Ints, high: Ints) -> dict[str, AnyArray]:
    """Give cable, space and cost of a number of stations; the ends of the range take the ends of all."""

    def price(end: str) -> float:
        cost, cable, km = (getattr(r, end) for r in (kind.cost_meur, kind.cable_meur_per_km, kind.cable_km))
        return float(cost + cable * km)

    return {
        "cable_km": count * kind.cable_km.value,
        "space_ha": count * kind.space_ha,
        "cost_meur": count * price("value"),
        "cost_meur_low": low * price("low"),
        "cost_meur_high": high * price("high"),
    }
