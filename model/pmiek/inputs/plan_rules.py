"""Rules of the plan tables: what counts as decided, what a plan hangs on, and how dates are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.plan_years import OPERATOR_LINES, PLANNED, STATEMENTS, latest_statements
from pmiek.inputs.registry import TABLES
from pmiek.inputs.themes.projects import INVESTMENT_PLAN

Frames = Mapping[str, pd.DataFrame]
Needs = dict[str, tuple[str, ...]]
NEEDS_EVIDENCE: Final = (
    "done", "under_construction", "irrevocable_zoning", "in_investment_plan", "investment_decision",
)  # fmt: skip


def _problem(name: str, row: object, column: str, value: str, words: tuple[str, str]) -> Problem:
    return Problem(TABLES[name].file, int(str(row)), column, value, *words)


def decision_evidence(frames: Frames) -> list[Problem]:
    """Check that a decided plan says what decided it: the investment plan, or a source.

    A row of the investment plan has its identifier there, or a statement whose basis is the investment plan
    (its own or its programme's). Every other decision cites a source. The owner's own file is evidence. What
    an operator publishes as its latest insight decides nothing.
    """
    planned, statements = frames[PLANNED], latest_statements(frames[STATEMENTS])
    in_plan = set(statements.loc[statements["basis"] == INVESTMENT_PLAN, "project_id"])
    listed = planned["project_id"].isin(in_plan) | planned["programme_id"].isin(in_plan)
    listed |= planned["investment_plan_id"].notna()
    cited = planned["decision_source"].notna() | (planned.index >= OPERATOR_LINES)
    bare = planned[planned["decision_status"].isin(NEEDS_EVIDENCE) & ~listed & ~cited]
    words = (
        f"a statement with basis '{INVESTMENT_PLAN}', or a decision_source",
        "Cite the decision, or set decision_status to announced: a latest insight decides nothing.",
    )
    return [
        _problem(PLANNED, row, "decision_status", f"{status} for {project}", words)
        for row, status, project in zip(bare.index, bare["decision_status"], bare["project_id"], strict=True)
    ]


def named_links(frames: Frames) -> list[Problem]:
    """Check that a project names the stations of other projects at which its circuits end.

    Otherwise it could be in service while an end of its cable is not there.
    """
    planned, stations, buses = frames[PLANNED], frames["grid/stations"], frames["grid/buses"]
    brought = stations.dropna(subset=["project_id"]).set_index("station_id")["project_id"]
    of_bus = buses.drop_duplicates("bus_id").set_index("bus_id")["station_id"].map(brought.to_dict())
    hangs = planned.dropna(subset=["hangs_on"]).groupby("project_id")["hangs_on"].agg(";".join)
    problems = []
    for name in ("grid/circuits", "grid/transformers"):
        rows = frames[name][frames[name]["status"] == "planned"]
        for end in ("bus0", "bus1"):
            other = rows[end].map(of_bus.to_dict())
            named = rows["project_id"].map(hangs.to_dict())
            for row, own, needed, cell in zip(rows.index, rows["project_id"], other, named, strict=True):
                known = {str(own), *(part.strip() for part in str(cell).split(";"))}
                if isinstance(needed, str) and isinstance(own, str) and needed not in known:
                    words = (
                        f"a project that hangs on {needed}, which brings the station at {end}",
                        f"Add {needed} to hangs_on of {own} in inputs/{PLANNED}.csv.",
                    )
                    problems.append(_problem(name, row, "project_id", str(own), words))
    return problems


def programmes(frames: Frames) -> list[Problem]:
    """Check that a programme is a programme, and that no plan hangs on itself."""
    planned = frames[PLANNED]
    kinds = planned.groupby("project_id")["kind"].first().to_dict()
    problems = []
    for row, project, programme, cell in zip(
        planned.index, planned["project_id"], planned["programme_id"], planned["hangs_on"], strict=True
    ):
        if pd.notna(programme) and kinds.get(programme, "programme") != "programme":
            words = "a project of kind programme", "Correct the id, or the kind of that project."
            problems.append(_problem(PLANNED, row, "programme_id", str(programme), words))
        if pd.notna(cell) and project in {part.strip() for part in str(cell).split(";")}:
            words = "other projects than itself", "Take it out."
            problems.append(_problem(PLANNED, row, "hangs_on", str(cell), words))
    return problems


_PLANNED: Final = ("project_id", "programme_id", "hangs_on", "decision_status", "decision_source", "kind")
_STATED: Final = ("project_id", "operator", "published_name", "direction", "stated_on", "basis")
PLAN_RULES: tuple[tuple[Callable[[Frames], list[Problem]], Needs], ...] = (
    (decision_evidence, {PLANNED: (*_PLANNED, "investment_plan_id"), STATEMENTS: _STATED}),
    (programmes, {PLANNED: _PLANNED}),
    (
        named_links,
        {
            PLANNED: _PLANNED,
            "grid/stations": ("station_id", "project_id"),
            "grid/buses": ("bus_id", "station_id"),
            "grid/circuits": ("status", "project_id", "bus0", "bus1"),
            "grid/transformers": ("status", "project_id", "bus0", "bus1"),
        },
    ),
)
