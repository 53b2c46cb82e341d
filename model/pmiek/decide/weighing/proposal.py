"""From the long list to a proposed list: what the model proposes by stated rules, and what people decided."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Literal

import pandas as pd

from pmiek.decide.projects.tables import TablesLike, optional, text
from pmiek.decide.weighing.framework import Framework, Proposal
from pmiek.decide.weighing.lists import (
    DECIDE,
    DECIDED,
    FLEXIBILITY,
    MEDIUM_VOLTAGE,
    MEDIUM_VOLTAGE_CLASSES,
)

DECISION_COLUMNS = ["project_id", "decision", "role", "date", "reason"]
PROPOSAL_COLUMNS = [
    "project_id", "name", "list", "rank", "line_id", "line_nl", "line_en", "model_proposal",
    "reason_nl", "reason_en", "argument_nl", "argument_en", "decision", "decision_role", "decision_date",
    "decision_reason",
]  # fmt: skip
PROPOSED, RESERVE, NOT_NOW, FOLLOW = "proposed", "reserve", "not_now", "follow"
WHOLE: dict[str, Literal["max", "min"]] = {
    "storylines_with_need": "max",
    "storylines_total": "max",
    "size_mw": "max",
    "start_by_year": "min",
}
"""How the facts of its parts make the facts of a package."""
REASONS = {
    "follow": (
        "Over dit project is al besloten; het programma volgt de voortgang.",
        "This project has been decided; the programme follows its progress.",
    ),
    "flexibility": (
        "De voorkeursoplossing bouwt niets; zij staat op de lijst voor flexibiliteit.",
        "The preferred option builds nothing; it stands on the list for flexibility.",
    ),
    "unlisted": (
        "De behoefte is in geen doorgerekend scenario gevonden na de besloten projecten.",
        "No computed storyline shows this need after the decided projects.",
    ),
    "uncounted": (
        "Geen model heeft het tekort per jaar doorgerekend; eerst moet blijken hoe groot de behoefte is.",
        "No model has computed the shortage per year; how large the need is must be found out first.",
    ),
    "small": (
        "Kleiner dan {least:g} MW: een zaak van netbeheerder en gemeente, niet van het provinciale programma.",
        "Smaller than {least:g} MW: a matter of grid operator and municipality, not of the provincial programme.",
    ),
    "later": (
        "Beginnen hoeft pas in {start}, na de planperiode {first}-{last}; een volgende editie is op tijd.",
        "A start is needed in {start} only, after the plan period {first}-{last}; a later edition is in time.",
    ),
    "some": (
        "De behoefte is er in {n} van {total} scenario's, minder dan {share:.0f}%: nog een keuze.",
        "The need is there in {n} of {total} storylines, less than {share:.0f}%: still a choice.",
    ),
    "full": (
        "Past niet meer bij de eerste {most} regels van deze lijst.",
        "Is not among the first {most} lines of this list.",
    ),
    "start": (
        "De behoefte is er in {n} van {total} scenario's; beginnen moet uiterlijk in {start}, dus nu.",
        "The need is there in {n} of {total} storylines; work must start by {start}, so now.",
    ),
    "prepare": (
        "De behoefte is er in {n} van {total} scenario's; beginnen kan tot {start}: nu voorbereiden.",
        "The need is there in {n} of {total} storylines; a start can wait until {start}: prepare it now.",
    ),
    "proposed": (
        "De behoefte is er in {n} van {total} scenario's; uit de gegevens volgt geen jaar waarin beginnen moet.",
        "The need is there in {n} of {total} storylines; the data give no year by which work must start.",
    ),
}
LINES = {
    "mv": ("Midden- en laagspanning {place}", "Medium and low voltage {place}"),
    "heat": ("Warmtebronnen en warmtenet {place}", "Heat sources and heat network {place}"),
    "hydrogen": ("Waterstof {place}", "Hydrogen {place}"),
    "methane": ("Groen gas {place}", "Green gas {place}"),
}


def proposal(
    candidates: pd.DataFrame, tables: TablesLike, framework: Framework, reference_year: int
) -> pd.DataFrame:
    """Propose which projects belong in the programme, and lay beside it what people decided.

    The model proposes in a column of its own, by the rules of ``framework.proposal``; it never fills the column of
    the decision. Decided work, medium and low voltage, and options that build nothing have lists of their own, each
    with its own order. Projects of one kind in one place are one line: a programme line counts once.
    Parts of one package on one list get one answer, because a part alone does nothing: the need of the part that has
    most of it, the largest size, the earliest start.

    Parameters
    ----------
    candidates : DataFrame
        The weighed long list, with the list of each project and its rank there.
    tables : TablesLike
        ``projects/decisions``: project_id, decision, role, date, reason; the last by date counts.
    framework : Framework
        Its ``proposal`` holds the rules.
    reference_year : int
        Year of this edition.

    Returns
    -------
    DataFrame
        One row per project, columns ``PROPOSAL_COLUMNS``; list is one of ``to_decide``, ``decided``,
        ``medium_voltage`` and ``flexibility``; model_proposal one of ``proposed``, ``reserve``, ``not_now`` and
        ``follow``; the decision is empty until people decide.
    """
    if candidates.empty:
        return pd.DataFrame(columns=PROPOSAL_COLUMNS)
    frame = candidates.sort_values(["list", "rank", "project_id"], kind="stable").reset_index(drop=True)
    lines = [_line(row) for row in frame.to_dict("records")]
    frame = frame.assign(
        **{c: [line[i] for line in lines] for i, c in enumerate(("line_id", "line_nl", "line_en"))}
    )
    proposed: dict[str, set[str]] = {}
    said = []
    for row in _as_packages(frame).to_dict("records"):
        taken = proposed.setdefault(row["list"], set())
        kind, key = _judge(row, framework.proposal, reference_year, taken)
        if kind == PROPOSED:
            taken.add(row["line_id"])
        said.append((kind, *_words(key, row, framework.proposal, reference_year)))
    frame = frame.assign(
        **{c: [s[i] for s in said] for i, c in enumerate(("model_proposal", "reason_nl", "reason_en"))}
    )
    frame = frame.join(_arguments(frame))
    return frame.merge(_decisions(tables), on="project_id", how="left").reindex(columns=PROPOSAL_COLUMNS)


def _line(row: Mapping[Hashable, Any]) -> tuple[str, str, str]:
    """Name the programme line of a project; a project of its own kind and place is its own line."""
    place = str(row["municipality"])
    kind = "mv" if row["asset_class"] in MEDIUM_VOLTAGE_CLASSES else str(row["carrier"])
    if kind in LINES and place and ";" not in place and row["type"] != "concreet":
        dutch, english = (name.format(place=place) for name in LINES[kind])
        return f"{kind}-{row['gm_code']}", dutch, english
    if row["package"]:
        return str(row["package"]), str(row["name"]), str(row["name"])
    return str(row["project_id"]), str(row["name"]), str(row["name"])


def _as_packages(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the parts of a package on one list the facts by which the whole is judged; others stay as they are."""
    package = text(frame["package"])
    whole = package.where(package != "", text(frame["project_id"]))
    keys = [frame["list"], whole]
    facts = {name: frame[name].groupby(keys).transform(how) for name, how in WHOLE.items()}
    return frame.assign(**facts, counted=text(frame["need_nl"]).ne("").groupby(keys).transform("any"))


