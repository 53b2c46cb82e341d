"""The screening pass: loading of every asset in every hour, by linear algebra."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.screening.assets import asset_places, station_groups
from model.screening.flows import add_flows, elements
from model.screening.hourly import Builder, Hourly
from model.screening.loading import (
    duration_table,
    heatmap_table,
    loading_table,
    lost_load_table,
    worst_of_contingencies,
)
from model.screening.net_load import NetLoad, net_load, signed_rows, station_energy
from model.screening.outages import FlowModel, flow_model
from model.screening.settings import FEED_IN, TAKE_OFF, Settings, month_of_hour
from model.screening.shares import shares_table, sources
from model.screening.stations import add_stations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from model.arrays import Floats
    from model.network import GridState, Sensitivities
    from model.screening.flows import Element


@dataclass(frozen=True)
class RunKey:
    """What a screening stands for; becomes the first columns of every table.

    Attributes
    ----------
    grid_state : str
        ``frozen``, ``nulalternatief`` or a variant.
    storyline, variant : str
        Storyline and variant ids.
    year, weather_year : int
        Year of the storyline; measured weather year.
    """

    grid_state: str
    storyline: str
    variant: str
    year: int
    weather_year: int


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
    """

    settings: Settings
    places: pd.DataFrame
    groups: pd.DataFrame
    flow: FlowModel | None
    stations: tuple[str, ...]

    @cached_property
    def monitored(self) -> list[Element]:
        """Elements of the flow model."""
        return elements(self.flow) if self.flow else []

    @cached_property
    def voltage_kv(self) -> pd.Series:
        """Highest voltage per asset."""
        return self.places.set_index("asset_id")["voltage_kv"]


