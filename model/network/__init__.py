"""The electricity grid: tables in force, topology checks and linear sensitivities.

The PyPSA network is made by :mod:`model.network.build` and exported by :mod:`model.network.export`; they are
imported where they are used, because importing PyPSA takes seconds.
"""

from __future__ import annotations

from model.network.changes import grid_changes
from model.network.sensitivities import Outage, Sensitivities, sensitivities, transit_pattern
from model.network.state import Additions, GridState, admitted_projects, grid_state, tower_groups
from model.network.topology import check_topology, islands

__all__ = [
    "Additions",
    "GridState",
    "Outage",
    "Sensitivities",
    "admitted_projects",
    "check_topology",
    "grid_changes",
    "grid_state",
    "islands",
    "sensitivities",
    "tower_groups",
    "transit_pattern",
]
