"""From hours and energy above a limit to what a battery or a flexible contract of some size solves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
DAYS_PER_YEAR = 365.0


def shape_exponent(peak_mw: Array, hours: Array, energy_mwh: Array) -> Array:
    """Exponent ``a`` of the exceedance duration curve ``p(t) = peak * (1 - (t / hours) ** a)``.

    The curve starts at the peak, ends at zero after ``hours`` and holds the given energy:
    ``energy / (peak * hours) = a / (1 + a)``. A thin peak has a small ``a``, a plateau a large one.

    Parameters
    ----------
    peak_mw, hours, energy_mwh : array
        Largest exceedance (MW), hours a year above the limit, and energy above it (MWh a year).

    Returns
    -------
    array
        Between 0.05 and 20; 1 (a straight line) where nothing is known.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        fill = energy_mwh / (peak_mw * hours)
    fill = np.where(np.isfinite(fill), fill, 0.5)
    fill = np.clip(fill, 0.05 / 1.05, 20.0 / 21.0)
    return fill / (1.0 - fill)


def share_below(level_mw: Array, peak_mw: Array, exponent: Array) -> Array:
    """Share of the exceedance hours in which the exceedance is at most ``level_mw``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.clip(1.0 - level_mw / peak_mw, 0.0, 1.0)
    share = 1.0 - left ** (1.0 / exponent)
    return np.where(peak_mw > 0, share, 1.0)


def event_hours(hours: Array, longest_event_hours: float) -> Array:
    """Hours above the limit in one go: at most the stated length, unless the year is too full for that."""
    return np.maximum(np.minimum(hours, longest_event_hours), hours / DAYS_PER_YEAR)


def battery_share(  # noqa: PLR0917 - plain numbers
    power_mw: Array, battery_hours: float, peak_mw: Array, hours: Array, energy_mwh: Array, event: float
) -> Array:
    """Share of the exceedance hours that a battery of this power and duration takes away.

    An event with peak ``p`` lasts :func:`event_hours` and has the fill of the whole year, so it holds
    ``p * fill * event`` MWh. The battery solves it if its power reaches ``p`` and its energy that content.

    Parameters
    ----------
    power_mw : array
        Battery power.
    battery_hours : float
        Hours at full power.
    peak_mw, hours, energy_mwh : array
        The exceedance.
    event : float
        Longest single event, hours.

    Returns
    -------
    array
        Share from 0 to 1.
    """
    exponent = shape_exponent(peak_mw, hours, energy_mwh)
    fill = exponent / (1.0 + exponent)
    length = event_hours(hours, event)
    reach = power_mw * battery_hours / np.maximum(fill * length, 1e-9)
    return share_below(np.minimum(power_mw, reach), peak_mw, exponent)
