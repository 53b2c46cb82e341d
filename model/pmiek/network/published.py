"""What the operators publish as capacity, per group of station transformers: a fact, never a fit.

A published figure is firm MW at the medium-voltage bus in both seasons. It is joined to stations by feeding area;
stations of one area share it. What projects add on top is the firm rating of the units in force less that of the
units of today, so that assumed units never replace the figure itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

AREAS: Final = "grid/feeding_areas"
JOINS: Final = "grid/area_stations"
UNITS: Final = "grid/transformers"
TAKE_OFF: Final = "take-off"
FEED_IN: Final = "feed-in"
DIRECTIONS: Final = (TAKE_OFF, FEED_IN)
PUBLISHED: Final = "published"
OWNERS_OWN: Final = "measured"
#: Ratings that differ by less are the same: they are written with one decimal.
SAME_MVA: Final = 0.05
#: A feed-in figure above this multiple of the take-off figure of the same area cannot be firm: with one unit out
#: both directions have the same iron. The operator then states what all units can carry together.
GROSS_FROM: Final = 1.2
COLUMNS: Final = [
    "asset_id", "limit_area", "take_off_mw", "take_off_low_mw", "take_off_high_mw", "feed_in_mw",
    "feed_in_low_mw", "feed_in_high_mw", "feed_in_is_gross", "firm_today_mva", "gross_over_firm",
    "gross_over_firm_low", "gross_over_firm_high", "stated_on",
]  # fmt: skip


def no_limits() -> pd.DataFrame:
    """Return the table of :func:`published_limits` without rows."""
    return pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS}).astype(
        {"asset_id": "str", "limit_area": "str", "stated_on": "str", "feed_in_is_gross": "bool"}
    )


def latest(areas: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the latest statement of a figure, and its range over all days.

    Parameters
    ----------
    areas : DataFrame
        ``grid/feeding_areas``.
    column : str
        For example ``existing_capacity_mw``. A day on which it is blank says nothing about it.

    Returns
    -------
    DataFrame
        Index (feeding_area_id, direction): value, low, high, stated_on.
    """
    stated = areas[areas[column].notna()].sort_values("snapshot_date", kind="stable")
    groups = stated.groupby(["feeding_area_id", "direction"])
    return pd.DataFrame(
        {
            "value": groups[column].last(),
            "low": groups[column].min(),
            "high": groups[column].max(),
            "stated_on": groups["snapshot_date"].last(),
        }
    )


def limit_areas(joins: pd.DataFrame) -> pd.Series:
    """Return which feeding areas limit each station together.

    Areas that share a station, and stations that share an area, are one limit: the sum of the areas.

    Parameters
    ----------
    joins : DataFrame
        ``grid/area_stations``: feeding_area_id, station_id.

    Returns
    -------
    Series
        Ids of the areas with ``;`` between, indexed by station_id.
    """
    areas_of = joins.groupby("station_id")["feeding_area_id"].agg(set).to_dict()
    merged: list[set[str]] = []
    for names in areas_of.values():
        touching = [one for one in merged if one & names]
        merged = [one for one in merged if not one & names] + [set(names).union(*touching)]
    label = {area: ";".join(sorted(one)) for one in merged for area in one}
    return pd.Series({station: label[next(iter(names))] for station, names in areas_of.items()}, dtype="str")


