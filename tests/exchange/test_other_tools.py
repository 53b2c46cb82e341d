"""Exports that other tools read: IAMC with pyam, ESDL with pyESDL, the capacity map with our own reader."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pandas as pd
import pytest
import tiny_province
from pmiek.errors import InputError, RequestError
from pmiek.inputs import read_tables
from pmiek.inputs.capacity_map import read_files
from pmiek.publish.exchange import esdl_export
from pmiek.publish.exchange.capacity_map import SIDES, capacity_map_documents
from pmiek.publish.exchange.iamc import iamc_table

REPOSITORY = Path(__file__).resolve().parents[2]
CASE = {"storyline": "s", "variant": "v", "year": 2035}
MUNICIPALITIES = pd.DataFrame(
    {
        "gm_code": ["GM1", "GM2"],
        "name": ["Aa", "Bee"],
        "province": ["Somewhere", "Elsewhere"],
        "cluster": ["A", None],
        "role": ["study", "neighbour"],
    }
)


def balance(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(
        [CASE | {"weather_year": 2012, "gm_code": "GM1", "sector": "households"} | row for row in rows]
    )


def test_energy_of_a_municipality_becomes_a_variable_in_gwh() -> None:
    rows = balance(
        {"carrier": "electricity", "category": "demand", "energy_mwh": 2500.0},
        {
            "carrier": "electricity",
            "category": "demand",
            "energy_mwh": 9.0,
            "gm_code": "GM2",
        },  # not of the study area
        {"carrier": "heat", "category": "demand", "sector": "homes", "energy_mwh": 1000.0},
        {"carrier": "methane", "category": "demand", "sector": "district_heat", "energy_mwh": 10.0},
    )
    table = iamc_table({"energy_balance": rows}, MUNICIPALITIES)
    assert table.set_index("variable")["value"].to_dict() == {
        "Final Energy|Residential|Electricity": 2.5,
        "Useful Energy|Residential|Heat": 1.0,
        "Secondary Energy Input|Gases|District Heat": 0.01,  # what a heat plant takes is no final energy
    }
    assert set(table["region"]) == {"Somewhere|Aa"}
    assert set(table["unit"]) == {"GWh/yr"}


def test_weather_years_are_scenarios_of_their_own() -> None:
    row = {"carrier": "electricity", "category": "demand", "energy_mwh": 1.0}
    table = iamc_table({"energy_balance": balance(row, row | {"weather_year": 2015})}, MUNICIPALITIES)
    assert set(table["scenario"]) == {"s v weather 2012", "s v weather 2015"}


def test_a_word_without_an_iamc_name_stops_the_export() -> None:
    rows = balance({"carrier": "plasma", "category": "demand", "energy_mwh": 1.0})
    with pytest.raises(InputError, match=r"plasma.*Add it to carriers in iamc.yaml"):
        iamc_table({"energy_balance": rows}, MUNICIPALITIES)


def test_of_what_is_shared_only_the_part_of_the_province_counts() -> None:
    capacity = pd.DataFrame(
        [
            CASE
            | {"asset_class": "circuit", "carrier": "electricity", "cluster": "A", "existing_mw": 100.0}
            | {"built_mw": 40.0, "province_share": 0.25}
        ]
    )
    table = iamc_table({"capacity": capacity}, MUNICIPALITIES).set_index("variable")
    assert table.loc["Capacity|Electricity|Network|Circuit", "value"] == 25.0
    assert table.loc["Cumulative Capacity Additions|Electricity|Network|Circuit", "value"] == 10.0
    assert set(table["region"]) == {"Somewhere|Cluster A"}


def test_pyam_reads_the_table_and_adds_up_the_same() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a library of its database client warns when it is imported
        import pyam
    rows = balance(
        {"carrier": "electricity", "category": "demand", "energy_mwh": 2500.0},
        {"carrier": "electricity", "category": "demand", "sector": "industry_food", "energy_mwh": 500.0},
    )
    read = pyam.IamDataFrame(iamc_table({"energy_balance": rows}, MUNICIPALITIES))
    assert read.filter(variable="Final Energy|**|Electricity").data["value"].sum() == pytest.approx(3.0)
    assert read.model == ["pmiek"]


@pytest.fixture
def inputs(tmp_path: Path):
    return read_tables(tiny_province.build(tmp_path))


def energy(station: str, **more) -> dict:
    common = {"grid_state": "frozen", "storyline": "s", "weather_year": 2012, "gm_code": "GM0001"}
    return common | {"year": 2035, "station_id": station, "kind": "demand", "sector": "households"} | more


def test_esdl_carries_the_grid_and_every_megawatt_hour(inputs, tmp_path: Path) -> None:
    stations = list(inputs["grid/stations"]["station_id"])
    rows = pd.DataFrame(
        [
            energy(stations[0], energy_mwh=1000.0),
            energy(stations[0], energy_mwh=500.0, gm_code="GM0002"),  # of the same station: added up
            energy(stations[0], energy_mwh=2000.0, year=2050),
            energy(stations[-1], energy_mwh=100.0, kind="supply", sector="solar_field"),
            energy(stations[0], energy_mwh=9999.0, grid_state="nulalternatief"),  # the same load once more
        ]
    )
    counts = esdl_export.write_esdl(inputs, rows, "s", tmp_path / "s.esdl")
    assert counts.energy_gwh == pytest.approx(3.5)
    assert (counts.demands, counts.supplies) == (1, 1)
    assert counts.transformers == len(inputs["grid/transformers"])
    assert counts.capacity_mva == pytest.approx(inputs["grid/transformers"]["rated_mva"].sum())
    assert counts.cables == len(inputs["grid/circuits"])
    assert counts == esdl_export.read_esdl(tmp_path / "s.esdl")


def test_esdl_of_a_storyline_without_results_is_refused(inputs, tmp_path: Path) -> None:
    rows = pd.DataFrame([energy("A", energy_mwh=1.0)])
    with pytest.raises(RequestError, match="no energy per station of storyline 'other'"):
        esdl_export.write_esdl(inputs, rows, "other", tmp_path / "x.esdl")
    assert not (tmp_path / "x.esdl").exists()


def test_without_pyesdl_the_remedy_is_told(inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "esdl", None)
    rows = pd.DataFrame([energy("A", energy_mwh=1.0)])
    with pytest.raises(RequestError, match=r"pip install 'pmiek\[exchange\]'"):
        esdl_export.write_esdl(inputs, rows, "s", tmp_path / "x.esdl")


def test_the_capacity_map_comes_back_as_it_went(tmp_path: Path) -> None:
    areas = pd.read_csv(REPOSITORY / "inputs" / "grid" / "feeding_areas.csv")
    latest = areas.sort_values("snapshot_date").drop_duplicates(["feeding_area_id", "direction"], keep="last")
    files = []
    for operator, document in capacity_map_documents(areas).items():
        files.append(tmp_path / f"{operator}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    read, problems = read_files(files)
    assert problems == []
    back = {(f.area, f.direction): dict(f.measures) for f in read.figures}
    names = {"year_solved_regional": "year_solved"}
    for row in latest.to_dict("records"):
        stated = {
            names.get(column, column): float(row[column])
            for column in (
                "existing_capacity_mw",
                "needed_capacity_mw",
                "queue_mw",
                "queue_requests",
                "year_solved_regional",
            )
            if pd.notna(row[column])
        }
        assert back.get((row["feeding_area_id"], row["direction"]), {}) == stated
    assert set(SIDES) == set(latest["direction"])
