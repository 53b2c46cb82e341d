"""Who hangs on which station: municipal and industrial figures spread over the stations of the grid."""

from model.demand.check import energy_check
from model.demand.connections import COLUMNS, connections

__all__ = ["COLUMNS", "connections", "energy_check"]
