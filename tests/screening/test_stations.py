"""HV/MV stations: firm take-off, two tests for feed-in, attribution. All answers are worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.security.screening import prepare, screen, screen_many

TWO_UNITS = "group station kind mva\nA-mv A station 40\nA-mv A station 40"
HOMES = "station kind sector profile volume switchable\nA demand homes p 1 0"
JULY = 24 * 185


def profiles(**columns) -> pd.DataFrame:
    return pd.DataFrame({name: np.asarray(values, float) for name, values in columns.items()})


def flat(value: float, **peaks: float) -> np.ndarray:
    series = np.full(8760, float(value))
    for hour, peak in peaks.items():
        series[int(hour[1:])] = peak
    return series


def row(result, direction: str, contingency: str, asset: str = "A-mv") -> pd.Series:
    table = result.loading
    chosen = table[
        (table["asset_id"] == asset)
        & (table["direction"] == direction)
        & (table["contingency"] == contingency)
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


def one_station(units: str = TWO_UNITS, text: str = HOMES, shape: dict | None = None, **options):
    ready = prepare(tiny.grid(["A"], units), None, options.pop("settings", tiny.settings()))
    return screen(ready, tiny.connections(text), profiles(**shape or {"p": flat(20)}), tiny.KEY, **options)


def test_take_off_above_firm_in_known_hours():
    result = one_station(shape={"p": flat(20, h10=45, h11=46, **{f"h{JULY}": 43})})
    found = row(result, "take-off", "N-1")
    # firm is one unit of 40: 44 in winter with short-time loading, 40 in summer
    assert found["loading_pct"] == pytest.approx(100 * 43 / 40)
    assert (found["limit_mw"], found["peak_mw"], found["peak_hour"]) == (40.0, 43.0, JULY)
    assert found["hours"] == 3
    assert found["exceedance_mw"] == pytest.approx(3.0)
    assert found["energy_mwh"] == pytest.approx(1 + 2 + 3)
    assert found["binding_outage"] == "A-mv-1"
    assert row(result, "take-off", "N-0")["loading_pct"] == pytest.approx(100 * 46 / 80)
    assert row(result, "feed-in", "N-0")["peak_mw"] == 0.0


def test_unequal_units_lose_the_largest():
    units = "group station kind mva\nA-mv A station 40\nA-mv A station 90\nA-mv A station 40"
    found = row(one_station(units, shape={"p": flat(88)}), "take-off", "N-1")
    assert found["binding_outage"] == "A-mv-2"
    assert found["limit_mw"] == 80.0
    assert found["loading_pct"] == pytest.approx(110.0)


def test_power_factor_lowers_the_take_off_limit_only():
    result = one_station(settings=tiny.settings(power_factor_take_off=0.95))
    assert row(result, "take-off", "N-0")["limit_mw"] == pytest.approx(76.0)
    assert row(result, "feed-in", "N-0")["limit_mw"] == pytest.approx(80.0)


def test_a_single_unit_is_judged_with_all_in_and_named():
    units = "group station kind mva\nA-mv A station 40"
    result = one_station(units, shape={"p": flat(20, h5=30)})
    assert set(result.loading["contingency"]) == {"N-0"}
    found = row(result, "take-off", "N-0")
    assert found["redundancy"] == "none"
    assert found["lost_load_mw"] == 30.0


def test_two_tests_for_feed_in():
    text = """
    station kind   sector profile volume switchable
    A       demand homes  p       1      0
    A       supply field  sun     1      1
    A       supply roof   roof    1      0.3
    """
    shape = {"p": flat(5), "sun": flat(0, h4000=60), "roof": flat(0, h4000=30, h4001=60)}
    result = one_station(text=text, shape=shape)
    total, after_trip = (row(result, "feed-in", c) for c in ("N-0", "N-1"))
    # hour 4000: 60 + 30 - 5 = 85 against 80; after the trip 85 - 60 - 9 = 16
    # hour 4001: 60 - 5 = 55; after the trip 55 - 18 = 37
    assert (total["peak_mw"], total["limit_mw"], total["hours"]) == (85.0, 80.0, 1)
    assert after_trip["peak_mw"] == pytest.approx(37.0)
    assert after_trip["limit_mw"] == 40.0
    assert after_trip["hours"] == 0


def test_tripping_never_turns_feed_in_into_take_off():
    text = """
    station kind   sector profile volume switchable
    A       demand homes  p       1      0
    A       supply field  sun     1      1
    """
    result = one_station(text=text, shape={"p": flat(39), "sun": flat(40)})
    assert row(result, "take-off", "N-1")["peak_mw"] == 0.0
    assert row(result, "feed-in", "N-1")["peak_mw"] == 0.0
    assert row(result, "feed-in", "N-0")["peak_mw"] == pytest.approx(1.0)


def test_flexible_assets_count_with_firm_rights_only():
    text = HOMES + "\nA flexibility battery unit_battery 50 0"
    units = {"p": flat(20), "unit_battery": flat(0, h1=1, h2=-1)}
    peak = {
        name: row(
            one_station(text=text, shape=units, settings=tiny.settings(firm_share=share), **option),
            "take-off",
            "N-0",
        )
        for name, share, option in (
            ("none", {}, {}),
            ("firm", {"battery": 0.2}, {}),
            ("sensitivity", {}, {"price_following": True}),
        )
    }
    assert {name: found["peak_mw"] for name, found in peak.items()} == {
        "none": 20.0,
        "firm": 30.0,
        "sensitivity": 70.0,
    }


def test_curtailed_generation_is_shown_gross_and_net():
    text = "station kind sector profile volume switchable\nA supply field sun 1 1"
    result = one_station(text=text, shape={"sun": flat(90)}, curtailed_share={"sun": np.full(8760, 0.5)})
    found = result.curtailment.query("direction == 'feed-in' and contingency == 'N-0'").iloc[0]
    assert (found["peak_mw_gross"], found["peak_mw_net"]) == (90.0, 45.0)
    assert (found["hours_gross"], found["hours_net"]) == (8760, 0)
    assert row(result, "feed-in", "N-0")["peak_mw"] == 90.0


def test_double_load_doubles_the_loading():
    once = one_station().loading["loading_pct"]
    twice = one_station(text=HOMES.replace(" 1 0", " 2 0")).loading["loading_pct"]
    np.testing.assert_allclose(twice, 2 * once)


@pytest.mark.parametrize("extra", [0.0, 1.0, 25.0])
def test_extra_capacity_comes_on_top_of_every_limit(extra):
    without = one_station(shape={"p": flat(20, h10=60)}).loading
    with_extra = one_station(shape={"p": flat(20, h10=60)}, extra_capacity_mw={"A-mv": extra}).loading
    np.testing.assert_allclose(with_extra["limit_mw"], without["limit_mw"] + extra)
    assert (with_extra["loading_pct"] <= without["loading_pct"]).all()


def test_shares_name_who_causes_the_peak_and_add_to_one():
    text = """
    station kind   sector profile volume switchable
    A       demand homes  p       3      0
    A       demand cars   p       1      0
    A       supply roof   sun     1      0
    """
    result = one_station(text=text, shape={"p": flat(20), "sun": flat(5)})
    shares = result.shares[result.shares["direction"] == "take-off"].set_index("sector")["share"]
    assert shares.to_dict() == pytest.approx({"homes": 0.75, "cars": 0.25})


def test_duration_and_heatmap_hold_the_peak():
    result = one_station(shape={"p": flat(20, h10=44)})
    curve = result.duration[result.duration["direction"] == "take-off"]
    assert curve["loading_pct"].max() == pytest.approx(100.0)
    assert curve["loading_pct"].is_monotonic_increasing
    assert 45 <= len(curve) <= 52
    heat = result.heatmap
    assert len(heat) == 12 * 24
    assert heat.loc[heat["max_loading_pct"].idxmax(), ["month", "hour_local"]].tolist() == [1, 10]


def test_station_energy_adds_to_the_connections():
    text = "station kind sector profile volume switchable\nA demand homes p 1 0\nA supply roof sun 2 0"
    result = one_station(text=text, shape={"p": flat(1), "sun": flat(3)})
    assert result.station_energy.set_index("sector")["energy_mwh"].to_dict() == {
        "homes": 8760.0,
        "roof": 2 * 3 * 8760.0,
    }


def test_two_groups_share_the_load_of_their_station():
    units = (
        "group station kind mva\nA-10 A station 40\nA-10 A station 40\nA-20 A station 80\nA-20 A station 80"
    )
    result = one_station(units, shape={"p": flat(60)})
    assert row(result, "take-off", "N-0", "A-10")["peak_mw"] == pytest.approx(20.0)
    assert row(result, "take-off", "N-0", "A-20")["peak_mw"] == pytest.approx(40.0)


def test_many_screenings_are_joined():
    joined = screen_many(one_station() for _ in range(3))
    assert len(joined.loading) == 3 * len(one_station().loading)
    with pytest.raises(ValueError, match="nothing"):
        screen_many(iter(()))


@pytest.mark.parametrize(
    ("shape", "message"),
    [({"other": flat(1)}, "no hourly profile for p"), ({"p": flat(1, h3=np.nan)}, "empty values")],
)
def test_missing_profiles_are_errors(shape, message):
    with pytest.raises(ValueError, match=message):
        one_station(shape=shape)


def test_screening_does_not_need_the_network_library():
    import subprocess
    import sys

    code = "import sys, pmiek.security.screening, pmiek.results.bottlenecks; sys.exit('pypsa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
