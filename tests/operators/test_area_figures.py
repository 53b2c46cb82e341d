"""What an operator's own figure of a feeding area, or statement of a plan, touches in the results."""

from __future__ import annotations

from collections import UserDict

import pandas as pd
import pytest
from pmiek.inputs.confidential import ConfidentialCell
from pmiek.publish.operators import publishable, touched

JOINS = pd.DataFrame(
    [("A1", "AAD", 50), ("A1", "AAE", 40), ("A2", "AAE", 60), ("B", "BEE", 70)],
    columns=["feeding_area_id", "station_id", "study_postcodes"],
)
UNITS = pd.DataFrame(
    [("AAD-T1", "AAD-mv", "station", "AAD"), ("AAE-T1", "AAE-mv", "station", "AAE"),
     ("BEE-T1", "BEE-mv", "station", "BEE")],
    columns=["unit_id", "group_id", "kind", "station_id"],
)  # fmt: skip


class Given(UserDict):
    """Input tables with the cells that an operator's file set."""

    def __init__(self, tables, *cells):
        super().__init__(tables)
        self.confidential = cells


def given(table, key, column, row):
    tables = {
        "grid/area_stations": JOINS,
        "grid/transformers": UNITS,
        "grid/circuits": pd.DataFrame(columns=["circuit_id", "corridor_id"]),
        "projects/planned": pd.DataFrame(
            {"project_id": ["bee-extension", "aad-extension"], "asset_ids": ["BEE-mv", "AAD-mv"]}
        ),
    }
    tables.setdefault(table, pd.DataFrame([row]))
    return Given(tables, ConfidentialCell(table, key, column, "netco", "73.4"))


def area(column, value=73.4, name="A2"):
    row = {"feeding_area_id": name, "direction": "take-off", "snapshot_date": "2026-09-01", column: value}
    return given("grid/feeding_areas", (name, "take-off", "2026-09-01"), column, row)


@pytest.mark.parametrize(
    ("column", "classes"),
    [("existing_capacity_mw", {"rating"}), ("needed_capacity_mw", {"connection"}), ("queue_mw", {"waiting"})],
)
def test_a_figure_of_an_area_touches_every_station_of_the_shared_limit(column, classes):
    reach = touched(area(column))
    assert dict(reach.assets) == dict.fromkeys(["AAD", "AAE", "AAD-mv", "AAE-mv"], frozenset(classes))


def test_a_statement_of_a_plan_touches_the_plan_and_its_assets():
    row = {"project_id": "bee-extension", "published_name": "Extension BEE", "direction": "both",
           "stated_on": "2026-09-01", "year_latest": 2033}  # fmt: skip
    key = ("bee-extension", "Extension BEE", "both", "2026-09-01")
    reach = touched(given("projects/plan_statements", key, "year_latest", row))
    assert dict(reach.assets) == {"BEE-mv": frozenset({"plan"})}
    assert dict(reach.projects) == {"bee-extension": frozenset({"plan"})}


def test_the_table_of_the_base_year_hides_a_capacity_that_may_be_the_operators_own():
    base = pd.DataFrame({
        "line_id": ["A1;A2", "B"], "direction": "take-off", "asset_ids": ["AAD-mv;AAE-mv", "BEE-mv"],
        "capacity_mw": [73.4, 41.0], "published": [66.0, 30.0], "model": [50.0, 20.0], "loading_pct": [68.1, 48.8],
        "verdict": ["passed", "passed"], "basis": ["share", "share"],
    })  # fmt: skip
    public = publishable({"base_year": base}, touched(area("existing_capacity_mw")))["base_year"]
    shown = public[["capacity_mw", "published", "model", "loading_pct"]].to_numpy().tolist()
    assert shown == [["vertrouwelijk"] * 4, [41.0, 30.0, 20.0, 48.8]]
