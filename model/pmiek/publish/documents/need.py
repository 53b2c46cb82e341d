"""How large the need behind a project is, per storyline and year, and what decided projects leave of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.material import Material

Case = tuple[str, int]
"""Storyline and year."""


@dataclass(frozen=True)
class Need:
    """Shortage behind a project in its worst weather year.

    Attributes
    ----------
    storylines, years : list
        What was screened.
    now, left : dict
        Shortage (MW) and hours per year by storyline and year: on today's grid, and with decided projects.
        A case that was not screened is absent; a figure that is not public is NaN.
    """

    storylines: list[str]
    years: list[int]
    now: dict[Case, tuple[float, float]]
    left: dict[Case, tuple[float, float]]

    def worst(self, cases: Mapping[Case, tuple[float, float]]) -> tuple[str, int, float, float] | None:
        """Give the case with the largest public shortage: storyline, year, MW and hours."""
        found = [(mw, hours, key) for key, (mw, hours) in cases.items() if mw > 0]
        if not found:
            return None
        mw, hours, (storyline, year) = max(found, key=lambda case: (case[0], case[1]))
        return storyline, year, mw, hours

    def line(self, storyline: str) -> list[float]:
        """Give the shortage (MW) over the years on today's grid; NaN where it was not screened or public."""
        return [self.now.get((storyline, year), (float("nan"), 0.0))[0] for year in self.years]


def screened(material: Material) -> set[Case]:
    """Give the storylines and years that were screened."""
    rows = material.tables["loading"] if len(material.tables["loading"]) else material.tables["bottlenecks"]
    pairs = rows[["storyline", "year"]].drop_duplicates().itertuples(index=False, name=None)
    return {(str(storyline), int(year)) for storyline, year in pairs}


def need_of(
    material: Material, project: Mapping[str, Any], asked: set[Case], base: tuple[int, str] | None
) -> Need:
    """Give the need behind a project from its bottlenecks.

    Parameters
    ----------
    material : Material
        Table ``bottlenecks``.
    project : mapping
        Record of :func:`pmiek.publish.report.select.candidate_list`.
    asked : set of (str, int)
        Outcome of :func:`screened`.
    base : tuple or None
        Outcome of :func:`pmiek.publish.report.select.base_year`.
    """
    rows = material.tables["bottlenecks"]
    mine = rows[rows["bottleneck_id"].isin(set(project["bottlenecks"]))]
    found = []
    for state in (select.FROZEN, select.NULL_STATE):
        cases: dict[Case, tuple[float, float]] = dict.fromkeys(asked, (0.0, 0.0))
        worst = select.worst_rows(mine[mine["grid_state"] == state], ["storyline", "year"])
        for row in worst[["storyline", "year", "exceedance_mw", "hours"]].itertuples(index=False, name=None):
            storyline, year, mw, hours = row
            cases[(str(storyline), int(year))] = (float(mw), 0.0 if pd.isna(hours) else float(hours))
        if base:
            shared = cases.get((base[1], base[0]), (0.0, 0.0))
            cases.update({(s, base[0]): shared for s in material.storylines})
        found.append(cases)
    return Need(material.storylines, material.years, *found)
