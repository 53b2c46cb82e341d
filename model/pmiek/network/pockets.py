"""Which stations hang together: pockets of the grid in a switching state, beside what the operators publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.network.topology import islands

if TYPE_CHECKING:
    from pmiek.inputs import Tables
    from pmiek.network.state import GridState

EXTRA_HIGH_KV: Final = 220.0
STATES: Final = "grid/switching_states"
COLUMNS: Final = [
    "station_id", "station", "direction", "switching_state", "published_area", "published_quality", "parent",
    "pocket", "area_pocket", "falls_out",
]  # fmt: skip
OPENED, CLOSED = "open", "closed"


def pockets(grid: GridState) -> pd.DataFrame:
    """Return per station on which infeeds it hangs: the pocket of the grid below 220 kV.

    A pocket is what closed circuits below 220 kV join; its name is that of the stations that feed it from a
    higher voltage. A station whose medium voltage hangs on 220 kV or more is its own pocket.

    Parameters
    ----------
    grid : GridState
        Grid in one switching state.

    Returns
    -------
    DataFrame
        Index station_id; parent (bus on which its medium voltage, or its lowest voltage, hangs), pocket
        (infeed stations joined by ``+``; ``none`` without any).
    """
    volts = grid.buses.set_index("bus_id")["voltage_kv"]
    below = volts[volts < EXTRA_HIGH_KV]
    number = pd.Series(islands(below.index, grid.circuits["bus0"], grid.circuits["bus1"]), index=below.index)
    units = grid.transformers
    infeed = units[(units["kind"] == "coupling") & units["bus1"].isin(below.index)]
    feeders = (
        infeed.assign(part=infeed["bus1"].map(number))
        .groupby("part")["station_id"]
        .agg(lambda s: "+".join(sorted(set(s))))
    )
    feeding = units[units["kind"] == "station"].groupby("station_id")["bus0"].first()
    lowest = grid.buses.sort_values("voltage_kv").groupby("station_id")["bus_id"].first()
    parent = feeding.reindex(grid.stations["station_id"]).fillna(lowest)
    part = parent.map(number)
    high = parent.map(volts) >= EXTRA_HIGH_KV
    pocket = part.map(feeders).fillna("none").mask(high, parent.map(lambda b: f"{b} directly"))
    return pd.DataFrame({"parent": parent, "pocket": pocket})


def pocket_check(tables: Tables, grid: GridState) -> pd.DataFrame:
    """Name the stations that do not hang in the pocket of their published area.

    The operators publish per direction in which congestion area a feeding area lies. Stations of one area are
    expected in one pocket: the one that holds most of them. Congestion areas are administrative and differ
    per direction, so what falls out is information and a question, never an error.

    Parameters
    ----------
    tables : Tables
        ``grid/feeding_areas``, ``grid/area_stations``.
    grid : GridState
        Today's grid in the normal switching state.

    Returns
    -------
    DataFrame
        One row per station and direction with a published area; columns ``COLUMNS``.
    """
    areas = tables["grid/feeding_areas"].dropna(subset=["transmission_area"])
    latest = areas.sort_values("snapshot_date").groupby(["feeding_area_id", "direction"]).tail(1)
    rows = latest.merge(tables["grid/area_stations"][["feeding_area_id", "station_id"]], on="feeding_area_id")
    rows = rows[rows["station_id"].isin(grid.stations["station_id"])].join(pockets(grid), on="station_id")
    # stations of one area that hang on several pockets: the pocket of most of them, the first by name if equal
    sizes = rows.groupby(["transmission_area", "direction", "pocket"]).size().rename("stations").reset_index()
    sizes = sizes.sort_values(["stations", "pocket"], ascending=[False, True])
    home = sizes.drop_duplicates(["transmission_area", "direction"]).set_index(
        ["transmission_area", "direction"]
    )["pocket"]
    rows = rows.join(home.rename("area_pocket"), on=["transmission_area", "direction"])
    out = rows.assign(
        station=rows["station_id"].map(grid.stations.set_index("station_id")["name"]),
        switching_state=grid.switching_state,
        published_area=rows["transmission_area"],
        published_quality=rows["transmission_area_quality"],
        falls_out=(rows["pocket"] != rows["area_pocket"]).map({True: "yes", False: "no"}),
    )
    return out[COLUMNS].sort_values(["direction", "published_area", "station_id"], ignore_index=True)


def switched_points(tables: Tables, normal: str) -> Iterator[tuple[str, Tables]]:
    """Give the inputs with one switching point of the normal state open or closed, point by point.

    Points are the corridors that any switching state names: there the operator can open and close.

    Parameters
    ----------
    tables : Tables
        ``grid/switching_states``, ``grid/circuits``.
    normal : str
        State from which is switched.

    Yields
    ------
    tuple of str and Tables
        Name of the new state, and the tables that hold it beside the others.
    """
    states, circuits = tables[STATES], tables["grid/circuits"]
    corridor = circuits.set_index("circuit_id")["corridor_id"]
    known = states.assign(corridor=states["circuit_id"].map(corridor))
    own = known[known["state"] == normal]
    for name in sorted(known["corridor"].dropna().unique()):
        rows = own[own["corridor"] == name]
        as_is = "" if rows["project_id"].notna().any() else OPENED if rows["is_open"].any() else CLOSED
        rest = own[own["corridor"] != name].drop(columns="corridor")
        ids = circuits.loc[circuits["corridor_id"] == name, "circuit_id"]
        # a point that a project moves is tried both ways: its place differs per stage
        for way in (way for way in (OPENED, CLOSED) if way != as_is):
            label = f"{normal}--{name.lower()}-{way}"
            moved = pd.DataFrame({"circuit_id": ids}).assign(is_open=way == OPENED)
            parts = [part.assign(state=label) for part in (rest, moved) if len(part)]
            changed = pd.concat([states, *parts], ignore_index=True)
            yield label, replace(tables, frames=MappingProxyType({**tables.frames, STATES: changed}))
