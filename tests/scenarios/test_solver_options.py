"""Solver options are held against HiGHS before a run."""

from __future__ import annotations

import pytest
from pmiek.config.solver_options import check_solver_options


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("time_limt", 1, "Did you mean 'time_limit'"),
        ("time_limit", 1, "no result"),
        ("threads", 4, "solver.threads"),
        ("presolve", "maybe", "off, choose, on"),
        ("presolve", False, "between quotes"),
        ("simplex_strategy", 99, "a value that HiGHS takes"),
        ("mip_rel_gap", 0.5, "at most 0.05"),
        ("mip_rel_gap", "small", "a value that HiGHS takes"),
    ],
)
def test_a_wrong_option_is_named_at_its_key(name, value, words):
    (problem,) = check_solver_options("solver.options", {name: value}, "base.yaml")
    assert problem.column == f"solver.options.{name}"
    assert words in str(problem)


def test_right_options_are_taken():
    options = {"solver": "hipo", "run_crossover": "off", "ipm_optimality_tolerance": 1e-4}
    assert check_solver_options("solver.options", options, "base.yaml") == []
