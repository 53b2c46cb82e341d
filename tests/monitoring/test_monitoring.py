"""Quarterly statuses: the worst counts, history stays, rules raise."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.monitoring import add_status, escalations, monitoring, status_template
from pmiek.decide.monitoring.escalate import TESTS
from pmiek.errors import InputError

ROOT = Path(__file__).parents[2]
LISTED = """
    project_id | name     | type     | operator | need_year_earliest | planned_year_latest
    a          | Station  | concreet | NetB     | 2028               | 2032
    b          | Kabel    | concreet | HoogB    | 2030               | 2030
    c          | Warmte   | onderzoek | gemeente |                   |
"""
STATUS = """
    project_id | quarter | phase | light | reason       | next_milestone | milestone_date | people_capacity | author_role
    a          | 2026-Q1 | plan  | green | op schema    | plan           | 2026-12-01     | enough          | operator
    a          | 2026-Q3 | plan  | green | op schema    | plan           | 2026-12-01     | enough          | operator
    a          | 2026-Q3 | plan  | red   | geen grond   | plan           | 2026-05-01     | short           | municipality
    b          | 2026-Q1 | plan  | orange | vergunning  |                |                | unknown         | operator
"""


def state() -> pd.DataFrame:
    return monitoring(world.table(LISTED), world.table(STATUS))


def test_the_worst_light_of_a_quarter_counts_and_history_gives_the_trend():
    found = state().set_index("project_id")
    assert found.loc[
        "a", ["light", "previous_light", "trend", "quarters_known", "quarters_in_light"]
    ].tolist() == ["red", "green", "worse", 2, 1]
    assert found.loc["b", ["light", "trend"]].tolist() == ["orange", "first"]
    assert found.loc["c", ["light", "quarter", "trend"]].tolist() == ["", "", ""]  # nothing is made up


def test_rules_raise_what_they_say():
    rules = pd.read_csv(ROOT / "inputs" / "projects" / "escalation_rules.csv")
    found = escalations(state(), rules)
    pairs = set(zip(found["project_id"], found["rule_id"], strict=True))
    # a: red, short of people, milestone of May passed four months before the end of September, four years late
    assert pairs == {
        ("a", "red_one_quarter"),
        ("a", "people_short"),
        ("a", "milestone_late"),
        ("a", "late_for_need"),
        ("b", "silent"),
    }
    assert found.iloc[0]["level"] == "board"
    late = found.set_index("rule_id").loc["milestone_late"]
    assert late["text_nl"] == "De volgende mijlpaal is 4 maanden verstreken"
    assert set(rules["test"]) <= set(TESTS)
    assert escalations(monitoring(world.table(LISTED), world.table(STATUS).iloc[:0]), rules).empty


@pytest.fixture
def inputs(tmp_path) -> Path:
    ignore = shutil.ignore_patterns("*.parquet", "*.geojson")
    return Path(shutil.copytree(ROOT / "inputs", tmp_path / "inputs", ignore=ignore))


def test_a_form_comes_back_and_is_added_once(inputs, tmp_path):
    path = status_template(state(), "2026-Q4", tmp_path / "form.csv")
    form = pd.read_csv(path, dtype=str, keep_default_na=False)
    form.loc[form["project_id"] == "b", ["phase", "light", "reason", "people_capacity", "author_role"]] = [
        "construction",
        "green",
        "gestart",
        "enough",
        "operator",
    ]
    form.to_csv(path, index=False)
    before = pd.read_csv(inputs / "projects" / "status.csv")
    assert add_status(path, inputs) == 1
    after = pd.read_csv(inputs / "projects" / "status.csv")
    assert len(after) == len(before) + 1
    assert after.iloc[-1][["project_id", "quarter", "light"]].tolist() == ["b", "2026-Q4", "green"]
    with pytest.raises(InputError, match="status"):  # the same role and quarter again
        add_status(path, inputs)
    form.loc[form["project_id"] == "a", ["phase", "light", "quarter"]] = ["dreaming", "blue", "2027"]
    form.to_csv(path, index=False)
    with pytest.raises(InputError) as raised:
        add_status(path, inputs)
    assert all(word in str(raised.value) for word in ("dreaming", "blue", "2027"))
    assert len(pd.read_csv(inputs / "projects" / "status.csv")) == len(after)
