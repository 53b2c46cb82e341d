"""One storyline in which a plan may have to live: its pathway under all options, as arrays with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import linopy
import numpy as np
import pandas as pd
import scipy.sparse as sp

from pmiek.optimise.robust.program import Program
from pmiek.optimise.solve.case import Array, Indices, PathwayCase
from pmiek.optimise.solve.days import ChosenDays
from pmiek.optimise.solve.hv_rows import LEVER, HvRows, join_rows, new_rows, violated_rows
from pmiek.optimise.solve.program import Hourly, Slots, build_program, built_names, operating_weight

#: Builds in a table: which, and how much of it (MW, MWh of battery energy, share of a planned station).
BUILDS = ["asset_class", "asset_id", "year", "amount"]
#: Rows of the high-voltage grid that enter after a solve, per period, element and direction.
ROWS_AT_ONCE = 40


@dataclass(frozen=True, eq=False)
class Future:
    """A storyline, its chosen days and its linear problem.

    Attributes
    ----------
    case : PathwayCase
        With every option that some variant has.
    days : ChosenDays
    rows : HvRows or None
        High-voltage rows in the problem.
    program : Program
    columns : mapping of str to array of int
        Columns of each variable of the pathway, in the form of the variable.
    builds : DataFrame
        Columns asset_class, asset_id, year, column, capacity: what may be added, and when, with the columns of
        what is added and of what is then in service.
    slots : Slots
    hourly : Hourly
    weight : array (slot)
        Discounted days per year of each slot.
    """

    case: PathwayCase
    days: ChosenDays
    rows: HvRows | None
    program: Program
    columns: Mapping[str, Indices]
    builds: pd.DataFrame
    slots: Slots
    hourly: Hourly
    weight: Array

    @property
    def name(self) -> str:
        """Storyline."""
        return self.case.storyline

    def early(self, last_year: int) -> pd.DataFrame:
        """Return what may be in service by a year: the rows of ``builds`` up to it."""
        return self.builds[self.builds["year"] <= last_year]

    def built(self, values: Array, last_year: int | None = None) -> pd.DataFrame:
        """Return what a solution adds: columns ``BUILDS``, rows with an amount above zero."""
        table = self.builds if last_year is None else self.early(last_year)
        table = table.assign(amount=values[table["column"].to_numpy()])
        return table.loc[table["amount"] > 0, BUILDS].reset_index(drop=True)

    def amounts(self, decided: pd.DataFrame, last_year: int) -> tuple[Indices, Array]:
        """Return the columns of all early builds and what a decision puts there; what it leaves out is zero.

        Parameters
        ----------
        decided : DataFrame
            Columns ``BUILDS``. What this future does not know is left out of it, and so is what passes the most
            that may be in service.
        last_year : int
        """
        keys = BUILDS[:3]
        known = decided.groupby(keys, as_index=False)["amount"].sum()
        joined = self.early(last_year).merge(known, on=keys, how="left", validate="one_to_one")
        columns, most = joined["column"].to_numpy(dtype=np.int64), self.program.upper[joined["capacity"]]
        amounts = joined["amount"].fillna(0.0).to_numpy(dtype=float).copy()
        # in service is what was added before and what is added now: earlier years go first
        before: dict[tuple[str, str], float] = {}
        for row in np.argsort(joined["year"].to_numpy(), kind="stable"):
            key = (str(joined["asset_class"].iloc[row]), str(joined["asset_id"].iloc[row]))
            amounts[row] = min(amounts[row], max(0.0, float(most[row]) - before.get(key, 0.0)))
            before[key] = before.get(key, 0.0) + amounts[row]
        return columns, amounts

    def hours_of(self, values: Array, name: str) -> Array:
        """Return an hourly variable (slot, hour) of a solution; zero where the problem has none."""
        if name not in self.columns:
            return np.zeros((len(self.slots.period), self.hourly.season.shape[1]))
        return np.asarray(values[self.columns[name]])

    def yearly_mwh(self, values: Array, names: Sequence[str]) -> Array:
        """Return MWh per year and period of some operation, all stations together."""
        total = np.zeros(len(self.case.years))
        days = self.weight / self.case.discount()[self.slots.period]
        for name in names:
            np.add.at(total, self.slots.period, self.hours_of(values, name).sum(1) * days)
        return total

    def most_mw(self, values: Array, names: Sequence[str], period: int) -> float:
        """Return the most of some operation in one hour of the chosen days of a period, all stations together."""
        power = sum((self.hours_of(values, name) for name in names), np.zeros((len(self.slots.period), 24)))
        hours = np.zeros((len(self.days.day), power.shape[1]))
        own = (self.slots.period == period) & (self.weight > 0)
        np.add.at(hours, self.slots.day[own], power[own])
        return float(hours.max(initial=0.0))

    def exceeded(self, values: Array, tolerance: float) -> HvRows | None:
        """Return the high-voltage rows that a solution exceeds on the chosen days and that are not in yet."""
        if not self.case.hv:
            return None
        net, curtailed = self.hourly.net.copy(), np.zeros_like(self.hourly.net)
        at = (self.slots.period, self.slots.station, self.slots.day)
        net[at] += self.hours_of(values, "shift")
        curtailed[at] = self.hours_of(values, "curtailed")
        extra: dict[str, Array] = {}
        for name in ("circuit", "coupling_transformer"):
            ids = self.builds.loc[self.builds["asset_class"] == name, "asset_id"].unique()
            for place, asset in enumerate(ids):
                extra[str(asset)] = values[self.columns[f"cap_{name}"][:, place]]
        found = violated_rows(
            self.case,
            (net, self.hourly.switchable - curtailed),
            (self.hourly.net, self.hourly.switchable),
            self.hourly.season,
            extra,
            tolerance + 1e-6,
        )
        fresh = new_rows(self.rows, found)
        return None if fresh is None else fresh.worst(ROWS_AT_ONCE)

    def with_rows(self, fresh: Sequence[HvRows]) -> Future:
        """Return the future with more high-voltage rows; rows that several solutions ask for enter once."""
        rows = self.rows
        for part in fresh:
            more = new_rows(rows, part)
            rows = join_rows([known for known in (rows, more) if known is not None])
        return future_of(self.case, self.days, rows)


def future_of(case: PathwayCase, days: ChosenDays, rows: HvRows | None = None) -> Future:
    """Write the problem of a storyline as arrays.

    Parameters
    ----------
    case : PathwayCase
    days : ChosenDays
    rows : HvRows, optional

    Returns
    -------
    Future

    Notes
    -----
    A decision of another storyline may leave the high-voltage grid with flows that no station can take away. So
    each high-voltage row has an overload of its own, at a price above that of everything that can be done about
    it (the price of what is not served over the least sensitivity that counts): it is used where nothing else
    is left, and never in a storyline's own optimum.
    """
    model, slots, hourly = build_program(case, days, rows)
    weight = operating_weight(case, slots, hourly) if len(slots.index) else np.zeros(0)
    program, columns = _arrays(model)
    if "high_voltage" in model.constraints:
        count = model.constraints["high_voltage"].size
        program, columns = _with_overload(program, columns, model, _overload_price(case, hourly, rows, count))
    return Future(case, days, rows, program, columns, _builds(case, model, columns), slots, hourly, weight)


def _arrays(model: linopy.Model) -> tuple[Program, dict[str, Indices]]:
    model.constraints.sanitize_zeros()
    model.constraints.sanitize_infinities()
    parts = model.matrices
    sense = np.asarray(parts.sense).astype(str)
    right = np.asarray(parts.b, dtype=float)
    program = Program(
        sp.csr_array(parts.A),
        np.where(np.char.startswith(sense, "<"), -np.inf, right),
        np.where(np.char.startswith(sense, ">"), np.inf, right),
        np.asarray(parts.c, dtype=float),
        np.asarray(parts.lb, dtype=float),
        np.asarray(parts.ub, dtype=float),
    )
    order = np.argsort(parts.vlabels)
    columns = {
        str(name): order[np.searchsorted(parts.vlabels, variable.labels.to_numpy(), sorter=order)]
        for name, variable in model.variables.items()
    }
    return program, columns


def _overload_price(case: PathwayCase, hourly: Hourly, rows: HvRows | None, count: int) -> Array:
    if rows is None or len(rows) != count:
        message = f"{count} high-voltage rows in the problem, {0 if rows is None else len(rows)} asked for"
        raise ValueError(message)
    hours = case.discount()[rows.period] * hourly.weight[rows.day]
    return np.asarray(hours * case.economics.unserved_keur_per_mwh / LEVER)


def _with_overload(
    program: Program, columns: dict[str, Indices], model: linopy.Model, price: Array
) -> tuple[Program, dict[str, Indices]]:
    labels = np.asarray(model.matrices.clabels)
    own = np.flatnonzero(np.isin(labels, model.constraints["high_voltage"].labels.to_numpy().ravel()))
    first, count = len(program.cost), len(own)
    wider = program.with_columns(price, np.zeros(count), np.full(count, np.inf))
    entries = sp.csr_array((-np.ones(count), (own, first + np.arange(count))), shape=wider.matrix.shape)
    put = replace(wider, matrix=sp.csr_array(wider.matrix + entries))
    return put, columns | {"overload": np.arange(first, first + count)}


def _builds(case: PathwayCase, model: linopy.Model, columns: Mapping[str, Indices]) -> pd.DataFrame:
    parts = []
    for name, _ in built_names(model):
        variable = model.variables[f"build_{name}"]
        ids = [str(asset) for asset in variable.indexes[variable.dims[1]]]
        parts.append(
            pd.DataFrame(
                {
                    "asset_class": name,
                    "asset_id": np.tile(ids, len(case.years)),
                    "year": np.repeat(case.years, len(ids)),
                    "column": columns[f"build_{name}"].ravel(),
                    "capacity": columns[f"cap_{name}"].ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
