"""AC power flow with power-grid-model: many hours and outages of one grid in one batch.

Boundary buses hold their voltage. As in the DC calculation each of them takes a fixed share of the balance;
the one with the largest share of its part of the grid takes what is left, losses included. power-grid-model
has no bus with given power and voltage, so every boundary bus is a source whose angle is sought: a Newton
step with the DC network seen from the boundary (Kron reduction), repeated until the powers fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from power_grid_model import LoadGenType, PowerGridModel, initialize_array
from power_grid_model.errors import PowerGridBatchError, PowerGridError  # type: ignore[attr-defined]

from pmiek.network.state import COPPER_LOSS, station_buses
from pmiek.network.topology import islands

if TYPE_CHECKING:
    from pmiek.arrays import Bools, Floats, Ints
    from pmiek.network import GridState
    from pmiek.security.acflow.electrical import Electrical

FREQUENCY_HZ: Final = 50.0
STIFF_VA: Final = 1e16  # short-circuit power of a boundary bus: its voltage does not move
TOLERANCE_MW: Final = 1e-4
MAX_ROUNDS: Final = 40
MW: Final = 1e6
KV: Final = 1e3
WYE: Final = 1  # grounded star on both sides: no phase shift


@dataclass(frozen=True, eq=False)
class Injections:
    """What stations take in each case.

    Attributes
    ----------
    stations : tuple of str
        Row order.
    take_off_mw, take_off_mvar : ndarray, (stations, cases)
        Net power taken; feed-in negative.
    outages : tuple of tuple of str, one per case
        Circuits or units that are out; empty with all in service.
    """

    stations: tuple[str, ...]
    take_off_mw: Floats
    take_off_mvar: Floats
    outages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Solution:
    """Voltages and flows of all cases; NaN where a case has no solution.

    Attributes
    ----------
    buses, branches : tuple of str
        Column order; branches are circuits, then transformer units.
    ends : ndarray, (branches, 2)
        Positions of bus0 and bus1.
    voltage_pu : ndarray, (cases, buses)
        NaN for a bus that an outage cuts off.
    p_mw, q_mvar : ndarray, (cases, branches, 2)
        Power that enters the branch at bus0 and at bus1.
    dc_mw : ndarray, (cases, branches)
        DC flow from bus0 to bus1, with the same injections and slack shares.
    boundary : tuple of str
        Boundary buses.
    boundary_mw, boundary_mvar : ndarray, (cases, boundary)
        Power that they deliver.
    converged : ndarray of bool, (cases,)
        The power flow has a solution with every boundary share within the tolerance.
    """

    buses: tuple[str, ...]
    branches: tuple[str, ...]
    ends: Ints
    voltage_pu: Floats
    p_mw: Floats
    q_mvar: Floats
    dc_mw: Floats
    boundary: tuple[str, ...]
    boundary_mw: Floats
    boundary_mvar: Floats
    converged: Bools

    def replaced(self, at: Ints, other: Solution, cases: Ints) -> None:
        """Put cases of another calculation of the same grid in place of as many cases of this one."""
        for name in ("voltage_pu", "p_mw", "q_mvar", "boundary_mw", "boundary_mvar", "converged"):
            getattr(self, name)[at] = getattr(other, name)[cases]

    @property
    def losses_mw(self) -> Floats:
        """Losses of all branches per case."""
        return np.asarray(np.nansum(self.p_mw, axis=(1, 2)))


@dataclass(frozen=True, eq=False)
class _Parts:
    """Branches of the grid with positions of their ends, and the boundary."""

    buses: pd.Index
    branches: pd.Index
    n_lines: int
    ends: Ints
    susceptance: Floats
    boundary: Ints
    share: Floats
    station_bus: Ints


@dataclass(eq=False)
class _Dc:
    """DC result of one case and the matrix that moves its boundary angles."""

    flow: Floats
    target: Floats
    angle: Floats
    free: Ints
    step: Floats


def solve(grid: GridState, electrical: Electrical, injections: Injections) -> Solution:
    """Solve the AC power flow of all cases.

    Parameters
    ----------
    grid : GridState
        Tables in force, medium-voltage buses included; only closed circuits take part.
    electrical : Electrical
        Boundary voltage and line charging; the injections hold the reactive power already.
    injections : Injections
        Power per station and the outage of each case.

    Returns
    -------
    Solution
        In the order of the cases.

    Raises
    ------
    KeyError
        If an outage names a branch, or the injections a station, that is not in the grid.
    """
    parts = _parts(grid, injections.stations)
    cases = len(injections.outages)
    taken = np.zeros((cases, len(parts.buses)))
    np.add.at(taken.T, parts.station_bus, injections.take_off_mw)
    out = [_positions(parts, names) for names in injections.outages]
    dc = _dc_cases(parts, taken, out)
    model = PowerGridModel(_input(grid, parts, electrical, injections.stations))
    update = _update(parts, injections, out)
    # the AC grid is stiffer than the DC one by the voltage squared
    steps = [d.step / electrical.boundary_voltage_pu**2 for d in dc]
    angle = np.array([d.angle for d in dc]).reshape(cases, -1)
    left = np.arange(cases)
    result = _empty(parts, cases, np.array([d.flow for d in dc]).reshape(cases, -1))
    for _ in range(MAX_ROUNDS):
        if not len(left):
            break
        angles = _angle_update(parts, angle[left])
        answer, failed = _batch(model, {k: v[left] for k, v in update.items()} | {"source": angles})
        if answer is None:
            break
        delivered = answer["source"]["p"] / MW
        gap = np.zeros_like(delivered)
        for row, case in enumerate(left):
            free = dc[case].free
            gap[row, free] = dc[case].target[free] - delivered[row, free]
            angle[case, free] += steps[case] @ gap[row, free]
        fits = ~failed & (np.abs(gap).max(axis=1, initial=0.0) < TOLERANCE_MW)
        _store(result, parts, answer, left, fits)
        left = left[~failed & ~fits]
    return result


def _parts(grid: GridState, stations: Sequence[str]) -> _Parts:
    buses = pd.Index(grid.buses["bus_id"])
    kv = grid.buses.set_index("bus_id")["voltage_kv"].astype(float)
    lines, units = grid.circuits, grid.transformers
    ends = np.concatenate(
        [np.stack([buses.get_indexer(t["bus0"]), buses.get_indexer(t["bus1"])], 1) for t in (lines, units)]
    )
    susceptance = np.concatenate(
        [
            (lines["bus0"].map(kv) ** 2 / lines["x_ohm"]).to_numpy(dtype=float),
            (units["rated_mva"] / units["x_pct"] * 100.0).to_numpy(dtype=float),
        ]
    )
    share = grid.buses["slack_share"].to_numpy(dtype=float)
    at = station_buses(grid).reindex(list(stations))
    if at.isna().any():
        message = f"stations that are not in the grid: {', '.join(map(str, at.index[at.isna()]))}"
        raise KeyError(message)
    names = pd.Index([*lines["circuit_id"].astype("str"), *units["unit_id"].astype("str")])
    return _Parts(
        buses,
        names,
        len(lines),
        ends.astype(np.int64),
        susceptance,
        np.flatnonzero(share > 0),
        share,
        buses.get_indexer(at),
    )


def _positions(parts: _Parts, names: Sequence[str]) -> Ints:
    at = parts.branches.get_indexer(pd.Index(list(names), dtype="str"))
    if (at < 0).any():
        message = f"an outage names what is not in the grid: {', '.join(names)}"
        raise KeyError(message)
    return at.astype(np.int64)


def _dc_cases(parts: _Parts, taken: Floats, out: list[Ints]) -> list[_Dc]:
    grouped: dict[tuple[int, ...], list[int]] = {}
    for case, positions in enumerate(out):
        grouped.setdefault(tuple(positions.tolist()), []).append(case)
    result: dict[int, _Dc] = {}
    for failed, members in grouped.items():
        result |= dict(zip(members, _dc(parts, taken[members], failed), strict=True))
    return [result[case] for case in range(len(out))]


def _dc(parts: _Parts, taken: Floats, failed: tuple[int, ...]) -> list[_Dc]:
    """DC power flow of the cases with the same outage, slack distributed per part of the grid."""
    n = len(parts.buses)
    b = parts.susceptance.copy()
    b[list(failed)] = 0.0
    alive = b > 0
    first, second = parts.ends[:, 0], parts.ends[:, 1]
    island = islands(range(n), first[alive], second[alive])
    total = np.bincount(island, weights=parts.share, minlength=n)
    share = np.divide(parts.share, total[island], out=np.zeros(n), where=total[island] > 0)
    fed = total[island] > 0
    demand = np.where(fed, taken, 0.0)
    per_island = np.stack([np.bincount(island, weights=row, minlength=n) for row in demand])
    delivered = share * per_island[:, island]
    laplacian = np.zeros((n, n))
    for a, c, sign in ((first, first, 1), (second, second, 1), (first, second, -1), (second, first, -1)):
        np.add.at(laplacian, (a, c), sign * b)
    leads = _leads(parts, share, island)
    first_of = np.unique(island, return_index=True)[1]
    reference = np.union1d(leads, first_of[~fed[first_of]])
    keep = np.setdiff1d(np.arange(n), reference)
    angle = np.zeros((len(taken), n))
    angle[:, keep] = np.linalg.solve(laplacian[np.ix_(keep, keep)], (delivered - demand)[:, keep].T).T
    flow = b * (angle[:, first] - angle[:, second])
    free = np.flatnonzero(~np.isin(parts.boundary, leads))
    inner = np.linalg.inv(laplacian[np.ix_(keep, keep)])
    where = np.searchsorted(keep, parts.boundary[free])
    step = np.asarray(inner[np.ix_(where, where)], dtype=np.float64)
    at = parts.boundary
    return [_Dc(flow[i], delivered[i, at], angle[i, at].copy(), free, step) for i in range(len(taken))]


def _leads(parts: _Parts, share: Floats, island: Ints) -> Ints:
    """Boundary bus with the largest share, per part of the grid."""
    order = parts.boundary[np.argsort(-share[parts.boundary], kind="stable")]
    return order[np.sort(np.unique(island[order], return_index=True)[1])]


def _input(grid: GridState, parts: _Parts, electrical: Electrical, stations: Sequence[str]) -> dict[str, Any]:
    kv = grid.buses["voltage_kv"].to_numpy(dtype=float)
    n, lines, units = len(parts.buses), parts.n_lines, len(parts.branches) - parts.n_lines
    node = initialize_array("input", "node", n)
    node["id"], node["u_rated"] = np.arange(n), kv * KV
    line = initialize_array("input", "line", lines)
    line["id"] = n + np.arange(lines)
    line["from_node"], line["to_node"] = parts.ends[:lines].T
    line["r1"], line["x1"] = (grid.circuits[c].to_numpy(dtype=float) for c in ("r_ohm", "x_ohm"))
    siemens = electrical.charging_mvar(grid.circuits).to_numpy() / kv[parts.ends[:lines, 0]] ** 2
    line["c1"], line["tan1"] = siemens / (2.0 * np.pi * FREQUENCY_HZ), 0.0
    unit = initialize_array("input", "transformer", units)
    unit["id"] = n + lines + np.arange(units)
    unit["from_node"], unit["to_node"] = parts.ends[lines:].T
    unit["u1"], unit["u2"] = (kv[parts.ends[lines:, side]] * KV for side in (0, 1))
    coupling = (grid.transformers["kind"] == "coupling").to_numpy()
    unit["u2"][coupling] *= 1.0 + electrical.coupling_tap_pu
    rated = grid.transformers["rated_mva"].to_numpy(dtype=float) * MW
    unit["sn"], unit["pk"] = rated, rated * COPPER_LOSS
    unit["uk"] = np.hypot(grid.transformers["x_pct"].to_numpy(dtype=float) / 100.0, COPPER_LOSS)
    for zero in ("i0", "p0", "clock", "tap_pos", "tap_min", "tap_max", "tap_nom", "tap_size"):
        unit[zero] = 0
    unit["winding_from"] = unit["winding_to"] = WYE
    unit["tap_side"] = 0
    for branch in (line, unit):
        branch["from_status"] = branch["to_status"] = 1
    load = initialize_array("input", "sym_load", len(stations))
    load["id"] = _first_load(parts) + np.arange(len(stations))
    load["node"], load["status"] = parts.station_bus, 1
    load["type"] = LoadGenType.const_power
    load["p_specified"] = load["q_specified"] = 0.0
    source = initialize_array("input", "source", len(parts.boundary))
    source["id"] = _first_source(parts, len(stations)) + np.arange(len(parts.boundary))
    source["node"], source["status"] = parts.boundary, 1
    source["u_ref"], source["sk"] = electrical.boundary_voltage_pu, STIFF_VA
    return {"node": node, "line": line, "transformer": unit, "sym_load": load, "source": source}


def _first_load(parts: _Parts) -> int:
    return len(parts.buses) + len(parts.branches)


def _first_source(parts: _Parts, stations: int) -> int:
    return _first_load(parts) + stations


def _update(parts: _Parts, injections: Injections, out: list[Ints]) -> dict[str, Any]:
    cases, stations = len(out), len(injections.stations)
    load = initialize_array("update", "sym_load", (cases, stations))
    load["id"] = _first_load(parts) + np.arange(stations)
    load["p_specified"] = injections.take_off_mw.T * MW
    load["q_specified"] = injections.take_off_mvar.T * MW
    update: dict[str, Any] = {"sym_load": load}
    kinds = {"line": (0, parts.n_lines), "transformer": (parts.n_lines, len(parts.branches))}
    for kind, (low, high) in kinds.items():
        width = max((int(((f >= low) & (f < high)).sum()) for f in out), default=0)
        if not width:
            continue
        branch = initialize_array("update", kind, (cases, width))
        branch["id"] = len(parts.buses) + low + np.arange(width)
        branch["from_status"] = branch["to_status"] = 1
        for case, failed in enumerate(out):
            here = failed[(failed >= low) & (failed < high)]
            others = np.setdiff1d(np.arange(low, low + width + len(here)), here)[: width - len(here)]
            branch["id"][case] = len(parts.buses) + np.concatenate([here, others])
            branch["from_status"][case, : len(here)] = branch["to_status"][case, : len(here)] = 0
        update[kind] = branch
    return update


def _angle_update(parts: _Parts, angle: Floats) -> Any:
    source = initialize_array("update", "source", angle.shape)
    stations = len(parts.station_bus)
    source["id"] = _first_source(parts, stations) + np.arange(angle.shape[1])
    source["u_ref_angle"] = angle
    return source


def _batch(model: Any, update: dict[str, Any]) -> tuple[dict[str, Any] | None, Bools]:
    cases = len(update["source"])
    failed = np.zeros(cases, dtype=bool)
    try:
        answer = model.calculate_power_flow(
            update_data=update,
            error_tolerance=1e-10,
            continue_on_batch_error=True,
            output_component_types=["node", "line", "transformer", "source"],
        )
    except PowerGridError:
        return None, ~failed
    error = model.batch_error
    if isinstance(error, PowerGridBatchError):
        failed[error.failed_scenarios] = True
    return answer, failed


def _empty(parts: _Parts, cases: int, flow: Floats) -> Solution:
    def gaps(*shape: int) -> Floats:
        return np.full((cases, *shape), np.nan)

    branches, boundary = len(parts.branches), len(parts.boundary)
    return Solution(
        tuple(parts.buses.astype("str")),
        tuple(parts.branches),
        parts.ends,
        gaps(len(parts.buses)),
        gaps(branches, 2),
        gaps(branches, 2),
        flow,
        tuple(parts.buses[parts.boundary].astype("str")),
        gaps(boundary),
        gaps(boundary),
        np.zeros(cases, dtype=bool),
    )


def _store(result: Solution, parts: _Parts, answer: dict[str, Any], cases: Ints, fits: Bools) -> None:
    to, lines = cases[fits], parts.n_lines
    node = answer["node"]
    result.voltage_pu[to] = np.where(node["energized"] == 1, node["u_pu"], np.nan)[fits]
    for kind, where in (("line", slice(None, lines)), ("transformer", slice(lines, None))):
        if kind not in answer:
            continue
        for side, end in enumerate(("from", "to")):
            result.p_mw[to, where, side] = answer[kind][f"p_{end}"][fits] / MW
            result.q_mvar[to, where, side] = answer[kind][f"q_{end}"][fits] / MW
    result.boundary_mw[to] = answer["source"]["p"][fits] / MW
    result.boundary_mvar[to] = answer["source"]["q"][fits] / MW
    result.converged[to] = True
