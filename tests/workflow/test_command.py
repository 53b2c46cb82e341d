"""The command line: what it prints, and with which exit code it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import tiny_project
from pmiek import cli
from pmiek.workflow import inspection

STORYLINE = tiny_project.STORYLINE


def test_check_says_what_was_looked_at(project: Path, pmiek) -> None:
    code, out, err = pmiek(project, "check")
    assert (code, err) == (0, "")
    assert out.startswith("All is well: ")
    assert "every part of the grid is connected and fed" in out


def test_scenarios_list_show_and_diff(project: Path, pmiek) -> None:
    code, out, _ = pmiek(project, "scenarios", "list")
    assert code == 0
    for name in (STORYLINE, "netverzwaring", "tiny"):
        assert name in out
    code, out, _ = pmiek(project, "scenarios", "show", STORYLINE, "netverzwaring")
    assert code == 0
    assert "station_transformers: true  # scenarios/variants/netverzwaring.yaml:" in out
    code, out, _ = pmiek(
        project, "scenarios", "diff", f"{STORYLINE}/netverzwaring", f"{STORYLINE}/nulalternatief"
    )
    assert code == 0
    assert "build.station_transformers" in out
    assert "grid.station_simultaneity" not in out


def test_the_difference_of_a_scenario_with_itself(project: Path, pmiek) -> None:
    name = f"{STORYLINE}/netverzwaring"
    assert pmiek(project, "scenarios", "diff", name, name)[1] == "No difference.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("scenarios", "show", "koersvaste_middenwg", "nulalternatief"),
            "Did you mean 'koersvaste_middenweg'?",
        ),
        (("scenarios", "show", STORYLINE, "netverzwaaring"), "Did you mean 'netverzwaring'?"),
        (("scenarios", "diff", STORYLINE, f"{STORYLINE}/netverzwaring"), "write storyline/variant"),
        (("run", "--batch", "tinny"), "Did you mean 'tiny'?"),
        (("run", "--batch", "../tiny"), "expected a batch with a file"),
        (("network", "--cluster", "Q"), "there is no energy cluster 'Q'; the clusters are A, B"),
        (("network", "--state", "frozzen"), "there is no state 'frozzen'; it is frozen or nulalternatief"),
        (("network", "--out", "elsewhere"), "lies outside results/"),
        (("network", "--out", "results/../inputs"), "lies outside results/"),
        (("explain", "P-1", "--batch", "tiny"), "batch tiny has no results yet"),
    ],
)
def test_a_wrong_request_ends_with_one_message_and_nothing_written(
    project: Path, pmiek, arguments: tuple[str, ...], told: str
) -> None:
    code, _, err = pmiek(project, *arguments)
    assert code == 2
    assert told in err
    assert "Traceback" not in err
    assert not (project / "results").exists()
    assert not (project / "elsewhere").exists()


def test_a_bug_keeps_its_traceback(project: Path, pmiek, monkeypatch) -> None:
    """Only our own errors become a message: a ValueError from anywhere else must not pass for bad input."""

    def broken(root: Path) -> str:
        message = "cannot reindex on an axis with duplicate labels"
        raise ValueError(message)

    monkeypatch.setattr(inspection, "list_text", broken)
    with pytest.raises(ValueError, match="duplicate labels"):
        pmiek(project, "scenarios", "list")


def test_unknown_flags_and_jobs_go_to_snakemake(project: Path, pmiek, monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(cli, "run_workflow", lambda *given: calls.append(given[1:]))
    assert pmiek(project, "run", "--batch", "tiny", "--jobs", "3", "--forcerun", "site")[0] == 0
    assert pmiek(project, "resume", "--batch", "tiny", "--jobs", "1")[0] == 0
    code, out, _ = pmiek(project / "scenarios", "run", "--batch", "tiny", "-n")
    assert code == 0
    assert out.endswith("Nothing was made.\n")
    assert calls == [("tiny", 3, ("--forcerun", "site")), ("tiny", 1, ()), ("tiny", 2, ("-n",))]


def test_fewer_than_one_job_is_refused(project: Path, pmiek) -> None:
    assert pmiek(project, "run", "--jobs", "0")[0] == 2


def test_without_a_command_the_help_is_shown(project: Path, pmiek) -> None:
    _, out, err = pmiek(project)
    for command in ("run", "check", "scenarios", "network", "explain"):
        assert command in out + err


def test_network_shows_and_exports_a_cluster(project: Path, pmiek) -> None:
    code, out, err = pmiek(project, "network", "--cluster", "A")
    assert (code, err) == (0, "")
    assert "KOP-380-110" in out
    assert out.endswith("Exported to results/network/A\n")
    assert list((project / "results" / "network" / "A").glob("*.nc"))


@pytest.mark.slow
def test_explain_an_unknown_project_names_those_that_are_like_it(finished: Path, pmiek) -> None:
    project_id = str(pd.read_csv(finished / "results/tiny/tables/candidates.csv")["project_id"].iloc[0])
    code, out, err = pmiek(finished, "explain", project_id, "--batch", "tiny", "--lang", "en")
    assert (code, err) == (0, "")
    assert project_id in out
    code, _, err = pmiek(finished, "explain", project_id[:-1] + "q", "--batch", "tiny", "--lang", "en")
    assert code == 2
    assert project_id in err


@pytest.mark.slow
def test_a_solve_that_does_not_end_optimal_gives_its_diagnosis_and_exit_code_3(
    finished: Path, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    shutil.copytree(finished, root, ignore=lambda folder, _: ["results"] if Path(folder) == finished else [])
    shutil.copytree(finished / "results" / "tiny" / "shared", root / "results" / "tiny" / "shared")
    path = root / "inputs" / "supply" / "national.csv"
    rows = pd.read_csv(path)
    flood = rows[rows["technology"].eq("gas_plant")].assign(
        technology="waste_plant", capacity_mw=1e6, volume_mwh=8.76e9
    )
    pd.concat([rows, flood]).to_csv(path, index=False, lineterminator="\n")
    fleet = root / "inputs" / "supply" / "fleet.csv"
    kinds = pd.read_csv(fleet)
    new = kinds.tail(1).assign(technology="waste_plant", role="must_run", fuel="", efficiency=float("nan"))
    pd.concat([kinds, new]).to_csv(fleet, index=False, lineterminator="\n")
    done = tiny_project.pmiek(root, "run", "--batch", "tiny", "--until", "national")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "The national price model of koersvaste_middenweg" in done.stderr
    assert "\n  - week 1: must-run exceeds demand by up to 9" in done.stderr
    assert "Traceback" not in done.stderr
    assert (root / "results" / "tiny" / "logs" / "failure.json").is_file()
    assert not list((root / "results" / "tiny" / "shared" / "national").glob("*.parquet"))
