"""What the files of the capacity map state, each with its file and row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmiek.errors import Problem


@dataclass(frozen=True)
class Figures:
    """Capacity, need, queue and year solved of one area and direction.

    Attributes
    ----------
    file, row : str, int
        Where it is stated.
    level : str
        ``area`` (feeding area) or ``transmission`` (congestion area).
    area, name : str
        Identifier and name.
    direction : str
        ``take-off`` or ``feed-in``.
    day : str
        Day of the statement.
    year : int or None
        Year that a row of a series is about.
    operator : str
    measures : mapping of str to float or None
        Per measure that the file has; None is blank, not zero.
    """

    file: str
    row: int
    level: str
    area: str
    name: str
    direction: str
    day: str
    year: int | None
    operator: str
    measures: Mapping[str, float | None]


@dataclass(frozen=True)
class StationArea:
    """Congestion areas of a high-voltage station: administrative, so they may differ per direction."""

    file: str
    row: int
    station: str
    area_takeoff: str
    area_feedin: str
    day: str


@dataclass(frozen=True)
class Postcodes:
    """Number of postcodes of one feeding area, station and municipality."""

    file: str
    area: str
    station: str
    gm_code: str
    count: int
    day: str


@dataclass(frozen=True)
class ProjectDate:
    """Published date of one project, and the areas that it concerns."""

    file: str
    row: int
    project: str
    operator: str
    date_text: str
    phase: str
    basis: str
    day: str
    areas: set[str]


@dataclass
class Statements:
    """Everything that was read.

    Attributes
    ----------
    files : list of (str, str, int, str)
        Name, kind, rows and day of each file.
    remarks : list of (str, str)
        Oddities of a file that are no error: file and words.
    doubts : list of (str, Problem)
        Values that cannot be right, with their area: they are refused where the area is one of the inputs.
    """

    files: list[tuple[str, str, int, str]] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    stations: list[StationArea] = field(default_factory=list)
    postcodes: list[Postcodes] = field(default_factory=list)
    projects: list[ProjectDate] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, Problem]] = field(default_factory=list)
