"""From the plans of all carriers to one network with its dispatch, and its file."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmiek.errors import SolveError
from pmiek.network.build import BuildError, add, add_carriers, build_network, new_network
from pmiek.network.export import input_columns
from pmiek.network.state import station_buses
from pmiek.optimise.assembled.electricity import Electricity, electricity_parts
from pmiek.optimise.carriers.horizon import years_of_periods
from pmiek.optimise.carriers.parts import CarrierParts, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pypsa

    from pmiek.arrays import Floats

#: Least imbalance of a bus that is told as a fault, MW: sums of many hours' figures round to less.
BALANCE_MW: Final = 1e-3
GRID: Final = ("Line", "Transformer", "Generator")
COMPRESSION: Final = {"zlib": True, "complevel": 4}


def assemble(run: Electricity, carriers: Sequence[CarrierParts], plan: pd.DataFrame) -> pypsa.Network:
    """Put the plans of all carriers into one network, with what runs on the representative days.

    Parameters
    ----------
    run : Electricity
    carriers : sequence of CarrierParts
        Heat, methane and hydrogen: hourly for all weather years of the case.
    plan : DataFrame
        Rows of the result table ``capacity``; they go into ``network.meta["plan"]``.

    Returns
    -------
    pypsa.Network
        Snapshots (period, hour of the weather years) with weights that add to 8,760 hours per period. Flows
        of the high-voltage grid are those of a linear power flow with this dispatch.

    Raises
    ------
    BuildError
        If a component has no bus or carrier, or a series has gaps.
    SolveError
        If a bus is out of balance in any hour.
    """
    network = new_network(f"{run.case.storyline} {run.case.variant}")
    _snapshots(network, run)
    bus = {str(s): str(b) for grid in run.grids for s, b in station_buses(grid).items()}
    electricity, net = electricity_parts(run, bus)
    _grid(network, run, net)
    hours = run.days.hours().ravel()
    others = [part for carrier in carriers for part in carrier.parts]
    add_carriers(network, [part.technology for part in (*electricity.parts, *others)])
    for carrier in carriers:
        _places(network, carrier)
    _components(network, electricity.parts, slice(None))
    _components(network, others, hours)
    network.meta = {
        "storyline": run.case.storyline,
        "variant": run.case.variant,
        "weather_years": list(run.case.weather_years),
        "plan": plan.astype(object).where(plan.notna(), None).to_dict("records"),
    }
    worst = imbalance_mw(network)
    if float(worst.abs().to_numpy().max()) > BALANCE_MW:
        where = worst.abs().max()
        message = f"{network.name}: bus {where.idxmax()} is {where.max():g} MW out of balance"
        raise SolveError(message)
    return network


def _snapshots(network: pypsa.Network, run: Electricity) -> None:
    case = run.case
    network.set_snapshots([int(hour) for hour in run.days.hours().ravel()])
    network.set_investment_periods(list(case.years))
    weights = np.tile(np.repeat(run.days.weight(), 24), len(case.years))
    # column by column: assigning the whole frame loses the name of the index (see PyPSA's own tests)
    for column, values in (("objective", weights), ("generators", weights), ("stores", weights)):
        network.snapshot_weightings[column] = values
    spans = years_of_periods(case.years, case.tail_years)
    network.investment_period_weightings["years"] = np.array(spans, dtype=float)
    network.investment_period_weightings["objective"] = case.discount()


def _grid(network: pypsa.Network, run: Electricity, net: dict[str, Floats]) -> None:
    """Add buses, circuits, transformers and boundaries of every period, and their flows."""
    solved = [_flows(run, net, period) for period in range(len(run.case.years))]
    static: dict[str, pd.DataFrame] = {}
    for component in ("Bus", *GRID):
        tables = [input_columns(one, component, one.components[component].static) for one in solved]
        joined = pd.concat(tables)
        there = pd.DataFrame({p: joined.index.unique().isin(t.index) for p, t in enumerate(tables)})
        table = joined[~joined.index.duplicated(keep="last")].reindex(joined.index.unique())
        if component != "Bus":
            table = table.assign(**_service(there, run.case.years))
        usual = network.components[component].defaults["default"]
        static[component] = table.fillna({c: usual[c] for c in table if c in usual.index})
    static["Bus"] = static["Bus"].drop(columns="sub_network", errors="ignore")
    for component, table in static.items():
        add(network, component, table)
        if component == "Bus":
            continue
        for attribute in ("p",) if component == "Generator" else ("p0", "p1"):
            parts = [
                one.components[component].dynamic[attribute].reindex(columns=table.index) for one in solved
            ]
            values = np.concatenate([part.fillna(0.0).to_numpy(dtype=float) for part in parts])
            _put(network, component, attribute, pd.DataFrame(values, columns=table.index))


def _flows(run: Electricity, net: dict[str, Floats], period: int) -> pypsa.Network:
    grid = run.grids[period]
    stations = [name for name in net if name in set(grid.stations["station_id"].astype(str))]
    logging.getLogger("pypsa").setLevel(logging.WARNING)
    hourly = pd.DataFrame({name: net[name][period] for name in stations})
    one = build_network(grid, hourly)
    one.lpf()
    return one


def _service(there: pd.DataFrame, years: Sequence[int]) -> dict[str, Any]:
    """Return build year and lifetime that put a component in service from its first to its last period."""
    values = there.to_numpy(dtype=bool)
    first = values.argmax(axis=1)
    last = values.shape[1] - 1 - values[:, ::-1].argmax(axis=1)
    start = np.where(first > 0, np.array(years)[first], 0)
    end = np.array([*years, np.inf])[last + 1]
    return {"build_year": start, "lifetime": end - start}


def _places(network: pypsa.Network, carrier: CarrierParts) -> None:
    if not carrier.places:
        return
    add_carriers(network, [place.carrier for place in carrier.places])
    rows = [
        {
            "name": place.name,
            "carrier": place.carrier,
            "unit": "MW",
            "municipality": place.gm_code,
            "cluster": place.cluster,
            "operator": place.operator,
            "study_area": "inside" if place.cluster else "outside",
        }
        for place in carrier.places
    ]
    add(network, "Bus", pd.DataFrame(rows).set_index("name"))


def _components(network: pypsa.Network, parts: Sequence[Part], hours: Any) -> None:
    """Add components of every kind with their power; a label that a part has not comes from its bus."""
    for component in ("Load", "Generator", "Store", "Link"):
        chosen = [part for part in parts if part.component == component]
        if not chosen:
            continue
        table = pd.DataFrame([_row(part) for part in chosen]).set_index("name")
        bus = network.components["Bus"].static
        start = table["bus0" if component == "Link" else "bus"]
        for label in ("station", "municipality", "cluster", "operator"):
            table[label] = start.map(bus[label]).fillna("").astype("str")
        table["study_area"] = np.where(table["cluster"] != "", "inside", "outside")
        add(network, component, table)
        power = np.stack([np.asarray(part.mw)[:, hours].ravel() for part in chosen], axis=1)
        frame = pd.DataFrame(power, columns=table.index)
        if component == "Link":
            given = frame * np.array([-part.efficiency for part in chosen])
            _put(network, component, "p0", frame)
            _put(network, component, "p1", given)
        else:
            _put(network, component, "p", frame)
        if component == "Load":
            _put(network, component, "p_set", frame)


def _row(part: Part) -> dict[str, object]:
    labels = {"asset_id": part.asset_id, "payer": part.payer, "quality": part.quality or "derived"}
    row: dict[str, object] = {"name": part.name, "carrier": part.technology, **labels}
    most = float(np.max(part.p_nom, initial=0.0))
    if part.component == "Load":
        return {**row, "bus": part.bus}
    if part.component == "Link":
        sized = {"p_nom": most, "efficiency": part.efficiency}
        return {**row, "bus0": part.bus, "bus1": part.bus1, **sized}
    if part.component == "Store":
        return {**row, "bus": part.bus, "e_nom": most}
    return {**row, "bus": part.bus, "p_nom": most, "sign": part.sign}


def _put(network: pypsa.Network, component: str, attribute: str, values: pd.DataFrame) -> None:
    """Add series of some components to those that are there."""
    gaps = values.columns[~np.isfinite(values.to_numpy(dtype=float)).all(axis=0)]
    if len(gaps):
        message = f"{component}: series with gaps: {', '.join(f'{name} ({attribute})' for name in gaps)}"
        raise BuildError(message)
    values.index = network.snapshots
    dynamic = network.components[component].dynamic
    dynamic[attribute] = pd.concat([dynamic[attribute], values], axis=1).rename_axis(columns="name")


def imbalance_mw(network: pypsa.Network) -> pd.DataFrame:
    """Return what is over at every bus in every hour: snapshots × buses, MW.

    Counts generators (with their sign), stores, loads, and both ends of lines, transformers and links.
    """
    buses = network.components["Bus"].static.index
    total = pd.DataFrame(0.0, index=network.snapshots, columns=buses)
    for component, attribute, end in (
        ("Generator", "p", "bus"),
        ("Store", "p", "bus"),
        ("Load", "p", "bus"),
        *((branch, f"p{i}", f"bus{i}") for branch in ("Line", "Transformer", "Link") for i in (0, 1)),
    ):
        static, power = network.components[component].static, network.components[component].dynamic[attribute]
        if static.empty or power.empty:
            continue
        sign = static["sign"].reindex(power.columns) if "sign" in static and component == "Generator" else 1.0
        into = 1.0 if component in ("Generator", "Store") else -1.0
        at_bus = (power * sign * into).T.groupby(static[end].reindex(power.columns)).sum().T
        total = total.add(at_bus.reindex(columns=buses, fill_value=0.0))
    return total


def write_network(network: pypsa.Network, path: Path) -> None:
    """Write a network as netCDF, compressed and in single precision; the file appears when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # what PyPSA may choose is what the plan chose
    for component, attribute in (
        ("Generator", "p_nom"),
        ("Link", "p_nom"),
        ("Store", "e_nom"),
        ("Line", "s_nom"),
    ):
        static = network.components[component].static
        static[f"{attribute}_opt"] = static[attribute]
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".network") as name:
        part = Path(name) / path.name
        network.export_to_netcdf(str(part), compression=COMPRESSION, float32=True)
        part.replace(path)
