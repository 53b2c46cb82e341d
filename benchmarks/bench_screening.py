"""Time of the screening on the committed inputs: per stage, and how it grows with hours, assets and runs.

Usage: ``python benchmarks/bench_screening.py [weather_year ...]``. Times are CPU seconds of one process with
one thread (set ``OMP_NUM_THREADS=1``), the least of some repeats, so that other work on the
machine matters little. ``--study`` instead times the algebra of all storylines, years and measured weather
years on the nulalternatief, in two processes, profiles not counted; ``--study 3`` takes three weather years.
"""

from __future__ import annotations

import dataclasses
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pmiek.config import Scenario, merge_scenario
from pmiek.connections.demand import connections
from pmiek.connections.demand.yields import field_yields
from pmiek.inputs import Tables, read_tables
from pmiek.network import GridState, grid_state, sensitivities
from pmiek.security.screening import (
    NetLoad,
    RunKey,
    hourly_loading,
    hourly_net_load,
    peaks,
    prepare,
    screen,
    settings_of,
    weather_loading,
)
from pmiek.timeseries import build_profiles, calendar_frame, reference_sums

ROOT = Path(__file__).resolve().parent.parent
STORYLINE, VARIANT, YEAR = "koersvaste_middenweg", "nulalternatief", 2035
REPEATS = 4


def least(action: Callable[[], object]) -> float:
    """Least CPU seconds over some repeats."""
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    """Print the tables of docs/screening.md."""
    if "--study" in sys.argv:
        rest = [int(argument) for argument in sys.argv[2:]]
        study(rest[0] if rest else None)
        return
    weather_years = [int(argument) for argument in sys.argv[1:]] or [2012]
    tables = read_tables(ROOT / "inputs")
    scenario = merge_scenario(ROOT / "scenarios", STORYLINE, VARIANT)
    reference = reference_sums(tables, scenario)
    shapes = {year: build_profiles(tables, scenario, year, reference) for year in weather_years}
    stages(tables, scenario, reference, shapes)
    growth(tables, scenario)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def study(count: int | None) -> None:
    """All storylines, years and weather years: wall and CPU seconds, and peak memory of the processes."""
    tables = read_tables(ROOT / "inputs")
    scenario = merge_scenario(ROOT / "scenarios", STORYLINE, VARIANT)
    reference = reference_sums(tables, scenario)
    folder = ROOT / "inputs" / "weather" / scenario.weather.station
    measured = sorted(int(path.stem) for path in folder.glob("[0-9]*.parquet"))[:count]
    shapes = {year: build_profiles(tables, scenario, year, reference) for year in measured}
    stories = sorted(tables["demand/municipal"]["storyline"].unique())
    WORLD.extend((tables, reference, shapes))
    start = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        jobs = [pool.submit(_storyline, str(story)) for story in stories]
        done = [job.result() for job in jobs]
    wall = time.perf_counter() - start
    runs, cpu, memory = (sum(column) for column in zip(*done, strict=True))
    print(
        f"{runs} screenings: {wall:.0f} s with two processes, {cpu:.0f} s CPU, "
        f"{memory / len(done) * 2:.0f} MB together"
    )


#: Tables, reference and profiles, which the processes of a study inherit: tables cannot be sent to them.
WORLD: list[Any] = []


def _storyline(storyline: str) -> tuple[int, float, float]:
    """Screen one storyline on all its years; number of screenings, CPU seconds, peak memory in MB."""
    start = time.process_time()
    tables, reference, shapes = WORLD
    scenario = merge_scenario(ROOT / "scenarios", storyline, VARIANT)
    settings, yields = settings_of(tables, scenario), field_yields(tables, scenario, reference)
    base = storyline == scenario.years.base_storyline
    years = [year for year in scenario.years.screening if base or year != scenario.years.base]
    for year in years:
        grid = grid_state(tables, scenario, VARIANT, year)
        ready = prepare(grid, sensitivities(grid), settings)
        who = connections(tables, scenario, storyline, year, grid, yields=yields)
        for weather_year, shape in shapes.items():
            weather_loading(ready, who, shape, RunKey(VARIANT, storyline, VARIANT, year, weather_year))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(years) * len(shapes), time.process_time() - start, memory


