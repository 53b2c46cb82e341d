"""The expansion of the electricity grid as one PyPSA network: components, our own rows, the solved file."""

from pmiek.optimise.expansion.electricity import electricity_network
from pmiek.optimise.expansion.rows import add_rows
from pmiek.optimise.expansion.saved import open_network, save_network
from pmiek.optimise.expansion.solve import Solved, solve_network

__all__ = ["Solved", "add_rows", "electricity_network", "open_network", "save_network", "solve_network"]
