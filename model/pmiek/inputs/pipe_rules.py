"""Rules of the heat, gas and hydrogen tables: ends, pressures, shares and years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]
Needs = dict[str, tuple[str, ...]]
TOLERANCE = 1e-3


def _problem(name: str, row: Any, column: str, value: str, expected: str, remedy: str) -> Problem:  # noqa: PLR0917
    return Problem(TABLES[name].file, None if row is None else int(row), column, value, expected, remedy)


def _two_ends(name: str, first: str, second: str) -> Callable[[Frames], list[Problem]]:
    """Check that a pipe or booster joins two different places."""

    def rule(frames: Frames) -> list[Problem]:
        rows = frames[name]
        loops = rows[rows[first] == rows[second]]
        return [
            _problem(
                name, row, second, str(end), f"another place than {first}", "Correct one of the two ends."
            )
            for row, end in loops[second].items()
        ]

    return rule


def _pressures(frames: Frames) -> list[Problem]:
    """Gas is fed from a higher pressure, boosted to a higher one, and coupled at the same one."""
    areas, links = frames["gas/areas"], frames["gas/links"]
    bar = areas.drop_duplicates("area_id").set_index("area_id")["tier_bar"]
    parent = areas["parent_id"].map(bar)
    problems = [
        _problem(
            "gas/areas", row, "parent_id", str(areas.loc[row, "parent_id"]), "an area at a higher pressure",
            "Correct the parent or the pressure.",
        )
        for row in areas.index[parent.notna() & (parent <= areas["tier_bar"])]
    ]  # fmt: skip
    start, end = links["area0"].map(bar), links["area1"].map(bar)
    coupled = links["kind"] == "coupling"
    wrong = (coupled & (start != end)) | (~coupled & (start >= end))
    for row in links.index[wrong & start.notna() & end.notna()]:
        expected = "areas at the same pressure" if coupled[row] else "an area at a higher pressure than area0"
        problems.append(
            _problem(
                "gas/links",
                row,
                "area1",
                str(links.loc[row, "area1"]),
                expected,
                "Correct an end or the kind.",
            )
        )
    lost = links[coupled & links["length_km"].isna()]
    problems += [
        _problem(
            "gas/links", row, "length_km", "an empty cell", "the length of a coupling", "Fill in the km."
        )
        for row in lost.index
    ]
    return problems


def _shares(name: str, needs: str) -> Callable[[Frames], list[Problem]]:
    """Check that the shares of every study municipality add to 1, once the theme is used at all."""

    def rule(frames: Frames) -> list[Problem]:
        rows, towns = frames[name], frames["regions/municipalities"]
        if frames[needs].empty:
            return []
        total = rows.groupby("gm_code")["share"].sum()
        study = towns[towns["role"] == "study"]
        return [
            _problem(
                name, None, "share", f"{total.get(code, 0.0):.4g} in total for {label} ({code})",
                "shares of every study municipality that add to 1", "Add or correct its rows.",
            )
            for code, label in zip(study["gm_code"], study["name"], strict=True)
            if abs(total.get(code, 0.0) - 1.0) > TOLERANCE
        ]  # fmt: skip

    return rule


def _areas_used(frames: Frames) -> list[Problem]:
    """Check that every area at the lowest pressure has a municipality behind it."""
    areas = frames["gas/areas"]
    lowest = areas[areas["tier_bar"] == areas["tier_bar"].min()]
    idle = lowest[~lowest["area_id"].isin(frames["gas/area_shares"]["area_id"])]
    return [
        _problem(
            "gas/areas", row, "area_id", str(area), "an area with demand: a municipality in gas/area_shares",
            "Add its share, or remove the area.",
        )
        for row, area in idle["area_id"].items()
    ]  # fmt: skip


def _one_national(frames: Frames) -> list[Problem]:
    """Check that exactly one area is fed by nothing: the national grid."""
    areas = frames["gas/areas"]
    tops = areas.loc[areas["parent_id"].isna(), "area_id"]
    if areas.empty or len(tops) == 1:
        return []
    return [
        _problem(
            "gas/areas", None, "parent_id", f"{len(tops)} areas without a parent", "one: the national grid",
            "Fill in the parents of the others.",
        )
    ]  # fmt: skip


def _not_before_project(name: str) -> Callable[[Frames], list[Problem]]:
    """Check that nothing exists before the earliest year of the project that brings it."""

    def rule(frames: Frames) -> list[Problem]:
        rows = frames[name]
        planned = frames["projects/planned"].dropna(subset=["planned_year_earliest"])
        earliest = planned.groupby("project_id")["planned_year_earliest"].min()
        can = rows["project_id"].map(earliest)
        early = rows[rows["first_year"] < can]
        from_year = can.to_dict()
        return [
            _problem(
                name, row, "first_year", f"{year:g}", f"a year from {from_year[row]:g}, as its project",
                "Correct the year here or in projects/planned.",
            )
            for row, year in early["first_year"].items()
        ]  # fmt: skip

    return rule


def _pipe_length(frames: Frames) -> list[Problem]:
    """Check that a pipe that can be built has a length: its cost depends on it."""
    pipes = frames["hydrogen/pipes"]
    lost = pipes[(pipes["status"] == "option") & pipes["length_km"].isna()]
    return [
        _problem(
            "hydrogen/pipes", row, "length_km", "an empty cell", "the length of an option", "Fill in the km."
        )
        for row in lost.index
    ]


def _served(frames: Frames) -> list[Problem]:
    """Check that the networks of a municipality and sector share all of its district heat."""
    rows = frames["heat/served_by"]
    problems = []
    for (code, sector), part in rows.groupby(["gm_code", "sector"]):
        total = float(part["share"].sum())
        if abs(total - 1.0) > TOLERANCE:
            found, expected = f"{total:.4g} in total for {sector} of {code}", "shares that add to 1"
            remedy = "Correct the shares, or add the network that serves the rest."
            problems.append(_problem("heat/served_by", part.index[0], "share", found, expected, remedy))
    return problems


TOWNS: Needs = {"regions/municipalities": ("gm_code", "name", "role")}
PLANNED: Needs = {"projects/planned": ("project_id", "planned_year_earliest")}
AREAS: Needs = {"gas/areas": ("area_id", "tier_bar", "parent_id")}
PIPE_RULES: tuple[tuple[Callable[[Frames], list[Problem]], Needs], ...] = (
    (_two_ends("heat/pipes", "network0", "network1"), {"heat/pipes": ("network0", "network1")}),
    (_served, {"heat/served_by": ("gm_code", "sector", "share")}),
    (_two_ends("gas/links", "area0", "area1"), {"gas/links": ("area0", "area1")}),
    (_two_ends("hydrogen/pipes", "node0", "node1"), {"hydrogen/pipes": ("node0", "node1")}),
    (_pressures, {**AREAS, "gas/links": ("area0", "area1", "kind", "length_km")}),
    (_one_national, AREAS),
    (_areas_used, {**AREAS, "gas/area_shares": ("area_id",)}),
    (
        _shares("gas/area_shares", "gas/areas"),
        {**TOWNS, "gas/area_shares": ("gm_code", "share"), "gas/areas": ("area_id",)},
    ),
    (
        _shares("hydrogen/sites", "hydrogen/nodes"),
        {**TOWNS, "hydrogen/sites": ("gm_code", "share"), "hydrogen/nodes": ("node_id",)},
    ),
    (_not_before_project("gas/links"), {**PLANNED, "gas/links": ("project_id", "first_year")}),
    (_not_before_project("hydrogen/pipes"), {**PLANNED, "hydrogen/pipes": ("project_id", "first_year")}),
    (_pipe_length, {"hydrogen/pipes": ("status", "length_km")}),
)
