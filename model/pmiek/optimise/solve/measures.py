"""Measures that use what stands on the grid already, in the pathway's linear problem.

All amounts are arrays (period, station, hour) or (period, station), MW at the MV bus and MWh. A measure may
be used or not, at a stated price per MWh; none of them adds capacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import linopy
import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from pmiek.optimise.solve.program import Slots

    Array = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]

Hours = npt.NDArray[np.float32]
HOUR = pd.RangeIndex(24, name="hour")
CONTRACT = "flexible_contract"


@dataclass(frozen=True, eq=False)
class Shift:
    """Load that may move within the day.

    Attributes
    ----------
    name : str
    out_mw, in_mw : array (period, station, hour)
        What may leave an hour, and what may come into it.
    day_mwh : array (period, station, day)
        Most that may move in a day.
    price_keur_per_mwh : float
        Per MWh moved.
    """

    name: str
    out_mw: Hours
    in_mw: Hours
    day_mwh: Hours
    price_keur_per_mwh: float


@dataclass(frozen=True, eq=False)
class Store:
    """Storage of the storyline that may be called on.

    Attributes
    ----------
    name : str
    power_mw, energy_mwh : array (period, station)
    efficiency : float
        One way.
    price_keur_per_mwh : float
        Per MWh given back.
    behind_park : bool
        It takes power from its park only, and is switched off with it after a fault.
    """

    name: str
    power_mw: Array
    energy_mwh: Array
    efficiency: float
    price_keur_per_mwh: float
    behind_park: bool = False


@dataclass(frozen=True, eq=False)
class Sink:
    """Capacity without firm rights that may take up feed-in: e-boilers, electrolysers.

    Attributes
    ----------
    name : str
    power_mw : array (period, station)
    price_keur_per_mwh : float
        Per MWh taken up.
    """

    name: str
    power_mw: Array
    price_keur_per_mwh: float


@dataclass(frozen=True, eq=False)
class Contract:
    """Load that takes less in given hours.

    Attributes
    ----------
    power_mw : array (period, station, hour)
    price_keur_per_mwh : float
        Per MWh not taken.
    """

    power_mw: Hours
    price_keur_per_mwh: float
    name: str = CONTRACT


@dataclass(frozen=True, eq=False)
class Measures:
    """Every measure of a run; the default is none.

    Attributes
    ----------
    contract : Contract or None
    shifts, stores, sinks : tuple
    pooled_mw : array (period, station, hour) or None
        Joint output of sun and wind above the shared connection of cable pooling.
    """

    contract: Contract | None = None
    shifts: tuple[Shift, ...] = ()
    stores: tuple[Store, ...] = ()
    sinks: tuple[Sink, ...] = ()
    pooled_mw: Hours | None = None

    @property
    def prices(self) -> dict[str, float]:
        """Price of each measure, kEUR per MWh."""
        every: list[Contract | Shift | Store | Sink] = [*self.shifts, *self.stores, *self.sinks]
        if self.contract is not None:
            every.insert(0, self.contract)
        return {part.name: part.price_keur_per_mwh for part in every}

    def curtailable(
        self, switchable: Array, hours: Indices | slice, *, freely: bool, periods: slice = slice(None)
    ) -> Array:
        """Return what may be curtailed: all that can be switched off, or only what cable pooling cuts.

        Parameters
        ----------
        switchable : array (period, station, ...)
            Generation that can be switched off in these hours.
        hours : array or slice
            Which hours these are.
        freely : bool
            Whether the variant may curtail everywhere.
        periods : slice
            Which periods these are.
        """
        if freely:
            return switchable
        if self.pooled_mw is None:
            return np.zeros_like(switchable)
        return np.asarray(np.minimum(switchable, self.pooled_mw[periods][:, :, hours]), dtype=float)


def _variable(model: linopy.Model, name: str, upper: Array | Hours, slots: Slots) -> linopy.Variable:
    coords = {"slot": slots.index, "hour": HOUR}
    most = xr.DataArray(np.asarray(upper, dtype=float), coords=coords, dims=["slot", "hour"])
    return model.add_variables(lower=0, upper=most, name=name)


def _steady(values: Array, slots: Slots) -> Array:
    return np.repeat(values[slots.period, slots.station][:, None], len(HOUR), axis=1)


def add_measures(
    model: linopy.Model, measures: Measures, slots: Slots, hours: Indices, switchable: Array
) -> tuple[linopy.LinearExpression | None, linopy.LinearExpression | None]:
    """Add the variables of every measure.

    Parameters
    ----------
    model : linopy.Model
    measures : Measures
    slots : Slots
        Station-days in the problem.
    hours : array (chosen day, 24)
        Hour indices of the chosen days.
    switchable : array (slot, hour)
        Output of the parks.

    Returns
    -------
    (change, behind_park)
        What the measures add to the net load, and the part of it that is switched off after a fault.
    """
    mine = hours[slots.day]
    rows, columns = slots.period[:, None], slots.station[:, None]
    terms: list[linopy.LinearExpression] = []
    tripped: linopy.LinearExpression | None = None
    if measures.contract is not None:
        bound = measures.contract.power_mw[rows, columns, mine]
        terms.append(-1 * _variable(model, CONTRACT, bound, slots))
    terms += [
        1 * _variable(model, sink.name, _steady(sink.power_mw, slots), slots) for sink in measures.sinks
    ]
    for shift in measures.shifts:
        out = _variable(model, shift.name, shift.out_mw[rows, columns, mine], slots)
        into = _variable(model, f"{shift.name}_in", shift.in_mw[rows, columns, mine], slots)
        model.add_constraints(out.sum("hour") - into.sum("hour") == 0, name=f"{shift.name}_day")
        most = shift.day_mwh[slots.period, slots.station, mine[:, 0] // len(HOUR)].astype(float)
        cap = xr.DataArray(most, coords={"slot": slots.index}, dims=["slot"])
        model.add_constraints(out.sum("hour") <= cap, name=f"{shift.name}_most")
        terms.append(into - out)
    for store in measures.stores:
        flow = _add_store(model, store, slots, switchable)
        terms.append(flow)
        if store.behind_park:
            tripped = flow if tripped is None else tripped + flow
    change = None
    for term in terms:
        change = term if change is None else change + term
    return change, tripped


def _add_store(model: linopy.Model, store: Store, slots: Slots, switchable: Array) -> linopy.LinearExpression:
    power = _steady(store.power_mw, slots)
    most = np.minimum(power, switchable) if store.behind_park else power
    charge = _variable(model, f"{store.name}_charge", most, slots)
    give = _variable(model, store.name, power, slots)
    level = _variable(model, f"{store.name}_level", _steady(store.energy_mwh, slots), slots)
    gain = store.efficiency * charge - (1 / store.efficiency) * give
    model.add_constraints(level - level.roll(hour=1) - gain == 0, name=f"{store.name}_balance")
    return charge - give


def measure_cost(model: linopy.Model, prices: Mapping[str, float]) -> linopy.LinearExpression | None:
    """Return the cost of using the measures, kEUR per slot and hour; None without measures."""
    cost = None
    for name, price in prices.items():
        term = price * model.variables[name]
        cost = term if cost is None else cost + term
    return cost
