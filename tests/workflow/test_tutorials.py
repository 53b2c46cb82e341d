"""The code on the pages of the tutorials does what the pages say, on the made-up province."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import tiny_project

REPOSITORY = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(name: str, folder: Path) -> dict:
    """Run the blocks of a page one after the other, as a reader would."""
    page = (REPOSITORY / "docs" / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert blocks
    names = {"FOLDER": str(folder), "BATCH": tiny_project.BATCH}
    for number, block in enumerate(blocks):
        exec(compile(block, f"{name}.md block {number + 1}", "exec"), names)
    return names


def test_change_an_input(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(finished, folder)
    moved = follow("change_an_input", folder)["moved"]
    assert (moved["peak_mw_after"] > moved["peak_mw_before"]).any()


def test_own_variant(project: Path) -> None:
    names = follow("own_variant", project)
    changed = set(names["difference"]["path"])
    assert changed == {"variant", "variant_text.title_nl", "variant_text.title_en", "build.circuits"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_grid_in_pypsa(project: Path) -> None:
    names = follow("grid_in_pypsa", project)
    grid = names["grid"]
    assert grid.model.status in {"ok", "warning"}  # optimal, or told to be infeasible
    if grid.model.status == "ok":
        flow = abs(grid.model.solution["Line-s"].sel(name=names["busiest"]).item())
        assert flow <= 0.9 * names["most"] * (1 + 1e-6)
