"""All hours of the year with the planned capacities: storage as planned, the rest in order of cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pmiek.optimise.heat.days import stand_in
from pmiek.optimise.heat.program import HOURS_PER_DAY, Plan, in_service

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats
    from pmiek.optimise.heat.case import HeatCase
    from pmiek.optimise.solve.days import ChosenDays

#: Unserved heat of a day that counts as a shortage.
SMALL_MWH = 1e-3


@dataclass(frozen=True)
class Operation:
    """What runs in every hour.

    Attributes
    ----------
    generation : array (period, source, hour)
    stored : array (period, store, hour)
        Discharge, negative while charging.
    flow : array (period, pipe, hour)
        MW that enters the pipe, positive from network0 to network1.
    unserved : array (period, network, hour)
    """

    generation: Floats
    stored: Floats
    flow: Floats
    unserved: Floats


def operate(case: HeatCase, days: ChosenDays, plan: Plan) -> Operation:
    """Run the planned networks through all hours of all weather years.

    Storage repeats what it does on the chosen day that stands for a day, less where the day asks less. The
    rest is served hour by hour: first pipes bring what a network cannot make itself, then sources run in
    order of their cost, over pipes where there is room. The rule cannot beat the optimum, so unserved heat
    and cost are upper bounds.

    Returns
    -------
    Operation
        In every network and hour, heat made, brought and discharged plus what is unserved is the demand.
    """
    shape = (len(case.years), 0, case.demand_mw.shape[2])
    out = Operation(
        *(
            np.zeros((shape[0], n, shape[2]))
            for n in (len(case.sources), len(case.stores), len(case.pipes), len(case.networks))
        )
    )
    source_mw, pipe_mw = in_service(case, "source", plan.build), in_service(case, "pipe", plan.pipe_build)
    none = np.zeros(case.days, dtype=bool)
    for p in range(len(case.years)):
        use = _storage_use(case, days, plan, p)
        left = _after_storage(case, p, use, (source_mw[p], pipe_mw[p]), none, out.stored[p])
        _Hours(case, p, source_mw[p], pipe_mw[p], left, out).run()
        short = out.unserved[p].sum(axis=0).reshape(-1, HOURS_PER_DAY).sum(axis=1) > SMALL_MWH
        if short.any() and len(case.stores):
            for made in (out.generation, out.flow):
                made[p] = 0.0
            left = _after_storage(case, p, use, (source_mw[p], pipe_mw[p]), short, out.stored[p])
            _Hours(case, p, source_mw[p], pipe_mw[p], left, out).run()
    return out


def _storage_use(case: HeatCase, days: ChosenDays, plan: Plan, p: int) -> Floats:
    """Return the planned discharge (charge negative) of every store in all hours, as on its chosen day."""
    net = (plan.discharge[p] - plan.charge[p]).reshape(len(case.stores), len(days.day), HOURS_PER_DAY)
    return np.asarray(net[:, stand_in(days)].reshape(len(case.stores), case.days * HOURS_PER_DAY))


def _after_storage(  # noqa: PLR0917
    case: HeatCase, p: int, wanted: Floats, stands: tuple[Floats, Floats], idle: Bools, stored: Floats
) -> Floats:
    """Return demand after storage; per network and day the planned use is scaled down until it fits.

    On idle days, when heat would be short, tanks stand still and pits are not filled: that must not take what
    homes need.
    """
    source_mw, pipe_mw = stands
    left: Floats = case.demand_mw[p].copy()
    kept = float(case.pipes["efficiency"].min()) ** 2 if len(case.pipes) else 1.0
    # charging takes what the network and its pipes can bring beyond what it asks, and all sources beyond all
    for k, store in enumerate(case.stores.to_dict("records")):
        n, use = int(store["network"]), wanted[k]
        ends = (case.pipes["network0"] == n) | (case.pipes["network1"] == n)
        most = source_mw[case.sources["network"].to_numpy() == n].sum() + pipe_mw[ends.to_numpy()].sum()
        spare = np.minimum(most - left[n], source_mw.sum() - left.sum(axis=0) / kept)
        room = np.where(use > 0, left[n], np.maximum(spare, 0.0))
        fits = np.where(np.abs(use) > 1e-9, room / np.maximum(np.abs(use), 1e-9), 1.0)
        factor = np.clip(fits.reshape(-1, HOURS_PER_DAY).min(axis=1), 0.0, 1.0)
        filled = use.reshape(-1, HOURS_PER_DAY).sum(axis=1) <= 0
        factor = np.where(idle & (filled | (store["kind"] == "tank")), 0.0, factor)
        stored[k] = use * np.repeat(factor, HOURS_PER_DAY)
        left[n] -= stored[k]
    return left


class _Hours:
    """One period: remaining demand, source capacity and pipe room shrink as heat is handed out."""

    def __init__(  # noqa: PLR0917
        self, case: HeatCase, p: int, source_mw: Floats, pipe_mw: Floats, left: Floats, out: Operation
    ) -> None:
        self.case, self.p, self.out = case, p, out
        hours = left.shape[1]
        self.left = np.maximum(left, 0.0)
        self.spare = np.repeat(source_mw[:, None], hours, axis=1)
        self.pipe_mw = pipe_mw
        self.at = case.sources["network"].to_numpy(dtype=int)
        self.routes = {(n, m): _route(case, n, m) for n in set(self.at) for m in range(len(case.networks))}

    def run(self) -> None:
        """Serve first what a network cannot make itself, then everything in order of cost."""
        short = np.zeros_like(self.left)
        for n in range(len(self.left)):
            short[n] = np.maximum(self.left[n] - self.spare[self.at == n].sum(axis=0), 0.0)
        self._serve(short, own=False)
        self._serve(self.left, own=True)
        self.out.unserved[self.p] = self.left

    def _serve(self, wanted: Floats, *, own: bool) -> None:
        cost = self.case.marginal[self.p]
        order = np.argsort(cost, axis=0, kind="stable")
        wanted = wanted.copy()
        for rank in range(len(order)):
            for s in range(len(order)):
                now = order[rank] == s
                if not now.any():
                    continue
                for n in self._nearest(int(self.at[s])):
                    if n != self.at[s] or own:
                        asked = np.where(now, np.minimum(wanted[n], self.left[n]), 0.0)
                        self._send(s, n, asked if own else np.minimum(asked, self._surplus(s)), wanted)

    def _surplus(self, s: int) -> Floats:
        """Return what the network of a source can make beyond what it asks itself."""
        home = int(self.at[s])
        return np.asarray(np.maximum(self.spare[self.at == home].sum(axis=0) - self.left[home], 0.0))

    def _nearest(self, start: int) -> list[int]:
        reached = [n for n in range(len(self.left)) if self.routes[start, n] is not None]
        return sorted(reached, key=lambda n: len(self.routes[start, n] or ()))

    def _send(self, s: int, n: int, asked: Floats, wanted: Floats) -> None:
        """Send heat of a source over its route, as far as source and pipes have room."""
        route = self.routes[int(self.at[s]), n] or ()
        flow, efficiency = self.out.flow[self.p], self.case.pipes["efficiency"].to_numpy(float)
        kept = np.cumprod([1.0, *[efficiency[a] for a, _ in route]])
        most = np.minimum(self.spare[s], asked / kept[-1])
        for step, (a, sign) in enumerate(route):
            # heat never passes heat that goes the other way: both would lose on the way for nothing
            room = np.where(sign * flow[a] < 0, 0.0, self.pipe_mw[a] - sign * flow[a])
            most = np.minimum(most, np.maximum(room, 0.0) / kept[step])
        for step, (a, sign) in enumerate(route):
            flow[a] += sign * most * kept[step]
        self.spare[s] -= most
        self.out.generation[self.p, s] += most
        arrived = most * kept[-1]
        self.left[n] = np.maximum(self.left[n] - arrived, 0.0)
        wanted[n] = np.maximum(wanted[n] - arrived, 0.0)


def _route(case: HeatCase, start: int, end: int) -> tuple[tuple[int, int], ...] | None:
    """Return the pipes from one network to another, each with +1 or -1 for its direction."""
    found: dict[int, tuple[tuple[int, int], ...]] = {start: ()}
    queue = [start]
    while queue:
        n = queue.pop(0)
        for a, (end0, end1) in enumerate(case.pipes[["network0", "network1"]].to_numpy(dtype=int)):
            for here, there, sign in ((end0, end1, 1), (end1, end0, -1)):
                if here == n and there not in found:
                    found[there] = (*found[n], (a, sign))
                    queue.append(there)
    return found.get(end)
