"""How good the data are per municipality, who can improve what, and what moved since the last edition."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmiek.publish.report.material import Material
from pmiek.publish.report.municipalities import towns
from pmiek.publish.report.tables import parts, read_input, records

QUALITIES = ("measured", "published", "derived", "assumed")


def by_municipality(material: Material) -> list[dict[str, Any]]:
    """Count the rows of all input tables per municipality and quality.

    Returns
    -------
    list of dict
        ``name``, ``gm_code``, ``rows``, a count per quality, and ``weakest``: the tables in which most rows
        about the municipality are assumed, at most three.
    """
    found = []
    for path in sorted(material.inputs_dir.rglob("*.csv")):
        name = path.relative_to(material.inputs_dir).as_posix()
        table = read_input(material.inputs_dir, name[:-4], "gm_code quality")
        rows = table[(table["gm_code"] != "") & (table["quality"] != "")]
        counts = rows.groupby(["gm_code", "quality"]).size().rename("rows").reset_index()
        found.append(counts.assign(table=name))
    counts = pd.concat(found) if found else pd.DataFrame(columns=["gm_code", "quality", "rows", "table"])
    out = []
    for town in towns(material):
        mine = counts[counts["gm_code"] == town["gm_code"]]
        if len(mine):
            total = mine.groupby("quality")["rows"].sum()
            assumed = mine[mine["quality"] == "assumed"].sort_values("rows", ascending=False, kind="stable")
            figures = {quality: int(total.get(quality, 0)) for quality in QUALITIES}
            weakest = assumed["table"].head(3).tolist()
            out.append({**town, **figures, "rows": int(total.sum()), "weakest": weakest})
    return out


def requests_by_operator(material: Material) -> list[dict[str, Any]]:
    """Give per party how many data requests it has and how many projects they touch, most projects first."""
    table = material.tables["data_requests"]
    out = []
    for operator, rows in table.groupby("operator"):
        touched = {project for cell in rows["affects_projects"] for project in parts(str(cell))}
        out.append({"operator": str(operator), "requests": len(rows), "projects": len(touched)})
    return sorted(out, key=lambda r: (-r["projects"], r["operator"]))


def history(material: Material) -> list[dict[str, Any]]:
    """Give the projects of the previous edition of which something moved, with the sentences that say so.

    Returns
    -------
    list of dict
        ``name``, ``page`` (empty when it is no longer on the list) and ``rows``: aspect and sentences.
    """
    table = material.checks.get("previous_projects")
    if table is None or "changed" not in table.columns:
        return []
    pages = {p["project_id"]: p["page"] for p in material.projects}
    moved = table[table["changed"].astype(str).str.lower().isin(("true", "1"))]
    return [
        {"name": str(rows["name"].iloc[0]), "page": pages.get(str(key), ""), "rows": records(rows)}
        for key, rows in moved.groupby("project_id", sort=False)
    ]
