"""Whether an hourly weather file can be what it says: ranges, codes, clock, radiation balance, copied stretches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.themes.weather import HOURS_PER_YEAR

Array = npt.NDArray[np.float64]
#: Column, lowest and highest value ever measured at sea level in north-west Europe with room beside it.
RANGES = {
    "temperature_c": (-35.0, 45.0, "Tenths of a degree give ten times too much."),
    "ghi_w_per_m2": (0.0, 1300.0, "J per cm2 in an hour times 2.778 is W per m2."),
    "dni_w_per_m2": (0.0, 1200.0, "J per cm2 in an hour times 2.778 is W per m2."),
    "dhi_w_per_m2": (0.0, 800.0, "J per cm2 in an hour times 2.778 is W per m2."),
    "wind_speed_10m_m_per_s": (0.0, 45.0, "Tenths of a metre per second give ten times too much."),
}
CODES = (-9999.0, -999.0, -99.9, -99.0, 9999.0, 99999.0)
#: Column of years.csv and how far it may lie from the file: it is rounded to the last digit.
STATISTICS = {
    "mean_temperature_c": 0.06,
    "coldest_week_c": 0.06,
    "ghi_kwh_per_m2": 1.0,
    "mean_wind_m_per_s": 0.03,
}
NIGHT_DEGREES, NIGHT_W = -3.0, 10.0
CLOCK_HOURS = 0.7
#: Direct over global by separation models differs from measurement by some per cent over a year.
CLOSURE = (0.85, 1.15)
COPIED_DAYS = 4
WEEK = 168
REMEDY = "Make the file again from the measurements (pmiek weather import)."


@dataclass(frozen=True)
class Sun:
    """Height of the sun in the middle of each hour of a year of 365 days, in UTC.

    Attributes
    ----------
    sine : array
        Sine of the elevation, shape (8760,).
    """

    sine: Array

    @classmethod
    def at(cls, lat: float, lon: float) -> Sun:
        """Reckon it for a place, to about half a degree (Cooper 1969; equation of time of Spencer 1971)."""
        hour = np.arange(HOURS_PER_YEAR) + 0.5
        angle = 2 * np.pi * (hour / 24) / 365
        declination = np.radians(23.45) * np.sin(2 * np.pi * (284 + hour / 24) / 365)
        minutes = 229.18 * (
            0.000075
            + 0.001868 * np.cos(angle)
            - 0.032077 * np.sin(angle)
            - 0.014615 * np.cos(2 * angle)
            - 0.04089 * np.sin(2 * angle)
        )
        solar = np.radians(15.0 * (hour % 24 - 12 + minutes / 60) + lon)
        phi = np.radians(lat)
        return cls(np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(solar))


def statistics(frame: pd.DataFrame) -> dict[str, float]:
    """Give the figures of years.csv: mean temperature, coldest week, irradiation and mean wind."""
    temperature = frame["temperature_c"].to_numpy(dtype=float)
    sums = np.concatenate([[0.0], np.cumsum(temperature)])
    return {
        "mean_temperature_c": float(temperature.mean()),
        "coldest_week_c": float((sums[WEEK:] - sums[:-WEEK]).min() / WEEK),
        "ghi_kwh_per_m2": float(frame["ghi_w_per_m2"].to_numpy(dtype=float).sum() / 1000),
        "mean_wind_m_per_s": float(frame["wind_speed_10m_m_per_s"].to_numpy(dtype=float).mean()),
    }


def check_weather_file(
    frame: pd.DataFrame, name: str, sun: Sun | None, stated: Mapping[str, float]
) -> list[Problem]:
    """Check the hours of one station and year.

    Parameters
    ----------
    frame : DataFrame
        8,760 rows with the columns of an hourly weather file, no empty cells.
    name : str
        File as the error report names it.
    sun : Sun or None
        Height of the sun in the region; None leaves the checks with the sun out.
    stated : mapping of str to float
        The row of years.csv.

    Returns
    -------
    list of Problem
        Row is the hour of the year, counted from 0.
    """
    problems = [*_ranges(frame, name)]
    if problems:
        return problems  # sums over codes or other units say nothing more
    problems += _stated(frame, name, stated)
    if sun is not None:
        problems += _with_sun(frame, name, sun)
    problems += _copied(frame, name)
    return problems


def _ranges(frame: pd.DataFrame, name: str) -> Iterator[Problem]:
    for column, (low, high, hint) in RANGES.items():
        values = frame[column].to_numpy(dtype=float)
        coded = np.isin(values, CODES)
        night = column.endswith("w_per_m2") & (values == -1.0)
        wrong = (values < low - 1e-6) | (values > high) | coded
        if not wrong.any():
            continue
        first = int(np.flatnonzero(wrong)[0])
        why = hint
        if coded.any():
            why = f"{values[coded][0]:g} stands for a missing value: fill short gaps, or leave the year out."
        elif night.any():
            why = "The institute writes -1 for less than 0.05: make it 0."
        yield Problem(
            name,
            first,
            column,
            f"{values[first]:g}, and {int(wrong.sum())} hours in all",
            f"values from {low:g} to {high:g}",
            f"{why} {REMEDY}",
        )


def _stated(frame: pd.DataFrame, name: str, stated: Mapping[str, float]) -> Iterator[Problem]:
    """Compare with years.csv: another year or station, another unit, or hours that were changed."""
    reckoned = statistics(frame)
    for column, tolerance in STATISTICS.items():
        value = stated.get(column, np.nan)
        if abs(reckoned[column] - value) > tolerance:
            yield Problem(
                name,
                None,
                column,
                f"{reckoned[column]:.2f} in the hours",
                f"the {value:g} that inputs/weather/years.csv states",
                "The file is of another year or station, or its hours or units were changed. " + REMEDY,
            )


def _with_sun(frame: pd.DataFrame, name: str, sun: Sun) -> Iterator[Problem]:
    ghi = frame["ghi_w_per_m2"].to_numpy(dtype=float)
    dark = sun.sine < np.sin(np.radians(NIGHT_DEGREES))
    shifted = _clock(ghi, sun.sine)
    if abs(shifted) > CLOCK_HOURS or (ghi[dark] > NIGHT_W).sum() > WEEK / 24:
        lit = np.flatnonzero(dark & (ghi > NIGHT_W))
        yield Problem(
            name,
            int(lit[0]) if len(lit) else None,
            "ghi_w_per_m2",
            f"the sun {abs(shifted):.1f} hours too {'late' if shifted > 0 else 'early'}, "
            f"{len(lit)} hours with sun below the horizon",
            "hours in UTC, each starting at its number",
            f"Shift the hours: local time, or the end of the hour taken for its start. {REMEDY}",
        )
    direct = frame["dni_w_per_m2"].to_numpy(dtype=float) * np.clip(sun.sine, 0.0, None)
    share = (direct + frame["dhi_w_per_m2"].to_numpy(dtype=float)).sum() / max(ghi.sum(), 1.0)
    if not CLOSURE[0] <= share <= CLOSURE[1]:
        yield Problem(
            name,
            None,
            "ghi_w_per_m2",
            f"direct and diffuse together {share:.2f} times global over the year",
            "global equal to direct times the sine of the sun's height plus diffuse, within 15 %",
            f"One of the three has another unit (J per cm2?) or comes from elsewhere. {REMEDY}",
        )


def _clock(ghi: Array, sine: Array) -> float:
    """Hours by which the middle of the light lies behind the sun's."""
    hour = np.arange(len(ghi)) % 24 + 0.5
    height = np.clip(sine, 0.0, None)
    # The middle of a day as an angle, so that light around midnight has a middle too.
    here, there = ((weights * np.exp(2j * np.pi * hour / 24)).sum() for weights in (ghi, height))
    return float(np.angle(here / there) * 24 / (2 * np.pi)) if abs(here) > 0 and abs(there) > 0 else 0.0


def _copied(frame: pd.DataFrame, name: str) -> Iterator[Problem]:
    """Find days that occur twice; measured days are never equal in every hour."""
    days = np.ascontiguousarray(
        frame[["temperature_c", "wind_speed_10m_m_per_s"]].to_numpy(dtype=np.float32).reshape(365, 48)
    )
    seen: dict[bytes, int] = {}
    again = []
    for number in range(365):
        if np.ptp(days[number, ::2]) == 0:
            continue  # a made-up cold spell, constant on purpose, is no copy
        first_day = seen.setdefault(days[number].tobytes(), number)
        if first_day != number:
            again.append((number, first_day))
    if len(again) >= COPIED_DAYS:
        day, first = again[0]
        yield Problem(
            name,
            24 * day,
            "temperature_c",
            f"{len(again)} days that occur twice, day {day + 1} as day {first + 1}",
            "each day once",
            f"A stretch was copied to fill a gap. {REMEDY}",
        )
