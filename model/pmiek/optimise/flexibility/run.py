"""The flexibility pass of one grid, storyline, year and weather year."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.flexibility.dispatch import Dispatch, dispatch_year
from pmiek.optimise.flexibility.gap import gap_table
from pmiek.optimise.flexibility.limits import HvLimits, station_limits
from pmiek.optimise.flexibility.potential import Potential, potential
from pmiek.optimise.flexibility.settings import (
    CHARGING,
    CURTAILMENT,
    DEMAND_RESPONSE,
    ELECTROLYSER,
    HEAT_PUMP,
    POWER_TO_HEAT,
    FlexSettings,
)
from pmiek.optimise.flexibility.station import Year
from pmiek.optimise.flexibility.tables import excess, flexibility_table, measures_table
from pmiek.security.screening import hourly_loading, hourly_net_load

if TYPE_CHECKING:
    from pmiek.arrays import Floats
    from pmiek.security.screening import RunKey, Screened


@dataclass(frozen=True, eq=False)
class FlexResult:
    """What flexibility removes.

    Attributes
    ----------
    flexibility, measures : DataFrame
        Tables of the same name, each starting with the columns of the run's key.
    dispatch : Dispatch
        Hourly power, and how much was solved.
    gap : DataFrame
        Table ``flexibility_gap``: what weekly windows cost against the whole year at once.
    """

    flexibility: pd.DataFrame
    measures: pd.DataFrame
    dispatch: Dispatch
    gap: pd.DataFrame


def flexibility(
    ready: Screened,
    connections: pd.DataFrame,
    profiles: pd.DataFrame,
    settings: FlexSettings,
    key: RunKey,
    *,
    starts: tuple[int, ...] | None = None,
) -> FlexResult:
    """Find what non-firm rights and smart use remove of each bottleneck, and at what cost.

    Parameters
    ----------
    ready : Screened
        Grid and settings of the screening (:func:`pmiek.security.screening.prepare`).
    connections : DataFrame
        Who hangs on which station (:func:`pmiek.connections.demand.connections`).
    profiles : DataFrame
        Hours × profiles.
    settings : FlexSettings
        Shares and costs.
    key : RunKey
        What this stands for.
    starts : tuple of int, optional
        Boundaries of the windows; weeks when left out.

    Returns
    -------
    FlexResult
        Judged by the screening itself, before and after; assets that are information only are left out.

    Raises
    ------
    SolveError
        When a window does not end optimal.
    """
    load = hourly_net_load(ready, connections, profiles)
    hours = load.net_mw.shape[1]
    offer = potential(connections, profiles, load, settings)
    hv = HvLimits(ready, hours) if ready.flow is not None else None
    year = Year(load, offer, station_limits(ready, load), settings)
    dispatch = dispatch_year(
        year, hv, starts=starts, label=f"{key.storyline} {key.year} {key.grid_state} ({key.weather_year}):"
    )
    effect = {**_own_effect(ready), **(hv.effect() if hv is not None else {})}
    before = excess(hourly_loading(ready, load))
    after = excess(hourly_loading(ready, dispatch.load))
    return FlexResult(
        _with_key(flexibility_table(before, after, dispatch, settings, effect), key),
        _with_key(measures_table(dispatch, settings, _highest(offer, len(ready.stations))), key),
        dispatch,
        _with_key(gap_table(year, starts), key),
    )


def _own_effect(ready: Screened) -> dict[str, Floats]:
    position = pd.Index(ready.stations).get_indexer(pd.Index(ready.groups["station_id"]))
    unit = np.eye(len(ready.stations))
    return {
        str(asset): unit[at] for asset, at in zip(ready.groups["asset_id"], position, strict=True) if at >= 0
    }


def _highest(offer: Potential, stations: int) -> dict[str, Floats]:
    """Highest power that each measure can offer per station, MW."""
    hourly = {
        DEMAND_RESPONSE: offer.response_mw,
        CURTAILMENT: offer.curtail_mw,
        CHARGING: offer.charging_mw,
        HEAT_PUMP: offer.heat_pump_mw,
    }
    found = {
        name: values.max(axis=1) if values.size else np.zeros(stations) for name, values in hourly.items()
    }
    found |= {POWER_TO_HEAT: offer.heat_mw, ELECTROLYSER: offer.hydrogen_mw}
    return found | {store.kind.name: store.power_mw for store in offer.stores}


def _with_key(table: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    values = {field.name: getattr(key, field.name) for field in fields(key)}
    return pd.concat([pd.DataFrame(values, index=table.index), table], axis=1)
