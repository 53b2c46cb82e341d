"""Links between documents, and what they say exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main
from house import PACKAGE, ROOT
from pmiek.cli import app

SKIPPED = {"results", ".venv", ".snakemake", "operator", "node_modules", ".git", ".hypothesis"}
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts[:1]))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"pmiek ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(text: str) -> set[str]:
    """Anchors of the headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_between_documents_resolve(path: Path) -> None:
    broken = []
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        if not other.exists() or (
            anchor and other.suffix == ".md" and anchor not in anchors(other.read_text(encoding="utf-8"))
        ):
            broken.append(target)
    assert broken == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        path = todo.pop()
        if path in seen or not path.exists() or path.suffix != ".md":
            continue
        seen.add(path)
        targets = LINK.findall(path.read_text(encoding="utf-8"))
        todo += [(path.parent / t.partition("#")[0]).resolve() for t in targets if "://" not in t]
    lost = [name_of(path) for path in DOCUMENTS if path not in seen and path.parent == ROOT / "docs"]
    assert lost == []


def test_commands_in_the_documents_exist() -> None:
    commands = typer.main.get_command(app).commands
    for path in DOCUMENTS:
        for first, _ in COMMAND.findall(
            "\n".join(re.findall(r"`([^`]+)`", path.read_text(encoding="utf-8")))
        ):
            assert first in commands, f"{name_of(path)}: pmiek {first}"


def test_folders_that_contributing_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:model|inputs|scenarios|docs|tests|benchmarks)/[\w./]*)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_package_is_named_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    packages = [path.parent.name for path in sorted(PACKAGE.glob("*/__init__.py"))]
    assert [name for name in packages if f"`model/pmiek/{name}/`" not in text] == []


def test_every_benchmark_is_explained() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in sorted((ROOT / "benchmarks").glob("*.py"))]
    assert [name for name in names if name not in text] == []
