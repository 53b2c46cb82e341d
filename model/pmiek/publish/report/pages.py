"""Pages of the site: which template each uses and what it is given."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pmiek.decide.weighing.lists import LISTS
from pmiek.publish.report import (
    clusters,
    compare,
    fiches,
    flows,
    quality,
    robust,
    select,
    smart,
    start,
    validation,
)
from pmiek.publish.report.material import Material, assumptions, manifest_facts, quality_counts
from pmiek.publish.report.municipalities import towns
from pmiek.publish.report.standing import escalations, moved_by_inputs
from pmiek.publish.report.tables import records

CHECK_ROWS = 60
NO_CLUSTER = "-"
"""Filter value for what lies in no energy cluster."""
LIGHT_ORDER = {light: i for i, light in enumerate(select.LIGHTS)}


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Attributes
    ----------
    name : str
        File name without suffix; also the key of its title.
    context : callable
        Gives the template's values from the material.
    scripts : tuple of str
        Data scripts (``data/...``) and page scripts (``assets/...``) in loading order.
    figures : bool
        Whether the page draws figures and loads the figure library.
    map : bool
        Whether the page shows the map and loads the map library.
    template, menu : str
        Template without suffix, and entry of the menu that the page belongs to; both are ``name`` when empty.
    """

    name: str
    context: Callable[[Material], dict[str, Any]]
    scripts: tuple[str, ...] = ()
    figures: bool = False
    map: bool = False
    template: str = ""
    menu: str = ""


def _index(material: Material) -> dict[str, Any]:
    found = select.overview(material.tables, material.bottlenecks, material.storylines)
    cards = select.cluster_cards(
        material.clusters(), material.bottlenecks, material.projects, found["base_year"]
    )
    shown = start.first_shown(material.years)
    for card in cards:
        name = card["cluster"]
        elsewhere = f"bottlenecks.html#cluster={NO_CLUSTER}"
        card["page"] = f"{clusters.page_name(name)}.html" if name else elsewhere
        card["waits"] = start.waiting(material, select.NULL_STATE, shown, name) if shown and name else None
    messages = start.message(material)
    decide = start.decisions(material)
    return {
        "o": found,
        "messages": messages,
        "most_frozen": max((m["frozen"] for m in messages), default=0) or 1,
        "shown_year": shown,
        "drawing": start.overview_map(material),
        "cards": cards,
        "decide": decide,
        "sentences": lambda t, facts: start.sentences(material, t, facts),
        "waits": start.waits,
        "questions": QUESTIONS,
    }


QUESTIONS = (
    ("touches", "municipalities.html"),
    ("before_ours", "projects.html#pair"),
    ("nothing", "compare.html#waiting"),
    ("space", "compare.html#clusters"),
    ("smart", "bottlenecks.html#smart"),
    ("planned", "alignment.html"),
    ("assumed", "data.html#requests"),
    ("sure", "data.html#published"),
    ("changed", "data.html#history"),
    ("now", "projects.html#proposal"),
)
"""The ten questions of a member of the working group, and where each is answered."""


def _compare(material: Material) -> dict[str, Any]:
    found = compare.payload(
        material.tables,
        material.bottlenecks,
        flows.space(material.checks),
        flows.cluster_space(material.checks),
    )
    shown = {name: found[key] for name, key in COMPARE_CONTEXT.items()}
    gaps = compare.service_gaps(material.tables)
    return {
        **shown,
        "has_clusters": bool(found["clusters"]),
        "has_cards": bool(flows.cards(material.checks)["rows"]),
        "gaps": gaps,
        "causes": compare.cost_causes(material.tables),
    }


COMPARE_CONTEXT = {"variants": "variants", "common_years": "years", "measures": "measures"}
"""Names in the template of the comparison page and in its data."""


def _map(material: Material) -> dict[str, Any]:
    shown = material.map
    features = [f["properties"] for layer in ("links", "sites") for f in shown[layer]["features"]]
    computed = set(material.tables["loading"]["asset_id"])
    carriers = {facts["carrier"] for facts in features}
    return {
        "shown": shown,
        "has_loading": len(material.tables["loading"]) > 0,
        "carriers": [c for c in ("heat", "methane", "hydrogen") if c in carriers],
        "plans": [facts for facts in features if facts["asset"] not in computed],
        "clusters": material.clusters()["cluster"].tolist(),
    }


