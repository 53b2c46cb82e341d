"""AC power flow on the binding hours of the screening: voltages, losses, and loading beside the DC result."""

from model.acflow.cases import Study, binding_rows
from model.acflow.electrical import Electrical, electrical_of
from model.acflow.powerflow import Injections, Solution, solve
from model.acflow.tables import ac_check

__all__ = [
    "Electrical",
    "Injections",
    "Solution",
    "Study",
    "ac_check",
    "binding_rows",
    "electrical_of",
    "solve",
]
