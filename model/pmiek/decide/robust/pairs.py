"""Whether the variants of a batch are different directions: every pair, line by line, against the noise."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS: Final = [
    "storyline", "variant", "other_variant", "lines", "lines_different", "different_pct", "largest_line",
    "largest_pct", "are_one",
]  # fmt: skip
#: Two variants of which fewer lines than this differ are one direction in a storyline, %.
MOST_PCT: Final = 50.0


def variant_pairs(differences: pd.DataFrame, noise: float) -> pd.DataFrame:
    """Compare all pairs of variants, the reference among them.

    Parameters
    ----------
    differences : DataFrame
        Table ``variant_differences``.
    noise : float
        Share of the larger of two values below which they count as the same: the tolerance of a plan.

    Returns
    -------
    DataFrame
        Table ``variant_pairs``. Lines on which both are zero say nothing and are left out. ``are_one`` is true
        where at most half of the lines differ, in most of the storylines of the batch.
    """
    own = differences[["storyline", "variant", "indicator", "value"]]
    reference = differences[["storyline", "reference_variant", "indicator", "reference_value"]]
    reference = reference.set_axis(own.columns, axis=1).drop_duplicates(list(own.columns[:3]))
    wide = pd.concat([reference, own], ignore_index=True).pivot_table(
        index=["storyline", "indicator"], columns="variant", values="value", sort=False
    )
    rows = [
        _pair(str(storyline), part, pair, noise)
        for storyline, part in wide.groupby(level="storyline", sort=False)
        for pair in combinations(sorted(wide.columns.astype(str)), 2)
    ]
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame(rows)
    few = table["different_pct"] <= MOST_PCT
    keys = [table["variant"], table["other_variant"]]
    return table.assign(are_one=few.astype(float).groupby(keys).transform("mean") > 1 / 2)[COLUMNS]


def _pair(storyline: str, part: pd.DataFrame, pair: tuple[str, str], noise: float) -> dict[str, object]:
    both = part[list(pair)].dropna()
    size = both.abs().max(axis=1)
    both, size = both[size > 0], size[size > 0]
    gap = (both[pair[0]] - both[pair[1]]).abs() / size
    different = gap > noise
    largest = both.index.get_level_values("indicator")[int(gap.to_numpy().argmax())] if len(gap) else ""
    return {
        "storyline": storyline,
        "variant": pair[0],
        "other_variant": pair[1],
        "lines": len(gap),
        "lines_different": int(different.sum()),
        "different_pct": 100 * float(different.mean()) if len(gap) else np.nan,
        "largest_line": str(largest),
        "largest_pct": 100 * float(gap.max()) if len(gap) else np.nan,
    }


def same_directions(pairs: pd.DataFrame, titles: dict[str, str]) -> list[str]:
    """Say which variants of a batch are one direction, a line each; none where all differ."""
    same: Iterable[tuple[str, str]] = (
        pairs.loc[pairs["are_one"].astype(bool), ["variant", "other_variant"]]
        .drop_duplicates()
        .itertuples(index=False, name=None)
    )
    return [
        f"{titles.get(one, one)} and {titles.get(other, other)} are one direction: in most storylines at most half "
        "of the compared lines differ by more than the noise"
        for one, other in same
    ]
