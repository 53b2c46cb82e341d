"""Which need is in which investment plan: in time, large enough, or not at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.matching import CONFIDENCE_RANK, match
from pmiek.decide.projects.plans import plan_projects
from pmiek.decide.projects.tables import TablesLike, cell, explode_ids, number, optional, text
from pmiek.ids import slug

ALIGNMENT_COLUMNS = [
    "operator", "project_id", "investment_plan_id", "class", "need_year", "planned_year", "need_mw",
    "planned_mw", "light", "confidence", "evidence", "evidence_nl", "evidence_en", "plan_project_id",
    "reason",
]  # fmt: skip
VERY_LATE_YEARS = 2
LIGHTS = {
    "covered": "green",
    "late": "orange",
    "undersized": "orange",
    "timing unknown": "orange",
    "not planned": "red",
    "planned without modelled need": "grey",
}


class WithPlanned:
    """Input tables in which the planned projects are replaced by the given ones."""

    def __init__(self, tables: TablesLike, planned: pd.DataFrame) -> None:
        self._tables, self._planned = tables, planned

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; the given plans for ``projects/planned``."""
        return self._planned if name == "projects/planned" else self._tables[name]

    def assumption(self, assumption_id: str) -> float:
        """Return one assumption."""
        return self._tables.assumption(assumption_id)


