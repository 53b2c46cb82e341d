"""Heat, gas and hydrogen on the map: where their networks, pipes and stations lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pmiek.ids import slug
from pmiek.publish.report.tables import records

NODES = (("heat/networks", "network_id", "heat"), ("hydrogen/nodes", "node_id", "hydrogen"))
"""Tables of places that lie in one municipality: name, column of the id, carrier."""
LINKS = (
    ("heat/pipes", "pipe_id", "network0", "network1", "heat"),
    ("hydrogen/pipes", "pipe_id", "node0", "node1", "hydrogen"),
    ("gas/links", "link_id", "area0", "area1", "methane"),
)
"""Tables of connections: name, column of the id, columns of the ends, carrier."""
BULGE = {"heat": 0.10, "methane": -0.10, "hydrogen": 0.17}
"""How far a connection bends from the straight line, so that carriers do not cover one another."""
Point = tuple[float, float]


def networks(inputs: Mapping[str, pd.DataFrame], place: Callable[[float, float], Point]) -> dict[str, Any]:
    """Give what the map draws of the carriers other than electricity.

    Parameters
    ----------
    inputs : mapping
        Input tables named in ``NODES`` and ``LINKS``, ``gas/areas``, ``gas/area_shares`` and
        ``regions/places``; a table may be empty.
    place : callable
        Longitude and latitude (degrees) to drawing units.

    Returns
    -------
    dict
        ``links`` (asset_id, name, carrier, status, year, capacity_mw, path and middle) and ``sites`` (the
        same with x and y): networks, and connections of which only one end lies on the map.
    """
    at = {**_nodes(inputs, place), **_areas(inputs, place)}
    links, sites = [], []
    for name, key, carrier in NODES:
        for row in records(inputs[name]):
            if row[key] in at:
                x, y = at[row[key]]
                sites.append({**_facts(row, key, carrier), "x": x, "y": y, "kind": "network"})
    drawn: dict[tuple[Any, ...], int] = {}
    for name, key, first, second, carrier in LINKS:
        for row in records(inputs[name]):
            ends = [at[row[c]] for c in (first, second) if row[c] in at]
            if len(ends) == 2 and ends[0] != ends[1]:
                beside = drawn.setdefault((carrier, *sorted(ends)), 0)
                drawn[(carrier, *sorted(ends))] += 1
                curve = _bend(ends[0], ends[1], BULGE[carrier] * (1 + 0.7 * beside))
                links.append({**_facts(row, key, carrier), **curve})
            elif ends:
                sites.append({**_facts(row, key, carrier), **_aside(ends[0], drawn), "kind": "station"})
    return {"links": links, "sites": sites}


def _facts(row: Mapping[str, Any], key: str, carrier: str) -> dict[str, Any]:
    years = [row[c] for c in ("earliest_year", "first_year") if c in row and not pd.isna(row[c])]
    return {
        "asset_id": row[key],
        "name": row["name"],
        "carrier": carrier,
        "status": row.get("status") or "existing",
        "year": years[0] if years else None,
        "capacity_mw": row.get("capacity_mw", float("nan")),
    }


def _nodes(inputs: Mapping[str, pd.DataFrame], place: Callable[[float, float], Point]) -> dict[str, Point]:
    """Put a node at the place in its municipality that its id or name mentions, else at the largest place."""
    found = {}
    for name, key, _ in NODES:
        for row in records(inputs[name]):
            towns = _towns(inputs["regions/places"], [row["gm_code"]])
            said = f"{slug(row[key])} {slug(row['name'] or row[key])}"
            named = [t for t in towns if slug(t["place"]) in said]
            if towns:
                town = (named or towns)[0]
                found[str(row[key])] = place(town["lon"], town["lat"])
    return found


def _areas(inputs: Mapping[str, pd.DataFrame], place: Callable[[float, float], Point]) -> dict[str, Point]:
    """Put a gas area in the middle of the largest places of its municipalities."""
    shares = inputs["gas/area_shares"]
    found = {}
    for area, rows in shares.groupby("area_id"):
        towns = [t for code in rows["gm_code"] for t in _towns(inputs["regions/places"], [code])[:1]]
        if towns:
            middle = [sum(t[axis] for t in towns) / len(towns) for axis in ("lon", "lat")]
            found[str(area)] = place(middle[0], middle[1])
    return found


def _towns(places: pd.DataFrame, codes: list[str]) -> list[dict[str, Any]]:
    here = places[(places["gm_code"] != "") & places["gm_code"].isin(codes)].dropna(subset=["lat", "lon"])
    return records(here.sort_values("population", ascending=False, kind="stable"))


def _bend(start: Point, end: Point, bulge: float) -> dict[str, Any]:
    """Give a curve between two points and its middle."""
    (x1, y1), (x2, y2) = start, end
    x = (x1 + x2) / 2 - bulge * (y2 - y1)
    y = (y1 + y2) / 2 + bulge * (x2 - x1)
    return {
        "start": start,
        "control": (x, y),
        "end": end,
        "path": f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}",
        "x": round((x1 + 2 * x + x2) / 4, 1),
        "y": round((y1 + 2 * y + y2) / 4, 1),
    }


def _aside(point: Point, drawn: dict[tuple[Any, ...], int]) -> dict[str, float]:
    """Give a place next to a point for each station that stands there."""
    beside = drawn.setdefault(("station", point), 0)
    drawn[("station", point)] += 1
    return {"x": round(point[0] + 15 * (beside + 1), 1), "y": round(point[1] + 13, 1)}
