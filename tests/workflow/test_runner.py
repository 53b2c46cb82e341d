"""Starting, locking and cleaning up around Snakemake, without starting it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from pmiek.errors import SolveError
from pmiek.files import write_json
from pmiek.workflow import runner
from pmiek.workflow.plan import Plan
from pmiek.workflow.support import stage


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Replace Snakemake by one that fails; gives the arguments that it was started with."""
    calls: list[tuple[str, ...]] = []

    def fake(root, batch, arguments, jobs, *, lock, as_json=False):
        calls.append(arguments)
        return 1, ["RuleException:\n", "boom\n"]

    monkeypatch.setattr(runner, "_snakemake", fake)
    return calls


def test_a_known_error_of_a_step_keeps_its_message_and_exit_code(
    tmp_path: Path, started, monkeypatch
) -> None:
    def fails(plan: Plan) -> None:
        message = "the national price of 2035 ended infeasible"
        raise SolveError(message, ["demand exceeds supply"])

    plan = Plan(tmp_path, type("B", (), {"name": "b"})())

    def fake(*args, **kwargs):
        with pytest.raises(SolveError):
            stage(fails)(plan)
        return 1, []

    monkeypatch.setattr(runner, "_snakemake", fake)
    with pytest.raises(runner.WorkflowError) as error:
        runner.run_workflow(tmp_path, "b", 1)
    assert error.value.exit_code == 3
    assert "ended infeasible\n  - demand exceeds supply" in str(error.value)
    assert "results/b/logs/run.log" in str(error.value)


def test_an_unknown_error_shows_its_excerpt_and_an_old_failure_does_not_linger(
    tmp_path: Path, started
) -> None:
    write_json({"exit_code": 3, "message": "of yesterday"}, tmp_path / "results/b/logs/failure.json")
    with pytest.raises(runner.WorkflowError, match="boom") as error:
        runner.run_workflow(tmp_path, "b", 1)
    assert error.value.exit_code == 1
    assert "yesterday" not in str(error.value)
    assert not (tmp_path / "results" / ".running-b.json").exists()


@pytest.mark.parametrize("option", ["--dry-run", "-n", "--summary"])
def test_looking_only_writes_nothing(tmp_path: Path, started, option: str) -> None:
    with pytest.raises(runner.WorkflowError):
        runner.run_workflow(tmp_path, "b", 3, (option,))
    assert started == [("--cores", "3", "--rerun-incomplete", option)]
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_runs_is_not_started_twice(tmp_path: Path, started) -> None:
    other = psutil.Process(os.getppid())
    lock = tmp_path / "results" / ".running-b.json"
    write_json({"processes": [[other.pid, round(other.create_time(), 1)]]}, lock)
    with pytest.raises(runner.WorkflowError, match=f"already running .process {other.pid}."):
        runner.run_workflow(tmp_path, "b", 1)
    assert started == []
    assert lock.is_file()


@pytest.mark.parametrize(
    "content",
    [
        f'{{"processes": [[{os.getppid()}, 1.0]]}}',  # the number now belongs to another process
        '{"processes": [[999999999, 1.0]]}',
        '{"pid": 1',
        "[]",
    ],
)
def test_the_lock_of_a_run_that_is_gone_is_taken_over(tmp_path: Path, started, content: str) -> None:
    lock = tmp_path / "results" / ".running-b.json"
    lock.parent.mkdir()
    lock.write_text(content, encoding="utf-8")
    with pytest.raises(runner.WorkflowError, match="boom"):
        runner.run_workflow(tmp_path, "b", 1)
    assert len(started) == 1
    assert not lock.exists()


def test_what_a_killed_step_was_writing_is_removed(tmp_path: Path, started) -> None:
    tables = tmp_path / "results" / "b" / "tables"
    tables.mkdir(parents=True)
    (tables / ".scores.csv.abc123.csv").write_text("half", encoding="utf-8")
    (tables / "scores.csv").write_text("whole", encoding="utf-8")
    with pytest.raises(runner.WorkflowError):
        runner.run_workflow(tmp_path, "b", 1)
    assert [path.name for path in tables.iterdir()] == ["scores.csv"]


def test_steps_run_with_a_fixed_hash_seed_and_the_projects_own_package(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    environment = runner.step_environment(tmp_path)
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["PYTHONPATH"].split(os.pathsep) == [str(tmp_path / "model"), "elsewhere"]
    assert Path(environment["PYTHONPYCACHEPREFIX"]).is_relative_to(tmp_path / ".snakemake")


def test_stopping_ends_the_steps_that_were_started(tmp_path: Path) -> None:
    inner = "import sys, time; sys.stdout.write('x'); sys.stdout.flush(); time.sleep(60)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE, text=True)
    assert process.stdout.read(1) == "x"
    family = psutil.Process(process.pid).children()
    assert len(family) == 1
    runner._stop(process)
    process.stdout.close()
    assert process.returncode is not None
    assert not family[0].is_running()


def test_the_project_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    (tmp_path / "scenarios" / "batches").mkdir(parents=True)
    (tmp_path / "Snakefile").touch()
    assert runner.project_root(tmp_path / "scenarios" / "batches") == tmp_path


def test_the_lock_names_every_process_of_the_run(tmp_path: Path) -> None:
    lock = tmp_path / "lock.json"
    runner._hold(lock, os.getpid())
    ((pid, created),) = json.loads(lock.read_text(encoding="utf-8"))["processes"]
    assert (pid, created) == (os.getpid(), round(psutil.Process().create_time(), 1))
