from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import InputError
from pmiek.optimise.national import build_case, solve_national

HOURS = 48
FLEET = """
technology  year_from role  fuel  efficiency other availability duration_h park
solar_field  2025  variable  -  -  0.1  -  -  -
wind_offshore_hybrid  2025  variable  -  -  0.3  0.96  -  -
waste_plant  2025  must_run  -  -  0  -  -  -
coal_plant  2025  plant  coal  0.4  4  0.9  -  -
coal_plant  2030  plant  biomass  0.4  5  0.9  -  -
battery_system  2025  storage  -  0.9  1  -  4  -
electrolyser_offshore  2025  electrolyser  hydrogen 0.7  1  1  -  wind_offshore_hybrid
boiler  2025  power_to_heat coal  1.1  2  -  -  -
"""
ASSUMPTIONS = {
    "co2_price_2025_eur_per_t": 100.0,
    "co2_price_2030_eur_per_t": 120.0,
    "hydrogen_price_2025_eur_per_mwh": 150.0,
    "hydrogen_price_2030_eur_per_mwh": 100.0,
    "market_price_cap_eur_per_mwh": 4000.0,
    "export_weather_correlation": 0.5,
    "reserve_capacity_2025_gw": 0.0,
    "reserve_capacity_2030_gw": 1.0,
    "reserve_price_eur_per_mwh": 400.0,
}


class FakeTables(dict):
    def assumption(self, name):
        return ASSUMPTIONS[name]


def fleet():
    header, *rows = (line.split() for line in FLEET.strip().splitlines())
    frame = (
        pd.DataFrame(rows, columns=header)
        .replace("-", np.nan)
        .rename(columns={"other": "other_cost_eur_per_mwh"})
    )
    for name in ("year_from", "efficiency", "other_cost_eur_per_mwh", "availability", "duration_h"):
        frame[name] = pd.to_numeric(frame[name])
    return frame


@pytest.fixture
def tables():
    supply = [
        (year, name, volume, capacity)
        for year in (2025, 2030)
        for name, volume, capacity in [
            ("solar_field", 24000.0, 1000.0 if year == 2025 else 3000.0),
            ("wind_offshore_hybrid", 48000.0, 2000.0),
            ("waste_plant", 4800.0, 100.0),
            ("coal_plant", 1.0, 2000.0),
            ("battery_system", np.nan, 500.0),
            ("electrolyser_offshore", np.nan, 800.0),
            ("boiler", np.nan, 100.0),
        ]
    ]
    national = pd.DataFrame(supply, columns=["year", "technology", "volume_mwh", "capacity_mw"])
    demand = pd.DataFrame({"year": [2025, 2030], "sector": "households", "volume_mwh": [96000.0, 96000.0]})
    keys = {"storyline": "k", "carrier": "electricity"}
    sectors = [
        ("demand", "households", "flat"),
        ("supply", "waste_plant", "flat"),
        ("supply", "solar_field", "solar_field_existing"),
        ("supply", "wind_offshore_hybrid", "flat"),
    ]
    trade = pd.DataFrame(
        {
            "direction": ["import", "export"],
            "block": ["1", "1"],
            "capacity_gw": 2.0,
            "price_eur_per_mwh": [70.0, 20.0],
        }
    )
    return FakeTables(
        {
            "supply/national": national.assign(**keys),
            "demand/national": demand.assign(**keys),
            "supply/fleet": fleet(),
            "supply/trade": pd.concat([trade.assign(year=2025), trade.assign(year=2030)]),
            "profiles/sectors": pd.DataFrame(sectors, columns=["kind", "sector", "profile"]).assign(
                carrier="electricity"
            ),
            "costs/carriers": pd.DataFrame(
                {
                    "carrier": ["coal", "biomass"],
                    "price_eur_per_mwh": [20.0, 30.0],
                    "co2_t_per_mwh": [0.3, np.nan],
                }
            ),
            "assumptions": pd.DataFrame({"assumption_id": list(ASSUMPTIONS)}),
        }
    )


