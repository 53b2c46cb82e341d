"""Writing what the operators state into the input tables: all of it, or nothing."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import write_text
from pmiek.inputs.capacity_map.compare import CONFIRMED, Change
from pmiek.inputs.reading import read_cells
from pmiek.inputs.registry import TABLES
from pmiek.inputs.tables import check_inputs

SOURCES: Final = "sources"


def apply_changes(
    changes: Sequence[Change], inputs_dir: Path, answers: Mapping[str, str] | None = None
) -> list[str]:
    """Write changes into the tables, after checking the inputs as they would become.

    Parameters
    ----------
    changes : sequence of Change
        From the comparison; those with an open question are left out.
    inputs_dir : Path
        The inputs folder.
    answers : mapping of str to str, optional
        Per question the role that confirms it and why; written into the note of the row.

    Returns
    -------
    list of str
        Names of the tables that were written.

    Raises
    ------
    InputError
        If the inputs would not be right with the changes; nothing is written then.
    """
    given = answers or {}
    ready = [c for c in changes if not c.question or c.question in given]
    if not ready:
        return []
    texts = {name: _with(name, inputs_dir, ready, given) for name in sorted({c.table for c in ready})}
    texts[SOURCES] = _with_sources(inputs_dir, ready)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "inputs"
        shutil.copytree(inputs_dir, trial)
        for name, text in texts.items():
            write_text(text, trial / f"{name}.csv")
        problems = check_inputs(trial)
    if problems:
        raise InputError(problems)
    for name, text in texts.items():
        write_text(text, inputs_dir / f"{name}.csv")
    return [name for name in texts if name != SOURCES]


def _cells(name: str, inputs_dir: Path) -> pd.DataFrame:
    cells, problems = read_cells(inputs_dir, TABLES[name])
    if cells is None:
        raise InputError(problems or [Problem(f"inputs/{name}.csv", None, "", "", "a table", "Add it.")])
    return cells


def _with(name: str, inputs_dir: Path, changes: Sequence[Change], answers: Mapping[str, str]) -> str:
    frame = _cells(name, inputs_dir)
    columns, key = list(frame.columns), list(TABLES[name].key)
    rows = [dict(zip(columns, values, strict=True)) for values in frame.itertuples(index=False, name=None)]
    places = {tuple(row[k] for k in key): i for i, row in enumerate(rows)}
    for change in changes:
        if change.table != name:
            continue
        row = {column: str(change.row.get(column, "")) for column in columns}
        note = answers.get(change.question, "") if change.question else ""
        if note and "note" in columns:
            row["note"] = f"{CONFIRMED}{note}"
        at = places.get(tuple(row[k] for k in key))
        if at is None:
            places[tuple(row[k] for k in key)] = len(rows)
            rows.append(row)
        else:
            rows[at] = row
    return _text(columns, [[row[c] for c in columns] for row in rows])


def _with_sources(inputs_dir: Path, changes: Sequence[Change]) -> str:
    frame = _cells(SOURCES, inputs_dir)
    columns = list(frame.columns)
    rows = [list(values) for values in frame.itertuples(index=False, name=None)]
    known = set(frame["source_id"])
    for source in sorted({c.row["source"] for c in changes} - known):
        day = source.rpartition("_")[2]
        facts = {
            "source_id": source, "publisher": "Netbeheer Nederland",
            "title": f"Capacity map of the grid operators, as stated on {day}", "vintage": day,
            "url": "https://capaciteitskaart.netbeheernederland.nl",
            "licence": "not stated; public and indicative; no rights derived",
            "remark": "Only the rows that the province needs",
        }  # fmt: skip
        rows.append([facts.get(column, "") for column in columns])
    return _text(columns, rows)


def _text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
