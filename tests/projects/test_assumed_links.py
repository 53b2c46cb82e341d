"""Links of planned stations that are assumed: a range on number and rating, and a question, no project."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects.groups import assumed_links, group_assets
from pmiek.decide.projects.requests import link_requests
from pmiek.inputs import read_tables
from pmiek.network.state import GridState
from pmiek.results.bottlenecks import capacity_factors

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="module")
def tables():
    return read_tables(INPUTS)


def test_the_number_of_circuits_is_in_the_range_too():
    circuits = pd.DataFrame(
        {
            "corridor_id": ["L", "L", "L", "K"], "rating_summer_mva": 100.0, "rating_quality": "assumed",
            "rating_low_mva": 50.0, "rating_high_mva": 150.0, "circuits_low": ["2", "2", "2", None],
            "circuits_high": ["5", "5", "5", None],
        }
    )  # fmt: skip
    none = pd.DataFrame(columns=["group_id", "rated_mva", "capacity_quality", "units_low", "units_high"])
    grid = GridState("frozen", 2025, "s", none, none, circuits, none, none)
    found = capacity_factors(grid).set_index(["asset_id", "contingency"])
    low, high = found["factor_low"], found["factor_high"]
    assert (low["L", "N-0"], high["L", "N-0"]) == pytest.approx((0.5 * 2 / 3, 1.5 * 5 / 3))
    assert (low["L", "N-1"], high["L", "N-1"]) == pytest.approx((0.5 * 1 / 2, 1.5 * 4 / 2))
    assert (low["K", "N-1"], high["K", "N-1"]) == (0.5, 1.5)


def test_links_of_planned_coupling_stations_carry_what_stands_behind_them(tables):
    """With one circuit out, the links carry what the coupling transformers leave with one out."""
    circuits, units = tables["grid/circuits"], tables["grid/transformers"]
    guessed = circuits[circuits["corridor_id"].isin(assumed_links(tables))]
    coupling = units[(units["kind"] == "coupling") & (units["status"] == "planned")]
    stations = tables["grid/stations"]
    new = set(stations.loc[stations["status"] == "planned", "station_id"])
    seen = 0
    for (station, bus), rows in coupling.groupby(["station_id", "bus1"]):
        links = guessed[(guessed["bus0"] == bus) | (guessed["bus1"] == bus)]
        if station not in new or links.empty:
            continue
        behind = rows["rated_mva"].sum() - rows["rated_mva"].max()
        ratings = links["rating_summer_mva"]
        assert ratings.sum() - ratings.max() >= behind, (station, behind)
        assert links[["circuits_low", "circuits_high"]].notna().all().all()
        seen += 1
    assert seen == 3


def test_a_shortage_on_an_assumed_link_is_a_data_request(tables):
    assert "VO110-VOB110" in assumed_links(tables)
    assert "VO110-EMW110" not in assumed_links(tables), "it exists"
    links = pd.DataFrame(
        {"bottleneck_id": ["vo110-vob110-electricity-feed-in"], "relation": ["data_request"]}
    )
    (row,) = link_requests(links, tables, 2026).to_dict("records")
    assert (row["asset_id"], row["operator"]) == ("VO110-VOB110", "TenneT")
    assert "2 tot 6 circuits van 150" in row["why"]


def test_it_is_set_aside_before_projects_are_made():
    made = world.tables()
    circuits = made["grid/circuits"].copy()
    for column in ("status", "rating_quality", "quality"):
        circuits[column] = "planned" if column == "status" else "assumed"
    made["grid/circuits"] = circuits
    groups = group_assets(world.bottlenecks(), world.shares(), made)
    asked = groups.links[groups.links["relation"] == "data_request"]
    corridors = {b.removesuffix("-electricity-take-off") for b in asked["bottleneck_id"]}
    assert {"al110-be110"} <= {c.removesuffix("-electricity-feed-in") for c in corridors}
    assert not groups.table["kind"].eq("corridor").any()
