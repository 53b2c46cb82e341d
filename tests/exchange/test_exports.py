"""What leaves a batch can be read back: pack, checksums, workbooks, GeoJSON and GeoPackage."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import frictionless
import openpyxl
import pandas as pd
import pytest
from pmiek.files import write_csv
from pmiek.inputs import read_tables
from pmiek.publish.exchange import (
    Layer,
    check_datapack,
    layers,
    to_geojson,
    write_datapack,
    write_geopackage,
    write_workbook,
)
from pmiek.publish.exchange.layers import loading_classes
from pmiek.publish.exchange.workbook import table_sets
from pmiek.results.registry import result_tables


def full_table(name: str, rows: list[dict]) -> pd.DataFrame:
    """Rows of a public table, which may hold a class in place of a figure; columns that are not given are empty."""
    return pd.DataFrame(rows).reindex(columns=result_tables()[name].names)


@pytest.fixture(scope="module")
def inputs(tiny_inputs):
    return read_tables(tiny_inputs)


@pytest.fixture(scope="module")
def results(inputs):
    corridor = str(inputs["grid/circuits"]["corridor_id"].iloc[0])
    group = str(inputs["grid/transformers"]["group_id"].iloc[0])
    key = {"storyline": "koersvaste_middenweg", "variant": "nulalternatief", "weather_year": 2012,
           "contingency": "N-0", "grid_state": "frozen", "hours": 600}  # fmt: skip
    loading = [
        key | {"asset_id": corridor, "direction": "take-off", "year": 2030, "loading_pct": 80.0, "hours": 0},
        key | {"asset_id": corridor, "direction": "feed-in", "year": 2030, "loading_pct": 140.0},
        key
        | {"asset_id": group, "direction": "take-off", "year": 2030, "loading_pct": "beperkt beschikbaar"},
    ]
    station = str(inputs["grid/stations"]["station_id"].iloc[0])
    place = str(inputs["regions/municipalities"]["gm_code"].iloc[0])
    projects = [
        {"project_id": "a", "name": "=HYPERLINK(1)", "station_id": station, "size_mw": 90.0, "rank": 1},
        {"project_id": "b", "name": 'Lijn; "hoog"', "asset_ids": corridor, "size_mw": 40.0, "rank": 2},
        {"project_id": "c", "name": "Warmte ë", "gm_code": place, "rank": 3},
        {"project_id": "d", "name": "Nergens", "rank": 4},
    ]
    return {"loading": full_table("loading", loading), "candidates": full_table("candidates", projects)}


@pytest.fixture(scope="module")
def pack(tmp_path_factory, inputs, results) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    for name, table in results.items():
        write_csv(table, folder / "tables" / f"{name}.csv")
    write_datapack(folder / "tables", inputs, folder / "datapack", "snel")
    return folder / "datapack"


def test_pack_is_valid_and_its_tables_read_back(pack, results):
    report = frictionless.Package(str(pack / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    described = json.loads((pack / "datapackage.json").read_text(encoding="utf-8"))
    loading = next(r for r in described["resources"] if r["name"] == "loading")
    assert next(f for f in loading["schema"]["fields"] if f["name"] == "peak_mw")["unit"] == "MW"
    assert (
        pd.read_csv(pack / "tables" / "loading.csv")["asset_id"].tolist()
        == results["loading"]["asset_id"].tolist()
    )


def test_checksums_cover_every_file_and_find_a_change(pack, tmp_path):
    listed = {line.split("  ")[1] for line in (pack / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    there = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    assert listed == there
    assert check_datapack(pack) == []
    changed = pack / "tables" / "loading.csv"
    before = changed.read_bytes()
    changed.write_bytes(before + b"x")
    assert check_datapack(pack) == ["tables/loading.csv"]
    changed.unlink()
    assert check_datapack(pack) == ["tables/loading.csv"]
    changed.write_bytes(before)


def test_large_tables_are_packed(tmp_path, inputs, results, monkeypatch):
    monkeypatch.setattr("pmiek.publish.exchange.datapack.COMPRESS_FROM_BYTES", 10)
    write_csv(results["loading"], tmp_path / "tables" / "loading.csv")
    write_datapack(tmp_path / "tables", inputs, tmp_path / "pack", "snel")
    assert len(pd.read_csv(tmp_path / "pack" / "tables" / "loading.csv.gz")) == len(results["loading"])
    described = json.loads((tmp_path / "pack" / "datapackage.json").read_text(encoding="utf-8"))["resources"][
        0
    ]
    assert (described["path"], described["compression"]) == ("tables/loading.csv.gz", "gz")
    assert check_datapack(tmp_path / "pack") == []


def test_workbook_has_units_frozen_panes_and_no_formula(pack):
    book = openpyxl.load_workbook(pack / "xlsx" / "projects.xlsx")
    sheet = book["candidates"]
    names = [cell.value for cell in sheet[2]]
    assert sheet.freeze_panes == "B3"
    assert sheet.cell(1, names.index("size_mw") + 1).value == "MW"
    assert sheet.cell(3, names.index("size_mw") + 1).value == 90
    assert sheet.cell(3, names.index("name") + 1).value == "'=HYPERLINK(1)"
    assert not {cell.data_type for row in sheet.iter_rows() for cell in row} & {"f", "e"}
    assert book["contents"]["A2"].value == "candidates"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@sum", "\tx"])
def test_formulas_are_neutralised_also_in_tables_that_are_not_ours(tmp_path, text):
    write_workbook({"own": pd.DataFrame({"=head": [text, "plain"]})}, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["own"]
    assert sheet["A3"].value == "'" + text
    assert sheet["A2"].value == "'=head"
    assert sheet["A4"].value == "plain"


def test_a_table_too_long_for_a_sheet_is_named(tmp_path, monkeypatch, results):
    monkeypatch.setattr("pmiek.publish.exchange.workbook.MOST_ROWS", 2)
    write_workbook({"loading": results["loading"]}, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert "loading" not in book.sheetnames
    assert "tables/loading.csv" in book["contents"]["D2"].value


def test_every_registered_table_has_one_workbook():
    names = list(result_tables())
    members = [name for group in table_sets(names).values() for name in group]
    assert sorted(members) == sorted(names)


def test_classes_are_the_worst_over_runs_and_words_pass_through(results, inputs):
    classes = loading_classes(results["loading"])
    corridor = str(inputs["grid/circuits"]["corridor_id"].iloc[0])
    group = str(inputs["grid/transformers"]["group_id"].iloc[0])
    assert classes.loc[corridor].to_dict() == {"loading_frozen_2030": 140.0, "class_frozen_2030": "tekort"}
    assert pd.isna(classes.loc[group, "loading_frozen_2030"])
    assert classes.loc[group, "class_frozen_2030"] == "beperkt beschikbaar"


def test_projects_stand_at_station_asset_municipality_or_nowhere(inputs, results):
    made = {layer.name: layer for layer in layers(inputs, results["loading"], results["candidates"])}
    projects = made["projects"]
    assert projects.rows["location"].tolist() == ["station", "asset", "municipality", "unknown"]
    assert projects.shapes[3] is None
    station = inputs["grid/stations"].iloc[0]
    assert projects.shapes[0] == [float(station["lon"]), float(station["lat"])]


def test_geojson_is_plain_and_complete(pack, inputs):
    text = (pack / "gis" / "circuits.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    assert len(features) == inputs["grid/circuits"]["corridor_id"].nunique()
    assert {f["geometry"]["type"] for f in features if f["geometry"]} == {"LineString"}
    assert "NaN" not in text
    spots = json.loads((pack / "gis" / "projects.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["geometry"] is None for f in spots] == [False, False, False, True]


def test_geopackage_reads_back(tmp_path):
    square = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]
    made = [
        Layer(
            "spots",
            "Spots",
            "Point",
            pd.DataFrame({"name": ["a", "b"], "mw": [1.5, None]}),
            [[6.5, 53.0], None],
        ),
        Layer("areas", "Areas", "MultiPolygon", pd.DataFrame({"n": [3]}), [[square]]),
    ]
    write_geopackage(made, tmp_path / "t.gpkg")
    first = (tmp_path / "t.gpkg").read_bytes()
    assert first[68:72] == b"GPKG"
    with closing(sqlite3.connect(tmp_path / "t.gpkg")) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute(
            "SELECT min_x, max_y FROM gpkg_contents WHERE table_name = 'areas'"
        ).fetchone() == (0, 1)
        (blob, name, mw), empty = base.execute("SELECT geom, name, mw FROM spots ORDER BY fid").fetchall()
        (area,) = base.execute("SELECT geom FROM areas").fetchone()
    assert (name, mw, empty) == ("a", 1.5, (None, "b", None))
    assert struct.unpack("<2sBBiBIdd", blob) == (b"GP", 0, 1, 4326, 1, 1, 6.5, 53.0)
    assert struct.unpack_from("<BIIBIII", area, 8) == (1, 6, 1, 1, 3, 1, 4)
    assert struct.unpack_from("<8d", area, 30) == (0, 0, 1, 0, 1, 1, 0, 0)
    write_geopackage(made, tmp_path / "t.gpkg")
    assert (tmp_path / "t.gpkg").read_bytes() == first


def test_layers_keep_one_shape_per_row(inputs, results):
    for layer in layers(inputs, results["loading"], results["candidates"]):
        assert len(layer.rows) == len(layer.shapes) == len(to_geojson(layer)["features"])
        assert layer.rows.shape[1] > 0
