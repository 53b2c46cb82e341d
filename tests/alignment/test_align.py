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
    return align(made.candidates, tables["projects/planned"], tables)


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
        HoogB    | al-220-110-electricity-coupling  | undersized                   | orange | medium
        HoogB    | al-coupling                      | undersized                   | orange | high
        HoogB    | al110-be110-electricity-corridor | not planned                  | orange | high
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
        ({"planned_year_latest": 2025, "capacity_mw": 25}, "undersized", "orange"),
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
    assert "30 MW tekort vanaf 2025 in 4 van 4 scenario's" in row["evidence_nl"]
    assert "levert 200 MW, uiterlijk 2030; dat is 5 jaar na het eerste tekort" in row["evidence_nl"]
    assert "30 MW short from 2025 in 4 of 4 storylines" in row["evidence_en"]


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
    assert (row["plan_project_id"], row["class"], row["confidence"]) == ("bundel", "timing unknown", "low")


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
    assert align(made.candidates, tables["projects/planned"], tables).empty
