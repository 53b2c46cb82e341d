"""Every number with a year in fiches and the draft programme is one row; the same words give the same number."""

from __future__ import annotations

from pathlib import Path

import report_batch as batch
import sentences
from pmiek.publish.documents.document import draft
from pmiek.publish.documents.need import need_of, screened


def test_every_number_with_a_year_in_word_stands_in_one_row(make, material, tmp_path: Path) -> None:
    make()
    draft(material).save(tmp_path / "out" / "concept.docx")
    texts = sentences.word_texts(tmp_path / "out")
    assert sentences.check(texts, batch.result_tables()) > 20
    assert all(sentences.claims(text) for text in texts.values())


def test_a_fiche_reads_its_need_from_the_series(material) -> None:
    table = batch.result_tables()["project_needs"]
    for project in material.projects:
        need = need_of(material, project, screened(material))
        rows = table[table["project_id"].eq(project["project_id"])]
        for state, cases, column in (
            ("frozen", need.now, "exceedance_mw"), ("nulalternatief", need.left, "remaining_mw"),
        ):  # fmt: skip
            most = rows[rows["grid_state"] == state].groupby(["storyline", "year"])[column].max()
            assert {case: round(mw, 6) for case, mw in most.items()} == {
                case: round(mw, 6) for case, (mw, _) in cases.items() if case in most.index
            }


def test_fiche_site_and_draft_give_the_same_need_in_the_same_words(make, material, tmp_path: Path) -> None:
    make()
    draft(material).save(tmp_path / "out" / "concept.docx")
    texts = sentences.word_texts(tmp_path / "out")
    for project in material.projects:
        assert any(project["need_nl"] in text for name, text in texts.items() if name != "concept.docx")
        assert project["need_nl"].split(";")[0] in texts["concept.docx"]
