"""Where things lie: coordinates inside the region's box, stations near their municipality, lengths of circuits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]
Box = tuple[float, float, float, float]
#: Stations and places of neighbours lie outside the study area: usual within, refused beyond (degrees).
USUAL_MARGIN, POSSIBLE_MARGIN = 0.8, 3.0
TABLES_WITH_PLACES = ("grid/stations", "regions/municipalities", "regions/places", "demand/industry_sites")
KM_PER_DEGREE = 111.2
#: A station may stand beyond its municipality's centre by this much.
NEAR_KM = 30.0
#: A circuit is at least as long as the line of sight, less what rounded coordinates are off; and not this much longer.
SHORTEST, LONGEST, SLACK_KM = 0.55, 3.5, 3.0


def region_box(root: Path) -> Box | None:
    """Give west, south, east and north of the municipal boundaries; None if they cannot be read."""
    try:
        shapes = json.loads((root / "regions" / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
        points = np.array([point for shape in shapes for point in _points(shape["geometry"]["coordinates"])])
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return float(west), float(south), float(east), float(north)


def _points(part: Any) -> Iterator[tuple[float, float]]:
    if part and isinstance(part[0], (int, float)):
        yield float(part[0]), float(part[1])
    else:
        for inner in part:
            yield from _points(inner)


def check_places(frames: Frames, box: Box | None) -> list[Problem]:
    """Check coordinates, the distance of stations to their municipality, and lengths of circuits.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    box : tuple of float or None
        West, south, east and north of the region; None leaves the box out.
    """
    return [*(_outside_box(frames, box) if box else ()), *_far_from_home(frames), *_lengths(frames)]


def _outside_box(frames: Frames, box: Box) -> Iterator[Problem]:
    for name in TABLES_WITH_PLACES:
        frame = frames.get(name)
        if frame is None or not {"lat", "lon"} <= set(frame.columns):
            continue
        lat, lon = frame["lat"].to_numpy(dtype=float), frame["lon"].to_numpy(dtype=float)
        off = _off(lat, lon, box)
        swapped = _off(lon, lat, box) <= USUAL_MARGIN
        for at in np.flatnonzero(off > USUAL_MARGIN):
            vertical = max(box[1] - lat[at], lat[at] - box[3]) > USUAL_MARGIN
            column, value = ("lat", lat[at]) if vertical else ("lon", lon[at])
            low, high = (box[1], box[3]) if vertical else (box[0], box[2])
            hint = " Latitude and longitude are exchanged." if swapped[at] else ""
            yield Problem(
                TABLES[name].file,
                int(str(frame.index[int(at)])),
                column,
                f"{value:g}",
                f"a place in or near the region, from {low - USUAL_MARGIN:.2f} to {high + USUAL_MARGIN:.2f} degrees",
                f"Correct the coordinates.{hint}",
                asks=not (swapped[at] or off[at] > POSSIBLE_MARGIN),
            )


def _off(lat: np.ndarray, lon: np.ndarray, box: Box) -> np.ndarray:
    """Degrees by which a point lies outside the box; NaN counts as inside."""
    west, south, east, north = box
    off = np.maximum.reduce([west - lon, lon - east, south - lat, lat - north])
    return np.asarray(np.nan_to_num(off, nan=-1.0))


def _km(lat0: np.ndarray, lon0: np.ndarray, lat1: np.ndarray, lon1: np.ndarray) -> np.ndarray:
    east = (lon1 - lon0) * np.cos(np.radians((lat0 + lat1) / 2))
    return np.asarray(KM_PER_DEGREE * np.hypot(lat1 - lat0, east))


def _far_from_home(frames: Frames) -> Iterator[Problem]:
    """Ask about a station far from the municipality that it names."""
    stations, homes = frames.get("grid/stations"), frames.get("regions/municipalities")
    needs = {"gm_code", "lat", "lon"}
    if (
        stations is None
        or homes is None
        or not (needs <= set(stations.columns) and needs <= set(homes.columns))
    ):
        return
    known = homes.drop_duplicates("gm_code").set_index("gm_code")
    lat, lon = (stations["gm_code"].map(known[c]).to_numpy(dtype=float) for c in ("lat", "lon"))
    away = _km(stations["lat"].to_numpy(dtype=float), stations["lon"].to_numpy(dtype=float), lat, lon)
    for at in np.flatnonzero(np.nan_to_num(away) > NEAR_KM):
        here = _km(
            np.full(len(known), float(stations["lat"].iloc[at])),
            np.full(len(known), float(stations["lon"].iloc[at])),
            known["lat"].to_numpy(dtype=float),
            known["lon"].to_numpy(dtype=float),
        )
        nearest = list(known.index)[int(np.nanargmin(here))]
        yield Problem(
            TABLES["grid/stations"].file,
            int(str(stations.index[int(at)])),
            "gm_code",
            f"{stations['gm_code'].iloc[at]}, whose centre lies {away[at]:.0f} km away",
            f"a municipality within {NEAR_KM:g} km of the station",
            f"Correct the municipality or the coordinates; the nearest centre is that of {nearest}.",
            asks=True,
        )


def _lengths(frames: Frames) -> Iterator[Problem]:
    """Ask about a circuit much shorter or longer than the line of sight between its stations."""
    circuits, buses, stations = (frames.get(f"grid/{name}") for name in ("circuits", "buses", "stations"))
    if circuits is None or buses is None or stations is None:
        return
    if not (
        {"bus0", "bus1", "length_km"} <= set(circuits.columns)
        and {"bus_id", "station_id"} <= set(buses.columns)
        and {"station_id", "lat", "lon"} <= set(stations.columns)
    ):
        return
    at_station = buses.drop_duplicates("bus_id").set_index("bus_id")["station_id"]
    place = stations.drop_duplicates("station_id").set_index("station_id")
    ends = [
        circuits[bus].map(at_station).map(place[c]).to_numpy(dtype=float)
        for bus in ("bus0", "bus1")
        for c in ("lat", "lon")
    ]
    sight = _km(*ends)
    length = circuits["length_km"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        wrong = (length < SHORTEST * sight - SLACK_KM) | (length > LONGEST * sight + SLACK_KM)
    for at in np.flatnonzero(wrong):
        yield Problem(
            TABLES["grid/circuits"].file,
            int(str(circuits.index[int(at)])),
            "length_km",
            f"{length[at]:g}",
            f"about the {sight[at]:.1f} km between {circuits['bus0'].iloc[at]} and {circuits['bus1'].iloc[at]}",
            "Correct the length, one of the two buses, or the coordinates of a station.",
            asks=True,
        )
