"""What weekly windows cost against one window of the whole year, at the station with most to solve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.optimise.flexibility.dispatch import dispatch_year
from pmiek.optimise.flexibility.limits import StationLimits

if TYPE_CHECKING:
    from pmiek.optimise.flexibility.dispatch import Dispatch
    from pmiek.optimise.flexibility.station import Year

COLUMNS: Final = [
    "station_id", "weeks_cost_meur", "year_cost_meur", "weeks_residual_mwh", "year_residual_mwh", "gap_pct",
]  # fmt: skip


def alone(year: Year, station: int) -> Year:
    """Leave the limits of one station only."""
    limits = {}
    for name in ("take_off_mw", "feed_in_mw", "after_trip_mw"):
        values = np.full_like(getattr(year.limits, name), np.inf)
        values[station] = getattr(year.limits, name)[station]
        limits[name] = values
    return replace(year, limits=StationLimits(**limits))


def cost_meur(year: Year, done: Dispatch) -> tuple[float, float]:
    """Cost of the measures (MEUR), and what stays above the limits of the stations (MWh)."""
    price = year.settings.cost_eur_per_mwh
    cost = sum(price[name] * mwh for name, mwh in done.energy_mwh_of().items()) / 1e6
    return cost, float(sum(part.sum() for part in year.limits.excess(done.load)))


def gap_table(year: Year, starts: tuple[int, ...] | None = None) -> pd.DataFrame:
    """Solve the station with the most energy above its limits in windows and in one window of the whole year.

    Without the high-voltage grid. The whole year knows all weather beforehand, so it is a bound that no
    operator could reach.

    Parameters
    ----------
    year : Year
        Load, potential, limits and costs of all stations.
    starts : tuple of int, optional
        Boundaries of the windows; weeks when left out.

    Returns
    -------
    DataFrame
        One row, or none when no station exceeds: station_id, weeks_cost_meur and year_cost_meur (measures),
        weeks_residual_mwh and year_residual_mwh (what stays above), gap_pct (cost with the penalty for what
        stays, windows over whole year less one).
    """
    excess = np.sum([part.sum(axis=1) for part in year.limits.excess(year.load)], axis=0)
    if not excess.any():
        return pd.DataFrame(columns=COLUMNS)
    station = int(excess.argmax())
    case, hours = alone(year, station), year.load.demand_mw.shape[1]
    weeks = cost_meur(case, dispatch_year(case, None, starts=starts))
    whole = cost_meur(case, dispatch_year(case, None, starts=(0, hours)))
    penalty = year.settings.penalty_eur_per_mwh / 1e6
    with_penalty = [cost + penalty * residual for cost, residual in (weeks, whole)]
    gap = 100.0 * (with_penalty[0] / with_penalty[1] - 1.0) if with_penalty[1] > 0 else 0.0
    row = [year.load.stations[station], weeks[0], whole[0], weeks[1], whole[1], gap]
    return pd.DataFrame([row], columns=COLUMNS)
