"""Every text exists in both languages, is used, and says the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pmiek.publish.report
import pytest
from pmiek.publish.report.texts import LANGUAGES, Texts, read_texts
from pmiek.publish.report.validation import BASE_YEAR_KINDS, BASE_YEAR_VERDICTS

HERE = Path(pmiek.publish.report.__file__).parent
DUTCH, ENGLISH = (read_texts(language) for language in LANGUAGES)


def used_patterns() -> list[re.Pattern[str]]:
    """Keys that the templates, scripts and modules ask for; joined parts become wildcards."""
    patterns = []
    documents = HERE.parent / "documents"  # the draft programme says the same sentences
    for path in [
        *HERE.rglob("*.html"),
        *HERE.glob("static/*.js"),
        *HERE.glob("*.py"),
        *documents.glob("*.py"),
    ]:
        source = path.read_text(encoding="utf-8")
        for call in re.finditer(
            r"""\b(?:t|self)(\.count|\.lines)?\(\s*((?:["'][\w.]*["']|[\s~+]+|[\w.\[\]]+)+)""", source
        ):
            text = re.sub(r"""\s*[~+]\s*[A-Za-z_][\w.\[\]]*""", '".+"', call.group(2))
            key = "".join(re.findall(r"""["']([^"']*)["']""", text))
            if key and ("." in key):
                tail = r"\.(none|one|many)" if call.group(1) == ".count" else ""
                patterns.append(re.compile(re.escape(key).replace(r"\.\+", ".+") + tail))
        patterns += [
            re.compile(".+".join(re.escape(part) for part in re.split(r"{[^}]*}", key)))
            for key in re.findall(r"""\bt\(f"([^"]*)"\)""", source)
        ]
    return patterns


def test_both_languages_have_the_same_keys() -> None:
    assert set(DUTCH) ^ set(ENGLISH) == set()


def test_both_languages_have_the_same_placeholders_and_length() -> None:
    differing = []
    for key, dutch in DUTCH.items():
        english = ENGLISH[key]
        if isinstance(dutch, list) or isinstance(english, list):
            same = isinstance(english, list) and len(dutch) == len(english)
        else:
            names = [set(re.findall(r"{(\w+)}", text)) for text in (dutch, english)]
            same = bool(dutch.strip() and english.strip()) and names[0] == names[1]
        if not same:
            differing.append(key)
    assert differing == []


def test_every_key_that_the_pages_ask_for_exists_and_none_is_unused() -> None:
    patterns = used_patterns()
    unknown = [p.pattern for p in patterns if not any(p.fullmatch(key) for key in DUTCH)]
    unused = [
        key
        for key in DUTCH
        if not key.startswith(("label.", "glossary.")) and not any(p.fullmatch(key) for p in patterns)
    ]
    assert unknown == []
    assert sorted(unused) == []


def test_every_label_group_is_asked_for() -> None:
    sources = "".join(
        p.read_text(encoding="utf-8")
        for p in [*HERE.rglob("*.html"), *HERE.glob("static/*.js"), *HERE.glob("*.py")]
    )
    groups = {key.split(".")[1] for key in DUTCH if key.startswith("label.")}
    assert [group for group in sorted(groups) if f'"{group}"' not in sources] == []


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [
        ("nl", 1234.5, 1, "1.234,5"),
        ("en", 1234.5, 1, "1,234.5"),
        ("nl", -1234567.0, 0, "−1.234.567"),
        ("nl", -0.04, 1, "0,0"),
        ("nl", float("nan"), 0, "–"),
        ("en", None, 0, "–"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    language: str, value: float | None, decimals: int, text: str
) -> None:
    assert Texts(language).number(value, decimals) == text


def test_a_range_with_equal_ends_is_one_number() -> None:
    t = Texts("nl")
    assert (t.span(10, 20), t.span(10, 10.2), t.span(float("nan"), 5)) == ("10–20", "10", "5")


def test_a_number_in_a_text_cell_keeps_its_own_decimals() -> None:
    t = Texts("nl")
    assert [t.loose(cell) for cell in ("0.970", "2035", "12000", "ongeveer 3")] == [
        "0,97",
        "2035",
        "12.000",
        "ongeveer 3",
    ]


def test_an_input_label_wins_and_a_code_without_label_loses_its_underscores() -> None:
    t = Texts("en", {("station", "NV110"): "Noordveld"})
    assert t.label("station", "NV110") == "Noordveld"
    assert t.label("alignment", "not planned") == "not planned"
    assert t.label("sector", "heat_pumps") == "heat pumps"


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("nl")("no.such.key")


def test_the_class_of_an_indicator_is_named_in_words() -> None:
    classes = ["under_construction", "zeker", "yes", "never_heard_of"]
    assert [Texts("nl").category(c) for c in classes] == [
        "in aanbouw",
        "zeker",
        "er is ruimte",
        "never heard of",
    ]
    assert [Texts("en").category(c) for c in classes[:2]] == ["under construction", "certain"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_of_the_base_year_has_its_text(language: str) -> None:
    """Keys with a space were never looked up, so a Dutch page showed English codes."""
    texts = read_texts(language)
    for group, codes in (
        ("base_year_kind", [kind for kind in BASE_YEAR_KINDS if kind != "table"]),
        ("base_year_verdict", BASE_YEAR_VERDICTS),
    ):
        for code in codes:
            assert isinstance(texts.get(f"label.{group}.{code.replace(' ', '_')}"), str), (group, code)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_label_has_a_key_with_a_space(language: str) -> None:
    keys = [key for key in read_texts(language) if key.startswith("label.")]
    assert [key for key in keys if " " in key] == []
