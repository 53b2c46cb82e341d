"""A research project names the question that must be answered, and by when."""
# ruff: noqa: E501 - a question on one line is easier to read and to translate

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.need_words import storyline_name
from pmiek.decide.projects.tables import cell, join_ids

RESEARCH = "onderzoek"
# Per rule that made it a research project; a rule that is not here gets the last one.
QUESTIONS = {
    "source_only": (
        "Is {name} haalbaar, hoeveel levert de bron, en welke leiding of aansluiting hoort daarbij?",
        "Is {name} feasible, how much does the source give, and which pipe or connection belongs to it?",
    ),
    "few_storylines": (
        "Komt de vraag uit {storylines} er? Alleen daarin is er een tekort: {need}.",
        "Will the demand of {storylines} come? Only there is a shortage: {need}.",
    ),
    "capacity_unknown": (
        "Hoe groot is de werkelijke capaciteit van {assets}? Met één eenheid meer dan aangenomen is er geen tekort.",
        "What is the real capacity of {assets}? With one unit more than assumed there is no shortage.",
    ),
    "carrier_open": (
        "Met welke drager wordt {place} verwarmd? Wordt dat een warmtenet of gas, dan vervalt het grootste deel van de piek.",
        "With which carrier will {place} be heated? With a heat network or gas most of the peak falls away.",
    ),
    "carrier_choice": (
        "Kiest {place} voor {carrier}? Alleen de ontwikkelvarianten die daarvoor kiezen bouwen dit.",
        "Does {place} choose {carrier}? Only the variants that choose it build this.",
    ),
    "carrier_choice_between": (
        "Komt {name} er? Alleen de ontwikkelvarianten die kiezen voor {carrier} bouwen dit; welke gemeenten doen mee?",
        "Will {name} come? Only the variants that choose {carrier} build it; which municipalities take part?",
    ),
    "heat_network_open": (
        "Komt er een warmtenet in {place}, voor welke wijken, en met welke bron?",
        "Will there be a heat network in {place}, for which districts, and from which source?",
    ),
    "hydrogen_open": (
        "Wie in {place} kiest voor waterstof, hoeveel, en hoe komt die er? Nodig: {need}.",
        "Who in {place} chooses hydrogen, how much, and how does it get there? Needed: {need}.",
    ),
    "": (
        "Welke infrastructuur is nodig voor {name}, en wie neemt het besluit?",
        "Which infrastructure does {name} need, and who decides?",
    ),
}
CARRIERS = {
    "electricity": ("elektriciteit", "electricity"),
    "heat": ("een warmtenet", "a heat network"),
    "methane": ("groen gas", "green gas"),
    "hydrogen": ("waterstof", "hydrogen"),
}


def add_questions(
    projects: pd.DataFrame, cases: pd.DataFrame, reference_year: int, edition_years: float
) -> pd.DataFrame:
    """Add the question of every research project, and the year by which it must be answered.

    Parameters
    ----------
    projects : DataFrame
        With type, type_rule, name, municipality, asset_ids, carrier, need_nl, need_en and start_by_year.
    cases : DataFrame
        Output of ``need_cases``: tells in which storylines the need is.
    reference_year : int
        Year of this edition.
    edition_years : float
        Years between two editions of the programme.

    Returns
    -------
    DataFrame
        ``projects`` plus question_nl, question_en and question_by_year: the year in which work must start if
        the answer is yes; where no year of need is known, and never before, the next edition at the latest.
        Empty for other types.
    """
    research = projects["type"].eq(RESEARCH)
    who = cases.groupby("project_id")["storyline"].agg(join_ids) if len(cases) else pd.Series(dtype=object)
    words = [
        _question(row, cell(who.get(row["project_id"], ""))) if asked else ("", "")
        for (_, row), asked in zip(projects.iterrows(), research, strict=True)
    ]
    next_edition = reference_year + edition_years
    start = projects["start_by_year"].astype(float)
    by_year = start.where(start > reference_year).fillna(next_edition)
    return projects.assign(
        question_nl=[nl for nl, _ in words],
        question_en=[en for _, en in words],
        question_by_year=by_year.where(research),
    )


def _key(row: pd.Series) -> str:
    """Give the question's key; what lies between places, such as a pipe, cannot choose for itself."""
    rule = cell(row["type_rule"])
    return f"{rule}_between" if rule == "carrier_choice" and not cell(row["municipality"]) else rule


def _question(row: pd.Series, storylines: str) -> tuple[str, str]:
    nl, en = QUESTIONS.get(_key(row), QUESTIONS[""])
    place = cell(row["municipality"]) or cell(row["name"])
    names = ", ".join(storyline_name(code) for code in storylines.split(";"))
    carrier_nl, carrier_en = CARRIERS.get(cell(row["carrier"]), (cell(row["carrier"]),) * 2)
    values = {
        "name": cell(row["name"]),
        "place": place,
        "assets": cell(row["asset_ids"]).replace(";", ", "),
        "storylines": names,
    }
    return (
        nl.format(**values, need=cell(row["need_nl"]) or "niet doorgerekend", carrier=carrier_nl),
        en.format(**values, need=cell(row["need_en"]) or "not computed", carrier=carrier_en),
    )
