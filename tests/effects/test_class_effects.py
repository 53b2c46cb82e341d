"""Effects by the model that judges a class: medium voltage, heat, gas and hydrogen, with figures known by hand."""
# ruff: noqa: E501 - tables of cases stay readable when a case is a line

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.effects import (
    class_changes,
    class_delay,
    class_told,
    class_unlocked,
    effect_gaps,
    judge,
    paired,
)
from pmiek.decide.effects.classes import GAS, HEAT, MEDIUM
from pmiek.decide.effects.unlock import Yardsticks
from pmiek.optimise.pipes.case import link_at, with_extra

LOADING = world.table("""
    asset_id | asset_class | carrier | direction | year | weather_year | loading_pct | exceedance_mw | hours | energy_mwh
    mvlv-GM1 | mv_lv | electricity | take-off | 2030 | 2012 | 90 | 0 | 0 | 0
    mvlv-GM1 | mv_lv | electricity | take-off | 2035 | 2012 | 150 | 10 | 100 | 400
    mvlv-GM1 | mv_lv | electricity | feed-in | 2035 | 2012 | 120 | 4 | 20 | 40
    mvlv-GM1 | mv_lv | electricity | take-off | 2035 | 2022 | 110 | 2 | 10 | 9
    mv-GM2 | mv_station | electricity | take-off | 2035 | 2012 | 130 | 6 | 50 | 100
    a-sources | heat_source | heat | take-off | 2035 | 2012 | 200 | 20 | 500 | 3000
    gas8-a | gas_area | methane | feed-in | 2035 | 2012 | 300 | 30 | 6000 | 90000
""")
LISTED = world.table("""
    project_id | carrier | asset_class | asset_ids | size_mw | option | direction
    district | electricity | mv_lv | mvlv-GM1 | 8 | mv_lv_stations | take-off
    contract | electricity | mv_station | mv-GM2 | 6 | flexible_contract | take-off
    pipe | heat | heat_source | a-sources | 25 | heat_pipe | take-off
    coupling | methane | gas_area | gas8-a | 40 | gas_coupling | feed-in
    less | hydrogen | electrolyser | electrolyser-x | 3 | less_hydrogen | feed-in
    unsized | heat | pipeline | a-sources | | planned |
    nowhere | heat | source | well | 12 | planned |
    station | electricity | station_transformer | A-mv | 40 | extra_transformer | take-off
""")


def test_projects_become_mw_for_the_model_of_their_class():
    changes, lost = class_changes(LISTED, LOADING)
    assert {c.project_id: (c.model, c.gains) for c in changes} == {
        "district": (MEDIUM, {"mvlv-GM1": {"take-off": 8.0, "feed-in": 8.0}}),
        "contract": (MEDIUM, {"mv-GM2": {"take-off": 6.0}}),
        "pipe": (HEAT, {"a": {"take-off": 25.0, "feed-in": 25.0}}),
        "coupling": (GAS, {"gas8-a": {"take-off": 40.0, "feed-in": 40.0}}),
    }
    assert lost == {"less": "builds_nothing", "unsized": "no_size", "nowhere": "not_in_model"}


def with_less(gains) -> pd.DataFrame:
    """A model in which each MW takes away a MW, and energy in proportion."""
    rows = LOADING.copy()
    for asset, ways in gains.items():
        for way, mw in ways.items():
            at = rows["asset_id"].str.removesuffix("-sources").eq(asset) & rows["direction"].eq(way)
            left = (rows["exceedance_mw"] - mw).clip(lower=0.0)
            share = (left / rows["exceedance_mw"].where(rows["exceedance_mw"] > 0)).fillna(0.0)
            for name in ("hours", "energy_mwh"):
                rows[name] = rows[name].astype(float).where(~at, rows[name] * share)
            rows["exceedance_mw"] = rows["exceedance_mw"].astype(float).where(~at, left)
            rows["loading_pct"] = rows["loading_pct"].astype(float).where(~at | (left > 0), 99.0)
    return rows


def told(name: str, year: int = 2035):
    changes = [c for c in class_changes(LISTED, LOADING)[0] if c.project_id == name]
    found = judge(changes, dict.fromkeys((MEDIUM, HEAT, GAS), with_less))
    both = paired(changes[0], LOADING, found[name], year)
    return class_told(both, 100.0), both


