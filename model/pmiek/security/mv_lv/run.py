"""Medium and low voltage of one storyline: loading, causes, and stations, cable, space and money needed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.network import grid_state
from pmiek.security.mv_lv.power import LEVELS, Power, power_of
from pmiek.security.mv_lv.settings import Settings, read_settings
from pmiek.security.mv_lv.sizing import TABLE, stations_needed
from pmiek.security.screening.hourly import Builder, Hourly
from pmiek.security.screening.loading import heatmap_table, loading_table, worst_of_contingencies
from pmiek.security.screening.screen import RunKey
from pmiek.security.screening.settings import FEED_IN, TAKE_OFF
from pmiek.security.screening.shares import shares_table, sources
from pmiek.timeseries import calendar_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.security.screening.net_load import NetLoad

FROZEN: Final = "frozen"
ALL_IN: Final = "N-0"
QUALITY: Final = "derived"
DETAIL_FROM: Final = 0.8


@dataclass(frozen=True, eq=False)
class MvLv:
    """Tables of this room; ``loading``, ``shares`` and ``heatmap`` are as the screening's.

    Attributes
    ----------
    loading, shares, heatmap : DataFrame
        Per asset (all stations of a kind in a municipality), direction and run; of the heatmap the cells
        loaded 80 % or more.
    mv_lv : DataFrame
        Per municipality, kind of station and year: peaks, shortage, stations, cable, space and cost.
    """

    loading: pd.DataFrame
    shares: pd.DataFrame
    heatmap: pd.DataFrame
    mv_lv: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give all tables by name; none when medium and low voltage are left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return found if len(self.loading) else {"mv_lv": self.mv_lv}


def mv_lv(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    *,
    years: Sequence[int] | None = None,
    yields: Mapping[str, float] | None = None,
    grid_states: Sequence[str] = (FROZEN,),
    variant: str = "",
    extra_mw: Mapping[str, Mapping[str, float]] | None = None,
) -> MvLv:
    """Judge medium and low voltage in the years of one storyline.

    Capacity per municipality and direction is the base year's simultaneous peak times one plus the spare
    share. Today's stations were laid out for take-off, so they feed in at least as much as they take off.

    Parameters
    ----------
    tables : Tables
        Checked inputs; a variant or a local plan passes tables with other rows of demand and supply.
    scenario : Scenario
        Reads ``storyline``, ``years``, ``grid.firm_share``, ``grid.summer_months`` and, without ``yields``,
        the profiles' settings.
    profiles : mapping of int to DataFrame
        Hourly profiles by weather year.
    years : sequence of int, optional
        Years to judge; the screening years when left out.
    yields : mapping, optional
        As :func:`pmiek.connections.demand.connections`.
    grid_states : sequence of str
        Grids for which the rows hold: no decided work on medium or low voltage is known, so they are equal.
    variant : str
        Written in the column ``variant``; the scenario's own when left out.
    extra_mw : mapping of str to mapping, optional
        Asset to MW on top of its capacity per direction: what a project brings.

    Returns
    -------
    MvLv
        Tables without rows when ``profiles/connection_levels`` has none.

    Raises
    ------
    InputError
        If a cost or size is not in the inputs.
    """
    if tables[LEVELS].empty:
        nothing = pd.DataFrame()
        return MvLv(nothing, nothing, nothing, pd.DataFrame(columns=TABLE))
    settings = read_settings(tables)
    wanted = tuple(years or scenario.years.screening)
    powers = {
        year: power_of(tables, scenario, grid_state(tables, scenario, FROZEN, year), settings.kinds, yields)
        for year in dict.fromkeys((scenario.years.base, *wanted))
    }
    base = powers[scenario.years.base].peaks(profiles)
    limits = capacity_mw(base, settings)
    more = pd.DataFrame.from_dict(dict(extra_mw or {}), orient="index")
    limits = limits.add(more.reindex(index=limits.index, columns=limits.columns).fillna(0.0))
    places = asset_places(tables, settings)
    name = variant or scenario.variant
    parts = [
        _judged(
            powers[year], limits, places, shapes, RunKey(FROZEN, scenario.storyline, name, year, weather_year)
        )
        for year in wanted
        for weather_year, shapes in profiles.items()
    ]
    joined = {key: pd.concat([part[key] for part in parts], ignore_index=True) for key in parts[0]}
    peaks = {year: power.peaks(profiles) for year, power in powers.items()}
    needed = stations_needed(peaks, base, limits, settings, tables, scenario)
    needed = needed[needed["year"].isin(wanted)].assign(variant=name)
    every = {key: _for_states(table, grid_states) for key, table in joined.items()}
    return MvLv(**every, mv_lv=needed[TABLE].reset_index(drop=True))


def capacity_mw(base: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give what the stations of each municipality may carry, per direction.

    Parameters
    ----------
    base : DataFrame
        Base-year peaks, MW: index asset id, columns ``take-off`` and ``feed-in``.
    settings : Settings
        Spare share, and the size of a station: no municipality has less than one.

    Returns
    -------
    DataFrame
        As ``base``: peak times (1 + spare); feed-in never below take-off.
    """
    size = {kind.prefix: kind.size_mw for kind in settings.kinds}
    smallest = pd.Series([size[asset.partition("-")[0]] for asset in base.index], index=base.index)
    take_off = base[TAKE_OFF] * (1.0 + settings.spare.value)
    feed_in = base[[TAKE_OFF, FEED_IN]].max(axis=1) * (1.0 + settings.spare.value)
    both = pd.DataFrame({TAKE_OFF: take_off, FEED_IN: feed_in})
    return both.clip(lower=smallest, axis=0)


