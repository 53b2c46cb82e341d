"""The template that ships agrees with its maker and with the tags, and says in words what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TEMPLATE
from pmiek.errors import InputError
from pmiek.publish.documents.fiches import Outcome, open_template
from pmiek.publish.documents.maker import make_templates
from pmiek.publish.documents.template import used_tags
from pmiek.publish.documents.texts import hand_fields, known_tags
from pmiek.publish.documents.word import controls, problems_of
from word_files import add_part, rewrite, text_of


def test_the_committed_template_is_what_its_maker_makes(tmp_path: Path) -> None:
    make_templates(tmp_path)
    fresh, committed = open_template(tmp_path / "fiche.docx"), open_template(TEMPLATE)
    assert used_tags(fresh) == used_tags(committed)
    assert text_of(tmp_path / "fiche.docx") == text_of(TEMPLATE)


def test_the_template_shows_every_tag_and_field() -> None:
    template = open_template(TEMPLATE)
    assert used_tags(template) == set(known_tags())
    assert [name for _, name, _ in controls(template.docx.element)] == list(hand_fields())


OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r" Type="http://x/attachedTemplate" Target="https://example.org/t.dotm" '
    b'TargetMode="External"/></Relationships>'
)


def broken(tmp_path: Path, old: str, new: str) -> InputError:
    path = rewrite(TEMPLATE, tmp_path / "fiche.docx", old, new)
    with pytest.raises(InputError) as caught:
        open_template(path)
    return caught.value


def test_an_unknown_tag_is_named_with_the_nearest_that_exists(tmp_path: Path) -> None:
    (problem,) = broken(tmp_path, "{{ ruimte }}", "{{ ruimtes }}").problems
    assert problem.value == "ruimtes"
    assert "ruimte" in problem.expected


def test_an_unknown_column_and_a_missing_field_are_named_together(tmp_path: Path) -> None:
    half = rewrite(TEMPLATE, tmp_path / "half.docx", "{{ o.kosten }}", "{{ o.prijs }}")
    whole = rewrite(half, tmp_path / "fiche.docx", "hand:fase", "hand:fases")
    with pytest.raises(InputError) as caught:
        open_template(whole)
    assert {p.column for p in caught.value.problems} == {"o.prijs", "hand:fases", "hand:fase"}


@pytest.mark.parametrize(
    "tag",
    ["{{ naam.__class__ }}", "{{ range(9) }}", "{{ naam * 9 }}", "{% include 'x' %}", "{{ naam|upper }}"],
)
def test_a_template_cannot_calculate_or_reach_out(tmp_path: Path, tag: str) -> None:
    assert broken(tmp_path, "{{ ruimte }}", tag).problems


def test_a_loop_without_end_is_reported(tmp_path: Path) -> None:
    assert "end" in str(broken(tmp_path, "{%tr endfor %}", ""))


def test_a_template_that_people_changed_is_used(make: Callable[..., Outcome], tmp_path: Path) -> None:
    path = rewrite(TEMPLATE, tmp_path / "own.docx", "Projectfiche pMIEK", "Werkblad")
    make(path)
    assert "Werkblad – Concreet – P01" in text_of(tmp_path / "out" / "p01.docx")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("word/vbaProject.bin", b"x", "macros"),
        ("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("word/x.xml", b"<a", "word/x.xml"),
        (
            "word/_rels/settings.xml.rels",
            OUTSIDE,
            "attachedTemplate",
        ),
    ],
)
def test_hostile_word_files_are_refused(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    path = add_part(TEMPLATE, tmp_path / "x.docx", name, content)
    assert any(found in p.value or found in p.expected for p in problems_of(path, "x.docx"))


def test_the_template_that_ships_is_fit() -> None:
    assert problems_of(TEMPLATE, "fiche.docx") == []
