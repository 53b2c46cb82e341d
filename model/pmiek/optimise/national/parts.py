"""What the national programme is made of: units, parks and storage, in GW and EUR per MWh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Unit:
    """Something that generates or consumes up to its capacity, without memory.

    Attributes
    ----------
    technology : str
        Name in the input tables; import and export blocks carry their block name.
    sign : float
        +1 generates (or sheds demand), -1 consumes.
    capacity_gw : float
        Highest power in any hour.
    cost_eur_per_mwh : float
        Cost of one MWh generated; of one MWh consumed minus what it is worth.
    installed_gw : float
        Nameplate by which the dispatch per MW is stated; equals capacity unless availability lowers that.
    park : str
        Park behind whose connection it stands; empty on the grid.
    hourly_share : ndarray, optional
        Share of the capacity that can be used in each hour, 8,760 values; all of it when absent.
    co2_t_per_mwh : float, optional
        CO2 per MWh that a plant generates, tonnes; none for what is no plant, and for the reserve, whose fuel
        is open.
    """

    technology: str
    sign: float
    capacity_gw: float
    cost_eur_per_mwh: float
    installed_gw: float
    park: str = ""
    hourly_share: Floats | None = None
    co2_t_per_mwh: float | None = None


@dataclass(frozen=True)
class Storage:
    """Something that stores electricity.

    Attributes
    ----------
    technology : str
        Name in the input tables.
    power_gw, energy_gwh : float
        Power of charging and of discharging, and content.
    efficiency : float
        Discharged over charged energy; each way takes the square root.
    cost_eur_per_mwh : float
        Wear per MWh charged.
    park : str
        Park behind whose connection it stands; empty on the grid.
    """

    technology: str
    power_gw: float
    energy_gwh: float
    efficiency: float
    cost_eur_per_mwh: float
    park: str = ""


@dataclass(frozen=True)
class Park:
    """Solar or wind that can be curtailed, with what stands behind its connection.

    Attributes
    ----------
    name : str
        Park name, to which units and storage refer.
    family : str
        ``solar`` or ``wind``: over which curtailment is added up.
    available_gw : ndarray
        Highest output per hour, 8,760 values.
    connection_gw : float
        Highest feed-in to the grid.
    curtailment_cost_eur_per_mwh : float
        Small cost that fixes the order in which parks are curtailed.
    """

    name: str
    family: str
    available_gw: Floats
    connection_gw: float
    curtailment_cost_eur_per_mwh: float


@dataclass(frozen=True)
class Case:
    """One storyline, year and weather year of the national programme.

    Attributes
    ----------
    label : str
        For messages, for example ``koersvaste_middenweg 2040, weather of 2012``.
    load_gw : ndarray
        Demand less must-run generation, 8,760 values.
    demand_gw : ndarray
        Demand alone.
    parks, units, storages : tuple
        Parts; their order fixes the order of the columns.
    value_of_lost_load_eur_per_mwh : float
        Cost of unserved demand.
    hydrogen_price_eur_per_mwh : float
        Price at which electrolysers sell and plants buy.
    """

    label: str
    load_gw: Floats
    demand_gw: Floats
    parks: tuple[Park, ...]
    units: tuple[Unit, ...]
    storages: tuple[Storage, ...]
    value_of_lost_load_eur_per_mwh: float
    hydrogen_price_eur_per_mwh: float
