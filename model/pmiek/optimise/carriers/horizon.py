"""What a pathway year weighs: the years that it stands for, each discounted to the base year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pmiek.arrays import Floats


def years_of_periods(years: Sequence[int], tail_years: int) -> tuple[int, ...]:
    """Return how many years each pathway year stands for: to the next one, and for the last a stated tail.

    Parameters
    ----------
    years : sequence of int
        Pathway years, ascending.
    tail_years : int
        Years that the last pathway year stands for.

    Raises
    ------
    ValueError
        If the years do not ascend, or if the tail is shorter than a year: the horizon would have a hole.

    Examples
    --------
    >>> years_of_periods((2035, 2050), 5)
    (15, 5)
    """
    spans = (*(after - before for before, after in pairwise(years)), tail_years)
    if min(spans) < 1:
        message = f"pathway years {tuple(years)} with a tail of {tail_years} years do not cover a horizon"
        raise ValueError(message)
    return spans[-len(years) :] if years else ()


def period_weights(
    years: Sequence[int], tail_years: int, discount_rate_per_year: float, base_year: int
) -> Floats:
    """Return per pathway year the present value of one euro in each of the years that it stands for.

    Parameters
    ----------
    years, tail_years
        As for :func:`years_of_periods`.
    discount_rate_per_year : float
        Real.
    base_year : int
        Year to which is discounted.

    Returns
    -------
    array (period)
        Sum of (1 + r)^-(y - base year) over the years y that the period stands for: together all years from
        the first pathway year to the end of the tail, each once.
    """
    growth = 1 + discount_rate_per_year
    spans = years_of_periods(years, tail_years)
    return np.array(
        [
            sum(growth ** -(year + i - base_year) for i in range(span))
            for year, span in zip(years, spans, strict=True)
        ]
    )
