"""One XLSX per set of tables: units above the header, frozen panes, no formulas, nothing left out unsaid."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pmiek.files import safe_cell
from pmiek.results.registry import ResultTable, result_tables

MOST_ROWS: Final = 50_000
SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "bottlenecks": (
        "bottlenecks", "bottleneck_summary", "bottleneck_shares", "near_bottlenecks", "loading", "lost_load",
        "curtailment", "duration", "heatmap", "day_heatmap", "station_energy",
    ),
    "projects": (
        "candidates", "project_proposal", "project_options", "project_needs", "present_shortages", "station_relief",
        "project_need", "project_links", "scores", "robustness", "swaps", "alignment", "plan_dates",
        "announced_plans", "queue_growth", "data_requests", "register_proposal",
    ),
    "pathway": (
        "capacity", "costs", "transfers", "dispatch_summary", "solver", "pathway_rounds",
        "pathway_exceedances", "energy_balance", "emissions", "service", "asset_places",
    ),
    "checks": ("base_year", "ac_check", "ac_cases", "ac_voltage", "profile_check", "energy_check"),
}  # fmt: skip
OTHER: Final = "other"
BOLD, GREY = Font(bold=True), Font(italic=True, color="FF666666")


def table_sets(names: list[str]) -> dict[str, list[str]]:
    """Divide tables over workbooks; what belongs to none goes to ``other``."""
    sets = {title: [name for name in members if name in names] for title, members in SETS.items()}
    known = {name for members in SETS.values() for name in members}
    sets[OTHER] = [name for name in names if name not in known]
    return {title: members for title, members in sets.items() if members}


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables to one workbook, atomically.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Result tables by name. One with more than 50,000 rows is named on the first sheet and left out.
    path : Path
        Target ending in ``.xlsx``.

    Notes
    -----
    Sheet ``contents`` lists the tables, ``columns`` the meaning of every column. On a table's sheet row 1
    holds units, row 2 names; both and the first column stay in view. Text that a spreadsheet would read as a
    formula has an apostrophe before it and is stored as text.
    """
    book = Workbook(write_only=True)
    _sheet(book, "contents", _contents(tables), _Header(("table", "title", "rows", "where")))
    _sheet(book, "columns", _meanings(tables), _Header(("table", "column", "unit", "meaning")))
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            continue
        units = _units(name)
        header = _Header(tuple(map(str, table.columns)), tuple(units.get(str(c), "") for c in table.columns))
        _sheet(book, name, _rows(table), header)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, text = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(text)
    try:
        book.save(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class _Header:
    """Names and units of the columns of a sheet."""

    def __init__(self, names: tuple[str, ...], units: tuple[str, ...] = ()) -> None:
        self.names, self.units = names, units


def _registered(name: str) -> ResultTable | None:
    return result_tables().get(name)


def _units(name: str) -> dict[str, str]:
    found = _registered(name)
    return {column.name: column.unit for column in found.columns} if found else {}


def _contents(tables: Mapping[str, pd.DataFrame]) -> Iterator[list[Any]]:
    for name, table in tables.items():
        found = _registered(name)
        where = "this workbook" if len(table) <= MOST_ROWS else f"too long for a sheet: tables/{name}.csv"
        yield [name, found.title if found else "", len(table), where]


def _meanings(tables: Mapping[str, pd.DataFrame]) -> Iterator[list[Any]]:
    for name in tables:
        found = _registered(name)
        for column in found.columns if found else ():
            yield [name, column.name, column.unit, column.description]


def _rows(table: pd.DataFrame) -> Iterator[list[Any]]:
    plain = table.astype(object).where(table.notna(), None)
    for row in plain.itertuples(index=False, name=None):
        yield list(row)


def _sheet(book: Any, title: str, rows: Iterator[list[Any]], header: _Header) -> None:
    sheet = book.create_sheet(title[:31])
    top = 2 if header.units else 1
    sheet.freeze_panes = f"B{top + 1}"
    for number, name in enumerate(header.names, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(name) + 2, 10), 40)
    if header.units:
        sheet.append([_cell(sheet, unit, GREY) for unit in header.units])
    sheet.append([_cell(sheet, name, BOLD) for name in header.names])
    count = top
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(header.names))}{count}"


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    """Return what openpyxl writes: numbers as they are, text never as a formula."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not np.isfinite(plain):
        plain = None
    if isinstance(plain, str):
        plain = safe_cell(ILLEGAL_CHARACTERS_RE.sub("", plain))
    if font is None:
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    cell.font = font
    return cell
