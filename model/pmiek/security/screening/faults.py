"""The worst fault per hour for one monitored element, in blocks of hours that stay in the fast memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening.outages import Fault

BLOCK_HOURS: Final = 1095
NEGLIGIBLE: Final = 1e-5
ALMOST: Final = 1.0 - 1e-9
SIGN_BIT: Final = np.int64(np.iinfo(np.int64).min)

Series = tuple["Floats", "Floats", "Ints"]


@dataclass(frozen=True, eq=False)
class FaultSet:
    """Faults that change the flow of one element, those that fail a single branch first.

    Attributes
    ----------
    number : ndarray
        Position of each fault in the flow model's list.
    rating_mva : ndarray
        What the element may carry under each fault (faults × summer, winter).
    branch, shift : ndarray
        For the first faults: the branch that fails, and the flow added per MW that it carried.
    rest : ndarray
        For the other faults: flow per MW of net load at each station (faults × stations).
    """

    number: Ints
    rating_mva: Floats
    branch: Ints
    shift: Floats
    rest: Floats

    def __len__(self) -> int:
        """Give the number of faults."""
        return len(self.number)

    def only(self, chosen: Ints) -> FaultSet:
        """Keep some of the faults, in order."""
        simple = chosen[chosen < len(self.branch)]
        rest = chosen[len(simple) :] - len(self.branch)
        return FaultSet(
            self.number[chosen],
            self.rating_mva[chosen],
            self.branch[simple],
            self.shift[simple],
            self.rest[rest],
        )

    def reaching(self, ratio: float, base_mw: float, block: Block) -> Ints:
        """Give the faults that might bring the element to a fraction of its rating within a block of hours.

        Parameters
        ----------
        ratio : float
            Power over rating that is to be reached.
        base_mw : float
            Highest flow (magnitude) with nothing out within the block.
        block : Block
            The hours.

        Returns
        -------
        ndarray
            Positions of the faults whose bound ``base + |shift| x highest flow of the failed branch`` reaches
            it; faults without such a bound are always among them.
        """
        simple = len(self.branch)
        bound = base_mw + np.abs(self.shift) * block.highest_flow[self.branch]
        high = np.flatnonzero(bound >= ratio * self.rating_mva[:simple, block.season])
        return np.concatenate([high, np.arange(simple, len(self))])

    def after(self, base_mw: Floats, flow_mw: Floats, net_mw: Floats, out: Floats) -> Floats:
        """Flow of the element under each fault (faults × hours), MW.

        Parameters
        ----------
        base_mw : ndarray
            Its flow with nothing out.
        flow_mw, net_mw : ndarray
            All branch flows and the stations' net load.
        out : ndarray
            Room for the result: at least as many rows as faults and columns as hours.
        """
        simple = len(self.branch)
        result = out[: len(self), : len(base_mw)]
        if simple:
            first = result[:simple]
            np.take(flow_mw, self.branch, axis=0, out=first, mode="clip")
            first *= self.shift[:, None]
            first += base_mw
        if len(self.rest):
            result[simple:] = self.rest @ net_mw
        return result


def fault_set(
    faults: Sequence[Fault], members: Ints, ptdf: Floats, ratings: Floats, weight: Floats
) -> FaultSet:
    """Collect the faults that matter for parallel branches.

    Parameters
    ----------
    faults : sequence of Fault
        Of the flow model.
    members : ndarray
        Branches that are judged together.
    ptdf : ndarray
        Flow per MW of net load (branches × stations).
    ratings : ndarray
        Rating per member (members × summer, winter), MVA.
    weight : ndarray
        Relative admittance per member.
    """
    simple: list[tuple[int, Floats, int, float]] = []
    others: list[tuple[int, Floats, Floats]] = []
    intact, own = ptdf[members].sum(axis=0), members.tolist()
    for number, fault in enumerate(faults):
        alive = np.array([member not in fault.branches for member in own])
        shift = None if fault.shift is None else fault.shift[members].sum(axis=0)
        untouched = alive.all() and shift is not None and np.abs(shift).max() < NEGLIGIBLE
        if untouched or not alive.any():
            continue
        limit = usable(ratings, weight, alive)
        if shift is not None and len(shift) == 1:
            simple.append((number, limit, fault.branches[0], float(shift[0])))
        elif shift is not None:
            others.append((number, limit, intact + shift @ ptdf[list(fault.branches)]))
        else:
            assert fault.after is not None
            others.append((number, limit, np.asarray(fault.after[members].sum(axis=0))))
    return FaultSet(
        np.array([item[0] for item in (*simple, *others)], dtype=np.int64),
        np.array([item[1] for item in (*simple, *others)]).reshape(-1, 2),
        np.array([item[2] for item in simple], dtype=np.int64),
        np.array([item[3] for item in simple]),
        np.array([item[2] for item in others]).reshape(-1, ptdf.shape[1]),
    )


def usable(ratings: Floats, weight: Floats, alive: Bools) -> Floats:
    """Flow through parallel branches at which the first of them is full, per season, MVA."""
    part = weight[alive] / weight[alive].sum()
    result: Floats = (ratings[alive] / part[:, None]).min(axis=0)
    return result


def season_blocks(season: Ints) -> list[tuple[int, slice]]:
    """Give runs of hours within one season, in blocks.

    Returns
    -------
    list of (season, slice)
        0 is summer, 1 winter; together all hours in order.
    """
    edges = np.flatnonzero(np.diff(season)) + 1
    cuts = sorted({0, len(season), *edges.tolist(), *range(0, len(season), BLOCK_HOURS)})
    return [(int(season[a]), slice(a, b)) for a, b in pairwise(cuts)]


@dataclass(frozen=True, eq=False)
class Block:
    """Power of one test in a run of hours, as the high-voltage grid sees it, MW.

    Attributes
    ----------
    season : int
        0 is summer, 1 winter.
    at : slice
        The hours.
    net, flow : ndarray
        Net load (stations × hours) and flow (branches × hours).
    size, size_flow : ndarray
        The same for the magnitudes, which give the direction of circuits.
    """

    season: int
    at: slice
    net: Floats
    flow: Floats
    size: Floats
    size_flow: Floats

    @cached_property
    def highest_flow(self) -> Floats:
        """Highest magnitude of the flow per branch, MW."""
        highest: Floats = np.abs(self.flow).max(axis=1)
        return highest


class Room:
    """Two working arrays that are used again for every block: new ones would cost more than the sums."""

    def __init__(self) -> None:
        self._flat: dict[str, Floats] = {}

    def get(self, name: str, rows: int, columns: int) -> Floats:
        """Give an array of this shape; its content is not defined."""
        size = rows * columns
        if name not in self._flat or len(self._flat[name]) < size:
            self._flat[name] = np.empty(size)
        return self._flat[name][:size].reshape(rows, columns)


def worst(
    faults: FaultSet,
    members: Ints,
    orientation: int,
    start: Series,
    blocks: Sequence[Block],
    *,
    sign: float,
    room: Room,
    limit_factor: Floats | None = None,
) -> Series:
    """Highest power over rating per hour, over all faults and the start.

    Parameters
    ----------
    faults : FaultSet
        Faults to try.
    members, orientation
        The element; an orientation of 0 takes the direction from the magnitudes under the same fault.
    start : (power, rating, outage)
        Per hour, to be beaten; power counts as positive in the wanted direction.
    blocks : sequence of Block
        Flows of the test.
    sign : float
        1 for take-off, -1 for feed-in.
    room : Room
        Working arrays.
    limit_factor : ndarray, optional
        Limit per MVA of rating (summer, winter). When given, only the peak and the hours above the limit
        need to be right: faults that can reach neither in a block of hours are left out, which changes
        no peak, no exceedance and no hour above the limit.

    Returns
    -------
    power, rating, outage : ndarray
        MW in the wanted direction, MVA, and the position in ``faults.number`` plus one (0: the start).
    """
    value, rating, out = start[0].copy(), start[1].copy(), start[2].copy()
    if not len(faults):
        return value, rating, out
    if limit_factor is None:
        for block in blocks:
            _keep_worse((value, rating, out), faults, members, orientation, block, sign=sign, room=room)
        return value, rating, out
    highest = max(float((value[b.at] / rating[b.at]).max()) / float(limit_factor[b.season]) for b in blocks)
    for block in blocks:
        reach = min(1.0, highest) * float(limit_factor[block.season]) * ALMOST
        kept = faults.reaching(reach, float(np.abs(block.flow[members].sum(axis=0)).max()), block)
        if not len(kept):
            continue
        part = faults.only(kept)
        top = _keep_worse(
            (value, rating, out),
            part,
            members,
            orientation,
            block,
            sign=sign,
            room=room,
            reach=reach,
            kept=kept,
        )
        highest = max(highest, top / float(limit_factor[block.season]))
    return value, rating, out


def _keep_worse(
    series: Series,
    faults: FaultSet,
    members: Ints,
    orientation: int,
    block: Block,
    *,
    sign: float,
    room: Room,
    reach: float = 0.0,
    kept: Ints | None = None,
) -> float:
    """Put the worst fault of each hour of a block into the series where it beats what is there.

    Hours that no fault brings to ``reach`` (power over rating) are left as they are. ``kept`` gives the
    positions of the faults in the whole set. Returns the highest power over rating in the block.
    """
    value, rating, out = series
    ratio = _ratios(faults, members, orientation, block, sign=sign, room=room)
    top = ratio.max(axis=0)
    higher = np.flatnonzero((top > value[block.at] / rating[block.at]) & (top >= reach))
    if len(higher):
        choice = ratio[:, higher].argmax(axis=0)
        where = higher + block.at.start
        rating[where] = faults.rating_mva[choice, block.season]
        value[where] = top[higher] * rating[where]
        out[where] = (choice if kept is None else kept[choice]) + 1
    return float(top.max())


def _ratios(
    faults: FaultSet, members: Ints, orientation: int, block: Block, *, sign: float, room: Room
) -> Floats:
    """Power over rating under each fault (faults × hours of the block), positive in the wanted direction."""
    base = block.flow[members].sum(axis=0)
    hours = len(base)
    ratio = faults.after(base, block.flow, block.net, room.get("flow", len(faults), hours))
    if not orientation:
        size = faults.after(
            block.size_flow[members].sum(axis=0),
            block.size_flow,
            block.size,
            room.get("size", len(faults), hours),
        )
        _turn(ratio, size)
    ratio *= (sign * (orientation or 1) / faults.rating_mva[:, block.season])[:, None]
    return ratio


def _turn(flow: Floats, size: Floats) -> None:
    """Give each flow the opposite sign where the magnitudes flow the other way, in place."""
    bits = size.view(np.int64)
    bits &= SIGN_BIT
    turned = flow.view(np.int64)
    turned ^= bits
