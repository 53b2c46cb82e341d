"""What is too little today and ends: apart from the needs of storylines, with what bridges the years until then."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.groups import Groups
from pmiek.decide.projects.need_words import DIRECTIONS, megawatt
from pmiek.decide.projects.rules import interim_measures
from pmiek.decide.projects.tables import cell, join_ids, number, text

FROZEN, PLANNED_STATE = "frozen", "nulalternatief"
PRESENT_COLUMNS = [
    "bottleneck_id", "asset_id", "asset_name", "asset_class", "carrier", "direction", "municipality",
    "cluster", "operator", "storyline", "year", "weather_year", "exceedance_mw", "hours", "energy_mwh",
    "ends_year", "ends_by", "returns_year", "project_ids", "interim_measures", "interim_measures_en",
    "text_nl", "text_en",
]  # fmt: skip
DECIDED_PROJECTS, BY_ITSELF = "decided projects", "by itself"
TEXTS = {
    "nl": {
        DECIDED_PROJECTS: "{name}: nu te weinig ruimte voor {direction}, {mw} MW in {year} ({hours} uur per jaar); "
        "met de besloten projecten in {ends} geen tekort meer{by}",
        BY_ITSELF: "{name}: nu te weinig ruimte voor {direction}, {mw} MW in {year} ({hours} uur per jaar); "
        "in {ends} ook zonder projecten geen tekort meer",
        "by": " ({plans})",
        "returns": "; in {returns} is er opnieuw een tekort",
    },
    "en": {
        DECIDED_PROJECTS: "{name}: too little room for {direction} now, {mw} MW in {year} ({hours} hours a year); "
        "with the decided projects no shortage any more in {ends}{by}",
        BY_ITSELF: "{name}: too little room for {direction} now, {mw} MW in {year} ({hours} hours a year); "
        "no shortage any more in {ends}, even without projects",
        "by": " ({plans})",
        "returns": "; a shortage comes back in {returns}",
    },
}


def present_shortages(
    groups: Groups, pairs: pd.DataFrame, years: list[int], reference_year: int
) -> pd.DataFrame:
    """List the shortages of the base year that end: "nu te weinig, opgelost in JJJJ".

    Parameters
    ----------
    groups : Groups
        Bottlenecks of the province on both grids, the base year under every storyline.
    pairs : DataFrame
        Which plan answers which group: key, project_id, name, decided.
    years : list of int
        Years that were screened.
    reference_year : int
        Year of this edition: interim measures bridge from then on.

    Returns
    -------
    DataFrame
        Columns ``PRESENT_COLUMNS``, one row per bottleneck that is short in the base year and not in some
        later year that was screened, in any storyline and weather year with the decided projects in place.
        ``ends_year`` is the first such year, ``ends_by`` tells whether today's grid would still be short in
        it, ``returns_year`` a later year with a shortage again. A shortage that goes on is not here.
    """
    rows, later = groups.rows, sorted(year for year in years if year > min(years, default=0))
    if rows.empty or not later:
        return pd.DataFrame(columns=PRESENT_COLUMNS)
    base = rows[rows["year"].eq(min(years)) & rows["grid_state"].eq(FROZEN)]
    hardest = base.sort_values("exceedance_mw", kind="stable").drop_duplicates("bottleneck_id", keep="last")
    short = {key: set(part["year"]) for key, part in rows.groupby(["bottleneck_id", "grid_state"])}
    decided = pairs[pairs["decided"].astype(bool)] if len(pairs) else pairs
    found = []
    for row in hardest.to_dict("records"):
        name = str(row["bottleneck_id"])
        planned, frozen = (short.get((name, state), set()) for state in (PLANNED_STATE, FROZEN))
        free = [year for year in later if year not in planned]
        if not free:
            continue
        plans = decided[decided["key"] == row["key"]]
        by = DECIDED_PROJECTS if free[0] in frozen else BY_ITSELF
        again = [year for year in later if year > free[0] and year in planned]
        ends = {"ends_year": free[0], "ends_by": by, "returns_year": again[0] if again else np.nan}
        measures = interim_measures(
            cell(row["direction"]), cell(row["asset_class"]), float(free[0] - reference_year), float(row["hours"])
        )[1:] if cell(row["carrier"]) == "electricity" else ("", "")  # fmt: skip
        line = row | ends | {"project_ids": join_ids(plans["project_id"]) if by == DECIDED_PROJECTS else ""}
        line |= dict(zip(("interim_measures", "interim_measures_en"), measures, strict=True))
        line |= {f"text_{lang}": _sentence(line, plans, lang) for lang in TEXTS}
        found.append(line)
    out = pd.DataFrame(found, columns=PRESENT_COLUMNS)
    return out.sort_values(["ends_year", "bottleneck_id"], ignore_index=True)


def _sentence(line: dict[object, object] | dict[str, object], plans: pd.DataFrame, lang: str) -> str:
    words, row = TEXTS[lang], {str(key): value for key, value in line.items()}
    name = cell(row["asset_name"]) or cell(row["station"]) or cell(row["asset_id"])
    by = (
        words["by"].format(plans=", ".join(sorted(set(text(plans["name"])))))
        if cell(row["project_ids"])
        else ""
    )
    directions = DIRECTIONS.get(cell(row["direction"]), (cell(row["direction"]),) * 2)
    sentence = words[cell(row["ends_by"])].format(
        name=name, direction=directions[0 if lang == "nl" else 1], year=row["year"], ends=row["ends_year"],
        mw=megawatt(float(cell(row["exceedance_mw"])), lang), hours=number(float(cell(row["hours"])), 0, lang), by=by,
    )  # fmt: skip
    again = cell(row["returns_year"])
    return sentence + (words["returns"].format(returns=int(float(again))) if again else "") + "."


def without_need(present: pd.DataFrame, bottleneck_ids: list[str]) -> tuple[str, str]:
    """Give the sentences of today's shortages among some bottlenecks, Dutch and English."""
    mine = present[present["bottleneck_id"].isin(bottleneck_ids)] if len(present) else present
    return " ".join(mine["text_nl"]), " ".join(mine["text_en"])
