"""What operators publish about a station, beside what the model has for it: each with its day and kind."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import records

PUBLISHED = (
    "existing_capacity_mw", "needed_capacity_mw", "queue_mw", "queue_requests", "year_solved_regional",
    "year_solved_transmission",
)  # fmt: skip
"""Figures of a feeding area in the order of the data; the day of each is beside it."""
STATION = "station_transformer"


def published(material: Material) -> dict[str, dict[str, dict[str, Any]]]:
    """Give per station and direction what operators last stated about its feeding area.

    Returns
    -------
    dict
        ``area`` (name), ``operator``, ``stations`` (ids that share the area's figures), ``source`` and
        ``values``: for each of :data:`PUBLISHED` the last stated value with its day, or None when no day
        states it.
    """
    areas, members = material.inputs["grid/feeding_areas"], material.inputs["grid/area_stations"]
    stations_of = members.groupby("feeding_area_id")["station_id"].agg(list).to_dict()
    out: dict[str, dict[str, dict[str, Any]]] = {}
    ordered = areas.sort_values("snapshot_date", kind="stable")
    for (area, direction), rows in ordered.groupby(["feeding_area_id", "direction"]):
        shared = [str(s) for s in stations_of.get(area, [])]
        last = rows.iloc[-1]
        fact = {
            "area": str(last["name"]),
            "operator": str(last["operator"]),
            "source": str(last["source"]),
            "stations": shared,
            "values": {name: _stated(rows, name) for name in PUBLISHED},
        }
        for station in shared:
            out.setdefault(station, {})[str(direction)] = fact
    return out


def _stated(rows: pd.DataFrame, column: str) -> list[Any] | None:
    known = rows[rows[column].notna()]
    return None if known.empty else [float(known[column].iloc[-1]), str(known["snapshot_date"].iloc[-1])]


def modelled(material: Material) -> dict[str, dict[str, dict[str, Any]]]:
    """Give per station and direction the limit and the peak on today's grid, by storyline and year.

    Returns
    -------
    dict
        ``asset``, ``limit`` (MW, of the first year) and ``peaks``: by storyline a list over the years of the
        results (MW, the heaviest weather year; None where not computed). Where a station has several groups,
        the one with the highest loading.
    """
    rows = material.tables["loading"]
    rows = rows[(rows["grid_state"] == select.FROZEN) & (rows["asset_class"] == STATION)]
    heaviest = rows.sort_values("loading_pct", ascending=False, kind="stable")
    heaviest = heaviest.drop_duplicates(["station_id", "direction", "storyline", "year"])
    out: dict[str, dict[str, dict[str, Any]]] = {}
    for (station, direction), part in heaviest.groupby(["station_id", "direction"]):
        first = part.sort_values("year", kind="stable").iloc[0]
        peaks = part.pivot_table(index="storyline", columns="year", values="peak_mw", aggfunc="max")
        lists = {
            str(storyline): [None if pd.isna(v) else round(float(v), 1) for v in line]
            for storyline, line in zip(
                peaks.index, peaks.reindex(columns=material.years).to_numpy(), strict=True
            )
        }
        limit = first["limit_mw"]
        out.setdefault(str(station), {})[str(direction)] = {
            "asset": str(first["asset_id"]),
            "limit": None if pd.isna(limit) else round(float(limit), 1),
            "peaks": lists,
        }
    return out


def beside(material: Material) -> dict[str, Any]:
    """Give what is published and what is modelled per station, for the pages of municipalities and assets."""
    return {"columns": PUBLISHED, "published": published(material), "modelled": modelled(material)}


def stated(material: Material) -> dict[str, list[dict[str, Any]]]:
    """Give the other published statements (``grid/published_loading``) by asset."""
    out: dict[str, list[dict[str, Any]]] = {}
    for row in records(material.inputs["grid/published_loading"]):
        numbers = {name: None if pd.isna(row[name]) else float(row[name]) for name in ("year", "value_mw")}
        out.setdefault(row["asset_id"], []).append({**row, **numbers})
    return out
