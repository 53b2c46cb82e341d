"""How a document writes a cell: numbers in Dutch with their unit, and what is unknown with who was asked."""

from __future__ import annotations

import math
from typing import Any

from pmiek.publish.documents.texts import say
from pmiek.publish.report.texts import Texts


class Speaker:
    """Writes the cells of one project: numbers in Dutch, and what is unknown with who was asked.

    Parameters
    ----------
    t : Texts
        Labels and number format.
    asked : list of str
        Parties that were asked for data about this project.
    """

    def __init__(self, t: Texts, asked: list[str]) -> None:
        self.t, self.asked = t, asked

    def unknown(self) -> str:
        """Say that something is unknown, and who was asked for it."""
        return say("words", "asked", who=self.t.listed(self.asked)) if self.asked else say("words", "unknown")

    def number(self, value: Any, decimals: int = 0) -> str:
        """Write a number, or that it is unknown."""
        return self.t.number(value, decimals) if known(value) else self.unknown()

    def span(self, low: Any, high: Any, unit: str, decimals: int = 0) -> str:
        """Write a range with its unit, or that it is unknown."""
        if not (known(low) or known(high)):
            return self.unknown()
        return say("words", unit, value=self.t.span(low, high, decimals))

    def year(self, value: Any) -> str:
        """Write a year, or that it is unknown."""
        return self.t.year(value) if known(value) else self.unknown()

    def label(self, group: str, code: Any) -> str:
        """Write a code in words, or that it is unknown."""
        return self.t.label(group, code).replace("\N{SOFT HYPHEN}", "") if str(code or "") else self.unknown()


def known(value: Any) -> bool:
    """Tell whether a cell holds something."""
    if value is None or value == "":
        return False
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return True
