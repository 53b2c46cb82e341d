"""Hourly weather of one station and year."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pmiek.errors import InputError, Problem
from pmiek.files import inside
from pmiek.inputs.reading import closest
from pmiek.inputs.themes.weather import HOURS_PER_YEAR, WEATHER_COLUMNS
from pmiek.inputs.weather_checks import Sun, check_weather_file

REMEDY = "Make the file again from the measurements; 29 February is left out."


def read_weather(inputs_dir: Path, station: str, year: int) -> pd.DataFrame:
    """Read the hourly weather of a station and year.

    Parameters
    ----------
    inputs_dir : Path
        The inputs folder.
    station : str
        Folder below ``weather/``.
    year : int
        Weather year.

    Returns
    -------
    DataFrame
        8,760 rows, index ``hour`` from 0 (00:00-01:00 UTC on 1 January); float32 columns
        ``temperature_c``, ``ghi_w_per_m2``, ``dni_w_per_m2``, ``dhi_w_per_m2`` and
        ``wind_speed_10m_m_per_s``.

    Raises
    ------
    InputError
        If the file is absent, has other columns or hours, or holds empty cells.
    """
    root = Path(inputs_dir)
    path = root / "weather" / station / f"{int(year)}.parquet"
    name = f"inputs/weather/{station}/{int(year)}.parquet"
    if not inside_or_none(root, path) or not path.is_file():
        known = [p.stem for p in (root / "weather").glob(f"{station}/*.parquet")] if station.isalnum() else []
        remedy = (
            f"Years that are there: {', '.join(sorted(known))}."
            if known
            else (
                "Check the station's name." + closest(station, [p.name for p in (root / "weather").glob("*")])
            )
        )
        raise InputError([Problem(name, None, "", "", "this file to exist", remedy)])
    problems = _check_columns(path, name)
    if problems:
        raise InputError(problems)
    frame = pd.read_parquet(path)
    frame = frame.set_index("hour") if "hour" in frame.columns else frame.rename_axis("hour")
    frame = frame[list(WEATHER_COLUMNS)].astype("float32")
    problems = _check_values(frame, name)
    if problems:
        raise InputError(problems)
    return frame


def inside_or_none(root: Path, path: Path) -> Path | None:
    """Return the resolved path if it lies inside the folder, else None."""
    try:
        return inside(root, path)
    except ValueError:
        return None


def check_weather(root: Path, years: pd.DataFrame | None, sun: Sun | None = None) -> list[Problem]:
    """Check that each listed weather year has a file that can be what it says.

    Parameters
    ----------
    root : Path
        The inputs folder.
    years : DataFrame or None
        Table ``weather/years``, index the line number.
    sun : Sun or None
        Height of the sun in the region; None leaves out what needs it.
    """
    if years is None or not {"station", "weather_year"} <= set(years.columns):
        return []
    problems: list[Problem] = []
    copies: dict[str, str] = {}
    for row, station, year in zip(years.index, years["station"], years["weather_year"], strict=True):
        if pd.isna(station) or pd.isna(year):
            continue
        path = root / "weather" / station / f"{int(year)}.parquet"
        name = f"inputs/weather/{station}/{int(year)}.parquet"
        if not inside_or_none(root, path) or not path.is_file():
            problems.append(
                Problem(
                    "inputs/weather/years.csv",
                    int(row),
                    "weather_year",
                    f"{station} {int(year)}",
                    f"a file {name}",
                    "Add the file or delete the row.",
                )
            )
        else:
            problems += _check_columns(path, name) or _check_hours(path, name, sun, years.loc[row], copies)
    return problems


def _check_hours(
    path: Path, name: str, sun: Sun | None, stated: pd.Series, copies: dict[str, str]
) -> list[Problem]:
    """Check the figures of one file, and that no earlier file holds the same year."""
    frame = pd.read_parquet(path)
    frame = frame.set_index("hour") if "hour" in frame.columns else frame.rename_axis("hour")
    lettered = [c for c in WEATHER_COLUMNS if not pd.api.types.is_numeric_dtype(frame[c])]
    if lettered:
        return [Problem(name, None, c, str(frame[c].iloc[0]), "numbers", REMEDY) for c in lettered]
    frame = frame[list(WEATHER_COLUMNS)].astype("float32")
    problems = _check_values(frame, name)
    if problems:
        return problems
    key = hashlib.sha256(frame["temperature_c"].to_numpy().tobytes()).hexdigest()
    if key in copies:
        problems.append(Problem(name, None, "", f"the hours of {copies[key]}", "its own year", REMEDY))
    copies.setdefault(key, name)
    numbers = {str(c): float(v) for c, v in stated.items() if isinstance(v, (int, float, np.number))}
    # A made-up year, told as assumed, need not follow the real sun.
    real = None if stated.get("quality") == "assumed" else sun
    return problems + check_weather_file(frame, name, real, numbers)


def _check_columns(path: Path, name: str) -> list[Problem]:
    try:
        meta = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        return [Problem(name, None, "", str(error)[:80], "a readable Parquet file", REMEDY)]
    with meta:
        found, rows = set(meta.schema_arrow.names), meta.metadata.num_rows
    problems = [
        Problem(name, None, column, "", f"this column ({unit})", REMEDY + closest(column, found))
        for column, unit in WEATHER_COLUMNS.items()
        if column not in found
    ]
    if rows != HOURS_PER_YEAR:
        problems.append(Problem(name, None, "", f"{rows} rows", f"{HOURS_PER_YEAR} rows", REMEDY))
    return problems


def _check_values(frame: pd.DataFrame, name: str) -> list[Problem]:
    problems = []
    if not np.array_equal(frame.index.to_numpy(), np.arange(HOURS_PER_YEAR)):
        problems.append(Problem(name, None, "hour", "", "hours 0 to 8759 in order", REMEDY))
    for column in frame.columns:
        empty = ~np.isfinite(frame[column].to_numpy())
        if empty.any():
            first = int(np.flatnonzero(empty)[0])
            problems.append(
                Problem(
                    name,
                    first,
                    column,
                    f"{int(empty.sum())} hours without a value",
                    "a value in every hour",
                    REMEDY,
                )
            )
    return problems
