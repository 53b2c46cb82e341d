"""Fill-in templates per operator: what is asked, its meaning, unit, allowed values and present figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pmiek.errors import InputError, Problem
from pmiek.files import safe_cell, write_csv, write_file
from pmiek.ids import slug
from pmiek.inputs import Tables
from pmiek.inputs.operator_files import MODES, SHOWN_PREFIX
from pmiek.inputs.reading import closest
from pmiek.inputs.registry import TABLES
from pmiek.inputs.schema import DISCLOSURES, Column

OPERATOR_COLUMNS = {
    "grid/transformers": ("operator",),
    "grid/circuits": ("operator",),
    "grid/stations": ("hv_operator", "mv_operator"),
    "projects/planned": ("operator",),
}
GREY, WHITE, HEAD = "EEEEEE", "FFFFFF", "1F4E78"
SPARE_ROWS = 20


@cache
def texts() -> Mapping[str, Any]:
    """Return the description of the templates, ``model/pmiek/publish/operators/templates.yaml``."""
    content: Mapping[str, Any] = yaml.safe_load(
        Path(__file__).with_name("templates.yaml").read_text(encoding="utf-8")
    )
    return content


def operators(tables: Tables) -> list[str]:
    """Return the operators that own something in the tables."""
    names: set[str] = set()
    for table, columns in OPERATOR_COLUMNS.items():
        for column in columns:
            for cell in tables[table][column].dropna().unique():
                names |= {part.strip() for part in str(cell).split(";") if part.strip()}
    return sorted(names)


def find_operator(tables: Tables, name: str) -> str:
    """Return the operator as the tables write it; case and accents do not matter.

    Raises
    ------
    InputError
        If there is none; the message names the closest.
    """
    known = operators(tables)
    for other in known:
        if name.strip() and slug(other) == slug(name):
            return other
    remedy = f"Known are {', '.join(known)}.{closest(name, known)}"
    raise InputError([Problem("template", None, "operator", name, "an operator of the input tables", remedy)])


def template_tables(tables: Tables, operator: str) -> dict[str, pd.DataFrame]:
    """Make the rows to fill in, per table.

    Parameters
    ----------
    tables : Tables
        Public input tables.
    operator : str
        As :func:`find_operator` returns it.

    Returns
    -------
    dict of str to DataFrame
        Per table: key columns, shown columns with the prefix ``nu_``, then per column to fill in the present
        value (``nu_<column>``) and an empty cell, then mode, disclosure and note. Tables without a row of the
        operator are left out.
    """
    out = {}
    for name, entry in texts()["tables"].items():
        frame = _offered(tables, name, entry.get("offer"), operator)
        rows = _owned(tables, entry["owner"], operator, frame)
        if "whole" in entry:
            rows = frame[entry["whole"]].isin(frame.loc[rows, entry["whole"]])
        mine = frame[rows]
        if mine.empty:
            continue
        filled: dict[str, Any] = {key: mine[key] for key in TABLES[name].key}
        filled |= {SHOWN_PREFIX + column: mine[column] for column in entry["shown"]}
        for column in entry["fill"]:
            filled |= {SHOWN_PREFIX + column: mine[column], column: ""}
        new = mine["offered"].eq(True) if "offered" in mine else pd.Series(data=False, index=mine.index)
        filled |= {"mode": pd.Series("", index=mine.index).mask(new, "add"), "disclosure": "", "note": ""}
        out[name] = pd.DataFrame(filled).astype(object).where(lambda f: f.notna(), "").reset_index(drop=True)
    return out


def _offered(tables: Tables, name: str, offer: Mapping[str, Any] | None, operator: str) -> pd.DataFrame:
    """Add to a table the rows that an operator is asked for and that are not in it yet."""
    frame = tables[name]
    if not offer:
        return frame
    (column, values), key = next(iter(offer["with"].items())), offer["key"]
    other = tables[offer["table"]]
    ids = other.loc[_owned(tables, offer["owner"], operator, other), key]
    rows = pd.DataFrame([(i, v) for i in ids for v in values], columns=[key, column])
    known = set(zip(frame[key], frame[column], strict=True))
    new = rows[[pair not in known for pair in zip(rows[key], rows[column], strict=True)]]
    return pd.concat([frame, new.reindex(columns=frame.columns).assign(offered=True)], ignore_index=True)


def _owned(tables: Tables, owner: Iterable[Any], operator: str, frame: pd.DataFrame) -> pd.Series:
    rows = pd.Series(data=False, index=frame.index)
    for how in owner:
        if isinstance(how, str):
            cells = frame[how]
        else:
            other = tables[how["through"]]
            cells = frame[how["by"]].map(other.drop_duplicates(how["by"]).set_index(how["by"])[how["column"]])
        parts = cells.astype(object).where(cells.notna(), "").astype(str).str.split(";")
        rows |= parts.map(lambda names: operator in [part.strip() for part in names])
    return rows


def schema_table(names: Iterable[str]) -> pd.DataFrame:
    """Describe every column of the templates: meaning, unit, allowed values and an example.

    Returns
    -------
    DataFrame
        table, column, meaning, unit, allowed, fill_in, example.
    """
    rows = []
    for name in names:
        entry = texts()["tables"][name]
        for column in TABLES[name].columns:
            if column.name in {*TABLES[name].key, *entry["fill"], *entry["shown"]}:
                fill = "ja" if column.name in entry["fill"] else "nee"
                shown = column.name if column.name not in entry["shown"] else SHOWN_PREFIX + column.name
                rows.append(
                    [
                        short(name),
                        shown,
                        column.description,
                        column.unit,
                        column.expected,
                        fill,
                        _example(column),
                    ]
                )
        rows.append([short(name), "mode", "Wat er met de rij gebeurt", "", ", ".join(MODES), "ja", "replace"])
        rows.append(
            [short(name), "disclosure", "Wie de rij mag zien", "", ", ".join(DISCLOSURES), "ja", "operator"]
        )
    return pd.DataFrame(
        rows, columns=["blad", "kolom", "betekenis", "eenheid", "toegestaan", "invullen", "voorbeeld"]
    )


def _example(column: Column) -> str:
    if column.allowed:
        return column.allowed[0]
    if column.kind == "boolean":
        return "false"
    if column.kind == "text":
        return ""
    if "year" in column.name:
        return "2030"
    return "0.25" if column.maximum == 1.0 else "2" if column.kind == "integer" else "66.0"


def short(table: str) -> str:
    """Return the name of a table's sheet or file: theme and table with a hyphen."""
    return table.replace("/", "-")


