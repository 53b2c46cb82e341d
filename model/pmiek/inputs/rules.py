"""Rules that compare rows or tables: coverage, shares, clusters, order of low and high."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.area_rules import AREA_RULES
from pmiek.inputs.level_rules import LEVEL_RULE
from pmiek.inputs.overlays import OVERLAY_RULE
from pmiek.inputs.pipe_rules import PIPE_RULES
from pmiek.inputs.plan_rules import PLAN_RULES
from pmiek.inputs.reading import closest
from pmiek.inputs.registry import TABLES
from pmiek.inputs.themes.grid import KIND_SHARES

Frames = Mapping[str, pd.DataFrame]
TOLERANCE = 1e-3
ORDERED = (
    ("grid/circuits", "rating_low_mva", "rating_summer_mva"),
    ("grid/circuits", "rating_summer_mva", "rating_high_mva"),
    ("grid/circuits", "rating_summer_mva", "rating_winter_mva"),
    ("grid/transformers", "units_low", "units_high"),
    ("grid/limits", "voltage_min_kv", "voltage_max_kv"),
    ("demand/industry_sites", "share_low", "share"),
    ("demand/industry_sites", "share", "share_high"),
    ("projects/planned", "planned_year_earliest", "planned_year_latest"),
    ("projects/plan_statements", "year_earliest", "year_latest"),
    ("assumptions", "low", "value"),
    ("assumptions", "value", "high"),
    ("costs/infrastructure", "low", "value"),
    ("costs/infrastructure", "value", "high"),
)


def check_rules(frames: Frames) -> list[Problem]:
    """Apply every rule whose tables and columns are there.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    """
    problems = _check_order(frames)
    for rule, needs in (*RULES, *PIPE_RULES, *AREA_RULES, *PLAN_RULES):
        if all(
            name in frames and set(columns) <= set(frames[name].columns) for name, columns in needs.items()
        ):
            try:
                problems += rule(frames)
            except KeyError:
                # A table that lacks a column is reported as such; what compares its rows has nothing to say.
                if all(_whole(name, frame) for name, frame in frames.items()):
                    raise
    return problems


def _whole(name: str, frame: pd.DataFrame) -> bool:
    return {column.name for column in TABLES[name].columns} <= set(frame.columns)


def _problem(name: str, row: Any, column: str, value: str, expected: str, remedy: str) -> Problem:  # noqa: PLR0917
    return Problem(TABLES[name].file, None if row is None else int(row), column, value, expected, remedy)


def _check_order(frames: Frames) -> list[Problem]:
    problems = []
    for name, low, high in ORDERED:
        if name not in frames or not {low, high} <= set(frames[name].columns):
            continue
        frame = frames[name]
        wrong = frame[frame[low] > frame[high] * (1 + 1e-9) + (frame[high] < 0) * 1e-9]
        problems += [
            _problem(
                name, row, high, f"{b:g}", f"at least {low} ({a:g})", "Exchange or correct the two values."
            )
            for row, a, b in zip(wrong.index, wrong[low], wrong[high], strict=True)
        ]
    return problems


def _study_clusters(frames: Frames) -> list[Problem]:
    """Every study municipality and every station in a study province has a cluster."""
    towns = frames["regions/municipalities"]
    study = towns[towns["role"] == "study"]
    lost = study[study["cluster"].isna()]
    problems = [
        _problem(
            "regions/municipalities",
            row,
            "cluster",
            "an empty cell",
            "the cluster of a study municipality",
            "Fill in the cluster.",
        )
        for row in lost.index
    ]
    if "grid/stations" not in frames:
        return problems
    stations = frames["grid/stations"]
    inside = stations["province"].isin(study["province"].dropna().unique())
    lost = stations[inside & stations["cluster"].isna()]
    return problems + [
        _problem(
            "grid/stations",
            row,
            "cluster",
            f"{station} without a cluster",
            "a cluster, because the station stands in the study province",
            "Fill in the cluster.",
        )
        for row, station in lost["station_id"].items()
    ]


def _municipality_coverage(frames: Frames) -> list[Problem]:
    """Each storyline and year covers every study municipality."""
    towns, demand = frames["regions/municipalities"], frames["demand/municipal"]
    study = towns[towns["role"] == "study"]
    codes = dict(zip(study["gm_code"], study["name"], strict=True))
    problems = []
    for (storyline, year), rows in demand.groupby(["storyline", "year"]):
        problems += [
            _problem(
                "demand/municipal",
                None,
                "gm_code",
                f"no rows for {name} ({code})",
                f"demand of every study municipality in {storyline}, {year}",
                "Add the rows of this municipality, with volume 0 where there is no demand.",
            )
            for code, name in codes.items()
            if code not in set(rows["gm_code"])
        ]
    return problems


def _storylines_agree(frames: Frames) -> list[Problem]:
    """Storylines and years that one table knows are known to the others too."""
    here, there = frames["demand/national"], frames["demand/municipal"]
    known = set(zip(there["storyline"], there["year"], strict=True))
    problems = []
    for (storyline, year), rows in here.groupby(["storyline", "year"]):
        if (storyline, year) not in known:
            names = {name for name, _ in known}
            hint = closest(str(storyline), names) if storyline not in names else ""
            problems.append(
                _problem(
                    "demand/national",
                    rows.index[0],
                    "storyline",
                    f"{storyline}, {year}",
                    "a storyline and year that demand/municipal has too",
                    f"Correct the name or add the municipal rows.{hint}",
                )
            )
    return problems


def _municipal_years_national(frames: Frames) -> list[Problem]:
    """Each storyline and year of the municipalities has national figures."""
    problems = []
    here = frames["demand/municipal"]
    first = here.dropna(subset=["storyline", "year"]).drop_duplicates(["storyline", "year"])
    for name in ("demand/national", "supply/national"):
        if name not in frames or not {"storyline", "year"} <= set(frames[name].columns):
            continue
        known = set(zip(frames[name]["storyline"], frames[name]["year"], strict=True))
        stories = {story for story, _ in known}
        problems += [
            _problem(
                "demand/municipal",
                row,
                "year",
                f"{story}, {year}",
                f"a storyline and year that {name} has too",
                "Add the national rows or correct the year.",
            )
            for row, story, year in zip(first.index, first["storyline"], first["year"], strict=True)
            if story in stories and (story, year) not in known
        ]
    return problems


def _service_areas(frames: Frames) -> list[Problem]:
    """Shares of a municipality add to 1, and every municipality with a role has rows."""
    areas = frames["grid/service_areas"]
    problems = []
    for code, rows in areas.groupby("gm_code"):
        kinds = [name for name in KIND_SHARES if name in rows and rows[name].notna().any()]
        for column in ("load_share", "field_share", *kinds):
            total = rows[column].sum()
            if abs(total - 1.0) > TOLERANCE:
                problems.append(
                    _problem(
                        "grid/service_areas",
                        rows.index[0],
                        column,
                        f"{total:.4g} in total for {code}",
                        "shares of a municipality that add to 1",
                        "Correct the shares; what hangs outside the modelled grid goes to 'outside'.",
                    )
                )
    towns = frames["regions/municipalities"]
    missing = towns[~towns["gm_code"].isin(areas["gm_code"])]
    return problems + [
        _problem(
            "grid/service_areas",
            None,
            "gm_code",
            f"no rows for {name} ({code})",
            "the stations of every municipality",
            "Add its rows, or one row with station 'outside'.",
        )
        for code, name in zip(missing["gm_code"], missing["name"], strict=True)
    ]


def _study_sites(frames: Frames) -> list[Problem]:
    """Shares of the sites in the study area add to at most 1; sites of neighbours come on top."""
    places = frames["regions/municipalities"]
    study = places.loc[places["role"] == "study", "gm_code"]
    sites = frames["demand/industry_sites"]
    inside = sites[sites["gm_code"].isin(study)]
    return _shares_at_most_one("demand/industry_sites", ["sector"])({"demand/industry_sites": inside})


def _shares_at_most_one(name: str, by: list[str]) -> Callable[[Frames], list[Problem]]:
    def rule(frames: Frames) -> list[Problem]:
        frame = frames[name]
        totals = frame["share"].clip(upper=1).groupby([frame[name] for name in by]).sum()
        problems = []
        for key, total in totals[totals > 1 + TOLERANCE].items():
            parts = key if isinstance(key, tuple) else (key,)
            match = pd.concat([frame[column] == part for column, part in zip(by, parts, strict=True)], axis=1)
            row = match.index[match.all(axis=1)][0]
            label = " / ".join(map(str, parts))
            problems.append(
                _problem(
                    name,
                    row,
                    "share",
                    f"{total:.4g} in total for {label}",
                    "shares that add to at most 1",
                    "Lower the shares.",
                )
            )
        return problems

    return rule


def _cluster_members(frames: Frames) -> list[Problem]:
    """Compare members: those listed per cluster are the municipalities that name it."""
    towns, clusters = frames["regions/municipalities"], frames["regions/clusters"]
    problems = []
    for row, cluster, members in zip(clusters.index, clusters["cluster"], clusters["members"], strict=True):
        listed = {part.strip() for part in str(members).split(";")}
        named = set(towns.loc[towns["cluster"] == cluster, "gm_code"])
        if listed != named:
            problems.append(
                _problem(
                    "regions/clusters",
                    row,
                    "members",
                    ";".join(sorted(listed ^ named)),
                    "the municipalities that name this cluster in regions/municipalities",
                    "Make the two tables agree on these municipalities.",
                )
            )
    return problems


def _planned_has_project(name: str) -> Callable[[Frames], list[Problem]]:
    def rule(frames: Frames) -> list[Problem]:
        frame = frames[name]
        lost = frame[(frame["status"] == "planned") & frame["project_id"].isna()]
        return [
            _problem(
                name,
                row,
                "project_id",
                "an empty cell",
                "the project that brings a planned asset",
                "Fill in the project, or set status to existing.",
            )
            for row in lost.index
        ]

    return rule


def _slack(frames: Frames) -> list[Problem]:
    """Check that the balance of the national grid is taken somewhere, in full."""
    total = frames["grid/buses"]["slack_share"].sum()
    if abs(total - 1.0) <= TOLERANCE:
        return []
    return [
        _problem(
            "grid/buses",
            None,
            "slack_share",
            f"{total:.4g} in total",
            "shares that add to 1",
            "Correct the shares of the boundary buses.",
        )
    ]


def _mv_bus(frames: Frames) -> list[Problem]:
    """Both ends of a circuit have the circuit's voltage, and are two buses."""
    circuits, buses = frames["grid/circuits"], frames["grid/buses"]
    voltage = buses.drop_duplicates("bus_id").set_index("bus_id")["voltage_kv"]
    problems = []
    for column in ("bus0", "bus1"):
        found = circuits[column].map(voltage)
        wrong = circuits[found.notna() & (found != circuits["voltage_kv"])]
        problems += [
            _problem(
                "grid/circuits",
                row,
                column,
                f"{bus} at {voltage[bus]:g} kV",
                f"a bus at the circuit's {kv:g} kV",
                "Correct the bus or the voltage.",
            )
            for row, bus, kv in zip(wrong.index, wrong[column], wrong["voltage_kv"], strict=True)
        ]
    loops = circuits[circuits["bus0"] == circuits["bus1"]]
    return problems + [
        _problem(
            "grid/circuits", row, "bus1", str(bus), "another bus than bus0", "Correct one of the two ends."
        )
        for row, bus in loops["bus1"].items()
    ]


