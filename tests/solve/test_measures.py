"""What stands on the grid already, against what it is worth: one station, answers by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pmiek.optimise.solve.case import AssetCost, Build
from pmiek.optimise.solve.check import check_hours
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.lumps import round_up
from pmiek.optimise.solve.measures import Contract, Measures, Shift, Sink, Store
from pmiek.optimise.solve.pathway import no_build
from pmiek.optimise.solve.pathway_tables import cost_table, transfer_table
from pmiek.optimise.solve.solution import solve_case

SIMPLEX = {"solver": "simplex"}
HOURS = 8760


def flat(mw: float) -> np.ndarray:
    return np.full((1, 1, HOURS), mw, dtype=np.float32)


def charging(out_mw: float = 20.0, day_mwh: float = 100.0) -> Shift:
    return Shift("smart_charging", flat(out_mw), flat(20.0), np.full((1, 1, 365), day_mwh, np.float32), 0.02)


def battery(*, behind_park: bool = False) -> Store:
    return Store("system_batteries", np.full((1, 1), 15.0), np.full((1, 1), 60.0), 1.0, 0.08, behind_park)


def sun(mw: float) -> np.ndarray:
    values = np.zeros(HOURS)
    values[12 : 10 * 24 : 24] = mw
    return values


def solve(case, measures: Measures):
    wanted = replace(case, measures=measures)
    days = choose_days(wanted, typical=2, extreme=2)
    solution = solve_case(wanted, days, label="t", options=SIMPLEX)
    rounded = round_up(wanted, solution, tolerance=0.01, new_station_mw=270.0)
    return wanted, solution, check_hours(wanted, rounded)


@pytest.mark.parametrize(
    ("measures", "name", "keur"),
    [
        (Measures(contract=Contract(flat(15.0), 0.15)), "flexible_contract", 0.15 * 15),
        (Measures(shifts=(charging(),)), "smart_charging", 0.02 * 15),
        (Measures(stores=(battery(),)), "system_batteries", 0.08 * 15),
    ],
)
def test_a_measure_takes_off_one_hour_of_peak_at_its_price(case, year_with_peaks, measures, name, keur):
    wanted, solution, check = solve(
        case({2035: year_with_peaks(10, 55)}, transformer=AssetCost(500.0, 0.0, 40)), measures
    )
    assert solution.capacity["station_transformer"]["A"].iloc[0] == pytest.approx(0.0, abs=1e-9)
    assert solution.objective_keur == pytest.approx(5 * keur)
    assert solution.operation[name].sum() == pytest.approx(15.0)
    assert check.exceedances.empty
    assert check.energy_mwh[name].sum() == pytest.approx(15.0)
    costs = cost_table(wanted, solution.build, solution.operation)
    assert costs[costs["category"] == "measures"]["cost_meur_npv"].sum() == pytest.approx(5 * keur / 1e3)
    paid = transfer_table(wanted, solution.operation)
    assert paid["transfer_meur_per_year"].sum() == pytest.approx(keur / 1e3)


def test_moved_load_comes_back_within_the_day_and_no_more_than_the_day_allows(case, year_with_peaks):
    _, solution, check = solve(
        case({2035: year_with_peaks(10, 55)}, build=no_build()), Measures(shifts=(charging(day_mwh=5.0),))
    )
    day = solution.net_mw[0, 0].sum(1)
    unserved = solution.operation["unserved"].sum()
    assert unserved == pytest.approx(10.0)
    assert max(day) == pytest.approx(23 * 10 + 55 - unserved)
    assert check.energy_mwh["unserved"].sum() == pytest.approx(10.0)


def test_a_sink_takes_up_what_would_be_curtailed_and_is_cheaper(case):
    _, solution, check = solve(
        case({2035: np.zeros(HOURS)}, switchable=sun(90.0), build=no_build()),
        Measures(sinks=(Sink("power_to_heat", np.full((1, 1), 6.0), 0.015),)),
    )
    assert solution.operation["power_to_heat"].sum() == pytest.approx(6.0 * 10, rel=0.02)
    assert check.energy_mwh["curtailed"].sum() == pytest.approx(4.0 * 10)


def test_a_battery_behind_a_park_does_not_help_after_a_fault(case):
    # 70 MW that may not be switched off against 40 firm: only a battery that stays on helps
    fixed = case({2035: np.zeros(HOURS)}, fixed_feed=sun(55.0), build=no_build())
    _, stays, _ = solve(fixed, Measures(stores=(battery(),)))
    _, trips, _ = solve(fixed, Measures(stores=(battery(behind_park=True),)))
    assert stays.operation["refused"].sum() == pytest.approx(0.0, abs=1e-6)
    assert trips.operation["refused"].sum() == pytest.approx(15.0 * 10, rel=0.02)


def test_cable_pooling_cuts_only_above_the_shared_connection_and_is_not_compensated(case):
    pooled = np.zeros((1, 1, HOURS), dtype=np.float32)
    pooled[0, 0, 12 : 10 * 24 : 24] = 4.0
    without = replace(no_build(), curtailment=False)
    wanted, solution, check = solve(
        case({2035: np.zeros(HOURS)}, switchable=sun(90.0), build=without), Measures(pooled_mw=pooled)
    )
    assert check.energy_mwh["curtailed"].sum() == pytest.approx(40.0)
    assert check.energy_mwh["refused"].sum() == pytest.approx(60.0)
    assert transfer_table(wanted, solution.operation).empty


def test_more_of_a_measure_never_costs_more(case, year_with_peaks):
    costs = [
        solve(
            case({2035: year_with_peaks(10, 55)}, build=Build(new_stations=False)),
            Measures(shifts=(charging(mw),)) if mw else Measures(),
        )[1].objective_keur
        for mw in (0.0, 5.0, 20.0)
    ]
    assert costs == sorted(costs, reverse=True)
