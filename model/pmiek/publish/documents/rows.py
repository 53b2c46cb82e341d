"""Rows of a fiche's tables: evidence, options, scores, plans and tasks in the area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.documents.speaker import Speaker, known
from pmiek.publish.documents.texts import say, words
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import parts, records
from pmiek.publish.report.texts import Texts

Row = Mapping[str, Any]


def of_project(rows: pd.DataFrame, project: Row) -> list[dict[str, Any]]:
    """Give the rows of one project."""
    return records(rows[rows["project_id"] == project["project_id"]])


def plans(material: Material, s: Speaker, p: Row, planned: pd.DataFrame) -> dict[str, Any]:
    """Give what the investment plans say about a project, and how the need compares with it."""
    codes = {*p["plans"], str(p["project_id"])}
    keys = [c for c in ("investment_plan_id", "project_id") if c in planned]
    mine = records(planned[planned[keys].isin(codes).any(axis=1)]) if keys else []
    leaders = dict.fromkeys(str(m["lead_party"]) for m in mine if m.get("lead_party"))
    stages = dict.fromkeys(
        ": ".join(x for x in (s.t.label("decision_status", m["decision_status"]), str(m["phase"])) if x)
        for m in mine
    )
    return {
        "afstemming": [_comparison(s, a) for a in of_project(material.tables["alignment"], p)],
        "trekker_plan": s.t.listed(list(leaders)) or say("words", "unknown"),
        "fase_plan": "; ".join(stages) or say("words", "unknown"),
        "plancode_plan": ", ".join(p["plans"]) or say("words", "none"),
    }


def _comparison(s: Speaker, a: Row) -> dict[str, Any]:
    years = {"need": s.t.year(a["need_year"]), "planned": s.year(a["planned_year"])}
    return {
        "netbeheerder": str(a["operator"]).replace(";", ", ") or s.unknown(),
        "stoplicht": s.label("light", a["light"]),
        "uitkomst": s.t.label("alignment", a["class"]),
        "jaren": say("fiche", "years", **years),
        "toelichting": s.t.pick(a, "evidence"),
    }


def proof(t: Texts, b: Row) -> dict[str, Any]:
    """Give one bottleneck behind a project: its worst case, who causes it and in which run it was found."""
    shortage, limit = known(b["exceedance_mw"]), known(b["limit_mw"])
    found = say("words", "hours", mw=t.number(b["exceedance_mw"]), hours=t.number(b["hours"]))
    outage = b["contingency"] != "N-0" and b["binding_outage"]
    run = {
        "storyline": t.label("storyline", b["storyline"]),
        "year": b["year"],
        "weather_year": b["weather_year"],
        "state": t.label("grid_state", b["grid_state"]).lower(),
    }
    return {
        "netdeel": b["asset_name"] or b["asset_id"],
        "richting": t.label("direction", b["direction"]),
        "tekort": found if shortage else say("words", "not_public"),
        "grens": say("words", "mw", value=t.number(b["limit_mw"])) if limit else say("words", "not_public"),
        "wanneer": ", ".join(x for x in (str(b["first_year"]), t.season(b["season"])) if x),
        "storing": say("fiche", "outage", asset=t.outage(b["binding_outage"]))
        if outage
        else say("fiche", "outage_none"),
        "sectoren": t.shares("sector", b["sectors"]) or say("fiche", "shares_none"),
        "knelpunt": b["bottleneck_id"],
        "rekenronde": say("fiche", "run", **run),
    }


def option(s: Speaker, o: Row) -> dict[str, Any]:
    """Give one of the options of a project."""
    return {
        "naam": s.label("option", o["option"]).capitalize(),
        "omvang": s.span(o["size_mw"], o["size_mw"], "mw"),
        "kosten": s.span(o["cost_meur_low"], o["cost_meur_high"], "meur", 1),
        "jaarlijks": s.span(o["annual_cost_meur"], o["annual_cost_meur"], "meur", 1),
        "doorlooptijd": s.span(o["lead_time_years"], o["lead_time_years"], "years"),
        "ruimte": s.span(o["space_ha"], o["space_ha"], "ha", 1),
        "lost_op": say("fiche", "solves", n=s.t.number(o["solves_pct"]))
        if known(o["solves_pct"])
        else s.unknown(),
    }


def scores(material: Material, s: Speaker, p: Row) -> dict[str, Any]:
    """Give the scores of a project per indicator, with what is unknown, and per criterion."""
    rows = [
        {
            "criterium": s.label("criterion", r["criterion"]),
            "indicator": s.label("indicator", r["indicator"]),
            "waarde": _value(s, str(r["value"]), str(r["unit"])),
            "score": s.t.number(r["score"]) if known(r["score"]) else say("words", "not_computed"),
            "herkomst": s.label("kind", r["kind"]),
        }
        for r in of_project(material.tables["scores"], p)
    ]
    return {
        "scores": rows,
        "totaal_maatschappelijk": s.number(p["score_societal"]),
        "totaal_urgentie": s.number(p["score_urgency"]),
        "totaal_haalbaarheid": s.number(p["score_feasibility"]),
    }


def _value(s: Speaker, value: str, unit: str) -> str:
    """Write the value of an indicator with its unit; a class in words, a year as it is."""
    if not known(value):
        return s.unknown()
    number = pd.to_numeric(value, errors="coerce")
    if not known(number):
        return str(words()["classes"].get(value) or s.t.label("decision_status", value))
    if unit == "jaar" and 1990 < number < 2200:
        return s.t.year(number)
    return (
        f"{s.t.number(number, 0 if abs(number) >= 100 or float(number).is_integer() else 1)} {unit}".strip()
    )


def area(t: Texts, p: Row, tasks: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the tasks in the municipalities of a project."""
    codes = {*parts(str(p.get("gm_code") or "")), *parts(p["municipality"])}
    if tasks.empty or "gm_code" not in tasks:
        return []
    named = tasks["gm_code"].map(lambda code: t.label("municipality", code))
    mine = tasks[tasks["gm_code"].isin(codes) | named.isin(codes)]
    return [
        {
            "gemeente": t.label("municipality", r["gm_code"]),
            "opgave": r.get("task_nl") or r["task"],
            "soort": words()["area_kind"].get(r["kind"], r["kind"]),
            "stand": words()["area_stage"].get(r["stage"], r["stage"]),
        }
        for r in records(mine)
    ]
