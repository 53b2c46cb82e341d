"""How much each input would have to change for an exceedance to vanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.security.screening.settings import FEED_IN, Settings, factors
from pmiek.security.screening.shares import Sources, flow_effect

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.security.screening.flows import Element
    from pmiek.security.screening.hourly import Hourly
    from pmiek.security.screening.net_load import NetLoad
    from pmiek.security.screening.outages import FlowModel

TOP: Final = 5
ALONE: Final = "alone"
CANNOT: Final = "cannot alone"
MARGIN: Final = [
    "asset_id", "direction", "sector", "gm_code", "share", "change_needed_mw", "change_needed_pct", "verdict",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Attribution:
    """What the margins are computed from.

    Attributes
    ----------
    source : Sources
        What takes and gives power.
    load : NetLoad
        Hourly power per station.
    groups : DataFrame
        Station transformer groups, with station_share.
    stations : tuple of str
        Row order of the load.
    model : FlowModel or None
        Flow model.
    monitored : list of Element
        Its elements.
    places : DataFrame
        Assets: asset_id, asset_class, voltage_kv, is_information.
    settings : Settings
        Limits.
    """

    source: Sources
    load: NetLoad
    groups: pd.DataFrame
    stations: tuple[str, ...]
    model: FlowModel | None
    monitored: list[Element]
    places: pd.DataFrame
    settings: Settings


def margin_table(hourly: Hourly, shares: pd.DataFrame, facts: Attribution) -> pd.DataFrame:
    """Change of one input with which an asset stays within its limit in every hour, all else equal.

    For the five largest causes of each exceeded asset and direction, in the fault state with the highest
    loading. The input is scaled down by one factor in all hours; what is needed is the highest ratio, over
    all hours above the limit, of the exceedance to what the input contributes. The outage of each hour stays
    as it is.

    Parameters
    ----------
    hourly : Hourly
        Values and limits.
    shares : DataFrame
        From :func:`pmiek.security.screening.shares.shares_table`.
    facts : Attribution
        Sources, grid and limits.

    Returns
    -------
    DataFrame
        asset_id, direction, sector, gm_code, share, change_needed_mw (less of this input in the peak hour),
        change_needed_pct (of the input), verdict (``alone``; ``cannot alone`` without numbers).
    """
    threshold = facts.settings.loading_threshold_pct / 100.0
    ratio = hourly.loading
    peak = ratio.max(axis=1) if ratio.size else np.zeros(len(hourly.keys))
    ours = facts.places.loc[~facts.places["is_information"].astype(bool), "asset_id"]
    keys = hourly.keys.assign(row=np.arange(len(peak)), peak=peak)
    keys = keys[(keys["peak"] > threshold) & keys["asset_id"].isin(ours)]
    keys = keys.sort_values("peak", ascending=False, kind="stable").drop_duplicates(["asset_id", "direction"])
    causes = dict(iter(shares.groupby(["asset_id", "direction"]))) if len(shares) else {}
    parts = []
    for record in keys.sort_values(["asset_id", "direction"]).to_dict("records"):
        key = {str(name): value for name, value in record.items()}
        own = causes.get((key["asset_id"], key["direction"]))
        if own is None:
            continue
        top = own.sort_values("share", ascending=False, kind="stable").head(TOP)
        parts.append(_of_asset(hourly, key, top, facts, threshold))
    return pd.concat(parts, ignore_index=True)[MARGIN] if parts else pd.DataFrame(columns=MARGIN)


def _of_asset(
    hourly: Hourly, key: dict[str, object], top: pd.DataFrame, facts: Attribution, threshold: float
) -> pd.DataFrame:
    row = int(str(key["row"]))
    hours = np.flatnonzero(hourly.loading[row] > threshold)
    excess = (hourly.value_mw[row] - threshold * hourly.limit_mw[row])[hours]
    peak = int(hourly.loading[row, hours].argmax())
    tripped = _tripped(facts, key)
    effect = _effect(hourly, row, hours, key, facts, tripped=tripped)
    places = pd.MultiIndex.from_frame(facts.source.causes)
    numbers = places.get_indexer(pd.MultiIndex.from_frame(top[["sector", "gm_code"]]))
    matters = np.abs(effect).max(axis=0)[facts.source.station] > 0
    factor = np.full(len(top), np.inf)
    power_mw = np.zeros(len(top))
    for position, number in enumerate(numbers):
        chosen = (facts.source.cause == number) & matters
        power = _power(facts, hours, chosen, tripped=tripped)
        caused = (power * effect[:, facts.source.station[chosen]]).sum(axis=1)
        if (caused > 0).all():
            factor[position] = float((excess / caused).max())
        power_mw[position] = abs(float(power[peak].sum()))
    alone = factor <= 1.0
    needed = np.where(alone, factor, np.nan)
    return top.assign(
        change_needed_mw=needed * power_mw,
        change_needed_pct=100.0 * needed,
        verdict=np.where(alone, ALONE, CANNOT),
    )


def _tripped(facts: Attribution, key: dict[str, object]) -> bool:
    """Whether this fault state is judged after switchable generation has been switched off."""
    if key["direction"] != FEED_IN:
        return False
    place = facts.places[facts.places["asset_id"] == key["asset_id"]].iloc[0]
    found = factors(
        facts.settings, str(place["asset_class"]), float(place["voltage_kv"]), str(key["direction"])
    )
    return {test for contingency, test, _ in found if contingency == key["contingency"]} == {"after_trip"}


def _power(facts: Attribution, hours: Ints, chosen: Bools, *, tripped: bool) -> Floats:
    """Power of some rows (hours × rows), take-off positive; less what is switched off after a fault."""
    source = facts.source
    weight = source.rows["weight"].to_numpy(dtype=float)[chosen]
    power = source.shape[np.ix_(hours, source.profile[chosen])] * weight
    if tripped:
        feeding = source.net_mw[np.ix_(source.station[chosen], hours)].T < 0
        kept = 1.0 - source.rows["switchable_share"].to_numpy(dtype=float)[chosen]
        power = np.where(feeding & (power < 0), power * kept, power)
    return np.asarray(power)


def _effect(
    hourly: Hourly, row: int, hours: Ints, key: dict[str, object], facts: Attribution, *, tripped: bool
) -> Floats:
    """MW on the asset, in its direction, per MW of net load at each station (hours × stations)."""
    groups = facts.groups.set_index("asset_id")
    asset = str(key["asset_id"])
    if asset in groups.index:
        effect = np.zeros((len(hours), len(facts.stations)))
        sign = -1.0 if key["direction"] == FEED_IN else 1.0
        at = facts.stations.index(str(groups.loc[asset, "station_id"]))
        effect[:, at] = sign * float(str(groups.loc[asset, "station_share"]))
        return effect
    assert facts.model is not None
    net = (facts.load.after_trip_mw if tripped else facts.load.net_mw)[:, hours]
    scale = np.where(net > 0, facts.source.simultaneity, 1.0)
    if tripped:  # feed-in that is switched off altogether no longer matters
        scale = np.where((net == 0) & (facts.source.net_mw[:, hours] < 0), 0.0, scale)
    number = {fault.outage_id: i for i, fault in enumerate(facts.model.every_fault)}
    out = np.array([number.get(hourly.outages[o], -1) for o in hourly.outage[row, hours]], dtype=np.int64)
    candidates = [element for element in facts.monitored if element.asset_id == asset]
    return flow_effect(net, scale, out, facts.model, candidates)
