"""AC power flow on the binding hours of the screening: voltages, losses, and loading beside the DC result."""

from pmiek.security.acflow.cases import Study, binding_rows
from pmiek.security.acflow.electrical import Electrical, electrical_of
from pmiek.security.acflow.powerflow import Injections, Solution, solve
from pmiek.security.acflow.tables import ac_check

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
