"""Only a proven optimum is a result; everything else says why in words."""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pmiek.errors import SolveError
from pmiek.optimise.solve.diagnosis import elastic_slack
from pmiek.optimise.solve.gate import SIMPLEX_OPTIONS, _algorithm, solve_model

STATION = pd.Index(["Beilen", "Hoogeveen"], name="station")
HOUR = pd.RangeIndex(3, name="hour")


def small(need: list[list[float]], most: float = 5.0) -> linopy.Model:
    model = linopy.Model()
    x = model.add_variables(lower=0, upper=most, coords=[STATION, HOUR], name="supply")
    model.add_constraints(x >= pd.DataFrame(need, index=STATION, columns=HOUR), name="take_off")
    model.add_constraints(x.sum("station") >= 4, name="together")
    model.add_objective(x.sum())
    return model


def random_lp(rows: int = 40, columns: int = 80) -> linopy.Model:
    rng = np.random.default_rng(1)
    model = linopy.Model()
    x = model.add_variables(lower=0, coords=[pd.RangeIndex(columns, name="c")], name="x")
    matrix = xr.DataArray(rng.random((rows, columns)), dims=["r", "c"])
    model.add_constraints((x * matrix).sum("c") >= xr.DataArray(rng.random(rows) * 10, dims="r"), name="need")
    model.add_objective((x * xr.DataArray(rng.random(columns) + 0.1, dims="c")).sum())
    return model


def test_an_optimum_comes_with_its_record():
    record = solve_model(small([[1, 2, 3], [1, 3, 1]]), label="t", options=SIMPLEX_OPTIONS)
    assert (record.status, record.condition, record.objective) == ("ok", "optimal", 13.0)
    assert (record.rows, record.columns, record.nonzeros) == (9, 6, 12)
    assert record.peak_memory_mb > 10


def test_infeasible_names_station_hour_and_limit():
    with pytest.raises(SolveError, match="warning, infeasible") as error:
        solve_model(small([[1, 2, 3], [1, 9, 1]]), label="winter", options=SIMPLEX_OPTIONS)
    assert error.value.diagnosis[:-1] == ("take_off at station=Hoogeveen, hour=1 needs 4 more",)
    assert error.value.diagnosis[-1].startswith("ranges of the figures: matrix 1e+00 to 1e+00, ")


def test_own_words_and_suspects_come_first():
    with pytest.raises(SolveError) as error:
        solve_model(
            small([[1, 2, 3], [1, 9, 1]]),
            label="t",
            options=SIMPLEX_OPTIONS,
            describe=lambda family, at: f"{family} in {at['station']}",
            suspects=lambda: ["peak above capacity"],
        )
    assert error.value.diagnosis[:-1] == ("peak above capacity", "take_off in Hoogeveen needs 4 more")


def test_crossed_bounds_are_found_before_the_elastic_run():
    model = small([[0, 0, 0], [0, 0, 0]])
    model.add_variables(lower=3, upper=1, coords=[STATION], name="share")
    with pytest.raises(SolveError) as error:
        solve_model(model, label="t", options=SIMPLEX_OPTIONS)
    assert error.value.diagnosis[:-1] == (
        "share at station=Beilen: the least allowed (3) is above the most allowed (1) (2 such)",
    )


def test_a_figure_that_is_no_number_is_named_before_the_solver_starts():
    model = small([[0, 0, 0], [0, 0, 0]])
    model.add_variables(lower=0, upper=float("nan"), coords=[STATION], name="share")
    with pytest.raises(SolveError, match="HiGHS was not started") as error:
        solve_model(model, label="t", options=SIMPLEX_OPTIONS)
    assert error.value.diagnosis == ("share at station=Beilen: the upper bound is not a number (2 such)",)


@pytest.mark.parametrize("solver", ["simplex", "ipx"])
def test_a_solve_that_ran_out_of_time_is_no_result(solver):
    with pytest.raises(SolveError, match="time_limit"):
        solve_model(random_lp(), label="t", options={"solver": solver, "time_limit": 0.0})


def test_iteration_limit_is_no_result():
    with pytest.raises(SolveError, match="not a result"):
        solve_model(random_lp(), label="t", options={"solver": "simplex", "simplex_iteration_limit": 1})


def test_unbounded_points_at_a_cost():
    model = linopy.Model()
    x = model.add_variables(lower=0, name="x")
    model.add_objective(-1 * x)
    with pytest.raises(SolveError) as error:
        solve_model(model, label="t", options=SIMPLEX_OPTIONS)
    assert error.value.diagnosis


@pytest.mark.parametrize("solver", ["simplex", "hipo", "ipx"])
def test_the_algorithm_that_was_asked_is_the_one_that_ran(solver):
    options = {"solver": solver} | ({} if solver == "simplex" else {"run_crossover": "off"})
    assert solve_model(random_lp(), label="t", options=options).algorithm == solver


def test_a_silent_fallback_is_an_error():
    with pytest.raises(SolveError, match="asked to solve with hipo and solved with simplex"):
        _algorithm("Using dual simplex solver", "hipo", "t")


def test_elastic_slack_is_empty_for_a_feasible_model():
    assert elastic_slack(small([[1, 2, 3], [1, 3, 1]])).empty


def test_a_small_integer_problem_has_the_right_answer():
    model = linopy.Model()
    units = model.add_variables(lower=0, integer=True, coords=[STATION], name="units")
    model.add_constraints(units * 90 >= xr.DataArray([100, 40], coords=[STATION]), name="need")
    model.add_objective(units.sum())
    record = solve_model(model, label="t", options={})
    assert record.objective == pytest.approx(3.0)


def test_another_thread_count_still_ends_optimal():
    for threads in (1, 2, 1):
        assert (
            solve_model(random_lp(), label="t", options=SIMPLEX_OPTIONS, threads=threads).condition
            == "optimal"
        )
