"""Time and memory of the screening on the committed inputs: one run, and a whole storyline.

Usage: ``python benchmarks/bench_screening.py [weather_year ...]``.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from model.bottlenecks import capacity_factors, find
from model.demand import connections
from model.demand.yields import field_yields
from model.inputs import read_tables
from model.network import grid_state, sensitivities
from model.profiles import build_profiles, calendar_frame, reference_sums
from model.scenarios import merge_scenario
from model.screening import RunKey, prepare, screen, screen_many, settings_of

ROOT = Path(__file__).resolve().parent.parent
STORYLINE = "koersvaste_middenweg"
VARIANT = "nulalternatief"


def main() -> None:
    """Print seconds per stage and the peak memory."""
    weather_years = [int(argument) for argument in sys.argv[1:]] or [2012]
    tables = read_tables(ROOT / "inputs")
    scenario = merge_scenario(ROOT / "scenarios", STORYLINE, VARIANT)
    settings = settings_of(tables, scenario)
    reference = reference_sums(tables, scenario)
    yields = field_yields(tables, scenario, reference)
    profiles = {year: build_profiles(tables, scenario, year, reference) for year in weather_years}
    seconds = {"prepare": 0.0, "connections": 0.0, "screen": 0.0}
    results = []
    for year in scenario.years.screening:
        grid = grid_state(tables, scenario, "frozen", year)
        start = time.process_time()
        ready = prepare(grid, sensitivities(grid), settings)
        ready.monitored  # noqa: B018  made once per grid
        seconds["prepare"] += time.process_time() - start
        start = time.process_time()
        rows = connections(tables, scenario, STORYLINE, year, grid, yields=yields)
        seconds["connections"] += time.process_time() - start
        for weather_year, shapes in profiles.items():
            key = RunKey("frozen", STORYLINE, VARIANT, year, weather_year)
            start = time.process_time()
            results.append(screen(ready, rows, shapes, key, calendar=calendar_frame(weather_year)))
            seconds["screen"] += time.process_time() - start
    joined = screen_many(results)
    found = find(
        joined.loading, capacity_factors(grid), tables["regions/municipalities"], heatmap=joined.heatmap
    )
    runs = len(results)
    print(f"runs (year x weather year): {runs}; bottleneck rows: {len(found)}")
    for stage, value in seconds.items():
        print(f"{stage:12s} {value:6.2f} s CPU, {value / runs:5.2f} s per run")
    print(f"peak memory  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")
    for name, table in joined.tables().items():
        print(f"{name:15s} {len(table):8d} rows {table.memory_usage(deep=True).sum() / 1e6:7.1f} MB")


if __name__ == "__main__":
    main()
