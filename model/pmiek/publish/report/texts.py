"""Words and numbers in the reader's language: one YAML file per language, no text elsewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pmiek.publish.report.names import Names, sentence

LANGUAGES = ("nl", "en")
TEXTS_DIR = Path(__file__).parent / "texts"
NO_NUMBER = "–"
CODE = re.compile(r"`\w+`|\b[\w/-]+\.csv\b|\b[a-z]+(?:_[a-z0-9]+)+\b|\bprojects-waiting_list\b")
"""Names of columns and files within a text."""
ASSET_ID = re.compile(r"\b\w+(?:-\w+)+\b")
"""What may be the id of an asset within a sentence; only those with a label are replaced."""
CATEGORIES = ("decision_status", "certainty", "extendable")
"""Groups of labels in which the class of an indicator may be named."""

#: A class with its unit, in place of a figure that may not be shown.
CLASS = re.compile(r"[<>]? ?-?\d[\d.]*(?:-\d[\d.]*)? [A-Za-z%]+")
#: The word in public tables for a figure that may not be shown at all.
HIDDEN = "vertrouwelijk"


def read_texts(language: str) -> dict[str, str | list[str]]:
    """Read one language's texts as flat keys joined by dots.

    Returns
    -------
    dict
        Text, or a list of texts, by key such as ``nav.map``.

    Raises
    ------
    TypeError
        If a value is neither text nor a list of texts.
    """
    raw = yaml.safe_load((TEXTS_DIR / f"{language}.yaml").read_text(encoding="utf-8"))
    return dict(_flat(raw, ""))


def _flat(value: Any, key: str) -> list[tuple[str, str | list[str]]]:
    if isinstance(value, Mapping):
        pairs = ((f"{key}.{name}" if key else str(name), child) for name, child in value.items())
        return [pair for name, child in pairs for pair in _flat(child, name)]
    if isinstance(value, str):
        return [(key, value)]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [(key, value)]
    message = f"text {key!r} must be text or a list of texts, found {type(value).__name__}; quote it"
    raise TypeError(message)


class Texts:
    """Texts, labels and number format of one language.

    Parameters
    ----------
    language : str
        ``nl`` or ``en``.
    labels : mapping of (group, value) to str, optional
        Labels that come from the input tables, such as station names and sector names; they win.
    names : Names, optional
        Names of projects and grid parts, which the English pages show in English.
    """

    def __init__(
        self,
        language: str,
        labels: Mapping[tuple[str, str], str] | None = None,
        names: Names | None = None,
    ) -> None:
        self.language = language
        self._names = names if names and language == "en" else Names([])
        self._entries = read_texts(language)
        self._labels = dict(labels or {})

    def __call__(self, key: str, **values: Any) -> str:
        """Give a text with its placeholders filled in.

        Raises
        ------
        KeyError
            If the language has no such text: a report with a hole is a bug, not a default.
        """
        text = self._entries[key]
        if isinstance(text, list):
            message = f"text {key!r} is a list"
            raise TypeError(message)
        return text.format(**values) if values else text

    def lines(self, key: str) -> list[str]:
        """Give a list of texts, such as the paragraphs of a method section."""
        text = self._entries[key]
        return [text] if isinstance(text, str) else text

    def keys(self, prefix: str) -> list[str]:
        """Give the keys below a prefix, in file order, without the prefix."""
        return [key[len(prefix) + 1 :] for key in self._entries if key.startswith(prefix + ".")]

    def label(self, group: str, value: Any) -> str:
        """Give the reader's word for a code; a code without a word is shown with spaces.

        Parameters
        ----------
        group : str
            Kind of code, for example ``storyline``, ``asset_class`` or ``sector``.
        value : Any
            The code.
        """
        code = str(value)
        found = self._labels.get((group, code)) or self._entries.get(
            f"label.{group}.{code.replace(' ', '_')}"
        )
        return found if isinstance(found, str) else code.replace("_", " ")

    def category(self, code: str) -> str:
        """Give the words for the class that an indicator of the weighing has."""
        known = (self._entries.get(f"label.{group}.{code}") for group in CATEGORIES)
        return next((text for text in known if isinstance(text, str)), code.replace("_", " "))

    def with_prefix(self, prefix: str) -> dict[str, str | list[str]]:
        """Give the texts whose key starts with a prefix, for the scripts of the pages."""
        return {key: text for key, text in self._entries.items() if key.startswith(prefix)}

    def input_labels(self) -> dict[str, str]:
        """Give the labels from input tables as ``group.code`` to label, for the scripts of the pages."""
        return {f"{group}.{code}": text for (group, code), text in self._labels.items() if group != "source"}

    def number(self, value: Any, decimals: int = 0) -> str:
        """Write a number in the language's format: 1.234,5 in Dutch, 1,234.5 in English.

        A class that stands for a confidential figure (``60-100 MW``) is written as it is, and the word for
        a hidden one in the reader's language.
        """
        if isinstance(value, str) and (CLASS.fullmatch(value) or value == HIDDEN):
            return self._kept(value)
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            return NO_NUMBER
        text = f"{float(value):,.{decimals}f}"
        if text.strip("-0.,") == "":
            text = text.lstrip("-")
        text = text.replace("-", "\N{MINUS SIGN}")
        if self.language == "nl":
            text = text.translate(str.maketrans(",.", ".,"))
        return text

    def _kept(self, text: str) -> str:
        """Give what stands in place of a confidential figure, in the reader's language."""
        return self.label("kept", "confidential") if text == HIDDEN else text

    def pick(self, record: Mapping[str, Any], column: str) -> Any:
        """Give a column in the reader's language where it is filled, else the column itself."""
        found = record.get(f"{column}_{self.language}")
        if not found and self.language == "en" and isinstance(record[column], str):
            return self.within(sentence(record[column]))
        return self.within(found or record[column])

    def own(self, record: Mapping[str, Any], column: str) -> str:
        """Give the column of the reader's language, such as ``why_nl``; nothing where it is not filled."""
        return str(self.within(record.get(f"{column}_{self.language}") or ""))

    def name(self, name: str) -> str:
        """Give the name of a project, grid part or stage in the reader's language."""
        return self._names.name(name)

    def within(self, text: Any) -> Any:
        """Put the names within a sentence in the reader's language, and names in place of the ids of assets.

        What is no text stays as it is.
        """
        if not isinstance(text, str):
            return text
        named = ASSET_ID.sub(lambda hit: self._labels.get(("asset", hit[0]), hit[0]), text)
        return self._names.within(named) if self.language == "en" else named

    def names(self) -> dict[str, str]:
        """Give the names that differ from those in the inputs, for the scripts of the pages."""
        return dict(self._names.table)

    def loose(self, text: str) -> str:
        """Write a cell that is text or a number: a number keeps its own decimals, without trailing zeros."""
        try:
            value = float(text)
        except ValueError:
            return text
        if not math.isfinite(value) or "e" in text.lower():
            return text
        decimals = len(text.partition(".")[2].rstrip("0"))
        return str(int(value)) if decimals == 0 and abs(value) < 10_000 else self.number(value, decimals)

    def span(self, low: Any, high: Any, decimals: int = 0) -> str:
        """Write a range, or one number when both ends read the same."""
        first, last = self.number(low, decimals), self.number(high, decimals)
        if NO_NUMBER in (first, last) or first == last:
            return last if first == NO_NUMBER else first
        return f"{first}–{last}"

    def signed(self, low: float, high: float) -> str:
        """Write a range of differences, each end with its sign: ``+3``, ``−12 tot −4``."""
        first, last = (f"{'−' if v < 0 else '+'}{self.number(abs(v))}" for v in (low, high))
        return first if first == last else self("compare.summary.cause_range", first=first, last=last)

    def about(self, low: Any, high: Any) -> str:
        """Write a range of homes or firms with two digits that count: nobody knows them better."""
        first, last = (float(f"{float(value):.2g}") for value in (low, high))
        return self.span(first, last)

    def growth(self, sectors: list[tuple[str, float, float]]) -> str:
        """Write what grows, with the lowest and highest growth (GWh): ``transport (+20–35 GWh)``."""
        words = [f"{self.inside(self.label('sector', s))} (+{self.span(a, b)} GWh)" for s, a, b in sectors]
        return self.listed(words)

    @staticmethod
    def inside(name: str) -> str:
        """Write a name within a sentence: its first letter small, abbreviations as they are."""
        return name[0].lower() + name[1:] if re.match(r"[A-Z][a-z]", name) else name

    def count(self, key: str, count: int, **values: Any) -> str:
        """Give the sentence for none, one or many of something."""
        form = "none" if count == 0 else "one" if count == 1 else "many"
        return self(f"{key}.{form}", n=self.number(count), **values)

    def shares(self, group: str, pairs: list[tuple[str, float]]) -> str:
        """Write causes with their share: ``homes (40%) and traffic (12%)``."""
        words = [f"{self.label(group, code)} ({self.number(100 * share)}%)" for code, share in pairs]
        return self.listed(words)

    def listed(self, words: list[str]) -> str:
        """Join words with commas and the language's *and* before the last."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('site.and')} {words[-1]}"

    def named(self, group: str, codes: list[str]) -> str:
        """Write several codes of one group in words."""
        return self.listed([self.label(group, code) for code in codes])

    def party(self, names: str) -> str:
        """Name the operators or authorities of a cell, separated by semicolons."""
        return "; ".join(self.label("party", name.strip()) for name in str(names).split(";"))

    def assets(self, ids: str, most: int = 4) -> str:
        """Name the assets of a cell, separated by semicolons; those beyond ``most`` are counted."""
        codes = [code.strip() for code in str(ids).split(";") if code.strip()]
        named = ", ".join(self.outage(code) for code in codes[:most])
        rest = len(codes) - most
        return f"{named} {self('compare.summary.more', n=self.number(rest))}" if rest > 0 else named

    def sources(self, ids: str) -> str:
        """Name the publishers behind the source ids of a cell, each once."""
        codes = [code.strip() for code in str(ids).split(";") if code.strip()]
        return "; ".join(dict.fromkeys(self.label("source", code) for code in codes))

    @staticmethod
    def coded(text: str) -> list[tuple[bool, str]]:
        """Split a text into the names of columns and files, which are code (True), and what stands between."""
        parts, at = [], 0
        for hit in CODE.finditer(text):
            parts += [(False, text[at : hit.start()]), (True, hit[0].strip("`"))]
            at = hit.end()
        return [part for part in [*parts, (False, text[at:])] if part[1]]

    def outage(self, code: str) -> str:
        """Name what is out: an asset, or one unit or circuit of it."""
        base, _, unit = code.rpartition("-")
        named = ("asset", code) in self._labels or ("asset", base) not in self._labels or not unit.isdigit()
        if named:
            return self.label("asset", code)
        return f"{self.label('asset', base)}, {self('js.unit')} {unit}"

    def season(self, code: str) -> str:
        """Write season and part of the day, such as ``summer, day``, as words."""
        return ", ".join(self.label("season", part.strip()) for part in code.split(",") if part.strip())

    def storylines(self, count: Any, total: int) -> str:
        """Say in how many of the storylines something occurs."""
        if total <= 1:
            return self("scenarios.only") if count else self("scenarios.none_of")
        return self("scenarios.of", n=self.number(count), total=self.number(total))

    def year(self, value: Any) -> str:
        """Write a year without a thousands separator."""
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            return NO_NUMBER
        if value == HIDDEN:
            return self._kept(value)
        return str(int(float(value)))
