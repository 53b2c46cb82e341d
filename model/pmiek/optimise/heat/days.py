"""Days that stand for the year in the heat plan: typical days by clustering, plus the hardest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from pmiek.optimise.solve.days import ChosenDays

if TYPE_CHECKING:
    from pmiek.arrays import Floats, Ints
    from pmiek.optimise.heat.case import HeatCase

HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7


def choose_days(case: HeatCase, *, typical: int, extreme: int) -> ChosenDays:
    """Choose days per weather year by heat demand and by what electricity costs.

    Parameters
    ----------
    case : HeatCase
    typical : int
        Typical days per weather year (Ward linkage; the day nearest to the mean of each cluster).
    extreme : int
        Days with the highest demand per weather year; each stands for itself.

    Returns
    -------
    ChosenDays
        Weights add to 365 days; each weather year has its own days.
    """
    features = _features(case)
    days, per_year = [], case.days // len(case.weather_years)
    labels = np.zeros(case.days, dtype=np.int64)
    last = case.demand_mw[-1].sum(axis=0).reshape(case.days, HOURS_PER_DAY).max(axis=1)
    hardest = []
    for w in range(len(case.weather_years)):
        own = np.arange(w * per_year, (w + 1) * per_year)
        top = own[np.argsort(-last[own], kind="stable")[:extreme]]
        rest = np.setdiff1d(own, top)
        count = max(1, min(typical, len(rest)))
        kind = np.ones(len(rest), dtype=np.int64)
        if count > 1:
            kind = fcluster(linkage(features[rest], method="ward"), count, criterion="maxclust")
        kind = kind + int(labels.max()) + 1
        labels[rest] = kind
        medoids = [_medoid(features, rest[kind == k]) for k in np.unique(kind)]
        for day in top:
            labels[day] = labels[medoids[int(np.argmin(((features[medoids] - features[day]) ** 2).sum(1)))]]
        days += medoids
        hardest += [int(d) for d in top]
    return ChosenDays(
        day=np.array([*days, *hardest], dtype=np.int64),
        cluster=labels,
        extreme=np.array([False] * len(days) + [True] * len(hardest)),
        days_per_year=1 / len(case.weather_years),
    )


def _features(case: HeatCase) -> Floats:
    """Scale demand of all networks and the mean cost of electric heat: (day, 2 x 8 blocks of three hours)."""
    heat = case.demand_mw.sum(axis=(0, 1))
    electric = case.electricity.max(axis=1) > 0
    cost = case.marginal[:, electric].mean(axis=(0, 1)) if electric.any() else np.zeros_like(heat)
    parts = []
    for series, weight in ((heat, 1.0), (cost, 0.5)):
        spread = series.std()
        scaled = weight * series / spread if spread > 1e-12 else np.zeros_like(series)
        parts.append(scaled.reshape(case.days, -1, 3).mean(axis=2))
    return np.concatenate(parts, axis=1)


def _medoid(features: Floats, members: np.ndarray) -> int:
    centre = features[members].mean(0)
    return int(members[int(np.argmin(((features[members] - centre) ** 2).sum(1)))])


def weeks(stand: Ints, chosen: int, years: int, keep: Floats) -> tuple[Floats, Floats, Ints]:
    """Return how the content of a pit at the end of a week follows from that of the week before.

    Parameters
    ----------
    stand : array (day)
        The chosen day, by position, that stands for each day of all weather years.
    chosen, years : int
        Chosen days, weather years.
    keep : array (pit)
        What is left of the content after a day.

    Returns
    -------
    left : array (pit, week)
        What is left of the content of the week before.
    moved : array (pit, week, chosen day)
        What is left at the end of the week of one MWh that goes in on the chosen day.
    before : array (week)
        The week before; the first of a weather year follows the last.
    """
    length = len(stand) // years
    ends = [*range(DAYS_PER_WEEK, length - DAYS_PER_WEEK + 1, DAYS_PER_WEEK), length]
    count = len(ends)
    left, moved = np.ones((len(keep), count * years)), np.zeros((len(keep), count * years, chosen))
    for year in range(years):
        for w, (first, end) in enumerate(zip([0, *ends], ends, strict=False)):
            here = year * count + w
            left[:, here] = keep ** (end - first)
            for day in range(first, end):
                moved[:, here, stand[year * length + day]] += keep ** (end - 1 - day)
    before = np.roll(np.arange(count * years).reshape(years, -1), 1, axis=1).ravel()
    return left, moved, before


def stand_in(days: ChosenDays) -> Ints:
    """Return for every day of all weather years the chosen day (by position) that stands for it."""
    of_cluster = {int(days.cluster[d]): i for i, d in enumerate(days.day) if not days.extreme[i]}
    out = np.array([of_cluster[int(c)] for c in days.cluster])
    out[days.day] = np.arange(len(days.day))
    return out
