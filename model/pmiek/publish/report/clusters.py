"""The story of an energy cluster in five steps: what comes, where it pinches, what is planned, the choice, the data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmiek.ids import slug
from pmiek.publish.report import compare, select, start
from pmiek.publish.report.material import Material
from pmiek.publish.report.quality import by_municipality
from pmiek.publish.report.tables import parts, records

MOST_SECTORS = 3
MOST_BOTTLENECKS, MOST_PROJECTS, MOST_REQUESTS = 10, 8, 6
"""Rows of each step: what fits on two printed pages."""
TECHNOLOGIES = ("solar", "wind")
"""Generation whose growth is told; the part of the name before the underscore."""
ELECTRICITY = "electricity"
CARD_VALUES = {"cost": ("MEUR2025/year", ""), "space": ("ha", ""), "co2": ("kt/year", "territorial")}
"""Topics of ``variant_cards`` that are compared per cluster, with their unit and item (all items when empty)."""


def page_name(cluster: str) -> str:
    """Give the file name, without suffix, of the story of a cluster."""
    return f"cluster-{slug(cluster)}"


def members(material: Material, cluster: str) -> list[dict[str, Any]]:
    """Give the municipalities of a cluster: gm_code and name."""
    table = material.inputs["regions/municipalities"]
    mine = table[(table["cluster"] == cluster) & (table["role"] == "study")]
    return records(mine[["gm_code", "name"]])


def context(material: Material, cluster: str) -> dict[str, Any]:
    """Give what the template of a cluster's story shows."""
    codes = [m["gm_code"] for m in members(material, cluster)]
    projects = [p for p in material.projects if cluster in parts(str(p["cluster"]))]
    frozen = [
        r for r in select.ours(material.bottlenecks, select.FROZEN) if cluster in parts(str(r["cluster"]))
    ]
    year = max(material.years, default=0)
    listed = {p["project_id"] for p in start.decisions(material)}
    return {
        "cluster": cluster,
        "members": members(material, cluster),
        "growth": growth(material, codes),
        "bottlenecks": frozen[:MOST_BOTTLENECKS],
        "bottleneck_count": len(frozen),
        "solved_by": _solving(material.projects),
        "waits": waits(material, cluster),
        "left": _left(material, cluster),
        "planned": _planned(material, projects),
        "decide": [p for p in projects if p["project_id"] in listed][:MOST_PROJECTS],
        "candidates": len(projects),
        "choices": choices(material, cluster, year),
        "choice_year": year,
        "requests": _requests(material, cluster, codes, projects),
        "quality": [row for row in by_municipality(material) if row["gm_code"] in codes],
    }


def growth(material: Material, codes: list[str]) -> dict[str, Any] | None:
    """Give how demand and generation of electricity grow, from the first year to each later one.

    Parameters
    ----------
    material : Material
    codes : list of str
        Municipalities.

    Returns
    -------
    dict or None
        ``first`` (year), ``rows``: per later year ``demand`` (GWh) and per technology (MW) the lowest and
        highest over the storylines; ``start``: the same of the first year; ``sectors``: what grows most by
        the last year, with its growth (GWh) as lowest and highest. None without rows.
    """
    demand, supply = material.inputs["demand/municipal"], material.inputs["supply/municipal"]
    demand = demand[demand["gm_code"].isin(codes) & demand["carrier"].eq(ELECTRICITY)]
    supply = supply[supply["gm_code"].isin(codes) & supply["carrier"].eq(ELECTRICITY)]
    told = [*material.storylines, *(base[1] for base in [select.base_year(material.tables)] if base)]
    demand, supply = (rows[rows["storyline"].isin(told)] for rows in (demand, supply))
    years = [y for y in material.years if y in set(demand["year"])]
    if not years:
        return None
    supply = supply.assign(kind=supply["technology"].str.partition("_")[0])

    def of_year(year: int) -> dict[str, Any]:
        total = demand[demand["year"] == year].groupby("storyline")["volume_mwh"].sum() / 1000
        by_kind = supply[supply["year"] == year].groupby(["kind", "storyline"])["capacity_mw"].sum()
        kinds = {kind: _ends(by_kind[kind]) for kind in TECHNOLOGIES if kind in by_kind.index}
        return {"year": year, "demand": _ends(total), **kinds}

    wide = demand.pivot_table(
        index=["sector", "storyline"], columns="year", values="volume_mwh", aggfunc="sum"
    )
    base = wide[years[0]].groupby("sector").max()
    grown = wide[years[-1]].fillna(0.0).sub(base.reindex(wide.index, level="sector").fillna(0.0)) / 1000
    most = grown.groupby("sector").mean().nlargest(MOST_SECTORS)
    sectors = [(str(s), *_ends(grown[s])) for s in most[most > 0].index]
    return {
        "first": years[0],
        "start": of_year(years[0]),
        "rows": [of_year(y) for y in years[1:]],
        "last": years[-1],
        "sectors": sectors,
    }


