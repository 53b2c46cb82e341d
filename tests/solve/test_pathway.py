"""Pathways whose answer can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pmiek.optimise.solve.case import AssetCost, Build, annuity_factor
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.pathway import Settings, no_build, run_pathway, waiting_peak
from pmiek.optimise.solve.solution import solve_case
from pmiek.results.registry import conform, result_tables

SIMPLEX = {"solver": "simplex"}
QUICK = Settings(typical_days=2, extreme_days=2, max_rounds=3, options=SIMPLEX)


def solve(case):
    return solve_case(case, choose_days(case, typical=2, extreme=2), label="t", options=SIMPLEX)


def test_capacity_is_bought_in_the_period_that_needs_it_at_annuity_times_years(case, year_with_peaks):
    wanted = case({2035: year_with_peaks(10, 30), 2040: year_with_peaks(10, 55)}, rate=0.03)
    solution = solve(wanted)
    assert solution.build["station_transformer"]["A"].round(6).to_list() == [0.0, 15.0]
    years = sum(1.03**-n for n in range(5, 10))
    assert solution.objective_keur == pytest.approx(15 * 100 * annuity_factor(0.03, 40) * years)


def test_annuity_of_four_percent_over_forty_years_and_without_discounting():
    assert annuity_factor(0.04, 40) == pytest.approx(0.0505235, abs=1e-7)
    assert annuity_factor(0.0, 40) == 0.025


def test_capacity_outlives_its_period_and_is_charged_in_both(case, year_with_peaks):
    costs = AssetCost(100.0, 0.02, 40)
    wanted = case({2035: year_with_peaks(10, 55), 2040: year_with_peaks(10, 55)}, transformer=costs)
    solution = solve(wanted)
    assert solution.build["station_transformer"]["A"].round(6).to_list() == [15.0, 0.0]
    assert solution.objective_keur == pytest.approx(15 * 100 * (1 / 40 + 0.02) * 10)


@pytest.mark.parametrize(("hours", "battery_wins"), [((18,), True), (tuple(range(6, 22)), False)])
def test_battery_beats_a_transformer_for_one_hour_and_not_for_sixteen(
    case, year_with_peaks, hours, battery_wins
):
    # 15 MW: transformer 15 x 500; battery 15 x 150 + 15 x hours / 0.96 x 150 kEUR
    wanted = case(
        {2035: year_with_peaks(10, 55, hours)},
        transformer=AssetCost(500.0, 0.0, 40),
        build=Build(new_stations=False),
    )
    solution = solve(wanted)
    built = solution.capacity["battery_power"]["A"].iloc[0]
    assert built == pytest.approx(15.0 if battery_wins else 0.0, abs=1e-6)
    if battery_wins:
        assert solution.capacity["battery_energy"]["A"].iloc[0] == pytest.approx(15 / 0.96)


@pytest.mark.parametrize(("days", "builds"), [(4, False), (6, True)])
def test_curtailment_against_building_breaks_even_at_fifty_hours(case, days, builds):
    # 1 MW more costs 100 kEUR / 40 = 2.5 kEUR a year; an hour of curtailing 1 MW costs 0.05 kEUR: 50 hours
    sun = np.zeros(8760)
    for day in range(days):
        sun[day * 24 + 7 : day * 24 + 17] = 90.0
    wanted = case({2035: np.zeros(8760)}, switchable=sun)
    solution = solve_case(wanted, choose_days(wanted, typical=2, extreme=1), label="t", options=SIMPLEX)
    assert solution.capacity["station_transformer"]["A"].iloc[0] == pytest.approx(
        10.0 if builds else 0.0, abs=1e-6
    )
    expected = min(10 * 2.5 * 5, 10 * 0.05 * 10 * days * 5)
    assert solution.objective_keur == pytest.approx(expected, rel=0.02)


def test_generation_that_trips_after_a_fault_may_use_the_reserve(case):
    # 2 x 40: gross 80, firm 40. 70 MW of solar that trips is allowed, 70 MW that does not is 30 too much
    sun = np.zeros(8760)
    sun[12] = 70.0
    free = solve(case({2035: np.zeros(8760)}, switchable=sun))
    bound = solve(case({2035: np.zeros(8760)}, fixed_feed=sun))
    assert free.objective_keur == pytest.approx(0.0, abs=1e-9)
    assert bound.capacity["station_transformer"]["A"].iloc[0] == pytest.approx(30.0)


def test_doing_nothing_pays_the_penalty_for_what_it_does_not_serve(case, year_with_peaks):
    wanted = case({2035: year_with_peaks(10, 55)}, build=no_build())
    result = run_pathway(wanted, QUICK)
    # 15 MWh a year x 50,000 EUR/MWh = 0.75 million EUR a year, five years without discounting
    row = result.costs.iloc[0]
    assert (row["category"], row["asset_class"], row["payer"]) == (
        "unserved",
        "demand",
        "connected customers",
    )
    assert row["cost_meur_per_year"] == pytest.approx(0.75)
    assert result.costs["cost_meur_npv"].sum() == pytest.approx(3.75)
    assert result.exceedances["exceedance_mw"].to_list() == [pytest.approx(15.0)]


def test_more_existing_capacity_never_raises_cost(case, year_with_peaks):
    costs = [
        solve(
            case({2035: year_with_peaks(10, 55), 2040: year_with_peaks(10, 95)}, units=units)
        ).objective_keur
        for units in ((25.0, 25.0), (40.0, 40.0), (40.0, 40.0, 40.0), (90.0, 90.0, 90.0))
    ]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == pytest.approx(0.0, abs=1e-9)


def test_twice_the_load_and_capacity_costs_twice(case, year_with_peaks):
    one = solve(case({2035: year_with_peaks(10, 55)}, units=(40.0, 40.0)))
    two = solve(case({2035: year_with_peaks(20, 110)}, units=(80.0, 80.0)))
    assert two.objective_keur == pytest.approx(2 * one.objective_keur)


def test_stations_do_not_influence_each_other_without_a_grid(case, year_with_peaks):
    small, large = year_with_peaks(10, 55), year_with_peaks(10, 75, days=(99,))
    both = solve(case({2035: np.stack([small, large])}, stations=("A", "B")))
    apart = [solve(case({2035: load})).objective_keur for load in (small, large)]
    assert both.objective_keur == pytest.approx(sum(apart))


def test_whole_units_are_bought_and_the_gap_is_reported(case, year_with_peaks):
    result = run_pathway(case({2035: year_with_peaks(10, 55)}), QUICK)
    row = result.capacity.set_index("asset_id").loc["A"]
    # 2 x 40 has 40 firm; with one unit of 90 it has 80
    assert (row["built_mw"], row["existing_mw"]) == (90.0, 40.0)
    assert row["built_continuous_mw"] == pytest.approx(15.0)
    last = result.rounds.iloc[-1]
    assert last["rounded_cost_meur"] == pytest.approx(last["continuous_cost_meur"] * 90 / 15)
    assert last["gap_pct"] == pytest.approx(500.0)
    assert result.exceedances.empty


def test_all_tables_are_as_the_registry_says(case, year_with_peaks):
    result = run_pathway(case({2035: year_with_peaks(10, 55)}, build=no_build()), QUICK)
    # costs and capacity get their place when the runs are joined
    for name, frame in result.tables().items():
        if name in {"costs", "capacity"}:
            assert set(frame.columns) <= {*result_tables()[name].names, "gm_code"}
            continue
        assert conform(name, frame).columns.to_list() == result_tables()[name].names
    assert set(result.tables()) <= set(result_tables())


def test_what_does_not_fit_on_the_plot_becomes_a_whole_new_station(case, year_with_peaks):
    flags = Build(batteries=False)
    result = run_pathway(
        case({2035: year_with_peaks(10, 150)}, units=(90.0, 90.0), max_units=2, build=flags), QUICK
    )
    new = result.capacity[result.capacity["asset_class"] == "new_station"]
    assert new["built_mw"].to_list() == [270.0]
    assert result.costs.set_index("category")["cost_meur_per_year"]["capex"] == pytest.approx(270 * 0.3 / 40)


def test_payers_add_to_the_total_and_transfers_stand_apart(case):
    sun = np.zeros(8760)
    sun[12] = 90.0
    result = run_pathway(case({2035: np.zeros(8760)}, switchable=sun, build=no_build()), QUICK)
    assert result.costs["payer"].to_list() == ["generator"]
    paid = result.transfers.iloc[0]
    assert (paid["from_party"], paid["to_party"]) == ("operator", "generator")
    assert paid["transfer_meur_per_year"] == pytest.approx(result.costs["cost_meur_per_year"].sum())


def test_a_day_that_was_not_chosen_is_found_by_the_check_and_added(case, year_with_peaks):
    load = np.maximum(year_with_peaks(10, 55, days=(10,)), year_with_peaks(10, 70, days=(200,), hours=(9,)))
    wanted = case({2035: load}, build=Build(new_stations=False), transformer=AssetCost(1e5, 0.0, 40))
    result = run_pathway(
        wanted, replace(QUICK, typical_days=1, extreme_days=0, max_rounds=4, days_per_round=1)
    )
    assert len(result.rounds) >= 2
    assert result.rounds["remaining_exceedance_pct"].iloc[0] > 1
    assert result.rounds["remaining_exceedance_pct"].iloc[-1] <= 1
    assert result.capacity.set_index("asset_class").loc["battery_power", "built_mw"] == pytest.approx(
        30.0, abs=0.5
    )


def test_the_cost_that_is_reported_is_that_of_all_hours(case):
    """A sun that differs from day to day: two typical days say little of what is curtailed above 80 MW."""
    noon = np.random.default_rng(5).uniform(40, 140, 365)
    sun = np.zeros(8760)
    sun[12::24] = noon
    dear = AssetCost(1e6, 0.0, 40)
    wanted = case({2035: np.zeros(8760)}, switchable=sun, transformer=dear)
    result = run_pathway(wanted, replace(QUICK, typical_days=2, extreme_days=1))
    last = result.rounds.iloc[-1]
    yearly = 50 / 1e6 * np.maximum(0, noon - 80).sum()
    assert abs(result.rounds["planned_gap_pct"].iloc[0]) > 5
    assert last["all_hours_operation_meur"] == pytest.approx(5 * yearly, rel=1e-6)
    assert abs(last["all_hours_gap_pct"]) <= 1
    assert last["chosen_days_operation_meur"] == pytest.approx(5 * yearly, rel=0.01)


@pytest.mark.parametrize("options", [SIMPLEX, {"solver": "hipo", "run_crossover": "off"}])
def test_the_plan_does_not_depend_on_the_algorithm(case, year_with_peaks, options):
    wanted = case({2035: year_with_peaks(10, 55), 2040: year_with_peaks(12, 80)}, rate=0.03)
    result = run_pathway(wanted, replace(QUICK, options=options))
    assert result.capacity.groupby("year")["built_mw"].sum().to_list() == [90.0, 90.0]
    assert set(result.solver["algorithm"]) <= {options["solver"], "presolve"}


def test_on_a_full_plot_small_units_give_way_before_a_new_station_comes(case, year_with_peaks):
    # 2 x 40 on a plot for two: both become 90, firm goes from 40 to 90
    result = run_pathway(
        case({2035: year_with_peaks(10, 85)}, max_units=2, build=Build(batteries=False)), QUICK
    )
    assert result.rounded.units_mva == (((90.0, 90.0),),)
    assert result.extra_capacity_mw(2035) == {"A": 50.0}
    assert set(result.capacity["asset_class"]) == {"station_transformer"}


def test_what_the_grid_above_leaves_waiting_counts_in_one_hour_and_not_per_station():
    own = np.array([[4.0, 0.0]])
    # beyond its own limit A lacks 6 in the first hour and B 5 in the second: never 11 together
    hourly = np.array([[[[10.0, 0.0]], [[0.0, 5.0]]]])
    assert waiting_peak(own, hourly).tolist() == [[10.0, 0.0]]
    assert waiting_peak(own, np.zeros((1, 2, 1, 2))).tolist() == [[4.0, 0.0]]


def test_a_day_without_weight_says_nothing_of_what_waits(case, year_with_peaks):
    wanted = case({2035: year_with_peaks(10, 55, days=(10, 20))}, build=no_build())
    days = choose_days(wanted, typical=1, extreme=0).with_days(np.array([10, 20]))
    weighed = solve_case(wanted, days, label="t", options=SIMPLEX)
    assert weighed.peak_mw["unserved"].max() == pytest.approx(15.0)
    nothing = replace(days, calibrated=np.where(np.isin(days.day, [10, 20]), 0.0, 365.0))
    idle = solve_case(wanted, nothing, label="t", options=SIMPLEX)
    assert idle.peak_mw["unserved"].max() == 0.0
    assert idle.waiting_mw["unserved"].max() == 0.0
