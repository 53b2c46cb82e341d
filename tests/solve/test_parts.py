"""Days, lumps, batteries and high-voltage rows on their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import SolveError
from pmiek.optimise.solve.case import Build, HvGrid, firm_mva, high_voltage_view, with_units
from pmiek.optimise.solve.check import _strongest_first
from pmiek.optimise.solve.days import ChosenDays, calibrate, choose_days, extreme_days, split_by_cost
from pmiek.optimise.solve.lumps import units_needed
from pmiek.optimise.solve.pathway import Settings, run_pathway
from pmiek.optimise.solve.relief import Station, shave_days
from pmiek.optimise.solve.solution import solve_case, suspects

SIMPLEX = {"solver": "simplex"}


def test_weights_add_to_a_year_before_and_after_days_are_added(case):
    rng = np.random.default_rng(3)
    wanted = case({2035: rng.uniform(10, 60, 2 * 8760)})
    days = choose_days(wanted, typical=5, extreme=3)
    assert days.weight().sum() * 24 == pytest.approx(8760)
    more = days.with_days(np.array([4, 4, 700, int(days.day[0])]))
    assert more.weight().sum() * 24 == pytest.approx(8760)
    assert set(more.day) >= {4, 700}
    assert len(set(more.day)) == len(more.day)


def test_a_cluster_is_split_until_its_days_stand_for_the_cost():
    # 10 days in one cluster; six cost nothing, two cost 3, two cost 12: the typical day says nothing
    cost = np.array([0, 0, 3, 0, 12, 0, 3, 0, 12, 0], dtype=float)
    days = ChosenDays(np.array([0]), np.zeros(10, dtype=np.int64), np.array([False]), 365 / 10)
    split = split_by_cost(days, cost, 2)
    assert split.weight().sum() == pytest.approx(365)
    assert sorted(cost[split.day]) == [0.0, 3.0, 12.0]
    assert split.weight() @ cost[split.day] == pytest.approx(cost.sum() * 365 / 10)
    assert split_by_cost(split, cost, 3) is split


def test_weights_make_the_chosen_days_cost_what_all_days_cost():
    # six days of one cluster cost nothing; the four of the other cost 6, 6, 9 and 9, and its day costs 6
    cost = np.array([[0, 0, 0, 0, 0, 0, 6, 6, 9, 9]], dtype=float)
    cluster = np.array([0] * 6 + [1] * 4)
    days = ChosenDays(np.array([0, 6]), cluster, np.array([False, False]), 365 / 10)
    assert days.weight() == pytest.approx([6 * 36.5, 4 * 36.5])
    assert calibrate(days, cost).weight() == pytest.approx([5 * 36.5, 5 * 36.5], rel=1e-4)


def test_weights_that_are_right_already_stay():
    cost = np.array([[0, 0, 3, 6, 9, 6], [0, 0, 0, 0, 0, 0]], dtype=float)
    days = ChosenDays(np.array([0, 3]), np.array([0, 0, 1, 1, 1, 1]), np.array([False, False]), 365 / 6)
    assert calibrate(days, cost).weight() == pytest.approx(days.weight(), rel=1e-6)


def test_a_cost_that_no_chosen_day_has_cannot_be_weighed_in():
    cost = np.array([[0, 0, 0, 0, 12]], dtype=float)
    days = ChosenDays(np.array([0, 1]), np.array([0, 1, 0, 0, 1]), np.array([False, False]), 365 / 5)
    weight = calibrate(days, cost).weight()
    assert weight.min() >= 0
    assert weight.sum() == pytest.approx(365)
    assert weight == pytest.approx(days.weight(), rel=1e-6)
    assert calibrate(days, cost).with_days(np.array([4])).weight().sum() == pytest.approx(365)


def test_extreme_days_cover_every_peak_with_few_days():
    # rows are days, columns are station limits; day 2 nearly covers both
    exceedance = np.array([[9.0, 0.0, 0.0], [0.0, 7.0, 0.0], [8.9, 6.9, 0.0], [0.0, 0.0, 0.0]])
    assert extreme_days(exceedance, 1).tolist() == [2]
    assert extreme_days(exceedance, 4).tolist() == [0, 1, 2]
    assert extreme_days(np.zeros((5, 2)), 3).tolist() == []


@pytest.mark.parametrize(
    ("present", "need", "room", "expected"),
    [
        ((40.0, 40.0, 40.0), 40.0, 3, (1, 0.0)),
        ((40.0, 40.0, 40.0), 41.0, 3, (2, 0.0)),
        ((40.0,), 10.0, 3, (2, 0.0)),
        ((90.0, 90.0), 100.0, 0, (0, 100.0)),
        ((40.0, 40.0), 60.0, 0, (2, 10.0)),
        ((40.0, 40.0), 0.01, 3, (0, 0.0)),
    ],
)
def test_units_needed_with_the_largest_unit_out(present, need, room, expected):
    assert units_needed(present, 90.0, need, room) == expected


def test_firm_capacity_and_replacement():
    assert firm_mva((40.0, 90.0, 40.0)) == 80.0
    assert firm_mva((40.0,)) == 40.0
    assert with_units((40.0, 25.0), 90.0, 1, 2) == (90.0, 90.0, 40.0)


def place(net: np.ndarray, limit: list[np.ndarray]) -> Station:
    """A station whose net load is all of its own, without parks."""
    nothing = np.zeros_like(net)
    return Station(net, net, nothing, limit, nothing, nothing)


def test_a_battery_serves_what_its_power_energy_and_the_room_to_refill_allow():
    net = np.full(24, 30.0)
    net[18:20] = 50.0
    limit = [np.full(24, 40.0), np.full(24, 99.0), np.full(24, 99.0)]
    full = shave_days(place(net, limit), [10.0, 20.0], 1.0)
    assert (net + full).max() == pytest.approx(40.0)
    assert full.sum() == pytest.approx(0.0)
    weak = shave_days(place(net, limit), [4.0, 20.0], 1.0)
    assert (net + weak).max() == pytest.approx(46.0)
    empty = shave_days(place(net, limit), [10.0, 5.0], 1.0)
    assert np.maximum(net + empty - 40, 0).sum() == pytest.approx(15.0)


def test_a_battery_takes_in_sun_above_the_limit_and_gives_it_back():
    net = np.full(24, 5.0)
    net[11:13] = -50.0
    limit = [np.full(24, 40.0), np.full(24, 40.0), np.full(24, 40.0)]
    shift = shave_days(place(net, limit), [10.0, 20.0], 0.9)
    assert (net + shift).min() == pytest.approx(-40.0)
    given, taken = -shift[shift < 0].sum(), shift[shift > 0].sum()
    assert given == pytest.approx(taken * 0.81)


def line(rating: float, stations: int = 1, buildable: bool = True) -> HvGrid:
    """One line that carries all stations, no outages."""
    table = pd.DataFrame(
        {
            "element_id": ["L#0"],
            "asset_id": ["L"],
            "asset_class": ["circuit"],
            "cluster": ["A"],
            "payer": ["TSO"],
            "existing_mw": [rating],
            "unit_mw": [250.0],
            "capex_keur_per_mw": [50.0],
            "buildable": [buildable],
        }
    )
    return HvGrid(
        table,
        np.ones((1, stations)),
        np.zeros((0, 1, stations)),
        (),
        np.ones((1, 1)),
        np.zeros((1, 1)),
        np.full((1, 1, 2), rating),
    )


def test_a_line_is_built_when_it_is_the_limit(case, year_with_peaks):
    wanted = case({2035: year_with_peaks(10, 70)}, units=(90.0, 90.0), hv=(line(40.0),))
    days = choose_days(wanted, typical=1, extreme=0).with_days(np.array([10]))
    solution = solve_case(wanted, days, label="t", options=SIMPLEX, tolerance=0.0)
    assert solution.capacity["circuit"]["L"].to_list() == [pytest.approx(30.0)]
    assert solution.objective_keur == pytest.approx(30 * 50 / 40 * 5)
    result = run_pathway(wanted, Settings(typical_days=1, extreme_days=1))
    assert result.capacity.set_index("asset_id").loc["L", "built_mw"] == 250.0
    assert set(result.costs["payer"]) == {"TSO"}


def test_curtailment_relieves_a_line_where_building_is_dear(case):
    sun = np.zeros(8760)
    sun[12] = 70.0
    wanted = case({2035: np.zeros(8760)}, units=(90.0, 90.0), switchable=sun, hv=(line(40.0),))
    days = choose_days(wanted, typical=1, extreme=0).with_days(np.array([0]))
    solution = solve_case(wanted, days, label="t", options=SIMPLEX, tolerance=0.0)
    assert solution.operation["curtailed"].sum() == pytest.approx(30.0)
    assert solution.capacity["circuit"]["L"].to_list() == [pytest.approx(0.0)]


def test_what_the_high_voltage_grid_sees_before_and_after_a_fault():
    net, switchable = np.array([50.0, -60.0, -60.0]), np.array([0.0, 40.0, 80.0])
    intact, fault = high_voltage_view(net, switchable, 0.9)
    assert intact.tolist() == [45.0, -60.0, -60.0]
    assert fault.tolist() == [45.0, -20.0, 0.0]


def test_the_strongest_lever_goes_first_and_takes_the_least_energy():
    lever = np.array([[0.25, 0.25], [0.5, 0.5], [0.0, 0.0]])
    usable = np.array([[40.0, 40.0], [20.0, 20.0], [0.0, 0.0]])
    # 12 MW too much: 20 MW at a lever of 0.5 and 8 MW at 0.25; 30 MW too much: all there is
    done = _strongest_first(lever, usable, np.array([12.0, 30.0]))
    assert done[:, 0].tolist() == pytest.approx([8.0, 20.0, 0.0])
    assert done[:, 1].tolist() == pytest.approx([40.0, 20.0, 0.0])


def test_suspects_speak_plainly(case, year_with_peaks):
    wrong = case({2035: year_with_peaks(10, 70)}, units=())
    assert suspects(wrong) == ["A has no transformer in service and a peak of 70 MW"]
    load = year_with_peaks(10.0, 70.0)
    load[5] = np.nan
    assert suspects(case({2035: load}))[0] == "load_mw has hours without a number"


def test_a_pathway_that_cannot_be_operated_names_the_station_and_the_hour(case, year_with_peaks):
    wanted = case({2035: year_with_peaks(10, 55)}, build=Build(False, False, False, False, False, True))
    broken = wanted.load_mw.copy()
    broken[0, 0, 10 * 24 + 18] = 55.0
    days = choose_days(wanted, typical=1, extreme=1)
    fixed = {"station_transformer": pd.DataFrame({"A": [-100.0]}, index=[2035])}
    with pytest.raises(SolveError, match="not a result") as error:
        solve_case(wanted, days, label="t", options=SIMPLEX, fixed=fixed)
    assert error.value.diagnosis[0].startswith("A: peak 55 MW against 40 MW")
    assert len(error.value.diagnosis) > 1
