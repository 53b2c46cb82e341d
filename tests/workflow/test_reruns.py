"""One real run of the workflow, and what the real Snakemake would make again after a change."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pandas as pd
import psutil
import pytest
import tiny_project
from pmiek.workflow.rows import rows_of
from tiny_project import BATCH, changed, would_run

pytestmark = pytest.mark.slow

MARKET = {"reference", "profiles", "national"}
SCREENING = {"screening", "ac_check"}
LISTS = {"tables", "projects", "manifest", "site"}
EVERYTHING = {*MARKET, *SCREENING, "run", *LISTS}
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
    assert list((finished / RESULTS).rglob(".*.*")) == []
    assert list((finished / "results").glob(".running*")) == []
    assert list((finished / ".snakemake" / "incomplete").iterdir()) == []


def test_progress_names_every_step(finished: Path) -> None:
    lines = (finished / "stdout.txt").read_text(encoding="utf-8").splitlines()
    numbers = [line.partition("]")[2].strip().split("  ")[0] for line in lines[1:-1]]
    assert numbers == [f"{number} of {len(numbers)}" for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= len(EVERYTHING)
    national = f"national {tiny_project.STORYLINE} {tiny_project.WEATHER_YEAR} took"
    assert any(national in line for line in lines)
    assert lines[-1] == f"Done. Open {RESULTS}/site/index.html"


def test_after_a_run_there_is_nothing_to_do(finished: Path) -> None:
    assert would_run(finished) == {}


def test_touching_files_reruns_nothing(finished: Path) -> None:
    with (
        changed(finished / "inputs" / "demand" / "municipal.csv"),
        changed(finished / "scenarios" / "base.yaml"),
        changed(finished / "model" / "pmiek" / "timeseries" / "build.py"),
        changed(finished / "Snakefile"),
    ):
        assert would_run(finished) == {}


EDIT = ("from __future__", "# edited\nfrom __future__")
CHANGES = {
    # what is changed: (file, text, new text, rules that must run again, rules that must not)
    "a cost": (
        "inputs/costs/infrastructure.csv",
        "6.0,4.0",
        "7.0,4.0",
        {"run", *LISTS},
        {*MARKET, *SCREENING},
    ),
    "demand of the storyline": (
        "inputs/demand/municipal.csv",
        "koersvaste_middenweg,2030,GM0001,electricity,households,",
        "koersvaste_middenweg,2030,GM0001,electricity,households,1",
        {*SCREENING, "run", *LISTS},
        MARKET,
    ),
    "demand of another storyline": (
        "inputs/demand/municipal.csv",
        "eigen_vermogen,2030,GM0001,electricity,households,",
        "eigen_vermogen,2030,GM0001,electricity,households,1",
        {"tables", "site"},  # profiles are held against published peaks of all storylines
        {*MARKET, *SCREENING, "run"},
    ),
    "national supply of another storyline": (
        "inputs/supply/national.csv",
        "eigen_vermogen,2030,",
        "eigen_vermogen,2031,",
        {"site"},
        {*MARKET, *SCREENING, "run", "tables", "projects"},
    ),
    "a weight": (
        "inputs/weighing/framework.yaml",
        "weight: 0.4",
        "weight: 0.5",
        {"projects", "manifest", "site"},
        {*MARKET, *SCREENING, "run", "tables"},
    ),
    "a leaf of the grid": (
        "scenarios/base.yaml",
        "station_simultaneity: 1",
        "station_simultaneity: 0.9",
        {*SCREENING, "run", *LISTS},
        MARKET,
    ),
    "a leaf of the plan": (
        "scenarios/base.yaml",
        "max_rounds: 2",
        "max_rounds: 3",
        {"run", *LISTS},
        {*MARKET, *SCREENING},
    ),
    "a leaf of the weather": (
        "scenarios/base.yaml",
        "system_loss: 0.14",
        "system_loss: 0.15",
        EVERYTHING,
        set(),
    ),
    "code of the weighing": (
        "model/pmiek/decide/weighing/scoring.py",
        *EDIT,
        {"projects", "site"},
        {*MARKET, "run"},
    ),
    "code of the screening": (
        "model/pmiek/security/screening/shares.py",
        *EDIT,
        {*SCREENING, "run", *LISTS},
        MARKET,
    ),
    "code of the market": (
        "model/pmiek/optimise/national/window.py",
        *EDIT,
        {"national", *LISTS},
        {"reference", "profiles"},
    ),
    "code of the site": ("model/pmiek/publish/report/select.py", *EDIT, {"site"}, EVERYTHING - {"site"}),
    "style of the site": (
        "model/pmiek/publish/report/static/site.css",
        "{",
        " {",
        {"site"},
        EVERYTHING - {"site"},
    ),
    "code of the command": ("model/pmiek/workflow/runner.py", *EDIT, set(), EVERYTHING),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reruns_what_it_touches_and_no_more(finished: Path, change: str) -> None:
    file, old, new, again, kept = CHANGES[change]
    with changed(finished / file, replaced(finished / file, old, new)):
        rules = set(would_run(finished))
    assert rules >= again
    assert not rules & kept


def test_no_step_reads_a_table_that_would_not_rerun_it(finished: Path) -> None:
    rules = declared(tiny_project.dry_run(finished, "--forceall"))
    read: dict[str, set[str]] = {}
    for line in (finished / "reads.txt").read_text(encoding="utf-8").splitlines():
        rule, name = line.split()
        read.setdefault(rule, set()).add(f"inputs/{name}.csv")
    assert {"reference", "national", "screening", "run", "projects"} <= set(read)
    there = {rule: {file for file in files if (finished / file).is_file()} for rule, files in read.items()}
    rows = {
        rule: {f"inputs/{name}.csv" for name in rows_of(finished, tiny_project.STORYLINE, *themes)}
        for rule, themes in declared_rows(finished).items()
    }
    assert {"national", "screening", "run"} <= set(rows)
    undeclared = {
        rule: sorted(files - reach(rule, rules) - rows.get(rule, set())) for rule, files in there.items()
    }
    assert {rule: files for rule, files in undeclared.items() if files} == {}


def declared(text: str) -> dict[str, tuple[set[str], set[str]]]:
    """Inputs and outputs of each rule, as the real Snakemake lists them."""
    rules: dict[str, tuple[set[str], set[str]]] = {}
    rule = ""
    for line in text.splitlines():
        head, _, rest = line.strip().partition(": ")
        if line.startswith("rule "):
            rule = line.removeprefix("rule ").rstrip(":")
            rules.setdefault(rule, (set(), set()))
        elif rule and head in {"input", "output"}:
            rules[rule][head == "output"].update(rest.split(", "))
    return rules


def declared_rows(project: Path) -> dict[str, list[str]]:
    """Themes of which each rule declares the rows of its storyline."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((project / "rules").glob("*.smk")))
    blocks = re.split(r"^rule (\w+):", text, flags=re.MULTILINE)[1:]
    found = {
        rule: re.search(r"rows_of\(ROOT, w\.storyline, (.*?)\)", text)
        for rule, text in zip(blocks[::2], blocks[1::2], strict=True)
    }
    return {rule: re.findall(r'"(.+?)"', match[1]) for rule, match in found.items() if match}


