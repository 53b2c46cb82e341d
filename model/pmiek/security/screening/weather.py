"""Peaks of one weather year after another, without keeping the hours: what a distribution is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.security.screening.ready import Screened, hourly_net_load, peaks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.security.screening.net_load import NetLoad
    from pmiek.security.screening.screen import RunKey

CURTAILED: Final = "curtailed"
PRICE_FOLLOWING: Final = "price-following"
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
    return _worst_of(ready, hourly_net_load(ready, connections, profiles), key, extra_capacity_mw)


def market_loading(
    ready: Screened,
    connections: pd.DataFrame,
    profiles: pd.DataFrame,
    key: RunKey,
    *,
    dispatch: pd.DataFrame,
    curtailed_share: Mapping[str, Floats],
) -> pd.DataFrame:
    """Screen one weather year as the national market would have it, for its peaks only.

    Parameters
    ----------
    ready, connections, profiles, key
        As :func:`weather_loading`.
    dispatch : DataFrame
        Hours × ``unit_<technology>``: national dispatch, MW per MW installed, consumption positive.
    curtailed_share : mapping
        Profile name to hourly fraction of generation that the market curtails.

    Returns
    -------
    DataFrame
        As :func:`weather_loading`, with ``market``: ``curtailed`` (generation less what the market curtails)
        and ``price-following`` (all flexible capacity follows the national price, nothing is curtailed).
    """
    shapes = with_dispatch(profiles, dispatch)
    kept = hourly_net_load(ready, connections, shapes, curtailed_share=curtailed_share)
    following = hourly_net_load(ready, connections, shapes, price_following=True)
    parts = [
        _worst_of(ready, load, key).assign(market=name)
        for name, load in ((CURTAILED, kept), (PRICE_FOLLOWING, following))
    ]
    return pd.concat(parts, ignore_index=True)


def with_dispatch(profiles: pd.DataFrame, dispatch: pd.DataFrame) -> pd.DataFrame:
    """Put the national dispatch per MW (``unit_<technology>``) beside the profiles of the same hours."""
    names = [str(name) for name in dispatch.columns if str(name).startswith("unit_")]
    return pd.concat([profiles, dispatch[names].set_axis(profiles.index)], axis=1)


def _worst_of(
    ready: Screened, load: NetLoad, key: RunKey, extra_capacity_mw: Mapping[str, float] | None = None
) -> pd.DataFrame:
    table = peaks(ready, load, extra_capacity_mw)
    shown_only = table["asset_id"].isin(ready.information) | ~ready.counts(table)
    return worst_rows(table[~shown_only], key)


def worst_rows(table: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    """Keep the fault state with the highest loading of each asset and direction.

    Parameters
    ----------
    table : DataFrame
        Rows of :func:`pmiek.security.screening.loading.peak_table` or ``loading``; without those that are information.
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
