"""The real grid tables keep what is published and what this project decided about them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pmiek.network import grid_changes
from pmiek.network.published import published_limits
from pmiek.results.registry import conform

STANDARD_UNITS_MVA = {25, 40, 47, 66, 80, 90}
# At the published figures of the stations whose units are known, MW is this part of the MVA with one unit out.
PUBLISHED_MW_PER_MVA = 0.96


def station_units(tables):
    units = tables["grid/transformers"].query("kind == 'station'")
    return units.merge(tables["grid/stations"][["station_id", "province", "serves_public"]], on="station_id")


def test_units_that_nobody_published_are_standard_sizes(tables):
    known = published_limits(tables)["asset_id"]
    units = station_units(tables)
    units = units[~units["group_id"].isin(known) | (units["status"] == "planned")]
    assert set(units["rated_mva"]) <= STANDARD_UNITS_MVA


def test_inferred_units_carry_what_is_published_with_the_largest_out(tables):
    limits = published_limits(tables)
    area = limits.groupby("limit_area").agg({"firm_today_mva": "sum", "take_off_mw": "first"})
    assert len(limits) >= 25
    inferred = area["firm_today_mva"] * PUBLISHED_MW_PER_MVA
    assert inferred.to_numpy() == pytest.approx(area["take_off_mw"].to_numpy(), rel=0.01)


def test_customer_stations_serve_only_their_site(tables):
    customers = tables["grid/stations"].query("kind == 'customer'")
    assert not customers["serves_public"].any()
    assert {"NO", "WTG", "AKU", "SNB"} <= set(customers["station_id"])
    assert not set(customers["station_id"]) & set(tables["grid/service_areas"]["station_id"])


def test_the_exemption_of_2020_reaches_no_lower_than_220_kv(tables):
    limits = tables["grid/limits"]
    exempt = limits[limits["legal_basis"].str.contains("Exemption of 2020")]
    assert len(exempt) > 0
    assert (exempt["voltage_min_kv"] >= 220).all()


def test_every_assumed_circuit_says_why(tables):
    circuits = tables["grid/circuits"]
    assert circuits.loc[circuits["quality"] == "assumed", "note"].notna().all()


def test_a_planned_project_names_the_assets_that_carry_its_id(tables):
    planned = tables["projects/planned"].set_index("project_id")["asset_ids"]
    for name, asset in (("grid/circuits", "corridor_id"), ("grid/transformers", "group_id")):
        rows = tables[name].dropna(subset=["project_id"])
        for project, assets in rows.groupby("project_id")[asset]:
            assert set(assets) <= set(planned[project].split(";")), project


@pytest.mark.parametrize(
    ("year", "station"),
    [(2040, "MPN"), (2040, "HGR"), (2040, "WTS"), (2030, "TAK"), (2035, "VOB")],
)
def test_a_planned_station_comes_in_its_year_and_takes_load_from_its_neighbours(changes, year, station):
    mine = changes[changes["element_id"] == station]
    assert set(mine["year"]) == {year}
    assert set(mine["change"]) == {"added", "load moved"}
    assert (mine["moved_share"].dropna() > 0).all()
    units = changes[(changes["element"] == "transformer") & changes["asset_id"].str.startswith(station)]
    assert set(units["year"]) == {year}


@pytest.mark.parametrize(
    ("project", "added", "removed"),
    [
        ("don-wijster-riegmeer-cable", {"WTS110-HGR110"}, set()),
        ("don-meppel-noord-hessenweg-cable", {"HSW110-MPN110"}, set()),
        ("don-steenwijk-meppel-noord-cable", {"MPN110-SW110"}, {"MP110-SW110"}),
        ("zeyerveen-extension", {"ZYV-110-mv", "ZYV-220-110"}, {"ZYV-110-mv", "ZYV-220-110"}),
    ],
)
def test_cables_and_extensions_come_with_what_they_replace(changes, project, added, removed):
    mine = changes[changes["project_id"] == project]
    assert set(mine.loc[mine["change"] == "added", "asset_id"]) == added
    assert set(mine.loc[mine["change"] == "removed", "asset_id"]) == removed


def test_each_element_comes_once_and_is_there_before_it_goes(changes):
    assert len(conform("grid_changes", changes)) == len(changes)
    steps = changes[changes["change"] != "load moved"]
    assert not steps.duplicated(["change", "element_id"]).any()
    both = steps.pivot_table(index="element_id", columns="change", values="year").dropna()
    assert (both["removed"] > both["added"]).all()


@pytest.fixture(scope="module")
def changes(tables):
    scenario = SimpleNamespace(grid=SimpleNamespace(switching_state="pockets"))
    return grid_changes(tables, scenario, [2025, 2030, 2035, 2040])
