"""Tiny pipe networks whose answer is known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import SolveError
from pmiek.optimise.pipes import PipeCase, dispatch, plan_pipes
from pmiek.optimise.pipes.dispatch import residual_mw
from pmiek.optimise.pipes.tables import Payers, capacity_rows, cost_rows, link_loading

HOURS = 8760


def network(
    *,
    made_mw: float = 10.0,
    demand_mw: float = 4.0,
    existing_mw: float = 0.0,
    capex_keur: float = 100.0,
    may_build: bool = True,
    lost_eur: float = 50.0,
) -> PipeCase:
    """Area A makes and uses gas and hangs on the grid G; a booster of 4 MW per unit lifts what is left.

    No interest, a lifetime of 40 years, one period of five years: a unit costs capex / 40 per year.
    """
    capex = capex_keur
    nodes = pd.DataFrame(
        {"name": ["Area", "Grid"], "gm_code": ["GM0001", ""], "cluster": ["A", ""], "operator": "Gasco"},
        index=pd.Index(["A", "G"], name="node_id"),
    )
    links = pd.DataFrame(
        [
            ["G", "A", False, "gas_reduction", "down", "Gasco", 0.0, 0, 0.0, 0.0, 40.0, False, np.nan, 0.0],
            ["A", "G", False, "gas_booster", "up", "Gasco", 4.0, 5, capex, 0, 40, may_build, np.nan, 0],
        ],
        index=pd.Index(["down", "up"], name="link_id"),
        columns=[
            "node0", "node1", "both_ways", "asset_class", "name", "payer", "unit_mw", "max_units",
            "capex_keur", "fixed_om", "lifetime", "may_build", "first_year", "operating_eur",
        ],
    )  # fmt: skip
    sources = pd.DataFrame(
        {
            "node_id": ["A", "G"],
            "payer": ["farm", ""],
            "must_run": [True, False],
            "sector": ["green_gas", "import"],
        },
        index=pd.Index(["farm", "import"], name="source_id"),
    )
    demand = np.zeros((1, 2, HOURS))
    demand[0, 0] = demand_mw
    available = np.zeros((1, 2, HOURS))
    available[0] = np.array([[made_mw], [1000.0]])
    return PipeCase(
        carrier="methane",
        storyline="test",
        variant="v",
        years=(2035,),
        tail_years=5,
        first_year=2035,
        discount_rate_per_year=0.0,
        weather_years=(2022,),
        nodes=nodes,
        demand_mw=demand,
        sources=sources,
        available_mw=available,
        price_eur=np.zeros((1, 2, HOURS)),
        lost_eur=np.array([lost_eur, 0.0]),
        sinks=pd.DataFrame({"node_id": ["G"], "payer": [""]}, index=pd.Index(["grid"])),
        sink_eur=np.zeros((1, 1)),
        links=links,
        existing_mw=np.array([[100.0, existing_mw]]),
        unserved_eur=5000.0,
        typical_days=2,
        extreme_days=1,
    )


def test_surplus_beyond_the_booster_is_lost():
    case = network(existing_mw=4.0, may_build=False)
    flow = dispatch(case, 0, case.existing_mw[0])
    assert flow.used[0] == pytest.approx(np.full(HOURS, 8.0))  # 4 at home, 4 through the booster
    assert flow.forward[1] == pytest.approx(np.full(HOURS, 4.0))
    assert flow.unserved.sum() == 0
    assert residual_mw(case, 0, flow).max() < 1e-9


def test_the_grid_serves_what_the_area_lacks_and_the_station_limits_it():
    case = network(made_mw=1.0, demand_mw=120.0, may_build=False)
    flow = dispatch(case, 0, case.existing_mw[0])
    assert flow.forward[0] == pytest.approx(np.full(HOURS, 100.0))
    assert flow.unserved[0] == pytest.approx(np.full(HOURS, 19.0))


def test_whole_boosters_are_built_when_lost_gas_is_dearer():
    plan = plan_pipes(network())
    assert plan.built_mw.loc[2035, "up"] == 8.0  # 6 MW surplus: two units of 4 MW
    assert plan.continuous_mw.loc[2035, "up"] == pytest.approx(6.0)
    # 1.5 units of 100 kEUR over 40 years, five years long, against two whole units
    assert plan.chosen_days_keur == pytest.approx(1.5 * 100 / 40 * 5, rel=1e-6)
    assert plan.all_hours_keur == pytest.approx(2 * 100 / 40 * 5, rel=1e-6)


def test_lost_gas_is_chosen_when_a_booster_costs_more():
    plan = plan_pipes(network(capex_keur=1e9))
    assert plan.built_mw.loc[2035, "up"] == 0.0
    costs = cost_rows(plan, Payers(lost="farm")).set_index("category")
    assert costs.loc["curtailment", "cost_meur_per_year"] == pytest.approx(6 * HOURS * 50 / 1e6)
    assert set(costs["payer"]) == {"farm"}


def test_costs_add_to_the_cost_of_the_plan():
    plan = plan_pipes(network())
    assert cost_rows(plan, Payers(lost="farm"))["cost_meur_npv"].sum() == pytest.approx(
        plan.all_hours_keur / 1e3
    )


def test_more_capacity_never_raises_what_is_lost():
    lost = []
    for mw in (0.0, 2.0, 5.0, 6.0, 9.0):
        case = network(existing_mw=mw, may_build=False)
        lost.append((case.available_mw[0, 0] - dispatch(case, 0, case.existing_mw[0]).used[0]).sum())
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] == pytest.approx(0.0)


def test_ten_times_as_much_gas_needs_ten_times_the_flow():
    small, large = network(existing_mw=4.0), network(made_mw=100.0, demand_mw=40.0, existing_mw=40.0)
    first, second = (dispatch(c, 0, c.existing_mw[0]) for c in (small, large))
    assert second.forward == pytest.approx(10 * first.forward)


def test_an_existing_booster_is_a_row_of_capacity_and_of_loading():
    case = network(existing_mw=4.0, may_build=False)
    plan = plan_pipes(case)
    capacity = capacity_rows(plan).set_index("asset_id")
    assert capacity.loc["up", ["existing_mw", "built_mw"]].tolist() == [4.0, 0.0]
    assert "down" not in capacity.index
    loading = link_loading(case, 2035, plan.flows[0], plan.capacity_mw(0), "v").set_index("asset_id")
    assert loading.loc["up", "loading_pct"] == pytest.approx(100.0)
    assert loading.loc["up", "exceedance_mw"] == 0.0


def test_an_end_that_is_no_node_is_named():
    case = network()
    with pytest.raises(ValueError, match="Z is no node"):
        replace(case, links=case.links.assign(node1=["A", "Z"]))


def test_a_missing_number_is_refused():
    case = network()
    with pytest.raises(SolveError, match="demand_mw, 2035, A, hour 1 of all weather years: not a number"):
        replace(case, demand_mw=np.full_like(case.demand_mw, np.nan))
