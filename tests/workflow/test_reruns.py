"""One real run of the workflow, and what the real Snakemake would make again after a change."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import psutil
import pytest
import tiny_project
from tiny_project import BATCH, changed, would_run

pytestmark = pytest.mark.slow

LISTS = {"tables": 1, "projects": 1, "exports": 1, "manifest": 1, "site": 1}
PLANS = {"run": 2, **LISTS}
SCREENINGS = {"screening": 1, "switching": 1, "ac_check": 1}
EVERYTHING = {"reference": 1, "profiles": 1, "national": 1, **SCREENINGS, **PLANS}
RESULTS = f"results/{BATCH}"


def replaced(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_everything_is_made(finished: Path) -> None:
    folder = finished / RESULTS
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {step["status"] for step in manifest["runs"]} == {"optimal"}
    assert {(step["storyline"], step["variant"]) for step in manifest["runs"]} == {
        (tiny_project.STORYLINE, "nulalternatief"),
        (tiny_project.STORYLINE, "netverzwaring"),
    }
    assert (folder / "site" / "index.html").is_file()
    bottlenecks = pd.read_csv(folder / "tables" / "bottlenecks.csv")
    assert "AAD-mv" in set(bottlenecks["asset_id"])
    assert len(pd.read_csv(folder / "tables" / "candidates.csv")) > 0


def test_nothing_temporary_is_left(finished: Path) -> None:
    assert [path for path in (finished / "results").rglob(".*")] == []
    assert list((finished / ".snakemake" / "locks").iterdir()) == []
    assert list((finished / ".snakemake" / "incomplete").iterdir()) == []


def test_progress_names_every_step(finished: Path) -> None:
    lines = (finished / "stdout.txt").read_text(encoding="utf-8").splitlines()
    total = sum(EVERYTHING.values())
    assert [line.split("  ")[1].strip() for line in lines[1:-1]] == [
        f"{number} of {total}" if number > 9 else f"{number} of {total}" for number in range(1, total + 1)
    ]
    assert any(
        f"national {tiny_project.STORYLINE} {tiny_project.WEATHER_YEAR} took" in line for line in lines
    )
    assert lines[-1] == f"Done. Open {RESULTS}/site/index.html"


def test_after_a_run_there_is_nothing_to_do(finished: Path) -> None:
    assert would_run(finished) == {}


def test_touching_files_reruns_nothing(finished: Path) -> None:
    with (
        changed(finished / "inputs" / "demand" / "municipal.csv"),
        changed(finished / "scenarios" / "base.yaml"),
        changed(finished / "model" / "profiles" / "build.py"),
        changed(finished / "Snakefile"),
    ):
        assert would_run(finished) == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param("inputs/costs/infrastructure.csv", "6.0,4.0", "7.0,4.0", PLANS, id="a cost"),
        pytest.param(
            "inputs/weighing/framework.yaml",
            "weight: 0.",
            "weight: 0.0",
            {k: v for k, v in LISTS.items() if k != "tables"},
            id="a weight",
        ),
        pytest.param("inputs/sources.csv", "Made-up", "Invented", {"site": 1}, id="a source"),
        pytest.param(
            "scenarios/base.yaml",
            "station_simultaneity: 1",
            "station_simultaneity: 0.9",
            {**SCREENINGS, **PLANS},
            id="a leaf of the grid",
        ),
        pytest.param("scenarios/base.yaml", "max_rounds: 2", "max_rounds: 3", PLANS, id="a leaf of the plan"),
        pytest.param("inputs/weather/tiny/2012.parquet", None, None, EVERYTHING, id="the weather"),
        pytest.param(
            "model/weighing/scoring.py",
            "from __future__",
            "# edited\nfrom __future__",
            LISTS,
            id="code of the weighing",
        ),
        pytest.param(
            "model/report/select.py",
            "from __future__",
            "# edited\nfrom __future__",
            {"site": 1},
            id="code of the site",
        ),
        pytest.param("model/report/static/site.css", "{", " {", {"site": 1}, id="style of the site"),
        pytest.param(
            "model/workflow/runner.py",
            "from __future__",
            "# edited\nfrom __future__",
            {},
            id="code of the command",
        ),
    ],
)
def test_a_change_reruns_what_it_touches_and_no_more(
    finished: Path, file: str, old: str | None, new: str | None, expected: dict[str, int]
) -> None:
    path = finished / file
    if old is None:  # binary
        frame = pd.read_parquet(path)
        with changed(path):
            frame.assign(temperature_c=frame["temperature_c"] + 1).to_parquet(path, index=False)
            assert would_run(finished) == expected
    else:
        with changed(path, replaced(path, old, new)):
            assert would_run(finished) == expected


def test_dry_run_through_the_command_says_why_and_makes_nothing(finished: Path) -> None:
    path = finished / "model" / "report" / "select.py"
    before = sorted(finished.joinpath("results").rglob("*"))
    with changed(path, path.read_text(encoding="utf-8") + "\n"):
        done = tiny_project.pmiek(finished, "run", "--batch", BATCH, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "Updated input files: model/report/select.py" in done.stdout
    assert "inputs/grid/buses.csv" not in done.stdout
    assert done.stdout.endswith("Nothing was made.\n")
    assert sorted(finished.joinpath("results").rglob("*")) == before


def test_a_killed_run_goes_on_where_it_stopped_and_ends_the_same(finished: Path) -> None:
    tables = finished / RESULTS / "tables"
    before = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    path = finished / "inputs" / "weighing" / "framework.yaml"
    with changed(path, path.read_text(encoding="utf-8") + "\n# the same weights\n"):
        kill_while(finished, "projects")
        (tables / ".candidates.csv.k1ll3d.csv").write_text("half a t", encoding="utf-8")
        assert "projects" in would_run(finished)
        done = tiny_project.pmiek(finished, "run", "--batch", BATCH)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "projects took" in done.stdout
        assert "national" not in done.stdout
        assert would_run(finished) == {}
    after = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    assert after == before
    test_nothing_temporary_is_left(finished)


def kill_while(root: Path, rule: str) -> None:
    """Start the batch and kill the command, Snakemake and its steps at once while a rule runs."""
    process = tiny_project.start(root, "run", "--batch", BATCH)
    family: list[psutil.Process] = []
    while process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        if any(rule in _arguments(member) for member in family):
            break
        psutil.wait_procs(family, timeout=0.05)
    assert process.poll() is None, f"the run ended before {rule} began"
    for member in [psutil.Process(process.pid), *family]:
        member.kill()
    process.wait()
    psutil.wait_procs(family, timeout=10)


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
