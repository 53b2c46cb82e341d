"""Solve the plan of a pipe network, check its cost, and run all hours with what it builds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import linopy
import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.errors import SolveError
from pmiek.optimise.pipes.case import PipeCase
from pmiek.optimise.pipes.days import choose
from pmiek.optimise.pipes.dispatch import Dispatch, dispatch, residual_mw
from pmiek.optimise.pipes.program import Slots, build_program
from pmiek.optimise.pipes.words import pipe_words
from pmiek.optimise.solve.days import ChosenDays
from pmiek.optimise.solve.gate import SIMPLEX_OPTIONS, SolveRecord, solve_model

#: Less of a unit than this is solver noise.
SMALLEST_PART = 1e-4
IDENTITY_SHARE = 1e-6
BALANCE_MW = 1e-6


@dataclass(frozen=True)
class PipePlan:
    """What a plan builds, and how gas flows with it in all hours.

    Attributes
    ----------
    case : PipeCase
        What was planned.
    built_mw, continuous_mw : DataFrame
        In service per period (index) and option (columns), MW: in whole units, and before rounding.
    store_mwh : DataFrame
        The same for storage, MWh.
    flows : tuple of Dispatch
        One per period, all hours.
    record : SolveRecord
        What the solve took.
    chosen_days_keur, all_hours_keur : float
        Discounted cost on the chosen days (the solver's objective and constants) and on all hours.
    """

    case: PipeCase
    built_mw: pd.DataFrame
    continuous_mw: pd.DataFrame
    store_mwh: pd.DataFrame
    flows: tuple[Dispatch, ...]
    record: SolveRecord
    chosen_days_keur: float
    all_hours_keur: float

    def capacity_mw(self, period: int) -> Floats:
        """Return capacity in service per link, MW."""
        built = self.built_mw.iloc[period].reindex(self.case.links.index).fillna(0.0)
        return np.asarray(self.case.existing_mw[period] + built.to_numpy(float))


def plan_pipes(case: PipeCase, *, threads: int = 1) -> PipePlan:
    """Find the cheapest plan, round it to whole units and run all hours with it.

    Units are continuous in the programme. Then every part of a unit becomes a whole one, and each last unit
    is taken out again if the plan is cheaper on the chosen days without it.

    Parameters
    ----------
    case : PipeCase
    threads : int
        Threads of HiGHS.

    Returns
    -------
    PipePlan

    Raises
    ------
    SolveError
        If the solve does not end optimal, or if our own cost differs from the objective.
    """
    days = choose(case)
    slots = Slots.of(days)
    model = build_program(case, slots)
    label = f"{case.carrier} {case.storyline} {case.variant}"
    record = solve_model(
        model, label=label, options=SIMPLEX_OPTIONS, threads=threads, describe=pipe_words(case, slots)
    )
    capital = _capital_keur(case, _units(case, model), _store_build(case, model))
    operating = _chosen_operating(case, model, slots)
    _identity(label, record.objective, float(capital.sum() + operating))
    unit = case.options()["unit_mw"].astype(float)
    store_build = _store_build(case, model)
    whole = without_useless(case, days, _whole_units(_units(case, model)), store_build)
    built = _sum_alive(case, case.options(), whole) * unit
    stores = _sum_alive(case, case.stores, store_build)
    flows = []
    for period in range(len(case.years)):
        mw = case.existing_mw[period] + built.iloc[period].reindex(case.links.index).fillna(0.0).to_numpy()
        flow = dispatch(case, period, mw, stores.iloc[period].to_numpy(float))
        worst = float(residual_mw(case, period, flow).max())
        assert worst <= BALANCE_MW, f"{label}: a node is {worst:g} MW out of balance"
        flows.append(flow)
    lost = _lost_constant(case, slots)
    years = operating_keur(case, tuple(flows)).sum(axis=0)
    return PipePlan(
        case=case,
        built_mw=built,
        continuous_mw=_sum_alive(case, case.options(), _units(case, model)) * unit,
        store_mwh=stores,
        flows=tuple(flows),
        record=record,
        chosen_days_keur=record.objective + lost,
        all_hours_keur=float(_capital_keur(case, whole, store_build).sum() + (years * case.discount()).sum()),
    )


def _identity(label: str, objective: float, own: float) -> None:
    if abs(own - objective) > IDENTITY_SHARE * max(1.0, abs(objective)):
        message = f"{label}: cost by formula {own:.6f} kEUR differs from the objective {objective:.6f}"
        raise SolveError(message, ["a cost is counted in one place and not in the other"])


def _units(case: PipeCase, model: linopy.Model) -> pd.DataFrame:
    options = case.options()
    if not len(options):
        return pd.DataFrame(index=list(case.years))
    frame = (
        model.variables["units"]
        .solution.transpose("period", "link")
        .to_pandas()
        .reindex(columns=options.index)
    )
    return pd.DataFrame(frame.to_numpy(float), index=list(case.years), columns=options.index)


def _whole_units(units: pd.DataFrame) -> pd.DataFrame:
    """Round what has been built up to each period, so that a later part of a unit is not bought twice."""
    total = units.cumsum().to_numpy(float)
    whole = np.maximum(np.ceil(total - SMALLEST_PART), 0.0)
    added = np.maximum(np.diff(whole, axis=0, prepend=0.0), 0.0)
    return pd.DataFrame(added, index=units.index, columns=units.columns)


def _store_build(case: PipeCase, model: linopy.Model) -> pd.DataFrame:
    if not len(case.stores):
        return pd.DataFrame(index=list(case.years))
    frame = model.variables["store_build"].solution.transpose("period", "store").to_pandas()
    return pd.DataFrame(frame.to_numpy(float), index=list(case.years), columns=case.stores.index)


def without_useless(
    case: PipeCase, days: ChosenDays, whole: pd.DataFrame, store_build: pd.DataFrame
) -> pd.DataFrame:
    """Take out last units that cost more than they save on the chosen days, dearest first.

    Parameters
    ----------
    case : PipeCase
    days : ChosenDays
        Days on which operation is weighed.
    whole : DataFrame
        Units built per period (index) and option (columns).
    store_build : DataFrame
        MWh of storage built per period.

    Returns
    -------
    DataFrame
        Like ``whole``; never dearer on these days.
    """
    thin = _on_days(case, days)
    weight = np.repeat(days.weight(), 24)

    def cost(units: pd.DataFrame) -> float:
        return _thin_keur(thin, weight, units, store_build)

    best = cost(whole) if len(whole.columns) else 0.0
    price = case.options()["capex_keur"].astype(float).sort_values(ascending=False)
    for name in price.index:
        while whole[name].sum() > 0:
            total = whole[name].cumsum()
            less = total.clip(upper=total.max() - 1)
            trial = whole.assign(**{name: less.diff().fillna(less)})
            keur = cost(trial)
            if keur >= best:
                break
            whole, best = trial, keur
    return whole


def _on_days(case: PipeCase, days: ChosenDays) -> PipeCase:
    """Cut the hours down to those of the chosen days."""
    hours = days.hours().ravel()
    arrays = {n: getattr(case, n)[:, :, hours] for n in ("demand_mw", "available_mw", "price_eur")}
    return replace(case, **arrays)


def _thin_keur(case: PipeCase, weight: Floats, units: pd.DataFrame, store_build: pd.DataFrame) -> float:
    """Discounted cost of whole units on chosen days."""
    capacity = _sum_alive(case, case.options(), units) * case.options()["unit_mw"].astype(float)
    stores = _sum_alive(case, case.stores, store_build)
    total = float(_capital_keur(case, units, store_build).sum())
    for period, discount in enumerate(case.discount()):
        built = capacity.iloc[period].reindex(case.links.index).fillna(0.0).to_numpy(float)
        flow = dispatch(case, period, case.existing_mw[period] + built, stores.iloc[period].to_numpy(float))
        spent = (flow.used * case.price_eur[period]).sum(0) - case.sink_eur[period] @ flow.sunk
        spent += case.lost_eur @ (case.available_mw[period] - flow.used)
        spent += case.links["operating_eur"].to_numpy(float) @ (flow.forward + flow.backward)
        spent += flow.unserved.sum(0) * case.unserved_eur
        total += float(spent @ weight) * discount / 1e3
    return total


def _sum_alive(case: PipeCase, table: pd.DataFrame, build: pd.DataFrame) -> pd.DataFrame:
    lifetime = table["lifetime"].astype(float).to_dict()
    columns = {name: case.alive(lifetime[name]) @ build[name].to_numpy(float) for name in build}
    return pd.DataFrame(columns, index=list(case.years))


def _capital_keur(case: PipeCase, units: pd.DataFrame, store_build: pd.DataFrame) -> Floats:
    """Discounted annuities and fixed O&M of what is built, per option."""
    parts = []
    for table, build in ((case.options(), units), (case.stores, store_build)):
        alive = _sum_alive(case, table, build)
        price, om, life = (table[n].astype(float).to_dict() for n in ("capex_keur", "fixed_om", "lifetime"))
        for name in alive:
            annuity, upkeep = case.yearly_rates(life[name], om[name])
            yearly = alive[name].to_numpy(float) * price[name] * (annuity + upkeep)
            parts.append(float((yearly * case.discount()).sum()))
    return np.array(parts)


def _chosen_operating(case: PipeCase, model: linopy.Model, slots: Slots) -> float:
    """Discounted operation on the chosen days, as the objective counts it."""
    hours = slots.weight[None, None, :] * case.discount()[:, None, None] / 1e3

    def total(name: str, item: str, price: Floats) -> float:
        if name not in model.variables:
            return 0.0
        values = model.variables[name].solution.transpose("period", item, "slot").to_numpy()
        return float((values * price * hours).sum())

    price = slots.mean(case.price_eur) - case.lost_eur[None, :, None]
    passing = case.links["operating_eur"].to_numpy(float)
    both = case.links["both_ways"].to_numpy(bool)
    return (
        total("unserved", "node", np.asarray(case.unserved_eur))
        + total("use", "source", price)
        + total("sink", "out", -case.sink_eur[:, :, None])
        + total("flow", "link", passing[None, :, None])
        + total("back", "link", passing[both][None, :, None])
    )


def _lost_constant(case: PipeCase, slots: Slots) -> float:
    """Discounted worth of everything that could be made: the constant that the objective leaves out."""
    made = (slots.mean(case.available_mw) * case.lost_eur[None, :, None]).sum(axis=1) @ slots.weight
    return float((made * case.discount()).sum() / 1e3)


def operating_keur(case: PipeCase, flows: tuple[Dispatch, ...]) -> Floats:
    """Yearly cost of operation: (kind, period) in kEUR; kinds are bought, passing, lost and unserved.

    Mean over the weather years; what sinks pay is taken off what is bought.
    """
    share = 1.0 / (1e3 * len(case.weather_years))
    passing = case.links["operating_eur"].to_numpy(float)
    table = np.zeros((4, len(case.years)))
    for p, flow in enumerate(flows):
        spent = (flow.used * case.price_eur[p]).sum() - (flow.sunk.sum(1) * case.sink_eur[p]).sum()
        lost = ((case.available_mw[p] - flow.used).sum(1) * case.lost_eur).sum()
        moved = ((flow.forward + flow.backward).sum(1) * passing).sum()
        table[:, p] = spent, moved, lost, flow.unserved.sum() * case.unserved_eur
    return table * share
