"""The screening pass: loading of every asset in every hour, by linear algebra."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.security.screening.days import day_table, heaviest_days
from pmiek.security.screening.loading import (
    duration_table,
    heatmap_table,
    loading_table,
    lost_load_table,
    worst_of_contingencies,
)
from pmiek.security.screening.maintenance import maintenance_check
from pmiek.security.screening.margins import Attribution, margin_table
from pmiek.security.screening.net_load import NetLoad, net_load, signed_rows, station_energy
from pmiek.security.screening.ready import Screened, hourly_loading, peaks
from pmiek.security.screening.settings import FEED_IN, TAKE_OFF, TOWER, month_of_hour
from pmiek.security.screening.shares import Sources, shares_table, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmiek.arrays import Floats
    from pmiek.security.screening.hourly import Hourly


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
class ScreeningResult:
    """Tables of a screening, each starting with the columns of :class:`RunKey`.

    Attributes
    ----------
    loading, shares, margins, duration, heatmap, day_heatmap, station_energy, curtailment, lost_load,
    tower_faults, maintenance_check : DataFrame
        See ``docs/screening.md`` for the columns.
    """

    loading: pd.DataFrame
    shares: pd.DataFrame
    margins: pd.DataFrame
    duration: pd.DataFrame
    heatmap: pd.DataFrame
    day_heatmap: pd.DataFrame
    station_energy: pd.DataFrame
    curtailment: pd.DataFrame
    lost_load: pd.DataFrame
    tower_faults: pd.DataFrame
    maintenance_check: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


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
    rare_faults: bool = True,
    every_hour: bool = False,
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
        Columns month, hour_local and day_of_year per hour; UTC when left out.
    extra_capacity_mw : mapping, optional
        asset_id to MW added to its limits.
    price_following : bool
        Sensitivity: flexible assets follow the national price instead of firm rights only.
    curtailed_share : mapping, optional
        Profile name to hourly fraction that the market curtails; fills ``curtailment``.

    rare_faults : bool
        Also fill ``tower_faults`` and ``maintenance_check``, which make no bottleneck.
    every_hour : bool
        Also fill ``day_heatmap``: the loading of all local hours of assets with detail.

    Returns
    -------
    ScreeningResult
        All tables.
    """
    settings = ready.settings
    rows = signed_rows(connections, settings.firm_share, price_following)
    load = net_load(rows, profiles, ready.stations)
    every = hourly_loading(ready, load, extra_capacity_mw, towers=rare_faults)
    lost = lost_load_table(ready.flow, load) if ready.flow else pd.DataFrame()
    lost_by_asset = _lost_by_asset(ready, lost, load)
    hourly, towers = _split(ready, every)
    loading = loading_table(hourly, ready.places, lost_by_asset)
    keys, worst = worst_of_contingencies(hourly)
    detail = settings.detail_from_pct / 100.0
    month, hour, day = _calendar(calendar, worst.shape[1])
    detailed = worst.max(axis=1, initial=0.0) >= detail
    source = sources(rows, profiles, ready.stations, load.net_mw, settings.station_simultaneity)
    shares = _shares(ready, hourly, source, detail)
    tables = {
        "loading": _uncounted_is_information(ready, loading),
        "shares": shares,
        "margins": margin_table(hourly, shares, _attribution(ready, source, load)),
        "duration": duration_table(keys, worst),
        "heatmap": heatmap_table(keys, worst, month, hour, detailed),
        "day_heatmap": day_table(keys, worst, day, hour, detailed & every_hour),
        "station_energy": station_energy(rows, profiles),
        "curtailment": pd.DataFrame(),
        "lost_load": lost,
        "tower_faults": loading_table(towers, ready.places, lost_by_asset),
        "maintenance_check": maintenance_check(
            ready.pairs if rare_faults else [],
            load,
            settings.maintenance_max_mw,
            settings.maintenance_max_hours,
        ),
    }
    if curtailed_share:
        after = net_load(rows, profiles, ready.stations, curtailed_share)
        tables["curtailment"] = _gross_and_net(loading, peaks(ready, after, extra_capacity_mw))
    return ScreeningResult(**{name: _with_key(table, key) for name, table in tables.items()})


def _split(ready: Screened, hourly: Hourly) -> tuple[Hourly, Hourly]:
    """Separate the faults of towers that are reported but do not count."""
    keys = hourly.keys
    aside = keys["contingency"].eq(TOWER).to_numpy()
    if aside.any():
        aside = aside & ~ready.counts(keys)
    return hourly.only(~aside), hourly.only(aside)


def _uncounted_is_information(ready: Screened, loading: pd.DataFrame) -> pd.DataFrame:
    shown_only = ~ready.counts(loading)
    return loading.assign(is_information=loading["is_information"].astype(bool) | shown_only)


def _shares(ready: Screened, hourly: Hourly, source: Sources, detail: float) -> pd.DataFrame:
    position = {station: number for number, station in enumerate(ready.stations)}
    station_of_group = ready.groups.set_index("asset_id")["station_id"].map(position)
    return shares_table(
        hourly,
        detail,
        source,
        station_of_group=station_of_group,
        model=ready.flow,
        monitored=ready.monitored,
    )


def _attribution(ready: Screened, source: Sources, load: NetLoad) -> Attribution:
    return Attribution(
        source,
        load,
        ready.groups,
        ready.stations,
        ready.flow,
        ready.monitored,
        ready.places,
        ready.settings,
    )


def screen_many(jobs: Iterable[ScreeningResult]) -> ScreeningResult:
    """Join the tables of many screenings; only tables are kept, so memory does not grow with the hours.

    Of ``day_heatmap`` only the heaviest case of each asset and direction is kept, as the screenings go.

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
            parts = collected.setdefault(name, [])
            parts.append(table)
            if name == "day_heatmap":
                parts[:] = [heaviest_days(parts)]
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
    groups = single["station_id"].map(peak).astype(float).fillna(0.0) * single["station_share"]
    parts = [pd.Series(groups.to_numpy(), index=single["asset_id"].to_numpy())]
    if len(lost):
        parts.append(lost[lost["kind"] == "single"].groupby("asset_id")["lost_load_mw"].max())
    return pd.concat(parts)


def _calendar(calendar: pd.DataFrame | None, hours: int) -> tuple[np.ndarray, ...]:
    if calendar is None:
        return month_of_hour()[:hours], np.arange(hours) % 24, np.arange(hours) // 24 + 1
    return tuple(calendar[name].to_numpy()[:hours] for name in ("month", "hour_local", "day_of_year"))


def _gross_and_net(gross: pd.DataFrame, net: pd.DataFrame) -> pd.DataFrame:
    on = ["asset_id", "direction", "contingency"]
    numbers = ["peak_mw", "loading_pct", "hours", "energy_mwh"]
    both = gross[[*on, *numbers]].merge(net[[*on, *numbers]], on=on, suffixes=("_gross", "_net"))
    return both[both["direction"].isin([TAKE_OFF, FEED_IN])]
