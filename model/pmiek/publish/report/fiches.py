"""The page of one project: its fiche, with what other tables say about it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.impacts import impact
from pmiek.publish.report.material import Material
from pmiek.publish.report.standing import status
from pmiek.publish.report.tables import parts, records

MOST_TASKS = 8


def context(material: Material, project: dict[str, Any]) -> dict[str, Any]:
    """Give what the template of a project's page shows."""
    tables, key = material.tables, project["project_id"]
    requests = tables["data_requests"]
    concerned = [key in parts(cell) for cell in requests["affects_projects"]]
    plans = material.inputs["projects/planned"]
    mine = plans[["investment_plan_id", "project_id"]].isin(project["plans"]).any(axis=1)
    return {
        "p": project,
        "chain": select.chain(project, material.bottlenecks, material.causes),
        "alternatives": _of(tables["project_options"], key),
        "scores": _of(tables["scores"], key),
        "alignment": _of(tables["alignment"], key),
        "requests": records(requests[concerned]),
        "plans": records(plans[mine]),
        "word": material.word.get(key, ""),
        "effects": effects(material.checks.get("project_variants"), key),
        "depends": _depends(material, key),
        "impact": impact(material.checks, key),
        "names": {p["project_id"]: p for p in material.projects},
        "status": status(material.checks, key),
        "tasks": _optional(material, "project_area_tasks", key)[:MOST_TASKS],
    }


def _of(rows: pd.DataFrame, project_id: str) -> list[dict[str, Any]]:
    return records(rows[rows["project_id"] == project_id])


def _optional(material: Material, name: str, project_id: str) -> list[dict[str, Any]]:
    table = material.checks.get(name)
    return [] if table is None else _of(table, project_id)


def effects(rows: pd.DataFrame | None, project_id: str) -> list[dict[str, Any]]:
    """Give per variant what it builds for a project and what it leaves, as a range over the storylines.

    Parameters
    ----------
    rows : DataFrame or None
        Table ``project_variants``.
    project_id : str
    """
    if rows is None:
        return []
    mine = rows[rows["project_id"] == project_id]
    out = []
    for variant, part in mine.groupby("variant", sort=False):
        spans = {
            f"{name}_{end}": _end(part[column], how)
            for name, column in (("built", "built_mw"), ("left", "left_mw"), ("hours", "left_hours"))
            for end, how in (("low", "min"), ("high", "max"))
        }
        first = pd.to_numeric(part["built_first_year"], errors="coerce").min()
        out.append({"variant": str(variant), "first_year": first, **spans})
    return out


def _end(values: pd.Series, how: str) -> float | str:
    """Give the lowest or highest figure; of classes instead of confidential figures, the first or last."""
    numbers = pd.to_numeric(values, errors="coerce")
    if values.notna().sum() > numbers.notna().sum():
        classes = [str(value) for value in values.dropna()]
        return classes[0] if how == "min" else classes[-1]
    return float(getattr(numbers.fillna(0.0), how)())


def _depends(material: Material, project_id: str) -> list[dict[str, Any]]:
    by_id = {p["project_id"]: p for p in material.projects}
    found = _optional(material, "project_dependencies", project_id)
    return [{**row, "project": by_id.get(row["depends_on"])} for row in found]
