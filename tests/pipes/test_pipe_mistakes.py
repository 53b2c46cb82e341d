"""Ten made-up mistakes in a pipe network: each is explained with carrier, place, hour and rows of input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import SolveError
from pmiek.optimise.pipes import PipeCase, plan_pipes
from pmiek.optimise.pipes.case import STORE_COLUMNS
from test_pipes import network

Change = Callable[[PipeCase], PipeCase]


def set_in(name: str, place: tuple[int, ...], value: float) -> Change:
    def change(case: PipeCase) -> PipeCase:
        values = np.array(getattr(case, name), dtype=float)
        values[place] = value
        return replace(case, **{name: values})

    return change


def with_store(case: PipeCase) -> PipeCase:
    store = ["store", "Gasco", -500.0, 0.0, 40.0, 0.9]
    return replace(case, stores=pd.DataFrame([store], index=["A"], columns=STORE_COLUMNS))


MISTAKES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "a store earns by being built": (
        with_store,
        ("methane", "store build", "A, 2035", "grows without limit", "cost that is missing or negative"),
    ),
    "a source without an end": (
        set_in("available_mw", (0, 1), np.inf),
        ("methane", "import", "2035", "hour 1", "inputs/gas/plants.csv import"),
    ),
    "demand is negative": (
        set_in("demand_mw", (0, 0), -5.0),
        ("methane", "unserved", "Area = A", "hour", "inputs/gas/areas.csv A", "GM0001"),
    ),
    "demand has no number": (
        set_in("demand_mw", (0, 0), np.nan),
        ("methane", "demand_mw", "2035", "A", "hour 1", "not a number", "inputs/gas/areas.csv A", "GM0001"),
    ),
    "supply is negative": (
        set_in("available_mw", (0, 0), -1.0),
        ("methane", "use", "farm", "hour", "least allowed", "inputs/gas/plants.csv farm"),
    ),
    "supply has no number": (
        set_in("available_mw", (0, 0), np.nan),
        ("methane", "farm", "not a number", "inputs/gas/plants.csv farm"),
    ),
    "a price has no number": (
        set_in("price_eur", (0, 0), np.nan),
        ("methane", "farm", "price_eur", "2035", "not a number", "inputs/gas/plants.csv farm"),
    ),
    "a pipe has less than nothing": (
        set_in("existing_mw", (0, 0), -3.0),
        ("methane", "flow existing", "down", "hour", "needs 3", "inputs/gas/links.csv down"),
    ),
    "a pipe has no number": (
        set_in("existing_mw", (0, 0), np.nan),
        ("methane", "down", "not a number", "inputs/gas/links.csv down"),
    ),
    "a pipe that may grow has less than nothing": (
        set_in("existing_mw", (0, 1), -30.0),
        ("methane", "flow built", "up", "hour", "needs 10", "inputs/gas/links.csv up"),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_explained(name: str) -> None:
    change, words = MISTAKES[name]
    with pytest.raises(SolveError) as error:
        plan_pipes(change(network()))
    told = "\n".join(error.value.diagnosis)
    assert [word for word in words if word not in told] == [], told


def test_ranges_of_the_figures_are_told_and_a_wide_one_is_named() -> None:
    case = set_in("available_mw", (0, 1), 1e14)(set_in("existing_mw", (0, 0), -3.0)(network()))
    with pytest.raises(SolveError) as error:
        plan_pipes(case)
    told = "\n".join(error.value.diagnosis)
    assert "ranges of the figures: matrix" in told
    assert "look for a unit typed wrong" in told
