"""Base, storyline, variant and batch merge by stated rules; every slip is named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import tiny_province
import yaml
from pmiek.config import (
    check_scenarios,
    diff,
    leaves,
    list_scenarios,
    load_batch,
    merge_scenario,
    show,
)
from pmiek.config.docs import reference, schema, with_reference
from pmiek.config.documents import read_document
from pmiek.errors import InputError
from pydantic import ValidationError

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
STORY, VARIANT = "koersvaste_middenweg", "nulalternatief"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "scenarios"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_own_files_are_right():
    assert check_scenarios(FOLDER) == []


def test_docs_and_schema_are_in_sync():
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert with_reference(page) == page, "run: python -m pmiek.config.docs"
    assert (FOLDER / "schema.json").read_text(encoding="utf-8") == schema()
    assert "| `grid.transit_pattern` | `none`, `north_south`, `south_north` |" in reference()


def test_four_storylines_two_variants_and_the_batches():
    table = list_scenarios(FOLDER).groupby("kind")["name"].apply(list)
    assert table["storyline"] == [
        "eigen_vermogen",
        "gezamenlijke_balans",
        "horizon_aanvoer",
        "koersvaste_middenweg",
    ]
    assert {"nulalternatief", "netverzwaring"} <= set(table["variant"])
    assert {"standaard", "snel"} <= set(table["batch"])


def test_standard_batch_is_every_storyline_with_both_variants():
    batch = load_batch(FOLDER, "standaard")
    assert len(batch.runs) == 8
    assert batch.runs[0].name == "koersvaste_middenweg_nulalternatief"
    assert len(batch.weather_years) == 2


def test_quick_batch_overrides_years():
    batch = load_batch(FOLDER, "snel")
    scenario = merge_scenario(FOLDER, STORY, VARIANT, batch.overrides)
    assert scenario.years.screening == (2025, 2035)
    assert scenario.years.pathway == (2035,)
    assert scenario.years.tail_years == 5


def test_variant_changes_only_words_and_what_may_be_built():
    a, b = merge_scenario(FOLDER, STORY, VARIANT), merge_scenario(FOLDER, STORY, "netverzwaring")
    paths = diff(a, b).query("not path.str.startswith('variant')")
    expected = pd.DataFrame(
        [(f"build.{name}", "False", "True")
         for name in ("station_transformers", "circuits", "coupling_transformers", "new_stations",
                      "batteries", "mv_lv", "curtailment")]
        + [(f"gas.build.{name}", "False", "True") for name in ("boosters", "compressors")]
        + [("hydrogen.build.new_pipes", "False", "True")],
        columns=["path", "value_a", "value_b"],
    )  # fmt: skip
    pd.testing.assert_frame_equal(paths.reset_index(drop=True), expected)
    assert diff(a, a).empty


def test_mappings_merge_and_lists_replace():
    changed = {
        "grid": {"firm_share": {"electrolyser": 0.3}, "summer_months": [6, 7]},
        "economics.discount_rate_per_year": 0.03,
    }
    scenario = merge_scenario(FOLDER, STORY, VARIANT, changed)
    assert scenario.grid.firm_share["electrolyser"] == 0.3
    assert scenario.grid.firm_share["battery_system"] == 0
    assert scenario.grid.summer_months == (6, 7)
    assert scenario.economics.discount_rate_per_year == 0.03


def test_solver_options_are_open_and_small_numbers_are_numbers():
    scenario = merge_scenario(FOLDER, STORY, VARIANT, {"solver.options.time_limit": 60})
    assert scenario.solver.options == {
        "solver": "hipo", "run_crossover": "off", "ipm_optimality_tolerance": 1e-4, "time_limit": 60
    }  # fmt: skip


def test_tiny_province_overrides_fit():
    scenario = merge_scenario(FOLDER, STORY, VARIANT, tiny_province.SCENARIO_OVERRIDES)
    assert scenario.weather.station == "tiny"
    assert [design.year for design in scenario.weather.design_years] == [2012, 2022]


@pytest.mark.parametrize(
    ("overrides", "key", "words"),
    [
        ({"years": {"screning": [2025]}}, "years.screning", "Did you mean 'screening'"),
        ({"econmics.discount_rate_per_year": 0.02}, "econmics", "Did you mean 'economics'"),
        ({"years": 3}, "years", "keys below it"),
        ({"years.base": {"a": 1}}, "years.base", "one value"),
        ({"years.base": "2025"}, "years.base", "integer"),
        ({"years.screening": [2035, 2025]}, "years", "ascend"),
        ({"years.pathway": [2033]}, "years", "screened too"),
        ({"years.pathway": [2020]}, "years", "after the base year"),
        ({"profiles.system_loss": 1.4}, "profiles.system_loss", "less than or equal to 1"),
        (
            {"profiles.solar_roof": [{"tilt_deg": 10, "azimuth_deg": 90, "share": 0.5}]},
            "profiles.solar_roof",
            "add to 1",
        ),
        (
            {"profiles.solar_roof": [{"tilt_deg": 10, "share": 1}]},
            "profiles.solar_roof.0.azimuth_deg",
            "this key",
        ),
        ({"grid.transit_pattern": "east"}, "grid.transit_pattern", "'none', 'north_south'"),
        ({"grid.firm_share.electroliser": 1}, "grid.firm_share.electroliser", "Did you mean 'electrolyser'"),
        ({"build.batteries": "yes"}, "build.batteries", "boolean"),
        ({"economics.discount_rate_per_year": 0.1}, "economics", "between its low and high"),
    ],
)
def test_each_slip_is_one_problem(overrides, key, words):
    with pytest.raises(InputError) as caught:
        merge_scenario(FOLDER, STORY, VARIANT, overrides)
    (problem,) = caught.value.problems
    assert problem.file == "overrides"
    assert problem.column == key
    assert words in str(problem)


def test_slip_in_a_file_has_its_line(folder):
    edit(folder / "variants" / "netverzwaring.yaml", "circuits:", "circuit:")
    lines = (folder / "variants" / "netverzwaring.yaml").read_text().splitlines()
    (problem,) = check_scenarios(folder)[:1]
    assert problem.file == "scenarios/variants/netverzwaring.yaml"
    assert lines[problem.row - 1].strip().startswith("circuit:")
    assert "Did you mean 'circuits'" in problem.remedy


def test_key_missing_from_base_and_key_the_model_lacks(folder):
    edit(folder / "base.yaml", "  system_loss: 0.14\n", "  sistem_loss: 0.14\n")
    found = {(p.column, p.expected) for p in check_scenarios(folder)}
    assert ("profiles.system_loss", "this key") in found
    assert ("profiles.sistem_loss", "a known key") in found


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands on line 1"),
        ("a:\n  b: 1\n  b: 2\n", 3, "stands on line 2"),
        ("a: [1, 2\nb: 3\n", 2, "well-formed YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, ""),
        ("a: !!python/name:os.system\n", 1, "Remove the tag"),
        ("x: &x {a: 1}\ny:\n  <<: *x\n", 1, "Write the value itself"),
        ("- 1\n- 2\n", 1, "keys with values"),
        ("", 1, "keys with values"),
        ("a:\tb: 1\n\t- x", None, "YAML"),
    ],
)
def test_yaml_that_is_wrong_or_unsafe(tmp_path, text, row, words):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    if "apply" in text:  # a tag on a list is not run: only the list remains
        assert read_document(path, "x.yaml").data == {"a": ["ls"]}
        return
    with pytest.raises(InputError) as caught:
        read_document(path, "x.yaml")
    (problem,) = caught.value.problems
    assert words in str(problem)
    if row is not None:
        assert problem.row == row


def test_unknown_names_and_paths_out_of_the_folder(folder):
    with pytest.raises(InputError, match="Did you mean 'eigen_vermogen'"):
        merge_scenario(folder, "eigen_vermogn", VARIANT)
    for name in ("../base", "/etc/passwd", "", "x" * 300):
        with pytest.raises(InputError, match="a batch with a file"):
            load_batch(folder, name)
    edit(folder / "storylines" / f"{STORY}.yaml", f"storyline: {STORY}", "storyline: other")
    with pytest.raises(InputError, match="must agree"):
        merge_scenario(folder, STORY, VARIANT)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weather_years: [2012]", "weather_years: [1963]", "one of the design years"),
        (
            "variants: [nulalternatief, netverzwaring]",
            "variants: [nulalternatief, netverzwarig]",
            "Did you mean 'netverzwaring'",
        ),
        (
            "variants: [nulalternatief, netverzwaring]",
            "variants: [netverzwaring]",
            "reference_variant must be",
        ),
        ("storylines: [koersvaste_middenweg]", "storylines: []", "at least 1 item"),
        ("weather_years:", "wether_years:", "Did you mean 'weather_years'"),
        ("    screening:", "    screning:", "Did you mean 'screening'"),
    ],
)
def test_batch_slips(folder, old, new, words):
    path = folder / "batches" / "snel.yaml"
    edit(path, old, new)
    problems = [p for p in check_scenarios(folder) if p.file == "scenarios/batches/snel.yaml"]
    assert any(words in str(p) for p in problems), problems
    assert all(p.row for p in problems if p.expected != "this key")


def test_shown_scenario_reads_back_and_names_its_origins():
    text = show(FOLDER, STORY, "netverzwaring", {"years.tail_years": 10})
    lines = {line.split(":")[0].strip(): line for line in text.splitlines()}
    assert lines["tail_years"].endswith("# overrides")
    assert "# scenarios/variants/netverzwaring.yaml:" in lines["circuits"]
    assert "# scenarios/base.yaml:" in lines["system_loss"]
    again = yaml.safe_load(text)
    expected = merge_scenario(FOLDER, STORY, "netverzwaring", {"years.tail_years": 10})
    assert again["grid"] == expected.model_dump(mode="json")["grid"]


def test_leaves_are_flat_and_complete():
    flat = leaves(merge_scenario(FOLDER, STORY, VARIANT))
    assert flat["years.base"] == 2025
    assert flat["years.screening.1"] == 2030
    assert flat["weather.design_years.0.character"] == "cold_calm"
    assert not any(isinstance(value, (list, dict, tuple)) for value in flat.values())


def test_scenario_is_frozen():
    scenario = merge_scenario(FOLDER, STORY, VARIANT)
    with pytest.raises(ValidationError, match="frozen"):
        scenario.years.base = 2020
