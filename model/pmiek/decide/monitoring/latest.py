"""The latest status of every project, and whether it got better or worse."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import text

MONITORING_COLUMNS = [
    "project_id", "name", "type", "operator", "quarter", "phase", "light", "reason", "next_milestone",
    "milestone_date", "people_capacity", "author_role", "previous_light", "trend", "quarters_known",
    "quarters_in_light", "need_year", "planned_year",
]  # fmt: skip
LIGHTS = {"green": 0, "orange": 1, "red": 2}


def quarter_number(quarter: pd.Series) -> pd.Series:
    """Count quarters: ``2026-Q3`` is 2026 x 4 + 2."""
    parts = quarter.astype(str).str.extract(r"^(\d{4})-Q([1-4])$").astype(float)
    return parts[0] * 4 + parts[1] - 1


def ordered(status: pd.DataFrame) -> pd.DataFrame:
    """Return the statuses from old to new; of one quarter the worst light goes last, so that it counts."""
    rank = text(status["light"]).map(LIGHTS)
    return (
        status.assign(number=quarter_number(status["quarter"]), rank=rank)
        .sort_values(["project_id", "number", "rank"], kind="stable")
        .reset_index(drop=True)
    )


def monitoring(candidates: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Give the latest status of each project of the list, and of projects that left it but report still.

    Parameters
    ----------
    candidates : DataFrame
        Long list.
    status : DataFrame
        ``projects/status``: every quarter that was reported; nothing is ever overwritten.

    Returns
    -------
    DataFrame
        Columns ``MONITORING_COLUMNS``. A project without a status has empty cells: none is made up. Where two
        roles report on one quarter the worst light counts. ``trend``: better, same, worse or first;
        ``quarters_in_light`` is how many quarters in a row the light has been this one.
    """
    rows = ordered(status)
    last = rows.drop_duplicates("project_id", keep="last").set_index("project_id")
    per_quarter = rows.drop_duplicates(["project_id", "number"], keep="last")
    before = per_quarter.groupby("project_id")["light"].agg(lambda s: s.iloc[-2] if len(s) > 1 else "")
    about = candidates.set_index("project_id")
    index = pd.Index([*about.index, *[p for p in last.index if p not in about.index]], name="project_id")
    out = pd.DataFrame(index=index)
    for column in ("name", "type", "operator"):
        out[column] = text(about[column].reindex(index))
    shown = ["quarter", "phase", "light", "reason", "next_milestone", "milestone_date", "people_capacity",
             "author_role"]  # fmt: skip
    for column in shown:
        out[column] = text(last[column].reindex(index))
    out["previous_light"] = text(before.reindex(index))
    step = out["light"].map(LIGHTS) - out["previous_light"].map(LIGHTS)
    out["trend"] = step.map(lambda s: "better" if s < 0 else "worse" if s > 0 else "same" if s == 0 else "")
    out.loc[out["light"].ne("") & out["previous_light"].eq(""), "trend"] = "first"
    known = per_quarter.groupby("project_id")["number"].nunique()
    out["quarters_known"] = known.reindex(index).fillna(0).astype(int)
    out["quarters_in_light"] = _run(per_quarter).reindex(index).fillna(0).astype(int)
    out["need_year"] = about["need_year_earliest"].reindex(index).astype(float)
    out["planned_year"] = about["planned_year_latest"].reindex(index).astype(float)
    return out.reset_index()[MONITORING_COLUMNS]


def _run(per_quarter: pd.DataFrame) -> pd.Series:
    """Quarters in a row with the light of the last one."""

    def length(lights: pd.Series) -> int:
        other = lights[::-1].ne(lights.iloc[-1])
        return int(other.to_numpy().argmax()) if bool(other.any()) else len(lights)

    return per_quarter.groupby("project_id")["light"].agg(length).astype(float)
