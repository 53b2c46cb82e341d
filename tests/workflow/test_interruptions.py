"""A machine that ends a step: the words for it, and files that are whole or as they were."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from pmiek.errors import PmiekError
from pmiek.files import write_csv, write_file
from pmiek.workflow import support
from pmiek.workflow.interruptions import words


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "tables/loading.csv"), "the disk is full"),
        (
            PermissionError(errno.EACCES, "denied", ".x", None, "tables/loading.csv"),
            "open in another program",
        ),
        (OSError(errno.EROFS, "Read-only file system", "tables/loading.csv"), "read-only"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory ran out"),
        (MemoryError(), "memory ran out"),
    ],
)
def test_a_step_says_what_the_machine_did_and_how_to_go_on(
    error: BaseException, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Plan(SimpleNamespace):
        pass

    monkeypatch.setattr(support, "Plan", Plan)

    @support.stage
    def make(plan: Plan) -> None:
        raise error

    with pytest.raises(PmiekError, match=told):
        make(Plan(root=tmp_path, folder="results/x"))
    left = json.loads((tmp_path / "results/x/logs/failure.json").read_text(encoding="utf-8"))
    assert told in left["message"]
    assert "goes on from there" in left["message"]
    if getattr(error, "filename", None):
        assert "tables/loading.csv" in left["message"]


def test_a_bug_keeps_its_traceback() -> None:
    assert words(KeyError("x")) == ""
    assert words(FileNotFoundError(errno.ENOENT, "no such file", "x")) == ""


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_csv(pd.DataFrame({"a": [1]}), path)
    before = path.read_bytes()

    def full(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device", str(temporary))

    with pytest.raises(OSError, match="No space left"):
        write_file(path, full)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]
