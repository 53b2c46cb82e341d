"""Further results that a batch need not have: questions, area, history, variants, effect, monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pmiek.publish.documents.speaker import known
from pmiek.publish.documents.texts import say
from pmiek.publish.report.impacts import IMPACT_TABLES, impact
from pmiek.publish.report.standing import status
from pmiek.publish.report.tables import records
from pmiek.publish.report.texts import Texts

SENTENCES: Mapping[str, str] = {
    "project_dependencies": "reason_nl",
    "project_area_tasks": "combination_nl",
    "previous_projects": "text_nl",
}
"""Optional tables with a sentence per row, and the column that holds it."""
EXTRA_TABLES = (*SENTENCES, "project_variants", "monitoring", *IMPACT_TABLES)
"""Optional result tables that a fiche reads, beside those of the site."""


def extra_rows(
    t: Texts, project: Mapping[str, Any], more: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Give what optional tables say about a project, as subject and outcome; nothing without them.

    Parameters
    ----------
    t : Texts
        Labels and number format.
    project : mapping
        Row of ``candidates`` with all its columns.
    more : mapping of str to DataFrame
        Optional tables by name.
    names : mapping of str to str
        Names of the projects by id, for those that it depends on.
    """
    found = []
    if known(project.get("question_nl")):
        by = project.get("question_by_year")
        until = say("extra", "question_by", year=t.year(by)) if known(by) else ""
        found.append(("question", " ".join(x for x in (str(project["question_nl"]), until) if x)))
    for name, column in SENTENCES.items():
        rows = _mine(more.get(name), project)
        said = dict.fromkeys(_sentence(r, column, names) for r in rows if known(r.get(column)))
        found += [(name, sentence) for sentence in said]
    variants = _variants(t, _mine(more.get("project_variants"), project))
    if variants:
        found.append(("project_variants", variants))
    found += _impact(t, impact(more, str(project["project_id"])), names)
    stand = _status(t, status(more, str(project["project_id"])))
    if stand:
        found.append(("monitoring", stand))
    seen: set[str] = set()
    out = []
    for subject, outcome in found:
        out.append({"onderwerp": "" if subject in seen else say("extra", subject), "uitkomst": outcome})
        seen.add(subject)
    return out


def _sentence(row: Mapping[str, Any], column: str, names: Mapping[str, str]) -> str:
    """Give the sentence of a row, with the other project that it is about."""
    other = str(row.get("depends_on", "") or "")
    return f"{names.get(other, other)}: {row[column]}" if other else str(row[column])


def _mine(rows: pd.DataFrame | None, project: Mapping[str, Any]) -> list[dict[str, Any]]:
    if rows is None or "project_id" not in rows:
        return []
    return records(rows[rows["project_id"] == project["project_id"]])


def _variants(t: Texts, rows: list[dict[str, Any]]) -> str:
    """Say which variants build at the project's assets: the range over the storylines, or its classes."""
    built: dict[str, list[Any]] = {}
    for row in rows:
        if known(row.get("built_mw")):
            built.setdefault(str(row["variant"]), []).append(row["built_mw"])
    words = [
        say("extra", "variant", variant=t.label("grid_state", name), size=_size(t, sizes))
        for name, sizes in built.items()
        if any(size != 0 for size in sizes)
    ]
    return "; ".join(words) if words else say("extra", "variant_none") if built else ""


def _size(t: Texts, sizes: Sequence[Any]) -> str:
    """Write the range of sizes; where an operator's figure is confidential, the classes that occur."""
    classes = dict.fromkeys(size for size in sizes if isinstance(size, str))
    return "; ".join(classes) if classes else t.span(min(sizes), max(sizes))


def _impact(t: Texts, found: Mapping[str, Any] | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Say in short lines what the project does, makes room for, shares with others, and what delay does."""
    if found is None:
        return []
    lines = _effects(t, found) if found["effects"] else []
    # What was not computed is told with its reason: an empty field would read as no effect.
    for what, key in (("effect", "not_measured"), ("delay", "delay_gap")):
        if what in found["gaps"] and not found[f"{what}s"]:
            lines.append((what, t(f"impact.{key}", reason=found["gaps"][what]["reason_nl"])))
    made = [
        f"{t.label('unlock', name)}: {t.span(ends[0], ends[1], 1 if name == 'co2_kt' else 0)}"
        for name, ends in found["unlocks"].items()
    ]
    if found["unlock_measured"]:
        lines.append(("unlocks", "; ".join(made) or say("extra", "unlocks_none")))
    for pair in found["pairs"]:
        other = names.get(pair["other"], pair["other"])
        told = say("extra", f"pair_{pair['verdict']}", mwh=t.span(*pair["size"]))
        lines.append(("pairs", f"{other}: {told} ({t.named('storyline', pair['storylines'])})"))
    for d in found["delays"]:
        years = {k: t.year(d[k]) for k in ("first", "last")}
        figures = {"mwh": _amount(t, d), "hours": t.span(*d["hours"]), "n": t.span(*d["appearing"])}
        lines.append(
            ("delay", t(f"impact.delay_{d['verdict']}", years=t.number(d["years"]), **years, **figures))
        )
    return lines


def _effects(t: Texts, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what the project does, per way of comparing."""
    when = {"storylines": t.named("storyline", found["storylines"]), "year": t.year(found["year"])}
    noise = found["noise_mwh"]
    lines = [("effect", say("extra", "effect_when", **when))]
    for e in found["effects"]:
        if e["verdict"] != "hidden":
            told = t(f"impact.{e['mode']}_{e['verdict']}", mwh=_amount(t, e))
            lines.append(("effect", f"{t.label('effect_mode', e['mode'])}: {told}"))
        counts = {k: t.span(*e[k]) for k in ("without", "with")}
        lines.append(
            ("effect", say("extra", "effect_counts", mode=t.label("effect_mode", e["mode"]), **counts))
        )
    if noise is not None:
        lines.append(("effect", say("extra", "effect_noise", mwh=t.number(noise, 2))))
    return lines


def _amount(t: Texts, found: Mapping[str, Any]) -> str:
    """Write a range without signs; where the storylines disagree on the sign, its largest end."""
    return t.number(found["size"][1]) if found["verdict"] == "mixed" else t.span(*found["size"])


def _status(t: Texts, row: Mapping[str, Any] | None) -> str:
    """Say the latest status in one line, or that nobody reported; nothing without the table."""
    if row is None:
        return ""
    if not known(row["quarter"]):
        return say("extra", "monitoring_none")
    people = t.label("people_capacity", row["people_capacity"]) if known(row["people_capacity"]) else ""
    told = {"reason": row["reason"], "next": row["next_milestone"], "date": row["milestone_date"]}
    told = {"phase": row["phase"], **told, "people": people}
    words = [say("extra", f"monitoring_{key}", value=value) for key, value in told.items() if known(value)]
    head = say("extra", "monitoring_line", quarter=row["quarter"], light=t.label("light", row["light"]))
    return "; ".join([head, *words]) + "."
