"""The grid in force: existing assets, admitted projects, switching state and service areas of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.inputs.themes.grid import KIND_SHARES
from pmiek.network.published import no_limits, published_limits

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

FROZEN: Final = "frozen"
ADMITTED_STATUS: Final = (
    "done", "under_construction", "irrevocable_zoning", "in_investment_plan", "investment_decision",
)  # fmt: skip
OUTSIDE: Final = "outside"
SHARES: Final = ["load_share", "field_share"]
COPPER_LOSS: Final = 0.0033
"""Copper loss of a transformer over its rating: 0.32 to 0.34 percent for the generic types of pandapower."""


@dataclass(frozen=True, eq=False)
class Additions:
    """What a plan changes on top of the admitted projects.

    Attributes
    ----------
    transformers, circuits : DataFrame or None
        Extra rows with the columns of ``grid/transformers`` and ``grid/circuits``.
    projects : tuple of str
        Planned projects that are in force although they are not admitted yet.
    without : tuple of str
        Planned projects that are left out, to measure what they do.
    """

    transformers: pd.DataFrame | None = None
    circuits: pd.DataFrame | None = None
    projects: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class GridState:
    """Grid tables in force in one state and year.

    Every table has the columns of its input table and keeps the row labels of that table, so that row ``i``
    stands on line ``i + 2`` of the file.

    Attributes
    ----------
    state : str
        ``frozen`` (assets of the base year), ``nulalternatief`` or the name of a variant.
    year : int
        Calendar year.
    switching_state : str
        How the 110 kV grid is run.
    stations, buses, transformers : DataFrame
        In force.
    circuits : DataFrame
        In force and closed.
    open_circuits : DataFrame
        In force, but open in this switching state.
    service_areas : DataFrame
        gm_code, station_id, load_share, field_share after what new stations take over; per gm_code each adds
        to 1; station_id ``outside`` is not in the modelled grid.
    projects : tuple of str
        Planned projects in force, sorted.
    published : DataFrame
        Published capacity of today's groups of station transformers, from
        :func:`pmiek.network.published.published_limits`.
    """

    state: str
    year: int
    switching_state: str
    stations: pd.DataFrame
    buses: pd.DataFrame
    circuits: pd.DataFrame
    transformers: pd.DataFrame
    service_areas: pd.DataFrame
    open_circuits: pd.DataFrame = field(default_factory=pd.DataFrame)
    projects: tuple[str, ...] = ()
    published: pd.DataFrame = field(default_factory=no_limits)


def admitted_projects(planned: pd.DataFrame, year: int) -> tuple[str, ...]:
    """Return the projects that count on: decided, and in service by the given year at the latest.

    A project is admitted when it is done, under construction, irrevocably zoned or in an investment plan,
    and its latest planned year is not after ``year``. A project without a latest year is never admitted.

    Parameters
    ----------
    planned : DataFrame
        ``projects/planned``: project_id, decision_status, planned_year_latest.
    year : int
        Calendar year.
    """
    latest = pd.to_numeric(planned["planned_year_latest"])
    counts = planned["decision_status"].isin(ADMITTED_STATUS) & (latest <= year)
    return tuple(sorted(set(planned.loc[counts, "project_id"])))


def grid_state(
    tables: Tables, scenario: Scenario, state: str, year: int, *, additions: Additions | None = None
) -> GridState:
    """Return the grid in force in a state and year.

    ``frozen`` is today's grid in every year. Any other state has the admitted projects of that year: their
    assets come, what they replace goes, and their new stations take over a share of the neighbours' areas.

    Parameters
    ----------
    tables : Tables
        Reads ``grid/*`` and ``projects/planned``.
    scenario : Scenario
        Reads ``grid.switching_state``.
    state : str
        ``frozen``, ``nulalternatief`` or the name of a variant.
    year : int
        Calendar year.
    additions : Additions, optional
        What a plan builds, or leaves out, on top.

    Raises
    ------
    InputError
        If the switching state is not in the inputs.
    """
    extra = additions or Additions()
    projects = set() if state == FROZEN else set(admitted_projects(tables["projects/planned"], year))
    projects = (projects | set(extra.projects)) - set(extra.without)
    stations = in_force(tables["grid/stations"], projects)
    buses = tables["grid/buses"]
    buses = buses[buses["station_id"].isin(stations["station_id"])]
    circuits = _with(in_force(tables["grid/circuits"], projects), extra.circuits)
    transformers = _with(in_force(tables["grid/transformers"], projects), extra.transformers)
    if additions is not None:
        circuits = _without_dangling(circuits, buses)
        transformers = _without_dangling(transformers, buses)
    is_open = _open(tables["grid/switching_states"], scenario.grid.switching_state, circuits, projects)
    return GridState(
        state=state,
        year=year,
        switching_state=scenario.grid.switching_state,
        stations=stations,
        buses=buses,
        circuits=circuits[~is_open],
        transformers=transformers,
        service_areas=resplit(by_kind(tables["grid/service_areas"]), tables["grid/resplits"], projects),
        open_circuits=circuits[is_open],
        projects=tuple(sorted(projects)),
        published=published_limits(tables),
    )


def in_force(table: pd.DataFrame, projects: set[str]) -> pd.DataFrame:
    """Return the rows that exist, plus those of the projects, less those that the projects take away."""
    there = (table["status"] == "existing") | table["project_id"].isin(projects)
    if "removed_by_project" in table:
        there &= ~table["removed_by_project"].isin(projects)
    return table[there]


def by_kind(areas: pd.DataFrame) -> pd.DataFrame:
    """Fill the shares per kind of user that a municipality leaves open.

    Parameters
    ----------
    areas : DataFrame
        gm_code, station_id, load_share, field_share and any of ``KIND_SHARES``.

    Returns
    -------
    DataFrame
        Same rows. A kind that a municipality leaves empty follows its load or field share; a kind that no
        municipality gives is left out.
    """
    table = areas.copy()
    for name, fallback in KIND_SHARES.items():
        if name not in table:
            continue
        if table[name].isna().all():
            table = table.drop(columns=name)
            continue
        given = table[name].notna().groupby(table["gm_code"]).transform("any")
        table[name] = table[name].astype(float).fillna(0.0).where(given, table[fallback])
    return table


def resplit(areas: pd.DataFrame, resplits: pd.DataFrame, projects: set[str]) -> pd.DataFrame:
    """Hand over shares of service areas to the new stations of the projects.

    Parameters
    ----------
    areas : DataFrame
        gm_code, station_id, load_share, field_share; per gm_code each adds to 1.
    resplits : DataFrame
        project_id, new_station_id, from_station_id, share; applied in file order, so that a share means a
        share of what the station still has.
    projects : set of str
        Projects in force.

    Returns
    -------
    DataFrame
        Same columns; the sums per gm_code do not change. Untouched rows keep their row labels.
    """
    table = areas
    shares = [*SHARES, *(name for name in KIND_SHARES if name in areas)]
    active = resplits[resplits["project_id"].isin(projects)]
    columns = (active["new_station_id"], active["from_station_id"], active["share"].astype(float))
    for new, old, share in zip(*columns, strict=True):
        source = table["station_id"] == old
        moved = table[source].assign(station_id=new)
        moved[shares] *= share
        rest = table.copy()
        rest.loc[source, shares] *= 1.0 - share
        table = pd.concat([rest, moved], ignore_index=True)
    if table is areas:
        return areas
    how: dict[str, str] = {str(c): "first" for c in table if c not in {"gm_code", "station_id"}}
    how |= dict.fromkeys(shares, "sum")
    return table.groupby(["gm_code", "station_id"], as_index=False, sort=True).agg(how)


def _open(switching: pd.DataFrame, name: str, circuits: pd.DataFrame, projects: set[str]) -> pd.Series:
    """Tell which circuits are open; a row of a project holds from its service on, and goes before the rest."""
    if len(switching) and name not in set(switching["state"]):
        known = ", ".join(sorted(set(switching["state"])))
        raise InputError(
            [Problem("inputs/grid/switching_states.csv", None, "state", name, f"one of {known}",
                     "Correct grid.switching_state in the scenario or add rows for this state.")]
        )  # fmt: skip
    rows = switching[switching["state"] == name]
    if "project_id" in rows:
        staged = rows["project_id"].notna()
        rows = rows[~staged | rows["project_id"].isin(projects)]
        rows = rows.assign(staged=staged).sort_values("staged", kind="stable")
    last = rows.drop_duplicates("circuit_id", keep="last")
    return circuits["circuit_id"].isin(last.loc[last["is_open"].astype(bool), "circuit_id"])


def _with(table: pd.DataFrame, extra: pd.DataFrame | None) -> pd.DataFrame:
    if extra is None or extra.empty:
        return table
    start = (int(table.index.max()) if len(table) else -1) + 1
    return pd.concat([table, extra.set_axis(range(start, start + len(extra)))])


def _without_dangling(branches: pd.DataFrame, buses: pd.DataFrame) -> pd.DataFrame:
    """Drop circuits and transformers that lead to a station that is not there: its project is not."""
    known = set(buses["bus_id"])
    return branches[branches["bus0"].isin(known) & branches["bus1"].isin(known)]


def tower_groups(circuits: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the circuits that share towers, per group of two or more.

    Parameters
    ----------
    circuits : DataFrame
        circuit_id, tower_group; a circuit may belong to several groups, separated by semicolons.
    """
    groups: dict[str, list[str]] = {}
    for circuit, cell in zip(circuits["circuit_id"], circuits["tower_group"], strict=True):
        names: Sequence[str] = [] if pd.isna(cell) else str(cell).split(";")
        for name in filter(None, (part.strip() for part in names)):
            groups.setdefault(name, []).append(str(circuit))
    return {name: tuple(members) for name, members in sorted(groups.items()) if len(members) > 1}


def station_buses(grid: GridState) -> pd.Series:
    """Return the bus that carries each station's load: its MV bus, or its lowest voltage without one.

    Returns
    -------
    Series
        bus_id, indexed by station_id.
    """
    lowest = grid.buses.sort_values(["voltage_kv", "bus_id"], kind="stable").drop_duplicates("station_id")
    return lowest.set_index("station_id")["bus_id"].sort_index()
