"""The network of a finished run: two stations and one heat network, small enough to add up by head."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pypsa
import pytest
import tiny_grid as tiny
from pmiek.errors import SolveError
from pmiek.network.build import BuildError, add, new_network
from pmiek.optimise.assembled import Electricity, assemble, imbalance_mw, sector_power, write_network
from pmiek.optimise.assembled import network as module
from pmiek.optimise.carriers.parts import CarrierParts, Part, Place
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.gate import SIMPLEX_OPTIONS
from pmiek.optimise.solve.solution import solve_case

YEAR = 8760
PLAN = pd.DataFrame({"asset_id": ["A-mv"], "built_mw": [10.0], "note": [None]})
UNITS = """
group station kind     mva
K-hv  K       coupling 200
A-mv  A       station  200
A-mv  A       station  200
B-mv  B       station  200
"""
LINES = """
corridor from to n x mva tower
KA       K    A  2 4 100 T
AB       A    B  1 4 100 -
"""


def by_head(grid: object, hourly: pd.DataFrame) -> pypsa.Network:
    """K is the boundary; A hangs on K, B on A."""
    network = new_network()
    network.set_snapshots(list(hourly.index))
    place = {
        "carrier": "AC",
        "v_nom": 110.0,
        "cluster": "A",
        "station": "",
        "municipality": "",
        "operator": "",
    }
    add(network, "Bus", pd.DataFrame([{"name": n, **place} for n in ("K", "Amv", "Bmv")]).set_index("name"))
    line = {"x": 4.0, "s_nom": 100.0, "carrier": "AC"}
    lines = [
        {"name": f"{a[0]}{b[0]}", "bus0": a, "bus1": b, **line} for a, b in (("K", "Amv"), ("Amv", "Bmv"))
    ]
    lines = [{**row, "asset_id": row["name"]} for row in lines]
    add(network, "Line", pd.DataFrame(lines).set_index("name"))
    boundary = {"name": "grid K", "bus": "K", "carrier": "grid", "control": "Slack", "p_nom": 100.0}
    add(network, "Generator", pd.DataFrame([boundary]).set_index("name"))
    loads = pd.DataFrame([{"name": f"load {s}", "bus": f"{s}mv"} for s in hourly]).set_index("name")
    add(network, "Load", loads, {"p_set": hourly.add_prefix("load ").rename_axis(index="snapshot")})
    return network


@pytest.fixture
def run(case, monkeypatch):
    """A takes 30 MW and B gives 10 MW of sun, all year."""
    feed = np.array([[0.0] * YEAR, [10.0] * YEAR])[None]
    load = {2035: np.array([[30.0] * YEAR, [0.0] * YEAR])}
    made = case(load, units=(200.0, 200.0), fixed_feed=feed, stations=("A", "B"))
    days = choose_days(made, typical=2, extreme=1)
    operated = solve_case(made, days, label="test", options=SIMPLEX_OPTIONS)
    hours = days.hours().size
    sectors = {
        ("A", "homes"): np.array([[20.0] * hours, [0.0] * hours]),
        ("B", "solar"): np.array([[0.0] * hours, [10.0] * hours]),
    }
    monkeypatch.setattr(module, "build_network", by_head)
    grid = tiny.grid(["K", "A", "B"], UNITS, LINES, ("K",))
    return Electricity(made, days, operated, (grid,), (sectors,))


def heat(served: float = 5.0) -> CarrierParts:
    mw = np.full((1, YEAR), served)
    asked = np.full((1, YEAR), 5.0)
    return CarrierParts(
        (Place("heat H", "heat", "GM1", "A"),),
        (
            Part("Load", "heat H demand", "heat H", "heat demand", asked, asked.max(axis=1)),
            Part("Generator", "heat source", "heat H", "boiler", mw, np.array([8.0]), payer="company"),
        ),
    )


def test_a_saved_network_opens_with_energy_balance_flows_and_labels(run, tmp_path):
    write_network(assemble(run, [heat()], PLAN), tmp_path / "a.nc")
    network = pypsa.Network(str(tmp_path / "a.nc"))
    energy = network.statistics.energy_balance()[2035]
    # homes are 20 of the 30 MW of A; what no sector explains is told apart
    for part, mwh in {
        ("Load", "homes"): -20 * YEAR,
        ("Load", "other"): -10 * YEAR,
        ("Generator", "solar"): 10 * YEAR,
        ("Generator", "grid"): 20 * YEAR,
        ("Generator", "boiler"): 5 * YEAR,
    }.items():
        assert energy.loc[part].sum() == pytest.approx(mwh, rel=1e-4)
    assert float(imbalance_mw(network).abs().to_numpy().max()) < 1e-3
    lines = network.components["Line"]
    flow = lines.dynamic["p0"].abs().T.groupby(lines.static["asset_id"]).sum().T
    assert flow["KA"].to_numpy() == pytest.approx(20.0, abs=1e-3)
    assert flow["AB"].to_numpy() == pytest.approx(10.0, abs=1e-3)
    source = network.components["Generator"].static.loc["heat source"]
    assert (source["payer"], source["municipality"], source["cluster"]) == ("company", "GM1", "A")
    assert source["p_nom_opt"] == pytest.approx(8.0)
    assert network.meta["plan"] == [{"asset_id": "A-mv", "built_mw": 10.0, "note": None}]


def test_a_carrier_out_of_balance_ends_the_run_with_its_bus(run):
    with pytest.raises(SolveError, match="bus heat H is 1 MW out of balance"):
        assemble(run, [heat(served=4.0)], PLAN)


def test_a_series_with_gaps_is_not_written(run):
    with pytest.raises(BuildError, match=r"heat source \(p\)"):
        assemble(run, [heat(served=np.nan)], PLAN)


def test_a_component_without_its_bus_is_named(run):
    with pytest.raises(BuildError, match="unknown buses: heat H"):
        assemble(run, [CarrierParts((), heat().parts)], PLAN)


def test_a_sector_takes_what_the_screening_counts():
    rows = pd.DataFrame(
        [("A", "homes", "demand", "flat", 2.0), ("A", "solar", "supply", "flat", -4.0)],
        columns=["station_id", "sector", "kind", "profile", "weight"],
    )
    profiles = pd.DataFrame({"flat": [1.0, 2.0, 3.0]})
    power = sector_power(rows, profiles, np.array([0, 2]), {"flat": np.array([0.0, 0.0, 0.5])})
    assert power["A", "homes"].tolist() == [[2.0, 6.0], [0.0, 0.0]]
    assert power["A", "solar"].tolist() == [[0.0, 0.0], [4.0, 6.0]]
