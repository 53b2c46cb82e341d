"""Figures beside their neighbours: other years, other storylines, other municipalities, the whole country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]
#: Table, what counts as one series, its figures, and below which size nothing is asked.
SERIES = (
    ("demand/municipal", ("gm_code", "carrier", "sector"), (("volume_mwh", 2000.0), ("peak_mw", 1.0))),
    ("demand/industry", ("carrier", "sector"), (("volume_mwh", 5000.0), ("peak_mw", 2.0))),
    ("demand/national", ("carrier", "level", "sector"), (("volume_mwh", 50_000.0), ("peak_mw", 20.0))),
    (
        "supply/municipal",
        ("gm_code", "carrier", "technology"),
        (("volume_mwh", 2000.0), ("capacity_mw", 2.0)),
    ),
    ("supply/industry", ("carrier", "technology"), (("volume_mwh", 5000.0), ("capacity_mw", 2.0))),
    ("supply/national", ("carrier", "technology"), (("volume_mwh", 50_000.0), ("capacity_mw", 20.0))),
    ("supply/flexibility", ("gm_code", "carrier", "technology"), (("capacity_mw", 2.0),)),
)
SPIKE = 8.0
#: Table, group of equals, figure over figure, and how far from the middle of its group a row may lie.
PEERS = (
    ("demand/municipal", ("storyline", "year", "carrier", "sector"), "volume_mwh", "peak_mw", 3.0),
    ("demand/industry", ("carrier", "sector"), "volume_mwh", "peak_mw", 4.0),
    ("demand/national", ("carrier", "sector"), "volume_mwh", "peak_mw", 4.0),
    ("supply/municipal", ("storyline", "year", "carrier", "technology"), "volume_mwh", "capacity_mw", 3.0),
)
LEAST_PEERS = 5
#: Peaks below it are rounded too far to divide by.
LEAST_MW = 0.05
NATIONAL = (
    ("demand/municipal", "demand/national", "sector", ("volume_mwh",)),
    ("supply/municipal", "supply/national", "technology", ("volume_mwh", "capacity_mw")),
)
REST = ("storyline", "year", "carrier")


def check_series(frames: Frames) -> list[Problem]:
    """Ask about figures that leap out of their series, their group or the national total.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    """
    return [*_spikes(frames), *_peers(frames), *_above_national(frames)]


def _has(frames: Frames, name: str, columns: set[str]) -> bool:
    return name in frames and not frames[name].empty and columns <= set(frames[name].columns)


def _spikes(frames: Frames) -> Iterator[Problem]:
    """Find figures far from the years beside them and from the same year of the other storylines."""
    for name, key, figures in SERIES:
        columns = [column for column, _ in figures]
        if not _has(frames, name, {"storyline", "year", *key, *columns}):
            continue
        frame = frames[name]
        line = frame.groupby([*key, "storyline"], dropna=False, sort=False).ngroup().to_numpy()
        at_year = frame.groupby([*key, "year"], dropna=False, sort=False).ngroup().to_numpy()
        order = np.lexsort((frame["year"].to_numpy(dtype=float), line))
        for column, floor in figures:
            yield from _spikes_of(name, frame, column, floor, line, at_year, order)


def _spikes_of(  # noqa: PLR0917 -- one figure of one table
    name: str,
    frame: pd.DataFrame,
    column: str,
    floor: float,
    line: np.ndarray,
    at_year: np.ndarray,
    order: np.ndarray,
) -> Iterator[Problem]:
    values = frame[column].to_numpy(dtype=float)
    beside = _beside(values, line, order)
    others = _others(values, at_year)
    # Two witnesses are wanted: a year beside it and the other storylines; a series that starts late has one.
    with np.errstate(divide="ignore", invalid="ignore"):
        up = (values > SPIKE * beside) & (values > SPIKE * others) & (values > floor)
        down = (values * SPIKE < beside) & (values * SPIKE < others) & (np.minimum(beside, others) > floor)
    for at in np.flatnonzero(up | down):
        yield Problem(
            TABLES[name].file,
            int(str(frame.index[int(at)])),
            column,
            f"{values[at]:g}",
            f"a figure near its neighbours: {beside[at]:g} in the nearest years, "
            f"{others[at]:g} in the other storylines",
            f"Correct the value, or the unit ({_unit(name, column)}).",
            asks=True,
        )


def _unit(name: str, column: str) -> str:
    return TABLES[name].column(column).unit


def _beside(values: np.ndarray, line: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Value of the neighbouring year that is nearest in size; NaN if there is none."""
    ordered, group = values[order], line[order]
    before, after = np.full(len(values), np.nan), np.full(len(values), np.nan)
    same = group[1:] == group[:-1]
    before[1:][same] = ordered[:-1][same]
    after[:-1][same] = ordered[1:][same]
    with np.errstate(divide="ignore", invalid="ignore"):
        distances = np.abs(np.log(np.stack([before, after]) / ordered))
    distances = np.where(np.isnan(distances), np.inf, distances)
    chosen = np.where(distances[0] <= distances[1], before, after)
    out = np.empty(len(values))
    out[order] = np.where(np.isnan(chosen), np.where(np.isnan(before), after, before), chosen)
    return out


