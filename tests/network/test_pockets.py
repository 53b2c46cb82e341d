"""Which stations hang together, stages of a switching state, and points that can be switched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest
from hand_grids import scenario_with
from pmiek.decide.projects.switching import switching_relief, with_switching
from pmiek.decide.projects.tables import CandidateSet
from pmiek.inputs import read_tables
from pmiek.network import grid_state
from pmiek.network.pockets import pocket_check, pockets, switched_points
from pmiek.network.topology import check_topology
from pmiek.results.registry import conform

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def tables():
    return read_tables(INPUTS)


def hangs(tables, year, state="nulalternatief", switching="pockets"):
    grid = grid_state(tables, scenario_with(switching), state, year)
    assert check_topology(grid) == []
    return pockets(grid)["pocket"]


def test_the_link_at_musselkanaal_opens_when_the_new_station_feeds_it(tables):
    today, later = hangs(tables, 2025, "frozen"), hangs(tables, 2030)
    assert today["MSKZ"] == today["EMW"]
    assert later["EMW"] == "ZYV"
    assert later["MSKZ"] == later["TAK"] != later["EMW"]
    assert hangs(tables, 2026)["MSKZ"] == today["MSKZ"], "the stage begins with the project"
    assert hangs(tables, 2035)["EMW"] == "VOB+ZYV"


def test_medium_voltage_of_meeden_hangs_on_220_kv(tables):
    grid = grid_state(tables, scenario_with("pockets"), "frozen", 2025)
    assert pockets(grid).loc["MEE"].tolist() == ["MEE220", "MEE220 directly"]


def test_the_check_names_what_falls_out_of_its_published_pocket(tables):
    grid = grid_state(tables, scenario_with("pockets"), "frozen", 2025)
    rows = conform("pocket_check", pocket_check(tables, grid))
    assert rows.loc[rows["falls_out"] == "yes", "station_id"].tolist() == ["HGV"]
    split = replace(
        tables,
        frames=MappingProxyType(
            {
                **tables.frames,
                "grid/switching_states": pd.DataFrame(
                    {
                        "state": "pockets", "is_open": True, "project_id": None,
                        "circuit_id": ["CVD110-VO110-1", "CVD110-VO110-2"],
                    }
                ),
            }
        ),
    )  # fmt: skip
    moved = pocket_check(split, grid_state(split, scenario_with("pockets"), "frozen", 2025))
    assert {"HGV", "CVD"} - set(moved.loc[moved["falls_out"] == "yes", "station_id"]) == {"HGV", "CVD"}


def test_points_are_tried_one_by_one_and_both_ways_where_a_project_moves_them(tables):
    points = dict(switched_points(tables, "pockets"))
    assert sorted(points) == [
        "pockets--cvd110-hdb110-closed", "pockets--cvd110-vo110-open", "pockets--emw110-mskz110-closed",
        "pockets--emw110-mskz110-open", "pockets--wto110-hgv110-closed",
    ]  # fmt: skip
    name = "pockets--emw110-mskz110-open"
    opened = hangs(points[name], 2025, "frozen", name)
    assert opened["EMW"] == opened["CVD"] == "ZYV"
    assert hangs(points[name], 2025, "frozen")["EMW"] != "ZYV", "the normal state stays as it is"


def states(**cells):
    base = {"grid_state": "nulalternatief", "storyline": "s", "weather_year": 2012, "lost_load_mw": 0.0}
    rows = [
        {"state": "n", "is_normal": "True", "year": 2030, "bottlenecks": 2, "bottleneck_ids": "l;t"},
        {"state": "n", "is_normal": "True", "year": 2035, "bottlenecks": 1, "bottleneck_ids": "l"},
        {"state": "a", "is_normal": "False", "year": 2030, "bottlenecks": 1, "bottleneck_ids": "t"},
        {"state": "a", "is_normal": "False", "year": 2035, "bottlenecks": 0, "bottleneck_ids": ""},
        {"state": "b", "is_normal": "False", "year": 2030, "bottlenecks": 0, "bottleneck_ids": ""},
        {"state": "b", "is_normal": "False", "year": 2035, "bottlenecks": 2, "bottleneck_ids": "x;y"},
    ]
    return pd.DataFrame([{**base, **row, **cells} for row in rows])


def test_a_state_counts_only_if_it_is_nowhere_worse():
    relief = switching_relief(states())
    assert relief.to_dict("records") == [
        {"bottleneck_id": "l", "state": "a", "solved_share": 1.0, "last_year": 2035}
    ]
    assert switching_relief(states().assign(lost_load_mw=[0, 0, 5, 0, 0, 0])).empty


def long_list(last_year):
    listed = pd.DataFrame(
        [("line", "circuit", "bottleneck", "l"), ("station", "station_transformer", "bottleneck", "t")],
        columns=["project_id", "asset_class", "origin", "bottleneck_ids"],
    )
    series = pd.DataFrame({"project_id": ["line"], "year": [last_year]})
    per = {name: listed[["project_id"]] for name in ("options", "need", "cases", "register")}
    links = pd.DataFrame(
        [("l", "line", "project", "", ""), ("t", "station", "project", "", "")],
        columns=["bottleneck_id", "project_id", "relation", "reason_nl", "reason_en"],
    )
    return CandidateSet(candidates=listed, data_requests=listed[:0], links=links, series=series, **per)


def test_switching_goes_before_a_corridor_and_stays_an_option_where_it_is_not_enough():
    solved = with_switching(long_list(2035), states())
    assert solved.candidates["project_id"].tolist() == ["station"]
    (row,) = solved.links[solved.links["bottleneck_id"] == "l"].to_dict("records")
    assert (row["project_id"], row["relation"]) == ("", "switching")
    later = with_switching(long_list(2050), states())
    assert "line" in set(later.candidates["project_id"])
    option = later.options.set_index("option").loc["switching_point"]
    assert (option["project_id"], option["solves_pct"], option["cost_meur_high"]) == ("line", 100, 0)
    assert with_switching(long_list(2035), states()[:0]).candidates["project_id"].tolist() == [
        "line",
        "station",
    ]
