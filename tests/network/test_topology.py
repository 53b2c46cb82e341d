"""Each way to break the grid tables gives a problem with its place and remedy; the real grid has none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_grids import scenario_with, tiny_grid
from pmiek.network import check_topology, grid_state

BUSES = """A220 220 1
           A110 110 0
           B110 110 0
           Bmv  10  0"""
CIRCUITS = """ab1 A110 B110 4 100 -
              ab2 A110 B110 4 100 -"""
UNITS = """ta A-220-110 coupling A220 A110 200 12
           tb B-110-mv  station  B110 Bmv  40  16"""
AREAS = "GM0001 B 1 0.4\nGM0001 outside 0 0.6"


def problems(buses=BUSES, circuits=CIRCUITS, units=UNITS, areas=AREAS, **changes):
    grid = tiny_grid(buses, circuits, units, areas)
    return check_topology(
        replace(grid, **{name: change(getattr(grid, name)) for name, change in changes.items()})
    )


def test_a_sound_grid_has_no_problems():
    assert problems() == []


@pytest.mark.parametrize("switching", ["pockets", "coevorden-south", "meshed"])
@pytest.mark.parametrize("year", [2025, 2026, 2027, 2030, 2035, 2050])
def test_the_real_grid_has_no_problems(tables, switching, year):
    state = "frozen" if year == 2025 else "nulalternatief"
    assert check_topology(grid_state(tables, scenario_with(switching), state, year)) == []


@pytest.mark.parametrize(
    ("changes", "file", "column", "value"),
    [
        ({"circuits": CIRCUITS + "\nx A110 X110 4 100 -"}, "circuits", "bus1", "X110"),
        ({"circuits": CIRCUITS + "\nx A220 B110 4 100 -"}, "circuits", "bus1", "x"),
        ({"circuits": CIRCUITS + "\nab3 A110 B110 0 100 -"}, "circuits", "x_ohm", "0"),
        ({"circuits": CIRCUITS + "\nab3 A110 B110 4 0 -"}, "circuits", "rating_summer_mva", "0"),
        ({"circuits": CIRCUITS + "\nab2 A110 B110 4 100 -"}, "circuits", "circuit_id", "ab2"),
        ({"circuits": CIRCUITS + "\nba1 B110 A110 4 100 -"}, "circuits", "corridor_id", "B110-A110"),
        ({"buses": BUSES + "\nC110 110 0"}, "buses", "bus_id", "C110"),
        ({"circuits": ""}, "buses", "bus_id", "B110, Bmv"),
        ({"units": UNITS.replace("A220 A110", "A110 A220")}, "transformers", "bus0", "ta"),
        ({"units": UNITS.replace("200 12", "200 0")}, "transformers", "x_pct", "0"),
        ({"areas": "GM0001 B 0.9 1"}, "service_areas", "load_share", "0.9 for GM0001"),
        ({"areas": "GM0001 A 1 1"}, "service_areas", "station_id", "A"),
    ],
)
def test_each_fault_is_found_once(changes, file, column, value):
    found = [p for p in problems(**changes) if p.column == column]
    assert [(p.file, p.value) for p in found] == [(f"inputs/grid/{file}.csv", value)]
    assert found[0].remedy


def test_a_public_station_needs_a_transformer():
    found = problems(stations=lambda table: table.assign(serves_public=True))
    assert [(p.file, p.row, p.value) for p in found] == [("inputs/grid/stations.csv", 2, "A")]


def test_an_open_circuit_that_cuts_a_pocket_off_is_named_with_the_switching_state():
    found = problems(circuits="")
    assert [p.value for p in found] == ["B110, Bmv"]
    assert "all-closed" in found[0].remedy
