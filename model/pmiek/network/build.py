"""From grid tables to a PyPSA network: thin, vectorised, and strict about names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pypsa

from pmiek.network.state import COPPER_LOSS, station_buses
from pmiek.network.topology import islands

if TYPE_CHECKING:
    from pmiek.network.state import GridState

LABELS: Final = (
    "cluster",
    "municipality",
    "operator",
    "carrier",
    "quality",
    "station",
    "asset_id",
    "slack_share",
    "payer",
    "study_area",
)
"""Columns that we add to PyPSA's own; everything else must be an attribute of the component."""

CARRIERS: Final = {"AC": "#4c566a", "grid": "#88c0d0", "electricity": "#d08770"}
OTHER_COLOURS: Final = (
    "#5e81ac", "#ebcb8b", "#a3be8c", "#bf616a", "#b48ead", "#8fbcbb", "#81a1c1", "#d8a657", "#7c6f64", "#458588",
)  # fmt: skip
NO_WARNING_OPTIONS: Final = {
    "api.legacy_string_dtype": False,
    "params.optimize.include_objective_constant": False,
}


class BuildError(ValueError):
    """A component cannot be added: its name exists, or an attribute or bus is unknown."""


def new_network(name: str = "") -> pypsa.Network:
    """Return an empty network with options set so that PyPSA gives no warnings about coming changes."""
    for option, value in NO_WARNING_OPTIONS.items():
        pypsa.options.set_option(option, value)
    network = pypsa.Network(name=name)
    network.add("Carrier", list(CARRIERS), color=list(CARRIERS.values()))
    return network


def add_carriers(network: pypsa.Network, names: Iterable[str]) -> None:
    """Add carriers that are not there yet, each with a colour, which PyPSA's own plots need."""
    known = set(network.components["Carrier"].static.index)
    fresh = sorted(set(names) - known)
    if fresh:
        colours = [CARRIERS.get(name, OTHER_COLOURS[i % len(OTHER_COLOURS)]) for i, name in enumerate(fresh)]
        network.add("Carrier", fresh, color=colours)


