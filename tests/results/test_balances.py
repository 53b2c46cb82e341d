from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from pmiek.results.balances import balance_residual, energy_balance
from pmiek.results.flows import assert_nodes_balance, energy_flows


def table(text: str) -> pd.DataFrame:
    frame = pd.read_csv(StringIO(text.replace(" ", "")), dtype={"energy_mwh": float})
    return frame.assign(storyline="s", variant="v", year=2035)


ROWS = """
weather_year,gm_code,carrier,category,sector,energy_mwh
2012,GM1,electricity,demand,homes,100
2012,GM1,electricity,demand,cars,20
2012,GM1,electricity,supply,solar,50
2012,GM1,electricity,curtailed,solar,5
2012,GM1,electricity,unserved,homes,3
2012,GM1,electricity,loss,battery,1
2012,GM1,methane,demand,homes,200
2012,GM1,methane,supply,green_gas,250
2017,GM1,methane,demand,homes,100
"""


def test_exchange_closes_the_balance():
    balance = energy_balance(table(ROWS))
    exchange = balance[balance["category"] == "exchange"].set_index(["weather_year", "carrier"])["energy_mwh"]
    assert exchange.to_dict() == {
        (2012, "electricity"): 73.0,
        (2012, "methane"): -50.0,
        (2017, "methane"): 100.0,
    }
    assert balance_residual(balance)["residual_share"].max() <= 1e-6


CONVERSION = """
weather_year,gm_code,carrier,category,sector,energy_mwh
2012,GM1,methane,conversion_in,heat_boiler,50
2012,GM1,heat,conversion_out,heat_boiler,45
2012,GM1,electricity,conversion_in,heat_pump,10
2012,GM1,heat,conversion_out,heat_pump,30
2012,GM1,heat,demand,homes,70
2012,GM1,heat,loss,pipes,3
2012,GM1,heat,storage_charge,tank,8
2012,GM1,heat,storage_discharge,tank,6
2012,GM1,heat,unserved,homes,1
"""


def test_conversion_and_storage_count_with_their_sign():
    balance = energy_balance(table(CONVERSION))
    exchange = balance[balance["category"] == "exchange"].set_index("carrier")
    # heat: 45 + 30 + 6 + 1 in, 70 + 3 + 8 out, so 1 goes to the neighbours
    assert exchange["energy_mwh"].to_dict() == {"electricity": 10.0, "heat": -1.0, "methane": 50.0}
    assert exchange["sector"].to_dict()["heat"] == "heat_pipes"


def test_every_node_of_the_flows_balances_and_a_heat_pump_draws_on_the_surroundings():
    places = pd.DataFrame({"gm_code": ["GM1"], "cluster": ["A"]})
    flows = energy_flows(energy_balance(table(CONVERSION)), places)
    mine = flows[flows["cluster"] == "A"].set_index(["source", "target"])["energy_gwh"]
    assert mine["supply:surroundings", "conversion:heat_pump"] == pytest.approx(0.02)
    assert mine["conversion:heat_boiler", "loss:conversion"] == pytest.approx(0.005)
    assert mine["carrier:heat", "demand:homes"] == pytest.approx(0.07)
    province = flows[flows["cluster"] == "province"].set_index(["source", "target"])["energy_gwh"]
    assert province.to_dict() == mine.to_dict()


INDIVIDUAL = """
weather_year,gm_code,carrier,category,sector,energy_mwh
2012,GM1,methane,demand,households_boiler,100
2012,GM1,electricity,demand,households_heat_pump,20
2012,GM1,heat,conversion_out,boiler,95
2012,GM1,heat,conversion_out,electric,60
2012,GM1,heat,demand,homes,155
"""


def test_fuel_for_heating_flows_into_the_heat_that_is_made_from_it():
    places = pd.DataFrame({"gm_code": ["GM1"], "cluster": ["A"]})
    flows = energy_flows(energy_balance(table(INDIVIDUAL)), places)
    mine = flows[flows["cluster"] == "A"].set_index(["source", "target"])["energy_gwh"]
    assert mine["carrier:methane", "conversion:boiler"] == pytest.approx(0.1)
    assert mine["conversion:boiler", "loss:conversion"] == pytest.approx(0.005)
    assert mine["supply:surroundings", "conversion:electric"] == pytest.approx(0.04)


def test_a_node_that_does_not_balance_is_named():
    places = pd.DataFrame({"gm_code": ["GM1"], "cluster": ["A"]})
    flows = energy_flows(energy_balance(table(CONVERSION)), places)
    flows.loc[flows["target"] == "demand:homes", "energy_gwh"] *= 2
    with pytest.raises(AssertionError, match="carrier:heat"):
        assert_nodes_balance(flows)


def test_a_changed_number_shows_as_residual():
    balance = energy_balance(table(ROWS))
    balance.loc[balance["category"] == "unserved", "energy_mwh"] += 1
    assert balance_residual(balance)["residual_mwh"].abs().max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("demand,cars,20", "demand,cars,-20", "at least zero"),
        ("demand,cars,20", "use,cars,20", "not known"),
        ("demand,cars,20", "exchange,cars,20", "not known"),
        ("curtailed,solar,5", "curtailed,solar,55", "curtailed than supplied"),
    ],
)
def test_impossible_rows_are_refused(old, new, words):
    with pytest.raises(ValueError, match=words):
        energy_balance(table(ROWS.replace(old, new)))
