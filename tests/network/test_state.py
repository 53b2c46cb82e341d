"""What is in force when: planned projects, what they remove, switching, and who takes over which area."""

from __future__ import annotations

import pandas as pd
import pytest
from hand_grids import scenario_with, table
from pmiek.errors import InputError
from pmiek.network import Additions, admitted_projects, grid_state, tower_groups
from pmiek.network.state import resplit

PLANNED = table("""
project_id decision_status    planned_year_latest
building   under_construction 2027
zoned      irrevocable_zoning 2030
listed     in_investment_plan 2035
undated    in_investment_plan -
announced  announced          2027
idea       exploration        2027
""")
AREAS = table("""
gm_code station_id load_share field_share
GM1     OLD        0.8        0.5
GM1     FAR        0.2        0.5
GM2     OLD        1.0        1.0
""")
RESPLITS = table("""
project_id new_station_id from_station_id share
zoned      NEW            OLD             0.25
listed     NEWER          OLD             0.5
""")


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2026, ()),
        (2027, ("building",)),
        (2030, ("building", "zoned")),
        (2050, ("building", "listed", "zoned")),
    ],
)
def test_only_decided_projects_with_a_date_are_admitted(year, expected):
    assert admitted_projects(PLANNED, year) == expected


def test_a_new_station_takes_its_share_and_the_sum_stays():
    result = resplit(AREAS, RESPLITS, {"zoned", "listed"})
    expected = table("""
    gm_code station_id load_share field_share
    GM1     FAR        0.2        0.5
    GM1     NEW        0.2        0.125
    GM1     NEWER      0.3        0.1875
    GM1     OLD        0.3        0.1875
    GM2     NEW        0.25       0.25
    GM2     NEWER      0.375      0.375
    GM2     OLD        0.375      0.375
    """)
    pd.testing.assert_frame_equal(result, expected)


def test_no_project_leaves_the_areas_alone():
    assert resplit(AREAS, RESPLITS, {"other"}) is AREAS


def test_frozen_is_the_same_in_every_year(tables):
    first, last = (grid_state(tables, scenario_with("pockets"), "frozen", year) for year in (2025, 2050))
    assert first.projects == last.projects == ()
    assert set(first.stations["status"]) == {"existing"}
    for name in ("stations", "buses", "circuits", "transformers", "service_areas"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(last, name))


def test_a_project_brings_its_assets_and_takes_the_old_ones_away(tables):
    grids = {
        y: grid_state(tables, scenario_with("pockets"), "nulalternatief", y)
        for y in (2025, 2026, 2027, 2029, 2030)
    }

    def units(year, group):
        table = grids[year].transformers
        return sorted(table.loc[table["group_id"] == group, "rated_mva"])

    assert units(2025, "ZYV-110-mv") == [37.9, 90]
    assert units(2029, "ZYV-110-mv") == [37.9, 90]
    assert units(2030, "ZYV-110-mv") == [90] * 5
    assert units(2025, "ZYV-220-110") == [200, 200]
    assert units(2030, "ZYV-220-110") == [200, 300, 300, 300]
    assert "TAK" not in set(grids[2026].stations["station_id"])
    assert "TAK" in set(grids[2027].stations["station_id"])
    corridors = set(grids[2027].circuits["corridor_id"])
    assert "ZL380-MEE380" not in corridors
    assert {"ZL380-TAK380", "TAK380-MEE380"} <= corridors
    musselkanaal = [g.service_areas.groupby("station_id")["load_share"].sum()["MSKZ"] for g in grids.values()]
    assert musselkanaal[0] == musselkanaal[1] > musselkanaal[2] == musselkanaal[-1]


def test_announced_work_is_not_in_the_null_alternative_but_a_plan_may_add_it(tables):
    scenario, name = scenario_with("pockets"), "zeyerveen-beilen-reinforcement"

    def rating(**options):
        circuits = grid_state(tables, scenario, "netverzwaring", 2050, **options).circuits
        return sorted(circuits.loc[circuits["corridor_id"] == "ZYV110-BL110", "rating_summer_mva"])

    assert rating() == [123, 123]
    assert rating(additions=Additions(projects=(name,))) == [185, 185]


def test_a_plan_adds_units_and_leaves_projects_out(tables):
    scenario = scenario_with("pockets")
    unit = (
        tables["grid/transformers"]
        .query("unit_id == 'BL-110-mv-1'")
        .assign(unit_id="BL-110-mv-9", rated_mva=90.0)
    )
    more = grid_state(tables, scenario, "netverzwaring", 2040, additions=Additions(transformers=unit))
    assert more.transformers.query("group_id == 'BL-110-mv'")["rated_mva"].tolist() == [90, 90, 90, 90]
    assert more.transformers.index.is_unique
    less = grid_state(
        tables, scenario, "nulalternatief", 2040, additions=Additions(without=("don-riegmeer",))
    )
    assert "HGR" not in set(less.stations["station_id"])
    assert {"HGV110-DDV110", "HGV110-HDB110"} <= set(less.circuits["corridor_id"])
    assert not less.circuits["corridor_id"].str.contains("HGR").any()


def test_switching_opens_circuits_and_keeps_them_apart(tables):
    grid = grid_state(tables, scenario_with("pockets"), "frozen", 2025)
    assert set(grid.open_circuits["circuit_id"]) == {"WTO110-HGV110-1", "CVD110-HDB110-1", "CVD110-HDB110-2"}
    assert not set(grid.circuits["circuit_id"]) & set(grid.open_circuits["circuit_id"])
    assert grid_state(tables, scenario_with("meshed"), "frozen", 2025).open_circuits.empty


def test_an_unknown_switching_state_says_which_exist(tables):
    with pytest.raises(InputError, match="coevorden-south, meshed, pockets"):
        grid_state(tables, scenario_with("poket"), "frozen", 2025)


def test_tower_groups_need_two_circuits():
    circuits = table("circuit_id tower_group\na T1;T2\nb T1\nc T2\nd T3\ne -")
    assert tower_groups(circuits) == {"T1": ("a", "b"), "T2": ("a", "c")}
