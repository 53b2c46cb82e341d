"""The quarterly form: a template with the projects of the list, and adding what comes back to the history."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import write_csv
from pmiek.inputs.reading import read_csv_cells
from pmiek.inputs.registry import TABLES
from pmiek.inputs.tables import check_inputs

TABLE = "projects/status"
SHOWN = ("name", "previous_light", "previous_quarter")
FILL = [
    "quarter", "phase", "light", "reason", "next_milestone", "milestone_date", "people_capacity",
    "author_role", "source", "quality", "note",
]  # fmt: skip


def status_template(monitoring: pd.DataFrame, quarter: str, path: Path) -> Path:
    """Write a form with one row per project: what is known stands grey beside what is asked.

    Parameters
    ----------
    monitoring : DataFrame
        Latest statuses; ``project_id``, ``name``, ``light`` and ``quarter`` are shown.
    quarter : str
        Quarter that is asked, such as ``2026-Q4``.
    path : Path
        CSV file.
    """
    form = pd.DataFrame(
        {
            "project_id": monitoring["project_id"],
            "name": monitoring["name"],
            "previous_quarter": monitoring["quarter"],
            "previous_light": monitoring["light"],
            **dict.fromkeys(FILL, ""),
        }
    )
    write_csv(form.assign(quarter=quarter, source="status-report", quality="published"), path)
    return path


def add_status(file: Path, inputs_dir: Path) -> int:
    """Check a filled form and add its rows to ``inputs/projects/status.csv``; nothing there is changed.

    Parameters
    ----------
    file : Path
        CSV form; rows without a light are left out.
    inputs_dir : Path
        The inputs folder.

    Returns
    -------
    int
        Rows added.

    Raises
    ------
    InputError
        With every problem: of the form, and of the inputs with its rows added (a quarter that a role already
        reported is one). Nothing is written then.
    """
    table = TABLES[TABLE]
    if not file.is_file():
        raise InputError([Problem(file.name, None, "", "", "an existing file", "Check the path.")])
    cells, problems = read_csv_cells(file, table, file.name)
    if problems or cells is None:
        raise InputError(problems)
    names = [column.name for column in table.columns]
    unknown = [c for c in cells.columns if c not in {*names, *SHOWN}]
    missing = [c.name for c in table.columns if not c.optional and c.name not in cells.columns]
    if unknown or missing:
        found, wanted = ", ".join(unknown) or "-", ", ".join(missing) or "only known columns"
        remedy = "Use the form that `pmiek status` writes."
        raise InputError([Problem(file.name, 1, "header", found, wanted, remedy)])
    used = [c for c in names if c in cells.columns]
    new = cells.loc[cells["light"].fillna("").ne(""), used].fillna("")
    if new.empty:
        remedy = "Fill in the light of at least one project."
        raise InputError([Problem(file.name, None, "light", "", "at least one filled row", remedy)])
    return _append(new, inputs_dir)


def _append(new: pd.DataFrame, inputs_dir: Path) -> int:
    path = inputs_dir / f"{TABLE}.csv"
    known = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else new.iloc[:0]
    both = pd.concat([known, new], ignore_index=True)
    with tempfile.TemporaryDirectory() as folder:  # checked on a copy: a fault leaves the table as it was
        trial = Path(folder) / inputs_dir.name
        shutil.copytree(inputs_dir, trial, ignore=shutil.ignore_patterns("*.parquet", "*.geojson"))
        write_csv(both, trial / f"{TABLE}.csv")
        problems = [problem for problem in check_inputs(trial) if TABLE in problem.file]
    if problems:
        raise InputError(problems)
    write_csv(both, path)
    return len(new)
