"""The map's shapes: municipalities, circuits and stations projected to drawing units."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.publish.report.networks import networks

WIDTH = 760.0
MARGIN = 26.0
LABEL_PLACES = 1
SHAPES = {"coupling_transformer": "square", "station_transformer": "circle", "new_station": "circle"}
"""Marker of each class of electricity asset that is no line."""


@dataclass(frozen=True)
class Projection:
    """Equirectangular projection around the middle of the study area.

    Attributes
    ----------
    west, north : float
        Degrees at the drawing's upper left corner, margin excluded.
    x_per_degree, y_per_degree : float
        Drawing units per degree.
    height : float
        Height of the drawing.
    """

    west: float
    north: float
    x_per_degree: float
    y_per_degree: float
    height: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Give the drawing coordinates of a place."""
        x = MARGIN + (lon - self.west) * self.x_per_degree
        y = MARGIN + (self.north - lat) * self.y_per_degree
        return round(x, LABEL_PLACES), round(y, LABEL_PLACES)


def projection(points: Iterable[tuple[float, float]]) -> Projection:
    """Fit the drawing around points (longitude, latitude in degrees); a default square without points."""
    known = list(points) or [(5.0, 52.0), (6.0, 53.0)]
    west, east = min(p[0] for p in known), max(p[0] for p in known)
    south, north = min(p[1] for p in known), max(p[1] for p in known)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, 1e-6)
    y_scale = scale / math.cos(math.radians((south + north) / 2))
    return Projection(west, north, scale, y_scale, round((north - south) * y_scale + 2 * MARGIN, 1))


