"""Service areas as derived from neighbourhoods: by hand on a small town, and as they stand in the inputs."""

from __future__ import annotations

import importlib.util
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("derive_connections", ROOT / "tools/derive_connections.py")
assert SPEC is not None
assert SPEC.loader is not None
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+", na_values=["-"])


TOWN = read("""
neighbourhood_id gm_code feeding_area_id postcodes postcodes_in_area connections small_solar_mw large_solar_mw \
rural industrial
BU00010001 G1 AA 10 10 300 2 0 false false
BU00010002 G1 AA 10 6 100 1 0 false true
BU00010009 G1 BB 5 5 100 1 8 true false
BU00010109 G1 CC 5 5 - - 3 true false
""")
STATIONS = pd.Series({"AA": "A", "BB": "B"})


def shares(parks: pd.DataFrame | None = None, dwellings: float = 400.0) -> pd.DataFrame:
    table = tool.service_areas(TOWN, STATIONS, pd.Series({"G1": dwellings}), parks)
    return table.set_index("station_id")


def test_a_split_neighbourhood_goes_to_the_other_areas_of_its_district():
    parts = tool.neighbourhood_shares(TOWN)
    split = parts[parts["neighbourhood_id"] == "BU00010002"].set_index("feeding_area_id")
    # its district also has BB; CC is in another district
    assert split["share"].to_dict() == pytest.approx({"AA": 0.6, "BB": 0.4})
    assert split["published"].to_dict() == {"AA": True, "BB": False}
    assert parts.groupby("neighbourhood_id")["share"].sum().tolist() == pytest.approx([1.0] * 4)


def test_each_kind_of_user_has_its_own_weight():
    table = shares()
    # homes: 300 + 60 of 500 connections on A; services: 16 of 30 postcodes; farms: rural postcodes only
    assert table.loc["A", "homes_share"] == pytest.approx(0.72)
    assert table.loc["A", "services_share"] == pytest.approx(0.533, abs=1e-3)
    assert table.loc["A", "farms_share"] == 0.0
    assert table["industry_share"].to_dict() == pytest.approx({"A": 0.6, "B": 0.4, "outside": 0.0})
    assert table.loc["outside", "farms_share"] == pytest.approx(0.5)


def test_every_kind_adds_to_one():
    table = shares().drop(columns="gm_code")
    assert table.sum().to_numpy() == pytest.approx([1.0] * len(table.columns), abs=1e-9)


def test_homes_follow_postcodes_where_the_register_covers_too_little():
    assert shares(dwellings=5000.0).loc["A", "homes_share"] == pytest.approx(0.533, abs=1e-3)


def test_named_parks_leave_the_roofs_take_new_wind_and_put_the_unnamed_outside():
    parks = read("""
technology   gm_code neighbourhood_id station_id inverter_mw capacity_mw
solar_field  G1      BU00010009       B          8           9
wind_onshore G1      BU00010109       A          -           5
""")
    table = shares(parks)
    assert table.loc["outside", "large_roofs_share"] == 1.0  # 3 MW is left, in the area outside
    assert table.loc["A", "wind_share"] == 1.0
    assert table.loc["outside", "field_base_share"] == 1.0
    assert table.loc["B", "field_share"] == pytest.approx(0.5)


def test_the_public_station_carries_an_area_that_names_a_customer_too():
    areas = read("""
feeding_area_id station_id
AA              CUSTOMER
AA              PUBLIC
""")
    stations = read("""
station_id serves_public
PUBLIC     true
CUSTOMER   false
""")
    assert tool.area_of_station(areas, stations).to_dict() == {"AA": "PUBLIC"}


def test_the_table_in_the_inputs_is_the_derived_one():
    assert tool.main(["--check"]) == 0


def test_the_operators_areas_decide_and_not_distance():
    table = pd.read_csv(ROOT / "inputs/grid/service_areas.csv").set_index(["gm_code", "station_id"])
    load = table["load_share"]
    assert load["GM1701", "BL"] == pytest.approx(2 / 3, abs=0.02)  # Westerveld on Beilen
    assert load["GM1730"][["VVL", "KWD", "MAK"]].sum() > 0.95  # Tynaarlo
    assert load["GM1681", "EMW"] == pytest.approx(0.4, abs=0.05)  # Borger-Odoorn on Emmen Weerdinge
    assert "CVDE" not in load.index.get_level_values("station_id")
