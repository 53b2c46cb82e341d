"""Driving Snakemake for the command line: progress, time left, resuming, and errors with their exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from model.errors import PmiekError
from model.files import write_json, write_text

STEPS = re.compile(r"^(\d+) of (\d+) steps")
RULE = re.compile(r"^\s*(?:local)?rule (\w+):")
WILDCARDS = re.compile(r"^\s*wildcards: (.*)$")


class WorkflowError(PmiekError):
    """A step of the workflow failed for another reason than its input or its solve."""


@dataclass
class Progress:
    """Turn Snakemake's log into one line per finished step, with the time that is probably left.

    Attributes
    ----------
    started : float
        Moment of the start (``time.monotonic``).
    current : str
        The step that was announced last.
    """

    started: float = field(default_factory=time.monotonic)
    current: str = ""

    def read(self, line: str) -> str | None:
        """Take one line of the log; give a message when a step has ended."""
        if match := RULE.match(line):
            self.current = match.group(1)
        elif match := WILDCARDS.match(line):
            self.current += " " + ", ".join(part.split("=")[-1] for part in match.group(1).split(", "))
        elif match := STEPS.match(line):
            done, total = int(match.group(1)), int(match.group(2))
            elapsed = time.monotonic() - self.started
            left = elapsed / done * (total - done)
            return f"  {done:>3} of {total} steps  {clock(elapsed)} passed, about {clock(left)} left"
        return None


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds, for example ``2:05``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def run_workflow(root: Path, batch: str, jobs: int, extra: tuple[str, ...] = ()) -> None:
    """Run or resume a batch through Snakemake.

    Parameters
    ----------
    root : Path
        Project root, with the Snakefile.
    batch : str
        Name of a file in ``scenarios/batches``.
    jobs : int
        Steps at the same time.
    extra : tuple of str
        Arguments that go to Snakemake as they are, for example ``--dry-run``.

    Raises
    ------
    PmiekError
        With exit code 2 for bad input, 3 for a solve that is not optimal, 1 for anything else; the message
        is the diagnosis of the step that failed.
    """
    logs = root / "results" / batch / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    failure = logs / "failure.json"
    failure.unlink(missing_ok=True)
    lock = root / "results" / f".running-{batch}.json"
    _take(lock)
    try:
        _unlock_after_interruption(root, batch)
        code = _snakemake(root, batch, ("--cores", str(jobs), "--rerun-incomplete", *extra), logs / "run.log")
    finally:
        lock.unlink(missing_ok=True)
    if code == 0:
        return
    if failure.is_file():
        told = json.loads(failure.read_text(encoding="utf-8"))
        error = WorkflowError(told["message"])
        error.exit_code = int(told["exit_code"])
        raise error
    tail = (logs / "run.log").read_text(encoding="utf-8").splitlines()[-25:]
    message = f"a step of batch {batch} failed; the whole log is results/{batch}/logs/run.log\n" + "\n".join(
        tail
    )
    raise WorkflowError(message)


def note_failure(path: Path, error: PmiekError) -> None:
    """Leave the message of a failed step where the command line finds it."""
    write_json({"exit_code": error.exit_code, "message": str(error)}, path)


def _take(lock: Path) -> None:
    if lock.is_file():
        pid = int(json.loads(lock.read_text(encoding="utf-8"))["pid"])
        if pid != os.getpid() and psutil.pid_exists(pid):
            message = f"this batch is already running (process {pid}); wait for it or stop it first"
            raise WorkflowError(message)
    write_json({"pid": os.getpid()}, lock)


def _command(root: Path, batch: str, arguments: tuple[str, ...]) -> list[str]:
    start = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        str(root / "Snakefile"),
        "--directory",
        str(root),
    ]
    return [*start, *arguments, "--nocolor", "--config", f"batch={batch}"]


def _unlock_after_interruption(root: Path, batch: str) -> None:
    locks = root / ".snakemake" / "locks"
    others = [p for p in (root / "results").glob(".running-*.json") if p.name != f".running-{batch}.json"]
    if others or not locks.is_dir() or not any(locks.iterdir()):
        return
    subprocess.run(  # noqa: S603 -- fixed arguments, no shell
        _command(root, batch, ("--unlock",)), cwd=root, check=False, capture_output=True
    )


def _snakemake(root: Path, batch: str, arguments: tuple[str, ...], log: Path) -> int:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    progress, lines = Progress(), []
    show_all = "--dry-run" in arguments or "-n" in arguments
    process = subprocess.Popen(  # noqa: S603 -- fixed arguments, no shell
        _command(root, batch, arguments),
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        for line in process.stdout or ():
            lines.append(line)
            message = progress.read(line)
            if show_all:
                sys.stdout.write(line)
            elif message:
                sys.stdout.write(message + "\n")
                sys.stdout.flush()
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        message = "stopped; what was finished is kept, `pmiek run` goes on from there"
        raise WorkflowError(message) from None
    finally:
        write_text("".join(lines), log)


def _root_of(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if (folder / "Snakefile").is_file() and (folder / "scenarios").is_dir():
            return folder
    return None


def project_root(start: Path | None = None) -> Path:
    """Find the project folder from here upwards: the one with a Snakefile and scenarios.

    Raises
    ------
    WorkflowError
        If there is none.
    """
    root = _root_of(start or Path.cwd()) or _root_of(Path(__file__).resolve().parent)
    if root is None:
        message = "no Snakefile and scenarios/ found here or above; run pmiek inside the project folder"
        raise WorkflowError(message)
    return root
