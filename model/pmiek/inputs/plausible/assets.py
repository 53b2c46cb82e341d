"""Assets that disappear: a gap in the count of parallel circuits or units, and groups smaller than stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]
COUNTED = re.compile(r"^(?P<stem>.*\D)(?P<number>\d)$")
#: Table, its id, and the column whose rows are counted on from 1.
PARALLEL = (
    ("grid/circuits", "circuit_id", "corridor_id"),
    ("grid/transformers", "unit_id", "group_id"),
)
TOWERS = "tower_group"


def check_assets(frames: Frames) -> list[Problem]:
    """Ask about parallel circuits and units of which one is missing.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    """
    return [*_gaps(frames), *_small_groups(frames)]


def _gaps(frames: Frames) -> Iterator[Problem]:
    for name, identifier, group in PARALLEL:
        frame = frames.get(name)
        if frame is None or not {identifier, group} <= set(frame.columns):
            continue
        ids = frame[identifier].dropna().astype(str)
        parts = ids.str.extract(COUNTED).dropna()
        for stem, rows in parts.groupby("stem"):
            numbers = {int(n) for n in rows["number"]}
            missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
            if missing and max(numbers) > 1:
                # The row just above the gap, whatever the order of the rows, so that a confirmation holds.
                above = min(n for n in numbers if n > missing[0])
                first = rows.index[rows["number"] == str(above)][0]
                yield Problem(
                    TABLES[name].file,
                    int(str(first)),
                    identifier,
                    str(ids.loc[first]),
                    f"{stem}{missing[0]} beside it, as the numbers count on from 1",
                    "Add the row that is missing, or number on without a gap.",
                    asks=True,
                )


def _small_groups(frames: Frames) -> Iterator[Problem]:
    name = "grid/transformers"
    frame = frames.get(name)
    if frame is None or not {"group_id", "units_low", "status"} <= set(frame.columns):
        return
    for group, rows in frame.groupby("group_id"):
        least = rows.loc[rows["status"] == "existing", "units_low"].max()
        count = int((rows["status"] == "existing").sum())
        if pd.notna(least) and count < least:
            yield Problem(
                TABLES[name].file,
                int(str(rows.index[0])),
                "group_id",
                f"{count} units in {group}",
                f"at least the {least:g} units that units_low states",
                "Add the unit that is missing, or correct units_low.",
                asks=True,
            )
