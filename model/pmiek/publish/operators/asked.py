"""What is asked of municipalities and industry: what, why, unit, year, form, by when, of whom, else what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pmiek.ids import slug
from pmiek.inputs import Tables
from pmiek.publish.operators.parties import OVERLAYS, SITES, Party
from pmiek.publish.operators.templates import short

COLUMNS = [
    "request_id", "party", "theme", "what", "why", "unit", "year", "format", "by_when", "deadline_note",
    "answered_by", "without_answer", "projects", "affects_projects", "sector", "low", "high",
]  # fmt: skip
LARGEST = 40
"""Most cells that one municipality is asked to fill in."""


@cache
def questions() -> Mapping[str, Any]:
    """Return the questions, ``model/pmiek/publish/operators/questions.yaml``."""
    path = Path(__file__).with_name("questions.yaml")
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def deadline(steps: pd.DataFrame, step_id: str, today: dt.date) -> tuple[str, str]:
    """Give the day by which an answer must be in, and what must be said about that day.

    The day is the last one on which the step that needs the answer takes figures in. When it has passed, the
    first later step whose day has not passed takes its place; after the last, the answer is for the next
    edition and has no day.

    Parameters
    ----------
    steps : DataFrame
        ``projects/steps``: step_id, data_until, in the order of the plan.
    step_id : str
        Step that needs the answer.
    today : date
        Day of the request.

    Returns
    -------
    day, note : str
        ISO day or empty, and a Dutch sentence or empty.
    """
    ordered = steps.sort_values("data_until", kind="stable")
    at = ordered["step_id"].astype(str).eq(step_id)
    if not at.any():
        return "", ""
    needed = str(ordered.loc[at, "data_until"].iloc[0])
    ahead = ordered[(ordered["data_until"] >= needed) & (ordered["data_until"] >= today.isoformat())]
    if ahead.empty:
        return "", str(questions()["all_passed"])
    first = ahead.iloc[0]
    moved = str(first["step_id"]) != step_id
    note = questions()["passed"].format(old=step_id, new=first["step_id"]) if moved else ""
    return str(first["data_until"]), str(note)


def asked_of(
    tables: Tables, party: Party, effects: pd.DataFrame | None, today: dt.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List what is asked of a party, the largest effect on the list first, and what is assumed unasked.

    Parameters
    ----------
    tables : Tables
        Public inputs.
    party : Party
        A municipality or industry; operators have ``requests_of``.
    effects : DataFrame or None
        Result table ``input_effects`` of a batch; None when there is none. Then all is asked, as nothing is
        known of its effect.
    today : date
        Day of the request.

    Returns
    -------
    asked, assumed : DataFrame
        Columns ``COLUMNS``. Of a municipality at most ``LARGEST`` rows are asked, and with a batch only
        sectors that alone can make a project fall away.
    """
    rows = _municipal(tables, party) if party.kind == "municipality" else _industry(tables, party)
    day, note = deadline(tables["projects/steps"], str(questions()["step"]), today)
    done = [
        row | _effect(effects, f"{code} {row['sector']}") | {"by_when": day, "deadline_note": note}
        for code, row in rows
    ]
    frame = pd.DataFrame(done, columns=COLUMNS)
    ranked = frame.sort_values(["projects", "request_id"], ascending=[False, True], ignore_index=True)
    keep = pd.Series(data=True, index=ranked.index)
    if party.kind == "municipality":  # of a site only its owner knows the share, so that is always asked
        keep = ranked["projects"].ne(0) & (ranked.index < LARGEST)
    return ranked[keep].reset_index(drop=True), ranked[~keep].reset_index(drop=True)


def _effect(effects: pd.DataFrame | None, input_id: str) -> dict[str, Any]:
    if effects is None:
        why = "Het effect op de lijst is niet berekend."
        return {"projects": float("nan"), "affects_projects": "", "why": why}
    mine = effects[effects["kind"].eq("demand") & effects["input_id"].eq(input_id)]
    names = sorted(mine["project_id"].astype(str).unique())
    told = "; ".join(
        f"{project} {text}" for project, text in zip(mine["project_id"], mine["text_nl"], strict=True)
    )
    why = told or "Geen project staat of valt met deze vraag alleen."
    return {"projects": len(names), "affects_projects": ";".join(names), "why": why}


def _municipal(tables: Tables, party: Party) -> Iterator[tuple[str, dict[str, Any]]]:
    demand = tables["demand/municipal"]
    storylines = demand.groupby("year")["storyline"].nunique()
    own = demand[demand["gm_code"].eq(party.gm_code) & demand["carrier"].eq("electricity")]
    for key, theme in questions()["themes"].items():
        for sector, what in theme["sectors"].items():
            for year in questions()["years"]:
                now = own.loc[own["sector"].eq(sector) & own["year"].eq(year), "volume_mwh"]
                if now.empty or len(now) < storylines[year]:
                    continue  # a plan can only take the place of what every storyline has
                low, high = float(now.min()), float(now.max())
                yield party.gm_code, {
                    "request_id": slug(party.name, sector, str(year)), "party": party.name,
                    "theme": theme["title"], "what": f"{what}, {party.name}", "unit": "MWh per jaar",
                    "year": year, "format": f"blad {OVERLAYS.rpartition('/')[2]} {key}, kolom volume_mwh",
                    "answered_by": theme["answered_by"], "sector": sector, "low": low, "high": high,
                    "without_answer": questions()["without_answer"].format(
                        now=f"{low:.0f} tot {high:.0f} MWh, per verhaallijn"),
                }  # fmt: skip


def _industry(tables: Tables, party: Party) -> Iterator[tuple[str, dict[str, Any]]]:
    theme = questions()["industry"]
    for site in tables[SITES].to_dict("records"):
        share = float(site["share"])
        yield str(site["gm_code"]), {
            "request_id": slug(str(site["site_id"]), str(site["sector"])), "party": party.name,
            "theme": theme["title"], "what": theme["what"].format(name=site["name"], sector=site["sector"]),
            "unit": "aandeel", "year": "", "format": f"blad {short(SITES)}, kolom share",
            "answered_by": theme["answered_by"], "sector": site["sector"], "low": share, "high": share,
            "without_answer": questions()["without_answer"].format(now=f"{share:g}"),
        }  # fmt: skip
