"""The base year beside what is published about it, and what the unknown capacities decide."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import parts, records

FULL_PCT, NEAR_PCT = 100.0, 85.0
"""Loading (%) from which the model calls an asset full, and nearly full."""
PEAK_MARGIN = 0.25
"""Difference from a published peak, as a fraction, within which the model is said to agree."""


def published(material: Material) -> list[dict[str, Any]]:
    """Give each published fact with the base year's heaviest row of today's grid beside it.

    Returns
    -------
    list of dict
        Columns of ``grid/published_loading`` plus ``asset_name``, ``model_year``, ``peak_mw``, ``limit_mw``,
        ``loading_pct`` and ``verdict`` (``agrees``, ``near``, ``differs``, ``below``, ``above`` or
        ``unknown``).
    """
    facts, loading = material.inputs["grid/published_loading"], material.tables["loading"]
    if facts.empty or loading.empty:
        return []
    base = loading[(loading["grid_state"] == select.FROZEN) & (loading["year"] == loading["year"].min())]
    worst = base.sort_values("loading_pct", ascending=False, kind="stable")
    worst = worst.drop_duplicates(["asset_id", "direction"])
    columns = ["asset_id", "direction", "asset_name", "year", "peak_mw", "limit_mw", "loading_pct"]
    rows = facts.merge(
        worst[columns].rename(columns={"year": "model_year"}), on=["asset_id", "direction"], how="left"
    )
    return [{**row, "verdict": _verdict(row)} for row in records(rows)]


def _verdict(row: dict[str, Any]) -> str:
    loading, value, peak = (float(row[name]) for name in ("loading_pct", "value_mw", "peak_mw"))
    if row["kind"] == "peak":
        if math.isnan(value) or math.isnan(peak):
            return "unknown"
        return "agrees" if abs(peak / value - 1) <= PEAK_MARGIN else "below" if peak < value else "above"
    if math.isnan(loading):
        return "unknown"
    return "agrees" if loading >= FULL_PCT else "near" if loading >= NEAR_PCT else "differs"


def verdicts(material: Material) -> dict[str, int]:
    """Count the published facts by what the base year says of them: agrees, near, differs or unknown."""
    found = [row["verdict"] for row in published(material)]
    differs = sum(verdict in ("differs", "below", "above") for verdict in found)
    return {name: found.count(name) for name in ("agrees", "near", "unknown")} | {"differs": differs}


def requests(material: Material) -> list[dict[str, Any]]:
    """Give the data requests, those that touch most projects first; ``affects`` holds the projects."""
    projects = {p["project_id"]: p for p in material.projects}
    found = records(material.tables["data_requests"])
    for row in found:
        ids = parts(row["affects_projects"])
        row["affects"] = [projects.get(i, {"project_id": i, "name": i, "page": ""}) for i in ids]
    return sorted(found, key=lambda r: (-len(r["affects"]), r["operator"], r["request_id"]))


def unknown_capacities(material: Material) -> list[dict[str, Any]]:
    """Give per asset what one size more or less changes, most projects first.

    Returns
    -------
    list of dict
        ``asset_id``, ``asset_name``, ``operator``, ``vanish`` and ``appear`` (bottlenecks with one size more
        or less) and ``projects`` (records); from ``capacity_sensitivity`` on today's grid, else from the
        bottlenecks themselves.
    """
    by_id = {p["project_id"]: p for p in material.projects}
    table = material.checks.get("capacity_sensitivity")
    found: dict[str, dict[str, Any]] = {}
    if table is not None:
        for row in records(table[table["grid_state"] == select.FROZEN]):
            line = found.setdefault(row["asset_id"], _line(row))
            line["vanish"] += int(row["vanish"])
            line["appear"] += int(row["appear"])
            line["ids"] |= set(parts(str(row["projects"])))
    else:
        solving: dict[str, set[str]] = {}
        for project in material.projects:
            for bottleneck in project["bottlenecks"]:
                solving.setdefault(bottleneck, set()).add(project["project_id"])
        for record in select.ours(material.bottlenecks, select.FROZEN):
            if record["sensitive"]:
                line = found.setdefault(record["asset_id"], _line(record))
                line["vanish"] += 1
                line["ids"] |= solving.get(record["bottleneck_id"], set())
    for line in found.values():
        line["projects"] = [by_id[i] for i in sorted(line["ids"]) if i in by_id]
    order = [line for line in found.values() if line["vanish"] or line["appear"]]
    return sorted(order, key=lambda r: (-len(r["projects"]), -r["vanish"] - r["appear"], r["asset_id"]))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    names = ("asset_id", "asset_name", "operator")
    return {**{name: row[name] for name in names}, "vanish": 0, "appear": 0, "ids": set()}


def design_years(material: Material) -> pd.DataFrame:
    """Give the weather years in use with their character; all that are known when nothing was run."""
    years = material.inputs["weather/years"]
    used = set(material.tables["loading"]["weather_year"])
    return years[years["weather_year"].isin(used)] if used else years


def batch_checks(material: Material) -> dict[str, dict[str, Any]]:
    """Give the checks that are about the batch as a whole: columns and rows by table."""
    wanted = {
        "capacity_shift": "grid_state storyline year shift bottlenecks appear vanish",
        "switching_states": "state is_normal grid_state storyline year weather_year bottlenecks take_off "
        "feed_in worst_loading_pct lost_load_mw",
        "maintenance_check": "grid_state storyline year maintenance fault stations lost_load_mw "
        "hours_above_limit exceeds",
    }
    out = {}
    for name, columns in wanted.items():
        table = material.checks.get(name)
        if table is None:
            continue
        if "exceeds" in table.columns:
            table = table[table["exceeds"].astype(str).str.lower() == "true"]
        kept = [c for c in columns.split() if c in table.columns]
        if len(table):
            out[name] = {"columns": kept, "rows": records(table[kept].head(BATCH_ROWS)), "total": len(table)}
    return out


BATCH_ROWS = 60


def heat_check(material: Material) -> list[dict[str, Any]]:
    """Give published gas and network heat of all municipalities together, with the base year beside it.

    Returns
    -------
    list of dict
        quantity, published_year, base_year, published_gwh, model_gwh, difference_pct (empty where nothing is
        published); one row per quantity.
    """
    table = material.checks.get("heat_check")
    if table is None or table.empty:
        return []
    keys = ["quantity", "published_year", "base_year"]
    summed = table.groupby(keys, as_index=False)[["published_mwh", "model_mwh"]].sum()
    known = summed["published_mwh"].where(summed["published_mwh"] > 0)
    rows = summed.assign(
        published_gwh=summed["published_mwh"] / 1e3,
        model_gwh=summed["model_mwh"] / 1e3,
        difference_pct=100 * (summed["model_mwh"] / known - 1),
    )
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


BASE_YEAR_KINDS = (
    "table",
    "feeding area",
    "feeding area apart",
    "price",
    "municipal energy",
    "energy on stations",
)
BASE_YEAR_VERDICTS = (
    "passed", "published congestion", "exception", "above need", "above capacity", "above", "below", "failed",
    "not published", "not calculated",
)  # fmt: skip
BASE_YEAR_NUMBERS = ("capacity_mw", "published", "model", "published_share", "model_share")


def base_year(material: Material) -> dict[str, Any]:
    """Give the base year beside what is published: verdicts counted per kind, and the lines per kind.

    Returns
    -------
    dict
        ``verdicts`` (those that occur, in order), ``counts`` (records with ``kind`` and ``n`` by verdict) and
        ``lines`` (records by kind). Empty without the table. A cell with a class in place of a figure stays
        text.
    """
    table = material.checks.get("base_year")
    if table is None or table.empty:
        return {}
    rows = table.assign(**{name: [_number(cell) for cell in table[name]] for name in BASE_YEAR_NUMBERS})
    counted = rows[rows["kind"] != "table"]
    verdicts = [name for name in BASE_YEAR_VERDICTS if name in set(counted["verdict"])]
    kinds = [kind for kind in BASE_YEAR_KINDS if kind in set(rows["kind"])]
    return {
        "verdicts": verdicts,
        "counts": [
            {"kind": kind, "n": {v: int(part["verdict"].eq(v).sum()) for v in verdicts}, "total": len(part)}
            for kind in kinds
            if kind != "table" and len(part := counted[counted["kind"] == kind])
        ],
        "lines": {kind: records(rows[rows["kind"] == kind]) for kind in kinds},
    }


def _number(cell: Any) -> Any:
    """Give a cell as a number where it is one; empty is not a number, and a class stays text."""
    try:
        return float(cell) if cell != "" else math.nan
    except (TypeError, ValueError):
        return cell
