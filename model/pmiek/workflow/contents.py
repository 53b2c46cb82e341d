"""Contents instead of clocks: what a step read, what it made, and whether both are still the same."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmiek.files import write_json

RESULTS = "results/"
#: Columns that measure the run itself: seconds and memory never repeat.
MEASURED = ("seconds", "peak_memory")
#: Stage to the declared output by which Snakemake knows that its tables are made.
MARKERS = {
    "make_tables": "tables/bottlenecks.csv",
    "make_effect_tables": "tables/project_effects.csv",
    "make_projects": "tables/candidates.csv",
    "make_robust_tables": "tables/core.csv",
}
#: Folders of a batch in which these stages write.
WATCHED = ("tables", "confidential")


def contents(root: Path, files: Iterable[object]) -> str:
    """Give one fingerprint of the files that a step reads and no other step makes.

    Snakemake compares times, so a file that was put back with an older time (from an archive, or a copy that
    keeps times) would leave stale results. As a param of the rule the fingerprint makes it run again.

    Parameters
    ----------
    root : Path
        Project folder.
    files : iterable of str
        Paths relative to it; those below ``results/`` are left out.
    """
    digest = hashlib.sha256()
    for file in sorted({str(name) for name in files}):
        path = root / file
        if not file.startswith(RESULTS) and path.is_file():
            stat = path.stat()
            digest.update(
                f"{file} {_hash(path, stat.st_mtime_ns, stat.st_size, stat.st_ctime_ns)}\n".encode()
            )
    return digest.hexdigest()


def declare_contents(root: Path, rules: Iterable[Any]) -> None:
    """Give each rule the fingerprint of the files that it names and no other rule makes (for the Snakefile).

    Parameters
    ----------
    root : Path
        Project folder.
    rules : iterable of snakemake.rules.Rule
        All rules; inputs that depend on wildcards are made by other rules and left out.
    """
    for rule in rules:
        rule.set_params(contents=contents(root, [file for file in rule.input if isinstance(file, str)]))


@lru_cache(maxsize=4096)
def _hash(path: Path, _changed: int, _size: int, _moved: int) -> str:
    return hash_file(path)


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def result_hashes(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each public result table of a batch, by its path below the batch folder."""
    return {
        path.relative_to(folder).as_posix(): _table_hash(path)
        for path in sorted((folder / "tables").rglob("*.csv"))
        if not path.name.startswith(".")
    }


def _measured(column: str) -> bool:
    return any(part in column for part in MEASURED)


def _table_hash(path: Path) -> str:
    """Give the SHA-256 of a table; columns that measure the run are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file), [])
        if not any(_measured(name) for name in header):
            return hash_file(path)
        stay = [at for at, name in enumerate(header) if not _measured(name)]
        digest = hashlib.sha256(repr([header[at] for at in stay]).encode())
        for row in csv.reader(file):
            digest.update(repr([row[at] for at in stay if at < len(row)]).encode())
    return digest.hexdigest()


@contextmanager
def outputs_of(stage: str, folder: Path) -> Iterator[None]:
    """Remember which tables a stage wrote, so that a table that goes missing is made again.

    Parameters
    ----------
    stage : str
        Name of the stage's function; those without a marker are left alone.
    folder : Path
        ``results/<batch>``.
    """
    if stage not in MARKERS:
        yield
        return
    before = _times(folder)
    yield
    made = {
        name: hash_file(folder / name)
        for name, moment in _times(folder).items()
        if before.get(name) != moment
    }
    write_json(made, folder / "logs" / f"outputs_{stage}.json")


def _times(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for name in WATCHED
        for path in sorted((folder / name).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def forget_damaged(folder: Path) -> list[str]:
    """Take away the marker of each stage of which a table is gone or was changed, so that it is made again.

    Parameters
    ----------
    folder : Path
        ``results/<batch>``.

    Returns
    -------
    list of str
        Tables that are gone or changed, below the folder.
    """
    owner: dict[str, tuple[str, str]] = {}
    for stage in MARKERS:  # in the order of the flow: a later stage may write a table anew
        for name, digest in _index(folder, stage).items():
            owner[name] = (stage, digest)
    damaged = []
    for name, (stage, digest) in owner.items():
        path = folder / name
        if not path.is_file() or hash_file(path) != digest:
            damaged.append(name)
            (folder / MARKERS[stage]).unlink(missing_ok=True)
    return sorted(damaged)


def _index(folder: Path, stage: str) -> dict[str, str]:
    try:
        loaded = json.loads((folder / "logs" / f"outputs_{stage}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in loaded.items()} if isinstance(loaded, dict) else {}
