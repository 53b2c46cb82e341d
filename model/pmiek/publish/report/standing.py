"""How projects stand by the quarterly statuses, what must be raised, and which inputs move which projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import records

MOST_INPUTS = 60
MOST_MOVED = 6
"""Inputs on the page, and projects named per input."""


def status(checks: Mapping[str, pd.DataFrame], project_id: str) -> dict[str, Any] | None:
    """Give the latest status of a project, its quarter empty when none was given; None without the table."""
    table = checks.get("monitoring")
    rows = [] if table is None else records(table[table["project_id"] == project_id])
    return rows[0] if rows else None


def escalations(material: Material) -> dict[str, Any] | None:
    """Give the projects to raise, those for the board first; None when the batch has no monitoring.

    Returns
    -------
    dict or None
        ``given``: projects with a status; ``rows``: records of ``escalations`` with the project's ``page``.
    """
    table = material.checks.get("monitoring")
    if table is None:
        return None
    pages = {p["project_id"]: p["page"] for p in material.projects}
    raised = material.checks.get("escalations")
    rows = [] if raised is None else records(raised)
    rows.sort(key=lambda r: (str(r["level"]) != "board", str(r["name"]).lower()))
    given = int(table["quarter"].fillna("").astype(str).ne("").sum())
    return {"given": given, "rows": [{**r, "page": pages.get(str(r["project_id"]), "")} for r in rows]}


def moved_by_inputs(material: Material) -> dict[str, Any]:
    """Give the inputs that move projects if they fall, those that move most projects first.

    Returns
    -------
    dict
        ``total`` inputs, and ``rows`` of the first ones: ``input_id``, ``kind``, ``projects`` (number),
        ``moves`` (records of ``input_effects`` with ``project``, None when not on the list) and ``more``.
    """
    table = material.checks.get("input_effects")
    if table is None:
        return {"total": 0, "rows": []}
    by_id = {p["project_id"]: p for p in material.projects}
    rows: list[dict[str, Any]] = []
    for (kind, key), part in table.groupby(["kind", "input_id"], sort=False):
        moves = [{**r, "project": by_id.get(str(r["project_id"]))} for r in records(part.head(MOST_MOVED))]
        count = int(part["project_id"].nunique())
        rows.append({"input_id": str(key), "kind": str(kind), "projects": count, "moves": moves,
                     "more": len(part) - len(moves)})  # fmt: skip
    rows.sort(key=lambda r: (-r["projects"], r["kind"], r["input_id"]))
    return {"total": len(rows), "rows": rows[:MOST_INPUTS]}
