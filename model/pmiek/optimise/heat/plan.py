"""The heat plan of a run: networks built and operated, individual heating beside them, all as tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.contract import CarrierPlan, located
from pmiek.optimise.carriers.parts import CarrierParts
from pmiek.optimise.heat.case import HeatCase, part_of, planned_together
from pmiek.optimise.heat.closes import assert_heat_closes
from pmiek.optimise.heat.costs import heat_costs
from pmiek.optimise.heat.days import choose_days
from pmiek.optimise.heat.dispatch import Operation, operate
from pmiek.optimise.heat.inputs import build_case
from pmiek.optimise.heat.mix import with_heat_mix
from pmiek.optimise.heat.parts import heat_parts
from pmiek.optimise.heat.program import Plan, solve_plan
from pmiek.optimise.heat.screen import screen_heat
from pmiek.optimise.heat.tables import balance_rows, capacity_rows, load_of_networks, loading_rows
from pmiek.optimise.heat.useful import performance, useful_heat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables


@dataclass(frozen=True)
class NetworkPlan:
    """Networks planned in one problem: their case, what is built, and what runs in all hours.

    Attributes
    ----------
    case : HeatCase
    plan : Plan
        With whole pipes.
    pipes_continuous : array (period, pipe)
        Pipes before rounding, MW.
    operation : Operation
    rounds : int
        Solves until all hours were served within the tolerance, or the most allowed.
    """

    case: HeatCase
    plan: Plan
    pipes_continuous: Floats
    operation: Operation
    rounds: int


def plan_heat(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
) -> CarrierPlan:
    """Plan district heating over the pathway years, and count what all heating costs.

    Where ``heat.networks`` is ``storyline``, nothing is planned: networks use the fuel that the storyline
    states, which stays in the demand tables; the plan holds the balance, the cost, and what today's networks
    lack, as the screening judges it.

    The rest of the run must work on ``with_heat_mix(tables, scenario)``: the electricity, methane and
    hydrogen of district heat that it takes out of the demand tables come back here, in ``electricity``,
    ``methane`` and ``balance``.

    Parameters
    ----------
    tables : Tables
        With or without the heat mix laid over them.
    scenario : Scenario
        ``heat`` says what may be built; ``economics`` and ``years`` as for the pathway.
    profiles : mapping of int to DataFrame
        Weather year to 8,760 hours by profile, MW per MWh of a normal year.
    prices : mapping of int to DataFrame
        Weather year to the national prices (year, hour, price_electricity_eur_per_mwh, ...).

    Returns
    -------
    CarrierPlan
        Capacity, costs, balance (useful heat per sector, conversion, storage, loss, unserved), loading of
        pipes, sources and stores, solver records, and the hourly electricity and methane of networks.

    Raises
    ------
    InputError
        If the mix cannot be followed.
    SolveError
        If a solve does not end optimal.
    """
    tables = with_heat_mix(tables, scenario)
    heat = useful_heat(tables, scenario, performance(tables, scenario))
    if heat.empty:
        return CarrierPlan(carrier="heat")
    made: list[NetworkPlan] = []
    if scenario.heat.networks == "planned":
        case = build_case(tables, scenario, profiles, prices, heat)
        made = [plan_networks(part_of(case, group), scenario) for group in planned_together(case)]
    plans, runs = [(m.case, m.plan) for m in made], [(m.case, m.operation) for m in made]
    if made:
        judged = {"loading": _joined([loading_rows(m.case, m.plan, m.operation) for m in made])}
    else:
        judged = screen_heat(tables, scenario, profiles, scenario.variant, scenario.years.pathway)
    balance = balance_rows(tables, scenario, heat, profiles, runs)
    assert_heat_closes(balance, runs)
    return CarrierPlan(
        carrier="heat",
        capacity=_joined([capacity_rows(m.case, m.plan, m.pipes_continuous) for m in made]),
        costs=heat_costs(tables, scenario, heat, profiles, prices, plans),
        balance=balance,
        **judged,
        solver=_joined([_solver_row(scenario, m) for m in made]),
        electricity=load_of_networks(runs, "electricity"),
        methane=load_of_networks(runs, "methane"),
        places=_joined([_places(m.case) for m in made]),
        parts=reduce(
            CarrierParts.joined, [heat_parts(m.case, m.plan, m.operation) for m in made], CarrierParts()
        ),
    )


def _places(case: HeatCase) -> pd.DataFrame:
    """Return where sources, stores and pipes lie: a transport pipe serves the network at its end."""
    codes = case.networks["gm_code"].astype(str).to_numpy()
    kinds = ((case.sources, "source_id", "network"), (case.stores, "source_id", "network"))
    where = {
        str(asset): str(codes[int(at)])
        for table, key, column in (*kinds, (case.pipes, "pipe_id", "network1"))
        for asset, at in zip(table[key], table[column], strict=True)
    }
    return located(where, case.years)


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _solver_row(scenario: Scenario, made: NetworkPlan) -> pd.DataFrame:
    who = {"storyline": scenario.storyline, "variant": scenario.variant}
    return pd.DataFrame([{**who, **made.plan.record.as_row()}])


def plan_networks(case: HeatCase, scenario: Scenario) -> NetworkPlan:
    """Plan networks on chosen days, in whole pipes, and check them on all hours.

    Days on which heat remains unserved beyond the tolerance are added and the plan is solved again, at most
    ``heat.max_rounds`` times; what then remains is a result.
    """
    heat, threads = scenario.heat, scenario.solver.threads
    days = choose_days(case, typical=heat.typical_days, extreme=heat.extreme_days)
    plan = solve_plan(case, days, threads=threads)
    continuous, fixed = plan.pipe_build, None
    if continuous.any():
        fixed = whole_pipes(continuous, case.pipes["unit_mw"].to_numpy(float), _least_share(case))
        plan = solve_plan(case, days, pipes=fixed, start=plan.start, threads=threads)
    for number in range(1, heat.max_rounds + 1):
        operation = operate(case, days, plan)
        daily = operation.unserved.sum(axis=1).reshape(len(case.years), -1, 24).sum(axis=2)
        asked = np.maximum(case.demand_mw.sum(axis=(1, 2)), 1e-9)
        worst = np.unique(daily.argmax(axis=1)[daily.sum(axis=1) > heat.tolerance * asked])
        more = days.with_days(worst)
        if len(more.day) == len(days.day) or number == heat.max_rounds:
            break
        days = more
        plan = solve_plan(case, days, pipes=fixed, threads=threads)
    return NetworkPlan(case, plan, continuous, operation, number)


def _least_share(case: HeatCase) -> float:
    return float(case.pipes["least_share"].iloc[0])


def whole_pipes(build: Floats, unit_mw: Floats, least_share: float) -> Floats:
    """Return the builds per period in whole pipes.

    Parameters
    ----------
    build : array (period, pipe)
        MW, continuous.
    unit_mw : array (pipe)
    least_share : float
        A last pipe that would be used less than this is not laid.

    Returns
    -------
    array (period, pipe)
        MW per period; a pipe comes in the first period in which it is used enough.
    """
    units = np.cumsum(build, axis=0) / unit_mw
    whole = np.floor(units + 1e-9) + (units - np.floor(units + 1e-9) >= least_share)
    return np.asarray(np.diff(np.maximum.accumulate(whole, axis=0), axis=0, prepend=0.0) * unit_mw)
