"""Driving Snakemake for the command line: progress, resuming, stopping, and errors with their exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

from pmiek.errors import PmiekError
from pmiek.files import write_json, write_text
from pmiek.workflow.contents import forget_damaged
from pmiek.workflow.progress import Progress, excerpt, without_file_lists

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
KILLED = re.compile(
    r"SIGKILL|SIGTERM|Signals\.SIG|exit (?:code|status) (?:137|-9|143)\b|returned non-zero exit status (?:137|-9|143)"
    r"|[Kk]illed|BrokenProcessPool|terminated abruptly|died with <Signals"
)
LOOK_ONLY = frozenset({"--dry-run", "--dryrun", "-n", "--summary", "--list-rules", "--list", "-l"})


class WorkflowError(PmiekError):
    """A step of the workflow failed for another reason than its input or its solve."""


def run_workflow(
    root: Path, batch: str, jobs: int, extra: tuple[str, ...] = (), *, as_json: bool = False
) -> None:
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
    as_json : bool
        Progress as one JSON object per line, for another program.

    Raises
    ------
    PmiekError
        With exit code 2 for bad input, 3 for a solve that is not optimal, 1 for anything else; the message
        is the diagnosis of the step that failed.
    """
    arguments = ("--cores", str(jobs), "--rerun-incomplete", *extra)
    if looks_only(extra):
        code, lines = _snakemake(root, batch, arguments, jobs, lock=None)
        if code:
            message = f"Snakemake could not plan batch {batch}\n{excerpt(lines)}"
            raise WorkflowError(message)
        return
    logs = root / "results" / batch / "logs"
    failure = logs / "failure.json"
    lock = root / "results" / f".running-{batch}.json"
    _take(lock)
    try:
        failure.unlink(missing_ok=True)
        _sweep(root / "results" / batch)
        for name in forget_damaged(root / "results" / batch):
            note = f"{name} is gone or was changed; it is made again"
            sys.stdout.write(json.dumps({"event": "note", "text": note}) + "\n" if as_json else f"  {note}\n")
        _unlock_after_interruption(root, batch)
        code, lines = _snakemake(root, batch, arguments, jobs, lock=lock, as_json=as_json)
    finally:
        lock.unlink(missing_ok=True)
    write_text("".join(lines), logs / "run.log")
    if code:
        raise _failed(batch, failure, lines)


def looks_only(arguments: tuple[str, ...]) -> bool:
    """Say whether arguments for Snakemake ask only to look: nothing is made or written."""
    return not LOOK_ONLY.isdisjoint(arguments)


def _failed(batch: str, failure: Path, lines: list[str]) -> PmiekError:
    log = f"The whole log is results/{batch}/logs/run.log"
    if failure.is_file():
        told = json.loads(failure.read_text(encoding="utf-8"))
        error = WorkflowError(f"{told['message']}\n{log}")
        error.exit_code = int(told["exit_code"])
        return error
    if killed(lines):
        message = (
            f"a step of batch {batch} was killed from outside, most often because memory ran out ({_memory()}). "
            f"What was finished is there: run it again with fewer steps at a time "
            f"(pmiek run --batch {batch} --jobs 1)\n{log}"
        )
        return WorkflowError(message)
    return WorkflowError(f"a step of batch {batch} failed\n{excerpt(lines)}\n{log}")


def killed(lines: Iterable[str]) -> bool:
    """Tell whether a log ends because the system killed a step, and not because of an error in it.

    A killed process says nothing itself: Snakemake tells the signal, or the exit code 137 (128 + 9), or that a
    process of its pool is gone.
    """
    text = "".join(lines)
    if "Traceback" in text and "BrokenProcessPool" not in text and "CalledProcessError" not in text:
        return False
    return KILLED.search(text) is not None


def _memory() -> str:
    memory = psutil.virtual_memory()
    return f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free now"


