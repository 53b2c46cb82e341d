"""Checks on the page of an asset: right direction, heaviest weather year, words for every code."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from pmiek.publish.report.checks import COLUMNS, by_asset, payload
from pmiek.publish.report.texts import read_texts
from pmiek.results.bottlenecks.weather import WORDS
from pmiek.security.screening.margins import ALONE, CANNOT


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text.replace(" ", "")), sep="|")


BOTTLENECKS = table("""bottleneck_id|asset_id|direction|grid_state|storyline|year|weather_year|exceedance_mw
aa-electricity-take-off|AA|take-off|frozen|s1|2035|2012|10
aa-electricity-take-off|AA|take-off|frozen|s1|2035|2022|30
aa-electricity-feed-in|AA|feed-in|frozen|s1|2035|2022|5""")
LOADING = table("""asset_id|asset_class|station|direction|grid_state|storyline|year|loading_pct
AA|station_transformer|Aa|take-off|frozen|s1|2035|120""")
MARGINS = table("""bottleneck_id|grid_state|storyline|year|weather_year|sector|gm_code|share|verdict
aa-electricity-take-off|frozen|s1|2035|2012|homes|GM1|0.5|alone
aa-electricity-take-off|frozen|s1|2035|2022|homes|GM1|0.4|alone
aa-electricity-feed-in|frozen|s1|2035|2022|solar_field|GM1|0.7|alone""")
CAPACITY = table("""asset_id|grid_state|change|vanishing_ids|appearing_ids
AA|frozen|1unitmore|aa-electricity-take-off;aa-electricity-feed-in|""").fillna("")


def shown(name: str, frame: pd.DataFrame) -> list[dict[str, object]]:
    found = by_asset({name: frame}, LOADING, BOTTLENECKS)
    block = payload(found, "AA")[name]
    return [dict(zip([*block["choice"], *block["columns"]], row, strict=True)) for row in block["rows"]]


def test_what_must_change_is_told_per_direction_for_the_heaviest_weather_year():
    rows = shown("bottleneck_margin", MARGINS)
    assert [(row["direction"], row["sector"], row["share"]) for row in rows] == [
        ("feed-in", "solar_field", 0.7),
        ("take-off", "homes", 0.4),  # 2022 is the heavier year
    ]


def test_bottlenecks_of_the_asset_itself_are_told_by_direction():
    rows = shown("capacity_sensitivity", CAPACITY)
    assert [(row["vanishing_ids"], row["appearing_ids"]) for row in rows] == [("take-off;feed-in", "")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_of_the_checks_has_a_label(language):
    labels = read_texts(language)
    words = [*WORDS, ALONE, CANNOT, "1 unit more", "1 unit fewer", "high rating", "low rating"]
    assert [w for w in words if f"label.check_value.{w.replace(' ', '_')}" not in labels] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_the_other_carriers_bring_to_the_flows_has_a_word(language):
    labels = read_texts(language)
    items = [
        "electric",
        "hybrid",
        "boiler",
        "homes",
        "services",
        "residual_heat",
        "geothermal",
        "tank",
        "pit",
    ]
    assert [item for item in items if f"label.flow_item.{item}" not in labels] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_column_of_the_checks_has_a_label(language):
    labels = read_texts(language)
    columns = {column for shown in COLUMNS.values() for column in shown.split()}
    assert sorted(c for c in columns if f"label.check_column.{c}" not in labels) == []


def test_measures_of_a_station_stand_with_its_transformers():
    measures = table("""station_id|measure|grid_state|storyline|year|energy_mwh
STA|smart_charging|frozen|s1|2035|12
STB|smart_charging|frozen|s1|2035|99""")
    found = by_asset({"flexibility_measures": measures}, LOADING, BOTTLENECKS, {"Aa": "STA", "Bee": "STB"})
    assert payload(found, "AA")["flexibility_measures"]["rows"] == [
        ["frozen", "s1", 2035, "smart_charging", 12.0]
    ]
