"""What a fiche says about one project: the words and rows behind each tag of the template."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.documents.extras import extra_rows
from pmiek.publish.documents.need import Need
from pmiek.publish.documents.rows import area, of_project, option, plans, proof, scores
from pmiek.publish.documents.speaker import Speaker, known
from pmiek.publish.documents.texts import say
from pmiek.publish.documents.word import plain
from pmiek.publish.report import select
from pmiek.publish.report.material import Material, manifest_facts
from pmiek.publish.report.tables import parts, records
from pmiek.publish.report.texts import Texts

Row = Mapping[str, Any]


def fiche_values(
    material: Material, t: Texts, project: Row, need: Need, more: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Give the value of every tag of a fiche but the pictures.

    Parameters
    ----------
    material : Material
        What the site is made of, too.
    t : Texts
        Dutch words and number format.
    project : mapping
        Record of :func:`pmiek.publish.report.select.candidate_list`, with further columns of ``candidates``.
    need : Need
        Shortage per storyline and year.
    more : mapping of str to DataFrame
        Further tables and input tables by name; an absent one says nothing.

    Returns
    -------
    dict
        Text or a list of rows of text by tag, as named in ``texts.yaml``.
    """
    requests = [
        r
        for r in records(material.tables["data_requests"])
        if project["project_id"] in parts(r["affects_projects"])
    ]
    asked = {name.strip() for r in requests for name in str(r["operator"]).split(";") if name.strip()}
    say_it, in_rows = Speaker(t, sorted(asked)), Speaker(t, [])  # rows stay short: who was asked stands below
    chain = select.chain(project, material.bottlenecks, material.causes)
    values = {
        **_facts(say_it, project),
        **_when(material, say_it, project),
        **plans(material, in_rows, project, more.get("projects/planned", pd.DataFrame())),
        **_need(t, need, has_chain=bool(chain)),
        "waarom": project["why_nl"],
        "bewijs": [proof(t, b) for b in chain],
        "oplossingen": [option(in_rows, o) for o in of_project(material.tables["project_options"], project)],
        "tussentijd": list(project["interim_measures_list"]),
        **scores(material, in_rows, project),
        "gebied": area(t, project, more.get("areas/area_tasks", pd.DataFrame())),
        "gevraagd": [
            {"aan": r["operator"], "wat": r["what"], "waarom": r["why"], "uiterlijk": _date(r["by_when"])}
            for r in requests
        ],
        "extra": extra_rows(
            t, project, more, {str(p["project_id"]): str(p["name"]) for p in material.projects}
        ),
        "reeks": edition(material),
    }
    return {key: clean(value) for key, value in values.items()}


def clean(value: Any) -> Any:
    """Take out of texts, and of texts in lists, what XML cannot hold."""
    if isinstance(value, dict):
        return {key: clean(child) for key, child in value.items()}
    if isinstance(value, list):
        return [clean(child) for child in value]
    return plain(value)


def edition(material: Material) -> str:
    """Say from which batch, model version and date the figures come."""
    facts = manifest_facts(material.manifest)
    date = _date(str(material.manifest.get("made_utc", ""))[:10])
    if not facts["commit"] or not date:
        return say("words", "edition_unknown", batch=material.batch)
    return say("words", "edition", batch=material.batch, commit=facts["commit"], date=date)


def _date(text: str) -> str:
    """Write 2026-12-31 as 31-12-2026."""
    return "-".join(reversed(text.split("-"))) if text.count("-") == 2 else text


def _facts(s: Speaker, p: Row) -> dict[str, Any]:
    t = s.t
    town = ", ".join(t.label("municipality", part) for part in parts(p["municipality"]))
    place = [t.label("station", p["station"]) if p["station"] else "", town]
    size = ("size_mw", "size_mw_low", "size_mw_high")
    low, high = p["size_mw_low"], p["size_mw_high"]
    one = not (known(low) and known(high)) or t.number(low) == t.number(high)
    texts = dict(zip(("size", "low", "high"), (t.number(p[c]) for c in size), strict=True))
    return {
        "naam": p["name"],
        "projectcode": p["project_id"],
        "type": t.label("type", p["type"]).capitalize(),
        "type_uitleg": t(f"fiche.type_meaning_{p['type']}") if p["type"] in select.TYPES else "",
        "type_reden": p["type_reason"],
        "energiedrager": s.label("carrier", p["carrier"]).capitalize(),
        "plaats": ", ".join(dict.fromkeys(part for part in place if part)) or s.unknown(),
        "cluster": _cluster(t, p),
        "netbeheerder": p["operator"].replace(";", ", ") or s.unknown(),
        "oplossing": s.label("option", p["option"]).capitalize(),
        "omvang": say("fiche", "size_one" if one else "size", **texts)
        if known(p["size_mw"])
        else s.unknown(),
        "kosten": s.span(p["cost_meur_low"], p["cost_meur_high"], "meur"),
        "ruimte": s.span(p["space_ha"], p["space_ha"], "ha", 1),
    }


