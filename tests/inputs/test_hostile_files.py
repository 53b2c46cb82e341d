"""Hostile and clumsy files end in a clear refusal that names the sender's file, or are read as meant."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from openpyxl import Workbook
from pmiek.config.documents import read_document
from pmiek.errors import InputError
from pmiek.inputs.operator_files import read_file, unread_sheets

HEAD = ["unit_id", "rated_mva", "note"]


def book(path, *rows, far=False):
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "grid-transformers"
    for row in rows:
        sheet.append(row)
    if far:
        sheet.cell(1_048_570, 16_000, "x")
    notes = workbook.create_sheet("Onze aantekeningen")
    notes.append(["Bel Jan over de trafo"])
    workbook.save(path)
    return path


def read(path):
    return read_file(path, "netco", path.name, "transformers")


def test_title_rows_notes_decimal_commas_and_day_cells_are_read(tmp_path):
    path = book(
        tmp_path / "x.xlsx",
        ["Opgave Netco 2026"],
        [],
        HEAD,
        ["A", "73,5", dt.date(2026, 10, 1)],
        ["B", 40, ""],
    )
    (table,), problems = read(path)
    assert problems == []
    assert table.cells.to_dict("list") == {
        "unit_id": ["A", "B"], "rated_mva": ["73.5", "40"], "note": ["2026-10-01", ""],
    }  # fmt: skip
    assert list(table.cells.index) == [4, 5]
    assert unread_sheets(path) == ["Onze aantekeningen"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: book(p, HEAD, far=True), "Ctrl\\+End"),
        (lambda p: book(p, ["unit_id", "rated_mva", "rated_mva"], ["A", 1, 2]), "each column once"),
        (lambda p: book(p, HEAD, *[["A", 1, ""]] * 19_000, *[["B"] * 250] * 400), "100000 cells"),
        (lambda p: p.write_bytes(b"PK\x03\x04 no archive"), "readable XLSX"),
        (lambda p: p.write_bytes(b"<html>"), "readable XLSX"),
    ],
)
def test_workbooks_that_cannot_be_forms_are_refused(tmp_path, make, words):
    path = tmp_path / "x.xlsx"
    make(path)
    tables, problems = read(path)
    assert tables == []
    with pytest.raises(InputError, match=words):
        raise InputError(problems)


PARTS = {
    "damaged sheet": ("sheet1", lambda b: b[: len(b) // 2], "readable XLSX"),
    "damaged styles": ("styles", lambda _: b"garbage", "readable XLSX"),
    "no workbook": ("workbook.xml", lambda _: None, "readable XLSX"),
    "entities": ("sheet1", lambda b: b'<!DOCTYPE a [<!ENTITY b "c">]>' + b, "DOCTYPE"),
    "bomb": ("sheet1", lambda b: b + b" " * 120_000_000, "MB unpacked"),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_or_swollen_part_is_refused(tmp_path, name):
    part, change, words = PARTS[name]
    whole, path = book(tmp_path / "whole.xlsx", HEAD, ["A", 1, ""]), tmp_path / "x.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            content = change(content) if part in entry and "rels" not in entry else content
            if content is not None:
                new.writestr(entry, content)
    tables, problems = read(path)
    assert tables == []
    assert words in str(problems[0])
    assert problems[0].file == "x.xlsx"


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("unit_id;rated_mva\r\nAé;73,5\r\n".encode("cp1252"), {"unit_id": ["Aé"], "rated_mva": ["73.5"]}),
        (b"sep=;\r\nunit_id;rated_mva\r\nA;1.073,5\r\n", {"unit_id": ["A"], "rated_mva": ["1073.5"]}),
        ("unit_id\trated_mva\nA\t5\n".encode("utf-16"), {"unit_id": ["A"], "rated_mva": ["5"]}),
    ],
)
def test_forms_in_the_dialects_of_dutch_spreadsheets_are_read(tmp_path, content, cells):
    path = tmp_path / "transformers.csv"
    path.write_bytes(content)
    (table,), problems = read(path)
    assert problems == []
    assert table.cells.to_dict("list") == cells


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"unit_id;rated_mva\nA;11.961\n", "thousands point"),
        (b"a\x00b", "zero byte"),
        (b"unit_id,rated_mva\n" + b"x" * 500_000, "field limit"),
        (b",".join(b"c%d" % i for i in range(5000)), "400 columns"),
        (b"unit_id,unit_id\n1,2", "each column once"),
        (b"\n \n", "header line"),
    ],
)
def test_csv_files_that_cannot_be_forms_are_refused(tmp_path, content, words):
    path = tmp_path / "transformers.csv"
    path.write_bytes(content)
    _, problems = read(path)
    assert any(words in str(problem) for problem in problems)
    assert len(str(problems[0])) < 700


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(9)),
        "a: &a [*a]\n",
        "a: " + "[" * 3000 + "]" * 3000,
        "\n".join(" " * i + "a:" for i in range(1300)),
        "a: " + "x" * 1_500_000,
    ],
)
def test_yaml_made_to_break_its_reader_is_refused(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"Write the value|Nest less|settings only"):
        read_document(path, "x.yaml")
