"""The stage that screens heat, methane and hydrogen of a storyline, and compares the base year's heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.optimise.gas.screen import screen_gas
from pmiek.optimise.heat import heat_check, heat_demand_table, screen_heat
from pmiek.optimise.hydrogen import screen_hydrogen
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("loading", "shares")


@stage
def make_carriers(
    plan: Plan, storyline: str, *, profiles: Sequence[str], national: Sequence[str], out: str, log: str
) -> None:
    """Screen the networks of the other carriers in all screened years of a storyline, on both grid states."""
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    shapes, prices = by_weather_year(plan, profiles), by_weather_year(plan, national)
    years = plan.screening_years(storyline)
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in NAMES}
    with record(plan.root / log, stage="carriers", storyline=storyline):
        for state in (FROZEN, NULALTERNATIEF):
            for found in (
                screen_heat(tables, scenario, shapes, state, years),
                screen_gas(tables, scenario, shapes, state, years),
                screen_hydrogen(tables, scenario, shapes, prices, state, years),
            ):
                for name in NAMES:
                    parts[name].append(found[name])
        screened = {
            name: pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True)
            for name, rows in parts.items()
        }
        screened["heat_check"] = heat_check(tables, scenario)
        screened["heat_demand"] = heat_demand_table(tables, scenario)
        write_tables(screened, plan.root / out)
