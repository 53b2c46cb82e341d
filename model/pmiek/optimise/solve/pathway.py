"""The pathway of one storyline and variant: solve on chosen days, round to units, check all hours, repeat."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.optimise.solve.case import Array, Build, HvGrid, PathwayCase
from pmiek.optimise.solve.check import HoursCheck, check_hours, days_to_add
from pmiek.optimise.solve.days import ChosenDays, calibrate, choose_days, extreme_days, split_by_cost
from pmiek.optimise.solve.gate import HIPO_OPTIONS, SIMPLEX_OPTIONS
from pmiek.optimise.solve.lumps import Rounded, round_up
from pmiek.optimise.solve.pathway_tables import capacity_table, cost_table, transfer_table
from pmiek.optimise.solve.program import HV_ASSETS, Floors, hv_assets
from pmiek.optimise.solve.solution import (
    IDENTITY,
    Solution,
    capital_keur,
    extra_hv_mw,
    operate,
    operating_keur,
    solve_case,
)

#: Empty where plan, operation and check each count the high-voltage grid in another way.
GAPS = ("planned_gap_pct", "all_hours_gap_pct")
#: Gives the sensitivities of the grid with a rounded plan in it, one per period.
Rebuild = Callable[[Rounded], tuple[HvGrid, ...]]


@dataclass(frozen=True)
class Settings:
    """How to run a pathway; the defaults are those of ``scenarios/base.yaml``.

    Attributes
    ----------
    typical_days, extreme_days : int
        Days to begin with.
    days_per_round : int
        Most days added after a check.
    max_rounds : int
    tolerance : float
        Exceedance that is accepted, as a share of the limit.
    cost_tolerance : float
        Gap that is accepted between the cost of operation on all hours and on the chosen days, as a share of
        the cost of the plan in whole units; above it the days are weighed anew before that cost is reported.
    new_station_mw : float
        Firm MW of a new standard station, for what does not fit on a plot.
    options, large_options : mapping
        HiGHS options for ordinary sizes, and from ``large_rows`` rows.
    threads : int
    """

    typical_days: int = 8
    extreme_days: int = 6
    days_per_round: int = 4
    max_rounds: int = 4
    tolerance: float = 0.01
    cost_tolerance: float = 0.01
    new_station_mw: float = 270.0
    options: Mapping[str, object] = field(default_factory=lambda: dict(SIMPLEX_OPTIONS))
    large_options: Mapping[str, object] = field(default_factory=lambda: dict(HIPO_OPTIONS))
    large_rows: int = 600_000
    threads: int = 1

    def options_for(self, rows: int) -> Mapping[str, object]:
        """Return the options for a problem of this size."""
        return self.options if rows < self.large_rows else self.large_options


@dataclass(frozen=True)
class PathwayResult:
    """Tables of one run; columns and units are in docs/results.md.

    Attributes
    ----------
    capacity, costs, transfers, dispatch_summary, solver, rounds, exceedances : DataFrame
    rounded : Rounded
        The plan in whole units, for the screening with ``extra_capacity_mw``.
    days : ChosenDays
        Days on which the plan was operated.
    operated : Solution
        Operation of the plan in whole units on these days.
    """

    capacity: pd.DataFrame
    costs: pd.DataFrame
    transfers: pd.DataFrame
    dispatch_summary: pd.DataFrame
    solver: pd.DataFrame
    rounds: pd.DataFrame
    exceedances: pd.DataFrame
    rounded: Rounded
    days: ChosenDays
    operated: Solution

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the result tables under the names of the registry."""
        return {
            "capacity": self.capacity,
            "costs": self.costs,
            "transfers": self.transfers,
            "dispatch_summary": self.dispatch_summary,
            "solver": self.solver,
            "pathway_rounds": self.rounds,
            "pathway_exceedances": self.exceedances,
        }

    def extra_capacity_mw(self, year: int) -> dict[str, float]:
        """Return what the plan adds to the limits of station transformers in a year, by asset id.

        MW with the largest unit out, new stations beside the plot included: the argument of the screening.
        Circuits and couplings change the flows, so they go in as rows of the grid instead.
        """
        row = list(self.rounded.firm_gain_mva.index).index(year)
        gain = self.rounded.firm_gain_mva.iloc[row]
        return {str(asset): float(mw) for asset, mw in gain.items() if mw > 0}


