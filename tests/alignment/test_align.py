"""Each class of the alignment with investment plans, known by hand."""

from __future__ import annotations

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.alignment import ALIGNMENT_COLUMNS, align
from pmiek.decide.projects import candidates


def aligned(planned: pd.DataFrame | None = None) -> pd.DataFrame:
    tables = world.tables()
    if planned is not None:
        tables["projects/planned"] = planned
    made = candidates(
        world.bottlenecks(), world.loading(), world.shares(), world.capacity(), tables, world.register(), 2026
    )
    return align(made.candidates, tables["projects/planned"], tables, made.series)


def change(project_id: str, **cells) -> pd.DataFrame:
    planned = world.tables()["projects/planned"]
    for column, value in cells.items():
        planned[column] = planned[column].astype(object)
        planned.loc[planned["project_id"] == project_id, column] = value
    return planned


def test_the_table_known_by_hand():
    expected = world.table("""
        operator | project_id                       | class                        | light  | confidence
        GasB     | waterstof                        | planned without modelled need | grey  | medium
        HoogB    |                                  | planned without modelled need | grey  | medium
        HoogB    | al110-be110-electricity-corridor | no plan table available      | grey   | low
        HoogB    | al-220-110-electricity-coupling  | undersized                   | orange | medium
        HoogB    | al-coupling                      | undersized                   | orange | high
        NetB     | be-electricity-station           | not planned                  | red    | high
        NetB     | nw-station                       | late                         | red    | medium
        bedrijf  | bron                             | planned without modelled need | grey  | medium
        gemeente | warmtenet                        | planned without modelled need | grey  | medium
    """).fillna("")
    found = aligned()
    assert list(found.columns) == ALIGNMENT_COLUMNS
    pd.testing.assert_frame_equal(found[list(expected.columns)].astype(object), expected.astype(object))


@pytest.mark.parametrize(
    ("cells", "class_", "light"),
    [
        ({"planned_year_latest": 2025}, "covered", "green"),
        ({"planned_year_latest": 2027}, "late", "orange"),
        ({"planned_year_latest": 2028}, "late", "red"),
        ({"timing_known": "false"}, "timing unknown", "orange"),
        # its MW are less than the need, but with all that stands beside it nothing is short any more
        ({"planned_year_latest": 2025, "capacity_mw": 25}, "covered", "green"),
        ({"decision_status": "announced"}, "planned without modelled need", "grey"),
        # unknown is an interval: without MW a plan is never red, however late
        ({"planned_year_latest": 2040, "capacity_mw": None}, "size unknown", "grey"),
    ],
)
def test_classes(cells, class_, light):
    row = aligned(change("nw-station", **cells)).set_index("project_id").loc["nw-station"]
    assert (row["class"], row["light"]) == (class_, light)


def test_a_decision_status_of_done_and_umbrella_programmes_are_left_out():
    assert not {"oud-werk", "programma"} & set(aligned()["plan_project_id"])


def test_evidence_has_the_numbers_in_both_languages():
    row = aligned().set_index("project_id").loc["nw-station"]
    assert row["evidence"] == row["evidence_nl"]
    assert "afname 30 MW in 2025 en 30 MW in 2050 (S1)" in row["evidence_nl"]
    assert "levert 200 MW, uiterlijk 2030" in row["evidence_nl"]
    assert "dat is 5 jaar na het eerste tekort" in row["evidence_nl"]
    assert "take-off 30 MW in 2025 and 30 MW in 2050 (S1)" in row["evidence_en"]
    assert row[["need_year", "need_mw", "hardest_year", "hardest_mw"]].tolist() == [2025, 30, 2025, 30]
    assert "niet in een investeringsplan nagegaan" in row["evidence_nl"]  # nobody gave a basis for its year


def test_each_operator_gets_its_own_row():
    found = aligned(change("nw-station", operator="NetB; HoogB"))
    assert sorted(found.loc[found["project_id"] == "nw-station", "operator"]) == ["HoogB", "NetB"]


