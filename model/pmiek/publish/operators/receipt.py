"""Handing in: the receipt in Dutch with what was understood and changes, and the log of all that came in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import write_csv, write_text
from pmiek.ids import slug
from pmiek.inputs import Tables, read_tables
from pmiek.inputs.operator_files import KINDS, unread_sheets
from pmiek.inputs.overlays import apply_overlays
from pmiek.inputs.registry import TABLES
from pmiek.publish.operators.parties import OVERLAYS, find_party
from pmiek.publish.operators.submit import ARCHIVE, place, sender_in, submit

LOG = "received.csv"
LOG_COLUMNS = ["received", "sender", "file", "sha256"]
SUFFIX = ".ontvangst.txt"
DEMAND = "demand/municipal"
CHANGES = ["table", "row", "column", "old", "new", "factor"]


@dataclass(frozen=True)
class Receipt:
    """What is told to a sender.

    Attributes
    ----------
    sender : str
        Name of the party.
    file : str
        Name of the file.
    moment : datetime
        When it came in.
    stored : tuple of str
        Files written.
    changes : DataFrame
        table, row, column, old, new, factor: what differs in the inputs by this file.
    notes : tuple of str
        Sheets that were not read.
    """

    sender: str
    file: str
    moment: dt.datetime
    stored: tuple[str, ...]
    changes: pd.DataFrame
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the receipt in Dutch, so that it can be mailed."""
        lines = [
            f"Ontvangstbewijs: {self.file} van {self.sender}, {self.moment:%Y-%m-%d %H:%M} UTC",
            f"Begrepen en opgeslagen (niet openbaar): {', '.join(self.stored)}",
            f"Verandert in de invoer: {len(self.changes)} waarden" + (":" if len(self.changes) else "."),
        ]
        for table, row, column, old, new, factor in self.changes.itertuples(index=False, name=None):
            times = "" if pd.isna(factor) else f" (factor {dutch(f'{factor:.3g}')})"
            lines.append(f"  {table}, {row}, {column}: {dutch(old)} -> {dutch(new)}{times}")
        if self.notes:
            lines.append(f"Niet gelezen: blad {', '.join(self.notes)}")
        lines.append("Wat dit in de lijst verschuift, is na een nieuwe doorrekening te zien: pmiek run.")
        return "\n".join(lines)


def dutch(number: str) -> str:
    """Write a figure with a decimal comma; other text stays."""
    try:
        float(number)
    except ValueError:
        return number
    return number.replace(".", ",")


def hand_in(file: Path, inputs_dir: Path, operators_dir: Path, sender: str, moment: dt.datetime) -> Receipt:
    """Check a file of a known party, store it, log it, and say what it changes.

    Parameters
    ----------
    file : Path
        XLSX workbook or CSV file.
    inputs_dir, operators_dir : Path
        The public inputs, and the folder with one folder per party.
    sender : str
        Name; empty to take it from the workbook or the folder of the file.
    moment : datetime
        When it came in.

    Returns
    -------
    Receipt

    Raises
    ------
    InputError
        With every problem, or if the sender is unknown or the workbook is of another party. Nothing is stored.
    """
    if not file.is_file():
        raise InputError([Problem(file.name, None, "", "", "an existing file", "Check the path.")])
    party = find_party(read_tables(inputs_dir), sender or sender_in(file))
    before = _effective(inputs_dir, operators_dir)
    written = submit(file, inputs_dir, operators_dir, party.name, party)
    changes = differences(before, _effective(inputs_dir, operators_dir))
    log(operators_dir, party.name, file, moment)
    stored = tuple(place(path) for path in written)
    return Receipt(party.name, file.name, moment, stored, changes, tuple(unread_sheets(file)))


def _effective(inputs_dir: Path, operators_dir: Path) -> Tables:
    """Give the inputs as a run would use them, local plans included."""
    folder = operators_dir if operators_dir.is_dir() else None
    return apply_overlays(read_tables(inputs_dir, overrides=folder))


def differences(before: Tables, after: Tables) -> pd.DataFrame:
    """List the figures and references that differ between two sets of inputs.

    Returns
    -------
    DataFrame
        Columns ``CHANGES``; factor is new over old, empty where that says nothing.
    """
    rows = [
        row for name in before if name not in {OVERLAYS, "sources"} for row in _changed(name, before, after)
    ]
    return pd.DataFrame(rows, columns=CHANGES)


def _changed(name: str, before: Tables, after: Tables) -> Iterator[tuple[str, str, str, str, str, float]]:
    key = list(TABLES[name].key)
    skip = {*key, "source", "quality", "disclosure", "note"}
    old, new = (
        frame.astype(object).where(frame.notna(), "").astype(str).set_index(key)
        for frame in (before[name], after[name])
    )
    if old.equals(new):
        return
    columns = [c for c in new.columns if c not in skip and not c.endswith("_quality") and c in old.columns]
    old, new = old[~old.index.duplicated()], new[~new.index.duplicated()]
    for label in old.index.union(new.index, sort=False):
        row = " / ".join(str(part) for part in (label if isinstance(label, tuple) else (label,)))
        for column in columns:
            was = str(old.loc[label, column]) if label in old.index else ""
            now = str(new.loc[label, column]) if label in new.index else ""
            if was != now:
                yield name, row, column, was or "leeg", now or "leeg", _factor(was, now)


def _factor(old: str, new: str) -> float:
    try:
        return float(new) / float(old)
    except (ValueError, ZeroDivisionError):
        return float("nan")


def log(folder: Path, sender: str, file: Path, moment: dt.datetime) -> None:
    """Add a line to the log of a sender; earlier lines stay."""
    path = folder / slug(sender) / ARCHIVE / LOG
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    row = [moment.isoformat(timespec="seconds"), sender, file.name, digest]
    line = pd.DataFrame([row], columns=LOG_COLUMNS)
    known = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else line.iloc[:0]
    write_csv(pd.concat([known, line], ignore_index=True), path)


def take_in(shared: Path, inputs_dir: Path, operators_dir: Path, moment: dt.datetime) -> str:
    """Hand in every new file of a shared folder and write a receipt beside it.

    A file whose content was taken in before is passed over; the files themselves are never moved or changed.
    A file with errors gets a receipt that names them, and is tried again when its content changes.

    Parameters
    ----------
    shared : Path
        Folder, searched with its folders; a folder names the sender of a CSV.
    inputs_dir, operators_dir, moment
        As in :func:`hand_in`.

    Returns
    -------
    str
        One line per file.
    """
    if not shared.is_dir():
        raise InputError([Problem(str(shared), None, "", "", "an existing folder", "Check the path.")])
    lines = []
    for file in sorted(p for p in shared.rglob("*") if p.suffix.lower() in KINDS and p.is_file()):
        if any(part.startswith((".", "~")) for part in file.relative_to(shared).parts):
            continue
        name = file.relative_to(shared).as_posix()
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        receipt = file.with_name(file.name + SUFFIX)
        if receipt.is_file() and f"sha256 {digest}" in receipt.read_text(encoding="utf-8"):
            lines.append(f"{name}: al verwerkt")
            continue
        try:
            text, outcome = hand_in(file, inputs_dir, operators_dir, "", moment).text(), "opgeslagen"
        except InputError as error:
            text, outcome = f"Niet opgeslagen. Herstel dit en lever opnieuw in:\n{error}", "geweigerd"
        told = f"{text}\nsha256 {digest}\n"
        write_text(told, receipt)
        lines.append(f"{name}: {outcome}")
    return "\n".join(lines) or "Geen bestanden."
