"""From hourly series to tables: loading, load that is cut off, duration curves, heatmaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening.hourly import Hourly
    from pmiek.security.screening.net_load import NetLoad
    from pmiek.security.screening.outages import FlowModel

LOADING: Final = [
    "asset_id", "asset_name", "asset_class", "station", "station_id", "gm_code",
    "cluster", "operator", "direction",
    "contingency", "binding_outage", "limit_mw", "peak_mw", "loading_pct", "exceedance_mw", "hours",
    "energy_mwh", "peak_hour", "lost_load_mw", "redundancy", "quality", "is_information",
]  # fmt: skip
PEAK_COLUMNS: Final = [
    "asset_id", "direction", "contingency", "binding_outage", "limit_mw", "peak_mw", "loading_pct",
    "exceedance_mw", "hours", "energy_mwh", "peak_hour",
]  # fmt: skip
REDUNDANT: Final = "single-fault"
NO_REDUNDANCY: Final = "none"
TOLERANCE: Final = 1e-9
LONGEST_H: Final = 8760


def loading_table(hourly: Hourly, places: pd.DataFrame, lost: pd.Series) -> pd.DataFrame:
    """Peak loading and exceedance of every series.

    Parameters
    ----------
    hourly : Hourly
        Values and limits.
    places : DataFrame
        From :func:`pmiek.security.screening.assets.asset_places`.
    lost : Series
        MW cut off by a fault of the asset, indexed by asset_id; present only for assets without redundancy.

    Returns
    -------
    DataFrame
        Per asset, direction and contingency: limit_mw and peak_mw in the hour of highest loading
        (``peak_hour``), loading_pct (percent of the limit), exceedance_mw (highest MW above the limit in any
        hour), hours (above the limit), energy_mwh (above the limit), binding_outage, lost_load_mw,
        redundancy (``none`` when a single fault of the asset cuts off load) and place.
    """
    table = peak_table(hourly)
    table = table.merge(places, on="asset_id", how="left", validate="many_to_one")
    table["lost_load_mw"] = table["asset_id"].map(lost).astype(float).fillna(0.0)
    table["redundancy"] = np.where(table["asset_id"].isin(lost.index), NO_REDUNDANCY, REDUNDANT)
    return table[LOADING]


def peak_table(hourly: Hourly) -> pd.DataFrame:
    """Numbers of :func:`loading_table` without names and places: one row per series.

    Returns
    -------
    DataFrame
        asset_id, direction, contingency, binding_outage, limit_mw, peak_mw, loading_pct, exceedance_mw,
        hours, energy_mwh, peak_hour.
    """
    ratio = hourly.loading
    at = ratio.argmax(axis=1)
    row = np.arange(len(at))
    above = hourly.value_mw > hourly.limit_mw * (1.0 + TOLERANCE)
    excess = np.where(above, hourly.value_mw - hourly.limit_mw, 0.0)
    table = hourly.keys.assign(
        binding_outage=np.array(hourly.outages, dtype=object)[hourly.outage[row, at]],
        limit_mw=hourly.limit_mw[row, at],
        peak_mw=hourly.value_mw[row, at],
        loading_pct=100.0 * ratio[row, at],
        exceedance_mw=excess.max(axis=1),
        hours=above.sum(axis=1),
        energy_mwh=excess.sum(axis=1),
        peak_hour=at,
    )
    table["binding_outage"] = table["binding_outage"].astype("str")
    return table


def lost_load_table(model: FlowModel, load: NetLoad) -> pd.DataFrame:
    """List what each islanding outage cuts off.

    Parameters
    ----------
    model : FlowModel
        Outages with the buses that they island.
    load : NetLoad
        Hourly power; rows in the order of ``model.stations``.

    Returns
    -------
    DataFrame
        outage_id, kind (``single``, or ``tower`` for circuits on the same towers), asset_id, stations
        (ids, ``;`` between), lost_load_mw (highest net take-off that is cut
        off), lost_feed_in_mw (highest net feed-in), lost_energy_mwh (net take-off of the whole year behind
        this single point), peak_hour.
    """
    net, rows = load.net_mw, []
    for outage in model.cut_offs:
        behind = np.isin(model.bus_of_station, outage.lost_buses)
        if not behind.any():
            continue
        cut = net[behind].sum(axis=0)
        rows.append(
            {
                "outage_id": outage.outage_id,
                "kind": outage.kind,
                "asset_id": outage.asset_id,
                "stations": ";".join(np.array(model.stations)[behind]),
                "lost_load_mw": max(float(cut.max()), 0.0),
                "lost_feed_in_mw": max(float(-cut.min()), 0.0),
                "lost_energy_mwh": float(np.maximum(cut, 0.0).sum()),
                "peak_hour": int(cut.argmax()),
            }
        )
    columns = [
        "outage_id", "kind", "asset_id", "stations", "lost_load_mw", "lost_feed_in_mw", "lost_energy_mwh",
        "peak_hour",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def worst_of_contingencies(hourly: Hourly) -> tuple[pd.DataFrame, Floats]:
    """Highest loading per asset, direction and hour over N-0 and N-1.

    Returns
    -------
    keys, loading : DataFrame, ndarray
        asset_id and direction per row; fraction of the limit (rows × hours).
    """
    code, keys = pd.factorize(pd.MultiIndex.from_frame(hourly.keys[["asset_id", "direction"]]), sort=False)
    ratio = hourly.loading
    worst = np.zeros((len(keys), ratio.shape[1] if ratio.ndim == 2 else 0))
    for row, group in enumerate(code):
        np.maximum(worst[group], ratio[row], out=worst[group])
    return pd.DataFrame(list(keys), columns=["asset_id", "direction"]), worst


def quantile_points(hours: int = LONGEST_H, points: int = 50) -> Floats:
    """About fifty quantiles, dense near the peak: 1 hour, 2 hours, ... up to the whole year."""
    share = np.concatenate([[0.0], np.geomspace(1.0, hours, points) / hours])
    return np.unique(np.round(1.0 - share, 6))


def duration_table(keys: pd.DataFrame, loading: Floats) -> pd.DataFrame:
    """Duration curve of each asset and direction.

    Parameters
    ----------
    keys, loading
        From :func:`worst_of_contingencies`.

    Returns
    -------
    DataFrame
        asset_id, direction, quantile (fraction of the hours at or below), loading_pct.
    """
    hours = loading.shape[1]
    points = quantile_points(hours)
    at = np.clip(np.ceil(points * hours).astype(int) - 1, 0, hours - 1)
    ordered = np.partition(loading, np.unique(at), axis=1)[:, at]
    repeated = keys.loc[keys.index.repeat(len(points))].reset_index(drop=True)
    return repeated.assign(quantile=np.tile(points, len(keys)), loading_pct=100.0 * ordered.ravel())


def heatmap_table(
    keys: pd.DataFrame, loading: Floats, month: Ints, hour_local: Ints, chosen: Bools
) -> pd.DataFrame:
    """Highest loading per month and local hour.

    Parameters
    ----------
    keys, loading
        From :func:`worst_of_contingencies`.
    month, hour_local : ndarray
        Calendar of each hour: 1 to 12, 0 to 23.
    chosen : ndarray of bool
        Rows to keep.

    Returns
    -------
    DataFrame
        asset_id, direction, month, hour_local, max_loading_pct.
    """
    keys, loading = keys[chosen].reset_index(drop=True), loading[chosen]
    cell = month * 24 + hour_local
    order = np.argsort(cell, kind="stable")
    cells, starts = np.unique(cell[order], return_index=True)
    highest = (
        np.maximum.reduceat(loading[:, order], starts, axis=1) if len(keys) else np.zeros((0, len(cells)))
    )
    table = keys.loc[keys.index.repeat(len(cells))].reset_index(drop=True)
    return table.assign(
        month=np.tile(cells // 24, len(keys)),
        hour_local=np.tile(cells % 24, len(keys)),
        max_loading_pct=100.0 * highest.ravel(),
    )
