"""The linear problem of district heating: what to build, and how to run it on the chosen days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from pmiek.optimise.heat.days import stand_in, weeks
from pmiek.optimise.solve.gate import SIMPLEX_OPTIONS, SolveRecord, solve_model
from pmiek.optimise.solve.warm import Start

if TYPE_CHECKING:
    from pmiek.arrays import Floats, Ints
    from pmiek.optimise.heat.case import HeatCase
    from pmiek.optimise.solve.days import ChosenDays

HOURS_PER_DAY = 24
#: Relative difference between the solver's objective and our own sum of costs that is still the same number.
IDENTITY = 1e-6


@dataclass(frozen=True)
class Plan:
    """What a plan builds and how it runs on the chosen days.

    Attributes
    ----------
    build, store_build, pipe_build : array (period, asset)
        Built in a period, MW of heat (stores MWh).
    generation : array (period, source, chosen hour)
        MW of heat.
    charge, discharge : array (period, store, chosen hour)
    flow : array (period, pipe, chosen hour)
        MW that enters the pipe, positive from network0 to network1.
    unserved : array (period, network, chosen hour)
    design_short : array (period, network)
        MW that the design hour lacks.
    hours : array (chosen hour)
        Index into the hours of all weather years.
    hour_weight : array (chosen hour)
        Hours per year that it stands for; they add to 8,760.
    objective_keur : float
    record : SolveRecord
    start : Start, optional
        Basis of the optimum, if the algorithm leaves one.
    """

    build: Floats
    store_build: Floats
    pipe_build: Floats
    generation: Floats
    charge: Floats
    discharge: Floats
    flow: Floats
    unserved: Floats
    design_short: Floats
    hours: Ints
    hour_weight: Floats
    objective_keur: float
    record: SolveRecord
    start: Start | None = None


def in_service(case: HeatCase, kind: str, build: Floats) -> Floats:
    """Return what stands per period: (period, asset); `kind` is source, store or pipe."""
    life, stands = _of(case, kind)
    return np.asarray(stands + np.einsum("pba,ba->pa", case.alive(life), build))


def _of(case: HeatCase, kind: str) -> tuple[Floats, Floats]:
    table, column, life = {
        "source": (case.sources, "existing_mw", case.source_life),
        "store": (case.stores, "existing_mwh", case.store_life),
        "pipe": (case.pipes, "existing_mw", case.pipe_life),
    }[kind]
    return life, table[column].to_numpy(float)


def solve_plan(
    case: HeatCase,
    days: ChosenDays,
    *,
    pipes: Floats | None = None,
    start: Start | None = None,
    threads: int = 1,
    options: Mapping[str, Any] = SIMPLEX_OPTIONS,
) -> Plan:
    """Find the cheapest networks on the chosen days.

    Parameters
    ----------
    case : HeatCase
        Networks that belong together.
    days : ChosenDays
    pipes : array (period, pipe), optional
        Pipes that are built, in place of the optimiser's choice.
    start : Start, optional
        Basis of a plan on the same days, to start from.
    threads : int
    options : mapping
        Of HiGHS.

    Returns
    -------
    Plan
        Capex, fixed and operating cost by our own sum equal the solver's objective (asserted).

    Raises
    ------
    SolveError
        If the solver does not end optimal.
    """
    problem = _Problem(case, days, pipes)
    label = f"heat {' '.join(case.networks['network_id'])}"
    record = solve_model(
        problem.model,
        label=label,
        threads=threads,
        options=options,
        basis=None if start is None else start.basis(problem.model, {}),
    )
    plan = problem.plan(record)
    own = sum(float((amounts * case.discount[:, None]).sum()) for amounts in plan_costs(case, plan).values())
    assert abs(own - plan.objective_keur) <= IDENTITY * max(1.0, abs(plan.objective_keur)), (
        own,
        plan.objective_keur,
    )
    return plan


def plan_costs(case: HeatCase, plan: Plan) -> dict[str, Floats]:
    """Return kEUR per year by (period, asset) for each part of the cost, from our own formula."""
    parts: dict[str, Floats] = {}
    for kind, build, money in (
        ("source", plan.build, (case.investment, case.fixed_om, case.source_life)),
        ("store", plan.store_build, (case.store_investment, case.store_fixed_om, case.store_life)),
        ("pipe", plan.pipe_build, (case.pipe_investment, case.pipe_fixed_om, case.pipe_life)),
    ):
        for name, rate in zip(("capex", "fixed_om"), case.yearly(*money), strict=True):
            parts[f"{kind}_{name}"] = np.einsum("pba,ba->pa", case.alive(money[2]), build * rate)
    per_hour = case.marginal[:, :, plan.hours] * plan.generation
    parts["operating"] = per_hour @ plan.hour_weight
    parts["unserved"] = case.unserved_keur_per_mwh * plan.unserved @ plan.hour_weight
    parts["design_short"] = case.unserved_keur_per_mwh * case.design_hours * plan.design_short
    return parts


class _Problem:
    """Builds the model piece by piece; every piece is one small method."""

    def __init__(self, case: HeatCase, days: ChosenDays, pipes: Floats | None) -> None:
        self.case, self.days, self.fixed_pipes = case, days, pipes
        self.hours = days.hours().ravel()
        self.weight = np.repeat(days.weight(), HOURS_PER_DAY)
        self.model = linopy.Model()
        self.p = pd.RangeIndex(len(case.years), name="p")
        self.t = pd.RangeIndex(len(self.hours), name="t")
        self._variables()
        self._capacity()
        self._balance(
            case.demand_mw[:, :, self.hours], ("p", "t"), (self.gen, self.unserved, self.forth, self.back)
        )
        self._design_hour()
        if len(case.stores):
            self._storage()
        self._objective()

    def _add(
        self, name: str, count: int, *, hourly: bool = True, lower: Any = 0.0, upper: Any = np.inf
    ) -> Any:
        coords = [self.p, pd.RangeIndex(count, name=name[0])]
        if hourly:
            coords.append(self.t)
        return self.model.add_variables(lower=lower, upper=upper, coords=coords, name=name)

    def _variables(self) -> None:
        case, sources, stores, pipes = (
            self.case,
            len(self.case.sources),
            len(self.case.stores),
            len(self.case.pipes),
        )
        self.build = self._add("source_build", sources, hourly=False)
        self.gen = self._add("source_gen", sources)
        self.unserved = self._add("network_unserved", len(case.networks))
        if stores:
            self.store_build = self._add("keep_build", stores, hourly=False)
            self.charge, self.discharge, self.level = (
                self._add(f"keep_{n}", stores) for n in ("charge", "discharge", "level")
            )
        self.forth: Any = None
        self.back: Any = None
        if pipes:
            lower, upper = (
                (0.0, np.inf)
                if self.fixed_pipes is None
                else (xr.DataArray(self.fixed_pipes, dims=("p", "a")),) * 2
            )
            self.pipe_build = self._add("arc_build", pipes, hourly=False, lower=lower, upper=upper)
            self.forth, self.back = self._add("arc_forth", pipes), self._add("arc_back", pipes)

    def _stands(self, variable: Any, kind: str, dim: str) -> tuple[Any, xr.DataArray]:
        life, stands = _of(self.case, kind)
        alive = xr.DataArray(self.case.alive(life).astype(float), dims=("p", "b", dim))
        return (variable.rename({"p": "b"}) * alive).sum("b"), xr.DataArray(stands, dims=(dim,))

    def _capacity(self) -> None:
        case, model = self.case, self.model
        room, stands = self._stands(self.build, "source", "s")
        limit = xr.DataArray(np.maximum(case.limit_mw, 0.0), dims=("p", "s"))
        model.add_constraints(room <= np.maximum(limit - stands, 0.0), name="source_limit")
        model.add_constraints(self.gen - room <= stands, name="source_capacity")
        if len(case.pipes):
            room, stands = self._stands(self.pipe_build, "pipe", "a")
            fixed = np.zeros(case.pipe_limit.shape) if self.fixed_pipes is None else self.fixed_pipes
            limit = xr.DataArray(
                np.maximum(case.pipe_limit, in_service(case, "pipe", fixed)), dims=("p", "a")
            )
            model.add_constraints(room <= np.maximum(limit - stands, 0.0), name="pipe_limit")
            model.add_constraints(self.forth + self.back - room <= stands, name="pipe_capacity")

    def _balance(self, demand: Floats, dims: tuple[str, ...], parts: tuple[Any, ...]) -> None:
        """Make, bring and discharge what each network asks; the design hour (no hour axis) stores nothing."""
        case, hourly = self.case, "t" in dims
        gen, unserved, forth, back = parts
        for n in range(len(case.networks)):
            fed = unserved.isel(n=n, drop=True) + 0.0
            own = np.flatnonzero(case.sources["network"] == n)
            if len(own):
                fed = fed + gen.isel(s=own).sum("s")
            kept = np.flatnonzero(case.stores["network"] == n)
            if len(kept) and hourly:
                fed = fed + (self.discharge.isel(k=kept) - self.charge.isel(k=kept)).sum("k")
            for a, pipe in enumerate(case.pipes.to_dict("records")):
                ahead, behind = forth.isel(a=a, drop=True), back.isel(a=a, drop=True)
                if pipe["network0"] == n:
                    fed = fed + pipe["efficiency"] * behind - ahead
                if pipe["network1"] == n:
                    fed = fed + pipe["efficiency"] * ahead - behind
            name = f"balance_{n}" if hourly else f"design_balance_{n}"
            self.model.add_constraints(fed == xr.DataArray(demand[:, n], dims=dims), name=name)

    def _design_hour(self) -> None:
        """Let sources and pipes serve every network's highest hour at once, with all storage empty.

        So that a plan on chosen days also serves the other days: a network always has its peak boilers.
        """
        case, model = self.case, self.model
        gen = self._add("source_design", len(case.sources), hourly=False)
        self.design_short = self._add("network_design_short", len(case.networks), hourly=False)
        room, stands = self._stands(self.build, "source", "s")
        model.add_constraints(gen - room <= stands, name="design_source")
        forth: Any = None
        back: Any = None
        if len(case.pipes):
            forth, back = (
                self._add(f"arc_design_{n}", len(case.pipes), hourly=False) for n in ("forth", "back")
            )
            room, stands = self._stands(self.pipe_build, "pipe", "a")
            model.add_constraints(forth + back - room <= stands, name="design_pipe")
        self._balance(case.demand_mw.max(axis=2), ("p",), (gen, self.design_short, forth, back))

    def _storage(self) -> None:
        case, model = self.case, self.model
        room, stands = self._stands(self.store_build, "store", "k")
        limit = xr.DataArray(case.store_limit, dims=("p", "k"))
        model.add_constraints(room <= np.maximum(limit - stands, 0.0), name="store_limit")
        hours = xr.DataArray(case.stores["hours"].to_numpy(float), dims=("k",))
        model.add_constraints(
            self.charge + self.discharge - room / hours <= stands / hours, name="store_power"
        )
        model.add_constraints(self.level - room <= stands, name="store_energy")
        kinds = case.stores["kind"].to_numpy()
        tanks, pits = np.flatnonzero(kinds == "tank"), np.flatnonzero(kinds == "pit")
        net = self.charge - self.discharge
        if len(tanks):
            blocks = np.arange(len(self.hours)).reshape(-1, HOURS_PER_DAY)
            before = np.roll(blocks, 1, axis=1).ravel()
            lost = case.stores["loss_per_hour"].to_numpy(float)[tanks]
            keep = xr.DataArray(1 - lost, dims=("k",), coords={"k": tanks})
            earlier = self.level.isel(t=before, k=tanks).assign_coords(t=self.t)
            model.add_constraints(
                self.level.isel(k=tanks) - keep * earlier - net.isel(k=tanks) == 0, name="tank_level"
            )
        if len(pits):
            self._seasons(pits, net, room, stands)

    def _seasons(self, pits: Ints, net: Any, room: Any, stands: xr.DataArray) -> None:
        """Follow pit stores from week to week: every day of the year moves as its chosen day does."""
        case = self.case
        number = pd.RangeIndex(len(self.days.day), name="d")
        day = xr.DataArray(np.repeat(np.arange(len(number)), HOURS_PER_DAY), dims=("t",), name="d")
        # one column per chosen day: a week has a few numbers of these, not 48 hours of each
        kept = self.model.add_variables(coords=[self.p, pd.Index(pits, name="k"), number], name="pit_kept")
        self.model.add_constraints(kept - net.isel(k=pits).groupby(day).sum() == 0, name="pit_kept")
        keep = (1 - case.stores["loss_per_hour"].to_numpy(float)[pits]) ** HOURS_PER_DAY
        left, moved, before = weeks(stand_in(self.days), len(number), len(case.weather_years), keep)
        week = pd.RangeIndex(left.shape[1], name="w")
        of_week = xr.DataArray(left, dims=("k", "w"), coords={"k": pits, "w": week})
        share = xr.DataArray(moved, dims=("k", "w", "d"), coords={"k": pits, "w": week, "d": number})
        level = self.model.add_variables(
            lower=0, coords=[self.p, pd.Index(pits, name="k"), week], name="pit_level"
        )
        earlier = level.isel(w=before).assign_coords(w=week)
        self.model.add_constraints(level - of_week * earlier - (share * kept).sum("d") == 0, name="pit_level")
        self.model.add_constraints(level - room.isel(k=pits) <= stands.isel(k=pits), name="pit_energy")
        self.model.add_constraints(self.level.isel(k=pits) == 0, name="pit_within_day")

    def _objective(self) -> None:
        case = self.case
        weight = xr.DataArray(self.weight, dims=("t",)) * xr.DataArray(case.discount, dims=("p",))
        marginal = xr.DataArray(case.marginal[:, :, self.hours], dims=("p", "s", "t"))
        total = (self.gen * (marginal * weight)).sum()
        total = total + (self.unserved * (case.unserved_keur_per_mwh * weight)).sum()
        lacking = case.unserved_keur_per_mwh * case.design_hours * xr.DataArray(case.discount, dims=("p",))
        total = total + (self.design_short * lacking).sum()
        blocks = [("build", "s", case.investment, case.fixed_om, case.source_life)]
        if len(case.stores):
            blocks.append(("store_build", "k", case.store_investment, case.store_fixed_om, case.store_life))
        if len(case.pipes):
            blocks.append(("pipe_build", "a", case.pipe_investment, case.pipe_fixed_om, case.pipe_life))
        for name, dim, *money in blocks:
            annuity, fixed = case.yearly(*money)
            served = np.einsum("p,pba->ba", case.discount, case.alive(money[2]))
            total = (
                total
                + (getattr(self, name) * xr.DataArray((annuity + fixed) * served, dims=("p", dim))).sum()
            )
        self.model.add_objective(total)

    def plan(self, record: SolveRecord) -> Plan:
        """Read the solution back."""
        case, shape = self.case, (len(self.p), 0, len(self.t))

        def value(variable: Any) -> Floats:
            return np.asarray(variable.solution.to_numpy(), dtype=float)

        none, empty = np.zeros(shape[:2]), np.zeros(shape)
        stores, pipes = len(case.stores) > 0, len(case.pipes) > 0
        return Plan(
            build=value(self.build),
            store_build=value(self.store_build) if stores else none,
            pipe_build=value(self.pipe_build) if pipes else none,
            generation=value(self.gen),
            charge=value(self.charge) if stores else empty,
            discharge=value(self.discharge) if stores else empty,
            flow=value(self.forth) - value(self.back) if pipes else empty,
            unserved=value(self.unserved),
            design_short=value(self.design_short),
            hours=self.hours,
            hour_weight=self.weight,
            objective_keur=record.objective,
            record=record,
            start=Start.of(self.model, {}),
        )
