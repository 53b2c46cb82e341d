"""Layers for a GIS: stations, transformers, circuits, projects and municipalities, with loading classes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pmiek.results.bottlenecks.status import AVAILABLE, LIMITED, SHORTAGE, STUDY, capacity_status

if TYPE_CHECKING:
    from pathlib import Path

    from pmiek.inputs import Tables

STATES: Final = ("frozen", "nulalternatief")
ORDER: Final = {AVAILABLE: 0, LIMITED: 1, STUDY: 2, SHORTAGE: 3}
STATION_COLUMNS: Final = [
    "station_id", "name", "gm_code", "cluster", "kind", "serves_public", "status", "hv_kv", "mv_kv",
    "hv_operator", "mv_operator", "coordinate_quality",
]  # fmt: skip
PROJECT_COLUMNS: Final = [
    "project_id", "name", "type", "carrier", "option", "station", "municipality", "cluster", "operator",
    "size_mw", "need_year_earliest", "storylines_with_need", "certainty", "start_by_year", "cost_meur_low",
    "cost_meur_high", "score", "rank",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer in longitude and latitude (WGS 84).

    Attributes
    ----------
    name, title : str
        File name without ending; what it shows.
    kind : str
        ``Point``, ``LineString`` or ``MultiPolygon``.
    rows : DataFrame
        Attributes, one row per feature.
    shapes : list
        GeoJSON coordinates per row; None where the place is not known.
    """

    name: str
    title: str
    kind: str
    rows: pd.DataFrame
    shapes: list[Any]


def layers(tables: Tables, loading: pd.DataFrame, candidates: pd.DataFrame) -> list[Layer]:
    """Make the layers of a batch.

    Parameters
    ----------
    tables : Tables
        Inputs: stations, circuits, transformers, municipalities and their boundaries.
    loading, candidates : DataFrame
        Result tables. A figure that may not be published is a class; the class goes to the layer.

    Returns
    -------
    list of Layer
        municipalities, stations, transformers, circuits, projects. Assets carry per grid state and year
        ``loading_<state>_<year>`` (highest loading over storylines, weather years and directions, %) and
        ``class_<state>_<year>`` (worst capacity-map word).
    """
    stations = tables["grid/stations"]
    place = {
        str(station): [float(lon), float(lat)]
        for station, lon, lat in stations[["station_id", "lon", "lat"]].dropna().itertuples(index=False)
    }
    classes = loading_classes(loading)
    circuits = _circuits(tables, place, classes)
    transformers = _transformers(tables, place, classes)
    at_asset = dict(zip(circuits.rows["asset_id"], map(_middle, circuits.shapes), strict=True))
    at_asset |= dict(zip(transformers.rows["asset_id"], transformers.shapes, strict=True))
    return [
        _municipalities(tables.root),
        Layer(
            "stations",
            "Stations of the high-voltage grid",
            "Point",
            stations[STATION_COLUMNS].reset_index(drop=True),
            [place.get(str(station)) for station in stations["station_id"]],
        ),
        transformers,
        circuits,
        _projects(tables, candidates, place, at_asset),
    ]


def loading_classes(loading: pd.DataFrame) -> pd.DataFrame:
    """Give the highest loading and the worst class of each asset, per grid state and year.

    Parameters
    ----------
    loading : DataFrame
        Result table; ``loading_pct`` may hold a capacity-map word instead of a number.

    Returns
    -------
    DataFrame
        Index asset_id; columns loading_<state>_<year> (empty where not published), class_<state>_<year>.
    """
    rows = loading[loading["grid_state"].isin(STATES)]
    percent = pd.to_numeric(rows["loading_pct"], errors="coerce")
    numbers = rows.assign(loading_pct=percent, hours=pd.to_numeric(rows["hours"], errors="coerce").fillna(0))
    status = capacity_status(numbers[percent.notna()])
    words = rows[percent.isna() & rows["loading_pct"].isin(list(ORDER))]
    found = pd.concat([status, words.assign(status=words["loading_pct"], loading_pct=np.nan)])
    found = found.assign(
        rank=found["status"].map(ORDER).astype(int), loading_pct=found["loading_pct"].astype(float)
    )
    worst = found.pivot_table(
        index="asset_id",
        columns=["grid_state", "year"],
        values=["loading_pct", "rank"],
        aggfunc="max",
        dropna=False,
    )
    names = {number: word for word, number in ORDER.items()}
    columns: dict[str, pd.Series] = {}
    for state, year in sorted(
        {(str(c[1]), int(c[2])) for c in worst.columns}, key=lambda c: (STATES.index(c[0]), c[1])
    ):
        columns[f"loading_{state}_{year}"] = worst["loading_pct", state, year].round(1)
        columns[f"class_{state}_{year}"] = worst["rank", state, year].map(names)
    return pd.DataFrame(columns, index=worst.index)


