"""The electricity grid: tables in force, topology checks, the PyPSA network and linear sensitivities."""

from __future__ import annotations

from model.network.build import BuildError, build_network, station_buses
from model.network.export import cluster_part, export_part, summary_table
from model.network.sensitivities import Outage, Sensitivities, sensitivities
from model.network.state import Additions, GridState, admitted_projects, grid_state, tower_groups
from model.network.topology import check_topology, islands

__all__ = [
    "Additions",
    "BuildError",
    "GridState",
    "Outage",
    "Sensitivities",
    "admitted_projects",
    "build_network",
    "check_topology",
    "cluster_part",
    "export_part",
    "grid_state",
    "islands",
    "sensitivities",
    "station_buses",
    "summary_table",
    "tower_groups",
]
