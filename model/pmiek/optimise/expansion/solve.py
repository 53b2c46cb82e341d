"""Solve the network with our rows: high-voltage security enters as far as it is violated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.optimise.expansion.rows import BUILD, CAPACITY, Rows, add_rows, add_security
from pmiek.optimise.expansion.tables import security_table
from pmiek.optimise.solve.case import HOURS_PER_DAY, Array, PathwayCase
from pmiek.optimise.solve.gate import SIMPLEX_OPTIONS, SolveRecord, solve_model
from pmiek.optimise.solve.hv_rows import LEVER, HvRows, join_rows, new_rows, of_classes, violated_rows
from pmiek.optimise.solve.program import HV_ASSETS, Hourly

if TYPE_CHECKING:
    import pypsa

    from pmiek.optimise.solve.days import ChosenDays

#: Share by which cost parts may differ from the solver's objective.
IDENTITY: Final = 1e-6


@dataclass(frozen=True)
class Solved:
    """Outcome of a solve; the values stand in the network.

    Attributes
    ----------
    objective_keur : float
    capacity, build : DataFrame
        In service and added: index (family, name), columns period; MW (MWh for battery energy, MVA of firm
        capacity at stations, 0..1 for options).
    records : tuple of SolveRecord
    """

    objective_keur: float
    capacity: pd.DataFrame
    build: pd.DataFrame
    records: tuple[SolveRecord, ...]


def solve_network(
    network: pypsa.Network,
    case: PathwayCase | None = None,
    days: ChosenDays | None = None,
    *,
    options: Mapping[str, object] | Callable[[int], Mapping[str, object]] = SIMPLEX_OPTIONS,
    threads: int = 1,
    tolerance: float = 0.01,
    most_passes: int = 8,
    rows_at_once: int = 12,
    classes: Collection[str] = HV_ASSETS,
    extend: Callable[[pypsa.Network], None] | None = None,
) -> Solved:
    """Solve a network with its own rows and put plan, dispatch and duals in it.

    Parameters
    ----------
    network : pypsa.Network
        From :func:`pmiek.optimise.expansion.electricity_network`, or opened from its file.
    case, days : PathwayCase and ChosenDays, optional
        Of the network; with them high-voltage rows are added as far as operation violates them. Without, those
        in ``network.meta`` count.
    options : mapping or callable
        HiGHS options, or a function that gives them for a number of rows.
    threads : int
    tolerance : float
        Share of a rating that may still be exceeded on a chosen hour.
    most_passes, rows_at_once : int
        As for :func:`pmiek.optimise.solve.solution.solve_case`.
    classes : collection of str
        Classes of high-voltage assets of which the limits count.
    extend : callable, optional
        Adds rows to ``network.model`` before it is solved.

    Returns
    -------
    Solved

    Raises
    ------
    SolveError
        If a solve is not optimal, or if the cost of plan and dispatch does not add to the objective.
    """
    network.optimize.create_model(multi_investment_periods=True)
    add_rows(network)
    if extend is not None:
        extend(network)
    rows: HvRows | None = None
    records: list[SolveRecord] = []
    hourly = Hourly.of(case, days) if case is not None and days is not None else None
    if case is not None and hourly is not None and case.hv:
        first = _violated(case, hourly, (hourly.net, hourly.switchable), {}, (tolerance, classes))
        rows = None if first is None else first.worst(rows_at_once)
        _store(network, case, rows, "security")
    for turn in range(most_passes):
        records.append(
            solve_model(
                network.model,
                label=f"{network.name} network pass {turn + 1}",
                options=options(network.model.ncons) if callable(options) else options,
                threads=threads,
            )
        )
        if case is None or hourly is None or not case.hv:
            break
        state = _operated(network, case, hourly)
        extra = _extra_hv_mw(network)
        # the same small allowance as in today's planner, so that a row at its limit does not come back
        fresh = new_rows(rows, _violated(case, hourly, state, extra, (tolerance + 1e-6, classes)))
        if fresh is None:
            break
        fresh = fresh.worst(rows_at_once)
        _store(network, case, fresh, f"security {turn + 1}")
        rows = join_rows([part for part in (rows, fresh) if part is not None])
    return _assign(network, tuple(records))


def _violated(
    case: PathwayCase,
    hourly: Hourly,
    state: tuple[Array, Array],
    extra: dict[str, Array],
    accepted: tuple[float, Collection[str]],
) -> HvRows | None:
    base = (hourly.net, hourly.switchable)
    violated = violated_rows(case, state, base, hourly.season, extra, accepted[0])
    return of_classes(case, violated, accepted[1])


def _store(network: pypsa.Network, case: PathwayCase, rows: HvRows | None, name: str) -> None:
    """Add rows to the model, and to the tables from which the saved network gets them back."""
    if rows is None:
        return
    entries = security_table(case, rows, LEVER)
    add_security(network, entries, name)
    network.meta = {**network.meta, "security": [*network.meta["security"], *entries]}


def _values(network: pypsa.Network) -> Array:
    """Return the value of every variable by its label."""
    parts = [
        (v.labels.to_numpy().ravel(), v.solution.to_numpy().ravel())
        for _, v in network.model.variables.items()
    ]
    values = np.zeros(1 + max(int(labels.max()) for labels, _ in parts if labels.size))
    for labels, solution in parts:
        values[labels[labels >= 0]] = solution[labels >= 0]
    return values


def _operated(network: pypsa.Network, case: PathwayCase, hourly: Hourly) -> tuple[Array, Array]:
    """Return net load and the switchable generation that still runs, (period, station, day, 24)."""
    work, values = Rows(network), _values(network)
    shape = (len(case.years), len(hourly.hours), HOURS_PER_DAY)
    net, still = hourly.net.copy(), hourly.switchable.copy()
    for s, station in enumerate(case.stations.index):
        columns, signs = work.flow(str(station))
        flow = sum(sign * values[column] for column, sign in zip(columns, signs, strict=True))
        net[:, s] = np.reshape(flow, shape)
        curtailed = work.column("Generator-p", f"{station} curtailed")
        if curtailed is not None:
            still[:, s] -= values[curtailed].reshape(shape)
    return net, still


def _extra_hv_mw(network: pypsa.Network) -> dict[str, Array]:
    extra: dict[str, Array] = {}
    for family in HV_ASSETS:
        if f"{CAPACITY}_{family}" in network.model.variables:
            solution = network.model.variables[f"{CAPACITY}_{family}"].solution
            for asset in solution.indexes["asset"]:
                extra[str(asset)] = solution.sel(asset=asset).to_numpy()
    return extra


def plan_table(network: pypsa.Network, kind: str) -> pd.DataFrame:
    """Return capacity built or in service of a solved network: index (family, name), columns period."""
    parts = []
    for variable in network.model.variables:
        if variable.startswith(f"{kind}_"):
            values = network.model.variables[variable].solution.transpose("asset", "period").to_numpy()
            names = network.model.variables[variable].indexes["asset"]
            index = pd.MultiIndex.from_product(
                [[variable.removeprefix(f"{kind}_")], names], names=["family", "name"]
            )
            parts.append(pd.DataFrame(values, index=index, columns=list(network.investment_periods)))
    return pd.concat(parts) if parts else pd.DataFrame(columns=list(network.investment_periods))


def _assign(network: pypsa.Network, records: tuple[SolveRecord, ...]) -> Solved:
    network.optimize.assign_solution()
    network.optimize.assign_duals()
    capacity, build = plan_table(network, CAPACITY), plan_table(network, BUILD)
    objective = records[-1].objective
    capital = 0.0
    for entry in network.meta["capacity"]:
        built = build.loc[(entry["family"], entry["name"])].to_numpy(dtype=float)
        capital += float(np.array(entry["price_keur"]) @ built)
    links = network.components["Link"].static
    for name in links.index[links["carrier"] == "grid expansion"]:
        station = str(name).removesuffix(" expansion")
        if station != name:  # PyPSA's own variable only has to be large enough: show the plan instead
            most = capacity[capacity.index.get_level_values("name") == station]
            most = most[most.index.get_level_values("family").isin(("station_transformer", "new_station"))]
            links.loc[name, "p_nom_opt"] = float(most.sum().max())
    total = capital + operating_keur(network) + vintage_keur(network)
    if abs(total - objective) > IDENTITY * max(1.0, abs(objective)):
        message = f"cost of plan and dispatch adds to {total:.3f} kEUR, the solver says {objective:.3f} kEUR"
        raise SolveError(message)
    network.meta = {
        **network.meta,
        "objective_keur": objective,
        "capital_keur": capital,
        "plan": _entries(capacity, build),
    }
    return Solved(objective, capacity, build, records)


def _entries(capacity: pd.DataFrame, build: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "family": str(key[0]),
            "name": str(key[1]),
            "in_service": capacity.loc[key].to_list(),
            "built": build.loc[key].to_list(),
        }
        for key in capacity.index[capacity.max(axis=1) > 0].to_list()
    ]


def operating_keur(network: pypsa.Network) -> float:
    """Return the discounted cost of a solved network's dispatch, from its components alone, kEUR."""
    weights = network.snapshot_weightings["objective"].to_numpy(dtype=float)
    periods = network.investment_period_weightings["objective"]
    years = periods.loc[network.snapshots.get_level_values(0)].to_numpy(dtype=float)
    total = 0.0
    for component, attribute in (("Generator", "p"), ("Link", "p0")):
        part = network.components[component]
        price = part.static["marginal_cost"]
        output = part.dynamic[attribute].reindex(columns=price.index, fill_value=0.0).to_numpy(dtype=float)
        total += float(((weights * years) @ output) @ price.to_numpy(dtype=float))
    return total


def vintage_keur(network: pypsa.Network) -> float:
    """Return the discounted cost of components that PyPSA extends itself, per period of build, kEUR."""
    links = network.components["Link"].static
    own = links[links["capital_cost"] > 0]
    periods = network.investment_period_weightings["objective"]
    total = 0.0
    for period, weight in periods.items():
        alive = (own["build_year"] <= period) & (period < own["build_year"] + own["lifetime"])
        total += float(weight) * float((own["p_nom_opt"] * own["capital_cost"])[alive].sum())
    return total
