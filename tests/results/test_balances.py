from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from model.results.balances import balance_residual, emissions, energy_balance


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


FACTORS = pd.DataFrame({"carrier": ["methane", "hydrogen", "electricity"], "co2_t_per_mwh": [0.2, 0.0, 0.0]})


def test_emissions_are_demand_times_factor_averaged_over_weather_years():
    result = emissions(energy_balance(table(ROWS)), FACTORS)
    # (200 + 100) / 2 MWh x 0.2 t
    assert result[["carrier", "co2_kt"]].to_numpy().tolist() == [["methane", pytest.approx(0.03)]]


def test_electricity_counts_only_with_a_national_average():
    result = emissions(energy_balance(table(ROWS)), FACTORS, electricity_t_per_mwh=0.1)
    assert result[result["carrier"] == "electricity"]["co2_kt"].sum() == pytest.approx(0.012)


def test_a_carrier_without_factor_is_an_error():
    with pytest.raises(ValueError, match="no emission factor for methane"):
        emissions(energy_balance(table(ROWS)), FACTORS[FACTORS["carrier"] != "methane"])
