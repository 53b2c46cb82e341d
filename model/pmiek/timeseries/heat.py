"""Heat demand, heat-pump performance and the electricity and gas that follow from them.

Heat is counted in degree-hours: one unit is the heat that a building stock loses per hour and per kelvin
below its heating threshold. Only shapes leave this module, so the unit drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Ruhnau, Hirth, Praktiknjo (2019), "Time series of heat demand and heat pump efficiency for energy system
# modeling", # Scientific Data 6:189, table 3: second-order polynomial in the kelvin between sink and source.
_COP_AIR = (6.08, -0.09, 0.0005)
_COP_GROUND = (10.29, -0.21, 0.0012)


@dataclass(frozen=True)
class Building:
    """How one kind of building asks for heat.

    Attributes
    ----------
    threshold_c : float
        Outside temperature above which nothing is heated.
    inertia_hours : float
        Time constant with which the heat loss follows the outside temperature.
    solar_gain_k_per_w_per_m2 : float
        Kelvin by which one W/m2 of sun raises the effective temperature.
    hot_water_k : float
        Hot water as a constant number of degree-hours per hour.
    """

    threshold_c: float
    inertia_hours: float
    solar_gain_k_per_w_per_m2: float
    hot_water_k: float


@dataclass(frozen=True)
class HeatPump:
    """How heat pumps of one kind are built and run.

    Attributes
    ----------
    ground_share : float
        Share of the heat that comes from ground-source pumps.
    bivalent_c : float
        Outside temperature at which the pump alone just meets the mean heat loss; an electric element does
        the rest.
    space_sink_slope, space_sink_at_zero_c : float
        Flow temperature: at_zero minus slope times the outside temperature.
    water_sink_c : float
        Hot-water temperature.
    ground_c : float
        Source temperature of ground-source pumps.
    field_factor : float
        Measured over laboratory performance.
    cop_floor, cop_ceiling : float
        Range within which performance stays.
    """

    ground_share: float
    bivalent_c: float
    space_sink_slope: float
    space_sink_at_zero_c: float
    water_sink_c: float
    ground_c: float
    field_factor: float
    cop_floor: float
    cop_ceiling: float


def effective_temperature(temperature_c: Floats, ghi_w_per_m2: Floats, building: Building) -> Floats:
    """Outside temperature as the building feels it: sun added, with a first-order lag.

    The year is closed into a ring: its last two weeks run ahead of its first hour.
    """
    felt = temperature_c + building.solar_gain_k_per_w_per_m2 * ghi_w_per_m2
    if building.inertia_hours <= 0:
        return felt
    keep = float(np.exp(-1.0 / building.inertia_hours))
    ahead = min(336, len(felt))
    ring = np.concatenate([[felt.mean()], felt[-ahead:], felt])
    lagged = pd.Series(ring).ewm(alpha=1.0 - keep, adjust=False).mean()
    return lagged.to_numpy(dtype=float)[ahead + 1 :]


def day_pattern(hour_local: NDArray[np.int_], setback: float, boost: float) -> Floats:
    """Factor per hour of the day with mean 1: less at night, more when the house warms up.

    Parameters
    ----------
    hour_local : ndarray
        Local hour, 0-23.
    setback : float
        Share by which heat drops between 23 and 6 hours.
    boost : float
        Share by which heat rises between 6 and 9 hours, and half of it between 17 and 22 hours.
    """
    factor = np.ones(24)
    factor[[23, 0, 1, 2, 3, 4, 5]] -= setback
    factor[[6, 7, 8]] += boost
    factor[17:22] += boost / 2.0
    result: Floats = (factor / factor.mean())[hour_local]
    return result


def space_heat(effective_c: Floats, building: Building, pattern: Floats) -> Floats:
    """Space heat in degree-hours per hour: kelvin below the threshold, times the pattern."""
    return np.maximum(0.0, building.threshold_c - effective_c) * pattern


def cop(source_c: Floats | float, sink_c: Floats, kind: str, pump: HeatPump) -> Floats:
    """Coefficient of performance from source and sink temperature, times the field factor.

    Regression of Ruhnau et al. (2019).

    Parameters
    ----------
    source_c : ndarray or float
        Air or ground temperature.
    sink_c : ndarray
        Flow temperature.
    kind : str
        ``air`` or ``ground``.
    pump : HeatPump
        Gives the field factor and the range.
    """
    a, b, c = _COP_AIR if kind == "air" else _COP_GROUND
    lift = np.maximum(15.0, sink_c - source_c)
    result: Floats = np.clip(
        (a + b * lift + c * lift**2) * pump.field_factor, pump.cop_floor, pump.cop_ceiling
    )
    return result


def cop_series(temperature_c: Floats, pump: HeatPump) -> dict[str, Floats]:
    """Hourly performance for space heat (air, ground, mix) and hot water (mix)."""
    sink = pump.space_sink_at_zero_c - pump.space_sink_slope * temperature_c
    sink = np.maximum(sink, 25.0)
    water = np.full_like(temperature_c, pump.water_sink_c)
    air, ground = cop(temperature_c, sink, "air", pump), cop(pump.ground_c, sink, "ground", pump)
    water_air, water_ground = (
        cop(temperature_c, water, "air", pump),
        cop(pump.ground_c, water, "ground", pump),
    )
    share = pump.ground_share
    return {
        "air": air,
        "ground": ground,
        "mix": 1.0 / ((1.0 - share) / air + share / ground),
        "water": 1.0 / ((1.0 - share) / water_air + share / water_ground),
    }


def electric_heat_pump(
    space: Floats, water: Floats, performance: dict[str, Floats], building: Building, pump: HeatPump
) -> Floats:
    """Electricity of all-electric heat pumps: heat over performance, an element above the pump's size.

    Parameters
    ----------
    space, water : ndarray
        Space heat and hot water, degree-hours per hour.
    performance : dict
        From :func:`cop_series`.
    building, pump
        Sizes the pump at the mean heat loss at the bivalent temperature.
    """
    largest = building.threshold_c - pump.bivalent_c
    by_pump = np.minimum(space, largest)
    return by_pump / performance["mix"] + (space - by_pump) + water / performance["water"]


def hybrid_share(temperature_c: Floats, switch_off_c: float, switch_full_c: float) -> Floats:
    """Share of hybrids whose pump runs: none below switch_off_c, all above switch_full_c, linear between.

    Homes differ in insulation and setting, so a stock of hybrids does not switch at one temperature.
    """
    return np.clip((temperature_c - switch_off_c) / (switch_full_c - switch_off_c), 0.0, 1.0)


def hybrid_heat_pump(
    space: Floats, water: Floats, performance: dict[str, Floats], running: Floats, largest: float
) -> tuple[Floats, Floats]:
    """Electricity of hybrid heat pumps and the heat that is left to their boilers.

    Parameters
    ----------
    space, water : ndarray
        Space heat and hot water, degree-hours per hour; hot water always comes from the boiler.
    performance : dict
        From :func:`cop_series`.
    running : ndarray
        Share of pumps that run, from :func:`hybrid_share`.
    largest : float
        Size of the pump, degree-hours per hour.

    Returns
    -------
    tuple of ndarray
        Electricity and boiler heat, degree-hours per hour. Pump heat and boiler heat add to the demand.
    """
    by_pump = np.minimum(space, largest) * running
    return by_pump / performance["mix"], space - by_pump + water


def office_pattern(hour_local: NDArray[np.int_], is_workday: NDArray[np.bool_], setback: float) -> Floats:
    """Factor per hour for buildings in use on working days from 6 to 18 hours, mean 1 over the year.

    Parameters
    ----------
    hour_local : ndarray
        Local hour, 0-23.
    is_workday : ndarray of bool
        True on working days.
    setback : float
        Share by which heat drops outside working hours.
    """
    used = is_workday & (hour_local >= 6) & (hour_local < 18)
    factor = np.where(used, 1.0, 1.0 - setback)
    result: Floats = factor / factor.mean()
    return result
