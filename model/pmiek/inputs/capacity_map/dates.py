"""Years in the dates that operators publish, and when such a text is a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

YEAR: Final = r"(?:19|20)\d{2}"
PLAIN: Final = re.compile(rf"({YEAR})(?:\.0)?")
WINDOW: Final = re.compile(rf"(?:[Tt]ussen )?({YEAR})\s*(?:-|–|en|t/m|tot)\s*({YEAR})")
QUARTER: Final = re.compile(rf"[QqKk][1-4]\s*({YEAR})|({YEAR})\s*[- ]?[QqKk][1-4]")
DAY: Final = re.compile(rf"({YEAR})-\d{{2}}(?:-\d{{2}})?")
SPLIT: Final = re.compile(rf"({YEAR})[\s-]*(afname|opwek|invoeding|teruglevering)")
DIRECTION_OF: Final = {"afname": "take-off"}


@dataclass(frozen=True)
class StatedYears:
    """Years of one date: per direction the first and the last.

    Attributes
    ----------
    parts : tuple of (str, int or None, int or None)
        Direction (``both``, ``take-off``, ``feed-in``), first and last year; None where the text has none.
    plain : bool
        False for a text whose reading must be confirmed.
    """

    parts: tuple[tuple[str, int | None, int | None], ...]
    plain: bool


def read_date(text: str) -> StatedYears:
    """Read the years of a published date.

    Parameters
    ----------
    text : str
        For example ``2030``, ``2033 - 2036``, ``Tussen 2022 en 2027``, ``2026-07-01``, ``Q3 2026`` or
        ``2028-afname 2030-opwek``.
    """
    text = text.strip()
    if match := PLAIN.fullmatch(text):
        return StatedYears((("both", int(match[1]), int(match[1])),), plain=True)
    if match := WINDOW.fullmatch(text):
        first, last = int(match[1]), int(match[2])
        return StatedYears((("both", min(first, last), max(first, last)),), plain=first <= last)
    if match := DAY.fullmatch(text):
        return StatedYears((("both", int(match[1]), int(match[1])),), plain=True)
    if match := QUARTER.fullmatch(text):
        year = int(match[1] or match[2])
        return StatedYears((("both", year, year),), plain=True)
    split = SPLIT.findall(text)
    if split and SPLIT.sub("", text).strip(" ,;/") == "":
        parts = tuple((DIRECTION_OF.get(word, "feed-in"), int(year), int(year)) for year, word in split)
        return StatedYears(parts, plain=False)
    years = [int(year) for year in re.findall(YEAR, text)]
    whole = ("both", min(years), max(years)) if years else ("both", None, None)
    return StatedYears((whole,), plain=False)
