"""The electricity grid: tables in force, topology checks and linear sensitivities.

The PyPSA network is made by :mod:`pmiek.network.build` and exported by :mod:`pmiek.network.export`; they are
imported where they are used, because importing PyPSA takes seconds.
"""

from __future__ import annotations

from pmiek.network.changes import grid_changes
from pmiek.network.sensitivities import Outage, Sensitivities, sensitivities, transit_pattern
from pmiek.network.state import Additions, GridState, admitted_projects, grid_state, tower_groups
from pmiek.network.topology import check_topology, islands

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
