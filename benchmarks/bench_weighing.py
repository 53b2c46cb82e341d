"""Measure how long the stability of the order takes: draws of weights and ranges, places, swapping pairs.

Run after a batch: ``python benchmarks/bench_weighing.py [--tables results/standaard/tables]``.
Prints seconds per step, the median of five, for the draws that the framework asks.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
from pmiek.decide.weighing import read_framework
from pmiek.decide.weighing.robustness import draw_scores, robustness_table, swap_table
from pmiek.decide.weighing.scoring import places

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
TIMES = 5
T = TypeVar("T")


def timed(what: str, step: Callable[[], T]) -> T:
    """Run a step a few times, print the median and give its result."""
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        result = step()
        seconds.append(time.perf_counter() - start)
    print(f"{what:32}{statistics.median(seconds):8.2f} s")
    return result


def main() -> None:
    """Print seconds per step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, default=ROOT / "results" / "standaard" / "tables")
    folder = parser.parse_args().tables
    framework = read_framework(ROOT / "inputs" / "weighing" / "framework.yaml")
    scores = pd.read_csv(folder / "scores.csv")
    listed = pd.read_csv(folder / "candidates.csv").set_index("project_id")
    draws, ids = timed("draws of weights and ranges", lambda: draw_scores(scores, framework, 1))
    priority = np.zeros(len(ids))
    place = timed("places", lambda: places(draws, priority, framework.tie_margin_points))
    timed("probability of top N", lambda: robustness_table(place, draws, ids, framework))
    timed("pairs that swap", lambda: swap_table(place, draws, ids, listed["rank"], framework))
    print(f"{len(draws)} draws, {len(ids)} projects")


if __name__ == "__main__":
    main()
