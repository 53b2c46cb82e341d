"""The effect of one project: put in today's grid, and left out of the whole programme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from pmiek.decide.effects.changes import Change, additions, extra_room
from pmiek.decide.effects.world import CARRIER, FROZEN, PLANNED
from pmiek.errors import PmiekError
from pmiek.ids import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pmiek.decide.effects.world import Case, World

EFFECT_COLUMNS = [
    "project_id", "mode", "storyline", "year", "method", "bottlenecks_without", "bottlenecks_with",
    "solved_ids", "created_ids", "hours_avoided", "take_off_mwh_avoided", "feed_in_mwh_avoided",
    "unserved_mwh_avoided", "curtailed_mwh_avoided", "worst_loading_without_pct", "worst_loading_with_pct",
]  # fmt: skip
PUT_IN, BESIDE, LEAVE_OUT = "put_in", "beside", "leave_out"
PACKAGE = "package:"
"""Before the name of a package: what its parts do together."""
TAKE_OFF, FEED_IN = "take-off", "feed-in"
STATION = "station_transformer"
KEY = ["asset_id", "direction"]
Measured = TypeVar("Measured")


@dataclass(frozen=True)
class Found:
    """What is above the limits without and with projects.

    Attributes
    ----------
    put_in : dict of str to DataFrame
        Today's grid: alone (key empty) and with each project.
    pairs : dict of str to (str, DataFrame, DataFrame)
        Per project, and per package with ``PACKAGE`` before its name: the grid on which it counts, without and with
        it. Decided work counts on today's grid, other work beside what is decided.
    """

    put_in: dict[str, pd.DataFrame]
    pairs: dict[str, tuple[str, pd.DataFrame, pd.DataFrame]]


def project_effects(
    world: World, changes: Sequence[Change], year: int, packages: Mapping[str, Sequence[str]] | None = None
) -> tuple[pd.DataFrame, Found]:
    """Measure each project in up to three ways.

    ``put_in``: today's grid with and without the project alone. ``beside``, of work without a decision: the
    nulalternatief with and without it, because that is where its need is. ``leave_out``: the whole programme
    (nulalternatief, all measured projects) with and without it. A project that needs another one does little
    when it is put in alone and much when it is left out.

    Parameters
    ----------
    world : World
        A storyline.
    changes : sequence of Change
        Projects.
    year : int
        Year of demand and supply.
    packages : mapping of str to sequence of str, optional
        Package to the ids of its parts: put in together as well.

    Returns
    -------
    DataFrame
        Columns ``EFFECT_COLUMNS``. Everything ``avoided`` is without less with: positive is better. Energy
        and hours above the limits are summed over assets; ``unserved`` and ``curtailed`` are the least energy
        that cannot be supplied or fed in (:func:`least`).
    Found
        The measurements behind it.
    """
    today = world.case(FROZEN, year)
    bare = today.above()
    put_in = {"": bare} | each(changes, lambda c: _put_in(today, bare, [c]))
    decided = world.case(PLANNED, year)
    known = decided.above()
    beside = each([c for c in changes if not c.admitted], lambda c: _put_in(decided, known, [c]))
    left = [c for c in changes if not c.admitted]
    programme = world.case(PLANNED, year, additions(left))
    room = extra_room(changes)
    whole = programme.above(room)
    left_out = each(changes, lambda c: _left_out(world, programme, whole, c, changes))
    threshold = world.settings.loading_threshold_pct
    rows = []
    pairs: dict[str, tuple[str, pd.DataFrame, pd.DataFrame]] = {}
    for change in changes:
        name = change.project_id
        about = {"project_id": name, "storyline": world.storyline, "year": year, "method": change.method}
        if name in put_in:
            rows.append({**about, "mode": PUT_IN, **compared(bare, put_in[name], threshold)})
        if name in beside:
            rows.append({**about, "mode": BESIDE, **compared(known, beside[name], threshold)})
        if name in left_out:
            rows.append({**about, "mode": LEAVE_OUT, **compared(left_out[name], whole, threshold)})
        if change.admitted and name in put_in:
            pairs[name] = (FROZEN, bare, put_in[name])
        elif name in beside:
            pairs[name] = (PLANNED, known, beside[name])
    for name, ids in (packages or {}).items():
        joint = [c for c in changes if c.project_id in ids]
        on = (today, bare) if joint and joint[0].admitted else (decided, known)
        both = each(joint[:1], partial(_together, grid=on[0], known=on[1], parts=joint))
        for with_it in both.values():
            pairs[f"{PACKAGE}{name}"] = (on[0].grid.state, on[1], with_it)
    return pd.DataFrame(rows, columns=EFFECT_COLUMNS), Found(put_in, pairs)


def each(changes: Sequence[Change], measure: Callable[[Change], Measured]) -> dict[str, Measured]:
    """Measure each change; a grid that cannot stand alone (a station without a connection) is left out."""
    out = {}
    for change in changes:
        try:
            out[change.project_id] = measure(change)
        except PmiekError:
            continue
    return out


def _put_in(grid: Case, known: pd.DataFrame, parts: Sequence[Change]) -> pd.DataFrame:
    """Measure a grid with projects in service; known is what was measured without."""
    room = extra_room(parts)
    if any(change.changes_flows for change in parts):
        state = grid.grid.state
        return grid.world.case(state, grid.year, additions(parts)).above(room)
    return with_room(grid, known, room)


def _together(_: Change, grid: Case, known: pd.DataFrame, parts: Sequence[Change]) -> pd.DataFrame:
    return _put_in(grid, known, parts)


def _left_out(
    world: World, programme: Case, whole: pd.DataFrame, change: Change, every: Sequence[Change]
) -> pd.DataFrame:
    rest = [c for c in every if c is not change]
    if not change.changes_flows:
        return with_room(programme, whole, extra_room(rest), only=extra_room([change]))
    put = [c for c in rest if not c.admitted]
    grid = additions(put, without=[change] if change.admitted else [])
    return world.case(PLANNED, programme.year, grid).above(extra_room(rest))


def with_room(
    case: Case,
    known: pd.DataFrame,
    room: Mapping[str, Mapping[str, float]],
    only: Mapping[str, Mapping[str, float]] | None = None,
) -> pd.DataFrame:
    """Measure a grid again where only the room at some assets differs: the other assets keep what is known.

    Parameters
    ----------
    case : Case
        The grid; its flows do not change.
    known : DataFrame
        What was measured on it, with other room.
    room : mapping
        MW on top of the limits, per direction and asset.
    only : mapping, optional
        Assets to measure again; those of ``room`` when left out.
    """
    again = only if only is not None else room
    assets = sorted({asset for gains in again.values() for asset in gains})
    new = case.above(room, assets)
    old = known[~known["asset_id"].isin(assets)]
    return pd.concat([old, new], ignore_index=True)


def compared(without: pd.DataFrame, with_it: pd.DataFrame, threshold_pct: float) -> dict[str, Any]:
    """Compare two measurements of the same year; positive is what the project takes away."""
    before, after = found(without, threshold_pct), found(with_it, threshold_pct)
    told: dict[str, Any] = {
        "bottlenecks_without": len(before),
        "bottlenecks_with": len(after),
        "solved_ids": ";".join(sorted(before - after)),
        "created_ids": ";".join(sorted(after - before)),
        "hours_avoided": float(without["hours"].sum() - with_it["hours"].sum()),
        "worst_loading_without_pct": float(without["loading_pct"].max()),
        "worst_loading_with_pct": float(with_it["loading_pct"].max()),
    }
    names = {TAKE_OFF: ("take_off", "unserved"), FEED_IN: ("feed_in", "curtailed")}
    for way, (every, lower) in names.items():
        one, other = (frame[frame["direction"] == way] for frame in (without, with_it))
        told[f"{every}_mwh_avoided"] = float(one["energy_mwh"].sum() - other["energy_mwh"].sum())
        told[f"{lower}_mwh_avoided"] = least(one, "energy_mwh") - least(other, "energy_mwh")
    return told


def found(frame: pd.DataFrame, threshold_pct: float) -> set[str]:
    """Bottleneck ids in a measurement."""
    over = frame[frame["loading_pct"] > threshold_pct]
    return {slug(a, CARRIER, d) for a, d in zip(over["asset_id"], over["direction"], strict=True)}


def least(frame: pd.DataFrame, column: str) -> float:
    """Give what must be given up at least, in one direction.

    Stations have customers of their own, so theirs may be added; what a circuit or coupling is short of may
    be the same energy again, so of those only the largest counts. The larger of both is a lower bound.
    """
    at_station = frame["asset_class"] == STATION
    own = float(frame.loc[at_station, column].sum())
    above = frame.loc[~at_station, column]
    return max(own, float(above.max()) if len(above) else 0.0)
