"""Windows of the year: days and weeks that begin in the night, so that an evening and its night are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Ints

#: Days begin at 03:00 UTC (04:00 or 05:00 local): what is moved from an evening may go to its night.
DAY_BEGINS_UTC: Final = 3
HOURS_PER_DAY: Final = 24
HOURS_PER_WEEK: Final = 168
#: Four days, about as far as the weather can be foreseen.
LOOK_AHEAD_HOURS: Final = 96
#: The same for stations that are solved together: their limits on the high-voltage grid end with the week.
JOINT_LOOK_AHEAD_HOURS: Final = 48


def day_of_hour(hours: int) -> tuple[Ints, Ints]:
    """Day of each hour, and the first hour of each day; the first day is short."""
    day: Ints = (np.arange(hours, dtype=np.int64) + HOURS_PER_DAY - DAY_BEGINS_UTC) // HOURS_PER_DAY
    return day, np.flatnonzero(np.diff(day, prepend=-1))


def week_starts(hours: int) -> tuple[int, ...]:
    """Boundaries of the weeks, both ends of the year included; the last week holds what is left over."""
    if hours <= HOURS_PER_WEEK + DAY_BEGINS_UTC:
        return (0, hours)
    inner = range(DAY_BEGINS_UTC + HOURS_PER_WEEK, hours - HOURS_PER_WEEK + 1, HOURS_PER_WEEK)
    return (0, *inner, hours)


def per_week(hit: Bools, starts: tuple[int, ...]) -> Bools:
    """Whether a row has a marked hour in each week (rows × weeks)."""
    return np.logical_or.reduceat(hit, list(starts[:-1]), axis=1)
