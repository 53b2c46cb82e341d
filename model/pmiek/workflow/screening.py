"""The stages that screen a storyline: all weather years on two grid states, and the switching states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand import connections, energy_check
from pmiek.connections.demand.yields import field_yields
from pmiek.connections.supply import park_shift
from pmiek.network import grid_state, sensitivities
from pmiek.network.pockets import switched_points
from pmiek.optimise.national import market_years
from pmiek.security.screening import (
    RunKey,
    Screened,
    ScreeningResult,
    market_loading,
    prepare,
    screen,
    screen_many,
    settings_of,
    weather_loading,
    with_dispatch,
    worst_rows,
)
from pmiek.security.screening.states import state_table
from pmiek.timeseries import calendar_frame
from pmiek.workflow.manifest import record
from pmiek.workflow.market import curtailed_shares
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, stage, write_tables, year_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState
    from pmiek.security.screening import Settings


@dataclass(frozen=True)
class _Study:
    """Everything that the screenings of one storyline share."""

    tables: Tables
    scenario: Scenario
    settings: Settings
    shapes: Mapping[int, pd.DataFrame]
    market: Mapping[int, Path]
    yields: Mapping[str, float]
    design_years: tuple[int, ...]
    checks: list[pd.DataFrame] = field(default_factory=list)
    parks: list[pd.DataFrame] = field(default_factory=list)
    weather: list[pd.DataFrame] = field(default_factory=list)
    following: list[pd.DataFrame] = field(default_factory=list)
    grids: dict[str, tuple[GridState, Screened]] = field(default_factory=dict)


@stage
def make_screening(
    plan: Plan,
    storyline: str,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    reference: str,
    out: str,
    log: str,
) -> None:
    """Screen all years and weather years of a storyline on both grid states.

    The design years give all tables; the others only their peaks, so that memory does not grow with the
    weather years. National prices are read one weather year at a time.
    """
    market = {year_of(path): plan.root / path for path in national}
    study = _study(plan, storyline, by_weather_year(plan, profiles), market, plan.root / reference)
    with record(plan.root / log, stage="screening", storyline=storyline) as entry:
        result = screen_many(_screenings(study, plan.screening_years(storyline)))
        weather = pd.concat(study.weather, ignore_index=True)
        runs = weather[["grid_state", "year", "weather_year"]].drop_duplicates()
        entry["screenings"] = len(runs)
        tables = {**result.tables(), "energy_check": pd.concat(study.checks), "weather_loading": weather}
        tables["park_shift"] = pd.concat(study.parks, ignore_index=True)
        tables["market_loading"] = pd.concat(study.following, ignore_index=True)
        tables["market_years"] = pd.concat(
            [market_years(pd.read_parquet(path), storyline, year) for year, path in market.items()]
        )
        write_tables(tables, plan.root / out)


@stage
def make_switching(
    plan: Plan, storyline: str, *, profiles: Sequence[str], reference: str, out: str, log: str
) -> None:
    """Compare the candidate switching states, and single points opened or closed, on two years.

    The years are the base year and the first year that may be planned for.
    """
    study = _study(plan, storyline, by_weather_year(plan, profiles), {}, plan.root / reference)
    normal = study.scenario.grid.switching_state
    years = study.scenario.years
    first = years.pathway[0] if years.pathway else years.screening[-1]
    parts = []
    with record(plan.root / log, stage="switching", storyline=storyline):
        named = (
            (str(n), study.tables) for n in sorted(study.tables["grid/switching_states"]["state"].unique())
        )
        for name, tables in (*named, *switched_points(study.tables, normal)):
            grid_settings = study.scenario.grid.model_copy(update={"switching_state": name})
            switched = _Study(
                tables,
                study.scenario.model_copy(update={"grid": grid_settings}),
                study.settings,
                study.shapes,
                {},
                study.yields,
                (),
            )
            for year in (y for y in plan.screening_years(storyline) if y in {years.base, first}):
                # a point is tried where a corridor would be a candidate: with the decided projects in place
                for state in (FROZEN, NULALTERNATIEF) if tables is study.tables else (NULALTERNATIEF,):
                    ready, who = _prepared(switched, state, year)
                    parts += [
                        state_table(ready, who, shapes, _key(switched, state, year, weather_year))
                        for weather_year, shapes in study.shapes.items()
                    ]
                    for part in parts[-len(study.shapes) :]:
                        part.insert(0, "state", name)
                        part.insert(1, "is_normal", name == normal)
        table = pd.concat(parts, ignore_index=True) if parts else state_columns()
        write_tables({"switching_states": table}, plan.root / out)


def state_columns() -> pd.DataFrame:
    """Give the table of switching states without rows, for a storyline without a year to compare."""
    from pmiek.results.registry import result_tables  # noqa: PLC0415 -- read only when it is needed

    return pd.DataFrame(columns=result_tables()["switching_states"].names)


def _study(
    plan: Plan,
    storyline: str,
    shapes: Mapping[int, pd.DataFrame],
    market: Mapping[int, Path],
    reference: Path,
) -> _Study:
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    settings = settings_of(tables, scenario)
    yields = field_yields(tables, scenario, pd.read_parquet(reference))
    return _Study(tables, scenario, settings, shapes, market, yields, plan.design_years)


def _screenings(study: _Study, years: Sequence[int]) -> Iterator[ScreeningResult]:
    for year in years:
        for state in (FROZEN, NULALTERNATIEF):
            ready, who = _prepared(study, state, year)
            if state == FROZEN:
                study.checks.append(_energy_check(study, year))
                study.parks.append(_park_shift(study, year))
            for weather_year, shapes in study.shapes.items():
                key = _key(study, state, year, weather_year)
                market = _market(study, key)
                curtailed = curtailed_shares(study.tables, market, year)
                hours = with_dispatch(shapes, market)  # what has firm rights follows the national price
                if state == NULALTERNATIEF:
                    study.following.append(
                        market_loading(ready, who, shapes, key, dispatch=market, curtailed_share=curtailed)
                    )
                if weather_year in study.design_years:
                    result = screen(
                        ready,
                        who,
                        hours,
                        key,
                        calendar=calendar_frame(weather_year),
                        curtailed_share=curtailed,
                        every_hour=state == NULALTERNATIEF,
                    )
                    study.weather.append(worst_rows(result.loading, key))
                    yield result
                else:
                    study.weather.append(weather_loading(ready, who, hours, key))


def _market(study: _Study, key: RunKey) -> pd.DataFrame:
    """Read the national prices and dispatch of one year and weather year."""
    path = study.market[key.weather_year]
    return pd.read_parquet(path, filters=[("year", "==", key.year)]).reset_index(drop=True)


def _prepared(study: _Study, state: str, year: int) -> tuple[Screened, pd.DataFrame]:
    """Prepare a grid state and who hangs on it; a grid that is the same as a year before is used again."""
    grid = grid_state(study.tables, study.scenario, state, year)
    known = study.grids.get(state)
    if known is None or not _same(known[0], grid):
        study.grids[state] = known = (grid, prepare(grid, sensitivities(grid), study.settings))
    storyline = study.scenario.storyline
    who = connections(study.tables, study.scenario, storyline, year, grid, yields=study.yields)
    return known[1], who


def _energy_check(study: _Study, year: int) -> pd.DataFrame:
    grid, storyline = study.grids[FROZEN][0], study.scenario.storyline
    return energy_check(study.tables, study.scenario, storyline, year, grid, yields=study.yields)


def _park_shift(study: _Study, year: int) -> pd.DataFrame:
    """Show what parks that stand add to the storyline of a year."""
    storyline = study.scenario.storyline
    return park_shift(study.tables, storyline, year, study.yields).assign(storyline=storyline, year=year)


def _same(one: GridState, other: GridState) -> bool:
    names = ("buses", "circuits", "transformers", "stations")
    return all(getattr(one, name).equals(getattr(other, name)) for name in names)


def _key(study: _Study, state: str, year: int, weather_year: int) -> RunKey:
    return RunKey(state, study.scenario.storyline, NULALTERNATIEF, year, weather_year)
