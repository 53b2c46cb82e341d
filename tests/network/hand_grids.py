"""Tiny grids from readable text, and a stand-in for the one scenario field that the network reads."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace

import pandas as pd
from pmiek.network import GridState


def scenario_with(switching_state: str) -> SimpleNamespace:
    return SimpleNamespace(grid=SimpleNamespace(switching_state=switching_state))


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+", keep_default_na=False, na_values=["-"])


def tiny_grid(buses: str, circuits: str, transformers: str = "", areas: str = "") -> GridState:
    """Grid from text: bus kv slack | id bus0 bus1 x rating towers | id group kind bus0 bus1 mva x_pct."""
    bus = table("bus_id voltage_kv slack_share\n" + buses)
    bus["station_id"] = bus["bus_id"].str.replace(r"(mv|\d+)$", "", regex=True)
    line = table("circuit_id bus0 bus1 x_ohm rating_summer_mva tower_group\n" + circuits)
    line["corridor_id"] = line["bus0"] + "-" + line["bus1"]
    line["rating_winter_mva"] = line["rating_summer_mva"]
    unit = table("unit_id group_id kind bus0 bus1 rated_mva x_pct\n" + transformers)
    unit["station_id"] = unit["bus0"].astype("str").str.replace(r"\d+$", "", regex=True)
    station = pd.DataFrame({"station_id": sorted(set(bus["station_id"]))})
    station["serves_public"] = station["station_id"].isin(unit.loc[unit["kind"] == "station", "station_id"])
    for frame in (bus, line, unit, station):
        frame["quality"] = "assumed"
    line["operator"] = unit["operator"] = station["hv_operator"] = station["mv_operator"] = "Operator"
    line["voltage_kv"] = line["bus0"].map(bus.set_index("bus_id")["voltage_kv"])
    line["length_km"], line["r_ohm"] = 1.0, 0.1
    station["cluster"], station["gm_code"], station["lat"], station["lon"] = "A", "GM0001", 52.5, 6.5
    shares = table("gm_code station_id load_share field_share\n" + areas)
    return GridState("frozen", 2025, "all-closed", station, bus, line, unit, shares)
