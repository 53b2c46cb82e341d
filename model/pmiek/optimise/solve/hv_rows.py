"""High-voltage limits in the pathway: only the element, outage and hour combinations that are violated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from pmiek.optimise.solve.case import Array, HvGrid, Indices, PathwayCase, high_voltage_view

#: Sensitivities below this do not count as a lever: MW of flow per MW at the station.
LEVER = 0.02
NAMES = ("period", "day", "hour", "element", "state", "sign", "coefficient", "room_mw", "share", "tripped")


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
    tripped : array (row, station)
        1 where switchable generation is off after the fault, so that curtailing it changes nothing.
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
    tripped: Array

    def __len__(self) -> int:
        return len(self.period)

    def keys(self) -> set[tuple[int, ...]]:
        """Return the identity of every row."""
        columns = (self.period, self.day, self.hour, self.element, self.state, self.sign.astype(int))
        return set(zip(*(c.tolist() for c in columns), strict=True))

    def identity(self, chosen: Indices) -> Indices:
        """Return one number per row that stays the same when days are added; `chosen` are the day indices."""
        key = np.zeros(len(self), dtype=np.int64)
        for part, size in (
            (self.period, 64),
            (chosen[self.day], 1 << 20),
            (self.hour, 32),
            (self.element, 1 << 10),
            (self.state, 1 << 12),
            ((self.sign > 0).astype(np.int64), 2),
        ):
            key = key * size + part
        return key

    def worst(self, most: int) -> HvRows:
        """Keep the rows that are exceeded most, up to so many per period, element and direction."""
        order = np.argsort(self.room_mw, kind="stable")
        group = (self.period * 4096 + self.element) * 2 + (self.sign > 0)
        kept = pd.Series(group[order]).groupby(group[order]).cumcount().to_numpy() < most
        return self.only(np.sort(order[kept]))

    def on_days(self, before: Indices, now: Indices) -> HvRows | None:
        """Return the rows of days that are still chosen; `before` and `now` are the day indices."""
        position = {int(day): at for at, day in enumerate(now)}
        day = np.array([position.get(int(before[at]), -1) for at in self.day], dtype=np.int64)
        kept = np.flatnonzero(day >= 0)
        return replace(self.only(kept), day=day[kept]) if len(kept) else None

    def only(self, rows: Indices) -> HvRows:
        """Keep some rows."""
        return HvRows(**{name: getattr(self, name)[rows] for name in NAMES})

    def active_station_days(self, shape: tuple[int, ...]) -> np.ndarray:
        """Mark (period, station, chosen day) where a station is a lever for one of the rows."""
        active = np.zeros(shape, dtype=bool)
        row, station = np.nonzero(np.abs(self.coefficient) >= LEVER)
        active[self.period[row], station, self.day[row]] = True
        return active


def of_classes(case: PathwayCase, rows: HvRows | None, classes: Collection[str]) -> HvRows | None:
    """Keep the rows of elements of some asset classes; None when there are none."""
    if rows is None:
        return None
    belongs = [grid.elements["asset_class"].isin(classes).to_numpy(dtype=bool) for grid in case.hv]
    kept = np.array([belongs[p][m] for p, m in zip(rows.period, rows.element, strict=True)], dtype=bool)
    return rows.only(np.flatnonzero(kept)) if kept.any() else None


def violated_rows(  # noqa: PLR0917
    case: PathwayCase,
    net: tuple[Array, Array],
    base: tuple[Array, Array],
    season: Indices,
    extra_mw: dict[str, Array],
    tolerance: float,
) -> HvRows | None:
    """Find, per element, hour and direction, the worst state that exceeds its limit.

    Parameters
    ----------
    case : PathwayCase
    net : (array, array), each (period, station, day, 24)
        Net load after all measures, and switchable generation that then still runs.
    base : (array, array)
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
    parts = []
    for p, grid in enumerate(case.hv):
        relief = grid.share * extra_of_elements(grid, extra_mw, p)[None, :]
        stack = grid.stack
        for day in range(net[0].shape[2]):
            at = (p, slice(None), day)
            room = grid.rating_mw[:, :, season[day]] + relief[:, :, None]
            seen = high_voltage_view(net[0][at], net[1][at], case.simultaneity)
            part = _violated(
                (p, day),
                (grid, stack, room),
                seen,
                (base[0][at], base[1][at], case.simultaneity),
                season[day],
                tolerance,
            )
            parts += [part] if part is not None else []
    return join_rows(parts)


