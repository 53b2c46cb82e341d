"""The draft programme: its parts, Dutch figures, and what people changed in it is put aside."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from pmiek.publish.documents.document import NAME, write_document
from pmiek.publish.documents.store import Store
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
    assert all(str(p["project_id"]) in text for p in material.projects)
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


def test_the_fiches_are_the_annex_in_the_order_of_the_list(material: Material, make, tmp_path: Path) -> None:
    make()
    store, names = Store(tmp_path, "2026-11-25"), [str(p["project_id"]) for p in material.projects]
    write_document(material, store, tmp_path / "out")
    made = Document(str(tmp_path / NAME))
    alone = Document(str(tmp_path / "out" / f"{names[0].lower()}.docx"))
    assert len(made.tables) > len(names) * len(alone.tables)
    headings = [p.text for p in made.paragraphs]
    places = [headings.index(p) for p in (q.text for q in alone.paragraphs if q.text)]
    assert places == sorted(places)
    assert not store.problems


def test_the_same_fiches_give_the_same_bytes(material: Material, make, tmp_path: Path) -> None:
    make()
    made = []
    for _ in range(2):
        write_document(material, Store(tmp_path, "2026-11-25"), tmp_path / "out")
        made.append((tmp_path / NAME).read_bytes())
    assert made[0] == made[1]


def test_a_fiche_that_cannot_be_read_is_named_and_left_out(material: Material, make, tmp_path: Path) -> None:
    make()
    broken = min((tmp_path / "out").glob("*.docx"))
    broken.write_bytes(b"no Word file")
    store = Store(tmp_path, "2026-11-25")
    write_document(material, store, tmp_path / "out")
    assert [problem.file for problem in store.problems] == [broken.name]
    assert (tmp_path / NAME).is_file()
