"""High-voltage flows against hand-known answers and a brute-force calculation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.network import sensitivities
from pmiek.security.screening import hourly_loading, hourly_net_load, prepare, screen
from pmiek.security.screening.maintenance import cut_pairs, maintenance_check
from pmiek.security.screening.settings import summer_hours

RING = """
corridor from to n x mva tower
KA       K    A  1 4 100 -
KB       K    B  1 4 100 -
AB       A    B  1 4 100 -
"""
UNITS = """
group station kind     mva
K-hv  K       coupling 200
K-hv  K       coupling 200
A-mv  A       station  200
A-mv  A       station  200
B-mv  B       station  200
B-mv  B       station  200
"""


def ring() -> SimpleNamespace:
    return tiny.grid(["K", "A", "B"], UNITS, RING, ("K",))


def run(grid, text: str, hours: int = 8760, settings=None, **shape):
    ready = prepare(grid, sensitivities(grid), settings or tiny.settings())
    frame = pd.DataFrame({name: np.broadcast_to(np.asarray(v, float), hours) for name, v in shape.items()})
    return screen(ready, tiny.connections(text), frame, tiny.KEY)


def value(result, asset: str, direction: str, contingency: str, column: str = "peak_mw"):
    table = result.loading.set_index(["asset_id", "direction", "contingency"])
    return table.loc[(asset, direction, contingency), column]


ONLY_A = "station kind sector profile volume switchable\nA demand homes p 1 0"


def test_ring_carries_two_thirds_directly_and_all_after_an_outage():
    result = run(ring(), ONLY_A, p=90)
    assert value(result, "KA", "take-off", "N-0") == pytest.approx(60.0)
    assert value(result, "KB", "take-off", "N-0") == pytest.approx(30.0)
    assert value(result, "KA", "take-off", "N-1") == pytest.approx(90.0)
    assert value(result, "KA", "take-off", "N-1", "binding_outage") in {"KB-1", "AB-1"}
    assert value(result, "AB", "take-off", "N-1", "binding_outage") == "KA-1"
    assert value(result, "KA", "feed-in", "N-1") == 0.0


def test_coupling_transformers_share_and_one_remains():
    result = run(ring(), ONLY_A, p=180)
    assert value(result, "K-hv", "take-off", "N-0", "limit_mw") == pytest.approx(400.0)
    assert value(result, "K-hv", "take-off", "N-1", "limit_mw") == pytest.approx(200.0)
    assert value(result, "K-hv", "take-off", "N-1", "loading_pct") == pytest.approx(90.0)


def test_direction_turns_with_the_power():
    text = "station kind sector profile volume switchable\nA supply field p 1 0"
    result = run(ring(), text, p=90)
    assert value(result, "K-hv", "feed-in", "N-0") == pytest.approx(90.0)
    assert value(result, "K-hv", "take-off", "N-0") == 0.0
    assert value(result, "KA", "feed-in", "N-1") == pytest.approx(90.0)


def test_feed_in_that_feeds_a_neighbour_counts_as_feed_in_where_it_dominates():
    text = "station kind sector profile volume switchable\nA supply field p 90 0\nB demand homes p 30 0"
    result = run(ring(), text, p=1)
    assert value(result, "KA", "feed-in", "N-0") == pytest.approx(60 - 10)
    assert value(result, "AB", "feed-in", "N-0") == pytest.approx(30 + 10)
    assert value(result, "AB", "take-off", "N-0") == 0.0


def test_switchable_generation_is_judged_after_the_trip():
    text = "station kind sector profile volume switchable\nA supply field p 1 0.5"
    result = run(ring(), text, p=90)
    assert value(result, "KA", "feed-in", "N-0") == pytest.approx(60.0)
    assert value(result, "KA", "feed-in", "N-1") == pytest.approx(45.0)


def test_simultaneity_lowers_take_off_in_flows_but_not_at_the_station():
    result = run(ring(), ONLY_A, settings=tiny.settings(station_simultaneity=0.9), p=90)
    assert value(result, "KA", "take-off", "N-0") == pytest.approx(54.0)
    assert value(result, "A-mv", "take-off", "N-0") == pytest.approx(90.0)


def test_a_corridor_reports_its_worst_circuit():
    circuits = "corridor from to n x mva tower\nKA K A 2 4 100 T"
    grid = tiny.grid(["K", "A"], UNITS.replace("B-mv  B       station  200\n", ""), circuits, ("K",))
    result = run(grid, ONLY_A, p=150)
    assert value(result, "KA", "take-off", "N-0", "loading_pct") == pytest.approx(75.0)
    assert value(result, "KA", "take-off", "N-1", "loading_pct") == pytest.approx(150.0)
    assert value(result, "KA", "take-off", "N-1", "exceedance_mw") == pytest.approx(50.0)
    assert value(result, "KA", "take-off", "N-1", "redundancy") == "single-fault"
    tower = result.lost_load[result.lost_load["kind"] == "tower"].iloc[0]
    assert (tower["outage_id"], tower["stations"], tower["lost_load_mw"]) == ("T", "A", 150.0)


def test_an_outage_that_islands_gives_lost_load_not_a_loading():
    circuits = "corridor from to n x mva tower\nKA K A 2 4 100 -\nAB A B 1 4 100 -"
    grid = tiny.grid(["K", "A", "B"], UNITS, circuits, ("K",))
    result = run(grid, "station kind sector profile volume switchable\nB demand homes p 1 0", p=70)
    lost = result.lost_load.set_index("outage_id")
    assert lost.loc["AB-1", "lost_load_mw"] == pytest.approx(70.0)
    assert lost.loc["AB-1", "lost_energy_mwh"] == pytest.approx(70.0 * 8760)
    assert value(result, "AB", "take-off", "N-0", "redundancy") == "none"
    assert value(result, "AB", "take-off", "N-1", "lost_load_mw") == pytest.approx(70.0)
    assert value(result, "AB", "take-off", "N-1", "loading_pct") == pytest.approx(70.0)


def test_shares_in_a_flow_weigh_stations_by_their_effect():
    text = "station kind sector profile volume switchable\nA demand homes p 60 0\nB demand homes p 60 0"
    shares = run(ring(), text, p=1, settings=tiny.settings(detail_from_pct=10.0)).shares
    chosen = shares[(shares["asset_id"] == "KA") & (shares["direction"] == "take-off")].set_index("gm_code")[
        "share"
    ]
    # worst is the outage of KB: all of A and all of B over KA
    assert chosen.to_dict() == pytest.approx({"GM_A": 0.5, "GM_B": 0.5})
    sums = shares.groupby(["asset_id", "direction"])["share"].sum()
    np.testing.assert_allclose(sums, 1.0)


def test_a_national_circuit_is_information_only():
    settings = tiny.settings(information_from_kv=100.0)
    assert (
        run(ring(), ONLY_A, settings=settings, p=1)
        .loading.query("asset_class == 'circuit'")["is_information"]
        .all()
    )


# brute force ---------------------------------------------------------------------------------------------


def random_grid(stations: int, seed: int) -> SimpleNamespace:
    rng = np.random.default_rng(seed)
    names = [f"S{i:02d}" for i in range(stations)]
    pairs = [(names[i], names[(i + 1) % stations]) for i in range(stations)]
    pairs += [tuple(rng.choice(names, 2, replace=False)) for _ in range(stations // 2)]
    rows = [
        f"{a}{b}x{i} {a} {b} {rng.integers(1, 3)} {rng.uniform(2, 9):.3f} {rng.integers(80, 200)} -"
        for i, (a, b) in enumerate(pairs)
    ]
    circuits = "corridor from to n x mva tower\n" + "\n".join(rows)
    units = ["group station kind mva"]
    units += [f"{s}-hv {s} coupling {mva}" for s in (names[0], names[stations // 2]) for mva in (150, 200)]
    units += [f"{s}-mv {s} station 80" for s in names for _ in range(2)]
    grid = tiny.grid(names, "\n".join(units), circuits, (names[0], names[stations // 2]))
    top = pd.DataFrame(
        [
            {
                "circuit_id": "TOP-1",
                "corridor_id": "TOP",
                "name": "TOP",
                "bus0": f"{names[0]}380",
                "bus1": f"{names[stations // 2]}380",
                "voltage_kv": 380.0,
                "x_ohm": 5.0,
                "rating_summer_mva": 2000.0,
                "rating_winter_mva": 2000.0,
                "rating_low_mva": 2000.0,
                "rating_high_mva": 2000.0,
                "tower_group": np.nan,
                "operator": "operator",
                "rating_quality": "published",
            }
        ]
    )
    grid.circuits = pd.concat([grid.circuits.astype({"tower_group": float}), top], ignore_index=True)
    return grid


def solve(grid, injection: np.ndarray, buses: list[str], out: str | None) -> dict[str, np.ndarray] | None:
    """Flows by solving the nodal equations from scratch, slack spread equally over the 380 kV buses."""
    at = {bus: i for i, bus in enumerate(buses)}
    lines = grid.circuits[grid.circuits["circuit_id"] != out]
    units = grid.transformers[
        (grid.transformers["kind"] == "coupling") & (grid.transformers["unit_id"] != out)
    ]
    voltage = grid.buses.set_index("bus_id")["voltage_kv"]
    branches = [
        (c, at[a], at[b], voltage[a] ** 2 / x)
        for c, a, b, x in zip(lines["circuit_id"], lines["bus0"], lines["bus1"], lines["x_ohm"], strict=True)
    ]
    branches += [
        (u, at[a], at[b], mva / (x / 100))
        for u, a, b, mva, x in zip(
            units["unit_id"], units["bus0"], units["bus1"], units["rated_mva"], units["x_pct"], strict=True
        )
    ]
    matrix = np.zeros((len(buses), len(buses)))
    for _, i, j, b in branches:
        matrix[[i, j], [i, j]] += b
        matrix[[i, j], [j, i]] -= b
    if np.linalg.matrix_rank(matrix) < len(buses) - 1:
        return None
    slack = np.array([1.0 if bus.endswith("380") else 0.0 for bus in buses])
    balanced = injection - (slack / slack.sum())[:, None] * injection.sum(axis=0)
    angle = np.zeros_like(injection)
    angle[1:] = np.linalg.solve(matrix[1:, 1:], balanced[1:])
    return {name: b * (angle[i] - angle[j]) for name, i, j, b in branches}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_network_agrees_with_brute_force(seed):
    stations, hours = 20, 48
    grid = random_grid(stations, seed)
    rng = np.random.default_rng(seed)
    names = list(grid.stations["station_id"])
    net = rng.normal(10, 40, (stations, hours))
    text = ["station kind sector profile volume switchable"]
    text += [f"{s} demand homes d{s} 1 0\n{s} supply field g{s} 1 0" for s in names]
    shape = {f"d{s}": np.maximum(net[i], 0) for i, s in enumerate(names)}
    shape |= {f"g{s}": np.maximum(-net[i], 0) for i, s in enumerate(names)}
    ready = prepare(grid, sensitivities(grid), tiny.settings())
    load = hourly_net_load(ready, tiny.connections("\n".join(text)), pd.DataFrame(shape))
    hourly = hourly_loading(ready, load)
    found = hourly.keys.assign(row=range(len(hourly.keys))).set_index(
        ["asset_id", "direction", "contingency"]
    )["row"]
    buses = [b for b in grid.buses["bus_id"] if not b.endswith("mv")]
    injection = np.zeros((len(buses), hours))
    for i, s in enumerate(names):
        injection[buses.index(f"{s}110")] = -net[i]
    outages = [None, *grid.circuits["circuit_id"], *grid.transformers.query("kind == 'coupling'")["unit_id"]]
    solved = [solve(grid, injection, buses, out) for out in outages]
    asset_of = dict(zip(grid.circuits["circuit_id"], grid.circuits["corridor_id"], strict=True))
    rating = dict(zip(grid.circuits["circuit_id"], grid.circuits["rating_summer_mva"], strict=True))
    expected: dict[str, np.ndarray] = {}
    for flows in solved:
        for name, flow in (flows or {}).items():
            if name in asset_of:
                loading = np.abs(flow) / rating[name]
                expected[asset_of[name]] = np.maximum(expected.get(asset_of[name], 0.0), loading)
    assert len(expected) > stations
    for asset, worst in expected.items():
        both = [hourly.loading[found[(asset, d, "N-1")]] for d in ("take-off", "feed-in")]
        np.testing.assert_allclose(np.maximum(*both), worst, rtol=1e-4, atol=1e-5)


def test_relabelling_changes_nothing_but_names():
    text = "station kind sector profile volume switchable\nA demand homes p 60 0\nB supply field p 20 0.5"
    one = run(ring(), text, p=np.linspace(0.5, 1, 8760))
    rename = {"K": "Z", "A": "Y", "B": "X"}

    def renamed(value: str) -> str:
        return "\n".join(
            line if number == 0 else " ".join(_swap(word, rename) for word in line.split())
            for number, line in enumerate(value.strip().splitlines())
        )

    grid = tiny.grid(["X", "Y", "Z"], renamed(UNITS), renamed(RING), ("Z",))
    other = run(grid, renamed(text), p=np.linspace(0.5, 1, 8760))
    numbers = ["limit_mw", "peak_mw", "loading_pct", "exceedance_mw", "hours", "energy_mwh"]
    first = one.loading.assign(asset_id=one.loading["asset_id"].map(lambda a: _swap(a, rename)))
    key = ["asset_id", "direction", "contingency"]
    pd.testing.assert_frame_equal(
        first.sort_values(key, ignore_index=True)[key + numbers],
        other.loading.sort_values(key, ignore_index=True)[key + numbers],
        rtol=1e-9,
    )


def _swap(word: str, rename: dict[str, str]) -> str:
    head = word.split("-", maxsplit=1)[0]
    if set(head) <= set(rename):
        return "".join(rename[c] for c in head) + word[len(head) :]
    return word


def test_more_capacity_never_raises_a_loading():
    text = "station kind sector profile volume switchable\nA demand homes p 150 0\nB demand homes p 90 0"
    grid = ring()
    ready = prepare(grid, sensitivities(grid), tiny.settings())
    shape = pd.DataFrame({"p": np.linspace(0, 1, 8760)})
    load = hourly_net_load(ready, tiny.connections(text), shape)
    before = hourly_loading(ready, load).loading
    for asset in ("KA", "K-hv", "A-mv"):
        after = hourly_loading(ready, load, {asset: 30.0}).loading
        assert (after <= before + 1e-12).all()
        assert (after < before - 1e-6).any()


def test_seasons_follow_the_summer_months():
    summer = summer_hours((4, 5, 6, 7, 8, 9))
    assert summer.sum() == 183 * 24
    assert not summer[24 * 90 - 1]
    assert summer[24 * 90]


def test_a_fault_during_maintenance_may_cut_off_a_known_load():
    circuits = "corridor from to n x mva tower\nKA K A 2 4 100 -\nAB A B 1 4 100 -\nKB K B 1 4 100 -"
    grid = tiny.grid(["K", "A", "B"], UNITS, circuits, ("K",))
    sens = sensitivities(grid)
    ready = prepare(grid, sens, tiny.settings())
    text = "station kind sector profile volume switchable\nB demand homes p 1 0"
    shape = pd.DataFrame({"p": np.r_[120.0, np.full(9, 90.0)]})
    load = hourly_net_load(ready, tiny.connections(text), shape)
    check = maintenance_check(cut_pairs(sens, ready.stations), load, 100.0).set_index("stations")
    assert set(check.index) == {"B", "A;B;K"}
    assert check.loc["B", ["maintenance", "fault"]].tolist() == ["AB-1", "KB-1"]
    assert check.loc["B", "lost_load_mw"] == pytest.approx(120.0)
    assert check.loc["B", "hours_above_limit"] == 1
    assert bool(check.loc["B", "exceeds"])
