"""The PyPSA network holds what the tables say and refuses what PyPSA would skip without a word."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pypsa
import pytest
from hand_grids import scenario_with, tiny_grid
from pmiek.network import grid_state
from pmiek.network.build import BuildError, add, build_network, new_network
from pmiek.network.export import cluster_part, export_part, summary_table


@pytest.fixture(scope="module")
def network(tables):
    return build_network(grid_state(tables, scenario_with("pockets"), "frozen", 2025))


def test_every_row_becomes_a_labelled_component(tables, network):
    grid = grid_state(tables, scenario_with("pockets"), "frozen", 2025)
    assert len(network.c.buses.static) == len(grid.buses)
    assert len(network.c.transformers.static) == len(grid.transformers)
    lines = network.c.lines.static
    assert set(lines.index[~lines["active"]]) == set(grid.open_circuits["circuit_id"])
    for component in (network.c.buses, network.c.lines, network.c.transformers, network.c.loads):
        labels = component.static[["cluster", "municipality", "operator", "carrier", "quality"]]
        assert not labels.isna().any().any()
        assert (labels[["operator", "carrier", "quality"]] != "").all().all()
    assert network.c.buses.static.loc["ZYVmv", ["cluster", "municipality"]].tolist() == ["A", "GM0106"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"bus": ["b"]}, index=["new"]), "unknown buses: b"),
        (
            pd.DataFrame({"bus": ["a"], "p_nom_extendible": [True]}, index=["new"]),
            "unknown attributes: p_nom_ext",
        ),
        (pd.DataFrame({"bus": ["a"]}, index=["old"]), "names that exist: old"),
        (pd.DataFrame({"bus": ["a", "a"]}, index=["new", "new"]), "names that exist: new"),
    ],
)
def test_what_pypsa_would_skip_is_refused(table, message):
    network = new_network()
    add(network, "Bus", pd.DataFrame({"v_nom": [110.0], "carrier": "AC"}, index=["a"]))
    add(network, "Generator", pd.DataFrame({"bus": ["a"], "carrier": "grid"}, index=["old"]))
    with pytest.raises(BuildError, match=message):
        add(network, "Generator", table)


def test_hours_land_on_the_medium_voltage_bus_and_leave_by_slack_share():
    grid = tiny_grid(
        "A110 110 3\nB110 110 1\nC110 110 0\nCmv 10 0",
        "ac A110 C110 10 100 -\nbc B110 C110 10 100 -",
        "t C-110-mv station C110 Cmv 40 16",
    )
    network = build_network(grid, pd.DataFrame({"C": [80.0, -40.0]}))
    assert network.c.loads.static.loc["load C", "bus"] == "Cmv"
    assert network.c.generators.dynamic.p_set["grid A110"].tolist() == [60, -30]
    network.lpf()
    assert network.c.lines.dynamic.p0["bc"].round(9).tolist() == [20, -10]


@pytest.mark.parametrize(
    ("hourly", "message"),
    [({"X": [1.0]}, "not in the grid: X"), ({"A": [np.nan]}, "without a figure on: A")],
)
def test_load_on_nothing_or_without_figure_is_refused(hourly, message):
    with pytest.raises(BuildError, match=message):
        build_network(tiny_grid("A110 110 1", ""), pd.DataFrame(hourly))


def test_part_of_a_cluster_reaches_one_branch_beyond_it(network):
    part = cluster_part(network, "B")
    assert set(part.c.buses.static.index) == {"GLTK110", "GLTKmv", "GNHU110", "KWD110", "VDM110", "MEE110"}
    assert set(part.c.loads.static.index) == {"load GLTK"}
    table = summary_table(part).set_index("asset")
    assert table.loc["GLTK-110-mv", ["count", "capacity_mva"]].tolist() == [3, pytest.approx(182.7)]
    assert table.loc["GLTK110-GNHU110", ["kind", "count"]].tolist() == ["circuit", 1]


def test_an_unknown_cluster_says_which_exist(network):
    with pytest.raises(ValueError, match="known: A, B, C, D"):
        cluster_part(network, "Z")


def test_the_export_reads_back(network, tmp_path):
    part = cluster_part(network, "D")
    netcdf, tables, geojson = export_part(part, tmp_path / "grid")
    assert export_part(part, tmp_path / "grid") == [netcdf, tables, geojson]
    again = pypsa.Network(str(netcdf))
    assert set(again.c.lines.static.index) == set(part.c.lines.static.index)
    lines = pd.read_csv(tables / "lines.csv", index_col="name")
    assert lines.loc["MP110-SW110-1", "s_nom"] == 123
    features = json.loads(geojson.read_text(encoding="utf-8"))["features"]
    assert len(features) == len(part.c.buses.static) + len(part.c.lines.static)
