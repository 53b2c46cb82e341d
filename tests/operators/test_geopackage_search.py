"""A GeoPackage holds shapes as bytes beside figures; the search reads the figures and passes the shapes."""

import sqlite3

from pmiek.publish.operators.disclosure import _database


def test_shapes_are_passed_and_figures_are_read(tmp_path):
    path = tmp_path / "layers.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE circuits (asset_id TEXT, rating_mva REAL, geom BLOB)")
        base.execute("INSERT INTO circuits VALUES ('AAD-BES', 66.5, ?)", (b"GP\x00\x01\xe6\x10\x00\x00",))
    base.close()
    [(place, frame)] = list(_database(path.read_bytes()))
    assert place == "table circuits, "
    assert frame.to_dict("records") == [{"asset_id": "AAD-BES", "rating_mva": 66.5, "geom": ""}]
