"""Hourly power that runs through the stations of each municipality on medium and low voltage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.connections.demand.connections import CARRIER, spread_all
from pmiek.security.screening.net_load import NetLoad, net_load, signed_rows
from pmiek.security.screening.settings import FEED_IN, TAKE_OFF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState
    from pmiek.security.mv_lv.settings import Kind

LEVELS: Final = "profiles/connection_levels"


@dataclass(frozen=True, eq=False)
class Power:
    """What runs through the assets of this room in one storyline year.

    Attributes
    ----------
    rows : DataFrame
        Signed rows as of :func:`pmiek.security.screening.net_load.signed_rows`; ``station_id`` is the asset.
    assets : tuple of str
        Asset ids: every kind of station in every study municipality.
    """

    rows: pd.DataFrame
    assets: tuple[str, ...]

    def net_load(self, profiles: pd.DataFrame) -> NetLoad:
        """Give hourly demand and generation per asset (assets × hours)."""
        return net_load(self.rows, profiles, self.assets)

    def peaks(self, profiles: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
        """Give the simultaneous peak per asset and direction, the highest of the weather years.

        Returns
        -------
        DataFrame
            Index asset id; columns ``take-off`` and ``feed-in``, MW, not below zero.
        """
        nets = [self.net_load(frame).net_mw for frame in profiles.values()]
        take_off = np.max([net.max(axis=1, initial=0.0) for net in nets], axis=0)
        feed_in = np.max([(-net).max(axis=1, initial=0.0) for net in nets], axis=0)
        return pd.DataFrame({TAKE_OFF: take_off, FEED_IN: feed_in}, index=list(self.assets))


def power_of(
    tables: Tables,
    scenario: Scenario,
    grid: GridState,
    kinds: Sequence[Kind],
    yields: Mapping[str, float] | None = None,
) -> Power:
    """Gather what hangs on medium and low voltage in one year of the scenario's storyline.

    Sectors are divided over the levels by ``profiles/connection_levels``. What stands on a station that
    serves only its own site is left out; flexible assets count with their firm rights, as in the screening.

    Parameters
    ----------
    tables, scenario, grid, yields
        As :func:`pmiek.connections.demand.connections.spread_all`, for ``scenario.storyline`` and ``grid.year``.
    kinds : sequence of Kind
        Kinds of station.
    """
    rows = spread_all(tables, scenario, scenario.storyline, grid.year, grid, yields=yields)
    places = tables["regions/municipalities"]
    study = sorted(places.loc[places["role"] == "study", "gm_code"])
    customers = set(grid.stations.loc[~grid.stations["serves_public"].astype(bool), "station_id"])
    rows = rows[rows["gm_code"].isin(study) & ~rows["station_id"].isin(customers)]
    levels = tables[LEVELS]
    levels = levels.loc[levels["carrier"] == CARRIER, ["kind", "sector", *(k.share for k in kinds)]]
    rows = rows.merge(levels, on=["kind", "sector"], how="inner").assign(switchable_share=0.0)
    parts = [
        rows.assign(
            station_id=[kind.asset_id(code) for code in rows["gm_code"]],
            volume_mwh=rows["volume_mwh"] * rows[kind.share],
            capacity_mw=rows["capacity_mw"] * rows[kind.share],
        )
        for kind in kinds
    ]
    key = ["station_id", "gm_code", "kind", "sector", "profile", "switchable_share"]
    both = pd.concat(parts, ignore_index=True)
    both = both.groupby(key, as_index=False)[["volume_mwh", "capacity_mw"]].sum()
    signed = signed_rows(both, scenario.grid.firm_share)
    return Power(signed, tuple(kind.asset_id(code) for kind in kinds for code in study))
