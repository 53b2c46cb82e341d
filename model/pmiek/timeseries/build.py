"""Profiles of one weather year: shapes from weather and calendar, in MW per MWh of a normal year."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pmiek.inputs import read_weather
from pmiek.timeseries import heat as heating
from pmiek.timeseries.calendar import HOURS_PER_YEAR, calendar_frame
from pmiek.timeseries.settings import HeatSettings, Settings, read_settings
from pmiek.timeseries.solar import mixed_output, spread, sun_year
from pmiek.timeseries.typical import lay_typical_days
from pmiek.timeseries.wind import offshore_output, onshore_output

Floats = NDArray[np.float64]
MOST_REFERENCES = 8  # sets of reference years remembered in a process; a batch has one
_REFERENCE_SUMS: dict[tuple[Path, str, tuple[int, ...], str], pd.DataFrame] = {}


def build_profiles(
    tables: Any, scenario: Any, weather_year: int, reference: pd.DataFrame | None = None
) -> pd.DataFrame:
    """All hourly profiles of one weather year.

    Parameters
    ----------
    tables : Tables
        Needs regions/municipalities, profiles/typical_days, profiles/offshore_fit, assumptions and the
        weather.
    scenario : Scenario
        Parts ``profiles`` and ``weather``.
    weather_year : int
        Measured year.
    reference : DataFrame, optional
        From :func:`reference_sums`; made here when absent.

    Returns
    -------
    DataFrame
        Index hour 0..8759 (UTC), one column per profile, MW per MWh of the weather-normal year. A profile
        that does not depend on the weather sums to 1. One that does sums to its yield or need in this year
        over the mean of the reference years when ``scenario.weather.annual_energy`` is ``weather_year``,
        else to 1.

    Raises
    ------
    InputError
        When weather or typical days are incomplete.
    """
    settings = read_settings(tables, scenario)
    raw = raw_profiles(tables.root, scenario.weather.station, weather_year, settings)
    sums = raw.sum()
    if scenario.weather.annual_energy == "weather_year":
        reference = reference_sums(tables, scenario) if reference is None else reference
        mean = reference.set_index("profile")["mean_raw_sum"].reindex(raw.columns)
        sums = mean.fillna(sums)
    scaled = raw / sums.where(sums > 0, 1.0)
    calendar = calendar_frame(weather_year)
    constant = np.full(HOURS_PER_YEAR, 1.0 / HOURS_PER_YEAR)
    fixed = pd.DataFrame(
        {"flat": constant, "waste_flat": constant, "chp_agriculture": _winter_workdays(calendar, settings)},
        index=raw.index,
    )
    typical = lay_typical_days(settings.typical_days, calendar)
    made_here = fixed.drop(columns=[name for name in fixed if name in typical])
    return pd.concat([made_here, typical.drop(columns=[n for n in raw if n in typical]), scaled], axis=1)


def reference_sums(tables: Any, scenario: Any) -> pd.DataFrame:
    """Mean yearly sum of each weather-driven raw profile over the reference years.

    Parameters
    ----------
    tables, scenario
        As in :func:`build_profiles`; the years are ``scenario.weather.reference_years``.

    Returns
    -------
    DataFrame
        profile, mean_raw_sum (full-load hours for solar and wind, degree-hours for heat), lowest, highest,
        years.
    """
    settings = read_settings(tables, scenario)
    years = tuple(int(y) for y in scenario.weather.reference_years)
    # A run asks for these twenty weather years at every year, storyline step and carrier; they differ in nothing.
    key = (tables.root, scenario.weather.station, years, _content(settings))
    if key not in _REFERENCE_SUMS:
        if len(_REFERENCE_SUMS) >= MOST_REFERENCES:
            _REFERENCE_SUMS.clear()
        _REFERENCE_SUMS[key] = _reference_sums(tables.root, scenario.weather.station, years, settings)
    return _REFERENCE_SUMS[key].copy()


def _content(settings: Settings) -> str:
    """Give a text that differs when any setting differs, tables included."""
    tables = {
        "offshore_fit": settings.offshore_fit.to_csv(),
        "typical_days": "",
    }  # typical days are not weather
    return repr(replace(settings, offshore_fit=pd.DataFrame(), typical_days=pd.DataFrame())) + repr(tables)


def _reference_sums(
    inputs_dir: Path, station: str, years: tuple[int, ...], settings: Settings
) -> pd.DataFrame:
    sums = pd.DataFrame({y: raw_profiles(inputs_dir, station, y, settings).sum() for y in years})
    frame = pd.DataFrame(
        {
            "mean_raw_sum": sums.mean(axis=1),
            "lowest": sums.min(axis=1),
            "highest": sums.max(axis=1),
            "years": len(years),
        }
    )
    frame.index.name = "profile"
    return frame.reset_index()


def heat_sums(tables: Any, scenario: Any) -> pd.Series:
    """Mean yearly sum of each raw heat shape over the reference years: degree-hours, by profile.

    Heat over electricity of the same building stock is the seasonal performance of its heat pumps.

    Parameters
    ----------
    tables, scenario
        As in :func:`build_profiles`; the years are ``scenario.weather.reference_years``.
    """
    years = tuple(int(y) for y in scenario.weather.reference_years)
    sums = _heat_sums(tables.root, scenario.weather.station, years, read_settings(tables, scenario).heat)
    return sums.copy()


@lru_cache(maxsize=4)
def _heat_sums(inputs_dir: Path, station: str, years: tuple[int, ...], chosen: HeatSettings) -> pd.Series:
    sums = [
        pd.DataFrame(_heat(read_weather(inputs_dir, station, y), calendar_frame(y), chosen)).sum()
        for y in years
    ]
    mean: pd.Series = pd.concat(sums, axis=1).mean(axis=1)
    return mean


def raw_profiles(inputs_dir: Path, station: str, weather_year: int, settings: Settings) -> pd.DataFrame:
    """Weather-driven shapes in their own units, before scaling.

    Parameters
    ----------
    inputs_dir : Path
        Folder with ``weather/``.
    station : str
        Weather station.
    weather_year : int
        Measured year.
    settings : Settings
        From :func:`pmiek.timeseries.settings.read_settings`.

    Returns
    -------
    DataFrame
        Index hour; solar_roof, solar_field_existing, solar_field_new, wind_* in MW per MW installed;
        heat_*, gas_heat_* and heat_pump_* in degree-hours.
    """
    weather = read_weather(inputs_dir, station, weather_year)
    calendar = calendar_frame(weather_year)
    columns = (
        _solar(weather, weather_year, settings)
        | _wind(weather, settings)
        | _heat(weather, calendar, settings.heat)
    )
    return pd.DataFrame(columns, index=pd.RangeIndex(HOURS_PER_YEAR, name="hour"))


def weather_frame(tables: Any, scenario: Any, weather_year: int) -> pd.DataFrame:
    """Temperature, heat-pump performance and calendar of every hour.

    Returns
    -------
    DataFrame
        Index hour; temperature_c, cop_air, cop_ground (space heat), cop_mix, cop_water, month, hour_local,
        weekday, is_holiday, day_type, season (``summer`` in ``scenario.grid.summer_months``, else
        ``winter``).
    """
    settings = read_settings(tables, scenario)
    weather = read_weather(tables.root, scenario.weather.station, weather_year)
    frame = calendar_frame(weather_year)
    temperature = weather["temperature_c"].to_numpy(float)
    frame.insert(0, "temperature_c", temperature)
    for name, values in heating.cop_series(temperature, settings.heat.pump_homes).items():
        frame[f"cop_{name}"] = values
    summer = frame["month"].isin(list(scenario.grid.summer_months))
    frame["season"] = np.where(summer, "summer", "winter")
    return frame


def _solar(weather: pd.DataFrame, year: int, settings: Settings) -> dict[str, Floats]:
    chosen = settings.solar
    sun = sun_year(weather, year, settings.latitude, settings.longitude)
    options = {
        "loss": chosen.loss,
        "gamma_per_k": chosen.temperature_coefficient_per_k,
        "albedo": chosen.albedo,
    }
    roof = spread(mixed_output(sun, chosen.roof_planes, **options), chosen.neighbour_hours)
    field = mixed_output(sun, chosen.field_planes, **options)
    return {
        "solar_roof": np.minimum(roof, chosen.limit_roof),
        "solar_field_existing": np.minimum(field, chosen.limit_existing_field),
        "solar_field_new": np.minimum(field, chosen.limit_new_field),
        "solar_field_gross": field,
    }


def _wind(weather: pd.DataFrame, settings: Settings) -> dict[str, Floats]:
    measured = weather["wind_speed_10m_m_per_s"].to_numpy(float)
    near = settings.wind_neighbour_hours
    return {
        "wind_onshore": spread(onshore_output(measured, settings.wind_new), near),
        "wind_onshore_existing": spread(onshore_output(measured, settings.wind_existing), near),
        "wind_offshore": offshore_output(measured, settings.offshore_fit, settings.offshore_window_hours),
    }


def _heat(weather: pd.DataFrame, calendar: pd.DataFrame, chosen: HeatSettings) -> dict[str, Floats]:
    temperature, ghi = (weather[c].to_numpy(float) for c in ("temperature_c", "ghi_w_per_m2"))
    hour = calendar["hour_local"].to_numpy()
    workday = (calendar["day_type"] == "weekday").to_numpy()
    running = heating.hybrid_share(temperature, chosen.hybrid_off_c, chosen.hybrid_full_c)
    mild = chosen.pump_setback
    kinds = {
        "homes": (
            chosen.homes,
            chosen.pump_homes,
            heating.day_pattern(hour, chosen.setback, chosen.boost),
            heating.day_pattern(hour, chosen.setback * mild, chosen.boost * mild),
        ),
        "services": (
            chosen.buildings,
            chosen.pump_buildings,
            heating.office_pattern(hour, workday, chosen.setback),
            heating.office_pattern(hour, workday, chosen.setback * mild),
        ),
    }
    columns: dict[str, Floats] = {}
    for name, (building, pump, boiler_pattern, pump_pattern) in kinds.items():
        performance = heating.cop_series(temperature, pump)
        felt = heating.effective_temperature(temperature, ghi, building)
        by_boiler = heating.space_heat(felt, building, boiler_pattern)
        by_pump = heating.space_heat(felt, building, pump_pattern)
        water = building.hot_water_k * heating.day_pattern(hour, chosen.setback, chosen.boost)
        hybrid, left = heating.hybrid_heat_pump(
            by_pump, water, performance, running, building.threshold_c - chosen.hybrid_bivalent_c
        )
        columns[f"heat_{name}"] = by_boiler + water
        columns[f"heat_pump_electric_{name}"] = heating.electric_heat_pump(
            by_pump, water, performance, building, pump
        )
        columns[f"heat_pump_hybrid_{name}"] = hybrid
        columns[f"gas_heat_{name}"] = by_boiler + water
        columns[f"gas_heat_hybrid_{name}"] = left
    network = 0.5 * (columns["heat_homes"] + columns["heat_services"])
    base = chosen.homes.threshold_c - chosen.network_base_c + chosen.homes.hot_water_k
    columns |= {
        "district_heat": network,
        "district_heat_base": np.minimum(network, base),
        "district_heat_peak": np.maximum(network - base, 0.0),
    }
    return columns


def _winter_workdays(calendar: pd.DataFrame, settings: Settings) -> Floats:
    (first_month, last_month), (first_hour, last_hour) = settings.chp_months, settings.chp_hours
    month, hour = calendar["month"].to_numpy(), calendar["hour_local"].to_numpy()
    in_season = (month >= first_month) | (month <= last_month)
    in_hours = (hour >= first_hour) & (hour <= last_hour) & (calendar["day_type"] == "weekday").to_numpy()
    running = (in_season & in_hours).astype(float)
    result: Floats = running / running.sum()
    return result
