"""High-voltage limits in the pathway: only the element, outage and hour combinations that are violated."""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from model.solve.case import Array, HvGrid, Indices, PathwayCase

#: Sensitivities below this do not count as a lever: MW of flow per MW at the station.
LEVER = 0.02


@dataclass(frozen=True)
class HvRows:
    """Combinations that must stay within limits.

    Attributes
    ----------
    period, day, hour, element, state : array (row)
        Positions; `day` counts the chosen days, `state` 0 is the intact grid, 1 + o is outage o.
    sign : array (row)
        +1 when the flow with the element's direction is too high, -1 against it.
    coefficient : array (row, station)
        Change of the signed flow per MW of extra net load at the station.
    room_mw : array (row)
        Rating less the signed flow without any measure; negative when exceeded.
    share : array (row)
        Relief per MW of extra capacity of the element's asset.
    """

    period: Indices
    day: Indices
    hour: Indices
    element: Indices
    state: Indices
    sign: Array
    coefficient: Array
    room_mw: Array
    share: Array

    def __len__(self) -> int:
        return len(self.period)

    def keys(self) -> set[tuple[int, ...]]:
        """Return the identity of every row."""
        columns = (self.period, self.day, self.hour, self.element, self.state, self.sign.astype(int))
        return set(zip(*(c.tolist() for c in columns), strict=True))

    def active_station_days(self, shape: tuple[int, ...]) -> np.ndarray:
        """Mark (period, station, chosen day) where a station is a lever for one of the rows."""
        active = np.zeros(shape, dtype=bool)
        row, station = np.nonzero(np.abs(self.coefficient) >= LEVER)
        active[self.period[row], station, self.day[row]] = True
        return active


def violated_rows(case: PathwayCase, net_mw: Array, base_net_mw: Array, season: Indices, extra_mw: dict[str, Array],
                  tolerance: float) -> HvRows | None:
    """Find, per element, hour and direction, the worst state that exceeds its limit.

    Parameters
    ----------
    case : PathwayCase
    net_mw : array (period, station, day, 24)
        Net load after all measures.
    base_net_mw : array
        The same without measures; rows are written against it.
    season : array (day, 24)
    extra_mw : dict
        Asset id to extra MW (period).
    tolerance : float
        Share of the rating that is still accepted.

    Returns
    -------
    HvRows or None
        None when nothing exceeds.
    """
    parts = [
        part
        for p, grid in enumerate(case.hv)
        for day in range(net_mw.shape[2])
        if (part := _violated(p, day, grid, net_mw[p, :, day], base_net_mw[p, :, day], season[day], extra_mw, tolerance))
        is not None
    ]
    return join_rows(parts)


def join_rows(parts: list[HvRows]) -> HvRows | None:
    """Put rows together; None when there are none."""
    if not parts:
        return None
    names = ("period", "day", "hour", "element", "state", "sign", "coefficient", "room_mw", "share")
    return HvRows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def new_rows(known: HvRows | None, found: HvRows | None) -> HvRows | None:
    """Return the rows of `found` that are not in `known` yet."""
    if known is None or found is None:
        return found
    old = known.keys()
    columns = (found.period, found.day, found.hour, found.element, found.state, found.sign.astype(int))
    keep = np.array([key not in old for key in zip(*(c.tolist() for c in columns), strict=True)], dtype=bool)
    if not keep.any():
        return None
    names = ("period", "day", "hour", "element", "state", "sign", "coefficient", "room_mw", "share")
    return HvRows(**{name: getattr(found, name)[keep] for name in names})


def extra_of_elements(grid: HvGrid, extra_mw: dict[str, Array], period: int) -> Array:
    """Return extra MW of each element's asset in a period."""
    return np.array([
        float(extra_mw[asset][period]) if asset in extra_mw else 0.0 for asset in grid.elements["asset_id"]
    ])


def _violated(
    p: int, day: int, grid: HvGrid, net: Array, base: Array, season: Indices, extra_mw: dict[str, Array],
    tolerance: float,
) -> HvRows | None:
    stack = grid.stack
    relief = grid.share * extra_of_elements(grid, extra_mw, p)[None, :]
    rating = grid.rating_mw(season)
    flow = grid.base_flow_mw[:, :, None] - stack @ net
    found = []
    for sign in (1.0, -1.0):
        over = sign * flow - rating[None] - relief[:, :, None]
        state = over.argmax(0)
        worst = np.take_along_axis(over, state[None], 0)[0]
        element, hour = np.nonzero(worst > tolerance * rating)
        if len(element):
            s = state[element, hour]
            coefficient = -sign * stack[s, element]
            free = sign * (grid.base_flow_mw[s, element] - np.einsum("rs,sr->r", stack[s, element], base[:, hour]))
            found.append(HvRows(np.full(len(hour), p), np.full(len(hour), day), hour, element, s,
                                np.full(len(hour), sign), coefficient, rating[element, hour] - free,
                                grid.share[s, element]))
    return join_rows(found)


def add_hv_rows(
    model: linopy.Model, case: PathwayCase, rows: HvRows, lookup: Indices, base_net_mw: Array
) -> None:
    """Add the rows: coefficient x shift at the stations, less extra capacity, stays within the room left."""
    row = pd.RangeIndex(len(rows), name="row")
    stations = pd.RangeIndex(base_net_mw.shape[1], name="lever")
    slot = lookup[rows.period, :, rows.day]
    usable = (slot >= 0) & (np.abs(rows.coefficient) >= LEVER)
    coords = {"row": row, "lever": stations}
    pick = xr.DataArray(np.where(usable, slot, 0), coords=coords, dims=["row", "lever"])
    hour = xr.DataArray(rows.hour, coords={"row": row}, dims=["row"])
    shift = model.variables["shift"].isel(slot=pick, hour=hour)
    left = (shift * xr.DataArray(np.where(usable, rows.coefficient, 0.0), coords=coords, dims=["row", "lever"]))
    expression = left.drop_vars(["slot", "hour"], errors="ignore").sum("lever")
    for name in ("circuit", "coupling_transformer"):
        if f"cap_{name}" in model.variables:
            expression = expression - _capacity_term(model.variables[f"cap_{name}"], name, case, rows, row)
    model.add_constraints(expression <= xr.DataArray(rows.room_mw, coords={"row": row}, dims=["row"]), name="high_voltage")


def _capacity_term(
    variable: linopy.Variable, name: str, case: PathwayCase, rows: HvRows, row: pd.RangeIndex
) -> linopy.LinearExpression:
    order = {asset: a for a, asset in enumerate(variable.indexes[name])}
    assets = [case.hv[p].elements["asset_id"].iloc[m] for p, m in zip(rows.period, rows.element, strict=True)]
    position = np.array([order.get(asset, -1) for asset in assets])
    where = {"coords": {"row": row}, "dims": ["row"]}
    picked = variable.isel({"period": xr.DataArray(rows.period, **where),
                            name: xr.DataArray(np.maximum(position, 0), **where)})
    factor = xr.DataArray(np.where(position >= 0, rows.share, 0.0), **where)
    return (picked * factor).drop_vars(["period", name], errors="ignore")
