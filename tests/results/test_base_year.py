"""The base year beside what is published, on tables small enough to judge by eye."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from pmiek.results.base_year import (
    ABOVE,
    ABOVE_CAPACITY,
    ABOVE_NEED,
    BELOW,
    CONGESTION,
    NOT_CALCULATED,
    NOT_PUBLISHED,
    PASSED,
    Published,
    area_verdict,
    base_year_table,
)

DAY = "2026-07-30"
NEEDS = {"A": 100.0, "B": 60.0, "C": 40.0}


def areas(needs: dict[str, float], *, day: str = DAY, capacity: float = 150.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feeding_area_id": list(needs),
            "name": [f"Area {name}" for name in needs],
            "direction": "feed-in",
            "snapshot_date": day,
            "existing_capacity_mw": capacity,
            "needed_capacity_mw": list(needs.values()),
            "transmission_area": "North",
            "source": "map",
            "quality": "published",
        }
    )


def small(**changed: pd.DataFrame) -> dict[str, pd.DataFrame]:
    names = list(NEEDS)
    tables = {
        "grid/feeding_areas": areas(NEEDS),
        "grid/area_stations": pd.DataFrame(
            {"feeding_area_id": names, "station_id": names, "study_postcodes": 500.0}
        ),
        "grid/transmission_areas": pd.DataFrame(
            {
                "transmission_area": ["North"],
                "direction": ["feed-in"],
                "snapshot_date": [DAY],
                "year": [2026],
                "existing_capacity_mw": [500.0],
                "needed_capacity_mw": [200.0],
            }
        ),
        "grid/transformers": pd.DataFrame(
            {"group_id": [f"{n}-mv" for n in names], "station_id": names, "kind": "station"}
        ),
        "regions/municipalities": pd.DataFrame({"gm_code": ["GM0001"], "name": ["Eerste"]}),
        "validation/day_ahead_years": pd.DataFrame(
            {
                "year": [2025],
                "mean_eur_per_mwh": [80.0],
                "p95_eur_per_mwh": [150.0],
                "hours_below_zero": [500],
                "hours_at_or_below_1_eur": [700],
                "source": "exchange",
                "quality": "derived",
            }
        ),
        "editions": pd.DataFrame({"number": [1, 2]}),
    }
    return tables | changed


def peaks(mw: dict[str, float], pct: float = 50.0, year: int = 2025, weather_year: int = 2012) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "asset_id": [f"{name}-mv" for name in mw],
            "asset_class": "station_transformer",
            "grid_state": "frozen",
            "storyline": "one",
            "year": year,
            "weather_year": weather_year,
            "direction": "feed-in",
            "contingency": "N-0",
            "peak_mw": list(mw.values()),
            "loading_pct": pct,
        }
    )


def excused(line: str, direction: str, expires: int) -> pd.DataFrame:
    columns = ["asset_id", "direction", "cause", "evidence", "owner", "request", "expires_edition"]
    return pd.DataFrame([(line, direction, "a park too many", "a map", "operator", "register", expires)], columns=columns)


def lines(tables: dict[str, pd.DataFrame], loading: pd.DataFrame, **checks: pd.DataFrame) -> pd.DataFrame:
    found: pd.DataFrame = base_year_table(tables, loading, checks, 2025).set_index("line_id")
    return found


@pytest.mark.parametrize(
    ("need", "low", "high", "share", "congested", "peak", "of", "pct", "expected"),
    [
        (100, 100, 100, math.nan, False, math.nan, math.nan, 0, (NOT_CALCULATED, "")),
        (100, 90, 110, 0.5, False, 111, 0.5, 50, (ABOVE_NEED, "need")),
        (100, 100, 100, 0.5, True, 90, 0.5, 120, (CONGESTION, "capacity")),
        (100, 100, 100, 0.5, False, 90, 0.5, 120, (ABOVE_CAPACITY, "capacity")),
        (math.nan, math.nan, math.nan, math.nan, False, 90, math.nan, 120, (ABOVE_CAPACITY, "capacity")),
        (math.nan, math.nan, math.nan, math.nan, False, 90, math.nan, 90, (NOT_PUBLISHED, "")),
        (100, 70, 100, 0.9, False, 75, 0.1, 50, (PASSED, "days")),
        (100, 100, 100, 0.50, False, 60, 0.57, 50, (PASSED, "share")),
        (100, 100, 100, 0.50, False, 60, 0.60, 50, (ABOVE, "share")),
        (100, 100, 100, 0.50, False, 60, 0.40, 50, (BELOW, "share")),
        (100, 100, 100, math.nan, False, 86, math.nan, 50, (PASSED, "need")),
        (100, 100, 100, math.nan, False, 80, math.nan, 50, (BELOW, "need")),
    ],
)
def test_verdict_of_an_area(  # one argument per column of the table above
    need: float, low: float, high: float, share: float, congested: bool, peak: float, of: float, pct: float,
    expected: tuple[str, str],
) -> None:  # fmt: skip
    assert area_verdict(Published(need, low, high, share, congested), peak, of, pct) == expected


def test_a_station_is_judged_on_its_share_and_the_need_caps_it() -> None:
    found = lines(small(), peaks({"A": 50.0, "B": 30.0, "C": 20.0}))
    assert found.loc["A", ["verdict", "basis"]].tolist() == [PASSED, "share"]
    assert found.loc[["A", "B", "C"], "model_share"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert found.loc["needs_passed", ["model", "verdict"]].tolist() == [100.0, "passed"]
    over = lines(small(), peaks({"A": 50.0, "B": 30.0, "C": 41.0}))
    assert over.loc["C", "verdict"] == ABOVE_NEED
    assert over.loc["above_published", ["model", "verdict"]].tolist() == [1.0, "failed"]
    assert over.loc["needs_passed", "verdict"] == "failed"


def test_two_areas_make_no_share_and_an_area_of_elsewhere_is_apart() -> None:
    joins = small()["grid/area_stations"].assign(study_postcodes=[500.0, 500.0, 29.0])
    found = lines(small(**{"grid/area_stations": joins}), peaks({"A": 50.0, "B": 30.0, "C": 20.0}))
    assert found.loc[["A", "B", "C"], "published_share"].isna().all()
    assert found.loc[["A", "C"], "kind"].tolist() == ["feeding area", "feeding area apart"]
    assert "needs_passed" not in found.index  # nothing to judge is not the same as nothing passed


def test_a_share_takes_needs_of_one_day_only_and_the_days_are_the_range() -> None:
    known = pd.concat([areas({"A": 40.0}, day="2026-07-09"), areas({"A": 100.0, "B": 60.0})])
    known = pd.concat([known, areas({"C": 40.0}, day="2026-07-09")], ignore_index=True)
    found = lines(small(**{"grid/feeding_areas": known}), peaks({"A": 50.0, "B": 30.0, "C": 20.0}))
    assert found.loc["A", ["published", "published_low", "verdict", "basis"]].tolist() == [100, 40, PASSED, "days"]
    assert found["published_share"].isna().all()
    assert found.loc["C", "stated_on"] == "2026-07-09"


def test_heaviest_weather_year_counts_and_stations_of_one_area_are_added() -> None:
    tables = small()
    tables["grid/area_stations"] = pd.DataFrame(
        {"feeding_area_id": ["A", "A", "B"], "station_id": ["A", "C", "B"], "study_postcodes": [500.0, None, 500.0]}
    )
    tables["grid/feeding_areas"] = areas({"A": 100.0, "B": 60.0})
    loading = pd.concat([peaks({"A": 50.0, "B": 30.0, "C": 20.0}), peaks({"A": 10.0, "B": 35.0, "C": 80.0}, weather_year=1997)])
    found = lines(tables, loading)
    assert found.loc["A", ["model", "weather_year", "asset_ids"]].tolist() == [90.0, 1997, "A-mv;C-mv"]
    assert found.loc["B", "model"] == 35.0


def test_published_congestion_of_the_area_above_counts_where_a_need_is_blank() -> None:
    full = small()["grid/transmission_areas"].assign(needed_capacity_mw=778.0)
    tables = small(**{"grid/feeding_areas": areas(dict.fromkeys(NEEDS, math.nan))})
    assert lines(tables, peaks({"A": 160.0}, pct=107.0)).loc["A", "verdict"] == ABOVE_CAPACITY
    tables["grid/transmission_areas"] = full
    found = lines(tables, peaks({"A": 160.0}, pct=107.0))
    assert found.loc["A", "verdict"] == CONGESTION
    assert found.loc["B", "verdict"] == NOT_CALCULATED


def test_an_exception_stays_visible_until_its_edition_and_too_many_fail_the_table() -> None:
    loading = peaks({"A": 50.0, "B": 30.0, "C": 41.0})
    name = "validation/base_year_exceptions"
    found = lines(small(**{name: excused("C", "feed-in", 3)}), loading)
    assert found.loc["C", ["verdict", "without_exception", "owner"]].tolist() == ["exception", ABOVE_NEED, "operator"]
    assert found.loc["exceptions", "model"] == pytest.approx(100 / 3)  # one of three lines
    assert found.loc["exceptions", "verdict"] == "failed"
    expired = lines(small(**{name: excused("C", "feed-in", 2)}), loading)  # edition 2 is in force
    assert expired.loc["C", "verdict"] == ABOVE_NEED
    assert expired.loc["exceptions", ["model", "verdict"]].tolist() == [0.0, "passed"]
    other = lines(small(**{name: excused("C", "take-off", 3)}), loading)
    assert other.loc["C", "verdict"] == ABOVE_NEED


def test_prices_and_energy_are_compared_and_what_the_model_has_not_is_not_judged() -> None:
    market = pd.DataFrame(
        {
            "year": [2025, 2025, 2035],
            "price_mean_eur_per_mwh": [70.0, 90.0, 10.0],
            "price_p95_eur_per_mwh": [100.0, 120.0, 10.0],
            "hours_low_price": [600, 800, 0],
        }
    )
    heat = pd.DataFrame(
        {
            "gm_code": "GM0001",
            "quantity": ["gas_homes", "network_heat_homes"],
            "published_year": 2023,
            "published_mwh": [100.0, 0.0],
            "model_mwh": [116.0, 5.0],
            "quality": "derived",
        }
    )
    energy = pd.DataFrame(
        {
            "storyline": ["one", "two"],
            "year": 2025,
            "gm_code": "GM0001",
            "carrier": "electricity",
            "kind": "demand",
            "input_mwh": 1000.0,
            "parks_mwh": 0.0,
            "model_mwh": [1000.0, 990.0],
            "difference_pct": [0.0, -1.0],
        }
    )
    found = lines(small(), peaks({"A": 50.0}), market_years=market, heat_check=heat, energy_check=energy)
    verdicts = found["verdict"]
    assert verdicts["price_mean"] == PASSED
    assert found.loc["price_spread", ["published", "model", "verdict"]].tolist() == [70.0, 30.0, BELOW]
    assert verdicts["hours_at_or_below_1_eur"] == PASSED
    assert found.loc["hours_below_zero", "published"] == 500
    assert verdicts["hours_below_zero"] == NOT_CALCULATED
    assert verdicts[["GM0001 gas_homes", "GM0001 network_heat_homes"]].tolist() == [ABOVE, ABOVE]
    assert found.loc["GM0001 gas_homes", "name"] == "Eerste"
    assert verdicts["GM0001 electricity demand"] == BELOW  # of the storyline that differs most


def test_a_batch_without_base_year_rows_makes_no_table() -> None:
    assert base_year_table(small(), peaks({"A": 50.0}, year=2035), {}, 2025).empty
