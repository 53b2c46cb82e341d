"""Medium and low voltage of the made-up province, checked by hand.

Two hours: an evening in which the day shape is twice its mean, and a noon with all roofs at full power.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_province
from pmiek.config import merge_scenario
from pmiek.errors import InputError
from pmiek.inputs import read_tables
from pmiek.results.variants.districts import plan_districts
from pmiek.security.mv_lv import capacity_range, mv_lv, mv_lv_check

ROOT = Path(__file__).parents[2]
HOUR = 1.0 / 8760.0
PROFILES = {
    2012: pd.DataFrame(
        {
            "day_shape": [2 * HOUR, HOUR], "flat": [HOUR, HOUR], "solar_roof": [0.0, 1 / 850],
            "solar_field_existing": [0.0, 1 / 900], "solar_field_new": [0.0, 1 / 900],
            "wind_onshore": [0.0, 0.0], "wind_onshore_existing": [0.0, 0.0],
        }
    )
}  # fmt: skip
YIELDS = {"solar_field_existing": 900.0, "solar_field_new": 900.0}
YEARS = (2025, 2030, 2035, 2050)


@pytest.fixture(scope="module")
def scenario():
    return merge_scenario(
        ROOT / "scenarios", tiny_province.BASE_STORYLINE, "nulalternatief", tiny_province.SCENARIO_OVERRIDES
    )


@pytest.fixture(scope="module")
def tables(tiny_inputs):
    return read_tables(tiny_inputs)


def made(tables, scenario, **options):
    return mv_lv(tables, scenario, PROFILES, years=YEARS, yields=YIELDS, **options)


@pytest.fixture(scope="module")
def found(tables, scenario):
    return made(tables, scenario, grid_states=("frozen", "nulalternatief"))


def changed(tables, name, change):
    return replace(tables, frames={**tables.frames, name: change(tables[name].copy())})


def one(table, **where):
    chosen = np.logical_and.reduce([table[name] == value for name, value in where.items()])
    (row,) = table[chosen].to_dict("records")
    return row


def test_district_stations_by_hand(found, scenario):
    row = one(found.mv_lv, asset_id="mvlv-GM0001", year=2050)
    # evening of 2025: 2 x 6 homes + 2 x 4 x 0.5 buildings = 16; noon: 6 + 2 - 10 on roofs
    assert row["take_off_capacity_mw"] == pytest.approx(16 * 1.25)
    assert row["feed_in_capacity_mw"] == pytest.approx(16 * 1.25)
    # evening of 2050: 2 x 11 + 6.5 + 2.5 cars; noon: 11 + 3.25 + 2.5 - 35
    assert row["take_off_peak_mw"] == pytest.approx(31)
    assert row["feed_in_peak_mw"] == pytest.approx(18.25)
    assert (row["direction"], row["shortage_mw"]) == ("take-off", pytest.approx(11))
    assert row["need_mw"] == pytest.approx(1.4 * 11)
    assert (row["stations_pooled"], row["stations"]) == (18, 25)  # 11 / 0.63 and 15.4 / 0.63
    assert row["cable_km"] == pytest.approx(25 * 1.9)
    assert row["space_ha"] == pytest.approx(25 * 0.0025)
    assert row["cost_meur"] == pytest.approx(25 * (0.08 + 1.9 * 0.18))
    assert row["payer"] == "Netco"
    # 16 + 3 MW per five years passes 20 MW in 2035; two years to build
    assert (row["first_year"], row["start_by_year"]) == (2035, max(2033, scenario.years.reference))


def test_switching_stations_by_hand(found):
    row = one(found.mv_lv, asset_id="mv-GM0001", year=2050)
    assert row["take_off_capacity_mw"] == pytest.approx(40)  # no municipality has less than one station
    # 2 x (11 + 6.5) + 2.5 cars + half of nine tenths of 10 MW of industry
    assert row["take_off_peak_mw"] == pytest.approx(42)
    assert (row["stations"], row["cable_km"]) == (1, pytest.approx(24))
    assert row["cost_meur"] == pytest.approx(4.88 + 24 * 0.18)


def test_base_year_has_no_shortage_and_no_start(found):
    base = found.mv_lv[found.mv_lv["year"] == 2025]
    assert base["stations"].sum() == 0
    assert one(found.mv_lv, asset_id="mvlv-GM0002", year=2025)["direction"] == ""


def test_loading_is_as_the_screening_writes_it(found, scenario):
    key = {"asset_id": "mvlv-GM0001", "direction": "take-off", "year": 2050}
    for state in ("frozen", "nulalternatief"):
        row = one(found.loading, grid_state=state, **key)
        assert (row["limit_mw"], row["peak_mw"]) == (pytest.approx(20), pytest.approx(31))
        assert (row["hours"], row["energy_mwh"]) == (1, pytest.approx(11))
        assert (row["asset_class"], row["operator"], row["quality"]) == ("mv_lv", "Netco", "derived")
    assert set(found.loading["gm_code"]) == {"GM0001", "GM0002"}  # no neighbours


def test_causes_add_to_one_and_name_the_evening(found):
    rows = found.shares
    of = {"asset_id": "mvlv-GM0001", "direction": "take-off", "year": 2050, "grid_state": "frozen"}
    mine = rows[np.logical_and.reduce([rows[name] == value for name, value in of.items()])]
    shares = mine.set_index("sector")["share"]
    assert shares.sum() == pytest.approx(1)
    assert shares["households"] == pytest.approx(22 / 31)


def test_growth_alone_counts(tables, scenario, found):
    """Twice the demand and supply in every year, base year included, is the same loading."""

    def twice(frame):
        amounts = [name for name in ("volume_mwh", "capacity_mw", "peak_mw") if name in frame]
        return frame.assign(**{name: 2 * frame[name] for name in amounts})

    double = tables
    for name in ("demand/municipal", "demand/industry", "supply/municipal", "supply/industry"):
        double = changed(double, name, twice)
    mine, other = (t.loading[t.loading["asset_class"] == "mv_lv"] for t in (found, made(double, scenario)))
    frozen = mine[mine["grid_state"] == "frozen"]
    assert other["loading_pct"].to_numpy() == pytest.approx(frozen["loading_pct"].to_numpy())


def test_a_variant_passes_other_demand(tables, scenario, found):
    def more(frame):
        later = (
            (frame["year"] == 2050) & (frame["sector"] == "households") & (frame["carrier"] == "electricity")
        )
        return frame.assign(volume_mwh=frame["volume_mwh"].where(~later, 2 * frame["volume_mwh"]))

    other = made(changed(tables, "demand/municipal", more), scenario, variant="mine")
    row = one(other.mv_lv, asset_id="mvlv-GM0001", year=2050)
    assert row["variant"] == "mine"
    assert row["take_off_peak_mw"] == pytest.approx(31 + 22)
    assert one(other.mv_lv, asset_id="mvlv-GM0001", year=2035) == one(
        found.mv_lv.assign(variant="mine"), asset_id="mvlv-GM0001", year=2035
    )


@pytest.mark.parametrize("name", ["mv_lv_spare_share", "mv_lv_mismatch_factor"])
def test_more_spare_never_raises_and_more_mismatch_never_lowers_the_number(tables, scenario, found, name):
    def more(frame):
        return frame.assign(value=frame["value"].where(frame["assumption_id"] != name, 2 * frame["value"]))

    before = found.mv_lv["stations"].to_numpy()
    after = made(changed(tables, "assumptions", more), scenario).mv_lv["stations"].to_numpy()
    assert (after <= before).all() if name == "mv_lv_spare_share" else (after >= before).all()
    assert (after != before).any()


def test_the_range_of_spare_becomes_the_range_of_capacity(tables):
    def wide(frame):
        mine = frame["assumption_id"] == "mv_lv_spare_share"
        return frame.assign(low=frame["low"].where(~mine, 0.1), high=frame["high"].where(~mine, 0.4))

    (row,) = capacity_range(changed(tables, "assumptions", wide), ["mvlv-GM0001"]).to_dict("records")
    assert (row["factor_low"], row["factor_high"]) == (pytest.approx(1.1 / 1.25), pytest.approx(1.4 / 1.25))


def test_published_numbers_stand_beside_the_model(tables, scenario, found):
    check = mv_lv_check(tables, scenario, PROFILES, found.mv_lv)
    row = one(check, check_id="aadorp")
    assert (row["year"], row["published"], row["modelled"]) == (2030, pytest.approx(1.0), 0)
    row = one(check, check_id="tinyland")
    districts = found.mv_lv[(found.mv_lv["year"] == 2050) & (found.mv_lv["asset_class"] == "mv_lv")]
    assert row["modelled"] == pytest.approx(districts["stations"].sum() / 30)
    row = one(check, check_id="peak_household_kw")
    assert row["modelled"] == pytest.approx(1000 * 2 * (6 + 3) / 30000)
    assert one(check, check_id="roof_solar_simultaneity")["modelled"] == pytest.approx(1.0)


def test_without_levels_the_room_stays_empty(tables, scenario):
    nothing = made(changed(tables, "profiles/connection_levels", lambda frame: frame.head(0)), scenario)
    assert set(nothing.tables()) == {"mv_lv"}
    assert nothing.mv_lv.empty
    assert mv_lv_check(tables, scenario, PROFILES, nothing.mv_lv).empty


def test_every_missing_cost_is_named_at_once(tables, scenario):
    without = changed(
        tables, "costs/infrastructure", lambda f: f[~f["asset_class"].isin(["mv_cable", "mv_station"])]
    )
    with pytest.raises(InputError) as caught:
        made(without, scenario)
    assert len(caught.value.problems) == 5
    assert "mv_station / switching_station / size" in str(caught.value)


def test_a_variant_that_may_builds_what_districts_need_and_one_that_may_not_leaves_it(tables):
    def planned(may):
        chosen = {**tiny_province.SCENARIO_OVERRIDES, "build.mv_lv": may}
        scenario = merge_scenario(ROOT / "scenarios", tiny_province.BASE_STORYLINE, "nulalternatief", chosen)
        years = scenario.years.pathway
        return plan_districts(tables, scenario, PROFILES, YIELDS, np.linspace(1, 2, len(years))), years

    built, years = planned(may=True)
    row = one(built.capacity, asset_id="mvlv-GM0001", year=2050)
    assert (row["built_mw"], row["built_continuous_mw"]) == (pytest.approx(25 * 0.63), pytest.approx(15.4))
    assert built.loading.empty
    paid = built.costs[(built.costs["year"] == 2050) & (built.costs["asset_class"] == "mv_lv")]
    assert set(paid["gm_code"]) == {"GM0001", "GM0002"}  # each where it stands
    paid = paid.groupby("category", as_index=False)[["cost_meur_per_year", "cost_meur_npv"]].sum()
    kept = one(paid, category="fixed_om")
    district = built.capacity[(built.capacity["year"] == 2050) & (built.capacity["asset_class"] == "mv_lv")]
    stations = district["built_mw"].sum() / 0.63
    assert stations == pytest.approx(44)  # 25 and those of Beeveen
    assert kept["cost_meur_per_year"] == pytest.approx(0.01 * 44 * (0.08 + 1.9 * 0.18))
    assert kept["cost_meur_npv"] == pytest.approx(2 * kept["cost_meur_per_year"])
    # 40 years at the rate of the framework
    rate = 0.0225 / (1 - 1.0225**-40)
    assert one(paid, category="capex")["cost_meur_per_year"] == pytest.approx(
        100 * rate * kept["cost_meur_per_year"]
    )
    assert set(built.costs["payer"]) == {"Netco"}
    bare, _ = planned(may=False)
    assert bare.capacity.empty
    assert bare.costs.empty
    left = one(bare.loading, asset_id="mvlv-GM0001", direction="take-off", year=2050)
    assert (left["grid_state"], left["exceedance_mw"]) == ("nulalternatief", pytest.approx(11))
    assert set(bare.loading["year"]) == set(years)
