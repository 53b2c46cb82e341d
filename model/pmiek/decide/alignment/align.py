"""Which need is in which investment plan: in time, large enough, or not at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.alignment.evidence import evidence
from pmiek.decide.projects.matching import CONFIDENCE_RANK, match
from pmiek.decide.projects.need_words import need_text
from pmiek.decide.projects.plans import plan_projects
from pmiek.decide.projects.series import counting
from pmiek.decide.projects.tables import TablesLike, cell, explode_ids, optional, split_ids, text
from pmiek.ids import slug

ALIGNMENT_COLUMNS = [
    "operator", "project_id", "investment_plan_id", "class", "need_year", "planned_year", "need_mw",
    "hardest_year", "hardest_mw", "left_year", "left_mw", "planned_mw", "light", "confidence", "basis",
    "looked_in", "evidence", "evidence_nl", "evidence_en", "plan_project_id", "reason",
]  # fmt: skip
FROZEN, PLANNED_STATE = "frozen", "nulalternatief"
VERY_LATE_YEARS = 2
NO_TABLE = "no plan table available"
ANNOUNCED = "announced"
NO_SIZE = "size unknown"
LIGHTS = {
    "covered": "green",
    "late": "orange",
    "undersized": "orange",
    "timing unknown": "orange",
    "not planned": "red",
    NO_TABLE: "grey",
    ANNOUNCED: "grey",
    NO_SIZE: "grey",
    "planned without modelled need": "grey",
}
PLAN_TABLE_COLUMNS = ["operator", "carrier", "asset_class", "table_name", "edition", "complete"]


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


def align(
    candidates: pd.DataFrame, planned: pd.DataFrame, tables: TablesLike, series: pd.DataFrame
) -> pd.DataFrame:
    """Compare the long list with the investment plans, per operator.

    A decided plan is judged for its own purpose: what is short on today's grid at the assets that it answers,
    and, from its own year on, what its follow-up leaves with all that stands beside it (other decided plans,
    and load that moves to a new station). Any other need is measured with the decided projects in place.

    Classes, the first that fits: not planned (looked for in a plan table and not there), no plan table
    available (nobody could look), planned without modelled need, announced (no decision yet; never red),
    size unknown (decided, without MW: a range, so neither enough nor too little; never red),
    timing unknown (no public year), late (latest year after the first year with a need), undersized (in some
    year from the plan's own on, more is needed than it brings), covered.

    Parameters
    ----------
    candidates : DataFrame
        Output of ``pmiek.decide.projects.candidates`` (scores may be filled).
    planned : DataFrame
        ``projects/planned``, all carriers.
    tables : TablesLike
        Uses projects/plan_tables, projects/plan_statements, grid/resplits, grid/stations,
        regions/municipalities.
    series : DataFrame
        ``project_needs``: every MW in the outcome stands beside the year of its own row.

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
    rows = _facts(rows, candidates, plans, tables)
    rows = rows.join(_needs(rows, series))
    rows = rows.assign(**{"class": _classes(rows)})
    rows = rows.assign(light=_light(rows), confidence=_confidence(rows))
    rows[["evidence_nl", "evidence_en"]] = [evidence(row) for _, row in rows.iterrows()]
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


def _facts(
    rows: pd.DataFrame, candidates: pd.DataFrame, plans: pd.DataFrame, tables: TablesLike
) -> pd.DataFrame:
    """Add what is known of candidate and plan, and in which plan table one could look."""
    listed = candidates.set_index("project_id")
    columns = ["name", "operator", "certainty", "carrier", "asset_class", "storylines_with_need", "origin",
               "storylines_total", "need_state"]  # fmt: skip
    out = rows.join(listed[columns].rename(columns={"operator": "own_operator"}), on="project_id")
    renamed = {f: f"plan_{f}" for f in ("project_id", "name", "operator", "carrier", "decided")}
    fields = ["investment_plan_id", "capacity_mw", "capacity_quality", "planned_year_latest", "timing_known"]
    out = out.join(plans[[*renamed, *fields]].rename(columns=renamed), on="plan")
    operator = text(out["plan_operator"]).where(out["plan"] >= 0, text(out["own_operator"]))
    out = out.assign(
        planned_mw=out["capacity_mw"].astype(float),
        planned_year=out["planned_year_latest"].astype(float),
        operator=operator.where(operator != "", text(out["own_operator"])),
        timing_known=out["timing_known"].eq(True),
        decided=out["plan_decided"].eq(True),
        investment_plan_id=text(out["investment_plan_id"]),
        plan_project_id=text(out["plan_project_id"]),
        reason=text(out["reason_nl"]),
    )
    looked, complete = _looked_in(out, tables)
    return out.assign(looked_in=looked, complete=complete, basis=_basis(out, tables))


def _looked_in(rows: pd.DataFrame, tables: TablesLike) -> tuple[pd.Series, pd.Series]:
    """Name the plan table in which a need without a plan was looked for, and whether it is a whole plan."""
    known = optional(tables, "projects/plan_tables", PLAN_TABLE_COLUMNS)
    names: dict[tuple[str, str, str], tuple[str, bool]] = {}
    for row in known.to_dict("records"):
        key = (cell(row["operator"]), cell(row["carrier"]), cell(row["asset_class"]))
        whole = cell(row["complete"]).lower() in {"true", "1", "yes"}
        names[key] = (f"{cell(row['table_name'])} ({cell(row['edition'])})", whole)
    found = [
        next(
            (
                names[key]
                for operator in split_ids(row["operator"])
                if (key := (operator, cell(row["carrier"]), cell(row["asset_class"]))) in names
            ),
            ("", False),
        )
        if row["plan"] < 0
        else ("", False)
        for row in rows.to_dict("records")
    ]
    return (
        pd.Series([name for name, _ in found], index=rows.index, dtype=object),
        pd.Series([whole for _, whole in found], index=rows.index, dtype=bool),
    )


def _basis(rows: pd.DataFrame, tables: TablesLike) -> pd.Series:
    """Say on what the plan rests in the operator's own last statement; empty where none is known."""
    said = optional(tables, "projects/plan_statements", ["project_id", "stated_on", "basis"])
    said = said.assign(project_id=text(said["project_id"]), stated_on=text(said["stated_on"]))
    last = said.sort_values("stated_on", kind="stable").drop_duplicates("project_id", keep="last")
    own = dict(zip(last["project_id"], text(last["basis"]), strict=True))
    planned = optional(tables, "projects/planned", ["project_id", "programme_id"])
    programme = dict(zip(text(planned["project_id"]), text(planned["programme_id"]), strict=True))
    return rows["plan_project_id"].map(lambda plan: own.get(plan) or own.get(programme.get(plan, ""), ""))


NEED_FIELDS = ["need_year", "need_mw", "hardest_year", "hardest_mw", "left_year", "left_mw"]


def _needs(rows: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Add the need behind every pair: first and hardest year, each with its own MW, and what is left."""
    counted = counting(series)
    parts = dict(iter(counted.groupby(["project_id", "grid_state"]))) if len(counted) else {}
    follow = rows[rows["ground"].eq("remaining")].groupby("plan")["project_id"].agg(list)
    out = []
    for row in rows.to_dict("records"):
        own = parts.get((row["project_id"], _state(row)), series.iloc[:0])
        left = _left(row, own, [parts.get((p, PLANNED_STATE)) for p in follow.get(row["plan"], [])])
        first, hardest = _first(own), _hardest(own)
        out.append([*first, *hardest, *_hardest(left), need_text(own, "nl"), need_text(own, "en")])
    return pd.DataFrame(out, index=rows.index, columns=[*NEED_FIELDS, "need_nl", "need_en"])


def _state(row: dict[object, object] | dict[str, object]) -> str:
    """Give the grid on which a pair is judged: a decided plan on today's grid, which is its purpose."""
    cells = {str(key): value for key, value in row.items()}
    return FROZEN if cells["ground"] == "itself" and cells["decided"] is True else PLANNED_STATE


def _left(
    row: dict[object, object] | dict[str, object], own: pd.DataFrame, follow: list[pd.DataFrame | None]
) -> pd.DataFrame:
    """Give the rows that the plan leaves: of its follow-ups, or of what is needed beyond its own MW."""
    cells = {str(key): value for key, value in row.items()}
    if cells["ground"] == "itself" and cells["decided"] is True:
        known = [part for part in follow if part is not None]
        return pd.concat(known) if known else own.iloc[:0]
    if cells["ground"] == "remaining":
        return own
    later = own[own["year"].ge(float(str(cells["planned_year"])))] if len(own) else own
    beyond = later.assign(remaining_mw=later["remaining_mw"] - float(str(cells["planned_mw"])))
    return beyond[beyond["remaining_mw"].gt(0)]


def _first(rows: pd.DataFrame) -> tuple[float, float]:
    """Give the first year with a need, and the MW of that year."""
    if rows.empty:
        return np.nan, np.nan
    year = rows["year"].min()
    return float(year), float(rows.loc[rows["year"].eq(year), "remaining_mw"].max())


def _hardest(rows: pd.DataFrame) -> tuple[float, float]:
    """Give the year with the largest need, and the MW of that year."""
    if rows.empty:
        return np.nan, np.nan
    top = rows.sort_values(["remaining_mw", "year"], ascending=[False, True], kind="stable").iloc[0]
    return float(top["year"]), float(top["remaining_mw"])


def _classes(rows: pd.DataFrame) -> np.ndarray:
    no_plan = rows["plan"].lt(0)
    looked = rows["looked_in"].ne("")
    no_need = rows["need_mw"].isna() & ~rows["left_mw"].gt(0)
    remaining = rows["ground"].eq("remaining")
    late = rows["planned_year"].gt(rows["need_year"]) & ~remaining
    return np.select(
        [
            no_plan & looked,
            no_plan,
            no_need,
            ~rows["decided"] & ~remaining,
            rows["planned_mw"].isna(),
            ~rows["timing_known"] & ~remaining,
            late,
            rows["left_mw"].gt(0),
        ],
        ["not planned", NO_TABLE, "planned without modelled need", ANNOUNCED, NO_SIZE, "timing unknown", "late",
         "undersized"],
        "covered",
    )  # fmt: skip


def _light(rows: pd.DataFrame) -> pd.Series:
    light = rows["class"].map(LIGHTS)
    very_late = rows["class"].eq("late") & (rows["planned_year"] - rows["need_year"]).gt(VERY_LATE_YEARS)
    light = light.mask(very_late, "red")
    light = light.mask(rows["class"].eq("not planned") & rows["certainty"].eq("onzeker"), "orange")
    return light.mask(light.eq("green") & rows["match_confidence"].eq("low"), "orange")


def _confidence(rows: pd.DataFrame) -> pd.Series:
    """Say how sure the outcome is.

    Of a pair: of the match, one step lower if year or capacity of the plan is a guess. Without a plan: high
    where a whole plan was read, medium where it was a list of works, low where there was nothing to read.
    """
    rank = rows["match_confidence"].map(CONFIDENCE_RANK).fillna(3)
    guessed = rows["plan"].ge(0) & (
        ~rows["timing_known"] | rows["planned_mw"].isna() | rows["capacity_quality"].eq("assumed")
    )
    alone = pd.Series(np.select([rows["complete"], rows["looked_in"].ne("")], [3, 2], 1), index=rows.index)
    lowered = (rank - guessed.astype(int)).clip(lower=1).where(rows["plan"].ge(0), alone)
    return lowered.map({v: k for k, v in CONFIDENCE_RANK.items()})
