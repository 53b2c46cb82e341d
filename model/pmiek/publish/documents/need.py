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


def need_of(material: Material, project: Mapping[str, Any], asked: set[Case]) -> Need:
    """Give the need behind a project, from its rows in ``project_needs``.

    Parameters
    ----------
    material : Material
        Optional table ``project_needs``.
    project : mapping
        Record of :func:`pmiek.publish.report.select.candidate_list`.
    asked : set of (str, int)
        Outcome of :func:`screened`.
    """
    rows = material.checks.get("project_needs", pd.DataFrame(columns=[*NEEDED, *FIGURES]))
    own = rows[rows["project_id"].astype(str) == str(project["project_id"])]
    figures = {name: pd.to_numeric(own[name], errors="coerce") for name in FIGURES}  # a class is no number
    own = own.assign(**figures)
    base = min(material.years, default=0)
    shared = {(s, base) for s in material.storylines if any(year == base for _, year in asked)}
    found = []
    for state, figure in ((select.FROZEN, "exceedance_mw"), (select.NULL_STATE, "remaining_mw")):
        cases: dict[Case, tuple[float, float]] = dict.fromkeys(asked | shared, (0.0, 0.0))
        part = own[own["grid_state"] == state].sort_values(figure, ascending=False, na_position="first")
        worst = part.drop_duplicates(["storyline", "year"])
        for row in worst[["storyline", "year", figure, "hours"]].itertuples(index=False, name=None):
            storyline, year, mw, hours = row
            cases[(str(storyline), int(year))] = (float(mw), 0.0 if pd.isna(hours) else float(hours))
        found.append(cases)
    return Need(material.storylines, material.years, *found)


NEEDED = ("project_id", "grid_state", "storyline", "year")
FIGURES = ("exceedance_mw", "remaining_mw", "hours")
