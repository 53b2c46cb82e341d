"""What the screening needs besides the grid: limits, seasons, power factors and rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

HOURS: Final = 8760
DAYS_PER_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TAKE_OFF: Final = "take-off"
FEED_IN: Final = "feed-in"
DIRECTIONS: Final = (TAKE_OFF, FEED_IN)
SINGLE: Final = "N-1"
TOWER: Final = "N-2 tower"
CONTINGENCIES: Final = ("N-0", SINGLE)
SEASONS: Final = ("summer", "winter")


@dataclass(frozen=True, eq=False)
class Settings:
    """Limits and conventions of one screening.

    Attributes
    ----------
    limits : DataFrame
        ``grid/limits``: asset_class, voltage_min_kv, voltage_max_kv, direction, contingency, season,
        limit_factor (fraction of the rating; empty: no test), test; optional ``counts`` (false: shown, but
        never a bottleneck) and ``exemption`` (id of the legal exemption that brings the row).
    summer_months : tuple of int
        Months with summer ratings.
    station_simultaneity : float
        Factor on the net take-off of HV/MV stations in flows of the high-voltage grid.
    power_factor_take_off, power_factor_feed_in : float
        MW per MVA of rating in each direction.
    firm_share : mapping
        Technology to the fraction of its capacity with firm rights; a missing technology has none.
    loading_threshold_pct : float
        Loading above which an asset is a bottleneck.
    detail_from_pct : float
        Shares and heatmaps are kept for assets loaded at least this much.
    information_from_kv : float
        Circuits from this voltage are information, never a bottleneck of the province.
    maintenance_max_mw, maintenance_max_hours : float
        Load that a fault during maintenance may cut off, and for how long.
    exemptions : tuple of str
        Legal exemptions in use; within their voltages their rows replace the others of that fault state.
    known, known_counts : dict
        What was looked up before; leave empty.
    """

    limits: pd.DataFrame
    summer_months: tuple[int, ...] = (4, 5, 6, 7, 8, 9)
    station_simultaneity: float = 1.0
    power_factor_take_off: float = 1.0
    power_factor_feed_in: float = 1.0
    firm_share: Mapping[str, float] = field(default_factory=dict)
    loading_threshold_pct: float = 100.0
    detail_from_pct: float = 80.0
    information_from_kv: float = 200.0
    maintenance_max_mw: float = 100.0
    maintenance_max_hours: float = 6.0
    exemptions: tuple[str, ...] = ()
    known: dict[tuple[str, float, str], list[tuple[str, str, Floats]]] = field(
        default_factory=dict, repr=False
    )
    known_counts: dict[tuple[str, float, str, str], bool] = field(default_factory=dict, repr=False)

    def power_factor(self, direction: str) -> float:
        """MW per MVA in this direction."""
        return self.power_factor_take_off if direction == TAKE_OFF else self.power_factor_feed_in


def settings_of(tables: Tables, scenario: Scenario) -> Settings:
    """Collect the settings from the inputs and the scenario.

    Parameters
    ----------
    tables : Tables
        Reads ``grid/limits`` and the assumptions ``power_factor_take_off``,
        ``power_factor_field_generation``, ``maintenance_fault_max_mw`` and ``maintenance_fault_max_hours``.
    scenario : Scenario
        Reads ``scenario.grid``.
    """
    grid = scenario.grid
    return Settings(
        limits=tables["grid/limits"],
        summer_months=tuple(grid.summer_months),
        station_simultaneity=grid.station_simultaneity,
        power_factor_take_off=tables.assumption("power_factor_take_off"),
        power_factor_feed_in=tables.assumption("power_factor_field_generation"),
        firm_share=dict(grid.firm_share),
        loading_threshold_pct=grid.bottleneck_loading_pct,
        detail_from_pct=min(80.0, grid.bottleneck_loading_pct),
        maintenance_max_mw=tables.assumption("maintenance_fault_max_mw"),
        maintenance_max_hours=tables.assumption("maintenance_fault_max_hours"),
        exemptions=tuple(grid.exemptions),
    )


def month_of_hour() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Month (1 to 12) of each of the 8,760 UTC hours."""
    return np.repeat(np.arange(1, 13), np.array(DAYS_PER_MONTH) * 24)


