"""Who hangs on which station: municipal and industrial figures spread over the stations of the grid."""

from pmiek.connections.demand.check import energy_check
from pmiek.connections.demand.connections import COLUMNS, connections

__all__ = ["COLUMNS", "connections", "energy_check"]
