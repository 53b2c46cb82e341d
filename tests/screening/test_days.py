"""Hour by day: hand-made hours land in the right local hour and day, and the heaviest case is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.security.screening import prepare, screen, screen_many
from pmiek.security.screening.days import day_table
from pmiek.timeseries import calendar_frame
from test_stations import HOMES, TWO_UNITS, flat, profiles

SPRING = 24 * 83  # 25 March 2012, 00:00 UTC: day 84 without 29 February
AUTUMN = 24 * 300  # 28 October 2012, 00:00 UTC: day 301
KEYS = pd.DataFrame({"asset_id": ["A"], "direction": ["take-off"]})


def matrix(table: pd.DataFrame) -> list[list[str]]:
    return [line.split() for line in table.sort_values("hour_local")["loading_pct_by_day"]]


def table_of(loading: np.ndarray, year: int) -> pd.DataFrame:
    calendar = calendar_frame(year)
    columns = (calendar[name].to_numpy() for name in ("day_of_year", "hour_local"))
    return day_table(KEYS, loading[np.newaxis], *columns, np.array([True]))


def test_hours_land_in_their_local_hour_and_day():
    # UTC 00:00 is 01:00 in winter, 12:00 is 14:00 in July; the last UTC hour is 00:00 on 1 January
    loading = flat(0.2, h0=0.31, **{f"h{24 * 185 + 12}": 1.437}, h8759=0.5)
    found = matrix(table_of(loading, 2019))
    expected = np.full((24, 365), "20", dtype=object)
    expected[1, 0], expected[14, 185], expected[0, 0] = "31", "144", "50"
    expected[2, 89] = "x"  # 31 March 2019: 02:00 is skipped
    assert found == expected.tolist()


def test_daylight_saving_skips_one_hour_and_repeats_another():
    loading = flat(
        0.2, **{f"h{SPRING}": 0.3, f"h{SPRING + 1}": 0.4, f"h{AUTUMN}": 0.9, f"h{AUTUMN + 1}": 0.6}
    )
    found = matrix(table_of(loading, 2012))
    assert [found[hour][83] for hour in (0, 1, 2, 3)] == ["20", "30", "x", "40"]
    assert [found[hour][300] for hour in (1, 2, 3)] == ["20", "90", "20"]  # the heavier of two at 02:00
    assert sum(line.count("x") for line in found) == 1


@pytest.mark.parametrize("year", [2012, 2019, 2024])
def test_days_run_to_365_also_in_leap_years(year):
    days = calendar_frame(year)["day_of_year"]
    assert sorted(set(days)) == list(range(1, 366))
    assert days.value_counts().drop([1, 365]).between(23, 25).all()


def run(peak: float, key, **options):
    ready = prepare(tiny.grid(["A"], TWO_UNITS), None, tiny.settings())
    return screen(
        ready, tiny.connections(HOMES), profiles(p=flat(20, h10=peak)), key, every_hour=True, **options
    )


def test_only_the_heaviest_case_of_loaded_assets_is_kept():
    keys = [replace(tiny.KEY, year=year) for year in (2030, 2040, 2050)]
    result = screen_many(run(peak, key) for peak, key in zip((44, 66, 55), keys, strict=True))
    kept = result.day_heatmap
    assert len(kept) == 24
    assert set(kept["year"]) == {2040}
    assert kept["max_loading_pct"].unique() == pytest.approx([150.0])
    assert matrix(kept)[10][0] == "150"


def test_below_the_limit_of_detail_nothing_is_kept():
    below = run(30, tiny.KEY).day_heatmap
    assert below.empty
    assert {"asset_id", "hour_local", "loading_pct_by_day", "storyline"} <= set(below)
