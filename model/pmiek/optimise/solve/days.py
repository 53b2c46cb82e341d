"""Days that stand for the year: typical days by clustering, plus the days with the highest exceedance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import nnls

from pmiek.optimise.solve.case import HOURS_PER_DAY, Array, Indices, PathwayCase

#: A cluster whose cost is wrong by less than this share of all cost is left as it is.
COST_NOISE = 1e-3
#: How much more a relative error in a yearly cost counts than the distance of the weights to the clusters.
STRICT = 1e4


@dataclass(frozen=True)
class ChosenDays:
    """Chosen days and what they stand for.

    Attributes
    ----------
    day : array (chosen)
        Index into the days of all weather years.
    cluster : array (all days)
        Cluster of every day.
    extreme : array (chosen) of bool
        True for days kept for their exceedance; they stand for themselves alone.
    days_per_year : float
        Days per year that one calendar day stands for (1 / number of weather years).
    calibrated : array (chosen) or None
        Days per year of each chosen day where they differ from the size of its cluster; see
        :func:`calibrate`.
    """

    day: Indices
    cluster: Indices
    extreme: np.ndarray
    days_per_year: float
    calibrated: Array | None = None

    def weight(self) -> Array:
        """Return days per year for each chosen day; they add to 365."""
        return self.counted() if self.calibrated is None else self.calibrated

    def counted(self) -> Array:
        """Return days per year by the size of the clusters; an extreme day stands for itself alone."""
        counted = np.ones(len(self.cluster), dtype=bool)
        counted[self.day[self.extreme]] = False
        size = np.bincount(self.cluster[counted], minlength=int(self.cluster.max()) + 1)
        weight = np.where(self.extreme, 1.0, size[self.cluster[self.day]])
        return np.asarray(weight * self.days_per_year)

    def groups(self, size: int) -> list[ChosenDays]:
        """Return the chosen days in groups of at most so many, each day with the weight that it has now."""
        parts = [slice(first, first + size) for first in range(0, len(self.day), size)]
        weight = self.weight()
        return [replace(self, day=self.day[p], extreme=self.extreme[p], calibrated=weight[p]) for p in parts]

    def hours(self) -> Indices:
        """Return hour indices (chosen day, 24)."""
        return np.asarray(self.day[:, None] * HOURS_PER_DAY + np.arange(HOURS_PER_DAY)[None, :])

    def with_days(self, extra: Indices) -> ChosenDays:
        """Return the choice with more extreme days; days already in it are left out.

        A typical day that is asked for as extreme stays typical: its hours are in the problem already.
        """
        new = np.array(
            [d for d in dict.fromkeys(int(x) for x in extra) if d not in set(self.day)], dtype=np.int64
        )
        return ChosenDays(
            day=np.concatenate([self.day, new]),
            cluster=self.cluster,
            extreme=np.concatenate([self.extreme, np.ones(len(new), dtype=bool)]),
            days_per_year=self.days_per_year,
        )


def calibrate(days: ChosenDays, day_cost: Array) -> ChosenDays:
    """Choose weights under which the chosen days cost what all days cost, as near the clusters as can be.

    The weights w of the typical days minimise the sum of (w - v)^2 / v, with v each cluster's size, under
    w >= 0, with the yearly cost of every period and 365 days met. A day's cost grows faster than its load, so
    a day that stands well for the load of its cluster need not do so for the cost. Extreme days stand for
    themselves alone and keep their weight: a higher one would build for a peak that is that rare.

    Parameters
    ----------
    days : ChosenDays
    day_cost : array (period, all days)
        Cost of operation on each day with the plan of the last check, kEUR.

    Returns
    -------
    ChosenDays
        The same days with other weights, which add to 365; what non-negative weights cannot meet is met as
        nearly as they can, in least squares.
    """
    weight, typical = days.counted(), ~days.extreme
    size, total = weight[typical], float(weight[typical].sum())
    at = days.day[typical]
    wanted = day_cost.sum(1) * days.days_per_year - day_cost[:, days.day[days.extreme]] @ weight[days.extreme]
    paid = wanted > 1e-9 * max(float(day_cost.sum()), 1e-9)
    rows = [np.diag(1 / np.sqrt(size)), STRICT * day_cost[paid][:, at] / wanted[paid, None]]
    rows.append(np.full((1, len(size)), STRICT / total))
    sides = np.concatenate([np.sqrt(size), np.full(int(paid.sum()) + 1, STRICT)])
    found, _ = nnls(np.concatenate(rows), sides)
    weight[typical] = found * (total / found.sum())
    return replace(days, calibrated=weight)


def split_by_cost(days: ChosenDays, day_cost: Array, count: int) -> ChosenDays:
    """Split clusters whose typical day misses most of their cost, until so many days have come in.

    A typical day near the mean net load need not be near the mean cost, which grows faster than the load once
    a limit is passed. The members of the cluster with the largest error are put in order of cost and parted
    where the two parts are most alike within; each is then represented by the day nearest to its mean cost.

    Parameters
    ----------
    days : ChosenDays
    day_cost : array (all days)
        Cost of each day with the plan of the last round.
    count : int
        Most days to add.

    Returns
    -------
    ChosenDays
        Weights still add to 365 days; the same object when nothing is gained.
    """
    label = days.cluster.copy()
    extreme = days.day[days.extreme]
    standing = {int(label[d]): int(d) for d in days.day[~days.extreme]}
    alone = np.zeros(len(label), dtype=bool)
    alone[extreme] = True
    for _ in range(count):
        members = {k: np.flatnonzero((label == k) & ~alone) for k in standing}
        error = {k: abs(day_cost[m].sum() - len(m) * day_cost[standing[k]]) for k, m in members.items()}
        worst = max(error, key=lambda k: error[k])
        group = members[worst][np.argsort(day_cost[members[worst]], kind="stable")]
        if error[worst] <= COST_NOISE * max(float(day_cost.sum()), 1e-9) or len(group) < 2:
            break
        part = _break(day_cost[group])
        fresh = int(label.max()) + 1
        label[group[part:]] = fresh
        standing[worst] = _nearest(group[:part], day_cost)
        standing[fresh] = _nearest(group[part:], day_cost)
    if len(standing) == len(days.day) - len(extreme):
        return days
    return ChosenDays(
        day=np.array([*standing.values(), *extreme], dtype=np.int64),
        cluster=label,
        extreme=np.array([False] * len(standing) + [True] * len(extreme)),
        days_per_year=days.days_per_year,
    )


def _break(ordered: Array) -> int:
    """Return where to part ordered values so that the squared distance to the two means is least."""
    count = np.arange(1, len(ordered))
    total, squares = np.cumsum(ordered), np.cumsum(ordered**2)
    low = squares[:-1] - total[:-1] ** 2 / count
    rest = total[-1] - total[:-1]
    high = squares[-1] - squares[:-1] - rest**2 / (len(ordered) - count)
    return int(np.argmin(low + high)) + 1


def _nearest(members: Indices, day_cost: Array) -> int:
    return int(members[int(np.argmin(np.abs(day_cost[members] - day_cost[members].mean())))])


def choose_days(case: PathwayCase, *, typical: int, extreme: int) -> ChosenDays:
    """Choose typical and extreme days from the design weather years.

    Parameters
    ----------
    case : PathwayCase
    typical : int
        Number of typical days: the day nearest to the mean of each cluster of days (Ward linkage on the
        hourly net load of every station, each scaled by its own spread).
    extreme : int
        Number of extreme days: days that together cover the highest exceedance per station and direction.

    Returns
    -------
    ChosenDays
        Weights add to 365 days, so hours to 8,760 per period.
    """
    features = _features(case)
    chosen_extreme = extreme_days(day_exceedance(case), extreme)
    rest = np.setdiff1d(np.arange(case.days), chosen_extreme)
    count = max(1, min(typical, len(rest)))
    labels = np.zeros(case.days, dtype=np.int64)
    if count > 1:
        labels[rest] = fcluster(linkage(features[rest], method="ward"), count, criterion="maxclust") - 1
    medoids = [_medoid(features, rest[labels[rest] == k]) for k in np.unique(labels[rest])]
    for day in chosen_extreme:
        labels[day] = labels[medoids[int(np.argmin(((features[medoids] - features[day]) ** 2).sum(1)))]]
    return ChosenDays(
        day=np.array([*medoids, *chosen_extreme], dtype=np.int64),
        cluster=labels,
        extreme=np.array([False] * len(medoids) + [True] * len(chosen_extreme)),
        days_per_year=case.day_share,
    )


def day_exceedance(case: PathwayCase) -> Array:
    """Return the highest exceedance (day, key) in MW; a key is a period, station and test."""
    net = case.net_mw
    fixed = case.fixed_feed_mw - case.load_mw
    over = [net - case.limit_mw(0), -net - case.limit_mw(1), fixed - case.limit_mw(2)]
    daily = [x.reshape(*x.shape[:2], case.days, HOURS_PER_DAY).max(3) for x in over]
    return np.asarray(np.maximum(0.0, np.stack(daily)).reshape(-1, case.days).T)


def extreme_days(exceedance: Array, count: int) -> Indices:
    """Choose days that cover the highest exceedance of as many keys as possible, greedily.

    Parameters
    ----------
    exceedance : array (day, key)
        MW above the limit; keys without exceedance do not count.
    count : int
        Most days to choose.

    Returns
    -------
    array
        Day indices, ascending; fewer than `count` when all keys are covered.
    """
    peak = exceedance.max(0) if exceedance.size else np.zeros(0)
    share = exceedance[:, peak > 0] / peak[peak > 0]
    covered = np.zeros(share.shape[1])
    chosen: list[int] = []
    while len(chosen) < count and share.shape[1]:
        gain = np.maximum(share - covered, 0.0).sum(1)
        best = int(np.argmax(gain))
        if gain[best] <= 1e-9:
            break
        chosen.append(best)
        covered = np.maximum(covered, share[best])
    return np.array(sorted(chosen), dtype=np.int64)


def _features(case: PathwayCase) -> Array:
    """Scale net load to (day, period x station x hour); constant stations drop out."""
    net = case.net_mw.reshape(len(case.years), -1, case.days, HOURS_PER_DAY)
    spread = net.std(axis=(2, 3), keepdims=True)
    scaled = np.where(spread > 1e-9, net / np.where(spread > 1e-9, spread, 1.0), 0.0)
    middle = scaled[[0, -1]] if len(case.years) > 1 else scaled
    grouped = middle.reshape(*middle.shape[:3], HOURS_PER_DAY // 3, 3).mean(4)
    return np.asarray(grouped.transpose(2, 0, 1, 3).reshape(case.days, -1))


def _medoid(features: Array, members: Indices) -> int:
    centre = features[members].mean(0)
    return int(members[int(np.argmin(((features[members] - centre) ** 2).sum(1)))])
