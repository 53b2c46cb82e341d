"""Comparing the inputs with the edition that was last accepted: lost rows, leaps, exchanged columns.

The accepted edition lies beside the inputs as ``edition.zip``: per table its keys, figures and references,
without notes and sources. ``pmiek accept`` writes it, with who and why in ``editions.csv``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.errors import Problem
from pmiek.files import write_file
from pmiek.inputs.plausible.keys import SEPARATOR, plain, row_keys
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import Column, Table

EDITION = "edition.zip"
LEAP = 10.0
#: A changed figure below this part of its column's largest is no leap: small figures are rounded.
SMALL_PART = 1e-4
#: From this many lines of one kind on, one line tells of all.
MANY = 8
#: Tables whose rows come and go with the work itself.
LOOSE = frozenset(
    {"sources", "confirmed", "editions", "projects/status", "weighing/judgments", "demand/overlays"}
)
#: What operators and the working group move from quarter to quarter, and remarks about figures.
MOVING = frozenset(
    {"source", "quality", "disclosure", "note", "decision_status", "phase", "status", "stage", "timing_known"}
)
STAMP = (1980, 1, 1, 0, 0, 0)
NO_ROW = "no row "
LARGEST_BYTES = 200_000_000

Frames = Mapping[str, pd.DataFrame]
Flags = npt.NDArray[np.bool_]
REMEDY = "If this is meant: pmiek accept --role <role> --reason <why>."


def watched(table: Table) -> list[Column]:
    """Give the columns beside the key of which a leap or an exchange is asked about."""
    return [
        column
        for column in table.columns
        if column.name not in MOVING | set(table.key)
        and not column.name.endswith("_quality")
        and (column.kind != "text" or column.refers_to or column.allowed)
    ]


def write_edition(frames: Frames, path: Path) -> None:
    """Write the edition that later changes are compared with; the same frames give the same bytes.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, public figures only.
    path : Path
        ``edition.zip`` in the inputs folder.
    """

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(set(frames) - LOOSE):
                columns = {column.name: plain(frames[name][column.name]) for column in watched(TABLES[name])}
                rows = pd.DataFrame({"row_key": row_keys(name, frames[name]), **columns})
                text = rows.sort_values("row_key").to_csv(index=False, lineterminator="\n")
                archive.writestr(zipfile.ZipInfo(f"{name}.csv", STAMP), text, zipfile.ZIP_DEFLATED, 9)

    write_file(path, write)


def read_edition(path: Path) -> dict[str, pd.DataFrame]:
    """Read the accepted edition: text cells per table, index the row's key.

    Raises
    ------
    ValueError
        If the file is damaged or unreasonably large.
    """
    out = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_BYTES:
                message = "the edition is too large to be one"
                raise ValueError(message)
            for entry in archive.infolist():
                rows = pd.read_csv(
                    io.BytesIO(archive.read(entry)), dtype=str, keep_default_na=False, engine="c"
                )
                out[entry.filename.removesuffix(".csv")] = rows.drop_duplicates("row_key").set_index(
                    "row_key"
                )
    except (zipfile.BadZipFile, OSError, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        message = f"the edition cannot be read: {error}"
        raise ValueError(message) from error
    return out


def check_edition(frames: Frames, edition: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Ask about every row that is gone and every figure or reference that leapt since the last edition.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number.
    edition : mapping of str to DataFrame
        From :func:`read_edition`.

    Returns
    -------
    list of Problem
        Questions, those of one kind joined when there are many.
    """
    problems: list[Problem] = []
    for name, before in edition.items():
        if name not in TABLES or before.empty:
            continue
        frame = frames.get(name)
        if frame is None:
            continue  # it could not be read, and that is reported already
        if frame.empty:
            found = f"no rows, where the last edition had {len(before)}"
            problems.append(_question(name, None, "", found, "the rows of the last edition"))
            continue
        if set(TABLES[name].key) <= set(frame.columns):
            problems += _compare(name, frame, before)
    return problems


def _question(
    name: str, row: int | None, column: str, found: str, expected: str, *, remedy: str = ""
) -> Problem:
    return Problem(TABLES[name].file, row, column, found, expected, f"{remedy} {REMEDY}".strip(), asks=True)


def _compare(name: str, frame: pd.DataFrame, before: pd.DataFrame) -> Iterator[Problem]:
    keys = row_keys(name, frame)
    yield from _lost(name, before, before.index.difference(pd.Index(keys)))
    once = ~keys.duplicated()
    now = frame[once].set_axis(keys[once])
    lines = dict(zip(now.index.astype(str), frame.index[once].astype(int), strict=True))
    both = now.index.intersection(before.index, sort=False)
    if not len(both):
        return
    columns = [c for c in watched(TABLES[name]) if c.name in now.columns and c.name in before.columns]
    new, old = now.loc[both], before.loc[both]
    texts = {c.name: plain(new[c.name]) for c in columns}
    problems, exchanged = _exchanged(name, texts, old, lines)
    yield from problems
    for column in columns:
        changed = texts[column.name].to_numpy(dtype=object) != old[column.name].to_numpy(dtype=object)
        at = changed & ~exchanged.get(column.name, np.zeros(len(both), bool))
        if at.any():
            yield from _leaps(name, column, texts[column.name][at], old[column.name][at], lines)