def _take(lock: Path) -> None:
    """Refuse a second run of the same batch; a lock whose processes are gone is taken over."""
    for pid, created in _holders(lock):
        if pid != os.getpid() and _started(pid) == created:
            message = f"this batch is already running (process {pid}); wait for it or stop it first"
            raise WorkflowError(message)
    _hold(lock, os.getpid())


def _hold(lock: Path, *pids: int) -> None:
    write_json({"processes": [[pid, _started(pid)] for pid in pids]}, lock)


def _holders(lock: Path) -> list[tuple[int, float | None]]:
    try:
        return [(int(pid), created) for pid, created in json.loads(lock.read_text("utf-8"))["processes"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _started(pid: int) -> float | None:
    """Moment at which a process started; a number alone may belong to another process by now."""
    try:
        return round(float(psutil.Process(pid).create_time()), 1)
    except psutil.Error:
        return None


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


def step_environment(root: Path) -> dict[str, str]:
    """Environment of the steps: same order every time, UTF-8, this project's package, one thread per step.

    Matrices are small, so the threads of the linear algebra mostly wait for each other; steps run beside each
    other instead.

    Every step is a process of its own, so importing counts. Where Python may not keep its compiled modules
    beside the sources, they go into Snakemake's own folder.
    """
    path = os.pathsep.join(filter(None, [str(root / "model"), os.environ.get("PYTHONPATH", "")]))
    fixed = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": path}
    environment = {**ONE_THREAD, **os.environ, **fixed}
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment["PYTHONPYCACHEPREFIX"] = str(root / ".snakemake" / "bytecode")
    return environment


def _sweep(folder: Path) -> None:
    """Remove what a killed step was writing: files are written under a hidden name and then renamed."""
    for path in folder.rglob(".*.*"):
        if path.is_file():
            path.unlink(missing_ok=True)


def _unlock_after_interruption(root: Path, batch: str) -> None:
    locks = root / ".snakemake" / "locks"
    others = [p for p in (root / "results").glob(".running-*.json") if p.name != f".running-{batch}.json"]
    if others or not locks.is_dir() or not any(locks.iterdir()):
        return
    subprocess.run(  # noqa: S603 -- fixed arguments, no shell
        _command(root, batch, ("--unlock",)),
        cwd=root,
        env=step_environment(root),
        check=False,
        capture_output=True,
    )


def _snakemake(
    root: Path,
    batch: str,
    arguments: tuple[str, ...],
    jobs: int,
    *,
    lock: Path | None,
    as_json: bool = False,
) -> tuple[int, list[str]]:
    """Run Snakemake and show its progress; give its exit code and its whole log."""
    progress, lines = Progress(jobs), list[str]()
    process = subprocess.Popen(  # noqa: S603 -- fixed arguments, no shell
        _command(root, batch, arguments),
        cwd=root,
        env=step_environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if lock is not None:
        _hold(lock, os.getpid(), process.pid)
    try:
        for line in process.stdout or ():
            lines.append(line)
            message = _told(progress, line, as_json=as_json)
            if lock is None and without_file_lists(line):
                sys.stdout.write(line)
            elif message and lock is not None:
                sys.stdout.write(message + "\n")
                sys.stdout.flush()
        return process.wait(), lines
    except KeyboardInterrupt:
        _stop(process)
        message = "stopped; what was finished is kept, `pmiek run` goes on from there"
        raise WorkflowError(message) from None
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _told(progress: Progress, line: str, *, as_json: bool) -> str | None:
    if not as_json:
        return progress.read(line)
    event = progress.event(line)
    return None if event is None else json.dumps({"event": "step", **event})


def _stop(process: subprocess.Popen[str]) -> None:
    """End Snakemake and the steps that it started, and wait until they are gone."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        family = []
    process.terminate()
    for member in family:
        try:
            member.terminate()
        except psutil.Error:
            continue
    _, alive = psutil.wait_procs(family, timeout=10)
    for member in alive:
        member.kill()
    process.wait()


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
