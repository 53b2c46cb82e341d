"""A base year that fails bars the word *zeker* for what stands on it, and for nothing else."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest
from pmiek.decide.projects.examined import with_examination
from pmiek.decide.projects.tables import CandidateSet


def long_list(direction: str = "feed-in", certainty: str = "zeker") -> CandidateSet:
    rows = pd.DataFrame(
        [
            {
                "project_id": "p",
                "asset_ids": "T1;T2",
                "direction": direction,
                "certainty": certainty,
                "certainty_reason": "4 van 4 scenario's",
                "certainty_reason_en": "4 of 4 storylines",
            }
        ]
    )
    return CandidateSet(
        **{f.name: rows if f.name == "candidates" else pd.DataFrame() for f in fields(CandidateSet)}
    )


def line(verdict: str, basis: str = "need", without: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": "North",
                "direction": "feed-in",
                "verdict": verdict,
                "basis": basis,
                "without_exception": without or verdict,
                "asset_ids": "T2;T3",
            }
        ]
    )


@pytest.mark.parametrize("verdict", ["above need", "above capacity", "above"])
def test_a_station_above_what_is_published_bars_certainty(verdict: str) -> None:
    row = with_examination(long_list(), line(verdict)).candidates.iloc[0]
    assert row["certainty"] == "waarschijnlijk"
    assert "bij North af van wat gepubliceerd is" in row["certainty_reason"]
    assert "at North differs from what is published" in row["certainty_reason_en"]


def test_an_exception_bars_it_too() -> None:
    row = with_examination(long_list(), line("exception", without="above need")).candidates.iloc[0]
    assert row["certainty"] == "waarschijnlijk"


def test_below_its_share_bars_it_and_below_its_need_does_not() -> None:
    assert (
        with_examination(long_list(), line("below", "share")).candidates["certainty"].item()
        == "waarschijnlijk"
    )
    assert with_examination(long_list(), line("below", "need")).candidates["certainty"].item() == "zeker"


@pytest.mark.parametrize("verdict", ["passed", "published congestion", "not published", "not calculated"])
def test_what_agrees_or_cannot_be_compared_bars_nothing(verdict: str) -> None:
    assert with_examination(long_list(), line(verdict)).candidates["certainty"].item() == "zeker"


def test_the_other_direction_and_a_lower_word_stay_as_they_are() -> None:
    assert (
        with_examination(long_list("take-off"), line("above need")).candidates["certainty"].item() == "zeker"
    )
    found = with_examination(long_list(certainty="onzeker"), line("above need")).candidates.iloc[0]
    assert (found["certainty"], found["certainty_reason"]) == ("onzeker", "4 van 4 scenario's")


def test_without_a_base_year_nothing_changes() -> None:
    before = long_list()
    assert with_examination(before, pd.DataFrame()) is before
