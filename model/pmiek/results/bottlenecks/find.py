"""From loading to bottlenecks: one row per asset, direction, run and year that exceeds its limit."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmiek.results.bottlenecks.capacity import APPEARS, capacity_sensitive
from pmiek.ids import slug

BOTTLENECKS: Final = [
    "bottleneck_id", "asset_id", "asset_name", "asset_class", "carrier", "direction", "station",
    "municipality", "cluster", "operator", "grid_state", "storyline", "variant", "year", "weather_year",
    "contingency", "binding_outage", "limit_mw", "peak_mw", "loading_pct", "exceedance_mw", "hours",
    "energy_mwh", "season", "quality", "capacity_sensitive",
]  # fmt: skip
RUN: Final = ["grid_state", "storyline", "variant", "year", "weather_year"]
NEAR: Final = ["loading_low_pct", "loading_high_pct"]
ELECTRICITY: Final = "electricity"
WINTER_MONTHS: Final = (10, 11, 12, 1, 2, 3)
DAYTIME: Final = range(8, 20)


def find(
    loading: pd.DataFrame,
    factors: pd.DataFrame,
    municipalities: pd.DataFrame,
    *,
    heatmap: pd.DataFrame | None = None,
    threshold_pct: float = 100.0,
    carrier: str = ELECTRICITY,
) -> pd.DataFrame:
    """Return all bottlenecks.

    Parameters
    ----------
    loading : DataFrame
        ``loading`` of the screening, any number of runs.
    factors : DataFrame
        From :func:`pmiek.results.bottlenecks.capacity.capacity_factors`; with a ``grid_state`` and ``year`` column
        if they differ between runs.
    municipalities : DataFrame
        ``regions/municipalities``: gm_code, name.
    heatmap : DataFrame, optional
        ``heatmap`` of the screening, for season and time of day; left out, the peak hour decides.
    threshold_pct : float
        Loading above which an asset is a bottleneck.
    carrier : str
        Energy carrier of rows that do not name one.

    Returns
    -------
    DataFrame
        Columns ``BOTTLENECKS``; one row per bottleneck_id and run, for the contingency with the highest
        loading. ``season`` is ``winter``, ``summer`` or ``all year`` with ``day``, ``night`` or ``all day``.
        Circuits that are information only are left out.
    """
    judged = _judged(loading, factors, municipalities, threshold_pct, carrier)
    found = judged[judged["loading_pct"] > threshold_pct]
    found = found.assign(season=_season(found, heatmap, threshold_pct))
    return found[BOTTLENECKS].sort_values([*RUN, "bottleneck_id"], ignore_index=True)


def with_carrier(loading: pd.DataFrame, carrier: str = ELECTRICITY) -> pd.DataFrame:
    """Name the carrier of every row of a loading table; rows that name none are of ``carrier``."""
    named = loading["carrier"] if "carrier" in loading else pd.Series(carrier, index=loading.index)
    known = named.astype("object").where(named.notna() & named.ne(""), carrier)
    return loading.assign(carrier=known.astype(str))


def near_bottlenecks(
    loading: pd.DataFrame,
    factors: pd.DataFrame,
    municipalities: pd.DataFrame,
    *,
    threshold_pct: float = 100.0,
    carrier: str = ELECTRICITY,
) -> pd.DataFrame:
    """Return assets that would exceed their limit with one size less capacity.

    Parameters and columns as :func:`find` (season is that of the peak hour), plus ``loading_low_pct`` and
    ``loading_high_pct``: the loading with the low and the high capacity.
    """
    judged = _judged(loading, factors, municipalities, threshold_pct, carrier)
    near = judged[judged["capacity_sensitive"] == APPEARS]
    near = near.assign(season=_season(near, None, threshold_pct))
    return near[[*BOTTLENECKS, *NEAR]].sort_values([*RUN, "bottleneck_id"], ignore_index=True)


def bottleneck_shares(bottlenecks: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Attribute each bottleneck to sectors and municipalities.

    Parameters
    ----------
    bottlenecks : DataFrame
        From :func:`find`.
    shares : DataFrame
        ``shares`` of the screening.

    Returns
    -------
    DataFrame
        bottleneck_id, grid_state, storyline, variant, year, weather_year, sector, gm_code, share; adds to 1
        per bottleneck and run.
    """
    key = [*RUN, "asset_id", "direction"]
    merged = bottlenecks[["bottleneck_id", *key]].merge(shares, on=key, how="inner")
    return merged[["bottleneck_id", *RUN, "sector", "gm_code", "share"]]


