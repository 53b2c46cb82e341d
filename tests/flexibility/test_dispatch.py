"""Measures one by one, with answers that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from one_station import COSTS, battery, series, year
from pmiek.errors import SolveError
from pmiek.optimise.flexibility.dispatch import dispatch_year
from pmiek.optimise.flexibility.parts import Lever, Limit, StationBlock
from pmiek.optimise.flexibility.program import Start, solve_window
from pmiek.optimise.flexibility.station import station_block
from pmiek.optimise.flexibility.weeks import day_of_hour, per_week, week_starts

WEEK = 171
TWO_WEEKS = 171 + 168


def residual(case, done) -> float:
    return float(sum(part.sum() for part in case.limits.excess(done.load)))


def test_weeks_cover_the_year_and_begin_in_the_night():
    starts = week_starts(8760)
    assert (starts[0], starts[1], starts[-1], len(starts)) == (0, 171, 8760, 53)
    assert {start % 24 for start in starts[1:-1]} == {3}
    day, first = day_of_hour(60)
    assert first.tolist() == [0, 3, 27, 51]
    assert day[[2, 3, 26, 27]].tolist() == [0, 1, 1, 2]
    assert per_week(np.eye(1, 400, 200, dtype=bool), week_starts(400)).tolist() == [[False, True]]


def test_battery_shaves_a_rectangular_peak_as_far_as_its_energy_goes():
    # 10 MW too much for 4 h is 40 MWh; 8 MW take 32 of it; half full holds 20, so it fills first
    demand = series(WEEK, 20, h60_63=50)
    done = dispatch_year(year(demand, take_off=40, stores=(battery(8, 40),)), None)
    assert done.load.net_mw[0, 60:64].sum() == pytest.approx(200 - 32)
    assert done.load.net_mw.max() == pytest.approx(42.0)
    small = dispatch_year(year(demand, take_off=40, stores=(battery(10, 24),)), None)
    assert small.load.net_mw[0, 60:64].sum() == pytest.approx(200 - 24)  # all it can hold


def test_battery_loses_energy_on_the_way_and_recharges_within_the_limit():
    demand = series(WEEK, 20, h60_61=50)
    done = dispatch_year(year(demand, take_off=40, stores=(battery(10, 24, efficiency=0.9),)), None)
    # 12 MWh in store give 10.8; 20 are asked, so at least (20 / 0.9 - 12) / 0.9 MWh must be charged before
    assert done.load.net_mw.max() <= 40 + 1e-6
    charged = np.maximum(done.load.net_mw[0, :60] - 20, 0).sum()
    assert charged == pytest.approx((20 / 0.9 - 12) / 0.9, abs=1e-6)


def test_storage_ends_where_it_began_and_settling_counts():
    demand = series(TWO_WEEKS, 20, h165_166=50)
    case = year(demand, take_off=40, stores=(battery(10, 40),))
    done = dispatch_year(case, None)
    # 20 MWh out, and 20 MWh back in: within the week or settled after it
    assert residual(case, done) == pytest.approx(0.0, abs=1e-6)
    assert done.week_energy_mwh()["battery_system"].sum() == pytest.approx(20.0)


def test_level_goes_along_to_the_next_week_of_a_run():
    # the first week empties the battery in its last hours, the second asks in its first: nothing left to give
    demand = series(TWO_WEEKS, 40, h169_170=50, h171_172=50)
    case = year(demand, take_off=40, stores=(battery(10, 40),))
    done = dispatch_year(case, None)
    assert residual(case, done) == pytest.approx(40 - 20, abs=1e-6)
    whole = dispatch_year(case, None, starts=(0, TWO_WEEKS))
    assert residual(case, whole) == pytest.approx(20, abs=1e-6)


def test_curtailment_removes_exactly_the_excess():
    generation = series(WEEK, 30, h12_15=57, h36=70)
    case = year(series(WEEK, 10), generation=generation, feed_in=40)
    done = dispatch_year(case, None)
    assert done.week_energy_mwh()["curtailment"].sum() == pytest.approx(4 * 7 + 20)
    assert -done.load.net_mw.min() == pytest.approx(40.0)
    assert residual(case, done) == pytest.approx(0.0, abs=1e-6)


def test_curtailment_does_not_help_after_a_fault_that_switches_it_off():
    generation = series(WEEK, 0, h12=50)
    case = year(series(WEEK), generation=generation, switchable=0.4, after_trip=20, hydrogen_mw=4)
    done = dispatch_year(case, None)
    assert "curtailment" not in {name for name, mw in done.energy_mwh_of().items() if mw > 0}
    assert residual(case, done) == pytest.approx(30 - 20 - 4)


def test_cheapest_measure_goes_first():
    generation = series(WEEK, 0, h12=50)
    case = year(series(WEEK), generation=generation, feed_in=30, heat_mw=5, hydrogen_mw=6)
    energy = dispatch_year(case, None).energy_mwh_of()
    assert energy["power_to_heat"] == pytest.approx(5)
    assert energy["electrolyser"] == pytest.approx(6)
    assert energy["curtailment"] == pytest.approx(9)


def test_park_battery_takes_no_more_than_its_park_gives():
    generation = series(WEEK, 0, h12=50)
    costly = year(
        series(WEEK), generation=generation, switchable=0.2, feed_in=20, stores=(battery(40, 200, park=True),)
    )
    done = dispatch_year(costly, None)
    # the park gives 10 MW: curtailed or stored, not both
    assert -done.load.net_mw[0, 12] == pytest.approx(40.0)


def test_smart_charging_moves_within_its_day_and_loses_nothing():
    demand = series(WEEK, 30, h66_69=50)
    charging = series(WEEK, 2, h66_69=8)
    case = year(demand, take_off=45, charging_mw=charging, charging_up_mw=8.0)
    done = dispatch_year(case, None)
    moved = done.load.demand_mw[0] - demand
    day, _ = day_of_hour(WEEK)
    assert np.bincount(day, weights=moved) == pytest.approx(np.zeros(day[-1] + 1), abs=1e-6)
    assert done.load.net_mw.max() == pytest.approx(45.0)
    assert -moved[66:70] == pytest.approx([5.0] * 4)
    assert (moved >= -charging - 1e-9).all()
    assert done.energy_mwh_of()["smart_charging"] == pytest.approx(20.0)


def test_heat_pumps_move_no_more_than_the_building_holds():
    demand = series(WEEK, 30, h66_69=50)
    case = year(demand, take_off=40, heat_pump_mw=4.0, heat_pump_up_mw=4.0, heat_pump_level_mwh=6.0)
    done = dispatch_year(case, None)
    moved = done.load.demand_mw[0] - demand
    # 6 MWh ahead and 6 MWh missed afterwards, of the 4 x 4 that pumps use in those hours
    assert -moved[66:70].sum() == pytest.approx(12.0)
    assert moved.sum() == pytest.approx(0.0, abs=1e-6)
    assert np.abs(np.cumsum(moved)).max() <= 6 + 1e-6


def test_week_without_exceedance_is_not_solved():
    calm = dispatch_year(year(series(TWO_WEEKS, 20), take_off=40, stores=(battery(5, 20),)), None)
    assert (calm.solves, calm.energy_mw) == (0, {})
    once = dispatch_year(year(series(TWO_WEEKS, 20, h200=45), take_off=40, response_mw=9.0), None)
    assert (once.solves, once.station_weeks) == (1, 1)
    assert once.energy_mwh_of()["demand_response"] == pytest.approx(5.0)


@pytest.mark.parametrize("size", [0.0, 5.0, 20.0])
def test_more_flexibility_never_leaves_more(size):
    rng = np.random.default_rng(7)
    demand, sun = 30 + 15 * rng.random(WEEK), 60 * rng.random(WEEK)
    limits = {"take_off": 25, "feed_in": 20, "after_trip": 5, "generation": sun, "switchable": 0.5}

    def left(**more) -> float:
        case = year(demand, **limits, **more)
        return residual(case, dispatch_year(case, None))

    before = left(stores=(battery(size, 4 * size),), response_mw=size / 10) if size else left()
    more = size + 6
    assert left(stores=(battery(more, 4 * more),), response_mw=more / 10) <= before + 1e-6


def test_no_hour_gets_worse():
    rng = np.random.default_rng(11)
    case = year(
        20 + 30 * rng.random(WEEK),
        take_off=30,
        stores=(battery(20, 80, efficiency=0.95),),
        charging_mw=3.0,
        charging_up_mw=9.0,
    )
    done = dispatch_year(case, None)
    before, after = case.limits.excess(case.load), case.limits.excess(done.load)
    assert all((new <= old + 1e-6).all() for old, new in zip(before, after, strict=True))


def test_cost_is_energy_times_price():
    demand = series(WEEK, 20, h60_63=50)
    case = year(demand, take_off=40, response_mw=4.0, stores=(battery(6, 48),))
    energy = dispatch_year(case, None).energy_mwh_of()
    # the battery (80) gives what it can, the contract (150) the rest
    assert energy["battery_system"] == pytest.approx(24.0)
    assert energy["demand_response"] == pytest.approx(16.0)
    assert sum(COSTS[name] * mwh for name, mwh in energy.items()) == pytest.approx(24 * 80 + 16 * 150)


def test_anything_but_optimal_stops_with_the_window_named():
    limits = (Limit(1, np.array([-1.0])),)
    fine = StationBlock(0, (Lever("demand_response", np.array([3.0]), 150.0, -1),), limits=limits)
    endless = StationBlock(0, (Lever("demand_response", np.array([np.inf]), -1.0, -1),), limits=limits)
    assert solve_window([fine], None, 0, 1000.0, "A").blocks[0].power_mw["demand_response"] == [1.0]
    with pytest.raises(SolveError, match="A in the week from hour 0") as error:
        solve_window([endless], None, 0, 1000.0, "A in the week from hour 0")
    assert "potential is not a number" in error.value.diagnosis[0]


def test_a_known_start_finds_the_same_cost():
    demand = series(WEEK, 20, h60_63=50, h100_101=45)
    start, found = Start(), {}
    for limit in (40.0, 38.0):  # the second problem has more rows than the basis of the first knows
        case = year(demand, take_off=limit, stores=(battery(8, 20),), response_mw=6.0)
        block = station_block(case, 0, slice(0, WEEK), None, {})
        cold = solve_window([block], None, 0, 1000.0, "cold")
        warm = solve_window([block], None, 0, 1000.0, "warm", start)
        assert warm.objective_keur == pytest.approx(cold.objective_keur)
        assert warm.residual_mwh == pytest.approx(cold.residual_mwh)
        found[limit] = warm.objective_keur
    assert found[38.0] > found[40.0] > 0
