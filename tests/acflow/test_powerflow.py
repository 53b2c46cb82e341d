"""AC power flow against closed formulas and against PyPSA's own Newton-Raphson."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ac_grids import ONE_LINE, RING, grid, inject, pypsa_voltages, real_grid
from pmiek.security.acflow import Electrical, Injections, solve

COSY = Electrical(
    boundary_voltage_pu=1.03, cable_mvar_per_km=0.8, overhead_mvar_per_km={110: 0.034, 380: 0.5}
)


def far_voltage_kv(p_mw: float, q_mvar: float, x_ohm: float, sent_kv: float = 110.0) -> float:
    """V⁴ + (2xQ - E²) V² + x² (P² + Q²) = 0 behind a reactance."""
    b = 2 * x_ohm * q_mvar - sent_kv**2
    return float(np.sqrt((-b + np.sqrt(b**2 - 4 * x_ohm**2 * (p_mw**2 + q_mvar**2))) / 2))


@pytest.mark.parametrize(("p_mw", "q_mvar"), [(100, 0), (100, 40), (-150, 0), (60, -30)])
def test_voltage_behind_a_reactance_is_that_of_the_formula(p_mw, q_mvar):
    result = solve(ONE_LINE, Electrical(), inject(B=(p_mw, q_mvar)))
    assert result.converged.all()
    at = result.buses.index("B110")
    assert result.voltage_pu[0, at] * 110 == pytest.approx(far_voltage_kv(p_mw, q_mvar, 10.0), abs=1e-6)
    assert result.dc_mw[0, 0] == pytest.approx(p_mw)
    assert result.p_mw[0, 0, 0] == pytest.approx(p_mw, abs=1e-6)  # without resistance AC carries what DC does
    assert result.losses_mw[0] == pytest.approx(0.0, abs=1e-6)


def test_losses_are_resistance_times_current_squared():
    lossy = replace(ONE_LINE, circuits=ONE_LINE.circuits.assign(r_ohm=2.0))
    result = solve(lossy, Electrical(), inject(B=(80, 30)))
    volt = result.voltage_pu[0, result.buses.index("B110")] * 110
    assert result.losses_mw[0] == pytest.approx(2.0 * (80**2 + 30**2) / volt**2, rel=1e-6)


def test_reactive_power_of_parks_brings_back_a_solution():
    # 10 ohm carries E²/2x = 605 MW at unity power factor; 700 MW needs reactive power at the far end
    plain = Electrical(most_support=(0.33, 0.0))
    found = []
    for electrical in (plain, plain.with_support()):
        mvar = float(electrical.reactive_mvar(np.array([0.0]), np.array([700.0]))[0])
        found.append((mvar, solve(ONE_LINE, electrical, inject(B=(-700.0, mvar))).converged[0]))
    assert found == [(0.0, False), (pytest.approx(-231.0), True)]


def test_taps_of_coupling_transformers_raise_the_lower_voltage():
    coupled = grid(
        "A220 220 1\nA110 110 0\nC110 110 0",
        "AC1 A110 C110 0 1 1 overhead 99",
        "u g coupling A220 A110 200 12",
    )
    low, high = (
        solve(coupled, Electrical(coupling_tap_pu=tap), inject(C=(0.0, 0.0))).voltage_pu[0, 1]
        for tap in (0.0, 0.05)
    )
    assert high / low == pytest.approx(1.05)


def test_beyond_the_power_that_a_line_can_carry_there_is_no_solution():
    most = 110.0**2 / (2 * 10.0)  # E²/2x at unity power factor: 605 MW
    power = Injections(("B",), np.array([[0.99 * most, 1.01 * most]]), np.zeros((1, 2)), ((), ()))
    result = solve(ONE_LINE, Electrical(), power)
    assert result.converged.tolist() == [True, False]
    assert np.isnan(result.voltage_pu[1]).all()
    assert result.dc_mw[1, 0] == pytest.approx(1.01 * most)


def test_boundary_buses_deliver_their_share_and_the_largest_takes_the_losses():
    result = solve(RING, COSY, inject(C=(90, 20)))
    shares = dict(zip(result.boundary, result.boundary_mw[0], strict=True))
    assert shares["B110"] == pytest.approx(0.25 * 90, abs=1e-3)
    assert shares["A110"] == pytest.approx(0.75 * 90 + result.losses_mw[0], abs=2e-3)
    held = [result.voltage_pu[0, result.buses.index(bus)] for bus in result.boundary]
    assert held == pytest.approx([1.03, 1.03], abs=1e-9)


def test_lossless_ring_splits_like_dc():
    grid = replace(RING, circuits=RING.circuits.assign(r_ohm=0.0), transformers=RING.transformers[:0])
    grid = replace(grid, buses=grid.buses[grid.buses["voltage_kv"] > 50])
    result = solve(grid, Electrical(), inject(C=(9, 0)))
    assert result.dc_mw[0] == pytest.approx([-0.25, 2.0, 3.5, 3.5])  # 4 ohm twice beside 2 and 2 in parallel
    assert result.p_mw[0, :, 0] == pytest.approx(result.dc_mw[0], abs=1e-3)


def test_an_outage_that_cuts_off_a_station_leaves_it_without_voltage():
    result = solve(ONE_LINE, Electrical(), inject(("AB1",), B=(50, 0)))
    assert np.isnan(result.voltage_pu[0, result.buses.index("B110")])
    assert result.dc_mw[0] == pytest.approx([0.0])


def test_unknown_names_are_refused():
    with pytest.raises(KeyError, match="nowhere"):
        solve(ONE_LINE, Electrical(), inject(("nowhere",), B=(50, 0)))
    with pytest.raises(KeyError, match="X"):
        solve(ONE_LINE, Electrical(), inject(X=(50, 0)))


def test_tiny_ring_equals_pypsa_with_and_without_an_outage():
    for outage in ((), ("AC1",), ("c-1",)):
        power = inject(outage, B=(20, 5), C=(60, 25))
        result = solve(RING, COSY, power)
        expected = pypsa_voltages(RING, COSY, power)
        assert result.converged.all()
        assert np.abs(result.voltage_pu - expected).max() < 1e-6


def test_real_grid_equals_pypsa():
    grid = real_grid()
    rng = np.random.default_rng(4)
    stations = tuple(sorted(grid.stations["station_id"]))
    outages = ((), ("ZYV110-BL110-1",), ("MEE-220-110-1",), ())
    take = rng.uniform(-15, 30, (len(stations), 4)) * [1.0, 1.0, 1.0, -1.0]
    power = Injections(stations, take, np.abs(take) * 0.25, outages)
    result = solve(grid, COSY, power)
    assert result.converged.all()
    expected = pypsa_voltages(grid, COSY, power)
    assert np.nanmax(np.abs(result.voltage_pu - expected)) < 1e-4
    assert result.voltage_pu.min() < 0.99
