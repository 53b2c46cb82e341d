"""What it costs to have decided for another future: early builds held, everything later completed at least cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.optimise.robust.future import BUILDS, Future
from pmiek.optimise.robust.program import Solver
from pmiek.optimise.solve.case import Array

#: Passes in which high-voltage rows enter before what is still exceeded is only told.
MOST_PASSES = 6
#: A regret below zero by less than this share of the cost is the solver's tolerance and told as zero.
GAP = 1e-6
#: What is not served or not taken in: those who wait.
WAITING = ("unserved", "refused")
#: Generation that the grid turns away, and what batteries lose: it must come from elsewhere.
LOST = ("curtailed", "refused")


@dataclass(frozen=True, eq=False)
class Decision:
    """What somebody decides early.

    Attributes
    ----------
    kind : str
        storyline, variant or two_stage.
    name : str
    builds : DataFrame
        Columns ``BUILDS``: what is in service by the year up to which is decided.
    """

    kind: str
    name: str
    builds: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Outcome:
    """A decision, completed in a future.

    Attributes
    ----------
    decision : Decision or None
        None for the best plan of the future, which decides freely.
    cost_keur : float
        Present value of all cost, with the price of what waits.
    waiting_keur : float
        Part of it that prices what waits.
    solution : array
        Values of the columns.
    """

    decision: Decision | None
    cost_keur: float
    waiting_keur: float
    solution: Array


def try_decisions(
    future: Future, decisions: Sequence[Decision], *, last_year: int, tolerance: float
) -> tuple[Future, list[Outcome]]:
    """Complete every decision in a future, and find the best plan there, all under the same rows.

    Parameters
    ----------
    future : Future
    decisions : sequence of Decision
    last_year : int
        Builds in service by this year are held; all later ones are free.
    tolerance : float
        Share of a rating that may be exceeded.

    Returns
    -------
    (Future, list of Outcome)
        The future with all rows, and the best plan first, then the decisions in their order.

    Raises
    ------
    SolveError
        If a solve is not optimal, or if a decision costs less than the best plan by more than the gap.

    Notes
    -----
    High-voltage rows that any of the plans exceeds enter for all of them, and all are solved again: a plan never
    looks better than another because fewer rows were asked of it.
    """
    for turn in range(MOST_PASSES):
        outcomes = _complete(future, decisions, last_year)
        if turn == MOST_PASSES - 1:
            break
        fresh = [
            found
            for outcome in outcomes
            if (found := future.exceeded(outcome.solution, tolerance)) is not None
        ]
        if not fresh:
            break
        future = future.with_rows(fresh)
    best = outcomes[0].cost_keur
    for outcome in outcomes[1:]:
        if outcome.cost_keur < best - GAP * max(1.0, abs(best)):
            decided = "" if outcome.decision is None else outcome.decision.name
            message = (
                f"{decided} in {future.name} costs {outcome.cost_keur:.3f} kEUR, the best plan {best:.3f}"
            )
            raise SolveError(message, ["a plan that decides freely cannot cost more"])
    return future, outcomes


def _complete(future: Future, decisions: Sequence[Decision], last_year: int) -> list[Outcome]:
    solver = Solver(future.program, f"{future.name} best plan")
    values, cost = solver.solve()
    outcomes = [Outcome(None, cost, waiting_keur(future, values), values)]
    for decision in decisions:
        columns, amounts = future.amounts(decision.builds, last_year)
        held = future.program.held(columns, amounts)
        values, cost = solver.solve(held, label=f"{future.name} with {decision.kind} {decision.name}")
        outcomes.append(Outcome(decision, cost, waiting_keur(future, values), values))
    return outcomes


def waiting_keur(future: Future, values: Array) -> float:
    """Return the part of the objective that prices what waits and what overloads the high-voltage grid, kEUR."""
    names = [name for name in (*WAITING, "overload") if name in future.columns]
    columns = np.concatenate([future.columns[name].ravel() for name in names]) if names else np.zeros(0, int)
    return float(future.program.cost[columns] @ values[columns])


def regret_table(
    future: Future,
    outcomes: Sequence[Outcome],
    *,
    t_per_mwh: Array,
    ha_per_amount: dict[str, float],
) -> pd.DataFrame:
    """Write what every decision costs, leaves waiting and takes in one future, against the best plan there.

    Parameters
    ----------
    future : Future
    outcomes : sequence of Outcome
        From :func:`try_decisions`: the best plan first.
    t_per_mwh : array (period)
        CO2 of electricity from elsewhere.
    ha_per_amount : dict
        Space per MW (per whole planned station) of a class of assets.

    Returns
    -------
    DataFrame
        Columns decision_kind, decision, future, extra_cost_meur, extra_without_waiting_meur, waiting_mw,
        waiting_gwh, co2_kt, space_ha; without ``is_best``, which needs all futures. What waits is
        of the first pathway year, in which a choice can not be mended any more; CO2 and space are the
        difference from the best plan of the future, CO2 per year as a mean over the pathway, space in its
        last year.
    """
    best = outcomes[0]
    rows = []
    for outcome in outcomes[1:]:
        assert outcome.decision is not None
        extra = max(0.0, outcome.cost_keur - best.cost_keur)
        priced = outcome.waiting_keur - best.waiting_keur
        rows.append(
            {
                "decision_kind": outcome.decision.kind,
                "decision": outcome.decision.name,
                "future": future.name,
                "extra_cost_meur": extra / 1e3,
                "extra_without_waiting_meur": (outcome.cost_keur - best.cost_keur - priced) / 1e3,
                "waiting_mw": future.most_mw(outcome.solution, WAITING, 0),
                "waiting_gwh": future.yearly_mwh(outcome.solution, WAITING)[0] / 1e3,
                "co2_kt": (
                    co2_kt(future, outcome.solution, t_per_mwh) - co2_kt(future, best.solution, t_per_mwh)
                ),
                "space_ha": space_ha(future, outcome.solution, ha_per_amount)
                - space_ha(future, best.solution, ha_per_amount),
            }
        )
    return pd.DataFrame(rows)


def co2_kt(future: Future, values: Array, t_per_mwh: Array) -> float:
    """Return CO2 of what must come from elsewhere for generation that the grid turns away, kt per year."""
    years = period_years(future)
    return float((future.yearly_mwh(values, LOST) * t_per_mwh * years).sum() / years.sum() / 1e3)


def space_ha(future: Future, values: Array, ha_per_amount: dict[str, float]) -> float:
    """Return the ground that all builds of a plan take, ha."""
    table = future.built(values)
    return float((table["amount"] * table["asset_class"].map(ha_per_amount).fillna(0.0)).sum())


def period_years(future: Future) -> Array:
    """Return the years that each period stands for."""
    ends = [*future.case.years[1:], future.case.years[-1] + future.case.tail_years]
    return np.asarray(np.array(ends) - np.array(future.case.years), dtype=float)


def least_regret(table: pd.DataFrame) -> pd.Series:
    """Mark, per kind of decision, the one of which the worst extra cost over all futures is least."""
    worst = table.groupby(["decision_kind", "decision"])["extra_cost_meur"].max()
    best = worst.groupby(level="decision_kind").idxmin()
    chosen = set(best.to_list())
    return pd.Series(
        [
            (kind, name) in chosen
            for kind, name in zip(table["decision_kind"], table["decision"], strict=True)
        ],
        index=table.index,
    )


def decision_of(kind: str, name: str, future: Future, values: Array, last_year: int) -> Decision:
    """Return what a solution decides by a year."""
    return Decision(kind, name, future.built(values, last_year)[BUILDS])
