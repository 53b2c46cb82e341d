"""The stage that makes one run: a storyline with a variant, its plan, costs, balances and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.demand import connections
from model.demand.energy import municipal_energy, spread_over_municipalities
from model.files import write_text
from model.inputs import Tables
from model.network import grid_state, sensitivities
from model.profiles import calendar_frame
from model.results.balances import emissions, energy_balance
from model.scenarios import Scenario, leaves
from model.screening import RunKey, prepare, screen, screen_many, settings_of
from model.solve.inputs import pathway_for, plan_grid
from model.workflow.manifest import record, text_hash
from model.workflow.market import curtailed_shares
from model.workflow.plan import Plan
from model.workflow.support import by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from model.network import GridState
    from model.screening import ScreeningResult
    from model.solve.inputs import PlannedPathway


@stage
def make_run(
    plan: Plan,
    storyline: str,
    variant: str,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    out: str,
    log: str,
) -> None:
    """Solve the pathway of a run and write its tables, with the merged scenario beside them."""
    tables, scenario = plan.tables(), plan.scenario(storyline, variant)
    shapes, market = by_weather_year(plan, profiles), by_weather_year(plan, national)
    merged = "".join(f"{key}: {value}\n" for key, value in sorted(leaves(scenario).items()))
    folder = plan.root / out
    facts: dict[str, Any] = {"stage": "run", "storyline": storyline, "variant": variant}
    with record(plan.root / log, **facts, scenario_sha256=text_hash(merged)) as entry:
        planned = pathway_for(
            tables,
            scenario,
            shapes,
            curtailed=lambda year, weather: curtailed_shares(tables, market[weather], year),
        )
        result = planned.result
        entry.update(_solver_facts(result.solver, result.rounds))
        balance = energy_balance(_energy(tables, scenario, planned, shapes, market))
        write_tables(
            {
                **result.tables(),
                **_screened(tables, scenario, planned, shapes),
                "energy_balance": balance,
                "emissions": emissions(balance, tables["costs/carriers"], None),
            },
            folder,
        )
        write_text(merged, folder / "scenario.yaml")


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
    tables: Tables, scenario: Scenario, planned: PlannedPathway, shapes: Mapping[int, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Give what remains with the plan; without build it is the nulalternatief of the screening."""
    if not planned.case.build.anything:
        return {}
    result = screen_many(_check(tables, scenario, planned, shapes))
    return {"loading": result.loading, "shares": result.shares, "heatmap": result.heatmap}


def _check(
    tables: Tables, scenario: Scenario, planned: PlannedPathway, shapes: Mapping[int, pd.DataFrame]
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
            yield screen(
                ready,
                who,
                frame,
                key,
                calendar=calendar_frame(weather_year),
                extra_capacity_mw=extra,
                rare_faults=False,
            )


def _energy(
    tables: Tables,
    scenario: Scenario,
    planned: PlannedPathway,
    shapes: Mapping[int, pd.DataFrame],
    market: Mapping[int, pd.DataFrame],
) -> pd.DataFrame:
    """Give the yearly energy per municipality and carrier, with what is curtailed or left unserved."""
    parts = []
    for year in scenario.years.pathway:
        grid = grid_state(tables, scenario, scenario.variant, year)
        rows = municipal_energy(tables, scenario, year, grid)
        refused = _refused(tables, scenario, planned, grid, set(rows["gm_code"]))
        for weather_year, frame in shapes.items():
            share = curtailed_shares(tables, market[weather_year], year)
            lost = pd.Series(
                {name: float((frame[name] * cut).sum()) for name, cut in share.items() if name in frame}
            )
            used = rows.assign(energy_mwh=rows["volume_mwh"] * rows["profile"].map(frame.sum()).fillna(1.0))
            makes = rows[(rows["carrier"] == "electricity") & (rows["category"] == "supply")]
            cut = makes.assign(
                energy_mwh=makes["volume_mwh"] * makes["profile"].map(lost).fillna(0.0), category="curtailed"
            )
            both = pd.concat([used, cut[cut["energy_mwh"] > 0], refused])
            parts.append(both.assign(year=year, weather_year=weather_year))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(storyline=scenario.storyline, variant=scenario.variant)


def _refused(
    tables: Tables, scenario: Scenario, planned: PlannedPathway, grid: GridState, municipalities: set[str]
) -> pd.DataFrame:
    """Give what the grid curtails and what demand does not fit in a year, per municipality and sector."""
    dispatch = planned.result.dispatch_summary
    dispatch = dispatch[dispatch["year"] == grid.year]
    station = dispatch["station_id"].map(planned.case.stations["station_id"])
    amounts = dispatch["all_hours_mwh"].groupby([dispatch["measure"], station]).sum()
    who = connections(tables, scenario, scenario.storyline, grid.year, grid)
    parts = []
    for measures, kind, category in (
        (("unserved",), "demand", "unserved"),
        (("curtailed", "refused"), "supply", "curtailed"),
    ):
        chosen = amounts[amounts.index.get_level_values(0).isin(measures)].groupby(level=1).sum()
        spread = spread_over_municipalities(chosen, who, kind)
        parts.append(spread.assign(category=category, carrier="electricity"))
    table = pd.concat(parts, ignore_index=True)
    return table[table["gm_code"].isin(municipalities)]