def align(candidates: pd.DataFrame, planned: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Compare the long list with the investment plans, per operator.

    The need is measured on today's grid (frozen), because a decided plan is already part of the
    nulalternatief. Classes, the first that fits: not planned (no plan found), planned without modelled need,
    timing unknown (no public year), late (latest year after the need), undersized (MW below the need, or a
    need that remains with the plan in place), covered.

    Parameters
    ----------
    candidates : DataFrame
        Output of ``pmiek.decide.projects.candidates`` (scores may be filled).
    planned : DataFrame
        ``projects/planned``, all carriers.
    tables : TablesLike
        Uses grid/resplits, grid/stations, regions/municipalities.

    Returns
    -------
    DataFrame
        One row per operator and pair of candidate and plan; columns ``ALIGNMENT_COLUMNS``. ``evidence`` is
        the Dutch text. Plans that are finished, and umbrella programmes whose parts have rows of their own,
        are left out. Sorted by operator, light and project.
    """
    plans = plan_projects(WithPlanned(tables, planned))
    listed = plans[plans["decision_status"].ne("done") & ~plans["umbrella"]] if len(plans) else plans
    pairs = _pairs(candidates, listed, tables)
    unmatched = listed.index[~listed.index.isin(pairs["plan"])]
    alone = candidates[~candidates["project_id"].isin(pairs["project_id"]) & candidates["need_mw"].gt(0)]
    rows = pd.concat(
        [
            pairs,
            pd.DataFrame({"project_id": alone["project_id"], "plan": -1, "ground": "none"}),
            pd.DataFrame({"project_id": "", "plan": unmatched, "ground": "none"}),
        ],
        ignore_index=True,
    )  # fmt: skip
    if rows.empty:
        return pd.DataFrame(columns=ALIGNMENT_COLUMNS)
    rows = _facts(rows, candidates, plans)
    rows = rows.assign(**{"class": _classes(rows)})
    rows = rows.assign(light=_light(rows), confidence=_confidence(rows))
    texts = [evidence(row) for _, row in rows.iterrows()]
    rows[["evidence_nl", "evidence_en"]] = texts
    rows = rows.assign(evidence=rows["evidence_nl"], operator=rows["operator"].str.split(";")).explode(
        "operator"
    )
    rows = rows.assign(operator=rows["operator"].str.strip().replace("", "onbekend"))
    return rows.sort_values(["operator", "light", "project_id", "investment_plan_id"], kind="stable")[
        ALIGNMENT_COLUMNS
    ].reset_index(drop=True)


def _pairs(candidates: pd.DataFrame, plans: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Pair candidates with plans: the plan itself, the plan that a follow-up builds on, or a match."""
    columns = ["project_id", "plan", "ground", "match_confidence", "reason_nl", "reason_en"]
    ids = pd.Series(plans.index, index=[slug(p) for p in plans["project_id"]], dtype="int64")
    itself = candidates[candidates["project_id"].isin(ids.index)]
    own = pd.DataFrame({"project_id": itself["project_id"], "plan": itself["project_id"].map(ids)}).assign(
        ground="itself",
        match_confidence="high",
        reason_nl="dit is het geplande project",
        reason_en="this is the plan",
    )
    follow = explode_ids(candidates, "predecessor", "before")[["project_id", "before"]]
    follow = (
        follow.assign(plan=follow["before"].map(slug).map(ids)).dropna(subset="plan").drop(columns="before")
    )
    follow = follow.assign(
        ground="remaining", match_confidence="medium", reason_nl="blijft over als het plan er is",
        reason_en="remains with the plan in place",
    )  # fmt: skip
    rest = candidates[~candidates["project_id"].isin([*own["project_id"], *follow["project_id"]])]
    assets = explode_ids(rest, "asset_ids", "asset_id").assign(key=lambda f: f["project_id"])
    columns_in = ["asset_class", "carrier", "station", "station_id", "gm_code", "cluster"]
    assets = assets.assign(**{c: text(assets[c]) for c in columns_in})
    resplits = optional(tables, "grid/resplits", ["project_id", "new_station_id", "from_station_id", "share"])
    found = match(assets[["key", "asset_id", *columns_in]], plans, resplits)
    found = found.rename(columns={"key": "project_id", "confidence": "match_confidence"})
    best = found.groupby("project_id")["match_confidence"].transform(lambda s: s.map(CONFIDENCE_RANK).max())
    found = found[(found["match_confidence"].map(CONFIDENCE_RANK) > 1) | (best == 1)]
    parts = [part[columns] for part in (own, follow, found) if len(part)]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return out.assign(plan=out["plan"].astype("int64"))


def _facts(rows: pd.DataFrame, candidates: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    mine = candidates.set_index("project_id")
    columns = ["name", "operator", "certainty", "carrier", "need_mw", "need_frozen_mw", "need_year_frozen",
               "need_year_earliest", "storylines_with_need", "origin", "storylines_total"]  # fmt: skip
    out = rows.join(mine[columns].rename(columns={"operator": "own_operator"}), on="project_id")
    renamed = {f: f"plan_{f}" for f in ("project_id", "name", "operator", "carrier")}
    kept = ["investment_plan_id", "capacity_mw", "capacity_quality", "planned_year_latest", "timing_known"]
    theirs = plans[[*renamed, *kept]].rename(columns=renamed)
    out = out.join(theirs, on="plan")
    remaining = out["ground"].eq("remaining")
    left = _remaining_need(rows, mine)
    need_mw = out["need_frozen_mw"].astype(float).fillna(0.0)
    need_mw = need_mw.where((need_mw > 0) & ~remaining, out["need_mw"].astype(float).fillna(0.0))
    year = out["need_year_frozen"].astype(float)
    year = year.where(year.notna() & ~remaining, out["need_year_earliest"].astype(float))
    operator = text(out["plan_operator"]).where(out["plan"] >= 0, text(out["own_operator"]))
    return out.assign(
        need_mw=need_mw.where(need_mw > 0),
        need_year=year.where(need_mw > 0),
        planned_mw=out["capacity_mw"].astype(float),
        planned_year=out["planned_year_latest"].astype(float),
        operator=operator.where(operator != "", text(out["own_operator"])),
        timing_known=out["timing_known"].eq(True),
        left_mw=out["plan"].map(left),
        investment_plan_id=text(out["investment_plan_id"]),
        plan_project_id=text(out["plan_project_id"]),
        reason=text(out["reason_nl"]),
    )


def _remaining_need(rows: pd.DataFrame, candidates: pd.DataFrame) -> pd.Series:
    """MW that remains per plan according to its follow-up candidates."""
    follow = rows[rows["ground"] == "remaining"]
    mw = follow["project_id"].map(candidates["need_mw"].astype(float))
    return mw.groupby(follow["plan"]).max()


def _classes(rows: pd.DataFrame) -> np.ndarray:
    no_plan = rows["plan"].lt(0)
    no_need = rows["need_mw"].isna()
    timing = ~rows["timing_known"]
    remaining = rows["ground"].eq("remaining")
    late = rows["planned_year"].gt(rows["need_year"]) & ~remaining
    small = rows["planned_mw"].lt(rows["need_mw"]) | rows["left_mw"].gt(0) | remaining
    return np.select(
        [no_plan, no_need, timing & ~remaining, late, small],
        ["not planned", "planned without modelled need", "timing unknown", "late", "undersized"],
        "covered",
    )


def _light(rows: pd.DataFrame) -> pd.Series:
    light = rows["class"].map(LIGHTS)
    very_late = rows["class"].eq("late") & (rows["planned_year"] - rows["need_year"]).gt(VERY_LATE_YEARS)
    light = light.mask(very_late, "red")
    light = light.mask(rows["class"].eq("not planned") & rows["certainty"].eq("onzeker"), "orange")
    return light.mask(light.eq("green") & rows["match_confidence"].eq("low"), "orange")


def _confidence(rows: pd.DataFrame) -> pd.Series:
    """Confidence of the pair: of the match, one step lower if year or capacity of the plan is a guess."""
    rank = rows["match_confidence"].map(CONFIDENCE_RANK).fillna(3)
    guessed = rows["plan"].ge(0) & (
        ~rows["timing_known"] | rows["planned_mw"].isna() | rows["capacity_quality"].eq("assumed")
    )
    lowered = (rank - guessed.astype(int)).clip(lower=1)
    return lowered.map({v: k for k, v in CONFIDENCE_RANK.items()})


def evidence(row: pd.Series) -> tuple[str, str]:
    """Write the evidence of one pair in Dutch and English, with its numbers."""
    return _words(row, "nl"), _words(row, "en")


TEXTS = {
    "nl": {
        "need": "{name}: {mw} MW tekort vanaf {year} in {x} van {n} scenario's",
        "no_need": "{name}: geen doorgerekend tekort",
        "not_modelled": "{name}: de doorrekening toetst deze drager hier niet",
        "outside": "{name}: buiten de provincie of landelijk, staat niet op de lijst",
        "plan": "{plan} levert {mw}, uiterlijk {year}",
        "no_mw": "een onbekend vermogen",
        "no_plan": "geen plan gevonden",
        "late": "dat is {years} jaar na het eerste tekort",
        "undersized": "er blijft {mw} MW over",
        "smaller": "dat is {mw} MW minder dan het tekort",
        "timing unknown": "er is geen openbaar jaar",
        "assumed": "het vermogen van het plan is aangenomen",
    },
    "en": {
        "need": "{name}: {mw} MW short from {year} in {x} of {n} storylines",
        "no_need": "{name}: no modelled shortage",
        "not_modelled": "{name}: the model does not test this carrier here",
        "outside": "{name}: outside the province or national, not on the list",
        "plan": "{plan} brings {mw}, {year} at the latest",
        "no_mw": "an unknown capacity",
        "no_plan": "no plan was found",
        "late": "that is {years} years after the first shortage",
        "undersized": "{mw} MW remains",
        "smaller": "that is {mw} MW less than the shortage",
        "timing unknown": "no year is public",
        "assumed": "the capacity of the plan is assumed",
    },
}


def _words(row: pd.Series, lang: str) -> str:
    words = TEXTS[lang]
    name = cell(row["name"]) or cell(row["plan_name"])
    if row["need_mw"] == row["need_mw"]:
        parts = [
            words["need"].format(
                name=name, mw=number(row["need_mw"], 0, lang), year=f"{row['need_year']:.0f}",
                x=f"{row['storylines_with_need']:.0f}", n=f"{row['storylines_total']:.0f}",
            )
        ]  # fmt: skip
    elif not cell(row["project_id"]):
        parts = [words["outside"].format(name=name)]
    else:
        electric = cell(row["plan_carrier"]) == "electricity"
        parts = [words["no_need" if electric else "not_modelled"].format(name=name)]
    if row["plan"] < 0:
        return f"{parts[0]}; {words['no_plan']}."
    year = number(np.nan, 0, lang) if pd.isna(row["planned_year"]) else f"{row['planned_year']:.0f}"
    mw = words["no_mw"] if pd.isna(row["planned_mw"]) else f"{number(row['planned_mw'], 0, lang)} MW"
    parts.append(words["plan"].format(plan=cell(row["plan_name"]), mw=mw, year=year))
    parts += _remarks(row, words, lang)
    return "; ".join(parts) + "."


def _remarks(row: pd.Series, words: dict[str, str], lang: str) -> list[str]:
    parts = []
    if not row["timing_known"]:
        parts.append(words["timing unknown"])
    if row["planned_year"] > row["need_year"] and row["ground"] != "remaining":
        parts.append(words["late"].format(years=f"{row['planned_year'] - row['need_year']:.0f}"))
    if row["left_mw"] > 0:
        parts.append(words["undersized"].format(mw=number(row["left_mw"], 0, lang)))
    elif row["planned_mw"] < row["need_mw"]:
        parts.append(words["smaller"].format(mw=number(row["need_mw"] - row["planned_mw"], 0, lang)))
    if cell(row["capacity_quality"]) == "assumed":
        parts.append(words["assumed"])
    return parts
