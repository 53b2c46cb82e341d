"""One series of the need per project: the only source of every sentence, table and indicator about it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.shape import shape_exponent, share_below
from pmiek.decide.projects.tables import text

SERIES_COLUMNS = [
    "project_id", "grid_state", "direction", "storyline", "year", "weather_year", "bottleneck_id",
    "exceedance_mw", "moved_mw", "remaining_mw", "hours", "energy_mwh", "peak_mw", "limit_mw", "season",
    "capacity_sensitive", "counts",
]  # fmt: skip
CASE = SERIES_COLUMNS[:6]
LINE = CASE[:4]
VANISHES = ("vanish", "verdwijn")
FLAT = 1e-6


def vanishing(series: pd.Series) -> pd.Series:
    """Tell per cell whether it says that the need goes with one unit more."""
    words = text(series).str.lower()
    hit = words.str.contains(VANISHES[0], regex=False)
    return hit | words.str.contains(VANISHES[1], regex=False) | words.isin(["true", "yes"])


def needs_series(rows: pd.DataFrame, loading: pd.DataFrame) -> pd.DataFrame:
    """Give the need of every project per grid, direction, storyline, year and weather year.

    A row is one bottleneck in one case: its MW, hours and MWh belong together. Of several assets in one
    project (a corridor and its tee) the hardest in that case is taken, because they are needed together.
    A case that was screened without a shortage has a row of zeros; a case that was not screened has none.

    Parameters
    ----------
    rows : DataFrame
        Bottleneck rows of both grids with ``project_id`` and ``counts`` (whether the row is part of the need
        that the project must answer); the shared base year stands under every storyline.
    loading : DataFrame
        All assets that were screened, the base year under every storyline; may be empty.

    Returns
    -------
    DataFrame
        Columns ``SERIES_COLUMNS``. MW, h/year and MWh/year; ``moved_mw`` is zero
        (:func:`pmiek.decide.projects.relief.relieve` fills it). ``counts`` is false for zeros, and for the
        base year where the shortage ends before the next year that was screened: that is today's shortage,
        and no need of the storyline.
    """
    if rows.empty:
        return pd.DataFrame(columns=SERIES_COLUMNS)
    rows = rows.assign(vanishes=vanishing(rows["capacity_sensitive"]), counts=rows["counts"].astype(bool))
    order = ["counts", "exceedance_mw", "bottleneck_id"]
    hardest = rows.sort_values(order, kind="stable").drop_duplicates(CASE, keep="last").set_index(CASE)
    all_gone = rows.groupby(CASE)["vanishes"].min()
    out = hardest.assign(capacity_sensitive=np.where(all_gone.reindex(hardest.index), "vanishes", "stable"))
    zeros = _without_need(rows, pd.MultiIndex.from_frame(rows[CASE]), loading)
    out = pd.concat([part for part in (out.reset_index(), zeros) if len(part)], ignore_index=True)
    out = out.assign(
        moved_mw=0.0, remaining_mw=out["exceedance_mw"].astype(float), season=text(out["season"])
    )
    out = out.assign(counts=out["counts"].astype(bool) & _lasting(out))
    types: dict[str, type] = {"year": int, "weather_year": int} | dict.fromkeys(SERIES_COLUMNS[7:14], float)
    return out[SERIES_COLUMNS].astype(types).sort_values(CASE, ignore_index=True)


def _without_need(rows: pd.DataFrame, known: pd.MultiIndex, loading: pd.DataFrame) -> pd.DataFrame:
    """Give zeros for the cases in which a project's assets were screened and are within their limit."""
    needed = {"asset_id", "direction", "peak_mw", "limit_mw"}
    if loading.empty or not needed <= set(loading.columns):
        return pd.DataFrame(columns=[*CASE, "counts"])
    assets = rows[["project_id", "asset_id", "direction"]].drop_duplicates()
    seen = loading[loading["grid_state"].isin(rows["grid_state"].unique())]
    seen = assets.merge(seen, on=["asset_id", "direction"])
    seen = seen.assign(headroom=seen["limit_mw"] - seen["peak_mw"]).sort_values("headroom", kind="stable")
    tightest = seen.drop_duplicates(CASE).set_index(CASE)
    tightest = tightest[~tightest.index.isin(known)].reset_index()
    return tightest[[*CASE, "peak_mw", "limit_mw"]].assign(
        bottleneck_id="", exceedance_mw=0.0, hours=0.0, energy_mwh=0.0, season="", capacity_sensitive="",
        counts=False,
    )  # fmt: skip


def _lasting(series: pd.DataFrame) -> pd.Series:
    """Tell per row whether it is later than the base year, or goes on in the next year of its storyline."""
    years = sorted(series["year"].unique())
    if len(years) == 1:
        return pd.Series(data=True, index=series.index)
    following = series[series["year"].eq(years[1]) & series["exceedance_mw"].gt(0)]
    on = pd.MultiIndex.from_frame(series[LINE]).isin(pd.MultiIndex.from_frame(following[LINE]))
    return series["year"].ne(years[0]) | on


def move(series: pd.DataFrame, moved_mw: pd.Series) -> pd.DataFrame:
    """Take load away from the cases of a series, and give what remains of the shortage.

    Hours and energy above the lower curve follow from the exceedance duration curve of
    :func:`pmiek.decide.projects.shape.shape_exponent`: what is left above a level has the same fill.

    Parameters
    ----------
    series : DataFrame
        ``SERIES_COLUMNS``, nothing moved yet.
    moved_mw : Series
        MW per row, at most its exceedance.

    Returns
    -------
    DataFrame
        The series with ``moved_mw``, ``remaining_mw``, and hours and energy of what remains; a row without
        anything left counts no more.
    """
    peak, hours, energy = (series[c].to_numpy(float) for c in ("exceedance_mw", "hours", "energy_mwh"))
    taken = np.minimum(moved_mw.to_numpy(float), peak)
    exponent = shape_exponent(peak, hours, energy)
    left = np.where(peak - taken > FLAT, peak - taken, 0.0)
    hours_left = hours * (1.0 - share_below(taken, peak, exponent))
    touched = taken > 0
    return series.assign(
        moved_mw=taken,
        remaining_mw=left,
        hours=np.where(touched, np.where(left > 0, np.ceil(hours_left), 0.0), hours),
        energy_mwh=np.where(touched, hours_left * left * exponent / (1.0 + exponent), energy),
        counts=series["counts"].astype(bool) & (left > 0),
    )


def counting(series: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that are part of the need that a project must answer."""
    if series.empty:
        return series
    return series[series["counts"].astype(bool) & series["remaining_mw"].gt(0)]
