"""Linear (DC) sensitivities of the high-voltage grid: flow per MW injected, and after every outage.

All in MW. With susceptances b (MW per radian), incidence A and B = A' diag(b) A, the flow per MW injected is
diag(b) A B+ per island; a MW injected anywhere leaves the island at its boundary buses in fixed proportions
(distributed slack). Outages follow from the intact grid by the matrix inversion lemma (Woodbury):
for failed branches O the flow changes by H[:, O] (I - H[O, O])^-1 f[O] with H = PTDF A'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from pmiek.arrays import Floats, Ints
from pmiek.network.state import tower_groups
from pmiek.network.topology import islands

if TYPE_CHECKING:
    from pmiek.network.state import GridState

SINGULAR: Final = 1e-8
Fault: TypeAlias = tuple[str, Literal["single", "tower"], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Outage:
    """One fault of the high-voltage grid.

    Attributes
    ----------
    outage_id : str
        Branch id, or the name of the tower group.
    kind : {"single", "tower"}
        One element, or all circuits on the same towers.
    branches : tuple of int
        Positions of the failed branches.
    redistribution : ndarray or None
        Added flow on every branch per MW that each failed branch carried (branches × failed);
        None if the outage splits the grid.
    lost_buses : tuple of int
        Positions of the buses that no longer reach a boundary bus: their load is lost.
    """

    outage_id: str
    kind: Literal["single", "tower"]
    branches: tuple[int, ...]
    redistribution: Floats | None
    lost_buses: tuple[int, ...] = ()

    @property
    def splits(self) -> bool:
        """True if the grid falls apart, whether or not load is lost."""
        return self.redistribution is None


@dataclass(frozen=True, eq=False)
class Sensitivities:
    """Linear flow model of the high-voltage grid, N buses and L branches.

    Attributes
    ----------
    buses : tuple of str, N
        High-voltage buses; medium-voltage buses are left out, their load stands on their station's bus.
    branches : tuple of str, L
        Closed circuits, then coupling transformer units.
    asset_ids : tuple of str, L
        Corridor or transformer group.
    asset_classes : tuple of str, L
        ``circuit`` or ``coupling_transformer``.
    ends : int array, (L, 2)
        Positions of bus0 and bus1; flow is positive from bus0 to bus1.
    susceptance : array, (L,)
        MW per radian.
    island : int array, (N,)
        Connected part of each bus.
    slack : array, (N,)
        Share of its island's balance that leaves at this bus; per fed island it adds to 1.
    ptdf : array, (L, N)
        Flow per MW injected at a bus (feed-in positive). Zero for buses of islands without a boundary bus.
    lodf : array, (L, L)
        Added flow on row l per MW carried by the failing branch of column m; -1 on the diagonal, NaN in the
        whole column if the outage splits the grid.
    outages : tuple of Outage
        Every branch alone, in branch order, then every tower group.
    station_bus : mapping of str to int
        Position of the bus that carries a station's load: where its transformers hang, else its lowest high
        voltage.
    """

    buses: tuple[str, ...]
    branches: tuple[str, ...]
    asset_ids: tuple[str, ...]
    asset_classes: tuple[str, ...]
    ends: Ints
    susceptance: Floats
    island: Ints
    slack: Floats
    ptdf: Floats
    lodf: Floats
    outages: tuple[Outage, ...]
    station_bus: Mapping[str, int]

    @property
    def transfer(self) -> Floats:
        """H, (L, L): flow on a branch per MW moved from bus0 to bus1 of another."""
        return np.asarray(self.ptdf[:, self.ends[:, 0]] - self.ptdf[:, self.ends[:, 1]])

    @property
    def islanding(self) -> tuple[Outage, ...]:
        """Outages that cut load off, with the buses lost."""
        return tuple(outage for outage in self.outages if outage.lost_buses)

    def after(self, outage: Outage) -> Floats:
        """Return the PTDF after an outage, (L, N); failed branches and lost buses have zeros.

        Parameters
        ----------
        outage : Outage
            One of ``outages``.
        """
        if outage.redistribution is not None:
            failed = list(outage.branches)
            return np.asarray(self.ptdf + outage.redistribution @ self.ptdf[failed])
        alive = np.setdiff1d(np.arange(len(self.branches)), outage.branches)
        parts = islands(range(len(self.buses)), *self.ends[alive].T)
        kept, _ = _ptdf(self.ends[alive], self.susceptance[alive], parts, self.slack)
        result = np.zeros_like(self.ptdf)
        result[alive] = kept
        return result

    def flows(self, injections: Floats) -> Floats:
        """Return branch flows in MW, (L, ...), for bus injections in MW, (N, ...), feed-in positive."""
        return np.asarray(self.ptdf @ injections)

    def injections(self, stations: pd.DataFrame) -> Floats:
        """Return bus injections, (N, hours), from net take-off per station.

        Parameters
        ----------
        stations : DataFrame
            Index station_id, one column per hour, MW, take-off positive.

        Raises
        ------
        KeyError
            If a station has no bus in this grid.
        """
        result = np.zeros((len(self.buses), stations.shape[1]))
        at = [self.station_bus[str(station)] for station in stations.index]
        np.subtract.at(result, at, stations.to_numpy(dtype=float))
        return result

    def transit(self, pattern: Mapping[str, float]) -> Floats:
        """Return the branch flows, (L,), of a national transit pattern.

        Parameters
        ----------
        pattern : mapping
            Fixed injection per bus id in MW, feed-in positive; adds to zero within each island.

        Raises
        ------
        ValueError
            If a bus is not in this grid or the pattern does not balance.
        """
        unknown = sorted(set(pattern) - set(self.buses))
        if unknown:
            message = f"transit names buses that are not in the grid: {', '.join(unknown)}"
            raise ValueError(message)
        at = np.array([pattern.get(bus, 0.0) for bus in self.buses])
        rest = np.bincount(self.island, weights=at)
        if np.abs(rest).max(initial=0.0) > 1e-6:
            message = f"transit does not balance: {np.abs(rest).max():g} MW are left in one part of the grid"
            raise ValueError(message)
        return self.flows(at)


def sensitivities(grid: GridState) -> Sensitivities:
    """Compute PTDF, LODF and all outages of the grid in force.

    Parameters
    ----------
    grid : GridState
        A grid without topology problems; see :func:`pmiek.network.check_topology`.

    Returns
    -------
    Sensitivities
        The medium-voltage side is left out: it is radial and carries what its station carries.
    """
    table, buses = branch_table(grid), hv_buses(grid)
    index = pd.Index(buses["bus_id"])
    ends = np.stack([index.get_indexer(table[side]) for side in ("bus0", "bus1")], axis=1).astype(np.int64)
    b = table["susceptance"].to_numpy(dtype=float)
    island = islands(index, table["bus0"], table["bus1"])
    ptdf, slack = _ptdf(ends, b, island, buses["slack_share"].to_numpy(dtype=float))
    transfer = ptdf[:, ends[:, 0]] - ptdf[:, ends[:, 1]]
    position = {name: i for i, name in enumerate(table["branch_id"])}
    faults: list[Fault] = [(str(name), "single", (i,)) for name, i in position.items()]
    faults += [
        (name, "tower", tuple(position[c] for c in members))
        for name, members in tower_groups(grid.circuits).items()
    ]
    outages = tuple(_outage(fault, transfer, ends, slack) for fault in faults)
    lodf = np.full((len(table), len(table)), np.nan)
    for outage in outages[: len(table)]:
        if outage.redistribution is not None:
            lodf[:, outage.branches[0]] = outage.redistribution[:, 0]
    lowest = buses.sort_values(["voltage_kv", "bus_id"], kind="stable").drop_duplicates("station_id")
    units = grid.transformers[grid.transformers["kind"] == "station"].drop_duplicates("station_id")
    feeding = units.set_index("station_id")["bus0"].to_dict()  # medium voltage may hang on 220 kV directly
    return Sensitivities(
        buses=tuple(index),
        branches=tuple(table["branch_id"]),
        asset_ids=tuple(table["asset_id"]),
        asset_classes=tuple(table["asset_class"]),
        ends=ends,
        susceptance=b,
        island=island,
        slack=slack,
        ptdf=ptdf,
        lodf=lodf,
        outages=outages,
        station_bus={
            str(s): int(index.get_loc(feeding.get(s, b)))
            for s, b in zip(lowest["station_id"], lowest["bus_id"], strict=True)
        },
    )


def transit_pattern(grid: GridState, name: str, transit_mw: float) -> dict[str, float]:
    """Return the fixed injections of a national transit pattern.

    Boundary buses north of their mean latitude (weighted by slack share) stand against those south of it; on
    each side the transit is spread by slack share.

    Parameters
    ----------
    grid : GridState
        Reads ``slack_share`` of the buses and ``lat`` of the stations.
    name : str
        ``none``, ``north_south`` or ``south_north``.
    transit_mw : float
        Power that enters on one side and leaves on the other.

    Returns
    -------
    dict
        MW per bus id, feed-in positive; empty for ``none``. For :meth:`Sensitivities.transit`.

    Raises
    ------
    ValueError
        If the name is unknown or all boundary buses lie on one side.
    """
    sign = {"none": 0.0, "north_south": 1.0, "south_north": -1.0}.get(name)
    if sign is None:
        message = f"transit pattern {name!r} is unknown; known: none, north_south, south_north"
        raise ValueError(message)
    if sign == 0.0 or transit_mw == 0.0:
        return {}
    boundary = grid.buses[grid.buses["slack_share"] > 0]
    share = boundary["slack_share"].to_numpy(dtype=float)
    lat = boundary["station_id"].map(grid.stations.set_index("station_id")["lat"]).to_numpy(dtype=float)
    north = lat > float(np.average(lat, weights=share))
    if north.all() or not north.any():
        message = "transit needs boundary buses on two sides, with positions"
        raise ValueError(message)
    spread = np.where(north, share / share[north].sum(), -share / share[~north].sum())
    return dict(zip(boundary["bus_id"].astype("str"), (sign * transit_mw * spread).tolist(), strict=True))


def hv_buses(grid: GridState) -> pd.DataFrame:
    """Return the buses above the station transformers, in file order."""
    mv = grid.transformers.loc[grid.transformers["kind"] == "station", "bus1"]
    return grid.buses[~grid.buses["bus_id"].isin(mv)]


def branch_table(grid: GridState) -> pd.DataFrame:
    """Return the branches of the flow model: branch_id, asset_id, asset_class, bus0, bus1, susceptance.

    The susceptance is in MW per radian: V²/x for a circuit (kV, ohm), rated MVA over the short-circuit
    voltage for a transformer unit.
    """
    kv = grid.buses.set_index("bus_id")["voltage_kv"].astype(float)
    lines, units = grid.circuits, grid.transformers[grid.transformers["kind"] == "coupling"]
    circuits = pd.DataFrame(
        {
            "branch_id": lines["circuit_id"],
            "asset_id": lines["corridor_id"],
            "asset_class": "circuit",
            "bus0": lines["bus0"],
            "bus1": lines["bus1"],
            "susceptance": lines["bus0"].map(kv) ** 2 / lines["x_ohm"],
        }
    )
    couplings = pd.DataFrame(
        {
            "branch_id": units["unit_id"],
            "asset_id": units["group_id"],
            "asset_class": "coupling_transformer",
            "bus0": units["bus0"],
            "bus1": units["bus1"],
            "susceptance": units["rated_mva"] / (units["x_pct"] / 100.0),
        }
    )
    return pd.concat([circuits, couplings], ignore_index=True)


def _ptdf(ends: Ints, b: Floats, island: Ints, share: Floats) -> tuple[Floats, Floats]:
    """PTDF (L, N) with distributed slack per island, and the slack shares normalised per island."""
    n = len(island)
    total = np.bincount(island, weights=share, minlength=n)[island]
    slack = np.divide(share, total, out=np.zeros(n), where=total > 0)
    fed = total > 0
    laplacian = np.zeros((n, n))
    np.add.at(laplacian, (ends[:, 0], ends[:, 0]), b)
    np.add.at(laplacian, (ends[:, 1], ends[:, 1]), b)
    np.subtract.at(laplacian, (ends[:, 0], ends[:, 1]), b)
    np.subtract.at(laplacian, (ends[:, 1], ends[:, 0]), b)
    reference = np.unique(island, return_index=True)[1]
    keep = np.setdiff1d(np.arange(n), reference)
    angle = np.zeros((n, n))
    if len(keep):
        angle[np.ix_(keep, keep)] = np.linalg.inv(laplacian[np.ix_(keep, keep)])
    single = b[:, None] * (angle[ends[:, 0]] - angle[ends[:, 1]])
    same = (island[:, None] == island[None, :]).astype(float)
    ptdf = single - single @ (slack[:, None] * same)
    return np.where(fed[None, :], ptdf, 0.0), slack


def _outage(fault: Fault, transfer: Floats, ends: Ints, slack: Floats) -> Outage:
    name, kind, failed = fault
    out = list(failed)
    inner = np.eye(len(out)) - transfer[np.ix_(out, out)]
    if np.linalg.svd(inner, compute_uv=False).min() > SINGULAR:
        shift = transfer[:, out] @ np.linalg.inv(inner)
        shift[out] = -np.eye(len(out))
        return Outage(name, kind, failed, shift)
    alive = np.setdiff1d(np.arange(len(ends)), out)
    n = len(slack)
    before = islands(range(n), *ends.T)
    after = islands(range(n), *ends[alive].T)
    was_fed = np.isin(before, before[slack > 0])
    lost = was_fed & ~np.isin(after, after[slack > 0])
    return Outage(name, kind, failed, None, tuple(int(i) for i in np.flatnonzero(lost)))