@pytest.fixture
def profiles():
    day = np.tile(np.r_[np.zeros(12), np.ones(12)], HOURS // 24)
    return pd.DataFrame({"flat": np.full(HOURS, 1 / HOURS), "solar_field_gross": day / day.sum()})


SCENARIO = SimpleNamespace(
    storyline="k",
    years=SimpleNamespace(base=2025),
    profiles=SimpleNamespace(inverter_limit_existing_field=0.85, inverter_limit_new_field=0.5),
)


def by_name(case):
    return {u.technology: u for u in case.units}


def test_costs_follow_fuel_co2_and_year(tables, profiles):
    coal, biomass = (
        by_name(build_case(tables, SCENARIO, profiles, y, 2012))["coal_plant"] for y in (2025, 2030)
    )
    assert coal.cost_eur_per_mwh == pytest.approx((20 + 0.3 * 100) / 0.4 + 4)
    assert biomass.cost_eur_per_mwh == pytest.approx(30 / 0.4 + 5)
    assert (coal.co2_t_per_mwh, biomass.co2_t_per_mwh) == (pytest.approx(0.3 / 0.4), 0.0)
    assert (coal.capacity_gw, coal.installed_gw) == pytest.approx((1.8, 2.0))


def test_consumers_pay_what_their_product_is_worth(tables, profiles):
    units = by_name(build_case(tables, SCENARIO, profiles, 2030, 2012))
    assert units["electrolyser_offshore"].cost_eur_per_mwh == pytest.approx(1 - 0.7 * 100)
    assert units["boiler"].cost_eur_per_mwh == pytest.approx(2 - 1.1 * (20 + 0.3 * 120))
    assert (units["import_1"].cost_eur_per_mwh, units["export_1"].cost_eur_per_mwh) == (70.0, -20.0)


def test_connections_of_parks(tables, profiles):
    parks = {p.name: p for p in build_case(tables, SCENARIO, profiles, 2030, 2012).parks}
    assert parks["solar_field"].connection_gw == pytest.approx(1.0 * 0.85 + 2.0 * 0.5)
    assert parks["wind_offshore_hybrid"].connection_gw == pytest.approx(2.0 - 0.8)
    assert parks["solar_field"].available_gw.sum() == pytest.approx(24.0)


def test_must_run_lowers_the_load_and_export_room_shrinks_with_sun_and_wind(tables, profiles):
    case = build_case(tables, SCENARIO, profiles, 2025, 2012)
    assert case.demand_gw == pytest.approx(np.full(HOURS, 2.0))
    assert case.load_gw == pytest.approx(np.full(HOURS, 1.9))
    room = by_name(case)["export_1"].hourly_share
    assert room.min() == pytest.approx(0.5)
    assert room[0] == pytest.approx(1 - 0.5 * 0.5)


def test_the_result_has_a_row_per_year_and_hour_and_a_column_per_flexible_technology(tables, profiles):
    result = solve_national(tables, SCENARIO, profiles, [2025, 2030], 2012)
    assert result[["year", "hour"]].drop_duplicates().shape == (2 * HOURS, 2)
    assert {"unit_coal_plant", "unit_battery_system", "unit_electrolyser_offshore", "unit_boiler"} <= set(
        result
    )
    assert not {"unit_solar_field", "unit_waste_plant"} & set(result)
    assert not result.isna().to_numpy().any()
    assert result["price_electricity_eur_per_mwh"].between(-1, 100).all()


def test_a_technology_without_a_role_is_an_input_error(tables, profiles):
    tables["supply/fleet"] = fleet()[fleet()["technology"] != "boiler"]
    with pytest.raises(InputError, match="a row for boiler"):
        build_case(tables, SCENARIO, profiles, 2025, 2012)


def test_a_year_without_rows_is_an_input_error(tables, profiles):
    with pytest.raises(InputError, match="electricity rows of k in 2041"):
        build_case(tables, SCENARIO, profiles, 2041, 2012)


def test_a_missing_price_is_an_input_error(tables, profiles):
    tables["costs/carriers"] = tables["costs/carriers"][tables["costs/carriers"]["carrier"] != "coal"]
    with pytest.raises(InputError, match="a price of coal in 2025"):
        build_case(tables, SCENARIO, profiles, 2025, 2012)
