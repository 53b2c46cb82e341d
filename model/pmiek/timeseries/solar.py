"""Solar output per MW installed from measured radiation, for a mix of planes (pvlib)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pvlib
from numpy.typing import NDArray

from pmiek.timeseries.calendar import utc_hours

STANDARD_IRRADIANCE_W_PER_M2 = 1000.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SunYear:
    """Sun position and radiation of one weather year, at the middle of each hour.

    Attributes
    ----------
    zenith_deg, azimuth_deg : ndarray
        Apparent zenith and azimuth, 8,760 values.
    extra_w_per_m2 : ndarray
        Radiation outside the atmosphere.
    ghi, dni, dhi : ndarray
        Measured global, and derived direct and diffuse radiation, W/m2.
    temperature_c, wind_m_per_s : ndarray
        Air temperature and wind speed for the module temperature.
    """

    zenith_deg: Floats
    azimuth_deg: Floats
    extra_w_per_m2: Floats
    ghi: Floats
    dni: Floats
    dhi: Floats
    temperature_c: Floats
    wind_m_per_s: Floats


def sun_year(weather: pd.DataFrame, year: int, latitude: float, longitude: float) -> SunYear:
    """Put radiation and sun position of a weather year together.

    Parameters
    ----------
    weather : DataFrame
        8,760 rows; row h is the mean of the hour that ends at h + 1 UTC, so the sun stands for h + 0.5.
    year : int
        Weather year.
    latitude, longitude : float
        Place, degrees.
    """
    middle = utc_hours(year) + pd.Timedelta(minutes=30)
    position = pvlib.solarposition.ephemeris(middle, latitude, longitude)
    ghi, dni, dhi = (weather[c].to_numpy(float) for c in ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2"))
    return SunYear(
        position["apparent_zenith"].to_numpy(),
        position["azimuth"].to_numpy(),
        np.asarray(pvlib.irradiance.get_extra_radiation(middle.dayofyear.to_numpy())),
        ghi,
        dni,
        dhi,
        weather["temperature_c"].to_numpy(float),
        weather["wind_speed_10m_m_per_s"].to_numpy(float),
    )


def plane_output(
    sun: SunYear, tilt_deg: float, azimuth_deg: float, *, loss: float, gamma_per_k: float, albedo: float
) -> Floats:
    """Output of one plane, MW per MW installed, 8,760 hours.

    Hay-Davies transposition, ASHRAE angle-of-incidence loss, Faiman module temperature and PVWatts
    direct-current power, all from pvlib. Rows where the sun is below the horizon give zero.

    Parameters
    ----------
    sun : SunYear
        Sun and radiation.
    tilt_deg, azimuth_deg : float
        Plane; azimuth 180 is south.
    loss : float
        System losses, share of output.
    gamma_per_k : float
        Power change per kelvin of module temperature above 25 degrees C (negative).
    albedo : float
        Reflection of the ground.
    """
    total = pvlib.irradiance.get_total_irradiance(
        tilt_deg,
        azimuth_deg,
        sun.zenith_deg,
        sun.azimuth_deg,
        sun.dni,
        sun.ghi,
        sun.dhi,
        dni_extra=sun.extra_w_per_m2,
        albedo=albedo,
        model="haydavies",
    )
    angle = pvlib.irradiance.aoi(tilt_deg, azimuth_deg, sun.zenith_deg, sun.azimuth_deg)
    beam = np.asarray(total["poa_direct"]) * np.asarray(pvlib.iam.ashrae(angle))
    plane = np.nan_to_num(beam + np.asarray(total["poa_diffuse"]), nan=0.0).clip(min=0.0)
    module_c = pvlib.temperature.faiman(plane, sun.temperature_c, sun.wind_m_per_s)
    power = np.asarray(pvlib.pvsystem.pvwatts_dc(plane, module_c, 1.0, gamma_per_k)) * (1.0 - loss)
    result: Floats = np.where(sun.ghi > 0, power, 0.0).clip(0.0, 1.0)
    return result


def mixed_output(
    sun: SunYear,
    planes: Sequence[tuple[float, float, float]],
    *,
    loss: float,
    gamma_per_k: float,
    albedo: float,
) -> Floats:
    """Weighted output of several planes (tilt_deg, azimuth_deg, share), MW per MW installed."""
    total = sum(share for _, _, share in planes)
    output = np.zeros_like(sun.ghi)
    for tilt, azimuth, share in planes:
        output += (
            share
            / total
            * plane_output(sun, tilt, azimuth, loss=loss, gamma_per_k=gamma_per_k, albedo=albedo)
        )
    return output


def spread(output: Floats, share_of_neighbour_hours: float) -> Floats:
    """Smear output over the hours before and after: clouds do not cross a province at once.

    Parameters
    ----------
    output : ndarray
        Hourly output.
    share_of_neighbour_hours : float
        Weight of the hour before and the hour after together, 0 to 2/3; energy is kept.
    """
    side = share_of_neighbour_hours / 2.0
    return (1.0 - 2.0 * side) * output + side * (np.roll(output, 1) + np.roll(output, -1))
