"""HV/MV transformers: firm take-off, and the two tests for feed-in, by published capacity where there is any."""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmiek.security.screening.settings import DIRECTIONS, TAKE_OFF, Settings, factors, summer_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmiek.arrays import Floats
    from pmiek.security.screening.hourly import Builder
    from pmiek.security.screening.net_load import NetLoad

STATION: Final = "station_transformer"


@dataclass(frozen=True, eq=False)
class StationTest:
    """One test of a group of station transformers.

    Attributes
    ----------
    asset_id, station_id : str
        Group and its station.
    direction, contingency, test : str
        As in ``grid/limits``.
    outage : str
        Unit that is out; empty with all in service.
    share : float
        Part of the station's power that the group carries.
    value_mw, limit_mw : ndarray
        Power in the direction, at least zero, and what is allowed (hours).
    """

    asset_id: str
    station_id: str
    direction: str
    contingency: str
    test: str
    outage: str
    share: float
    value_mw: Floats
    limit_mw: Floats


def season_limits(
    group: Mapping[Hashable, Any], settings: Settings, voltage_kv: float
) -> list[tuple[str, str, str, Floats]]:
    """Give what the tests allow to a group of station transformers.

    Published capacity is firm MW at the medium-voltage bus in both seasons: no power factor, short-time factor or
    outage comes on top. It limits take-off with one unit out, and after a fault the feed-in that cannot be
    switched off; with all in service it counts times gross over firm of the units. Projects add the firm rating of
    the units in force less that of today's. Without a published figure the rating rules: N-0 the sum of all units,
    N-1 the sum of all but the largest.

    Parameters
    ----------
    group : mapping
        Row of :func:`pmiek.security.screening.assets.station_groups`.
    settings : Settings
        Limits and power factors.
    voltage_kv : float
        Highest voltage of the group.

    Returns
    -------
    list of (direction, contingency, test, limit_mw)
        ``limit_mw`` has two values: summer and winter, MW; infinite where no test is made. Of published capacity
        it is that of the whole area, which other groups may share.
    """
    found = []
    for direction in DIRECTIONS:
        power_factor = settings.power_factor(direction)
        firm = published_firm_mw(group, direction, power_factor)
        for contingency, test, factor in factors(settings, STATION, voltage_kv, direction):
            if np.isnan(firm):
                rating = number(group, "gross_mva" if contingency == "N-0" else "firm_mva")
                if rating > 0:
                    found.append((direction, contingency, test, rating * factor * power_factor))
                continue
            allowed = firm * number(group, "area_gross_over_firm") if contingency == "N-0" else firm
            found.append((direction, contingency, test, np.where(np.isfinite(factor), allowed, np.inf)))
    return found


def number(group: Mapping[Hashable, Any], name: str) -> float:
    """Read a figure of a group; NaN where it has none."""
    return float(group.get(name, np.nan))


def published_firm_mw(group: Mapping[Hashable, Any], direction: str, power_factor: float) -> float:
    """Return the published figure of the group's area and what projects add to it, MW; NaN without a figure.

    Parameters
    ----------
    group : mapping
        Row of :func:`pmiek.security.screening.assets.station_groups`.
    direction : str
        ``take-off`` or ``feed-in``.
    power_factor : float
        MW per MVA of added rating.
    """
    name = "published_take_off_mw" if direction == TAKE_OFF else "published_feed_in_mw"
    return max(number(group, name) + power_factor * number(group, "area_added_mva"), 0.0)


