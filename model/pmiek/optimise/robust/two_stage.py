"""One plan for all futures: early builds in common, later ones free; and what knowing or waiting is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pmiek.optimise.robust.future import BUILDS, Future
from pmiek.optimise.robust.program import OPTIONS, Options, Program, solve, stack
from pmiek.optimise.robust.regret import MOST_PASSES, Decision
from pmiek.optimise.solve.case import Array


@dataclass(frozen=True)
class Risk:
    """How much the worst futures count.

    Attributes
    ----------
    share : float
        Part of the objective that is the mean of the worst futures; 0 plans for the mean of all.
    tail : float
        Which futures are the worst: this share of the weight, above 0 and at most 1 (conditional value at risk,
        Rockafellar and Uryasev 2000, with 1 - tail as its level).
    """

    share: float = 0.0
    tail: float = 0.25


@dataclass(frozen=True, eq=False)
class TwoStage:
    """A plan with common early builds.

    Attributes
    ----------
    futures : tuple of Future
        With the high-voltage rows that the plan asks for.
    values : tuple of array
        Solution in each future.
    cost_keur : array (future)
        Cost of the plan in each future.
    weights : array (future)
        Adding to one.
    common : DataFrame
        Columns ``BUILDS``: what is decided in common.
    objective_keur : float
        Expected cost, or its mix with the mean of the worst futures.
    """

    futures: tuple[Future, ...]
    values: tuple[Array, ...]
    cost_keur: Array
    weights: Array
    common: pd.DataFrame
    objective_keur: float

    @property
    def expected_keur(self) -> float:
        """Mean cost over the futures, by weight."""
        return float(self.weights @ self.cost_keur)

    def decision(self) -> Decision:
        """Return the common builds as a decision that can be tried in a future."""
        return Decision("two_stage", "two_stage", self.common)


def share_weights(weights: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    """Return the weights of storylines, adding to one; a storyline of weight zero is left out.

    Its hard rows would still bind what is common, so it may not stay in the problem.

    Raises
    ------
    ValueError
        If a weight is negative, or if none is above zero.
    """
    chosen = {name: float(weights.get(name, 1.0)) for name in names}
    if min(chosen.values()) < 0 or sum(chosen.values()) <= 0:
        message = f"weights of storylines are zero or more, at least one above zero: {chosen}"
        raise ValueError(message)
    total = sum(chosen.values())
    return {name: weight / total for name, weight in chosen.items() if weight > 0}


def plan_for_all(
    futures: Sequence[Future],
    weights: Sequence[float],
    *,
    last_year: int | None,
    tolerance: float,
    risk: Risk = Risk(),
    options: Options = OPTIONS,
) -> TwoStage:
    """Find the builds in common that cost least over all futures.

    Parameters
    ----------
    futures : sequence of Future
    weights : sequence of float
        One above zero per future; they are scaled to add to one.
    last_year : int or None
        Builds in service by this year are common; with None nothing is.
    tolerance : float
        Share of a rating that may be exceeded.
    risk : Risk
    options : mapping
        HiGHS options.

    Returns
    -------
    TwoStage

    Raises
    ------
    SolveError
        If a solve is not optimal.
    """
    share = np.array(weights, dtype=float) / float(np.sum(weights))
    parts = list(futures)
    for turn in range(MOST_PASSES):
        joint, first = _joint(parts, share, last_year, risk)
        values, objective = solve(joint, "two stages", options)
        own = [values[at : at + len(part.program.cost)] for at, part in zip(first, parts, strict=True)]
        if turn == MOST_PASSES - 1:
            break
        fresh = [part.exceeded(at, tolerance) for part, at in zip(parts, own, strict=True)]
        if all(rows is None for rows in fresh):
            break
        parts = [
            part if rows is None else part.with_rows([rows]) for part, rows in zip(parts, fresh, strict=True)
        ]
    cost = np.array([part.program.cost @ at for part, at in zip(parts, own, strict=True)])
    common = pd.DataFrame(columns=BUILDS) if last_year is None else _common(parts, own, last_year)
    return TwoStage(tuple(parts), tuple(own), cost, share, common, objective)


def _joint(
    parts: Sequence[Future], share: Array, last_year: int | None, risk: Risk
) -> tuple[Program, list[int]]:
    joint, first = stack([part.program for part in parts], [float(one) * (1 - risk.share) for one in share])
    if risk.share:
        joint = _with_tail(joint, parts, first, share, risk)
    if last_year is not None:
        pairs = _pairs(parts, first, last_year)
        rows = np.arange(len(pairs))
        same = sp.csr_array(
            (
                np.concatenate([np.ones(len(pairs)), -np.ones(len(pairs))]),
                (np.concatenate([rows, rows]), np.concatenate([pairs[:, 0], pairs[:, 1]])),
            ),
            shape=(len(pairs), len(joint.cost)),
        )
        joint = joint.with_rows(same, np.zeros(len(pairs)), np.zeros(len(pairs)))
    return joint, first


def _pairs(parts: Sequence[Future], first: Sequence[int], last_year: int) -> np.ndarray:
    """Return pairs of columns that must be equal: each early build in one future and in the next that has it.

    A build that some future does not know is common to those that do.
    """
    keys = BUILDS[:3]
    tables: list[pd.DataFrame] = []
    for part, at in zip(parts, first, strict=True):
        early = part.early(last_year)
        tables.append(early.assign(column=early["column"] + at))
    known = pd.concat(tables, ignore_index=True)
    known["before"] = known.groupby(keys)["column"].shift()
    tied = known.dropna(subset=["before"])
    return tied[["before", "column"]].to_numpy(dtype=np.int64)


def _with_tail(
    joint: Program, parts: Sequence[Future], first: Sequence[int], share: Array, risk: Risk
) -> Program:
    """Add the mean of the worst futures: level + sum of weight x excess / tail, excess >= cost - level."""
    width = len(joint.cost)
    price = np.concatenate([[risk.share], risk.share * share / risk.tail])
    lower = np.concatenate([[-np.inf], np.zeros(len(parts))])
    wider = joint.with_columns(price, lower, np.full(len(price), np.inf))
    rows = sp.lil_array((len(parts), width + len(price)))
    for number, (part, at) in enumerate(zip(parts, first, strict=True)):
        rows[number, at : at + len(part.program.cost)] = part.program.cost
        rows[number, width] = -1.0
        rows[number, width + 1 + number] = -1.0
    return wider.with_rows(sp.csr_array(rows), np.full(len(parts), -np.inf), np.zeros(len(parts)))


def _common(parts: Sequence[Future], values: Sequence[Array], last_year: int) -> pd.DataFrame:
    every = pd.concat(
        [part.built(at, last_year) for part, at in zip(parts, values, strict=True)], ignore_index=True
    )
    return every.groupby(BUILDS[:3])["amount"].max().reset_index()


def common_table(
    plan: TwoStage, single: Mapping[str, pd.DataFrame], year: int, last_year: int
) -> pd.DataFrame:
    """Put the common builds beside those of single futures that know what comes.

    Parameters
    ----------
    plan : TwoStage
    single : mapping of str to DataFrame
        Early builds (``BUILDS``) of the best plan of each future.
    year : int
        Pathway year at which to compare.
    last_year : int
        Year up to which is decided in common.

    Returns
    -------
    DataFrame
        Columns asset_id, asset_class, year, common_mw, single_low_mw, single_high_mw: what is in service of early
        builds in MW (MWh of battery energy, share of a planned station), assets that any of the plans builds.
    """
    keys = ["asset_id", "asset_class"]

    def of(table: pd.DataFrame) -> pd.Series:
        early = table[table["year"] <= min(year, last_year)]
        return early.groupby(keys)["amount"].sum().astype(float)

    singles = {name: of(table) for name, table in single.items()}
    table = pd.DataFrame({"common_mw": of(plan.common), **singles}).fillna(0.0)
    table["single_low_mw"] = table[list(singles)].min(axis=1)
    table["single_high_mw"] = table[list(singles)].max(axis=1)
    return (
        table.reset_index()
        .assign(year=year)[
            ["asset_id", "asset_class", "year", "common_mw", "single_low_mw", "single_high_mw"]
        ]
        .sort_values(["asset_class", "asset_id"], ignore_index=True)
    )


def values_of_plan(plan: TwoStage, best_keur: Sequence[float], later_keur: float) -> pd.DataFrame:
    """Tell what the plan costs on average, and what knowing and waiting are worth.

    Parameters
    ----------
    plan : TwoStage
    best_keur : sequence of float
        Cost of the best plan of each future, in the order of the plan.
    later_keur : float
        Expected cost when nothing is built by the year up to which is decided, and all later.

    Returns
    -------
    DataFrame
        Columns quantity, value, unit: expected_cost, value_of_knowing (the plan less the mean of plans that know
        their future) and value_of_waiting (what deciding nothing early saves; negative when it costs), MEUR.
    """
    known = float(plan.weights @ np.asarray(best_keur))
    return pd.DataFrame(
        {
            "quantity": ["expected_cost", "value_of_knowing", "value_of_waiting"],
            "value": [
                plan.expected_keur / 1e3,
                (plan.expected_keur - known) / 1e3,
                (plan.expected_keur - later_keur) / 1e3,
            ],
            "unit": "MEUR",
        }
    )
