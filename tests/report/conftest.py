"""One site of the made-up batch for all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
import report_batch as batch
from pmiek.publish.report import build_site


@pytest.fixture(scope="session")
def report_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    batch.write_inputs(folder)
    return folder


@pytest.fixture(scope="session")
def report_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    batch.write_tables(folder, batch.result_tables())
    return folder


@pytest.fixture(scope="session")
def site(report_inputs: Path, report_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "site"
    build_site(report_tables, folder, inputs_dir=report_inputs, manifest=batch.MANIFEST, batch_name="proef")
    return folder
