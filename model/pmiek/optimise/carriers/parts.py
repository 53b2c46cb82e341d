"""What a carrier puts into the network of a run: components with the power of every hour that its plan found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pmiek.arrays import Floats

Component = Literal["Load", "Generator", "Store", "Link"]


@dataclass(frozen=True)
class Place:
    """A bus of a carrier, with its labels.

    Attributes
    ----------
    name, carrier : str
        Name of the bus, and what it balances.
    gm_code, cluster, operator : str
        Where it lies and whose it is; empty where not known or outside the study area.
    """

    name: str
    carrier: str
    gm_code: str = ""
    cluster: str = ""
    operator: str = ""


@dataclass(frozen=True)
class Part:
    """One component at a bus, with what it does.

    Attributes
    ----------
    component : str
        PyPSA's component: Load, Generator, Store or Link.
    name, bus, technology : str
        Name, bus and technology (PyPSA's carrier of a component).
    mw : array (period, hour of all weather years)
        Power, zero or more; a store's discharge, negative while it charges; what enters a link.
    p_nom : array (period)
        MW in service; MWh of a store. What a plan does not limit has its fullest hour.
    sign : float
        -1 for a generator that takes energy off its bus.
    bus1 : str
        Where a link ends.
    efficiency : float
        What leaves a link per MW that enters.
    asset_id, payer, quality : str
        Labels; empty where not known.
    """

    component: Component
    name: str
    bus: str
    technology: str
    mw: Floats
    p_nom: Floats
    sign: float = 1.0
    bus1: str = ""
    efficiency: float = 1.0
    asset_id: str = ""
    payer: str = ""
    quality: str = ""


@dataclass(frozen=True)
class CarrierParts:
    """Buses and components of one carrier in a run; empty when nothing was planned.

    Attributes
    ----------
    places : tuple of Place
    parts : tuple of Part
        On every bus and in every hour, what comes in equals what goes out.
    """

    places: tuple[Place, ...] = ()
    parts: tuple[Part, ...] = field(default=())

    def joined(self, other: CarrierParts) -> CarrierParts:
        """Put another carrier, or other networks of this one, beside it."""
        return CarrierParts((*self.places, *other.places), (*self.parts, *other.parts))
