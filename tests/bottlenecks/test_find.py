"""From loading rows to bottlenecks: ids, sensitivity to assumed sizes, status, summary."""

from __future__ import annotations

import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.results.bottlenecks import (
    bottleneck_shares,
    bottleneck_summary,
    capacity_factors,
    capacity_sensitive,
    capacity_status,
    find,
    near_bottlenecks,
)

RUN = {
    "grid_state": "frozen",
    "storyline": "one",
    "variant": "nulalternatief",
    "year": 2030,
    "weather_year": 2010,
}
PLACES = pd.DataFrame({"gm_code": ["GM1"], "name": ["Aadorp"]})
GRID = tiny.grid(
    ["A", "B"],
    "group station kind mva\n" + "A-mv A station 40\n" * 3 + "B-mv B station 40\n" * 2,
    "corridor from to n x mva tower\nAB A B 2 4 100 -",
)
FACTORS = capacity_factors(GRID)


def loading(text: str, **changes) -> pd.DataFrame:
    """Columns: asset direction contingency loading (percent of a limit of 100 MW) hour."""
    rows = tiny.table(text)
    frame = pd.DataFrame(
        {
            "asset_id": rows["asset"],
            "asset_name": rows["asset"],
            "asset_class": "station_transformer",
            "station": "Aadorp",
            "gm_code": "GM1",
            "cluster": "A",
            "operator": "operator",
            "direction": rows["direction"],
            "contingency": rows["contingency"],
            "binding_outage": "",
            "limit_mw": 100.0,
            "peak_mw": rows["loading"].astype(float),
            "loading_pct": rows["loading"].astype(float),
            "exceedance_mw": (rows["loading"] - 100.0).clip(lower=0),
            "hours": 5,
            "energy_mwh": 9.0,
            "peak_hour": rows["hour"],
            "lost_load_mw": 0.0,
            "redundancy": "single-fault",
            "quality": "assumed",
            "is_information": False,
        }
    )
    return frame.assign(**(RUN | changes))


ROWS = """
asset direction contingency loading hour
A-mv  take-off  N-0         80      10
A-mv  take-off  N-1         130     10
A-mv  feed-in   N-0         70      4000
B-mv  feed-in   N-0         101     4001
B-mv  feed-in   N-1         90      4001
"""


def test_one_row_per_asset_and_direction_with_the_worst_contingency():
    found = find(loading(ROWS), FACTORS, PLACES)
    assert found[["bottleneck_id", "contingency", "loading_pct", "municipality"]].to_numpy().tolist() == [
        ["a-mv-electricity-take-off", "N-1", 130.0, "Aadorp"],
        ["b-mv-electricity-feed-in", "N-0", 101.0, "Aadorp"],
    ]
    assert found["season"].tolist() == ["winter, day", "summer, day"]


def test_the_id_does_not_know_the_storyline():
    one, two = (
        find(loading(ROWS, storyline=s, year=y), FACTORS, PLACES) for s, y in (("one", 2030), ("two", 2050))
    )
    assert one["bottleneck_id"].tolist() == two["bottleneck_id"].tolist()


def test_exactly_at_the_limit_is_no_bottleneck():
    at_limit = loading("asset direction contingency loading hour\nA-mv take-off N-1 100 10")
    assert find(at_limit, FACTORS, PLACES).empty
    assert len(find(at_limit, FACTORS, PLACES, threshold_pct=99.0)) == 1


def test_information_is_left_out():
    assert find(loading(ROWS).assign(is_information=True), FACTORS, PLACES).empty


def test_factors_of_transformers_and_circuits():
    table = FACTORS.set_index(["asset_id", "contingency"])
    # 3 x 40: firm 80; with two units 40, with four 120. 2 x 40: firm 40; one unit alone is judged with it in
    assert table.loc[("A-mv", "N-1")].tolist() == pytest.approx([0.5, 1.5])
    assert table.loc[("A-mv", "N-0")].tolist() == pytest.approx([2 / 3, 4 / 3])
    assert table.loc[("B-mv", "N-1")].tolist() == pytest.approx([1.0, 2.0])
    assert table.loc[("AB", "N-1")].tolist() == pytest.approx([0.9, 1.2])


def test_published_capacity_has_no_range():
    grid = tiny.grid(["A"], "group station kind mva\nA-mv A station 40\nA-mv A station 40")
    grid.transformers["capacity_quality"] = "published"
    assert capacity_factors(grid)[["factor_low", "factor_high"]].eq(1.0).all(axis=None)


