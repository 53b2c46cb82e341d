"""Our own rows on PyPSA's model, rebuilt from the components and the tables in ``network.meta``.

PyPSA writes balances, bounds and the operating cost. Added here are capacities per period, the limits that
they raise, the test after a fault, storage that ends each chosen day as it began, and high-voltage security.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import linopy
import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from pmiek.optimise.expansion.tables import NO_LIMIT

if TYPE_CHECKING:
    import pypsa

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.int64]

HOURS: Final = 24
BUILD, CAPACITY = "build", "capacity"


def add_rows(network: pypsa.Network) -> None:
    """Add the own variables and rows of a pathway to ``network.model``, and the cost of what is built.

    Call it after ``network.optimize.create_model(multi_investment_periods=True)``, on a network that was just
    built or one that was opened from its file.

    Parameters
    ----------
    network : pypsa.Network
        With a model and the tables that :func:`pmiek.optimise.expansion.electricity_network` stored.
    """
    work = Rows(network)
    work.capacities()
    work.station_limits()
    work.batteries()
    work.shifts()
    work.close_days()
    add_security(network, work.meta["security"], "security")


def add_security(network: pypsa.Network, entries: Sequence[dict[str, Any]], name: str) -> None:
    """Add high-voltage rows: effect of the stations less extra capacity stays within the headroom.

    Parameters
    ----------
    network : pypsa.Network
        With a model and the other own rows.
    entries : sequence of dict
        As :func:`pmiek.optimise.expansion.tables.security_table` gives.
    name : str
        Of the family of rows; new for every turn.
    """
    if not entries:
        return
    work = Rows(network)
    flows: dict[str, tuple[list[Labels], list[float]]] = {}
    columns: list[Labels] = []
    values: list[Array] = []
    right = []
    for entry in entries:
        at = entry["period"] * work.hours + entry["hour"]
        labels, factors, known = [], [], 0.0
        for station, effect, tripped in zip(entry["station"], entry["effect"], entry["tripped"], strict=True):
            if station not in flows:
                flows[station] = work.flow(station)
            through, signs = flows[station]
            labels += [int(column[at]) for column in through]
            factors += [effect * sign for sign in signs]
            known += effect * float(work.net(station)[at])
            curtailed = work.column("Generator-p", f"{station} curtailed")
            if tripped and curtailed is not None:
                labels.append(int(curtailed[at]))
                factors.append(-effect * tripped)
        capacity = work.capacity(entry["family"], entry["asset"])
        if capacity is not None:
            labels.append(int(capacity[entry["period"]]))
            factors.append(-entry["relief_per_mw"])
        columns.append(np.array(labels, dtype=np.int64))
        values.append(np.array(factors))
        right.append(entry["headroom_mw"] + known)
    widest = max(len(column) for column in columns)
    table = np.full((len(columns), widest), -1, dtype=np.int64)
    factor = np.full((len(columns), widest), np.nan)
    for r, (column, value) in enumerate(zip(columns, values, strict=True)):
        table[r, : len(column)], factor[r, : len(column)] = column, value
    write_rows(work.model, name, table, factor, "<=", np.array(right))


def write_rows(  # noqa: PLR0917
    model: linopy.Model, name: str, columns: Labels, factors: Array, sign: str, right: Array
) -> None:
    """Add rows given as labels of variables and their factors, both (row, term); label -1 is no term."""
    if not len(columns):
        return
    row = pd.RangeIndex(len(columns), name="row")
    dims, coords = ["row", "_term"], {"row": row}
    used = columns >= 0
    data = xr.Dataset(
        {
            "coeffs": xr.DataArray(np.where(used, factors, np.nan), coords=coords, dims=dims),
            "vars": xr.DataArray(columns, coords=coords, dims=dims),
            "const": xr.DataArray(np.zeros(len(columns)), coords=coords, dims=["row"]),
        }
    )
    limit = xr.DataArray(right, coords=coords, dims=["row"])
    model.add_constraints(linopy.LinearExpression(data, model), sign, limit, name=name)


class Rows:
    """Labels of a network's model by component, and the rows that are written with them.

    Attributes
    ----------
    model : linopy.Model
    meta : dict
        Tables of the own rows.
    periods, hours : int
        Investment periods, and chosen hours in each.
    """

    def __init__(self, network: pypsa.Network) -> None:
        self.network = network
        self.model: linopy.Model = network.model
        self.meta: dict[str, Any] = dict(network.meta)
        self.periods = len(self.meta["stations"][next(iter(self.meta["stations"]))]["after_fault_mw"])
        self.hours = len(self.meta["season"])
        self.season: Labels = np.tile(np.array(self.meta["season"], dtype=np.int64), self.periods)
        self.period: Labels = np.repeat(np.arange(self.periods), self.hours)
        self._labels: dict[str, tuple[dict[str, int], Labels]] = {}
        self._net: dict[str, Array] = {}

    def column(self, variable: str, name: str) -> Labels | None:
        """Return the labels of a component's variable over all snapshots; None if there is none."""
        if variable not in self._labels:
            if variable not in self.model.variables:
                return None
            labels = self.model.variables[variable].labels.transpose(..., "name")
            order = {str(n): i for i, n in enumerate(labels.indexes["name"])}
            self._labels[variable] = order, np.asarray(labels)
        order, values = self._labels[variable]
        return values[..., order[name]] if name in order else None

    def capacity(self, family: str, name: str, kind: str = CAPACITY) -> Labels | None:
        """Return the labels (period) of what is in service, or built, of one asset; None if there is none."""
        key = f"{kind}_{family}"
        if key not in self._labels:
            if key not in self.model.variables:
                return None
            labels = self.model.variables[key].labels.transpose("period", "asset")
            order = {str(n): i for i, n in enumerate(labels.indexes["asset"])}
            self._labels[key] = order, np.asarray(labels)
        order, values = self._labels[key]
        return values[:, order[name]] if name in order else None

    def flow(self, station: str) -> tuple[list[Labels], list[float]]:
        """Return the links through a station's transformers with their signs; their sum is its net load."""
        names = self.network.components["Link"].static
        into = names.index[(names["bus1"] == f"{station} MV") & names["bus0"].str.endswith(" HV")]
        columns = [self.column("Link-p", str(name)) for name in into]
        return [c for c in columns if c is not None], [1.0 for c in columns if c is not None]

    def series(self, component: str, name: str, attribute: str) -> Array:
        """Return an input series of a component in MW, zero if the component is not there."""
        part = self.network.components[component]
        if name not in part.static.index:
            return np.zeros(self.periods * self.hours)
        values = part.dynamic[attribute][name].to_numpy(dtype=float)
        return np.asarray(values * (part.static.loc[name, "p_nom"] if component == "Generator" else 1.0))

    def net(self, station: str) -> Array:
        """Return the net load of a station without any measure, take-off positive."""
        if station not in self._net:
            given = self.series("Generator", f"{station} switchable", "p_max_pu")
            self._net[station] = self.fixed_net(station) - given
        return self._net[station]

    def fixed_net(self, station: str) -> Array:
        """Return the net load of a station without generation that is switched off after a fault."""
        load = self.series("Load", f"{station} load", "p_set")
        return load - self.series("Generator", f"{station} fixed", "p_max_pu")

    def capacities(self) -> None:
        """Add capacity built and in service per period, tied by lifetime, and its cost to the objective."""
        table = pd.DataFrame(self.meta["capacity"])
        if table.empty:
            return
        cost = self.model.objective.expression
        period = pd.RangeIndex(self.periods, name="period")
        for family, part in table.groupby("family", sort=False):
            asset = pd.Index(part["name"], name="asset")
            coords = {"period": period, "asset": asset}
            dims = ["period", "asset"]
            most = np.array(part["most"].tolist()).T
            upper = xr.DataArray(np.where(most == NO_LIMIT, np.inf, most), coords=coords, dims=dims)
            lower = xr.DataArray(np.array(part["least"].tolist()).T, coords=coords, dims=dims)
            price = xr.DataArray(np.array(part["price_keur"].tolist()).T, coords=coords, dims=dims)
            alive = np.array(part["alive"].iloc[0])
            cap = self.model.add_variables(lower, upper, name=f"{CAPACITY}_{family}")
            build = self.model.add_variables(0, coords=[period, asset], name=f"{BUILD}_{family}")
            made = pd.RangeIndex(self.periods, name="made")
            served = xr.DataArray(alive, coords={"period": period, "made": made}, dims=["period", "made"])
            within = (build.rename(period="made") * served).sum("made")
            self.model.add_constraints(cap - within == 0, name=f"in_service_{family}")
            cost = cost + (build * price).sum()
        self.model.add_objective(cost, overwrite=True)

    def station_limits(self) -> None:
        """Hold builds within capacity in service per direction, and add the test after a fault."""
        for station, facts in self.meta["stations"].items():
            gain = np.array(facts["gain"])[:, self.period, self.season]
            builds = [self.capacity(family, station) for family in ("station_transformer", "new_station")]
            built = [capacity[self.period] for capacity in builds if capacity is not None]
            link = self.column("Link-p", f"{station} expansion")
            if link is not None:
                for name, sign, test in (("take_off", 1.0, 0), ("feed_in_total", -1.0, 1)):
                    terms = [(link, sign), *((c, -gain[test]) for c in built)]
                    self._write(f"{name} {station}", terms, "<=", 0.0)
            self._relief(station, facts["options"])
            limit = np.array(facts["after_fault_mw"]).ravel()
            self._after_fault(station, built, gain[2], limit)

    def _after_fault(self, station: str, built: list[Labels], factor: Array, limit: Array) -> None:
        flow, signs = self.flow(station)
        terms: list[tuple[Labels, Array | float]] = [
            (column, -sign) for column, sign in zip(flow, signs, strict=True)
        ]
        # all switchable generation is off after the fault, so curtailing it beforehand changes nothing
        curtailed = self.column("Generator-p", f"{station} curtailed")
        if curtailed is not None:
            terms.append((curtailed, 1.0))
        for name in self.meta["behind_park"]:
            charge = self.column("Link-p", f"{station} {name} charge")
            give = self.column("Link-p", f"{station} {name} discharge")
            if charge is not None and give is not None:
                one_way = float(
                    self.network.components["Link"].static.loc[f"{station} {name} discharge", "efficiency"]
                )
                terms += [(charge, 1.0), (give, -one_way)]
        if link_vintages := self._vintages(station):
            terms += [(column[self.period], -factor * alive) for column, alive in link_vintages]
        terms += [(column, -factor) for column in built]
        share = self.meta["stations"][station]["options"]
        for option, part in share.items():
            capacity = self.capacity("option", option)
            if capacity is not None and part:
                # of what the new station takes over, the part that stays on after a fault leaves this station
                terms.append((capacity[self.period], part * self.fixed_net(station)))
        given = self.series("Generator", f"{station} switchable", "p_max_pu")
        self._write(f"feed_in_after_trip {station}", terms, "<=", limit + given)

    def _vintages(self, station: str) -> list[tuple[Labels, Array]]:
        """Return (label of the capacity per period, 1 where it serves) of links per period of build."""
        if not self.meta["vintages"]:
            return []
        links = self.network.components["Link"].static
        mine = links[(links["bus1"] == f"{station} MV") & links["p_nom_extendable"]]
        mine = mine[mine["carrier"] == "grid expansion"]
        years = np.array(list(self.network.investment_periods), dtype=float)
        found = []
        for name, row in mine.iterrows():
            label = self.column("Link-p_nom", str(name))
            if label is not None:
                alive = (years >= row["build_year"]) & (years < row["build_year"] + row["lifetime"])
                found.append((np.repeat(label, self.periods), alive.astype(float)[self.period]))
        return found

    def _relief(self, station: str, options: dict[str, float]) -> None:
        link = self.column("Link-p", f"{station} relief")
        if link is None:
            return
        net = self.net(station)
        terms: list[tuple[Labels, Array | float]] = [(link, 1.0)]
        for option, part in options.items():
            capacity = self.capacity("option", option)
            if capacity is not None and part:
                terms.append((capacity[self.period], -part * net))
        self._write(f"relief {station}", terms, "=", 0.0)

    def batteries(self) -> None:
        """Hold new batteries within the power and energy in service."""
        for station in self.meta["stations"]:
            power, energy = self.capacity("battery_power", station), self.capacity("battery_energy", station)
            level = self.column("Store-e", f"{station} battery")
            charge = self.column("Link-p", f"{station} battery charge")
            give = self.column("Link-p", f"{station} battery discharge")
            if power is None or energy is None or level is None or charge is None or give is None:
                continue
            one_way = float(
                self.network.components["Link"].static.loc[f"{station} battery discharge", "efficiency"]
            )
            both = [(charge, 1.0), (give, one_way), (power[self.period], -1.0)]
            self._write(f"battery_power {station}", both, "<=", 0.0)
            self._write(f"battery_energy {station}", [(level, 1.0), (energy[self.period], -1.0)], "<=", 0.0)

    def shifts(self) -> None:
        """Let load that moves come back within the day, and no more move than the day allows."""
        shape = (self.periods * self.hours // HOURS, HOURS)
        for name, stations in self.meta["shifts"].items():
            for station, most in stations.items():
                out = self.column("Generator-p", f"{station} {name}")
                into = self.column("Generator-p", f"{station} {name} in")
                if out is None or into is None:
                    continue
                columns = np.concatenate([out.reshape(shape), into.reshape(shape)], axis=1)
                signs = np.tile(np.repeat([1.0, -1.0], HOURS), (shape[0], 1))
                write_rows(self.model, f"{name} day {station}", columns, signs, "=", np.zeros(shape[0]))
                write_rows(
                    self.model, f"{name} most {station}", out.reshape(shape), np.ones(shape), "<=",
                    np.array(most).ravel(),
                )  # fmt: skip

    def close_days(self) -> None:
        """Write the balance of stores anew: each chosen day begins with the level with which it ends."""
        if "Store-energy_balance" not in self.model.constraints:
            return
        self.model.remove_constraints("Store-energy_balance")
        position = np.arange(self.periods * self.hours)
        before = np.where(position % HOURS == 0, position + HOURS - 1, position - 1)
        parts = []
        for name in self.network.components["Store"].static.index:
            level, given = self.column("Store-e", str(name)), self.column("Store-p", str(name))
            if level is not None and given is not None:
                parts.append(np.stack([level, level[before], given], axis=1))
        columns = np.concatenate(parts)
        factors = np.tile([1.0, -1.0, 1.0], (len(columns), 1))
        write_rows(self.model, "Store-energy_balance", columns, factors, "=", np.zeros(len(columns)))

    def _write(
        self, name: str, terms: Sequence[tuple[Labels, Array | float]], sign: str, right: Array | float
    ) -> None:
        size = self.periods * self.hours
        columns = np.stack([column for column, _ in terms], axis=1)
        factors = np.stack([np.broadcast_to(factor, size) for _, factor in terms], axis=1)
        write_rows(self.model, name, columns, factors, sign, np.array(np.broadcast_to(right, size)))
