from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import SolveError
from pmiek.optimise.national import Case, Park, Storage, Unit, co2_t_per_mwh, market_years, solve_case
from pmiek.optimise.national.window import Window

PLANTS = (Unit("cheap", 1.0, 2.0, 20.0, 2.0), Unit("dear", 1.0, 2.0, 80.0, 2.0))


def case(load, *, parks=(), units=PLANTS, storages=()):
    load = np.asarray(load, dtype=float)
    return Case("a toy", load, load, tuple(parks), tuple(units), tuple(storages), 3000.0, 100.0)


def park(available, *, name="field", connection=9.0, cost=0.0, family="solar"):
    return Park(name, family, np.asarray(available, dtype=float), connection, cost)


def test_price_is_the_cost_of_the_last_plant_or_the_price_cap():
    result = solve_case(case([1.0, 3.0, 5.0, 0.5]))
    assert result["price_electricity_eur_per_mwh"].tolist() == pytest.approx([20.0, 80.0, 3000.0, 20.0])
    assert result["unserved_mw"].tolist() == pytest.approx([0.0, 0.0, 1000.0, 0.0])
    assert result["unit_dear"].tolist() == pytest.approx([0.0, -0.5, -1.0, 0.0])
    assert result["price_hydrogen_eur_per_mwh"].tolist() == [100.0] * 4


def test_storage_moves_energy_from_the_cheap_hour_and_pays_its_losses():
    battery = Storage("battery", 1.0, 4.0, 0.81, 0.0)
    result = solve_case(case([1.0, 3.0], storages=[battery]))
    # 1 GW charged, 0.81 GW discharged: the dear plant gives 3 - 2 - 0.81 = 0.19 of 2 GW
    assert result["unit_battery"].tolist() == pytest.approx([1.0, -0.81])
    assert result["unit_dear"].tolist() == pytest.approx([0.0, -0.095])


def test_storage_stays_idle_when_losses_eat_the_price_difference():
    battery = Storage("battery", 1.0, 4.0, 0.2, 0.0)
    result = solve_case(case([1.0, 3.0], storages=[battery]))
    assert result["unit_battery"].abs().max() == pytest.approx(0.0)


def test_electrolyser_runs_below_its_willingness_to_pay_only():
    # hydrogen at 100, efficiency 0.7, cost 1: 69 per MWh of electricity
    electrolyser = Unit("electrolyser", -1.0, 0.5, 1.0 - 70.0, 0.5)
    result = solve_case(case([1.0, 3.0], units=[*PLANTS, electrolyser]))
    assert result["unit_electrolyser"].tolist() == pytest.approx([1.0, 0.0])


def test_surplus_sun_is_curtailed_and_the_cheapest_is_curtailed_first():
    parks = [park([2.0, 0.0], name="roof", cost=0.5), park([2.0, 0.0], cost=0.1)]
    result = solve_case(case([3.0, 1.0], parks=parks))
    assert result["curtailed_share_solar"].tolist() == pytest.approx([0.25, 0.0])
    assert result["price_electricity_eur_per_mwh"].tolist() == pytest.approx([-0.1, 20.0])
    assert result["residual_load_mw"].tolist() == pytest.approx([-1000.0, 1000.0])


def test_a_battery_behind_a_park_stores_what_the_connection_cannot_carry():
    field = park([3.0, 0.0], connection=1.0)
    battery = Storage("battery_solar", 2.0, 8.0, 1.0, 0.0, park="field")
    result = solve_case(case([1.0, 3.0], parks=[field], storages=[battery]))
    # the connection carries 1 GW in both hours; 1 GW is stored for the second hour, 1 GW is lost
    assert result["unit_battery_solar"].tolist() == pytest.approx([0.5, -0.5])
    assert result["curtailed_share_solar"].tolist() == pytest.approx([1 / 3, 0.0])


def test_a_park_battery_cannot_charge_from_the_grid():
    battery = Storage("battery_solar", 2.0, 8.0, 1.0, 0.0, park="field")
    result = solve_case(case([1.0, 3.0], parks=[park([0.0, 0.0])], storages=[battery]))
    assert result["unit_battery_solar"].abs().max() == pytest.approx(0.0)


def test_export_room_follows_its_hourly_share():
    export = Unit("export", -1.0, 2.0, -30.0, 2.0, hourly_share=np.array([1.0, 0.25]))
    result = solve_case(case([0.0, 0.0], units=[PLANTS[0], export]))
    assert result["unit_export"].tolist() == pytest.approx([1.0, 0.25])


