"""Tiny grids with answers that can be worked out by hand."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
from pmiek.network.published import no_limits
from pmiek.security.screening import RunKey, Settings

KEY = RunKey("frozen", "storyline_one", "nulalternatief", 2030, 2010)

LIMITS = """
asset_class         voltage_min_kv voltage_max_kv direction contingency season limit_factor test
station_transformer 100            400            take-off  N-0         all    1.0          total
station_transformer 100            400            take-off  N-1         winter 1.1          total
station_transformer 100            400            take-off  N-1         summer 1.0          total
station_transformer 100            400            feed-in   N-0         all    1.0          total
station_transformer 100            400            feed-in   N-1         all    1.0          after_trip
coupling_transformer 100           400            take-off  N-0         all    1.0          total
coupling_transformer 100           400            take-off  N-1         all    1.0          total
coupling_transformer 100           400            feed-in   N-0         all    1.0          total
coupling_transformer 100           400            feed-in   N-1         all    1.0          after_trip
circuit             100            400            take-off  N-0         all    1.0          total
circuit             100            400            take-off  N-1         all    1.0          total
circuit             100            400            feed-in   N-0         all    1.0          total
circuit             100            400            feed-in   N-1         all    1.0          after_trip
"""


def table(text: str) -> pd.DataFrame:
    """Read a table with columns parted by spaces; ``-`` is an empty cell."""
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+", na_values=["-"])


def settings(**changes) -> Settings:
    return Settings(**{"limits": table(LIMITS)} | changes)


def grid(
    stations: list[str], units: str, circuits: str = "", couplings: tuple[str, ...] = ()
) -> SimpleNamespace:
    """Build a grid: every station has a 110 kV bus and an MV bus; coupling stations also a 380 kV bus.

    ``units`` has columns group, station, kind, mva; ``circuits`` corridor, from, to, n, x, mva, tower.
    """
    buses = [(f"{s}110", s, 110.0) for s in stations] + [
        (f"{s}mv", s, 10.0) for s in stations if f" {s} station" in " ".join(units.split())
    ]
    buses += [(f"{s}380", s, 380.0) for s in couplings]
    rows = table(units)
    rows["unit_id"] = rows["group"] + "-" + (rows.groupby("group").cumcount() + 1).astype(str)
    is_station = rows["kind"] == "station"
    transformers = pd.DataFrame(
        {
            "unit_id": rows["unit_id"],
            "group_id": rows["group"],
            "kind": rows["kind"],
            "station_id": rows["station"],
            "bus0": rows["station"] + np.where(is_station, "110", "380"),
            "bus1": rows["station"] + np.where(is_station, "mv", "110"),
            "rated_mva": rows["mva"].astype(float),
            "x_pct": 16.0,
            "operator": "operator",
            "capacity_quality": "assumed",
            "units_low": np.nan,
            "units_high": np.nan,
        }
    )
    lines = table(circuits or "corridor from to n x mva tower")
    lines = lines.loc[lines.index.repeat(lines["n"].astype(int))].reset_index(drop=True)
    number = (lines.groupby("corridor").cumcount() + 1).astype(str)
    lines = pd.DataFrame(
        {
            "circuit_id": lines["corridor"].astype(str) + "-" + number,
            "corridor_id": lines["corridor"].astype(str),
            "name": lines["corridor"].astype(str),
            "bus0": lines["from"].astype(str) + "110",
            "bus1": lines["to"].astype(str) + "110",
            "voltage_kv": 110.0,
            "x_ohm": lines["x"].astype(float),
            "rating_summer_mva": lines["mva"].astype(float),
            "rating_winter_mva": lines["mva"].astype(float),
            "rating_low_mva": lines["mva"] * 0.9,
            "rating_high_mva": lines["mva"] * 1.2,
            "tower_group": lines["tower"].astype(object),
            "operator": "operator",
            "rating_quality": "assumed",
        }
    )
    return SimpleNamespace(
        buses=pd.DataFrame(buses, columns=["bus_id", "station_id", "voltage_kv"]).assign(
            slack_share=lambda t: np.where(t["voltage_kv"] == 380, 1.0 / max(len(couplings), 1), 0.0)
        ),
        circuits=lines,
        transformers=transformers,
        stations=pd.DataFrame(
            {
                "station_id": stations,
                "name": stations,
                "gm_code": [f"GM{i}" for i in range(len(stations))],
                "cluster": "A",
            }
        ),
        service_areas=pd.DataFrame(),
        published=no_limits(),
    )


def connections(text: str) -> pd.DataFrame:
    """Columns: station kind sector profile volume switchable (gm_code is the station's own)."""
    rows = table(text)
    return pd.DataFrame(
        {
            "station_id": rows["station"],
            "gm_code": "GM_" + rows["station"],
            "kind": rows["kind"],
            "sector": rows["sector"],
            "profile": rows["profile"],
            "volume_mwh": rows["volume"].astype(float),
            "capacity_mw": rows["volume"].astype(float),
            "switchable_share": rows["switchable"].astype(float),
        }
    )
