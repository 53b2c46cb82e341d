"""How much weather and unknown capacities matter: known answers."""

from __future__ import annotations

import pandas as pd
import pytest
import tiny_grid as tiny
from pmiek.results.bottlenecks import (
    capacity_sensitivity,
    capacity_shift,
    market_distribution,
    weather_certainty,
    weather_distribution,
    with_projects,
)

KEY = {"asset_id": "A-mv", "direction": "take-off", "grid_state": "frozen", "storyline": "s", "year": 2035}


def weather_rows(loadings: dict[int, float]) -> pd.DataFrame:
    rows = [
        {**KEY, "weather_year": year, "contingency": "N-1", "limit_mw": 100.0, "peak_mw": pct,
         "loading_pct": pct, "exceedance_mw": max(pct - 100, 0),
         "hours": int(pct > 100), "energy_mwh": max(pct - 100, 0)}
        for year, pct in loadings.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_eleven_weather_years():
    # 90, 92, ..., 110: the median is the sixth, one in ten is the tenth, the worst the eleventh
    row = weather_distribution(weather_rows({1990 + i: 90.0 + 2 * i for i in range(11)})).iloc[0]
    assert row[["peak_mw_median", "peak_mw_1in10", "peak_mw_worst"]].tolist() == pytest.approx(
        [100, 108, 110]
    )
    assert row["weather_years"] == 11
    assert row["years_with_exceedance"] == 5
    assert row["exceedance_years"] == "1996;1997;1998;1999;2000"
    assert row["worst_weather_year"] == 2000
    assert row["occurrence"] == "some years"
    assert row["exceedance_mw_median"] == 0


@pytest.mark.parametrize(
    ("above", "word"),
    [(0, "never"), (1, "rare"), (2, "some years"), (10, "most years"), (20, "every year")],
)
def test_words_for_twenty_years(above, word):
    rows = weather_rows({2000 + i: 120.0 if i < above else 80.0 for i in range(20)})
    assert weather_distribution(rows).iloc[0]["occurrence"] == word


def test_certainty_takes_the_run_with_most_years_and_pools_nothing():
    low, high = weather_rows({2000: 80, 2001: 120}), weather_rows({2000: 120, 2001: 120})
    table = weather_certainty(weather_distribution(pd.concat([low, high.assign(storyline="t")])))
    assert table[["n_weather_years", "of_weather_years"]].to_numpy().tolist() == [[2, 2]]


def test_each_market_has_its_own_distribution():
    gross, net = weather_rows({2000: 120, 2001: 120}), weather_rows({2000: 120, 2001: 80})
    rows = pd.concat([gross.assign(market="price-following"), net.assign(market="curtailed")])
    table = market_distribution(rows).set_index("market")
    assert table["years_with_exceedance"].to_dict() == {"curtailed": 1, "price-following": 2}
    assert market_distribution(rows[:0]).empty


LOADING = """
asset_id asset_class         direction contingency loading_pct
A-mv     station_transformer take-off  N-1         120
A-mv     station_transformer feed-in   N-1         90
B-mv     station_transformer take-off  N-1         105
KA       circuit             take-off  N-1         99
"""
FACTORS = """
asset_id contingency factor_low factor_high grid_state year
A-mv     N-1         0.5        2.0         frozen     2035
B-mv     N-1         1.0        1.0         frozen     2035
KA       N-1         0.9        1.1         frozen     2035
"""


def loading() -> pd.DataFrame:
    return tiny.table(LOADING).assign(
        asset_name="x", station="y", operator="z", grid_state="frozen", storyline="s", variant="v", year=2035,
        weather_year=2012, is_information=False,
    )  # fmt: skip


def test_all_capacities_together():
    table = capacity_shift(loading(), tiny.table(FACTORS)).set_index("shift")
    assert table["bottlenecks"].to_dict() == {"low": 4, "mid": 2, "high": 1}
    assert (table.loc["low", "appear"], table.loc["low", "vanish"]) == (2, 0)
    assert (table.loc["high", "appear"], table.loc["high", "vanish"]) == (0, 1)
    assert table.loc["high", "bottleneck_ids"] == "b-mv-electricity-take-off"


def test_one_unknown_capacity_and_the_projects_on_it():
    table = capacity_sensitivity(loading(), tiny.table(FACTORS)).set_index(["asset_id", "change"])
    assert set(table.index) == {("A-mv", "1 unit more"), ("A-mv", "1 unit fewer"), ("KA", "low rating")}
    assert table.loc[("A-mv", "1 unit more"), "vanishing_ids"] == "a-mv-electricity-take-off"
    assert table.loc[("A-mv", "1 unit fewer"), "appear"] == 1
    projects = pd.DataFrame(
        {"project_id": ["P1", "P2"], "bottleneck_ids": ["a-mv-electricity-take-off;other", "other"]}
    )
    touched = with_projects(table.reset_index(), projects).set_index(["asset_id", "change"])["projects"]
    assert touched[("A-mv", "1 unit more")] == "P1"
    assert touched[("KA", "low rating")] == ""
