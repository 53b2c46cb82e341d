"""What the map shows, in degrees: areas, circuits, stations, the other carriers and projects, as GeoJSON features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.publish.report.geometry import features_of, rings_of
from pmiek.publish.report.networks import networks
from pmiek.publish.report.tables import records

CURVE_STEPS = 12
"""Straight pieces with which a bent connection is drawn."""
DECIMALS = 4
"""Decimals of a degree: some ten metres, finer than what is published of stations."""
STATION_CLASSES = ("station_transformer", "coupling_transformer", "new_station")
DISTRICT_CLASSES = ("mv_station", "mv_lv")
Point = tuple[float, float]


def map_data(
    inputs_dir: Path,
    inputs: Mapping[str, pd.DataFrame],
    loading: pd.DataFrame,
    *,
    projects: Sequence[dict[str, Any]],
    causes: Mapping[tuple[str, str], Mapping[str, Any]],
    bottlenecks: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Give the layers of the map.

    Parameters
    ----------
    inputs_dir : Path
        Folder with ``regions/boundaries.geojson``; without it there are no areas.
    inputs : mapping
        Input tables, as :func:`pmiek.publish.report.geometry.draw_map` and
        :func:`pmiek.publish.report.networks.networks` read them.
    loading : DataFrame
        Result table; says which assets have results and which are for information only.
    projects : sequence of dict
        Records of :func:`pmiek.publish.report.select.candidate_list`.
    causes : mapping
        Outcome of :func:`pmiek.publish.report.select.causes`.
    bottlenecks : sequence of mapping
        Records of :func:`pmiek.publish.report.select.bottleneck_list`.

    Returns
    -------
    dict
        GeoJSON feature collections ``areas`` (gm_code, name, cluster), ``labels`` (the same, one point per
        area), ``lines`` and ``stations`` (asset, station, name), ``links`` and ``sites`` of the other
        carriers, ``pins`` (project, rank); ``districts`` (medium- and low-voltage assets by municipality);
        ``projects`` and ``causes`` by asset; ``bounds`` (west, south, east, north of the areas, degrees).
    """
    features = features_of(inputs_dir / "regions" / "boundaries.geojson")
    stations = inputs["grid/stations"].dropna(subset=["lat", "lon"])
    at = {
        str(s): (float(x), float(y))
        for s, x, y in zip(stations["station_id"], stations["lon"], stations["lat"], strict=True)
    }
    names = dict(zip(stations["station_id"], stations["name"], strict=True))
    assets = loading.drop_duplicates("asset_id").sort_values("asset_id")
    other = networks(inputs, lambda lon, lat: (lon, lat))
    corners = [point for feature in features for ring in rings_of(feature) for point in ring] or list(
        at.values()
    )
    placed = _stations(assets, inputs["grid/transformers"], at, names)
    lines = _lines(assets, inputs["grid/circuits"], inputs["grid/buses"], at)
    label_points = {str(f["properties"].get("gm_code", "")): _middle(f) for f in features}
    label_points |= {str(f["properties"].get("name", "")): _middle(f) for f in features}
    return {
        "areas": _collection([_feature(_rounded(f["geometry"]), _area(f)) for f in features]),
        "labels": _collection([_point(_middle(f), _area(f)) for f in features]),
        "lines": _collection(lines),
        "stations": _collection(placed),
        "links": _collection([_link(item) for item in other["links"]]),
        "sites": _collection([_point((item["x"], item["y"]), _facts(item)) for item in other["sites"]]),
        "pins": _collection(_pins(projects, _places([*placed, *lines], other), at, label_points)),
        "districts": _districts(assets),
        "projects": _projects_by_asset(projects),
        "causes": _causes_by_asset(bottlenecks, causes),
        "bounds": _bounds(corners),
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(place: Point, properties: dict[str, Any]) -> dict[str, Any]:
    return _feature({"type": "Point", "coordinates": _near(place)}, properties)


def _near(place: Sequence[float]) -> list[float]:
    return [round(float(place[0]), DECIMALS), round(float(place[1]), DECIMALS)]


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    def ring(points: Sequence[Sequence[float]]) -> list[list[float]]:
        return [_near(point) for point in points]

    if geometry["type"] == "MultiPolygon":
        parts = [[ring(r) for r in polygon] for polygon in geometry["coordinates"]]
        return {"type": "MultiPolygon", "coordinates": parts}
    return {"type": "Polygon", "coordinates": [ring(r) for r in geometry["coordinates"]]}


def _area(feature: Mapping[str, Any]) -> dict[str, Any]:
    properties = feature["properties"]
    return {key: str(properties.get(key, "")) for key in ("gm_code", "name", "cluster")}


def _middle(feature: dict[str, Any]) -> Point:
    """Give a point inside a municipality for its name: the middle of its largest ring's box."""
    largest = max(rings_of(feature), key=len)
    xs, ys = [p[0] for p in largest], [p[1] for p in largest]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _bounds(points: Sequence[Point]) -> list[float]:
    if not points:
        return [5.0, 52.0, 6.0, 53.0]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return [round(v, DECIMALS) for v in (min(xs), min(ys), max(xs), max(ys))]


def _lines(
    assets: pd.DataFrame, circuits: pd.DataFrame, buses: pd.DataFrame, at: Mapping[str, Point]
) -> list[dict[str, Any]]:
    station_of = dict(zip(buses["bus_id"], buses["station_id"], strict=True))
    information = dict(zip(assets["asset_id"], assets["is_information"], strict=True))
    out = []
    for row in records(circuits.drop_duplicates("corridor_id").sort_values("corridor_id")):
        ends = [at.get(str(station_of.get(row[bus], ""))) for bus in ("bus0", "bus1")]
        if row["corridor_id"] not in information or None in ends or ends[0] == ends[1]:
            continue
        geometry = {"type": "LineString", "coordinates": [_near(end) for end in ends if end]}
        info = str(information[row["corridor_id"]]).lower() == "true"
        out.append(_feature(geometry, {"asset": row["corridor_id"], "info": info}))
    return out


def _stations(
    assets: pd.DataFrame, transformers: pd.DataFrame, at: Mapping[str, Point], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One point per station; several transformer groups of a station share it and the map shows the worst."""
    groups = transformers.drop_duplicates("group_id")
    station_of = dict(zip(groups["group_id"], groups["station_id"], strict=True))
    by_name = {name: station for station, name in names.items()}  # results name a station, inputs have its id
    members: dict[str, list[dict[str, Any]]] = {}
    for row in records(assets[assets["asset_class"].isin(STATION_CLASSES)]):
        station = str(station_of.get(row["asset_id"], "") or row["station"])
        station = station if station in at else str(by_name.get(station, station))
        if station in at:
            members.setdefault(station, []).append(row)
    return [
        _point(
            at[station],
            {
                "station": station,
                "name": names.get(station, station),
                "assets": ";".join(row["asset_id"] for row in rows),
                "coupling": any(row["asset_class"] == "coupling_transformer" for row in rows),
            },
        )
        for station, rows in sorted(members.items())
    ]


def _districts(assets: pd.DataFrame) -> dict[str, list[str]]:
    rows = assets[assets["asset_class"].isin(DISTRICT_CLASSES)]
    return {str(code): part["asset_id"].tolist() for code, part in rows.groupby("gm_code")}


def _facts(item: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("asset_id", "name", "carrier", "status", "year", "capacity_mw", "kind")
    facts = {key: item[key] for key in keys if key in item}
    facts["year"] = float("nan") if facts.get("year") is None else facts["year"]
    return {"asset": facts.pop("asset_id"), **facts}


def _link(item: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a bent connection with short straight pieces (a quadratic curve)."""
    (x0, y0), (xc, yc), (x1, y1) = item["start"], item["control"], item["end"]
    steps = [i / CURVE_STEPS for i in range(CURVE_STEPS + 1)]
    curve = [
        _near(
            (
                (1 - t) ** 2 * x0 + 2 * t * (1 - t) * xc + t * t * x1,
                (1 - t) ** 2 * y0 + 2 * t * (1 - t) * yc + t * t * y1,
            )
        )
        for t in steps
    ]
    return _feature({"type": "LineString", "coordinates": curve}, _facts(item))


def _places(features: Sequence[Mapping[str, Any]], other: Mapping[str, Any]) -> dict[str, Point]:
    found: dict[str, Point] = {}
    for feature in features:
        points = feature["geometry"]["coordinates"]
        flat = [points] if feature["geometry"]["type"] == "Point" else points
        middle = (sum(p[0] for p in flat) / len(flat), sum(p[1] for p in flat) / len(flat))
        named = feature["properties"].get("assets", feature["properties"].get("asset", ""))
        found |= dict.fromkeys(str(named).split(";"), middle)
    return found | {item["asset_id"]: (item["x"], item["y"]) for item in [*other["links"], *other["sites"]]}


def _pins(
    projects: Sequence[dict[str, Any]],
    assets: Mapping[str, Point],
    stations: Mapping[str, Point],
    municipalities: Mapping[str, Point],
) -> list[dict[str, Any]]:
    """Put a project at its first asset on the map, else at its station, else in its municipality."""
    out = []
    for project in projects:
        known = [assets[a] for a in project["assets"] if a in assets]
        known += [stations[project["station"]]] if project["station"] in stations else []
        known += (
            [municipalities[project["municipality"]]] if project["municipality"] in municipalities else []
        )
        if known:
            facts = {"project": project["project_id"], "name": project["name"], "page": project["page"]}
            out.append(_point(known[0], {**facts, "rank": project["rank"]}))
    return out


def _projects_by_asset(projects: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for project in projects:
        for asset in project["assets"]:
            line = {"name": project["name"], "page": project["page"], "type": project["type"]}
            found.setdefault(asset, []).append(line)
    return found


def _causes_by_asset(
    bottlenecks: Sequence[Mapping[str, Any]], causes: Mapping[tuple[str, str], Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Give the case that each list of causes belongs to, so that nobody reads it as another year's."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in bottlenecks:
        behind = causes.get((row["bottleneck_id"], row["grid_state"]), {}).get("sector", [])[:3]
        if behind:
            case = {key: row[key] for key in ("direction", "grid_state", "storyline", "year")}
            shares = [[code, round(share, 3)] for code, share in behind]
            found.setdefault(row["asset_id"], []).append({**case, "sectors": shares})
    return found