def test_a_plan_without_assets_that_names_the_station_is_a_low_match():
    planned = world.tables()["projects/planned"]
    extra = world.table("""
        project_id | name                              | operator | carrier     | kind      | cluster | decision_status | timing_known
        bundel     | Uitbreiding stations (Bestad, X)  | NetB     | electricity | extension | B       | announced       | false
    """)  # noqa: E501
    found = aligned(pd.concat([planned, extra], ignore_index=True))
    row = found[found["project_id"].eq("be-electricity-station")].iloc[0]
    assert (row["plan_project_id"], row["class"], row["confidence"]) == ("bundel", "announced", "low")


def test_nothing_planned_and_nothing_needed_is_an_empty_table():
    tables = world.tables()
    for name in ("projects/planned", "projects/previous_pmiek"):
        tables[name] = tables[name].iloc[:0]
    none = world.bottlenecks().iloc[:0]
    made = candidates(
        none,
        world.loading(),
        world.shares().iloc[:0],
        world.capacity().iloc[:0],
        tables,
        world.register(),
        2026,
    )
    assert align(made.candidates, tables["projects/planned"], tables, made.series).empty


def test_red_needs_a_plan_table_in_which_it_was_looked_for():
    def station(plan_tables: pd.DataFrame) -> pd.Series:
        tables = world.tables()
        tables["projects/plan_tables"] = plan_tables
        made = candidates(
            world.bottlenecks(),
            world.loading(),
            world.shares(),
            world.capacity(),
            tables,
            world.register(),
            2026,
        )
        found = align(made.candidates, tables["projects/planned"], tables, made.series)
        return found.set_index("project_id").loc["be-electricity-station"]

    whole = world.tables()["projects/plan_tables"]
    row = station(whole)
    assert (row["class"], row["light"], row["confidence"]) == ("not planned", "red", "high")
    assert "niet aangetroffen in Plan NetB (2026)" in row["evidence_nl"]
    assert station(whole.assign(complete="false"))["confidence"] == "medium"
    for other in (whole.iloc[:0], whole.assign(asset_class="circuit"), whole.assign(operator="Ander")):
        row = station(other)
        assert (row["class"], row["light"], row["confidence"]) == ("no plan table available", "grey", "low")
        assert row["looked_in"] == ""


def test_what_is_left_of_a_plan_has_the_megawatts_of_its_own_year():
    found = aligned().set_index("project_id")
    plan = found.loc["al-coupling"]
    assert plan[["need_year", "need_mw", "left_year", "left_mw"]].tolist() == [2030, 150, 2040, 60]
    assert "blijft over: 60 MW in 2040" in plan["evidence_nl"]
    assert "60 MW in 2040 remains" in plan["evidence_en"]


def test_an_announced_plan_is_grey_and_says_from_when_it_is_enough():
    planned = change("al-coupling", decision_status="announced", asset_ids="BE-110-mv", station_id="BE")
    row = aligned(planned).set_index("project_id").loc["al-coupling"]
    assert (row["class"], row["light"]) == ("announced", "grey")
    assert "genoeg vanaf 100 MW, het tekort in 2030" in row["evidence_nl"]


def test_the_basis_of_a_year_is_what_the_operator_said_last():
    tables = world.tables()
    tables["projects/plan_statements"] = world.table("""
        project_id | stated_on  | basis
        nw-station | 2024       | Laatste inzichten
        nw-station | 2026-07-30 | Investeringsplan
    """)
    made = candidates(
        world.bottlenecks(), world.loading(), world.shares(), world.capacity(), tables, world.register(), 2026
    )
    found = align(made.candidates, tables["projects/planned"], tables, made.series).set_index("project_id")
    assert found.loc["nw-station", "basis"] == "Investeringsplan"
    assert "jaar volgens het investeringsplan" in found.loc["nw-station", "evidence_nl"]
    assert found.loc["al-coupling", "basis"] == ""


def test_a_plan_without_mw_says_from_which_size_it_is_enough():
    row = aligned(change("nw-station", capacity_mw=None)).set_index("project_id").loc["nw-station"]
    assert "genoeg vanaf 30 MW" in row["evidence_nl"]
    assert "enough from 30 MW" in row["evidence_en"]