def _sector_kinds(frames: Frames) -> list[Problem]:
    """Check that a demand, supply or flexibility row names a sector registered as such for its carrier."""
    registry = frames["profiles/sectors"]
    known = set(zip(registry["carrier"], registry["kind"], registry["sector"], strict=True))
    sectors = set(registry["sector"])
    problems = []
    for name, kinds, column in SECTOR_TABLES:
        if name not in frames or not {"carrier", column} <= set(frames[name].columns):
            continue
        first = frames[name].drop_duplicates(["carrier", column])
        for row, carrier, sector in zip(first.index, first["carrier"], first[column], strict=True):
            if sector in sectors and not any((carrier, kind, sector) in known for kind in kinds):
                problems.append(
                    _problem(
                        name,
                        row,
                        column,
                        f"{carrier} / {sector}",
                        f"a {' or '.join(kinds)} sector of that carrier in profiles/sectors",
                        "Add the row to inputs/profiles/sectors.csv, or correct it here.",
                    )
                )
    return problems


SECTOR_TABLES = (
    ("demand/municipal", ("demand",), "sector"),
    ("demand/industry", ("demand",), "sector"),
    ("supply/municipal", ("supply",), "technology"),
    ("supply/industry", ("supply", "flexibility"), "technology"),
    ("supply/flexibility", ("flexibility",), "technology"),
)

