# ruff: noqa: E501 - tables as text keep one row per line
"""Options, types and places of projects of heat, methane and hydrogen."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from pmiek.decide.projects.carrier_assets import by_place, carrier_places
from pmiek.decide.projects.costs import CostBook
from pmiek.decide.projects.options import build_options, pipe_facts, preferred
from pmiek.decide.projects.rules import Facts, project_type

INFRA = """asset_class,option,parameter,value,low,high
gas_booster,booster_8_to_40_bar,investment,4,2,8
gas_booster,booster_8_to_40_bar,size,20,8,40
gas_booster,booster_8_to_40_bar,lifetime,20,15,25
gas_booster,booster_8_to_40_bar,fixed_om,0.03,0.03,0.03
gas_booster,booster_8_to_40_bar,lead_time_years,3,2,4
gas_pipe,coupling_pipe,investment,0.35,0.2,0.7
gas_pipe,coupling_pipe,size,30,10,60
gas_pipe,coupling_pipe,lifetime,45,40,50
gas_pipe,coupling_pipe,fixed_om,0.005,0.005,0.005
heat_pipe,transport_pipe,investment,1.8,1,3.5
heat_pipe,transport_pipe,size,40,25,60
heat_pipe,transport_pipe,lifetime,40,30,50
heat_pipe,transport_pipe,fixed_om,0.018,0.01,0.025
"""
TECHNOLOGIES = """technology,parameter,value,unit,year
district_gas_boiler,investment,60,EUR per kW,2030
district_gas_boiler,lifetime,25,years,2030
district_gas_boiler,fixed_om,0.03,share,2030
district_gas_boiler,efficiency,1.0,1,2030
"""
ASSUMED = """assumption_id,value,low,high
methane_kwh_per_m3,8.76,8,10
project_event_hours,6,2,12
project_battery_hours,4,2,8
project_least_mw,1,0.5,3
methane_price_2035_eur_per_mwh,30,20,50
co2_price_2035_eur_per_t,100,50,200
residual_heat_eur_per_mwh,5,0,15
"""
CARRIERS = "carrier,price_eur_per_mwh,co2_t_per_mwh\ngreen_gas,70,0\nmethane,50,0.2\n"
LINKS = """link_id,name,kind,area0,area1,length_km,status
lift,Booster,booster,north,forty,,option
join,Koppelleiding,coupling,north,south,18,option
old,Oude koppeling,coupling,north,south,2,existing
"""
PIPES = "pipe_id,name,network0,network1,length_km,status\nheat-ab,Warmteleiding A - B,a,b,10,planned\n"
NETWORKS = "network_id,name,gm_code\na,Warmtenet A,GM0001\nb,Warmtenet B,GM0002\n"
SOURCES = "source_id,network_id\nb-pump,b\nb-boiler,b\n"


def frame(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text))


TABLES = {
    "costs/infrastructure": frame(INFRA),
    "costs/technologies": frame(TECHNOLOGIES),
    "costs/carriers": frame(CARRIERS),
    "assumptions": frame(ASSUMED),
    "gas/links": frame(LINKS),
    "gas/areas": frame("area_id,name\nnorth,Noord\nsouth,Zuid\n"),
    "heat/pipes": frame(PIPES),
    "heat/networks": frame(NETWORKS),
    "heat/sources": frame(SOURCES),
}


def need(direction: str, mw: float, hours: float, energy: float) -> pd.DataFrame:
    row = {"project_id": "p", "direction": direction, "peak_mw": 2 * mw, "exceedance_mw_median": mw, "hours_median": hours,
           "energy_mwh_median": energy}  # fmt: skip
    return pd.DataFrame([row])


def options(asset: str, asset_class: str, carrier: str, needs: pd.DataFrame) -> pd.DataFrame:
    mw = float(needs["exceedance_mw_median"].iloc[0])
    project = {"project_id": "p", "asset_ids": asset, "asset_class": asset_class, "carrier": carrier, "size_raw_mw": mw,
               "size_raw_mw_high": mw, "length_km": float("nan"), "circuits": 1.0, "overhead": False, "extendable": "unknown",
               "free_units": float("nan"), "largest_unit_mva": float("nan"), "need_limit_mw": mw,
               "contract_share": 0.0, "carrier_share": 0.0}  # fmt: skip
    made = pipe_facts(pd.DataFrame([project]), TABLES)
    return build_options(made, needs, CostBook(TABLES, 0.0)).set_index("option")


def test_green_gas_that_does_not_fit_has_a_booster_a_coupling_and_the_worth_of_losing_it() -> None:
    # 20 million m3 of 8.76 kWh over 8,760 hours is a unit of 20 MW: 30 MW takes two
    table = options("north", "gas_area", "methane", need("feed-in", 30.0, 4000.0, 60000.0))
    assert table.loc["gas_booster", "size_mw"] == pytest.approx(40)
    assert table.loc["gas_booster", "annual_cost_meur"] == pytest.approx(2 * 4 * (1 / 20 + 0.03))
    assert table.loc["gas_coupling", "annual_cost_meur"] == pytest.approx(18 * 0.35 * (1 / 45 + 0.005))
    assert table.loc["less_green_gas", "annual_cost_meur"] == pytest.approx(60000 * 70 / 1e6)
    assert "battery" not in table.index
    assert preferred(table.reset_index())["p"] == "gas_coupling"


def test_a_coupling_helps_only_towards_an_area_with_room() -> None:
    north = {"project_id": "p", "asset_ids": "north", "asset_class": "gas_area"}
    both = pd.DataFrame([north, {**north, "project_id": "q", "asset_ids": "south"}])
    assert pipe_facts(both.head(1), TABLES)["gas_coupling_km"].tolist() == [18]
    assert pipe_facts(both, TABLES)["gas_coupling_km"].isna().all()


def test_heat_options_count_their_fuel_and_the_shortest_pipe() -> None:
    table = options("b-sources", "heat_source", "heat", need("take-off", 20.0, 1000.0, 5000.0))
    assert table.loc["heat_pipe", "cost_meur_low"] == pytest.approx(10 * 1.0)
    assert table.loc["heat_pipe", "annual_cost_meur"] == pytest.approx(18 * (1 / 40 + 0.018) + 5000 * 5 / 1e6)
    assert table.loc["heat_boiler", "annual_cost_meur"] == pytest.approx(
        20 * 0.06 * (1 / 25 + 0.03) + 5000 * (30 + 100 * 0.2) / 1e6
    )


def test_a_place_without_a_drawn_pipe_has_no_pipe_option() -> None:
    table = options("south-west", "gas_area", "methane", need("feed-in", 5.0, 100.0, 200.0))
    assert "gas_coupling" not in table.index
    assert "gas_booster" in table.index


def test_what_a_pathway_builds_at_one_place_is_one_row() -> None:
    built = frame(
        """storyline,variant,year,asset_id,asset_class,carrier,cluster,existing_mw,built_mw,built_continuous_mw