def draw_map(
    inputs_dir: Path,
    inputs: Mapping[str, pd.DataFrame],
    loading: pd.DataFrame,
    projects: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Give everything the map page draws.

    Parameters
    ----------
    inputs_dir : Path
        Folder with ``regions/boundaries.geojson``; without it only the grid is drawn.
    inputs : mapping
        Input tables ``grid/stations`` (``lat`` and ``lon`` in degrees), ``grid/circuits``,
        ``grid/transformers`` and ``grid/buses``.
    loading : DataFrame
        Result table; only its electricity assets are drawn.
    projects : sequence of dict
        Records of :func:`pmiek.publish.report.select.candidate_list`; none gives no pins.

    Returns
    -------
    dict
        ``width``, ``height``, ``areas`` (path, name, cluster, label place), ``lines`` and ``markers``
        (asset_id, place, shape), in drawing units; ``links`` and ``sites`` of the other carriers (see
        :func:`pmiek.publish.report.networks.networks`) and ``pins``, the place of each project.
    """
    stations = inputs["grid/stations"]
    features = features_of(inputs_dir / "regions" / "boundaries.geojson")
    placed = stations.dropna(subset=["lat", "lon"])
    corners = [point for feature in features for ring in rings_of(feature) for point in ring]
    fit = projection(corners or list(zip(placed["lon"], placed["lat"], strict=True)))
    places = {
        station: fit.point(lon, lat)
        for station, lon, lat in zip(placed["station_id"], placed["lon"], placed["lat"], strict=True)
    }
    assets = loading.drop_duplicates("asset_id").sort_values("asset_id")
    areas = [_area(feature, fit) for feature in features]
    lines = _lines(assets, inputs["grid/circuits"], inputs["grid/buses"], places)
    markers = _markers(assets, inputs["grid/transformers"], places, fit.height)
    others = networks(inputs, fit.point)
    found = {m["asset_id"]: (m["x"], m["y"]) for m in [*markers, *others["links"], *others["sites"]]}
    found |= {m["asset_id"]: ((m["x1"] + m["x2"]) / 2, (m["y1"] + m["y2"]) / 2) for m in lines}
    towns = {name: (a["x"], a["y"]) for a in areas for name in (a["gm_code"], a["name"])}
    return {
        "width": WIDTH,
        "height": fit.height,
        "areas": areas,
        "lines": lines,
        "markers": markers,
        **others,
        "pins": _pins(projects, found, places, towns, fit.height),
    }


def _pins(
    projects: Sequence[dict[str, Any]],
    assets: Mapping[str, tuple[float, float]],
    stations: Mapping[str, tuple[float, float]],
    towns: Mapping[str, tuple[float, float]],
    height: float,
) -> list[dict[str, Any]]:
    """Put each project at its first asset that is drawn, else at its station, else in its municipality."""
    taken: dict[tuple[float, float], int] = {}
    out = []
    for project in projects:
        known = [assets[a] for a in project["assets"] if a in assets]
        known += [stations[project["station"]]] if project["station"] in stations else []
        known += [towns[project["municipality"]]] if project["municipality"] in towns else []
        place = next((p for p in known if 0 <= p[0] <= WIDTH and 0 <= p[1] <= height), None)
        if place is None:
            continue
        beside = taken.get(place, 0)
        taken[place] = beside + 1
        x, y = place[0] - 13 - 13 * (beside % 4), place[1] - 13 - 13 * (beside // 4)
        out.append({"project": project, "x": round(x, 1), "y": round(y, 1)})
    return out


def features_of(path: Path) -> list[dict[str, Any]]:
    """Read the municipalities' boundaries, sorted by code; none where the file is absent."""
    if not path.is_file():
        return []
    loaded = json.loads(path.read_text(encoding="utf-8"))
    return sorted(loaded.get("features", []), key=lambda f: str(f["properties"].get("gm_code", "")))


def rings_of(feature: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Give the rings of a boundary, outer and inner, as longitude and latitude."""
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [[(p[0], p[1]) for p in ring] for polygon in polygons for ring in polygon]


def _area(feature: dict[str, Any], fit: Projection) -> dict[str, Any]:
    rings = [[fit.point(*p) for p in ring] for ring in rings_of(feature)]
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
    largest = max(rings, key=len)
    x = (min(p[0] for p in largest) + max(p[0] for p in largest)) / 2
    y = (min(p[1] for p in largest) + max(p[1] for p in largest)) / 2
    properties = feature["properties"]
    return {
        "gm_code": str(properties.get("gm_code", "")),
        "name": str(properties.get("name", "")),
        "cluster": str(properties.get("cluster", "")),
        "path": path,
        "x": round(x, 1),
        "y": round(y, 1),
    }


def _lines(
    assets: pd.DataFrame, circuits: pd.DataFrame, buses: pd.DataFrame, places: dict[str, tuple[float, float]]
) -> list[dict[str, Any]]:
    station_of = dict(zip(buses["bus_id"], buses["station_id"], strict=True))
    wanted = dict(zip(assets["asset_id"], assets["is_information"], strict=True))
    out: list[dict[str, Any]] = []
    for row in circuits.drop_duplicates("corridor_id").sort_values("corridor_id").to_dict("records"):
        ends = [places.get(station_of.get(row[bus], "")) for bus in ("bus0", "bus1")]
        if row["corridor_id"] in wanted and ends[0] and ends[1] and ends[0] != ends[1]:
            (x1, y1), (x2, y2) = ends[0], ends[1]
            info = wanted[row["corridor_id"]].lower() == "true"
            out.append({"asset_id": row["corridor_id"], "x1": x1, "y1": y1, "x2": x2, "y2": y2, "info": info})
    return sorted(out, key=lambda line: not line["info"])


def _markers(
    assets: pd.DataFrame, transformers: pd.DataFrame, places: dict[str, tuple[float, float]], height: float
) -> list[dict[str, Any]]:
    groups = transformers.drop_duplicates("group_id")
    station_of = dict(zip(groups["group_id"], groups["station_id"], strict=True))
    taken: dict[tuple[float, float], int] = {}
    out = []
    for row in assets.to_dict("records"):
        if row["asset_class"] not in SHAPES:
            continue
        place = places.get(station_of.get(row["asset_id"], "")) or places.get(row["station"])
        if place is None or not (0 <= place[0] <= WIDTH and 0 <= place[1] <= height):
            continue
        beside = taken.get(place, 0)
        taken[place] = beside + 1
        out.append(
            {
                "asset_id": row["asset_id"],
                "shape": SHAPES[row["asset_class"]],
                "x": round(place[0] + 19 * beside, 1),
                "y": place[1],
            }
        )
    return out
