"""The check of binding hours: which hours, the DC flow of the screening, causes that add up, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.network import sensitivities
from pmiek.results.registry import conform
from pmiek.security.acflow import Electrical, Study, ac_check, binding_rows
from pmiek.security.acflow.cases import all_cases, asset_cases, grid_peaks
from pmiek.security.screening import hourly_net_load, prepare, screen

UNITS = """
group station kind     mva
K-hv  K       coupling 200
K-hv  K       coupling 200
A-mv  A       station  200
A-mv  A       station  200
B-mv  B       station  200
B-mv  B       station  200
"""
LINES = """
corridor from to n x mva tower
KA       K    A  2 4 100 T
KB       K    B  1 4 100 -
AB       A    B  1 4 100 -
"""
WHO = """
station kind   sector profile volume switchable
A       demand homes  home    1      0
B       demand homes  home    0.5    0
B       supply solar  sun     1      1
"""
ELECTRICAL = Electrical(power_factor_take_off=0.95, boundary_voltage_pu=1.02, cable_mvar_per_km=0.8)


def study(scale: float = 1.0, kind: str = "overhead") -> tuple[Study, pd.DataFrame]:
    grid = tiny.grid(["K", "A", "B"], UNITS, LINES, ("K",))
    grid.circuits = grid.circuits.assign(r_ohm=0.5, kind=kind, length_km=10.0)
    grid.state, grid.year = "frozen", 2030
    settings = tiny.settings(power_factor_take_off=0.95, station_simultaneity=0.9)
    ready = prepare(grid, sensitivities(grid), settings)
    hour = np.arange(8760)
    profiles = scale * pd.DataFrame({"home": 80 + 20.0 * (hour == 100), "sun": 150.0 * (hour == 4000)})
    who = tiny.connections(WHO)
    loading = screen(ready, who, profiles, tiny.KEY).loading
    loads = {tiny.KEY.weather_year: hourly_net_load(ready, who, profiles)}
    return Study("storyline_one", grid, ready, loads, ELECTRICAL), binding_rows(loading)


@pytest.fixture(scope="module")
def checked():
    case, rows = study()
    return case, rows, ac_check(case, rows)


def test_binding_rows_keep_the_worst_hour_of_each_asset_and_direction():
    rows = pd.DataFrame(
        [
            ("circuit", False, 2010, "N-0", "KA", "take-off", 50.0, 40.0),
            ("circuit", False, 2012, "N-1", "KA", "take-off", 90.0, 80.0),
            ("circuit", False, 2012, "N-1", "KA", "feed-in", 0.0, 0.0),
            ("circuit", True, 2012, "N-1", "E380", "take-off", 99.0, 80.0),
            ("station_transformer", False, 2012, "N-1", "A-mv", "take-off", 120.0, 80.0),
        ],
        columns=["asset_class", "is_information", "weather_year", "contingency", "asset_id", "direction",
                 "loading_pct", "peak_mw"],
    ).assign(grid_state="frozen", storyline="s", year=2030)  # fmt: skip
    found = binding_rows(rows)
    assert found[["asset_id", "weather_year", "loading_pct"]].to_numpy().tolist() == [["KA", 2012, 90.0]]


def test_peaks_of_the_whole_grid_and_each_case_once():
    case, rows = study()
    peaks = grid_peaks(case).set_index("reason")
    assert peaks.loc["whole grid take-off", "hour"] == 100
    assert peaks.loc["whole grid feed-in", "hour"] == 4000
    cases = all_cases(case, asset_cases(case, rows))
    assert cases["case_id"].is_unique
    assert {"", "KA-2"} <= set(cases["outage"])


def test_dc_flow_is_the_peak_of_the_screening_and_the_causes_add_up(checked):
    _, rows, tables = checked
    check = tables["ac_check"].set_index(["asset_id", "direction"])
    peak = rows.set_index(["asset_id", "direction"])["peak_mw"]
    assert check["dc_mw"].to_numpy() == pytest.approx(peak.reindex(check.index).to_numpy(), abs=1e-6)
    assert check["dc_loading_pct"].to_numpy() == pytest.approx(
        rows.set_index(["asset_id", "direction"])["loading_pct"].reindex(check.index).to_numpy()
    )
    assert set(check["status"]) == {"converged"}
    parts = check[["losses_mva", "reactive_mva", "voltage_mva"]].sum(axis=1) / check["limit_mva"] * 100
    assert parts.to_numpy() == pytest.approx(check["difference_pct"].to_numpy())
    assert len(check) == len(rows)


def test_voltage_and_losses_are_reported_per_case_and_bus(checked):
    case, _, tables = checked
    cases, voltage = tables["ac_cases"], tables["ac_voltage"].set_index("bus_id")
    assert (cases["losses_mw"] > 0).all()
    assert (cases["solvable_pct"] == 100).all()
    assert voltage.loc["K380", ["voltage_min_pu", "voltage_max_pu"]].tolist() == pytest.approx([1.02, 1.02])
    assert voltage.loc["A110", "voltage_min_pu"] == pytest.approx(cases["voltage_min_pu"].min())
    assert set(voltage.index) == set(case.grid.buses["bus_id"])


def test_a_case_without_solution_is_counted_with_how_far_it_holds():
    case, rows = study(scale=14.0)
    tables = ac_check(case, rows)
    lost = tables["ac_cases"].query("status == 'no solution'")
    assert len(lost) > 0
    assert lost["solvable_pct"].between(5, 95).all()
    assert (lost["bus_min"] != "").all()
    check = tables["ac_check"]
    assert len(check) == len(rows)
    assert check.loc[check["status"] == "no solution", "ac_loading_pct"].isna().all()
    assert set(check.loc[check["status"] == "no solution", "cause"]) == {""}


def test_large_differences_name_their_cause():
    case, rows = study(scale=2.5)
    check = ac_check(case, rows)["ac_check"]
    known = check[check["status"] == "converged"]
    named = known["difference_pct"].abs() > 5
    assert named.any()
    assert set(known.loc[named, "cause"]) <= {"losses", "reactive power", "voltage"}
    assert (known.loc[~named, "cause"] == "").all()


def test_cables_raise_the_voltage_by_their_charging():
    low, high = (
        ac_check(*study(kind=kind))["ac_voltage"].set_index("bus_id") for kind in ("overhead", "cable")
    )
    assert (high.loc["B110", "voltage_min_pu"] - low.loc["B110", "voltage_min_pu"]) > 1e-4
    charging = ELECTRICAL.charging_mvar(
        pd.DataFrame({"kind": ["cable", "mixed", "overhead"], "length_km": 10.0, "voltage_kv": 110.0})
    )
    assert charging.tolist() == pytest.approx([8.0, 4.0, 0.0])


def test_a_screening_of_another_grid_is_refused():
    case, rows = study()
    with pytest.raises(ValueError, match="screening has"):
        ac_check(case, rows.assign(peak_mw=rows["peak_mw"] + 1.0))


def test_tables_conform_to_the_registry(checked):
    for name, table in checked[2].items():
        assert len(conform(name, table)) > 0


def test_support_is_tried_before_a_case_counts_as_unsolvable():
    case, rows = study(scale=3.5)
    helped = replace(case, electrical=replace(case.electrical, most_support=(0.33, 0.05)))
    before, after = (ac_check(one, rows)["ac_cases"] for one in (case, helped))
    assert (after["status"] == "with support").any()
    assert (after["status"] == "no solution").sum() < (before["status"] == "no solution").sum()
    assert after.loc[after["status"] == "with support", "support_mvar"].notna().all()
    assert (after.loc[after["status"] == "with support", "voltage_max_pu"] < 1.2).all()  # no more than needed
    assert after.loc[after["status"] == "converged", "support_mvar"].isna().all()
