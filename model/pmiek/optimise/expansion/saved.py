"""A solved network as one file that PyPSA opens without this package."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pmiek.network.build import new_network

if TYPE_CHECKING:
    import pypsa


def save_network(network: pypsa.Network, path: Path) -> None:
    """Write a network as netCDF; a file that is there is replaced when the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".network") as name:
        part = Path(name) / path.name
        network.export_to_netcdf(str(part))
        part.replace(path)


def open_network(path: Path) -> pypsa.Network:
    """Open a saved network, with PyPSA's options set so that it gives no warnings about coming changes."""
    network = new_network()
    network.import_from_netcdf(str(path))
    return network