def _others(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Middle value of the other rows of the group; NaN for a row that is alone."""
    frame = pd.DataFrame({"value": values, "group": group})
    parts = frame.groupby("group", sort=False)["value"]
    low, high, middle = parts.transform("min"), parts.transform("max"), parts.transform("median")
    # The nearest other figure is the fairest witness; the middle stands for it unless the row is an end.
    alone = parts.transform("size") < 2
    second = frame.sort_values("value").groupby("group", sort=False)["value"]
    next_high, next_low = second.nth(-2), second.nth(1)
    upper = frame["group"].map(dict(zip(frame["group"].loc[next_high.index], next_high, strict=True)))
    lower = frame["group"].map(dict(zip(frame["group"].loc[next_low.index], next_low, strict=True)))
    out = middle.where(frame["value"] != high, upper).where(frame["value"] != low, lower)
    return out.where(~alone).to_numpy(dtype=float)


def _peers(frames: Frames) -> Iterator[Problem]:
    """Find rows whose ratio of two figures lies far from the middle of its sector or technology."""
    for name, key, above, below, factor in PEERS:
        if not _has(frames, name, {*key, above, below}):
            continue
        frame = frames[name]
        top, bottom = frame[above].to_numpy(dtype=float), frame[below].to_numpy(dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where((bottom >= LEAST_MW) & (top > 0), top / bottom, np.nan)
        groups = pd.Series(ratio).groupby([frame[c].to_numpy() for c in key], sort=False)
        middle, count = groups.transform("median").to_numpy(), groups.transform("count").to_numpy()
        low, high = (groups.transform("quantile", part).to_numpy() for part in (0.1, 0.9))
        # A group that differs much within itself, such as backup plants, says little about one row.
        even = (high < 2 * low) & (count >= LEAST_PEERS)
        with np.errstate(invalid="ignore"):
            far = even & ((ratio > factor * middle) | (ratio * factor < middle))
        for at in np.flatnonzero(far):
            yield Problem(
                TABLES[name].file,
                int(str(frame.index[int(at)])),
                above,
                f"{top[at]:g} ({ratio[at]:.4g} full-load hours)",
                f"full-load hours near {middle[at]:.4g}, as the other rows of "
                + " / ".join(str(frame[c].iloc[at]) for c in key),
                f"Correct {above} or {below}.",
                asks=True,
            )


def _above_national(frames: Frames) -> Iterator[Problem]:
    """Municipalities together cannot have more than the country."""
    for name, whole, sector, figures in NATIONAL:
        needs = {*REST, sector, *figures}
        if not (_has(frames, name, needs) and _has(frames, whole, needs)):
            continue
        key = [*REST, sector]
        parts, total = frames[name], frames[whole].groupby(key)[list(figures)].sum()
        sums = parts.groupby(key)[list(figures)].sum()
        joined = sums.join(total, rsuffix="_national", how="inner")
        for column in figures:
            over = joined[joined[column] > 1.01 * joined[f"{column}_national"] + 1.0]
            for index, row in over.iterrows():
                at = np.logical_and.reduce(
                    [
                        parts[k] == v
                        for k, v in zip(key, index if isinstance(index, tuple) else (index,), strict=True)
                    ]
                )
                first = parts.loc[at, column].idxmax()
                yield Problem(
                    TABLES[name].file,
                    int(str(first)),
                    column,
                    f"{parts.loc[at, column].max():g}, and {row[column]:g} in all municipalities",
                    f"at most the {row[f'{column}_national']:g} of the country in {whole}",
                    "Correct the value here or in the national table.",
                )
