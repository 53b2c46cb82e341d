"""Accepting the inputs as an edition: who and why, and what later changes are compared with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import write_csv
from pmiek.inputs.plausible.edition import (
    EDITION,
    check_edition,
    next_number,
    read_edition,
    safe_text,
    write_edition,
)
from pmiek.inputs.registry import TABLES
from pmiek.inputs.tables import read_and_check

EDITIONS = "editions"
SHORTEST_REASON = 10


def accept_edition(inputs_dir: Path, role: str, reason: str) -> str:
    """Write ``edition.zip`` and a row of ``editions.csv``.

    Parameters
    ----------
    inputs_dir : Path
        The inputs folder.
    role, reason : str
        Who accepts it (a role, never a name) and why.

    Returns
    -------
    str
        What was accepted.

    Raises
    ------
    InputError
        If the reason is missing, or anything but a change since the last edition is wrong or asked; nothing is
        written then.
    """
    if not role.strip() or len(reason.strip()) < SHORTEST_REASON:
        expected = f"a role, and a reason of at least {SHORTEST_REASON} characters"
        raise InputError([Problem("accept", None, "reason", reason, expected, "Say what changed and why.")])
    tables, problems = read_and_check(inputs_dir)
    path = inputs_dir / EDITION
    changes: list[Problem] = []
    if path.is_file():
        try:
            lined = {name: frame.set_axis(frame.index + 2) for name, frame in tables.frames.items()}
            changes = check_edition(lined, read_edition(path))
        except ValueError:
            problems = [p for p in problems if p.file != f"inputs/{EDITION}"]
    marks = {(change.file, change.column, change.value) for change in changes}
    rest = [p for p in problems if (p.file, p.column, p.value) not in marks]
    if rest:
        raise InputError(rest)
    write_edition(tables.frames, path)
    known = tables[EDITIONS]
    row = {
        "number": next_number(known),
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "author_role": safe_text(role),
        "reason": safe_text(reason),
        "changes": len(changes),
    }
    names = [column.name for column in TABLES[EDITIONS].columns]
    old = known[names].astype(object).where(known[names].notna(), "").to_dict("records")
    write_csv(pd.DataFrame([*old, row], columns=names), inputs_dir / f"{EDITIONS}.csv")
    told = [f"  {change}" for change in changes]
    return "\n".join(
        [f"Edition {row['number']} accepted, with {len(changes)} changes that were asked about.", *told]
    )
