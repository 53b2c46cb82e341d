"""The stage that screens a storyline on today's grid and on the nulalternatief."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from model.demand import connections, energy_check
from model.inputs import Tables
from model.network import grid_state, sensitivities
from model.profiles import calendar_frame
from model.screening import RunKey, Screened, ScreeningResult, prepare, screen, screen_many, settings_of
from model.workflow.manifest import record
from model.workflow.market import curtailed_shares
from model.workflow.plan import Plan
from model.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from model.scenarios import Scenario


@dataclass(frozen=True)
class _Study:
    """Everything that the screenings of one storyline share."""

    tables: Tables
    scenario: Scenario
    years: tuple[int, ...]
    shapes: Mapping[int, pd.DataFrame]
    market: Mapping[int, pd.DataFrame]
    checks: list[pd.DataFrame] = field(default_factory=list)


@stage
def make_screening(
    plan: Plan, storyline: str, *, profiles: Sequence[str], national: Sequence[str], out: str, log: str
) -> None:
    """Screen all years and weather years of a storyline on both grid states."""
    study = _Study(
        plan.tables(),
        plan.scenario(storyline),
        plan.screening_years(storyline),
        by_weather_year(plan, profiles),
        by_weather_year(plan, national),
    )
    with record(plan.root / log, stage="screening", storyline=storyline):
        result = screen_many(_screenings(study))
        write_tables({**result.tables(), "energy_check": pd.concat(study.checks)}, plan.root / out)


def _screenings(study: _Study) -> Iterator[ScreeningResult]:
    settings = settings_of(study.tables, study.scenario)
    for year in study.years:
        for state in (FROZEN, NULALTERNATIEF):
            grid = grid_state(study.tables, study.scenario, state, year)
            ready = prepare(grid, sensitivities(grid), settings)
            who = connections(study.tables, study.scenario, study.scenario.storyline, year, grid)
            if state == FROZEN:
                check = energy_check(study.tables, study.scenario, study.scenario.storyline, year, grid)
                study.checks.append(check)
            yield from _all_weather(study, ready, who, state, year)


def _all_weather(
    study: _Study, ready: Screened, who: pd.DataFrame, state: str, year: int
) -> Iterator[ScreeningResult]:
    for weather_year, shapes in study.shapes.items():
        yield screen(
            ready,
            who,
            shapes,
            RunKey(state, study.scenario.storyline, NULALTERNATIEF, year, weather_year),
            calendar=calendar_frame(weather_year),
            curtailed_share=curtailed_shares(study.tables, study.market[weather_year], year),
        )
