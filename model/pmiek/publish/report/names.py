"""English for the Dutch words in names that come from the inputs: projects, grid parts and stages of plans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

TEXTS = Path(__file__).parent / "texts"
NAMES_FILE = TEXTS / "names.yaml"
SENTENCES_FILE = TEXTS / "sentences.yaml"
PLACE = re.compile(r"\\{(\w+)\\}")
"""A part of a sentence that is taken over, in the escaped pattern."""


@cache
def _phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    table = yaml.safe_load(NAMES_FILE.read_text(encoding="utf-8"))
    known = {str(dutch).lower(): str(english) for dutch, english in table.items()}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    return re.compile(pattern, re.IGNORECASE), known


def english(name: str) -> str:
    """Put the general words of a Dutch name into English; names of places stay.

    Parameters
    ----------
    name : str
        Such as ``Uitbreiding station A``.
    """
    pattern, known = _phrases()

    def told(hit: re.Match[str]) -> str:
        words = known[hit[0].lower()]
        return words[0].upper() + words[1:] if hit[0][0].isupper() else words[0].lower() + words[1:]

    return pattern.sub(told, name)


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = yaml.safe_load(SENTENCES_FILE.read_text(encoding="utf-8"))
    return tuple((re.compile(PLACE.sub(r"(?P<\1>.+?)", re.escape(nl))), str(en)) for nl, en in table.items())


@cache
def sentence(text: str) -> str:
    """Give the English of a Dutch sentence of the tables; a sentence that is not known stays as it is.

    Parameters
    ----------
    text : str
        Such as the reason of a data request.
    """
    for pattern, told in _sentences():
        hit = pattern.fullmatch(text)
        if hit:
            return told.format(**{key: english(part) for key, part in hit.groupdict().items()})
    return text


class Names:
    """English names of the Dutch names of a batch, alone and within sentences.

    Parameters
    ----------
    names : iterable of str
        All names that pages may show.
    """

    def __init__(self, names: Iterable[str]) -> None:
        made = {name: english(name) for name in names if name}
        self.table = {name: text for name, text in made.items() if text != name}
        longest_first = sorted(self.table, key=len, reverse=True)
        self._within = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def name(self, name: str) -> str:
        """Give the English of a name."""
        return self.table.get(name, name)

    def within(self, text: str) -> str:
        """Replace the names and the known Dutch words that stand within a sentence."""
        return english(self._within.sub(lambda hit: self.table[hit[0]], text) if self._within else text)
