"""The stage that checks the binding hours of a storyline's screening with an AC power flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand import connections
from pmiek.network import grid_state, sensitivities
from pmiek.security.acflow import Study, ac_check, binding_rows, electrical_of
from pmiek.security.acflow.tables import NO_SOLUTION, SUPPORTED, joined
from pmiek.security.screening import hourly_net_load, prepare, settings_of
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence


@stage
def make_ac_check(
    plan: Plan, storyline: str, *, profiles: Sequence[str], screening: str, out: str, log: str
) -> None:
    """Check all binding hours of a storyline on both grid states; what does not converge is counted."""
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    rows = binding_rows(pd.read_parquet(plan.root / screening / "loading.parquet"))
    shapes = by_weather_year(plan, profiles)
    settings, electrical = settings_of(tables, scenario), electrical_of(tables)
    parts = []
    with record(plan.root / log, stage="ac_check", storyline=storyline) as entry:
        for year in plan.screening_years(storyline):
            for state in (FROZEN, NULALTERNATIEF):
                grid = grid_state(tables, scenario, state, year)
                ready = prepare(grid, sensitivities(grid), settings)
                who = connections(tables, scenario, storyline, year, grid)
                loads = {weather: hourly_net_load(ready, who, shape) for weather, shape in shapes.items()}
                here = rows[(rows["grid_state"] == state) & (rows["year"] == year)]
                parts.append(ac_check(Study(storyline, grid, ready, loads, electrical), here))
        result = joined(parts)
        entry["power_flows"] = len(result["ac_cases"])
        status = result["ac_cases"]["status"]
        entry["with_support"] = int((status == SUPPORTED).sum())
        entry["without_solution"] = int((status == NO_SOLUTION).sum())
        write_tables(result, plan.root / out)
