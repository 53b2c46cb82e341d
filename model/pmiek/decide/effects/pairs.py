"""Projects that interact: what two do together that they do not do apart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.decide.effects.changes import Change, additions, extra_room
from pmiek.decide.effects.measure import compared, each
from pmiek.decide.effects.world import FROZEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.decide.effects.world import World

PAIR_COLUMNS = [
    "project_id", "other_id", "storyline", "year", "ground", "energy_mwh_avoided", "other_mwh_avoided",
    "together_mwh_avoided", "interaction_mwh", "verdict",
]  # fmt: skip
SHARED, NEEDS = "same assets", "dependency"
APART_SHARE = 0.05


def chosen_pairs(
    changes: Sequence[Change], put_in: Mapping[str, pd.DataFrame], dependencies: pd.DataFrame, most: int
) -> list[tuple[Change, Change, str]]:
    """Choose the pairs that may interact: one needs the other, or both move the same assets.

    Parameters
    ----------
    changes : sequence of Change
        Projects that can be measured.
    put_in : mapping
        Measurements of :func:`pmiek.decide.effects.measure.project_effects`.
    dependencies : DataFrame
        ``project_dependencies``; of these ``needs_station`` and ``needs_connection`` go first.
    most : int
        How many pairs at most; after the dependencies those with most energy moved at the same assets. Pairs
        that both leave the flows alone are left out: the two are simply added up.
    """
    needs = dependencies[dependencies["kind"].isin(["needs_station", "needs_connection"])]
    depends = {frozenset(pair) for pair in zip(needs["project_id"], needs["depends_on"], strict=True)}
    moved = {c.project_id: _moved(put_in, c.project_id) for c in changes}
    found: list[tuple[int, float, Change, Change, str]] = []
    for i, one in enumerate(changes):
        for other in changes[i + 1 :]:
            if not (one.changes_flows or other.changes_flows):
                continue
            both = pd.concat([moved[one.project_id], moved[other.project_id]], axis=1, join="inner")
            shared = float(both.min(axis=1).sum())
            if frozenset((one.project_id, other.project_id)) in depends:
                found.append((0, -shared, one, other, NEEDS))
            elif shared > 1.0:
                found.append((1, -shared, one, other, SHARED))
    found.sort(key=lambda row: row[:2])
    return [(one, other, ground) for _, _, one, other, ground in found[:most]]


def _moved(put_in: Mapping[str, pd.DataFrame], project_id: str) -> pd.Series:
    """MWh a year above limits that a project moves, per asset and direction."""
    keys = ["asset_id", "direction"]
    if project_id not in put_in:
        return pd.Series(dtype=float, name=project_id)
    both = [put_in[name].set_index(keys)["energy_mwh"] for name in ("", project_id)]
    change = (both[0] - both[1].reindex(both[0].index).fillna(0.0)).abs()
    return change[change > 0].rename(project_id)


def project_pairs(
    world: World,
    pairs: Sequence[tuple[Change, Change, str]],
    year: int,
    put_in: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Put pairs in today's grid and compare with each of the two alone.

    Parameters
    ----------
    world : World
        A storyline.
    pairs : sequence
        From :func:`chosen_pairs`.
    year : int
        Year of demand and supply.
    put_in : mapping
        Measurements of :func:`pmiek.decide.effects.measure.project_effects`.

    Returns
    -------
    DataFrame
        Columns ``PAIR_COLUMNS``. ``interaction_mwh`` is together less the sum of both. verdict:
        ``strengthen`` (together more), ``overlap`` (together less) or ``apart`` (within ``APART_SHARE`` of
        the larger of both).
    """
    threshold = world.settings.loading_threshold_pct
    bare = put_in[""]
    rows, about = [], (world.storyline, year)
    for one, other, ground in pairs:
        both = each([one], partial(_together, world, other, year)).get(one.project_id)
        if both is None:
            continue
        apart = [
            _energy(bare, put_in[c.project_id], threshold) if c.project_id in put_in else 0.0
            for c in (one, other)
        ]
        together = _energy(bare, both, threshold)
        extra = together - sum(apart)
        small = abs(extra) <= APART_SHARE * max(abs(together), abs(apart[0]), abs(apart[1]), 1.0)
        verdict = "apart" if small else "strengthen" if extra > 0 else "overlap"
        rows.append(
            (
                one.project_id,
                other.project_id,
                *about,
                ground,
                *apart,
                together,
                extra,
                verdict,
            )
        )
    return pd.DataFrame(rows, columns=PAIR_COLUMNS)


def _together(world: World, other: Change, year: int, one: Change) -> pd.DataFrame:
    grid = additions([one, other])
    return world.case(FROZEN, year, grid).above(extra_room([one, other]))


def _energy(bare: pd.DataFrame, with_it: pd.DataFrame, threshold: float) -> float:
    told = compared(bare, with_it, threshold)
    return float(told["take_off_mwh_avoided"] + told["feed_in_mwh_avoided"])