def write_csv_templates(
    frames: Mapping[str, pd.DataFrame], requests: pd.DataFrame, operator: str, folder: Path
) -> list[Path]:
    """Write one CSV per table, the schema and the data requests to a folder per operator."""
    home = folder / slug(operator)
    parts = {**{short(name): frame for name, frame in frames.items()}, "schema": schema_table(frames)}
    if len(requests):
        parts[texts()["requests"]["sheet"]] = requests
    for name, frame in parts.items():
        write_csv(frame, home / f"{name}.csv")
    return [home / f"{name}.csv" for name in parts]


def write_xlsx_template(
    frames: Mapping[str, pd.DataFrame], requests: pd.DataFrame, operator: str, folder: Path
) -> Path:
    """Write the workbook of an operator: intro, schema, requests and a protected sheet per table."""
    from openpyxl import Workbook  # noqa: PLC0415 -- only for this kind of file

    book = Workbook()
    intro = book.active
    intro.title = "leesmij"
    for line in [f"Gegevens van {operator}", "", *texts()["intro"].splitlines()]:
        intro.append([safe_cell(line)])
    intro.column_dimensions["A"].width = 120
    _plain_sheet(book.create_sheet("schema"), schema_table(frames))
    if len(requests):
        _plain_sheet(book.create_sheet(texts()["requests"]["sheet"]), requests, link="Invullen op blad")
    for name, frame in frames.items():
        _fill_sheet(book.create_sheet(short(name)), name, frame)
    facts = book.create_sheet("pmiek")
    facts.append(["operator", operator])
    facts.sheet_state = "hidden"
    path = folder / f"{slug(operator)}.xlsx"
    write_file(path, book.save)
    return path


def _head(sheet: Any, columns: Iterable[Any]) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415

    sheet.append([str(column) for column in columns])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color=WHITE), PatternFill("solid", fgColor=HEAD)
        sheet.column_dimensions[cell.column_letter].width = max(12, min(40, len(str(cell.value)) + 4))
    sheet.freeze_panes = "A2"


def _put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Write a cell as a value: text is never a formula."""
    cell = sheet.cell(row=row, column=column)
    cell.value = safe_cell(value.item() if hasattr(value, "item") else value)
    return cell


def _plain_sheet(sheet: Any, frame: pd.DataFrame, link: str = "") -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    _head(sheet, frame.columns)
    for row, values in enumerate(frame.itertuples(index=False, name=None), 2):
        for place, value in enumerate(values, 1):
            cell = _put(sheet, row, place, value)
            if link and frame.columns[place - 1] == link and value:
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{value}'!A1")
    sheet.protection.sheet = True


def _fill_sheet(sheet: Any, name: str, frame: pd.DataFrame) -> None:
    """Write a sheet whose header and present values are locked; what is to be filled in is white and open."""
    from openpyxl.styles import PatternFill, Protection  # noqa: PLC0415

    _head(sheet, frame.columns)
    open_columns = {*texts()["tables"][name]["fill"], "mode", "disclosure", "note"}
    for row, values in enumerate(frame.itertuples(index=False, name=None), 2):
        for place, value in enumerate(values, 1):
            cell = _put(sheet, row, place, None if isinstance(value, str) and not value else value)
            if frame.columns[place - 1] in open_columns:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = PatternFill("solid", fgColor=GREY)
    last = len(frame) + 1 + SPARE_ROWS
    for row in range(len(frame) + 2, last + 1):  # room for new rows
        for place in range(1, len(frame.columns) + 1):
            sheet.cell(row=row, column=place).protection = Protection(locked=False)
    _lists(sheet, name, frame, last)
    sheet.protection.sheet = True


def _lists(sheet: Any, name: str, frame: pd.DataFrame, last: int) -> None:
    """Offer the allowed values as a list."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    allowed: dict[str, tuple[str, ...]] = {"mode": MODES, "disclosure": DISCLOSURES}
    for column in TABLES[name].columns:
        if column.allowed:
            allowed.setdefault(column.name, column.allowed)
        elif column.kind == "boolean":
            allowed[column.name] = ("true", "false")
    for place, heading in enumerate(frame.columns, 1):
        if heading in allowed:
            rule = DataValidation(
                type="list", formula1='"' + ",".join(allowed[heading]) + '"', allow_blank=True
            )
            letter = get_column_letter(place)
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)
