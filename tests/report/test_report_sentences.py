"""Every sentence of the site with a number and a year is one row, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import report_batch as batch
import sentences
from pmiek.publish.report import select


def test_every_number_with_a_year_on_the_site_stands_in_one_row(site: Path) -> None:
    texts = sentences.site_texts(site)
    assert sentences.check(texts, batch.result_tables()) > 100
    assert any(name.startswith("en") and sentences.claims(text) for name, text in texts.items())
    assert sentences.claims(texts["index.html"])
    assert sentences.claims(texts["bottlenecks.html"])


@pytest.mark.parametrize(
    "text",
    [
        "Station X: op het huidige net is er vanaf 2025 705 MW te weinig ruimte voor afname",
        "Station X: 705 MW tekort vanaf 2025 in 4 van 4 scenario's",
        "X: 705 MW short from 2025 in 4 of 4 storylines",
        "X: 32 MW in 2030 (Eigen Vermogen)",  # the MW of 2050
        "X: 32 MW in 2050 (Koersvaste Middenweg)",  # the MW of another storyline
    ],
)
def test_the_sentences_that_were_false_are_caught(text: str) -> None:
    rows = pd.DataFrame(
        [("eigen_vermogen", 2030, 4.0), ("eigen_vermogen", 2050, 32.0), ("koersvaste_middenweg", 2050, 10.0),
         ("koersvaste_middenweg", 2025, 215.0), ("koersvaste_middenweg", 2050, 705.0)],
        columns=["storyline", "year", "remaining_mw"],
    ).assign(exceedance_mw=lambda t: t["remaining_mw"])  # fmt: skip
    with pytest.raises(AssertionError):
        sentences.check({"x": text}, {"project_needs": rows})
    good = "4,0 MW in 2030, groeiend naar 32 MW in 2050 (Eigen Vermogen)"
    assert sentences.check({"x": good}, {"project_needs": rows}) == 2


def test_what_remains_is_one_number_on_the_front_page_the_cards_and_in_words(site: Path) -> None:
    tables = batch.result_tables()
    records = select.bottleneck_list(tables)
    left = select.remaining(records, 2025)
    found = select.overview(tables, records, list(batch.STORYLINES))
    clusters = pd.DataFrame({"cluster": list("ABCD"), "members": ""})
    cards = select.cluster_cards(clusters, records, [], 2025)
    assert found["remaining"] == len(left) == sum(card["remaining"] for card in cards)
    rows = tables["bottlenecks"]
    inside = rows[
        rows["grid_state"].eq("nulalternatief") & rows["year"].gt(2025) & rows["asset_id"].ne(batch.OUTSIDE)
    ]
    assert found["remaining"] == inside["bottleneck_id"].nunique()
    assert found["first_year_remaining"] == inside["year"].min()
    told = re.findall(r"na de besloten projecten nog (\d+)\.", sentences.site_texts(site)["index.html"])
    assert sum(map(int, told)) == len(left)


def test_a_shortage_of_the_base_year_alone_is_no_remainder() -> None:
    row = {"grid_state": "nulalternatief", "scope": "province", "first_year": 2025}
    records = [row | {"years": [2025]}, row | {"years": [2025, 2035]}, row | {"years": [2050]}]
    left = select.remaining(records, 2025)
    assert [r["first_year"] for r in left] == [2035, 2050]
    assert len(select.remaining([row | {"years": [2025]}], 2025)) == 1  # only one year was run
