"""The core that every future builds, and the options that some build."""

from __future__ import annotations

import pandas as pd
import pytest
from pmiek.decide.robust import core
from pmiek.results.registry import conform


@pytest.fixture
def tables():
    costs = pd.DataFrame(
        [
            ("station_transformer", "add_transformer", "lead_time_years", 2.5),
            ("circuit", "cable_110kv", "lead_time_years", 10.0),
        ],
        columns=["asset_class", "option", "parameter", "value"],
    )
    return {"costs/infrastructure": costs}


def capacity(*rows: tuple[str, str, str, str, int, float]) -> pd.DataFrame:
    columns = ["storyline", "variant", "asset_id", "asset_class", "year", "built_mw"]
    return pd.DataFrame(rows, columns=columns).assign(carrier="electricity", cluster="A")


LOADING = pd.DataFrame(
    [
        ("T", "Station T", "take-off", 2012, 80.0, 5.0),
        ("T", "Station T", "take-off", 2022, 80.0, 0.0),
        ("C", "Kabel C", "feed-in", 2012, 240.0, 10.0),
        ("C", "Kabel C", "feed-in", 2022, 240.0, 30.0),
    ],
    columns=["asset_id", "asset_name", "direction", "weather_year", "limit_mw", "exceedance_mw"],
).assign(grid_state="nulalternatief")
CANDIDATES = pd.DataFrame(
    {"project_id": ["p1", "p2"], "asset_ids": ["C;X", "C"], "rank": [2, 1], "lead_time_years": [None, 7.0]}
)
T, C = "station_transformer", "circuit"


def judged(tables, *rows) -> pd.DataFrame:
    table = core(capacity(*rows), LOADING, CANDIDATES, tables, "nulalternatief")
    return conform("core", table).set_index("asset_id")


def test_core_is_what_every_storyline_builds_in_each_variant_that_builds_its_kind(tables):
    table = judged(
        tables,
        ("s1", "grid", "T", T, 2035, 90.0),
        ("s1", "grid", "T", T, 2050, 180.0),
        ("s2", "grid", "T", T, 2035, 0.0),
        ("s2", "grid", "T", T, 2050, 90.0),
        ("s1", "smart", "T", T, 2035, 90.0),
        ("s2", "smart", "T", T, 2035, 90.0),
        ("s1", "grid", "C", C, 2040, 250.0),
        ("s2", "grid", "C", C, 2040, 0.0),
        ("s1", "smart", "C", C, 2040, 0.0),
        ("s2", "smart", "C", C, 2040, 0.0),
        ("s1", "grid", "N", T, 2035, 0.0),
        ("s2", "nulalternatief", "N", T, 2035, 90.0),
    )
    assert table["class"].to_dict() == {"T": "core", "C": "option", "N": "never"}
    station = table.loc["T"]
    assert (station["year_first"], station["year_last"]) == (2035, 2050)
    assert (station["size_low_mw"], station["size_high_mw"]) == (90.0, 180.0)
    assert (station["runs_built"], station["runs_total"], station["weather_years"]) == (4, 4, 1)
    assert station["decide_by_year"] == 2032  # 2035 less two and a half years, in whole years
    circuit = table.loc["C"]
    assert circuit["project_id"] == "p2"  # the first by rank
    assert circuit["decide_by_year"] == 2033  # lead time of its project
    assert circuit["runs_total"] == 2  # the other variant builds no circuits at all
    assert circuit["sign_nl"] == "de invoeding op Kabel C nadert 240 MW; gebouwd in s1"
    assert table.loc["N", ["year_first", "decide_by_year"]].isna().all()


def test_one_storyline_is_no_ground_for_a_core(tables):
    table = judged(tables, ("s1", "grid", "T", T, 2035, 90.0))
    assert table.loc["T", "class"] == "option"
    assert table.loc["T", "sign_nl"] == "maar een verhaallijn gerekend"


def test_a_batch_without_plans_has_an_empty_table(tables):
    assert judged(tables, ("s1", "nulalternatief", "T", T, 2035, 0.0)).empty
