from __future__ import annotations

import numpy as np
import pytest
from pmiek.timeseries import fit_to_capacity
from pmiek.timeseries.heat import (
    Building,
    HeatPump,
    cop_series,
    day_pattern,
    effective_temperature,
    electric_heat_pump,
    hybrid_heat_pump,
    hybrid_share,
)
from pmiek.timeseries.solar import spread
from pmiek.timeseries.wind import fit_offshore, offshore_output, power_curve

HOME = Building(threshold_c=15.0, inertia_hours=0.0, solar_gain_k_per_w_per_m2=0.0, hot_water_k=0.0)
PUMP = HeatPump(
    ground_share=0.0,
    bivalent_c=-7.0,
    space_sink_slope=1.0,
    space_sink_at_zero_c=40.0,
    water_sink_c=50.0,
    ground_c=10.0,
    field_factor=1.0,
    cop_floor=1.0,
    cop_ceiling=9.0,
)


def test_performance_follows_the_published_regression():
    # air at 0 C, flow at 40 C: 6.08 - 0.09 * 40 + 0.0005 * 1600 = 3.28
    # ground at 10 C: 10.29 - 0.21 * 30 + 0.0012 * 900 = 5.07
    found = cop_series(np.array([0.0]), PUMP)
    assert found["air"][0] == pytest.approx(3.28)
    assert found["ground"][0] == pytest.approx(5.07)


def test_an_element_does_what_the_pump_cannot():
    performance = {"mix": np.array([2.0]), "water": np.array([2.0])}
    # 30 degree-hours, pump up to 15 + 7 = 22: 22 / 2 + 8 = 19
    assert electric_heat_pump(np.array([30.0]), np.zeros(1), performance, HOME, PUMP)[0] == pytest.approx(
        19.0
    )


@pytest.mark.parametrize(
    ("outside", "electricity", "gas"), [(5.0, 5.0, 1.0), (-2.0, 2.5, 6.0), (-10.0, 0.0, 11.0)]
)
def test_hybrids_hand_over_to_the_boiler_in_cold(outside, electricity, gas):
    running = hybrid_share(np.array([outside]), -6.0, 2.0)
    found = hybrid_heat_pump(np.array([10.0]), np.array([1.0]), {"mix": np.array([2.0])}, running, 20.0)
    assert [float(part[0]) for part in found] == pytest.approx([electricity, gas])


def test_inertia_smooths_and_keeps_the_mean():
    outside = np.tile(np.r_[np.full(12, 0.0), np.full(12, 10.0)], 30)
    slow = Building(15.0, 24.0, 0.0, 0.0)
    felt = effective_temperature(outside, np.zeros_like(outside), slow)
    assert felt.max() - felt.min() < 3.0
    assert felt.mean() == pytest.approx(5.0, abs=0.1)


def test_day_pattern_has_mean_one_and_dips_at_night():
    pattern = day_pattern(np.arange(24), 0.3, 0.35)
    assert pattern.mean() == pytest.approx(1.0)
    assert pattern[3] < pattern[12] < pattern[7]


def test_spreading_keeps_the_energy():
    assert spread(np.array([0.0, 4.0, 0.0, 0.0]), 0.5) == pytest.approx([1.0, 2.0, 1.0, 0.0])


def test_power_curve_of_many_turbines_is_smooth_and_reaches_full_power():
    speed, power = power_curve("N131/3600", 1.2)
    assert power.max() == pytest.approx(1.0, abs=1e-3)
    assert np.abs(np.diff(power)).max() < 0.05
    assert power[speed < 0.5].max() < 0.01


def test_offshore_map_gives_back_a_monotone_relation():
    wind = np.random.default_rng(1).gamma(4.0, 1.2, 2000)
    output = np.clip(wind / 12.0, 0.0, 1.0)
    fit = fit_offshore([wind], [output], 1)
    assert offshore_output(wind, fit, 1) == pytest.approx(output, abs=0.02)


@pytest.mark.parametrize(
    ("profile", "volume", "capacity", "expected"),
    [
        ([0.25, 0.75], 4.0, 10.0, [1.0, 3.0]),  # below nameplate: unchanged
        ([0.25, 0.75], 4.0, 2.5, [1.5, 2.5]),  # one hour cut, the other raised
        ([0.5, 0.5, 0.0], 9.0, 2.0, [2.0, 2.0, 0.0]),  # cannot fit: limit in all hours with output
    ],
)
def test_output_stays_below_nameplate_and_keeps_its_energy(profile, volume, capacity, expected):
    assert fit_to_capacity(np.array(profile), volume, capacity) == pytest.approx(expected)