def _ends(values: pd.Series) -> tuple[float, float]:
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)


def waits(material: Material, cluster: str) -> list[dict[str, Any]]:
    """Give per year that was computed what waits in the cluster when only decided projects are built."""
    found = [(y, start.waiting(material, select.NULL_STATE, y, cluster)) for y in material.years]
    return [{"year": year, **spans} for year, spans in found if spans]


def _left(material: Material, cluster: str) -> int:
    first = min(material.years, default=None)
    left = select.remaining(material.bottlenecks, first)
    return sum(cluster in parts(str(r["cluster"])) for r in left)


def _solving(projects: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for project in projects:
        for bottleneck in project["bottlenecks"]:
            found.setdefault(bottleneck, []).append(project)
    return found


def _planned(material: Material, projects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the comparisons with plans of the cluster's projects that have a planned year, latest first."""
    rows = material.tables["alignment"]
    by_id = {p["project_id"]: p for p in projects}
    known = rows[rows["project_id"].isin(list(by_id)) & rows["planned_year"].notna()]
    found = [{**row, "project": by_id[row["project_id"]]} for row in records(known)]
    order = {light: i for i, light in enumerate(select.LIGHTS)}
    found.sort(key=lambda r: (order.get(r["light"], 9), r["planned_year"], r["project"]["name"]))
    return found[:MOST_PROJECTS]


def choices(material: Material, cluster: str, year: int) -> list[dict[str, Any]]:
    """Give per variant what it means in the cluster: who waits, cost, space and CO2, over the storylines.

    Returns
    -------
    list of dict
        ``variant``, ``waits`` (outcome of :func:`pmiek.publish.report.start.waiting`), and ``cost`` (MEUR per
        year), ``space`` (ha) and ``co2`` (kt per year) as lowest and highest, None where the table has none.
    """
    cards = material.checks.get("variant_cards", pd.DataFrame())
    out = []
    for variant in compare.variants(material.tables):
        values = {topic: _card(cards, variant, cluster, topic) for topic in CARD_VALUES}
        out.append({"variant": variant, "waits": start.waiting(material, variant, year, cluster), **values})
    return out


def _card(cards: pd.DataFrame, variant: str, cluster: str, topic: str) -> tuple[float, float] | None:
    if not {"variant", "cluster", "topic", "unit", "value"}.issubset(cards.columns):
        return None
    unit, item = CARD_VALUES[topic]
    mine = cards[cards["topic"].eq(topic) & cards["cluster"].eq(cluster) & cards["unit"].eq(unit)]
    mine = mine[mine["variant"] == variant]
    mine = mine[mine["item"] == item] if item else mine
    if mine.empty:
        # a variant with cards that builds nothing here has no row of this topic: that is zero
        return (0.0, 0.0) if cards["variant"].eq(variant).any() else None
    values = mine.assign(value=pd.to_numeric(mine["value"], errors="coerce"))
    return _ends(values.groupby("storyline")["value"].sum())


def _requests(
    material: Material, cluster: str, codes: list[str], projects: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give the data requests to parties in the cluster or about its projects, most projects first."""
    names = {m["name"] for m in members(material, cluster)}
    mine = {str(p["project_id"]) for p in projects}
    assets = material.tables["loading"]
    here = set(assets.loc[assets["gm_code"].isin(codes), "asset_id"])
    found = []
    for row in records(material.tables["data_requests"]):
        touched = mine.intersection(parts(row["affects_projects"]))
        own = row["operator"] in names
        if own or touched or here.intersection(parts(row["asset_id"])):
            found.append({**row, "own": own, "touched": len(touched)})
    return sorted(found, key=lambda r: (not r["own"], -r["touched"], r["operator"]))[:MOST_REQUESTS]
