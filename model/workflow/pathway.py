"""The stage that makes one run: a storyline with a variant, its plan, costs, balances and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.demand import connections
from model.demand.energy import municipal_energy
from model.files import write_text
from model.inputs import Tables, read_tables
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
    tables, scenario = read_tables(plan.root / "inputs"), plan.scenario(storyline, variant)
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
        entry.update(_solver_facts(result.solver))
        balance = energy_balance(_energy(tables, scenario, shapes, market))
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


def _solver_facts(solver: pd.DataFrame) -> dict[str, Any]:
    last = solver.iloc[-1]
    return {
        "status": str(last["condition"]),
        "objective_keur": round(float(last["objective"]), 3),
        "solves": len(solver),
        "solver_seconds": round(float(solver["highs_seconds"].sum()), 3),
        "rows": int(solver["rows"].max()),
        "columns": int(solver["columns"].max()),
    }


def _screened(
    tables: Tables, scenario: Scenario, planned: PlannedPathway, shapes: Mapping[int, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Give what remains with the plan; a variant that builds nothing is the nulalternatief of the screening."""
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
                ready, who, frame, key, calendar=calendar_frame(weather_year), extra_capacity_mw=extra
            )


def _energy(
    tables: Tables,
    scenario: Scenario,
    shapes: Mapping[int, pd.DataFrame],
    market: Mapping[int, pd.DataFrame],
) -> pd.DataFrame:
    """Yearly energy of every municipality and carrier in each weather year, with what the market curtails."""
    parts = []
    for year in scenario.years.pathway:
        grid = grid_state(tables, scenario, scenario.variant, year)
        rows = municipal_energy(tables, scenario, year, grid)
        for weather_year, frame in shapes.items():
            share = curtailed_shares(tables, market[weather_year], year)
            lost = {
                name: float((frame[name] * values).sum()) for name, values in share.items() if name in frame
            }
            used = rows.assign(year=year, weather_year=weather_year)
            used["energy_mwh"] = used["volume_mwh"] * used["profile"].map(frame.sum()).fillna(1.0)
            cut = used[(used["carrier"] == "electricity") & (used["category"] == "supply")].copy()
            cut["energy_mwh"] = cut["volume_mwh"] * cut["profile"].map(lost).fillna(0.0)
            parts += [used, cut[cut["energy_mwh"] > 0].assign(category="curtailed")]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(storyline=scenario.storyline, variant=scenario.variant)
