"""Checks of the grid in force: connected, fed, no impossible branch, every public station complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pmiek.errors import Problem

if TYPE_CHECKING:
    from pmiek.arrays import Ints
    from pmiek.network.state import GridState

TOLERANCE: Final = 1e-6
STATIONS, BUSES, CIRCUITS, TRANSFORMERS, AREAS = (
    f"inputs/grid/{name}.csv" for name in ("stations", "buses", "circuits", "transformers", "service_areas")
)


def islands(buses: Iterable[object], bus0: Iterable[object], bus1: Iterable[object]) -> Ints:
    """Return the connected parts of a grid.

    Parameters
    ----------
    buses : iterable
        Bus ids.
    bus0, bus1 : iterable
        Ends of each branch; branches with an unknown end are skipped.

    Returns
    -------
    ndarray
        Island number of each bus, numbered from 0 in order of first appearance.
    """
    index = pd.Index(list(buses))
    first, second = index.get_indexer(pd.Index(list(bus0))), index.get_indexer(pd.Index(list(bus1)))
    known = (first >= 0) & (second >= 0)
    links = coo_array((np.ones(known.sum()), (first[known], second[known])), shape=(len(index), len(index)))
    labels = connected_components(links, directed=False)[1]
    return np.asarray(pd.factorize(labels)[0], dtype=np.int64)


def check_topology(grid: GridState) -> list[Problem]:
    """Return everything that is wrong with the grid in force; empty if it can be calculated.

    Checked: ends of every circuit and transformer exist and have the right voltage; no zero impedance or
    rating; no branch twice, no corridor under two names; every pocket is fed from a boundary bus; every
    public station has an MV bus behind a transformer; service areas name known public stations and add to 1.

    Parameters
    ----------
    grid : GridState
        Tables in force.
    """
    problems = _ends(grid.circuits, "circuit_id", grid, CIRCUITS)
    problems += _ends(grid.transformers, "unit_id", grid, TRANSFORMERS)
    problems += _voltages(grid)
    problems += _positive(grid.circuits, CIRCUITS, ("x_ohm", "rating_summer_mva", "rating_winter_mva"))
    problems += _positive(grid.transformers, TRANSFORMERS, ("x_pct", "rated_mva"))
    problems += _twice(grid)
    problems += _fed(grid)
    problems += _public_stations(grid)
    return problems + _areas(grid)


def _row(label: object) -> int | None:
    return int(label) + 2 if isinstance(label, (int, np.integer)) else None


def _ends(table: pd.DataFrame, key: str, grid: GridState, file: str) -> list[Problem]:
    known = set(grid.buses["bus_id"])
    return [
        Problem(file, _row(row), column, str(bus), "a bus of a station in force in " + str(grid.year),
                f"Correct the end of {name}, or plan it not before the station at its end.")
        for column in ("bus0", "bus1")
        for row, name, bus in table.loc[~table[column].isin(known), [key, column]].itertuples()
    ]  # fmt: skip


def _voltages(grid: GridState) -> list[Problem]:
    kv = grid.buses.set_index("bus_id")["voltage_kv"].astype(float)
    circuits, units = grid.circuits, grid.transformers
    wrong = circuits[(circuits["bus0"].map(kv) - circuits["bus1"].map(kv)).abs() > TOLERANCE]
    problems = [
        Problem(CIRCUITS, _row(row), "bus1", name, "two ends of the same voltage",
                "Put a transformer between the voltages or correct an end.")
        for row, name in wrong["circuit_id"].items()
    ]  # fmt: skip
    wrong = units[units["bus0"].map(kv) <= units["bus1"].map(kv)]
    return problems + [
        Problem(
            TRANSFORMERS, _row(row), "bus0", name, "the bus of the higher voltage", "Exchange bus0 and bus1."
        )
        for row, name in wrong["unit_id"].items()
    ]


def _positive(table: pd.DataFrame, file: str, columns: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(file, _row(row), column, f"{value:g}", "a figure above zero",
                "Fill in the default of its type from the assumptions and flag it as assumed.")
        for column in columns
        for row, value in table.loc[~(table[column] > 0), column].items()
    ]  # fmt: skip


def _twice(grid: GridState) -> list[Problem]:
    problems = []
    for table, key, file in (
        (grid.circuits, "circuit_id", CIRCUITS),
        (grid.transformers, "unit_id", TRANSFORMERS),
    ):
        problems += [
            Problem(
                file,
                _row(row),
                key,
                str(name),
                "an id that occurs once",
                "Remove the second row or rename it.",
            )
            for row, name in table.loc[table[key].duplicated(), key].items()
        ]
    pair = grid.circuits[["bus0", "bus1"]].apply(lambda ends: "|".join(sorted(map(str, ends))), axis=1)
    if len(grid.circuits):
        first = grid.circuits.groupby(pair)["corridor_id"].transform("first")
        named = grid.circuits["corridor_id"]
        other = named != first
        problems += [
            Problem(CIRCUITS, _row(row), "corridor_id", name, f"one corridor between these ends ({usual})",
                    "Give circuits between the same buses the same corridor, bus0 and bus1.")
            for row, name, usual in zip(named.index[other], named[other], first[other], strict=True)
        ]  # fmt: skip
    return problems


def _fed(grid: GridState) -> list[Problem]:
    branches = pd.concat([grid.circuits[["bus0", "bus1"]], grid.transformers[["bus0", "bus1"]]])
    number = pd.Series(
        islands(grid.buses["bus_id"], branches["bus0"], branches["bus1"]), index=grid.buses.index
    )
    fed = set(number[grid.buses["slack_share"] > 0])
    problems = []
    for part, rows in grid.buses.groupby(number):
        if part not in fed:
            names = ", ".join(map(str, rows["bus_id"]))
            problems.append(
                Problem(
                    BUSES, _row(rows.index[0]), "bus_id", names, "a path to a bus with a slack share",
                    "Add the missing circuit or coupling transformer, or close one in state "
                    f"{grid.switching_state}.",
                )
            )  # fmt: skip
    return problems


def _public_stations(grid: GridState) -> list[Problem]:
    public = grid.stations[grid.stations["serves_public"].astype(bool)]
    mv = grid.transformers[grid.transformers["kind"] == "station"]
    has_unit = set(mv["station_id"])
    bus_of = grid.buses.set_index("bus_id")["station_id"]
    problems = [
        Problem(STATIONS, _row(row), "station_id", str(name), "an MV bus behind a station transformer",
                "Add its transformers, or set serves_public to false if it serves one site only.")
        for row, name in public.loc[~public["station_id"].isin(has_unit), "station_id"].items()
    ]  # fmt: skip
    astray = mv[mv["bus1"].map(bus_of) != mv["station_id"]]
    return problems + [
        Problem(TRANSFORMERS, _row(row), "bus1", str(bus), f"the medium-voltage bus of {station}",
                "Correct the bus or the station.")
        for row, bus, station in astray[["bus1", "station_id"]].itertuples()
    ]  # fmt: skip


def _areas(grid: GridState) -> list[Problem]:
    areas = grid.service_areas
    public = set(grid.stations.loc[grid.stations["serves_public"].astype(bool), "station_id"])
    lost = areas[~areas["station_id"].isin(public | {"outside"})]
    problems = [
        Problem(AREAS, _row(row), "station_id", str(name), "a public station in force, or outside",
                "Give its share to the stations that serve the municipality.")
        for row, name in lost["station_id"].items()
    ]  # fmt: skip
    for column in ("load_share", "field_share"):
        total = areas.groupby("gm_code")[column].sum()
        problems += [
            Problem(
                AREAS,
                None,
                column,
                f"{float(value):.6g} for {code!s}",
                "shares that add to 1",
                "Correct the shares.",
            )
            for code, value in total[(total - 1).abs() > TOLERANCE].items()
        ]
    return problems