s,v,2035,b-pump,heat_source,heat,A,0,5,5
s,v,2035,b-boiler,heat_source,heat,A,1,7,7
s,v,2035,b-tank,heat_storage,heat,A,0,30,30
s,v,2035,heat-ab,heat_pipe,heat,A,0,40,12
s,v,2035,lift,gas_booster,methane,B,0,20,8
s,v,2035,T1,station_transformer,electricity,B,0,60,44
"""
    )
    table = by_place(built, carrier_places(TABLES)).set_index("asset_id")["built_mw"]
    assert table.to_dict() == {"T1": 60, "b-sources": 12, "heat-ab": 40, "north": 20}


@pytest.mark.parametrize(
    ("carrier", "rule", "kind"),
    [
        ("heat", "heat_network_open", "onderzoek"),
        ("hydrogen", "hydrogen_open", "onderzoek"),
        ("methane", "need_without_decision", "verkenning"),
    ],
)
def test_a_need_without_a_decision_asks_first_which_carrier_comes(carrier: str, rule: str, kind: str) -> None:
    facts = Facts(has_need=True, storylines=4, carrier=carrier, direction="take-off", carrier_share=1.0)
    made = project_type(facts)
    assert (made[0], made[3]) == (kind, rule)


def test_a_decision_on_heat_makes_it_concrete() -> None:
    facts = Facts(has_need=True, storylines=4, carrier="heat", decision_status="designated_area")
    assert project_type(facts)[0] == "concreet"
