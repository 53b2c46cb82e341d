"""Bring the electricity of other carriers to the stations, as connections with hourly shapes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.connections.demand.spread import by_service_area

if TYPE_CHECKING:
    from pmiek.optimise.carriers.contract import HourlyLoad


def with_load(
    who: pd.DataFrame,
    profiles: pd.DataFrame,
    load: HourlyLoad | None,
    moment: tuple[int, int],
    service_areas: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the electric load of other carriers to who hangs on which station.

    Parameters
    ----------
    who : DataFrame
        From :func:`pmiek.connections.demand.connections`.
    profiles : DataFrame
        Hours × profiles, MW per MWh.
    load : HourlyLoad or None
        Rows without a station go by the service area of their municipality.
    moment : (int, int)
        Year of the storyline and weather year.
    service_areas : DataFrame
        gm_code, station_id, load_share.

    Returns
    -------
    (DataFrame, DataFrame)
        The connections with a row per series (its energy of this weather year as volume), and the profiles
        with a column per series.

    Notes
    -----
    =========  =========  ======  ===========  ====================
    gm_code    sector     kind    volume_mwh   profile
    =========  =========  ======  ===========  ====================
    GM0001     heat_pump  demand  8760         carrier_0_demand
    =========  =========  ======  ===========  ====================
    """
    if load is None or load.rows.empty:
        return who, profiles
    rows = load.rows.reset_index(drop=True)
    now = (rows["year"] == moment[0]) & (rows["weather_year"] == moment[1])
    made, shapes = [], {}
    for number, row in rows[now].iterrows():
        series = load.mw[int(str(number))]
        for kind, part in (("demand", np.maximum(series, 0.0)), ("supply", np.maximum(-series, 0.0))):
            volume = float(part.sum())
            if volume <= 0:
                continue
            profile = f"carrier_{number}_{kind}"
            shapes[profile] = part / volume
            made.append(
                {
                    "station_id": str(row["station_id"]),
                    "gm_code": str(row["gm_code"]),
                    "kind": kind,
                    "sector": str(row["sector"]),
                    "profile": profile,
                    "volume_mwh": volume,
                    "capacity_mw": float(part.max()),
                    "switchable_share": 0.0,
                }
            )
    if not made:
        return who, profiles
    table = pd.DataFrame(made)
    here = table["station_id"] != ""
    spread = by_service_area(table[~here].drop(columns="station_id"), service_areas, "load_share")
    both = pd.concat([who, table[here], spread[who.columns]], ignore_index=True)
    return both, pd.concat([profiles, pd.DataFrame(shapes, index=profiles.index)], axis=1)
