"""What the reader's own weighing needs: the points behind each score, by criterion and indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import records

CRITERIA = ("societal", "urgency", "feasibility")
LEAST_WEIGHT = 1e-9
FACTS = (
    "name page type municipality cluster operator carrier size_mw need_year_earliest start_by_year "
    "cost_meur_low cost_meur_high space_ha certainty priority_class list rank score"
)
"""Facts of a project that stand side by side."""


def payload(material: Material) -> dict[str, Any]:
    """Give the figures with which the projects page ranks anew and compares two projects.

    Parameters
    ----------
    material : Material
        Tables ``candidates``, ``scores`` and ``swaps``; the weighing framework.

    Returns
    -------
    dict
        ``margin`` (points within which the priority class decides), ``certain`` (share of draws from which an order is
        called certain), ``classes`` (ids of the priority classes in order), ``swaps`` (pairs of ids with the
        share of draws in which their order holds) and ``projects``: per id the facts of the side-by-side
        table and ``i``, the indicators as [criterion position, id, value, unit, points, weight, known];
        the points of an unknown are what it counts for, see :mod:`pmiek.decide.weighing.scoring`.
    """
    framework = material.framework if isinstance(material.framework, Mapping) else {}
    classes = [str(c["id"]) for c in framework.get("priority_classes") or [] if isinstance(c, Mapping)]
    stable = framework.get("robustness")
    swaps = material.tables["swaps"]
    by_project = {str(key): part for key, part in material.tables["scores"].groupby("project_id")}
    weights = select.criterion_weights(material.framework)
    return {
        "margin": _number(framework.get("tie_margin_points"), 0.0),
        "certain": _number(stable.get("certain_share") if isinstance(stable, Mapping) else None, 0.9),
        "classes": classes,
        "swaps": {
            f"{row['project_id']}|{row['other_id']}": round(float(row["probability"]), 2)
            for row in records(swaps.dropna(subset="probability"))
        },
        "projects": {
            p["project_id"]: {**_facts(p), "i": _indicators(by_project.get(p["project_id"]), p, weights)}
            for p in material.projects
        },
    }


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default


def _facts(project: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: project[name] for name in FACTS.split()}, "storylines": project["storylines"]}


def _indicators(
    rows: pd.DataFrame | None, project: Mapping[str, Any], weights: Mapping[str, float]
) -> list[list[Any]]:
    """Give the indicators of a project; its criteria stand in where it has none."""
    if rows is None or rows.empty:
        scores = [_score(project[f"score_{name}"]) for name in CRITERIA]
        return [[c, "", "", "", scores[c], weights[name] / 100, 1] for c, name in enumerate(CRITERIA)]
    known = rows[rows["criterion"].isin(CRITERIA) & (rows["weight"] > LEAST_WEIGHT)]
    return [
        [
            CRITERIA.index(row["criterion"]),
            row["indicator"],
            row["value"],
            row["unit"],
            _score(row["points"]),
            round(float(row["weight"]), 6),
            0 if row["kind"] == "unknown" else 1,
        ]
        for row in records(known)
    ]


def _score(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 3)
