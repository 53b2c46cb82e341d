"""What `pmiek doctor` says of a machine on which something is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pmiek.workflow import doctor


def verdicts(report: doctor.Report) -> dict[str, str]:
    return {finding.subject: finding.verdict for finding in report.findings}


def test_this_machine_can_run_the_model(tmp_path: Path) -> None:
    report = doctor.examine(tmp_path, "en")
    assert report.healthy, report.text()
    assert "simplex optimal, hipo optimal" in report.text()
    assert {finding["subject"] for finding in json.loads(report.json())} == set(verdicts(report))


def test_a_missing_browser_is_no_obstacle_and_says_what_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    report = doctor.examine(tmp_path, "nl")
    assert verdicts(report)["browser"] == "note"
    assert verdicts(report)["LibreOffice"] == "note"
    assert "apt-get install chromium" in report.text()
    assert report.healthy


def test_a_library_of_another_version_is_named_with_its_range(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_version = doctor.version
    monkeypatch.setattr(doctor, "version", lambda name: "0.1" if name == "pypsa" else true_version(name))
    report = doctor.examine(tmp_path, "en")
    assert not report.healthy
    assert "pypsa 0.1 (<1.5,>=1.4)" in report.text()


def test_a_place_where_nothing_may_be_written_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where the folder should be", encoding="utf-8")
    report = doctor.examine(tmp_path, "nl")
    assert verdicts(report)["schrijven"] == "wrong"
    assert not report.healthy


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({"PMIEK_LANG": "en"}, "en"), ({"LANG": "nl_NL.UTF-8"}, "nl"), ({"LANG": "C.UTF-8"}, "nl"), ({}, "nl"),
     ({"PMIEK_LANG": "nl", "LANG": "en_GB.UTF-8"}, "nl"), ({"LANG": "de_DE.UTF-8"}, "en")],
)  # fmt: skip
def test_the_language_of_the_reader(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PMIEK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert doctor.language_of_user() == expected
