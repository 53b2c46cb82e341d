"""A copy of the project with the made-up province, small enough to run through the real workflow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import tiny_province
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
BYTECODE = Path(tempfile.gettempdir()) / "pmiek-tests-bytecode"
BATCH = "tiny"
STORYLINE = tiny_province.BASE_STORYLINE
WEATHER_YEAR = 2012
# Appended to the copy of model/pmiek/inputs/tables.py: every step notes which tables it reads.
NOTE_READS = """

def _noted(self, name, _plain=Tables.__getitem__):
    import sys
    if "--allowed-rules" in sys.argv:
        rule = sys.argv[sys.argv.index("--allowed-rules") + 1]
        with Path("reads.txt").open("a", encoding="utf-8") as file:
            file.write(f"{rule} {name}\\n")
    return _plain(self, name)


Tables.__getitem__ = _noted
"""
COMMAND = "from pmiek.cli import main; main()"
TABLE_ROW = re.compile(r"^(\w+)\s+(\d+)\s*$", re.MULTILINE)


def build_project(root: Path, *, with_code: bool) -> Path:
    """Write inputs, scenarios and one batch below ``root``; with the package if the workflow is run."""
    inputs = tiny_province.build(root)
    shutil.copy(REPOSITORY / "Snakefile", root)
    shutil.copytree(REPOSITORY / "rules", root / "rules")
    shutil.copytree(REPOSITORY / "scenarios", root / "scenarios")
    (inputs / "weighing").mkdir(exist_ok=True)
    shutil.copy(REPOSITORY / "inputs" / "weighing" / "framework.yaml", inputs / "weighing")
    for name in ("costs/infrastructure", "costs/technologies"):  # the chain needs a price for every option
        prices = pd.read_csv(REPOSITORY / "inputs" / f"{name}.csv", dtype=str, keep_default_na=False)
        tiny_province.write_table(inputs, name, prices.assign(source="made_up"))
    _more_assumptions(inputs)
    more_demand(inputs)
    _scenarios(root / "scenarios")
    if with_code:
        shutil.copytree(REPOSITORY / "model", root / "model", ignore=shutil.ignore_patterns("__pycache__"))
        with (root / "model" / "pmiek" / "inputs" / "tables.py").open("a", encoding="utf-8") as module:
            module.write(NOTE_READS)
    return root


def _more_assumptions(inputs: Path) -> None:
    """Add the assumptions that only the whole chain reads."""
    own, real = (
        pd.read_csv(folder / "assumptions.csv", dtype=str, keep_default_na=False)
        for folder in (inputs, REPOSITORY / "inputs")
    )
    missing = real[~real["assumption_id"].isin(own["assumption_id"])]
    tiny_province.write_table(inputs, "assumptions", pd.concat([own, missing.assign(source="made_up")]))


def more_demand(inputs: Path) -> None:
    """Let Aadorp take four times as much, so that its station is a bottleneck."""
    path = inputs / "demand" / "municipal.csv"
    rows = pd.read_csv(path, dtype={"gm_code": str})
    large = rows["gm_code"].eq("GM0001") & rows["carrier"].eq("electricity")
    rows.loc[large, ["volume_mwh", "peak_mw"]] *= 4
    rows.to_csv(path, index=False, lineterminator="\n")


def _scenarios(folder: Path) -> None:
    base = yaml.safe_load((folder / "base.yaml").read_text(encoding="utf-8"))
    for dotted, value in tiny_province.SCENARIO_OVERRIDES.items():
        group, key = dotted.split(".")
        base[group][key] = value
    base["grid"]["firm_share"] = {"battery_system": 0.0, "electrolyser": 0.0}
    base["years"].update({"screening": [2025, 2035], "pathway": [2035], "interpolated": []})
    base["pathway"].update({"typical_days": 2, "extreme_days": 1, "max_rounds": 2})
    _write_yaml(folder / "base.yaml", base)
    for path in (folder / "batches").glob("*.yaml"):
        path.unlink()
    texts = {f"{what}_{lang}": "Tiny" for what in ("title", "description") for lang in ("nl", "en")}
    choice = {
        "storylines": [STORYLINE],
        "variants": ["nulalternatief", "netverzwaring"],
        "reference_variant": "nulalternatief",
        "weather_years": [WEATHER_YEAR],
    }
    _write_yaml(folder / "batches" / f"{BATCH}.yaml", {**texts, **choice})


def _write_yaml(path: Path, data: Mapping) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def environment(root: Path) -> dict[str, str]:
    """Environment in which the project's own copy of the package is imported, and compiled only once."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {
        **clean,
        "PYTHONPATH": str(root / "model"),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "PYTHONUTF8": "1",
    }


def pmiek(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project of its own process."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=root,
        env=environment(root),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command line in a project and do not wait for it."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=root,
        env=environment(root),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def dry_run(root: Path, *arguments: str, batch: str = BATCH) -> str:
    """Ask the real Snakemake what it would do, and give what it says."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "snakemake",
            "--dry-run",
            "--nocolor",
            *arguments,
            "--config",
            f"batch={batch}",
        ],
        cwd=root,
        env=environment(root),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def would_run(root: Path, *arguments: str) -> dict[str, int]:
    """Number of steps per rule that the real Snakemake would run now; empty if nothing is to be done."""
    text = dry_run(root, *arguments)
    if "Nothing to be done" in text:
        return {}
    counts = {rule: int(count) for rule, count in TABLE_ROW.findall(text.split("Job stats:")[1])}
    return {rule: count for rule, count in counts.items() if rule not in {"all", "total"}}


@contextmanager
def changed(path: Path, text: str | None = None) -> Iterator[None]:
    """Change a file, or only touch it, and put it back as it was, with its time."""
    before, stat = path.read_bytes(), path.stat()
    try:
        if text is not None:
            assert text.encode() != before, f"{path} would not change"
            path.write_text(text, encoding="utf-8", newline="\n")
        os.utime(path, None)
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
