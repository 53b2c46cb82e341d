"""Comparing a result with its manifest, and making it again from it."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from pmiek.errors import PmiekError, RequestError
from pmiek.files import inside
from pmiek.workflow.contents import result_hashes
from pmiek.workflow.manifest import file_hashes, versions
from pmiek.workflow.runner import run_workflow

SHOWN = 20
COPIED = ("Snakefile", "rules", "model", "scenarios", "inputs", "fiches", "pyproject.toml")


class VerificationError(PmiekError):
    """A result differs from what its manifest says."""


def verify_text(root: Path, batch: str) -> str:
    """Compare the tables of a batch, and the inputs as they stand now, with its manifest.

    Raises
    ------
    VerificationError
        If a table is gone, changed or new.
    RequestError
        If there is no manifest with fingerprints of tables.
    """
    folder = root / "results" / batch
    inside(root / "results", folder)
    manifest = _manifest(folder / "manifest.json")
    lines = _differences(manifest["result_sha256"], result_hashes(folder))
    moved = _differences(manifest.get("input_sha256", {}), file_hashes(root / "inputs"))
    about = f"{len(manifest['result_sha256'])} tables of results/{batch}"
    later = (
        f"The inputs differ from those behind it in {len(moved)} files:"
        if moved
        else "The inputs are the same."
    )
    told = [later, *(f"  {line}" for line in moved[:SHOWN])]
    if lines:
        head = f"{about}: {len(lines)} differ from the manifest."
        remedy = f"pmiek run --batch {batch} makes them again."
        raise VerificationError("\n".join([head, *(f"  {line}" for line in lines[:SHOWN]), *told, remedy]))
    return "\n".join([f"{about} are those of its manifest.", *told])


def reproduce_text(root: Path, manifest_file: Path, jobs: int) -> str:
    """Make a batch again in a folder of its own and compare its tables byte by byte with a manifest.

    Parameters
    ----------
    root : Path
        Project folder, with the inputs and scenarios of the manifest.
    manifest_file : Path
        ``manifest.json`` of the earlier result.
    jobs : int
        Steps at the same time.

    Raises
    ------
    RequestError
        If inputs or scenarios are not those of the manifest: then it cannot be the same.
    VerificationError
        If a table differs.
    """
    manifest = _manifest(manifest_file)
    batch = str(manifest["batch"])
    moved = _differences(manifest["input_sha256"], file_hashes(root / "inputs"))
    if moved:
        at = manifest.get("commit") or "the edition behind it"
        shown = "\n".join(f"  {line}" for line in moved[:SHOWN])
        message = f"the inputs are not those of the manifest; take them from {at}:\n{shown}"
        raise RequestError(message)
    other = _differences(manifest["versions"], versions())
    with tempfile.TemporaryDirectory(prefix="pmiek-") as name:
        home = Path(name) / "project"
        home.mkdir()
        for part in COPIED:
            _copy(root / part, home / part)
        run_workflow(home, batch, jobs)
        lines = _differences(manifest["result_sha256"], result_hashes(home / "results" / batch))
    same = f"{len(manifest['result_sha256'])} tables of batch {batch}"
    packages = (
        [f"Other versions here: {'; '.join(other)}."] if other else ["The same versions of all packages."]
    )
    if lines:
        head = f"{same}: {len(lines)} differ from the manifest."
        raise VerificationError("\n".join([head, *(f"  {line}" for line in lines[:SHOWN]), *packages]))
    return "\n".join([f"{same} were made again, byte for byte.", *packages])


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    elif source.is_file():
        shutil.copy2(source, target)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path.name} cannot be read ({type(error).__name__}); run the batch first"
        raise RequestError(message) from None
    if not isinstance(loaded, dict) or not {"batch", "result_sha256", "input_sha256", "versions"} <= set(
        loaded
    ):
        message = f"{path.name} holds no fingerprints of tables; it was made by an earlier version"
        raise RequestError(message)
    return loaded


def _differences(then: dict[str, str], now: dict[str, str]) -> list[str]:
    words = {True: "is gone", False: "is new"}
    lone = [f"{name} {words[name in then]}" for name in sorted(set(then) ^ set(now))]
    return [*lone, *(f"{name} differs" for name in sorted(set(then) & set(now)) if then[name] != now[name])]
