"""One energy cluster's part of the network: a text summary, and files for other tools."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pypsa

from pmiek.files import write_csv, write_json
from pmiek.network.build import add, attributes, new_network

BRANCHES = ("Line", "Transformer")
CSV_FILES = {
    "Bus": "buses",
    "Line": "lines",
    "Transformer": "transformers",
    "Load": "loads",
    "Generator": "generators",
}


def cluster_part(network: pypsa.Network, cluster: str | None) -> pypsa.Network:
    """Return the part of one energy cluster: its buses, every branch that touches them, and the far ends.

    Parameters
    ----------
    network : pypsa.Network
        Whole grid.
    cluster : str or None
        Energy cluster; None gives the whole grid.

    Returns
    -------
    pypsa.Network
        A new network with the same names and labels; buses outside the cluster are those one branch away.

    Raises
    ------
    ValueError
        If no bus has this label.
    """
    buses = network.components["Bus"].static
    inside = buses.index if cluster is None else buses.index[buses["cluster"] == cluster]
    if len(inside) == 0:
        known = ", ".join(sorted(set(buses["cluster"]) - {""}))
        message = f"no part of the grid lies in cluster {cluster!r}; known: {known}"
        raise ValueError(message)
    part = new_network(f"{network.name} cluster {cluster or 'all'}")
    part.set_snapshots(list(network.snapshots))
    chosen: dict[str, pd.DataFrame] = {}
    ends = set(inside)
    for component in BRANCHES:
        static = network.components[component].static
        chosen[component] = static[static["bus0"].isin(inside) | static["bus1"].isin(inside)]
        ends |= set(chosen[component]["bus0"]) | set(chosen[component]["bus1"])
    add(part, "Bus", input_columns(network, "Bus", buses[buses.index.isin(ends)]))
    for component in BRANCHES:
        add(part, component, input_columns(network, component, chosen[component]))
    for component in ("Generator", "Load"):
        static = network.components[component].static
        add(part, component, input_columns(network, component, static[static["bus"].isin(inside)]))
        kept = part.components[component].static.index
        for attribute, series in network.components[component].dynamic.items():
            columns = series.columns.intersection(kept)
            if attribute == "p_set" and len(columns):
                part.components[component].dynamic[attribute] = series[columns]
    return part


def input_columns(network: pypsa.Network, component: str, static: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are an input or one of our labels, without computed ones."""
    defaults = network.components[component].defaults
    outputs = set(defaults.index[defaults["status"].str.startswith("Output")])
    wanted = attributes(network, component) - outputs
    return static[[column for column in static if column in wanted and not static[column].isna().all()]]


def summary_table(network: pypsa.Network) -> pd.DataFrame:
    """Return one row per bus, corridor and transformer group.

    Returns
    -------
    DataFrame
        kind, asset, voltage_kv, count, capacity_mva (sum over circuits or units), operator, cluster,
        municipality, quality; sorted by kind and asset.
    """
    buses = network.components["Bus"].static
    labels = ["operator", "cluster", "municipality", "quality"]
    nodes = buses[labels].assign(kind="bus", voltage_kv=buses["v_nom"], count=1, capacity_mva=0.0)
    rows = [nodes.rename_axis("asset").reset_index()]
    for component, kind in zip(BRANCHES, ("circuit", "transformer"), strict=True):
        static = network.components[component].static
        if static.empty:
            continue
        lines = static.assign(voltage_kv=static["bus0"].map(buses["v_nom"]), asset=static["asset_id"])
        grouped = lines.groupby("asset", sort=True)
        first = grouped[["voltage_kv", "operator", "cluster", "municipality", "quality"]].first()
        both = first.assign(kind=kind, count=grouped.size(), capacity_mva=grouped["s_nom"].sum())
        rows.append(both.reset_index())
    columns = [
        "kind",
        "asset",
        "voltage_kv",
        "count",
        "capacity_mva",
        "operator",
        "cluster",
        "municipality",
        "quality",
    ]
    result: pd.DataFrame = pd.concat(rows, ignore_index=True)[columns]
    return result.sort_values(["kind", "asset"], ignore_index=True)


def to_geojson(network: pypsa.Network) -> dict[str, Any]:
    """Return buses as points and lines as straight connections, WGS84, with their labels."""
    buses = network.components["Bus"].static
    place = {bus.Index: [round(bus.x, 5), round(bus.y, 5)] for bus in buses.itertuples()}
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place[bus.Index]},
            "properties": {
                "bus_id": bus.Index, "voltage_kv": bus.v_nom, "station": bus.station, "cluster": bus.cluster,
                "municipality": bus.municipality, "operator": bus.operator, "quality": bus.quality,
            },
        }
        for bus in buses.itertuples()
    ]  # fmt: skip
    lines = [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [place[line.bus0], place[line.bus1]],
            },
            "properties": {
                "circuit_id": line.Index, "asset_id": line.asset_id, "rating_summer_mva": line.s_nom,
                "length_km": line.length, "closed": bool(line.active), "operator": line.operator,
                "quality": line.quality,
            },
        }
        for line in network.components["Line"].static.itertuples()
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": points + lines}


def export_part(network: pypsa.Network, folder: Path) -> list[Path]:
    """Write a network as netCDF, as a folder of CSV files and as GeoJSON.

    Parameters
    ----------
    network : pypsa.Network
        Whole grid or a part.
    folder : Path
        Target folder; it is made, files of an earlier export are replaced.

    Returns
    -------
    list of Path
        ``network.nc``, the folder ``csv`` and ``network.geojson``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    netcdf, tables, geojson = folder / "network.nc", folder / "csv", folder / "network.geojson"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export") as name:
        network.export_to_netcdf(str(Path(name) / "network.nc"))
        (Path(name) / "network.nc").replace(netcdf)
    for component, file in CSV_FILES.items():
        static = input_columns(network, component, network.components[component].static)
        write_csv(static.rename_axis("name").reset_index(), tables / f"{file}.csv")
        series = (
            network.components[component].dynamic["p_set"] if component in {"Load", "Generator"} else None
        )
        if series is not None and not series.empty:
            write_csv(series.rename_axis("snapshot").reset_index(), tables / f"{file}-p_set.csv")
    write_json(to_geojson(network), geojson)
    return [netcdf, tables, geojson]
