"""Time the pathway on a made-up province: 25 stations, 4 periods, 4 weather years, 60 high-voltage elements.

Run with ``python benchmarks/bench_pathway.py [hipo|ipx|simplex]``. Nothing here is data about a real grid.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd
from pmiek.optimise.solve.case import AssetCost, Build, Economics, HvGrid, PathwayCase
from pmiek.optimise.solve.pathway import Settings, run_pathway

YEARS = (2035, 2040, 2045, 2050)
STATIONS = 25
WEATHER_YEARS = (2010, 2013, 2018, 2019)


def made_up_case(build: Build, seed: int = 7) -> PathwayCase:
    """Make a case with a daily and yearly rhythm, growing demand and much solar."""
    rng = np.random.default_rng(seed)
    hours = np.arange(8760 * len(WEATHER_YEARS))
    day, hour = (hours // 24) % 365, hours % 24
    cold = np.cos(2 * np.pi * (day - 15) / 365)
    daily = 0.7 + 0.3 * np.cos(2 * np.pi * (hour - 18) / 24)
    weather = np.repeat(rng.normal(0, 0.12, len(hours) // 24), 24)
    sun = np.clip(np.sin(np.pi * (hour - 6) / 12), 0, None) * (0.55 - 0.45 * cold)
    sun = sun * np.repeat(rng.uniform(0.3, 1.0, len(hours) // 24), 24)
    size = rng.uniform(25, 70, STATIONS)
    grow = np.array([1.0, 1.25, 1.45, 1.6])
    noise = rng.normal(1, 0.04, (STATIONS, len(hours)))
    load = (
        (size[None, :, None] * grow[:, None, None])
        * (daily * (0.75 + 0.25 * cold + weather))[None, None]
        * noise
    )
    field = size[None, :, None] * rng.uniform(0.3, 3.0, STATIONS)[None, :, None] * grow[:, None, None]
    units = tuple(tuple((40.0,) * int(rng.integers(2, 4)) for _ in range(STATIONS)) for _ in YEARS[:1]) * len(
        YEARS
    )
    costs = {
        "station_transformer": AssetCost(6000 / 90, 0.01, 50),
        "new_station": AssetCost(80_000 / 270, 0.01, 50),
        "circuit": AssetCost(1900 * 20 / 250, 0.002, 50),
        "coupling_transformer": AssetCost(18_000 / 370, 0.01, 50),
        "battery_power": AssetCost(160.0, 0.005, 15),
        "battery_energy": AssetCost(140.0, 0.005, 27),
    }
    return PathwayCase(
        "made_up",
        "netverzwaring" if build.batteries else "nulalternatief",
        YEARS,
        5,
        pd.DataFrame(
            {
                "name": [f"Station {i}" for i in range(STATIONS)],
                "gm_code": "GM1",
                "cluster": "A",
                "payer": "operator",
                "max_units": 4,
                "unit_mva": 90.0,
                "has_transformers": True,
            },
            index=pd.Index([f"S{i:02d}" for i in range(STATIONS)], name="station_id"),
        ),
        units,
        np.array([[0.97, 1.067], [1.0, 1.0], [1.0, 1.0]]),
        np.clip(load, 0, None),
        0.7 * field * sun,
        0.3 * field * sun,
        ((day < 90) | (day > 300)).astype(np.int64),
        WEATHER_YEARS,
        build,
        Economics(0.03, 2025, 60.0, 0.08, 0.06, costs),
        hv=(made_up_grid(rng),) * len(YEARS),
    )


def made_up_grid(rng: np.random.Generator, lines: int = 58) -> HvGrid:
    """Make a meshed grid of buses with one station each and two infeeds; sensitivities by DC power flow."""
    ends = [(i, i + 1) for i in range(STATIONS - 1)]
    while len(ends) < lines:
        a, b = sorted(int(x) for x in rng.choice(STATIONS, 2, replace=False))
        if b - a < 8:
            ends.append((a, b))
    incidence = np.zeros((len(ends), STATIONS))
    for row, (a, b) in enumerate(ends):
        incidence[row, a], incidence[row, b] = 1.0, -1.0
    weight = np.diag(1 / rng.uniform(0.5, 2.0, len(ends)))
    ground = np.zeros((STATIONS, STATIONS))
    ground[0, 0] = ground[12, 12] = 50.0
    ptdf = weight @ incidence @ np.linalg.inv(incidence.T @ weight @ incidence + ground)
    between = ptdf @ incidence.T
    after = np.stack(
        [ptdf + np.outer(between[:, o] / max(1 - between[o, o], 0.05), ptdf[o]) for o in range(len(ends))]
    )
    after[np.arange(len(ends)), np.arange(len(ends))] = np.nan
    names = [f"L{i:02d}" for i in range(len(ends))]
    table = pd.DataFrame(
        {
            "element_id": names,
            "asset_id": names,
            "asset_class": "circuit",
            "cluster": "A",
            "payer": "TSO",
            "existing_mw": 400.0,
            "unit_mw": 250.0,
            "capex_keur_per_mw": 152.0,
            "buildable": True,
        }
    )
    ones = np.ones((1 + len(ends), len(ends)))
    return HvGrid(
        table, ptdf, after, tuple(names), ones, 0 * ones, ones[..., None] * np.array([400.0, 460.0])
    )


def main() -> None:
    """Run both variants and print seconds, size and share of HiGHS."""
    algorithm = sys.argv[1] if len(sys.argv) > 1 else "simplex"
    options: dict[str, object] = {"solver": algorithm}
    if algorithm != "simplex":
        options |= {"run_crossover": "off"}
    for build in (Build(), Build(False, False, False, False, False, curtailment=True)):
        started = time.perf_counter()
        case = made_up_case(build)
        made = time.perf_counter()
        result = run_pathway(case, Settings(options=options))
        wall = time.perf_counter() - made
        highs = result.solver["highs_seconds"].sum()
        print(
            f"\n{case.variant} with {algorithm}: {wall:.1f} s, HiGHS {100 * highs / wall:.0f} %, "
            f"case made in {made - started:.1f} s"
        )
        print(
            result.solver[
                [
                    "label",
                    "algorithm",
                    "objective",
                    "rows",
                    "columns",
                    "nonzeros",
                    "wall_seconds",
                    "highs_seconds",
                    "peak_memory_mb",
                ]
            ]
            .round(1)
            .to_string(index=False)
        )
        print(result.rounds.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
