"""Taking away the questions that somebody answered: who, why and when stand in ``confirmed.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.plausible.edition import NO_ROW
from pmiek.inputs.plausible.keys import plain, row_keys
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]


def without_confirmed(
    problems: Sequence[Problem], frames: Frames, confirmed: Sequence[pd.DataFrame]
) -> list[Problem]:
    """Leave out questions about a value that is confirmed, and tell for the others how to confirm it.

    Parameters
    ----------
    problems : sequence of Problem
        With the line number of the merged tables.
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number.
    confirmed : sequence of DataFrame
        Rows of ``confirmed.csv``: table, row_key, column, value.

    Returns
    -------
    list of Problem
    """
    known = {
        (str(row["table"]), str(row["row_key"]), str(row["column"])): ""
        if pd.isna(row["value"])
        else str(row["value"])
        for part in confirmed
        for row in part.to_dict("records")
    }
    names = {table.file: name for name, table in TABLES.items()}
    out = []
    for problem in problems:
        name = names.get(problem.file, "")
        if problem.row is None and problem.value.startswith(NO_ROW):
            key = problem.value.removeprefix(NO_ROW)
            if (name, key, "*") not in known:
                how = f" Or add to confirmed.csv: {name},{_cell(key)},*,,<role>,<reason>,<date>."
                out.append(replace(problem, remedy=problem.remedy + how))
            continue
        if (
            not problem.asks
            or problem.row is None
            or problem.row not in getattr(frames.get(name), "index", ())
        ):
            out.append(problem)
            continue
        row = frames[name].loc[[problem.row]]
        key = row_keys(name, row).iloc[0]
        column = problem.column if problem.column in row.columns else ""
        value = plain(row[column]).iloc[0] if column else ""
        if _same(known.get((name, key, problem.column)), value):
            continue
        cells = f"{name},{_cell(key)},{problem.column},{_cell(value)}"
        how = f" If it is right, add to confirmed.csv: {cells},<role>,<reason>,<date>."
        out.append(replace(problem, remedy=problem.remedy + how))
    return out


def _same(confirmed: str | None, value: str) -> bool:
    if confirmed is None:
        return False
    try:
        return float(confirmed) == float(value)
    except ValueError:
        return confirmed == value


def _cell(text: str) -> str:
    return f'"{text}"' if "," in text else text
