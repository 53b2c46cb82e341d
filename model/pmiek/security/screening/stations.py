"""HV/MV transformers: firm take-off, and the two tests for feed-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.security.screening.settings import DIRECTIONS, TAKE_OFF, Settings, factors, summer_hours

if TYPE_CHECKING:
    from pmiek.arrays import Floats
    from pmiek.security.screening.hourly import Builder
    from pmiek.security.screening.net_load import NetLoad


def add_stations(
    builder: Builder, groups: pd.DataFrame, load: NetLoad, settings: Settings, voltage_kv: pd.Series
) -> None:
    """Test every station transformer group in every hour.

    N-0 compares with the sum of all units, N-1 with the sum of all but the largest. Feed-in is judged in two
    tests, as the limits say: the total with all units in, and what remains after switchable generation has
    been tripped with one unit out. A single unit has no N-1 test.

    Parameters
    ----------
    builder : Builder
        Receives the series.
    groups : DataFrame
        From :func:`pmiek.security.screening.assets.station_groups`.
    load : NetLoad
        Hourly power per station.
    settings : Settings
        Limits, seasons, power factors.
    voltage_kv : Series
        Highest voltage per asset_id.
    """
    row = pd.Index(load.stations).get_indexer(pd.Index(groups["station_id"]))
    net, after_trip = load.net_mw, load.after_trip_mw
    hours = net.shape[1]
    season = np.where(summer_hours(settings.summer_months, hours), 0, 1)
    for position, group in zip(row, groups.to_dict("records"), strict=True):
        share = float(group["station_share"])
        asset = str(group["asset_id"])
        series = {
            test: (power[position] * share if position >= 0 else np.zeros(hours))
            for test, power in (("total", net), ("after_trip", after_trip))
        }
        for direction in DIRECTIONS:
            for contingency, test, factor in factors(
                settings, "station_transformer", float(voltage_kv[asset]), direction
            ):
                rating = float(group["gross_mva"] if contingency == "N-0" else group["firm_mva"])
                if rating <= 0:
                    continue
                limit = rating * factor[season] * settings.power_factor(direction)
                out = builder.outage(str(group["largest_unit"])) if contingency == "N-1" else 0
                builder.add((asset, direction, contingency), _part(series[test], direction), limit, out)


def _part(net: Floats, direction: str) -> Floats:
    return np.maximum(net if direction == TAKE_OFF else -net, 0.0)