def _judge(row: Mapping[Hashable, Any], rules: Proposal, year: int, taken: set[str]) -> tuple[str, str]:
    """Apply the rules in order; the first that speaks gives the answer and its reason."""
    n, total = int(row["storylines_with_need"] or 0), int(row["storylines_total"] or 0)
    start = row["start_by_year"]
    waits = not pd.isna(start)
    checks = (
        (row["list"] == DECIDED, FOLLOW, "follow"),
        (row["list"] == FLEXIBILITY, RESERVE, "flexibility"),
        (n == 0, NOT_NOW, "unlisted"),
        (not row["counted"], RESERVE, "uncounted"),
        (row["list"] == DECIDE and float(row["size_mw"]) < rules.least_mw, NOT_NOW, "small"),
        (waits and float(start) > _plan_period(rules, year)[1], NOT_NOW, "later"),
        (total > 0 and n < rules.storyline_share * total, RESERVE, "some"),
        (row["line_id"] not in taken and len(taken) >= _most(row, rules), RESERVE, "full"),
        (waits and float(start) <= year + rules.start_within_years, PROPOSED, "start"),
        (waits, PROPOSED, "prepare"),
    )
    return next(((kind, key) for holds, kind, key in checks if holds), (PROPOSED, "proposed"))


def _plan_period(rules: Proposal, year: int) -> tuple[int, int]:
    """Give the first and last year that this edition plans for."""
    first = year + rules.plan_starts_after_years
    return first, first + rules.plan_years - 1


def _most(row: Mapping[Hashable, Any], rules: Proposal) -> int:
    return rules.most_medium_voltage if row["list"] == MEDIUM_VOLTAGE else rules.most


def _words(key: str, row: Mapping[Hashable, Any], rules: Proposal, year: int) -> tuple[str, str]:
    start = row["start_by_year"]
    first, last = _plan_period(rules, year)
    values = {
        "least": rules.least_mw,
        "start": "" if pd.isna(start) else int(start),
        "first": first,
        "last": last,
        "n": int(row["storylines_with_need"] or 0),
        "total": int(row["storylines_total"] or 0),
        "share": 100 * rules.storyline_share,
        "most": _most(row, rules),
    }
    dutch, english = (said.format(**values) for said in REASONS[key])
    return dutch.replace(".0 MW", " MW"), english


def _arguments(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the argument of each project: its need; of a part without one, where the need of its package stands."""
    package, own = text(frame["package"]), text(frame["need_nl"])
    key = frame["list"] + "|" + package  # parts on another list have an answer of their own
    needed = frame.assign(key=key)[(package != "") & (own != "")].drop_duplicates("key").set_index("key")
    part_of = key.map(needed["name"]).fillna("").astype(str)
    lost = own.eq("") & part_of.ne("")
    return pd.DataFrame(
        {
            "argument_nl": own.where(
                ~lost, "Onderdeel van een pakket: de behoefte staat bij " + part_of + "."
            ),
            "argument_en": text(frame["need_en"]).where(
                ~lost, "Part of a package: the need stands with " + part_of + "."
            ),
        }
    )


def _decisions(tables: TablesLike) -> pd.DataFrame:
    """Give the last decision of people on each project."""
    rows = optional(tables, "projects/decisions", DECISION_COLUMNS)[DECISION_COLUMNS]
    rows = rows.sort_values("date", kind="stable").drop_duplicates("project_id", keep="last")
    return rows.rename(columns={c: f"decision_{c}" for c in ("role", "date", "reason")})
