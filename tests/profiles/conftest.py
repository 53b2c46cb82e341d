from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from made_up_place import COLD, MILD, NORMAL, FakeTables, write_weather


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    root = tmp_path_factory.mktemp("inputs")
    for year, mean in {MILD: 12.0, COLD: 7.0, NORMAL: 10.0}.items():
        write_weather(root, year, mean)
    typical = pd.DataFrame(
        [
            (
                "households_appliances",
                month,
                day,
                hour,
                1.0 + (hour in range(17, 22)) + 0.2 * (day == "sunday"),
            )
            for month in range(1, 13)
            for day in ("weekday", "saturday", "sunday")
            for hour in range(24)
        ],
        columns=["profile", "month", "day_type", "hour_local", "value"],
    )
    places = pd.DataFrame(
        {"gm_code": ["GM0001"], "role": ["study"], "area_km2": [1.0], "lat": [52.9], "lon": [6.6]}
    )
    fit = pd.DataFrame({"wind_speed_m_per_s": [0.0, 4.0, 12.0], "capacity_factor": [0.0, 0.4, 1.0]})
    return FakeTables(
        root,
        {"regions/municipalities": places, "profiles/typical_days": typical, "profiles/offshore_fit": fit},
    )


@pytest.fixture
def scenario():
    def make(annual_energy="weather_year"):
        return SimpleNamespace(
            profiles=SimpleNamespace(
                solar_roof=((35, 180, 0.5), (35, 90, 0.25), (35, 270, 0.25)),
                solar_field=((20, 180, 1.0),),
                system_loss=0.14,
                inverter_limit_existing_field=0.85,
                inverter_limit_new_field=0.5,
                roof_simultaneity=0.68,
                wind_hub_height_m=130.0,
                wind_shear_exponent=0.2,
                wind_turbine="N131/3600",
                heat_threshold_c=15.0,
                heat_night_setback=0.3,
            ),
            weather=SimpleNamespace(
                station="testplace", reference_years=(COLD, MILD, NORMAL), annual_energy=annual_energy
            ),
            grid=SimpleNamespace(summer_months=(4, 5, 6, 7, 8, 9)),
        )

    return make
