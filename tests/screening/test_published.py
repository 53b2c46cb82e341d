"""Published capacity is the limit: firm MW in both seasons, shared by area, and what projects add comes on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from pmiek.network.published import firm_mw, limit_areas, published_limits
from pmiek.security.screening.net_load import NetLoad
from pmiek.security.screening.settings import Settings
from pmiek.security.screening.stations import season_limits, shared_limit, station_tests

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMITS = pd.DataFrame(
    [
        ("take-off", "N-0", "all", 1.0, "total"),
        ("take-off", "N-1", "winter", 1.1, "total"),
        ("take-off", "N-1", "summer", 1.0, "total"),
        ("feed-in", "N-0", "all", 1.0, "total"),
        ("feed-in", "N-1", "all", 1.0, "after_trip"),
    ],
    columns=["direction", "contingency", "season", "limit_factor", "test"],
).assign(asset_class="station_transformer", voltage_min_kv=100.0, voltage_max_kv=400.0, exemption="")
SETTINGS = Settings(limits=LIMITS, power_factor_take_off=0.9)


def tables(areas: str, joins: str, units: str) -> dict[str, pd.DataFrame]:
    def read(text: str, names: str) -> pd.DataFrame:
        rows = [line.split() for line in text.strip().splitlines()]
        return pd.DataFrame(rows, columns=names.split()).replace({"-": np.nan})

    area = read(areas, "feeding_area_id direction snapshot_date existing_capacity_mw")
    area["existing_capacity_mw"] = area["existing_capacity_mw"].astype(float)
    unit = read(units, "unit_id group_id station_id rated_mva units_low units_high capacity_quality")
    unit[["rated_mva", "units_low", "units_high"]] = unit[["rated_mva", "units_low", "units_high"]].astype(
        float
    )
    return {
        "grid/feeding_areas": area,
        "grid/area_stations": read(joins, "feeding_area_id station_id"),
        "grid/transformers": unit.assign(kind="station", status="existing"),
    }


UNITS = """
a1 A-mv A 45 2 3 derived
a2 A-mv A 45 2 3 derived
b1 B-mv B 40 2 2 assumed
b2 B-mv B 40 2 2 assumed
"""


def test_the_latest_day_is_the_value_and_earlier_ones_are_the_range() -> None:
    table = published_limits(
        tables("X take-off 2026-07-09 208\nX take-off 2026-07-30 36\nX feed-in 2026-07-30 35", "X A", UNITS)
    )
    row = table.set_index("asset_id").loc["A-mv"]
    assert len(table) == 1
    assert row[["take_off_mw", "take_off_low_mw", "take_off_high_mw"]].tolist() == [36, 36, 208]
    assert row[["gross_over_firm", "gross_over_firm_low", "gross_over_firm_high"]].tolist() == [2, 1.5, 2]
    assert row["stated_on"] == "2026-07-30"


def test_a_blank_direction_is_not_published() -> None:
    table = published_limits(tables("X take-off 2026-07-30 36\nX feed-in 2026-07-30 -", "X A", UNITS))
    assert table["feed_in_mw"].isna().all()
    group = {"gross_mva": 90.0, "firm_mva": 45.0, "published_take_off_mw": 36.0, "area_added_mva": 0.0}
    group["area_gross_over_firm"] = 2.0
    found = {row[:3]: row[3].tolist() for row in season_limits(group, SETTINGS, 110.0)}
    assert found["take-off", "N-1", "total"] == [36, 36]
    assert found["feed-in", "N-0", "total"] == [90, 90]  # today's rule stays


def test_a_feed_in_figure_far_above_take_off_is_read_as_gross() -> None:
    every = "X take-off 2026-07-30 40\nX feed-in 2026-07-30 {}"
    for stated, firm in ((48, 48), (80, 40)):
        table = published_limits(tables(every.format(stated), "X A", UNITS))
        assert firm_mw(table, "feed-in").tolist() == [firm]


def test_an_owner_who_states_every_unit_goes_before_the_publication() -> None:
    known = UNITS.replace("derived", "measured")
    assert published_limits(tables("X take-off 2026-07-30 40", "X A", known)).empty


def test_areas_and_stations_that_touch_are_one_limit() -> None:
    joins = pd.DataFrame({"feeding_area_id": ["X", "X", "Y", "Z"], "station_id": ["A", "B", "B", "C"]})
    assert limit_areas(joins).to_dict() == {"A": "X;Y", "B": "X;Y", "C": "Z"}
    both = published_limits(
        tables("X take-off 2026-07-30 100\nY take-off 2026-07-30 20", "X A\nX B\nY B", UNITS)
    )
    assert both["take_off_mw"].tolist() == [120, 120]


GROUP: Mapping[str, float] = {
    "gross_mva": 180.0, "firm_mva": 90.0, "published_take_off_mw": 40.0, "published_feed_in_mw": 38.0,
    "area_added_mva": 0.0, "area_gross_over_firm": 2.0,
}  # fmt: skip


def test_published_capacity_is_never_derated_and_what_comes_on_top_is() -> None:
    found = {row[:3]: row[3].tolist() for row in season_limits(GROUP, SETTINGS, 110.0)}
    assert found == {
        ("take-off", "N-0", "total"): [80, 80],
        ("take-off", "N-1", "total"): [40, 40],
        ("feed-in", "N-0", "total"): [76, 76],
        ("feed-in", "N-1", "after_trip"): [38, 38],
    }
    more = {
        row[:3]: row[3].tolist() for row in season_limits({**GROUP, "area_added_mva": 45.0}, SETTINGS, 110.0)
    }
    assert more["take-off", "N-1", "total"] == pytest.approx([40 + 0.9 * 45] * 2)
    assert more["feed-in", "N-1", "after_trip"] == pytest.approx([38 + 45] * 2)


def test_stations_of_one_area_are_loaded_alike_and_exceed_together_what_the_area_exceeds() -> None:
    groups = pd.DataFrame(
        {
            "asset_id": ["A-mv", "B-mv"],
            "station_id": ["A", "B"],
            "station_share": 1.0,
            "largest_unit": "u",
            "limit_area": "X",
        }
    ).assign(**GROUP)
    demand = np.array([[50.0, 30.0, 90.0], [10.0, 6.0, 0.0]])
    feed = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 20.0]])
    load = NetLoad(("A", "B"), demand, feed, np.zeros_like(feed))
    tests = [
        t
        for t in station_tests(groups, load, SETTINGS, pd.Series(110.0, index=["A-mv", "B-mv"]))
        if (t.direction, t.contingency) == ("take-off", "N-1")
    ]
    over = sum(np.maximum(t.value_mw - t.limit_mw, 0.0) for t in tests)
    assert over == pytest.approx([20, 0, 30])  # 60, 36 and 70 of the area on 40
    loading = np.array([t.value_mw / t.limit_mw for t in tests])[:, :2]
    assert loading[0] == pytest.approx(loading[1])
    assert loading[0] == pytest.approx([60 / 40, 36 / 40])


def test_a_station_alone_in_its_direction_keeps_the_whole_limit() -> None:
    limit = shared_limit(np.array([40.0]), np.array([-5.0]), np.array([[-5.0], [-2.0]]))
    assert limit.tolist() == [40.0]
