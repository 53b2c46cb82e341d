"""Contents instead of clocks, and what a killed step says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pmiek.workflow.contents import contents, forget_damaged, outputs_of, result_hashes
from pmiek.workflow.runner import killed


def test_a_fingerprint_follows_contents_and_leaves_results_out(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    (tmp_path / "results").mkdir()
    first = contents(tmp_path, ["a.csv", "results/b.csv"])
    os.utime(file, (1, 1))
    assert contents(tmp_path, ["a.csv"]) == first
    file.write_text("2")
    os.utime(file, (1, 1))
    assert contents(tmp_path, ["a.csv"]) != first


@pytest.mark.parametrize("hurt", ["delete", "change"])
def test_only_the_stage_of_the_hurt_table_is_made_again(tmp_path: Path, hurt: str) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    with outputs_of("make_tables", tmp_path):
        for name in ("bottlenecks", "loading"):
            (tables / f"{name}.csv").write_text(name)
    with outputs_of("make_projects", tmp_path):
        for name in ("candidates", "weighing"):
            (tables / f"{name}.csv").write_text(name)
    assert forget_damaged(tmp_path) == []
    if hurt == "delete":
        (tables / "weighing.csv").unlink()
    else:
        (tables / "weighing.csv").write_text("else")
    assert forget_damaged(tmp_path) == ["tables/weighing.csv"]
    assert not (tables / "candidates.csv").exists()
    assert (tables / "bottlenecks.csv").exists()


@pytest.mark.parametrize(
    ("log", "was_killed"),
    [
        ("CalledProcessError: Command '...' died with <Signals.SIGKILL: 9>.", True),
        ("Command 'python' returned non-zero exit status 137.", True),
        ("Traceback (most recent call last)\nValueError: a killed bird", False),
        ("RuleException:\nKeyError in file x", False),
    ],
)
def test_a_killed_step_is_told_from_a_failed_one(log: str, was_killed: bool) -> None:
    assert killed([log]) == was_killed


def test_what_measures_the_run_is_no_part_of_a_result(tmp_path: Path) -> None:
    table = tmp_path / "tables" / "solver.csv"
    table.parent.mkdir()
    table.write_text("label,objective,wall_seconds,peak_memory_mb\na,1.5,2.0,300\n")
    first = result_hashes(tmp_path)
    table.write_text("label,objective,wall_seconds,peak_memory_mb\na,1.5,3.0,301\n")
    assert result_hashes(tmp_path) == first
    table.write_text("label,objective,wall_seconds,peak_memory_mb\na,1.6,3.0,301\n")
    assert result_hashes(tmp_path) != first
