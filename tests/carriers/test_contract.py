"""The contract of the carriers: complete rows, whole years, tables that join."""

import numpy as np
import pandas as pd
import pytest
from pmiek.optimise.carriers import CarrierPlan, HourlyLoad, join_plans
from pmiek.optimise.carriers.contract import HOURS_PER_YEAR, LOAD_KEYS

ONE = pd.DataFrame([(2035, 2012, "GM1", "", "heat_pump_network")], columns=LOAD_KEYS)


def test_every_row_has_its_hours():
    with pytest.raises(ValueError, match="8760 numbers per row"):
        HourlyLoad(ONE, np.zeros((2, HOURS_PER_YEAR)))


def test_an_hour_without_a_number_is_refused():
    hours = np.zeros((1, HOURS_PER_YEAR))
    hours[0, 7] = np.nan
    with pytest.raises(ValueError, match="numbers per row"):
        HourlyLoad(ONE, hours)


def test_rows_name_where_the_load_is():
    with pytest.raises(ValueError, match="gm_code"):
        HourlyLoad(ONE.drop(columns="gm_code"), np.zeros((1, HOURS_PER_YEAR)))


def test_tables_of_carriers_stand_under_one_another():
    heat = CarrierPlan("heat", capacity=pd.DataFrame({"asset_id": ["pipe"], "built_mw": [3.0]}))
    gas = CarrierPlan("methane", capacity=pd.DataFrame({"asset_id": ["booster"], "built_mw": [5.0]}))
    joined = join_plans([heat, gas])
    assert joined["capacity"]["asset_id"].tolist() == ["pipe", "booster"]
    assert joined["costs"].empty
