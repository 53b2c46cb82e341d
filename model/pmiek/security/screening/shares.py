"""Who causes the peak: contributions by sector and municipality in the peak hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.security.screening.settings import TAKE_OFF

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening.flows import Element
    from pmiek.security.screening.hourly import Hourly
    from pmiek.security.screening.outages import FlowModel

PEAK_HOURS: Final = 10


@dataclass(frozen=True, eq=False)
class Sources:
    """Everything that takes or gives power, ready for attribution.

    Attributes
    ----------
    rows : DataFrame
        Signed rows: station_id, gm_code, sector, profile, weight.
    station, profile : ndarray
        Position of each row's station and profile.
    shape : ndarray
        Hours × profiles.
    net_mw : ndarray
        Net load (stations × hours).
    simultaneity : float
        Factor on net take-off in high-voltage flows.
    cause : ndarray
        Position of each row's cause in ``causes``.
    causes : DataFrame
        sector, gm_code: who the power is attributed to.
    """

    rows: pd.DataFrame
    station: Ints
    profile: Ints
    shape: Floats
    net_mw: Floats
    simultaneity: float
    cause: Ints
    causes: pd.DataFrame

    def power_mw(self, hours: Ints) -> Floats:
        """Power of each row in some hours (hours × rows), take-off positive."""
        result: Floats = self.shape[hours][:, self.profile] * self.rows["weight"].to_numpy(dtype=float)
        return result


def sources(
    rows: pd.DataFrame, profiles: pd.DataFrame, stations: tuple[str, ...], net_mw: Floats, simultaneity: float
) -> Sources:
    """Index the signed rows by station and profile."""
    names = sorted(rows["profile"].unique())
    causes = (
        rows[["sector", "gm_code"]].drop_duplicates().sort_values(["sector", "gm_code"], ignore_index=True)
    )
    cause = pd.MultiIndex.from_frame(causes).get_indexer(
        pd.MultiIndex.from_frame(rows[["sector", "gm_code"]])
    )
    return Sources(
        rows,
        pd.Index(stations).get_indexer(pd.Index(rows["station_id"])),
        pd.Index(names).get_indexer(pd.Index(rows["profile"])),
        profiles[names].to_numpy(dtype=float),
        net_mw,
        simultaneity,
        cause,
        causes,
    )


def shares_table(
    hourly: Hourly,
    detail_from: float,
    source: Sources,
    *,
    station_of_group: pd.Series,
    model: FlowModel | None,
    monitored: list[Element],
) -> pd.DataFrame:
    """Share of each sector and municipality in the peak of every well-loaded asset.

    In the (up to ten) most loaded hours each source's power is multiplied with its effect on the asset: one
    at its own station, the distribution factor under the binding outage for high-voltage assets. Sources
    that relieve the asset are left out, the rest is scaled so that it adds to one.

    Parameters
    ----------
    hourly : Hourly
        Values and limits.
    detail_from : float
        Loading (fraction) from which shares are kept.
    source : Sources
        What takes and gives power.
    station_of_group : Series
        Position of the station per station transformer group (index: asset_id).
    model, monitored
        Flow model and its elements; None and empty without high-voltage flows.

    Returns
    -------
    DataFrame
        asset_id, direction, sector, gm_code, share (adds to 1 per asset and direction).
    """
    ratio = hourly.loading
    keys = hourly.keys.assign(row=np.arange(len(ratio)), peak=ratio.max(axis=1) if ratio.size else 0.0)
    keys = keys[keys["peak"] >= detail_from].sort_values("peak", ascending=False, kind="stable")
    keys = keys.drop_duplicates(["asset_id", "direction"]).sort_values(["asset_id", "direction"])
    by_asset: dict[str, list[Element]] = {}
    for element in monitored:
        by_asset.setdefault(element.asset_id, []).append(element)
    outage_number = {fault.outage_id: i for i, fault in enumerate(model.every_fault)} if model else {}
    parts = []
    for asset, direction, row in zip(keys["asset_id"], keys["direction"], keys["row"], strict=True):
        hours = _peak_hours(ratio[row])
        if asset in station_of_group.index:
            power = _at_station(source, hours, int(station_of_group[asset]), direction)
        else:
            assert model is not None
            numbers = [outage_number.get(hourly.outages[o], -1) for o in hourly.outage[row, hours]]
            power = _in_flow(source, hours, numbers, model, by_asset[asset])
        parts.append(_normalised(source, power).assign(asset_id=asset, direction=direction))
    columns = ["asset_id", "direction", "sector", "gm_code", "share"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _peak_hours(ratio: Floats) -> Ints:
    top = np.argsort(-ratio, kind="stable")[:PEAK_HOURS]
    return np.sort(top[ratio[top] > 0])


def _at_station(source: Sources, hours: Ints, station: int, direction: str) -> Floats:
    here: Bools = source.station == station
    sign = 1.0 if direction == TAKE_OFF else -1.0
    result: Floats = sign * (source.power_mw(hours) * here).mean(axis=0)
    return result


def _in_flow(
    source: Sources, hours: Ints, outages: list[int], model: FlowModel, candidates: list[Element]
) -> Floats:
    net = source.net_mw[:, hours]
    scale = np.where(net > 0, source.simultaneity, 1.0)
    effect = flow_effect(net, scale, np.array(outages), model, candidates)
    result: Floats = (source.power_mw(hours) * effect[:, source.station]).mean(axis=0)
    return result


def flow_effect(
    net_mw: Floats, scale: Floats, outages: Ints, model: FlowModel, candidates: list[Element]
) -> Floats:
    """Effect of each station on the worst element of an asset, in the direction of its flow, per hour.

    Parameters
    ----------
    net_mw, scale : ndarray
        Net load and the factor on it in high-voltage flows (stations × hours).
    outages : ndarray
        Position in ``model.every_fault`` per hour; -1 is nothing out.
    model : FlowModel
        Grid and outages.
    candidates : list of Element
        Elements of the asset.

    Returns
    -------
    ndarray
        MW of flow per MW of net load (hours × stations).
    """
    effect = np.zeros((net_mw.shape[1], len(net_mw)))
    for number in np.unique(outages):
        at = np.flatnonzero(outages == number)
        best = np.full(len(at), -1.0)
        for element in candidates:
            factor = model.ptdf[element.members].sum(axis=0)
            if number >= 0:
                factor = _after_fault(model, element, int(number))
            flow = factor @ (net_mw[:, at] * scale[:, at])
            loading = np.abs(flow) / element.rating_mva[0]
            higher = loading > best
            best[higher] = loading[higher]
            effect[at[higher]] = (np.sign(flow) * scale[:, at] * factor[:, None]).T[higher]
    return effect


def _after_fault(model: FlowModel, element: Element, number: int) -> Floats:
    fault = model.every_fault[number]
    if fault.shift is None:
        assert fault.after is not None
        return np.asarray(fault.after[element.members].sum(axis=0))
    shift = fault.shift[element.members].sum(axis=0)
    factor = model.ptdf[element.members].sum(axis=0)
    return np.asarray(factor + shift @ model.ptdf[list(fault.branches)])


def _normalised(source: Sources, power: Floats) -> pd.DataFrame:
    total = np.bincount(source.cause, weights=power, minlength=len(source.causes))
    total[total < 0.001 * total[total > 0].sum()] = 0.0
    found = np.flatnonzero(total)
    return source.causes.iloc[found].assign(share=total[found] / total[found].sum())
