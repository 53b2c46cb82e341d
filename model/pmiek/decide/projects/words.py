"""One sentence per project that says why it is on the list, made from its numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmiek.decide.projects.present import without_need
from pmiek.decide.projects.tables import cell, number, split_ids

DIRECTION_WORDS = {
    "take-off": ("afname", "take-off"),
    "feed-in": ("invoeding", "feed-in"),
    "take-off;feed-in": ("afname en invoeding", "take-off and feed-in"),
}
CARRIER_WORDS = {
    "electricity": ("elektriciteit", "electricity"),
    "hydrogen": ("waterstof", "hydrogen"),
    "methane": ("groen gas", "green gas"),
    "heat": ("warmte", "heat"),
}


def why(project: pd.Series, present: pd.DataFrame, relief: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Write the reason of one project in Dutch and English.

    Parameters
    ----------
    project : Series
        name, carrier, origin, need_mw, need_hours_nl, need_hours_en, direction, storylines,
        storylines_total, planned_mw, planned_year_latest, bottleneck_ids, need_state.
    present : DataFrame
        ``present_shortages``; told of a project that answers no later shortage.
    relief : mapping of str to tuple of str
        What moves between stations, by project; told after the reason.
    """
    nl, en = _reason(project, present)
    more = relief.get(cell(project["project_id"]))
    return (f"{nl} {more[0]}", f"{en} {more[1]}") if more else (nl, en)


def _reason(project: pd.Series, present: pd.DataFrame) -> tuple[str, str]:
    place = cell(project["name"])
    if project["need_mw"] > 0:
        return _why_need(project, place)
    if cell(project["origin"]) == "plan":
        mw, year = project["planned_mw"], project["planned_year_latest"]
        nl = f"{place} staat gepland" + _planned(mw, year, "nl")
        en = f"{place} is planned" + _planned(mw, year, "en")
        now = without_need(present, split_ids(project["bottleneck_ids"]))
        if now[0]:
            return f"{nl}. {now[0]}", f"{en}. {now[1]}"
        return nl + "; de doorrekening toont hier geen tekort.", en + "; the model shows no shortage here."
    if cell(project["origin"]) == "pathway":
        nl, en = CARRIER_WORDS.get(cell(project["carrier"]), ("", ""))
        size = project["size_pathway_mw_median"]
        count, total = project["storylines"], project["storylines_total"]
        reason_nl = (
            f"Ontwikkelpaden bouwen hier {number(size)} MW voor {nl} in {count} van {total} scenario's."
        )
        reason_en = (
            f"Pathways build {number(size, 0, 'en')} MW for {en} here in {count} of {total} storylines."
        )
        return reason_nl, reason_en
    return (
        f"{place} stond in de vorige pMIEK; de doorrekening toont hier geen tekort.",
        f"{place} was in the previous pMIEK; the model shows no shortage here.",
    )


def _planned(mw: float, year: float, lang: str) -> str:
    words = ""
    if pd.notna(mw):
        words += f" ({number(mw, 0, lang)} MW)"
    if pd.notna(year):
        words += (" voor uiterlijk " if lang == "nl" else " for ") + f"{year:.0f}"
    return words


def _why_need(project: pd.Series, place: str) -> tuple[str, str]:
    nl_dir, en_dir = DIRECTION_WORDS.get(cell(project["direction"]), ("", ""))
    frozen = cell(project["need_state"]) == "frozen"
    nl_net = "op het huidige net" if frozen else "ook met de besloten projecten"
    en_net = "on today's grid" if frozen else "even with the decided projects"
    count, total = project["storylines"], project["storylines_total"]
    one = ";" not in cell(project["direction"])  # with two, each stands before its own figures
    nl_dir, en_dir = (f" voor {nl_dir}", f" for {en_dir}") if one else ("", "")
    nl = f"{place}: {nl_net} te weinig ruimte{nl_dir}: {cell(project['need_hours_nl'])}. "
    nl += f"Dit komt voor in {count} van {total} scenario's."
    en = f"{place}: {en_net} too little room{en_dir}: {cell(project['need_hours_en'])}. "
    en += f"This occurs in {count} of {total} storylines."
    return nl, en
