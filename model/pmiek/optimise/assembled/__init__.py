"""The network of a finished run: every carrier, its plan and its dispatch, in one file that PyPSA opens."""

from pmiek.optimise.assembled.electricity import Electricity, sector_power
from pmiek.optimise.assembled.network import assemble, imbalance_mw, write_network

__all__ = ["Electricity", "assemble", "imbalance_mw", "sector_power", "write_network"]
