"""What each station has to offer in every hour: the potential of every measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.flexibility.settings import (
    CHARGING_SECTORS,
    DEMAND_RESPONSE,
    ELECTROLYSER,
    HEAT_PREFIX,
    HEAT_PUMP,
    HEAT_PUMP_SECTORS,
    INDUSTRY,
    POWER_TO_HEAT,
    SERVICES,
    STORE_KINDS,
    FlexSettings,
    StoreKind,
)
from pmiek.optimise.flexibility.weeks import day_of_hour

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats
    from pmiek.security.screening import NetLoad


@dataclass(frozen=True, eq=False)
class Store:
    """Storage of one kind.

    Attributes
    ----------
    kind : StoreKind
        Name, and whether it stands behind a park.
    power_mw, energy_mwh : ndarray
        Per station, what can be called on.
    efficiency : float
        One way.
    """

    kind: StoreKind
    power_mw: Floats
    energy_mwh: Floats
    efficiency: float


@dataclass(frozen=True, eq=False)
class Potential:
    """Potential of every measure, MW (stations × hours unless said otherwise).

    Attributes
    ----------
    response_mw : ndarray
        Load of industry and services that a flexible contract can take off.
    curtail_mw : ndarray
        Generation that can be switched off.
    heat_mw, hydrogen_mw : ndarray
        E-boilers and electrolysers that can take up feed-in (stations).
    charging_mw, charging_up_mw : ndarray
        Charging that can be moved away from an hour, and into it.
    heat_pump_mw, heat_pump_up_mw : ndarray
        The same for heat pumps; more than the day's highest load does not fit in an hour.
    heat_pump_level_mwh : ndarray
        What buildings can store ahead or miss.
    stores : tuple of Store
        Storage.
    """

    response_mw: Floats
    curtail_mw: Floats
    heat_mw: Floats
    hydrogen_mw: Floats
    charging_mw: Floats
    charging_up_mw: Floats
    heat_pump_mw: Floats
    heat_pump_up_mw: Floats
    heat_pump_level_mwh: Floats
    stores: tuple[Store, ...]


def potential(
    connections: pd.DataFrame, profiles: pd.DataFrame, load: NetLoad, settings: FlexSettings
) -> Potential:
    """Give what each station has to offer.

    Parameters
    ----------
    connections : DataFrame
        From :func:`pmiek.connections.demand.connections`: station_id, kind, sector, profile, volume_mwh, capacity_mw.
    profiles : DataFrame
        Hours × profiles, MW per MWh.
    load : NetLoad
        Hourly power of the stations, which gives their order and the switchable generation.
    settings : FlexSettings
        Shares and storage hours.
    """
    demand = connections[connections["kind"] == "demand"]
    sector = demand["sector"].astype("str")
    in_contract = sector.str.startswith(INDUSTRY) | sector.isin(SERVICES)
    vehicle = sector.map(
        {name: settings.share[f"charging_{kind}"] for name, kind in CHARGING_SECTORS.items()}
    )
    charging = _hourly(demand, vehicle.astype(float).fillna(0.0), profiles, load.stations)
    pumps = _hourly(demand, sector.isin(HEAT_PUMP_SECTORS).astype(float), profiles, load.stations)
    movable = pumps * settings.share[HEAT_PUMP]
    return Potential(
        response_mw=_hourly(
            demand, in_contract.astype(float) * settings.share[DEMAND_RESPONSE], profiles, load.stations
        ),
        curtail_mw=load.switchable_mw,
        heat_mw=_capacity(connections, load.stations, settings, HEAT_PREFIX) * settings.share[POWER_TO_HEAT],
        hydrogen_mw=_capacity(connections, load.stations, settings, ELECTROLYSER)
        * settings.share[ELECTROLYSER],
        charging_mw=charging,
        charging_up_mw=_per_day(charging, np.maximum.reduceat),
        heat_pump_mw=movable,
        heat_pump_up_mw=_per_day(pumps, np.maximum.reduceat) - pumps,
        heat_pump_level_mwh=settings.heat_pump_hours * _day_mean(movable),
        stores=_stores(connections, load.stations, settings),
    )


def _hourly(
    rows: pd.DataFrame, share: pd.Series, profiles: pd.DataFrame, stations: tuple[str, ...]
) -> Floats:
    chosen = rows.assign(weight=rows["volume_mwh"] * share)
    chosen = chosen[chosen["weight"] > 0]
    names = sorted(chosen["profile"].unique())
    grid = np.zeros((len(stations), len(names)))
    at = pd.Index(stations).get_indexer(pd.Index(chosen["station_id"]))
    np.add.at(
        grid, (at, pd.Index(names).get_indexer(pd.Index(chosen["profile"]))), chosen["weight"].to_numpy()
    )
    return np.asarray(grid @ profiles[names].to_numpy(dtype=float).T)


def _capacity(
    connections: pd.DataFrame, stations: tuple[str, ...], settings: FlexSettings, *names: str
) -> Floats:
    """Capacity without firm rights per station; a name ending with ``_`` is the start of names."""
    flexible = connections[connections["kind"] == "flexibility"]
    sector = flexible["sector"].astype("str")
    wanted: Bools = np.zeros(len(flexible), dtype=bool)
    for name in names:
        wanted |= (sector.str.startswith(name) if name.endswith("_") else sector == name).to_numpy()
    free = 1.0 - sector.map(dict(settings.firm_share)).astype(float).fillna(0.0)
    result = np.zeros(len(stations))
    at = pd.Index(stations).get_indexer(pd.Index(flexible["station_id"]))
    np.add.at(result, at[wanted], (flexible["capacity_mw"] * free).to_numpy(dtype=float)[wanted])
    return result


def _stores(
    connections: pd.DataFrame, stations: tuple[str, ...], settings: FlexSettings
) -> tuple[Store, ...]:
    found = []
    for kind in STORE_KINDS:
        share = settings.share[kind.name]
        names = [name for name in kind.technologies if name in settings.hours]
        parts = {name: share * _capacity(connections, stations, settings, name) for name in names}
        power = np.asarray(sum(parts.values(), np.zeros(len(stations))), dtype=float)
        if power.sum() <= 0:
            continue
        energy = sum((parts[name] * settings.hours[name] for name in names), np.zeros(len(stations)))
        rate = sum(float(parts[name].sum()) * settings.efficiency[name] for name in names) / float(
            power.sum()
        )
        found.append(Store(kind, power, np.asarray(energy, dtype=float), float(np.sqrt(rate))))
    return tuple(found)


def _per_day(values: Floats, reduce: object) -> Floats:
    day, first = day_of_hour(values.shape[1])
    return np.asarray(reduce(values, first, axis=1)[:, day])  # type: ignore[operator]


def _day_mean(values: Floats) -> Floats:
    day, _ = day_of_hour(values.shape[1])
    return _per_day(values, np.add.reduceat) / np.bincount(day)[day]