def asset_places(tables: Tables, settings: Settings) -> pd.DataFrame:
    """Give name, place and owner of every asset of this room, with the columns of the screening's places."""
    towns = tables["regions/municipalities"]
    towns = towns[towns["role"] == "study"].sort_values("gm_code")
    parts = [
        pd.DataFrame(
            {
                "asset_id": [kind.asset_id(code) for code in towns["gm_code"]],
                "asset_name": towns["name"].to_numpy(),
                "asset_class": kind.asset_class,
                "station": "",
                "station_id": "",
                "gm_code": towns["gm_code"].to_numpy(),
                "cluster": towns["cluster"].to_numpy(),
                "operator": towns["mv_operator"].fillna("").to_numpy(),
                "quality": QUALITY,
                "is_information": False,
            }
        )
        for kind in settings.kinds
    ]
    return pd.concat(parts, ignore_index=True)


def _judged(
    power: Power, limits: pd.DataFrame, places: pd.DataFrame, profiles: pd.DataFrame, key: RunKey
) -> dict[str, pd.DataFrame]:
    """Give loading, causes and shape of one run."""
    load = power.net_load(profiles)
    hourly = _hourly(load, limits)
    keys, worst = worst_of_contingencies(hourly)
    calendar = calendar_frame(key.weather_year)
    month, hour = (calendar[name].to_numpy()[: worst.shape[1]] for name in ("month", "hour_local"))
    source = sources(power.rows, profiles, power.assets, load.net_mw, 1.0)
    position = pd.Series(np.arange(len(power.assets)), index=list(power.assets))
    loading = loading_table(hourly, places, pd.Series(dtype=float)).assign(redundancy="")
    found = {
        "loading": loading,
        "shares": shares_table(
            hourly, DETAIL_FROM, source, station_of_group=position, model=None, monitored=[]
        ),
        "heatmap": heatmap_table(keys, worst, month, hour, worst.max(axis=1, initial=0.0) >= DETAIL_FROM),
    }
    found["heatmap"] = found["heatmap"][found["heatmap"]["max_loading_pct"] >= 100.0 * DETAIL_FROM]
    return {name: _with_key(table, key) for name, table in found.items()}


def _hourly(load: NetLoad, limits: pd.DataFrame) -> Hourly:
    builder, net = Builder(), load.net_mw
    for row, asset in enumerate(load.stations):
        for direction, sign in ((TAKE_OFF, 1.0), (FEED_IN, -1.0)):
            value = np.maximum(sign * net[row], 0.0)
            limit = np.full(len(value), limits.at[asset, direction])  # noqa: PD008 - one cell
            builder.add((asset, direction, ALL_IN), value, limit)
    return builder.build()


def _with_key(table: pd.DataFrame, key: RunKey) -> pd.DataFrame:
    front = {field.name: getattr(key, field.name) for field in fields(key)}
    return pd.concat([pd.DataFrame(front, index=table.index), table], axis=1)


def _for_states(table: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    return pd.concat([table.assign(grid_state=state) for state in states], ignore_index=True)
