"""Flows are right: by hand, against PyPSA, and for every outage against a grid without the element."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hand_grids import scenario_with, tiny_grid
from hypothesis import given, settings
from hypothesis import strategies as st
from pmiek.network import grid_state, sensitivities, transit_pattern
from pmiek.network.build import build_network

TRIANGLE = {
    "buses": """A110 110 1
             B110 110 0
             C110 110 0""",
    "circuits": """ab A110 B110 10 100 -
                bc B110 C110 10 100 -
                ac A110 C110 10 100 -""",
}
STATES = [
    ("pockets", 2025, "frozen"),
    ("coevorden-south", 2030, "nulalternatief"),
    ("meshed", 2035, "nulalternatief"),
]


def flow(sens, **injections):
    at = np.array([injections.get(bus, 0.0) for bus in sens.buses])
    return dict(zip(sens.branches, sens.flows(at).round(9), strict=True))


def random_load(grid, hours=3, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        rng.uniform(-60, 90, (hours, len(grid.stations))), columns=grid.stations["station_id"].to_numpy()
    )


def flows_without(sens, failed, injection):
    """Solve the angles without the failed branches from scratch; also the buses without a feed."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(sens.buses)))
    alive = [i for i in range(len(sens.branches)) if i not in failed]
    graph.add_edges_from((*sens.ends[i], {"weight": sens.susceptance[i]}) for i in alive)
    injection, unfed = injection.copy(), set()
    for part in nx.connected_components(graph):
        nodes = sorted(part)
        share = sens.slack[nodes]
        if share.sum() == 0:
            unfed |= part
            injection[nodes] = 0.0
        else:
            injection[nodes] -= np.outer(share / share.sum(), injection[nodes].sum(axis=0))
    laplacian = nx.laplacian_matrix(graph, nodelist=range(len(sens.buses))).toarray()
    angle = np.linalg.lstsq(laplacian, injection, rcond=None)[0]
    flows = np.zeros((len(sens.branches), injection.shape[1]))
    flows[alive] = sens.susceptance[alive, None] * (angle[sens.ends[alive, 0]] - angle[sens.ends[alive, 1]])
    return flows, unfed


def test_load_in_a_triangle_splits_two_to_one():
    sens = sensitivities(tiny_grid(**TRIANGLE))
    assert flow(sens, C110=-90) == {"ab": 30.0, "bc": 30.0, "ac": 60.0}


def test_two_boundary_buses_share_the_balance():
    grid = tiny_grid("A110 110 3\nB110 110 0\nC110 110 1", "ab A110 B110 10 100 -\nbc B110 C110 10 100 -")
    assert flow(sensitivities(grid), B110=-80) == {"ab": 60.0, "bc": -20.0}


def test_transformer_reactance_counts_on_its_own_rating():
    grid = tiny_grid(
        "A220 220 1\nA110 110 0",
        "",
        "t1 A-220-110 coupling A220 A110 100 10\nt2 A-220-110 coupling A220 A110 200 10",
    )
    assert flow(sensitivities(grid), A110=-90) == {"t1": 30.0, "t2": 60.0}


def test_outage_moves_flow_to_the_rest_and_names_lost_buses():
    grid = tiny_grid(TRIANGLE["buses"] + "\nD110 110 0", TRIANGLE["circuits"] + "\ncd C110 D110 5 100 -")
    sens = sensitivities(grid)
    by_name = {outage.outage_id: outage for outage in sens.outages}
    load = np.array([0, 0, -90, 0.0])
    assert (sens.after(by_name["ac"]) @ load).round(9).tolist() == [90, 90, 0, 0]
    assert by_name["cd"].splits
    assert [sens.buses[b] for b in by_name["cd"].lost_buses] == ["D110"]
    assert np.isnan(sens.lodf[:, sens.branches.index("cd")]).all()
    assert not np.isnan(sens.lodf[:, sens.branches.index("ac")]).any()
    assert [outage.outage_id for outage in sens.islanding] == ["cd"]


def test_double_outage_on_shared_towers():
    grid = tiny_grid(
        TRIANGLE["buses"],
        """ab A110 B110 10 100 T1
           bc B110 C110 10 100 -
           ac1 A110 C110 10 100 T1;T2
           ac2 A110 C110 10 100 T2""",
    )
    sens = sensitivities(grid)
    towers = {outage.outage_id: outage for outage in sens.outages if outage.kind == "tower"}
    load = np.array([0, -30, -60.0])
    assert (sens.after(towers["T1"]) @ load).round(9).tolist() == [0, -30, 0, 90]
    assert (sens.after(towers["T2"]) @ load).round(9).tolist() == [90, 60, 0, 0]


def test_splitting_between_two_fed_parts_loses_nothing():
    grid = tiny_grid("A110 110 1\nB110 110 1", "ab A110 B110 10 100 -")
    outage = sensitivities(grid).outages[0]
    assert outage.splits
    assert outage.lost_buses == ()


def test_what_an_unfed_island_needs_flows_nowhere():
    grid = tiny_grid("A110 110 1\nB110 110 0\nC110 110 0", "bc B110 C110 10 100 -")
    assert flow(sensitivities(grid), B110=50) == {"bc": 0.0}


