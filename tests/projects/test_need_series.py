"""The need is one series: a sentence is one row, and today's shortage is no need of a storyline."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

import re

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects import candidates
from pmiek.decide.projects.need_words import course_text, courses, need_text
from pmiek.decide.projects.series import move, needs_series
from pmiek.results.registry import conform

#: Growth in one storyline, a small need in another, and a station that is short today only.
CASES = """
    asset_id  | direction | grid_state     | storyline | year | weather_year | exceedance_mw | hours | energy_mwh
    BE-110-mv | take-off  | nulalternatief | s1        | 2025 | 1987         | 3             | 20    | 30
    BE-110-mv | take-off  | nulalternatief | s1        | 2030 | 1987         | 4             | 30    | 60
    BE-110-mv | take-off  | nulalternatief | s1        | 2030 | 2018         | 2             | 10    | 10
    BE-110-mv | take-off  | nulalternatief | s1        | 2035 | 1987         | 9             | 60    | 200
    BE-110-mv | take-off  | nulalternatief | s1        | 2040 | 1987         | 20            | 200   | 1500
    BE-110-mv | take-off  | nulalternatief | s1        | 2050 | 1987         | 32            | 500   | 8000
    BE-110-mv | take-off  | nulalternatief | s2        | 2050 | 1987         | 10            | 90    | 450
    BE-110-mv | take-off  | frozen         | s1        | 2025 | 1987         | 3             | 20    | 30
    CE-110-mv | take-off  | frozen         | s1        | 2025 | 1987         | 104           | 156   | 8000
    CE-110-mv | take-off  | nulalternatief | s1        | 2025 | 1987         | 104           | 156   | 8000
    AL-110-mv | take-off  | frozen         | s1        | 2025 | 1987         | 20            | 100   | 900
    AL-110-mv | take-off  | frozen         | s1        | 2030 | 1987         | 40            | 200   | 4000
    AL-110-mv | take-off  | nulalternatief | s1        | 2025 | 1987         | 20            | 100   | 900
