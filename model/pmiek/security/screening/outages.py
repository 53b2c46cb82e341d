"""Outages of the high-voltage grid: how each shifts flow, and what it cuts off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pmiek.security.screening.assets import branch_table

if TYPE_CHECKING:
    import pandas as pd

    from pmiek.arrays import Floats, Ints
    from pmiek.network import GridState, Sensitivities


@dataclass(frozen=True, eq=False)
class Fault:
    """One outage and its effect, in terms of the stations' net load.

    Attributes
    ----------
    outage_id : str
        Branch id or tower group.
    kind : str
        ``single`` or ``tower``.
    asset_id : str
        Asset of the first failed branch.
    branches : tuple of int
        Positions of the failed branches.
    shift : ndarray or None
        Added flow on every branch per MW that the failed branches carried (branches × failed); None if the
        grid falls apart.
    after : ndarray or None
        Flow on every branch per MW of net load at each station (branches × stations) when the grid falls
        apart and every part is still fed; else None.
    lost_buses : tuple of int
        Positions of the buses that lose their supply.
    """

    outage_id: str
    kind: str
    asset_id: str
    branches: tuple[int, ...]
    shift: Floats | None
    after: Floats | None
    lost_buses: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FlowModel:
    """Linear flow model of the high-voltage grid, driven by the stations' net load.

    Attributes
    ----------
    branches : DataFrame
        See :func:`pmiek.security.screening.assets.branch_table`.
    stations : tuple of str
        Stations, row order of the net load.
    ptdf : ndarray
        Flow on each branch (bus0 to bus1) per MW of *net load* at each station (branches × stations).
    faults : tuple of Fault
        Faults of one element; equal parallel branches once.
    tower_faults : tuple of Fault
        Faults of all circuits on the same towers.
    cut_offs : tuple of Fault
        Faults that cut off load, common tower faults included: they give lost load, not a loading.
    bus_of_station : ndarray
        Position of each station's bus.
    """

    branches: pd.DataFrame
    stations: tuple[str, ...]
    ptdf: Floats
    faults: tuple[Fault, ...]
    tower_faults: tuple[Fault, ...]
    cut_offs: tuple[Fault, ...]
    bus_of_station: Ints

    @property
    def every_fault(self) -> tuple[Fault, ...]:
        """Faults of one element, then of towers."""
        return (*self.faults, *self.tower_faults)


def flow_model(grid: GridState, sens: Sensitivities) -> FlowModel:
    """Put the sensitivities in the form of the screening; made once per grid.

    Parameters
    ----------
    grid : GridState
        Tables in force.
    sens : Sensitivities
        From :func:`pmiek.network.sensitivities`.
    """
    table = branch_table(grid, [str(branch) for branch in sens.branches])
    stations = tuple(sorted(sens.station_bus))
    at = np.array([sens.station_bus[station] for station in stations], dtype=np.int64)
    wanted = _representatives(table)
    faults: list[Fault] = []
    towers: list[Fault] = []
    cut_offs: list[Fault] = []
    for outage in sens.outages:
        single = outage.kind == "single"
        if single and outage.branches[0] not in wanted:
            continue
        dense = sens.after(outage)[:, at] if outage.splits and not outage.lost_buses else None
        fault = Fault(
            outage.outage_id,
            outage.kind,
            str(table["asset_id"].iloc[outage.branches[0]]),
            outage.branches,
            outage.redistribution,
            None if dense is None else -dense,
            outage.lost_buses,
        )
        if outage.lost_buses:
            cut_offs.append(fault)
        else:
            (faults if single else towers).append(fault)
    ptdf = -np.asarray(sens.ptdf, dtype=float)[:, at]
    return FlowModel(table, stations, ptdf, tuple(faults), tuple(towers), tuple(cut_offs), at)


def _representatives(table: pd.DataFrame) -> set[int]:
    """Last of each set of equal parallel branches: their outages have the same effect."""
    key = ["asset_id", "bus0", "bus1", "weight", "rating_summer_mva", "rating_winter_mva"]
    return {int(i) for i in table.reset_index().drop_duplicates(key, keep="last")["index"]}
