"""Everything that profiles need besides the weather, gathered once from scenario and tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pmiek.timeseries.heat import Building, HeatPump
from pmiek.timeseries.wind import WindPark

Planes = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class SolarSettings:
    """Planes, losses and limits of solar parks and roofs (shares of nameplate; angles in degrees)."""

    roof_planes: Planes
    field_planes: Planes
    loss: float
    limit_roof: float
    limit_existing_field: float
    limit_new_field: float
    temperature_coefficient_per_k: float
    albedo: float
    neighbour_hours: float


@dataclass(frozen=True)
class HeatSettings:
    """Buildings, heat pumps and daily patterns."""

    homes: Building
    buildings: Building
    pump_homes: HeatPump
    pump_buildings: HeatPump
    setback: float
    boost: float
    pump_setback: float
    hybrid_off_c: float
    hybrid_full_c: float
    hybrid_bivalent_c: float
    network_base_c: float


@dataclass(frozen=True)
class Settings:
    """All settings of the profiles of one scenario and one region.

    Attributes
    ----------
    latitude, longitude : float
        Mean of the study municipalities, weighted by area.
    solar, heat, wind_new, wind_existing
        Settings per theme.
    offshore_fit : DataFrame
        Map from wind on land to offshore output.
    offshore_window_hours : int
        Moving mean before that map.
    wind_neighbour_hours : float
        Weight of the hours before and after in the joint output of onshore parks.
    typical_days : DataFrame
        Shapes that the weather does not give.
    chp_months, chp_hours : tuple of int
        First and last month (over the turn of the year) and first and last local hour of agricultural CHP.
    """

    latitude: float
    longitude: float
    solar: SolarSettings
    heat: HeatSettings
    wind_new: WindPark
    wind_existing: WindPark
    offshore_fit: pd.DataFrame
    offshore_window_hours: int
    wind_neighbour_hours: float
    typical_days: pd.DataFrame
    chp_months: tuple[int, int]
    chp_hours: tuple[int, int]


def read_settings(tables: Any, scenario: Any) -> Settings:
    """Gather the settings of the profiles.

    Parameters
    ----------
    tables : Tables
        Needs regions/municipalities, profiles/typical_days, profiles/offshore_fit and the assumptions.
    scenario : Scenario
        Its ``profiles`` part.
    """
    places = tables["regions/municipalities"]
    places = places[places["role"] == "study"]
    area = places["area_km2"] / places["area_km2"].sum()
    value, chosen = tables.assumption, scenario.profiles

    def park(hub_height_m: float) -> WindPark:
        return WindPark(
            chosen.wind_turbine,
            hub_height_m,
            chosen.wind_shear_exponent,
            value("wind_wake_speed_deficit"),
            value("wind_unavailability"),
            value("wind_park_spread_m_per_s"),
        )

    return Settings(
        latitude=float((places["lat"] * area).sum()),
        longitude=float((places["lon"] * area).sum()),
        solar=_solar(value, chosen),
        heat=_heat(value, chosen),
        wind_new=park(chosen.wind_hub_height_m),
        wind_existing=park(value("wind_existing_hub_height_m")),
        offshore_fit=tables["profiles/offshore_fit"],
        offshore_window_hours=int(value("wind_offshore_window_hours")),
        wind_neighbour_hours=value("wind_spread_neighbour_hours"),
        typical_days=tables["profiles/typical_days"],
        chp_months=(int(value("chp_agriculture_first_month")), int(value("chp_agriculture_last_month"))),
        chp_hours=(int(value("chp_agriculture_first_hour")), int(value("chp_agriculture_last_hour"))),
    )


def _planes(chosen: Any) -> Planes:
    rows = getattr(chosen, "orientations", chosen)
    return tuple(_plane(row) for row in rows)


def _plane(row: Any) -> tuple[float, float, float]:
    if hasattr(row, "tilt_deg"):
        return float(row.tilt_deg), float(row.azimuth_deg), float(row.share)
    tilt, azimuth, share = row
    return float(tilt), float(azimuth), float(share)


def _solar(value: Any, chosen: Any) -> SolarSettings:
    return SolarSettings(
        roof_planes=_planes(chosen.solar_roof),
        field_planes=_planes(chosen.solar_field),
        loss=chosen.system_loss,
        limit_roof=chosen.roof_simultaneity,
        limit_existing_field=chosen.inverter_limit_existing_field,
        limit_new_field=chosen.inverter_limit_new_field,
        temperature_coefficient_per_k=value("solar_temperature_coefficient_per_k"),
        albedo=value("solar_ground_albedo"),
        neighbour_hours=value("solar_spread_neighbour_hours"),
    )


def _heat(value: Any, chosen: Any) -> HeatSettings:
    gain = value("heat_solar_gain_k_per_w_per_m2")
    pump = HeatPump(
        ground_share=value("heat_pump_ground_share_homes"),
        bivalent_c=value("heat_pump_bivalent_c"),
        space_sink_slope=value("heat_pump_sink_slope"),
        space_sink_at_zero_c=value("heat_pump_sink_at_zero_c"),
        water_sink_c=value("heat_pump_water_sink_c"),
        ground_c=value("heat_pump_ground_c"),
        field_factor=value("heat_pump_field_factor"),
        cop_floor=value("heat_pump_cop_floor"),
        cop_ceiling=value("heat_pump_cop_ceiling"),
    )
    return HeatSettings(
        homes=Building(
            chosen.heat_threshold_c, value("heat_inertia_hours_homes"), gain, value("hot_water_k_homes")
        ),
        buildings=Building(
            value("heat_threshold_buildings_c"),
            value("heat_inertia_hours_buildings"),
            gain,
            value("hot_water_k_buildings"),
        ),
        pump_homes=pump,
        pump_buildings=replace(pump, ground_share=value("heat_pump_ground_share_buildings")),
        setback=chosen.heat_night_setback,
        boost=value("heat_morning_boost"),
        pump_setback=value("heat_pump_setback_share"),
        hybrid_off_c=value("hybrid_switch_off_c"),
        hybrid_full_c=value("hybrid_switch_full_c"),
        hybrid_bivalent_c=value("hybrid_bivalent_c"),
        network_base_c=value("heat_network_base_c"),
    )