"""
PLACES = {"BE-110-mv": "Bestad", "CE-110-mv": "Cedorp", "AL-110-mv": "Aldorp"}


def bottlenecks(text: str = CASES) -> pd.DataFrame:
    rows = world.table(text)
    return rows.assign(
        bottleneck_id=(rows["asset_id"] + "-electricity-" + rows["direction"]).str.lower(),
        asset_name=rows["asset_id"], asset_class="station_transformer", carrier="electricity",
        station=rows["asset_id"].map(PLACES), municipality=rows["asset_id"].map(PLACES).replace("Cedorp", "Aldorp"),
        cluster="A", operator="NetB", variant="nulalternatief", contingency="N-1", binding_outage="",
        limit_mw=40.0, peak_mw=40.0 + rows["exceedance_mw"], loading_pct=150.0, season="winter, day", quality="assumed",
        capacity_sensitive="stable",
    )  # fmt: skip


def loading() -> pd.DataFrame:
    """Every asset in every case, within its limit unless the table above says otherwise."""
    screened = [(state, s, y, w) for state in ("frozen", "nulalternatief") for y in world.YEARS
                for s in (("s1", "s2") if y != 2025 else ("s1",)) for w in world.WEATHER_YEARS]  # fmt: skip
    rows = [
        {"asset_id": asset, "direction": "take-off", "grid_state": state, "storyline": s, "year": y,
         "weather_year": w, "peak_mw": 30.0, "limit_mw": 40.0}
        for asset in PLACES for state, s, y, w in screened
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def made():
    return candidates(
        bottlenecks(), loading(), world.shares().iloc[:0], world.capacity(), world.tables(), world.register(), 2026
    )  # fmt: skip


@pytest.fixture(scope="module")
def listed(made):
    return made.candidates.set_index("project_id")


def test_first_year_and_hardest_year_each_have_their_own_megawatts(listed):
    station = listed.loc["be-electricity-station"]
    assert station["need_nl"] == "3,0 MW in 2025, groeiend naar 32 MW in 2050 (S1)"
    assert station["need_en"] == "3.0 MW in 2025, growing to 32 MW in 2050 (S1)"
    assert "in 2050 500 uur" in station["why_nl"]


def test_every_number_with_a_year_goes_back_to_one_row(made, listed):
    checked = 0
    for project_id, row in listed.iterrows():
        series = made.series[made.series["project_id"] == project_id]
        for column, point in (("need_nl", ","), ("need_en", "."), ("why_nl", ","), ("why_en", ".")):
            for mw, year in re.findall(r"(\d[\d.,]*) MW in (\d{4})", row[column]):
                value = float(mw.replace(point, "."))
                found = series.loc[series["year"].eq(int(year)), "remaining_mw"]
                now = made.present.loc[made.present["year"].eq(int(year)), "exceedance_mw"]
                assert pd.concat([found, now]).sub(value).abs().min() <= 0.5, (
                    project_id,
                    column,
                    row[column],
                )
                checked += 1
    assert checked > 6


def test_a_row_holds_the_hours_and_energy_of_its_own_case(made):
    rows = made.series.query("project_id == 'be-electricity-station' and grid_state == 'nulalternatief'")
    case = rows.set_index(["storyline", "year", "weather_year"]).loc[("s1", 2030, 2018)]
    assert case[["exceedance_mw", "hours", "energy_mwh"]].tolist() == [2, 10, 10]
    quiet = rows.set_index(["storyline", "year", "weather_year"]).loc[("s2", 2030, 1987)]
    assert (quiet["exceedance_mw"], quiet["counts"], quiet["bottleneck_id"]) == (0.0, False, "")


def test_what_was_not_screened_is_no_zero(made):
    assert set(made.series["year"]) == set(world.YEARS)
    assert not ((made.series["year"] == 2045) | (made.series["storyline"] == "s3")).any()


def test_the_series_is_a_registered_table(made):
    assert len(conform("project_needs", made.series)) == len(made.series)
    assert len(conform("present_shortages", made.present)) == len(made.present)


def test_a_shortage_of_today_that_ends_is_no_need_of_any_storyline(made, listed):
    today = made.present.set_index("asset_id")
    assert today.loc["CE-110-mv", "ends_by"] == "by itself"
    assert today.loc["AL-110-mv", ["ends_by", "ends_year", "project_ids"]].tolist() == [
        "decided projects",
        2030,
        "nw-station",
    ]
    assert "104 MW in 2025 (156 uur per jaar)" in today.loc["CE-110-mv", "text_nl"]
    assert "congestiemanagement" in today.loc["AL-110-mv", "interim_measures"]
    assert not listed["asset_ids"].str.contains("CE-110-mv").any()
    assert "BE-110-mv" not in today.index  # goes on in the storyline, so it is no list of its own
    need = made.need.set_index("project_id")
    assert need.loc["nw-station", "storylines_with_need"].max() == 1  # s1 alone; today is shared by both


def test_a_plan_that_only_ends_todays_shortage_claims_no_storyline():
    rows = bottlenecks().query("not (asset_id == 'AL-110-mv' and year == 2030)")
    made = candidates(
        rows, loading(), world.shares().iloc[:0], world.capacity(), world.tables(), world.register(), 2026
    )
    plan = made.candidates.set_index("project_id").loc["nw-station"]
    assert plan[["storylines_with_need", "need_mw", "certainty"]].tolist() == [0, 0.0, "onzeker"]
    assert "20 MW in 2025" in plan["why_nl"]
    assert "geen tekort meer" in plan["why_nl"]


def test_a_falling_need_and_two_equal_years_are_told_as_they_are():
    def line(values: dict[int, float]) -> str:
        rows = [
            f"BE-110-mv | take-off | nulalternatief | s1 | {y} | 1987 | {mw} | 9 | 9"
            for y, mw in values.items()
        ]
        text = "asset_id | direction | grid_state | storyline | year | weather_year | exceedance_mw | hours | energy_mwh\n"
        series = needs_series(
            bottlenecks(text + "\n".join(rows)).assign(project_id="p", counts=True), pd.DataFrame()
        )
        return course_text(courses(series)[0], "nl")

    assert line({2030: 50, 2050: 20}) == "50 MW in 2030, afnemend naar 20 MW in 2050 (S1)"
    assert line({2030: 50, 2050: 50}) == "50 MW in 2030 en 50 MW in 2050 (S1)"
    assert line({2050: 0.02}) == "<0,1 MW in 2050 (S1)"


def test_an_earlier_need_of_another_storyline_is_told_with_its_name():
    text = """
        asset_id  | direction | grid_state     | storyline | year | weather_year | exceedance_mw | hours | energy_mwh
        BE-110-mv | take-off  | nulalternatief | s2        | 2035 | 1987         | 1             | 5     | 3
        BE-110-mv | take-off  | nulalternatief | s1        | 2050 | 1987         | 32            | 500   | 8000
    """
    series = needs_series(bottlenecks(text).assign(project_id="p", counts=True), pd.DataFrame())
    series["counts"] = True  # 2035 is the first year here, not a base year
    assert need_text(series, "nl") == "1,0 MW in 2035 (S2); 32 MW in 2050 (S1)"


def test_an_open_plan_is_not_needed_where_decided_projects_end_the_shortage():
    planned = world.tables()["projects/planned"]
    planned.loc[planned["project_id"] == "nw-station", "decision_status"] = "announced"
    tables = world.tables()
    tables["projects/planned"] = planned
    made = candidates(
        bottlenecks(), loading(), world.shares().iloc[:0], world.capacity(), tables, world.register(), 2026
    )
    plan = made.candidates.set_index("project_id").loc["nw-station"]
    assert plan[["need_state", "need_mw"]].tolist() == [
        "",
        0.0,
    ]  # short on today's grid in 2030, not with decided projects
    assert "20 MW in 2025" in plan["why_nl"]


def test_what_moves_away_leaves_less_hours_and_energy(made):
    rows = made.series.query("project_id == 'be-electricity-station' and remaining_mw > 0")
    half = move(rows, rows["exceedance_mw"] / 2)
    assert (half["remaining_mw"] * 2).tolist() == rows["exceedance_mw"].tolist()
    assert (half["hours"] < rows["hours"]).all()
    assert (half["energy_mwh"] < rows["energy_mwh"] / 2).all()
    nothing = move(rows, rows["exceedance_mw"])
    assert not nothing["counts"].any()
    assert nothing[["remaining_mw", "hours", "energy_mwh"]].to_numpy().sum() == pytest.approx(0.0)
