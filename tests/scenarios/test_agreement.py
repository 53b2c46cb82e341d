"""A scenario and the input tables must speak of the same things."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_province
import yaml
from pmiek.config import check_agreement, load_batch, merge_scenario
from pmiek.inputs import read_tables

ROOT = Path(__file__).parents[2]
NAMES = ["demand/municipal", "weather/years", "grid/limits", "grid/switching_states", "profiles/sectors"]


@pytest.fixture(scope="module")
def tables(tiny_inputs):
    return read_tables(tiny_inputs, NAMES)


def scenario_with(**changes):
    overrides = {
        **tiny_province.SCENARIO_OVERRIDES,
        **{key.replace("__", "."): v for key, v in changes.items()},
    }
    return merge_scenario(ROOT / "scenarios", "eigen_vermogen", "nulalternatief", overrides)


def test_every_run_of_the_standard_batch_agrees_with_the_own_inputs():
    own = read_tables(ROOT / "inputs", NAMES)
    for run in load_batch(ROOT / "scenarios", "standaard").runs:
        scenario = merge_scenario(ROOT / "scenarios", run.storyline, run.variant)
        assert [str(problem) for problem in check_agreement(scenario, own)] == []


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"years__screening": [2025, 2033, 2035], "years__pathway": [2035]}, "years.screening", "'2033'"),
        ({"weather__station": "tini"}, "weather.station", "Did you mean 'tiny'"),
        ({"weather__reference_years": [2012, 2013]}, "weather.reference_years", "'2013'"),
        ({"grid__switching_state": "open-ring"}, "grid.switching_state", "Did you mean 'open_ring'"),
    ],
)
def test_what_the_tables_lack_is_named(tables, change, key, words):
    found = [p for p in check_agreement(scenario_with(**change), tables) if p.column != "grid.firm_share"]
    assert [p.column for p in found] == [key]
    assert words in str(found[0])


def test_technologies_with_firm_rights_must_be_registered(tables):
    found = {p.value for p in check_agreement(scenario_with(), tables)}
    assert "battery_homes" in found
    assert "battery_system" not in found


def test_the_report_shows_the_economic_settings_that_are_assumed():
    assumptions = read_tables(ROOT / "inputs", ["assumptions"])
    text = (ROOT / "scenarios" / "base.yaml").read_text(encoding="utf-8")
    economics = yaml.safe_load(text)["economics"]
    for name in ("discount_rate_per_year", "unserved_penalty_eur_per_mwh", "curtailment_cost_eur_per_mwh"):
        assert assumptions.assumption(name) == economics[name]


def test_the_report_shows_the_settings_of_profiles_that_are_assumed():
    """What stands in base.yaml without a table behind it stands among the assumptions too, with its range."""
    assumptions = read_tables(ROOT / "inputs", ["assumptions"])
    profiles = yaml.safe_load((ROOT / "scenarios" / "base.yaml").read_text(encoding="utf-8"))["profiles"]
    shown = {
        f"{part}_share_tilt{plane['tilt_deg']}_azimuth{plane['azimuth_deg']}": plane["share"]
        for part in ("solar_roof", "solar_field")
        for plane in profiles[part]
    }
    same = ("wind_hub_height_m", "wind_shear_exponent", "heat_threshold_c", "heat_night_setback")
    shown |= {name: profiles[name] for name in same} | {"solar_system_loss": profiles["system_loss"]}
    assert {name: assumptions.assumption(name) for name in shown} == shown
    rows = assumptions["assumptions"].set_index("assumption_id").loc[list(shown)]
    assert (rows["low"] < rows["value"]).all()
    assert (rows["high"] > rows["value"]).all()
    planes = [name for name in assumptions["assumptions"]["assumption_id"] if "_share_tilt" in name]
    assert set(planes) <= set(shown)  # a plane that base.yaml no longer has is not shown


def test_every_variant_that_builds_may_serve_the_hydrogen_that_is_asked():
    # else demand without a pipe goes unserved, trailers run as base load, and that decides the order of cost
    folder = ROOT / "scenarios"
    names = sorted(path.stem for path in (folder / "variants").glob("*.yaml"))
    scenarios = [merge_scenario(folder, "koersvaste_middenweg", name) for name in names]
    builders = [s for s in scenarios if s.build.station_transformers or s.build.circuits or s.build.batteries]
    assert len(builders) == len(names) - 1
    assert [s.variant for s in builders if not s.hydrogen.build.new_pipes] == []
