"""Fiches of projects whose figures are classes, because an operator's own figure stands behind them."""

from __future__ import annotations

import pandas as pd
from pmiek.publish.report.fiches import effects
from pmiek.publish.report.texts import Texts

ROWS = pd.DataFrame(
    {
        "project_id": ["p", "p", "q"],
        "variant": ["netverzwaring"] * 3,
        "built_mw": ["60-100 MW", "60-100 MW", "40"],
        "left_mw": ["0 MW", "20-40 MW", "5"],
        "left_hours": ["0 h", "50-500 h", "12"],
        "built_first_year": [2035, 2040, 2035],
    }
)


def test_classes_are_shown_as_they_are_and_figures_as_figures():
    classes, figures = effects(ROWS, "p")[0], effects(ROWS, "q")[0]
    assert (classes["built_low"], classes["left_low"], classes["left_high"]) == (
        "60-100 MW",
        "0 MW",
        "20-40 MW",
    )
    assert (classes["hours_high"], classes["first_year"]) == ("50-500 h", 2035)
    words = Texts("nl")
    assert words.span(classes["left_low"], classes["left_high"]) == "0 MW–20-40 MW"
    assert (figures["built_low"], figures["left_high"], figures["hours_high"]) == (40.0, 5.0, 12.0)
