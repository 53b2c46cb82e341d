"""The made-up batch of the report, with fiches made from it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))  # the batch is described there, once

import report_batch as batch  # noqa: E402
from pmiek.publish.documents.fiches import Folders, Outcome, make_fiches  # noqa: E402
from pmiek.publish.report.material import Material, gather  # noqa: E402

TEMPLATE = ROOT / "inputs" / "templates" / "fiche.docx"
SHOWN = ("P01", "P02", "P06")
"""Few projects keep the tests fast: one with a request, one with measures, one with unknown scores."""


@pytest.fixture(scope="session")
def tables_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    tables = batch.result_tables()
    chosen = tables["candidates"][tables["candidates"]["project_id"].isin(SHOWN)].copy()
    chosen.loc[chosen["project_id"] == "P02", "name"] = "=cmd|'/c calc'!A1 <w:t>{{ rang }}</w:t> & \x07 bel"
    batch.write_tables(folder, {**tables, "candidates": chosen})
    return folder


@pytest.fixture(scope="session")
def material(tables_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    inputs = tmp_path_factory.mktemp("inputs")
    batch.write_inputs(inputs)
    return gather(tables_dir, inputs, batch.MANIFEST, "proef")


@pytest.fixture
def make(material: Material, tables_dir: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """Make the fiches in a folder of the test: ``fiches`` for what people wrote, ``out`` for Word."""

    def run(template: Path = TEMPLATE, edited: Path | None = None) -> Outcome:
        folders = Folders(tables_dir, template, tmp_path / "fiches", tmp_path / "out")
        return make_fiches(material, folders, "2026-11-25", edited)

    return run
