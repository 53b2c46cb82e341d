"""A new station is filled before the old one next to it gets a project."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects import candidates
from pmiek.decide.projects.tables import CandidateSet
from pmiek.results.registry import conform

#: Aldorp stays 30 MW short when the decided station Nieuwveld is there; Nieuwveld has 170 MW of headroom.
LEFT = """
    asset_id  | asset_class         | direction | station | municipality | cluster | operator | grid_state     | who   | weather   | since | until | exceedance_mw | peak_mw | limit_mw | hours | energy_mwh | season | capacity_sensitive
    AL-110-mv | station_transformer | take-off  | Aldorp  | Aldorp       | A       | NetB     | frozen         | s1 s2 | 1987 2018 | 2030  | 2050  | 50            | 90      | 40       | 300   | 6000       | winter | stable
    AL-110-mv | station_transformer | take-off  | Aldorp  | Aldorp       | A       | NetB     | nulalternatief | s1 s2 | 1987 2018 | 2035  | 2050  | 30            | 70      | 40       | 200   | 2400       | winter | stable
"""


def loading(
    new_peak_mw: float, late_peak_mw: float | None = None, feed_in_free_mw: float = 200.0
) -> pd.DataFrame:
    rows = []
    for storyline in ("s1", "s2"):
        for year in (2030, 2035, 2040, 2050):
            for weather_year in world.WEATHER_YEARS:
                late = late_peak_mw if late_peak_mw is not None and year == 2050 else new_peak_mw
                case = {
                    "grid_state": "nulalternatief",
                    "storyline": storyline,
                    "year": year,
                    "weather_year": weather_year,
                }
                for asset, direction, peak, limit in (
                    ("NW-110-mv", "take-off", late, 200.0),
                    ("NW-110-mv", "feed-in", 0.0, feed_in_free_mw),
                    ("AL-110-mv", "take-off", 70.0, 40.0),
                    ("AL-110-mv", "feed-in", 35.0, 80.0),
                ):
                    rows.append(
                        case | {"asset_id": asset, "direction": direction, "peak_mw": peak, "limit_mw": limit}
                    )
    return pd.DataFrame(rows)


def make(loaded: pd.DataFrame, distance_km: float = 0.0) -> CandidateSet:
    tables = world.tables()
    stations = tables["grid/stations"]
    place = {"AL": 52.80, "NW": 52.80 + distance_km / 111.2}
    tables["grid/stations"] = stations.assign(lat=stations["station_id"].map(place), lon=6.5, mv_kv=10)
    unit = {
        "unit_id": "NW1",
        "group_id": "NW-110-mv",
        "kind": "station",
        "station_id": "NW",
        "rated_mva": 90,
        "status": "planned",
    }
    tables["grid/transformers"] = pd.concat(
        [tables["grid/transformers"], pd.DataFrame([unit])], ignore_index=True
    )
    cable = [
        ("mv_cable", "cable_mv", "investment", 0.2, 0.1, 0.4),
        ("mv_cable", "cable_mv", "size", 12, 8, 18),
    ]
    costs = tables["costs/infrastructure"]
    tables["costs/infrastructure"] = pd.concat(
        [costs, pd.DataFrame(cable, columns=list(costs.columns))], ignore_index=True
    )
    return candidates(
        world.bottlenecks(LEFT), loaded, world.shares(LEFT), world.capacity(), tables, world.register(), 2026
    )


FOLLOW_UP = "al-electricity-station"


def test_without_headroom_next_door_there_is_a_follow_up():
    made = make(loading(200.0))
    assert FOLLOW_UP in set(made.candidates["project_id"])
    assert made.relief.empty


def test_with_headroom_the_load_moves_and_no_follow_up_is_listed():
    made = make(loading(30.0), distance_km=5.0)
    assert FOLLOW_UP not in set(made.candidates["project_id"])
    assert FOLLOW_UP not in set(made.options["project_id"])
    assert (
        len(conform("station_relief", made.relief)) == 2 * 3 * 2
    )  # storylines, years with a need, weather years
    assert set(made.relief["moved_mw"]) == {30.0}
    row = made.relief.iloc[0]
    assert (row["way"], row["circuits"], row["plan_project_id"]) == ("switching", 3.0, "nw-station")
    assert row["cost_meur_low"] == 0.0
    assert row["cost_meur_high"] == pytest.approx(
        5.0 * 4 * 0.4, rel=1e-3
    )  # 30 MW over 8 MVA takes four circuits


def test_the_division_of_areas_is_a_question_to_the_operator():
    asked = make(loading(30.0)).data_requests.set_index("request_id").loc["division-al-nw"]
    assert asked["operator"] == "NetB"
    assert asked["affects_projects"] == "nw-station"
    assert "30 MW in 2050 (afname)" in asked["what"]


def test_the_plan_says_what_it_can_take_over():
    plan = make(loading(30.0)).candidates.set_index("project_id").loc["nw-station"]
    assert "van Aldorp naar Nieuwveld 30 MW in 2050 (S2, afname" in plan["why_nl"]
    assert "from Aldorp to Nieuwveld 30 MW in 2050 (S2, take-off" in plan["why_en"]


def test_a_follow_up_is_for_the_year_in_which_both_are_short():
    made = make(loading(30.0, late_peak_mw=190.0))
    project = made.candidates.set_index("project_id").loc[FOLLOW_UP]
    assert project["need_nl"] == "20 MW in 2050 (S1)"  # 30 short, 10 MW of headroom left
    assert project["need_year_earliest"] == 2050
    series = made.series.query("project_id == @FOLLOW_UP and year == 2050 and grid_state == 'nulalternatief'")
    assert set(series["moved_mw"]) == {10.0}
    assert (series["hours"] < 200).all()


def test_the_other_direction_of_the_slice_must_fit_too():
    made = make(loading(30.0, feed_in_free_mw=5.0))
    # 5 MW of feed-in headroom, and half as much feed-in as take-off in the slice: 10 MW of take-off can move
    assert set(made.relief["moved_mw"].round(6)) == {10.0}
    assert made.candidates.set_index("project_id").loc[FOLLOW_UP, "need_mw"] == pytest.approx(20.0)


def test_headroom_is_used_once():
    made = make(loading(180.0))
    per_case = made.relief.groupby(["storyline", "year", "weather_year", "direction"])["moved_mw"].sum()
    assert (per_case <= 20.0).all()
