"""Shapes that the weather does not make: typical days laid along the calendar of a weather year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.timeseries.calendar import DAY_TYPES, HOURS_PER_YEAR

_FILE = "inputs/profiles/typical_days.csv"


def lay_typical_days(typical_days: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Give every hour of the year the value of its month, day type and local hour.

    Parameters
    ----------
    typical_days : DataFrame
        Columns profile, month (1-12), day_type (weekday, saturday, sunday), hour_local (0-23) and value
        (relative, any scale).
    calendar : DataFrame
        From :func:`pmiek.timeseries.calendar.calendar_frame`.

    Returns
    -------
    DataFrame
        Index hour 0..8759, one column per profile, each summing to 1 over the year.

    Raises
    ------
    InputError
        When a profile misses a month, day type or hour that the calendar asks for, or is never positive.
    """
    month = calendar["month"].to_numpy()
    day = calendar["day_type"].map({name: i for i, name in enumerate(DAY_TYPES)}).to_numpy()
    hour = calendar["hour_local"].to_numpy()
    columns: dict[str, np.ndarray] = {}
    problems: list[Problem] = []
    for name, rows in typical_days.groupby("profile", sort=True):
        table = np.full((13, len(DAY_TYPES), 24), np.nan)
        codes = rows["day_type"].map({key: i for i, key in enumerate(DAY_TYPES)}).to_numpy()
        table[rows["month"].to_numpy(), codes, rows["hour_local"].to_numpy()] = rows["value"].to_numpy()
        values = table[month, day, hour]
        missing = int(np.isnan(values).sum())
        total = float(np.nansum(values))
        if missing or total <= 0 or np.nanmin(values) < 0:
            problems.append(
                Problem(
                    _FILE,
                    None,
                    "value",
                    str(name),
                    "a non-negative value for each month, day type and local hour",
                    f"{missing} hours of the year find no value"
                    if missing
                    else "Give at least one positive value.",
                )
            )
            continue
        columns[str(name)] = values / total
    if problems:
        raise InputError(problems)
    return pd.DataFrame(columns, index=pd.RangeIndex(HOURS_PER_YEAR, name="hour"))
