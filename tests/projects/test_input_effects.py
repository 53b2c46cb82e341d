"""From an input to the projects that it moves."""

from __future__ import annotations

import pytest
import small_projects as world
from pmiek.decide.projects.dependencies import DEPENDENCY_COLUMNS
from pmiek.decide.projects.input_effects import explain_input, input_effects

LISTED = """
    project_id | name        | bottleneck_ids                      | option      | origin
    al         | Station AL  | al-110-mv-electricity-take-off      | battery     | bottleneck
    be         | Station BE  | be-110-mv-electricity-take-off      | new_station | bottleneck
    plan       | Plan        |                                     | planned     | plan
"""
SENSITIVITY = """
    asset_id  | asset_class         | vanishing_ids                  | appearing_ids
    AL-110-mv | station_transformer | al-110-mv-electricity-take-off |
    BE-110-mv | station_transformer |                                | be-110-mv-electricity-take-off
"""
MARGINS = """
    bottleneck_id                  | gm_code | sector        | share | change_needed_pct | verdict
    be-110-mv-electricity-take-off | GM0002  | industry_food | 0.4   | 30                | alone
    be-110-mv-electricity-take-off | GM0002  | industry_food | 0.4   | 50                | alone
    be-110-mv-electricity-take-off | GM0002  | households    | 0.1   |                   | cannot alone
"""


def found():
    tables = world.tables()
    tables["grid/transformers"] = tables["grid/transformers"].assign(
        capacity_quality=lambda f: f["group_id"].map({"AL-110-mv": "assumed"}).fillna("published")
    )
    more = world.table("assumption_id | value\nexisting_transformer_mva | 40")
    tables["assumptions"] = world.pd.concat([tables["assumptions"], more])
    waits = world.pd.DataFrame([("be", "plan", "follows", True, 0.0, "", "")], columns=DEPENDENCY_COLUMNS)
    return input_effects(world.table(LISTED), world.table(SENSITIVITY), world.table(MARGINS), waits, tables)


def test_inputs_lead_to_the_projects_that_the_hand_says():
    pairs = {tuple(row) for row in found()[["input_id", "project_id", "effect"]].to_numpy()}
    assert pairs == {
        ("AL-110-mv", "al", "falls"), ("BE-110-mv", "be", "appears"),
        ("existing_transformer_mva", "al", "falls"),  # BE has published units
        ("GM0002 industry_food", "be", "falls"),
        ("plan", "plan", "falls"), ("plan", "be", "changes"),
        ("new_station_firm_mva", "be", "changes"), ("project_battery_hours", "al", "changes"),
        ("project_event_hours", "al", "changes"),
    }  # fmt: skip
    demand = found().set_index("kind").loc["demand"]
    assert (demand["change_pct"], demand["runs"]) == (50, 2)  # the run that asks most


def test_a_question_is_answered_in_words_or_with_the_closest_name():
    told = explain_input(found(), world.table(LISTED), "GM0002")
    assert "be (Station BE): GM0002 industry_food: vervalt als deze vraag of opwek 50% lager is" in told
    with pytest.raises(ValueError, match="existing_transformer_mva"):
        explain_input(found(), world.table(LISTED), "existing_transformer_mw")
