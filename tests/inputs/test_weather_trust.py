"""Hourly weather that cannot be right is told in the check; the institute's text files are read as downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pmiek.errors import InputError
from pmiek.inputs.weather import check_weather, read_weather
from pmiek.inputs.weather_checks import Sun, check_weather_file, statistics
from pmiek.inputs.weather_import import import_weather, read_hourly_text

INPUTS = Path(__file__).parents[2] / "inputs"
YEARS = pd.read_csv(INPUTS / "weather" / "years.csv")
FIRST = YEARS.iloc[20]
STATION, YEAR = str(FIRST["station"]), int(FIRST["weather_year"])
ELEMENTS = ["wind_speed_10m_m_per_s", "temperature_c", "ghi_w_per_m2"]
TEMPERATURE, WIND = "temperature_c", "wind_speed_10m_m_per_s"
SUN = Sun.at(52.9, 6.6)
STATED = {
    k: float(FIRST[k])
    for k in ("mean_temperature_c", "coldest_week_c", "ghi_kwh_per_m2", "mean_wind_m_per_s")
}


@pytest.fixture(scope="module")
def hours():
    return read_weather(INPUTS, STATION, YEAR).astype(float)


def test_the_shipped_years_are_what_they_say():
    assert check_weather(INPUTS, YEARS, SUN) == []


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        (lambda f: f.assign(temperature_c=f["temperature_c"] * 10), "temperature_c", "Tenths"),
        (lambda f: f.assign(temperature_c=f["temperature_c"] + 273.15), "temperature_c", "45"),
        (
            lambda f: f.assign(wind_speed_10m_m_per_s=f["wind_speed_10m_m_per_s"] * 10),
            "wind_speed_10m_m_per_s",
            "Tenths",
        ),
        (lambda f: f.assign(ghi_w_per_m2=f["ghi_w_per_m2"] * 0.36), "ghi_kwh_per_m2", "years.csv"),
        (lambda f: f.assign(dni_w_per_m2=f["dni_w_per_m2"] * 0.36), "ghi_w_per_m2", "J per cm2"),
        (
            lambda f: f.assign(temperature_c=f["temperature_c"].mask(f.index < 50, -999)),
            "temperature_c",
            "missing value",
        ),
        (
            lambda f: f.assign(ghi_w_per_m2=f["ghi_w_per_m2"].mask(f["ghi_w_per_m2"] == 0, -1)),
            "ghi_w_per_m2",
            "0.05",
        ),
        (lambda f: pd.DataFrame(np.roll(f, 2, axis=0), f.index, f.columns), "ghi_w_per_m2", "too late"),
        (lambda f: pd.DataFrame(np.roll(f, -1, axis=0), f.index, f.columns), "ghi_w_per_m2", "too early"),
        (lambda f: pd.concat([f[:4368], f[:4392]], ignore_index=True), "temperature_c", "occur twice"),
    ],
)
def test_hours_that_cannot_be_right_are_told(hours, change, column, words):
    found = check_weather_file(change(hours), "x.parquet", SUN, STATED)
    assert any(p.column == column and words in str(p) for p in found), [str(p) for p in found]


def test_a_year_under_another_number_differs_from_its_statistics(hours):
    other = YEARS.iloc[21]
    stated = {name: float(other[name]) for name in STATED}
    assert any("another year" in p.remedy for p in check_weather_file(hours, "x", SUN, stated))


def test_odd_but_possible_weather_is_no_problem(hours):
    calm = hours.assign(
        wind_speed_10m_m_per_s=0.0, temperature_c=hours["temperature_c"].mask(hours.index < 168, -30)
    )
    still = check_weather_file(calm, "x", SUN, statistics(calm))
    assert still == []


HEADER = """# BRON: KONINKLIJK NEDERLANDS METEOROLOGISCH INSTITUUT (KNMI)
# STN         LON(east)   LAT(north)  ALT(m)      NAME
# 280         6.585       53.125      5.20        EELDE
#
# STN,YYYYMMDD,   HH,   DD,   FH,    T,    Q,   RH
"""


def text_of(hours: pd.DataFrame, year: int) -> str:
    index = pd.date_range(f"{year}-01-01", periods=len(hours), freq="h")
    lines = [
        f"  280,{t:%Y%m%d},{t.hour + 1:5d},  200,{round(w * 10):5d},{round(c * 10):5d},{round(g / 2.7778):5d},   -1"
        for t, w, c, g in zip(
            index, hours["wind_speed_10m_m_per_s"], hours["temperature_c"], hours["ghi_w_per_m2"], strict=True
        )
    ]
    return HEADER + "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "weather").mkdir()
    YEARS.iloc[:0].to_csv(tmp_path / "weather" / "years.csv", index=False)
    return tmp_path


def test_a_downloaded_file_becomes_a_year_with_split_radiation(hours, project):
    text = text_of(hours, 2023).split("\n")
    parts = text[104].split(",")
    text[104] = ",".join([*parts[:5], "     ", *parts[6:]])  # a blank temperature
    path = project / "uurgeg_280.txt"
    path.write_bytes("\r\n".join(text).encode("cp1252"))
    told = import_weather(path, project, "", "knmi", None, None)
    assert "2023 (1 hours filled)" in told
    got = read_weather(project, "eelde", 2023)
    assert np.allclose(got["temperature_c"], hours["temperature_c"], atol=0.3)
    assert np.allclose(got["ghi_w_per_m2"], hours["ghi_w_per_m2"], atol=1.5)
    split = got["dni_w_per_m2"] * np.clip(SUN.sine, 0, None) + got["dhi_w_per_m2"]
    assert abs(split.sum() / got["ghi_w_per_m2"].sum() - 1) < 0.05
    years = pd.read_csv(project / "weather" / "years.csv")
    assert years.loc[0, ["station", "weather_year", "quality"]].tolist() == ["eelde", 2023, "derived"]
    assert check_weather(project, years, SUN) == []
    with pytest.raises(InputError, match="not there yet"):
        import_weather(path, project, "", "knmi", None, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("# STN,YYYYMMDD", "# station,day"), "a line with STN"),
        (lambda t: t.replace("    Q,", "   SQ,", 1), "element Q"),
        (lambda t: t.replace("20230105,    7,", "20230105,   27,"), "an hour from 1 to 24"),
        (lambda t: "\n".join(t.split("\n")[:3000]), "none complete"),
        (lambda t: t.replace(",  200,", ",", 1), "fields"),
        (lambda _: "", "an empty file"),
    ],
)
def test_a_wrong_download_is_refused_and_nothing_is_written(hours, project, change, words):
    path = project / "uurgeg_280.txt"
    path.write_text(change(text_of(hours, 2023)))
    with pytest.raises(InputError, match=words):
        import_weather(path, project, "", "knmi", None, None)
    assert not (project / "weather" / "eelde").exists()


def test_the_place_is_asked_when_the_file_does_not_give_it(hours, project):
    path = project / "x.txt"
    path.write_text(text_of(hours, 2023).replace("# 280  ", "# none "))
    assert read_hourly_text(path)[1] == {}
    with pytest.raises(InputError, match="--lat"):
        import_weather(path, project, "", "knmi", None, None)