def _cluster(t: Texts, p: Row) -> str:
    names = [t.label("cluster", c) for c in parts(p["cluster"])]
    return ", ".join(names) or say("words", "outside_clusters")


def _when(material: Material, s: Speaker, p: Row) -> dict[str, Any]:
    t = s.t
    total = len(material.storylines)
    ranked = known(p["rank"])
    weather = p.get("weather_years_with_need")
    stability = _share(p.get("probability_top") or p.get("rank_stability"))
    all_weather = len(set(material.tables["loading"]["weather_year"])) or len(
        set(material.tables["bottlenecks"]["weather_year"])
    )
    return {
        "nodig_vanaf": say("fiche", "need", first=t.year(p["need_year_earliest"]), need=p["need_nl"])
        if known(p["need_year_earliest"]) and p["need_nl"]
        else t.year(p["need_year_earliest"])
        if known(p["need_year_earliest"])
        else say("words", "none"),
        "scenarios": t.storylines(p["storylines"], total) if known(p["storylines"]) else s.unknown(),
        "weerjaren": say("fiche", "weather", n=t.number(weather), total=all_weather)
        if known(weather)
        else "",
        "zekerheid": s.label("certainty", p["certainty"]),
        "zekerheid_reden": p["certainty_reason"],
        **_timing(material, s, p),
        "rang": say(
            "fiche",
            "rank",
            rank=t.number(p["rank"]),
            list=t.label("list", p["list"]).lower(),
            total=sum(other["list"] == p["list"] for other in material.projects),
        )
        if ranked
        else say("fiche", "rank_none"),
        "rang_stabiliteit": say("fiche", "stability", n=t.number(stability), top=_top(material))
        if stability is not None
        else "",
        "bekend_deel": say("fiche", "known", n=t.number(_share(p["coverage"])))
        if known(p["coverage"])
        else s.unknown(),
    }


def _timing(material: Material, s: Speaker, p: Row) -> dict[str, Any]:
    """Say when to begin and how long it takes; of a decided project, what is left of the time."""
    lead = s.span(p.get("lead_time_years"), p.get("lead_time_years"), "years")
    year = _number(p.get("planned_year_latest"))
    if p["type"] != "concreet" or not known(year):
        return {"starten": s.year(p["start_by_year"]), "doorlooptijd": lead}
    now = str(material.manifest.get("made_utc", ""))[:4]
    left = max(int(year) - int(now), 0) if now.isdigit() else None
    running = say("fiche", "running", year=s.t.year(year))
    if left is None:
        return {"starten": running, "doorlooptijd": lead}
    return {"starten": running, "doorlooptijd": say("fiche", "time_left", n=s.t.number(left), lead=lead)}


def _number(value: Any) -> float:
    """Give a cell as a number; NaN for an empty cell and for the class of a confidential figure."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _share(value: Any) -> float | None:
    """Give a share in percent, whether it is written as 0.8 or as 80."""
    try:
        share = float(value)
    except (TypeError, ValueError):
        return None
    return None if not math.isfinite(share) else share * 100 if share <= 1 else share


def _top(material: Material) -> int:
    robustness = material.framework.get("robustness", {}) if isinstance(material.framework, Mapping) else {}
    return int(robustness.get("top", 10))


def _need(t: Texts, need: Need, *, has_chain: bool) -> dict[str, Any]:
    names = {s: t.label("storyline", s) for s in need.storylines}
    rows = [
        {"scenario": names[s], "cellen": [_cell(t, need.now.get((s, y))) for y in need.years]}
        for s in need.storylines
    ]
    worst = need.worst(need.now)
    left = need.worst({case: cell for case, cell in need.left.items() if case[1] > min(need.years)})

    def wordsof_project(key: str, case: tuple[str, int, float, float]) -> str:
        storyline, year, mw, hours = case
        values = {
            "mw": t.number(mw),
            "year": year,
            "storyline": names[storyline],
            "hours": t.number(hours),
            "base": min(need.years),
        }
        return say("fiche", key, **values)

    after = (
        wordsof_project("left", left)
        if left
        else say("fiche", "left_none", base=min(need.years))
        if worst
        else ""
    )
    return {
        "jaren": [str(year) for year in need.years],
        "behoefte": rows if worst else [],
        "behoefte_zin": wordsof_project("sentence", worst)
        if worst
        else ""
        if has_chain
        else say("fiche", "sentence_none"),
        "behoefte_over": after,
    }


def _cell(t: Texts, found: tuple[float, float] | None) -> str:
    if found is None:
        return say("words", "not_computed")
    mw, hours = found
    if not known(mw):
        return say("words", "not_public")
    return (
        say("words", "hours", mw=t.number(mw), hours=t.number(hours))
        if mw > 0
        else say("words", "no_shortage")
    )
