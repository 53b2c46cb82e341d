"""All weeks of a year, and all years of a storyline, of the national programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.optimise.national.case import build_case, fleet_technologies
from pmiek.optimise.national.parts import Case, Floats
from pmiek.optimise.national.window import Window

HOURS_PER_YEAR = 8760
HOURS_PER_WINDOW = 168
_NOTHING_GW = 1e-9
_BALANCE_TOLERANCE_GW = 1e-9


def solve_national(
    tables: Any, scenario: Any, profiles: pd.DataFrame, years: Sequence[int], weather_year: int
) -> pd.DataFrame:
    """Hourly price and dispatch per MW of the Netherlands for one storyline and weather year.

    Parameters
    ----------
    tables : Tables
        Needs demand/national, supply/national, supply/fleet, supply/trade, profiles/sectors, costs/carriers
        and the assumptions.
    scenario : Scenario
        ``storyline`` and ``economics``.
    profiles : DataFrame
        Profiles of the weather year, MW per MWh.
    years : sequence of int
        Years of the storyline that the tables hold.
    weather_year : int
        For messages and the result.

    Returns
    -------
    DataFrame
        One row per year and hour: year, hour, price_electricity_eur_per_mwh (dual of the balance),
        price_hydrogen_eur_per_mwh, residual_load_mw (demand less available solar and wind), demand_mw,
        unserved_mw, generation_mw (all that is generated at home), emission_t (CO2 of plants at home in the
        hour; must-run generation burns fuel that is demand of its own sector), curtailed_share_solar,
        curtailed_share_wind (share of what is available) and ``unit_<technology>``: MW per MW installed,
        consumption positive, generation negative, for each technology of the fleet table but solar, wind
        and must-run; zero where the storyline has none.

    Raises
    ------
    SolveError
        When a week does not end optimal.
    InputError
        When a price, profile or technology is missing.
    """
    names = fleet_technologies(tables)
    parts = []
    for year in years:
        case = build_case(tables, scenario, profiles, int(year), weather_year)
        parts.append(solve_case(case, names).assign(year=int(year)))
    result = pd.concat(parts, ignore_index=True)
    units = [name for name in result.columns if name.startswith("unit_")]
    result[units] = result[units].fillna(0.0)
    first = ["year", "hour"]
    return result[[*first, *(c for c in result.columns if c not in first)]]


def solve_case(
    case: Case, technologies: Sequence[str] = (), hours_per_window: int = HOURS_PER_WINDOW
) -> pd.DataFrame:
    """Solve all windows of one case in order, each from the basis of the one before.

    Parameters
    ----------
    case : Case
        The case.
    technologies : sequence of str
        Technologies that get a ``unit_`` column even when the case has none of them.
    hours_per_window : int
        Length of a window; the last one takes what remains, so it is longer than the others.

    Returns
    -------
    DataFrame
        As :func:`solve_national`, without the year; 8,760 rows (or the length of the case's load).
    """
    _check_series(case)
    total = len(case.load_gw)
    count = max(1, total // hours_per_window)
    results, window = [], None
    for number in range(count):
        first = number * hours_per_window
        hours = hours_per_window if number < count - 1 else total - first
        if window is None or window.hours != hours:
            window = Window(case, hours)
        results.append(window.solve(first))
    stacked = {
        name: np.concatenate([getattr(r, name) for r in results])
        for name in ("price_eur_per_mwh", "feed_in_gw", "unit_gw", "charge_gw", "discharge_gw")
    }
    _check_balance(case, stacked)
    return _frame(case, stacked, technologies)


def _check_series(case: Case) -> None:
    """Refuse empty and infinite hours: the solver would take them as no limit at all."""
    series = {"demand less must-run": case.load_gw} | {park.name: park.available_gw for park in case.parks}
    series |= {unit.technology: unit.hourly_share for unit in case.units if unit.hourly_share is not None}
    lines = [
        f"{name} holds empty or infinite hours, the first is hour {int(np.argmin(np.isfinite(values)))}"
        for name, values in series.items()
        if not np.isfinite(values).all()
    ]
    if lines:
        message = f"The national price model of {case.label} cannot start."
        raise SolveError(message, lines)


def _check_balance(case: Case, stacked: dict[str, Floats]) -> None:
    on_grid = np.array([0.0 if s.park else 1.0 for s in case.storages])
    signs = np.array([*(0.0 if u.park else u.sign for u in case.units), 1.0])
    supplied = stacked["feed_in_gw"].sum(axis=1) + stacked["unit_gw"] @ signs
    if len(on_grid):
        supplied = supplied + (stacked["discharge_gw"] - stacked["charge_gw"]) @ on_grid
    gap = np.abs(supplied - case.load_gw)
    if gap.max() > _BALANCE_TOLERANCE_GW:
        worst = int(gap.argmax())
        message = f"The national price model of {case.label} does not balance."
        raise SolveError(message, (f"hour {worst}: supply and demand differ by {1000 * gap[worst]:.4f} MW",))


def _frame(case: Case, stacked: dict[str, Floats], technologies: Sequence[str]) -> pd.DataFrame:
    count = len(case.load_gw)
    columns: dict[str, Floats] = {
        "price_electricity_eur_per_mwh": stacked["price_eur_per_mwh"],
        "price_hydrogen_eur_per_mwh": np.full(count, case.hydrogen_price_eur_per_mwh),
        "demand_mw": 1000.0 * case.demand_gw,
        "unserved_mw": 1000.0 * stacked["unit_gw"][:, -1],
    }
    available = sum((p.available_gw for p in case.parks), np.zeros(count))
    columns["residual_load_mw"] = 1000.0 * (case.demand_gw - available)
    columns |= _generation(case, stacked) | _curtailment(case, stacked, count)
    units: dict[str, Floats] = {f"unit_{name}": np.zeros(count) for name in technologies}
    for i, unit in enumerate(case.units):
        units[f"unit_{unit.technology}"] = -unit.sign * stacked["unit_gw"][:, i] / unit.installed_gw
    for i, store in enumerate(case.storages):
        net = stacked["charge_gw"][:, i] - stacked["discharge_gw"][:, i]
        units[f"unit_{store.technology}"] = net / store.power_gw
    frame = pd.DataFrame(columns | dict(sorted(units.items())))
    frame.insert(0, "hour", np.arange(count))
    return frame


def _generation(case: Case, stacked: dict[str, Floats]) -> dict[str, Floats]:
    """Add up generation at home and the CO2 of its plants.

    Neither holds what comes over the border, or the reserve. Parks count by what they bring to the grid,
    must-run generation as the part of demand that it serves.
    """
    made = (case.demand_gw - case.load_gw) + stacked["feed_in_gw"].sum(axis=1)
    burnt = np.zeros(len(case.load_gw))
    for i, unit in enumerate(case.units):
        if unit.co2_t_per_mwh is not None:
            made += stacked["unit_gw"][:, i]
            burnt += stacked["unit_gw"][:, i] * unit.co2_t_per_mwh
    return {"generation_mw": 1000.0 * made, "emission_t": 1000.0 * burnt}


def _curtailment(case: Case, stacked: dict[str, Floats], count: int) -> dict[str, Floats]:
    """Share of available solar and wind that is neither fed in nor used behind the connection."""
    lost = {"solar": np.zeros(count), "wind": np.zeros(count)}
    available = {"solar": np.zeros(count), "wind": np.zeros(count)}
    for number, park in enumerate(case.parks):
        used = stacked["feed_in_gw"][:, number].copy()
        for i, unit in enumerate(case.units):
            if unit.park == park.name:
                used -= unit.sign * stacked["unit_gw"][:, i]
        for i, store in enumerate(case.storages):
            if store.park == park.name:
                used += stacked["charge_gw"][:, i] - stacked["discharge_gw"][:, i]
        lost[park.family] += np.maximum(0.0, park.available_gw - used)
        available[park.family] += park.available_gw
    return {
        f"curtailed_share_{family}": np.clip(
            np.divide(
                lost[family], available[family], out=np.zeros(count), where=available[family] > _NOTHING_GW
            ),
            0,
            1,
        )
        for family in ("solar", "wind")
    }