def run_pathway(case: PathwayCase, settings: Settings, *, rebuild: Rebuild | None = None) -> PathwayResult:
    """Find the pathway of one storyline and variant.

    Parameters
    ----------
    case : PathwayCase
    settings : Settings
    rebuild : callable, optional
        Rebuilds high-voltage sensitivities with the rounded plan in the grid; without it the fixed ones are
        used for the check, with the extra MW as higher ratings.

    Returns
    -------
    PathwayResult

    Raises
    ------
    SolveError
        If a solve is not optimal or the cost parts do not add to the objective.
    """
    name = f"{case.storyline} {case.variant}"
    days = choose_days(case, typical=settings.typical_days, extreme=settings.extreme_days)
    floors = Floors({})
    rows, start, records, rounds = None, None, [], []
    for turn in range(1, settings.max_rounds + 1):
        started = time.perf_counter()
        solution = solve_case(
            case,
            days,
            label=f"{name} round {turn}",
            options=settings.options_for,
            threads=settings.threads,
            rows=rows,
            start=start,
            floors=floors,
            tolerance=settings.tolerance / 2,
            classes=answered_classes(case.build),
        )
        solved = time.perf_counter()
        rounded = round_up(
            case, solution, tolerance=settings.tolerance, new_station_mw=settings.new_station_mw
        )
        grids = rebuild(rounded) if rebuild is not None and case.hv else None
        check = check_hours(case, rounded, grids)
        records += [record.as_row() for record in solution.records]
        row = _round_row(case, turn, days, solution, rounded, check)
        rounds.append(
            row | {"solve_seconds": solved - started, "check_seconds": time.perf_counter() - solved}
        )
        holds = _worst_answered_pct(case, check) <= 100 * settings.tolerance
        if holds or turn == settings.max_rounds or not case.build.anything:
            break
        after, raised = _next(case, settings, (days, floors), check, rounded, rebuilt=grids is not None)
        if len(after.day) == len(days.day) and raised is floors:
            break
        start, rows = solution.start, solution.rows
        if rows is not None:
            rows = rows.on_days(days.day, after.day)
        days, floors = after, raised
    return _finish(case, settings, (solution, rounded, check, days), records, rounds, grids)


def answered_classes(build: Build) -> tuple[str, ...]:
    """Return the classes of high-voltage assets whose limits a plan must answer.

    A variant that may add to stations but not to circuits does not invest for the limits of circuits: what
    curtailment and the measures cannot remove there stays a bottleneck, and the operation shows it. So too
    for a variant that builds nothing.
    """
    may = {"circuit": build.circuits, "coupling_transformer": build.coupling_transformers}
    return tuple(name for name in HV_ASSETS if may[name])


def _worst_answered_pct(case: PathwayCase, check: HoursCheck) -> float:
    """Return the highest exceedance of an asset whose limit the plan must answer, % of the limit."""
    answered = answered_classes(case.build)
    others = {
        str(asset) for name in HV_ASSETS if name not in answered for asset in hv_assets(case, name).index
    }
    left = check.exceedances[~check.exceedances["asset_id"].isin(list(others))]
    return float(left["exceedance_pct"].max()) if len(left) else 0.0


def _next(
    case: PathwayCase,
    settings: Settings,
    state: tuple[ChosenDays, Floors],
    check: HoursCheck,
    rounded: Rounded,
    *,
    rebuilt: bool,
) -> tuple[ChosenDays, Floors]:
    """Add the days that show the worst exceedances, and ask more of circuits that still exceed."""
    days, floors = state
    extra = extreme_days(days_to_add(check, days.day, settings.tolerance), settings.days_per_round)
    raised = _raise_floors(case, floors, check, rounded, settings.tolerance) if rebuilt else floors
    return days.with_days(extra) if len(extra) else days, raised


def _weighed(case: PathwayCase, settings: Settings, days: ChosenDays, check: HoursCheck) -> ChosenDays:
    """Return days that cost what all hours do with the plan checked; split clusters if weights cannot."""
    cost = case.discount()[:, None] * check.day_cost_keur
    weighed = calibrate(days, cost)
    every, chosen = cost.sum() * days.days_per_year, (cost[:, days.day] @ weighed.weight()).sum()
    if abs(every - chosen) <= settings.cost_tolerance * every:
        return weighed
    split = split_by_cost(days, cost.sum(0), settings.days_per_round)
    return calibrate(split, cost)


