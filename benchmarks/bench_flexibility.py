"""Time the flexibility pass, and measure what weekly windows cost against one window of the whole year.

Run from the project folder: ``python benchmarks/bench_flexibility.py [--year 2035] [--gap STATION ...]``.
Prints a table; one thread. The gap is measured per station, without the high-voltage grid.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from pmiek.config import merge_scenario
from pmiek.connections.demand import connections
from pmiek.inputs import read_tables
from pmiek.network import grid_state, sensitivities
from pmiek.optimise.flexibility import dispatch_year, flex_settings, potential
from pmiek.optimise.flexibility.gap import alone, cost_meur
from pmiek.optimise.flexibility.limits import HvLimits, station_limits
from pmiek.optimise.flexibility.station import Year
from pmiek.security.screening import hourly_net_load, prepare, settings_of
from pmiek.timeseries import build_profiles

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print timings, and the gap to the optimum of the whole year for the stations asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--storyline", default="koersvaste_middenweg")
    parser.add_argument("--year", type=int, default=2035)
    parser.add_argument("--weather-year", type=int, default=2012)
    parser.add_argument("--grid-state", default="nulalternatief")
    parser.add_argument("--gap", nargs="*", default=[], metavar="STATION")
    chosen = parser.parse_args()
    scenario = merge_scenario(ROOT / "scenarios", chosen.storyline, "nulalternatief")
    tables = read_tables(ROOT / "inputs")
    profiles = build_profiles(tables, scenario, chosen.weather_year)
    grid = grid_state(tables, scenario, chosen.grid_state, chosen.year)
    ready = prepare(grid, sensitivities(grid), settings_of(tables, scenario))
    who = connections(tables, scenario, chosen.storyline, chosen.year, grid)
    load = hourly_net_load(ready, who, profiles)
    settings = flex_settings(tables, scenario, chosen.year)
    hours = load.net_mw.shape[1]
    year = Year(load, potential(who, profiles, load, settings), station_limits(ready, load), settings)
    print("case | solves | station-weeks | rows | CPU s | MEUR/year | residual MWh")

    def show(name: str, case: Year, hv: HvLimits | None, starts: tuple[int, ...] | None = None) -> None:
        start = time.process_time()
        done = dispatch_year(case, hv, starts=starts)
        seconds = time.process_time() - start
        cost, residual = cost_meur(case, done)
        print(
            f"{name} | {done.solves} | {done.station_weeks} | {done.largest_rows} | {seconds:.1f} | "
            f"{cost:.4f} | {residual:.1f}"
        )

    show("stations only", year, None)
    show("with high voltage", year, HvLimits(ready, hours))
    for name in chosen.gap:
        case = alone(year, ready.stations.index(name))
        show(f"{name}, weeks", case, None)
        show(f"{name}, whole year", case, None, (0, hours))


if __name__ == "__main__":
    main()
