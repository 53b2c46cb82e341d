from __future__ import annotations

import pytest
from pmiek.timeseries import calendar_frame


def test_leap_year_has_8760_hours_and_no_29_february():
    frame = calendar_frame(2012)
    assert len(frame) == 8760
    # hour 1416 is 1 March 00:00 UTC, 01:00 in the Netherlands; 1 March 2012 was a Thursday
    assert frame.loc[1416, ["month", "hour_local", "weekday"]].tolist() == [3, 1, 3]


@pytest.mark.parametrize(
    ("hour", "local"),
    [
        (2015, 0),  # 26 March 2023, 23:00 UTC the evening before
        (2016, 1),
        (2017, 3),  # the clock jumps over 2
        (7224, 2),  # 29 October 2023
        (7225, 2),  # 2 o'clock comes twice
        (7226, 3),
    ],
)
def test_daylight_saving(hour, local):
    assert calendar_frame(2023).loc[hour, "hour_local"] == local


def test_holidays_count_as_sunday_and_weekdays_are_the_years_own():
    frame = calendar_frame(2019)
    noon = {"new year": 12, "easter monday 22 April": 111 * 24 + 12, "king's day 27 April": 116 * 24 + 12}
    assert {name: frame.loc[hour, "day_type"] for name, hour in noon.items()} == dict.fromkeys(noon, "sunday")
    assert frame.loc[5 * 24 + 12, "day_type"] == "sunday"  # 6 January 2019
    assert frame.loc[4 * 24 + 12, "day_type"] == "saturday"
    assert frame.loc[7 * 24 + 12, "day_type"] == "weekday"


def test_last_hour_of_the_year_is_new_years_day_in_local_time():
    last = calendar_frame(2022).iloc[-1]
    assert (last["month"], last["hour_local"], last["day_type"]) == (1, 0, "sunday")
