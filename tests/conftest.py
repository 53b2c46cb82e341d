"""Fixtures that every theme may use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tiny_province


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, and those of the project that is run once (``finished``)."""
    for item in items:
        shared = "finished" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("finished" if shared else str(item.path)))


@pytest.fixture(scope="session")
def tiny_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs folder of the made-up province; read only, so that all tests can share it."""
    return tiny_province.build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny_copy(tiny_inputs: Path, tmp_path: Path) -> Path:
    """Inputs folder of the made-up province for one test, to be changed at will."""
    return Path(shutil.copytree(tiny_inputs, tmp_path / "inputs"))
