"""Dependencies, area tasks, cases and history of the made-up province are known by hand."""

from __future__ import annotations

import pandas as pd
import pytest
import small_projects as world
from pmiek.decide.projects import candidates
from pmiek.decide.projects.area import area_combinations
from pmiek.decide.projects.cases import need_cases, variant_cases
from pmiek.decide.projects.dependencies import dependencies
from pmiek.decide.projects.history import history


@pytest.fixture(scope="module")
def made():
    return candidates(
        world.bottlenecks(),
        world.loading(),
        world.shares(),
        world.capacity(),
        world.tables(),
        world.register(),
        2026,
    )


def with_cable():
    """Add station NW's only connection as a project of its own, and a pair that builds its own."""
    tables = world.tables()
    tables["grid/circuits"] = world.table("""
        circuit_id | corridor_id | voltage_kv | length_km | kind  | bus0  | bus1  | project_id
        AL-NW-1    | AL110-NW110 | 110        | 5         | cable | AL110 | NW110 | nw-cable
        AL-BE-1    | AL110-BE110 | 110        | 20        | overhead | AL110 | BE110 |
    """)
    tables["grid/buses"] = world.table("""
        bus_id | station_id | voltage_kv
        AL110  | AL         | 110
        BE110  | BE         | 110
        NW110  | NW         | 110
    """)
    tables["grid/stations"] = tables["grid/stations"].assign(
        project_id=lambda f: f["station_id"].map({"NW": "nw-station"})
    )
    return tables


def test_a_follow_up_waits_for_its_plan(made):
    found = dependencies(made.candidates, world.shares(), world.tables())
    follows = found[found["kind"] == "follows"]
    assert list(zip(follows["project_id"], follows["depends_on"], strict=True)) == [
        ("al-220-110-electricity-coupling", "al-coupling")
    ]
    assert follows["listed"].all()


def test_station_and_cable_need_each_other_when_the_station_has_no_other_connection(made):
    listed = pd.concat(
        [
            made.candidates,
            made.candidates.iloc[:1].assign(project_id="nw-cable", predecessor="", bottleneck_ids=""),
        ]
    )
    found = dependencies(listed, world.shares(), with_cable())
    pairs = set(zip(found["project_id"], found["depends_on"], found["kind"], strict=True))
    assert ("nw-cable", "nw-station", "needs_station") in pairs
    assert ("nw-station", "nw-cable", "needs_connection") in pairs


def test_a_station_depends_on_the_corridor_whose_peak_it_causes(made):
    found = dependencies(made.candidates, world.shares(), world.tables())
    upstream = found[found["kind"] == "upstream"].set_index(["project_id", "depends_on"])["share"]
    # corridor AL-BE: all of its peak is in GM0002, all of which hangs on BE; coupling: GM0001, 0.3 x 0.6 moves to NW
    assert upstream["be-electricity-station", "al110-be110-electricity-corridor"] == pytest.approx(1.0)
    assert ("nw-station", "al-220-110-electricity-coupling") not in upstream.index


def test_area_tasks_are_found_in_the_municipality_and_in_what_the_station_feeds(made):
    tables = world.tables()
    tables["areas/area_tasks"] = world.table("""
        gm_code | task          | task_nl   | kind    | stage   | space_ha
        GM0002  | East district | Wijk Oost | housing | decided | 12
        GM0001  | Beekdal       |           | nature  | adopted |
        GM0009  | Over de grens |           | housing | decided | 3
    """)
    found = area_combinations(made.candidates, tables)
    station = found[found["project_id"] == "be-electricity-station"]
    assert station[["task", "task_nl", "kind", "place"]].to_numpy().tolist() == [
        ["East district", "Wijk Oost", "housing", "municipality"]
    ]
    assert set(found.loc[found["task"] == "Beekdal", "task_nl"]) == {"Beekdal"}  # as it is, where not given
    assert "woningen" in station["combination_nl"].iloc[0]
    assert "Over de grens" not in set(found["task"])
    assert area_combinations(made.candidates, world.tables()).empty  # nothing known is nothing claimed


def test_cases_keep_futures_apart_and_agree_with_the_summary(made):
    cases = made.cases.set_index(["project_id", "grid_state", "direction"]).sort_index()
    be = cases.loc[("be-electricity-station", "nulalternatief", "take-off")]
    assert len(be) == len(world.STORYLINES) * len(world.WEATHER_YEARS)
    assert set(be["first_year"]) == {2030}
    need = made.need.set_index(["project_id", "grid_state", "direction"])["exceedance_mw_median"]
    assert be["exceedance_mw"].median() == need["be-electricity-station", "nulalternatief", "take-off"]
    assert need_cases(pd.DataFrame()).empty


def test_variants_stand_beside_the_futures(made):
    rest = world.bottlenecks().query("asset_id == 'BE-110-mv' and storyline == 's1' and year == 2050").head(1)
    rest = rest.assign(grid_state="netverzwaring", variant="netverzwaring", exceedance_mw=7.0, hours=12)
    found = variant_cases(made.candidates, rest, world.capacity(), "nulalternatief")
    row = found.set_index(["project_id", "variant", "storyline"]).loc[
        ("be-electricity-station", "netverzwaring", "s1")
    ]
    assert row[["built_mw", "built_first_year", "left_mw", "left_hours", "left_first_year"]].tolist() == [
        90,
        2035,
        7,
        12,
        2050,
    ]
    assert set(found["variant"]) == {"netverzwaring", "collectieve_warmte"}


def test_an_earlier_project_is_kept_with_what_moved(made):
    found = history(made.candidates, world.tables(), made.series).set_index(["project_id", "aspect"])
    assert len(found) == 6
    assert found["listed"].all()
    assert not found.loc[("nw-station", "policy"), "changed"]
    assert "in uitvoering" in found.loc[("nw-station", "policy"), "text_nl"]
    assert found.loc[("nw-station", "data"), "now"] == "200 MW; 2030"
    told = found.loc[("nw-station", "model"), "text_nl"]
    assert "tekort op het huidige net: afname 30 MW in 2025" in told
    gone = history(made.candidates[made.candidates["project_id"] != "groengas"], world.tables(), made.series)
    assert gone[(gone["project_id"] == "groengas") & (gone["aspect"] == "policy")]["changed"].all()
