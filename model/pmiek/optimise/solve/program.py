"""The pathway as one linear problem: capacities per period, operation in the chosen hours.

Unit of money is kEUR, of power MW, of energy MWh. See docs/pathway.md for the equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from pmiek.optimise.solve.case import (
    HOURS_PER_DAY,
    Array,
    Indices,
    PathwayCase,
    firm_mva,
    most_units,
    with_units,
)
from pmiek.optimise.solve.days import ChosenDays
from pmiek.optimise.solve.hv_rows import HvRows, add_hv_rows
from pmiek.optimise.solve.measures import add_measures, measure_cost

HOUR = pd.RangeIndex(HOURS_PER_DAY, name="hour")
STATION_ASSETS = ("station_transformer", "new_station", "battery_power", "battery_energy")
HV_ASSETS = ("circuit", "coupling_transformer")


@dataclass(frozen=True)
class Slots:
    """Station-days that need operation: everything else cannot exceed and stays out of the problem.

    Attributes
    ----------
    period, station, day : array (slot)
        Positions; `day` counts the chosen days.
    lookup : array (period, station, chosen day)
        Slot number, or -1.
    """

    period: Indices
    station: Indices
    day: Indices
    lookup: Indices

    @property
    def index(self) -> pd.RangeIndex:
        """Coordinate of the slots."""
        return pd.RangeIndex(len(self.period), name="slot")


@dataclass(frozen=True)
class Hourly:
    """Chosen hours of the case: arrays (period, station, chosen day, 24), season (chosen day, 24)."""

    load: Array
    switchable: Array
    fixed: Array
    season: Indices
    weight: Array
    curtailable: Array
    hours: Indices

    @classmethod
    def of(cls, case: PathwayCase, days: ChosenDays) -> Hourly:
        """Cut the chosen days from the full hours; days weigh as many days per year as they stand for."""
        hours = days.hours()
        return cls(
            case.load_mw[:, :, hours],
            case.switchable_mw[:, :, hours],
            case.fixed_feed_mw[:, :, hours],
            case.season[hours],
            days.weight(),
            case.measures.curtailable(case.switchable_mw[:, :, hours], hours, freely=case.build.curtailment),
            hours,
        )

    @property
    def net(self) -> Array:
        """Net load without any measure, take-off positive."""
        return self.load - self.switchable - self.fixed


@dataclass(frozen=True)
class Floors:
    """Least capacity in service that an earlier check asked for, MW: asset id to array (period)."""

    hv: dict[str, Array]


def find_slots(case: PathwayCase, hourly: Hourly, rows: HvRows | None) -> Slots:
    """Choose the station-days on which a station limit or a high-voltage row can bind."""
    limits = [case.limit_mw(test, hourly.hours) for test in range(3)]
    over = (
        (hourly.net > limits[0]) | (-hourly.net > limits[1]) | (hourly.fixed - hourly.load > limits[2])
    ).any(3)
    if rows is not None and len(rows):
        over = over | rows.active_station_days(over.shape)
    period, station, day = np.nonzero(over)
    lookup = np.full(over.shape, -1, dtype=np.int64)
    lookup[period, station, day] = np.arange(len(period))
    return Slots(period, station, day, lookup)


def build_program(
    case: PathwayCase, days: ChosenDays, rows: HvRows | None = None, floors: Floors | None = None
) -> tuple[linopy.Model, Slots, Hourly]:
    """Write the linear problem.

    Parameters
    ----------
    case : PathwayCase
    days : ChosenDays
    rows : HvRows, optional
        High-voltage asset, outage and hour combinations that must be kept within limits.
    floors : Floors, optional
        Least capacity per high-voltage asset, learnt from the check on all hours.

    Returns
    -------
    (linopy.Model, Slots, Hourly)
    """
    hourly = Hourly.of(case, days)
    slots = find_slots(case, hourly, rows)
    model = linopy.Model()
    _add_capacity(model, case, floors)
    if len(slots.index):
        tripped = _add_operation(model, case, slots, hourly)
        _add_limits(model, case, slots, hourly, tripped)
        if case.build.batteries:
            _add_battery(model, slots, case.economics.battery_efficiency)
        if rows is not None and len(rows):
            add_hv_rows(model, case, rows, slots.lookup, hourly.net)
    model.add_objective(_objective(model, case, slots, hourly))
    return model, slots, hourly


def unit_headroom_mva(case: PathwayCase) -> Array:
    """Return firm MVA (period, station) that standard units on the plot add, beside or instead of others."""
    room = np.zeros((len(case.years), len(case.stations)))
    unit = case.stations["unit_mva"].to_numpy(dtype=float)
    most = case.stations["max_units"].to_numpy(dtype=float)
    for p, stations in enumerate(case.units_mva):
        for s, units in enumerate(stations):
            free = max(0, int(most[s]) - len(units))
            full = with_units(units, unit[s], free, most_units(units, unit[s], free))
            room[p, s] = max(0.0, firm_mva(full) - firm_mva(units))
    return room


def _add_capacity(model: linopy.Model, case: PathwayCase, floors: Floors | None) -> None:
    period = pd.RangeIndex(len(case.years), name="period")
    station = pd.Index(case.stations.index, name="station")
    room = unit_headroom_mva(case)
    unlimited = np.full_like(room, np.inf)
    allowed = {
        "station_transformer": room if case.build.station_transformers else 0 * room,
        "new_station": unlimited if case.build.new_stations else 0 * room,
        "battery_power": unlimited if case.build.batteries else 0 * room,
        "battery_energy": unlimited if case.build.batteries else 0 * room,
    }
    for asset in STATION_ASSETS:
        _capacity_pair(model, case, asset, [period, station], 0 * room, allowed[asset])
    for asset in HV_ASSETS:
        table = hv_assets(case, asset)
        least = np.zeros((len(case.years), len(table)))
        if floors is not None:
            for a, asset_id in enumerate(table.index):
                least[:, a] = floors.hv.get(str(asset_id), least[:, a])
        name = pd.Index(table.index, name=asset)
        most = np.where(table["buildable"].to_numpy(dtype=bool)[None, :] & _may(case, asset), np.inf, 0.0)
        if len(table):
            _capacity_pair(model, case, asset, [period, name], least, np.broadcast_to(most, least.shape))
    if len(case.options) and case.build.new_stations:
        start = case.options["earliest_year"].to_numpy(dtype=float)
        most = (np.array(case.years)[:, None] >= start[None, :]).astype(float)
        option = pd.Index(case.options["option_id"], name="option")
        _capacity_pair(model, case, "new_station", [period, option], 0 * most, most, name="option")


def hv_assets(case: PathwayCase, asset: str) -> pd.DataFrame:
    """Return high-voltage assets of a class: index asset_id; cluster, payer, existing_mw, unit_mw, capex."""
    columns = ["asset_id", "cluster", "payer", "existing_mw", "unit_mw", "capex_keur_per_mw", "buildable"]
    tables = [grid.elements[grid.elements["asset_class"] == asset][columns] for grid in case.hv]
    if not tables:
        return pd.DataFrame(columns=columns[1:], index=pd.Index([], name="asset_id", dtype=str))
    return pd.concat(tables).drop_duplicates("asset_id").set_index("asset_id").sort_index()


def _may(case: PathwayCase, asset: str) -> bool:
    return case.build.circuits if asset == "circuit" else case.build.coupling_transformers


def _capacity_pair(  # noqa: PLR0917
    model: linopy.Model,
    case: PathwayCase,
    asset: str,
    coords: list[pd.Index],
    least: Array,
    most: Array,
    name: str | None = None,
) -> None:
    """Add ``cap`` (in service) and ``build`` (added in the period), tied by lifetime."""
    name = name or asset
    dims = [str(c.name) for c in coords]
    lower = xr.DataArray(least, coords=dict(zip(dims, coords, strict=True)), dims=dims)
    upper = xr.DataArray(np.asarray(most), coords=lower.coords, dims=dims)
    cap = model.add_variables(lower=lower, upper=upper, name=f"cap_{name}")
    build = model.add_variables(lower=0, coords=coords, name=f"build_{name}")
    made = pd.RangeIndex(len(case.years), name="made")
    alive = xr.DataArray(
        case.alive(asset), coords={"period": coords[0], "made": made}, dims=["period", "made"]
    )
    in_service = (build.rename(period="made") * alive).sum("made")
    model.add_constraints(cap - in_service == 0, name=f"in_service_{name}")


def _slot_array(values: Array, slots: Slots) -> xr.DataArray:
    picked = values[slots.period, slots.station, slots.day]
    return xr.DataArray(picked, coords={"slot": slots.index, "hour": HOUR}, dims=["slot", "hour"])


def _add_operation(
    model: linopy.Model, case: PathwayCase, slots: Slots, hourly: Hourly
) -> linopy.LinearExpression | None:
    """Add the operation; return what of it is switched off after a fault beside curtailed generation."""
    switchable, most = _slot_array(hourly.switchable, slots), _slot_array(hourly.curtailable, slots)
    model.add_variables(lower=0, upper=most, name="curtailed")
    model.add_variables(lower=0, upper=_slot_array(hourly.load, slots), name="unserved")
    kept = _slot_array(hourly.fixed, slots) + switchable - most
    model.add_variables(lower=0, upper=kept, name="refused")
    shift = model.add_variables(lower=-np.inf, coords=[slots.index, HOUR], name="shift")
    v = model.variables
    change = v["curtailed"] + v["refused"] - v["unserved"]
    if case.build.batteries:
        model.add_variables(lower=0, coords=[slots.index, HOUR], name="charge")
        model.add_variables(lower=0, coords=[slots.index, HOUR], name="discharge")
        model.add_variables(lower=0, coords=[slots.index, HOUR], name="level")
        change = change + model.variables["charge"] - model.variables["discharge"]
    more, tripped = add_measures(model, case.measures, slots, hourly.hours, switchable.to_numpy())
    model.add_constraints(shift - (change if more is None else change + more) == 0, name="shift")
    return tripped


def _at_slots(variable: linopy.Variable, slots: Slots, second: str = "station") -> linopy.LinearExpression:
    def at(values: Indices) -> xr.DataArray:
        return xr.DataArray(values, coords={"slot": slots.index}, dims=["slot"])

    picked = variable.isel({"period": at(slots.period), second: at(slots.station)})
    expression: linopy.LinearExpression = (1 * picked).drop_vars(["period", second], errors="ignore")
    return expression


def _add_limits(
    model: linopy.Model,
    case: PathwayCase,
    slots: Slots,
    hourly: Hourly,
    tripped: linopy.LinearExpression | None,
) -> None:
    v = model.variables
    season = hourly.season[slots.day]
    limits = [case.limit_mw(test, hourly.hours)[slots.period, slots.station, slots.day] for test in range(3)]
    coords = {"slot": slots.index, "hour": HOUR}

    def grid(values: Array) -> xr.DataArray:
        return xr.DataArray(values, coords=coords, dims=["slot", "hour"])

    extra = _at_slots(v["cap_station_transformer"], slots) + _at_slots(v["cap_new_station"], slots)
    at = (slots.period[:, None], slots.station[:, None], season)
    factor = [grid(case.gain(test)[at]) for test in range(3)]
    net = _slot_array(hourly.net, slots)
    fixed = _slot_array(hourly.fixed - hourly.load, slots)
    relief = _relief(model, case, slots)
    take_off = v["shift"] - factor[0] * extra
    feed_in = -1 * v["shift"] - factor[1] * extra
    # after a fault all switchable generation is off, so curtailing it beforehand changes nothing
    after_trip = -1 * v["shift"] + 1 * v["curtailed"] - factor[2] * extra
    if tripped is not None:
        after_trip = after_trip + tripped
    if relief is not None:
        take_off, feed_in = take_off - relief * net, feed_in + relief * net
        after_trip = after_trip - relief * fixed
    model.add_constraints(take_off <= grid(limits[0]) - net, name="take_off")
    model.add_constraints(feed_in <= grid(limits[1]) + net, name="feed_in_total")
    model.add_constraints(after_trip <= grid(limits[2]) - fixed, name="feed_in_after_trip")


def _relief(model: linopy.Model, case: PathwayCase, slots: Slots) -> linopy.LinearExpression | None:
    if "cap_option" not in model.variables:
        return None
    option = model.variables["cap_option"]
    share = xr.DataArray(
        case.option_share,
        coords={"option": option.indexes["option"], "station": pd.Index(case.stations.index, name="station")},
        dims=["option", "station"],
    )
    relief = model.add_variables(
        lower=0, coords=[option.indexes["period"], share.indexes["station"]], name="relief"
    )
    model.add_constraints(relief - (option * share).sum("option") == 0, name="relief")
    return _at_slots(relief, slots)


def _add_battery(model: linopy.Model, slots: Slots, efficiency: float) -> None:
    v = model.variables
    power = _at_slots(v["cap_battery_power"], slots)
    energy = _at_slots(v["cap_battery_energy"], slots)
    level = v["level"]
    gain = efficiency * v["charge"] - (1 / efficiency) * v["discharge"]
    model.add_constraints(level - level.roll(hour=1) - gain == 0, name="battery_level")
    model.add_constraints(v["charge"] + v["discharge"] - power <= 0, name="battery_power")
    model.add_constraints(level - energy <= 0, name="battery_energy")


def _objective(
    model: linopy.Model, case: PathwayCase, slots: Slots, hourly: Hourly
) -> linopy.LinearExpression:
    v = model.variables
    terms = [
        (v[f"build_{name}"] * _build_price(case, asset, v[f"build_{name}"])).sum()
        for name, asset in built_names(model)
    ]
    if len(slots.index):
        weight = xr.DataArray(
            operating_weight(case, slots, hourly), coords={"slot": slots.index}, dims=["slot"]
        )
        money = case.economics
        cost = money.curtailment_keur_per_mwh * v["curtailed"] + money.unserved_keur_per_mwh * (
            v["unserved"] + v["refused"]
        )
        if case.build.batteries:
            cost = cost + money.loss_keur_per_mwh * (v["charge"] - v["discharge"])
        used = measure_cost(model, case.measures.prices)
        terms.append(((cost if used is None else cost + used) * weight).sum())
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def operating_weight(case: PathwayCase, slots: Slots, hourly: Hourly) -> Array:
    """Return per slot the discounted years times days per year that its day stands for."""
    return np.asarray(case.discount()[slots.period] * hourly.weight[slots.day])


def built_names(model: linopy.Model) -> list[tuple[str, str]]:
    """Return (variable suffix, cost key) of everything that can be built in this model."""
    names = [name.removeprefix("build_") for name in model.variables if name.startswith("build_")]
    return [(name, "new_station" if name == "option" else name) for name in names]


def capex_keur(case: PathwayCase, name: str) -> Array:
    """Return investment per unit of the second dimension: kEUR per MW, MWh, or per whole option."""
    if name in HV_ASSETS:
        return hv_assets(case, name)["capex_keur_per_mw"].to_numpy(dtype=float)
    if name == "option":
        return case.options["capex_keur"].to_numpy(dtype=float)
    return np.full(len(case.stations), case.economics.assets[name].capex_keur_per_mw)


def yearly_rates(case: PathwayCase, asset: str) -> tuple[float, float]:
    """Return annuity and fixed O&M, each as a share of the investment per year."""
    cost = case.economics.assets[asset]
    one = cost.annuity_keur(case.economics.discount_rate_per_year) / cost.capex_keur_per_mw
    return one, cost.fixed_om_per_year


def _build_price(case: PathwayCase, asset: str, variable: linopy.Variable) -> xr.DataArray:
    name = str(variable.name).removeprefix("build_")
    years = case.discount() @ case.alive(asset)
    price = years[:, None] * capex_keur(case, name)[None, :] * sum(yearly_rates(case, asset))
    return xr.DataArray(price, coords=[variable.indexes[d] for d in variable.dims], dims=variable.dims)