def _lost(name: str, before: pd.DataFrame, gone: pd.Index) -> Iterator[Problem]:
    """Name rows that are gone; when all rows of one municipality, station or year are gone, name that."""
    if not len(gone):
        return
    if len(gone) < MANY:
        for key in gone:
            yield _question(name, None, ", ".join(TABLES[name].key), f"{NO_ROW}{key}",
                            "the row that the last edition had")  # fmt: skip
        return
    lost = pd.DataFrame([str(key).split(SEPARATOR) for key in gone])
    everything = pd.DataFrame([str(key).split(SEPARATOR) for key in before.index])
    whole = []
    for position, column in enumerate(TABLES[name].key[: lost.shape[1]]):  # a key may have grown since
        counts = Counter(lost[position])
        total = Counter(everything[position])
        whole += [f"all {n} of {column} {part}" for part, n in counts.most_common() if total[part] == n]
    told = "; ".join(whole[:4]) or f"among them {gone[0]}"
    yield _question(name, None, ", ".join(TABLES[name].key), f"{len(gone)} rows gone: {told}",
                    f"the {len(before)} rows of the last edition")  # fmt: skip


def _exchanged(
    name: str, texts: Mapping[str, pd.Series], old: pd.DataFrame, lines: Mapping[str, int]
) -> tuple[list[Problem], dict[str, Flags]]:
    """Find pairs of columns that took each other's figures, and the rows of each column that this explains."""
    problems: list[Problem] = []
    explained: dict[str, Flags] = {}
    now = {column: values.to_numpy(dtype=object) for column, values in texts.items()}
    then = {column: old[column].to_numpy(dtype=object) for column in texts}
    moved = [column for column in texts if (now[column] != then[column]).any()]
    for first, second in combinations(moved, 2):
        at = (now[first] == then[second]) & (now[second] == then[first]) & (now[first] != then[first])
        if not at.any():
            continue
        for column in (first, second):
            explained[column] = explained.get(column, np.zeros(len(at), bool)) | at
        keys = [str(key) for key in texts[first].index[at]]
        rows = f" in {len(keys)} rows" if len(keys) > 1 else ""
        problems.append(
            _question(name, lines[keys[0]], first, f"{first} and {second} exchanged{rows}",
                      "each column as in the last edition", remedy="Exchange them back.")
        )  # fmt: skip
    return problems, explained


def _leaps(
    name: str, column: Column, new: pd.Series, old: pd.Series, lines: Mapping[str, int]
) -> Iterator[Problem]:
    told = _number_leaps(column, new, old) if column.kind in {"number", "integer"} else _text_leaps(new, old)
    if not told:
        return
    if len(told) >= MANY:
        key, words = next(iter(told.items()))
        found = f"{len(told)} figures leapt, the first: {words}"
        yield _question(name, lines[str(key)], column.name, found, "figures near those of the last edition",
                        remedy=f"Correct {column.name}.")  # fmt: skip
        return
    for key, words in told.items():
        yield _question(name, lines[str(key)], column.name, words, "what the last edition had, or near it",
                        remedy="Correct the value.")  # fmt: skip


def _number_leaps(column: Column, new: pd.Series, old: pd.Series) -> dict[str, str]:
    is_year = "year" in column.name
    now, then = (pd.to_numeric(part, errors="coerce").to_numpy(dtype=float) for part in (new, old))
    gone = (new == "").to_numpy() & (old != "").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.abs(now) / np.abs(then)
    floor = SMALL_PART * np.nanmax(np.abs(np.concatenate([now, then, [0.0]])))
    weighty = np.maximum(np.abs(now), np.abs(then)) > floor
    leap = (factor >= LEAP * (1 - 1e-9)) | (factor <= (1 + 1e-9) / LEAP) | (now * then < 0)
    leap &= (then != 0) & weighty
    if is_year:
        leap = np.abs(now - then) >= LEAP
    out = {}
    for at in np.flatnonzero(gone | leap):
        words = f"{new.iloc[at] or 'an empty cell'} where the last edition had {old.iloc[at]}"
        out[str(new.index[int(at)])] = words + _slip(float(factor[at]), column.unit)
    return out


def _slip(factor: float, unit: str) -> str:
    from pmiek.inputs.plausible.quantity import LARGER, SMALLER  # noqa: PLC0415

    first = unit.partition(" ")[0]
    if abs(factor / 1000 - 1) < 1e-6:
        return f" ({SMALLER[first]} in plaats van {first}?)" if first in SMALLER else " (1,000 times: unit?)"
    if abs(factor * 1000 - 1) < 1e-6:
        name = f"{LARGER[first]} in plaats van {first}, of een " if first in LARGER else ""
        return f" ({name}duizendtal met een punt?)"
    return ""


def _text_leaps(new: pd.Series, old: pd.Series) -> dict[str, str]:
    return {
        str(key): f"{value or 'an empty cell'} where the last edition had {before}"
        for key, value, before in zip(new.index, new, old, strict=True)
        if before != ""
    }


def next_number(editions: pd.DataFrame | None) -> int:
    """Give the number of the edition that is accepted next."""
    return 1 if editions is None or editions.empty else int(editions["number"].max()) + 1


def safe_text(text: str) -> str:
    """Give a text in one line."""
    return re.sub(r"\s+", " ", text).strip()
