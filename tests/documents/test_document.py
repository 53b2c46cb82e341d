"""The draft programme: its parts, Dutch figures, and what people changed in it is put aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
from docx import Document
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from PIL import ImageFont
from pmiek.publish.documents.document import NAME, write_document
from pmiek.publish.documents.maker import make_fiche_template
from pmiek.publish.documents.pages import LONGEST, chosen, short
from pmiek.publish.documents.store import Store
from pmiek.publish.documents.word import plain
from pmiek.publish.report.material import Material
from word_files import text_of


def test_the_draft_has_its_parts_and_every_project(material: Material, tmp_path: Path) -> None:
    store = Store(tmp_path, "2026-11-25")
    write_document(material, store)
    text = text_of(tmp_path / NAME)
    for part in ("Doel en proces", "Rollen", "De boodschap in cijfers", "Per energiecluster", "Bijlage"):
        assert part in text
    assert "Concreet (1)" in text
    assert "Onderzoek (1)" in text
    assert all(plain(p["name"]) in text for p in material.projects)
    assert "Nominaal vermogen per transformator" in text
    assert "{" not in text.replace("{{ rang }}", "")  # a project of the batch carries that as its name
    assert "nan" not in text.split()


def test_a_draft_that_people_changed_is_put_aside(material: Material, tmp_path: Path) -> None:
    store = Store(tmp_path, "2026-11-25")
    write_document(material, store)
    store.close()
    first = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(b"edited by people")
    again = Store(tmp_path, "2026-11-25")
    write_document(material, again)
    assert (tmp_path / NAME).read_bytes() == first
    assert [path.read_bytes() for path in (tmp_path / "bewaard").iterdir()] == [b"edited by people"]


def test_each_proposed_project_has_one_page_and_no_fiche_is_pasted(
    material: Material, tmp_path: Path
) -> None:
    names = {str(p["project_id"]): plain(p["name"]) for p in material.projects}
    common = {"list": "new", "decision": "", "reason_nl": "Groot genoeg.", "argument_nl": ""}
    rows = [
        common
        | {"project_id": code, "rank": rank}
        | {"model_proposal": "reserve" if rank == 2 else "proposed"}
        for rank, code in enumerate(names, 1)
    ]
    proposed = pd.DataFrame(rows)
    material = replace(material, checks={**material.checks, "project_proposal": proposed})
    wanted = [names[row["project_id"]] for row in chosen(proposed) if row["project_id"] in names]
    write_document(material, Store(tmp_path, "2026-11-25"))
    made = Document(str(tmp_path / NAME))
    pages = [p.text for p in made.paragraphs if p.paragraph_format.page_break_before]
    assert pages == wanted
    assert wanted, "the batch of the test proposes something"
    assert sum(p.text.startswith("Volledig fiche:") for p in made.paragraphs) == len(wanted)


def test_a_decision_of_people_goes_before_the_proposal() -> None:
    rows = pd.DataFrame(
        [
            {
                "project_id": "a",
                "list": "new",
                "rank": 1,
                "model_proposal": "proposed",
                "decision": "not_now",
            },
            {
                "project_id": "b",
                "list": "new",
                "rank": 2,
                "model_proposal": "reserve",
                "decision": "proposed",
            },
            {
                "project_id": "c",
                "list": "new",
                "rank": 3,
                "model_proposal": "proposed",
                "decision": None,
            },
            {"project_id": "d", "list": "new", "rank": 4, "model_proposal": "reserve", "decision": ""},
        ]
    )
    assert [row["project_id"] for row in chosen(rows)] == ["b", "c"]


def test_a_long_text_ends_with_its_sentence() -> None:
    assert short("Kort.") == "Kort."
    long = "Een zin van gewone lengte. " * 40
    assert short(long).endswith("lengte.")
    assert len(short(long)) <= LONGEST
    assert short("woord " * 200).endswith("woord …")


def test_the_same_tables_give_the_same_bytes(material: Material, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        write_document(material, Store(tmp_path, "2026-11-25"))
        made.append((tmp_path / NAME).read_bytes())
    assert made[0] == made[1]


def test_no_word_is_wider_than_its_column(material: Material, tmp_path: Path) -> None:
    """A head such as "Plaats" broke in two: measured with the typeface that LibreOffice falls back on."""
    write_document(material, Store(tmp_path, "2026-11-25"))
    font = ImageFont.truetype(font_manager.findfont(FontProperties(family="DejaVu Sans", weight="bold")), 90)
    centimetre_per_pixel = 9 / 90 * 2.54 / 72  # 9 points in the table, 90 pixels here
    for table in [*Document(str(tmp_path / NAME)).tables, *make_fiche_template().tables]:
        for cell in table.rows[0].cells:
            if "{" in cell.text:
                continue
            for word in cell.text.replace("-", "- ").split():
                assert font.getlength(word) * centimetre_per_pixel <= cell.width.cm - 0.38, word
