"""In which interval a limit must lie when the peaks are known and words about them are published."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pmiek.results.bottlenecks.status import AVAILABLE, LIMITED, SHORTAGE, STUDY, Thresholds

#: A limit that is known to better than this part of itself counts as disclosed.
CLOSEST = 0.20
POOLED = ("asset_id", "direction", "grid_state", "year")


def limit_intervals(rows: pd.DataFrame) -> Iterator[tuple[str, str, float, float]]:
    """Give the interval of the limit of each asset and direction.

    Parameters
    ----------
    rows : DataFrame
        asset_id, peak_mw, limit_mw, loading_pct, ``word`` as published, and ``exceeded``: whether a published
        table shows the row as exceeded (NA if none tells).

    Yields
    ------
    asset, direction : str
    low, high : float
        MW; infinite where no word bounds it.
    """
    if "direction" not in rows:
        rows = rows.assign(direction="")
    pooled = [name for name in POOLED if name in rows]
    # A pooled word is about the highest loading of its group; of the others only that they are lower is known.
    worst = rows[rows["loading_pct"] == rows.groupby(pooled, dropna=False)["loading_pct"].transform("max")]
    for asset, direction in rows[["asset_id", "direction"]].drop_duplicates().itertuples(index=False):
        mine, every = (f[(f["asset_id"] == asset) & (f["direction"] == direction)] for f in (worst, rows))
        low, high = _interval(mine, every)
        yield str(asset), str(direction), low, high


def relative_width(low: float, high: float) -> float:
    """Width of an interval over its middle; infinite when one side is open."""
    return (high - low) / ((high + low) / 2) if low > 0 and np.isfinite(high) else np.inf


def _interval(worst: pd.DataFrame, every: pd.DataFrame) -> tuple[float, float]:
    """Cut the interval with every row; limits of one asset move together, so all are brought to the largest."""
    low, high = 0.0, np.inf
    at = Thresholds()
    full = float(every["limit_mw"].max())
    for peak, limit, word in zip(worst["peak_mw"], worst["limit_mw"], worst["word"], strict=True):
        scaled = float(peak) * full / float(limit) if limit > 0 else np.nan
        if not np.isfinite(scaled):
            continue
        if word == AVAILABLE:
            low = max(low, scaled * 100 / at.limited_from_pct)
        elif word == LIMITED:
            low, high = max(low, scaled), min(high, scaled * 100 / at.limited_from_pct)
        elif word in {STUDY, SHORTAGE}:
            high = min(high, scaled)
    return _by_presence(every, full, low, high)


def _by_presence(every: pd.DataFrame, full: float, low: float, high: float) -> tuple[float, float]:
    told = every[every["exceeded"].notna() & (every["limit_mw"] > 0)]
    scaled = told["peak_mw"] * full / told["limit_mw"]
    over = told["exceeded"].astype(bool)
    if over.any():
        high = min(high, float(scaled[over].min()))
    within = scaled[~over & (scaled < high)]
    if over.any() and len(within):
        low = max(low, float(within.max()))
    return low, high