def to_geojson(layer: Layer) -> dict[str, Any]:
    """Return a layer as a GeoJSON feature collection (RFC 7946); a missing value is null."""
    rows = layer.rows.astype(object).where(layer.rows.notna(), None)
    features = [
        {
            "type": "Feature",
            "properties": {str(name): _plain(value) for name, value in row.items()},
            "geometry": None if shape is None else {"type": layer.kind, "coordinates": shape},
        }
        for row, shape in zip(rows.to_dict("records"), layer.shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "name": layer.name, "features": features}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _with_classes(rows: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(classes, left_on="asset_id", right_index=True, how="left")


def _circuits(tables: Tables, place: Mapping[str, list[float]], classes: pd.DataFrame) -> Layer:
    station = tables["grid/buses"].set_index("bus_id")["station_id"]
    corridors = tables["grid/circuits"].groupby("corridor_id", sort=True)
    rows = corridors[
        ["name", "bus0", "bus1", "voltage_kv", "kind", "length_km", "operator", "status", "rating_quality"]
    ]
    table = rows.first().assign(circuits=corridors.size()).rename_axis("asset_id").reset_index()
    ends = [table[side].map(station).map(lambda s: place.get(str(s))) for side in ("bus0", "bus1")]
    shapes = [
        [a, b] if isinstance(a, list) and isinstance(b, list) else None for a, b in zip(*ends, strict=True)
    ]
    table["geometry_note"] = "straight line between its stations, not the route"
    title = "High-voltage connections, one feature per connection"
    return Layer("circuits", title, "LineString", _with_classes(table, classes), shapes)


def _transformers(tables: Tables, place: Mapping[str, list[float]], classes: pd.DataFrame) -> Layer:
    groups = tables["grid/transformers"].groupby("group_id", sort=True)
    table = groups[["station_id", "kind", "operator", "status", "capacity_quality"]].first()
    table = table.assign(units=groups.size()).rename_axis("asset_id").reset_index()
    shapes = [place.get(str(station)) for station in table["station_id"]]
    title = "Transformer groups, at their station"
    return Layer("transformers", title, "Point", _with_classes(table, classes), shapes)


def _projects(
    tables: Tables, candidates: pd.DataFrame, place: Mapping[str, list[float]], at_asset: Mapping[str, Any]
) -> Layer:
    middles = {
        str(code): [float(lon), float(lat)]
        for code, lon, lat in tables["regions/municipalities"][["gm_code", "lon", "lat"]]
        .dropna()
        .itertuples(index=False)
    }
    shapes, origins = [], []
    for row in candidates.to_dict("records"):
        assets = [at_asset.get(part) for part in str(row.get("asset_ids", "")).split(";")]
        options = [
            (place.get(str(row.get("station_id", ""))), "station"),
            (next((spot for spot in assets if spot is not None), None), "asset"),
            (middles.get(str(row.get("gm_code", ""))), "municipality"),
        ]
        shape, origin = next(((s, o) for s, o in options if s is not None), (None, "unknown"))
        shapes.append(shape)
        origins.append(origin)
    rows = candidates[[name for name in PROJECT_COLUMNS if name in candidates]].assign(location=origins)
    return Layer("projects", "Candidate projects", "Point", rows.reset_index(drop=True), shapes)


def _middle(line: Any) -> list[float] | None:
    return None if line is None else [round((line[0][i] + line[1][i]) / 2, 5) for i in (0, 1)]


def _municipalities(inputs_dir: Path) -> Layer:
    path = inputs_dir / "regions" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"] if path.is_file() else []
    shapes = [_polygons(feature["geometry"]) for feature in features]
    rows = pd.DataFrame([feature["properties"] for feature in features])
    return Layer("municipalities", "Municipalities of the study area", "MultiPolygon", rows, shapes)


def _polygons(geometry: Mapping[str, Any]) -> Any:
    shape = geometry["coordinates"]
    return [shape] if geometry["type"] == "Polygon" else shape
