"""Useful heat from storyline rows, and the heat mix of a variant, on the tiny province."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from pmiek.config import Scenario, merge_scenario
from pmiek.config.heat_settings import HeatMixRule
from pmiek.errors import InputError
from pmiek.inputs import Tables
from pmiek.optimise.heat import mix, useful
from pmiek.optimise.heat.useful import Performance
from pydantic import ValidationError

PUMPS = Performance(
    {"homes": 3.0, "services": 3.0}, {"homes": 4.0, "services": 4.0}, {"homes": 0.6, "services": 0.6}
)
ASSUMED = {"heat_network_loss_share": 0.2, "district_heat_direct_share": 0.0}
COSTS = [
    ("home_gas_boiler", "efficiency", 0.9),
    ("gas_chp", "efficiency", 0.4),
    ("gas_chp", "back_pressure_ratio", 1.0),
    ("district_gas_boiler", "efficiency", 1.0),
    ("district_heat_pump_air", "efficiency", 3.0),
]
STORY = "koersvaste_middenweg"


@pytest.fixture
def scenario() -> Scenario:
    return merge_scenario(Path("scenarios"), STORY, "netverzwaring", {"heat.networks": "planned"})


@pytest.fixture(autouse=True)
def _known_pumps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mix, "performance", lambda *_: PUMPS)
    monkeypatch.setattr(useful, "performance", lambda *_: PUMPS)


def made_tables(rows: list[tuple[int, str, str, str, float]], served: list[tuple[str, str]]) -> Tables:
    demand = pd.DataFrame(rows, columns=["year", "gm_code", "carrier", "sector", "volume_mwh"])
    demand = demand.assign(storyline=STORY, peak_mw=np.nan, source="made_up", quality="assumed")
    network = pd.DataFrame(
        [(*pair, "net", 1.0) for pair in served], columns=["gm_code", "sector", "network_id", "share"]
    )
    costs = pd.DataFrame(COSTS, columns=["technology", "parameter", "value"]).assign(year=2025)
    assumed = pd.DataFrame(ASSUMED.items(), columns=["assumption_id", "value"]).assign(
        low=np.nan, high=np.nan
    )
    places = pd.DataFrame({"gm_code": ["GM0001", "GM0002"], "role": "study"})
    frames = {
        "demand/municipal": demand,
        "heat/served_by": network,
        "costs/technologies": costs,
        "assumptions": assumed,
        "heat/sources": pd.DataFrame(
            {"network_id": ["net"], "kind": ["gas_boiler"], "capacity_mw": [np.nan]}
        ),
        "heat/pipes": pd.DataFrame(columns=["network0", "network1"]),
        "regions/municipalities": places,
    }
    return Tables(Path("inputs"), MappingProxyType(frames))


ROWS = [
    (2035, "GM0001", "methane", "households_boiler", 1000.0),
    (2035, "GM0001", "electricity", "households_hybrid_heat_pump", 100.0),
    (2035, "GM0001", "methane", "households_hybrid_heat_pump", 200.0),
    (2035, "GM0001", "electricity", "households_heat_pump", 100.0),
    (2035, "GM0001", "electricity", "district_heat", 10.0),
    (2035, "GM0001", "methane", "district_heat", 10.0),
    (2035, "GM0001", "electricity", "households", 500.0),
]
SERVED = [("GM0001", "homes"), ("GM0001", "services"), ("GM0002", "homes")]


def by_technology(heat: pd.DataFrame) -> dict[str, float]:
    return heat.groupby("technology")["heat_mwh"].sum().to_dict()


def with_rule(scenario: Scenario, **rule: object) -> Scenario:
    made = HeatMixRule(**{"municipalities": ("GM0001",), "sectors": ("homes",), "from_year": 2035, **rule})
    return scenario.model_copy(update={"heat": scenario.heat.model_copy(update={"mix": (made,)})})


def test_useful_heat_is_fuel_times_efficiency(scenario: Scenario) -> None:
    # boiler 1000 x 0.9; hybrid 100 x 4 + 200 x 0.9; heat pump 100 x 3; network (10 x 3 + 10 x 1) x 0.8
    heat = by_technology(useful.useful_heat(made_tables(ROWS, SERVED), scenario, PUMPS))
    assert heat == pytest.approx({"boiler": 900, "hybrid": 580, "electric": 300, "district": 32})


def test_without_rules_individual_rows_stay_and_network_fuel_becomes_heat(scenario: Scenario) -> None:
    tables = made_tables(ROWS, SERVED)
    after = mix.with_heat_mix(tables, scenario)["demand/municipal"]
    kept = after[~after["carrier"].eq("heat")].reset_index(drop=True)
    before = tables["demand/municipal"]
    pd.testing.assert_frame_equal(
        kept, before[before["sector"] != "district_heat"].reset_index(drop=True), check_dtype=False
    )
    heat = after[after["carrier"] == "heat"]
    assert heat["sector"].tolist() == ["households_district_heat"]
    assert heat["volume_mwh"].sum() == pytest.approx(32)


def test_networks_of_the_storyline_change_no_row_at_all() -> None:
    # so that the reference variant asks the electricity grid what the screening asked
    reference = merge_scenario(Path("scenarios"), STORY, "nulalternatief")
    tables = made_tables(ROWS, SERVED)
    assert mix.with_heat_mix(tables, reference) is tables


def test_a_variant_that_forbids_every_source_of_a_network_is_named(scenario: Scenario) -> None:
    none = dict.fromkeys(type(scenario.heat.build).model_fields, False)
    build = scenario.heat.build.model_copy(update=none)
    bad = scenario.model_copy(update={"heat": scenario.heat.model_copy(update={"build": build})})
    with pytest.raises(InputError, match="no source is allowed for network net"):
        mix.with_heat_mix(made_tables(ROWS, SERVED), bad)


def test_a_province_without_any_heating_has_no_heat(scenario: Scenario) -> None:
    tables = made_tables([(2035, "GM0001", "electricity", "households", 500.0)], [])
    assert useful.useful_heat(tables, scenario, PUMPS).empty


def test_more_district_heat_needs_planned_networks(scenario: Scenario) -> None:
    chosen = with_rule(scenario, district_at_least=0.5, taken_from=("boiler",))
    chosen = chosen.model_copy(update={"heat": chosen.heat.model_copy(update={"networks": "storyline"})})
    with pytest.raises(InputError, match="networks: planned"):
        mix.with_heat_mix(made_tables(ROWS, SERVED), chosen)


def test_rows_of_a_municipality_without_network_stay_exactly(scenario: Scenario) -> None:
    tables = made_tables(ROWS, [])
    after = mix.with_heat_mix(tables, scenario)["demand/municipal"]
    pd.testing.assert_frame_equal(after, tables["demand/municipal"], check_dtype=False)


def test_least_district_share_takes_from_the_first_technology_first(scenario: Scenario) -> None:
    # total 1812: half is 906, of which 32 is there; the boilers give all their 900 less than the lack of 874
    chosen = with_rule(scenario, district_at_least=0.5, taken_from=("electric", "boiler"))
    tables = mix.with_heat_mix(made_tables(ROWS, SERVED), chosen)
    heat = by_technology(useful.useful_heat(tables, chosen, PUMPS))
    assert heat == pytest.approx({"boiler": 900 - 574, "hybrid": 580, "district": 906})
    rows = tables["demand/municipal"].set_index("sector")["volume_mwh"]
    assert rows["households_boiler"] == pytest.approx((900 - 574) / 0.9)
    assert rows["households"] == 500


def test_stated_shares_make_the_technology_that_was_not_there(scenario: Scenario) -> None:
    rows = [(2040, "GM0001", "methane", "households_boiler", 1000.0)]
    chosen = with_rule(scenario, shares={"hybrid": 0.5, "electric": 0.5})
    after = mix.with_heat_mix(made_tables(rows, []), chosen)["demand/municipal"]
    made = after[after["volume_mwh"] > 0].set_index(["sector", "carrier"])["volume_mwh"]
    assert made["households_heat_pump", "electricity"] == pytest.approx(450 / 3)
    assert made["households_hybrid_heat_pump", "electricity"] == pytest.approx(450 * 0.6 / 4)
    assert made["households_hybrid_heat_pump", "methane"] == pytest.approx(450 * 0.4 / 0.9)


def test_laying_the_mix_twice_changes_nothing_more(scenario: Scenario) -> None:
    chosen = with_rule(scenario, district_at_least=0.5, taken_from=("boiler", "electric"))
    once = mix.with_heat_mix(made_tables(ROWS, SERVED), chosen)
    twice = mix.with_heat_mix(once, chosen)
    columns = ["year", "gm_code", "carrier", "sector"]
    left, right = (t["demand/municipal"].set_index(columns)["volume_mwh"].sort_index() for t in (once, twice))
    pd.testing.assert_series_equal(left, right)


def test_years_without_a_plan_keep_the_rows_of_the_storyline(scenario: Scenario) -> None:
    rows = [(2030, *row[1:]) for row in ROWS]
    chosen = with_rule(scenario, from_year=2030, district_at_least=0.5, taken_from=("boiler",))
    tables = made_tables(rows, SERVED)
    after = mix.with_heat_mix(tables, chosen)["demand/municipal"]
    pd.testing.assert_frame_equal(after, tables["demand/municipal"], check_dtype=False)


def test_greenhouse_electricity_is_never_scaled(scenario: Scenario) -> None:
    rows = [
        (2035, "GM0001", "methane", "agriculture", 100.0),
        (2035, "GM0001", "electricity", "agriculture", 70.0),
    ]
    chosen = with_rule(scenario, sectors=("agriculture",), district_at_least=0.5, taken_from=("boiler",))
    after = mix.with_heat_mix(made_tables(rows, [("GM0001", "agriculture")]), chosen)["demand/municipal"]
    volume = after.set_index("carrier")["volume_mwh"]
    assert volume.to_dict() == pytest.approx({"methane": 50, "electricity": 70, "heat": 45})


def test_every_impossible_rule_is_named_before_any_solve(scenario: Scenario) -> None:
    bad = with_rule(
        scenario,
        municipalities=("GM0002", "GM9999"),
        sectors=("homes", "services"),
        district_at_least=0.1,
        taken_from=("boiler",),
    )
    with pytest.raises(InputError) as caught:
        mix.with_heat_mix(made_tables(ROWS, SERVED), bad)
    found = {problem.value for problem in caught.value.problems}
    assert found == {"GM9999", "district heat for services of GM0002"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"shares": {"boiler": 0.5, "electric": 0.4}}, "must add to 1, not 0.9"),
        ({"shares": {"boiler": 1.0}, "district_at_least": 0.2}, "either shares or district_at_least"),
        ({"district_at_least": 0.2}, "at least one technology"),
        ({"district_at_least": 0.2, "taken_from": ("district",)}, "not district itself"),
        ({"sectors": ("agriculture",), "shares": {"hybrid": 1.0}}, "agriculture cannot be heated by hybrid"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(rule: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        HeatMixRule(**{"municipalities": (), "sectors": ("homes",), "from_year": 2035, **rule})


def test_relabelling_municipalities_relabels_the_answer(scenario: Scenario) -> None:
    names = {"GM0001": "GM0002"}
    tables = made_tables(ROWS, [("GM0002", "homes")])
    demand = tables["demand/municipal"].replace({"gm_code": names})
    other = replace(tables, frames=MappingProxyType({**tables.frames, "demand/municipal": demand}))
    first = useful.useful_heat(tables, scenario, PUMPS).replace({"gm_code": names})
    pd.testing.assert_frame_equal(first, useful.useful_heat(other, scenario, PUMPS))
