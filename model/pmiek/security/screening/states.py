"""What a switching state means: how many bottlenecks, how high, how much above the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.ids import slug
from pmiek.security.screening.loading import lost_load_table
from pmiek.security.screening.ready import Screened, hourly_net_load, peaks
from pmiek.security.screening.settings import TAKE_OFF
from pmiek.security.screening.weather import worst_rows

if TYPE_CHECKING:
    from pmiek.security.screening.screen import RunKey


def state_table(
    ready: Screened, connections: pd.DataFrame, profiles: pd.DataFrame, key: RunKey
) -> pd.DataFrame:
    """Screen a grid for its peaks and count.

    Parameters
    ----------
    ready : Screened
        Grid in one switching state.
    connections, profiles
        Who hangs where; hours × profiles.
    key : RunKey
        What this stands for.

    Returns
    -------
    DataFrame
        One row: grid_state, storyline, year, weather_year, bottlenecks (asset and direction), take_off,
        feed_in (their numbers), worst_loading_pct, worst_asset_id, exceedance_mwh (sum over the assets, in
        the fault state with the highest loading), lost_load_mw (most that a single fault cuts off),
        bottleneck_ids.
    """
    load = hourly_net_load(ready, connections, profiles)
    table = peaks(ready, load)
    shown_only = table["asset_id"].isin(ready.information) | ~ready.counts(table)
    rows = worst_rows(table[~shown_only], key)
    found = rows[rows["loading_pct"] > ready.settings.loading_threshold_pct]
    lost = lost_load_table(ready.flow, load) if ready.flow else pd.DataFrame()
    single = lost[lost["kind"] == "single"] if len(lost) else lost
    take_off = int((found["direction"] == TAKE_OFF).sum())
    pairs = zip(found["asset_id"], found["direction"], strict=True)
    row = {
        "grid_state": key.grid_state,
        "storyline": key.storyline,
        "year": key.year,
        "weather_year": key.weather_year,
        "bottlenecks": len(found),
        "take_off": take_off,
        "feed_in": len(found) - take_off,
        "worst_loading_pct": float(rows["loading_pct"].max()),
        "worst_asset_id": str(rows["asset_id"].iloc[int(rows["loading_pct"].to_numpy().argmax())]),
        "exceedance_mwh": float(found["energy_mwh"].sum()),
        "lost_load_mw": float(single["lost_load_mw"].max()) if len(single) else 0.0,
        "bottleneck_ids": ";".join(sorted(slug(asset, "electricity", way) for asset, way in pairs)),
    }
    return pd.DataFrame([row])
