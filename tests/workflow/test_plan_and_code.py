"""What becomes a rule, and which files a rule depends on."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_project
from pmiek.workflow import code
from pmiek.workflow.code import code_files
from pmiek.workflow.plan import input_files, load_plan

BATCHES = sorted(path.stem for path in (tiny_project.REPOSITORY / "scenarios" / "batches").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("batch", BATCHES)
def test_every_batch_of_the_project_can_be_planned(batch: str, tmp_path: Path) -> None:
    plan = load_plan(tiny_project.REPOSITORY, batch)
    text = tiny_project.dry_run(tiny_project.REPOSITORY, "--forceall", "--nolock", batch=batch)
    counts = dict(tiny_project.TABLE_ROW.findall(text.split("Job stats:")[1]))
    assert counts.get("run", "0") == str(len(plan.runs))
    assert counts["profiles"] == str(len(plan.weather_years))
    assert counts["screening"] == str(len(plan.storylines))
    assert counts["national"] == str(len(plan.storylines) * len(plan.weather_years))
    assert counts["manifest"] == counts["site"] == "1"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of a few lines: stage imports tool, tool imports deep; words.yaml lies beside deep."""
    files = {
        "__init__.py": "",
        "stage.py": "from typing import TYPE_CHECKING\nfrom pmiek.tools.tool import work\n"
        "if TYPE_CHECKING:\n    from pmiek.kinds import Kind\n",
        "kinds.py": "",
        "tools/__init__.py": "",
        "tools/tool.py": "def work():\n    import pmiek.deep.deep\n",
        "deep/__init__.py": "import pandas\n",
        "deep/deep.py": "",
        "deep/words.yaml": "a: 1\n",
        "other.py": "import pmiek.stage\n",
    }
    for name, text in files.items():
        path = tmp_path / "model" / "pmiek" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "model" / "pmiek")
    return tmp_path / "model" / "pmiek"


def test_code_of_a_stage_is_what_it_imports_while_running(package: Path) -> None:
    assert code_files("pmiek.stage") == [
        "model/pmiek/deep/__init__.py",
        "model/pmiek/deep/deep.py",
        "model/pmiek/deep/words.yaml",
        "model/pmiek/stage.py",
        "model/pmiek/tools/__init__.py",
        "model/pmiek/tools/tool.py",
    ]


def test_code_of_an_unknown_module_is_an_error(package: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"no module pmiek\.stag$"):
        code_files("pmiek.stag")


@pytest.mark.parametrize("stage", ["weather", "market", "screening", "pathway", "lists", "publish"])
def test_a_change_of_the_command_line_reruns_nothing(stage: str) -> None:
    files = code_files(f"pmiek.workflow.{stage}")
    assert f"model/pmiek/workflow/{stage}.py" in files
    assert not {
        "model/pmiek/cli.py",
        "model/pmiek/workflow/runner.py",
        "model/pmiek/workflow/progress.py",
    } & set(files)


def test_input_files_have_forward_slashes_and_no_hidden_files(tmp_path: Path) -> None:
    for name in ("grid/buses.csv", "grid/.half.csv", "sources.csv", "demand/x/y.csv"):
        path = tmp_path / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert input_files(tmp_path, "grid", "demand", "sources.csv") == [
        "inputs/demand/x/y.csv",
        "inputs/grid/buses.csv",
        "inputs/sources.csv",
    ]


def test_the_base_year_is_screened_once_and_only_where_it_exists(tmp_path: Path) -> None:
    project = tiny_project.build_project(tmp_path, with_code=False)
    batch = project / "scenarios" / "batches" / "tiny.yaml"
    text = batch.read_text(encoding="utf-8").replace(f"- {tiny_project.STORYLINE}", "- horizon_aanvoer")
    batch.write_text(text, encoding="utf-8")
    plan = load_plan(project, "tiny")
    assert plan.storylines == (tiny_project.STORYLINE, "horizon_aanvoer")
    assert plan.screening_years(tiny_project.STORYLINE) == (2025,)
    assert plan.screening_years("horizon_aanvoer") == (2035,)
