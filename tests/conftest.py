"""Fixtures that every theme may use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tiny_province
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Files whose tests share the one project that is run through the workflow (``finished``), so one worker too.
ONE_PROJECT = ("workflow/test_command.py", "workflow/test_progress.py", "workflow/test_reruns.py")


class ByFile(LoadScopeScheduling):
    """Keeps the tests of a file on one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return ONE_PROJECT[0] if file.endswith(ONE_PROJECT) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope="session")
def tiny_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs folder of the made-up province; read only, so that all tests can share it."""
    return tiny_province.build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny_copy(tiny_inputs: Path, tmp_path: Path) -> Path:
    """Inputs folder of the made-up province for one test, to be changed at will."""
    return Path(shutil.copytree(tiny_inputs, tmp_path / "inputs"))
