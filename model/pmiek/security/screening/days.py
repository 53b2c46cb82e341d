"""Hour by day: the loading of every local hour of a year, kept for the heaviest case of each asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Bools, Floats, Ints

DAYS: Final = 365
NO_HOUR: Final = "x"
DAY_COLUMNS: Final = ["asset_id", "direction", "max_loading_pct", "hour_local", "loading_pct_by_day"]


def day_table(
    keys: pd.DataFrame, loading: Floats, day_of_year: Ints, hour_local: Ints, chosen: Bools
) -> pd.DataFrame:
    """Give the loading of every local hour of the year, a row per asset, direction and hour of the day.

    Parameters
    ----------
    keys, loading
        From :func:`pmiek.security.screening.loading.worst_of_contingencies`.
    day_of_year, hour_local : ndarray
        Local calendar of each hour: 1 to 365, 0 to 23. Of two hours with the same local time (end of
        daylight saving) the heavier counts.
    chosen : ndarray of bool
        Rows to keep.

    Returns
    -------
    DataFrame
        asset_id, direction, max_loading_pct (highest of the year), hour_local, loading_pct_by_day (text: 365
        whole percentages with a space between; ``x`` for a local hour that is not there, as at the start of
        daylight saving).
    """
    rows: list[tuple[str, str, float, int, str]] = []
    cell = hour_local * DAYS + day_of_year - 1
    for row in np.flatnonzero(chosen):
        asset, direction = keys["asset_id"].iloc[row], keys["direction"].iloc[row]
        percent = np.full(24 * DAYS, -1.0)
        np.maximum.at(percent, cell, np.rint(100.0 * loading[row]))
        top = float(100.0 * loading[row].max())
        for hour, line in enumerate(percent.astype(int).reshape(24, DAYS).tolist()):
            text = " ".join(NO_HOUR if value < 0 else str(value) for value in line)
            rows.append((asset, direction, top, hour, text))
    return pd.DataFrame(rows, columns=DAY_COLUMNS)


def heaviest_days(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Keep per asset and direction the case with the highest loading; of equals the first.

    Parameters
    ----------
    parts : sequence of DataFrame
        :func:`day_table` with the columns of a run; a part holds one or more cases.

    Returns
    -------
    DataFrame
        Columns of the parts, 24 rows per asset and direction.
    """
    case = ["asset_id", "direction"]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    run = [*case, "grid_state", "storyline", "variant", "year", "weather_year"]
    runs = table.drop_duplicates(run)
    best = runs.sort_values("max_loading_pct", ascending=False, kind="stable").drop_duplicates(case)
    return table.merge(best[run], on=run).sort_values([*case, "hour_local"], ignore_index=True)