@dataclass(frozen=True, eq=False)
class ScreeningResult:
    """Tables of a screening, each starting with the columns of :class:`RunKey`.

    Attributes
    ----------
    loading, shares, duration, heatmap, station_energy, curtailment, lost_load : DataFrame
        See ``docs/screening.md`` for the columns.
    """

    loading: pd.DataFrame
    shares: pd.DataFrame
    duration: pd.DataFrame
    heatmap: pd.DataFrame
    station_energy: pd.DataFrame
    curtailment: pd.DataFrame
    lost_load: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


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
    return Screened(settings, asset_places(grid, settings), station_groups(grid), flow, stations)


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
        From :func:`model.demand.connections`.
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
    ready: Screened, load: NetLoad, extra_capacity_mw: Mapping[str, float] | None = None
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
    """
    builder = Builder()
    add_stations(builder, ready.groups, load, ready.settings, ready.voltage_kv)
    if ready.flow is not None:
        add_flows(builder, ready.flow, ready.monitored, load, ready.settings)
    return builder.build().with_extra(extra_capacity_mw)


def screen(
    ready: Screened,
    connections: pd.DataFrame,
    profiles: pd.DataFrame,
    key: RunKey,
    *,
    calendar: pd.DataFrame | None = None,
    extra_capacity_mw: Mapping[str, float] | None = None,
    price_following: bool = False,
    curtailed_share: Mapping[str, Floats] | None = None,
) -> ScreeningResult:
    """Screen one grid, storyline, year and weather year.

    Parameters
    ----------
    ready : Screened
        Prepared grid.
    connections, profiles
        Who hangs where; hours × profiles.
    key : RunKey
        What this stands for.
    calendar : DataFrame, optional
        Columns month and hour_local per hour; UTC when left out.
    extra_capacity_mw : mapping, optional
        asset_id to MW added to its limits.
    price_following : bool
        Sensitivity: flexible assets follow the national price instead of firm rights only.
    curtailed_share : mapping, optional
        Profile name to hourly fraction that the market curtails; fills ``curtailment``.

    Returns
    -------
    ScreeningResult
        All tables.
    """
    settings = ready.settings
    rows = signed_rows(connections, settings.firm_share, price_following)
    load = net_load(rows, profiles, ready.stations)
    hourly = hourly_loading(ready, load, extra_capacity_mw)
    lost = lost_load_table(ready.flow, load) if ready.flow else pd.DataFrame()
    loading = loading_table(hourly, ready.places, _lost_by_asset(ready, lost, load))
    keys, worst = worst_of_contingencies(hourly)
    detail = settings.detail_from_pct / 100.0
    month, hour = _calendar(calendar, worst.shape[1])
    net = load.net_mw
    source = sources(rows, profiles, ready.stations, net, settings.station_simultaneity)
    position = {station: number for number, station in enumerate(ready.stations)}
    station_of_group = ready.groups.set_index("asset_id")["station_id"].map(position)
    tables = {
        "loading": loading,
        "shares": shares_table(
            hourly,
            detail,
            source,
            station_of_group=station_of_group,
            model=ready.flow,
            monitored=ready.monitored,
        ),
        "duration": duration_table(keys, worst),
        "heatmap": heatmap_table(keys, worst, month, hour, worst.max(axis=1, initial=0.0) >= detail),
        "station_energy": station_energy(rows, profiles),
        "curtailment": pd.DataFrame(),
        "lost_load": lost,
    }
    if curtailed_share:
        after = net_load(rows, profiles, ready.stations, curtailed_share)
        remaining = loading_table(
            hourly_loading(ready, after, extra_capacity_mw), ready.places, pd.Series(dtype=float)
        )
        tables["curtailment"] = _gross_and_net(loading, remaining)
    return ScreeningResult(**{name: _with_key(table, key) for name, table in tables.items()})


def screen_many(jobs: Iterable[ScreeningResult]) -> ScreeningResult:
    """Join the tables of many screenings; only tables are kept, so memory does not grow with the hours.

    Parameters
    ----------
    jobs : iterable of ScreeningResult
        Best a generator that calls :func:`screen`, so that one year is in memory at a time.

    Raises
    ------
    ValueError
        If there is nothing to screen.
    """
    collected: dict[str, list[pd.DataFrame]] = {}
    for result in jobs:
        for name, table in result.tables().items():
            collected.setdefault(name, []).append(table)
    if not collected:
        message = "nothing to screen"
        raise ValueError(message)
    return ScreeningResult(**{name: _join(parts) for name, parts in collected.items()})


def _join(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _with_key(table: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    table = table.copy()
    for position, (name, value) in enumerate(_key_items(key)):
        table.insert(position, name, value)
    return table


def _key_items(key: RunKey) -> Iterator[tuple[str, str | int]]:
    return ((field.name, getattr(key, field.name)) for field in fields(key))


def _lost_by_asset(ready: Screened, lost: pd.DataFrame, load: NetLoad) -> pd.Series:
    single = ready.groups[ready.groups["units"] == 1]
    peak = pd.Series(np.maximum(load.net_mw.max(axis=1), 0.0), index=list(ready.stations))
    groups = single["station_id"].map(peak).fillna(0.0) * single["station_share"]
    parts = [pd.Series(groups.to_numpy(), index=single["asset_id"].to_numpy())]
    if len(lost):
        parts.append(lost[lost["kind"] == "single"].groupby("asset_id")["lost_load_mw"].max())
    return pd.concat(parts)


def _calendar(calendar: pd.DataFrame | None, hours: int) -> tuple[np.ndarray, np.ndarray]:
    if calendar is None:
        return month_of_hour()[:hours], np.arange(hours) % 24
    return calendar["month"].to_numpy()[:hours], calendar["hour_local"].to_numpy()[:hours]


def _gross_and_net(gross: pd.DataFrame, net: pd.DataFrame) -> pd.DataFrame:
    on = ["asset_id", "direction", "contingency"]
    numbers = ["peak_mw", "loading_pct", "hours", "energy_mwh"]
    both = gross[[*on, *numbers]].merge(net[[*on, *numbers]], on=on, suffixes=("_gross", "_net"))
    return both[both["direction"].isin([TAKE_OFF, FEED_IN])]
