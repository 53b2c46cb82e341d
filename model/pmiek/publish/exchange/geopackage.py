"""Write layers as a GeoPackage (OGC 12-128r18) with the database of the standard library."""

from __future__ import annotations

import os
import sqlite3
import struct
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from pmiek.publish.exchange.layers import Layer

APPLICATION_ID: Final = 0x47504B47  # "GPKG"
VERSION: Final = 10300
WGS84: Final = 4326
WKB: Final = {"Point": 1, "LineString": 2, "Polygon": 3, "MultiPolygon": 6}
WGS84_TEXT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
WHEN: Final = "2000-01-01T00:00:00.000Z"  # a fixed moment, so that the same batch gives the same file
SCHEMA: Final = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
"""


def write_geopackage(layers: Sequence[Layer], path: Path) -> None:
    """Write all layers to one GeoPackage, atomically.

    Parameters
    ----------
    layers : sequence of Layer
        Each becomes a feature table with ``fid``, ``geom`` and its attributes; a feature without a place has
        an empty ``geom``.
    path : Path
        Target ending in ``.gpkg``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        with closing(sqlite3.connect(temporary)) as base:
            _base(base)
            for layer in layers:
                _layer(base, layer)
            base.commit()
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _base(base: sqlite3.Connection) -> None:
    base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    base.execute(f"PRAGMA user_version = {VERSION}")
    base.executescript(SCHEMA)
    base.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", WGS84, "EPSG", WGS84, WGS84_TEXT, "longitude, latitude"),
        ],
    )


def _layer(base: sqlite3.Connection, layer: Layer) -> None:
    columns = ", ".join(f"{_name(str(c))} {_type(layer.rows[c])}" for c in layer.rows)
    geometry = layer.kind.upper()
    base.execute(
        f"CREATE TABLE {_name(layer.name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom {geometry}"
        f"{', ' if columns else ''}{columns})"
    )
    points = [point for shape in layer.shapes if shape is not None for point in _points(shape)]
    x, y = ([p[i] for p in points] for i in (0, 1))
    box = (min(x), min(y), max(x), max(y)) if points else (None,) * 4
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, layer.name, layer.title, WHEN, *box, WGS84),
    )
    base.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (layer.name, geometry, WGS84)
    )
    rows = layer.rows.astype(object).where(layer.rows.notna(), None)
    marks = ", ".join("?" * (layer.rows.shape[1] + 1))
    names = ", ".join(["geom", *(_name(str(c)) for c in layer.rows)])
    base.executemany(
        f"INSERT INTO {_name(layer.name)} ({names}) VALUES ({marks})",  # noqa: S608 -- names are quoted
        (
            (_blob(layer.kind, shape), *map(_cell, cells))
            for shape, cells in zip(layer.shapes, rows.itertuples(index=False), strict=True)
        ),
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _type(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(column):
        return "INTEGER"
    return "REAL" if pd.api.types.is_float_dtype(column) else "TEXT"


def _cell(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _points(shape: Any) -> Iterable[Sequence[float]]:
    if isinstance(shape[0], (int, float)):
        yield shape
    else:
        for part in shape:
            yield from _points(part)


def _blob(kind: str, shape: Any) -> bytes | None:
    """Header of the standard (little endian, no envelope) and well-known binary."""
    if shape is None:
        return None
    return struct.pack("<2sBBi", b"GP", 0, 1, WGS84) + _wkb(kind, shape)


def _wkb(kind: str, shape: Any) -> bytes:
    head = struct.pack("<BI", 1, WKB[kind])
    if kind == "Point":
        return head + _xy([shape])
    if kind == "LineString":
        return head + struct.pack("<I", len(shape)) + _xy(shape)
    if kind == "Polygon":
        rings = (struct.pack("<I", len(ring)) + _xy(ring) for ring in shape)
        return head + struct.pack("<I", len(shape)) + b"".join(rings)
    return head + struct.pack("<I", len(shape)) + b"".join(_wkb("Polygon", part) for part in shape)


def _xy(points: Iterable[Sequence[float]]) -> bytes:
    return b"".join(struct.pack("<dd", float(point[0]), float(point[1])) for point in points)
