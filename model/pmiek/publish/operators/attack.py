"""The attack of a reader who runs the open model: what all published words together tell of a limit.

The flow through an asset does not depend on its rating, so a reader knows the peaks. Each published word then
says on which side of a threshold a peak lies, and every row cuts the interval in which the limit must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from pmiek.publish.operators.brackets import CLOSEST, limit_intervals, relative_width
from pmiek.publish.operators.redaction import BAND, CATEGORIES, FOLDER

KEY = ("asset_id", "direction", "storyline", "variant", "year", "weather_year", "grid_state", "contingency")
#: Tables that hold a row only where the limit is exceeded, so that a row says something by being there.
ONLY_EXCEEDED = ("bottlenecks",)


def known_limits(folder: Path) -> Iterator[tuple[str, str, float, float]]:
    """Give the interval in which each confidential limit must lie, from all published rows together.

    Parameters
    ----------
    folder : Path
        ``results/<batch>``; the full loading in ``confidential/`` stands for what the open model gives.

    Yields
    ------
    asset, direction : str
    low, high : float
        MW; the limit lies between them.
    """
    full_path, public_path = (folder / name / "loading.csv" for name in (FOLDER, "tables"))
    if not (full_path.is_file() and public_path.is_file()):
        return
    full = pd.read_csv(full_path, encoding="utf-8", low_memory=False)
    public = pd.read_csv(public_path, encoding="utf-8", low_memory=False, dtype=str, keep_default_na=False)
    if len(full) != len(public) or not {"asset_id", "limit_mw", "peak_mw", "loading_pct"} <= set(
        full.columns
    ):
        return
    words = public["loading_pct"].to_numpy(dtype=object)
    touched = np.array([word in CATEGORIES or BAND.fullmatch(str(word)) is not None for word in words])
    rows = full.assign(word=words, exceeded=_exceeded(folder, full))[touched]
    yield from limit_intervals(rows)


def _exceeded(folder: Path, full: pd.DataFrame) -> pd.Series:
    """Tell of each row of the loading whether a published table shows it as exceeded; NA if none is."""
    for name in ONLY_EXCEEDED:
        path = folder / "tables" / f"{name}.csv"
        if path.is_file():
            shown = pd.read_csv(path, encoding="utf-8", low_memory=False, dtype=str, keep_default_na=False)
            key = [c for c in KEY if c in shown.columns and c in full.columns]
            if "asset_id" in key and len(key) > 1:
                there = set(shown[key].itertuples(index=False, name=None))
                rows = full[key].astype(object).where(full[key].notna(), "").astype(str)
                return pd.Series(
                    [row in there for row in rows.itertuples(index=False, name=None)], full.index
                )
    return pd.Series(pd.NA, full.index)


def too_close(folder: Path) -> list[tuple[str, str]]:
    """Name the assets whose limit the published rows give to better than a fifth.

    Returns
    -------
    list of (asset, words)
        The words tell how closely, and not the limit.
    """
    out = []
    for asset, direction, low, high in known_limits(folder):
        width = relative_width(low, high)
        if width < 2 * CLOSEST:  # the middle is then known to plus or minus a fifth
            out.append((asset, f"limit {direction} known to plus or minus {50 * max(width, 0):.0f} %"))
    return sorted(set(out))
