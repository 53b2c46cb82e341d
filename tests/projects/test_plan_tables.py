"""Plan dates and slips, announced extensions of unknown size, and waiting lists: tables known by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pmiek.decide.projects.announced import announced_plans, gain_mw
from pmiek.decide.projects.plan_dates import plan_dates
from pmiek.decide.projects.waiting import OWNER, queue_growth, waiting_lists
from pmiek.inputs import read_tables
from pmiek.results.registry import conform

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def tables():
    return read_tables(INPUTS)


def test_the_ledger_tells_the_slip_and_what_holds_a_plan_up(tables):
    dates = conform("plan_dates", plan_dates(tables)).set_index("project_id")
    north = dates.loc["nnon-veenoord-boerdijk"]
    assert (north["first_stated_year"], north["in_service_year"], north["slip_years"]) == (2025, 2034, 9)
    station = dates.loc["don-riegmeer"]
    assert (station["stated_take_off_year"], station["stated_feed_in_year"]) == (2028, 2030)
    assert (station["in_service_year"], station["held_by"]) == (2036, "don-wijster-riegmeer-cable")
    assert dates.loc["don-meppel-noord", "dated_by"] == "programme"
    used = tables["projects/planned"].set_index("project_id")["planned_year_latest"]
    pd.testing.assert_series_equal(
        dates["in_service_year"], used.reindex(dates.index), check_names=False, check_dtype=False
    )


def test_what_a_unit_adds_depends_on_the_direction():
    assert gain_mw([40, 40], [90], "take-off", 1.0) == 40  # 170 - 90 less 80 - 40
    assert gain_mw([40, 40], [90, 90], "take-off", 1.0) == 130
    assert gain_mw([40, 40], [90], "feed-in", 0.5) == 45


def test_an_announced_extension_has_a_range_and_a_size_from_which_it_is_enough(tables):
    short = {
        "grid_state": "nulalternatief", "asset_class": "station_transformer", "asset_id": "VO-110-mv",
        "direction": "take-off", "storyline": "s", "year": [2025, 2035, 2040], "exceedance_mw": [500, 20, 60.0],
    }  # fmt: skip
    made = conform("announced_plans", announced_plans(pd.DataFrame(short), tables))
    row = made[made["direction"] == "take-off"].set_index("project_id").loc["extra-veenoord"]
    assert (row["enough_from_mw"], row["hardest_year"]) == (60, 2040), "2025 is before the plan"
    assert row["gain_one_unit_mw"] < 60 < row["gain_plot_mw"]
    assert row["outcome"] == "what the plot holds"
    feedin = made[made["direction"] == "feed-in"].set_index("project_id").loc["extra-veenoord"]
    assert (feedin["enough_from_mw"], feedin["outcome"]) == (0, "nothing needed")
    assert "don-riegmeer" not in set(made["project_id"])


class Some(dict):
    """Tables by name; those that are not given are absent."""

    def __missing__(self, name):
        raise KeyError(name)


def areas(*rows):
    columns = ["feeding_area_id", "direction", "snapshot_date", "queue_mw", "queue_requests",
               "year_solved_regional", "year_solved_transmission", "transmission_area", "source"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def small():
    nothing = float("nan")
    joins = [("A", "TWO", "assumed"), ("A", "ONE", "published"), ("B", "BEE", "published")]
    given = [
        "station_id",
        "direction",
        "requests",
        "requested_mw",
        "expected_end_year",
        "reference_date",
        "source",
    ]
    return Some(
        {
            "grid/feeding_areas": areas(
                ("A", "take-off", "2026-07-09", 99, 9, 2029, nothing, nothing, "old"),
                ("A", "take-off", "2026-07-30", 30, 4, 2030, nothing, nothing, "new"),
                ("A", "feed-in", "2026-07-30", 10, 2, 2031, 2034, "North", "new"),
                ("B", "take-off", "2026-07-30", 5, 1, 2030, nothing, "North", "new"),
                ("B", "feed-in", "2026-07-30", 7, 1, nothing, 2034, "North", "new"),
            ),
            "grid/area_stations": pd.DataFrame(joins, columns=["feeding_area_id", "station_id", "quality"]),
            "projects/waiting_list": pd.DataFrame(
                [("BEE", "take-off", 3, 8.0, 2032, "2026-09-01", "owner")], columns=given
            ),
            "grid/transformers": pd.DataFrame(
                [("one", "ONE", "station"), ("two", "TWO", "station")],
                columns=["group_id", "station_id", "kind"],
            ),
        }
    )


def test_the_end_is_the_later_of_both_and_blank_is_unknown():
    lists = waiting_lists(small()).set_index(["station_id", "direction"])
    assert "TWO" not in lists.index.get_level_values(0), "one area, one queue"
    takeoff = lists.loc["ONE", "take-off"]
    assert (takeoff["requested_mw"], takeoff["expected_end_year"]) == (30, 2030), "no area above it"
    assert lists.loc[("ONE", "feed-in"), "expected_end_year"] == 2034
    assert pd.isna(lists.loc[("BEE", "feed-in"), "expected_end_year"])
    assert lists.loc[("BEE", "feed-in"), "end_not_before_year"] == 2034
    owner = lists.loc["BEE", "take-off"]
    assert (owner["origin"], owner["requested_mw"], owner["expected_end_year"]) == (OWNER, 8, 2032)


def test_the_queue_never_adds_to_the_growth_of_a_storyline():
    loading = pd.DataFrame(
        [("one", "base", 2025, 50.0), ("two", "base", 2025, 10.0),
         ("one", "s", 2035, 60.0), ("two", "s", 2035, 14.0), ("one", "t", 2035, 90.0), ("two", "t", 2035, 10.0)],
        columns=["asset_id", "storyline", "year", "peak_mw"],
    ).assign(grid_state="frozen", asset_class="station_transformer", direction="take-off")  # fmt: skip
    rows = conform("queue_growth", queue_growth(loading, small(), 2025)).set_index("storyline")
    assert rows.loc["s", ["growth_mw", "placed_mw", "excess_mw"]].tolist() == [14, 14, 16]
    assert rows.loc["t", ["growth_mw", "placed_mw", "excess_mw"]].tolist() == [40, 30, 0]
    assert (rows["placed_mw"] <= rows["growth_mw"]).all()


def test_published_waiting_lists_reach_every_station_of_the_inputs(tables):
    lists = waiting_lists(tables)
    assert not lists.duplicated(["station_id", "direction"]).any()
    assert set(lists["station_id"]) <= set(tables["grid/stations"]["station_id"])
    assert (lists["expected_end_year"].dropna() <= lists["end_not_before_year"].dropna().max()).all()
