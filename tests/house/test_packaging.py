"""What is installed, what the lock file says and what the project asks for agree; all without a network."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pmiek
import pytest
from house import ROOT
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))?\s*\\?$", re.MULTILINE
)


def locked() -> list[tuple[str, str, str]]:
    return [(canonicalize_name(m["name"]), m["version"], m["marker"] or "") for m in ENTRY.finditer(LOCK)]


def asked() -> list[Requirement]:
    extras = PROJECT.get("optional-dependencies", {})
    return [
        Requirement(text) for text in [*PROJECT["dependencies"], *(r for e in extras.values() for r in e)]
    ]


def test_every_line_of_the_lock_is_a_version_or_a_hash() -> None:
    lines = [line for line in LOCK.splitlines() if line.strip()]
    hashes = [line for line in lines if re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]
    assert len(hashes) + len(locked()) == len(lines)


def test_every_locked_version_has_a_hash() -> None:
    blocks = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    assert [block.split("=")[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_uv_is_held_to_the_versions_of_the_lock() -> None:
    held = [Requirement(text) for text in SETTINGS["tool"]["uv"]["constraint-dependencies"]]
    pinned = [(canonicalize_name(r.name), str(r.specifier)[2:], str(r.marker or "")) for r in held]
    wanted = [(name, version, str(Marker(marker)) if marker else "") for name, version, marker in locked()]
    assert pinned == wanted, "run python tools/lock.py"


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"https?://|@ |index-url|file:", LOCK)


@pytest.mark.parametrize("requirement", asked(), ids=str)
def test_what_the_project_asks_for_is_locked_and_in_range(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    versions = [v for n, v, marker in locked() if n == name and (not marker or Marker(marker).evaluate())]
    assert len(versions) == 1, f"{name} is not in requirements.lock"
    assert requirement.specifier.contains(versions[0], prereleases=True)


def test_installed_versions_are_the_locked_ones() -> None:
    environment = {**default_environment(), "extra": ""}
    different = {}
    for name, expected, marker in locked():
        if marker and not Marker(marker).evaluate(environment):
            continue
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        if found != expected:
            different[name] = f"{found} instead of {expected}"
    assert different == {}


def test_the_test_command_installs_every_other_extra() -> None:
    """The lock covers all extras and is compared with what is installed, so the README's command needs them all."""
    extras = PROJECT["optional-dependencies"]
    names = {
        extra: {canonicalize_name(Requirement(text).name) for text in texts}
        for extra, texts in extras.items()
    }
    assert all(wanted <= names["test"] for wanted in names.values()), names


def test_the_ceilings_of_the_delicate_libraries_are_there() -> None:
    ranges = {r.name: str(r.specifier) for r in asked()}
    assert ranges["highspy"] == "==1.15.1"
    for name in ("pypsa", "linopy", "pandas", "snakemake"):
        assert "<" in ranges[name], name


def test_the_version_is_the_same_everywhere() -> None:
    assert pmiek.__version__ == PROJECT["version"]
    assert version("pmiek") == PROJECT["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[({re.escape(PROJECT['version'])}|Unreleased)\]", changelog, re.MULTILINE)
    assert f"[{PROJECT['version']}]" in changelog, "CHANGELOG.md has no heading for the version"


def test_generated_folders_are_ignored_only_at_the_root() -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/results/" in lines
    for path in sorted((ROOT / "model").rglob("__init__.py")):
        assert f"{path.parent.name}/" not in lines, f"model/{path.parent.name} would not be committed"
