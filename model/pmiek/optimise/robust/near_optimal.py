"""How much freedom a plan leaves: the least and the most of each kind at nearly the same cost.

The budget is a row on the objective itself, and the true cost of every corner is computed again from its
solution: what a library rebuilds from statistics misses the weights of periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pmiek.errors import SolveError
from pmiek.optimise.robust.future import Future
from pmiek.optimise.robust.program import Solver
from pmiek.optimise.solve.case import Array

#: Kinds of the electricity pathway: what is counted (last pathway year in service, or per year of operation).
KINDS = {
    "stations": ("station_transformer", "new_station", "option"),
    "circuits": ("circuit",),
    "coupling": ("coupling_transformer",),
    "batteries": ("battery_power",),
    "curtailment": ("curtailed",),
    "contracts": ("flexible_contract",),
}
SLACK_PCT = (2.0, 5.0, 10.0)
#: What the true cost of a corner may exceed its budget by, as a share.
BUDGET_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Corner:
    """One end of a range.

    Attributes
    ----------
    slack_pct : float
    kind, sense : str
    value : float
        MW in service in the last pathway year, or MWh per year as a mean over the pathway.
    unit : str
    true_cost_keur, budget_keur : float
    """

    slack_pct: float
    kind: str
    sense: str
    value: float
    unit: str
    true_cost_keur: float
    budget_keur: float


def direction(future: Future, kind: str) -> tuple[Array, str]:
    """Return the weight of each column in the amount of a kind, and its unit."""
    weight = np.zeros(len(future.program.cost))
    years = np.diff([*future.case.years, future.case.years[-1] + future.case.tail_years]).astype(float)
    unit = "MW"
    for name in KINDS[kind]:
        if f"cap_{name}" in future.columns:
            size = np.ones(future.columns[f"cap_{name}"].shape[1])
            if name == "option":
                size = future.case.options["capacity_mw"].to_numpy(dtype=float)
            weight[future.columns[f"cap_{name}"][-1]] += size
        elif name in future.columns:
            unit = "GWh/year"
            days = future.weight / future.case.discount()[future.slots.period]
            per_slot = days * years[future.slots.period] / years.sum() / 1e3
            weight[future.columns[name]] += per_slot[:, None]
    return weight, unit


def corners(
    future: Future,
    best_keur: float,
    *,
    slacks_pct: Sequence[float] = SLACK_PCT,
    kinds: Sequence[str] = tuple(KINDS),
) -> list[Corner]:
    """Find the least and the most of each kind within a budget.

    Parameters
    ----------
    future : Future
        With the rows of its best plan.
    best_keur : float
        Cost of that plan.
    slacks_pct : sequence of float
        How much dearer a plan may be, % of the best.
    kinds : sequence of str
        Keys of ``KINDS``; one that this future cannot have is left out.

    Returns
    -------
    list of Corner

    Raises
    ------
    SolveError
        If a solve is not optimal, or if the true cost of a corner passes its budget.
    """
    program = future.program
    bounded = program.with_rows(
        sp.csr_array(program.cost[None, :]), np.array([-np.inf]), np.array([best_keur])
    )
    found = []
    for slack in slacks_pct:
        budget = best_keur * (1 + slack / 100)
        solver = Solver(
            replace(bounded, row_upper=np.append(program.row_upper, budget)),
            f"{future.name} within {slack} %",
        )
        for kind in kinds:
            weight, unit = direction(future, kind)
            if not weight.any():
                continue
            for sense, sign in (("min", 1.0), ("max", -1.0)):
                values, _ = solver.solve(
                    replace(solver.program, cost=sign * weight),
                    label=f"{future.name} {sense} {kind} within {slack} %",
                )
                true = float(program.cost @ values)
                if true > budget * (1 + BUDGET_TOLERANCE):
                    message = (
                        f"{sense} {kind} in {future.name} costs {true:.3f} kEUR, the budget is {budget:.3f}"
                    )
                    raise SolveError(message, ["the budget row is not kept"])
                found.append(Corner(slack, kind, sense, float(weight @ values), unit, true, budget))
    return found


def corner_table(future: Future, variant: str, found: Sequence[Corner]) -> pd.DataFrame:
    """Write the corners as rows of ``near_optimal``."""
    return pd.DataFrame(
        [
            {
                "storyline": future.name,
                "variant": variant,
                "slack_pct": corner.slack_pct,
                "kind": corner.kind,
                "sense": corner.sense,
                "value": max(0.0, corner.value),
                "unit": corner.unit,
                "true_cost_meur": corner.true_cost_keur / 1e3,
                "budget_meur": corner.budget_keur / 1e3,
            }
            for corner in found
        ]
    )