RULES: tuple[tuple[Callable[[Frames], list[Problem]], dict[str, tuple[str, ...]]], ...] = (
    (_study_clusters, {"regions/municipalities": ("role", "cluster", "province")}),
    (
        _cluster_members,
        {"regions/municipalities": ("gm_code", "cluster"), "regions/clusters": ("cluster", "members")},
    ),
    (
        _municipality_coverage,
        {
            "regions/municipalities": ("role", "gm_code", "name"),
            "demand/municipal": ("storyline", "year", "gm_code"),
        },
    ),
    (
        _storylines_agree,
        {"demand/national": ("storyline", "year"), "demand/municipal": ("storyline", "year")},
    ),
    (_municipal_years_national, {"demand/municipal": ("storyline", "year")}),
    (
        _service_areas,
        {
            "grid/service_areas": ("gm_code", "load_share", "field_share"),
            "regions/municipalities": ("gm_code", "name"),
        },
    ),
    (
        _study_sites,
        {
            "demand/industry_sites": ("sector", "share", "gm_code"),
            "regions/municipalities": ("gm_code", "role"),
        },
    ),
    (
        _shares_at_most_one("supply/sites", ["gm_code", "technology"]),
        {"supply/sites": ("gm_code", "technology", "share")},
    ),
    (
        _shares_at_most_one("grid/resplits", ["from_station_id"]),
        {"grid/resplits": ("from_station_id", "share")},
    ),
    (_planned_has_project("grid/stations"), {"grid/stations": ("status", "project_id")}),
    (_planned_has_project("grid/circuits"), {"grid/circuits": ("status", "project_id")}),
    (_planned_has_project("grid/transformers"), {"grid/transformers": ("status", "project_id")}),
    (_slack, {"grid/buses": ("slack_share",)}),
    (_mv_bus, {"grid/circuits": ("bus0", "bus1", "voltage_kv"), "grid/buses": ("bus_id", "voltage_kv")}),
    (_sector_kinds, {"profiles/sectors": ("carrier", "kind", "sector")}),
    OVERLAY_RULE,
    LEVEL_RULE,
)
