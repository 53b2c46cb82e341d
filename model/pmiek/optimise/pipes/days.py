"""Days that stand for all hours in a plan of a pipe network."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from pmiek.arrays import Floats
from pmiek.optimise.pipes.case import PipeCase, place
from pmiek.optimise.solve.days import ChosenDays

BLOCKS = 4


def choose(case: PipeCase) -> ChosenDays:
    """Choose typical days by clustering, and days with the most surplus and the most demand.

    Parameters
    ----------
    case : PipeCase

    Returns
    -------
    ChosenDays
        Weights add to 365 days.
    """
    net = _net(case)
    extreme = _extreme(net, case.extreme_days)
    features = _features(net)
    rest = np.setdiff1d(np.arange(case.days), extreme)
    count = max(1, min(case.typical_days, len(rest)))
    labels = np.zeros(case.days, dtype=np.int64)
    if count > 1:
        labels[rest] = fcluster(linkage(features[rest], method="ward"), count, criterion="maxclust") - 1
    medoids = [_medoid(features, rest[labels[rest] == k]) for k in np.unique(labels[rest])]
    for day in extreme:
        labels[day] = labels[medoids[int(np.argmin(((features[medoids] - features[day]) ** 2).sum(1)))]]
    return ChosenDays(
        day=np.array([*medoids, *extreme], dtype=np.int64),
        cluster=labels,
        extreme=np.array([False] * len(medoids) + [True] * len(extreme)),
        days_per_year=1.0 / len(case.weather_years),
    )


def _net(case: PipeCase) -> Floats:
    """Demand less what is produced anyway: (period, node, day, hour)."""
    must = case.sources["must_run"].to_numpy(bool)
    at = place(case.sources[must], case.nodes)
    net = case.demand_mw - np.einsum("ns,psh->pnh", at, case.available_mw[:, must])
    return np.asarray(net.reshape(len(case.years), len(case.nodes), case.days, 24))


def _extreme(net: Floats, count: int) -> np.ndarray:
    """Days of the most surplus and of the most demand, the last period first."""
    daily = net.sum(axis=(1, 3))
    found: list[int] = []
    for period in reversed(range(net.shape[0])):
        found += [int(daily[period].argmin()), int(daily[period].argmax())]
    return np.array(sorted(list(dict.fromkeys(found))[:count]), dtype=np.int64)


def _features(net: Floats) -> Floats:
    ends = net[[0, -1]] if net.shape[0] > 1 else net
    blocks = ends.reshape(*ends.shape[:3], BLOCKS, 24 // BLOCKS).mean(4)
    flat = blocks.transpose(2, 0, 1, 3).reshape(net.shape[2], -1)
    spread = flat.std(0)
    return np.asarray(flat[:, spread > 1e-9] / spread[spread > 1e-9]) if (spread > 1e-9).any() else flat


def _medoid(features: Floats, members: np.ndarray) -> int:
    centre = features[members].mean(0)
    return int(members[int(np.argmin(((features[members] - centre) ** 2).sum(1)))])