def reach(rule: str, rules: dict[str, tuple[set[str], set[str]]]) -> set[str]:
    """Everything that a change of makes a rule run again: its inputs and those of the rules before it."""
    files = set(rules[rule][0])
    before = [other for other, (_, made) in rules.items() if other != rule and made & files]
    return files.union(*(reach(other, rules) for other in before))


def test_dry_run_through_the_command_says_why_and_makes_nothing(finished: Path) -> None:
    path = finished / "model" / "pmiek" / "publish" / "report" / "select.py"
    before = sorted(finished.joinpath("results").rglob("*"))
    with changed(path, path.read_text(encoding="utf-8") + "\n"):
        done = tiny_project.pmiek(finished, "run", "--batch", BATCH, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "Updated input files: model/pmiek/publish/report/select.py" in done.stdout
    assert "inputs/grid/buses.csv" not in done.stdout
    assert done.stdout.endswith("Nothing was made.\n")
    assert sorted(finished.joinpath("results").rglob("*")) == before


def test_a_killed_run_goes_on_where_it_stopped_and_ends_the_same(finished: Path) -> None:
    tables = finished / RESULTS / "tables"
    before = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    (tables / "candidates.csv").unlink()
    kill_while(finished, "projects")
    (tables / ".candidates.csv.k1ll3d.csv").write_text("half a t", encoding="utf-8")
    assert "projects" in would_run(finished, "--rerun-incomplete")
    done = tiny_project.pmiek(finished, "run", "--batch", BATCH, "--until", "projects")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1  projects took" in done.stdout
    assert {path.name: path.read_bytes() for path in tables.glob("*.csv")} == before
    assert would_run(finished) == {}
    test_nothing_temporary_is_left(finished)


def kill_while(root: Path, rule: str) -> None:
    """Start the batch and kill the command, Snakemake and its steps at once while a rule runs."""
    process = tiny_project.start(root, "run", "--batch", BATCH, "--until", rule)
    family: list[psutil.Process] = []
    while process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        if any({rule, "subprocess"} <= set(_arguments(member)) for member in family):
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


def test_a_file_put_back_with_an_older_time_is_seen(finished: Path) -> None:
    path = finished / "inputs" / "costs" / "infrastructure.csv"
    with changed(path, replaced(path, "6.0,4.0", "7.0,4.0")):
        os.utime(path, (1_600_000_000, 1_600_000_000))
        assert {"run", *LISTS} <= set(would_run(finished))
    assert would_run(finished) == {}


@pytest.mark.parametrize(
    ("table", "rule"), [("duration", "tables"), ("scores", "projects"), ("plan_delays", "effect_tables")]
)
def test_snakemake_itself_sees_that_a_table_is_gone(finished: Path, table: str, rule: str) -> None:
    path = finished / RESULTS / "tables" / f"{table}.csv"
    aside = path.rename(path.with_suffix(".aside"))
    try:
        assert rule in would_run(finished)
    finally:
        aside.rename(path)
    assert would_run(finished) == {}


def test_a_table_that_is_gone_or_changed_is_named_and_made_again(finished: Path) -> None:
    tables = finished / RESULTS / "tables"
    before = {path.name: path.read_bytes() for path in tables.glob("*.csv")}
    (tables / "loading.csv").unlink()
    assert "tables/loading.csv is gone" in tiny_project.pmiek(finished, "verify", "--batch", BATCH).stderr
    (tables / "scores.csv").write_text("opened and saved elsewhere\n")
    done = tiny_project.pmiek(finished, "run", "--batch", BATCH, "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tables/loading.csv is gone or was changed; it is made again" in done.stdout
    assert {path.name: path.read_bytes() for path in tables.glob("*.csv")} == before
    told = tiny_project.pmiek(finished, "verify", "--batch", BATCH)
    assert told.returncode == 0, told.stderr
    assert "are those of its manifest" in told.stdout


def test_a_result_is_made_again_byte_for_byte_from_its_manifest(finished: Path, tmp_path: Path) -> None:
    manifest = finished / RESULTS / "manifest.json"
    done = tiny_project.pmiek(finished, "reproduce", str(manifest))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "made again, byte for byte" in done.stdout
    told = json.loads(manifest.read_text(encoding="utf-8"))
    other = tmp_path / "manifest.json"
    other.write_text(json.dumps(told | {"input_sha256": told["input_sha256"] | {"inputs/x.csv": "1"}}))
    refused = tiny_project.pmiek(finished, "reproduce", str(other))
    assert refused.returncode == 2
    assert "inputs/x.csv is gone" in refused.stderr
