"""What the operators publish per feeding area is read whole, and bad rows are named all at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pmiek.inputs import read_tables
from pmiek.inputs.rules import check_rules

INPUTS = Path(__file__).parents[2] / "inputs"


def _areas(**columns: object) -> pd.DataFrame:
    rows = {
        "feeding_area_id": ["A", "A"],
        "direction": ["take-off", "take-off"],
        "snapshot_date": ["2026-07-09", "2026-07-30"],
        "existing_capacity_mw": [40.0, 40.0],
        "needed_capacity_mw": [20.0, float("nan")],
    }
    return pd.DataFrame({**rows, **columns}, index=[2, 3])


def test_bad_rows_of_areas_are_named_all_at_once() -> None:
    areas = _areas(snapshot_date=["2026-06-31", "2026-07-30"], existing_capacity_mw=[40.0, 40_000.0])
    joins = pd.DataFrame({"feeding_area_id": ["B"], "station_id": ["S"]}, index=[2])
    problems = check_rules({"grid/feeding_areas": areas, "grid/area_stations": joins})
    assert [(p.row, p.column, p.value) for p in problems] == [
        (2, "snapshot_date", "2026-06-31"),
        (2, "feeding_area_id", "A"),
        (3, "existing_capacity_mw", "40000"),
    ]
    assert all(p.remedy for p in problems)


def test_a_capacity_that_moves_a_lot_between_two_days_is_a_range_and_no_fault() -> None:
    joins = pd.DataFrame({"feeding_area_id": ["A"], "station_id": ["S"]}, index=[2])
    areas = _areas(existing_capacity_mw=[208.4, 36.4])
    assert check_rules({"grid/feeding_areas": areas, "grid/area_stations": joins}) == []


def test_what_is_not_stated_stays_blank() -> None:
    areas = read_tables(INPUTS, ["grid/feeding_areas"])["grid/feeding_areas"]
    blank = areas[areas["needed_capacity_mw"].isna()]
    assert {"GLTK", "HGV", "KWD", "MAK", "SKN", "SW", "VDM", "VO"} <= set(blank["feeding_area_id"])
    assert (areas["existing_capacity_mw"].dropna() > 0).all()
