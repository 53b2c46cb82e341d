"""Time profiles and the national price model, and measure what weekly windows cost.

Run from the project folder: ``python benchmarks/bench_national.py [--gap WEEKS]``. Prints a table per step;
one thread.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from pmiek.config import merge_scenario
from pmiek.inputs import read_tables
from pmiek.optimise.national import Case, build_case
from pmiek.optimise.national.solve import HOURS_PER_WINDOW, solve_national
from pmiek.optimise.national.window import Window
from pmiek.timeseries import build_profiles, reference_sums

ROOT = Path(__file__).resolve().parents[1]
TABLES = [
    "regions/municipalities",
    "profiles/typical_days",
    "profiles/offshore_fit",
    "profiles/sectors",
    "assumptions",
    "demand/national",
    "supply/national",
    "supply/fleet",
    "supply/trade",
    "costs/carriers",
]


def cost_of_windows(case: Case, hours_per_window: int, total_hours: int) -> float:
    """Cost (kEUR) of a stretch of hours solved in windows of a fixed length."""
    window = Window(case, hours_per_window)
    return sum(window.solve(first).objective_keur for first in range(0, total_hours, hours_per_window))


def main() -> None:
    """Print timings, and with ``--gap`` the extra cost of weekly windows over one window of so many weeks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gap", type=int, default=0, metavar="WEEKS")
    parser.add_argument("--storyline", default="koersvaste_middenweg")
    parser.add_argument("--weather-year", type=int, default=2017)
    chosen = parser.parse_args()
    scenario = merge_scenario(ROOT / "scenarios", chosen.storyline, "nulalternatief")
    tables = read_tables(ROOT / "inputs", TABLES)
    start = time.perf_counter()
    reference = reference_sums(tables, scenario)
    print(
        f"reference sums, {len(scenario.weather.reference_years)} years: {time.perf_counter() - start:.2f} s"
    )
    start = time.perf_counter()
    profiles = build_profiles(tables, scenario, chosen.weather_year, reference)
    print(
        f"profiles of {chosen.weather_year}, {profiles.shape[1]} columns: {time.perf_counter() - start:.2f} s"
    )
    for year in scenario.years.screening:
        if year == scenario.years.base and chosen.storyline != scenario.years.base_storyline:
            continue
        start = time.perf_counter()
        result = solve_national(tables, scenario, profiles, [year], chosen.weather_year)
        seconds, price = time.perf_counter() - start, result["price_electricity_eur_per_mwh"]
        cheap, unserved = (price <= 1).sum(), result["unserved_mw"].sum() / 1000
        print(f"{year}: {seconds:5.2f} s, mean price {price.mean():6.1f}", end=", ")
        print(f"{cheap} hours at or below 1", end=", ")
        print(f"unserved {unserved:.2f} GWh")
    if chosen.gap:
        year = scenario.years.screening[-2]
        case = build_case(tables, scenario, profiles, year, chosen.weather_year)
        hours = chosen.gap * HOURS_PER_WINDOW
        weekly = cost_of_windows(case, HOURS_PER_WINDOW, hours)
        start = time.perf_counter()
        whole = cost_of_windows(case, hours, hours)
        gap = (weekly - whole) / abs(whole)
        seconds = time.perf_counter() - start
        print(f"weekly windows over {chosen.gap} weeks in one, {year}: {gap:.2e} ({seconds:.0f} s)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
