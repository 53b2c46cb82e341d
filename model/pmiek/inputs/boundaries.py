"""Check of the municipal boundaries, which only maps read."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.reading import closest

NAME = "regions/boundaries.geojson"
FILE = f"inputs/{NAME}"
PROPERTIES = ("gm_code", "name", "cluster")


def check_boundaries(root: Path, municipalities: pd.DataFrame | None) -> list[Problem]:
    """Check that each study municipality has one polygon, with its code, name and cluster.

    Parameters
    ----------
    root : Path
        The inputs folder.
    municipalities : DataFrame or None
        Table ``regions/municipalities``.
    """
    path = root / NAME
    if not path.is_file():
        return [
            Problem(
                FILE, None, "", "", "this file to exist", "Maps need it; add simplified boundaries (WGS84)."
            )
        ]
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = [feature["properties"] for feature in features]
        kinds = {feature["geometry"]["type"] for feature in features}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        remedy = "Export the boundaries again as GeoJSON in WGS84."
        return [Problem(FILE, None, "", str(error)[:80], "a GeoJSON FeatureCollection", remedy)]
    problems = [
        Problem(
            FILE,
            None,
            name,
            str(properties.get("gm_code", number)),
            f"the property {name} on every feature",
            "Add the property.",
        )
        for number, properties in enumerate(found)
        for name in PROPERTIES
        if not properties.get(name)
    ]
    problems += [
        Problem(FILE, None, "geometry", kind, "polygons", "Leave other shapes out.")
        for kind in sorted(kinds - {"Polygon", "MultiPolygon"})
    ]
    if municipalities is not None and {"gm_code", "role"} <= set(municipalities.columns):
        study = set(municipalities.loc[municipalities["role"] == "study", "gm_code"].dropna())
        drawn = {str(properties.get("gm_code")) for properties in found}
        problems += [
            Problem(
                FILE,
                None,
                "gm_code",
                "",
                f"a polygon of {code}",
                "Add the municipality." + closest(code, drawn - study),
            )
            for code in sorted(study - drawn)
        ]
    return problems
