"""The worst fault per hour for one monitored element, in blocks of hours that stay in the fast memory."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.arrays import Bools, Floats, Ints
    from model.screening.outages import Fault

BLOCK_HOURS: Final = 1095
NEGLIGIBLE: Final = 1e-5

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
        """Number of faults."""
        return len(self.number)

    def after(self, base_mw: Floats, flow_mw: Floats, net_mw: Floats, at: slice) -> Floats:
        """Flow of the element under each fault (faults × hours of the slice), MW.

        Parameters
        ----------
        base_mw : ndarray
            Its flow with nothing out.
        flow_mw, net_mw : ndarray
            All branch flows and the stations' net load.
        at : slice
            Hours.
        """
        simple = len(self.branch)
        result = np.empty((len(self.number), at.stop - at.start))
        np.multiply(flow_mw[self.branch, at], self.shift[:, None], out=result[:simple])
        result[:simple] += base_mw[at]
        if len(self.rest):
            result[simple:] = self.rest @ net_mw[:, at]
        return result

    def bound(self, base_mw: Floats, peak_flow_mw: Floats, peak_net_mw: Floats) -> Floats:
        """Upper bound of the loading under each fault in any hour (fraction of the lowest rating).

        Parameters
        ----------
        base_mw : ndarray
            Its flow with nothing out.
        peak_flow_mw, peak_net_mw : ndarray
            Highest magnitude of each branch flow and each station's net load.
        """
        simple = float(np.abs(base_mw).max(initial=0.0)) + np.abs(self.shift) * peak_flow_mw[self.branch]
        top = np.concatenate([simple, np.abs(self.rest) @ peak_net_mw])
        return np.asarray(top / self.rating_mva.min(axis=1, initial=np.inf))

    def only(self, wanted: Bools) -> FaultSet:
        """Keep some of the faults."""
        simple = len(self.branch)
        first, last = wanted[:simple], wanted[simple:]
        return FaultSet(
            self.number[wanted],
            self.rating_mva[wanted],
            self.branch[first],
            self.shift[first],
            self.rest[last],
        )


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
    intact = ptdf[members].sum(axis=0)
    for number, fault in enumerate(faults):
        alive = ~np.isin(members, fault.branches)
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
    """Runs of hours within one season, in blocks.

    Returns
    -------
    list of (season, slice)
        0 is summer, 1 winter; together all hours in order.
    """
    edges = np.flatnonzero(np.diff(season)) + 1
    cuts = sorted({0, len(season), *edges.tolist(), *range(0, len(season), BLOCK_HOURS)})
    return [(int(season[a]), slice(a, b)) for a, b in pairwise(cuts)]


@dataclass(frozen=True, eq=False)
class Power:
    """Power of one test, as the high-voltage grid sees it.

    Attributes
    ----------
    net_mw, flow_mw : ndarray
        Net load (stations × hours) and flow (branches × hours), MW.
    size_mw, size_flow_mw : ndarray
        The same for the magnitudes, which give the direction of circuits.
    blocks : list of (season, slice)
        From :func:`season_blocks`.
    """

    net_mw: Floats
    flow_mw: Floats
    size_mw: Floats
    size_flow_mw: Floats
    blocks: list[tuple[int, slice]]


def worst(
    faults: FaultSet, members: Ints, orientation: int, start: Series, power: Power, *, sign: float
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
    power : Power
        Flows of the test.
    sign : float
        1 for take-off, -1 for feed-in.

    Returns
    -------
    power, rating, outage : ndarray
        MW in the wanted direction, MVA, and the position in ``faults.number`` plus one (0: the start).
    """
    value, rating, out = (array.copy() for array in start)
    if not len(faults):
        return value, rating, out
    base = power.flow_mw[members].sum(axis=0)
    size_base = power.size_flow_mw[members].sum(axis=0)
    for season, at in power.blocks:
        limits = faults.rating_mva[:, season]
        ratio = faults.after(base, power.flow_mw, power.net_mw, at)
        ratio *= (sign * (orientation or 1) / limits)[:, None]
        if not orientation:
            size = faults.after(size_base, power.size_flow_mw, power.size_mw, at)
            np.negative(ratio, out=ratio, where=size < 0)
        top = ratio.max(axis=0)
        hours = np.flatnonzero(top > value[at] / rating[at])
        if len(hours):
            choice = ratio[:, hours].argmax(axis=0)
            where = hours + at.start
            rating[where] = limits[choice]
            value[where] = top[hours] * limits[choice]
            out[where] = choice + 1
    return value, rating, out
