"""The plan of a pipe network as a linear programme: chosen days in blocks of hours, all periods at once."""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from pmiek.arrays import Floats
from pmiek.optimise.pipes.case import PipeCase, place
from pmiek.optimise.solve.days import ChosenDays

BLOCK_HOURS = 3


@dataclass(frozen=True)
class Slots:
    """Blocks of hours on chosen days: their place in all hours, and the hours of a year each stands for.

    Attributes
    ----------
    hours : array (slot, hour of the block)
        Positions in all hours.
    weight : array (slot)
        Hours per year; adds to 8,760.
    """

    hours: np.ndarray
    weight: Floats

    @classmethod
    def of(cls, days: ChosenDays) -> Slots:
        """Lay the chosen days out in blocks of ``BLOCK_HOURS``."""
        blocks = days.hours().reshape(-1, BLOCK_HOURS)
        return cls(blocks, np.repeat(days.weight(), 24 // BLOCK_HOURS) * BLOCK_HOURS)

    def mean(self, values: Floats) -> Floats:
        """Return the mean of each block over the last axis."""
        return np.asarray(values[..., self.hours].mean(-1))


def build_program(case: PipeCase, slots: Slots) -> linopy.Model:
    """Write the programme.

    Parameters
    ----------
    case : PipeCase
    slots : Slots
        Chosen hours.

    Returns
    -------
    linopy.Model
        Minimises discounted kEUR, units continuous: annuities, fixed O&M, bought gas, lost supply and
        unserved demand.
    """
    model = linopy.Model()
    _capacity(model, case)
    _operation(model, case, slots)
    _limits(model, case)
    _balance(model, case, slots)
    model.add_objective(_objective(model, case, slots))
    return model


def _index(case: PipeCase, **more: pd.Index) -> dict[str, pd.Index]:
    return {"period": pd.Index(case.years, name="period"), **more}


def _array(values: Floats, coords: dict[str, pd.Index]) -> xr.DataArray:
    return xr.DataArray(values, coords=coords, dims=list(coords))


def _capacity(model: linopy.Model, case: PipeCase) -> None:
    options = case.options()
    if len(options):
        coords = _index(case, link=pd.Index(options.index, name="link"))
        years = np.array(case.years)[:, None]
        open_year = options["first_year"].fillna(0).to_numpy(float)[None, :]
        most = np.where(years >= open_year, options["max_units"].to_numpy(float)[None, :], 0.0)
        units = model.add_variables(
            lower=0, upper=_array(most, coords), coords=list(coords.values()), name="units"
        )
        total = xr.DataArray(
            options["max_units"].to_numpy(float), coords={"link": coords["link"]}, dims=["link"]
        )
        model.add_constraints(units.sum("period") <= total, name="most_units")
    if len(case.stores):
        coords = _index(case, store=pd.Index(case.stores.index, name="store"))
        model.add_variables(lower=0, coords=list(coords.values()), name="store_build")


def _operation(model: linopy.Model, case: PipeCase, slots: Slots) -> None:
    slot = pd.RangeIndex(len(slots.weight), name="slot")

    def add(name: str, item: str, ids: pd.Index, upper: Floats | float = np.inf) -> None:
        if not len(ids):
            return
        coords = _index(case, **{item: pd.Index(ids, name=item)}, slot=slot)
        top = upper if np.isscalar(upper) else _array(np.asarray(upper), coords)
        model.add_variables(lower=0, upper=top, coords=list(coords.values()), name=name)

    add("flow", "link", case.links.index)
    add("back", "link", case.links.index[case.links["both_ways"].astype(bool)])
    add("use", "source", case.sources.index, slots.mean(case.available_mw))
    add("sink", "out", case.sinks.index)
    add("unserved", "node", case.nodes.index, slots.mean(case.demand_mw))
    for name in ("level", "charge", "discharge"):
        add(name, "store", case.stores.index)


def _in_service(
    model: linopy.Model, case: PipeCase, name: str, item: str, table: pd.DataFrame
) -> linopy.LinearExpression:
    """Sum builds of all periods that are still in service, per period."""
    built = model.variables[name].rename({"period": "built"})
    alive = xr.DataArray(
        np.stack([case.alive(float(years)) for years in table["lifetime"]]),
        coords={
            item: pd.Index(table.index, name=item),
            "period": pd.Index(case.years, name="period"),
            "built": pd.Index(case.years, name="built"),
        },
        dims=[item, "period", "built"],
    )
    total: linopy.LinearExpression = (built * alive).sum("built")
    return total


def _limits(model: linopy.Model, case: PipeCase) -> None:
    options = case.options()
    fixed = case.links.index.difference(options.index, sort=False)
    existing = _array(case.existing_mw, _index(case, link=pd.Index(case.links.index, name="link")))
    unit = xr.DataArray(
        options["unit_mw"].to_numpy(float),
        coords={"link": pd.Index(options.index, name="link")},
        dims=["link"],
    )
    for name in ("flow", "back"):
        if name not in model.variables:
            continue
        flow = model.variables[name]
        here = pd.Index(flow.coords["link"].to_index())
        part = here.intersection(fixed, sort=False)
        if len(part):
            model.add_constraints(flow.sel(link=part) <= existing.sel(link=part), name=f"{name}_existing")
        part = here.intersection(options.index, sort=False)
        if len(part):
            room = (_in_service(model, case, "units", "link", options) * unit).sel(link=part)
            model.add_constraints(flow.sel(link=part) - room <= existing.sel(link=part), name=f"{name}_built")
    if len(case.stores):
        _store_limits(model, case)


def _store_limits(model: linopy.Model, case: PipeCase) -> None:
    """Levels repeat every day, within what is built; a full store empties in an hour at best."""
    level, charge, discharge = (model.variables[n] for n in ("level", "charge", "discharge"))
    room = _in_service(model, case, "store_build", "store", case.stores)
    for name, variable in (("level", level), ("charge", charge), ("discharge", discharge)):
        model.add_constraints(variable - room <= 0, name=f"store_{name}_room")
    slots = level.sizes["slot"]
    before = np.arange(slots) - 1
    before[:: 24 // BLOCK_HOURS] += 24 // BLOCK_HOURS
    previous = level.isel(slot=before).assign_coords(slot=level.coords["slot"])
    efficiency = xr.DataArray(
        case.stores["efficiency"].to_numpy(float),
        coords={"store": pd.Index(case.stores.index, name="store")},
        dims=["store"],
    )
    model.add_constraints(
        level - previous - charge * (efficiency * BLOCK_HOURS) + discharge * BLOCK_HOURS == 0,
        name="store_balance",
    )


def _balance(model: linopy.Model, case: PipeCase, slots: Slots) -> None:
    node = pd.Index(case.nodes.index, name="node")

    def at(name: str, item: str, matrix: Floats) -> linopy.LinearExpression:
        variable = model.variables[name]
        where = xr.DataArray(
            matrix, coords={"node": node, item: variable.coords[item].to_index()}, dims=["node", item]
        )
        total: linopy.LinearExpression = (variable * where).sum(item)
        return total

    ends = place(case.links, case.nodes, "node1") - place(case.links, case.nodes, "node0")
    total = model.variables["unserved"] + at("flow", "link", ends)
    both = case.links["both_ways"].to_numpy(bool)
    if both.any():
        total = total - at("back", "link", ends[:, both])
    if len(case.sources):
        total = total + at("use", "source", place(case.sources, case.nodes))
    if len(case.sinks):
        total = total - at("sink", "out", place(case.sinks, case.nodes))
    if len(case.stores):
        here = place(case.stores.reset_index(names="node_id"), case.nodes)
        total = total + at("discharge", "store", here) - at("charge", "store", here)
    slot = pd.RangeIndex(len(slots.weight), name="slot")
    demand = _array(slots.mean(case.demand_mw), _index(case, node=node, slot=slot))
    model.add_constraints(total == demand, name="balance")


def _objective(model: linopy.Model, case: PipeCase, slots: Slots) -> linopy.LinearExpression:
    discount = xr.DataArray(case.discount(), coords=_index(case), dims=["period"])
    slot = pd.RangeIndex(len(slots.weight), name="slot")
    hours = xr.DataArray(slots.weight, coords={"slot": slot}, dims=["slot"]) * discount / 1e3
    terms = [(model.variables["unserved"] * (hours * case.unserved_eur)).sum()]
    price = slots.mean(case.price_eur) - case.lost_eur[None, :, None]
    if len(case.sources):
        coords = _index(case, source=pd.Index(case.sources.index, name="source"), slot=slot)
        terms.append((model.variables["use"] * (_array(price, coords) * hours)).sum())
    if len(case.sinks):
        paid = _array(case.sink_eur, _index(case, out=pd.Index(case.sinks.index, name="out")))
        terms.append((model.variables["sink"] * (-paid * hours)).sum())
    for name in ("flow", "back"):
        if name in model.variables:
            here = model.variables[name].coords["link"].to_index()
            cost = xr.DataArray(
                case.links.loc[here, "operating_eur"].to_numpy(float), coords={"link": here}, dims=["link"]
            )
            terms.append((model.variables[name] * (cost * hours)).sum())
    for name, item, table in (("units", "link", case.options()), ("store_build", "store", case.stores)):
        if len(table):
            terms.append(_capital(model, case, name, item, table, discount))
    objective = terms[0]
    for term in terms[1:]:
        objective = objective + term
    return objective


def _capital(  # noqa: PLR0917
    model: linopy.Model, case: PipeCase, name: str, item: str, table: pd.DataFrame, discount: xr.DataArray
) -> linopy.LinearExpression:
    rates = [
        sum(case.yearly_rates(float(a), float(b)))
        for a, b in zip(table["lifetime"], table["fixed_om"], strict=True)
    ]
    yearly = xr.DataArray(
        table["capex_keur"].to_numpy(float) * np.array(rates),
        coords={item: pd.Index(table.index, name=item)},
        dims=[item],
    )
    total: linopy.LinearExpression = (_in_service(model, case, name, item, table) * yearly * discount).sum()
    return total
