"""A seventh variant is one YAML file: what docs/variants.md promises, done on the made-up province."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_province
import yaml
from pmiek.config import merge_scenario
from pmiek.errors import InputError
from pmiek.inputs import read_tables
from pmiek.optimise.carriers import HourlyLoad
from pmiek.optimise.carriers.connect import with_load
from pmiek.results.variants import variant_tables
from pmiek.results.variants.apply import assert_conserved

PROJECT = Path(__file__).resolve().parents[2]
SEVENTH = """
variant: zevende
variant_text:
  title_nl: Slim laden alleen
  title_en: Smart charging only
  description_nl: Auto's laden als het net ruimte heeft.
  description_en: Cars charge when the grid has room.
  differs_nl: Om te zien wat slim laden alleen oplost.
  differs_en: To see what smart charging solves on its own.
measures:
  smart_charging: 1.0
"""


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seventh") / "scenarios"
    shutil.copytree(PROJECT / "scenarios", folder)
    (folder / "variants" / "zevende.yaml").write_text(SEVENTH, encoding="utf-8")
    return folder


def test_one_file_makes_a_variant(scenarios: Path) -> None:
    made = merge_scenario(
        scenarios, tiny_province.BASE_STORYLINE, "zevende", tiny_province.SCENARIO_OVERRIDES
    )
    assert made.measures.smart_charging == 1.0
    assert made.measures.any
    assert not made.build.station_transformers


def test_a_misspelt_measure_is_named_with_its_line(scenarios: Path) -> None:
    path = scenarios / "variants" / "zevende_fout.yaml"
    path.write_text(
        SEVENTH.replace("zevende", "zevende_fout").replace("smart_charging: 1.0", "smart_charge: 1.0")
    )
    with pytest.raises(InputError, match="smart_charging"):
        merge_scenario(scenarios, tiny_province.BASE_STORYLINE, "zevende_fout")
    path.unlink()


def test_the_six_variants_of_the_project_differ_and_give_their_reason() -> None:
    files = sorted((PROJECT / "scenarios" / "variants").glob("*.yaml"))
    made = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}
    assert {"nulalternatief", "netverzwaring", "slim_benutten", "collectieve_warmte", "moleculen",
            "lokaal_in_balans"} <= set(made)  # fmt: skip
    choices = [str({k: v for k, v in one.items() if not k.startswith("variant")}) for one in made.values()]
    assert len(set(choices)) == len(choices)
    for one in made.values():
        assert one["variant_text"]["differs_nl"]
        assert one["variant_text"]["differs_en"]


def test_a_variant_leaves_every_demand_in_place(tmp_path: Path) -> None:
    tables = read_tables(tiny_province.build(tmp_path))
    scenario = merge_scenario(
        PROJECT / "scenarios", tiny_province.BASE_STORYLINE, "netverzwaring", tiny_province.SCENARIO_OVERRIDES
    )
    before = tables["demand/municipal"]
    assert (
        variant_tables(tables, scenario)["demand/municipal"]["volume_mwh"].sum() == before["volume_mwh"].sum()
    )
    hidden = before.assign(volume_mwh=before["volume_mwh"].where(before["sector"] != "households", 0.0))
    with pytest.raises(ValueError, match=r"changes demand .*households"):
        assert_conserved(before, hidden, tiny_province.BASE_STORYLINE)


def test_electricity_of_other_carriers_reaches_the_stations() -> None:
    rows = pd.DataFrame(
        {"year": 2035, "weather_year": [2012, 2012, 2022], "gm_code": "GM1", "station_id": ["", "S2", ""],
         "sector": ["heat_pump", "chp", "heat_pump"]}
    )  # fmt: skip
    load = HourlyLoad(rows, np.stack([np.full(8760, 2.0), np.full(8760, -1.0), np.full(8760, 9.0)]))
    who = pd.DataFrame(
        columns=["station_id", "gm_code", "kind", "sector", "profile", "volume_mwh", "capacity_mw",
                 "switchable_share"]
    )  # fmt: skip
    areas = pd.DataFrame({"gm_code": "GM1", "station_id": ["S1", "S2"], "load_share": [0.25, 0.75]})
    hung, shapes = with_load(who, pd.DataFrame(index=range(8760)), load, (2035, 2012), areas)
    mw = hung.assign(mw=hung["volume_mwh"] * hung["profile"].map(shapes.max()))
    assert mw.groupby(["kind", "station_id"])["mw"].sum().round(9).to_dict() == {
        ("demand", "S1"): 0.5,
        ("demand", "S2"): 1.5,
        ("supply", "S2"): 1.0,
    }
    assert with_load(who, shapes, load, (2040, 2012), areas)[0] is who
