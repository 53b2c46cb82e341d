"""What people write in a fiche is read back, kept in a plain file, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from pmiek.errors import InputError
from pmiek.publish.documents.fiches import Outcome
from pmiek.publish.documents.hand import Kept, merge, read_kept, write_kept
from pmiek.publish.documents.texts import hand_fields
from pmiek.publish.documents.word import EMPTY, Field, fingerprint, read_fields
from pmiek.publish.report.material import Material
from word_files import rewrite, text_of, write_in

Make = Callable[..., Outcome]


@pytest.fixture(scope="module")
def material(material: Material) -> Material:
    """One project is enough here, and faster."""
    return replace(material, projects=[p for p in material.projects if p["project_id"] == "P01"])


def test_a_text_in_word_survives_regeneration_and_is_kept_in_a_file(make: Make, tmp_path: Path) -> None:
    make()
    fiche = tmp_path / "out" / "p01.docx"
    assert read_fields(fiche)["trekker"].text == ""
    write_in(
        fiche,
        trekker="Provincie, programmamanager",
        afspraken="Gemeente: ruimte zoeken, juni\nNetbeheerder: <plan> & 'x'",
    )
    outcome = make()
    assert outcome.taken == ("P01",)
    kept = yaml.safe_load((tmp_path / "fiches" / "p01.yaml").read_text(encoding="utf-8"))
    assert kept["fields"] == {
        "trekker": "Provincie, programmamanager",
        "afspraken": "Gemeente: ruimte zoeken, juni\nNetbeheerder: <plan> & 'x'",
    }
    fields = read_fields(fiche)
    assert fields["afspraken"].text == kept["fields"]["afspraken"]
    assert fields["fase"].text == ""
    assert make().taken == ()


def test_the_kept_file_alone_is_enough_to_make_the_fiche_again(make: Make, tmp_path: Path) -> None:
    make()
    write_in(tmp_path / "out" / "p01.docx", zoekgebied="Ten zuiden van het spoor")
    make()
    for path in (tmp_path / "out").iterdir():
        path.unlink() if path.is_file() else None
    make()
    assert read_fields(tmp_path / "out" / "p01.docx")["zoekgebied"].text == "Ten zuiden van het spoor"


def test_the_file_as_people_left_it_is_put_aside(make: Make, tmp_path: Path) -> None:
    make()
    fiche = tmp_path / "out" / "p01.docx"
    write_in(fiche, trekker="Gemeente")
    edited = fiche.read_bytes()
    make()
    assert [path.read_bytes() for path in (tmp_path / "out" / "bewaard").iterdir()] == [edited]


def test_a_text_changed_on_both_sides_is_reported_and_both_are_kept(make: Make, tmp_path: Path) -> None:
    make()
    fiche, kept = tmp_path / "out" / "p01.docx", tmp_path / "fiches" / "p01.yaml"
    write_in(fiche, trekker="Gemeente")
    make()
    write_in(fiche, trekker="Netbeheerder")
    kept.write_text(kept.read_text(encoding="utf-8").replace("Gemeente", "Provincie"), encoding="utf-8")
    outcome = make()
    assert outcome.conflicts == ("P01",)
    found = read_kept(kept, hand_fields())
    assert found.fields == {"trekker": "Provincie"}
    assert [c["text"] for c in found.conflicts] == ["Netbeheerder"]
    assert "in p01.docx staat ook “Netbeheerder”" in text_of(fiche)
    make()
    assert len(read_kept(kept, hand_fields()).conflicts) == 1


def test_a_replaced_text_stays_among_the_earlier_ones() -> None:
    kept = Kept({"fase": "verkenning"})
    merged = merge(kept, {"fase": Field("planuitwerking", fingerprint("verkenning"))}, "x.docx", "2026-11-25")
    assert merged.fields == {"fase": "planuitwerking"}
    assert merged.earlier == ({"field": "fase", "text": "verkenning", "until": "2026-11-25"},)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (Field("nieuw", fingerprint("oud")), {"fase": "nieuw"}),  # changed in Word only
        (Field("oud", fingerprint("oud")), {"fase": "oud"}),  # changed nowhere
        (Field("", fingerprint("oud")), {}),  # cleared in Word on purpose
        (Field("ouder", fingerprint("ouder")), {"fase": "oud"}),  # an older fiche that no one changed
    ],
)
def test_which_text_wins(word: Field, expected: dict[str, str]) -> None:
    assert merge(Kept({"fase": "oud"}), {"fase": word}, "x.docx", "2026-11-25").fields == expected


def test_a_field_that_was_deleted_from_word_keeps_its_text(make: Make, tmp_path: Path) -> None:
    make()
    fiche = tmp_path / "out" / "p01.docx"
    write_in(fiche, trekker="Gemeente")
    make()
    tag = f'w:val="hand:trekker#{fingerprint("Gemeente")}"'
    rewrite(fiche, tmp_path / "other.docx", tag, 'w:val="iets-anders"')
    (tmp_path / "other.docx").replace(fiche)
    make()
    assert read_fields(fiche)["trekker"].text == "Gemeente"


def test_edited_fiches_from_another_folder_are_taken_over(make: Make, tmp_path: Path) -> None:
    make()
    sent = tmp_path / "sent"
    sent.mkdir()
    (tmp_path / "out" / "p01.docx").rename(sent / "p01.docx")
    write_in(sent / "p01.docx", opmerkingen="Zie het verslag van 3 november")
    assert make(edited=sent).taken == ("P01",)


def test_a_file_that_is_no_word_file_changes_nothing_and_is_put_aside(make: Make, tmp_path: Path) -> None:
    make()
    fiche = tmp_path / "out" / "p01.docx"
    write_in(fiche, trekker="Gemeente")
    make()
    fiche.write_bytes(b"half a file")
    outcome = make()
    assert [p.file for p in outcome.problems] == ["p01.docx"]
    assert read_fields(fiche)["trekker"].text == "Gemeente"
    assert any(path.read_bytes() == b"half a file" for path in (tmp_path / "out" / "bewaard").iterdir())


def test_fiches_of_dropped_projects_are_moved(make: Make, tmp_path: Path) -> None:
    make()
    (tmp_path / "out" / "p01.docx").rename(tmp_path / "out" / "p99.docx")
    assert make().gone == ("p99.docx",)
    assert (tmp_path / "out" / "vervallen" / "p99.docx").is_file()


def test_problems_in_a_kept_file_are_all_named_and_nothing_is_written(make: Make, tmp_path: Path) -> None:
    (tmp_path / "fiches").mkdir()
    (tmp_path / "fiches" / "p01.yaml").write_text(
        "fields: {trekkr: x, fase: [1]}\nmore: 1\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        make()
    assert {p.column for p in caught.value.problems} == {"trekkr", "fase", "more"}
    assert not (tmp_path / "out").exists()


def test_writing_and_reading_the_kept_file_gives_the_same(tmp_path: Path) -> None:
    texts = {"fase": "a: b\n- c\n\n'd' \"e\" #f", "trekker": "=1+1", "opmerkingen": "yes"}
    kept = Kept(texts, ({"field": "fase", "text": "x", "until": "2026-01-01"},))
    assert write_kept(tmp_path / "p.yaml", "p", kept)
    assert read_kept(tmp_path / "p.yaml", hand_fields()) == kept
    assert not write_kept(tmp_path / "p.yaml", "p", kept)


def test_an_empty_field_shows_that_it_must_be_filled_in(make: Make, tmp_path: Path) -> None:
    make()
    assert text_of(tmp_path / "out" / "p01.docx").count(EMPTY) == len(hand_fields())
