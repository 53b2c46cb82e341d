"""What ``pmiek check`` remembers goes by contents, and never hides a change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pmiek.workflow import unchanged


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PMIEK_OPERATOR_DIR", raising=False)
    monkeypatch.setattr(unchanged, "PACKAGE", tmp_path / "code")
    for name in ("inputs/a.csv", "inputs/grid/b.csv", "scenarios/base.yaml", "code/x.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


def test_times_do_not_count_and_contents_do(project: Path) -> None:
    before = unchanged.fingerprint(project)
    os.utime(project / "inputs" / "a.csv", (1, 1))
    assert unchanged.fingerprint(project) == before
    for name in ("inputs/a.csv", "inputs/grid/b.csv", "scenarios/base.yaml", "code/x.py"):
        path = project / name
        old, stat = path.read_text(encoding="utf-8"), path.stat()
        path.write_text(old.swapcase(), encoding="utf-8")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # same size, same time, other contents
        assert unchanged.fingerprint(project) != before, name
        path.write_text(old, encoding="utf-8")
    assert unchanged.fingerprint(project) == before


def test_a_new_lost_or_renamed_file_and_operators_files_count(project: Path) -> None:
    seen = {unchanged.fingerprint(project)}
    (project / "inputs" / "c.csv").write_text("c", encoding="utf-8")
    seen.add(unchanged.fingerprint(project))
    (project / "inputs" / "c.csv").rename(project / "inputs" / "d.csv")
    seen.add(unchanged.fingerprint(project))
    (project / "operator" / "enexis").mkdir(parents=True)
    (project / "operator" / "enexis" / "x.csv").write_text("x", encoding="utf-8")
    seen.add(unchanged.fingerprint(project))
    assert len(seen) == 4


def test_only_the_same_fingerprint_is_remembered(project: Path) -> None:
    assert unchanged.remembered(project, "one") == ""
    unchanged.remember(project, "one", "All is well.")
    assert unchanged.remembered(project, "one") == "All is well."
    assert unchanged.remembered(project, "two") == ""
    (project / unchanged.MEMORY).write_text("{half", encoding="utf-8")
    assert unchanged.remembered(project, "one") == ""
