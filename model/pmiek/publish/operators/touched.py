"""Which assets and projects of the results rest on an operator's own figures, and on which kind of figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pmiek.ids import slug
from pmiek.inputs import Tables
from pmiek.inputs.confidential import ConfidentialCell
from pmiek.network.published import limit_areas

STATION_COLUMNS = {"station_id", "new_station_id", "from_station_id"}
PLAN_TABLES = ("projects/planned", "projects/plan_statements")


@cache
def rules() -> Mapping[str, Any]:
    """Return the redaction list, ``model/pmiek/publish/operators/redaction.yaml``."""
    content: Mapping[str, Any] = yaml.safe_load(
        Path(__file__).with_name("redaction.yaml").read_text(encoding="utf-8")
    )
    return content


def override_classes(table: str, column: str) -> frozenset[str]:
    """Return the classes of an input column; a column that the list does not name has all of them."""
    named = {
        kind for kind, places in rules()["overrides"].items() if table in places and (column in places[table])
    }
    return frozenset(named or rules()["overrides"])


@dataclass(frozen=True)
class Touched:
    """Assets and projects behind which confidential figures stand.

    Attributes
    ----------
    assets : mapping of str to frozenset of str
        Classes of override by asset id (corridor or transformer group) and by station id.
    names : mapping of str to frozenset of str
        All ids and names under which each asset may occur in a text: its own, its units and circuits.
    projects : mapping of str to frozenset of str
        Classes by id of a planned project.
    """

    assets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projects: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.assets or self.projects)

    def asset_classes(self, value: str) -> frozenset[str]:
        """Return the classes of a cell with one or more asset, station, bottleneck or project ids."""
        found: set[str] = set()
        for part in str(value).replace("|", ";").split(";"):
            name = part.strip()
            found |= self.assets.get(name, frozenset()) | self.projects.get(name, frozenset())
            found |= self._bottleneck(name)
        return frozenset(found)

    def _bottleneck(self, name: str) -> frozenset[str]:
        """Find the asset in an id made of asset, carrier and direction."""
        found: set[str] = set()
        for asset, classes in self.assets.items():
            if name.startswith(slug(asset) + "-"):
                found |= classes
        return frozenset(found)


def touched(tables: Tables) -> Touched:
    """Find what the confidential cells of the input tables touch.

    A rating touches its asset; a share of a service area, a resplit, a site, or the room on a plot touches
    the transformer groups of its station; a planned project touches its assets. What lies further in the
    grid and changes a little because power takes another way is not touched: see docs/operators.md.

    Parameters
    ----------
    tables : Tables
        With grid/transformers, grid/circuits and projects/planned.
    """
    assets: dict[str, set[str]] = {}
    projects: dict[str, set[str]] = {}
    for cell in tables.confidential:
        classes = override_classes(cell.table, cell.column)
        for asset in cell_assets(tables, cell):
            assets.setdefault(asset, set()).update(classes)
        if cell.table in PLAN_TABLES:
            projects.setdefault(_row(tables, cell)["project_id"], set()).update(classes)
    return Touched(
        {name: frozenset(kinds) for name, kinds in assets.items()},
        {name: _names(tables, name) for name in assets},
        {name: frozenset(kinds) for name, kinds in projects.items()},
    )


def confidential_counts(tables: Tables) -> dict[str, int]:
    """Count the confidential figures per operator and table; others cannot repeat a run that has any."""
    counts: dict[str, int] = {}
    for cell in tables.confidential:
        name = f"{cell.operator}: {cell.table}"
        counts[name] = counts.get(name, 0) + 1
    return counts


def cell_assets(tables: Tables, cell: ConfidentialCell) -> frozenset[str]:
    """Return the assets and stations that one confidential cell touches."""
    return frozenset(_assets(tables, cell, _row(tables, cell)))


def _row(tables: Tables, cell: ConfidentialCell) -> dict[str, str]:
    """Give the merged row of a cell; of a removed row only its key."""
    from pmiek.inputs.registry import TABLES  # noqa: PLC0415 -- keeps the import of this module light

    key = dict(zip(TABLES[cell.table].key, cell.key, strict=True))
    frame = tables[cell.table]
    same = pd.Series(data=True, index=frame.index)
    for name, value in key.items():
        same &= frame[name].astype(str).where(frame[name].notna(), "") == value
    rows = frame[same]
    if rows.empty:
        return key
    return {str(name): str(value) for name, value in rows.iloc[0].items() if not pd.isna(value)} | key


def _assets(tables: Tables, cell: ConfidentialCell, row: Mapping[str, str]) -> set[str]:
    found = set(cell.assets)
    if "circuit_id" in row and not found:
        circuits = tables["grid/circuits"]
        known = circuits.loc[circuits["circuit_id"] == row["circuit_id"], "corridor_id"]
        found |= set(known.astype(str))
    if cell.table == "projects/plan_statements" and not found:
        found |= _of_plan(tables, row["project_id"])
    if cell.table != "grid/transformers":
        stations = {row[name] for name in STATION_COLUMNS & set(row)} | _of_areas(tables, row)
        found |= stations | _groups(tables, stations)
    return found - {"", "outside"}


def _of_plan(tables: Tables, project: str) -> set[str]:
    """Return the assets of the plan that a statement is about."""
    plans = tables["projects/planned"]
    named = plans.loc[plans["project_id"].astype(str) == project, "asset_ids"].dropna().astype(str)
    return {asset.strip() for cell in named for asset in cell.split(";")}


def _of_areas(tables: Tables, row: Mapping[str, str]) -> set[str]:
    """Return the stations that share a limit with the feeding area of a row.

    One area may have two stations, and a station two areas: the figure of one tells about all of them.
    """
    if "feeding_area_id" not in row:
        return set()
    joins = tables["grid/area_stations"]
    label = limit_areas(joins.astype({"station_id": "str", "feeding_area_id": "str"}))
    shares = label.map(lambda areas: row["feeding_area_id"] in areas.split(";"))
    return set(label.index[shares.astype(bool)].astype(str))


def _groups(tables: Tables, stations: Iterable[str]) -> set[str]:
    units = tables["grid/transformers"]
    mine = units["station_id"].isin(list(stations)) & units["kind"].eq("station")
    return set(units.loc[mine, "group_id"].astype(str))


def _names(tables: Tables, asset: str) -> frozenset[str]:
    units, circuits = tables["grid/transformers"], tables["grid/circuits"]
    return frozenset(
        {asset, slug(asset)}
        | set(units.loc[units["group_id"] == asset, "unit_id"].astype(str))
        | set(circuits.loc[circuits["corridor_id"] == asset, "circuit_id"].astype(str))
    )


def with_projects(found: Touched, candidates: pd.DataFrame | None) -> Touched:
    """Add the candidate projects whose assets or bottlenecks are touched.

    Parameters
    ----------
    found : Touched
        From :func:`touched`.
    candidates : DataFrame or None
        project_id, asset_ids, bottleneck_ids of the full result table.
    """
    if candidates is None or not found:
        return found
    projects = dict(found.projects)
    columns = [name for name in ("asset_ids", "bottleneck_ids", "station_id") if name in candidates]
    for project, *cells in candidates[["project_id", *columns]].fillna("").itertuples(index=False, name=None):
        classes = frozenset().union(*(found.asset_classes(str(cell)) for cell in cells))
        if classes:
            projects[str(project)] = projects.get(str(project), frozenset()) | classes
    return Touched(found.assets, found.names, projects)
