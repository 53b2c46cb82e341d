"""What a fiche says: Dutch numbers, what is unknown and who was asked, and no foreign markup."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from pmiek.publish.documents.fiches import Outcome
from pmiek.publish.documents.need import need_of, screened
from pmiek.publish.documents.speaker import Speaker
from pmiek.publish.report.material import Material, texts
from word_files import text_of

Make = Callable[..., Outcome]


@pytest.fixture
def speaker(material: Material) -> Speaker:
    return Speaker(texts(material)["nl"], ["Netwerk Oost"])


def test_numbers_are_dutch_and_carry_their_unit(speaker: Speaker) -> None:
    assert speaker.span(1234.5, 1300, "meur", 1) == "1.234,5–1.300,0 mln euro"
    assert speaker.span(2, 2, "ha", 1) == "2,0 ha"
    assert speaker.number(-1234.56, 1) == "−1.234,6"


def test_unknown_says_who_was_asked(speaker: Speaker, material: Material) -> None:
    assert speaker.span(math.nan, None, "mw") == "onbekend, gevraagd aan Netwerk Oost"
    assert Speaker(texts(material)["nl"], []).number(None) == "onbekend"


def test_a_fiche_has_its_parts_and_no_tag_is_left(make: Make, tmp_path: Path) -> None:
    make()
    text = text_of(tmp_path / "out" / "p01.docx")
    for part in (
        "Afspraken en oordelen",
        "Waarom is dit nodig?",
        "Bewijs",
        "Mogelijke oplossingen",
        "Afweging",
    ):
        assert part in text
    assert "{" not in text.replace("{{ rang }}", "")  # a project of the batch carries that as its name
    assert "nan" not in text.split()
    assert len(Document(tmp_path / "out" / "p01.docx").inline_shapes) == 2


def test_an_empty_part_leaves_no_heading(make: Make, tmp_path: Path) -> None:
    make()
    assert "Opgaven in het gebied" not in text_of(tmp_path / "out" / "p01.docx")
    assert "Wat nog onbekend is" in text_of(tmp_path / "out" / "p01.docx")
    assert "Wat nog onbekend is" not in text_of(tmp_path / "out" / "p06.docx")


def test_a_fiche_says_what_the_project_does_and_how_it_stands(make: Make, tmp_path: Path) -> None:
    make()
    text = text_of(tmp_path / "out" / "p01.docx")
    assert "zonder dit project komt er 1.200–1.500 MWh per jaar meer boven de grenzen van het net" in text
    assert "aantal woningen: 1.200–1.500" in text
    assert "samen 70 MWh per jaar minder effect dan elk apart" in text
    assert "1 jaar later (2031 tot en met 2031): 60 MWh" in text
    assert "2026-Q4: rood; fase: plan; reden: permit later" in text
    other = text_of(tmp_path / "out" / "p06.docx")
    assert "Weggelaten uit het hele programma" not in other
    assert "Stand van uitvoering" not in other


def test_foreign_text_is_shown_as_text(make: Make, tmp_path: Path) -> None:
    make()
    assert "=cmd|'/c calc'!A1 <w:t>{{ rang }}</w:t> &  bel" in text_of(tmp_path / "out" / "p02.docx")
    index = (tmp_path / "out" / "index.csv").read_text(encoding="utf-8")
    assert "'=cmd" in index


def test_the_same_results_give_the_same_bytes(make: Make, tmp_path: Path) -> None:
    make()
    first = (tmp_path / "out" / "p01.docx").read_bytes()
    (tmp_path / "out" / "p01.docx").unlink()
    make()
    assert (tmp_path / "out" / "p01.docx").read_bytes() == first


def test_pictures_have_an_alternative_text(make: Make, tmp_path: Path) -> None:
    make()
    named = [
        shape._inline.docPr.get("descr", "")
        for shape in Document(tmp_path / "out" / "p01.docx").inline_shapes
    ]
    assert [text.split(" ")[0] for text in named] == ["Kaart", "Lijngrafiek"]


def test_the_need_is_that_of_the_worst_weather_year(material: Material) -> None:
    project = next(p for p in material.projects if p["project_id"] == "P01")
    need = need_of(material, project, screened(material))
    rows = material.tables["bottlenecks"]
    mine = rows[rows["bottleneck_id"].isin(project["bottlenecks"]) & (rows["grid_state"] == "frozen")]
    worst = mine.loc[mine["exceedance_mw"].idxmax()]
    assert need.worst(need.now) == (worst["storyline"], worst["year"], worst["exceedance_mw"], worst["hours"])
    assert set(need.now) >= {(s, y) for s in material.storylines for y in material.years if y > 2025}


def test_the_index_lists_every_project(make: Make, tmp_path: Path) -> None:
    make()
    index = pd.read_csv(tmp_path / "out" / "index.csv")
    assert sorted(index["project_id"]) == ["P01", "P02", "P06"]
    assert list(index["filled"]) == [0, 0, 0]
