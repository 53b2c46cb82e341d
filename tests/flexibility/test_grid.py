"""The whole pass on tiny grids: high-voltage limits join stations, and the tables add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.config import merge_scenario
from pmiek.inputs import read_tables
from pmiek.network import sensitivities
from pmiek.optimise.flexibility import FlexSettings, flex_settings, flexibility
from pmiek.results.registry import conform
from pmiek.security.screening import hourly_loading, hourly_net_load, prepare

ROOT = Path(__file__).resolve().parents[2]
RING = """
corridor from to n x mva tower
KA       K    A  1 4 100 -
KB       K    B  1 4 100 -
AB       A    B  1 4 100 -
"""
UNITS = """
group station kind     mva
K-hv  K       coupling 400
K-hv  K       coupling 400
A-mv  A       station  {a}
A-mv  A       station  {a}
B-mv  B       station  200
B-mv  B       station  200
"""
SHARES = (
    "demand_response", "charging_car", "charging_van", "charging_truck", "battery_system", "battery_park",
    "battery_homes", "long_storage", "power_to_heat", "electrolyser", "heat_pump",
)  # fmt: skip
COSTS = (
    "demand_response", "curtailment", "power_to_heat", "electrolyser", "smart_charging", "heat_pump",
    "battery_system", "battery_park", "battery_homes", "long_storage",
)  # fmt: skip
NOTHING = FlexSettings(
    share=dict.fromkeys(SHARES, 0.0),
    cost_eur_per_mwh=dict.fromkeys(COSTS, 50.0) | {"demand_response": 150.0, "curtailment": 60.0},
    heat_pump_hours=3.0,
    hours={"battery_system": 4.0},
    efficiency={"battery_system": 1.0},
)
CONTRACTS = replace(NOTHING, share=NOTHING.share | {"demand_response": 0.2})
HOURS = 171 + 168


def run(text: str, shape: np.ndarray, settings: FlexSettings = CONTRACTS, a_mva: float = 400):
    grid = tiny.grid(["K", "A", "B"], UNITS.format(a=a_mva), RING, ("K",))
    ready = prepare(grid, sensitivities(grid), tiny.settings())
    profiles = pd.DataFrame({"p": shape})
    who = tiny.connections(text)
    return ready, flexibility(ready, who, profiles, settings, tiny.KEY), hourly_net_load(ready, who, profiles)


def peak(base: float, **hours: float) -> np.ndarray:
    values = np.full(HOURS, base)
    for hour, value in hours.items():
        values[int(hour[1:])] = value
    return values


FACTORY = "station kind sector profile volume switchable\nA demand industry_food p 1 0"


def of(result, asset: str, direction: str) -> pd.Series:
    return result.flexibility.set_index(["asset_id", "direction"]).loc[(asset, direction)]


def test_contract_keeps_a_corridor_within_its_single_fault_limit():
    # with KB or AB out all of A comes over KA, which carries 100
    _, result, _ = run(FACTORY, peak(50, h60=105, h61=112))
    found = of(result, "KA", "take-off")
    assert found["exceedance_mwh_before"] == pytest.approx(5 + 12)
    assert found["removed_pct"] == pytest.approx(100.0)
    assert (found["residual_hours"], found["hours_used"]) == (0, 2)
    measure = result.measures.set_index("station_id").loc["A"]
    assert (measure["measure"], measure["energy_mwh"]) == ("demand_response", pytest.approx(17.0))
    assert measure["potential_mw"] == pytest.approx(0.2 * 112)
    assert result.dispatch.joint_solves >= 1


def test_what_the_contract_cannot_do_is_the_residual_bottleneck():
    _, result, _ = run(FACTORY, peak(50, h60=150))
    found = of(result, "KA", "take-off")
    assert found["residual_mwh"] == pytest.approx(150 * 0.8 - 100)
    assert found["residual_peak_mw"] == pytest.approx(20.0)
    assert found["removed_mwh"] + found["residual_mwh"] == pytest.approx(found["exceedance_mwh_before"])


def test_curtailment_where_it_has_effect_on_the_corridor():
    # with all in service two thirds of A's feed-in goes over KA: 6 above 100 asks 9 MW less at A
    parks = "A supply solar_field p 1 1\nB supply solar_field p 0.01 1"
    text = "station kind sector profile volume switchable\n" + parks
    _, result, _ = run(text, peak(30, h60=159), NOTHING)
    curtailed = result.measures.set_index("station_id")["energy_mwh"]
    flow = 159 * 2 / 3 + 1.59 / 3
    assert curtailed["A"] == pytest.approx((flow - 100) * 3 / 2)
    assert "B" not in curtailed.index
    assert of(result, "KA", "feed-in")["residual_mwh"] == pytest.approx(0.0, abs=1e-5)


def test_one_measure_for_a_station_and_a_corridor_is_paid_once():
    _, result, _ = run(FACTORY, peak(50, h60=118), a_mva=95)  # station 104.5 in winter, corridor 100
    rows = result.flexibility.set_index("asset_id")
    assert rows.loc[["KA", "A-mv"], "removed_mwh"].tolist() == pytest.approx([18.0, 13.5])
    assert rows["cost_meur_per_year"].sum() == pytest.approx(18 * 150 / 1e6)
    assert rows["cost_meur_per_year"].sum() == pytest.approx(result.measures["cost_meur_per_year"].sum())
    assert rows.loc["A-mv", "cost_meur_per_year"] > 0


def test_the_gap_to_the_whole_year_is_reported_for_the_station_with_most_to_solve():
    # contracts have no memory: weeks lose nothing. Station A may carry 104.5 in winter, a fifth can go
    _, result, _ = run(FACTORY, peak(50, h60=118, h200=150), a_mva=95)
    row = conform("flexibility_gap", result.gap).iloc[0]
    assert row["station_id"] == "A"
    assert row["weeks_cost_meur"] == pytest.approx((13.5 + 30.0) * 150 / 1e6)
    assert row["weeks_residual_mwh"] == pytest.approx(150 * 0.8 - 104.5)
    assert row["gap_pct"] == pytest.approx(0.0, abs=1e-9)
    assert row["year_cost_meur"] == pytest.approx(row["weeks_cost_meur"])
    # a battery empties in the one week and is not known to be needed in the next: the whole year does better
    text = FACTORY + "\nA flexibility battery_system - 30 0"
    batteries = replace(NOTHING, share=NOTHING.share | {"battery_system": 1.0})
    _, result, _ = run(text, peak(50, h60=118, h200=130), batteries, a_mva=95)
    row = result.gap.iloc[0]
    assert row["gap_pct"] >= -1e-9
    assert row["year_residual_mwh"] <= row["weeks_residual_mwh"] + 1e-9


def test_recharging_does_not_overload_the_corridor_elsewhere():
    text = FACTORY + "\nA flexibility battery_system - 30 0"
    batteries = replace(NOTHING, share=NOTHING.share | {"battery_system": 1.0})
    ready, result, load = run(text, peak(99, h60=110, h61=110), batteries)
    before, after = hourly_loading(ready, load), hourly_loading(ready, result.dispatch.load)
    assert of(result, "KA", "take-off")["residual_mwh"] == pytest.approx(0.0, abs=1e-5)
    assert (after.exceedance_mw() <= before.exceedance_mw() + 1e-5).all()
    assert result.measures["energy_mwh"].sum() == pytest.approx(20.0)


def test_calm_grid_gives_empty_tables_that_fit_the_registry():
    _, result, _ = run(FACTORY, peak(50))
    assert (len(result.flexibility), len(result.measures), result.dispatch.solves) == (0, 0, 0)
    assert len(conform("flexibility", result.flexibility)) == 0
    assert len(conform("flexibility_measures", result.measures)) == 0
    assert len(conform("flexibility_gap", result.gap)) == 0


def test_settings_come_from_the_assumptions(tiny_inputs):
    scenario = merge_scenario(ROOT / "scenarios", "eigen_vermogen", "nulalternatief")
    tables = read_tables(tiny_inputs, ["assumptions", "supply/fleet"])
    settings = flex_settings(tables, scenario, 2035)
    assert settings.share["demand_response"] == 0.2
    assert settings.share["battery_system"] == 0.5
    assert settings.cost_eur_per_mwh["curtailment"] == 60.0
    assert (settings.hours["battery_system"], settings.efficiency["battery_system"]) == (4.0, 0.85)
    assert scenario.flexibility.grid_states == ("nulalternatief",)