def stages(
    tables: Tables, scenario: Scenario, reference: pd.DataFrame, shapes: dict[int, pd.DataFrame]
) -> None:
    """CPU seconds per stage of one storyline year, and per weather year."""
    settings, yields = settings_of(tables, scenario), field_yields(tables, scenario, reference)
    grid = grid_state(tables, scenario, VARIANT, YEAR)
    ready = prepare(grid, sensitivities(grid), settings)
    who = connections(tables, scenario, STORYLINE, YEAR, grid, yields=yields)
    weather_year, shape = next(iter(shapes.items()))
    key = RunKey(VARIANT, STORYLINE, VARIANT, YEAR, weather_year)
    load = hourly_net_load(ready, who, shape)
    pairs = sum(len(element.faults) for element in ready.monitored)
    print(f"{len(ready.places)} assets, {len(ready.stations)} stations, {pairs} pairs of element and fault")
    once = {
        "grid and sensitivities": lambda: sensitivities(grid_state(tables, scenario, VARIANT, YEAR)),
        "elements and faults": lambda: prepare(grid, sensitivities(grid), settings).monitored,
        "connections": lambda: connections(tables, scenario, STORYLINE, YEAR, grid, yields=yields),
    }
    each = {
        "net load": lambda: hourly_net_load(ready, who, shape),
        "peaks, all outages": lambda: peaks(ready, load),
        "one weather year, peaks": lambda: weather_loading(ready, who, shape, key),
        "every hour, all outages": lambda: hourly_loading(ready, load),
        "one weather year, all tables": lambda: screen(
            ready, who, shape, key, calendar=calendar_frame(weather_year)
        ),
    }
    for title, actions in (("once per storyline year and grid", once), ("per weather year", each)):
        print(title)
        for name, action in actions.items():
            print(f"  {name:30s} {least(action):7.3f} s CPU")
    start = time.process_time()
    for year, frame in shapes.items():
        weather_loading(ready, who, frame, dataclasses.replace(key, weather_year=year))
    print(f"runs: {len(shapes)} weather years {time.process_time() - start:7.3f} s CPU")


def growth(tables: Tables, scenario: Scenario) -> None:
    """CPU seconds of the peaks with more hours, and with copies of the grid tied together."""
    settings = settings_of(tables, scenario)
    grid = grid_state(tables, scenario, VARIANT, YEAR)
    random = np.random.default_rng(1)
    print("hours   s CPU")
    ready = prepare(grid, sensitivities(grid), settings)
    ready.monitored  # noqa: B018 -- made once per grid
    for hours in (1095, 2190, 4380, 8760):
        load = _random_load(ready.stations, hours, random)
        print(f"{hours:5d} {least(lambda load=load: peaks(ready, load)):7.3f}")  # type: ignore[misc]
    print("copies  assets  pairs   s CPU (1,095 hours)")
    for count in (1, 2, 4):
        large = copies(grid, count)
        ready = prepare(large, sensitivities(large), settings)
        pairs = sum(len(element.faults) for element in ready.monitored)
        load = _random_load(ready.stations, 1095, random)
        seconds = least(lambda ready=ready, load=load: peaks(ready, load))  # type: ignore[misc]
        print(f"{count:5d} {len(ready.places):8d} {pairs:7d} {seconds:8.3f}")


def _random_load(stations: Sequence[str], hours: int, random: np.random.Generator) -> NetLoad:
    demand, generation = (random.uniform(0, 120, (len(stations), hours)) for _ in range(2))
    return NetLoad(tuple(stations), demand, generation, 0.5 * generation)


def copies(grid: GridState, count: int) -> GridState:
    """Put copies of a grid beside each other and tie each to the next at the boundary buses."""
    ids = ("station_id", "bus_id", "bus0", "bus1", "circuit_id", "corridor_id", "unit_id", "group_id")
    made: dict[str, list[pd.DataFrame]] = {}
    for number in range(count):
        for name in ("stations", "buses", "circuits", "transformers"):
            table = getattr(grid, name).copy()
            for column in (c for c in ids if c in table):
                table[column] = table[column].astype("str") + f"_{number}"
            if "tower_group" in table:
                table["tower_group"] = table["tower_group"].where(table["tower_group"].isna(), None)
            made.setdefault(name, []).append(table)
    ends = grid.buses[grid.buses["slack_share"] > 0]
    template = grid.circuits[grid.circuits["voltage_kv"] == ends["voltage_kv"].max()].iloc[[0]]
    voltage = ends[ends["voltage_kv"] == ends["voltage_kv"].max()]
    for number in range(count - 1):
        for bus in voltage["bus_id"]:
            name = f"tie_{number}_{bus}"
            tie = template.assign(circuit_id=name, corridor_id=name, tower_group=None)
            made["circuits"].append(tie.assign(bus0=f"{bus}_{number}", bus1=f"{bus}_{number + 1}"))
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in made.items()}
    return dataclasses.replace(grid, **joined)


if __name__ == "__main__":
    main()
