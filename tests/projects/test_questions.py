"""The question of a research project: a place can choose a carrier, a pipe between places cannot."""

from __future__ import annotations

import pandas as pd
import pytest
from pmiek.decide.projects.questions import add_questions

NO_CASES = pd.DataFrame(columns=["project_id", "storyline"])


def row(municipality: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "project_id": ["p"],
            "type": ["onderzoek"],
            "type_rule": ["carrier_choice"],
            "name": ["Warmteleiding Aa - Bee"],
            "municipality": [municipality],
            "asset_ids": ["x"],
            "carrier": ["heat"],
            "need_nl": ["3 MW in 2035 (A)"],
            "need_en": ["3 MW in 2035 (A)"],
            "start_by_year": [2029.0],
        }
    )


@pytest.mark.parametrize(
    ("municipality", "begin"),
    [("Aa", "Kiest Aa voor een warmtenet?"), ("", "Komt Warmteleiding Aa - Bee er?")],
)
def test_who_chooses(municipality, begin):
    asked = add_questions(row(municipality), NO_CASES, 2026, 2.0).iloc[0]
    assert asked["question_nl"].startswith(begin)
    assert asked["question_by_year"] == 2029
