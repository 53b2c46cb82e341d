"""Small grids for the AC check, and the same power flow in PyPSA."""

from __future__ import annotations

from functools import cache
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from pmiek.inputs import read_tables
from pmiek.network import GridState, grid_state
from pmiek.network.build import build_network
from pmiek.security.acflow import Electrical, Injections


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.strip()), sep=r"\s+")


def grid(buses: str, circuits: str, units: str = "") -> GridState:
    """Build from bus kv slack | circuit bus0 bus1 r x km kind mva | unit group kind bus0 bus1 mva x_pct."""
    bus = table("bus_id voltage_kv slack_share\n" + buses)
    bus["station_id"] = bus["bus_id"].str.replace(r"(mv|\d+)$", "", regex=True)
    line = table("circuit_id bus0 bus1 r_ohm x_ohm length_km kind rating_summer_mva\n" + circuits)
    line["corridor_id"] = line["bus0"] + "-" + line["bus1"]
    line["voltage_kv"] = line["bus0"].map(bus.set_index("bus_id")["voltage_kv"]).astype(float)
    line["rating_winter_mva"], line["tower_group"] = line["rating_summer_mva"], None
    line["name"], line["rating_quality"] = line["corridor_id"], "assumed"
    unit = table("unit_id group_id kind bus0 bus1 rated_mva x_pct\n" + units)
    unit["station_id"] = unit["bus1"].astype("str").str.replace(r"(mv|\d+)$", "", regex=True)
    unit["capacity_quality"] = "assumed"
    station = pd.DataFrame({"station_id": sorted(set(bus["station_id"]))})
    station["name"], station["gm_code"], station["cluster"] = station["station_id"], "GM1", "A"
    station["lat"], station["lon"] = 52.5, 6.5
    station["mv_operator"] = station["hv_operator"] = line["operator"] = unit["operator"] = "Operator"
    for frame in (bus, line, unit, station):
        frame["quality"] = "assumed"
    return GridState("frozen", 2030, "meshed", station, bus, line, unit, pd.DataFrame(), line[:0])


ONE_LINE = grid("A110 110 1\nB110 110 0", "AB1 A110 B110 0 10 1 overhead 100")

RING = grid(
    "A110 110 0.75\nB110 110 0.25\nC110 110 0\nCmv 10 0",
    "AB1 A110 B110 1.2 4 10 overhead 100\nBC1 B110 C110 1.2 4 12 mixed 100\n"
    "AC1 A110 C110 0.3 2 20 cable 100\nAC2 A110 C110 0.3 2 20 cable 100",
    "c-1 c station C110 Cmv 60 16\nc-2 c station C110 Cmv 40 18",
)


def inject(outage: tuple[str, ...] = (), **stations: tuple[float, float]) -> Injections:
    """One case: station = (MW, Mvar) taken."""
    power = np.array(list(stations.values()), dtype=float)
    return Injections(tuple(stations), power[:, :1], power[:, 1:], (outage,))


@cache
def real_grid() -> GridState:
    names = ["grid/stations", "grid/buses", "grid/circuits", "grid/transformers", "grid/switching_states",
             "grid/service_areas", "grid/resplits", "grid/limits", "projects/planned",
             "grid/feeding_areas", "grid/area_stations"]  # fmt: skip
    tables = read_tables(Path(__file__).parents[2] / "inputs", names)
    states = tables["grid/switching_states"]["state"]
    scenario = SimpleNamespace(grid=SimpleNamespace(switching_state=str(states.iloc[0])))
    return grid_state(tables, scenario, "frozen", 2025)


def pypsa_voltages(grid: GridState, electrical: Electrical, power: Injections) -> np.ndarray:
    """Voltages in per unit (cases × buses) from PyPSA: boundary buses PV, the largest one slack."""
    rows = []
    for case, outage in enumerate(power.outages):
        hour = pd.DataFrame([power.take_off_mw[:, case]], columns=list(power.stations))
        network = build_network(grid, hour)
        reactive = {f"load {s}": power.take_off_mvar[i, case] for i, s in enumerate(power.stations)}
        network.c.loads.static["q_set"] = (
            pd.Series(reactive).reindex(network.c.loads.static.index).fillna(0.0)
        )
        held = network.c.generators.static["control"]
        network.c.generators.static["control"] = held.where(held == "Slack", "PV")
        network.c.buses.static["v_mag_pu_set"] = electrical.boundary_voltage_pu
        mvar = electrical.charging_mvar(grid.circuits).to_numpy()
        kv = grid.circuits["voltage_kv"].to_numpy(dtype=float)
        network.c.lines.static.loc[grid.circuits["circuit_id"], "b"] = mvar / kv**2
        for component in (network.c.lines, network.c.transformers):
            component.static.loc[component.static.index.isin(outage), "active"] = False
        found = network.pf(x_tol=1e-9)
        assert found["converged"].all().all()
        rows.append(network.c.buses.dynamic["v_mag_pu"].iloc[0].reindex(grid.buses["bus_id"]).to_numpy())
    return np.array(rows)
