"""The CO2 account on rows whose answer is known by heart."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from pmiek.results.account.co2 import CREDIT, ELSEWHERE, NOT_COUNTED, TERRITORIAL, emissions, fossil_share_of_gas
from pmiek.results.balances import energy_balance
from pmiek.results.registry import conform

FACTORS = pd.DataFrame(
    {"carrier": ["methane", "hydrogen", "waste", "electricity"], "co2_t_per_mwh": [0.2, 0.0, 0.14, 0.0]}
)
HEAD = "weather_year,gm_code,carrier,category,sector,energy_mwh\n"
GAS = HEAD + (
    "2012,GM1,methane,demand,homes,100\n"
    "2012,GM1,methane,unserved,homes,20\n"
    "2012,GM2,methane,supply,green_gas,{made}\n"
    "2012,GM2,methane,curtailed,green_gas,50\n"
)
CLUSTERS = {"GM1": "A", "GM2": "B"}
YEAR = 2050


def account(text: str, fossil: float = 1.0, average: float | None = None) -> pd.DataFrame:
    rows = pd.read_csv(StringIO(text)).assign(storyline="s", variant="v", year=YEAR)
    power = None
    if average is not None:
        years = sorted(set(rows["weather_year"]))
        power = pd.Series(average, index=pd.MultiIndex.from_product([[YEAR], years]))
    table = emissions(
        energy_balance(rows),
        FACTORS,
        CLUSTERS,
        fossil_share=pd.Series({YEAR: fossil}),
        waste_efficiency=0.25,
        electricity_t_per_mwh=power,
    )
    return conform("emissions", table)


def lines(table: pd.DataFrame) -> dict[str, float]:
    return table.groupby("account")["co2_kt"].sum(min_count=1).to_dict()


def test_green_gas_up_to_the_own_use_makes_it_free_of_co2_and_the_rest_is_credit_on_a_line_of_its_own():
    # 80 MWh used; 300 - 50 = 250 fed in: 80 for the own use, 170 exported, in whatever municipality
    found = lines(account(GAS.format(made=300)))
    assert found[TERRITORIAL] == pytest.approx(0.0)
    assert found[CREDIT] == pytest.approx(-170 * 0.2 / 1e3)


def test_less_green_gas_than_use_exports_nothing():
    found = lines(account(GAS.format(made=90)))
    assert found[TERRITORIAL] == pytest.approx((80 - 40) * 0.2 / 1e3)
    assert found[CREDIT] == pytest.approx(0.0)


def test_the_credit_has_the_factor_of_the_national_gas_of_the_year_not_that_of_natural_gas():
    whole, part = (lines(account(GAS.format(made=300), fossil)) for fossil in (1.0, 0.4))
    assert part[CREDIT] == pytest.approx(0.4 * whole[CREDIT])


def test_the_territorial_total_is_never_below_zero_for_what_is_exported():
    assert lines(account(GAS.format(made=10_000)))[TERRITORIAL] >= 0


def test_motor_fuels_are_named_and_not_a_zero():
    left = account(GAS.format(made=90)).query("account == @NOT_COUNTED")
    assert "motor_fuels" in set(left["carrier"])
    assert left["co2_kt"].isna().all()


def test_waste_that_is_burnt_in_the_province_counts_there():
    text = HEAD + "2012,GM1,electricity,supply,waste_plant,100\n"
    burnt = account(text).query("carrier == 'waste'")
    assert burnt["co2_kt"].to_list() == [pytest.approx(100 / 0.25 * 0.14 / 1e3)]


def test_electricity_from_elsewhere_stands_beside_the_total_and_only_with_a_national_average():
    text = HEAD + "2012,GM1,electricity,demand,homes,100\n2012,GM1,electricity,supply,solar,40\n"
    assert ELSEWHERE not in lines(account(text))
    found = lines(account(text, average=0.1))
    assert found[ELSEWHERE] == pytest.approx(0.1 * 60 / 1e3)
    assert TERRITORIAL not in found


def test_amounts_are_the_mean_of_the_weather_years():
    text = HEAD + "2012,GM1,methane,demand,homes,100\n2013,GM1,methane,demand,homes,200\n"
    assert lines(account(text))[TERRITORIAL] == pytest.approx(150 * 0.2 / 1e3)


def test_a_carrier_without_a_factor_is_refused():
    text = HEAD + "2012,GM1,peat,demand,homes,100\n"
    with pytest.raises(ValueError, match="no emission factor for peat"):
        account(text)


def test_the_fossil_part_of_the_national_gas_is_what_is_not_green():
    supply = pd.DataFrame(
        {
            "storyline": "s",
            "year": [2050] * 4 + [2030],
            "carrier": "methane",
            "technology": ["natural_gas", "import", "green_gas", "green_gas_wet_gasification", "natural_gas"],
            "volume_mwh": [10.0, 20.0, 50.0, 20.0, 7.0],
        }
    )
    assert fossil_share_of_gas(supply, "s").to_dict() == {2030: 1.0, 2050: pytest.approx(0.3)}