def _bottlenecks(material: Material) -> dict[str, Any]:
    projects: dict[str, list[dict[str, Any]]] = {}
    for project in material.projects:
        for bottleneck in project["bottlenecks"]:
            projects.setdefault(bottleneck, []).append(project)
    links = material.tables["project_links"]
    reasons = {
        row["bottleneck_id"]: {"nl": row["reason_nl"], "en": row["reason_en"]}
        for row in records(links[links["project_id"] == ""])
    }
    return {
        "rows": material.bottlenecks,
        "solved_by": projects,
        "reasons": reasons,
        "options": _options(material.bottlenecks),
        "present": select.present(material.checks),
        "smart": smart.smarter(material),
    }


def _options(lines: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Give the distinct values for the filters of a list."""
    columns = ("cluster", "operator", "asset_class", "direction", "grid_state", "type", "carrier", "scope")
    out: dict[str, list[Any]] = {
        column: sorted(
            {part.strip() for r in lines for part in str(r.get(column, "")).split(";") if part.strip()}
        )
        for column in columns
    }
    if any(not str(r.get("cluster", "")) for r in lines):
        out["cluster"].append(NO_CLUSTER)
    out["year"] = sorted({year for r in lines for year in r.get("years", [])})
    return out


def _assets(material: Material) -> dict[str, Any]:
    assets = material.tables["loading"].drop_duplicates("asset_id")
    assets = pd.concat([assets, material.tables["bottlenecks"]]).drop_duplicates("asset_id")
    groups: dict[str, list[dict[str, Any]]] = {}
    for asset in sorted(
        records(assets[["asset_id", "asset_name", "asset_class"]]),
        key=lambda a: (a["asset_class"], str(a["asset_name"]).lower()),
    ):
        groups.setdefault(asset["asset_class"], []).append(asset)
    return {"groups": groups}


def _projects(material: Material) -> dict[str, Any]:
    chains = {
        p["project_id"]: select.chain(p, material.bottlenecks, material.causes) for p in material.projects
    }
    return {
        "projects": material.projects,
        "proposal": select.proposal(
            material.checks.get("project_proposal", pd.DataFrame()), material.projects
        ),
        "chains": chains,
        "weights": select.criterion_weights(material.framework),
        "options": _options(material.projects),
        "lists": [name for name in LISTS if any(p["list"] == name for p in material.projects)],
    }


def project_page(project: dict[str, Any]) -> Page:
    """Give the page of one project: its fiche."""
    name = project["page"].removesuffix(".html")
    return Page(name, lambda material: fiches.context(material, project), template="project", menu="projects")


def cluster_page(cluster: str) -> Page:
    """Give the page of one cluster: its story in five steps."""
    name = clusters.page_name(cluster)
    return Page(name, lambda material: clusters.context(material, cluster), template="cluster", menu="index")


def _municipalities(material: Material) -> dict[str, Any]:
    demand = material.inputs["demand/municipal"]
    carriers = select.ordered(demand["carrier"], ["electricity"])
    return {"towns": towns(material), "carriers": carriers}


def _alignment(material: Material) -> dict[str, Any]:
    rows = material.tables["alignment"]
    projects = {p["project_id"]: p for p in material.projects}
    plan_names = _plan_names(material)
    operators = []
    named = rows[rows["light"] != "grey"].groupby("operator").size()
    most_to_discuss = sorted(rows["operator"].unique(), key=lambda name: (-int(named.get(name, 0)), name))
    for operator in most_to_discuss:
        part = rows[rows["operator"] == operator]
        lines = records(part)
        for line in lines:
            line["project"] = projects.get(line["project_id"])
            plan = line["investment_plan_id"] or line["plan_project_id"]
            line["plan_name"] = plan_names.get(plan, plan)
        lines.sort(key=lambda r: (LIGHT_ORDER.get(r["light"], 9), _year(r["need_year"]), r["project_id"]))
        lights = {light: sum(r["light"] == light for r in lines) for light in select.LIGHTS}
        operators.append({"operator": operator, "rows": lines, "lights": lights})
    years = [y for c in ("need_year", "planned_year") for y in rows[c].dropna()] + [
        float(y) for y in material.years
    ]
    first, last = (int(min(years)) // 5 * 5, -(-int(max(years)) // 5) * 5) if years else (2025, 2050)
    raised = escalations(material)
    return {"operators": operators, "first": first, "last": max(last, first + 5), "escalations": raised}


def _plan_names(material: Material) -> dict[str, str]:
    """Give the name of each row of the investment plans by its plan id and by its project id."""
    plans = material.inputs["projects/planned"]
    pairs = [
        pair
        for c in ("project_id", "investment_plan_id")
        for pair in zip(plans[c], plans["name"], strict=True)
    ]
    return {str(code): str(name) for code, name in pairs if code}


def _year(value: float) -> float:
    return 9999.0 if math.isnan(value) else float(value)


def _data(material: Material) -> dict[str, Any]:
    tables = material.tables
    return {
        "assumptions": assumptions(material).to_dict("records"),
        "sources": material.inputs["sources"].to_dict("records"),
        "qualities": quality_counts(material),
        "requests": validation.requests(material),
        "request_operators": select.ordered(tables["data_requests"]["operator"], []),
        "unknown": validation.unknown_capacities(material),
        "moved": moved_by_inputs(material),
        "plan_names": _plan_names(material),
        "published": validation.published(material),
        "verdicts": validation.verdicts(material),
        "design_years": records(validation.design_years(material)),
        "batch_checks": validation.batch_checks(material),
        "profile_check": _largest(tables["profile_check"], "deviation_pct"),
        "heat_check": validation.heat_check(material),
        "base_year": validation.base_year(material),
        "energy_check": _largest(tables["energy_check"], "difference_pct"),
        "check_rows": CHECK_ROWS,
        "municipal_quality": quality.by_municipality(material),
        "history": quality.history(material),
        "by_operator": quality.requests_by_operator(material),
        "missing": material.missing,
        "sizes": {name: len(table) for name, table in tables.items()},
        "facts": manifest_facts(material.manifest),
    }


def _largest(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    order = rows[column].abs().sort_values(ascending=False, na_position="last").index[:CHECK_ROWS]
    return {"total": len(rows), "rows": rows.loc[order].to_dict("records")}


def _method(material: Material) -> dict[str, Any]:
    return {"weights": select.criterion_weights(material.framework)}


META = ("data/meta.js",)
PAGES = (
    Page("index", _index, ("data/start.js", "assets/start.js")),
    Page(
        "compare",
        _compare,
        (
            *META,
            "data/compare.js",
            "assets/figures.js",
            "assets/choice.js",
            "assets/multiples.js",
            "assets/compare.js",
            "data/cards.js",
            "assets/cards.js",
            "assets/bars.js",
        ),
        figures=True,
    ),
    Page(
        "flows",
        lambda material: {"choices": flows.choices(material.checks)},
        (*META, "assets/figures.js", "assets/flows.js"),
        figures=True,
    ),
    Page(
        "map",
        _map,
        (*META, "data/loading.js", "data/map.js", "assets/map_style.js", "assets/map.js"),
        map=True,
    ),
    Page("bottlenecks", _bottlenecks),
    Page(
        "assets", _assets, (*META, "assets/figures.js", "assets/series.js", "assets/asset.js"), figures=True
    ),
    Page(
        "projects",
        _projects,
        (*META, "data/ranking.js", "assets/weigh.js", "assets/projects.js", "assets/pair.js"),
    ),
    Page(
        "municipalities",
        _municipalities,
        ("data/municipalities.js", "assets/figures.js", "assets/series.js", "assets/municipalities.js"),
        figures=True,
    ),
    Page("robust", lambda material: robust.context(material.checks)),
    Page("alignment", _alignment),
    Page("data", _data),
    Page("method", _method),
)
"""Pages in the order of the menu."""