@pytest.mark.parametrize(("switching", "year", "state"), STATES)
def test_flows_equal_pypsa_with_shared_slack(tables, switching, year, state):
    grid = grid_state(tables, scenario_with(switching), state, year)
    load = random_load(grid)
    network = build_network(grid, load)
    network.lpf()
    sens = sensitivities(grid)
    ours = sens.flows(sens.injections(load.T))
    theirs = pd.concat([network.c.lines.dynamic.p0, network.c.transformers.dynamic.p0], axis=1)
    np.testing.assert_allclose(ours, theirs[list(sens.branches)].T.to_numpy(), atol=1e-6)


def test_flows_equal_pypsa_with_one_slack_bus(tables):
    grid = grid_state(tables, scenario_with("meshed"), "frozen", 2025)
    only = grid.buses["slack_share"].where(grid.buses["bus_id"] == "ENS380", 0.0)
    grid = replace(grid, buses=grid.buses.assign(slack_share=only))
    load = random_load(grid, seed=2)
    network = build_network(grid, load)
    network.lpf()
    sens = sensitivities(grid)
    theirs = pd.concat([network.c.lines.dynamic.p0, network.c.transformers.dynamic.p0], axis=1)
    np.testing.assert_allclose(
        sens.flows(sens.injections(load.T)), theirs[list(sens.branches)].T.to_numpy(), atol=1e-6
    )


@pytest.mark.parametrize(("switching", "year", "state"), STATES)
def test_every_outage_equals_the_grid_without_the_element(tables, switching, year, state):
    grid = grid_state(tables, scenario_with(switching), state, year)
    sens = sensitivities(grid)
    injection = sens.injections(random_load(grid).T)
    base = sens.flows(injection)
    for outage in sens.outages:
        expected, unfed = flows_without(sens, outage.branches, injection)
        np.testing.assert_allclose(
            sens.after(outage) @ injection, expected, atol=1e-6, err_msg=outage.outage_id
        )
        assert set(outage.lost_buses) == unfed, outage.outage_id
        if outage.kind == "single" and not outage.splits:
            m = outage.branches[0]
            np.testing.assert_allclose(base + np.outer(sens.lodf[:, m], base[m]), expected, atol=1e-6)


def test_power_balances_at_every_bus(tables):
    grid = grid_state(tables, scenario_with("pockets"), "frozen", 2025)
    sens = sensitivities(grid)
    injection = sens.injections(random_load(grid).T)
    flows = sens.flows(injection)
    net = np.zeros_like(injection)
    np.add.at(net, sens.ends[:, 0], flows)
    np.subtract.at(net, sens.ends[:, 1], flows)
    assert len(set(sens.island)) == 1
    np.testing.assert_allclose(net, injection - np.outer(sens.slack, injection.sum(axis=0)), atol=1e-6)


def test_transit_runs_through_and_must_balance():
    sens = sensitivities(tiny_grid(**TRIANGLE))
    assert sens.transit({"A110": 90, "C110": -90}).round(9).tolist() == [30, 30, 60]
    with pytest.raises(ValueError, match="90 MW"):
        sens.transit({"A110": 90})
    with pytest.raises(ValueError, match="X110"):
        sens.transit({"X110": 0})


def test_transit_enters_north_and_leaves_south_by_slack_share():
    grid = tiny_grid(
        "A110 110 1\nB110 110 3\nC110 110 4\nD110 110 0",
        "ad A110 D110 9 1 -\nbd B110 D110 9 1 -\ncd C110 D110 9 1 -",
    )
    grid = replace(grid, stations=grid.stations.assign(lat=[53.4, 53.2, 52.3, 52.9]))
    assert transit_pattern(grid, "north_south", 100) == {"A110": 25, "B110": 75, "C110": -100}
    assert transit_pattern(grid, "south_north", 100)["C110"] == 100
    assert transit_pattern(grid, "none", 100) == {}
    with pytest.raises(ValueError, match="north_south"):
        transit_pattern(grid, "east_west", 100)


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(5)), lines=st.permutations(range(6)))
def test_names_and_order_do_not_matter(order, lines):
    bus_rows = [f"{name}110 110 {share}" for name, share in zip("ABCDE", (2, 0, 0, 1, 0), strict=True)]
    line_rows = [
        f"l{i} {a}110 {b}110 {x} 100 -"
        for i, (a, b, x) in enumerate(
            [("A", "B", 9), ("B", "C", 7), ("C", "D", 5), ("A", "D", 8), ("B", "E", 4), ("E", "D", 6)]
        )
    ]
    first = sensitivities(tiny_grid("\n".join(bus_rows), "\n".join(line_rows)))
    second = sensitivities(
        tiny_grid("\n".join(bus_rows[i] for i in order), "\n".join(line_rows[i] for i in lines))
    )
    for outage in first.outages:
        twin = second.outages[second.branches.index(outage.outage_id)]
        ours = pd.DataFrame(first.after(outage), list(first.branches), list(first.buses))
        theirs = pd.DataFrame(second.after(twin), list(second.branches), list(second.buses))
        pd.testing.assert_frame_equal(ours, theirs.loc[ours.index, ours.columns], atol=1e-9, rtol=0)
