"""The stages that measure what projects do: per storyline, and joined into result tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand.yields import field_yields
from pmiek.decide.effects import (
    changes_of,
    chosen_pairs,
    effect_ranges,
    plan_delays,
    project_effects,
    project_pairs,
    project_unlocks,
    world_of,
)
from pmiek.decide.projects.costs import CostBook
from pmiek.decide.weighing import read_framework
from pmiek.ids import slug
from pmiek.network.state import admitted_projects
from pmiek.publish.operators import touched, write_public
from pmiek.results.registry import conform
from pmiek.workflow.lists import no_rows, read_result
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import by_weather_year, join_folders, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.decide.effects import Change, World

# Each project that changes the flows asks screenings of its own; a project at one asset asks little.
FLOW_PROJECTS = 12
PAIRS = 6
JOINED = ("project_effects", "project_pairs", "project_unlocks", "plan_delays")


@stage
def make_effects(
    plan: Plan,
    storyline: str,
    *,
    profiles: Sequence[str],
    reference: str,
    tables_dir: str,
    out: str,
    log: str,
) -> None:
    """Measure in one storyline what projects do, what they unlock, and what a late plan costs."""
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    folder = plan.root / tables_dir
    listed = read_result(folder, "candidates")
    year = effect_year(plan, storyline)
    yields = field_yields(tables, scenario, pd.read_parquet(plan.root / reference))
    with record(plan.root / log, stage="effects", storyline=storyline, year=year) as entry:
        world = world_of(
            tables, scenario, storyline, shapes=by_weather_year(plan, profiles), yields=yields, year=year
        )
        admitted = admitted_projects(tables["projects/planned"], year)
        book = CostBook(tables, scenario.economics.discount_rate_per_year)
        changes = _chosen(changes_of(listed, tables, book, admitted))
        entry["projects"] = len(changes)
        effects, put_in = project_effects(world, changes, year)
        pairs = chosen_pairs(changes, put_in, read_result(folder, "project_dependencies"), PAIRS)
        unlocked = project_unlocks(
            world,
            year,
            put_in=put_in,
            shares=read_result(folder, "bottleneck_shares"),
            groups=_groups(plan, world),
            curtailment=read_result(folder, "curtailment"),
        )
        found = {
            "project_effects": effects,
            "project_pairs": project_pairs(world, pairs, year, put_in),
            "project_unlocks": unlocked,
            "plan_delays": _delays(plan, world, [c for c in changes if c.admitted]),
        }
        write_tables(found, plan.root / out)


@stage
def make_effect_tables(plan: Plan, *, effects: Sequence[str], out: str) -> None:
    """Join the storylines into result tables; without the pass they have no rows."""
    parts = join_folders([plan.root / folder for folder in effects])
    tables = {name: parts.get(name, no_rows(name)) for name in JOINED}
    tables["project_effect_ranges"] = effect_ranges(tables["project_effects"])
    write_public(
        {name: conform(name, frame) for name, frame in tables.items()},
        plan.root / out,
        touched(plan.tables()),
    )


def effect_year(plan: Plan, storyline: str) -> int:
    """Return the year of demand in which effects are measured: the first pathway year that is screened."""
    years = plan.scenario(storyline).years
    screened = plan.screening_years(storyline)
    return next((y for y in years.pathway if y in screened), max(screened))


def _chosen(changes: list[Change]) -> list[Change]:
    """Keep what is cheap to measure, and of the rest the best ranked."""
    heavy = [c for c in changes if c.changes_flows][:FLOW_PROJECTS]
    return [c for c in changes if not c.changes_flows or c in heavy]


def _groups(plan: Plan, world: World) -> dict[str, str]:
    framework = read_framework(plan.root / "inputs" / "weighing" / "framework.yaml")
    sectors = world.tables["profiles/sectors"]["sector"].astype(str).unique()
    return {sector: framework.group_of(sector) for sector in sectors}


def _delays(plan: Plan, world: World, decided: list[Change]) -> pd.DataFrame:
    planned = world.tables["projects/planned"].dropna(subset="planned_year_latest")
    latest = planned.groupby("project_id")["planned_year_latest"].max()
    in_service = {slug(str(name)): int(year) for name, year in latest.items()}
    last = max(plan.screening_years(world.storyline))
    return plan_delays(world, decided, in_service, (world.scenario.years.reference, last))
