"""A solved pathway: capacities, operation and the cost identity."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import linopy
import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.optimise.solve.case import TESTS, Array, Indices, PathwayCase
from pmiek.optimise.solve.days import ChosenDays
from pmiek.optimise.solve.diagnosis import Describe
from pmiek.optimise.solve.gate import SolveRecord, solve_model
from pmiek.optimise.solve.hv_rows import HvRows, join_rows, new_rows, of_classes, violated_rows
from pmiek.optimise.solve.program import (
    HV_ASSETS,
    Floors,
    Hourly,
    Slots,
    build_program,
    built_names,
    capex_keur,
    operating_weight,
    yearly_rates,
)
from pmiek.optimise.solve.warm import Start

OPERATION = ("curtailed", "unserved", "refused", "battery_loss")
#: What is not served, for which connections wait.
WAITING = ("unserved", "refused")
IDENTITY = 1e-6
#: High-voltage rows that enter at once per period, element and direction, the most exceeded first.
ROWS_AT_ONCE = 12
#: Days that are operated in one problem: writing a problem costs more than solving one of a single day.
DAYS_TOGETHER = 4
EVERY_ROW = 10_000


@dataclass(frozen=True)
class Solution:
    """Values of one solve.

    Attributes
    ----------
    build, capacity : dict of str to DataFrame
        Added and in service, index year, columns ids; MW (MWh for battery energy, 0..1 for options).
    operation : dict of str to array (period, station)
        MWh per year: curtailed, unserved, refused (feed-in that no one may switch off), battery_loss.
    peak_mw : dict of str to array (period, station)
        The most of each of these in one hour of the chosen days.
    waiting_mw : dict of str to array (period, station, chosen day, 24)
        What is unserved and refused in each hour of the chosen days.
    net_mw, curtailed_mw : array (period, station, chosen day, 24)
        Net load after all measures, and field generation that is curtailed.
    objective_keur : float
        Present value of all cost.
    records : tuple of SolveRecord
    rows : HvRows or None
        High-voltage rows in the problem.
    start : Start or None
        Where the next problem like this one may start.
    """

    build: dict[str, pd.DataFrame]
    capacity: dict[str, pd.DataFrame]
    operation: dict[str, Array]
    net_mw: Array
    curtailed_mw: Array
    objective_keur: float
    records: tuple[SolveRecord, ...]
    rows: HvRows | None
    start: Start | None = None
    peak_mw: dict[str, Array] = field(default_factory=dict)
    waiting_mw: dict[str, Array] = field(default_factory=dict)

    def extra_hv_mw(self) -> dict[str, Array]:
        """Return extra MW (period) per high-voltage asset."""
        return extra_hv_mw(self.capacity)


def extra_hv_mw(capacity: Mapping[str, pd.DataFrame]) -> dict[str, Array]:
    """Return extra MW (period) per high-voltage asset of a table of capacities in service."""
    tables = [capacity[name] for name in ("circuit", "coupling_transformer") if name in capacity]
    return {str(c): t[c].to_numpy(dtype=float) for t in tables for c in t.columns}


def solve_case(
    case: PathwayCase,
    days: ChosenDays,
    *,
    label: str,
    options: Mapping[str, object] | Callable[[int], Mapping[str, object]],
    threads: int = 1,
    rows: HvRows | None = None,
    start: Start | None = None,
    floors: Floors | None = None,
    fixed: Mapping[str, pd.DataFrame] | None = None,
    tolerance: float = 0.01,
    most_passes: int = 8,
    classes: Collection[str] = HV_ASSETS,
    rows_at_once: int | None = None,
) -> Solution:
    """Solve the pathway on the chosen days; add high-voltage rows until none is violated there.

    Parameters
    ----------
    case : PathwayCase
    days : ChosenDays
    label : str
        Name in records and messages.
    options : mapping or callable
        HiGHS options, or a function that gives them for a number of rows.
    threads : int
    rows : HvRows, optional
        Rows known from an earlier round, for these days.
    start : Start, optional
        Optimum of an earlier round to start from.
    floors : Floors, optional
        Least high-voltage capacity.
    fixed : mapping, optional
        Capacities in service that may not be changed (index year, columns ids), for the operation of a plan.
    tolerance : float
        Share of a rating that may still be exceeded on a chosen hour.
    most_passes : int
        Most passes of adding rows; the check on all hours reports what then remains.
    classes : collection of str
        Classes of high-voltage assets of which the limits count.
    rows_at_once : int, optional
        High-voltage rows that may enter at once per period, element and direction.

    Returns
    -------
    Solution

    Raises
    ------
    SolveError
        If a solve is not optimal, or if the parts of the cost do not add to the objective.
    """
    records: list[SolveRecord] = []
    most = ROWS_AT_ONCE if rows_at_once is None else rows_at_once
    if rows is None and (first := _first_rows(case, days, tolerance, classes)) is not None:
        rows = first.worst(most)
    for turn in range(most_passes):
        model, slots, hourly = build_program(case, days, rows, floors)
        _fix(model, fixed)
        keys = _keys(case, days, slots, rows)
        record = solve_model(
            model,
            label=f"{label} pass {turn + 1}",
            threads=threads,
            options=options(model.ncons) if callable(options) else options,
            describe=_words(case, days, slots),
            suspects=lambda: suspects(case),
            basis=None if start is None else start.basis(model, keys),
        )
        records.append(record)
        solution = _read(model, case, slots, hourly, tuple(records), rows)
        start = Start.of(model, keys)
        del model
        gc.collect()  # a model holds itself in circles: without this the next one comes on top of it
        if not case.hv:
            break
        fresh = new_rows(rows, _exceeded(case, solution, hourly, tolerance, classes))
        if fresh is None:
            break
        rows = join_rows([part for part in (rows, fresh.worst(most)) if part is not None])
    assert_identity(case, solution)
    return replace(solution, start=start)


def operate(
    case: PathwayCase,
    days: ChosenDays,
    *,
    label: str,
    options: Mapping[str, object] | Callable[[int], Mapping[str, object]],
    threads: int = 1,
    fixed: Mapping[str, pd.DataFrame] | None = None,
    tolerance: float = 0.01,
) -> Solution:
    """Operate a plan of fixed capacities on the chosen days, a few at a time: nothing joins the days.

    Parameters
    ----------
    case, days, label, options, threads, fixed, tolerance
        As for :func:`solve_case`.

    Returns
    -------
    Solution
        Of all days together, with the records of every solve.

    Raises
    ------
    SolveError
        If a solve is not optimal, or if the parts of the cost do not add to the objective.
    """
    parts = [
        solve_case(
            case,
            group,
            label=f"{label} part {number}",
            options=options,
            threads=threads,
            fixed=fixed,
            tolerance=tolerance,
            rows_at_once=EVERY_ROW,
        )
        for number, group in enumerate(days.groups(DAYS_TOGETHER), start=1)
    ]
    first = parts[0]
    capital = float(capital_keur(case, first.build).sum())
    return replace(
        first,
        operation={
            name: np.sum([part.operation[name] for part in parts], axis=0) for name in first.operation
        },
        peak_mw={name: np.max([part.peak_mw[name] for part in parts], axis=0) for name in first.peak_mw},
        waiting_mw={
            name: np.concatenate([part.waiting_mw[name] for part in parts], axis=2) for name in WAITING
        },
        net_mw=np.concatenate([part.net_mw for part in parts], axis=2),
        curtailed_mw=np.concatenate([part.curtailed_mw for part in parts], axis=2),
        objective_keur=capital + sum(part.objective_keur - capital for part in parts),
        records=tuple(record for part in parts for record in part.records),
        rows=None,
        start=None,
    )


def _exceeded(
    case: PathwayCase, solution: Solution, hourly: Hourly, tolerance: float, classes: Collection[str]
) -> HvRows | None:
    """Find the rows of some classes that the operation of a solution exceeds on the chosen days."""
    found = violated_rows(
        case,
        (solution.net_mw, hourly.switchable - solution.curtailed_mw),
        (hourly.net, hourly.switchable),
        hourly.season,
        solution.extra_hv_mw(),
        tolerance + 1e-6,
    )
    return of_classes(case, found, classes)


def _first_rows(
    case: PathwayCase, days: ChosenDays, tolerance: float, classes: Collection[str]
) -> HvRows | None:
    if not case.hv:
        return None
    hourly = Hourly.of(case, days)
    still = (hourly.net, hourly.switchable)
    return of_classes(case, violated_rows(case, still, still, hourly.season, {}, tolerance), classes)


def _keys(case: PathwayCase, days: ChosenDays, slots: Slots, rows: HvRows | None) -> dict[str, Indices]:
    """Return what the station-days and high-voltage rows of a problem are, whatever their order."""
    place = slots.period * len(case.stations) + slots.station
    known = np.zeros(0, dtype=np.int64) if rows is None else rows.identity(days.day)
    return {"slot": place * case.days + days.day[slots.day], "row": known}


def suspects(case: PathwayCase) -> list[str]:
    """Check in plain words what commonly makes a pathway impossible: empty supply, crossed limits, NaN."""
    lines = []
    for name in ("load_mw", "switchable_mw", "fixed_feed_mw"):
        values = getattr(case, name)
        if not np.isfinite(values).all():
            lines.append(f"{name} has hours without a number")
        elif values.min() < 0:
            lines.append(f"{name} has negative hours; demand and generation are both positive here")
    _, gross = case.firm_and_gross()
    allowed = case.limit_mw(0)
    for s, station in enumerate(case.stations.index):
        peak, room = float(case.net_mw[:, s].max()), float(allowed[:, s].max())
        if gross[:, s].max() == 0 and peak > 0:
            lines.append(f"{station} has no transformer in service and a peak of {peak:.0f} MW")
        elif peak > room:
            lines.append(f"{station}: peak {peak:.0f} MW against {room:.0f} MW with one unit out")
    return lines


def assert_identity(case: PathwayCase, solution: Solution) -> None:
    """Assert capex + fixed O&M + operating = objective, to one part in a million.

    Raises
    ------
    SolveError
        With both sides, if they differ.
    """
    total = float(capital_keur(case, solution.build).sum() + operating_keur(case, solution.operation).sum())
    if abs(total - solution.objective_keur) > IDENTITY * max(1.0, abs(solution.objective_keur)):
        message = (
            f"the cost parts add to {total:.3f} kEUR, the solver says {solution.objective_keur:.3f} kEUR"
        )
        raise SolveError(message)


def capital_keur(case: PathwayCase, build: Mapping[str, pd.DataFrame]) -> Array:
    """Return annuity plus fixed O&M of what is built, discounted, per period, in kEUR."""
    total = np.zeros(len(case.years))
    for name, table in build.items():
        asset = "new_station" if name == "option" else name
        per_year = case.alive(asset) @ (table.to_numpy(dtype=float) @ capex_keur(case, name))
        total += case.discount() * per_year * sum(yearly_rates(case, asset))
    return total


def operating_keur(case: PathwayCase, operation: Mapping[str, Array]) -> Array:
    """Return curtailment, unserved energy and battery losses, discounted, per period, in kEUR."""
    money = case.economics
    per_year = (
        money.curtailment_keur_per_mwh * operation["curtailed"]
        + money.unserved_keur_per_mwh * (operation["unserved"] + operation["refused"])
        + money.loss_keur_per_mwh * operation["battery_loss"]
        + sum(price * operation[name] for name, price in case.measures.prices.items())
    ).sum(1)
    return np.asarray(case.discount() * per_year)


def _fix(model: linopy.Model, fixed: Mapping[str, pd.DataFrame] | None) -> None:
    for name, table in (fixed or {}).items():
        if f"cap_{name}" in model.variables:
            variable = model.variables[f"cap_{name}"]
            values = (0 * variable.lower) + table.to_numpy(dtype=float)
            variable.update(lower=values, upper=values)


def _read(  # noqa: PLR0917
    model: linopy.Model,
    case: PathwayCase,
    slots: Slots,
    hourly: Hourly,
    records: tuple[SolveRecord, ...],
    rows: HvRows | None,
) -> Solution:
    build: dict[str, pd.DataFrame] = {}
    capacity: dict[str, pd.DataFrame] = {}
    for name, _ in built_names(model):
        for kind, store in (("build", build), ("cap", capacity)):
            values = model.variables[f"{kind}_{name}"].solution
            store[name] = pd.DataFrame(
                np.asarray(values),
                index=pd.Index(case.years, name="year"),
                columns=values.indexes[values.dims[1]],
            )
    operation = {
        name: np.zeros((len(case.years), len(case.stations))) for name in (*OPERATION, *case.measures.prices)
    }
    peak = {name: np.zeros_like(values) for name, values in operation.items()}
    waiting = {name: np.zeros_like(hourly.net) for name in WAITING}
    net, curtailed = hourly.net.copy(), np.zeros_like(hourly.net)
    if len(slots.index):
        weight = operating_weight(case, slots, hourly) / case.discount()[slots.period]
        hours = _slot_hours(model, case)
        # on a day that calibration leaves without weight what waits costs nothing, so its hours say nothing
        counts = (weight > 0).astype(float)[:, None]
        for name, values in hours.items():
            np.add.at(operation[name], (slots.period, slots.station), values.sum(1) * weight)
            np.maximum.at(peak[name], (slots.period, slots.station), (values * counts).max(1))
        net[slots.period, slots.station, slots.day] += np.asarray(model.variables["shift"].solution)
        curtailed[slots.period, slots.station, slots.day] = hours["curtailed"]
        for name in WAITING:
            waiting[name][slots.period, slots.station, slots.day] = hours[name] * counts
    return Solution(
        build,
        capacity,
        operation,
        net,
        curtailed,
        records[-1].objective,
        records,
        rows,
        peak_mw=peak,
        waiting_mw=waiting,
    )


def _slot_hours(model: linopy.Model, case: PathwayCase) -> dict[str, Array]:
    v = model.variables
    hours = {
        name: np.asarray(v[name].solution)
        for name in ("curtailed", "unserved", "refused", *case.measures.prices)
    }
    if case.build.batteries:
        hours["battery_loss"] = np.asarray(v["charge"].solution - v["discharge"].solution)
    return hours


def _words(case: PathwayCase, days: ChosenDays, slots: Slots) -> Describe:
    """Return a function that writes a row of the problem as station, year, day and hour."""

    def describe(family: str, at: Mapping[str, Any]) -> str:
        text = f"{family.replace('_', ' ')} limit" if family in TESTS else family.replace("_", " ")
        if "slot" in at:
            slot = int(str(at["slot"]))
            station = case.stations["name"].iloc[slots.station[slot]]
            day = int(days.day[slots.day[slot]])
            where = (
                f"{station}, {case.years[slots.period[slot]]}, day {day % 365 + 1} of weather year "
                f"{case.weather_years[day // 365]}"
            )
            code = case.stations.index[slots.station[slot]]
            hour = f", hour {at['hour']}" if "hour" in at else ""
            return (
                f"electricity, {text} at {where}{hour} (rows: inputs/grid/transformers.csv {code}; "
                f"inputs/demand/municipal.csv {case.storyline}, {case.years[slots.period[slot]]})"
            )
        named = [f"{case.years[int(str(v))]}" if k == "period" else str(v) for k, v in at.items()]
        return f"{text} at {', '.join(named)}"

    return describe
