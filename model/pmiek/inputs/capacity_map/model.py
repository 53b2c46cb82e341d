"""The JSON of the operators' information model for the capacity map, version 1.x."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pmiek.errors import Problem
from pmiek.inputs.capacity_map.fields import MW
from pmiek.inputs.capacity_map.statements import Figures, ProjectDate, Statements
from pmiek.inputs.reading import closest
from pmiek.inputs.themes.feeding_areas import LARGEST_AREA_MW

REQUIRED: Final = ("conforms_to", "creator", "identifier", "issued", "energy_areas")
TOP: Final = (
    *REQUIRED, "contributor", "coverage", "date", "description", "format", "language", "publisher", "rights",
    "title", "updated", "valid",
)  # fmt: skip
SIDES: Final = {"demand": "take-off", "generation": "feed-in"}
PROPERTIES: Final = {
    "existing_capacity_mw": "available_capacity",
    "needed_capacity_mw": "quoted_capacity",
    "queue_mw": "capacity_in_queue",
    "queue_requests": "requests_in_queue",
    "year_solved": "alleviation_year",
}
COLOURS: Final = ("transparant", "yellow", "amber", "red")
AREA: Final = (
    "short_code", "type", "works", "postcode_areas", "description", "m_rid", "names",
    *(
        f"{side}_{name}"
        for side in SIDES
        for name in (*PROPERTIES.values(), "forecast_capacity", "constraint", "energy_area_short_code")
    ),
)  # fmt: skip
CONGESTION_AREA: Final = "congestion_area"
ASK: Final = "Ask the operator for a file that follows the schema."


def read_model(content: Any, file: str, out: Statements) -> list[Problem]:
    """Read a data set of the information model.

    Parameters
    ----------
    content : object
        What the file holds.
    file : str
        Its name, for the report.
    out : Statements
        Receives what is stated; a row is the place of the area in the list, from 1.

    Returns
    -------
    list of Problem
        Properties that the schema wants or does not know, and values that cannot be right.
    """
    if not isinstance(content, dict):
        return [Problem(file, None, "", type(content).__name__, "a data set (an object)", ASK)]
    problems = [
        Problem(file, None, name, "", "this property", ASK) for name in REQUIRED if name not in content
    ]
    problems += _unknown(file, None, content, TOP)
    if problems:
        return problems
    day, areas = str(content["issued"]), content["energy_areas"]
    try:
        date.fromisoformat(day)
    except ValueError:
        return [Problem(file, None, "issued", day, "a day like 2026-07-30", ASK)]
    if not isinstance(areas, list):
        return [Problem(file, None, "energy_areas", "", "a list of areas", ASK)]
    out.files.append((file, "information model", len(areas), day))
    valid = content.get("valid") or {}
    if isinstance(valid, dict) and str(valid.get("start", "")) > str(valid.get("end", "9")):
        out.remarks.append((file, f"valid from {valid['start']} to {valid['end']}: ends before it begins"))
    rows = list(enumerate(areas, 1))
    transmission = any(isinstance(a, dict) and a.get("type") == CONGESTION_AREA for a in areas)
    for row, area in rows:
        if not isinstance(area, dict) or not area.get("short_code"):
            words = (
                "the area of these figures (short_code)",
                "Fill in the area: a need without one has no place.",
            )
            problems.append(Problem(file, row, "short_code", "", *words))
            continue
        problems += _unknown(file, row, area, AREA)
        problems += _area(area, (file, row, day), out, transmission=transmission)
    return problems


def _unknown(file: str, row: int | None, content: dict[str, Any], known: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(file, row, name, name, "a property of the schema", f"{ASK}{closest(name, known)}")
        for name in content
        if name not in known
    ]


def _area(
    area: dict[str, Any], place: tuple[str, int, str], out: Statements, *, transmission: bool
) -> list[Problem]:
    file, row, day = place
    problems: list[Problem] = []
    congestion = area.get("type") == CONGESTION_AREA
    for side, direction in SIDES.items():
        values: dict[str, float | None] = {}
        for measure, name in PROPERTIES.items():
            value = area.get(f"{side}_{name}")
            if value is None:
                continue
            wrong = _wrong(value, measure)
            if wrong:
                problems.append(Problem(file, row, f"{side}_{name}", str(value), *wrong))
                continue
            # the transmission operator states its own year about a regional area
            own = "year_solved_transmission" if transmission and not congestion else "year_solved"
            values[own if measure == "year_solved" else measure] = float(value)
        colour = area.get(f"{side}_constraint")
        if colour is not None and colour not in COLOURS:
            words = ("one of " + ", ".join(COLOURS), f"{ASK}{closest(str(colour), COLOURS)}")
            problems.append(Problem(file, row, f"{side}_constraint", str(colour), *words))
        if values:
            level = "transmission" if congestion else "area"
            out.figures.append(
                Figures(
                    file, row, level, str(area["short_code"]).strip(), str(area.get("description", "")),
                    direction, day, int(day[:4]) if congestion else None, "", values,
                )
            )  # fmt: skip
    works = area.get("works")
    if not isinstance(works, list):
        return [*problems, Problem(file, row, "works", "", "a list of works, empty if there are none", ASK)]
    for work in works:
        if not isinstance(work, dict) or not work.get("project_name"):
            problems.append(Problem(file, row, "works", "", "works with a project_name", ASK))
            continue
        out.projects += list(_dates(work, str(area["short_code"]), place))
    return problems


def _wrong(value: Any, measure: str) -> tuple[str, str] | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "a number", ASK
    if value < 0:
        return "a figure of at least 0", "Directions have properties of their own; ask the operator."
    if measure in MW and value > LARGEST_AREA_MW:
        return f"MW, at most {LARGEST_AREA_MW:g}", "Divide by 1,000 if the figure is in kW."
    if measure == "queue_requests" and value != int(value):
        return "a whole number of requests", ASK
    return None


def _dates(work: dict[str, Any], area: str, place: tuple[str, int, str]) -> Iterator[ProjectDate]:
    file, row, day = place
    texts = []
    for schedule in work.get("time_schedules") or ():
        interval = schedule.get("schedule_interval") or {}
        start, end = str(interval.get("start", ""))[:4], str(interval.get("end", ""))[:4]
        year = str(interval.get("year", ""))
        texts.append(f"{start} - {end}" if start and end and start != end else end or start or year)
    text = max((t for t in texts if t), default="")
    yield ProjectDate(
        file, row, str(work["project_name"]), "", text, str(work.get("status_kind", "")), "", day, {area}
    )