def state_flows(stack: Array, base_flow: Array, seen: tuple[Array, Array]) -> Array:
    """Return flows (1 + outage, element, hour): intact, then after each outage and what trips with it."""
    intact = base_flow[:1, :, None] - stack[:1] @ seen[0]
    return np.concatenate([intact, base_flow[1:, :, None] - stack[1:] @ seen[1]])


def join_rows(parts: list[HvRows]) -> HvRows | None:
    """Put rows together; None when there are none."""
    if not parts:
        return None
    return HvRows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in NAMES})


def new_rows(known: HvRows | None, found: HvRows | None) -> HvRows | None:
    """Return the rows of `found` that are not in `known` yet."""
    if known is None or found is None:
        return found
    old = known.keys()
    columns = (found.period, found.day, found.hour, found.element, found.state, found.sign.astype(int))
    keep = np.array([key not in old for key in zip(*(c.tolist() for c in columns), strict=True)], dtype=bool)
    if not keep.any():
        return None
    return HvRows(**{name: getattr(found, name)[keep] for name in NAMES})


def extra_of_elements(grid: HvGrid, extra_mw: dict[str, Array], period: int) -> Array:
    """Return extra MW of each element's asset in a period."""
    return np.array(
        [float(extra_mw[asset][period]) if asset in extra_mw else 0.0 for asset in grid.elements["asset_id"]]
    )


def _violated(  # noqa: PLR0917
    where: tuple[int, int],
    model: tuple[HvGrid, Array, Array],
    seen: tuple[Array, Array],
    base: tuple[Array, Array, float],
    season: Indices,
    tolerance: float,
) -> HvRows | None:
    grid, stack, room = model
    flow = state_flows(stack, grid.base_flow_mw, seen)
    view = high_voltage_view(*base)
    gains = _gains(*base)
    found = []
    for sign in (1.0, -1.0):
        over = sign * flow - room
        state = over.argmax(0)
        worst = np.take_along_axis(over, state[None], 0)[0]
        element, hour = np.nonzero(worst > tolerance * grid.rating_mw[0][:, season])
        if not len(element):
            continue
        s = state[element, hour]
        fault = (s > 0)[:, None]
        lever = stack[s, element]
        net = np.where(fault, view[1][:, hour].T, view[0][:, hour].T)
        gain = np.where(fault, gains[1][:, hour].T, gains[0][:, hour].T)
        free = sign * (grid.base_flow_mw[s, element] - (lever * net).sum(1))
        found.append(
            HvRows(
                np.full(len(hour), where[0]),
                np.full(len(hour), where[1]),
                hour,
                element,
                s,
                np.full(len(hour), sign),
                -sign * lever * gain,
                grid.rating_mw[s, element, season[hour]] - free,
                grid.share[s, element],
                (fault & (base[0][:, hour].T < 0)).astype(float),
            )
        )
    return join_rows(found)


def _gains(net: Array, switchable: Array, simultaneity: float) -> tuple[Array, Array]:
    """Return the change of what the grid sees per MW of extra net load, intact and after a fault."""
    intact = np.where(net > 0, simultaneity, 1.0)
    return intact, np.where((net < 0) & (net + switchable > 0), 0.0, intact)


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
    effect = np.where(usable, rows.coefficient, 0.0)
    left = shift * xr.DataArray(effect, coords=coords, dims=["row", "lever"])
    curtailed = model.variables["curtailed"].isel(slot=pick, hour=hour)
    left = left - curtailed * xr.DataArray(effect * rows.tripped, coords=coords, dims=["row", "lever"])
    expression = left.drop_vars(["slot", "hour"], errors="ignore").sum("lever")
    for name in ("circuit", "coupling_transformer"):
        if f"cap_{name}" in model.variables:
            expression = expression - _capacity_term(model.variables[f"cap_{name}"], name, case, rows, row)
    model.add_constraints(
        expression <= xr.DataArray(rows.room_mw, coords={"row": row}, dims=["row"]), name="high_voltage"
    )


def _capacity_term(
    variable: linopy.Variable, name: str, case: PathwayCase, rows: HvRows, row: pd.RangeIndex
) -> linopy.LinearExpression:
    order = {asset: a for a, asset in enumerate(variable.indexes[name])}
    assets = [case.hv[p].elements["asset_id"].iloc[m] for p, m in zip(rows.period, rows.element, strict=True)]
    position = np.array([order.get(asset, -1) for asset in assets])

    def at(values: Indices | Array) -> xr.DataArray:
        return xr.DataArray(values, coords={"row": row}, dims=["row"])

    picked = variable.isel({"period": at(rows.period), name: at(np.maximum(position, 0))})
    term = picked * at(np.where(position >= 0, rows.share, 0.0))
    expression: linopy.LinearExpression = term.drop_vars(["period", name], errors="ignore")
    return expression
