"""Whose load sizes an asset, on stations whose answer is known by heart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.solve.case import HvGrid
from pmiek.optimise.solve.lumps import Rounded
from pmiek.optimise.solve.places import Contributions, asset_places

HOURS = 8760
MORNING, EVENING, NOON = 10, 20, 30
#: Homes ask in the morning, the factory in the evening, the sun shines at noon.
ROWS = pd.DataFrame(
    [
        ("A", "GM1", "households", "morning", 20.0),
        ("A", "GM1", "industry_food", "morning", 10.0),
        ("A", "GM9", "households", "morning", 10.0),
        ("A", "GM9", "industry_food", "evening", 30.0),
        ("A", "GM1", "solar_field", "noon", -15.0),
        ("B", "GM2", "industry_food", "evening", 60.0),
    ],
    columns=["station_id", "gm_code", "sector", "profile", "weight"],
)


def hours(**mw: float) -> np.ndarray:
    at = {"morning": MORNING, "evening": EVENING, "noon": NOON}
    values = np.zeros(HOURS)
    for name, value in mw.items():
        values[at[name]] = value
    return values


@pytest.fixture
def two_stations(case):
    load = np.stack([hours(morning=40.0, evening=30.0), hours(evening=60.0)])
    sun = np.stack([hours(noon=15.0), hours()])
    made = case({2035: load}, stations=("A", "B"), switchable=sun)
    return replace(
        made, stations=made.stations.assign(station_id=made.stations.index, gm_code=["GM1", "GM2"])
    )


@pytest.fixture
def who():
    profiles = pd.DataFrame({name: hours(**{name: 1.0}) for name in ("morning", "evening", "noon")})
    return lambda *_: Contributions(ROWS, profiles)


def plan(**built: dict[str, float]) -> Rounded:
    index = pd.Index([2035], name="year")
    capacity = {name: pd.DataFrame(values, index=index) for name, values in built.items()}
    return Rounded(capacity, capacity, (), pd.DataFrame())


def shares(table: pd.DataFrame, asset: str, direction: str = "") -> dict[str, float]:
    rows = table[(table["asset_id"] == asset) & (table["direction"] == direction)]
    return rows.set_index("gm_code")["share"].to_dict()


def test_a_station_lies_where_its_load_is_in_the_hour_that_sizes_it_and_not_over_the_year(two_stations, who):
    table = asset_places(two_stations, plan(), who)
    # morning: 30 of 40 MW is of GM1; over the year GM9 asks 40 of 70 MWh
    assert shares(table, "A", "take-off") == pytest.approx({"GM1": 0.75, "GM9": 0.25})
    assert shares(table, "A", "feed-in") == {"GM1": 1.0}
    sizing = table[(table["asset_id"] == "A") & table["sizes"]]
    assert set(sizing["direction"]) == {"take-off"}
    assert set(sizing["hour"]) == {MORNING}


def test_the_part_of_homes_is_told(two_stations, who):
    table = asset_places(two_stations, plan(), who)
    rows = table[(table["asset_id"] == "A") & (table["direction"] == "take-off")].set_index("gm_code")
    assert rows["homes_share"].to_dict() == pytest.approx({"GM1": 0.5, "GM9": 0.25})


def test_a_battery_lies_where_its_station_does(two_stations, who):
    table = asset_places(two_stations, plan(battery_power={"A": 5.0, "B": 0.0}), who)
    assert shares(table, "A:battery", "take-off") == shares(table, "A", "take-off")
    assert "B:battery" not in set(table["asset_id"])


def test_a_circuit_lies_where_the_flow_comes_from_in_its_fullest_hour(two_stations, who):
    elements = pd.DataFrame({"element_id": ["l"], "asset_id": ["L"], "asset_class": ["circuit"]})
    # the line carries half of what A asks and all of what B asks: 15 + 60 MW in the evening
    grid = HvGrid(
        elements,
        np.array([[0.5, 1.0]]),
        np.zeros((0, 1, 2)),
        (),
        np.ones((1, 1)),
        np.zeros((1, 1)),
        np.full((1, 1, 2), 50.0),
    )
    table = asset_places(replace(two_stations, hv=(grid,)), plan(circuit={"L": 100.0}), who)
    assert shares(table, "L") == pytest.approx({"GM9": 15 / 75, "GM2": 60 / 75})
    assert set(table.loc[table["asset_id"] == "L", "hour"]) == {EVENING}


def test_a_circuit_that_is_not_built_has_no_place(two_stations, who):
    table = asset_places(two_stations, plan(circuit={"L": 0.0}), who)
    assert "L" not in set(table["asset_id"])


def test_a_station_where_nothing_is_asked_lies_where_it_stands(case, who):
    idle = case({2035: np.zeros(HOURS)}, stations=("C",))
    idle = replace(idle, stations=idle.stations.assign(station_id=["C"], gm_code=["GM9"]))
    table = asset_places(idle, plan(), who)
    assert shares(table, "C") == {"GM9": 1.0}
    assert set(table["basis"]) == {"location"}