def test_stated_units_go_before_one_more_or_fewer():
    grid = tiny.grid(["A"], "group station kind mva\nA-mv A station 40\nA-mv A station 40\nA-mv A station 40")
    grid.transformers[["units_low", "units_high"]] = [3.0, 5.0]
    table = capacity_factors(grid).set_index("contingency")
    assert table.loc["N-1", ["factor_low", "factor_high"]].tolist() == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(150.0, "vanishes"), (150.1, "no"), (100.0, "appears"), (50.1, "appears"), (50.0, "no")],
)
def test_one_transformer_more_or_fewer(percent, verdict):
    rows = pd.DataFrame({"asset_id": ["A-mv"], "contingency": ["N-1"], "loading_pct": [percent]})
    assert capacity_sensitive(rows, FACTORS)["capacity_sensitive"].tolist() == [verdict]


def test_near_bottlenecks_appear_with_one_size_less():
    near = near_bottlenecks(loading(ROWS), FACTORS, PLACES)
    assert near["bottleneck_id"].tolist() == ["a-mv-electricity-feed-in"]
    assert near["loading_low_pct"].tolist() == pytest.approx([105.0])


def test_factors_may_differ_per_year():
    rows = pd.concat([loading(ROWS, year=2030), loading(ROWS, year=2040)])
    later = FACTORS.assign(factor_high=1.0)
    factors = pd.concat(
        [FACTORS.assign(grid_state="frozen", year=2030), later.assign(grid_state="frozen", year=2040)]
    )
    found = find(rows, factors, PLACES).set_index(["year", "asset_id"])["capacity_sensitive"]
    assert found[2030, "A-mv"] == "vanishes"
    assert found[2040, "A-mv"] == "no"


def test_season_from_the_heatmap():
    heat = pd.DataFrame(
        {
            "asset_id": "A-mv",
            "direction": "take-off",
            "month": [1, 6, 7],
            "hour_local": [18, 18, 3],
            "max_loading_pct": [130.0, 110.0, 90.0],
        }
    ).assign(**RUN)
    found = find(loading(ROWS), FACTORS, PLACES, heatmap=heat)
    assert found["season"].iloc[0] == "all year, day"


@pytest.mark.parametrize(
    ("percent", "hours", "status"),
    [
        (84.9, 0, "beschikbaar"),
        (85.0, 0, "beperkt beschikbaar"),
        (100.0, 0, "beperkt beschikbaar"),
        (105.0, 20, "in onderzoek"),
        (105.0, 501, "tekort"),
        (110.0, 1, "tekort"),
    ],
)
def test_status_words(percent, hours, status):
    row = loading("asset direction contingency loading hour\nA-mv take-off N-1 1 1").assign(
        loading_pct=percent, hours=hours
    )
    assert capacity_status(row)["status"].tolist() == [status]


def test_summary_over_futures():
    rows = pd.concat([loading(ROWS, storyline="one", year=2035), loading(ROWS, storyline="two", year=2030)])
    found = find(rows, FACTORS, PLACES)
    shares = pd.DataFrame(
        {
            "asset_id": "A-mv",
            "direction": "take-off",
            "sector": ["homes", "cars"],
            "gm_code": "GM1",
            "share": [0.75, 0.25],
        }
    ).merge(rows[list(RUN)].drop_duplicates(), how="cross")
    attributed = bottleneck_shares(found, shares)
    assert attributed.groupby(["bottleneck_id", "storyline"])["share"].sum().eq(1.0).all()
    runs = pd.DataFrame({"storyline": ["one", "two", "three"], "year": 2030, "weather_year": [1, 1, 2]})
    row = (
        bottleneck_summary(found, attributed, runs)
        .set_index("bottleneck_id")
        .loc["a-mv-electricity-take-off"]
    )
    assert (row["first_year"], row["storylines"], row["of_storylines"], row["of_weather_years"]) == (
        2030,
        "one;two",
        3,
        2,
    )
    assert (row["max_loading_pct"], row["max_exceedance_mw"]) == (130.0, 30.0)
    assert (row["top_sector"], row["sector_shares"]) == ("homes", "homes=0.75;cars=0.25")
    assert bool(row["always_capacity_sensitive"])