def random_case(hours=24 * 10, seed=3):
    rng = np.random.default_rng(seed)
    load = 3.0 + np.sin(np.arange(hours) * 2 * np.pi / 24) + 0.3 * rng.random(hours)
    sun = np.clip(np.sin((np.arange(hours) % 24 - 6) * 2 * np.pi / 24), 0, None) * 4 * rng.random(hours)
    wind = 2 * rng.random(hours)
    return case(
        load,
        parks=[park(sun, connection=2.0, cost=0.1), park(wind, name="sea", cost=0.3, family="wind")],
        units=[
            *PLANTS,
            Unit("at_sea", -1.0, 0.5, -50.0, 0.5, park="sea"),
            Unit("boiler", -1.0, 0.5, -40.0, 0.5),
        ],
        storages=[
            Storage("battery", 0.5, 2.0, 0.9, 1.0),
            Storage("battery_solar", 0.5, 2.0, 0.9, 0.8, "field"),
        ],
    )


def test_supply_and_demand_balance_in_every_hour_and_storage_ends_as_it_began():
    toy = random_case()
    window = Window(toy, len(toy.load_gw))
    found = window.solve(0)
    signs = np.array([1.0, 1.0, 0.0, -1.0, 1.0])
    supply = found.feed_in_gw.sum(axis=1) + found.unit_gw @ signs
    supply += found.discharge_gw[:, 0] - found.charge_gw[:, 0]
    assert supply == pytest.approx(toy.load_gw, abs=1e-6)
    one_way = np.sqrt(0.9)
    change = one_way * found.charge_gw - found.discharge_gw / one_way
    assert change.sum(axis=0) == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.level_gwh - np.roll(found.level_gwh, 1, axis=0) == pytest.approx(change, abs=1e-6)


def test_prices_support_the_dispatch():
    """Strong duality: a plant that runs below its capacity sets a price equal to its cost."""
    toy = random_case()
    result = solve_case(toy, hours_per_window=120)
    partly = (result["unit_dear"] < -1e-6) & (result["unit_dear"] > -1 + 1e-6)
    assert partly.sum() > 10
    assert result.loc[partly, "price_electricity_eur_per_mwh"].to_numpy() == pytest.approx(80.0)


def test_the_same_case_gives_the_same_bytes():
    first, second = (solve_case(random_case(), hours_per_window=48) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_windows_with_a_warm_start_cost_what_cold_ones_cost():
    toy = random_case()
    warm = Window(toy, 48)
    costs = [warm.solve(first).objective_keur for first in range(0, 240, 48)]
    cold = [Window(toy, 48).solve(first).objective_keur for first in range(0, 240, 48)]
    assert costs == pytest.approx(cold)


def test_the_last_window_takes_the_hours_that_remain():
    result = solve_case(random_case(hours=24 * 7 + 30), hours_per_window=48)
    assert result["hour"].tolist() == list(range(24 * 7 + 30))


def test_must_run_above_demand_is_refused_with_the_week_and_the_figures():
    toy = case(np.r_[np.full(168, 1.0), np.full(168, -4.0)])
    with pytest.raises(SolveError, match="infeasible") as caught:
        solve_case(toy)
    assert "week 2: must-run exceeds demand by up to 4.00 GW" in str(caught.value)


def test_an_empty_hour_is_named():
    broken = replace(case([1.0, 2.0]), load_gw=np.array([1.0, np.nan]))
    with pytest.raises(SolveError, match="demand less must-run holds empty or infinite hours"):
        solve_case(broken)


def test_a_year_of_the_market_in_one_row():
    # hour 0 a plant at 20, hour 1 scarcity of 1 GW at the cap, hour 2 a third of the sun is not used
    result = solve_case(case([1.0, 5.0, 1.0], parks=[park([0.0, 0.0, 1.5])])).assign(year=2035)
    row = market_years(result, "s", 2012).iloc[0]
    assert row[["storyline", "year", "weather_year"]].tolist() == ["s", 2035, 2012]
    assert row["price_mean_eur_per_mwh"] == pytest.approx((20 + 3000 + 0) / 3)
    assert row[["hours_low_price", "hours_unserved", "hours_solar_curtailed"]].tolist() == [1, 1, 1]
    assert row["unserved_mwh"] == pytest.approx(1000)
    assert row["residual_load_lowest_mw"] == pytest.approx(-500)


def test_co2_is_that_of_plants_over_all_generation_at_home():
    # gas at 0.35 t serves 2 of 4 GW, the sun 1, import the last one: 0.7 kt over 3 GWh
    gas = Unit("gas_plant", 1.0, 2.0, 50.0, 2.0, co2_t_per_mwh=0.35)
    abroad = Unit("import_1", 1.0, 3.0, 70.0, 3.0)
    result = solve_case(case([4.0, 2.0], parks=[park([1.0, 2.0])], units=[gas, abroad])).assign(year=2035)
    assert result["generation_mw"].tolist() == pytest.approx([3000, 2000])
    assert result["emission_t"].tolist() == pytest.approx([700, 0])
    assert co2_t_per_mwh(result).to_dict() == pytest.approx({2035: 700 / 5000})
