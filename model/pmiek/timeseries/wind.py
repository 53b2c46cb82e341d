"""Wind output per MW installed: onshore with windpowerlib, offshore by a map fitted on modelled years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from windpowerlib import WindTurbine, wind_speed

Floats = NDArray[np.float64]

MEASUREMENT_HEIGHT_M = 10.0
_STEP_M_PER_S = 0.1
_HIGHEST_M_PER_S = 45.0
_TALL_M = 250.0  # the curve does not depend on it; the library only refuses hubs lower than the blade


@dataclass(frozen=True)
class WindPark:
    """What turns measured wind into the output of many parks.

    Attributes
    ----------
    turbine_type : str
        Type in windpowerlib's turbine library.
    hub_height_m : float
        Hub height.
    shear_exponent : float
        Exponent of the power law between 10 m and hub height.
    wake_deficit : float
        Share by which wakes slow the wind; costs nothing once turbines run at full power.
    unavailability : float
        Share of turbines that stand still.
    spread_m_per_s : float
        Standard deviation with which the power curve is smoothed: parks do not see the same wind.
    """

    turbine_type: str
    hub_height_m: float
    shear_exponent: float
    wake_deficit: float
    unavailability: float
    spread_m_per_s: float


@lru_cache(maxsize=16)
def power_curve(turbine_type: str, spread_m_per_s: float) -> tuple[Floats, Floats]:
    """Power curve of many turbines of one type: wind speed (m/s) and output (MW per MW installed).

    The turbine's curve is averaged over a normal distribution of wind speeds around the mean one, with a
    fixed standard deviation; the cut-off at storm speed becomes a slope in the same way.
    """
    turbine = WindTurbine(turbine_type=turbine_type, hub_height=_TALL_M)
    curve = turbine.power_curve
    grid = np.arange(0.0, _HIGHEST_M_PER_S, _STEP_M_PER_S)
    power = np.interp(
        grid,
        curve["wind_speed"].to_numpy(float),
        curve["value"].to_numpy(float) / turbine.nominal_power,
        left=0.0,
        right=0.0,
    )
    if spread_m_per_s > 0:
        away = np.arange(-4.0 * spread_m_per_s, 4.0 * spread_m_per_s + _STEP_M_PER_S, _STEP_M_PER_S)
        kernel = np.exp(-0.5 * (away / spread_m_per_s) ** 2)
        power = np.convolve(power, kernel / kernel.sum(), mode="same")
    return grid, power


def onshore_output(wind_10m_m_per_s: Floats, park: WindPark) -> Floats:
    """Output of onshore parks, MW per MW installed, from wind measured at 10 m (8,760 values)."""
    at_hub = wind_speed.hellman(
        pd.Series(wind_10m_m_per_s),
        MEASUREMENT_HEIGHT_M,
        park.hub_height_m,
        hellman_exponent=park.shear_exponent,
    )
    grid, power = power_curve(park.turbine_type, park.spread_m_per_s)
    output: Floats = (1.0 - park.unavailability) * np.interp(
        np.asarray(at_hub, dtype=float) * (1.0 - park.wake_deficit), grid, power
    )
    return output


def offshore_output(wind_10m_m_per_s: Floats, offshore_fit: pd.DataFrame, window_hours: int) -> Floats:
    """Output of offshore parks, MW per MW installed, from wind measured on land.

    A centred moving mean of the wind on land is mapped, quantile by quantile, on modelled offshore output.
    The map keeps how often offshore parks run at which level; it cannot know the hour in which a front
    crosses the sea.

    Parameters
    ----------
    wind_10m_m_per_s : ndarray
        Measured wind, 8,760 values; the year is closed into a ring for the moving mean.
    offshore_fit : DataFrame
        Columns wind_speed_m_per_s (rising) and capacity_factor.
    window_hours : int
        Length of the moving mean, odd.
    """
    half = window_hours // 2
    ring = (
        np.concatenate([wind_10m_m_per_s[-half:], wind_10m_m_per_s, wind_10m_m_per_s[:half]])
        if half
        else (wind_10m_m_per_s)
    )
    smooth = np.convolve(ring, np.full(2 * half + 1, 1.0 / (2 * half + 1)), mode="valid")
    output: Floats = np.interp(
        smooth,
        offshore_fit["wind_speed_m_per_s"].to_numpy(float),
        offshore_fit["capacity_factor"].to_numpy(float),
    )
    return output


def fit_offshore(
    wind_by_year: list[Floats], offshore_by_year: list[Floats], window_hours: int
) -> pd.DataFrame:
    """Fit the map of :func:`offshore_output` on years for which modelled offshore output exists.

    Parameters
    ----------
    wind_by_year : list of ndarray
        Wind measured on land, 8,760 values per year, same hours as the next.
    offshore_by_year : list of ndarray
        Modelled offshore output, MW per MW installed.
    window_hours : int
        Length of the moving mean.

    Returns
    -------
    DataFrame
        quantile, wind_speed_m_per_s, capacity_factor; 101 rows.
    """
    identity = pd.DataFrame({"wind_speed_m_per_s": [0.0, 100.0], "capacity_factor": [0.0, 100.0]})
    smooth = np.concatenate([offshore_output(wind, identity, window_hours) for wind in wind_by_year])
    output = np.concatenate(offshore_by_year)
    quantiles = np.linspace(0.0, 1.0, 101)
    return pd.DataFrame(
        {
            "quantile": quantiles,
            "wind_speed_m_per_s": np.quantile(smooth, quantiles),
            "capacity_factor": np.quantile(output, quantiles),
        }
    )
