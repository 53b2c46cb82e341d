"""When a plan is in service: the last statement of each operator, and never before the links it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pmiek.errors import Problem

PLANNED: Final = "projects/planned"
STATEMENTS: Final = "projects/plan_statements"
YEARS: Final = ["planned_year_earliest", "planned_year_latest"]
STATED: Final = ["year_earliest", "year_latest"]
OPERATOR_LINES: Final = 1_000_000_000
"""Line numbers from here on stand for a line of an operator's own file, see ``pmiek.inputs.operator``."""


def latest_statements(statements: pd.DataFrame) -> pd.DataFrame:
    """Return the most recent statement about each published work, per direction.

    A statement about both directions replaces earlier ones about one of them; one about a single direction
    leaves the earlier date of the other in force.

    Parameters
    ----------
    statements : DataFrame
        ``projects/plan_statements``.

    Returns
    -------
    DataFrame
        The rows of the last day on which the operator dated each work; same columns and row labels.
    """
    work = ["project_id", "operator", "published_name"]
    current = pd.Series(data=False, index=statements.index)
    for direction in ("take-off", "feed-in"):
        about = statements[statements["direction"].isin([direction, "both"])]
        newest = about.groupby(work)["stated_on"].transform("max")
        current |= (about["stated_on"] == newest).reindex(current.index, fill_value=False)
    return statements[current]


def stated_years(planned: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Years of each project as last stated, before the links it hangs on are looked at.

    The first of these that gives a year: what the row in ``projects/planned`` states itself, the latest
    statements about the project (the first of their earliest and the last of their latest years: a project is
    in service when its last part is, in its last direction), those about its programme.

    Parameters
    ----------
    planned : DataFrame
        ``projects/planned``; several rows per project are allowed.
    statements : DataFrame
        ``projects/plan_statements``.

    Returns
    -------
    DataFrame
        Index project_id; planned_year_earliest, planned_year_latest, dated_by (``row``, ``own``,
        ``programme`` or empty).
    """
    rows = planned.groupby("project_id")
    years = pd.DataFrame({YEARS[0]: rows[YEARS[0]].min(), YEARS[1]: rows[YEARS[1]].max()})
    dated = pd.Series("", index=years.index, dtype=object).mask(years[YEARS[1]].notna(), "row")
    latest = latest_statements(statements).groupby("project_id")
    stated = pd.DataFrame({YEARS[0]: latest[STATED[0]].min(), YEARS[1]: latest[STATED[1]].max()})
    programme = rows["programme_id"].first()
    for name, source_years in (
        ("own", stated.reindex(years.index)),
        ("programme", stated.reindex(programme).set_axis(years.index)),
    ):
        new = years[YEARS[1]].isna() & source_years[YEARS[1]].notna()
        years, dated = years.mask(new, source_years, axis=0), dated.mask(new, name)
    return years.assign(dated_by=dated)


def service_years(planned: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Years in which each project can be in service.

    A project waits for what it hangs on, and for what that hangs on in turn: a station without the cable
    that feeds it serves nobody. Projects that hang on each other come together. A link without a year does
    not hold a project up: the year is then that of the rest.

    Parameters
    ----------
    planned : DataFrame
        ``projects/planned``; reads project_id, programme_id, hangs_on and the years.
    statements : DataFrame
        ``projects/plan_statements``.

    Returns
    -------
    DataFrame
        Index project_id; planned_year_earliest, planned_year_latest (in service), stated_year_earliest,
        stated_year_latest (as stated about the project itself or its programme), dated_by, held_by (the
        project that it waits for, empty if none).
    """
    stated = stated_years(planned, statements)
    needs: dict[str, set[str]] = {}
    for project, cell in zip(planned["project_id"], planned["hangs_on"], strict=True):
        names = set() if pd.isna(cell) else {part.strip() for part in str(cell).split(";")}
        needs.setdefault(str(project), set()).update(names)
    out = stated.rename(columns={name: name.replace("planned", "stated") for name in YEARS})
    first, last = ({str(p): float(v) for p, v in stated[name].items()} for name in YEARS)
    rows = {p: _held(str(p), needs, first, last) for p in stated.index}
    columns = [*YEARS, "held_by"]
    return out.join(pd.DataFrame.from_dict(rows, orient="index", columns=columns))


def _held(
    project: str, needs: Mapping[str, set[str]], first: dict[str, float], last: dict[str, float]
) -> tuple[float, float, str]:
    reached: set[str] = set()
    ahead = {project}
    while ahead:
        reached |= ahead
        ahead = {other for name in ahead for other in needs.get(name, ())} - reached
    dated = sorted(other for other in reached if pd.notna(last.get(other)))
    own = last[project]
    if not dated or pd.isna(own):  # a project without a year stays without one, whatever its links say
        return first[project], own, ""
    latest = max(last[other] for other in dated)
    earliest = max(first[other] if pd.notna(first[other]) else last[other] for other in dated)
    holder = next((other for other in dated if last[other] == latest), "") if latest > own else ""
    return earliest, latest, holder


def with_service_years(frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Give ``projects/planned`` the years in which its projects can be in service.

    Parameters
    ----------
    frames : dict of str to DataFrame
        Typed tables; ``projects/planned`` is replaced where ``projects/plan_statements`` is there too.

    Returns
    -------
    list of Problem
        Rows whose years stand in both tables: two places for one figure.
    """
    planned, statements = frames.get(PLANNED), frames.get(STATEMENTS)
    needed = {"project_id", "programme_id", "hangs_on", *YEARS}
    asked = {"project_id", "operator", "published_name", "stated_on", *STATED}
    if planned is None or statements is None or not needed <= set(planned) or not asked <= set(statements):
        return []
    own = planned[YEARS].notna().any(axis=1) & planned["project_id"].isin(statements["project_id"])
    twice = planned.index[own & (planned.index < OPERATOR_LINES)]
    years = service_years(planned, statements)
    listed = planned["project_id"].map
    single = ~planned["project_id"].duplicated(keep=False)
    new = {name: listed(years[name]).astype(float) for name in YEARS}
    # phases of one project keep the years of their own row: they are not in service together
    keep = planned[YEARS[1]].notna() & ~single
    frames[PLANNED] = planned.assign(
        **{name: planned[name].where(keep, column) for name, column in new.items()},
        timing_known=planned["timing_known"].where(
            ~planned["project_id"].isin(years.index[years["dated_by"].isin(["own", "programme"])]), other=True
        ),
    )
    return [
        Problem(
            f"inputs/{PLANNED}.csv",
            int(row),
            ", ".join(YEARS),
            f"{planned.loc[row, 'project_id']} with a year",
            f"no year, because inputs/{STATEMENTS}.csv dates this project",
            "Empty the cells; write a newer date as a new row there, with the day of the statement.",
        )
        for row in twice
    ]
