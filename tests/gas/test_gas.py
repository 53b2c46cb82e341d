"""Methane of the made-up province: volumes, screening, plan and bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_province
from pmiek.config import Scenario, merge_scenario
from pmiek.errors import InputError
from pmiek.inputs import Tables, check_inputs, read_tables
from pmiek.optimise.carriers import HourlyLoad
from pmiek.optimise.gas import plan_gas, screen_gas, with_gas_choices
from pmiek.optimise.gas.case import build_case
from pmiek.optimise.gas.choices import with_tables
from pmiek.optimise.gas.plan import balance_rows
from pmiek.optimise.gas.volumes import SMALL, demand_by_area, green_gas_by_plant, yearly_volumes
from pmiek.optimise.hydrogen import plan_hydrogen, with_hydrogen_choices
from pmiek.optimise.pipes import dispatch
from pmiek.results.balances import energy_balance
from pmiek.results.variants.apply import variant_problems

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STORY = "koersvaste_middenweg"
AREAS = """area_id,name,tier_bar,operator,parent_id,take_off_mw
aad8,Aadorp,8,Gasco,reg40,100
bee8,Beeveen,8,Gasco,reg40,
reg40,Regional,40,Gasco,nat67,
nat67,National,67,Gasco,,
"""
SHARES = "gm_code,area_id,share\nGM0001,aad8,1\nGM0002,bee8,1\n"
LINKS = """link_id,name,kind,area0,area1,capacity_mw,length_km,status,max_units,first_year,project_id,operator
boost-bee,Booster Beeveen,booster,bee8,reg40,2,,option,9,,,Gasco
couple,Coupling,coupling,aad8,bee8,,10,option,1,,,Gasco
"""
PLANTS = """plant_id,name,gm_code,area_id,million_m3_per_year,first_year,status
farm,Farm,GM0002,bee8,1,2020,existing
big,Big digester,GM0002,reg40,1.5,2030,planned
hub,Hub,GM0001,aad8,,,option
"""
NODES = """node_id,name,gm_code,kind,trucks
h-aad,Aadorp,GM0001,local,true
h-bee,Beeveen,GM0002,local,false
h-nat,National,,national,false
"""
SITES = "gm_code,node_id,share\nGM0001,h-aad,1\nGM0002,h-bee,1\n"
PIPES = """pipe_id,name,node0,node1,kind,length_km,capacity_mw,status,first_year,project_id,operator
branch,Branch,h-nat,h-aad,backbone,,50,planned,,,Gasco
aad-bee,Aadorp - Beeveen,h-aad,h-bee,new_pipe,10,,option,,,
"""
ELECTROLYSERS = "electrolyser_id,name,gm_code,capacity_mw,first_year,status\nextra,Extra,GM0002,5,,option\n"
COSTS = """asset_class,option,parameter,value,unit
gas_booster,booster_8_to_40_bar,investment,4,MEUR
gas_booster,booster_8_to_40_bar,size,20,million m3
gas_booster,compressor_40_to_67_bar,investment,12,MEUR
gas_booster,compressor_40_to_67_bar,size,100,million m3
gas_pipe,coupling_pipe,investment,0.35,MEUR per km
gas_pipe,coupling_pipe,size,30,MW
gas_storage,green_gas_buffer,investment,0.05,MEUR per MWh
hydrogen_pipe,new_pipe,investment,1.2,MEUR per km
hydrogen_pipe,new_pipe,size,200,MW
hydrogen_pipe,reused_pipe,investment,0.35,MEUR per km
hydrogen_pipe,reused_pipe,size,200,MW
"""
FILES = {
    "gas/areas": AREAS, "gas/area_shares": SHARES, "gas/links": LINKS, "gas/plants": PLANTS,
    "hydrogen/nodes": NODES, "hydrogen/sites": SITES, "hydrogen/pipes": PIPES,
    "hydrogen/electrolysers": ELECTROLYSERS,
}  # fmt: skip


def frame(text: str) -> pd.DataFrame:
    header, *lines = text.strip().splitlines()
    return pd.DataFrame([line.split(",") for line in lines], columns=header.split(","))


def with_gas(inputs: Path, **changed: str) -> Path:
    """Add gas and hydrogen to the made-up province."""
    for name, text in FILES.items():
        tiny_province.write_table(inputs, name, frame(changed.get(name.replace("/", "_"), text)))
    costs = frame(COSTS)
    options = costs[["asset_class", "option"]].drop_duplicates()
    more = [
        options.assign(parameter=p, value=v, unit="-") for p, v in (("fixed_om", "0.02"), ("lifetime", "40"))
    ]
    path = inputs / "costs/infrastructure.csv"
    known = pd.read_csv(path, dtype=str)
    tiny_province.write_table(
        inputs,
        "costs/infrastructure",
        pd.concat([known, costs, *more]).fillna({"source": "made_up", "quality": "assumed"}),
    )
    carriers = pd.read_csv(inputs / "costs/carriers.csv", dtype=str)
    green = pd.DataFrame(
        [
            {
                "carrier": "green_gas",
                "price_eur_per_mwh": "70",
                "co2_t_per_mwh": "0",
                "source": "made_up",
                "quality": "assumed",
            }
        ]
    )
    tiny_province.write_table(inputs, "costs/carriers", pd.concat([carriers, green]))
    made = pd.read_csv(inputs / "costs/technologies.csv", dtype=str)
    row = made.iloc[[0]].assign(technology="electrolyser", parameter="efficiency", value="0.7", unit="-")
    tiny_province.write_table(inputs, "costs/technologies", pd.concat([made, row]))
    return inputs


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return read_tables(with_gas(tiny_province.build(tmp_path_factory.mktemp("gas"))))


def scenario(**overrides: object) -> Scenario:
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    return merge_scenario(
        SCENARIOS,
        STORY,
        "nulalternatief",
        {**tiny_province.SCENARIO_OVERRIDES, "gas.typical_days": 2, "hydrogen.typical_days": 2, **given},
    )


@pytest.fixture(scope="module")
def flat() -> dict[int, pd.DataFrame]:
    """One weather year in which everything is spread evenly."""
    return {2022: pd.DataFrame({"flat": np.full(8760, 1 / 8760)})}


@pytest.fixture(scope="module")
def prices() -> dict[int, pd.DataFrame]:
    """Electrolysers run half the year, power costs 30 EUR per MWh and hydrogen 90."""
    hour = np.arange(8760)
    parts = [
        pd.DataFrame(
            {
                "year": year,
                "hour": hour,
                "price_electricity_eur_per_mwh": 30.0,
                "price_hydrogen_eur_per_mwh": 90.0,
                "unit_electrolyser": (hour % 2).astype(float),
            }
        )
        for year in (2025, *tiny_province.YEARS)
    ]
    return {2022: pd.concat(parts, ignore_index=True)}


def test_green_gas_goes_to_plants_first_and_the_rest_is_flagged(tables: Tables):
    """Of 5 MW times 8,000 hours the farm takes 10 GWh, the big digester 15 and small producers the rest."""
    rows = green_gas_by_plant(tables, yearly_volumes(tables, scenario(), 2030), 2030).set_index("plant_id")
    assert rows.loc["farm", "volume_mwh"] == pytest.approx(10_000)  # 1 million m3 of 10 kWh
    assert rows.loc["big", "volume_mwh"] == pytest.approx(15_000)
    assert rows.loc[SMALL, "volume_mwh"] == pytest.approx(5 * 8000 - 25_000)
    assert rows.loc["big", "area_id"] == "reg40"
    assert rows.loc[SMALL, "quality"] == "assumed"


def test_a_plant_makes_nothing_before_its_first_year(tables: Tables):
    rows = green_gas_by_plant(tables, yearly_volumes(tables, scenario(), 2025), 2025)
    assert set(rows["plant_id"]) == {"farm", SMALL}


def test_demand_of_areas_adds_to_that_of_the_municipalities(tables: Tables):
    volumes = yearly_volumes(tables, scenario(), 2035)
    total = volumes.loc[volumes["category"] == "demand", "volume_mwh"].sum()
    assert demand_by_area(tables, volumes)["volume_mwh"].sum() == pytest.approx(total)


def test_screening_finds_green_gas_that_does_not_fit(tables: Tables, flat: dict[int, pd.DataFrame]):
    """Beeveen uses 15 MW less 2 per five years; in 2050 it makes 9 * 8000 MWh, 15 GWh of it at 40 bar."""
    found = screen_gas(tables, scenario(), flat, "frozen")["loading"]
    row = found[
        (found["asset_id"] == "bee8") & (found["direction"] == "feed-in") & (found["year"] == 2050)
    ].iloc[0]
    made = (9 * 8000 - 15_000) / 8760
    assert row["peak_mw"] == pytest.approx(made)
    assert row["exceedance_mw"] == pytest.approx(max(0.0, made - 5.0))
    assert row["hours"] == 8760
    assert found["carrier"].unique().tolist() == ["methane"]


def test_a_plan_without_build_loses_gas_at_its_price(tables: Tables, flat: dict[int, pd.DataFrame]):
    plan = plan_gas(tables, scenario(), flat)
    lost = ((9 * 8000 - 15_000) / 8760 - 5.0) * 8760
    cost = plan.costs[(plan.costs["year"] == 2050) & (plan.costs["category"] == "curtailment")]
    assert cost["cost_meur_per_year"].sum() == pytest.approx(lost * 70 / 1e6)
    rows = plan.balance[(plan.balance["year"] == 2050) & (plan.balance["category"] == "curtailed")]
    assert rows["energy_mwh"].sum() == pytest.approx(lost)
    assert (plan.gas_net.loc[plan.gas_net["year"] == 2050, "green_gas_lost_mwh"] > 0).any()


def test_the_balance_of_a_plan_closes(tables: Tables, flat: dict[int, pd.DataFrame]):
    plan = plan_gas(tables, scenario(), flat)
    table = energy_balance(plan.balance)
    assert (table["category"] == "exchange").any()


def test_methane_of_heat_networks_is_asked_of_the_areas_in_its_hours(
    tables: Tables, flat: dict[int, pd.DataFrame]
):
    """Boilers at Aadorp take 200 MW in ten hours of 2040, from an area whose station gives 100."""
    mw = np.zeros((1, 8760))
    mw[0, :10] = 200.0
    rows = pd.DataFrame(
        [
            {
                "year": 2040,
                "weather_year": 2022,
                "gm_code": "GM0001",
                "station_id": "",
                "sector": "district_heat",
            }
        ]
    )
    without, asked = (
        plan_gas(tables, scenario(), flat),
        plan_gas(tables, scenario(), flat, HourlyLoad(rows, mw)),
    )
    demand = without.loading.set_index(["asset_id", "direction", "year"])["peak_mw"]["aad8", "take-off", 2040]
    row = asked.loading.set_index(["asset_id", "direction", "year"]).loc[("aad8", "take-off", 2040)]
    assert (row["hours"], row["peak_mw"]) == (10, pytest.approx(demand + 200))
    assert row["exceedance_mw"] == pytest.approx(demand + 200 - 100)
    unserved = asked.balance[asked.balance["category"] == "unserved"]
    assert unserved["energy_mwh"].sum() == pytest.approx(10 * (demand + 100))
    # what boilers burn stands in the balance of the heat plan, so not here
    burnt = asked.balance[asked.balance["category"] == "demand"]
    assert burnt["energy_mwh"].sum() == pytest.approx(
        without.balance.loc[without.balance["category"] == "demand", "energy_mwh"].sum()
    )


def test_rows_that_are_not_what_flows_are_named(tables: Tables, flat: dict[int, pd.DataFrame]):
    gas = build_case(tables, scenario(), flat, (2040,), "nulalternatief", build=False)
    flow = dispatch(gas.pipes, 0, gas.pipes.existing_mw[0])
    balance_rows(gas, [flow])
    less = replace(flow, used=0.9 * flow.used)
    with pytest.raises(AssertionError, match=r"methane of .* does not close"):
        balance_rows(gas, [less])


def test_building_costs_no_more_than_losing(tables: Tables, flat: dict[int, pd.DataFrame]):
    chosen = {f"gas__build__{what}": True for what in ("boosters", "couplings", "compressors")}
    without, built = (plan_gas(tables, scenario(**s), flat) for s in ({}, chosen))
    assert built.capacity["built_mw"].sum() > 0
    assert built.costs["cost_meur_npv"].sum() < without.costs["cost_meur_npv"].sum()
    assert set(built.solver["condition"]) == {"optimal"}


def test_extra_plants_raise_supply_and_stand_at_their_area(tables: Tables):
    extra = [{"plant_id": "hub", "million_m3_per_year": 2.0, "first_year": 2035}]
    changed = with_gas_choices(tables, scenario(gas__extra_plants=extra))
    rows = green_gas_by_plant(changed, yearly_volumes(changed, scenario(), 2035), 2035).set_index("plant_id")
    assert rows.loc["hub", "volume_mwh"] == pytest.approx(20_000)
    assert (
        "hub"
        not in green_gas_by_plant(tables, yearly_volumes(tables, scenario(), 2035), 2035)["plant_id"].tolist()
    )


def test_an_unknown_plant_and_a_year_in_the_past_are_both_named(tables: Tables):
    extra = [{"plant_id": "nowhere", "million_m3_per_year": 2.0, "first_year": 2020}]
    with pytest.raises(InputError) as caught:
        with_gas_choices(tables, scenario(gas__extra_plants=extra))
    assert "nowhere" in str(caught.value)
    assert "2020" in str(caught.value)


def test_unserved_hydrogen_until_the_branch_comes(
    tables: Tables, flat: dict[int, pd.DataFrame], prices: dict[int, pd.DataFrame]
):
    """Trailers bring 1 MW to Aadorp; the late branch of 2036 ends the shortage there from 2040."""
    plan = plan_hydrogen(tables, scenario(), flat, prices)
    short = (
        plan.balance[plan.balance["category"] == "unserved"].groupby(["year", "gm_code"])["energy_mwh"].sum()
    )
    assert short.get((2035, "GM0001"), 0.0) > 0
    assert (2040, "GM0001") not in short.index
    assert short.get((2040, "GM0002"), 0.0) > 0  # no pipe and no trailers there
    made = plan.balance.set_index(["carrier", "category"])["energy_mwh"].groupby(level=[0, 1]).sum()
    assert made["hydrogen", "conversion_out"] == pytest.approx(0.7 * made["electricity", "conversion_in"])


def test_a_new_pipe_ends_the_shortage(
    tables: Tables, flat: dict[int, pd.DataFrame], prices: dict[int, pd.DataFrame]
):
    chosen = {"hydrogen__build__new_pipes": True, "hydrogen__backbone": "planned"}
    plan = plan_hydrogen(tables, scenario(**chosen), flat, prices)
    assert plan.capacity.loc[plan.capacity["asset_id"] == "aad-bee", "built_mw"].max() == 200.0
    assert "unserved" not in set(plan.balance["category"])


def test_extra_electrolysers_stand_where_the_screening_finds_them(tables: Tables):
    extra = [{"electrolyser_id": "extra", "capacity_mw": 5.0, "first_year": 2035}]
    flexible = with_hydrogen_choices(tables, scenario(hydrogen__extra_electrolysers=extra))[
        "supply/flexibility"
    ]
    row = flexible[(flexible["gm_code"] == "GM0002") & (flexible["technology"] == "electrolyser")]
    assert set(row["year"]) == {2035, 2040, 2045, 2050}


def test_a_variant_that_forbids_every_way_to_bring_hydrogen_is_named_before_any_solve(tables: Tables):
    """Trailers or the branch come to Aadorp, and from there a pipe to Beeveen; no electrolyser stands."""
    flexible = tables["supply/flexibility"]
    bare = with_tables(tables, {"supply/flexibility": flexible[flexible["technology"] != "electrolyser"]})

    def named(**chosen: object) -> list[str]:
        found = variant_problems(bare, scenario(build__station_transformers=True, **chosen))
        assert all("hydrogen.trucks" in problem.remedy for problem in found)
        return [problem.value.removeprefix("no way is allowed to bring hydrogen to ") for problem in found]

    pipe = {"hydrogen__build__new_pipes": True}
    assert named(**pipe) == []
    assert named(hydrogen__trucks=False, hydrogen__backbone="planned", **pipe) == []
    assert named(hydrogen__trucks=False, hydrogen__backbone="none", **pipe) == ["Aadorp", "Beeveen"]
    assert named() == ["Beeveen"]
    assert variant_problems(bare, scenario()) == []  # builds nothing: what is unserved is its result


def test_without_gas_tables_nothing_is_planned(tiny_inputs: Path, flat: dict[int, pd.DataFrame]):
    bare = read_tables(tiny_inputs)
    assert screen_gas(bare, scenario(), flat, "frozen")["loading"].empty
    assert plan_gas(bare, scenario(), flat).capacity.empty


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("gas_plants", PLANTS.replace("GM0001", "GM9999"), "GM9999"),
        ("gas_links", LINKS.replace("aad8,bee8", "aad8,aad8"), "another place than area0"),
        ("gas_links", LINKS.replace("bee8,reg40,2", "reg40,bee8,2"), "higher pressure"),
        ("gas_areas", AREAS + "cee8,Empty,8,Gasco,reg40,\n", "an area with demand"),
        ("gas_area_shares", SHARES.replace("GM0002,bee8,1", "GM0002,bee8,0.5"), "add to 1"),
        ("hydrogen_pipes", PIPES.replace("h-aad,h-bee,new_pipe", "h-aad,h-zzz,new_pipe"), "h-zzz"),
        ("gas_links", LINKS.replace("option,9,,,", "planned,9,2028,P-NWE,"), "a year from 2032"),
    ],
)
def test_bad_input_is_named(tiny_copy: Path, table: str, text: str, said: str):
    problems = check_inputs(with_gas(tiny_copy, **{table: text}))
    assert any(said in f"{p.value} {p.expected}" for p in problems), problems
