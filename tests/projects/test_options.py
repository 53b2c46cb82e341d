"""Options: size, cost and what they solve, against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest
import small_projects as world
from pmiek.decide.projects.costs import CostBook
from pmiek.decide.projects.shape import battery_share, event_hours, shape_exponent, share_below
from test_candidates import make


@pytest.fixture(scope="module")
def options():
    return make().options.set_index(["project_id", "option"])


def test_a_full_plot_gets_no_extra_transformer(options):
    assert ("be-electricity-station", "extra_transformer") not in options.index
    assert ("be-electricity-station", "new_station") in options.index


def test_a_new_station_costs_its_annuity_and_upkeep(options):
    row = options.loc[("be-electricity-station", "new_station")]
    annuity = 0.03 / (1 - 1.03**-40)
    assert row["size_mw"] == 270
    assert row["annual_cost_meur"] == pytest.approx(80 * (annuity + 0.01))
    assert (row["cost_meur_low"], row["cost_meur_high"]) == (55, 130)
    assert row["solves_pct"] == pytest.approx(100)


def test_a_larger_unit_beside_small_ones_adds_less_than_its_size():
    tables = world.tables()
    stations = tables["grid/stations"]
    tables["grid/stations"] = stations.assign(extendable="yes", max_units=4)
    options = make(tables=tables).options.set_index(["project_id", "option"])
    row = options.loc[("be-electricity-station", "extra_transformer")]
    # 100 MW short; n units of 90 beside units of 40 add 90 n - (90 - 40) MW of firm rating: 40 or 130
    assert row["size_mw"] == 180
    assert row["solves_pct"] == pytest.approx(100)


def test_units_that_fit_the_plot_but_not_the_need_solve_a_part():
    tables = world.tables()
    tables["grid/stations"] = tables["grid/stations"].assign(extendable="yes", max_units=3)
    options = make(tables=tables).options.set_index(["project_id", "option"])
    row = options.loc[("be-electricity-station", "extra_transformer")]
    assert row["size_mw"] == 90
    assert 0 < row["solves_pct"] < 100


def test_a_cable_costs_by_length_and_circuit(options):
    row = options.loc[("al110-be110-electricity-corridor", "corridor_reinforcement")]
    assert row["cost_meur_low"] == pytest.approx(1.1 * 20)
    assert row["cost_meur_high"] == pytest.approx(3.2 * 20)
    assert row["space_ha"] == pytest.approx(0.6 * 20)


def test_new_conductors_are_paid_for_every_circuit_and_for_lines_only(options):
    row = options.loc[("al110-be110-electricity-corridor", "line_uprating")]
    assert row["cost_meur_low"] == pytest.approx(0.2 * 20 * 2)
    tables = world.tables()
    tables["grid/circuits"] = tables["grid/circuits"].assign(kind="cable")
    assert "line_uprating" not in set(make(tables=tables).options["option"])


def test_a_battery_costs_by_power_and_hours(options):
    row = options.loc[("be-electricity-station", "battery")]
    # 100 MW x 4 h x 200 EUR/kWh + 100 EUR/kW = 90 MEUR, 30 percent either way
    assert row["size_mw"] == 100
    assert row["cost_meur_low"] == pytest.approx(0.7 * 90)
    assert row["cost_meur_high"] == pytest.approx(1.3 * 90)


def test_curtailment_touches_feed_in_only(options):
    row = options.loc[("be-electricity-station", "curtailment")]
    # take-off 500 hours untouched, feed-in 300 hours solved
    assert row["solves_pct"] == pytest.approx(100 * 300 / 800)
    assert row["annual_cost_meur"] == pytest.approx(5000 * 60 / 1e6)


def test_a_flexible_contract_is_limited_to_what_large_users_can_move(options):
    row = options.loc[("be-electricity-station", "flexible_contract")]
    # peak 140 MW, 40 percent large users, a fifth of it can move, half of that lasts
    assert row["size_mw"] == pytest.approx(140 * 0.4 * 0.2 * 0.5)


def test_unknown_costs_stay_unknown():
    tables = world.tables()
    tables["costs/infrastructure"] = tables["costs/infrastructure"].iloc[:0]
    options = make(tables=tables).options
    grid = options[options["option"].eq("new_station")]
    assert len(grid)
    assert grid["cost_meur_high"].isna().all()


def test_the_curve_holds_its_energy():
    peak, hours, energy = np.array([100.0]), np.array([500.0]), np.array([20_000.0])
    exponent = shape_exponent(peak, hours, energy)
    t = np.linspace(0, 1, 100_001)
    mean = (1 - t ** exponent[0]).mean()
    assert mean * 100 * 500 == pytest.approx(20_000, rel=1e-3)


def test_share_below_of_a_straight_line():
    assert share_below(np.array([25.0]), np.array([100.0]), np.array([1.0]))[0] == pytest.approx(0.25)
    assert share_below(np.array([100.0]), np.array([100.0]), np.array([0.3]))[0] == 1
    assert share_below(np.array([0.0]), np.array([0.0]), np.array([1.0]))[0] == 1


def test_a_battery_that_is_too_short_solves_the_small_events_only():
    peak, hours, energy = np.array([100.0]), np.array([500.0]), np.array([25_000.0])
    enough = battery_share(np.array([100.0]), 4, peak, hours, energy, 6)
    short = battery_share(np.array([100.0]), 1, peak, hours, energy, 6)
    # straight line: an event of 6 hours holds 3 h x its peak; 1 hour of 100 MW carries a peak of 33 MW
    assert enough[0] == pytest.approx(1)
    assert short[0] == pytest.approx(1 / 3)


def test_a_year_that_is_full_of_exceedance_has_long_events():
    assert event_hours(np.array([3.0, 500.0, 3650.0]), 6).tolist() == [3, 6, 10]


def test_a_second_unit_costs_twice():
    book = CostBook(world.tables(), 0.0)
    price = book.price("extra_transformer", np.array([90.0, 180.0]), world.table("l\n1\n1")["l"])
    assert price["cost_meur_high"].tolist() == [10, 20]
    assert price["annual_cost_meur"].tolist() == pytest.approx([6 / 40 + 0.06, 12 / 40 + 0.12])
