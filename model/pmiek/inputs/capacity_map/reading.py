"""The operators' public CSV files and the JSON of their information model, read to one set of statements."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from pmiek.errors import Problem
from pmiek.inputs.capacity_map.fields import (
    DIRECTIONS,
    KINDS,
    MEASURES,
    MW,
    column,
    kind_of,
    measures_by_direction,
)
from pmiek.inputs.capacity_map.model import read_model
from pmiek.inputs.capacity_map.statements import Figures, Postcodes, ProjectDate, Statements, StationArea
from pmiek.inputs.themes.feeding_areas import LARGEST_AREA_MW, LARGEST_TRANSMISSION_AREA_MW

__all__ = ["Statements", "read_files"]
DATE_IN_NAME: Final = re.compile(r"(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")
LARGEST: Final = {"voedingsgebieden": LARGEST_AREA_MW, "tennetgebieden": LARGEST_TRANSMISSION_AREA_MW}
FIRST_YEAR, LAST_YEAR = 2000, 2150


@dataclass
class _File:
    """One file while it is read: its name for the report, the area of the row, and what is wrong."""

    name: str
    day: str = ""
    problems: list[Problem] = field(default_factory=list)
    area: str | None = None
    doubts: list[tuple[str, Problem]] = field(default_factory=list)

    def wrong(self, row: int | None, where: str, value: str, words: tuple[str, str]) -> None:
        problem = Problem(self.name, row, where, value, *words)
        if self.area is None:
            self.problems.append(problem)
        else:  # what is wrong with an area of elsewhere is for others to mend
            self.doubts.append((self.area, problem))


def read_files(paths: Sequence[Path], day: str = "") -> tuple[Statements, list[Problem]]:
    """Read files of the capacity map, whichever of the public ones they are.

    Parameters
    ----------
    paths : sequence of Path
        CSV files (``voedingsgebieden``, ``congestie_pc6``, ``tennetgebieden``, ``tennetcongestie``,
        ``projecten``), told apart by their columns, and JSON files of the information model.
    day : str
        Day on which the operators stated them, as ``2026-07-30``; needed where neither the file nor its name
        says it. JSON files have their own.

    Returns
    -------
    Statements
        All that is stated, with file and row of each.
    list of Problem
        Everything that cannot be right, of all files at once.
    """
    out = Statements()
    problems: list[Problem] = []
    for path in paths:
        file = _File(path.name)
        content = _content(path, file)
        if content is not None and path.suffix.lower() == ".json":
            model = _json(content, file)
            file.problems += [] if model is None else read_model(model, path.name, out)
        elif content is not None:
            _read_csv(content, file, day, out)
        problems += file.problems
        out.doubts += file.doubts
    return out, problems


def _content(path: Path, file: _File) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        file.wrong(None, "", str(path.name), ("a file that can be read", "Check the path."))
    except UnicodeDecodeError:
        file.wrong(None, "", "", ("text in UTF-8", "Save the file as UTF-8, or download it again."))
    return None


def _json(content: str, file: _File) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        file.wrong(error.lineno, "", error.msg, ("JSON", "Download the file again."))
        return None


def _read_csv(content: str, file: _File, day: str, out: Statements) -> None:
    head = content.split("\n", 1)[0]
    delimiter = ";" if head.count(";") >= head.count(",") else ","
    lines = csv.reader(io.StringIO(content), delimiter=delimiter)
    names = [cell.strip() for cell in next(lines, [])]
    kind = kind_of(names)
    if not kind:
        words = (
            f"the columns of {', '.join(KINDS)}",
            "Give the operators' own files, with their own headers; the first line holds the headers.",
        )
        file.wrong(1, "", ", ".join(names)[:80], words)
        return
    rows: list[tuple[int, dict[str, str]]] = []
    for cells in lines:
        if len(cells) == len(names):
            rows.append((lines.line_num, dict(zip(names, (c.strip() for c in cells), strict=True))))
        elif any(cells):
            words = (f"{len(names)} fields", "Mend the line: a separator is missing or too many.")
            file.wrong(lines.line_num, "", f"{len(cells)} fields", words)
    file.day = _day(file, day, [row for _, row in rows], names)
    out.files.append((file.name, kind, len(rows), file.day))
    if kind in LARGEST:
        _areas(rows, names, file, out, kind)
    else:
        {"tennetcongestie": _stations, "congestie_pc6": _postcodes, "projecten": _projects}[kind](
            rows, names, file, out
        )


def _day(file: _File, day: str, rows: Sequence[dict[str, str]], names: list[str]) -> str:
    """Day of the statement: of the option, else of a column, else of the name of the file."""
    own = column("snapshot", names)
    stated = {row[own] for row in rows if row[own]} if own else set()
    named = DATE_IN_NAME.search(file.name)
    stated_on = (
        day or (stated.pop() if len(stated) == 1 else "") or ("-".join(named.groups()) if named else "")
    )
    try:
        return date.fromisoformat(stated_on).isoformat()
    except ValueError:
        words = (
            "the day on which the operators stated the file",
            "Add --date 2026-07-30, or put the day into the name of the file.",
        )
        file.wrong(None, own or "", stated_on or "no day", words)
        return ""


def _number(file: _File, row: int, where: str, cell: str, *, comma: bool = True) -> float | None:
    if cell in ("", "NaN", "nan", "NULL", "null"):
        return None
    text = cell.replace(".", "").replace(",", ".") if comma and "," in cell else cell
    try:
        value = float(text)
    except ValueError:
        words = ("a number, or nothing", "Write digits with a decimal comma or point, without a unit.")
        file.wrong(row, where, cell, words)
        return None
    if value < 0:
        file.wrong(
            row,
            where,
            cell,
            ("a figure of at least 0", "Directions have columns of their own; ask the operator."),
        )
        return None
    return value


def _figures(
    file: _File, row: int, cells: dict[str, str], names: dict[str, str], kind: str
) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for measure in MEASURES:
        where = names.get(measure, "")
        if not where:
            continue
        value = _number(file, row, where, cells[where])
        if value is not None and measure in MW and value > LARGEST[kind]:
            words = (f"MW, at most {LARGEST[kind]:g}", "Divide by 1,000 if the column is in kW.")
            file.wrong(row, where, cells[where], words)
            value = None
        if value is not None and measure.startswith("year") and not FIRST_YEAR <= value <= LAST_YEAR:
            file.wrong(row, where, cells[where], ("a calendar year", "Correct the year, or leave it empty."))
            value = None
        figures[measure] = value
    return figures


def _areas(
    rows: Iterable[tuple[int, dict[str, str]]], names: list[str], file: _File, out: Statements, kind: str
) -> None:
    transmission = kind == "tennetgebieden"
    own = column("transmission_area" if transmission else "area", names)
    titles, owner, years, way = (column(f, names) for f in ("area_name", "operator", "year", "direction"))
    seen: dict[tuple[str, str, int | None], int] = {}
    by_direction = measures_by_direction(names)
    for row, cells in rows:
        file.area = cells[own]
        year = _number(file, row, years, cells[years]) if years else None
        if not transmission and year is not None and file.day and int(year) != int(file.day[:4]):
            words = (f"the year of {file.day}", "Give the file of this year, or its own day with --date.")
            file.wrong(row, years, cells[years], words)
        for direction in DIRECTIONS if not way else [d for d in DIRECTIONS if d == cells[way]]:
            figures = _figures(file, row, cells, by_direction.get(direction, {}), kind)
            area = cells[own]
            if not area:
                if any(value is not None for value in figures.values()):
                    words = (
                        "the area of these figures",
                        "Fill in the area: a need without one has no place.",
                    )
                    file.wrong(row, own, "", words)
                continue
            key = (area, direction, int(year) if transmission and year is not None else None)
            if key in seen:
                words = ("an area that occurs once", f"Row {seen[key]} has it too; delete one of the two.")
                file.wrong(row, own, area, words)
                continue
            seen[key] = row
            title = cells[titles].removeprefix(f"{area} ") if titles else ""
            out.figures.append(
                Figures(
                    file.name, row, "transmission" if transmission else "area", area, title, direction,
                    file.day, key[2], cells[owner] if owner else "", figures,
                )
            )  # fmt: skip


def _stations(
    rows: Iterable[tuple[int, dict[str, str]]], names: list[str], file: _File, out: Statements
) -> None:
    station, takeoff, feedin = (column(f, names) for f in ("station", "area_takeoff", "area_feedin"))
    for row, cells in rows:
        out.stations.append(
            StationArea(file.name, row, cells[station], cells[takeoff], cells[feedin], file.day)
        )


def _postcodes(
    rows: Iterable[tuple[int, dict[str, str]]], names: list[str], file: _File, out: Statements
) -> None:
    area, station, town = (column(f, names) for f in ("area", "station", "municipality"))
    counts: dict[tuple[str, str, str], int] = {}
    for _, cells in rows:
        code = cells[town] if town else ""
        code = f"GM{int(code):04d}" if code.isdigit() else code
        key = (cells[area], cells[station] if station else "", code)
        counts[key] = counts.get(key, 0) + 1
    out.postcodes += [Postcodes(file.name, *key, count, file.day) for key, count in counts.items()]


def _projects(
    rows: Iterable[tuple[int, dict[str, str]]], names: list[str], file: _File, out: Statements
) -> None:
    fields = {f: column(f, names) for f in ("project", "operator", "date", "phase", "basis", "project_areas")}
    # the archive has the text of a date beside its year; the text says more
    fields["date"] = "date_string" if "date_string" in names else fields["date"]
    joined: dict[tuple[str, str], ProjectDate] = {}
    for row, cells in rows:
        value = {f: cells[name] if name else "" for f, name in fields.items()}
        areas = {part.strip() for part in value["project_areas"].split(";") if part.strip()}
        if not value["project"]:
            file.wrong(row, fields["project"], "", ("the name of the project", "Fill in the name."))
            continue
        key = (value["operator"], value["project"])
        if key in joined and joined[key].date_text == value["date"]:
            joined[key].areas.update(areas)  # one row per area in the operators' own file
            continue
        entry = ProjectDate(
            file.name, row, value["project"], value["operator"], value["date"], value["phase"],
            value["basis"], file.day, areas,
        )  # fmt: skip
        if key in joined:
            words = (
                f"the date of row {joined[key].row} ({joined[key].date_text})",
                "One project has one date; ask the operator which of the two holds.",
            )
            file.wrong(row, fields["date"], value["date"], words)
            continue
        joined[key] = entry
    out.projects += list(joined.values())
