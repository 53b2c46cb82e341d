"""A fault while another element is out for maintenance: how much load it may cut off, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.network.topology import islands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Bools, Ints
    from pmiek.network import Sensitivities
    from pmiek.security.screening.net_load import NetLoad

SINGULAR: Final = 1e-8
COLUMNS: Final = [
    "maintenance", "fault", "stations", "lost_load_mw", "lost_energy_mwh", "hours_above_limit",
    "longest_window_h", "limit_mw", "limit_hours", "exceeds",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class CutPair:
    """Two elements whose joint outage cuts stations off, while neither alone does.

    Attributes
    ----------
    maintenance, fault : str
        Branch or unit ids.
    behind : ndarray
        Positions of the stations that lose their supply.
    """

    maintenance: str
    fault: str
    behind: Ints


def cut_pairs(
    sens: Sensitivities, stations: Sequence[str], groups: pd.DataFrame | None = None
) -> list[CutPair]:
    """Find the pairs, one per set of stations; made once per grid.

    Parameters
    ----------
    sens : Sensitivities
        From :func:`pmiek.network.sensitivities`.
    stations : sequence of str
        Row order of the net load.
    groups : DataFrame, optional
        Station transformer groups: a station with two units and no other group depends on that pair.
    """
    transfer = sens.transfer
    own = 1.0 - np.diag(transfer)
    joint = np.outer(own, own) - transfer * transfer.T
    single = np.array([outage.splits for outage in sens.outages if outage.kind == "single"])
    first, second = np.nonzero(np.triu(np.abs(joint) < SINGULAR, k=1))
    keep = ~single[first] & ~single[second]
    at = np.array([sens.station_bus[station] for station in stations], dtype=np.int64)
    found: dict[tuple[int, ...], CutPair] = {}
    for one, other in zip(first[keep], second[keep], strict=True):
        behind = np.flatnonzero(_lost(sens, int(one), int(other))[at])
        if len(behind):
            pair = CutPair(sens.branches[one], sens.branches[other], behind)
            found.setdefault(tuple(behind.tolist()), pair)
    for row in _pairs_of_units(groups):
        if row["station_id"] in stations:
            behind = np.array([list(stations).index(str(row["station_id"]))], dtype=np.int64)
            pair = CutPair(f"{row['asset_id']} (one unit)", str(row["largest_unit"]), behind)
            found.setdefault(tuple(behind.tolist()), pair)
    return list(found.values())


def _lost(sens: Sensitivities, one: int, other: int) -> Bools:
    alive = np.setdiff1d(np.arange(len(sens.branches)), [one, other])
    part = islands(range(len(sens.buses)), *sens.ends[alive].T)
    return ~np.isin(part, part[sens.slack > 0])


def _pairs_of_units(groups: pd.DataFrame | None) -> list[dict[str, object]]:
    if groups is None:
        return []
    chosen = groups[(groups["units"] == 2) & (groups["station_share"] > 1 - 1e-9)]
    return [{str(name): value for name, value in row.items()} for row in chosen.to_dict("records")]


def maintenance_check(
    pairs: Sequence[CutPair], load: NetLoad, limit_mw: float, limit_hours: float = 6.0
) -> pd.DataFrame:
    """Judge the load that each pair cuts off.

    Maintenance can be planned in hours with little load; the table therefore gives the hours in which the
    limit would be exceeded and the longest stretch without, besides the highest load. Elements that alone
    cut off load are not here: those are in ``lost_load``.

    Parameters
    ----------
    pairs : sequence of CutPair
        From :func:`cut_pairs`.
    load : NetLoad
        Hourly power; only net take-off counts.
    limit_mw : float
        Load that a fault during maintenance may cut off (assumption ``maintenance_fault_max_mw``).
    limit_hours : float
        How long it may (assumption ``maintenance_fault_max_hours``).

    Returns
    -------
    DataFrame
        maintenance and fault (branch or unit ids), stations (ids, ``;`` between), lost_load_mw (highest net
        take-off behind the pair), lost_energy_mwh (highest over ``limit_hours`` in a row),
        hours_above_limit, longest_window_h (longest stretch in which the limit holds), limit_mw,
        limit_hours, exceeds.
    """
    net, rows = load.net_mw, []
    width = max(int(limit_hours), 1)
    for pair in pairs:
        cut = np.maximum(net[pair.behind].sum(axis=0), 0.0)
        above = cut > limit_mw
        total = np.concatenate([[0.0], np.cumsum(cut)])
        span = min(width, len(cut))
        rows.append(
            {
                "maintenance": pair.maintenance,
                "fault": pair.fault,
                "stations": ";".join(load.stations[i] for i in pair.behind),
                "lost_load_mw": float(cut.max()),
                "lost_energy_mwh": float((total[span:] - total[:-span]).max()),
                "hours_above_limit": int(above.sum()),
                "longest_window_h": _longest(~above),
                "limit_mw": limit_mw,
                "limit_hours": limit_hours,
                "exceeds": bool(above.any()),
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("lost_load_mw", ascending=False, ignore_index=True)


def _longest(held: Bools) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
