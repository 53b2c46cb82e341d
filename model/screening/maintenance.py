"""A fault while another element is out for maintenance: how much load it may cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from model.network.topology import islands

if TYPE_CHECKING:
    from model.network import Sensitivities
    from model.screening.net_load import NetLoad

SINGULAR: Final = 1e-8
COLUMNS: Final = [
    "maintenance",
    "fault",
    "stations",
    "lost_load_mw",
    "hours_above_limit",
    "limit_mw",
    "exceeds",
]


def maintenance_check(sens: Sensitivities, load: NetLoad, limit_mw: float) -> pd.DataFrame:
    """List pairs of elements whose joint outage cuts off load, one pair per set of stations.

    Maintenance can be planned in hours with little load; the table therefore gives the hours in which the
    limit would be exceeded besides the highest load. Pairs of which one alone already cuts off load are
    left out: those are in ``lost_load``.

    Parameters
    ----------
    sens : Sensitivities
        From :func:`model.network.sensitivities`.
    load : NetLoad
        Hourly power; only net take-off counts.
    limit_mw : float
        Load that a fault during maintenance may cut off (assumption ``maintenance_fault_max_mw``).

    Returns
    -------
    DataFrame
        maintenance and fault (branch ids), stations (ids, ``;`` between), lost_load_mw (highest net take-off
        behind the pair), hours_above_limit, limit_mw, exceeds.
    """
    transfer = sens.transfer
    own = 1.0 - np.diag(transfer)
    joint = np.outer(own, own) - transfer * transfer.T
    single = np.array([outage.splits for outage in sens.outages if outage.kind == "single"])
    first, second = np.nonzero(np.triu(np.abs(joint) < SINGULAR, k=1))
    keep = ~single[first] & ~single[second]
    fed = sens.slack > 0
    numbers, net = np.arange(len(sens.branches)), load.net_mw
    found: dict[str, dict[str, object]] = {}
    for one, other in zip(first[keep], second[keep], strict=True):
        alive = np.setdiff1d(numbers, [one, other])
        part = islands(range(len(sens.buses)), *sens.ends[alive].T)
        lost = ~np.isin(part, part[fed])
        behind = [i for i, station in enumerate(load.stations) if lost[sens.station_bus[station]]]
        name = ";".join(load.stations[i] for i in behind)
        if not behind or name in found:
            continue
        cut = net[behind].sum(axis=0)
        found[name] = {
            "maintenance": sens.branches[one],
            "fault": sens.branches[other],
            "stations": name,
            "lost_load_mw": max(float(cut.max()), 0.0),
            "hours_above_limit": int((cut > limit_mw).sum()),
            "limit_mw": limit_mw,
            "exceeds": bool(cut.max() > limit_mw),
        }
    table = pd.DataFrame(list(found.values()), columns=COLUMNS)
    return table.sort_values("lost_load_mw", ascending=False, ignore_index=True)
