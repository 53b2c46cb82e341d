"""The stage that makes one run: a storyline with a variant, its plan, costs, balances and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.config import Scenario, leaves
from pmiek.connections.demand import connections
from pmiek.connections.demand.yields import field_yields
from pmiek.files import write_text
from pmiek.inputs import Tables
from pmiek.network import sensitivities
from pmiek.optimise.assembled import Electricity, assemble, sector_power, write_network
from pmiek.optimise.carriers import HourlyLoad
from pmiek.optimise.carriers.connect import with_load
from pmiek.optimise.solve.case import HOURS_PER_YEAR
from pmiek.optimise.solve.inputs import pathway_for, plan_grid
from pmiek.optimise.solve.places import Who, asset_places, who_hangs_where
from pmiek.results.variants import plan_carriers, variant_tables
from pmiek.results.variants.districts import plan_districts
from pmiek.results.variants.energy import EnergyRun, energy_tables
from pmiek.security.screening import RunKey, prepare, screen, screen_many, settings_of
from pmiek.timeseries import calendar_frame
from pmiek.workflow.manifest import record, text_hash
from pmiek.workflow.market import curtailed_shares, electricity_t_per_mwh
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pmiek.arrays import Floats
    from pmiek.optimise.solve.inputs import PlannedPathway
    from pmiek.security.screening import ScreeningResult


@stage
def make_run(
    plan: Plan,
    storyline: str,
    variant: str,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    reference: str,
    out: str,
    network: str,
    log: str,
) -> None:
    """Solve the pathway of a run and write its tables and its network, with the merged scenario beside them."""
    scenario = plan.scenario(storyline, variant)
    tables = variant_tables(tables_for(plan.tables(), storyline), scenario)
    shapes, market = by_weather_year(plan, profiles), by_weather_year(plan, national)
    merged = "".join(f"{key}: {value}\n" for key, value in sorted(leaves(scenario).items()))
    folder = plan.root / out
    facts: dict[str, Any] = {"stage": "run", "storyline": storyline, "variant": variant}

    def curtailed(year: int, weather_year: int) -> Mapping[str, Floats]:
        return curtailed_shares(tables, market[weather_year], year)

    with record(plan.root / log, **facts, scenario_sha256=text_hash(merged)) as entry:
        other = plan_carriers(tables, scenario, shapes, market)
        planned = pathway_for(tables, scenario, shapes, curtailed=curtailed, loads=other.electricity)
        result = planned.result
        entry.update(_solver_facts(result.solver, result.rounds))
        yields = field_yields(tables, scenario, pd.read_parquet(plan.root / reference))
        districts = plan_districts(tables, scenario, shapes, yields, planned.case.discount())
        energy = EnergyRun(tables, scenario, planned, other, shapes, curtailed, electricity_t_per_mwh(market))
        own = {**result.tables(), **_screened(tables, scenario, planned, shapes, other.electricity)}
        who = who_hangs_where(tables, scenario, planned.case, shapes, other.electricity)
        own["places"] = asset_places(planned.case, result.rounded, who)
        joined = other.with_plan(districts).joined(own)
        joined["places"] = joined["places"].assign(storyline=storyline, variant=variant)
        hung = _sectors(planned, who, curtailed)
        grids = tuple(
            plan_grid(tables, scenario, planned.case, result.rounded, y) for y in planned.case.years
        )
        run = Electricity(planned.case, result.days, result.operated, grids, hung)
        carriers = [carrier.parts for carrier in other.plans]
        write_network(assemble(run, carriers, joined["capacity"]), plan.root / network)
        write_tables({**joined, **energy_tables(energy)}, folder)
        write_text(merged, folder / "scenario.yaml")


def _sectors(
    planned: PlannedPathway, who: Who, curtailed: Callable[[int, int], Mapping[str, Floats]]
) -> tuple[dict[tuple[str, str], Floats], ...]:
    """Split load and generation on the representative days by sector, per period."""
    case, hours = planned.case, planned.result.days.hours().ravel()
    periods = []
    for period, year in enumerate(case.years):
        power: dict[tuple[str, str], Floats] = {}
        for position, weather_year in enumerate(case.weather_years):
            at = np.flatnonzero(hours // HOURS_PER_YEAR == position)
            if not len(at):
                continue
            hung = who(period, position)
            cut = curtailed(year, weather_year)
            split = sector_power(hung.rows, hung.profiles, hours[at] % HOURS_PER_YEAR, cut)
            for key, values in split.items():
                power.setdefault(key, np.zeros((2, len(hours))))[:, at] = values
        periods.append(power)
    return tuple(periods)


def _solver_facts(solver: pd.DataFrame, rounds: pd.DataFrame) -> dict[str, Any]:
    """Give what the solves took, and the objective of the plan: before and after rounding to whole units."""
    last = rounds.iloc[-1]
    return {
        "status": "; ".join(sorted(set(solver["condition"]))),
        "objective_keur": round(1e3 * float(last["continuous_cost_meur"]), 3),
        "whole_units_cost_keur": round(1e3 * float(last["rounded_cost_meur"]), 3),
        "solves": len(solver),
        "solver_seconds": round(float(solver["highs_seconds"].sum()), 3),
        "rows": int(solver["rows"].max()),
        "columns": int(solver["columns"].max()),
    }


def _screened(
    tables: Tables,
    scenario: Scenario,
    planned: PlannedPathway,
    shapes: Mapping[int, pd.DataFrame],
    loads: HourlyLoad,
) -> dict[str, pd.DataFrame]:
    """Give what remains with the plan; without build it is the nulalternatief of the screening."""
    if not planned.case.build.anything:
        return {}
    result = screen_many(_check(tables, scenario, planned, shapes, loads))
    return {"loading": result.loading, "shares": result.shares, "heatmap": result.heatmap}


def _check(
    tables: Tables,
    scenario: Scenario,
    planned: PlannedPathway,
    shapes: Mapping[int, pd.DataFrame],
    loads: HourlyLoad,
) -> Iterator[ScreeningResult]:
    """Screen the planned grid on all hours; the rows carry the variant as grid state."""
    settings = settings_of(tables, scenario)
    for year in scenario.years.pathway:
        grid = plan_grid(tables, scenario, planned.case, planned.result.rounded, year)
        ready = prepare(grid, sensitivities(grid), settings)
        who = connections(tables, scenario, scenario.storyline, year, grid)
        extra = planned.result.extra_capacity_mw(year)
        for weather_year, frame in shapes.items():
            key = RunKey(scenario.variant, scenario.storyline, scenario.variant, year, weather_year)
            hung, hours = with_load(who, frame, loads, (year, weather_year), grid.service_areas)
            yield screen(
                ready,
                hung,
                hours,
                key,
                calendar=calendar_frame(weather_year),
                extra_capacity_mw=extra,
                rare_faults=False,
            )
