"""What a project changes on the grid: rows of the grid tables, new units, or room at one asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.decide.projects.costs import CostBook, planned_as
from pmiek.decide.projects.tables import cell, split_ids, text
from pmiek.ids import slug
from pmiek.network.state import Additions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.decide.projects.tables import TablesLike

GRID_TABLES = ("grid/circuits", "grid/transformers", "grid/stations", "grid/resplits")
ROWS, UNITS, ROOM = "grid rows", "new units", "room"
TAKE_OFF, FEED_IN = "take-off", "feed-in"
BOTH = (TAKE_OFF, FEED_IN)
ONE_WAY = {"flexible_contract": (TAKE_OFF,), "other_carrier": (TAKE_OFF,), "curtailment": (FEED_IN,)}
NEW_CIRCUIT, NEW_COUPLING = ("corridor_reinforcement",), ("coupling_unit", "new_coupling_station")


@dataclass(frozen=True, eq=False)
class Change:
    """A project as something that can be put in a grid and left out.

    Attributes
    ----------
    project_id : str
        Candidate.
    method : str
        ``grid rows`` (a plan whose assets are in the grid tables), ``new units`` (circuits or coupling units
        beside what stands) or ``room`` (MW on top of the limits of its assets; flows do not change).
    planned : tuple of str
        Planned projects whose rows come into force.
    admitted : bool
        Whether the nulalternatief has it already.
    circuits, transformers : DataFrame or None
        Rows of new units.
    extra_mw : mapping of str to mapping of str to float
        Per direction: asset_id to MW of room.
    """

    project_id: str
    method: str
    planned: tuple[str, ...] = ()
    admitted: bool = False
    circuits: pd.DataFrame | None = None
    transformers: pd.DataFrame | None = None
    extra_mw: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def changes_flows(self) -> bool:
        """Whether the grid must be prepared again."""
        return self.method != ROOM


BEHIND_THE_BUSBAR = ("mv_station", "mv_lv")
"""Asset classes that the flow model of stations and circuits does not hold."""


def changes_of(
    candidates: pd.DataFrame,
    tables: TablesLike,
    book: CostBook,
    admitted: Sequence[str],
) -> list[Change]:
    """Turn the electricity projects of the long list into changes of the grid, largest shortage first.

    Parameters
    ----------
    candidates : DataFrame
        Long list.
    tables : TablesLike
        Grid tables and assumptions.
    book : CostBook
        Standard units.
    admitted : sequence of str
        Planned projects that the nulalternatief has in the year that is measured.

    Returns
    -------
    list of Change
        Projects of other carriers or behind the medium-voltage busbar, plans without a row in the grid
        tables and projects without a size are
        left out: what they do cannot be measured on this grid.
    """
    own = {slug(p): p for name in GRID_TABLES for p in _project_ids(tables, name)}
    out = []
    order = candidates.sort_values(["need_mw", "project_id"], ascending=[False, True], kind="stable")
    for row in order.to_dict("records"):
        change = _change({str(k): v for k, v in row.items()}, own, tables, book, admitted)
        if change is not None:
            out.append(change)
    return out


def unmeasured(candidates: pd.DataFrame, changes: Sequence[Change]) -> dict[str, str]:
    """Say why electricity projects of the flow model are not among its changes: a key of the gaps per project id."""
    measured = {change.project_id for change in changes}
    out = {}
    for row in candidates.to_dict("records"):
        project = cell(row["project_id"])
        own = cell(row["carrier"]) == "electricity" and cell(row["asset_class"]) not in BEHIND_THE_BUSBAR
        if own and project not in measured:
            out[project] = "not_in_model" if float(row["size_mw"]) > 0 else "no_size"
    return out


def _project_ids(tables: TablesLike, name: str) -> set[str]:
    try:
        frame = tables[name]
    except KeyError:
        return set()
    return set(text(frame["project_id"])) - {""} if "project_id" in frame else set()


def _change(
    row: dict[str, Any],
    own: Mapping[str, str],
    tables: TablesLike,
    book: CostBook,
    admitted: Sequence[str],
) -> Change | None:
    project_id = cell(row["project_id"])
    # The flow model ends at the medium-voltage busbar: what lies behind it would always measure as nothing.
    if cell(row["carrier"]) != "electricity" or cell(row["asset_class"]) in BEHIND_THE_BUSBAR:
        return None
    if project_id in own:
        name = own[project_id]
        return Change(project_id, ROWS, planned=(name,), admitted=name in admitted)
    assets, size = split_ids(row["asset_ids"]), float(row["size_mw"])
    option = cell(row["option"])
    if option == "planned":
        option = planned_as(cell(row["plan_kind"]), cell(row["asset_class"]))
    if not assets or not size > 0 or not option:
        return None
    if option in NEW_CIRCUIT:
        return Change(project_id, UNITS, circuits=_new_circuits(assets, size, option, tables, book))
    if option in NEW_COUPLING:
        return Change(project_id, UNITS, transformers=_new_units(assets, size, tables, book))
    gain = {asset: _gain(asset, option, size, tables, book) for asset in assets}
    return Change(project_id, ROOM, extra_mw=dict.fromkeys(ONE_WAY.get(option, BOTH), gain))


def _gain(asset: str, option: str, size: float, tables: TablesLike, book: CostBook) -> float:
    """MW of room that a size brings at an asset; a large unit beside smaller ones is not firm as a whole."""
    if option == "extra_transformer":
        units = tables["grid/transformers"]
        mva = units.loc[text(units["group_id"]).eq(asset), "rated_mva"].astype(float)
        unit = book.unit_mw(option) / book.power_factor
        count = round(size / book.unit_mw(option))
        both = np.array([*mva, *[unit] * count])
        before = mva.sum() - (mva.max() if len(mva) > 1 else 0.0)
        return float((both.sum() - both.max() - before) * book.power_factor)
    if option == "line_uprating":
        lines = tables["grid/circuits"]
        mva = lines.loc[text(lines["corridor_id"]).eq(asset), "rating_summer_mva"].astype(float)
        today = float(mva.min()) * book.power_factor if len(mva) else size
        return max(book.unit_mw(option) - today, 0.0)
    return size


def _new_circuits(
    assets: Sequence[str], size: float, option: str, tables: TablesLike, book: CostBook
) -> pd.DataFrame:
    """Cables beside a corridor: same ends and length, the standard rating and reactance of a cable."""
    lines = tables["grid/circuits"]
    new = _copies(lines, "corridor_id", "circuit_id", assets, round(size / book.unit_mw(option)))
    rating = book.unit_mw(option) / book.power_factor
    length = new["length_km"].astype(float)
    return new.assign(
        kind="cable",
        tower_group=np.nan,
        project_id=np.nan,
        status="existing",
        rating_summer_mva=rating,
        rating_winter_mva=rating,
        x_ohm=length * tables.assumption("cable_110kv_x_ohm_per_km"),
        r_ohm=length * tables.assumption("cable_110kv_r_ohm_per_km"),
    )


def _new_units(assets: Sequence[str], size: float, tables: TablesLike, book: CostBook) -> pd.DataFrame:
    """Coupling units of the standard size beside those that stand."""
    unit = book.unit_mw("coupling_unit")
    count = max(round(size / unit), 1)
    new = _copies(tables["grid/transformers"], "group_id", "unit_id", assets, count)
    return new.assign(rated_mva=unit / book.power_factor, project_id=np.nan, status="existing")


def _copies(table: pd.DataFrame, group: str, key: str, assets: Sequence[str], count: int) -> pd.DataFrame:
    first = table.drop_duplicates(group).set_index(group, drop=False)
    rows = [
        first.loc[asset].to_dict() | {key: f"{asset}-new{number + 1}"}
        for asset in assets
        if asset in first.index
        for number in range(max(count, 1))
    ]
    return pd.DataFrame(rows, columns=table.columns) if rows else table.iloc[:0].copy()


def additions(changes: Sequence[Change], *, without: Sequence[Change] = ()) -> Additions:
    """Put changes in a grid, and leave others out."""
    return Additions(
        circuits=_stack([c.circuits for c in changes]),
        transformers=_stack([c.transformers for c in changes]),
        projects=tuple(name for c in changes for name in c.planned),
        without=tuple(name for c in without for name in c.planned),
    )


def _stack(frames: Sequence[pd.DataFrame | None]) -> pd.DataFrame | None:
    filled = [frame for frame in frames if frame is not None and len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else None


def extra_room(changes: Sequence[Change]) -> dict[str, dict[str, float]]:
    """Add up the room of changes per direction and asset."""
    out: dict[str, dict[str, float]] = {way: {} for way in BOTH}
    for change in changes:
        for way, gains in change.extra_mw.items():
            for asset, gain in gains.items():
                out[way][asset] = out[way].get(asset, 0.0) + gain
    return out
