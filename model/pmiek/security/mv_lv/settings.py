"""Sizes, costs and spare capacity of medium- and low-voltage stations, from the input tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmiek.inputs import Tables

MV_LV: Final = "mv_lv"
MV_STATION: Final = "mv_station"
COSTS: Final = "costs/infrastructure"


@dataclass(frozen=True)
class Range:
    """A figure with its low and high end."""

    value: float
    low: float
    high: float


ONE: Final = Range(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Kind:
    """One kind of station below the HV/MV station.

    Attributes
    ----------
    asset_class : str
        ``mv_lv`` (district station) or ``mv_station`` (switching and regulating station).
    share : str
        Column of ``profiles/connection_levels`` with the part of a sector that runs through it.
    prefix : str
        Start of the asset id; the municipality's code follows.
    size_mw : float
        What one new station carries.
    mismatch : Range
        Need by district over the pooled need of the municipality.
    cable_km : Range
        Cable that goes with one new station.
    cost_meur : Range
        One station, without cable, MEUR of 2025.
    cable_meur_per_km : Range
        Cable, laid, MEUR of 2025 per km.
    space_ha : float
        Plot of one station.
    lead_time_years : float
        From the decision to the station in service.
    """

    asset_class: str
    share: str
    prefix: str
    size_mw: float
    mismatch: Range
    cable_km: Range
    cost_meur: Range
    cable_meur_per_km: Range
    space_ha: float
    lead_time_years: float

    def asset_id(self, gm_code: str) -> str:
        """Give the id of all stations of this kind in a municipality."""
        return f"{self.prefix}-{gm_code}"


@dataclass(frozen=True)
class Settings:
    """What the room needs besides demand, generation and profiles.

    Attributes
    ----------
    spare : Range
        Capacity above the base-year peak, as a fraction of that peak.
    kinds : tuple of Kind
        District stations, and switching stations.
    """

    spare: Range
    kinds: tuple[Kind, ...]


def read_settings(tables: Tables) -> Settings:
    """Gather sizes, costs and spare capacity.

    Parameters
    ----------
    tables : Tables
        Reads ``costs/infrastructure`` (``mv_lv_station/new_station``, ``mv_station/switching_station``,
        ``mv_cable/cable_mv``) and the assumptions ``mv_lv_spare_share``, ``mv_lv_mismatch_factor``,
        ``mv_lv_cable_km_per_station``, ``mv_cable_km_per_switching_station`` and ``power_factor_take_off``.

    Raises
    ------
    InputError
        With every figure of ``costs/infrastructure`` that is not there.
    """
    figure = _Figures(tables[COSTS])
    cable = figure.range("mv_cable", "cable_mv", "investment")
    district = ("mv_lv_station", "new_station")
    switching = ("mv_station", "switching_station")
    kinds = (
        Kind(
            MV_LV,
            "lv_share",
            "mvlv",
            figure.range(*district, "size").value * tables.assumption("power_factor_take_off"),
            _assumed(tables, "mv_lv_mismatch_factor"),
            _assumed(tables, "mv_lv_cable_km_per_station"),
            figure.range(*district, "investment"),
            cable,
            figure.range(*district, "space").value,
            figure.range(*district, "lead_time_years").value,
        ),
        Kind(
            MV_STATION,
            "mv_share",
            "mv",
            figure.range(*switching, "size").value,
            ONE,
            _assumed(tables, "mv_cable_km_per_switching_station"),
            figure.range(*switching, "investment"),
            cable,
            figure.range(*switching, "space").value,
            figure.range(*switching, "lead_time_years").value,
        ),
    )
    figure.raise_for_missing()
    return Settings(_assumed(tables, "mv_lv_spare_share"), kinds)


def _assumed(tables: Tables, name: str) -> Range:
    return Range(*tables.assumption_range(name))


class _Figures:
    """Reads figures of ``costs/infrastructure`` and remembers those that are not there."""

    def __init__(self, costs: pd.DataFrame) -> None:
        rows = costs.set_index(["asset_class", "option", "parameter"])
        self._rows = rows[["value", "low", "high"]].astype(float)
        self._missing: list[tuple[str, str, str]] = []

    def range(self, asset_class: str, option: str, parameter: str) -> Range:
        """Give one figure; NaN when it is not there."""
        key = (asset_class, option, parameter)
        if key not in self._rows.index:
            self._missing.append(key)
            return Range(float("nan"), float("nan"), float("nan"))
        value, low, high = self._rows.loc[[key]].iloc[0]
        return Range(value, value if pd.isna(low) else low, value if pd.isna(high) else high)

    def raise_for_missing(self) -> None:
        """Report all figures that were asked for in vain."""
        if self._missing:
            raise InputError([_missing(key) for key in dict.fromkeys(self._missing)])


def _missing(key: tuple[str, str, str]) -> Problem:
    return Problem(
        f"inputs/{COSTS}.csv",
        None,
        "parameter",
        "",
        f"a row {' / '.join(key)}",
        "Add the row, or remove inputs/profiles/connection_levels.csv to leave medium and low voltage out.",
    )


def capacity_range(tables: Tables, assets: Iterable[str]) -> pd.DataFrame:
    """Give how far the capacity of medium- and low-voltage assets may differ from what is assumed.

    Parameters
    ----------
    tables : Tables
        Reads the assumption ``mv_lv_spare_share``.
    assets : iterable of str
        Asset ids of this room.

    Returns
    -------
    DataFrame
        asset_id, contingency (``N-0``), factor_low, factor_high: multiples of the limit used, as
        :func:`pmiek.results.bottlenecks.capacity_factors`.
    """
    spare = _assumed(tables, "mv_lv_spare_share")
    names = sorted(set(assets))
    return pd.DataFrame(
        {
            "asset_id": pd.Series(names, dtype="str"),
            "contingency": "N-0",
            "factor_low": (1.0 + spare.low) / (1.0 + spare.value),
            "factor_high": (1.0 + spare.high) / (1.0 + spare.value),
        }
    )