def _all_hours(
    case: PathwayCase, rounded: Rounded, solution: Solution, check: HoursCheck
) -> dict[str, float]:
    """Compare the cost of operation on all hours with that on the chosen days.

    Battery losses, which the check does not count, are those of the chosen days.
    """
    capital = float(capital_keur(case, rounded.build).sum())
    chosen = float(operating_keur(case, solution.operation).sum())
    every = float(operating_keur(case, {**solution.operation, **check.energy_mwh}).sum())
    return {
        "chosen_days_operation_meur": chosen / 1e3,
        "all_hours_operation_meur": every / 1e3,
        "all_hours_gap_pct": 100 * (every - chosen) / max(capital + chosen, 1e-9),
    }


def _round_row(  # noqa: PLR0917
    case: PathwayCase, turn: int, days: ChosenDays, solution: Solution, rounded: Rounded, check: HoursCheck
) -> dict[str, object]:
    costs = _all_hours(case, rounded, solution, check)
    return {
        "storyline": case.storyline,
        "variant": case.variant,
        "round": turn,
        "days": len(days.day),
        "hv_rows": 0 if solution.rows is None else len(solution.rows),
        "continuous_cost_meur": solution.objective_keur / 1e3,
        "continuous_capital_meur": float(capital_keur(case, solution.build).sum()) / 1e3,
        "rounded_capital_meur": float(capital_keur(case, rounded.build).sum()) / 1e3,
        "planned_gap_pct": costs["all_hours_gap_pct"],
        **costs,
        "remaining_exceedance_pct": check.worst_pct,
        "assets_exceeded": check.exceedances["asset_id"].nunique(),
    }


def _raise_floors(
    case: PathwayCase, floors: Floors, check: HoursCheck, rounded: Rounded, tolerance: float
) -> Floors:
    """Ask for one unit more of a circuit or coupling that still exceeds with rebuilt sensitivities."""
    may = {"circuit": case.build.circuits, "coupling_transformer": case.build.coupling_transformers}
    unit = {
        asset: float(mw)
        for kind, yes in may.items()
        if yes and kind in rounded.capacity
        for asset, mw, ok in hv_assets(case, kind)[["unit_mw", "buildable"]].itertuples()
        if ok
    }
    over = check.exceedances[
        check.exceedances["asset_id"].isin(list(unit))
        & (check.exceedances["exceedance_pct"] > 100 * tolerance)
    ]
    if over.empty:
        return floors
    now, raised = extra_hv_mw(rounded.capacity), dict(floors.hv)
    for asset, part in over.groupby("asset_id"):
        name = str(asset)
        short = np.isin(np.array(case.years), part["year"])
        wanted = np.where(short, now[name] + 0.1 * unit[name], 0.0)
        raised[name] = np.maximum(raised.get(name, np.zeros(len(case.years))), np.maximum.accumulate(wanted))
    return Floors(raised)


def _finish(  # noqa: PLR0917
    case: PathwayCase,
    settings: Settings,
    state: tuple[Solution, Rounded, HoursCheck, ChosenDays],
    records: list[dict[str, object]],
    rounds: list[dict[str, object]],
    grids: tuple[HvGrid, ...] | None,
) -> PathwayResult:
    """Operate the rounded plan on days weighed by its check, assert the cost identity, write the tables."""
    solution, rounded, check, days = state
    if abs(float(str(rounds[-1]["all_hours_gap_pct"]))) > 100 * settings.cost_tolerance:
        days = _weighed(case, settings, days, check)
    operated, fixed = operating_case(case, rounded, grids)
    final = operate(
        operated,
        days,
        label=f"{case.storyline} {case.variant} whole units",
        options=settings.options_for,
        threads=settings.threads,
        fixed=fixed,
        tolerance=settings.tolerance / 2,
    )
    transformers = {"station_transformer": rounded.build["station_transformer"]}
    outside = float(capital_keur(case, transformers).sum())
    if grids is not None:
        outside += float(
            capital_keur(
                case, {k: rounded.build[k] for k in ("circuit", "coupling_transformer") if k in rounded.build}
            ).sum()
        )
    costs = cost_table(case, rounded.build, final.operation)
    total = 1e3 * float(costs["cost_meur_npv"].sum())
    if abs(total - outside - final.objective_keur) > IDENTITY * max(1.0, abs(total)):
        message = f"cost table adds to {total:.3f} kEUR, the solver to {final.objective_keur + outside:.3f}"
        raise SolveError(message)
    records += [record.as_row() for record in final.records]
    rounds[-1] |= _all_hours(case, rounded, final, check)
    if case.hv and len(answered_classes(case.build)) < len(HV_ASSETS):
        rounds = [row | dict.fromkeys(GAPS, np.nan) for row in rounds]
    who = {"storyline": case.storyline, "variant": case.variant}
    return PathwayResult(
        capacity=capacity_table(case, rounded, solution),
        costs=costs,
        transfers=transfer_table(case, final.operation),
        dispatch_summary=_dispatch(case, final, check),
        solver=pd.DataFrame(records).assign(**who)[[*who, *records[0]]],
        rounds=_rounds_table(rounds, total / 1e3),
        exceedances=check.exceedances.assign(**who)[[*who, *check.exceedances.columns]],
        rounded=rounded,
        days=days,
        operated=final,
    )


