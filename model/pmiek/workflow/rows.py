"""Which rows of the inputs a storyline depends on: a change of one storyline leaves the others alone."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pmiek.workflow.plan import input_files

if TYPE_CHECKING:
    from pmiek.inputs import Tables

#: Tables of which a stage of one storyline reads that storyline's rows, and those of the base year.
BY_STORYLINE = (
    "demand/industry",
    "demand/municipal",
    "demand/national",
    "supply/flexibility",
    "supply/industry",
    "supply/municipal",
    "supply/national",
)


def shared_files(root: Path, *themes: str) -> list[str]:
    """List input files as :func:`pmiek.workflow.plan.input_files` does, without the tables ``BY_STORYLINE``.

    Of those a rule declares the rows that its storyline reads, with :func:`rows_of`.
    """
    parted = {f"inputs/{name}.csv" for name in BY_STORYLINE}
    return [file for file in input_files(root, *themes) if file not in parted]


def rows_of(root: Path, storyline: str, *themes: str) -> dict[str, str]:
    """Give a fingerprint of the rows of a storyline per table of the themes, to declare as a param of a rule.

    Parameters
    ----------
    root : Path
        Project folder.
    storyline : str
        Storyline of the rule.
    *themes : str
        Folders or files below ``inputs/``, for example ``"demand"`` or ``"supply/national.csv"``.

    Returns
    -------
    dict of str to str
        Table to SHA-256 of its header and of the rows in force: those of the storyline, and the base year's.
    """
    wanted = {theme.removesuffix(".csv") for theme in themes}
    chosen = [name for name in BY_STORYLINE if name in wanted or name.partition("/")[0] in wanted]
    paths = {name: root / "inputs" / f"{name}.csv" for name in chosen}
    return {
        name: _fingerprints(path, path.stat().st_mtime_ns, storyline)
        for name, path in paths.items()
        if path.is_file()
    }


@lru_cache
def _fingerprints(path: Path, _changed: int, storyline: str) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    at, year = header.index("storyline"), header.index("year")
    first = min((row[year] for row in rows if len(row) > year), default="")
    digest = hashlib.sha256(repr(header).encode())
    for row in rows:
        if len(row) <= max(at, year) or row[at] == storyline or row[year] == first:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def tables_for(tables: Tables, storyline: str) -> Tables:
    """Leave out the rows of other storylines, so that a stage cannot depend on them.

    The base year, the first of a table, is shared by all storylines.
    """
    frames = dict(tables.frames)
    for name in BY_STORYLINE:
        frame = frames.get(name)
        if frame is not None and len(frame):
            mine = frame["storyline"].eq(storyline) | frame["year"].eq(frame["year"].min())
            frames[name] = frame[mine].reset_index(drop=True)
    return replace(tables, frames=MappingProxyType(frames))
