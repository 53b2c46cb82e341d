"""The evidence of one comparison in words: each MW beside the year and storyline of its own row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.need_words import megawatt
from pmiek.decide.projects.tables import cell, number

TEXTS = {
    "nl": {
        "need": "{name}: te weinig ruimte {net}: {need}, in {x} van {n} scenario's",
        "frozen": "op het huidige net",
        "nulalternatief": "ook met de besloten projecten",
        "no_need": "{name}: geen doorgerekend tekort dat blijft",
        "no_need_frozen": "{name}: geen doorgerekend tekort op het huidige net dat blijft",
        "not_modelled": "{name}: de doorrekening toetst deze drager hier niet",
        "outside": "{name}: buiten de provincie of landelijk, staat niet op de lijst",
        "plan": "{plan} levert {mw}, uiterlijk {year}",
        "no_mw": "een onbekend vermogen",
        "not planned": "niet aangetroffen in {table}",
        "no plan table available": "geen plantabel beschikbaar om in te zoeken",
        "late": "dat is {years} jaar na het eerste tekort",
        "left": "met dit plan en wat ernaast staat blijft over: {mw} MW in {year}",
        "beyond": "dit plan brengt minder dan nodig: {mw} MW tekort in {year}",
        "enough": "genoeg vanaf {mw} MW, het tekort in {year}",
        "undecided": "nog niet besloten",
        "timing unknown": "er is geen openbaar jaar",
        "assumed": "het vermogen van het plan is aangenomen",
        "Investeringsplan": "jaar volgens het investeringsplan",
        "Laatste inzichten": "jaar volgens de laatste inzichten van de netbeheerder",
        "other": "jaar volgens een andere bron dan het investeringsplan",
        "own reading": "niet in een investeringsplan nagegaan",
    },
    "en": {
        "need": "{name}: too little room {net}: {need}, in {x} of {n} storylines",
        "frozen": "on today's grid",
        "nulalternatief": "even with the decided projects",
        "no_need": "{name}: no modelled shortage that lasts",
        "no_need_frozen": "{name}: no modelled shortage on today's grid that lasts",
        "not_modelled": "{name}: the model does not test this carrier here",
        "outside": "{name}: outside the province or national, not on the list",
        "plan": "{plan} brings {mw}, {year} at the latest",
        "no_mw": "an unknown capacity",
        "not planned": "not in {table}",
        "no plan table available": "no plan table available to look in",
        "late": "that is {years} years after the first shortage",
        "left": "with this plan and what stands beside it {mw} MW in {year} remains",
        "beyond": "this plan brings less than needed: {mw} MW short in {year}",
        "enough": "enough from {mw} MW, the shortage in {year}",
        "undecided": "not decided yet",
        "timing unknown": "no year is public",
        "assumed": "the capacity of the plan is assumed",
        "Investeringsplan": "year from the investment plan",
        "Laatste inzichten": "year from the operator's latest insights",
        "other": "year from another source than the investment plan",
        "own reading": "not checked in an investment plan",
    },
}


def evidence(row: pd.Series) -> tuple[str, str]:
    """Write the evidence of one comparison in Dutch and English.

    Parameters
    ----------
    row : Series
        One row of :func:`pmiek.decide.alignment.align` with the facts of candidate, plan and need.
    """
    return _words(row, "nl"), _words(row, "en")


def _words(row: pd.Series, lang: str) -> str:
    words = TEXTS[lang]
    parts = [_need(row, words, lang)]
    if row["plan"] < 0:
        parts.append(words[cell(row["class"])].format(table=cell(row["looked_in"])))
        return "; ".join(parts) + "."
    year = number(np.nan, 0, lang) if pd.isna(row["planned_year"]) else f"{row['planned_year']:.0f}"
    mw = words["no_mw"] if pd.isna(row["planned_mw"]) else f"{number(row['planned_mw'], 0, lang)} MW"
    parts.append(words["plan"].format(plan=cell(row["plan_name"]), mw=mw, year=year))
    return "; ".join([*parts, *_remarks(row, words, lang)]) + "."


def _need(row: pd.Series, words: dict[str, str], lang: str) -> str:
    name = cell(row["name"]) or cell(row["plan_name"])
    decided = row["ground"] == "itself" and bool(row["decided"])
    if pd.notna(row["need_mw"]):
        return words["need"].format(
            name=name, net=words["frozen" if decided else "nulalternatief"], need=cell(row[f"need_{lang}"]),
            x=f"{row['storylines_with_need']:.0f}", n=f"{row['storylines_total']:.0f}",
        )  # fmt: skip
    if not cell(row["project_id"]):
        return words["outside"].format(name=name)
    electric = cell(row["plan_carrier"]) == "electricity"
    if not electric:
        return words["not_modelled"].format(name=name)
    return words["no_need_frozen" if decided else "no_need"].format(name=name)


def _remarks(row: pd.Series, words: dict[str, str], lang: str) -> list[str]:
    parts = []
    if not row["timing_known"]:
        parts.append(words["timing unknown"])
    elif row["plan_carrier"] == "electricity":
        parts.append(words.get(cell(row["basis"]) or "own reading", words["other"]))
    if not row["decided"]:
        parts.append(words["undecided"])
    if row["ground"] != "remaining" and pd.notna(row["hardest_mw"]) and _sizeless(row):
        parts.append(_at(words["enough"], row, "hardest", lang))
    if row["decided"] and row["planned_year"] > row["need_year"] and row["ground"] != "remaining":
        parts.append(words["late"].format(years=f"{row['planned_year'] - row['need_year']:.0f}"))
    if row["left_mw"] > 0:
        own = row["ground"] == "remaining" or bool(row["decided"])
        parts.append(_at(words["left" if own else "beyond"], row, "left", lang))
    if cell(row["capacity_quality"]) == "assumed":
        parts.append(words["assumed"])
    return parts


def _sizeless(row: pd.Series) -> bool:
    """Tell whether the size of a plan is open: it is not decided, or has no MW."""
    return not row["decided"] or pd.isna(row["planned_mw"])


def _at(words: str, row: pd.Series, name: str, lang: str) -> str:
    return words.format(mw=megawatt(float(row[f"{name}_mw"]), lang), year=f"{row[f'{name}_year']:.0f}")
