"""The contract between the rooms of the carriers and the run that puts them together.

Heat, methane and hydrogen are planned one after the other, each by its own room, and meet the other carriers
in two places only: the hourly electricity and methane that they take or make, and the tables that they write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.carriers.parts import CarrierParts

HOURS_PER_YEAR = 8760
LOAD_KEYS = ["year", "weather_year", "gm_code", "station_id", "sector"]
TABLES = ("capacity", "costs", "transfers", "balance", "loading", "shares", "solver", "gas_net", "places")
#: Where the load of an asset lies; the shares of an asset in a year and direction add to one. ``homes_share`` is
#: the part of it that homes ask for.
PLACES = [
    "year", "asset_id", "direction", "sizes", "weather_year", "hour", "basis", "gm_code", "share", "homes_share",
]  # fmt: skip
#: Costs of a plan per asset; without a municipality they are divided by the places of the asset.
COST_KEYS = ["storyline", "variant", "year", "category", "asset_class", "payer", "asset_id", "gm_code"]


@dataclass(frozen=True)
class HourlyLoad:
    """Hourly energy of one carrier that the plan of another takes from its grid or gives to it.

    Attributes
    ----------
    rows : DataFrame
        One row per series: year, weather_year, gm_code, station_id (of electricity; empty: by the service
        area of the municipality), sector.
    mw : array (row, hour of the year)
        MW, of electricity at the MV bus; take-off positive, feed-in negative.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LOAD_KEYS))
    mw: Floats = field(default_factory=lambda: np.zeros((0, HOURS_PER_YEAR)))

    def __post_init__(self) -> None:
        """Check that every row has its hours, all of them numbers."""
        if list(self.rows.columns) != LOAD_KEYS:
            message = f"rows of an hourly load have the columns {', '.join(LOAD_KEYS)}"
            raise ValueError(message)
        if self.mw.shape != (len(self.rows), HOURS_PER_YEAR) or not np.isfinite(self.mw).all():
            message = f"an hourly load has {HOURS_PER_YEAR} numbers per row, got {self.mw.shape}"
            raise ValueError(message)


@dataclass(frozen=True)
class CarrierPlan:
    """What one carrier other than electricity builds, costs, moves and leaves too tight in a run.

    Attributes
    ----------
    carrier : str
        heat, methane or hydrogen.
    capacity, costs, transfers, loading, shares, solver, gas_net : DataFrame
        Rows of the result tables of these names (costs with the columns ``COST_KEYS``); ``loading`` has one
        row per asset, direction, year and weather year, also without exceedance.
    balance : DataFrame
        Yearly rows from which :func:`pmiek.results.balances.energy_balance` is made, in every carrier that is
        touched: storyline, variant, year, weather_year, gm_code, carrier, category, sector, energy_mwh.
    places : DataFrame
        Columns ``PLACES``: how the assets that several municipalities use are divided over them.
    parts : CarrierParts
        Buses and components with the power of every hour, for the network of the run.
    electricity, methane : HourlyLoad
        What the plan takes from these grids beyond the demand tables, or gives to them. Its yearly energy
        stands in ``balance`` as conversion.
    """

    carrier: str
    capacity: pd.DataFrame = field(default_factory=pd.DataFrame)
    costs: pd.DataFrame = field(default_factory=pd.DataFrame)
    transfers: pd.DataFrame = field(default_factory=pd.DataFrame)
    balance: pd.DataFrame = field(default_factory=pd.DataFrame)
    loading: pd.DataFrame = field(default_factory=pd.DataFrame)
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    solver: pd.DataFrame = field(default_factory=pd.DataFrame)
    gas_net: pd.DataFrame = field(default_factory=pd.DataFrame)
    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    parts: CarrierParts = field(default_factory=CarrierParts)
    electricity: HourlyLoad = field(default_factory=HourlyLoad)
    methane: HourlyLoad = field(default_factory=HourlyLoad)


def located(assets: Mapping[str, str], years: Sequence[int]) -> pd.DataFrame:
    """Return the places of assets that serve the municipality in which they stand.

    Parameters
    ----------
    assets : mapping of str to str
        Asset id to municipality code.
    years : sequence of int

    Returns
    -------
    DataFrame
        Columns ``PLACES``.
    """
    fixed = ("", True, 0, -1, "location")
    rows = [(year, asset, *fixed, code, 1.0, 0.0) for year in years for asset, code in assets.items()]
    return pd.DataFrame(rows, columns=PLACES)


def join_plans(plans: Sequence[CarrierPlan]) -> dict[str, pd.DataFrame]:
    """Put the tables of all carriers under one another.

    Parameters
    ----------
    plans : sequence of CarrierPlan

    Returns
    -------
    dict of str to DataFrame
        One entry per name in ``TABLES``; a table that no carrier fills is empty.
    """
    joined = {}
    for name in TABLES:
        parts = [table for table in (getattr(plan, name) for plan in plans) if len(table)]
        joined[name] = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return joined
