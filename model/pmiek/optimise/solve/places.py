"""Where the load of an asset lies: municipalities by their part in the hour that sizes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.arrays import Floats, Ints
from pmiek.connections.demand import connections
from pmiek.network import grid_state
from pmiek.optimise.carriers.connect import with_load
from pmiek.optimise.carriers.contract import PLACES, located
from pmiek.optimise.solve.case import (
    FEED_IN_TOTAL,
    HOURS_PER_YEAR,
    TAKE_OFF_TEST,
    PathwayCase,
    high_voltage_view,
)
from pmiek.optimise.solve.program import HV_ASSETS
from pmiek.security.screening import settings_of
from pmiek.security.screening.net_load import signed_rows
from pmiek.security.screening.settings import FEED_IN, TAKE_OFF

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.optimise.carriers import HourlyLoad
    from pmiek.optimise.solve.lumps import Rounded

SIZING_HOUR: Final = "sizing hour"
#: What the pathway adds at a station, under an id of its own.
AT_STATION: Final = {
    "battery_power": ":battery",
    "battery_energy": ":battery-energy",
    "new_station": ":new-station",
}
#: How the names of sectors of homes begin; cars charge at home and elsewhere and are counted apart.
HOMES: Final = "households"
#: A part of a load below this share is a rounding.
SMALL: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Contributions:
    """Who hangs where, for one year and weather year.

    Attributes
    ----------
    rows : DataFrame
        Signed connections: station_id, gm_code, profile, weight (MWh or MW on the profile, take-off positive).
    profiles : DataFrame
        Hours × profiles.
    """

    rows: pd.DataFrame
    profiles: pd.DataFrame

    @cached_property
    def _by_station(self) -> dict[str, pd.DataFrame]:
        return {str(station): part for station, part in self.rows.groupby("station_id")}

    def at_station(self, station: str, hour: int) -> pd.DataFrame:
        """Return MW per municipality at a station in an hour, take-off positive: ``all`` and what homes ask."""
        rows = self._by_station.get(station, self.rows.iloc[:0])
        power = rows["weight"] * rows["profile"].map(self.profiles.iloc[hour]).astype(float)
        homes = power.where(rows["sector"].astype(str).str.startswith(HOMES), 0.0)
        table = pd.DataFrame({"all": power, "homes": homes, "gm_code": rows["gm_code"]})
        return table.groupby("gm_code")[["all", "homes"]].sum()

    def at(self, hour: int) -> pd.DataFrame:
        """Return MW per station and municipality in an hour: station_id × gm_code, take-off positive."""
        power = self.rows["weight"] * self.rows["profile"].map(self.profiles.iloc[hour]).astype(float)
        table = self.rows.assign(mw=power)
        return table.pivot_table("mw", "station_id", "gm_code", aggfunc="sum").fillna(0.0)


#: Gives who hangs where for (period, weather year position).
Who = Callable[[int, int], Contributions]


def who_hangs_where(
    tables: Tables,
    scenario: Scenario,
    case: PathwayCase,
    profiles: Mapping[int, pd.DataFrame],
    loads: HourlyLoad | None,
) -> Who:
    """Return a function that gives the connections of a period and weather year, each made once.

    Parameters
    ----------
    tables, scenario, profiles, loads
        As for :func:`pmiek.optimise.solve.inputs.build_case`.
    case : PathwayCase
    """
    firm_share = settings_of(tables, scenario).firm_share
    known: dict[tuple[int, int], Contributions] = {}

    def give(period: int, position: int) -> Contributions:
        if (period, position) not in known:
            year, weather_year = case.years[period], case.weather_years[position]
            grid = grid_state(tables, scenario, scenario.variant, year)
            hung = connections(tables, scenario, scenario.storyline, year, grid)
            rows, frame = with_load(
                hung, profiles[weather_year], loads, (year, weather_year), grid.service_areas
            )
            known[period, position] = Contributions(signed_rows(rows, firm_share), frame)
        return known[period, position]

    return give


def asset_places(case: PathwayCase, rounded: Rounded, who: Who) -> pd.DataFrame:
    """Divide every station, and every circuit and coupling that is built, over municipalities.

    Parameters
    ----------
    case : PathwayCase
    rounded : Rounded
        Plan in whole units.
    who : callable
        From :func:`who_hangs_where`.

    Returns
    -------
    DataFrame
        Columns ``PLACES``: year, asset_id, direction, sizes, weather_year, hour, basis, gm_code, share. Per
        asset and direction the shares add to one. ``sizes`` marks the direction of which the fullest hour
        asks most of the limit. A station where nothing is asked lies where it stands.

    Notes
    -----
    A municipality's part is its net load in the direction of the asset, in the hour in which that direction
    is fullest before the plan; for circuits times the sensitivity of the flow to each station, in the worst
    state of the grid. What relieves the asset in that hour has no part.
    """
    parts = []
    for p in range(len(case.years)):
        stations = _stations(case, p, who)
        parts += [stations, _beside(stations, rounded, p), *_options(case, stations, p, rounded)]
        parts += [_high_voltage(case, p, name, rounded, who) for name in HV_ASSETS if case.hv]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[PLACES] if filled else pd.DataFrame(columns=PLACES)


def _stations(case: PathwayCase, p: int, who: Who) -> pd.DataFrame:
    limits = [case.limit_mw(test)[p] for test in (TAKE_OFF_TEST, FEED_IN_TOTAL)]
    net = case.net_mw[p]
    loading = {
        TAKE_OFF: net / np.maximum(limits[0], SMALL),
        FEED_IN: -net / np.maximum(limits[1], SMALL),
    }
    rows: list[dict[str, object]] = []
    for s, (asset, station) in enumerate(case.stations.iterrows()):
        peak = {way: float(values[s].max()) for way, values in loading.items()}
        sizing = max(peak, key=lambda way: peak[way])
        here: list[dict[str, object]] = []
        for way in (way for way, most in peak.items() if most > 0):
            hour = int(loading[way][s].argmax())
            share = _at_station(who, p, hour, str(station["station_id"]), way)
            here += _rows(case, p, str(asset), (way, way == sizing, hour), share)
        rows += here or _where_it_stands(case, p, str(asset), str(station["gm_code"]))
    return pd.DataFrame(rows, columns=PLACES)


def _at_station(who: Who, p: int, hour: int, station: str, way: str) -> pd.DataFrame:
    power = who(p, hour // HOURS_PER_YEAR).at_station(station, hour % HOURS_PER_YEAR)
    share = _normalised(power["all"] if way == TAKE_OFF else -power["all"])
    part = (power["homes"] / power["all"]).reindex(share.index).clip(0.0, 1.0)
    homes = share * part if way == TAKE_OFF else 0.0 * share
    return pd.DataFrame({"share": share, "homes_share": homes})


def _normalised(power_mw: pd.Series) -> pd.Series:
    """Return the share of each municipality in what loads the asset; adds to one, or empty."""
    loads = power_mw[power_mw > SMALL * max(float(power_mw.abs().sum()), SMALL)]
    return loads / loads.sum() if len(loads) else pd.Series(dtype=float)


def _rows(
    case: PathwayCase, p: int, asset: str, moment: tuple[str, bool, int], share: pd.DataFrame
) -> list[dict[str, object]]:
    way, sizes, hour = moment
    key = {
        "year": case.years[p],
        "asset_id": asset,
        "direction": way,
        "sizes": sizes,
        "weather_year": case.weather_years[hour // HOURS_PER_YEAR],
        "hour": hour % HOURS_PER_YEAR,
        "basis": SIZING_HOUR,
    }
    return [
        {**key, "gm_code": str(code), "share": float(part), "homes_share": float(homes)}
        for code, part, homes in share.itertuples(name=None)
    ]


def _where_it_stands(case: PathwayCase, p: int, asset: str, gm_code: str) -> list[dict[str, object]]:
    table = located({asset: gm_code}, [case.years[p]])
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _beside(stations: pd.DataFrame, rounded: Rounded, p: int) -> pd.DataFrame:
    """Return the places of batteries and new stations beside a plot: those of the station."""
    parts = []
    for name, suffix in AT_STATION.items():
        if name not in rounded.capacity:
            continue
        table = rounded.capacity[name].iloc[p]
        built = stations[stations["asset_id"].isin([str(i) for i in table.index[table > 0]])]
        parts.append(built.assign(asset_id=built["asset_id"] + suffix))
    return pd.concat(parts, ignore_index=True) if parts else stations.iloc[:0]


def _options(case: PathwayCase, stations: pd.DataFrame, p: int, rounded: Rounded) -> list[pd.DataFrame]:
    """Return the places of planned stations that take over load: of the stations they take it from."""
    if "option" not in rounded.capacity:
        return []
    sizing = stations[stations["sizes"]]
    peak = np.abs(case.net_mw[p]).max(axis=1)
    parts = []
    for o, option in enumerate(case.options["option_id"]):
        taken = pd.Series(case.option_share[o] * peak, index=case.stations.index.astype(str))
        part = sizing.assign(mw=sizing["share"] * sizing["asset_id"].map(taken))
        mw = part.groupby("gm_code")["mw"].sum()
        if mw.sum() <= 0:
            continue
        key = stations.iloc[:1].assign(asset_id=str(option), direction="", sizes=True, hour=-1)
        share = (mw[mw > 0] / mw.sum()).rename("share").reset_index()
        parts.append(share.merge(key.drop(columns=["gm_code", "share"]).assign(homes_share=0.0), how="cross"))
    return parts


def _high_voltage(case: PathwayCase, p: int, name: str, rounded: Rounded, who: Who) -> pd.DataFrame:
    if name not in rounded.capacity:
        return pd.DataFrame(columns=PLACES)
    table = rounded.capacity[name].iloc[p]
    built = [str(asset) for asset in table.index[table > 0]]
    rows: list[dict[str, object]] = []
    grid, net = case.hv[p], case.net_mw[p]
    seen = high_voltage_view(net, case.switchable_mw[p], case.simultaneity)
    for asset in built:
        members: Ints = np.flatnonzero((grid.elements["asset_id"] == asset).to_numpy())
        worst = (-1.0, 0, np.zeros(net.shape[0]))
        for member in members:
            worst = max(worst, _fullest(case, p, int(member), seen), key=lambda found: found[0])
        _, hour, effect = worst
        sign = np.sign(float(effect @ net[:, hour])) or 1.0
        at = who(p, hour // HOURS_PER_YEAR).at(hour % HOURS_PER_YEAR)
        factor = pd.Series(sign * effect, index=case.stations["station_id"].to_numpy())
        factor = factor[~factor.index.duplicated()].reindex(at.index).fillna(0.0)
        share = _normalised(at.mul(factor, axis=0).sum()).rename("share").to_frame().assign(homes_share=0.0)
        rows += _rows(case, p, asset, ("", True, hour), share)
    return pd.DataFrame(rows, columns=PLACES)


def _fullest(
    case: PathwayCase, p: int, member: int, seen: tuple[Floats, Floats]
) -> tuple[float, int, Floats]:
    """Return the highest loading of an element over all states and hours, its hour, and MW of flow per MW."""
    grid = case.hv[p]
    sensitivity = grid.stack[:, member]
    best = (-1.0, 0, np.zeros(sensitivity.shape[1]))
    for fault, net in zip((False, True), seen, strict=True):
        states: Ints = np.arange(len(sensitivity))[(np.arange(len(sensitivity)) > 0) == fault]
        if not len(states):
            continue
        flow = grid.base_flow_mw[states, member][:, None] - sensitivity[states] @ net
        loading = np.abs(flow) / grid.rating_mw[states, member][:, case.season]
        state, hour = np.unravel_index(int(loading.argmax()), loading.shape)
        if loading[state, hour] > best[0]:
            best = (float(loading[state, hour]), int(hour), -sensitivity[states[int(state)]])
    return best
