"""What the command line does with operators' own figures: templates, intake, check before publishing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.errors import PmiekError
from pmiek.files import inside
from pmiek.inputs import read_tables
from pmiek.inputs.operator_files import FOLDER, operator_folder
from pmiek.publish.operators.asked import asked_of
from pmiek.publish.operators.disclosure import check_disclosure
from pmiek.publish.operators.forms import write_party_form
from pmiek.publish.operators.parties import find_party
from pmiek.publish.operators.receipt import hand_in, take_in
from pmiek.publish.operators.requests import requests_of
from pmiek.publish.operators.templates import (
    template_tables,
    write_csv_templates,
    write_xlsx_template,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pmiek.inputs import Tables
    from pmiek.publish.operators.parties import Party

SHOWN = 50


class DisclosureError(PmiekError):
    """A confidential figure stands in a public file, or that could not be checked."""

    exit_code = 2


def template_text(root: Path, operator: str, batch: str, *, csv: bool) -> str:
    """Write the template of an operator to ``results/templates/`` and name the file.

    The data requests of the batch are part of it when the batch has been made.

    Raises
    ------
    InputError
        If no table names the operator.
    """
    tables = read_tables(root / "inputs")  # public figures: the template shows what we assume
    party = find_party(tables, operator)
    if party.kind != "operator":
        return _party_form(root, tables, party, batch)
    name = party.name
    frames = template_tables(tables, name)
    path = root / "results" / batch / "tables" / "data_requests.csv"
    inside(root / "results", path)
    found = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()
    asked = requests_of(found, name)
    folder = root / "results" / "templates"
    if csv:
        files = write_csv_templates(frames, asked, name, folder)
    else:
        files = [write_xlsx_template(frames, asked, name, folder)]
    rows = sum(len(frame) for frame in frames.values())
    asks = f"{len(asked)} data requests" if path.is_file() else f"no data requests: batch {batch} is not made"
    lines = [f"{name}: {rows} rows in {len(frames)} tables, {asks}."]
    return "\n".join([*lines, *(f"  {file.relative_to(root).as_posix()}" for file in files)])


def _party_form(root: Path, tables: Tables, party: Party, batch: str) -> str:
    """Write the workbook of a municipality or of industry."""
    path = root / "results" / batch / "tables" / "input_effects.csv"
    inside(root / "results", path)
    effects = pd.read_csv(path, encoding="utf-8") if path.is_file() else None
    asked, assumed = asked_of(tables, party, effects, dt.datetime.now(tz=dt.UTC).date())
    file = write_party_form(tables, party, asked, assumed, root / "results" / "templates")
    known = "" if effects is not None else f"; effect on the list unknown: batch {batch} is not made"
    text = f"{party.name}: {len(asked)} cells asked, {len(assumed)} assumed{known}."
    return f"{text}\n  {file.relative_to(root).as_posix()}"


def submit_text(root: Path, file: Path, operator: str) -> str:
    """Check a filled template, store it in the operators' folder, and give the receipt.

    Raises
    ------
    InputError
        With every problem, or when the sender is unknown; nothing is stored then.
    """
    folder = operator_folder(root) or root / FOLDER
    return hand_in(file, root / "inputs", folder, operator, dt.datetime.now(tz=dt.UTC)).text()


def inbox_text(root: Path, shared: Path) -> str:
    """Take in every new file of a shared folder, and name what came of each.

    Raises
    ------
    InputError
        If the folder does not exist.
    """
    folder = operator_folder(root) or root / FOLDER
    return take_in(shared, root / "inputs", folder, dt.datetime.now(tz=dt.UTC))


def disclosure_text(root: Path, batch: str) -> str:
    """Search the public files of a batch for confidential figures.

    Raises
    ------
    DisclosureError
        With exit code 2 if one is found, or if the batch has not been made.
    """
    folder = root / "results" / batch
    inside(root / "results", folder)
    if not folder.is_dir():
        message = f"batch {batch} has no results to check"
        raise DisclosureError(message)
    tables = read_tables(root / "inputs", overrides=operator_folder(root))
    if not tables.confidential:
        if any((folder / "confidential").glob("*.csv")):
            message = (
                f"results/{batch}/confidential/ holds figures, but no operator's file was found to compare "
                "with; give its folder with --operator-dir"
            )
            raise DisclosureError(message)
        return "No operator's figures are in use, so nothing can be disclosed."
    found = check_disclosure(tables, folder)
    about = (
        f"{found.secrets} confidential figures searched in {found.files} public files of results/{batch}; "
        f"{found.skipped} cells cannot be told apart from public figures"
    )
    if found.unread:
        about += f"; not searched: {', '.join(found.unread[:SHOWN])}"
    if not found.leaks:
        return f"Nothing disclosed. {about}."
    lines = [f"  {leak.file}: {leak.place}: {leak.what} ({leak.asset})" for leak in found.leaks[:SHOWN]]
    more = [f"  and {len(found.leaks) - SHOWN} more"] if len(found.leaks) > SHOWN else []
    raise DisclosureError("\n".join([f"{len(found.leaks)} places disclose. {about}.", *lines, *more]))
