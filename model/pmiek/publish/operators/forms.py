"""The workbook of a municipality or of industry: a sheet per theme, the present figure beside an empty cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.files import safe_cell, write_file
from pmiek.ids import slug
from pmiek.inputs import Tables
from pmiek.inputs.schema import DISCLOSURES
from pmiek.publish.operators.asked import questions
from pmiek.publish.operators.parties import OVERLAYS, SITES, Party
from pmiek.publish.operators.templates import GREY, HEAD, WHITE, short

ASKED = {
    "request_id": "Nummer", "theme": "Thema", "what": "Wat", "why": "Waarom", "unit": "Eenheid",
    "year": "Jaar", "format": "Waar invullen", "by_when": "Uiterlijk", "deadline_note": "Over de datum",
    "answered_by": "Wie antwoordt", "without_answer": "Zonder antwoord", "affects_projects": "Projecten",
}  # fmt: skip
HEADS = {
    "plan": "Naam van het plan", "year": "Jaar", "gm_code": "Gemeente", "carrier": "Energiedrager",
    "sector": "Sector", "mode": "Werkwijze", "nu_vraag": "Wat wij vragen", "nu_laag": "Nu, laagste (MWh/jaar)",
    "nu_hoog": "Nu, hoogste (MWh/jaar)", "volume_mwh": "Uw getal (MWh/jaar)", "disclosure": "Wie mag het zien",
    "site_id": "Locatie", "nu_share": "Nu (aandeel 0-1)", "share": "Uw getal (aandeel 0-1)",
}  # fmt: skip
FILL = ("volume_mwh", "share")
SHEET = OVERLAYS.rpartition("/")[2]
"""First word of a sheet with plans: a theme behind it must stay within the 31 characters of a sheet name."""


def write_party_form(
    tables: Tables, party: Party, asked: pd.DataFrame, assumed: pd.DataFrame, folder: Path
) -> Path:
    """Write the workbook of a party.

    Parameters
    ----------
    tables : Tables
        Public inputs; read for the sites of industry.
    party : Party
        A municipality or industry.
    asked, assumed : DataFrame
        From :func:`pmiek.publish.operators.asked.asked_of`.
    folder : Path
        Folder of the workbook.

    Returns
    -------
    Path
        ``<party>.xlsx``. Rows 1 to 3 of a sheet hold title, example and Dutch heads with units; row 4 the names
        of the columns, by which the answers are read back.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- only for this kind of file

    book = Workbook()
    intro = book.active
    intro.title = "leesmij"
    for line in [f"Gegevens van {party.name}", "", *str(questions()["intro"]).splitlines()]:
        intro.append([safe_cell(line)])
    intro.column_dimensions["A"].width = 120
    for name, rows in (("verzoeken", asked), ("uitgangspunten", assumed)):
        _list(book.create_sheet(name), rows)
    if party.kind == "municipality":
        for key, theme in questions()["themes"].items():
            rows = asked[asked["theme"].eq(theme["title"])].sort_values(["sector", "year"])
            if len(rows):
                sheet = book.create_sheet(f"{SHEET} {key}")
                _form(sheet, theme["title"], "Voorbeeld: 12500,5", _plans(party, key, rows))
    else:
        sheet = book.create_sheet(short(SITES))
        _form(sheet, questions()["industry"]["title"], "Voorbeeld: 0,35", _sites(tables))
    facts = book.create_sheet("pmiek")
    facts.append(["operator", party.name])
    facts.sheet_state = "hidden"
    path = folder / f"{slug(party.name)}.xlsx"
    write_file(path, book.save)
    return path


def _plans(party: Party, theme: str, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "plan": f"{slug(party.name)}-{theme}", "year": rows["year"], "gm_code": party.gm_code,
            "carrier": "electricity", "sector": rows["sector"], "mode": "replace", "nu_vraag": rows["what"],
            "nu_laag": rows["low"].round(0), "nu_hoog": rows["high"].round(0), "volume_mwh": None,
            "disclosure": "public",
        }
    )  # fmt: skip


def _sites(tables: Tables) -> pd.DataFrame:
    sites = tables[SITES]
    return pd.DataFrame(
        {
            "site_id": sites["site_id"], "sector": sites["sector"], "nu_vraag": sites["name"],
            "nu_share": sites["share"], "share": None, "disclosure": "public",
        }
    )  # fmt: skip


def _list(sheet: Any, rows: pd.DataFrame) -> None:
    sheet.append(list(ASKED.values()))
    for values in rows[list(ASKED)].itertuples(index=False, name=None):
        sheet.append([safe_cell(value) for value in values])
    for column in "CDK":
        sheet.column_dimensions[column].width = 50
    sheet.freeze_panes = "A2"


def _form(sheet: Any, title: str, example: str, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Font, PatternFill, Protection  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    sheet.append([title])
    sheet.append([example])
    sheet.append([HEADS[column] for column in frame.columns])
    sheet.append(list(frame.columns))
    for cell in sheet[3]:
        cell.font, cell.fill = Font(bold=True, color=WHITE), PatternFill("solid", fgColor=HEAD)
        sheet.column_dimensions[cell.column_letter].width = max(14, len(str(cell.value)) + 2)
    for values in frame.itertuples(index=False, name=None):
        sheet.append([safe_cell(value) for value in values])
    last = sheet.max_row
    grey = PatternFill("solid", fgColor=GREY)
    for place, column in enumerate(frame.columns, 1):
        letter = get_column_letter(place)
        is_open = column in (*FILL, "disclosure")
        for row in range(5, last + 1):
            cell = sheet[f"{letter}{row}"]
            if is_open:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = grey
        if column == "disclosure":
            rule = DataValidation(type="list", formula1='"' + ",".join(DISCLOSURES) + '"', allow_blank=True)
            rule.add(f"{letter}5:{letter}{last}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A5"
    sheet.protection.sheet = True
