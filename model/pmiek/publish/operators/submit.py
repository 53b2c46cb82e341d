"""Reading a filled template back: all is checked at once, then stored; on an error nothing is written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import inside, write_csv
from pmiek.ids import slug
from pmiek.inputs import check_inputs
from pmiek.inputs.operator import ABOUT, GROUPS, Overrides
from pmiek.inputs.operator_files import FOLDER, OperatorTable, open_workbook, read_file, read_folder
from pmiek.inputs.registry import TABLES
from pmiek.publish.operators.parties import Party, not_owned
from pmiek.publish.operators.templates import short

ARCHIVE = ".earlier"


def submit(
    file: Path, inputs_dir: Path, operators_dir: Path, operator: str = "", party: Party | None = None
) -> list[Path]:
    """Check a filled template and store it as CSV in ``operator/<name>/``.

    Parameters
    ----------
    file : Path
        XLSX workbook, or a CSV file whose name is that of a table.
    inputs_dir : Path
        The public inputs.
    operators_dir : Path
        Folder with one folder per operator.
    operator : str
        Name; may be left out for a workbook made by ``pmiek template`` or a file in a folder of that name.
    party : Party, optional
        The sender; rows of a table or municipality that it does not own are refused.

    Returns
    -------
    list of Path
        Files written. Rows given earlier stay; a cell that is filled now goes before the earlier one, and the
        file as it was is kept in ``.earlier/``.

    Raises
    ------
    InputError
        With every problem in the file, by itself and together with all other tables.
    """
    if not file.is_file():
        raise InputError([Problem(file.name, None, "", "", "an existing file", "Check the path.")])
    name = slug(operator or sender_in(file))
    inner = re.sub(r"^.*__", "", file.stem)
    given, problems = read_file(file, name, file.name, inner)
    given = [part for part in (_filled(part) for part in given) if len(part.cells)]
    problems += not_owned(party, given) if party else []
    if not given and not problems:
        remedy = "Fill in the white cells of at least one row."
        problems = [Problem(file.name, None, "", "", "at least one filled cell", remedy)]
    earlier, faults = read_folder(operators_dir) if operators_dir.is_dir() else ([], [])
    old = [part for part in earlier if part.operator == name and part.table in {g.table for g in given}]
    problems += [*faults, *(_in_workbook(part) for part in old if ".xlsx" in part.label)]
    rest = []
    for part in old:
        left = part
        for i, now in enumerate(given):  # a workbook may have several sheets for one table
            if now.table == part.table:
                given[i], left = _joined(now, left)
        rest.append(left)
    others = [part for part in earlier if part not in old]
    problems += check_inputs(inputs_dir, overrides=Overrides([*others, *rest, *given]))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return _store([*given, *rest], operators_dir, name)


def _in_workbook(part: OperatorTable) -> Problem:
    remedy = "Move the workbook out of the folder, and submit it if its rows count."
    return Problem(part.label, None, "", part.table, "this table in one file only", remedy)


def sender_in(file: Path) -> str:
    """Name the sender of a file: as the workbook says, else its folder."""
    return _operator_in(file) or file.resolve().parent.name


def _operator_in(file: Path) -> str:
    if file.suffix.lower() != ".xlsx":
        return ""
    book, problems = open_workbook(file, file.name, read_only=True)
    if problems:
        return ""
    found = str(book["pmiek"]["B1"].value or "") if "pmiek" in book.sheetnames else ""
    book.close()
    return found


def _filled(part: OperatorTable) -> OperatorTable:
    """Keep the rows and columns in which something was filled in besides the key."""
    keys = [*TABLES[part.table].key, GROUPS.get(part.table, "")]
    answers = part.cells[[c for c in part.cells.columns if c not in keys and c not in {"disclosure", "note"}]]
    given = answers.replace({"mode": {"add": ""}}) if "mode" in answers else answers  # offered, not filled
    if "mode" in [column.name for column in TABLES[part.table].columns]:  # of a plan only figures count
        given = answers.drop(columns=[c for c in ABOUT if c in answers])
    kept = part.cells[(given != "").any(axis=1)]
    used = [c for c in kept.columns if c in keys or (kept[c] != "").any()]
    return OperatorTable(part.operator, part.label, part.table, kept[used])


def _joined(part: OperatorTable, old: OperatorTable) -> tuple[OperatorTable, OperatorTable]:
    """Fill gaps of the new rows with earlier answers for the same key; also give the other earlier rows."""
    keys = [c for c in (*TABLES[part.table].key, GROUPS.get(part.table, "")) if c in part.cells.columns]
    frame = old.cells.assign(**{key: "" for key in keys if key not in old.cells.columns})
    same = frame.set_index(keys).index.isin(part.cells.set_index(keys).index)
    before = frame[same].drop_duplicates(keys, keep="last").set_index(keys)
    new = part.cells.copy()
    for column in (c for c in before.columns if c not in ABOUT or c == "disclosure"):
        values = [str(before[column].get(key, "")) for key in new.set_index(keys).index]
        now = new[column] if column in new else pd.Series("", index=new.index)
        new[column] = [mine or theirs for mine, theirs in zip(now, values, strict=True)]
    left = old.cells[~same]
    return (
        OperatorTable(part.operator, part.label, part.table, new),
        OperatorTable(old.operator, old.label, old.table, left),
    )


def _store(parts: Sequence[OperatorTable], operators_dir: Path, name: str) -> list[Path]:
    """Write each table under a temporary name and rename it; what was there before is kept aside first."""
    home = operators_dir / name
    home.mkdir(parents=True, exist_ok=True)
    inside(operators_dir, home)
    written = []
    for table in dict.fromkeys(part.table for part in parts):
        path = home / f"{short(table)}.csv"
        earlier = sorted(p for p in home.rglob("*.csv") if ARCHIVE not in p.parts and _is(p, home, table))
        for old in earlier:
            _keep_aside(old, home / ARCHIVE)
        rows = pd.concat([part.cells for part in parts if part.table == table], ignore_index=True)
        write_csv(rows.fillna(""), path)
        for old in earlier:
            if old != path:
                old.unlink()
        written.append(path)
    return written


def _keep_aside(old: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy2(old, folder / f"{len(list(folder.iterdir())) + 1:04d}_{old.name}")


def _is(path: Path, home: Path, table: str) -> bool:
    inner = path.relative_to(home).with_suffix("").as_posix()
    return inner in {table, short(table), table.rpartition("/")[2], table.replace("/", "__")}


def place(path: Path) -> str:
    """Name a stored file as the error report does."""
    return f"{FOLDER}/{path.parent.name}/{path.name}"