def bottleneck_margins(bottlenecks: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Give what each of the largest causes of a bottleneck would have to change for it to vanish.

    Parameters
    ----------
    bottlenecks : DataFrame
        From :func:`find`.
    margins : DataFrame
        ``margins`` of the screening.

    Returns
    -------
    DataFrame
        bottleneck_id, grid_state, storyline, variant, year, weather_year, sector, gm_code, share,
        change_needed_mw, change_needed_pct, verdict (``alone`` or ``cannot alone``).
    """
    key = [*RUN, "asset_id", "direction"]
    merged = bottlenecks[["bottleneck_id", *key]].merge(margins, on=key, how="inner")
    numbers = ["share", "change_needed_mw", "change_needed_pct", "verdict"]
    return merged[["bottleneck_id", *RUN, "sector", "gm_code", *numbers]]


def _judged(
    loading: pd.DataFrame,
    factors: pd.DataFrame,
    municipalities: pd.DataFrame,
    threshold_pct: float,
    carrier: str,
) -> pd.DataFrame:
    ours = with_carrier(loading[~loading["is_information"].astype(bool)], carrier)
    per_run = [name for name in ("grid_state", "year") if name in factors]
    if per_run:
        parts = [
            capacity_sensitive(rows, _of_run(factors, per_run, run), threshold_pct)
            for run, rows in ours.groupby(per_run, sort=False)
        ]
        judged = (
            pd.concat(parts, ignore_index=True) if parts else capacity_sensitive(ours, factors, threshold_pct)
        )
    else:
        judged = capacity_sensitive(ours, factors, threshold_pct)
    judged = judged.sort_values("loading_pct", ascending=False, kind="stable")
    judged = judged.drop_duplicates([*RUN, "asset_id", "direction"])
    named = judged[["asset_id", "carrier", "direction"]]
    ids = {part: slug(*part) for part in named.drop_duplicates().itertuples(index=False, name=None)}
    return judged.assign(
        bottleneck_id=[ids[part] for part in named.itertuples(index=False, name=None)],
        municipality=judged["gm_code"].map(municipalities.set_index("gm_code")["name"]),
    )


def _of_run(factors: pd.DataFrame, columns: list[str], run: object) -> pd.DataFrame:
    values = run if isinstance(run, tuple) else (run,)
    chosen = np.logical_and.reduce([factors[c] == v for c, v in zip(columns, values, strict=True)])
    return factors[chosen].drop(columns=columns)


def _season(rows: pd.DataFrame, heatmap: pd.DataFrame | None, threshold_pct: float) -> pd.Series:
    """Season and part of the day in which the limit is exceeded."""
    if heatmap is None or heatmap.empty:
        cells = _peak_cells(rows)
    else:
        cells = heatmap[heatmap["max_loading_pct"] > threshold_pct]
        lacking = ~rows["asset_id"].isin(heatmap["asset_id"])  # other carriers have no heatmap
        if lacking.any():
            cells = pd.concat([cells, _peak_cells(rows[lacking])], ignore_index=True)
    flags = cells.assign(
        winter=cells["month"].isin(WINTER_MONTHS),
        summer=~cells["month"].isin(WINTER_MONTHS),
        day=cells["hour_local"].isin(DAYTIME),
        night=~cells["hour_local"].isin(DAYTIME),
    )
    key = [*RUN, "asset_id", "direction"]
    any_of = flags.groupby(key, as_index=False)[["winter", "summer", "day", "night"]].any()
    merged = rows[key].merge(any_of, on=key, how="left")
    time = merged[["winter", "summer", "day", "night"]].astype("boolean").fillna(value=False).astype(bool)
    season = np.select([time["winter"] & time["summer"], time["winter"]], ["all year", "winter"], "summer")
    part = np.select([time["day"] & time["night"], time["day"]], ["all day", "day"], "night")
    return pd.Series([f"{s}, {p}" for s, p in zip(season, part, strict=True)], index=rows.index, dtype="str")


def _peak_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return month and hour of the peak of each row."""
    month = np.minimum(rows["peak_hour"] // 730 + 1, 12)
    return rows[[*RUN, "asset_id", "direction"]].assign(month=month, hour_local=rows["peak_hour"] % 24)
