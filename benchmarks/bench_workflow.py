"""Time a batch from nothing, as a user does: per step, and what of it is the solver and what is starting up.

Run from the project folder: ``python benchmarks/bench_workflow.py [--batch snel] [--jobs 2]``. Works in a
copy, so results of your own stay as they are. A step is a process of its own: what its record does not cover
(starting Python, reading the Snakefile, importing) counts as starting up.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from pmiek.workflow.runner import step_environment

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("Snakefile", "rules", "inputs", "scenarios", "model")
STARTED = re.compile(r"^\s*(?:local)?rule (\w+):")
JOB = re.compile(r"^\s+jobid: (\d+)")
NAME = re.compile(r"^\s+wildcards: (.*)$")
FINISHED = re.compile(r"^Finished jobid: (\d+) ")


def copy_project(target: Path) -> Path:
    """Copy what a run needs, without results."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / part)
    return target


def run(root: Path, batch: str, jobs: int) -> pd.DataFrame:
    """Run a batch and time its steps.

    Returns
    -------
    DataFrame
        Columns step and seconds, in the order in which they ended; the wall time is in ``attrs["wall"]``.
    """
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--cores",
        str(jobs),
        "--nocolor",
        "--config",
        f"batch={batch}",
    ]
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=root,
        env=step_environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    rule, job, log = "", "", []
    began: dict[str, tuple[str, float]] = {}
    rows = []
    for line in process.stdout or ():
        log.append(line)
        now = time.perf_counter()
        if match := STARTED.match(line):
            rule = match.group(1)
        elif match := JOB.match(line):
            job = match.group(1)
            began[job] = (rule, now)
        elif match := NAME.match(line):
            values = [part.split("=")[-1] for part in match.group(1).split(", ")]
            began[job] = ("_".join([rule, *values]), began[job][1])
        elif (match := FINISHED.match(line)) and match.group(1) in began:
            name, since = began[match.group(1)]
            rows.append((name, now - since))
    if process.wait():
        raise SystemExit("".join(log[-40:]))
    frame = pd.DataFrame(rows, columns=["step", "seconds"])
    frame = frame[frame["step"] != "all"].reset_index(drop=True)
    frame.attrs["wall"] = time.perf_counter() - start
    return frame


def with_records(frame: pd.DataFrame, logs: Path) -> pd.DataFrame:
    """Add what each step wrote about itself: seconds of its own work, seconds in HiGHS, peak memory."""
    records = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in logs.glob("*.json")}
    for column, key in (
        ("work", "wall_seconds"),
        ("solver", "solver_seconds"),
        ("memory_mb", "peak_memory_mb"),
    ):
        frame[column] = [records.get(step, {}).get(key) for step in frame["step"]]
    frame["starting_up"] = frame["seconds"] - frame["work"].astype(float)
    return frame


def starting_up(root: Path, batch: str) -> float:
    """Seconds to plan the batch when there is nothing to do, which every step pays too."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--config", f"batch={batch}"]
    start = time.perf_counter()
    subprocess.run(command, cwd=root, env=step_environment(root), check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--batch", default="snel")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--keep", type=Path, help="folder for the copy, which then stays")
    chosen = arguments.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="pmiek-bench-"))
    try:
        root = copy_project(folder / "project")
        frame = run(root, chosen.batch, chosen.jobs)
        wall = frame.attrs["wall"]
        frame = with_records(frame, root / "results" / chosen.batch / "logs")
        print(frame.round(1).to_string(index=False, na_rep="-"))
        total, plan = frame["seconds"].sum(), starting_up(root, chosen.batch)
        known = frame.dropna(subset=["work"])
        print(f"\nwall time {wall:.1f} s with {chosen.jobs} at a time; the steps together {total:.1f} s")
        print(f"in HiGHS where recorded {frame['solver'].sum():.1f} s ({frame['solver'].sum() / total:.0%})")
        each = known["starting_up"].mean()
        print(
            f"starting up {each:.1f} s per step ({each * len(frame) / total:.0%}),"
            f" of which planning {plan:.1f} s"
        )
    finally:
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
