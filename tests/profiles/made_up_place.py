"""A made-up place with three weather years: mild, cold and mild again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

ASSUMPTIONS = {
    "solar_temperature_coefficient_per_k": -0.0035,
    "solar_ground_albedo": 0.2,
    "solar_spread_neighbour_hours": 0.3,
    "wind_wake_speed_deficit": 0.05,
    "wind_unavailability": 0.04,
    "wind_park_spread_m_per_s": 1.2,
    "wind_existing_hub_height_m": 52.0,
    "wind_spread_neighbour_hours": 0.5,
    "wind_offshore_window_hours": 21.0,
    "heat_inertia_hours_homes": 36.0,
    "heat_inertia_hours_buildings": 24.0,
    "heat_solar_gain_k_per_w_per_m2": 0.008,
    "heat_threshold_buildings_c": 14.0,
    "hot_water_k_homes": 2.0,
    "hot_water_k_buildings": 1.5,
    "heat_morning_boost": 0.35,
    "heat_pump_setback_share": 0.25,
    "heat_pump_ground_share_homes": 0.2,
    "heat_pump_ground_share_buildings": 0.6,
    "heat_pump_bivalent_c": -8.0,
    "heat_pump_sink_slope": 0.6,
    "heat_pump_sink_at_zero_c": 36.0,
    "heat_pump_water_sink_c": 52.0,
    "heat_pump_ground_c": 9.0,
    "heat_pump_field_factor": 0.85,
    "heat_pump_cop_floor": 1.4,
    "heat_pump_cop_ceiling": 5.5,
    "hybrid_switch_off_c": -8.0,
    "hybrid_switch_full_c": 0.0,
    "hybrid_bivalent_c": -1.0,
    "heat_network_base_c": 8.0,
    "chp_agriculture_first_month": 10,
    "chp_agriculture_last_month": 4,
    "chp_agriculture_first_hour": 6,
    "chp_agriculture_last_hour": 21,
}
MILD, COLD, NORMAL = 2014, 2012, 2017


@dataclass
class FakeTables:
    root: Path
    frames: dict = field(default_factory=dict)

    def __getitem__(self, name):
        return self.frames[name]

    def assumption(self, name):
        return ASSUMPTIONS[name]


def write_weather(root, year, mean_c, station="testplace", seed=None):
    hours = np.arange(8760)
    day = hours / 24.0
    rng = np.random.default_rng(year if seed is None else seed)
    season = -np.cos(2 * np.pi * (day - 20) / 365)
    sun = np.clip(np.sin(2 * np.pi * (hours % 24 - 5.5) / 24), 0, None) * (0.5 + 0.4 * season) * 800
    frame = pd.DataFrame(
        {
            "hour": hours,
            "temperature_c": mean_c + 9 * season + 3 * np.sin(2 * np.pi * (hours % 24 - 9) / 24),
            "ghi_w_per_m2": sun,
            "dni_w_per_m2": 0.6 * sun,
            "dhi_w_per_m2": 0.5 * sun,
            "wind_speed_10m_m_per_s": np.round(rng.weibull(2.0, 8760) * 4.7),
        }
    ).astype({"hour": int})
    (root / "weather" / station).mkdir(parents=True, exist_ok=True)
    frame.to_parquet(root / "weather" / station / f"{year}.parquet")