def test_a_class_is_judged_without_and_with_its_project():
    found, _ = told("district")
    assert (
        found["bottlenecks_without"] - found["bottlenecks_with"] == 1
    )  # feed-in is solved, 2 MW of take-off stay
    assert found["solved_ids"] == "mvlv-gm1-electricity-feed-in"
    assert found["take_off_mwh_avoided"] == pytest.approx(400 * 0.8)  # 8 of 10 MW, in the harder weather year
    assert found["unserved_mwh_avoided"] == found["take_off_mwh_avoided"]
    assert found["curtailed_mwh_avoided"] == pytest.approx(40)
    assert told("pipe")[0]["take_off_mwh_avoided"] == pytest.approx(3000)
    assert told("coupling")[0]["feed_in_mwh_avoided"] == pytest.approx(90000)  # once it was told as zero
    assert told("contract")[0]["feed_in_mwh_avoided"] == 0


def test_room_of_a_class_is_counted_by_who_is_short():
    shares = world.table("""
        bottleneck_id | sector | share | weather_year
        mvlv-gm1-electricity-take-off | households | 0.75 | 2012
        mvlv-gm1-electricity-take-off | industry | 0.25 | 2012
        gas8-a-methane-feed-in | green_gas | 1 | 2012
    """)
    groups = {"households": "homes", "industry": "business"}
    scales = Yardsticks(home_kw=2.0, floor_w_per_m2=20.0, co2_t_per_mwh=0.3, after_market={})
    found = class_unlocked(told("district")[1], shares, groups, scales)
    assert (found["homes_mw"], found["homes"], found["business_mw"]) == pytest.approx((6.0, 3000.0, 2.0))
    gas = class_unlocked(told("coupling")[1], shares, groups, scales)
    assert gas["renewable_mwh"] == pytest.approx(90000)
    assert np.isnan(gas["homes"])  # not computed, which is not zero
    assert np.isnan(gas["co2_kt"])


def test_delay_of_a_class_runs_straight_between_its_judged_years():
    numbers = ("hours", "take_off_mwh", "feed_in_mwh", "unserved_mwh", "curtailed_mwh")
    by_year = {
        2030: {**{f"{n}_avoided": 0.0 for n in numbers}, "solved_ids": ""},
        2035: {**{f"{n}_avoided": 100.0 for n in numbers}, "solved_ids": "x"},
    }
    assert class_delay(by_year, 2034, 1)["extra_hours"] == pytest.approx(80)
    two = class_delay(by_year, 2034, 2)
    assert two["extra_take_off_mwh"] == pytest.approx(180)
    assert two["appearing_ids"] == "x"
    assert class_delay(by_year, 2035, 2) is None  # 2036 was not judged


def test_what_was_not_measured_is_named_with_its_reason():
    gaps = effect_gaps(
        LISTED[["project_id"]].head(2), "s1", {"effect": {"district"}, "delay": set()},
        {"effect": {"contract": "no_size"}, "delay": {"district": "after_horizon"}},
    )  # fmt: skip
    rows = gaps.set_index(["project_id", "what"])["reason"].to_dict()
    assert rows == {
        ("contract", "effect"): "no_size",
        ("district", "delay"): "after_horizon",
        ("contract", "delay"): "not_in_model",
    }
    assert gaps[["reason_nl", "reason_en"]].ne("").all().all()


def test_a_project_at_a_place_enlarges_the_way_out_of_it():
    class Pipes:
        links = pd.DataFrame(
            {
                "node0": ["top", "low", "low"], "node1": ["low", "top", "side"],
                "asset_class": ["gas_reduction", "gas_booster", "gas_pipe"], "both_ways": [False, False, True],
            },
            index=["reduction-low", "booster", "pipe"],
        )  # fmt: skip
        existing_mw = np.array([[5.0, 0.0, 1.0]])

    assert (link_at(Pipes(), "low"), link_at(Pipes(), "pipe"), link_at(Pipes(), "side")) == (
        "booster",
        "pipe",
        "pipe",
    )
    np.testing.assert_array_equal(with_extra(Pipes(), {"low": 7.0, "pipe": 2.0}), [[5.0, 7.0, 3.0]])
    np.testing.assert_array_equal(Pipes.existing_mw, [[5.0, 0.0, 1.0]])
    with pytest.raises(KeyError):
        link_at(Pipes(), "elsewhere")
