"""Hourly values against hourly limits, per asset, direction and contingency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Hourly:
    """What every asset carries in every hour, and what it may carry.

    Attributes
    ----------
    keys : DataFrame
        One row per series: asset_id, direction, contingency.
    value_mw, limit_mw : ndarray
        Power in that direction (zero in hours of the other direction) and its limit (series × hours).
    outage : ndarray
        Position in ``outages`` of the fault that gives the value; 0 is "nothing out".
    outages : tuple of str
        Names; the first is empty.
    """

    keys: pd.DataFrame
    value_mw: Floats
    limit_mw: Floats
    outage: Ints
    outages: tuple[str, ...]

    @property
    def loading(self) -> Floats:
        """Value over limit (fraction, series × hours)."""
        return self.value_mw / self.limit_mw

    def with_extra(self, extra_capacity_mw: Mapping[str, float] | None) -> Hourly:
        """Raise the limits by planned capacity.

        Parameters
        ----------
        extra_capacity_mw : mapping, optional
            asset_id to MW that come on top of every limit of that asset.
        """
        if not extra_capacity_mw:
            return self
        extra = self.keys["asset_id"].map(dict(extra_capacity_mw)).astype(float).fillna(0.0).to_numpy()
        return Hourly(self.keys, self.value_mw, self.limit_mw + extra[:, None], self.outage, self.outages)

    def only(self, chosen: Bools) -> Hourly:
        """Keep some of the series."""
        return Hourly(
            self.keys[chosen].reset_index(drop=True),
            self.value_mw[chosen],
            self.limit_mw[chosen],
            self.outage[chosen],
            self.outages,
        )

    def exceedance_mw(self) -> Floats:
        """Power above the limit, MW (series × hours)."""
        return np.maximum(self.value_mw - self.limit_mw, 0.0)


class Builder:
    """Collects series; tests of the same asset, direction and contingency keep the worse in each hour."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str, str], tuple[Floats, Floats, Ints]] = {}
        self._names: dict[str, int] = {"": 0}

    def outage(self, name: str) -> int:
        """Position of an outage name."""
        return self._names.setdefault(name, len(self._names))

    def add(self, key: tuple[str, str, str], value: Floats, limit: Floats, outage: Ints | int = 0) -> None:
        """Add one test.

        Parameters
        ----------
        key : (asset_id, direction, contingency)
            Which series.
        value, limit : ndarray
            Hourly MW; an infinite limit means that the test is not made in that hour.
        outage : ndarray or int
            Position of the outage per hour.
        """
        out = np.broadcast_to(np.asarray(outage, dtype=np.int64), value.shape)
        if key not in self._series:
            self._series[key] = (value, limit, out)
            return
        old_value, old_limit, old_out = self._series[key]
        worse = value * old_limit > old_value * limit
        self._series[key] = (
            np.where(worse, value, old_value),
            np.where(worse, limit, old_limit),
            np.where(worse, out, old_out),
        )

    def clear(self) -> None:
        """Forget the series; names of outages stay."""
        self._series.clear()

    def build(self) -> Hourly:
        """Stack the series, sorted by key."""
        keys = sorted(self._series)
        frame = pd.DataFrame(keys, columns=["asset_id", "direction", "contingency"])
        parts = [self._series[key] for key in keys]
        names = tuple(sorted(self._names, key=self._names.__getitem__))
        if not parts:
            empty = np.zeros((0, 0))
            return Hourly(frame, empty, empty, empty.astype(np.int64), names)
        value, limit, out = (np.stack(column) for column in zip(*parts, strict=True))
        return Hourly(frame, value, limit, out, names)
