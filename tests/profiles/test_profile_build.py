from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_up_place import COLD, MILD, NORMAL, FakeTables
from pmiek.errors import InputError
from pmiek.timeseries import build_profiles, profile_check, raw_profiles, reference_sums, weather_frame
from pmiek.timeseries.settings import read_settings
from pmiek.timeseries.typical import lay_typical_days


def test_every_profile_sums_to_one_when_the_storylines_energy_is_kept(tables, scenario):
    profiles = build_profiles(tables, scenario("storyline"), COLD)
    assert len(profiles) == 8760
    assert profiles.sum().to_numpy() == pytest.approx(np.ones(profiles.shape[1]), abs=1e-9)
    assert not profiles.isna().to_numpy().any()
    assert (profiles >= 0).to_numpy().all()


def test_weather_factors_average_to_one_over_the_reference_years(tables, scenario):
    chosen = scenario()
    reference = reference_sums(tables, chosen)
    sums = pd.DataFrame({y: build_profiles(tables, chosen, y, reference).sum() for y in (COLD, MILD, NORMAL)})
    assert sums.mean(axis=1).to_numpy() == pytest.approx(np.ones(len(sums)), abs=1e-9)
    assert sums.loc["flat"].tolist() == pytest.approx([1, 1, 1])


def test_a_cold_year_needs_more_heat_and_a_higher_peak(tables, scenario):
    chosen = scenario()
    reference = reference_sums(tables, chosen)
    cold, mild = (build_profiles(tables, chosen, year, reference) for year in (COLD, MILD))
    for name in ("heat_homes", "heat_pump_electric_homes", "gas_heat_services", "district_heat"):
        assert cold[name].sum() > 1.1 * mild[name].sum(), name
        assert cold[name].max() > mild[name].max(), name
    assert cold["households_appliances"].sum() == pytest.approx(mild["households_appliances"].sum())


def test_a_missing_reference_is_made(tables, scenario):
    chosen = scenario()
    by_hand = build_profiles(tables, chosen, NORMAL, reference_sums(tables, chosen))
    pd.testing.assert_frame_equal(build_profiles(tables, chosen, NORMAL), by_hand)


def test_solar_keeps_its_limits_and_is_dark_at_night(tables, scenario):
    raw = raw_profiles(tables.root, "testplace", NORMAL, read_settings(tables, scenario()))
    assert raw["solar_roof"].max() <= 0.68
    assert raw["solar_field_existing"].max() <= 0.85
    assert raw["solar_field_new"].max() == pytest.approx(0.5)
    assert raw.loc[[0, 1, 2, 23], ["solar_roof", "solar_field_gross"]].to_numpy().max() == 0.0


def test_solar_time_is_the_middle_of_the_hour(tables, scenario):
    raw = raw_profiles(tables.root, "testplace", NORMAL, read_settings(tables, scenario()))
    june = raw["solar_field_gross"].to_numpy()[172 * 24 : 173 * 24]
    centre = float((june * (np.arange(24) + 0.5)).sum() / june.sum())
    # the made-up sun peaks at 11:30 UTC, as the sun at 6.6 degrees east does
    assert centre == pytest.approx(11.5, abs=0.6)


def test_wind_stays_between_zero_and_its_nameplate_and_new_turbines_run_more_hours(tables, scenario):
    raw = raw_profiles(tables.root, "testplace", NORMAL, read_settings(tables, scenario()))
    wind = raw[["wind_onshore", "wind_onshore_existing", "wind_offshore"]]
    assert wind.to_numpy().min() >= 0
    assert wind.to_numpy().max() <= 1
    assert raw["wind_onshore"].sum() > raw["wind_onshore_existing"].sum()


def test_heat_network_base_and_peak_add_to_the_whole(tables, scenario):
    raw = raw_profiles(tables.root, "testplace", COLD, read_settings(tables, scenario()))
    both = raw["district_heat_base"] + raw["district_heat_peak"]
    assert both.to_numpy() == pytest.approx(raw["district_heat"].to_numpy())


def test_weather_frame_has_performance_that_falls_with_cold(tables, scenario):
    frame = weather_frame(tables, scenario(), COLD)
    coldest, warmest = frame["temperature_c"].idxmin(), frame["temperature_c"].idxmax()
    assert frame.loc[coldest, "cop_air"] < frame.loc[warmest, "cop_air"]
    assert frame["cop_air"].between(1.4, 5.5).all()
    assert set(frame["season"]) == {"summer", "winter"}


def test_chp_of_greenhouses_runs_on_winter_working_days_only(tables, scenario):
    profiles = build_profiles(tables, scenario(), NORMAL)
    frame = weather_frame(tables, scenario(), NORMAL)
    running = frame[profiles["chp_agriculture"] > 0]
    assert set(running["month"]) == {10, 11, 12, 1, 2, 3, 4}
    assert set(running["day_type"]) == {"weekday"}
    assert running["hour_local"].between(6, 21).all()


def test_typical_days_with_a_gap_are_refused(tables):
    typical = tables["profiles/typical_days"]
    frame = typical[~((typical["month"] == 7) & (typical["hour_local"] == 3))]
    calendar = pd.DataFrame({"month": [7], "day_type": ["weekday"], "hour_local": [3]})
    with pytest.raises(InputError, match="1 hours of the year find no value"):
        lay_typical_days(frame, calendar)


def test_profile_check_compares_the_sum_over_study_municipalities():
    frames = {
        "regions/municipalities": pd.DataFrame(
            {"gm_code": ["a", "b", "n"], "role": ["study", "study", "neighbour"]}
        ),
        "demand/municipal": pd.DataFrame(
            [
                ("k", 2030, g, "electricity", "households", v, p)
                for g, v, p in [("a", 10, 4), ("b", 30, 6), ("n", 9, 9)]
            ],
            columns=["storyline", "year", "gm_code", "carrier", "sector", "volume_mwh", "peak_mw"],
        ),
        "profiles/sectors": pd.DataFrame(
            {"carrier": ["electricity"], "kind": ["demand"], "sector": ["households"], "profile": ["x"]}
        ),
    }
    check = profile_check(FakeTables(None, frames), {2012: pd.DataFrame({"x": [0.1, 0.3]})})
    columns = ["sector", "volume_mwh", "published_mw", "modelled_peak_mw", "deviation_pct"]
    assert check[columns].to_numpy().tolist() == [
        ["households", 40, 10, pytest.approx(12.0), pytest.approx(20.0)]
    ]


def test_reference_years_are_reckoned_once_per_setting(tables, scenario, monkeypatch):
    asked = []

    def counted(*arguments):
        asked.append(arguments[2])
        return raw_profiles(*arguments)

    monkeypatch.setattr("pmiek.timeseries.build.raw_profiles", counted)
    monkeypatch.setattr("pmiek.timeseries.build._REFERENCE_SUMS", {})
    first = reference_sums(tables, scenario())
    first.loc[0, "mean_raw_sum"] = -1.0  # what a caller does to its copy stays there
    again = reference_sums(tables, scenario())
    assert again.loc[0, "mean_raw_sum"] > 0
    assert len(asked) == len(set(asked))
    steeper = scenario()
    steeper.profiles.wind_shear_exponent = 0.3
    assert not reference_sums(tables, steeper).equals(again)
    assert len(asked) == 2 * len(set(asked))