def add(
    network: pypsa.Network,
    component: str,
    table: pd.DataFrame,
    series: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Add components, refusing what PyPSA would skip or store without effect.

    Parameters
    ----------
    network : pypsa.Network
        Changed in place.
    component : str
        For example ``Line``.
    table : DataFrame
        Index name; columns are attributes of the component or one of ``LABELS``.
    series : mapping of str to DataFrame, optional
        Per attribute the series of some of the components: index the network's snapshots, columns names.

    Raises
    ------
    BuildError
        With everything that is wrong: a name that is there already, a column that is neither an attribute nor
        a label, an unknown bus or carrier, a component on a bus of another carrier, a number that is missing,
        a series with gaps or of other snapshots.
    """
    series = dict(series or {})
    wrong = [
        f"{component}: {what}: {', '.join(map(str, names))}"
        for what, names in (
            *_table_faults(network, component, table),
            *_series_faults(network, table, series),
        )
        if names
    ]
    if wrong:
        raise BuildError("; ".join(wrong))
    if len(table):
        static = network.components[component]
        late = [c for c in table if c == "carrier" and c not in static.defaults.index]
        anything: Any = network  # its stub takes text only
        anything.add(component, table.index, **{str(c): table[c] for c in table if c not in late})
        for column in late:  # PyPSA has no carrier on transformers and warns when it is given to add
            static.static.loc[table.index, column] = table[column]
        for attribute, frame in series.items():
            static.dynamic[attribute] = pd.concat([static.dynamic[attribute], frame], axis=1).rename_axis(
                columns=static.dynamic[attribute].columns.name
            )


def _table_faults(network: pypsa.Network, component: str, table: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    """Return what is wrong in a table of components, and at which of them."""
    static, known = network.components[component].static, attributes(network, component)
    carriers = network.components["Carrier"].static.index
    twice = sorted({*table.index[table.index.duplicated()], *table.index.intersection(static.index)})
    lost: set[Any] = set()
    other: list[Any] = []
    ends = [] if component == "Bus" else [str(c) for c in table if str(c).startswith("bus")]
    for end in ends:
        buses = network.components["Bus"].static
        lost |= set(table[end]) - set(buses.index)
        if component in ("Line", "Transformer"):  # these join alternating current and nothing else
            other += sorted(table.index[~table[end].map(buses["carrier"]).fillna("AC").isin(("AC", "grid"))])
        elif component == "Store" and "carrier" in table:
            here = table[end].map(buses["carrier"])
            other += sorted(table.index[here.notna() & (here != table["carrier"])])
    numbers = table.select_dtypes("number")
    foreign = sorted(set(table["carrier"]) - set(carriers) - {""}) if "carrier" in table else []
    return [
        ("unknown attributes", [column for column in table if column not in known]),
        ("names that exist", twice),
        ("unknown buses", sorted(lost)),
        ("unknown carriers", foreign),
        ("on a bus of another carrier", other),
        ("numbers that are missing", sorted(numbers.index[numbers.isna().any(axis=1)])),
        ("p_min_pu below zero with an efficiency below one, which makes energy", _makes_energy(table)),
    ]


def _makes_energy(table: pd.DataFrame) -> list[Any]:
    """Return links that run both ways with losses: backwards they would give more than they take."""
    if not {"p_min_pu", "efficiency"} <= set(table):
        return []
    return sorted(table.index[(table["p_min_pu"] < 0) & (table["efficiency"] < 1)])


def _series_faults(
    network: pypsa.Network, table: pd.DataFrame, series: Mapping[str, pd.DataFrame]
) -> list[tuple[str, list[Any]]]:
    """Return what is wrong in series: gaps, other snapshots, components that the table does not name."""
    gaps: list[Any] = []
    shifted: list[str] = []
    loose: list[Any] = []
    for attribute, frame in series.items():
        finite = np.isfinite(frame.to_numpy(dtype=float)).all(axis=0)
        gaps += [f"{name} ({attribute})" for name in frame.columns[~finite]]
        shifted += [] if frame.index.equals(network.snapshots) else [attribute]
        loose += sorted(set(frame.columns) - set(table.index))
    return [
        ("series with gaps", gaps),
        ("series on other hours than the network", shifted),
        ("series of unknown components", loose),
    ]


def attributes(network: pypsa.Network, component: str) -> set[str]:
    """Return the columns that a component may have: PyPSA's attributes and our labels."""
    return set(network.components[component].defaults.index) | set(LABELS)


def build_network(grid: GridState, hourly: pd.DataFrame | None = None) -> pypsa.Network:
    """Build the grid in force as a PyPSA network, medium-voltage buses included.

    Parameters
    ----------
    grid : GridState
        A grid without topology problems.
    hourly : DataFrame, optional
        Net take-off per station in MW, one row per hour, one column per station_id; take-off positive.
        The balance of each island leaves at its boundary buses by their slack shares.

    Returns
    -------
    pypsa.Network
        Lines per circuit (open ones inactive), transformers per unit, a load per station, a generator per
        boundary bus. Labels: cluster, municipality, operator, carrier, quality.

    Raises
    ------
    BuildError
        If names clash, or ``hourly`` names an unknown station or has gaps.
    """
    network = new_network(f"{grid.state} {grid.year} {grid.switching_state}")
    if hourly is not None:
        _check_hourly(grid, hourly)
        network.set_snapshots(list(hourly.index))
    add(network, "Bus", _buses(grid))
    closed = _lines(grid, grid.circuits, active=True)
    opened = _lines(grid, grid.open_circuits, active=False) if len(grid.open_circuits) else closed[:0]
    add(network, "Line", closed if opened.empty else pd.concat([closed, opened]))
    add(network, "Transformer", _transformers(grid))
    part = _parts(grid)
    generators = _boundary(grid, part)
    add(network, "Generator", generators)
    add(network, "Load", _loads(grid))
    if hourly is not None:
        _set_hours(network, hourly, generators, part)
    network.consistency_check(strict=["all"])
    return network


def _check_hourly(grid: GridState, hourly: pd.DataFrame) -> None:
    unknown = sorted(set(hourly.columns) - set(grid.stations["station_id"]))
    if unknown:
        message = f"load on stations that are not in the grid: {', '.join(map(str, unknown))}"
        raise BuildError(message)
    if not np.isfinite(hourly.to_numpy(dtype=float)).all():
        gaps = sorted(map(str, hourly.columns[hourly.isna().any()]))
        message = f"load has hours without a figure on: {', '.join(gaps)}"
        raise BuildError(message)


def _labels(
    grid: GridState, station: pd.Series, operator: pd.Series, quality: pd.Series
) -> dict[str, pd.Series]:
    """Columns that tell where a component stands and whose it is; empty text where not known."""
    place = grid.stations.set_index("station_id")
    columns = {
        "station": station,
        "cluster": station.map(place["cluster"]),
        "municipality": station.map(place["gm_code"]),
        "operator": operator,
        "quality": quality,
    }
    return {
        name: column.astype("object").where(column.notna(), "").astype("str")
        for name, column in columns.items()
    }


def _named(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    return table.set_index(pd.Index(names.to_numpy(), name="name"))


def _buses(grid: GridState) -> pd.DataFrame:
    buses = grid.buses
    place = grid.stations.set_index("station_id")
    mv = buses["bus_id"].isin(grid.transformers.loc[grid.transformers["kind"] == "station", "bus1"])
    station = buses["station_id"]
    operator = station.map(place["hv_operator"]).where(~mv, station.map(place["mv_operator"]))
    table = pd.DataFrame(
        {
            "v_nom": buses["voltage_kv"].astype(float),
            "x": station.map(place["lon"]).astype(float).fillna(0.0),
            "y": station.map(place["lat"]).astype(float).fillna(0.0),
            "carrier": "AC",
            "unit": "MW",
            **_labels(grid, station, operator, buses["quality"]),
            "slack_share": buses["slack_share"].astype(float),
        }
    )
    return _named(table, buses["bus_id"])


def _lines(grid: GridState, circuits: pd.DataFrame, *, active: bool) -> pd.DataFrame:
    station_of = grid.buses.set_index("bus_id")["station_id"]
    cluster = grid.stations.set_index("station_id")["cluster"]
    first, second = circuits["bus0"].map(station_of), circuits["bus1"].map(station_of)
    station = first.where(first.map(cluster).notna() | second.map(cluster).isna(), second)
    table = pd.DataFrame(
        {
            "bus0": circuits["bus0"],
            "bus1": circuits["bus1"],
            "r": circuits["r_ohm"].astype(float),
            "x": circuits["x_ohm"].astype(float),
            "s_nom": circuits["rating_summer_mva"].astype(float),
            "length": circuits["length_km"].astype(float),
            "carrier": "AC",
            "active": active,
            "asset_id": circuits["corridor_id"],
            **_labels(grid, station, circuits["operator"], circuits["quality"]),
        }
    )
    return _named(table, circuits["circuit_id"])


def _transformers(grid: GridState) -> pd.DataFrame:
    units = grid.transformers
    table = pd.DataFrame(
        {
            "bus0": units["bus0"],
            "bus1": units["bus1"],
            "x": units["x_pct"] / 100.0,
            "r": COPPER_LOSS,
            "s_nom": units["rated_mva"].astype(float),
            "carrier": "AC",
            "asset_id": units["group_id"],
            **_labels(grid, units["station_id"], units["operator"], units["quality"]),
        }
    )
    return _named(table, units["unit_id"])


def _parts(grid: GridState) -> pd.Series:
    branches = pd.concat([grid.circuits[["bus0", "bus1"]], grid.transformers[["bus0", "bus1"]]])
    number = islands(grid.buses["bus_id"], branches["bus0"], branches["bus1"])
    return pd.Series(number, index=grid.buses["bus_id"].to_numpy())


def _boundary(grid: GridState, part: pd.Series) -> pd.DataFrame:
    """One generator per boundary bus; the one with the largest share holds its island's angle."""
    boundary = grid.buses[grid.buses["slack_share"] > 0]
    island = boundary["bus_id"].map(part)
    share = boundary["slack_share"] / boundary.groupby(island)["slack_share"].transform("sum")
    leads = ~island[share.sort_values(ascending=False, kind="stable").index].duplicated()
    place = boundary["station_id"]
    operator = place.map(grid.stations.set_index("station_id")["hv_operator"])
    both_ends = pd.concat([grid.circuits.set_index(bus)["rating_summer_mva"] for bus in ("bus0", "bus1")])
    table = pd.DataFrame(
        {
            "bus": boundary["bus_id"],
            "carrier": "grid",
            "control": np.where(leads.reindex(boundary.index), "Slack", "PQ"),
            "p_nom": boundary["bus_id"].map(both_ends.groupby(level=0).sum()).astype(float).fillna(0.0),
            "p_min_pu": -1.0,
            "slack_share": share,
            **_labels(grid, place, operator, boundary["quality"]),
        }
    )
    return _named(table, "grid " + boundary["bus_id"].astype("str"))


def _loads(grid: GridState) -> pd.DataFrame:
    stations = grid.stations
    at = stations["station_id"].map(station_buses(grid))
    operator = stations["mv_operator"].where(stations["mv_operator"].notna(), stations["hv_operator"])
    table = pd.DataFrame(
        {
            "bus": at,
            "carrier": "electricity",
            **_labels(grid, stations["station_id"], operator, stations["quality"]),
        }
    )
    return _named(table, "load " + stations["station_id"].astype("str"))


def _set_hours(
    network: pypsa.Network, hourly: pd.DataFrame, generators: pd.DataFrame, part: pd.Series
) -> None:
    named = hourly.set_axis([f"load {station}" for station in hourly.columns], axis=1).astype(float)
    everywhere = named.reindex(columns=network.components["Load"].static.index, fill_value=0.0)
    network.components["Load"].dynamic["p_set"] = everywhere.rename_axis(columns="name")
    island_of_load = network.components["Load"].static["bus"].map(part)
    total = everywhere.T.groupby(island_of_load).sum()
    island = generators["bus"].map(part)
    taken = total.reindex(island).fillna(0.0).to_numpy().T * generators["slack_share"].to_numpy()
    network.components["Generator"].dynamic["p_set"] = pd.DataFrame(
        taken, index=hourly.index, columns=pd.Index(generators.index, name="name")
    )
