"""The years of a pathway cover its horizon, each once (case: 2035 and 2050 counted five years each)."""

from pathlib import Path

import numpy as np
import pytest
from pmiek.config import load_batch, merge_scenario
from pmiek.optimise.carriers.horizon import period_weights, years_of_periods

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RATE, BASE, TAIL = 0.0225, 2025, 5


@pytest.mark.parametrize(
    ("years", "spans"),
    [((2035,), (5,)), ((2035, 2040, 2045, 2050), (5, 5, 5, 5)), ((2035, 2050), (15, 5)), ((), ())],
)
def test_a_year_stands_for_the_years_to_the_next_and_the_last_for_the_tail(years, spans):
    assert years_of_periods(years, TAIL) == spans


@pytest.mark.parametrize("years", [(2035, 2050), (2035, 2040, 2045, 2050), (2035, 2040, 2050)])
def test_the_weights_hold_every_year_of_the_horizon_once(years):
    whole = sum((1 + RATE) ** -(year - BASE) for year in range(2035, 2055))
    assert period_weights(years, TAIL, RATE, BASE).sum() == pytest.approx(whole)
    assert whole == pytest.approx(13.1, abs=0.1)


def test_years_of_which_one_stands_for_nothing_are_refused():
    with pytest.raises(ValueError, match="do not cover a horizon"):
        years_of_periods((2035, 2035, 2050), TAIL)
    with pytest.raises(ValueError, match="do not cover a horizon"):
        years_of_periods((2035, 2050), 0)


def test_the_quick_batch_of_all_variants_weighs_its_whole_period():
    batch = load_batch(SCENARIOS, "varianten")
    story, variant = batch.storylines[0], batch.variants[0]
    when = merge_scenario(SCENARIOS, story, variant, batch.overrides).years
    weights = period_weights(when.pathway, when.tail_years, 0.0, when.base)
    assert np.array_equal(weights, [15, 5])