def published_limits(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the published capacity of every group of station transformers that a feeding area limits.

    Parameters
    ----------
    tables : mapping
        ``grid/feeding_areas``, ``grid/area_stations`` and ``grid/transformers``; without rows in the first two
        nothing is published.

    Returns
    -------
    DataFrame
        One row per group: asset_id, limit_area (ids of the areas; groups with the same one share it), capacity
        per direction with its range over the days of statement (MW of the whole area; NaN where it is not
        published), feed_in_is_gross, firm_today_mva (of the group's units today), gross_over_firm of the area's
        units today with its range (from ``units_low`` and ``units_high``), stated_on. An area of which every
        unit is stated by its owner is left out: the owner's own figure goes before the published one.
    """
    if tables[AREAS].empty or tables[JOINS].empty:
        return no_limits()
    area_of = limit_areas(tables[JOINS])
    units = tables[UNITS]
    units = units[
        (units["kind"] == "station")
        & (units["status"] == "existing")
        & units["station_id"].isin(area_of.index)
    ]
    if units.empty:
        return no_limits()
    groups = _groups(units).assign(limit_area=lambda g: g["station_id"].map(area_of))
    by_area = groups.groupby("limit_area")
    gross, firm = by_area["gross_mva"].sum(), by_area["firm_mva"].sum()
    ratio = pd.DataFrame(
        {
            "gross_over_firm": gross / firm,
            "gross_over_firm_low": by_area["gross_low_mva"].sum() / firm,
            "gross_over_firm_high": by_area["gross_high_mva"].sum() / firm,
        }
    ).where(firm > 0, 1.0)
    capacity = _capacity(tables[AREAS], tables[JOINS], area_of)
    capacity = capacity[~by_area["measured"].all().reindex(capacity.index, fill_value=False)]
    table = groups.rename_axis("asset_id").reset_index().rename(columns={"firm_mva": "firm_today_mva"})
    table = table.join(ratio, on="limit_area").join(capacity, on="limit_area", how="inner")
    return table[COLUMNS].sort_values("asset_id", ignore_index=True)


def _groups(units: pd.DataFrame) -> pd.DataFrame:
    """Rating of today's units per group, and what all units carry if they are fewer or more of the same firm."""
    by = units.groupby("group_id", sort=True)
    table = pd.DataFrame(
        {
            "station_id": by["station_id"].first(),
            "gross_mva": by["rated_mva"].sum(),
            "largest_mva": by["rated_mva"].max(),
            "measured": by["capacity_quality"].agg(lambda quality: bool((quality == OWNERS_OWN).all())),
            "fewest": by["units_low"].min(),
            "most": by["units_high"].max(),
        }
    )
    table["firm_mva"] = table["gross_mva"] - table["largest_mva"]
    for end, count in (("low", table["most"]), ("high", table["fewest"])):
        # equal units of which one less than all carry the firm rating
        guess = table["firm_mva"] * count / (count - 1.0).where(count > 1.0)
        pick = np.fmin if end == "low" else np.fmax
        table[f"gross_{end}_mva"] = pick(table["gross_mva"], guess)
    return table


def _capacity(areas: pd.DataFrame, joins: pd.DataFrame, area_of: pd.Series) -> pd.DataFrame:
    """Sum the areas of each limit; a direction in which one of them states nothing is not published."""
    label = joins.assign(limit_area=joins["station_id"].map(area_of)).drop_duplicates("feeding_area_id")
    found = latest(areas, "existing_capacity_mw").reset_index()
    columns = {"value": "mw", "low": "low_mw", "high": "high_mw"}
    parts = []
    for direction, name in zip(DIRECTIONS, ("take_off", "feed_in"), strict=True):
        one = label.merge(found[found["direction"] == direction], on="feeding_area_id", how="left")
        by = one.groupby("limit_area")
        every = by["value"].count() == by.size()
        sums = by[list(columns)].sum(min_count=1).where(every)
        part = sums.rename(columns={old: f"{name}_{new}" for old, new in columns.items()})
        parts.append(part.assign(**{f"{name}_on": by["stated_on"].max().where(every)}))
    table = pd.concat(parts, axis=1).dropna(how="all", subset=["take_off_mw", "feed_in_mw"])
    table["feed_in_is_gross"] = table["feed_in_mw"] > GROSS_FROM * table["take_off_mw"]
    table["stated_on"] = table["take_off_on"].combine_first(table["feed_in_on"]).astype("str")
    return table


def firm_mw(limits: pd.DataFrame, direction: str, end: str = "") -> pd.Series:
    """Return the firm figure of a direction, MW per row of :func:`published_limits`.

    A feed-in figure that can only be gross is brought back to firm with the units of today.

    Parameters
    ----------
    limits : DataFrame
        From :func:`published_limits`.
    direction : str
        ``take-off`` or ``feed-in``.
    end : str
        ``low`` or ``high`` for an end of the range over the days of statement; empty for the latest.
    """
    name = "take_off" if direction == TAKE_OFF else "feed_in"
    figure = limits[f"{name}_{end}_mw" if end else f"{name}_mw"].astype(float)
    if direction == TAKE_OFF:
        return figure
    return figure / limits["gross_over_firm"].where(limits["feed_in_is_gross"].astype(bool), 1.0)
