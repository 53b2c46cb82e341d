"""The documentation site builds without a warning, and its generated pages say what the code says."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from house import ROOT

SPECIFICATION = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
reference = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(reference)


@pytest.mark.parametrize("name", reference.PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name]().rstrip() + "\n", "run python tools/reference.py"


def test_the_site_builds_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img)[^>]+(?:src|href)=\"?(https?:[^\" >]+)", page.read_text("utf-8")
        )
        assert not [url for url in loaded if "canonical" not in url], page.name


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert path.relative_to(ROOT / "docs").as_posix() in menu, f"add {path.name} to nav in mkdocs.yml"


@pytest.mark.parametrize("name", ["local", "slurm", "kubernetes"])
def test_profiles_name_options_of_snakemake(name: str) -> None:
    from snakemake.cli import get_argument_parser

    settings = yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text(encoding="utf-8"))
    known = {option for action in get_argument_parser()._actions for option in action.option_strings}
    plugins = {"container-image"} if name == "kubernetes" else set()  # an option of the executor's own plugin
    assert not {key for key in settings if f"--{key}" not in known} - plugins
