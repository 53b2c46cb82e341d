"""Operators' rows over the public tables."""

from __future__ import annotations

import pytest
from pmiek.errors import InputError
from pmiek.inputs import check_inputs, read_tables
from pmiek.inputs.operator_files import VARIABLE, operator_folder
from pmiek.publish.operators import touched
from pmiek.workflow.plan import input_files

NAMES = [
    "sources", "regions/municipalities", "grid/stations", "grid/buses", "grid/circuits", "grid/transformers",
    "grid/switching_states", "grid/service_areas", "projects/planned",
]  # fmt: skip


def read(project):
    return read_tables(project.inputs, NAMES, overrides=project.folder)


def test_a_rating_replaces_the_assumed_one_and_is_marked_confidential(project):
    project.write("transformers.csv", "unit_id,rated_mva\nAAD-T1,66")
    tables = read(project)
    units = tables["grid/transformers"].set_index("unit_id")
    assert units["rated_mva"].to_dict() == {
        "KOP-T1": 200, "KOP-T2": 200, "AAD-T1": 66, "AAD-T2": 40, "AAD-T3": 40, "BEE-T1": 40, "CEE-T1": 40,
        "CEE-T2": 40, "NWE-T1": 90, "NWE-T2": 90,
    }  # fmt: skip
    assert units.loc["AAD-T1", ["capacity_quality", "disclosure", "source", "x_pct"]].tolist() == [
        "measured", "operator", "operator-netco", 16.2,
    ]  # fmt: skip
    assert units.loc["AAD-T2", "capacity_quality"] == "assumed"
    assert ("grid/transformers", ("AAD-T1",), "rated_mva") in tables.confidential
    assert ("grid/transformers", ("AAD-T2",), "rated_mva") not in tables.confidential
    assert dict(touched(tables).assets) == {"AAD-mv": frozenset({"rating"})}
    assert "66" not in repr(tables.confidential)


def test_without_overrides_the_public_figures_are_read(project):
    project.write("transformers.csv", "unit_id,rated_mva\nAAD-T1,66")
    tables = read_tables(project.inputs, NAMES)
    assert not tables.confidential
    assert tables["grid/transformers"]["rated_mva"].max() == 200


def test_a_group_stands_for_its_units_and_a_public_row_is_not_confidential(project):
    project.write("grid-transformers.csv", "group_id,rated_mva,disclosure\nCEE-mv,25,public\nAAD-mv,47,")
    tables = read(project)
    by_group = tables["grid/transformers"].groupby("group_id")["rated_mva"].unique().map(list)
    assert by_group[["AAD-mv", "CEE-mv"]].to_list() == [[47], [25]]
    assert {cell.key[0] for cell in tables.confidential} == {"AAD-T1", "AAD-T2", "AAD-T3"}


def test_rows_are_added_and_removed(project):
    project.write("transformers.csv", """
unit_id,group_id,kind,station_id,bus0,bus1,rated_mva,x_pct,status,operator,capacity_quality,mode
BEE-T2,BEE-mv,station,BEE,BEE110,BEEmv,66,17,existing,Netco,measured,add
CEE-T2,,,,,,,,,,,remove""")  # fmt: skip
    tables = read(project)
    units = tables["grid/transformers"]
    assert list(units.loc[units["group_id"] == "BEE-mv", "rated_mva"]) == [40, 66]
    assert list(units.loc[units["group_id"] == "CEE-mv", "unit_id"]) == ["CEE-T1"]
    assert set(touched(tables).assets) == {"BEE-mv", "CEE-mv"}


def test_switching_and_service_areas(project):
    project.write("switching_states.csv", "state,circuit_id,is_open\nnormal,AAD-BEE-1,true")
    project.write("service_areas.csv", "gm_code,station_id,load_share\nGM0001,AAD,0.75\nGM0001,BEE,0.25")
    tables = read(project)
    assert bool(tables["grid/switching_states"]["is_open"].iloc[0])
    assert dict(touched(tables).assets) == {
        "AAD-BEE": frozenset({"switching"}),
        "AAD": frozenset({"connection"}), "AAD-mv": frozenset({"connection"}),
        "BEE": frozenset({"connection"}), "BEE-mv": frozenset({"connection"}),
    }  # fmt: skip


