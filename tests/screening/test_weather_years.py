"""Peaks over weather years, faults of towers, exemptions, margins and switching states."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.network import sensitivities
from pmiek.security.screening import (
    hourly_loading,
    hourly_net_load,
    market_loading,
    peaks,
    prepare,
    screen,
    weather_loading,
)
from pmiek.security.screening.faults import BLOCK_HOURS, season_blocks
from pmiek.security.screening.flows import at_high_voltage
from pmiek.security.screening.loading import peak_table
from pmiek.security.screening.states import state_table

KEYS = ["asset_id", "direction", "contingency"]
RING = """
corridor from to n x mva tower
KA       K    A  1 4 100 T
KB       K    B  1 5 100 -
AB       A    B  2 6 90  T
"""
UNITS = """
group station kind     mva
K-hv  K       coupling 200
K-hv  K       coupling 150
A-mv  A       station  60
A-mv  A       station  60
B-mv  B       station  200
B-mv  B       station  200
"""
BOTH = """
station kind   sector profile volume switchable
A       demand homes  p       60     0
B       demand homes  q       50     0
A       supply field  s       90     0.5
"""
TOWER_LIMITS = """
asset_class voltage_min_kv voltage_max_kv direction contingency season limit_factor test  counts
circuit     100            400            take-off  {state}     all    1.0          total {counts}
"""


def grid() -> SimpleNamespace:
    return tiny.grid(["K", "A", "B"], UNITS, RING, ("K",))


def shapes(hours: int = 8760) -> pd.DataFrame:
    random = np.random.default_rng(5)
    return pd.DataFrame({name: random.uniform(0, 1.5, hours) for name in "pqs"})


def limits(extra: str) -> pd.DataFrame:
    rows = pd.concat([tiny.table(tiny.LIMITS), tiny.table(extra)], ignore_index=True)
    return rows.assign(counts=rows["counts"].ne(False) if "counts" in rows else True)


def tower_settings(*, counts: bool):
    rows = limits(TOWER_LIMITS.format(state="N-2_tower", counts=counts))
    rows["contingency"] = rows["contingency"].str.replace("_", " ")
    return tiny.settings(limits=rows, station_simultaneity=0.9)


def test_peaks_are_those_of_the_full_screening():
    settings = tiny.settings(station_simultaneity=0.9)
    ready = prepare(grid(), sensitivities(grid()), settings)
    who, shape = tiny.connections(BOTH), shapes()
    full = screen(ready, who, shape, tiny.KEY).loading.set_index(KEYS)
    found = peaks(ready, hourly_net_load(ready, who, shape)).set_index(KEYS)
    pd.testing.assert_frame_equal(found.sort_index(), full.sort_index()[found.columns], check_dtype=False)
    assert (found["hours"] > 0).any()


def test_every_hour_equals_a_calculation_fault_by_fault():
    settings = tiny.settings(station_simultaneity=0.9)
    sens = sensitivities(grid())
    ready = prepare(grid(), sens, settings)
    load = hourly_net_load(ready, tiny.connections(BOTH), shapes())
    hourly = hourly_loading(ready, load)
    net = at_high_voltage(load.net_mw, settings)
    at = [sens.station_bus[station] for station in ready.stations]
    injection = np.zeros((len(sens.buses), net.shape[1]))
    np.subtract.at(injection, at, net)
    worst = np.zeros(net.shape[1])
    for outage in (None, *sens.outages):
        if outage is None or (outage.kind == "single" and not outage.lost_buses):
            ptdf = sens.ptdf if outage is None else sens.after(outage)
            for branch in (i for i, asset in enumerate(sens.asset_ids) if asset == "AB"):
                flow = ptdf[branch] @ injection
                size = ptdf[branch] @ -np.abs(injection)
                worst = np.maximum(worst, np.where(size >= 0, flow, -flow))
    row = hourly.keys.set_index(KEYS).index.get_loc(("AB", "take-off", "N-1"))
    assert np.abs(hourly.value_mw[row] - worst).max() < 1e-6


def test_blocks_hold_every_hour_once_and_one_season():
    season = np.r_[np.ones(2000, dtype=int), np.zeros(1500, dtype=int), np.ones(10, dtype=int)]
    blocks = season_blocks(season)
    assert np.concatenate([np.arange(at.start, at.stop) for _, at in blocks]).tolist() == list(range(3510))
    assert all((season[at] == number).all() for number, at in blocks)
    assert max(at.stop - at.start for _, at in blocks) <= BLOCK_HOURS


def test_a_tower_fault_is_shown_but_does_not_count():
    # both circuits of KA stand on the same towers: without them all of A comes over AB
    circuits = RING.replace("1 4 100 T", "2 4 100 T").replace("2 6 90  T", "1 6 90  -")
    net = tiny.grid(["K", "A", "B"], UNITS, circuits, ("K",))
    who = tiny.connections("station kind sector profile volume switchable\nA demand homes p 100 0")
    shape = pd.DataFrame({"p": np.ones(48)})
    result = screen(prepare(net, sensitivities(net), tower_settings(counts=False)), who, shape, tiny.KEY)
    assert set(result.loading["contingency"]) == {"N-0", "N-1"}
    towers = result.tower_faults.set_index(["asset_id", "direction"])
    assert towers.loc[("AB", "take-off"), "binding_outage"] == "T"
    assert towers.loc[("AB", "take-off"), "peak_mw"] == pytest.approx(90.0)
    assert towers.loc[("AB", "take-off"), "loading_pct"] == pytest.approx(100.0)
    counting = screen(prepare(net, sensitivities(net), tower_settings(counts=True)), who, shape, tiny.KEY)
    assert "N-2 tower" in set(counting.loading["contingency"])
    assert counting.tower_faults.empty


def test_an_exemption_holds_only_when_it_is_named():
    rows = limits(
        """
        asset_class voltage_min_kv voltage_max_kv direction contingency season limit_factor test exemption
        circuit     100            219            feed-in   N-1         all    - after_trip small
        """
    )
    who = tiny.connections("station kind sector profile volume switchable\nA supply field p 90 0")
    shape = pd.DataFrame({"p": np.ones(24)})
    found = {}
    for names in ((), ("small",), ("other",)):
        settings = tiny.settings(limits=rows, exemptions=names)
        loading = screen(prepare(grid(), sensitivities(grid()), settings), who, shape, tiny.KEY).loading
        feed_in = loading[(loading["asset_class"] == "circuit") & (loading["direction"] == "feed-in")]
        found[names] = set(feed_in["contingency"])
    assert found == {(): {"N-0", "N-1"}, ("small",): {"N-0"}, ("other",): {"N-0", "N-1"}}


def test_a_margin_says_what_one_input_must_give_up():
    text = """
    station kind   sector profile volume switchable
    A       demand homes  p       50     0
    A       demand cars   q       30     0
    """
    # firm 60 MVA: 80 MW in the first hour (20 too much), 64 in the second, where the cars are only 4
    shape = pd.DataFrame({"p": [1.0, 1.2], "q": [1.0, 4 / 30]})
    settings = tiny.settings(limits=tiny.table(tiny.LIMITS.replace("winter 1.1", "winter 1.0")))
    result = screen(prepare(grid(), None, settings), tiny.connections(text), shape, tiny.KEY)
    margin = result.margins.set_index("sector")
    assert margin.loc["homes", "verdict"] == "alone"
    assert margin.loc["homes", "change_needed_pct"] == pytest.approx(40.0)
    assert margin.loc["homes", "change_needed_mw"] == pytest.approx(20.0)
    assert margin.loc["cars", "change_needed_pct"] == pytest.approx(100.0)  # all four of the second hour
    shape["q"] = [1.0, 3 / 30]
    result = screen(prepare(grid(), None, settings), tiny.connections(text), shape, tiny.KEY)
    cars = result.margins.set_index("sector").loc["cars"]
    assert cars["verdict"] == "alone"
    shape["p"] = [1.0, 1.21]
    cars = screen(prepare(grid(), None, settings), tiny.connections(text), shape, tiny.KEY).margins
    cars = cars.set_index("sector").loc["cars"]
    assert cars["verdict"] == "cannot alone"
    assert np.isnan(cars["change_needed_mw"])


def test_applying_a_margin_makes_the_exceedance_vanish():
    who = tiny.connections(BOTH.replace("60     0", "110    0").replace("50     0", "120    0"))
    ready = prepare(grid(), sensitivities(grid()), tiny.settings())
    margins = screen(ready, who, shapes(400), tiny.KEY).margins
    alone = margins[(margins["verdict"] == "alone") & (margins["direction"] == "take-off")]
    assert len(alone)
    for row in alone.itertuples():
        less = (who["sector"] == row.sector) & (who["gm_code"] == row.gm_code)
        changed = who.assign(
            volume_mwh=who["volume_mwh"].where(~less, who["volume_mwh"] * (1 - row.change_needed_pct / 100))
        )
        after = screen(ready, changed, shapes(400), tiny.KEY).loading
        after = after[(after["asset_id"] == row.asset_id) & (after["direction"] == row.direction)]
        before = screen(ready, who, shapes(400), tiny.KEY).loading
        before = before[(before["asset_id"] == row.asset_id) & (before["direction"] == row.direction)]
        worst = before.loc[before["loading_pct"].idxmax(), "contingency"]
        assert after.set_index("contingency").loc[worst, "loading_pct"] <= 100.0 + 1e-6


def test_a_weather_year_gives_one_row_per_asset_and_direction():
    ready = prepare(grid(), sensitivities(grid()), tiny.settings(information_from_kv=300))
    key = dataclasses.replace(tiny.KEY, weather_year=2011)
    rows = weather_loading(ready, tiny.connections(BOTH), shapes(), key)
    assert not rows.duplicated(["asset_id", "direction"]).any()
    assert set(rows["weather_year"]) == {2011}
    full = screen(ready, tiny.connections(BOTH), shapes(), key).loading
    highest = full.groupby(["asset_id", "direction"])["loading_pct"].max()
    np.testing.assert_allclose(
        rows.set_index(["asset_id", "direction"])["loading_pct"].sort_index(), highest.sort_index()
    )


def test_the_market_curtails_and_drives_what_is_flexible():
    text = """
    station kind        sector  profile      volume switchable
    A       demand      homes   p            60     0
    A       supply      field   s            150    1
    A       flexibility battery unit_battery 40     0
    """
    who = tiny.connections(text)
    shape = pd.DataFrame({"p": [1.0, 0.0], "s": [0.0, 1.0]})
    units = pd.DataFrame({"hour": [0, 1], "unit_battery": [1.0, -0.5]})
    ready = prepare(grid(), None, tiny.settings(firm_share={"battery": 0.25}))
    shares = {"s": np.array([0.0, 0.4])}
    rows = market_loading(ready, who, shape, tiny.KEY, dispatch=units, curtailed_share=shares)
    peak = rows.set_index(["market", "direction", "asset_id"])["peak_mw"]
    assert peak["curtailed", "take-off", "A-mv"] == pytest.approx(60 + 10)  # firm rights of a quarter
    assert peak["curtailed", "feed-in", "A-mv"] == pytest.approx(150 * 0.6 + 5)
    assert peak["price-following", "take-off", "A-mv"] == pytest.approx(60 + 40)
    assert peak["price-following", "feed-in", "A-mv"] == pytest.approx(150 + 20)


def test_faults_left_out_by_their_bound_change_no_peak():
    settings = tiny.settings(station_simultaneity=0.9)
    ready = prepare(grid(), sensitivities(grid()), settings)
    for scale in (0.3, 1.0, 3.0):  # far below, around and far above the limits
        load = hourly_net_load(ready, tiny.connections(BOTH), scale * shapes())
        every = peak_table(hourly_loading(ready, load)).set_index(KEYS)
        pd.testing.assert_frame_equal(peaks(ready, load).set_index(KEYS).sort_index(), every.sort_index())


def test_a_switching_state_counts_what_exceeds():
    ready = prepare(grid(), sensitivities(grid()), tiny.settings())
    text = "station kind sector profile volume switchable\nA demand homes p 120 0"
    row = state_table(ready, tiny.connections(text), pd.DataFrame({"p": np.ones(10)}), tiny.KEY).iloc[0]
    # A-mv has 60 firm (66 in winter), KA and KB 100 after the other fails
    assert row["take_off"] == row["bottlenecks"] == len(row["bottleneck_ids"].split(";"))
    assert row["worst_asset_id"] == "A-mv"
    assert row["worst_loading_pct"] == pytest.approx(100 * 120 / 66)
    assert row["exceedance_mwh"] >= 10 * 54 - 1e-6
