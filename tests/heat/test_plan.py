# ruff: noqa: E501 - tables as text keep one row per line
"""The plan of heat networks on tiny cases with known answers, and its operation in all hours."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.heat.case import HeatCase, components, part_of, planned_together
from pmiek.optimise.heat.closes import assert_heat_closes
from pmiek.optimise.heat.days import choose_days, weeks
from pmiek.optimise.heat.dispatch import operate
from pmiek.optimise.heat.parts import heat_parts
from pmiek.optimise.heat.plan import plan_networks, whole_pipes
from pmiek.optimise.heat.program import plan_costs, solve_plan
from pmiek.optimise.heat.tables import capacity_rows, load_of_networks, loading_rows, source_row

HOURS = 8760
CHEAP, DEAR = 0, 1


def tiny(demand_mw: float = 10.0, *, pipe: bool = False, **changes: Any) -> HeatCase:
    """Network b asks a flat demand; a boiler there costs 50 a MWh, a source in a 10 a MWh and 100 a kW.

    With a pipe (40 MW a piece, 1 MEUR each, no loss) the cheap source can serve b.
    """
    networks = pd.DataFrame(
        {
            "network_id": ["a", "b"], "name": ["A", "B"], "gm_code": ["GM0001", "GM0002"], "cluster": ["A", "B"],
            "operator": ["", ""], "quality": "assumed", "status": "possible",
        }
    )  # fmt: skip
    demand = np.zeros((1, 2, HOURS))
    demand[0, 1] = demand_mw
    sources = pd.DataFrame(
        {
            "source_id": ["cheap", "dear"], "name": ["Cheap", "Dear"], "kind": ["residual_heat", "electric_boiler"],
            "network": [0, 1], "existing_mw": 0.0, "payer": "company", "quality": "assumed", "gm_code": ["GM0001", "GM0002"],
        }
    )  # fmt: skip
    pipes = pd.DataFrame(
        {
            "pipe_id": ["ab"], "name": ["A - B"], "network0": [0], "network1": [1], "existing_mw": [0.0],
            "efficiency": [1.0], "unit_mw": [40.0], "least_share": [0.2], "payer": ["province"], "operator": [""],
            "quality": ["assumed"],
        }
    )  # fmt: skip
    stores = pd.DataFrame(
        columns=[
            "source_id",
            "name",
            "kind",
            "network",
            "existing_mwh",
            "hours",
            "loss_per_hour",
            "payer",
            "quality",
        ]
    )
    marginal = np.zeros((1, 2, HOURS))
    marginal[0, CHEAP], marginal[0, DEAR] = 0.010, 0.050
    none = np.zeros((1, 0))
    case = HeatCase(
        storyline="story", variant="variant", years=(2035,), weather_years=(2012,), discount=np.array([1.0]),
        rate_per_year=0.0, networks=networks, demand_mw=demand, sources=sources, limit_mw=np.full((1, 2), 1e3),
        investment=np.array([[100.0, 50.0]]), fixed_om=np.zeros((1, 2)), source_life=np.array([10.0, 10.0]),
        marginal=marginal, electricity=np.array([np.zeros(HOURS), np.ones(HOURS)]), methane=np.zeros(2),
        stores=stores, store_limit=none, store_investment=none, store_fixed_om=none, store_life=np.zeros(0),
        pipes=pipes, pipe_limit=np.array([[1e3 if pipe else 0.0]]), pipe_investment=np.array([[25.0]]),
        pipe_fixed_om=np.zeros((1, 1)), pipe_life=np.array([10.0]), unserved_keur_per_mwh=2.0, design_hours=0.0,
    )  # fmt: skip
    return replace(case, **changes)


def with_tank(case: HeatCase, keur_per_mwh: float) -> HeatCase:
    stores = pd.DataFrame(
        {
            "source_id": ["tank"], "name": ["Tank"], "kind": ["tank"], "network": [1], "existing_mwh": [0.0],
            "hours": [1.0], "loss_per_hour": [0.0], "payer": ["company"], "quality": ["assumed"],
        }
    )  # fmt: skip
    one = np.ones((1, 1))
    return replace(
        case, stores=stores, store_limit=1e6 * one, store_investment=keur_per_mwh * one,
        store_fixed_om=0 * one, store_life=np.array([10.0]),
    )  # fmt: skip


def settings(**heat: Any) -> Any:
    chosen = {"typical_days": 1, "extreme_days": 0, "max_rounds": 3, "tolerance": 0.001, **heat}
    return SimpleNamespace(heat=SimpleNamespace(**chosen), solver=SimpleNamespace(threads=1))


def cost_of(case: HeatCase) -> float:
    return plan_networks(case, settings()).plan.objective_keur


def test_without_a_pipe_the_network_makes_its_own_heat() -> None:
    # 10 MW x 50 kEUR / 10 years + 10 MW x 8760 h x 50 EUR
    made = plan_networks(tiny(), settings())
    assert made.plan.build[0].tolist() == pytest.approx([0, 10])
    assert made.plan.objective_keur == pytest.approx(50 + 10 * 8.760 * 50)
    assert made.operation.unserved.max() == 0


def test_a_pipe_brings_the_cheap_heat_and_comes_whole() -> None:
    # 10 MW of pipe would do, one whole pipe of 40 MW at 25 kEUR per MW is laid
    made = plan_networks(tiny(pipe=True), settings())
    assert made.pipes_continuous[0, 0] == pytest.approx(10)
    assert made.plan.pipe_build[0, 0] == pytest.approx(40)
    assert made.plan.objective_keur == pytest.approx(40 * 25 / 10 + 10 * 100 / 10 + 10 * 8.760 * 10)
    assert made.operation.flow[0, 0] == pytest.approx(np.full(HOURS, 10.0))


def test_a_pipe_that_loses_heat_is_fed_more() -> None:
    case = tiny(pipe=True)
    case = replace(case, pipes=case.pipes.assign(efficiency=0.8))
    made = plan_networks(case, settings())
    assert made.operation.generation[0, CHEAP] == pytest.approx(np.full(HOURS, 12.5))
    assert made.operation.unserved.max() == pytest.approx(0, abs=1e-9)


def test_a_small_use_lays_no_pipe() -> None:
    assert plan_networks(tiny(4.0, pipe=True), settings()).plan.pipe_build.sum() == 0


@pytest.mark.parametrize(
    ("continuous", "whole"),
    [([[10.0]], [[40.0]]), ([[7.9]], [[0.0]]), ([[41.0]], [[40.0]]), ([[4.0], [6.0]], [[0.0], [40.0]]), ([[40.0], [0.0]], [[40.0], [0.0]])],
)  # fmt: skip
def test_pipes_come_whole_when_used_enough(continuous: list[list[float]], whole: list[list[float]]) -> None:
    assert whole_pipes(np.array(continuous), np.array([40.0]), 0.2).tolist() == whole


def test_unserved_heat_is_a_result_with_its_price() -> None:
    case = tiny(limit_mw=np.array([[0.0, 6.0]]))
    made = plan_networks(case, settings())
    assert made.operation.unserved[0, 1] == pytest.approx(np.full(HOURS, 4.0))
    assert plan_costs(case, made.plan)["unserved"].sum() == pytest.approx(4 * 8760 * 2.0)
    rows = loading_rows(made.case, made.plan, made.operation).set_index("asset_id")
    assert rows.loc["b-sources", ["limit_mw", "exceedance_mw", "hours"]].tolist() == pytest.approx(
        [6, 4, 8760]
    )


def test_a_tank_moves_heat_from_cheap_to_dear_hours() -> None:
    case = tiny()
    price = np.tile([0.0] * 12 + [0.1] * 12, 365)
    marginal = case.marginal.copy()
    marginal[0, DEAR] = price
    case = with_tank(replace(case, marginal=marginal), 0.01)
    made = plan_networks(case, settings())
    # all heat of the dear half of the day is made in the cheap half: 20 MW, a tank of 120 MWh
    assert made.plan.build[0, DEAR] == pytest.approx(20)
    assert made.plan.store_build[0, 0] == pytest.approx(120)
    assert plan_costs(case, made.plan)["operating"].sum() == pytest.approx(0, abs=1e-6)


def test_more_on_offer_never_costs_more() -> None:
    alone, piped = cost_of(tiny()), cost_of(tiny(pipe=True))
    tank = cost_of(with_tank(tiny(), 1.0))
    assert piped <= alone + 1e-6
    assert tank <= alone + 1e-6


def test_twice_the_demand_costs_twice() -> None:
    assert cost_of(tiny(20.0)) == pytest.approx(2 * cost_of(tiny(10.0)))


def test_every_hour_balances() -> None:
    rng = np.random.default_rng(1)
    demand = np.zeros((1, 2, HOURS))
    demand[0, 1] = 5 + 5 * rng.random(HOURS)
    demand[0, 0] = 2 * rng.random(HOURS)
    marginal = 0.01 + 0.1 * rng.random((1, 2, HOURS))
    case = with_tank(replace(tiny(pipe=True), demand_mw=demand, marginal=marginal), 1.0)
    days = choose_days(case, typical=3, extreme=1)
    assert days.weight().sum() == pytest.approx(365)
    plan = solve_plan(case, days)
    run = operate(case, days, plan)
    made = run.generation[0].copy()
    made[DEAR] += run.stored[0, 0]
    net = made + np.array([-run.flow[0, 0], run.flow[0, 0]]) + run.unserved[0]
    assert net == pytest.approx(demand[0], abs=1e-6)
    assert (run.generation[0] <= plan.build[0][:, None] + 1e-6).all()
    assert (np.abs(run.flow[0, 0]) <= plan.pipe_build[0, 0] + 1e-6).all()


def test_days_that_are_not_served_are_added() -> None:
    demand = np.zeros((1, 2, HOURS))
    demand[0, 1] = 5.0
    demand[0, 1, 2400:2424] = 30.0
    case = replace(tiny(), demand_mw=demand)
    once = plan_networks(case, settings(max_rounds=1))
    more = plan_networks(case, settings(max_rounds=3))
    assert once.operation.unserved.sum() > 0
    assert more.operation.unserved.sum() == pytest.approx(0, abs=1e-6)
    assert more.rounds == 2


def test_a_network_always_has_its_peak_capacity() -> None:
    # one cold hour on a day that is not chosen: without the design hour 25 of its 30 MW would be lacking
    demand = np.zeros((1, 2, HOURS))
    demand[0, 1] = 5.0
    demand[0, 1, 2400] = 30.0
    case = with_tank(replace(tiny(), demand_mw=demand, design_hours=100.0), 0.001)
    made = plan_networks(case, settings(max_rounds=1))
    assert made.plan.build[0, DEAR] == pytest.approx(30)
    assert made.operation.unserved.sum() == pytest.approx(0, abs=1e-6)


def test_what_cannot_be_built_is_short_in_the_design_hour() -> None:
    case = replace(tiny(limit_mw=np.array([[0.0, 6.0]])), design_hours=100.0)
    made = plan_networks(case, settings())
    assert made.plan.design_short[0] == pytest.approx([0, 4])
    assert plan_costs(case, made.plan)["design_short"].sum() == pytest.approx(4 * 100 * 2.0)


def test_heat_that_meets_in_a_pipe_is_not_netted() -> None:
    # what leaves both networks and what arrives differ by the loss of what flows, in every hour
    rng = np.random.default_rng(3)
    demand = 5 + 10 * rng.random((1, 2, HOURS))
    case = tiny(pipe=True, limit_mw=np.array([[12.0, 12.0]]))
    case = replace(case, demand_mw=demand, pipes=case.pipes.assign(efficiency=0.9, existing_mw=40.0))
    days = choose_days(case, typical=3, extreme=1)
    plan = solve_plan(case, days)
    run = operate(case, days, plan)
    lost = np.abs(run.flow[0, 0]) * 0.1
    net = run.generation[0].sum(axis=0) + run.unserved[0].sum(axis=0) - demand[0].sum(axis=0)
    assert net == pytest.approx(lost, abs=1e-6)


def test_a_balance_that_pipes_do_not_explain_is_refused() -> None:
    # 10 MW leaves A over the pipe and arrives in B as 8 MW all year: the loss of 2 MW stands in B
    case = tiny(8.0, pipe=True)
    case = replace(
        case, pipes=case.pipes.assign(efficiency=0.8, existing_mw=40.0), limit_mw=np.array([[50.0, 0.0]])
    )
    made = plan_networks(case, settings())
    rows = [("GM0001", "supply", 10.0), ("GM0002", "loss", 2.0), ("GM0002", "demand", 8.0)]
    balance = pd.DataFrame(rows, columns=["gm_code", "category", "energy_mwh"])
    balance = balance.assign(
        carrier="heat", year=2035, weather_year=2012, energy_mwh=balance["energy_mwh"] * HOURS
    )
    assert_heat_closes(balance, [(case, made.operation)])
    with pytest.raises(AssertionError, match="GM0002"):
        assert_heat_closes(balance[balance["category"] != "loss"], [(case, made.operation)])


def test_networks_that_stand_alone_are_one_problem_with_the_same_answer() -> None:
    demand = np.full((1, 2, HOURS), 10.0)
    case = replace(tiny(), demand_mw=demand)
    groups = planned_together(case)
    assert [g.tolist() for g in groups] == [[0, 1]]
    together = plan_networks(part_of(case, groups[0]), settings()).plan.objective_keur
    apart = sum(plan_networks(part_of(case, [n]), settings()).plan.objective_keur for n in (0, 1))
    assert together == pytest.approx(apart)


def test_networks_that_may_be_joined_belong_together() -> None:
    assert [g.tolist() for g in components(tiny())] == [[0], [1]]
    assert [g.tolist() for g in components(tiny(pipe=True))] == [[0, 1]]
    alone = part_of(tiny(), [1])
    assert alone.sources["source_id"].tolist() == ["dear"]
    assert alone.sources["network"].tolist() == [0]
    assert len(alone.pipes) == 0


def test_electricity_of_networks_is_a_load_per_municipality() -> None:
    made = plan_networks(tiny(), settings())
    load = load_of_networks([(made.case, made.operation)], "electricity")
    assert load.rows.to_numpy().tolist() == [[2035, 2012, "GM0002", "", "district_heat"]]
    assert load.mw[0] == pytest.approx(np.full(HOURS, 10.0))
    rows = capacity_rows(made.case, made.plan, made.pipes_continuous)
    assert rows[["asset_id", "built_mw"]].to_numpy().tolist() == [["dear", pytest.approx(10)]]


def test_the_content_of_a_pit_follows_from_week_to_week():
    """Nine days in two weather years, one chosen day for all but the last: 8 MWh in, then 1 out a day."""
    stand = np.array([0] * 8 + [1] + [1] * 9)
    left, moved, before = weeks(stand, 2, 2, np.array([1.0, 0.5]))
    assert before.tolist() == [0, 1]  # nine days are one week and two days more, taken together
    assert moved[0].tolist() == [[8, 1], [0, 9]]
    assert left[0].tolist() == [1, 1]
    assert left[1].tolist() == pytest.approx([0.5**9] * 2)
    assert moved[1, 0, 1] == 1.0  # the last day has lost nothing yet
    assert moved[1, 0, 0] == pytest.approx(sum(0.5**d for d in range(1, 9)))


def test_weeks_of_a_year_are_52_and_the_first_follows_the_last():
    left, moved, before = weeks(np.zeros(730, dtype=int), 1, 2, np.array([1.0]))
    assert moved.sum() == 730
    assert left.shape == (1, 104)
    assert (before[0], before[52], before[1]) == (51, 103, 0)


def test_a_network_in_which_nothing_is_short_is_full_and_not_too_small():
    """The peak is met by the last digit of storage; a store that gives all it has is at its limit."""
    network = {
        "network_id": "a",
        "name": "A",
        "quality": "assumed",
        "gm_code": "GM0001",
        "cluster": "c",
        "operator": "",
    }
    full = source_row(network, 10.0, np.array([5.0, 10.0 + 1e-9]), np.zeros(2))
    assert (full["loading_pct"], full["exceedance_mw"]) == (100.0, 0.0)
    short = source_row(network, 10.0, np.array([5.0, 12.0]), np.array([0.0, 2.0]))
    assert (short["loading_pct"], short["exceedance_mw"], short["hours"]) == (pytest.approx(120), 2.0, 1)


def test_the_parts_of_the_networks_balance_at_every_bus_and_hour():
    case = tiny(pipe=True)
    days = choose_days(case, typical=2, extreme=1)
    plan = solve_plan(case, days)
    run = heat_parts(case, plan, operate(case, days, plan))
    over = {place.name: np.zeros((1, HOURS)) for place in run.places}
    for part in run.parts:
        if part.component == "Link":
            over[part.bus] -= part.mw
            over[part.bus1] += part.efficiency * part.mw
        else:
            over[part.bus] += (-1.0 if part.component == "Load" else part.sign) * part.mw
    assert {part.component for part in run.parts} == {"Load", "Generator", "Link"}
    assert max(np.abs(values).max() for values in over.values()) < 1e-6
    assert sum(part.mw.sum() for part in run.parts if part.component == "Load") == pytest.approx(10 * HOURS)
