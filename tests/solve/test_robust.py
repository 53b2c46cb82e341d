"""Decisions tried in other futures, plans for all futures, and the freedom that a plan leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import SolveError
from pmiek.optimise.robust.future import Future, future_of
from pmiek.optimise.robust.near_optimal import corner_table, corners
from pmiek.optimise.robust.program import solve
from pmiek.optimise.robust.regret import decision_of, least_regret, regret_table, try_decisions
from pmiek.optimise.robust.two_stage import (
    Risk,
    common_table,
    plan_for_all,
    share_weights,
    values_of_plan,
)
from pmiek.optimise.solve.days import choose_days

FutureOf = Callable[..., Future]


@pytest.fixture
def future(case, year_with_peaks) -> FutureOf:
    """A station of 40 MW firm with one hour of `top` MW a year in 2035 (ten years) and 2045 (five).

    A transformer costs 100 kEUR per MW over 40 years without discounting: 37.5 from 2035, 12.5 from 2045.
    """

    def make(name: str, top: float, **others: object) -> Future:
        one = case(
            {2035: year_with_peaks(20.0, top), 2045: year_with_peaks(20.0, top)}, storyline=name, **others
        )
        return future_of(one, choose_days(one, typical=2, extreme=2))

    return make


def best_of(one: Future) -> tuple[np.ndarray, float]:
    return solve(one.program, one.name)


def test_a_decision_for_another_future_costs_what_can_be_reckoned_on_paper(future):
    low, high = future("low", 60.0), future("high", 100.0)
    decided = [decision_of("storyline", one.name, one, best_of(one)[0], 2035) for one in (low, high)]
    assert [d.builds["amount"].sum() for d in decided] == pytest.approx([20.0, 60.0])

    table = pd.concat(
        [
            regret_table(
                *try_decisions(one, decided, last_year=2035, tolerance=0.01),
                t_per_mwh=np.array([0.1, 0.0]),
                ha_per_amount={"station_transformer": 0.01},
            )
            for one in (low, high)
        ],
        ignore_index=True,
    ).set_index(["decision", "future"])

    own = table[[d == f for d, f in table.index]]
    assert own["extra_cost_meur"].tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    # too much in the low future: 40 MW more from 2035
    assert table.loc[("high", "low"), "extra_cost_meur"] == pytest.approx(40 * 37.5 / 1e3)
    assert table.loc[("high", "low"), "space_ha"] == pytest.approx(0.4)
    # too little in the high one: 40 MW wait one hour in each of ten years, and are built in 2045
    late = (40 * 50 * 10 + 40 * 12.5 - 40 * 37.5) / 1e3
    assert table.loc[("low", "high"), "extra_cost_meur"] == pytest.approx(late)
    assert table.loc[("low", "high"), "waiting_mw"] == pytest.approx(40.0)
    assert table.loc[("low", "high"), "waiting_gwh"] == pytest.approx(0.04)
    assert table.loc[("low", "high"), "extra_without_waiting_meur"] == pytest.approx(40 * (12.5 - 37.5) / 1e3)
    chosen = least_regret(table.reset_index())
    assert set(table.reset_index().loc[chosen, "decision"]) == {"high"}


def test_no_decision_costs_less_than_the_best_plan(future):
    high = future("high", 100.0)
    tried = [
        decision_of("storyline", f"top {top}", one := future("x", top), best_of(one)[0], 2035)
        for top in (40.0, 70.0, 100.0, 130.0)
    ]
    _, outcomes = try_decisions(high, tried, last_year=2035, tolerance=0.01)
    best = outcomes[0].cost_keur
    assert all(outcome.cost_keur >= best * (1 - 1e-9) for outcome in outcomes)
    assert outcomes[3].cost_keur == pytest.approx(best)


def test_what_is_generated_and_turned_away_counts_as_carbon_from_elsewhere(case, year_with_peaks):
    feed = year_with_peaks(0.0, 100.0)
    one = case({2035: np.zeros(8760)}, switchable=feed, curtail_eur=1e5)
    ready = future_of(one, choose_days(one, typical=2, extreme=2))
    nothing = decision_of("variant", "nothing", ready, np.zeros(len(ready.program.cost)), 2035)
    table = regret_table(
        *try_decisions(ready, [nothing], last_year=2035, tolerance=0.01),
        t_per_mwh=np.array([0.2]),
        ha_per_amount={},
    )
    # 80 MW gross may pass while all units are in service: 20 MWh a year are curtailed
    assert table["co2_kt"].item() == pytest.approx(20 * 0.2 / 1e3)


def test_two_stages_without_anything_in_common_cost_the_mean_of_the_single_plans(future):
    both = [future("low", 60.0), future("high", 100.0)]
    plan = plan_for_all(both, [1.0, 3.0], last_year=None, tolerance=0.01)
    assert plan.expected_keur == pytest.approx(0.25 * best_of(both[0])[1] + 0.75 * best_of(both[1])[1])
    assert plan.common.empty


def test_two_stages_with_all_weight_on_one_storyline_are_its_best_plan(future):
    low = future("low", 60.0)
    weights = share_weights({"low": 1.0, "high": 0.0}, ["low", "high"])
    assert weights == {"low": 1.0}  # left out: else its limits would still bind what is common
    plan = plan_for_all([low], list(weights.values()), last_year=2035, tolerance=0.01)
    assert plan.expected_keur == pytest.approx(best_of(low)[1])
    assert plan.common["amount"].sum() == pytest.approx(20.0)


@pytest.mark.parametrize("weights", [{"a": -1.0, "b": 2.0}, {"a": 0.0, "b": 0.0}])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="zero or more"):
        share_weights(weights, ["a", "b"])


def test_the_common_plan_and_what_knowing_and_waiting_are_worth(future):
    low, high = future("low", 60.0), future("high", 100.0)
    plan = plan_for_all([low, high], [1.0, 1.0], last_year=2035, tolerance=0.01)
    assert plan.common["amount"].tolist() == pytest.approx([60.0])
    single = {one.name: one.built(best_of(one)[0], 2035) for one in (low, high)}
    table = common_table(plan, single, 2035, 2035)
    row = table.iloc[0]
    assert (row["common_mw"], row["single_low_mw"], row["single_high_mw"]) == pytest.approx(
        (60.0, 20.0, 60.0)
    )
    later = 0.5 * (20 * 500 + 20 * 12.5) + 0.5 * (60 * 500 + 60 * 12.5)
    worth = values_of_plan(plan, [best_of(low)[1], best_of(high)[1]], later).set_index("quantity")["value"]
    assert worth["expected_cost"] == pytest.approx(60 * 37.5 / 1e3)
    assert worth["value_of_knowing"] == pytest.approx((60 - 40) * 37.5 / 1e3)
    assert worth["value_of_waiting"] == pytest.approx((60 * 37.5 - later) / 1e3)


@pytest.mark.parametrize(("risk", "built"), [(Risk(), 20.0), (Risk(share=1.0, tail=0.5), 60.0)])
def test_only_a_plan_that_fears_the_worst_future_builds_for_it(future, risk, built):
    # per MW 37.5 to build early; waiting costs 10 x 4 + 12.5 in the high future, and half of it on average
    both = [future("low", 60.0, voll_eur=4e3), future("high", 100.0, voll_eur=4e3)]
    plan = plan_for_all(both, [1.0, 1.0], last_year=2035, tolerance=0.01, risk=risk)
    assert plan.common["amount"].sum() == pytest.approx(built)


def test_the_range_of_stations_within_a_budget(future):
    high = future("high", 100.0)
    best = best_of(high)[1]
    found = {(c.slack_pct, c.sense): c for c in corners(high, best, kinds=["stations"])}
    assert found[10.0, "max"].value == pytest.approx(60 + 0.1 * best / 12.5)
    assert found[10.0, "min"].value == pytest.approx(60 - 0.1 * best / (50 * 15 - 37.5))
    for corner in found.values():
        assert corner.true_cost_keur <= corner.budget_keur * (1 + 1e-6)
        assert corner.budget_keur == pytest.approx(best * (1 + corner.slack_pct / 100))
    table = corner_table(high, "netverzwaring", list(found.values()))
    wide = table.pivot_table(index="slack_pct", columns="sense", values="value")
    assert wide["max"].is_monotonic_increasing
    assert wide["min"].is_monotonic_decreasing


def test_a_problem_without_an_answer_is_an_error(future):
    one = future("high", 100.0).program
    impossible = replace(
        one, row_lower=np.where(np.isfinite(one.row_upper), one.row_upper + 1, one.row_lower)
    )
    with pytest.raises(SolveError, match="nothing: HiGHS ended with"):
        solve(impossible, "nothing")
