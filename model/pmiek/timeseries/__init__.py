"""Hourly shapes from weather and calendar; totals of municipalities are not known here."""

from __future__ import annotations

from pmiek.timeseries.build import build_profiles, heat_sums, raw_profiles, reference_sums, weather_frame
from pmiek.timeseries.calendar import calendar_frame
from pmiek.timeseries.capacity import fit_to_capacity
from pmiek.timeseries.check import profile_check

__all__ = [
    "build_profiles",
    "calendar_frame",
    "fit_to_capacity",
    "heat_sums",
    "profile_check",
    "raw_profiles",
    "reference_sums",
    "weather_frame",
]
