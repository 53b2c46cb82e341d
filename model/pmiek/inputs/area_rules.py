"""Rules of what the operators publish per feeding area: every area has a station, every day exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES
from pmiek.inputs.themes.validation import PRICE_STATISTICS

Frames = Mapping[str, pd.DataFrame]
AREAS = "grid/feeding_areas"
JOINS = "grid/area_stations"
TRANSMISSION = "grid/transmission_areas"
EXCEPTIONS = "validation/base_year_exceptions"
HEAT = "validation/heat_2023"
# From a small feeding area (24 MW) to one given in kW is a factor of 1,000; between two days that follow each
# other published capacity moved by at most a factor of 6.
LARGEST_STEP = 50.0


def _days_exist(name: str) -> Callable[[Frames], list[Problem]]:
    """Make the rule that a day is one of the calendar: the pattern of the column lets 31 June through."""

    def rule(frames: Frames) -> list[Problem]:
        days = frames[name]["snapshot_date"].dropna()
        parsed = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
        return [
            Problem(
                TABLES[name].file,
                int(row),
                "snapshot_date",
                str(days[row]),
                "a day of the calendar",
                "Write the day on which the operators stated the figure, as 2026-07-30.",
            )
            for row in days.index[parsed.isna()]
        ]

    return rule


def _areas_have_stations(frames: Frames) -> list[Problem]:
    """Name capacity that is joined to no station: it would be read and never used."""
    areas, joins = frames[AREAS], frames[JOINS]
    first = areas.drop_duplicates("feeding_area_id")
    lost = first[~first["feeding_area_id"].isin(joins["feeding_area_id"])]
    return [
        Problem(
            TABLES[AREAS].file,
            int(str(row)),
            "feeding_area_id",
            str(area),
            f"an area that {JOINS} joins to a station",
            f"Add a row to {TABLES[JOINS].file}, or leave out areas of elsewhere.",
        )
        for row, area in lost["feeding_area_id"].items()
    ]


def _steps_in_time(frames: Frames) -> list[Problem]:
    """Name capacity that moves a fiftyfold between two days: that is another unit, not another grid."""
    problems = []
    for _, rows in frames[AREAS].groupby(["feeding_area_id", "direction"]):
        ordered = rows.sort_values("snapshot_date")
        for column in ("existing_capacity_mw", "needed_capacity_mw"):
            stated = ordered.loc[ordered[column] > 0, column]
            step = stated / stated.shift()
            problems += [
                Problem(
                    TABLES[AREAS].file,
                    int(row),
                    column,
                    f"{stated[row]:g}",
                    f"a figure in MW within {LARGEST_STEP:g} times the one of an earlier day",
                    "Divide by 1,000 if the row is in kW.",
                )
                for row in step.index[(step > LARGEST_STEP) | (step < 1 / LARGEST_STEP)]
            ]
    return problems


def _exceptions_name_lines(frames: Frames) -> list[Problem]:
    """Name exceptions for a line that the base year does not have: they would excuse nothing, unseen."""
    given, heat = frames[EXCEPTIONS], frames[HEAT]
    areas = set(frames[AREAS]["feeding_area_id"])
    others = {*(heat["gm_code"].astype(str) + " " + heat["quantity"].astype(str)), *PRICE_STATISTICS}
    problems = []
    for row, asset, direction in zip(given.index, given["asset_id"], given["direction"], strict=True):
        with_direction = isinstance(direction, str) and direction != ""
        known = set(str(asset).split(";")) <= areas if with_direction else str(asset) in others
        if not known:
            problems.append(
                Problem(
                    TABLES[EXCEPTIONS].file,
                    int(row),
                    "asset_id",
                    str(asset),
                    f"a feeding area of {AREAS}"
                    if with_direction
                    else f"a municipality and quantity of {HEAT}, or one of {', '.join(PRICE_STATISTICS)}",
                    "Copy line_id and direction from the result table base_year.",
                )
            )
    return problems


AREA_RULES: tuple[tuple[Callable[[Frames], list[Problem]], dict[str, tuple[str, ...]]], ...] = (
    (_days_exist(AREAS), {AREAS: ("snapshot_date",)}),
    (_days_exist(TRANSMISSION), {TRANSMISSION: ("snapshot_date",)}),
    (_areas_have_stations, {AREAS: ("feeding_area_id",), JOINS: ("feeding_area_id",)}),
    (
        _exceptions_name_lines,
        {
            EXCEPTIONS: ("asset_id", "direction"),
            AREAS: ("feeding_area_id",),
            HEAT: ("gm_code", "quantity"),
        },
    ),
    (
        _steps_in_time,
        {
            AREAS: (
                "feeding_area_id",
                "direction",
                "snapshot_date",
                "existing_capacity_mw",
                "needed_capacity_mw",
            )
        },
    ),
)