def _rounds_table(rounds: list[dict[str, object]], rounded_cost_meur: float) -> pd.DataFrame:
    """Put the cost of the plan in whole units beside the continuous cost of the last round."""
    table = pd.DataFrame(rounds)
    last = table["round"] == table["round"].max()
    table["rounded_cost_meur"] = np.where(last, rounded_cost_meur, np.nan)
    continuous = table["continuous_cost_meur"].clip(lower=1e-9)
    table["gap_pct"] = 100 * (table["rounded_cost_meur"] / continuous - 1)
    return table


def operating_case(
    case: PathwayCase, rounded: Rounded, grids: tuple[HvGrid, ...] | None
) -> tuple[PathwayCase, dict[str, pd.DataFrame]]:
    """Return the case with the rounded transformers in service, and the other capacities to hold fixed.

    With rebuilt sensitivities the new circuits are in the grid already, so nothing is fixed for them.
    """
    flags = replace(case.build, station_transformers=False, new_stations=bool(case.build.new_stations))
    fixed = {k: t for k, t in rounded.capacity.items() if k != "station_transformer"}
    if grids is not None:
        flags = replace(flags, circuits=False, coupling_transformers=False)
        fixed = {k: t for k, t in fixed.items() if k not in ("circuit", "coupling_transformer")}
    return replace(
        case, units_mva=rounded.units_mva, build=flags, hv=grids if grids is not None else case.hv
    ), fixed


def _dispatch(case: PathwayCase, final: Solution, check: HoursCheck) -> pd.DataFrame:
    """Write what every station does; the peak of what waits is that of :func:`waiting_peak`."""
    parts = []
    for name, values in final.operation.items():
        most = final.peak_mw[name]
        if name in final.waiting_mw:
            most = waiting_peak(check.peak_mw[name], final.waiting_mw[name])
        full = check.energy_mwh.get(name, np.full_like(values, np.nan))
        frame = pd.DataFrame(
            {
                "storyline": case.storyline,
                "variant": case.variant,
                "year": np.repeat(case.years, len(case.stations)),
                "station_id": np.tile(case.stations.index, len(case.years)),
                "measure": name,
                "chosen_days_mwh": values.ravel(),
                "all_hours_mwh": full.ravel(),
                "peak_mw": most.ravel(),
            }
        )
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def waiting_peak(own_mw: Array, hourly_mw: Array) -> Array:
    """Return the power that waits at each station: by its own limit, and by those of the grid above it.

    A station's own limit keeps its own connections waiting, whatever the hour. What the high-voltage grid does
    not serve beyond that moves from station to station with the hour, so the stations' fullest hours do not
    add: it counts in the one hour in which it is most together.

    Parameters
    ----------
    own_mw : array (period, station)
        Most in an hour by the station's own limits, all hours.
    hourly_mw : array (period, station, chosen day, hour)
        What is not served when all limits hold.

    Returns
    -------
    array (period, station)
    """
    periods, stations = own_mw.shape
    beyond = np.maximum(hourly_mw.reshape(periods, stations, -1) - own_mw[:, :, None], 0.0)
    hour = beyond.sum(axis=1).argmax(axis=1)
    return np.asarray(own_mw + beyond[np.arange(periods), :, hour])


def no_build(curtailment: bool = True) -> Build:
    """Return the flags of nulalternatief: nothing is built, only curtailment and unserved energy remain."""
    return Build(False, False, False, False, False, curtailment)