def test_all_problems_at_once_in_the_operators_own_files(project):
    project.write(
        "transformers.csv",
        "unit_id,rated_mva,ratd_mva,mode\nAAD-T9,50,1,\nAAD-T1,-3,,\nAAD-T2,=1+1,,\n,5,,\nBEE-T1,1,,chnge",
    )
    project.write("service_areas.csv", "gm_code,station_id,load_share\nGM0001,AAD,0.9")
    project.write("transformrs.csv", "unit_id\nx")
    with pytest.raises(InputError) as caught:
        read(project)
    found = {(p.file, p.row, p.column): f"{p.value} {p.remedy}" for p in caught.value.problems}
    home = "operator/netco/"
    assert set(found) == {
        (f"{home}transformers.csv", 1, "ratd_mva"), (f"{home}transformers.csv", 2, "unit_id"),
        (f"{home}transformers.csv", 3, "rated_mva"), (f"{home}transformers.csv", 4, "rated_mva"),
        (f"{home}transformers.csv", 5, "unit_id"), (f"{home}transformers.csv", 6, "mode"),
        (f"{home}service_areas.csv", 2, "load_share"), (f"{home}transformrs.csv", None, ""),
    }  # fmt: skip
    assert "Did you mean 'AAD-T" in found[f"{home}transformers.csv", 2, "unit_id"]
    assert "formula" in found[f"{home}transformers.csv", 4, "rated_mva"]
    assert "Did you mean 'transformers'" in found[f"{home}transformrs.csv", None, ""]
    assert "Did you mean 'rated_mva'" in found[f"{home}transformers.csv", 1, "ratd_mva"]


def test_two_rows_for_one_cell_are_refused(project):
    project.write("transformers.csv", "unit_id,rated_mva\nAAD-T1,66")
    project.write("grid-transformers.csv", "group_id,rated_mva\nAAD-mv,80")
    found = check_inputs(project.inputs, overrides=project.folder)
    assert [(p.file, p.row, p.column) for p in found] == [("operator/netco/transformers.csv", 2, "rated_mva")]
    assert "operator/netco/grid-transformers.csv, row 2" in found[0].remedy


def test_rows_of_another_operator_are_refused_with_the_owner(project):
    project.write("transformers.csv", "unit_id,rated_mva,mode\nAAD-T1,66,\nAAD-T2,,remove", operator="netko")
    found = check_inputs(project.inputs, overrides=project.folder)
    assert [(p.file, p.row) for p in found] == [("operator/netko/transformers.csv", n) for n in (2, 3)]
    assert "Did you mean 'netco'?" in found[0].remedy


def test_a_plan_of_a_municipality_cannot_be_confidential_and_has_its_own_mode(project):
    head = "plan,year,gm_code,carrier,sector,mode,volume_mwh,quality,disclosure"
    row = "w,2030,GM0001,electricity,households,delta,10,assumed,"
    project.write("overlays.csv", f"{head}\n{row}", operator="aadorp")
    (problem,) = check_inputs(project.inputs, overrides=project.folder)
    assert (problem.row, problem.column) == (2, "disclosure")
    assert "cannot be kept out" in problem.remedy
    project.write("overlays.csv", f"{head}\n{row}public", operator="aadorp")
    assert check_inputs(project.inputs, overrides=project.folder) == []


def test_the_folder_lies_in_the_project_or_is_given_in_full(project, monkeypatch, tmp_path):
    assert operator_folder(project.root) is None
    project.write("transformers.csv", "unit_id,rated_mva\nAAD-T1,66")
    assert operator_folder(project.root) == project.folder
    monkeypatch.setenv(VARIABLE, "../elsewhere")
    with pytest.raises(InputError, match="inside the project"):
        operator_folder(project.root)
    other = tmp_path / "other"
    monkeypatch.setenv(VARIABLE, str(other))
    with pytest.raises(InputError, match="existing folder"):
        operator_folder(project.root)
    other.mkdir()
    assert operator_folder(project.root) == other


def test_a_rule_depends_on_the_files_of_its_themes_only(project):
    project.write("transformers.csv", "unit_id,rated_mva\nAAD-T1,66")
    project.write("costs/carriers.csv", "carrier,price_eur_per_mwh\nmethane,40")
    rated, price = "operator/netco/transformers.csv", "operator/netco/costs/carriers.csv"
    assert rated in input_files(project.root, "grid")
    assert price not in input_files(project.root, "grid")
    assert input_files(project.root, "costs/carriers.csv") == [price]
    assert input_files(project.root, "weather") == []
