"""Whether a scenario and the input tables speak of the same things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pmiek.config.settings import Scenario
from pmiek.config.solver_options import check_solver_options
from pmiek.errors import Problem
from pmiek.inputs.reading import closest

FILE = "scenarios/base.yaml"


def check_agreement(scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Check that what a scenario names is in the tables.

    Parameters
    ----------
    scenario : Scenario
        A merged scenario.
    tables : Tables
        Reads demand/municipal, weather/years, grid/switching_states, grid/limits and profiles/sectors.

    Returns
    -------
    list of Problem
        Storylines, years, weather years, switching states and technologies that the tables lack.
    """
    demand, weather = tables["demand/municipal"], tables["weather/years"]
    here = demand.loc[demand["storyline"] == scenario.storyline, "year"]
    base = demand.loc[demand["storyline"] == scenario.years.base_storyline, "year"]
    measured = weather.loc[weather["station"] == scenario.weather.station, "weather_year"]
    years = [y for y in scenario.years.screening if y != scenario.years.base]
    design = [d.year for d in scenario.weather.design_years]
    states = tables["grid/switching_states"]["state"]
    sectors = tables["profiles/sectors"]["sector"]
    story = "demand/municipal"
    solver = scenario.solver
    return [
        *check_solver_options("solver.options", solver.options, FILE),
        *check_solver_options("solver.dispatch_options", solver.dispatch_options, FILE),
        *_lost("storyline", [scenario.storyline], demand["storyline"], story),
        *_lost("years.screening", years if len(here) else [], here, story),
        *_lost("years.base", [scenario.years.base], base, story),
        *_lost("weather.station", [scenario.weather.station], weather["station"], "weather/years"),
        *_lost("weather.design_years", design if len(measured) else [], measured, "weather/years"),
        *_lost(
            "weather.reference_years",
            scenario.weather.reference_years if len(measured) else [],
            measured,
            "weather/years",
        ),
        *_lost(
            "grid.switching_state",
            [scenario.grid.switching_state] if len(states) else [],
            states,
            "grid/switching_states",
        ),
        *_lost(
            "grid.exemptions",
            scenario.grid.exemptions,
            tables["grid/limits"]["exemption"],
            "grid/limits",
        ),
        *_lost("grid.firm_share", scenario.grid.firm_share, sectors, "profiles/sectors"),
    ]


def _lost(key: str, wanted: Iterable[object], known: pd.Series, table: str) -> list[Problem]:
    there = {str(value) for value in known.dropna().unique()}
    return [
        Problem(
            FILE,
            None,
            key,
            str(value),
            f"a value that inputs/{table}.csv has",
            f"Known: {', '.join(sorted(there)) or 'none'}.{closest(str(value), there)}",
        )
        for value in wanted
        if str(value) not in there
    ]
