"""Bad rows about heat networks are named with file, row and remedy."""

from __future__ import annotations

import pandas as pd
from pmiek.inputs.rules import check_rules


def test_a_pipe_with_equal_ends_is_named() -> None:
    pipes = pd.DataFrame({"network0": ["a", "a"], "network1": ["b", "a"]}, index=[2, 3])
    (problem,) = check_rules({"heat/pipes": pipes})
    assert (problem.file, problem.row, problem.column, problem.value) == (
        "inputs/heat/pipes.csv",
        3,
        "network1",
        "a",
    )


def test_shares_of_networks_that_do_not_add_to_one_are_named() -> None:
    served = pd.DataFrame(
        {
            "gm_code": ["GM0001", "GM0001", "GM0002"],
            "sector": "homes",
            "network_id": ["a", "b", "a"],
            "share": [0.7, 0.6, 1.0],
        },
        index=[2, 3, 4],
    )
    (problem,) = check_rules({"heat/served_by": served})
    assert problem.value == "1.3 in total for homes of GM0001"
    assert problem.row == 2
    assert problem.expected == "shares that add to 1"
