"""Reading the hourly text files of the Dutch weather institute as they are downloaded.

The file has comment lines, a line with the names of the columns, and then a row per hour: station, day, hour
from 1 to 24 that ends at that moment in UT, and elements in tenths. Global radiation is in J per cm2 over the
hour; it is split into direct and diffuse with the model of Erbs (Erbs, Klein and Duffie 1982) in pvlib.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.files import write_csv, write_parquet
from pmiek.ids import slug
from pmiek.inputs.guards import LARGEST_FILE, decode_text
from pmiek.inputs.registry import TABLES
from pmiek.inputs.themes.weather import HOURS_PER_YEAR, WEATHER_COLUMNS
from pmiek.inputs.weather_checks import Sun, check_weather_file, statistics

SPLIT_MODEL = "erbs"
#: Columns of the institute: station, day, hour, mean wind over the hour, temperature, global radiation.
NEEDED = ("YYYYMMDD", "HH", "FH", "T", "Q")
HOUR_NAMES = ("HH", "H")
TENTH = 0.1
J_PER_CM2_TO_W_PER_M2 = 10_000 / 3600
LONGEST_GAP = 6
PLACE = re.compile(r"^#?\s*(\d{3})[,:\s]+(-?\d+\.\d+)[,\s]+(-?\d+\.\d+)[,\s]+(-?\d+\.\d+)[,\s]+(.+?)\s*$")
QUALITY = "derived"


@dataclass(frozen=True)
class Station:
    """A station of the institute: number, name and place (degrees, WGS84)."""

    number: int
    name: str
    lat: float
    lon: float


def read_hourly_text(path: Path) -> tuple[pd.DataFrame, dict[int, Station]]:
    """Read the hours of a downloaded file.

    Parameters
    ----------
    path : Path
        Text file of one or more stations and years.

    Returns
    -------
    DataFrame
        Index the start of the hour in UTC; columns station, temperature_c, wind_speed_10m_m_per_s and
        ghi_w_per_m2; blanks are NaN.
    dict of int to Station
        Stations whose place the comments give.

    Raises
    ------
    InputError
        If the file is not such a file; with line and column.
    """
    if not path.is_file():
        raise InputError([Problem(path.name, None, "", "", "an existing file", "Check the path.")])
    content = path.read_bytes() if path.stat().st_size <= 4 * LARGEST_FILE else b""
    text, problems = decode_text(content, path.name, lenient=True) if content else ("", [])
    if text is None:
        raise InputError(problems)
    lines = text.splitlines()
    stations = {
        int(found[1]): Station(int(found[1]), found[5].title(), float(found[3]), float(found[2]))
        for line in lines[:200]
        if (found := PLACE.match(line))
    }
    at = next((i for i, line in enumerate(lines) if "STN" in line and "YYYYMMDD" in line), None)
    if at is None:
        remedy = (
            "Download the hourly figures again, with the explanation on top, and do not open them in Excel."
        )
        raise InputError([Problem(path.name, 1, "", lines[0][:60] if lines else "an empty file",
                                  "a line with STN, YYYYMMDD, HH and other names", remedy)])  # fmt: skip
    names = [part.strip() for part in lines[at].lstrip("# ").split(",")]
    names = ["HH" if name in HOUR_NAMES else name for name in names]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        remedy = "Choose these elements too when downloading."
        raise InputError(
            [Problem(path.name, at + 1, name, "", f"the element {name}", remedy) for name in missing]
        )
    return _hours(path.name, lines, at, names), stations


def _hours(file: str, lines: list[str], at: int, names: list[str]) -> pd.DataFrame:
    rows, places = [], []
    problems = []
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [part.strip() for part in line.split(",")]
        if len(parts) != len(names):
            found, expected = f"{len(parts)} fields", f"{len(names)} fields, as in the line of names"
            problems.append(Problem(file, number, "", found, expected, "Download the file again."))
            continue
        rows.append(parts)
        places.append(number)
    if problems or not rows:
        raise InputError(
            problems or [Problem(file, None, "", "no hours", "a row per hour", "Choose other days.")]
        )
    cells = pd.DataFrame(rows, columns=names, index=places, dtype=object)
    numbers = {}
    for name in ("STN", *NEEDED):
        values = pd.to_numeric(cells[name].replace("", np.nan), errors="coerce")
        wrong = values.isna() & (cells[name] != "")
        problems += [
            Problem(file, int(line), name, str(cells.loc[line, name]), "a whole number or nothing",
                    "Download the file again.")
            for line in cells.index[wrong][:20]
        ]  # fmt: skip
        numbers[name] = values.astype(float)
    hour = numbers["HH"]
    problems += [
        Problem(
            file,
            int(line),
            "HH",
            str(cells.loc[line, "HH"]),
            "an hour from 1 to 24",
            "Download the file again.",
        )
        for line in cells.index[~hour.between(1, 24)][:20]
    ]
    if problems:
        raise InputError(problems)
    day = pd.to_datetime(cells["YYYYMMDD"], format="%Y%m%d", utc=True)
    start = day + pd.to_timedelta(hour - 1, unit="h")
    # Less than half of the last digit is written as -1; of radiation and wind that is nothing.
    radiation, wind = (numbers[name].mask(numbers[name] == -1, 0.0) for name in ("Q", "FH"))
    return pd.DataFrame(
        {
            "station": numbers["STN"].to_numpy().astype(int),
            "temperature_c": numbers["T"].to_numpy() * TENTH,
            "wind_speed_10m_m_per_s": wind.to_numpy() * TENTH,
            "ghi_w_per_m2": radiation.to_numpy() * J_PER_CM2_TO_W_PER_M2,
        },
        index=pd.DatetimeIndex(start),
    )


def weather_year(hours: pd.DataFrame, year: int, station: Station, file: str) -> tuple[pd.DataFrame, int]:
    """Make the hourly file of one station and year: 8,760 hours, short gaps filled, radiation split.

    Parameters
    ----------
    hours : DataFrame
        Of one station, from :func:`read_hourly_text`.
    year : int
        Calendar year; 29 February is left out.
    station : Station
        Gives the height of the sun.
    file : str
        For the error report.

    Returns
    -------
    DataFrame
        Columns of an hourly weather file, index ``hour``.
    int
        Hours that were filled between their neighbours.

    Raises
    ------
    InputError
        If a gap is longer than six hours, or an hour stands twice.
    """
    index = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h", tz="UTC")
    index = index[~((index.month == 2) & (index.day == 29))]
    of_year = pd.DatetimeIndex(hours.index).year
    mine = hours[of_year == year].drop(columns="station")
    if mine.index.has_duplicates:
        first = mine.index[mine.index.duplicated()][0]
        raise InputError([Problem(file, None, "HH", str(first), "each hour once", "Delete the second row.")])
    frame = mine.reindex(index)
    gaps = frame.isna()
    for column in frame.columns:
        runs = gaps[column].groupby((~gaps[column]).cumsum()).sum()
        if len(runs) and runs.max() > LONGEST_GAP:
            first = gaps.index[gaps[column]][0]
            found = f"{int(gaps[column].sum())} hours without a value from {first}"
            expected = f"no gap of more than {LONGEST_GAP} hours in {year}"
            raise InputError([Problem(file, None, column, found, expected, "Take another year or station.")])
    frame = frame.interpolate(limit_direction="both")
    direct, diffuse = _split(frame["ghi_w_per_m2"], index, station)
    frame = frame.assign(dni_w_per_m2=direct, dhi_w_per_m2=diffuse)[list(WEATHER_COLUMNS)]
    frame = frame.round(2).astype("float32").reset_index(drop=True).rename_axis("hour")
    return frame, int(gaps.any(axis=1).sum())


def _split(ghi: pd.Series, index: pd.DatetimeIndex, station: Station) -> tuple[pd.Series, pd.Series]:
    from pvlib.irradiance import erbs  # noqa: PLC0415 -- slow to import
    from pvlib.solarposition import get_solarposition  # noqa: PLC0415

    middle = index + pd.Timedelta(minutes=30)
    zenith = get_solarposition(middle, station.lat, station.lon)["apparent_zenith"].set_axis(index)
    parts = erbs(ghi, zenith, index.dayofyear.to_numpy())
    return parts["dni"].clip(0, 1200), parts["dhi"].clip(0, None)


def import_weather(  # noqa: PLR0917 -- the options of the command
    file: Path, inputs_dir: Path, name: str, source: str, lat: float | None, lon: float | None
) -> str:
    """Add the complete years of a downloaded file to the inputs.

    Parameters
    ----------
    file : Path
        Hourly text file of one station.
    inputs_dir : Path
        The inputs folder; ``weather/<name>/<year>.parquet`` and ``weather/years.csv`` are written.
    name : str
        Folder of the station; empty takes the name in the file.
    source : str
        Row of ``sources.csv``.
    lat, lon : float or None
        Place, where the file does not give it.

    Returns
    -------
    str
        What was added.

    Raises
    ------
    InputError
        If the file is wrong, the place unknown, or a year is there already; nothing is written then.
    """
    hours, stations = read_hourly_text(file)
    numbers = sorted(set(hours["station"]))
    if len(numbers) != 1:
        found = ", ".join(map(str, numbers))
        raise InputError(
            [Problem(file.name, None, "STN", found, "one station", "Download one file per station.")]
        )
    station = stations.get(numbers[0])
    if lat is not None and lon is not None:
        station = Station(numbers[0], station.name if station else str(numbers[0]), lat, lon)
    if station is None:
        raise InputError([Problem(file.name, None, "", f"station {numbers[0]}", "its place",
                                  "Give --lat and --lon: the split of radiation needs the sun.")])  # fmt: skip
    folder = slug(name or station.name)
    path = inputs_dir / "weather" / "years.csv"
    known = pd.read_csv(path, dtype=str, keep_default_na=False)
    counts = Counter(int(year) for year in pd.DatetimeIndex(hours.index).year)
    years = sorted(year for year, count in counts.items() if count >= HOURS_PER_YEAR - LONGEST_GAP)
    there = set(known.loc[known["station"] == folder, "weather_year"])
    twice = [year for year in years if str(year) in there]
    if twice or not years:
        expected = "a complete year that is not there yet"
        found = ", ".join(map(str, twice)) or f"years {', '.join(map(str, sorted(counts)))}, none complete"
        raise InputError(
            [Problem(file.name, None, "YYYYMMDD", found, expected, "Delete its row and file first.")]
        )
    made = {year: weather_year(hours, year, station, file.name) for year in years}
    sun = Sun.at(station.lat, station.lon)
    problems = [
        problem
        for year, (frame, _) in made.items()
        for problem in check_weather_file(frame, f"{file.name}, {year}", sun, statistics(frame))
    ]
    if problems:
        raise InputError(problems)
    rows = []
    for year, (frame, filled) in made.items():
        write_parquet(frame, inputs_dir / "weather" / folder / f"{year}.parquet")
        place = f"Station {station.number} {station.name} at {station.lat:g}, {station.lon:g}"
        gaps = f"; {filled} hours filled between their neighbours" if filled else ""
        rows.append({
            "station": folder,
            "weather_year": year,
            **{column: f"{value:.2f}" for column, value in statistics(frame).items()},
            "source": source,
            "quality": QUALITY,
            "note": f"{place}; direct radiation by the model {SPLIT_MODEL} of pvlib{gaps}",
        })  # fmt: skip
    columns = [
        column.name for column in TABLES["weather/years"].columns if column.name in {*known.columns, "note"}
    ]
    both = (
        pd.concat([known, pd.DataFrame(rows).astype(str)], ignore_index=True)
        .reindex(columns=columns)
        .fillna("")
    )
    write_csv(both.sort_values(["station", "weather_year"], kind="stable"), path)
    told = ", ".join(f"{year} ({filled} hours filled)" for year, (_, filled) in made.items())
    return f"Added station {folder}: {told}. Direct and diffuse by the model {SPLIT_MODEL}. Run pmiek check next."
