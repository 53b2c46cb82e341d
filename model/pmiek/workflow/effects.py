"""The stages that measure what projects do: per storyline, and joined into result tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.connections.demand.yields import field_yields
from pmiek.decide.effects import (
    BESIDE,
    DELAY_COLUMNS,
    EFFECT_COLUMNS,
    UNLOCK_COLUMNS,
    changes_of,
    chosen_pairs,
    class_changes,
    class_delay,
    class_told,
    class_unlocked,
    effect_gaps,
    effect_ranges,
    judge,
    paired,
    plan_delays,
    project_effects,
    project_pairs,
    project_unlocks,
    unmeasured,
    world_of,
    yardsticks,
)
from pmiek.decide.effects.classes import GAS, HEAT, HYDROGEN, MEDIUM
from pmiek.decide.effects.delay import DELAYS
from pmiek.decide.effects.world import FROZEN, PLANNED
from pmiek.decide.projects.costs import CostBook
from pmiek.decide.weighing import read_framework
from pmiek.decide.weighing.packages import packages
from pmiek.ids import slug
from pmiek.network.state import admitted_projects
from pmiek.optimise.gas.screen import screen_gas
from pmiek.optimise.heat import screen_heat
from pmiek.optimise.hydrogen import screen_hydrogen
from pmiek.publish.operators import touched, write_public
from pmiek.results.registry import conform_all
from pmiek.security.mv_lv import mv_lv
from pmiek.workflow.lists import no_rows, read_result
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import by_weather_year, join_folders, read_folder, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmiek.decide.effects import Change, World
    from pmiek.decide.effects.classes import ClassChange, Gains
    from pmiek.decide.effects.unlock import Yardsticks

# Each project that changes the flows asks screenings of its own; a project at one asset asks little.
FLOW_PROJECTS = 40
PAIRS = 6
JOINED = ("project_effects", "project_pairs", "project_unlocks", "plan_delays", "project_effect_gaps")


@stage
def make_effects(
    plan: Plan,
    storyline: str,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    reference: str,
    long_list: str,
    tables_dir: str,
    out: str,
    log: str,
) -> None:
    """Measure in one storyline what projects do, what they unlock, and what a late project leaves undone.

    High voltage is screened with and without each project; the other classes are judged by their own models. Effects
    of high voltage are measured in the first storylines of the batch, all others and every delay in each.
    """
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    folder = plan.root / tables_dir
    parts = read_folder(plan.root / long_list)
    listed, needs = parts["candidates"], parts["dependencies"]
    year = effect_year(plan, storyline)
    shapes = by_weather_year(plan, profiles)
    yields = field_yields(tables, scenario, pd.read_parquet(plan.root / reference))
    results = {name: read_result(folder, name) for name in ("loading", "bottleneck_shares", "curtailment")}
    with record(plan.root / log, stage="effects", storyline=storyline, year=year) as entry:
        world = world_of(tables, scenario, storyline, shapes=shapes, yields=yields, year=year)
        admitted = admitted_projects(tables["projects/planned"], year)
        book = CostBook(tables, scenario.economics.discount_rate_per_year)
        every = changes_of(listed, tables, book, admitted)
        changes = _chosen(every)
        own, why = class_changes(listed, results["loading"])
        why |= unmeasured(listed, every)
        why |= {c.project_id: "too_many" for c in every if c not in changes}
        groups = _groups(plan, world, results["bottleneck_shares"])
        curtailed = results["curtailment"]
        scales = {s: yardsticks(world, groups, curtailed, year, s) for s in (FROZEN, PLANNED)}
        told = Told(year, results["bottleneck_shares"], groups, scales)
        starts, last = _in_service(world, listed), max(plan.screening_years(storyline))
        entry["projects"], entry["projects_of_other_models"] = len(changes), len(own)
        found = no_effects()
        if storyline in plan.full_effect_storylines:
            found = _high_voltage(world, changes, listed, needs, told)
        else:
            why |= {c.project_id: "first_storylines" for c in changes}
        horizon = (scenario.years.reference, last)
        found["plan_delays"] = plan_delays(world, changes, starts, horizon)
        runs = _models(plan, world, shapes, by_weather_year(plan, national))
        measured = _classes(world, own, runs=runs, loading=results["loading"], told=told, starts=starts)
        for name, rows in measured.items():
            found[name] = pd.concat([t for t in (found[name], rows) if len(t)] or [rows], ignore_index=True)
        found["project_effect_gaps"] = _gaps(listed, storyline, found, why=why, starts=starts, last=last)
        write_tables(found, plan.root / out)


def no_effects() -> dict[str, pd.DataFrame]:
    """Give the tables of effects without rows."""
    return {name: no_rows(name) for name in JOINED[:-1]}


@dataclass(frozen=True, eq=False)
class Told:
    """What turns MW above a limit into words, of one storyline and year."""

    year: int
    shares: pd.DataFrame
    groups: Mapping[str, str]
    scales: Mapping[str, Yardsticks]


def _high_voltage(
    world: World, changes: list[Change], listed: pd.DataFrame, needs: pd.DataFrame, told: Told
) -> dict[str, pd.DataFrame]:
    """Measure the projects of the flow model, their packages and their pairs."""
    year = told.year
    named = packages(listed, needs)
    together = {str(name): list(part.index) for name, part in named[named != ""].groupby(named)}
    effects, measured = project_effects(world, changes, year, together)
    pairs = chosen_pairs(changes, measured.put_in, needs, PAIRS)
    return no_effects() | {
        "project_effects": effects,
        "project_pairs": project_pairs(world, pairs, year, measured.put_in),
        "project_unlocks": project_unlocks(
            world, year, pairs=measured.pairs, shares=told.shares, groups=told.groups, scales=told.scales
        ),
    }


def _models(
    plan: Plan,
    world: World,
    shapes: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
) -> dict[str, Callable[[Gains], pd.DataFrame]]:
    """Give per class the model that judges it, as a function of MW on top."""
    tables, scenario = world.tables, world.scenario
    years = plan.screening_years(world.storyline)

    def most(gains: Gains) -> dict[str, float]:
        return {name: max(ways.values()) for name, ways in gains.items()}

    def medium(gains: Gains) -> pd.DataFrame:
        states, yields = (PLANNED,), world.yields
        return mv_lv(
            tables,
            scenario,
            shapes,
            years=years,
            yields=yields,
            grid_states=states,
            variant=PLANNED,
            extra_mw=gains,
        ).loading

    def heat(gains: Gains) -> pd.DataFrame:
        return screen_heat(tables, scenario, shapes, PLANNED, years, extra_mw=most(gains))["loading"]

    def gas(gains: Gains) -> pd.DataFrame:
        return screen_gas(tables, scenario, shapes, PLANNED, years, extra_mw=most(gains))["loading"]

    def hydrogen(gains: Gains) -> pd.DataFrame:
        found = screen_hydrogen(tables, scenario, shapes, prices, PLANNED, years, extra_mw=most(gains))
        return found["loading"]

    return {MEDIUM: medium, HEAT: heat, GAS: gas, HYDROGEN: hydrogen}


def _classes(
    world: World,
    changes: list[ClassChange],
    *,
    runs: Mapping[str, Callable[[Gains], pd.DataFrame]],
    loading: pd.DataFrame,
    told: Told,
    starts: Mapping[str, int],
) -> dict[str, pd.DataFrame]:
    """Measure the projects that other models judge: effect, room and delay."""
    here = loading[loading["grid_state"].eq(PLANNED) & loading["storyline"].eq(world.storyline)]
    shares = told.shares
    shares = shares[
        shares["grid_state"].eq(PLANNED)
        & shares["storyline"].eq(world.storyline)
        & shares["year"].eq(told.year)
    ]
    effects, unlocks, delays = [], [], []
    judged = judge(changes, runs)
    for change in changes:
        about = {"project_id": change.project_id, "storyline": world.storyline}
        both = {int(y): paired(change, here, judged[change.project_id], y) for y in sorted(set(here["year"]))}
        both = {y: rows for y, rows in both.items() if len(rows)}
        by_year = {y: class_told(rows, world.settings.loading_threshold_pct) for y, rows in both.items()}
        if told.year in both:
            more = {"mode": BESIDE, "year": told.year, "method": change.model}
            effects.append({**about, **more, **by_year[told.year]})
            room = class_unlocked(both[told.year], shares, told.groups, told.scales[PLANNED])
            unlocks.append({**about, "year": told.year, **room})
        if change.project_id not in starts:
            continue
        start = starts[change.project_id]
        for late in DELAYS:
            lost = class_delay(by_year, start, late)
            if lost is not None:
                span = {"delay_years": late, "first_year": start, "last_year": start + late - 1}
                delays.append(
                    {**about, **span, **lost, "worst_asset_id": "", "worst_loading_pct": float("nan")}
                )
    return {
        "project_effects": pd.DataFrame(effects, columns=EFFECT_COLUMNS),
        "project_unlocks": pd.DataFrame(unlocks, columns=UNLOCK_COLUMNS),
        "plan_delays": pd.DataFrame(delays, columns=DELAY_COLUMNS),
    }


def _gaps(
    listed: pd.DataFrame,
    storyline: str,
    found: Mapping[str, pd.DataFrame],
    *,
    why: Mapping[str, str],
    starts: Mapping[str, int],
    last: int,
) -> pd.DataFrame:
    """Name what was not measured in this storyline, with the reason."""
    measured = {
        "effect": set(found["project_effects"]["project_id"]),
        "delay": set(found["plan_delays"]["project_id"]),
    }
    late = {}
    for project in listed["project_id"]:
        if project in why and why[project] != "first_storylines":
            late[project] = why[project]
        elif project not in starts:
            late[project] = "no_start"
        elif starts[project] > last:
            late[project] = "after_horizon"
        else:
            late[project] = why.get(project, "no_grid")
    return effect_gaps(listed, storyline, measured, {"effect": why, "delay": late})


@stage
def make_effect_tables(plan: Plan, *, effects: Sequence[str], long_list: str, out: str) -> None:
    """Join the storylines into result tables; without the pass they have no rows.

    They are written before the projects are weighed, so the long list says which projects stand on an operator's
    own figures.
    """
    parts = join_folders([plan.root / folder for folder in effects])
    tables = {name: parts.get(name, no_rows(name)) for name in JOINED}
    tables["project_effect_ranges"] = effect_ranges(tables["project_effects"])
    listed = read_folder(plan.root / long_list)["candidates"]
    write_public(conform_all("effect_tables", tables), plan.root / out, touched(plan.tables()), listed)


def effect_year(plan: Plan, storyline: str) -> int:
    """Return the year of demand in which effects are measured: the first pathway year that is screened."""
    years = plan.scenario(storyline).years
    screened = plan.screening_years(storyline)
    return next((y for y in years.pathway if y in screened), max(screened))


def _chosen(changes: list[Change]) -> list[Change]:
    """Keep what is cheap to measure, and of the rest the best ranked."""
    heavy = [c for c in changes if c.changes_flows][:FLOW_PROJECTS]
    return [c for c in changes if not c.changes_flows or c in heavy]


def _groups(plan: Plan, world: World, shares: pd.DataFrame) -> dict[str, str]:
    framework = read_framework(plan.root / "inputs" / "weighing" / "framework.yaml")
    sectors = {*world.tables["profiles/sectors"]["sector"].astype(str), *shares["sector"].astype(str)}
    return {sector: framework.group_of(sector) for sector in sorted(sectors)}


def _in_service(world: World, listed: pd.DataFrame) -> dict[str, int]:
    """Give the year in which each project should be in service, where one follows from the data.

    A plan in the latest year that was stated; other work in the first year of need, or as soon after as it can be.
    """
    planned = world.tables["projects/planned"].dropna(subset="planned_year_latest")
    latest = planned.groupby("project_id")["planned_year_latest"].max()
    starts = {slug(str(name)): int(year) for name, year in latest.items()}
    reference = world.scenario.years.reference
    needed = listed[listed["need_year_earliest"].notna()]
    soonest = reference + np.ceil(needed["lead_time_years"].astype(float).fillna(0.0))
    first = np.maximum(needed["need_year_earliest"].astype(float), soonest)
    own = {str(p): int(y) for p, y in zip(needed["project_id"], first, strict=True)}
    return own | starts
