"""A grid made ready for screening, and what it carries in every hour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.security.screening.assets import asset_places, station_groups
from pmiek.security.screening.flows import add_flows, by_asset, elements, flow_cases
from pmiek.security.screening.hourly import Builder, Hourly
from pmiek.security.screening.loading import PEAK_COLUMNS, peak_table
from pmiek.security.screening.maintenance import CutPair, cut_pairs
from pmiek.security.screening.net_load import NetLoad, net_load, signed_rows
from pmiek.security.screening.outages import FlowModel, flow_model
from pmiek.security.screening.settings import Settings, counted, towers_count
from pmiek.security.screening.stations import add_stations

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from pmiek.arrays import Bools, Floats
    from pmiek.network import GridState, Sensitivities
    from pmiek.security.screening.flows import Element

ASSETS_AT_ONCE: Final = 16


@dataclass(frozen=True, eq=False)
class Screened:
    """A grid prepared for screening; made once per grid and used for all hours, years and storylines.

    Attributes
    ----------
    settings : Settings
        Limits and conventions.
    places, groups : DataFrame
        Assets, and station transformer groups.
    flow : FlowModel or None
        High-voltage flows; None tests stations only.
    stations : tuple of str
        Row order of the net load.
    sens : Sensitivities or None
        What the flows were made from.
    counted_only : bool
        Leave out of the flows what is information only; saves time where many grids are compared.
    """

    settings: Settings
    places: pd.DataFrame
    groups: pd.DataFrame
    flow: FlowModel | None
    stations: tuple[str, ...]
    sens: Sensitivities | None = None
    counted_only: bool = False

    @cached_property
    def pairs(self) -> list[CutPair]:
        """Pairs of elements whose joint outage cuts stations off."""
        return cut_pairs(self.sens, self.stations, self.groups) if self.sens else []

    def counts(self, rows: pd.DataFrame) -> Bools:
        """Whether the limits let an exceedance in each row make a bottleneck.

        Parameters
        ----------
        rows : DataFrame
            asset_id, direction, contingency.
        """
        known = rows[["asset_id", "direction", "contingency"]].join(self._kind, on="asset_id")
        return counted(self.settings, known)

    @cached_property
    def _kind(self) -> pd.DataFrame:
        return self.places.set_index("asset_id")[["asset_class", "voltage_kv"]]

    @cached_property
    def information(self) -> frozenset[str]:
        """Assets that are shown only."""
        return frozenset(self.places.loc[self.places["is_information"].astype(bool), "asset_id"])

    @cached_property
    def monitored(self) -> list[Element]:
        """Elements of the flow model."""
        every = elements(self.flow) if self.flow else []
        return [e for e in every if not (self.counted_only and e.asset_id in self.information)]

    @cached_property
    def voltage_kv(self) -> pd.Series:
        """Highest voltage per asset."""
        return self.places.set_index("asset_id")["voltage_kv"]


def prepare(grid: GridState, sens: Sensitivities | None, settings: Settings) -> Screened:
    """Prepare a grid for screening.

    Parameters
    ----------
    grid : GridState
        Tables in force.
    sens : Sensitivities or None
        Distribution factors of that grid; None tests station transformers only.
    settings : Settings
        Limits and conventions.
    """
    flow = flow_model(grid, sens) if sens is not None else None
    stations = flow.stations if flow else tuple(sorted(grid.stations["station_id"]))
    return Screened(settings, asset_places(grid, settings), station_groups(grid), flow, stations, sens)


def hourly_net_load(
    ready: Screened,
    connections: pd.DataFrame,
    profiles: pd.DataFrame,
    *,
    price_following: bool = False,
    curtailed_share: Mapping[str, Floats] | None = None,
) -> NetLoad:
    """Hourly power per station; rows in the order of ``ready.stations``.

    Parameters
    ----------
    ready : Screened
        Prepared grid.
    connections : DataFrame
        From :func:`pmiek.connections.demand.connections`.
    profiles : DataFrame
        Hours × profiles, with ``unit_...`` columns when flexible assets count.
    price_following : bool
        Sensitivity: all flexible capacity follows the national dispatch.
    curtailed_share : mapping, optional
        Profile name to hourly fraction of generation that the market curtails.
    """
    rows = signed_rows(connections, ready.settings.firm_share, price_following)
    return net_load(rows, profiles, ready.stations, curtailed_share)


def hourly_loading(
    ready: Screened,
    load: NetLoad,
    extra_capacity_mw: Mapping[str, float] | None = None,
    *,
    towers: bool = True,
) -> Hourly:
    """Value and limit of every asset in every hour.

    Parameters
    ----------
    ready : Screened
        Prepared grid.
    load : NetLoad
        From :func:`hourly_net_load`.
    extra_capacity_mw : mapping, optional
        asset_id to MW added to every limit of the asset (per circuit for a corridor).
    towers : bool
        Also test faults of towers that do not count.
    """
    builder = Builder()
    add_stations(builder, ready.groups, load, ready.settings, ready.voltage_kv)
    if ready.flow is not None:
        cases = flow_cases(ready.flow, load, ready.settings)
        tested = towers or towers_count(ready.settings)
        add_flows(builder, ready.flow, ready.monitored, cases, ready.settings, towers=tested)
    return builder.build().with_extra(extra_capacity_mw)


def peaks(
    ready: Screened,
    load: NetLoad,
    extra_capacity_mw: Mapping[str, float] | None = None,
    *,
    assets: Container[str] | None = None,
) -> pd.DataFrame:
    """Give peak, exceedance, hours and energy of every asset without keeping hourly series.

    A few assets at a time, so memory and time stay small; faults of towers are tested only if the limits let
    them count.

    Parameters
    ----------
    ready, load, extra_capacity_mw
        As :func:`hourly_loading`.
    assets : container of str, optional
        Only these assets; all when left out.

    Returns
    -------
    DataFrame
        As :func:`pmiek.security.screening.loading.peak_table`.
    """
    parts = [
        peak_table(part.with_extra(extra_capacity_mw))
        for part in _hourly_parts(ready, load, assets, peaks_only=not extra_capacity_mw)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=PEAK_COLUMNS)


def _hourly_parts(
    ready: Screened, load: NetLoad, assets: Container[str] | None, *, peaks_only: bool
) -> Iterator[Hourly]:
    builder = Builder()
    monitored = ready.monitored
    if assets is not None:
        monitored = [element for element in monitored if element.asset_id in assets]
    if add_stations(builder, ready.groups, load, ready.settings, ready.voltage_kv, only=assets):
        yield builder.build()
    if ready.flow is None or not monitored:
        return
    cases = flow_cases(ready.flow, load, ready.settings)
    towers = towers_count(ready.settings)
    for part in by_asset(monitored, ASSETS_AT_ONCE):
        builder.clear()
        add_flows(builder, ready.flow, part, cases, ready.settings, towers=towers, peaks_only=peaks_only)
        yield builder.build()
