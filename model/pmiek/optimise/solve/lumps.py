"""From continuous megawatts to what can be bought: whole transformers, circuits and stations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmiek.optimise.solve.case import Array, PathwayCase, firm_mva, most_units, with_units
from pmiek.optimise.solve.program import HV_ASSETS, hv_assets
from pmiek.optimise.solve.solution import Solution

#: Less than this is solver noise, in MW or MWh.
NOISE = 0.05


@dataclass(frozen=True)
class Rounded:
    """A plan in whole units.

    Attributes
    ----------
    capacity : dict of str to DataFrame
        In service, index year, columns ids; what is paid for (MVA of transformers, MW, MWh, whole options).
    build : dict of str to DataFrame
        Added in the period.
    units_mva : tuple (period) of tuple (station) of tuple of float
        Transformers in service, old and new.
    firm_gain_mva : DataFrame
        What the plan adds with the largest unit out, new stations included; index year, columns station rows.
    """

    capacity: dict[str, pd.DataFrame]
    build: dict[str, pd.DataFrame]
    units_mva: tuple[tuple[tuple[float, ...], ...], ...]
    firm_gain_mva: pd.DataFrame


def round_up(case: PathwayCase, solution: Solution, *, tolerance: float, new_station_mw: float) -> Rounded:
    """Round a continuous plan up to standard units within what a plot can hold.

    Parameters
    ----------
    case : PathwayCase
    solution : Solution
        Continuous plan.
    tolerance : float
        Builds below this share of the capacity present are left out: that exceedance is accepted.
    new_station_mw : float
        Firm MW of a new standard station.

    Returns
    -------
    Rounded
        What does not fit on the plot becomes whole new stations.
    """
    capacity = {name: table.where(table > NOISE, 0.0) for name, table in solution.capacity.items()}
    transformers, overflow, units = _stations(case, capacity, tolerance)
    capacity["station_transformer"] = transformers
    new = capacity["new_station"] + overflow
    capacity["new_station"] = _whole(new.where(new > NOISE, 0.0), np.array(new_station_mw))
    if "option" in capacity:
        capacity["option"] = (capacity["option"] > 0.0).astype(float)
    for asset in HV_ASSETS:
        if asset in capacity:
            table = hv_assets(case, asset)
            small = capacity[asset] <= tolerance * table["existing_mw"].to_numpy(dtype=float)[None, :]
            unit = table["unit_mw"].to_numpy(dtype=float)[None, :]
            capacity[asset] = _whole(capacity[asset].where(~small, 0.0), unit)
    build = {
        name: builds(case, "new_station" if name == "option" else name, t) for name, t in capacity.items()
    }
    before, _ = case.firm_and_gross()
    gain = np.array([[firm_mva(u) for u in row] for row in units]) - before
    return Rounded(capacity, build, units, capacity["new_station"] + gain)


def _whole(table: pd.DataFrame, unit: Array) -> pd.DataFrame:
    values = np.ceil(table.to_numpy(dtype=float) / unit - 1e-9) * unit
    return pd.DataFrame(np.abs(values), index=table.index, columns=table.columns)


def builds(case: PathwayCase, asset: str, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return what must be added per period to have this capacity in service, given lifetimes."""
    alive = case.alive(asset)
    wanted = capacity.to_numpy(dtype=float)
    added = np.zeros_like(wanted)
    for p in range(len(wanted)):
        added[p] = np.maximum(0.0, wanted[p] - alive[p] @ added)
    return pd.DataFrame(added, index=capacity.index, columns=capacity.columns)


def _stations(
    case: PathwayCase, capacity: dict[str, pd.DataFrame], tolerance: float
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[tuple[tuple[float, ...], ...], ...]]:
    wanted = capacity["station_transformer"].to_numpy(dtype=float)
    paid, overflow = np.zeros_like(wanted), np.zeros_like(wanted)
    all_units = []
    unit = case.stations["unit_mva"].to_numpy(dtype=float)
    most = case.stations["max_units"].to_numpy(dtype=float)
    for p, stations in enumerate(case.units_mva):
        row = []
        for s, present in enumerate(stations):
            need = wanted[p, s] if wanted[p, s] > tolerance * max(firm_mva(present), 1.0) else 0.0
            room = max(0, int(most[s]) - len(present))
            before = round(paid[p - 1, s] / unit[s]) if p else 0
            count, left = units_needed(present, unit[s], need, room)
            count = max(count, before)
            paid[p, s], overflow[p, s] = count * unit[s], left
            row.append(with_units(present, unit[s], room, count))
        all_units.append(tuple(row))
    frame = capacity["station_transformer"]
    return (
        pd.DataFrame(paid, index=frame.index, columns=frame.columns),
        pd.DataFrame(overflow, index=frame.index, columns=frame.columns),
        tuple(all_units),
    )


def units_needed(
    present: tuple[float, ...], unit_mva: float, need_mva: float, room: int
) -> tuple[int, float]:
    """Return how many standard units give the firm MVA needed, and the MVA that does not fit.

    Firm capacity is what is left with the largest unit out, so a first large unit beside small ones adds
    only the size of the former largest: 3 x 40 has 80 firm, 3 x 40 + 90 has 120. When the plot is full,
    smaller units give way to standard ones.
    """
    if need_mva <= NOISE:
        return 0, 0.0
    start = firm_mva(present)
    most = most_units(present, unit_mva, room)
    for count in range(1, most + 1):
        if firm_mva(with_units(present, unit_mva, room, count)) - start >= need_mva - 1e-6:
            return count, 0.0
    return most, max(0.0, need_mva - (firm_mva(with_units(present, unit_mva, room, most)) - start))


def plan_mva(rounded: Rounded) -> tuple[Array, Array]:
    """Return firm and gross MVA (period, station) of the rounded plan, new stations included."""
    firm = np.array([[firm_mva(u) for u in stations] for stations in rounded.units_mva])
    gross = np.array([[float(sum(u)) for u in stations] for stations in rounded.units_mva])
    new = rounded.capacity["new_station"].to_numpy(dtype=float)
    return firm + new, gross + new
