"""Hourly load, generation and switchable generation per station: one matrix product each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.arrays import AnyArray, Floats


@dataclass(frozen=True, eq=False)
class NetLoad:
    """Hourly power per station.

    Attributes
    ----------
    stations : tuple of str
        Row order of the arrays.
    demand_mw, generation_mw, switchable_mw : ndarray
        Positive MW, shape (stations, hours); ``switchable`` is the part of the generation that can be
        switched off after a fault.
    """

    stations: tuple[str, ...]
    demand_mw: Floats
    generation_mw: Floats
    switchable_mw: Floats

    @property
    def net_mw(self) -> Floats:
        """Net load, take-off positive, MW (stations × hours)."""
        return self.demand_mw - self.generation_mw

    @property
    def after_trip_mw(self) -> Floats:
        """Net load when switchable generation has been switched off as far as it relieves feed-in, MW."""
        net = self.net_mw
        return np.where(net < 0, np.minimum(net + self.switchable_mw, 0.0), net)


def signed_rows(
    connections: pd.DataFrame,
    firm_share: Mapping[str, float] | None = None,
    price_following: bool = False,
) -> pd.DataFrame:
    """Weights of the connections on their profiles.

    Parameters
    ----------
    connections : DataFrame
        As made by :func:`pmiek.connections.demand.connections`.
    firm_share : mapping, optional
        Fraction of each flexible technology's capacity that has firm rights (default none).
    price_following : bool
        Sensitivity: all flexible capacity follows the national dispatch.

    Returns
    -------
    DataFrame
        The connections with ``weight`` (MWh per year, or MW of flexible capacity that counts), demand and
        consumption positive, generation negative; rows without weight are left out.
    """
    rights = dict(firm_share or {})
    flexible = connections["kind"] == "flexibility"
    share = 1.0 if price_following else connections["sector"].map(rights).astype(float).fillna(0.0)
    weight = connections["volume_mwh"].where(~flexible, connections["capacity_mw"] * share)
    weight = weight.where(connections["kind"] != "supply", -weight)
    return connections.assign(weight=weight)[weight != 0].reset_index(drop=True)


def net_load(
    rows: pd.DataFrame,
    profiles: pd.DataFrame,
    stations: Sequence[str],
    curtailed_share: Mapping[str, Floats] | None = None,
) -> NetLoad:
    """Multiply the weights per station and profile with the hourly profiles.

    Parameters
    ----------
    rows : DataFrame
        Signed rows: station_id, kind, profile, weight, switchable_share.
    profiles : DataFrame
        Hours × profiles: MW per MWh, or MW per MW for ``unit_...`` of flexible technologies (consumption
        positive).
    stations : sequence of str
        Stations in the wanted order; stations without a connection get zeros.
    curtailed_share : mapping, optional
        Profile name to the hourly fraction of generation that the market curtails.

    Returns
    -------
    NetLoad
        Hourly power per station.

    Raises
    ------
    ValueError
        If a profile is missing or holds an empty value, or a station is unknown.
    """
    names = sorted(rows["profile"].dropna().unique())
    missing = sorted(set(names) - set(profiles.columns))
    if missing or rows["profile"].isna().any():
        lacking = (
            sorted(rows.loc[rows["profile"].isna(), "sector"].unique())
            if rows["profile"].isna().any()
            else []
        )
        message = f"no hourly profile for {', '.join([*missing, *lacking])}"
        raise ValueError(message)
    unknown = sorted(set(rows["station_id"]) - set(stations))
    if unknown:
        message = f"connections on stations that are not in the grid: {', '.join(unknown)}"
        raise ValueError(message)
    shape = profiles[names].to_numpy(dtype=float)
    if not np.isfinite(shape).all():
        message = "profiles hold empty values"
        raise ValueError(message)
    kept = shape * (1.0 - _curtailed(names, curtailed_share, len(shape)))
    at = pd.Index(stations).get_indexer(pd.Index(rows["station_id"]))
    on = pd.Index(names).get_indexer(pd.Index(rows["profile"]))
    size = (len(stations), len(names))
    flexible = (rows["kind"] == "flexibility").to_numpy()
    weight = rows["weight"].to_numpy()
    switch = rows["switchable_share"].to_numpy()
    demand = _grid(at, on, np.where(flexible, 0.0, np.maximum(weight, 0.0)), size) @ shape.T
    generated = np.where(flexible, 0.0, np.maximum(-weight, 0.0))
    generation = _grid(at, on, generated, size) @ kept.T
    switchable = _grid(at, on, generated * switch, size) @ kept.T
    if flexible.any():
        units = _grid(at, on, np.where(flexible, weight, 0.0), size)
        trip = _grid(at, on, np.where(flexible, weight * switch, 0.0), size)
        demand += units @ np.maximum(shape, 0.0).T
        generation += units @ np.maximum(-shape, 0.0).T
        switchable += trip @ np.maximum(-shape, 0.0).T
    return NetLoad(tuple(stations), demand, generation, switchable)


def _curtailed(names: list[str], shares: Mapping[str, Floats] | None, hours: int) -> Floats:
    result = np.zeros((hours, len(names)))
    for column, name in enumerate(names):
        if shares and name in shares:
            result[:, column] = np.clip(np.asarray(shares[name], dtype=float), 0.0, 1.0)
    return result


def _grid(row: AnyArray, column: AnyArray, value: AnyArray, size: tuple[int, int]) -> Floats:
    flat = np.bincount(row * size[1] + column, weights=value, minlength=size[0] * size[1])
    return np.asarray(flat, dtype=float).reshape(size)


def station_energy(rows: pd.DataFrame, profiles: pd.DataFrame) -> pd.DataFrame:
    """Annual energy per station, municipality and sector.

    Parameters
    ----------
    rows : DataFrame
        Signed rows of :func:`signed_rows`.
    profiles : DataFrame
        Hours × profiles.

    Returns
    -------
    DataFrame
        station_id, gm_code, kind, sector, energy_mwh (positive; net consumption for flexible assets).
    """
    total = profiles.sum()
    energy = rows["weight"] * rows["profile"].map(total)
    energy = energy.where(rows["kind"] == "flexibility", energy.abs())
    key = ["station_id", "gm_code", "kind", "sector"]
    return rows.assign(energy_mwh=energy).groupby(key)["energy_mwh"].sum().reset_index()
