"""What a run wrote, read as builds that another future can hold; and flows that a decision leaves on the grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.robust.builds import decided_builds
from pmiek.optimise.robust.future import BUILDS, future_of
from pmiek.optimise.robust.program import solve
from pmiek.optimise.robust.regret import Decision, try_decisions
from pmiek.optimise.solve.case import OPTION_COLUMNS, Build, HvGrid
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.solution import solve_case


def line(rating_mw: float) -> HvGrid:
    """One circuit over which both stations are fed."""
    table = pd.DataFrame(
        {
            "element_id": ["L"],
            "asset_id": ["L"],
            "asset_class": ["circuit"],
            "cluster": ["A"],
            "payer": ["TSO"],
            "existing_mw": [rating_mw],
            "unit_mw": [250.0],
            "capex_keur_per_mw": [50.0],
            "buildable": [True],
        }
    )
    return HvGrid(
        table,
        np.ones((1, 2)),
        np.zeros((0, 1, 2)),
        (),
        np.ones((1, 1)),
        np.zeros((1, 1)),
        np.full((1, 1, 2), rating_mw),
    )


@pytest.fixture
def on_a_line(case, year_with_peaks):
    peak = year_with_peaks(10.0, 50.0)
    return case(
        {2035: np.stack([peak, peak])},
        units=(90.0, 90.0),
        stations=("A", "B"),
        hv=(line(60.0),),
        build=Build(batteries=False, new_stations=False),
    )


def test_the_arrays_have_the_optimum_of_the_pathway(on_a_line):
    days = choose_days(on_a_line, typical=2, extreme=2)
    future, (best,) = try_decisions(future_of(on_a_line, days), [], last_year=2035, tolerance=0.0)
    solved = solve_case(on_a_line, days, label="t", options={"solver": "simplex"}, tolerance=0.0)
    assert best.cost_keur == pytest.approx(solved.objective_keur, rel=1e-6)
    assert future.built(best.solution)["amount"].tolist() == pytest.approx([40.0], abs=1e-3)


def test_a_decision_without_the_circuit_lets_those_behind_it_wait(on_a_line):
    days = choose_days(on_a_line, typical=2, extreme=2)
    nothing = Decision("variant", "nothing", pd.DataFrame(columns=BUILDS))
    future, (best, held) = try_decisions(future_of(on_a_line, days), [nothing], last_year=2035, tolerance=0.0)
    assert future.most_mw(held.solution, ["unserved"], 0) == pytest.approx(40.0, abs=1e-3)
    assert held.solution[future.columns["overload"]].max() == pytest.approx(0.0, abs=1e-6)
    # 40 MWh in each of five years at 50 kEUR
    assert held.waiting_keur == pytest.approx(40 * 50 * 5, rel=1e-4)
    assert best.waiting_keur == pytest.approx(0.0)


def test_a_flow_that_nobody_can_take_away_is_told_as_overload_and_not_as_no_answer(on_a_line):
    transit = replace(line(60.0), base_flow_mw=np.full((1, 1), 200.0))
    blocked = replace(on_a_line, hv=(transit,), build=Build(False, False, False, False, False))
    days = choose_days(blocked, typical=2, extreme=2)
    future, (best,) = try_decisions(future_of(blocked, days), [], last_year=2035, tolerance=0.0)
    assert best.solution[future.columns["overload"]].max() > 100.0


def test_what_a_run_wrote_comes_back_as_builds(case, year_with_peaks):
    one = case({2035: year_with_peaks(10.0, 50.0), 2045: year_with_peaks(10.0, 60.0)})
    planned = pd.DataFrame([("P", "Plan", "A", "TSO", 200.0, 80e3, 2035.0)], columns=OPTION_COLUMNS)
    one = replace(one, options=planned, option_share=np.zeros((1, 1)))
    rows = [
        ("A", "station_transformer", 2035, 90.0, 12.0),
        ("A", "station_transformer", 2045, 90.0, 20.0),
        ("A:new-station", "new_station", 2035, 270.0, 30.0),
        ("P", "new_station", 2035, 200.0, 100.0),
        ("A:battery", "battery_power", 2045, 5.0, 5.0),
        ("mv-GM1", "mv_station", 2035, 40.0, 40.0),
    ]
    columns = ["asset_id", "asset_class", "year", "built_mw", "built_continuous_mw"]
    capacity = pd.DataFrame(rows, columns=columns).assign(carrier="electricity")
    found = decided_builds(capacity, one, 2035).set_index(["asset_class", "asset_id"])["amount"].to_dict()
    assert found == {
        ("station_transformer", "A"): 12.0,
        ("new_station", "A"): 30.0,
        ("option", "P"): 0.5,
    }
    later = decided_builds(capacity, one, 2045)
    grown = later[(later["asset_class"] == "station_transformer") & (later["year"] == 2045)]
    assert grown["amount"].tolist() == [8.0]
    future = future_of(one, choose_days(one, typical=2, extreme=2))
    columns, amounts = future.amounts(later, 2045)
    # batteries, new stations and P are not on offer in this future, so what was decided of them is not held
    assert sorted(amounts[amounts > 0]) == [8.0, 12.0]
    solved, _ = solve(future.program.held(columns, amounts), "t")
    assert future.built(solved)["amount"].tolist() == [12.0, 8.0]
