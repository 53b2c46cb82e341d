"""The page of what is right in every future."""

from __future__ import annotations

import pandas as pd
from pmiek.publish.report.robust import context


def test_without_its_tables_the_page_says_so_and_shows_nothing():
    found = context({})
    assert (found["core"], found["option"], found["regret"], found["ranges"], found["same"]) == (
        [],
        [],
        [],
        [],
        [],
    )


def test_regret_is_told_by_its_worst_future_and_ranges_start_at_zero():
    regret = pd.DataFrame(
        [
            ("storyline", "low", "low", 0.0, 0.0, 0.0, True),
            ("storyline", "low", "high", 19.0, -1.0, 40.0, True),
            ("storyline", "high", "low", 1.5, 1.5, 0.0, False),
            ("storyline", "high", "high", 0.0, 0.0, 0.0, False),
        ],
        columns=[
            "decision_kind", "decision", "future", "extra_cost_meur", "extra_without_waiting_meur", "waiting_mw",
            "is_best",
        ],
    )  # fmt: skip
    near = pd.DataFrame(
        [("s", "stations", "MW", 10.0, "min", 50.0), ("s", "stations", "MW", 10.0, "max", 200.0)],
        columns=["storyline", "kind", "unit", "slack_pct", "sense", "value"],
    )
    found = context({"regret": regret, "near_optimal": near})
    (group,) = found["regret"]
    assert [line["worst"]["future"] for line in group["lines"]] == ["high", "low"]
    assert [line["is_best"] for line in group["lines"]] == [True, False]
    (bar,) = found["ranges"][0]["bars"]
    assert (bar["from_pct"], bar["to_pct"]) == (25.0, 100.0)


def test_pages_in_both_languages_say_what_was_not_calculated(site):
    said = {"robust.html": "In deze reeks niet berekend", "en/robust.html": "Not calculated in this batch"}
    for file, words in said.items():
        assert words in (site / file).read_text(encoding="utf-8")
