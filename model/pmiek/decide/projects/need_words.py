"""The need of a project in words: every MW stands beside the year and storyline of its own row."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pmiek.decide.projects.series import counting
from pmiek.decide.projects.tables import number

DIRECTIONS = {"take-off": ("afname", "take-off"), "feed-in": ("invoeding", "feed-in")}
TEXTS = {
    "nl": {
        "point": "{mw} MW in {year}",
        "grows": "{first}, groeiend naar {then}",
        "falls": "{first}, afnemend naar {then}",
        "also": "{first} en {then}",
        "earlier": "{earlier} ({other}); {line}",
        "hours": "; in {year} {hours} uur",
    },
    "en": {
        "point": "{mw} MW in {year}",
        "grows": "{first}, growing to {then}",
        "falls": "{first}, falling to {then}",
        "also": "{first} and {then}",
        "earlier": "{earlier} ({other}); {line}",
        "hours": "; {hours} hours in {year}",
    },
}


@dataclass(frozen=True)
class Point:
    """One row of the series: a shortage with the year and the storyline in which it was computed.

    Attributes
    ----------
    mw, hours, energy_mwh : float
        MW, hours a year and MWh a year that remain, of this row.
    year : int
    storyline : str
    """

    mw: float
    hours: float
    energy_mwh: float
    year: int
    storyline: str


@dataclass(frozen=True)
class Course:
    """How the need of one direction goes, in the storyline with the largest shortage.

    Attributes
    ----------
    direction : str
    points : tuple of Point
        Per year the hardest weather year, first to last year with a need, all of one storyline.
    interrupted : bool
        A year that was screened between the first and the hardest has no need.
    earliest : Point or None
        A need in another storyline in an earlier year than the first point.
    """

    direction: str
    points: tuple[Point, ...]
    interrupted: bool
    earliest: Point | None

    @property
    def hardest(self) -> Point:
        """The point with the largest shortage; of equal ones the first."""
        return max(self.points, key=lambda point: (point.mw, -point.year))


def courses(series: pd.DataFrame) -> list[Course]:
    """Give the course of the need per direction, largest shortage first.

    Parameters
    ----------
    series : DataFrame
        Rows of ``project_needs`` of one project and one grid.
    """
    rows = counting(series)
    if rows.empty:
        return []
    years = sorted(series["year"].unique())
    found = [_course(str(name), part, years) for name, part in rows.groupby("direction")]
    return sorted(found, key=lambda course: (-course.hardest.mw, course.direction))


def _course(direction: str, rows: pd.DataFrame, years: list[int]) -> Course:
    order = ["storyline", "year", "remaining_mw"]
    per_year = rows.sort_values(order, kind="stable").drop_duplicates(order[:2], keep="last")
    largest = per_year.sort_values(["remaining_mw", "storyline"], ascending=[False, True], kind="stable")
    storyline = str(largest["storyline"].iloc[0])
    points = tuple(_point(row) for row in per_year[per_year["storyline"] == storyline].to_dict("records"))
    others = per_year[per_year["year"] < points[0].year].sort_values(["year", "remaining_mw"], kind="stable")
    earliest = _point(others.to_dict("records")[0]) if len(others) else None
    top = max(points, key=lambda point: point.mw)
    short = {point.year for point in points}
    interrupted = any(points[0].year < year < top.year and year not in short for year in years)
    return Course(direction, points, interrupted, earliest)


def _point(row: dict[str, object] | dict[object, object]) -> Point:
    cells = {str(key): str(value) for key, value in row.items()}
    mw, hours, energy = (float(cells[name]) for name in ("remaining_mw", "hours", "energy_mwh"))
    return Point(mw, hours, energy, int(float(cells["year"])), cells["storyline"])


def storyline_name(code: str) -> str:
    """Write the name of a storyline from its code; it is a name of its own in both languages."""
    return code.replace("_", " ").title()


def megawatt(mw: float, lang: str) -> str:
    """Write MW: whole from 10 on, with a decimal below; what would show as nothing is below a tenth."""
    if 0 < mw < 0.05:
        return "<0,1" if lang == "nl" else "<0.1"
    return number(mw, 0 if mw >= 9.95 else 1, lang)


def course_text(course: Course, lang: str, *, hours: bool = False) -> str:
    """Write one course: first year with its MW, then the hardest, or the last where it falls.

    Parameters
    ----------
    course : Course
    lang : str
        ``nl`` or ``en``.
    hours : bool
        Add the hours of the hardest year.
    """
    words = TEXTS[lang]

    def say(point: Point) -> str:
        return words["point"].format(mw=megawatt(point.mw, lang), year=point.year)

    first, hardest, last = course.points[0], course.hardest, course.points[-1]
    line = say(first)
    if hardest.year > first.year:
        same = megawatt(first.mw, lang) == megawatt(hardest.mw, lang)
        key = "also" if course.interrupted or same else "grows"
        line = words[key].format(first=line, then=say(hardest))
    elif last.year > first.year:
        same = megawatt(first.mw, lang) == megawatt(last.mw, lang)
        line = words["also" if same else "falls"].format(first=line, then=say(last))
    line += f" ({storyline_name(first.storyline)})"
    if course.earliest is not None:
        other = storyline_name(course.earliest.storyline)
        line = words["earlier"].format(earlier=say(course.earliest), other=other, line=line)
    if hours:
        line += words["hours"].format(year=hardest.year, hours=number(hardest.hours, 0, lang))
    return line


def need_text(series: pd.DataFrame, lang: str, *, hours: bool = False) -> str:
    """Write the need of one project on one grid; nothing where it has none.

    Parameters
    ----------
    series : DataFrame
        Rows of ``project_needs`` of one project and one grid.
    lang : str
        ``nl`` or ``en``.
    hours : bool
        Add the hours of the hardest year.

    Returns
    -------
    str
        For example "4 MW in 2030, groeiend naar 32 MW in 2050 (Eigen Vermogen)"; with two directions each
        has its own words.
    """
    found = courses(series)
    side = 0 if lang == "nl" else 1
    parts = [(DIRECTIONS.get(c.direction, ("", ""))[side], course_text(c, lang, hours=hours)) for c in found]
    if len(parts) == 1:
        return parts[0][1]
    return "; ".join(f"{direction} {line}" for direction, line in parts)


def need_texts(series: pd.DataFrame, states: pd.Series) -> pd.DataFrame:
    """Write the need of every project on the grid that sizes it.

    Parameters
    ----------
    series : DataFrame
        ``project_needs``.
    states : Series
        Grid state by project_id; empty text where it has no need.

    Returns
    -------
    DataFrame
        Index project_id; need_nl and need_en (short), need_hours_nl and need_hours_en (with hours).
    """
    parts = dict(iter(series.groupby(["project_id", "grid_state"]))) if len(series) else {}
    rows = []
    for project_id, state in states.items():
        part = parts.get((project_id, state), series.iloc[:0])
        rows.append([need_text(part, lang, hours=hours) for hours in (False, True) for lang in ("nl", "en")])
    columns = ["need_nl", "need_en", "need_hours_nl", "need_hours_en"]
    return pd.DataFrame(rows, index=states.index, columns=columns, dtype=object)
