"""The pathway as one PyPSA network against today's planner: the same objective and plan, tiny cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.network.build import BuildError, add, add_carriers, new_network
from pmiek.optimise.expansion import electricity_network, open_network, save_network, solve_network
from pmiek.optimise.expansion.solve import operating_keur
from pmiek.optimise.solve.case import OPTION_COLUMNS, AssetCost, Build, HvGrid
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.gate import solve_model
from pmiek.optimise.solve.measures import Contract, Measures, Shift, Sink, Store
from pmiek.optimise.solve.solution import solve_case

SIMPLEX = {"solver": "simplex"}
HOURS = 8760
EVERYTHING = Build()


def flat(mw: float) -> np.ndarray:
    return np.full((2, 1, HOURS), mw, dtype=np.float32)


def sun(mw: float) -> np.ndarray:
    values = np.zeros(HOURS)
    values[12 : 20 * 24 : 24] = mw
    return values


def measures() -> Measures:
    day = np.full((2, 1, 365), 40.0, np.float32)
    power, energy = np.full((2, 1), 6.0), np.full((2, 1), 20.0)
    return Measures(
        contract=Contract(flat(4.0), 0.15),
        shifts=(Shift("smart_charging", flat(5.0), flat(5.0), day, 0.02),),
        stores=(
            Store("system_batteries", power, energy, 0.95, 0.08),
            Store("park_batteries", power, energy, 0.9, 0.01, behind_park=True),
        ),
        sinks=(Sink("e_boilers", np.full((2, 1), 3.0), 0.03),),
    )


def two_periods(case, year_with_peaks, **more):
    load = {2035: year_with_peaks(10, 70, (17, 18)), 2045: year_with_peaks(12, 96, (17, 18, 19))}
    given = {"transformer": AssetCost(500.0, 0.01, 8), "rate": 0.03, "switchable": sun(115.0)}
    return case(load, **{**given, **more})


def option(wanted):
    row = ("plan", "new station", "A", "operator", 60.0, 9_000.0, 2040.0)
    return replace(
        wanted,
        options=pd.DataFrame([row], columns=OPTION_COLUMNS),
        option_share=np.array([[0.4]]),
    )


def grid() -> HvGrid:
    """One circuit with 50 MW that carries all that the station takes, and half of it after an outage."""
    elements = pd.DataFrame(
        {
            "element_id": ["e"], "asset_id": ["c"], "asset_class": ["circuit"], "cluster": ["A"], "payer": ["TSO"],
            "existing_mw": [50.0], "unit_mw": [50.0], "capex_keur_per_mw": [80.0], "buildable": [True],
        }
    )  # fmt: skip
    return HvGrid(
        elements, np.array([[-1.0]]), np.array([[[-0.5]]]), ("o",), np.ones((2, 1)), np.zeros((2, 1)),
        np.full((2, 1, 2), 50.0),
    )  # fmt: skip


CASES = {
    "transformers": lambda case, peaks: two_periods(
        case, peaks, build=Build(batteries=False, new_stations=False)
    ),
    "everything": lambda case, peaks: two_periods(case, peaks, build=EVERYTHING, battery=(20.0, 10.0)),
    "measures": lambda case, peaks: replace(
        two_periods(case, peaks, build=Build(batteries=False)), measures=measures()
    ),
    "planned station": lambda case, peaks: option(two_periods(case, peaks, build=EVERYTHING)),
    "high voltage": lambda case, peaks: two_periods(case, peaks, hv=(grid(), grid()), curtail_eur=500.0),
}


@pytest.mark.parametrize("name", CASES)
def test_the_network_has_the_objective_and_the_plan_of_the_planner(name, case, year_with_peaks):
    wanted = CASES[name](case, year_with_peaks)
    days = choose_days(wanted, typical=2, extreme=2)
    today = solve_case(wanted, days, label="t", options=SIMPLEX)
    network = electricity_network(wanted, days)
    solved = solve_network(network, wanted, days)
    assert today.objective_keur > 0
    assert solved.objective_keur == pytest.approx(today.objective_keur, rel=1e-6)
    for family, table in today.capacity.items():
        if family in ("circuit", "option"):
            mine = solved.capacity.loc[family].T
            assert mine.to_numpy() == pytest.approx(table.to_numpy(), abs=1e-5)


def test_one_link_with_capacity_per_period_equals_a_link_per_year_of_build(case, year_with_peaks):
    wanted = CASES["transformers"](case, year_with_peaks)
    wanted = replace(wanted, stations=wanted.stations.assign(max_units=1000))
    days = choose_days(wanted, typical=2, extreme=2)
    one = solve_network(electricity_network(wanted, days), wanted, days)
    each = solve_network(electricity_network(wanted, days, vintages=True), wanted, days)
    assert one.objective_keur == pytest.approx(each.objective_keur, rel=1e-6)
    assert one.build.to_numpy().sum() > 0


def test_pypsa_alone_gives_the_planners_objective_where_no_own_row_is_needed(case, year_with_peaks):
    wanted = two_periods(
        case, year_with_peaks, switchable=None, build=Build(batteries=False, new_stations=False)
    )
    days = choose_days(wanted, typical=2, extreme=2)
    network = electricity_network(wanted, days, vintages=True)
    model = network.optimize.create_model(multi_investment_periods=True)
    record = solve_model(model, label="plain", options=SIMPLEX)
    today = solve_case(wanted, days, label="t", options=SIMPLEX)
    assert record.objective == pytest.approx(today.objective_keur, rel=1e-6)


def test_a_saved_network_opens_solves_again_and_takes_another_constraint(case, year_with_peaks, tmp_path):
    wanted = CASES["high voltage"](case, year_with_peaks)
    days = choose_days(wanted, typical=2, extreme=2)
    solved = solve_network(network := electricity_network(wanted, days), wanted, days)
    save_network(network, tmp_path / "a.nc")
    again = open_network(tmp_path / "a.nc")
    assert again.components["Generator"].static.loc["A curtailed", "station"] == "A"
    assert operating_keur(again) == pytest.approx(operating_keur(network))
    balance = again.statistics.energy_balance(groupby="station")
    assert len(balance)
    assert solve_network(again).objective_keur == pytest.approx(solved.objective_keur, rel=1e-6)

    def no_circuit(network):
        variable = network.model.variables["capacity_circuit"]
        network.model.add_constraints(variable.sum() <= 0, name="no_circuit")

    dearer = solve_network(open_network(tmp_path / "a.nc"), extend=no_circuit)
    assert dearer.objective_keur > solved.objective_keur + 1


def test_a_dearer_transformer_changes_the_plan(case, year_with_peaks):
    cheap = CASES["transformers"](case, year_with_peaks)
    assets = {**cheap.economics.assets, "station_transformer": AssetCost(50_000.0, 0.01, 8)}
    dear = replace(cheap, economics=replace(cheap.economics, assets=assets))
    days = choose_days(cheap, typical=2, extreme=2)
    first = solve_network(electricity_network(cheap, days), cheap, days).capacity.loc["station_transformer"]
    then = solve_network(electricity_network(dear, days), dear, days).capacity.loc["station_transformer"]
    assert first.to_numpy().max() > 1
    assert then.to_numpy().max() < first.to_numpy().max() - 1


def test_what_goes_in_every_hour_of_a_bus_comes_out(case, year_with_peaks):
    wanted = CASES["everything"](case, year_with_peaks)
    days = choose_days(wanted, typical=2, extreme=2)
    solve_network(network := electricity_network(wanted, days), wanted, days)
    generators, links = network.components["Generator"], network.components["Link"]
    sign = generators.static["sign"]
    at = generators.static.index[generators.static["bus"] == "A MV"]
    total = (generators.dynamic["p"][at] * sign[at]).sum(axis=1)
    total -= network.components["Load"].dynamic["p_set"]["A load"]
    for end, flow in (("bus0", "p0"), ("bus1", "p1")):
        total -= links.dynamic[flow][links.static.index[links.static[end] == "A MV"]].sum(axis=1)
    assert total.to_numpy() == pytest.approx(0.0, abs=1e-6)
    assert network.snapshot_weightings["generators"].groupby(level=0).sum().to_numpy() == pytest.approx(8760)


def test_the_guard_names_everything_that_is_wrong_at_once():
    network = new_network()
    network.set_snapshots([0, 1])
    add_carriers(network, ["heat"])
    add(network, "Bus", pd.DataFrame({"carrier": ["heat"]}, index=["h"]))
    gap = pd.DataFrame({"s": [1.0, np.nan]}, index=network.snapshots)
    table = pd.DataFrame(
        {"bus": ["h", "lost"], "carrier": ["AC", "steam"], "e_nom": [1.0, np.nan]}, index=["s", "t"]
    )
    with pytest.raises(BuildError) as told:
        add(network, "Store", table, {"e_max_pu": gap})
    for words in (
        "unknown buses: lost", "unknown carriers: steam", "another carrier: s", "missing: t", "gaps: s",
    ):  # fmt: skip
        assert words in str(told.value)
    link = pd.DataFrame({"bus0": "h", "bus1": "h", "p_min_pu": -1.0, "efficiency": 0.9}, index=["perpetual"])
    with pytest.raises(BuildError, match="makes energy: perpetual"):
        add(network, "Link", link)
