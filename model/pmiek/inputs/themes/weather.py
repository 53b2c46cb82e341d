"""Table of weather years, and what an hourly weather file must hold."""

from __future__ import annotations

from pmiek.inputs.schema import Table, number, provenance, text, year

HOURS_PER_YEAR = 8760
WEATHER_COLUMNS = {
    "temperature_c": "degrees Celsius, mean of the hour",
    "ghi_w_per_m2": "W per m2, global horizontal irradiance",
    "dni_w_per_m2": "W per m2, direct normal irradiance",
    "dhi_w_per_m2": "W per m2, diffuse horizontal irradiance",
    "wind_speed_10m_m_per_s": "m per s at 10 m height",
}

TABLES = (
    Table(
        "weather/years",
        "Weather years",
        "Measured years and their character; hourly figures lie in weather/<station>/<year>.parquet.",
        (
            text("station", "Weather station; also the folder name", pattern=r"[a-z0-9_\-]+"),
            year("weather_year", "Year of the measurements"),
            number("mean_temperature_c", "Mean temperature", "degrees Celsius", minimum=-30.0, maximum=40.0),
            number(
                "coldest_week_c",
                "Mean temperature of the coldest week",
                "degrees Celsius",
                minimum=-50.0,
                maximum=40.0,
            ),
            number("ghi_kwh_per_m2", "Global irradiation in the year", "kWh per m2"),
            number("mean_wind_m_per_s", "Mean wind speed at 10 m", "m per s"),
            text("character", "Character of the year", filled=False),
            *provenance(),
        ),
        ("station", "weather_year"),
    ),
)
