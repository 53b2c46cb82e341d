"""The joint output of parks at two measured stations."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from made_up_place import MILD, write_weather
from pmiek.timeseries.spatial import COLUMNS, spatial_spread


def test_a_second_station_with_the_same_weather_changes_nothing(tables, scenario):
    table = spatial_spread(tables, scenario(), "testplace", [MILD])
    assert list(table.columns) == COLUMNS
    assert table["peak_change_pct"].abs().max() == pytest.approx(0.0)
    assert table["correlation"].min() == pytest.approx(1.0)


def test_the_mean_of_two_stations_peaks_no_higher_than_the_higher_of_them(tables, scenario):
    write_weather(tables.root, MILD, 12.0, station="elsewhere", seed=9)
    table = spatial_spread(tables, scenario(), "elsewhere")
    back = scenario()
    back.weather = SimpleNamespace(**{**vars(back.weather), "station": "elsewhere"})
    other = spatial_spread(tables, back, "testplace").set_index("profile")
    assert set(table["weather_year"]) == {MILD}  # the only year that both have
    table = table.set_index("profile")
    assert (table["peak_mean"] <= table["peak_one"].combine(other["peak_one"], max) + 1e-9).all()
    assert table["peak_mean"].to_dict() == pytest.approx(other["peak_mean"].to_dict())