def station_tests(
    groups: pd.DataFrame, load: NetLoad, settings: Settings, voltage_kv: pd.Series
) -> Iterator[StationTest]:
    """Test every station transformer group in every hour.

    Feed-in is judged in two tests, as the limits say: the total with all units in, and what remains after
    switchable generation has been tripped with one unit out. A single unit without a published figure has no N-1
    test. Groups that share a published limit divide it by what each carries in the hour, so that all are loaded
    alike and their exceedances add to that of the area.

    Parameters
    ----------
    groups : DataFrame
        From :func:`pmiek.security.screening.assets.station_groups`; all groups of an area.
    load : NetLoad
        Hourly power per station.
    settings : Settings
        Limits, seasons, power factors.
    voltage_kv : Series
        Highest voltage per asset_id.
    """
    hours = load.net_mw.shape[1]
    season = np.where(summer_hours(settings.summer_months, hours), 0, 1)
    carried = _both(groups, load)
    records = groups.to_dict("records")
    members = _members(records)
    for row, group in enumerate(records):
        asset = str(group["asset_id"])
        for direction, contingency, test, seasons in season_limits(group, settings, float(voltage_kv[asset])):
            sign = 1.0 if direction == TAKE_OFF else -1.0
            mine = sign * carried[test][row]
            limit = seasons[season]
            sharing = members.get(row, ())
            if sharing and not np.isnan(published_firm_mw(group, direction, 0.0)):
                limit = shared_limit(limit, mine, sign * carried[test][list(sharing)])
            yield StationTest(
                asset,
                str(group["station_id"]),
                direction,
                contingency,
                test,
                str(group["largest_unit"]) if contingency == "N-1" else "",
                float(group["station_share"]),
                np.maximum(mine, 0.0),
                limit,
            )


def shared_limit(limit_mw: Floats, own_mw: Floats, all_mw: Floats) -> Floats:
    """Give one station's part of a limit that several share, in proportion to what each carries.

    With P the power of those that go in this direction and T that of all together, the area exceeds by T − L. Each
    station in this direction gets its power × (L + P − T) / P: all are loaded alike and their exceedances add to
    that of the area. A station that goes the other way has nothing to be tested.

    Parameters
    ----------
    limit_mw : ndarray
        Limit L of the area (hours).
    own_mw : ndarray
        Power of the station in this direction (hours); negative the other way.
    all_mw : ndarray
        The same of all that share the limit (members × hours).
    """
    same_way = np.maximum(all_mw, 0.0).sum(axis=0)
    room = limit_mw + same_way - all_mw.sum(axis=0)
    part = np.maximum(own_mw, 0.0) / np.where(same_way > 0, same_way, 1.0)
    return np.where(own_mw > 0, part * room, limit_mw)


def _both(groups: pd.DataFrame, load: NetLoad) -> dict[str, Floats]:
    """Power of each group (groups × hours), take-off positive, before and after generation is switched off."""
    row = pd.Index(load.stations).get_indexer(pd.Index(groups["station_id"]))
    share = np.where(row >= 0, groups["station_share"].to_numpy(dtype=float), 0.0)[:, None]
    return {"total": load.net_mw[row] * share, "after_trip": load.after_trip_mw[row] * share}


def _members(records: list[dict[Hashable, Any]]) -> dict[int, tuple[int, ...]]:
    """Positions of all groups that share a limit, per group that shares one."""
    areas: dict[str, list[int]] = {}
    for row, group in enumerate(records):
        area = group.get("limit_area", "")
        if isinstance(area, str) and area:
            areas.setdefault(area, []).append(row)
    return {row: tuple(rows) for rows in areas.values() if len(rows) > 1 for row in rows}


def add_stations(
    builder: Builder,
    groups: pd.DataFrame,
    load: NetLoad,
    settings: Settings,
    voltage_kv: pd.Series,
    *,
    only: Container[str] | None = None,
) -> bool:
    """Add the tests of :func:`station_tests` to the series.

    Parameters
    ----------
    builder : Builder
        Receives the series.
    groups, load, settings, voltage_kv
        As for :func:`station_tests`.
    only : container of str, optional
        Assets to add; all when left out.

    Returns
    -------
    bool
        Whether any was added.
    """
    added = False
    for test in station_tests(groups, load, settings, voltage_kv):
        if only is not None and test.asset_id not in only:
            continue
        out = builder.outage(test.outage) if test.outage else 0
        builder.add((test.asset_id, test.direction, test.contingency), test.value_mw, test.limit_mw, out)
        added = True
    return added
