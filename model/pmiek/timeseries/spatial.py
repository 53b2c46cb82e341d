"""How much lower the joint peak of parks is when they do not all see the weather of one station."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pmiek.timeseries.build import raw_profiles
from pmiek.timeseries.settings import read_settings

SHAPES: Final = (
    "solar_field_existing",
    "solar_field_gross",
    "solar_roof",
    "wind_onshore",
    "wind_onshore_existing",
)
HIGHEST_HOURS: Final = 100
COLUMNS: Final = [
    "weather_year", "profile", "peak_one", "peak_mean", "peak_change_pct", "highest_hours_change_pct",
    "correlation",
]  # fmt: skip


def spatial_spread(
    tables: Any, scenario: Any, other_station: str, years: Sequence[int] | None = None
) -> pd.DataFrame:
    """Compare output at the scenario's weather station with the mean of two stations.

    Half of the parks at each station is the simplest spread there is. The stations lie about 50 km apart, so
    the mean is an upper bound of the joint peak of parks that are spread over the whole province.

    Parameters
    ----------
    tables, scenario
        As :func:`pmiek.timeseries.build_profiles`.
    other_station : str
        Folder below ``inputs/weather``.
    years : sequence of int, optional
        Weather years; all that both stations have when left out.

    Returns
    -------
    DataFrame
        weather_year, profile, peak_one and peak_mean (MW per MW installed, highest hour), peak_change_pct,
        highest_hours_change_pct (mean of the 100 highest hours), correlation of the hours.
    """
    station = scenario.weather.station
    if years is None:
        years = sorted(_measured(tables.root, station) & _measured(tables.root, other_station))
    settings, rows = read_settings(tables, scenario), []
    for year in years:
        here, there = (raw_profiles(tables.root, place, year, settings) for place in (station, other_station))
        for name in SHAPES:
            one, mean = here[name].to_numpy(float), (here[name] + there[name]).to_numpy(float) / 2
            high = [np.sort(values)[-HIGHEST_HOURS:].mean() for values in (one, mean)]
            rows.append(
                (
                    year,
                    name,
                    one.max(),
                    mean.max(),
                    100 * (mean.max() / one.max() - 1),
                    100 * (high[1] / high[0] - 1),
                    float(np.corrcoef(one, there[name])[0, 1]),
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _measured(root: Path, station: str) -> set[int]:
    return {int(path.stem) for path in (root / "weather" / station).glob("[0-9]*.parquet")}