def summer_hours(
    summer_months: tuple[int, ...], hours: int = HOURS
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each hour counts as summer; a shorter series starts on 1 January."""
    return np.isin(month_of_hour()[:hours], summer_months)


def factors(
    settings: Settings, asset_class: str, voltage_kv: float, direction: str
) -> list[tuple[str, str, Floats]]:
    """Limit factors that apply to an asset with all in service and with one element out.

    Parameters
    ----------
    settings : Settings
        Limits.
    asset_class : str
        ``circuit``, ``coupling_transformer`` or ``station_transformer``.
    voltage_kv : float
        Highest voltage of the asset.
    direction : str
        ``take-off`` or ``feed-in``.

    Returns
    -------
    list of (contingency, test, factor)
        ``factor`` has two values: summer and winter, fraction of the rating. A test without a limit in one
        season is not made in that season (infinite factor).
    """
    return [row for row in _all_factors(settings, asset_class, voltage_kv, direction) if row[0] != TOWER]


def tower_factors(
    settings: Settings, asset_class: str, voltage_kv: float, direction: str
) -> list[tuple[str, str, Floats]]:
    """Limit factors for the loss of all circuits on the same towers; as :func:`factors`."""
    return [row for row in _all_factors(settings, asset_class, voltage_kv, direction) if row[0] == TOWER]


def towers_count(settings: Settings) -> bool:
    """Whether the loss of all circuits on the same towers can make a bottleneck, for any asset."""
    rows = settings.limits[settings.limits["contingency"] == TOWER]
    return bool(rows["counts"].astype(bool).any()) if "counts" in rows and len(rows) else bool(len(rows))


def counted(settings: Settings, assets: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether an exceedance in each row makes a bottleneck, as the limits say.

    Parameters
    ----------
    settings : Settings
        Limits.
    assets : DataFrame
        asset_class, voltage_kv, direction, contingency.
    """
    found = np.ones(len(assets), dtype=bool)
    if "counts" not in settings.limits:
        return found
    columns = (assets[c] for c in ("asset_class", "voltage_kv", "direction", "contingency"))
    for number, (asset_class, voltage, direction, contingency) in enumerate(zip(*columns, strict=True)):
        key = (str(asset_class), float(voltage), str(direction), str(contingency))
        if key not in settings.known_counts:
            rows = _rows(settings, *key[:3])
            settings.known_counts[key] = bool(rows.loc[rows["contingency"] == key[3], "counts"].all())
        found[number] = settings.known_counts[key]
    return found


def _all_factors(
    settings: Settings, asset_class: str, voltage_kv: float, direction: str
) -> list[tuple[str, str, Floats]]:
    key = (asset_class, voltage_kv, direction)
    if key not in settings.known:
        settings.known[key] = _factors(_rows(settings, *key))
    return settings.known[key]


def _rows(settings: Settings, asset_class: str, voltage_kv: float, direction: str) -> pd.DataFrame:
    """Rows of the limits for an asset; an exemption in use replaces the others of its fault state."""
    table = settings.limits
    rows = table[
        (table["asset_class"] == asset_class)
        & (table["direction"] == direction)
        & (table["voltage_min_kv"] <= voltage_kv)
        & (table["voltage_max_kv"] >= voltage_kv)
    ]
    if "exemption" not in rows:
        return rows
    name = rows["exemption"].fillna("")
    used = rows[name.isin(settings.exemptions) & (name != "")]
    regular = rows[(name == "") & ~rows["contingency"].isin(used["contingency"])]
    return pd.concat([regular, used])


def _factors(rows: pd.DataFrame) -> list[tuple[str, str, Floats]]:
    found: dict[tuple[str, str], Floats] = {}
    for row in rows[rows["limit_factor"].notna()].itertuples():
        factor = found.setdefault((str(row.contingency), str(row.test)), np.full(2, np.inf))
        wanted = [row.season in {season, "all"} for season in SEASONS]
        factor[wanted] = np.minimum(factor[wanted], float(row.limit_factor))  # type: ignore[arg-type]
    return [(contingency, test, factor) for (contingency, test), factor in sorted(found.items())]
