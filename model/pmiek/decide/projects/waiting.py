"""Waiting lists per station: what the owner gave, else what the operators publish per feeding area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.tables import TablesLike, optional, text

COLUMNS = [
    "station_id", "direction", "requests", "requested_mw", "expected_end_year", "end_not_before_year",
    "reference_date", "origin", "source",
]  # fmt: skip
OWNER, PUBLISHED = "owner", "published per feeding area"
KEY = ["station_id", "direction"]
AREA = [
    "feeding_area_id", "direction", "snapshot_date", "queue_mw", "queue_requests", "year_solved_regional",
    "year_solved_transmission", "transmission_area", "source",
]  # fmt: skip
GIVEN = [
    "station_id",
    "direction",
    "requests",
    "requested_mw",
    "expected_end_year",
    "reference_date",
    "source",
]
QUEUE_COLUMNS = [
    "station_id", "direction", "storyline", "year", "queue_mw", "queue_requests", "growth_mw", "placed_mw",
    "excess_mw", "expected_end_year", "end_not_before_year", "reference_date",
]  # fmt: skip
FROZEN = "frozen"


def waiting_lists(tables: TablesLike) -> pd.DataFrame:
    """Return the waiting list per station and direction.

    A row of ``projects/waiting_list`` comes from the owner and goes before what is published. Otherwise the
    latest day of ``grid/feeding_areas`` counts. It is the queue of the regional operator: that of the
    transmission operator holds the same requests and is never added. An area with two stations has one
    queue; it stands at the station that the publication names.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``. ``expected_end_year`` is the later of both operators' years, and empty if one of
        them is not stated (a direction without a congestion area above it needs the regional year only);
        ``end_not_before_year`` is the later of what is stated.
    """
    given = optional(tables, "projects/waiting_list", GIVEN)
    given = given.assign(end_not_before_year=given["expected_end_year"], origin=OWNER)[COLUMNS]
    published = _published(tables)
    known = set(map(tuple, given[KEY].astype(str).to_numpy()))
    rest = published[[tuple(k) not in known for k in published[KEY].astype(str).to_numpy()]]
    parts = [part for part in (given, rest) if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True).sort_values(KEY, ignore_index=True)


def _published(tables: TablesLike) -> pd.DataFrame:
    areas = optional(tables, "grid/feeding_areas", AREA)
    joins = optional(tables, "grid/area_stations", ["feeding_area_id", "station_id", "quality"])
    if areas.empty or joins.empty:
        return pd.DataFrame(columns=COLUMNS)
    latest = (
        areas.sort_values("snapshot_date", kind="stable").groupby(["feeding_area_id", "direction"]).tail(1)
    )
    first = _first_stations(joins).drop_duplicates("feeding_area_id")
    rows = latest.merge(first[["feeding_area_id", "station_id"]], on="feeding_area_id")
    regional, above = (
        pd.to_numeric(rows[name]).astype(float)
        for name in ("year_solved_regional", "year_solved_transmission")
    )
    later = pd.concat([regional, above], axis=1).max(axis=1)
    alone = text(rows["transmission_area"]).eq("") & above.isna()
    rows = rows.assign(
        requests=pd.to_numeric(rows["queue_requests"]),
        requested_mw=pd.to_numeric(rows["queue_mw"]),
        expected_end_year=later.where(regional.notna() & (above.notna() | alone)),
        end_not_before_year=later,
        reference_date=rows["snapshot_date"],
        origin=PUBLISHED,
    )
    return rows[COLUMNS]


def _first_stations(joins: pd.DataFrame) -> pd.DataFrame:
    """Put the station that is published for an area first, and one that is assumed last."""
    order = text(joins["quality"]).eq("assumed")
    return joins.assign(order=order).sort_values("order", kind="stable")


def _lead(tables: TablesLike) -> dict[str, str]:
    """Map each station of an area to the first of that area: they share one queue, so they grow together."""
    joins = _first_stations(
        optional(tables, "grid/area_stations", ["feeding_area_id", "station_id", "quality"])
    )
    lead = joins.groupby("feeding_area_id")["station_id"].transform("first")
    return dict(zip(joins["station_id"], lead, strict=True))


def queue_growth(loading: pd.DataFrame, tables: TablesLike, base_year: int) -> pd.DataFrame:
    """Set the waiting list beside the growth of the storylines: it never adds to it.

    The queue tells where growth comes and that it waits, not how much there will be: contracts are asked for
    the largest hour of each customer, and those hours do not coincide. So of a queue no more is placed than
    the peak of the station grows in the storyline (of all stations of its feeding area together); the rest is
    shown as excess.

    Parameters
    ----------
    loading : DataFrame
        Loading of every asset; reads station transformers on today's grid, the heaviest weather year.
    tables : TablesLike
        For :func:`waiting_lists` and ``grid/transformers``.
    base_year : int
        Year from which growth is counted; all storylines share it.

    Returns
    -------
    DataFrame
        One row per station, direction, storyline and later year; columns ``QUEUE_COLUMNS``.
    """
    units = optional(tables, "grid/transformers", ["group_id", "station_id", "kind"])
    station = (
        units[units["kind"] == "station"].drop_duplicates("group_id").set_index("group_id")["station_id"]
    )
    rows = loading[(loading["grid_state"] == FROZEN) & (loading["asset_class"] == "station_transformer")]
    rows = rows.assign(station_id=rows["asset_id"].map(station))
    case = [*KEY, "storyline", "year"]
    own = rows.groupby(case)["peak_mw"].max().reset_index()
    own = own.assign(station_id=own["station_id"].replace(_lead(tables)))
    peak = own.groupby(case)["peak_mw"].sum().reset_index()
    start = peak[peak["year"] == base_year].groupby(KEY)["peak_mw"].max()
    later = peak[peak["year"] > base_year].join(start.rename("base_mw"), on=KEY)
    lists = waiting_lists(tables).dropna(subset="requested_mw")
    out = later.merge(lists, on=KEY)
    growth = (out["peak_mw"] - out["base_mw"]).clip(lower=0.0)
    queue = out["requested_mw"].astype(float)
    out = out.assign(
        queue_mw=queue,
        queue_requests=out["requests"],
        growth_mw=growth,
        placed_mw=np.minimum(queue, growth),
        excess_mw=queue - np.minimum(queue, growth),
    )
    return out[QUEUE_COLUMNS].sort_values([*KEY, "storyline", "year"], ignore_index=True)
