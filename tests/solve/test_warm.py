"""Starting from the optimum before, rows that enter a few at a time, and days that are operated apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.solve import solution as solving
from pmiek.optimise.solve.case import Build, HvGrid
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.gate import solve_model
from pmiek.optimise.solve.hv_rows import HvRows
from pmiek.optimise.solve.pathway import Settings, answered_classes, run_pathway
from pmiek.optimise.solve.program import build_program
from pmiek.optimise.solve.solution import _keys, operate, solve_case
from pmiek.optimise.solve.warm import Start

SIMPLEX = {"solver": "simplex"}
BATTERIES = Build(new_stations=False)


def line(rating_mw: float) -> HvGrid:
    """One line that carries two stations, no outages."""
    table = pd.DataFrame(
        {
            "element_id": ["L#0"],
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
    nothing = np.zeros((0, 1, 2))
    return HvGrid(
        table, np.ones((1, 2)), nothing, (), np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1, 2), rating_mw)
    )


@pytest.fixture
def shared_line(case, year_with_peaks):
    """Two stations with peaks in the same hours: their line exceeds in eight hours of two days."""
    hours = (8, 12, 17, 18)
    one = year_with_peaks(10.0, 70.0, hours, (10, 20))
    two = np.where(one > 50, one - np.arange(8760) % 24, one)
    return case(
        {2035: np.stack([one, two])},
        stations=("A", "B"),
        build=BATTERIES,
        hv=(line(60.0),),
        battery=(400.0, 200.0),
    )


def test_a_problem_started_from_its_own_optimum_needs_no_iteration(shared_line):
    days = choose_days(shared_line, typical=1, extreme=2)
    solved = solve_case(shared_line, days, label="t", options=SIMPLEX)
    again = solve_case(shared_line, days, label="t", options=SIMPLEX, rows=solved.rows, start=solved.start)
    assert again.objective_keur == pytest.approx(solved.objective_keur, rel=1e-9)
    assert [record.iterations for record in again.records] == [0]


def test_more_days_end_at_the_same_optimum_from_wherever_they_start(shared_line):
    days = choose_days(shared_line, typical=1, extreme=1)
    first = solve_case(shared_line, days, label="t", options=SIMPLEX)
    more = days.with_days(np.array([10, 20]))
    cold = solve_case(shared_line, more, label="t", options=SIMPLEX)
    warm = solve_case(shared_line, more, label="t", options=SIMPLEX, rows=first.rows, start=first.start)
    assert len(more.day) > len(days.day)
    assert warm.objective_keur == pytest.approx(cold.objective_keur, rel=1e-6)


def test_rows_that_enter_one_at_a_time_give_the_plan_of_all_at_once(shared_line, monkeypatch):
    days = choose_days(shared_line, typical=1, extreme=2)
    monkeypatch.setattr(solving, "ROWS_AT_ONCE", 1000)
    every = solve_case(shared_line, days, label="t", options=SIMPLEX, tolerance=0.0)
    monkeypatch.setattr(solving, "ROWS_AT_ONCE", 1)
    few = solve_case(shared_line, days, label="t", options=SIMPLEX, tolerance=0.0, most_passes=20)
    assert every.rows is not None
    assert few.rows is not None
    assert len(few.rows) < len(every.rows)
    assert few.objective_keur == pytest.approx(every.objective_keur, rel=1e-6)


def test_a_start_from_another_problem_is_mended(shared_line, case, year_with_peaks):
    """Other days, no rows: what is known is used, the rest starts at a bound, the optimum is the same."""
    days = choose_days(shared_line, typical=1, extreme=2)
    start = solve_case(shared_line, days, label="t", options=SIMPLEX).start
    assert start is not None
    alone = case({2035: year_with_peaks(10.0, 70.0, days=(10,))}, build=BATTERIES)
    chosen = choose_days(alone, typical=1, extreme=1)
    model, slots, _ = build_program(alone, chosen)
    keys = _keys(alone, chosen, slots, None)
    cold = solve_model(model, label="t", options=SIMPLEX).objective
    assert solve_model(model, label="t", options=SIMPLEX, basis=start.basis(model, keys)).objective == (
        pytest.approx(cold, rel=1e-9)
    )


def test_no_basis_no_start(shared_line):
    """An interior point without crossover leaves no basis; the next problem then starts cold."""
    days = choose_days(shared_line, typical=1, extreme=1)
    model, slots, _ = build_program(shared_line, days)
    solve_model(model, label="t", options={"solver": "ipx", "run_crossover": "off"})
    assert Start.of(model, _keys(shared_line, days, slots, None)) is None


def rows(room: list[float], day: list[int], element: list[int]) -> HvRows:
    size = len(room)
    whole, one = np.zeros(size, dtype=np.int64), np.ones((size, 1))
    return HvRows(
        whole,
        np.array(day),
        whole,
        np.array(element),
        whole,
        np.ones(size),
        one,
        np.array(room),
        one[:, 0],
        one,
    )


def test_the_worst_rows_per_element_enter_first():
    found = rows([-1.0, -5.0, -3.0, -2.0], [0, 1, 2, 0], [0, 0, 0, 1])
    assert found.worst(2).room_mw.tolist() == [-5.0, -3.0, -2.0]


def test_rows_follow_their_day_when_the_choice_is_put_in_another_order():
    found = rows([-1.0, -5.0], [0, 1], [0, 0])
    kept = found.on_days(np.array([300, 40]), np.array([7, 40]))
    assert kept is not None
    assert (kept.day.tolist(), kept.room_mw.tolist()) == ([1], [-5.0])
    assert kept.identity(np.array([7, 40])).tolist() == found.identity(np.array([300, 40]))[1:].tolist()
    assert found.on_days(np.array([300, 40]), np.array([7])) is None


@pytest.mark.parametrize("size", [1, 3])
def test_days_that_are_operated_apart_give_what_they_give_together(shared_line, monkeypatch, size):
    monkeypatch.setattr(solving, "DAYS_TOGETHER", size)
    days = choose_days(shared_line, typical=2, extreme=2)
    plan = solve_case(shared_line, days, label="t", options=SIMPLEX)
    fixed = {
        name: 0.5 * table for name, table in plan.capacity.items()
    }  # too little: something is not served
    together = solve_case(shared_line, days, label="t", options=SIMPLEX, fixed=fixed)
    apart = operate(shared_line, days, label="t", options=SIMPLEX, fixed=fixed)
    assert together.operation["unserved"].sum() > 0
    assert apart.objective_keur == pytest.approx(together.objective_keur, rel=1e-9)
    assert apart.operation["unserved"].sum() == pytest.approx(together.operation["unserved"].sum(), rel=1e-9)
    assert apart.net_mw.shape == together.net_mw.shape
    assert len(apart.records) >= len(days.day) / size


@pytest.mark.parametrize(
    ("build", "answered"),
    [
        (Build(), ("circuit", "coupling_transformer")),
        (Build(circuits=False), ("coupling_transformer",)),
        (Build(circuits=False, coupling_transformers=False), ()),
        (Build(False, False, False, False, False), ()),
    ],
)
def test_a_plan_answers_the_limits_that_it_may_build_for(build, answered):
    assert answered_classes(build) == answered


def test_a_variant_without_circuits_buys_nothing_for_a_line_and_shows_what_does_not_fit(shared_line):
    without = replace(shared_line, build=replace(BATTERIES, circuits=False, coupling_transformers=False))
    quick = Settings(typical_days=1, extreme_days=2, max_rounds=3, options=SIMPLEX)
    cases = (shared_line, without, replace(without, hv=()))
    with_line, result, no_line = (run_pathway(case, quick) for case in cases)
    assert with_line.rounded.build["circuit"].to_numpy().sum() > 0
    assert result.rounded.build["circuit"].to_numpy().sum() == 0
    for name, table in no_line.rounded.build.items():
        assert result.rounded.build[name].equals(table)
    assert result.rounds["all_hours_gap_pct"].isna().all()
    assert abs(with_line.rounds["all_hours_gap_pct"].iloc[-1]) < 100
    unserved = result.dispatch_summary.set_index("measure").loc["unserved", "chosen_days_mwh"].sum()
    assert unserved > 0  # 60 MW of line for two stations: the operation is held to it
