"""Peaks of one weather year after another, without keeping the hours: what a distribution is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from model.screening.ready import Screened, hourly_net_load, peaks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.screening.screen import RunKey

WEATHER_LOADING: Final = [
    "asset_id", "direction", "contingency", "limit_mw", "peak_mw", "loading_pct", "exceedance_mw", "hours",
    "energy_mwh",
]  # fmt: skip


def weather_loading(
    ready: Screened,
    connections: pd.DataFrame,
    profiles: pd.DataFrame,
    key: RunKey,
    *,
    extra_capacity_mw: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Screen one weather year for its peaks only.

    Parameters
    ----------
    ready : Screened
        Prepared grid.
    connections, profiles
        Who hangs where; hours × profiles.
    key : RunKey
        What this stands for.
    extra_capacity_mw : mapping, optional
        asset_id to MW added to its limits.

    Returns
    -------
    DataFrame
        grid_state, storyline, year, weather_year and the columns ``WEATHER_LOADING``: one row per asset and
        direction, for the fault state with the highest loading; assets that can be a bottleneck only.
    """
    table = peaks(ready, hourly_net_load(ready, connections, profiles), extra_capacity_mw)
    shown_only = table["asset_id"].isin(ready.information) | ~ready.counts(table)
    return worst_rows(table[~shown_only], key)


def worst_rows(table: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    """Keep the fault state with the highest loading of each asset and direction.

    Parameters
    ----------
    table : DataFrame
        Rows of :func:`model.screening.loading.peak_table` or ``loading``; without those that are information.
    key : RunKey
        What it stands for.
    """
    if "is_information" in table:
        table = table[~table["is_information"].astype(bool)]
    table = table.sort_values("loading_pct", ascending=False, kind="stable")
    table = table.drop_duplicates(["asset_id", "direction"])[WEATHER_LOADING].reset_index(drop=True)
    run = ("grid_state", "storyline", "year", "weather_year")
    table = table.assign(**{name: getattr(key, name) for name in run})
    return table[[*run, *WEATHER_LOADING]]
