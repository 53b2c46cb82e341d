"""Parks stand until the end of their life, on their own station; nothing of the storyline is lost."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from pmiek.connections.supply.parks import Fleet, place, rebook

SOLAR = Fleet("solar_field", "old", "new", 1000.0, 500.0, 30.0, 2020.0)


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+", na_values=["-"])


PARKS = read("""
gm_code station_id capacity_mw in_service_year end_year
G1      A          30          2015            -
G1      B          10          -               -
G1      B          8           2028            -
""")
BASE = read("""
gm_code volume_mwh capacity_mw
G1      50000      50
""")


def now(mw: float, mwh: float) -> pd.DataFrame:
    return pd.DataFrame({"gm_code": ["G1"], "volume_mwh": [mwh], "capacity_mw": [mw]})


def by_station(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    summed = rows.groupby(["station_id", "profile"])["capacity_mw"].sum()
    return {key: round(float(value), 6) for key, value in summed.items()}


def test_the_base_year_is_the_storyline_with_named_parks_on_their_stations():
    rows, shift = place(BASE, BASE, PARKS, SOLAR, (2025, 2025))
    assert by_station(rows) == {("A", "old"): 30.0, ("B", "old"): 10.0, ("", "old"): 10.0}
    assert rows["volume_mwh"].sum() == pytest.approx(50000.0)
    assert rows.loc[rows["station_id"] == "", "served_as"].tolist() == ["field_base"]
    assert shift["excess_mw"].tolist() == [0.0]


def test_parks_stand_where_the_storyline_drops_them_and_the_excess_is_named():
    rows, shift = place(now(20.0, 20000.0), BASE, PARKS, SOLAR, (2030, 2025))
    assert rows["capacity_mw"].sum() == pytest.approx(50.0)
    assert shift[["floor_mw", "total_mw", "excess_mw"]].to_numpy().tolist() == [[50.0, 50.0, 30.0]]
    # 30 MW more at the 1000 hours of the base year
    assert shift["excess_mwh"].tolist() == [30000.0]
    assert rows["volume_mwh"].sum() == pytest.approx(50000.0)


def test_growth_goes_to_parks_in_preparation_first():
    rows, shift = place(now(70.0, 60000.0), BASE, PARKS, SOLAR, (2030, 2025))
    assert by_station(rows) == {
        ("A", "old"): 30.0,
        ("B", "old"): 10.0,
        ("B", "new"): 8.0,
        ("", "old"): 10.0,
        ("", "new"): 12.0,
    }
    assert rows["volume_mwh"].sum() == pytest.approx(60000.0)
    old = rows.loc[rows["profile"] == "old", "volume_mwh"].sum()
    assert old / 60000.0 == pytest.approx(50 * 1000 / (50 * 1000 + 20 * 500))
    assert shift[["pipeline_mw", "pipeline_placed_mw", "by_area_mw"]].to_numpy().tolist() == [
        [8.0, 8.0, 12.0]
    ]


def test_a_pipeline_larger_than_the_growth_is_placed_pro_rata():
    rows, shift = place(now(54.0, 52000.0), BASE, PARKS, SOLAR, (2030, 2025))
    assert by_station(rows)["B", "new"] == pytest.approx(4.0)
    assert shift[["pipeline_mw", "pipeline_placed_mw"]].to_numpy().tolist() == [[8.0, 4.0]]


def test_a_park_ends_with_its_life_and_the_storyline_takes_over():
    rows, shift = place(now(25.0, 25000.0), BASE, PARKS, SOLAR, (2045, 2025))
    # the park of 2015 is gone; those without a year stand until 2050; the storyline's 25 MW is more than 20
    assert shift[["named_mw", "floor_mw", "total_mw"]].to_numpy().tolist() == [[10.0, 20.0, 25.0]]
    assert rows["capacity_mw"].sum() == pytest.approx(25.0)


def test_named_parks_above_the_source_are_an_excess_in_the_base_year_too():
    empty = BASE.iloc[:0]
    rows, shift = place(empty, empty, PARKS, SOLAR, (2025, 2025))
    assert rows["capacity_mw"].sum() == pytest.approx(40.0)
    assert rows["volume_mwh"].sum() == pytest.approx(40.0 * SOLAR.yield_existing)
    assert shift["excess_mw"].tolist() == [40.0]


def test_a_park_that_the_source_counts_as_roofs_is_moved_with_its_energy():
    rows = read("""
gm_code technology  volume_mwh capacity_mw
G1      solar_roofs 140000     140
G2      solar_roofs 70         0.1
""")
    parks = read("""
gm_code technology  capacity_mw in_service_year booked_as
G1      solar_field 100         2022            solar_roofs
G2      solar_field 5           -               solar_roofs
""")
    moved = rebook(rows, parks, 2025).set_index(["gm_code", "technology"])
    assert moved.loc[("G1", "solar_roofs"), "capacity_mw"] == pytest.approx(40.0)
    assert moved.loc[("G1", "solar_field"), ["volume_mwh", "capacity_mw"]].tolist() == [100000.0, 100.0]
    assert moved.loc[("G2", "solar_roofs"), "capacity_mw"] == pytest.approx(0.0)
    assert moved.loc[("G2", "solar_field"), "capacity_mw"] == pytest.approx(0.1)
    assert moved["volume_mwh"].sum() == pytest.approx(140070.0)
