"""Of a batch that was really run, every number with a year is one row: site, Word, tables and workbooks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import readers
import sentences
import tiny_project
from openpyxl import load_workbook


def test_every_number_with_a_year_in_every_output_stands_in_one_row(finished: Path) -> None:
    results = finished / "results" / tiny_project.BATCH
    tables = {path.stem: pd.read_csv(path) for path in (results / "tables").glob("*.csv")}
    outputs = {
        "site": sentences.site_texts(results / "site"),
        "word": sentences.word_texts(results),
        "tables": sentences.table_texts(tables),
        "workbooks": {path.name: _cells(path) for path in results.rglob("*.xlsx")},
    }
    counts = {name: sentences.check(texts, tables) for name, texts in outputs.items()}
    assert set(tables["project_needs"]["project_id"]) <= set(tables["candidates"]["project_id"])
    assert min(counts.values()) > 0, counts


def test_english_pages_of_a_batch_hold_no_dutch_and_no_page_holds_an_id(finished: Path) -> None:
    site = finished / "results" / tiny_project.BATCH / "site"
    dutch, ids = {}, {}
    for path in sorted(site.rglob("*.html")):
        text, name = readers.shown_text(path.read_text(encoding="utf-8")), str(path.relative_to(site))
        dutch[name] = readers.dutch_words(text) if name.startswith("en") else []
        ids[name] = readers.raw_ids(text)
    assert {name: found for name, found in dutch.items() if found} == {}
    assert {name: found for name, found in ids.items() if found} == {}


def _cells(path: Path) -> str:
    book = load_workbook(path, read_only=True)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return " | ".join(cell for row in rows for cell in row if isinstance(cell, str) and " " in cell)
