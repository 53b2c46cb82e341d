"""Templates that operators fill in, and reading them back."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from openpyxl import load_workbook
from pmiek.errors import InputError
from pmiek.inputs import read_tables
from pmiek.publish.operators.requests import requests_of
from pmiek.publish.operators.submit import submit
from pmiek.publish.operators.templates import (
    find_operator,
    operators,
    template_tables,
    write_csv_templates,
    write_xlsx_template,
)
from pmiek.workflow.operators import template_text

GRID = ["grid/transformers", "grid/stations"]
REQUESTS = pd.DataFrame({
    "request_id": ["r2", "r1", "r3"], "operator": ["Netco", "Netco; Hoogco", "Hoogco"],
    "asset_id": ["AAD-mv", "AAD-mv", "KOP-AAD"], "what": ["=cmd()", "Vermogen per eenheid", "x"],
    "why": ["w", "Dan verdwijnt het knelpunt", "w"],
    "format": ["CSV: station, maand", "rij in grid/transformers.csv: unit_id, rated_mva", "x"],
    "by_when": ["2029-06-30", "2028-12-31", "2028-12-31"], "affects_projects": ["p1", "p1;p2", "p3"],
})  # fmt: skip


@pytest.fixture
def public(project):
    return read_tables(project.inputs)


@pytest.fixture
def workbook(project, public):
    frames = template_tables(public, "Netco")
    return write_xlsx_template(frames, requests_of(REQUESTS, "Netco"), "Netco", project.root)


def fill(path, sheet: str, key: str, column: str, value) -> None:
    book = load_workbook(path)
    rows = book[sheet]
    header = [cell.value for cell in rows[1]]
    for row in rows.iter_rows(min_row=2):
        if row[0].value == key:
            row[header.index(column)].value = value
    book.save(path)


def test_operators_are_found_by_any_spelling(public):
    assert operators(public) == ["Gasco", "Hoogco", "Netco"]
    assert find_operator(public, "netco") == "Netco"
    with pytest.raises(InputError, match="Did you mean 'Netco'"):
        find_operator(public, "Netcp")


def test_a_template_holds_what_the_operator_owns_with_the_present_figures(public):
    frames = template_tables(public, "Netco")
    units = frames["grid/transformers"]
    assert units["unit_id"].tolist() == [
        "AAD-T1",
        "AAD-T2",
        "AAD-T3",
        "BEE-T1",
        "CEE-T1",
        "CEE-T2",
        "NWE-T1",
        "NWE-T2",
    ]
    assert units["nu_rated_mva"].tolist() == [40, 40, 40, 40, 40, 40, 90, 90]
    assert set(units["rated_mva"]) == {""}
    assert "grid/circuits" not in frames
    assert frames["grid/service_areas"]["station_id"].tolist() == ["AAD", "BEE", "BEE", "CEE", "outside"]


def test_the_workbook_is_locked_described_and_asks(workbook):
    book = load_workbook(workbook)
    assert book.sheetnames[:3] == ["leesmij", "schema", "verzoeken"]
    sheet = book["grid-transformers"]
    header = [cell.value for cell in sheet[1]]
    place = header.index("rated_mva") + 1
    assert sheet.protection.sheet
    assert sheet.cell(1, place).protection.locked
    assert not sheet.cell(2, place).protection.locked
    assert sheet.cell(2, header.index("nu_rated_mva") + 1).protection.locked
    schema = {(row[0], row[1]): row[2:] for row in book["schema"].iter_rows(min_row=2, values_only=True)}
    assert schema["grid-transformers", "rated_mva"] == (
        "Rated power", "MVA", "a number in MVA of at least 0.1", "ja", "66.0",
    )  # fmt: skip
    asked = list(book["verzoeken"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in asked] == ["r1", "r2"]
    assert asked[0][4:7] == ("grid-transformers", "Netco", "2028-12-31")
    assert book["verzoeken"].cell(2, 5).hyperlink.location == "'grid-transformers'!A1"


def test_cells_that_begin_as_a_formula_are_neutralised(workbook, project, public):
    asked = load_workbook(workbook)["verzoeken"]
    assert (asked.cell(3, 2).value, asked.cell(3, 2).data_type) == ("'=cmd()", "s")
    files = write_csv_templates(
        template_tables(public, "Netco"), requests_of(REQUESTS, "Netco"), "Netco", project.root
    )
    text = next(file for file in files if file.stem == "verzoeken").read_text(encoding="utf-8")
    assert "'=cmd()" in text


def test_round_trip(workbook, project):
    fill(workbook, "grid-transformers", "AAD-T1", "rated_mva", 66.5)
    fill(workbook, "grid-stations", "BEE", "extendable", "no")
    written = submit(workbook, project.inputs, project.folder)
    assert [path.relative_to(project.folder).as_posix() for path in written] == [
        "netco/grid-transformers.csv", "netco/grid-stations.csv",
    ]  # fmt: skip
    assert written[0].read_text(encoding="utf-8") == "unit_id,rated_mva\nAAD-T1,66.5\n"
    tables = read_tables(project.inputs, GRID, overrides=project.folder)
    assert tables["grid/transformers"].set_index("unit_id").loc["AAD-T1", "rated_mva"] == 66.5
    assert tables["grid/stations"].set_index("station_id").loc["BEE", "extendable"] == "no"
    assert len(tables.confidential) == 2


def test_a_second_answer_keeps_the_first(workbook, project):
    first, second = workbook, shutil.copy(workbook, project.root / "second.xlsx")
    fill(first, "grid-transformers", "AAD-T1", "rated_mva", 66.5)
    fill(first, "grid-transformers", "AAD-T2", "rated_mva", 47)
    submit(first, project.inputs, project.folder)
    fill(second, "grid-transformers", "AAD-T2", "rated_mva", 80)
    fill(second, "grid-transformers", "BEE-T1", "x_pct", 12)
    submit(second, project.inputs, project.folder)
    units = read_tables(project.inputs, GRID, overrides=project.folder)["grid/transformers"].set_index(
        "unit_id"
    )
    assert units.loc[["AAD-T1", "AAD-T2", "BEE-T1"], "rated_mva"].tolist() == [66.5, 80, 40]
    assert units.loc["BEE-T1", "x_pct"] == 12
    kept = list((project.folder / "netco" / ".earlier").iterdir())
    assert [path.read_text(encoding="utf-8") for path in kept] == [
        "unit_id,rated_mva\nAAD-T1,66.5\nAAD-T2,47\n"
    ]


def test_all_problems_at_once_and_nothing_is_written(workbook, project):
    fill(workbook, "grid-transformers", "AAD-T1", "rated_mva", -1)
    fill(workbook, "grid-transformers", "AAD-T2", "rated_mva", "=40+26")
    fill(workbook, "grid-stations", "BEE", "extendable", "misschien")
    fill(workbook, "grid-service_areas", "GM0001", "load_share", 0.4)
    with pytest.raises(InputError) as caught:
        submit(workbook, project.inputs, project.folder)
    found = {(p.file.partition(", ")[2], p.row, p.column) for p in caught.value.problems}
    assert found == {
        ("sheet grid-transformers", 2, "rated_mva"), ("sheet grid-transformers", 3, "rated_mva"),
        ("sheet grid-stations", 3, "extendable"), ("sheet grid-service_areas", 2, "load_share"),
    }  # fmt: skip
    assert not project.folder.exists()


def test_an_empty_template_is_refused(workbook, project):
    with pytest.raises(InputError, match="white cells"):
        submit(workbook, project.inputs, project.folder)


def test_the_command_writes_templates_with_the_requests_of_the_batch(project):
    (project.root / "inputs").symlink_to(project.inputs)
    assert "batch b is not made" in template_text(project.root, "netco", "b", csv=False)
    folder = project.root / "results" / "b" / "tables"
    folder.mkdir(parents=True)
    REQUESTS.to_csv(folder / "data_requests.csv", index=False)
    told = template_text(project.root, "netco", "b", csv=True)
    assert "2 data requests" in told
    assert "results/templates/netco/verzoeken.csv" in told


def test_an_operator_fills_in_who_waits_at_its_stations(workbook, project, public):
    asked = template_tables(public, "Netco")["projects/waiting_list"]
    assert set(zip(asked["station_id"], asked["direction"], strict=True)) >= {
        ("AAD", "take-off"), ("AAD", "feed-in"), ("BEE", "take-off"), ("BEE", "feed-in"),
    }  # fmt: skip
    book = load_workbook(workbook)
    rows = book["projects-waiting_list"]
    header = [cell.value for cell in rows[1]]
    at = {name: header.index(name) + 1 for name in header}
    line = next(
        n
        for n in range(2, rows.max_row + 1)
        if (rows.cell(n, at["station_id"]).value, rows.cell(n, at["direction"]).value) == ("BEE", "take-off")
    )
    for column, value in (("requests", 14), ("requested_mw", 35), ("reference_date", "2026-10-01")):
        rows.cell(line, at[column]).value = value
    book.save(workbook)
    written = submit(workbook, project.inputs, project.folder)
    assert [path.name for path in written] == ["projects-waiting_list.csv"]
    got = pd.read_csv(written[0])
    assert got[["station_id", "direction", "requested_mw"]].to_numpy().tolist() == [["BEE", "take-off", 35]]
