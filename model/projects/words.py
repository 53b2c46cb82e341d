"""One sentence per project that says why it is on the list, made from its numbers."""

from __future__ import annotations

import pandas as pd

from model.projects.tables import cell, number

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


def why(project: pd.Series) -> tuple[str, str]:
    """Write the reason of one project in Dutch and English.

    Parameters
    ----------
    project : Series
        name, carrier, origin, need_mw, need_mw_high, need_hours, direction, need_year_earliest, storylines,
        storylines_total, planned_mw, planned_year_latest, investment_plan_ids, need_state.
    """
    place = cell(project["name"])
    if project["need_mw"] > 0:
        return _why_need(project, place)
    if cell(project["origin"]) == "plan":
        mw, year = project["planned_mw"], project["planned_year_latest"]
        nl = f"{place} staat gepland" + _planned(mw, year, "nl")
        en = f"{place} is planned" + _planned(mw, year, "en")
        return nl + "; de doorrekening toont hier geen tekort.", en + "; the model shows no shortage here."
    if cell(project["origin"]) == "pathway":
        nl, en = CARRIER_WORDS.get(cell(project["carrier"]), ("", ""))
        size = project["size_pathway_mw_median"]
        return (
            f"Ontwikkelpaden bouwen hier {number(size, 0)} MW voor {nl} in {project['storylines']} van "
            f"{project['storylines_total']} scenario's.",
            f"Pathways build {number(size, 0, 'en')} MW for {en} here in {project['storylines']} of "
            f"{project['storylines_total']} storylines.",
        )
    return (
        f"{place} stond in de vorige pMIEK; de doorrekening toont hier geen tekort.",
        f"{place} was in the previous pMIEK; the model shows no shortage here.",
    )


def _planned(mw: float, year: float, lang: str) -> str:
    words = ""
    if mw == mw:  # noqa: PLR0124
        words += f" ({number(mw, 0, lang)} MW)"
    if year == year:  # noqa: PLR0124
        words += (" voor uiterlijk " if lang == "nl" else " for ") + f"{year:.0f}"
    return words


def _why_need(project: pd.Series, place: str) -> tuple[str, str]:
    nl_dir, en_dir = DIRECTION_WORDS.get(cell(project["direction"]), ("", ""))
    frozen = cell(project["need_state"]) == "frozen"
    nl_net = "op het huidige net" if frozen else "ook met de besloten projecten"
    en_net = "on today's grid" if frozen else "even with the decided projects"
    year = f"{project['need_year_earliest']:.0f}"
    nl = (
        f"{place} komt {nl_net} vanaf {year} {number(project['need_mw'])} MW tekort voor {nl_dir} "
        f"(tot {number(project['need_mw_high'])} MW), {number(project['need_hours'])} uur per jaar, in "
        f"{project['storylines']} van {project['storylines_total']} scenario's."
    )
    en = (
        f"{place} is {number(project['need_mw'], 0, 'en')} MW short for {en_dir} {en_net} from {year} "
        f"(up to {number(project['need_mw_high'], 0, 'en')} MW), {number(project['need_hours'], 0, 'en')} hours "
        f"a year, in {project['storylines']} of {project['storylines_total']} storylines."
    )
    return nl, en
