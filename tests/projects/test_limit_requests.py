"""Questions to operators about published limits that today's units do not explain, on small tables."""

from __future__ import annotations

import pandas as pd
from pmiek.decide.projects.limit_requests import limit_requests
from pmiek.publish.report.names import sentence

COLUMNS = ["unit_id", "group_id", "kind", "station_id", "rated_mva", "status", "project_id", "removed_by_project",
           "operator", "capacity_quality", "units_low", "units_high"]  # fmt: skip


def unit(name, mva, status="existing", project=None, removed_by=None):
    station = name.split("-", maxsplit=1)[0]
    return (
        name,
        f"{station}-mv",
        "station",
        station,
        mva,
        status,
        project,
        removed_by,
        "Netco",
        "derived",
        2,
        2,
    )


def tables(*units):
    stations = sorted({row[3] for row in units})
    areas = pd.DataFrame(
        [(s, d, "2026-07-30", 38.4, None) for s in stations for d in ("take-off", "feed-in")],
        columns=[
            "feeding_area_id",
            "direction",
            "snapshot_date",
            "existing_capacity_mw",
            "needed_capacity_mw",
        ],
    )
    return {
        "grid/transformers": pd.DataFrame(units, columns=COLUMNS),
        "grid/feeding_areas": areas,
        "grid/area_stations": pd.DataFrame({"feeding_area_id": stations, "station_id": stations}),
        "grid/stations": pd.DataFrame({"station_id": stations, "name": [f"Station {s}" for s in stations]}),
    }


PROJECTS = pd.DataFrame({"project_id": ["p-1", "p-2"], "asset_ids": ["AAD-mv", "BEE-mv;AAD-mv"]})


def test_units_that_carry_far_more_together_than_one_less_are_asked():
    odd = tables(unit("AAD-1", 90), unit("AAD-2", 40), unit("BEE-1", 40), unit("BEE-2", 40))
    (row,) = limit_requests(odd, PROJECTS, 2026).to_dict("records")
    assert row["asset_id"] == "AAD-mv"
    assert row["operator"] == "Netco"
    assert row["affects_projects"] == "p-1;p-2"
    assert row["by_when"] == "2026-12-31"
    assert "Station AAD" in row["what"]
    assert "3,2" in row["why"]
    assert sentence(row["what"]).startswith("Number and rating (MVA) of the transformers of Station AAD")
    assert "together carry 3,2 times" in sentence(row["why"])


def test_an_open_plan_that_brings_no_more_than_there_is_asks_whether_it_was_delivered():
    units = [unit("AAD-1", 90, removed_by="aad-plan"), unit("AAD-2", 90, removed_by="aad-plan"),
             unit("AAD-3", 90, "planned", "aad-plan"), unit("AAD-4", 90, "planned", "aad-plan")]  # fmt: skip
    (row,) = limit_requests(tables(*units), PROJECTS, 2026).to_dict("records")
    assert row["request_id"].startswith("delivered")
    assert "90 MVA" in row["why"]
    assert all(sentence(row[name]) != row[name] for name in ("what", "why", "format"))
    larger = [
        *units[:2],
        unit("AAD-3", 120, "planned", "aad-plan"),
        unit("AAD-4", 120, "planned", "aad-plan"),
    ]
    assert limit_requests(tables(*larger), PROJECTS, 2026).empty


def test_nothing_published_asks_nothing():
    assert limit_requests({}, PROJECTS, 2026).empty
    odd = tables(unit("AAD-1", 90), unit("AAD-2", 40))
    odd["grid/feeding_areas"] = odd["grid/feeding_areas"].iloc[:0]
    assert limit_requests(odd, PROJECTS, 2026).empty
