"""Capacity-map status per asset and direction, in the words of the Dutch grid operators' map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

AVAILABLE: Final = "beschikbaar"
LIMITED: Final = "beperkt beschikbaar"
STUDY: Final = "in onderzoek"
SHORTAGE: Final = "tekort"


@dataclass(frozen=True)
class Thresholds:
    """Loading from which a status applies.

    The operators' map gives words, not numbers; these numbers are ours. Above the limit the map says "in
    onderzoek" while it is studied whether congestion management helps: here, while the exceedance is small
    and rare enough that it may.

    Attributes
    ----------
    limited_from_pct : float
        From this loading little room is left.
    shortage_from_pct : float
        From this loading congestion management cannot help.
    shortage_from_hours : int
        Above the limit in more hours than this is a structural shortage.
    """

    limited_from_pct: float = 85.0
    shortage_from_pct: float = 110.0
    shortage_from_hours: int = 500


def capacity_status(
    loading: pd.DataFrame, thresholds: Thresholds | None = None, threshold_pct: float = 100.0
) -> pd.DataFrame:
    """Status of each asset, direction and run.

    Parameters
    ----------
    loading : DataFrame
        ``loading`` of the screening.
    thresholds : Thresholds, optional
        Where each status starts.
    threshold_pct : float
        Loading above which an asset is a bottleneck.

    Returns
    -------
    DataFrame
        asset_id, direction, grid_state, storyline, variant, year, weather_year, loading_pct, hours, status.
    """
    at = thresholds or Thresholds()
    key = ["asset_id", "direction", "grid_state", "storyline", "variant", "year", "weather_year"]
    worst = loading.groupby(key, as_index=False)[["loading_pct", "hours"]].max()
    status = np.select(
        [
            worst["loading_pct"] < at.limited_from_pct,
            worst["loading_pct"] <= threshold_pct,
            (worst["loading_pct"] < at.shortage_from_pct) & (worst["hours"] <= at.shortage_from_hours),
        ],
        [AVAILABLE, LIMITED, STUDY],
        SHORTAGE,
    )
    return worst.assign(status=status)
