"""What planned projects change in the grid, year by year: the nulalternatief beside today's grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.network.state import FROZEN, GridState, grid_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmiek.config import Scenario
    from pmiek.inputs import Tables

COLUMNS: Final = [
    "year", "project_id", "change", "element", "element_id", "asset_id", "name", "rating_mva", "neighbour",
    "moved_share",
]  # fmt: skip
ADDED, REMOVED, MOVED = "added", "removed", "load moved"
ELEMENTS: Final = {
    "stations": ("station", "station_id", "station_id"),
    "circuits": ("circuit", "circuit_id", "corridor_id"),
    "transformers": ("transformer", "unit_id", "group_id"),
}
RATINGS: Final = {"circuits": "rating_summer_mva", "transformers": "rated_mva"}


def grid_changes(
    tables: Tables, scenario: Scenario, years: Sequence[int], state: str = "nulalternatief"
) -> pd.DataFrame:
    """List what comes and goes between one screened year and the next, beginning with today's grid.

    Assets keep their id in both states, so the loading before (``frozen``) and after (``nulalternatief``)
    stands beside each other under the same ``asset_id``.

    Parameters
    ----------
    tables : Tables
        Grid tables and ``projects/planned``.
    scenario : Scenario
        Reads the switching state.
    years : sequence of int
        Screened years, ascending.
    state : str
        State to follow.

    Returns
    -------
    DataFrame
        year (first screened year with the change), project_id, change (added, removed, load moved), element
        (station, circuit, transformer), element_id, asset_id, name, rating_mva; for load that a new station
        takes over: neighbour (station that loses it) and moved_share (fraction of the neighbour's load).
    """
    before = grid_state(tables, scenario, FROZEN, min(years))
    parts = []
    for year in sorted(years):
        after = grid_state(tables, scenario, state, year)
        for name in ELEMENTS:
            parts += list(_elements(name, before, after))
        parts.append(_moved(tables, before, after))
        before = after
    filled = [part for part in parts if len(part)]
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
    return table.reindex(columns=COLUMNS).sort_values(
        ["year", "project_id", "change", "element", "element_id"], ignore_index=True
    )


def _all(state: GridState, name: str) -> pd.DataFrame:
    """Rows in force, open circuits included: opening a circuit is switching, not building."""
    table: pd.DataFrame = getattr(state, name)
    return pd.concat([table, state.open_circuits]) if name == "circuits" else table


def _elements(name: str, before: GridState, after: GridState) -> Iterator[pd.DataFrame]:
    element, key, asset = ELEMENTS[name]
    old, new = _all(before, name), _all(after, name)
    for change, rows, other, project in (
        (ADDED, new, old, "project_id"),
        (REMOVED, old, new, "removed_by_project"),
    ):
        part = rows[~rows[key].isin(other[key])]
        yield pd.DataFrame(
            {
                "year": after.year,
                "project_id": part.get(project, ""),
                "change": change,
                "element": element,
                "element_id": part[key],
                "asset_id": part[asset],
                "name": part.get("name", ""),
                "rating_mva": part[RATINGS[name]].astype(float) if name in RATINGS else float("nan"),
            }
        )


def _moved(tables: Tables, before: GridState, after: GridState) -> pd.DataFrame:
    """Load that new stations take over from their neighbours, by the rows of ``grid/resplits``."""
    fresh = set(after.projects) - set(before.projects)
    rows = tables["grid/resplits"]
    rows = rows[rows["project_id"].isin(fresh)]
    name = after.stations.set_index("station_id")["name"]
    return pd.DataFrame(
        {
            "year": after.year,
            "project_id": rows["project_id"],
            "change": MOVED,
            "element": "station",
            "element_id": rows["new_station_id"],
            "asset_id": rows["new_station_id"],
            "name": rows["new_station_id"].map(name),
            "neighbour": rows["from_station_id"],
            "moved_share": rows["share"].astype(float),
        }
    )
