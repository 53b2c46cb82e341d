"""The documented rules are the rules in the code."""

from __future__ import annotations

from pathlib import Path

from pmiek.decide.projects.options import OPTION_RULES
from pmiek.decide.projects.rules import INTERIM_MEASURES, TYPE_RULES
from pmiek.decide.weighing.indicators import FIGURES

DOCS = Path(__file__).parents[2] / "docs"


def test_every_rule_is_documented():
    text = (DOCS / "projects.md").read_text(encoding="utf-8")
    keys = (
        [r.rule for r in TYPE_RULES]
        + [m.measure for m in INTERIM_MEASURES]
        + [o.option for o in OPTION_RULES]
    )
    assert [key for key in keys if f"`{key}`" not in text] == []


def test_the_documented_type_is_the_type_of_the_rule():
    text = (DOCS / "projects.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(" `"): line.split("|")[3].strip()
        for line in text.splitlines()
        if line.startswith("| `")
    }
    assert {r.rule: rows[r.rule] for r in TYPE_RULES} == {r.rule: r.type for r in TYPE_RULES}


def test_every_model_figure_is_documented():
    text = (DOCS / "weighing.md").read_text(encoding="utf-8")
    assert [name for name in FIGURES if f"`{name}`" not in text] == []
