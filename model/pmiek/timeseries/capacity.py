"""Keep a profile below the nameplate of what it stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fit_to_capacity(
    profile: Floats, volume_mwh: float, capacity_mw: float, *, highest_share: float = 1.0
) -> Floats:
    """Hourly MW that add to a volume and never exceed a share of the capacity.

    Storylines state volume and nameplate; the volume times a measured profile can exceed the nameplate when
    the storyline's plants run more hours than the profile's. The hours above the limit are cut and the
    others raised by one factor until the energy fits.

    Parameters
    ----------
    profile : ndarray
        MW per MWh; its sum is the weather factor of the year.
    volume_mwh : float
        Energy of the weather-normal year.
    capacity_mw : float
        Nameplate.
    highest_share : float
        Highest simultaneous output as a share of the nameplate.

    Returns
    -------
    ndarray
        MW. When even the limit in all hours with output does not give the energy, the limit in those hours.
    """
    power = np.asarray(profile, dtype=float) * volume_mwh
    limit = capacity_mw * highest_share
    energy = float(power.sum())
    if limit <= 0 or power.max(initial=0.0) <= limit:
        return power
    if energy >= limit * np.count_nonzero(power > 0):
        return np.where(power > 0, limit, 0.0)
    low, high = 1.0, 2.0
    while np.minimum(power * high, limit).sum() < energy:
        high *= 2.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if np.minimum(power * middle, limit).sum() < energy else (low, middle)
    result: Floats = np.minimum(power * high, limit)
    return result
