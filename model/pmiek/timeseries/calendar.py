"""Calendar of a weather year: UTC hours, local time with daylight saving, weekdays and holidays."""

from __future__ import annotations

from functools import lru_cache

import holidays
import pandas as pd

HOURS_PER_YEAR = 8760
LOCAL_ZONE = "Europe/Amsterdam"
DAY_TYPES = ("weekday", "saturday", "sunday")


def utc_hours(year: int) -> pd.DatetimeIndex:
    """Return the starts of the 8,760 UTC hours of a year; 29 February is left out.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    DatetimeIndex
        Time-zone aware; element 0 is 1 January 00:00 UTC.
    """
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h", tz="UTC")
    return hours[~((hours.month == 2) & (hours.day == 29))]


@lru_cache(maxsize=64)
def _calendar(year: int) -> pd.DataFrame:
    local = utc_hours(year).tz_convert(LOCAL_ZONE)
    days_off = holidays.country_holidays("NL", years=[year, year + 1])
    is_holiday = pd.Series(local.date).isin(list(days_off.keys())).to_numpy()
    frame = pd.DataFrame(
        {"month": local.month, "hour_local": local.hour, "weekday": local.weekday, "is_holiday": is_holiday},
        index=pd.RangeIndex(HOURS_PER_YEAR, name="hour"),
    )
    in_leap_year = local.is_leap_year & (local.dayofyear > 60)  # local 29 February is day 60
    frame["day_of_year"] = local.dayofyear - in_leap_year.astype(int)
    frame["day_type"] = "weekday"
    frame.loc[frame["weekday"] == 5, "day_type"] = "saturday"
    frame.loc[(frame["weekday"] == 6) | frame["is_holiday"], "day_type"] = "sunday"
    return frame


def calendar_frame(year: int) -> pd.DataFrame:
    """Local calendar of every UTC hour of a year.

    Parameters
    ----------
    year : int
        Weather year; its own weekdays and holidays are used.

    Returns
    -------
    DataFrame
        Index ``hour`` 0..8759 (UTC); columns month (1-12, local), hour_local (0-23), weekday (0 Monday),
        is_holiday, day_of_year (1-365, local, without 29 February), day_type (weekday, saturday or sunday;
        a holiday counts as sunday). The last hours of
        31 December UTC already belong to 1 January in local time and keep that date.
    """
    return _calendar(year).copy()
