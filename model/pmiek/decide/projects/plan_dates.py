"""The ledger of plan dates: first stated, now stated, by whom, and when the plan can be in service."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.tables import TablesLike, optional, text
from pmiek.inputs.plan_years import PLANNED, STATEMENTS, YEARS, latest_statements, service_years

COLUMNS = [
    "project_id", "name", "operator", "decision_status", "basis", "statements", "first_stated_on",
    "first_stated_year", "last_stated_on", "stated_take_off_year", "stated_feed_in_year", "slip_years",
    "dated_by", "held_by", "in_service_year", "stated_in",
]  # fmt: skip
SAID = [
    "project_id", "published_name", "operator", "direction", "year_earliest", "year_latest", "basis",
    "stated_on", "source",
]  # fmt: skip
PLAN = ["project_id", "name", "operator", "decision_status", "programme_id", "hangs_on", *YEARS]


def plan_dates(tables: TablesLike) -> pd.DataFrame:
    """Return what was said about the year of each plan, and how far it slipped.

    A slip is the last stated year less the first stated one, both about the project itself, or about its
    programme where it has no date of its own. The year in service is the later of what is stated now and of
    the links that the plan hangs on.

    Parameters
    ----------
    tables : TablesLike
        ``projects/planned`` with its years in service, ``projects/plan_statements``.

    Returns
    -------
    DataFrame
        One row per planned project that somebody dated, sorted by slip; columns ``COLUMNS``. ``dated_by`` is
        own or programme; ``held_by`` the project that it waits for; ``stated_in`` the sources, first to last.
    """
    planned = optional(tables, PLANNED, PLAN).drop_duplicates("project_id")
    said = optional(tables, STATEMENTS, SAID)
    if planned.empty or said.empty:
        return pd.DataFrame(columns=COLUMNS)
    said = said.assign(year_latest=pd.to_numeric(said["year_latest"])).sort_values("stated_on", kind="stable")
    own = set(said["project_id"])
    programme = text(planned["programme_id"])
    about = planned["project_id"].where(planned["project_id"].isin(own), programme)
    dated = about.isin(own)
    # the years of the table are those in service; without them the statements speak for themselves
    bare = planned.assign(**{name: planned[name].astype(float).mask(dated) for name in YEARS})
    years = service_years(bare, said)
    rows = planned[dated].assign(about=about[dated]).merge(_stated(said), left_on="about", right_index=True)
    facts = years.reindex(rows["project_id"])
    out = rows.assign(
        dated_by=np.where(rows["about"] == rows["project_id"], "own", "programme"),
        held_by=text(facts["held_by"]).to_numpy(),
        in_service_year=facts[YEARS[1]].to_numpy(),
        slip_years=rows["stated_year"] - rows["first_stated_year"],
    )
    return out.sort_values(["slip_years", "project_id"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _stated(said: pd.DataFrame) -> pd.DataFrame:
    """First and last statement per project; statements of one day about several works count together."""
    grouped = said.groupby("project_id")
    first = grouped["stated_on"].min()
    at_first = said[said["stated_on"] == said["project_id"].map(first)].groupby("project_id")
    latest = latest_statements(said)
    per = {
        column: latest[latest["direction"].isin([direction, "both"])]
        .groupby("project_id")["year_latest"]
        .max()
        for column, direction in (("stated_take_off_year", "take-off"), ("stated_feed_in_year", "feed-in"))
    }
    return pd.DataFrame(
        {
            "statements": grouped.size(),
            "first_stated_on": first,
            "first_stated_year": at_first["year_latest"].max(),
            "last_stated_on": grouped["stated_on"].max(),
            **per,
            "stated_year": latest.groupby("project_id")["year_latest"].max(),
            "basis": grouped["basis"].last(),
            "stated_in": grouped["source"].agg(lambda s: ";".join(dict.fromkeys(s))),
        }
    )
