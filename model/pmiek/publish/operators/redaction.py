"""What may be published of the results: classes in the place of figures that rest on an operator's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pmiek.files import write_csv
from pmiek.publish.operators.brackets import CLOSEST, limit_intervals, relative_width
from pmiek.publish.operators.touched import Touched, rules, with_projects
from pmiek.results.bottlenecks.status import AVAILABLE, LIMITED, SHORTAGE, STUDY, Thresholds
from pmiek.results.registry import result_tables

FOLDER = "confidential"
CATEGORIES = (AVAILABLE, LIMITED, STUDY, SHORTAGE)
ID_COLUMNS = (
    "asset_id", "asset_ids", "bottleneck_id", "bottleneck_ids", "station_id", "stations", "project_id",
    "project_ids", "plan_project_id", "projects", "affects_projects", "from_id", "to_id",
)  # fmt: skip
# One word per asset, direction, state and year: a word per storyline would let many peaks bracket the rating.
CATEGORY_KEY = ["asset_id", "direction", "grid_state", "year"]
BAND = re.compile(r"(< |> )?\d[\d.]*(-\d[\d.]*)? (MW|MWh|%|h|MEUR|ha)")


def publishable(tables: Mapping[str, pd.DataFrame], confidential: Touched) -> dict[str, pd.DataFrame]:
    """Give the tables with classes in the place of figures that rest on an operator's own.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Full result tables by name. When ``candidates`` is among them, its projects are followed too.
    confidential : Touched
        Assets and projects that are touched, from :func:`pmiek.publish.operators.touched.touched`.

    Returns
    -------
    dict of str to DataFrame
        Same tables and columns. A table without a touched row is the same object; in the others the touched
        rows hold text such as ``60-100 MW`` or ``tekort`` in the columns that may not be published, or are
        left out (curves), as ``redaction.yaml`` says. Key columns never change.
    """
    reach = with_projects(confidential, tables.get("candidates"))
    return {name: _table(name, frame, reach) for name, frame in tables.items()}


def write_public(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    confidential: Touched,
    candidates: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Write the public tables to a folder and the full ones beside it, in ``confidential/``.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Full result tables by name.
    folder : Path
        Folder of the public tables, for example ``results/<batch>/tables``.
    confidential : Touched
        What is touched. Nothing is written to ``confidential/`` for a table that may be published whole, and
        what an earlier run left there is removed.
    candidates : DataFrame, optional
        Projects (project_id, asset_ids, bottleneck_ids) whose assets may be touched, for tables that are written before
        ``candidates`` is; by default those that are given or stand in the folder.

    Returns
    -------
    dict of str to DataFrame
        The public tables.
    """
    if candidates is None and "candidates" not in tables:
        candidates = _candidates(folder)
    reach = with_projects(confidential, candidates)
    public = publishable(tables, reach)
    for name, full in tables.items():
        private = folder.parent / FOLDER / f"{name}.csv"
        if public[name] is full:
            private.unlink(missing_ok=True)
        else:
            write_csv(full, private)
        write_csv(public[name], folder / f"{name}.csv")
    return public


def full_path(folder: Path, name: str) -> Path:
    """Return the file with the full figures of a table: that in ``confidential/``, else the public one."""
    private = folder.parent / FOLDER / f"{name}.csv"
    return private if private.is_file() else folder / f"{name}.csv"


def _candidates(folder: Path) -> pd.DataFrame | None:
    path = full_path(folder, "candidates")
    return pd.read_csv(path, encoding="utf-8", dtype=str) if path.is_file() else None


def _table(name: str, frame: pd.DataFrame, reach: Touched) -> pd.DataFrame:
    entry = rules()["tables"].get(name, {})
    classes = frozenset(entry.get("classes", rules()["overrides"]))
    rows = touched_rows(frame, reach, classes)
    if not rows.any():
        return frame
    if entry.get("drop"):
        return frame[~rows].reset_index(drop=True)
    out = frame.copy()
    key = result_tables()[name].key if name in result_tables() else ()
    for column in frame.columns:
        kind, unit = _kind(str(column), frame[column], entry.get("columns", {}))
        if kind == "band" and entry.get("figures") == "hide":
            kind = "hide"
        if kind != "keep" and column not in key:
            out[column] = _replaced(frame, str(column), rows, (kind, unit))
    return out


def touched_rows(frame: pd.DataFrame, reach: Touched, classes: frozenset[str]) -> pd.Series:
    """Mark the rows that name a touched asset, station, bottleneck or project of one of the classes."""
    rows = pd.Series(data=False, index=frame.index)
    for column in (c for c in ID_COLUMNS if c in frame.columns):
        cells = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
        known = {cell: bool(reach.asset_classes(cell) & classes) for cell in cells.unique()}
        rows |= cells.map(known).astype(bool)
    return rows


def _kind(column: str, cells: pd.Series, own: Mapping[str, str]) -> tuple[str, str]:
    unit = next((unit for pattern, _, unit in rules()["endings"] if re.search(pattern, column)), "")
    if column in own:
        return own[column], unit
    if column in rules()["texts_nl"]:
        return "sentence", "nl"
    if column in rules()["texts_en"]:
        return "sentence", "en"
    if not pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells):
        return "keep", ""
    if column in rules()["figures_that_stay"]:
        return "keep", ""
    return ("band", unit) if unit else ("hide", "")


def _replaced(frame: pd.DataFrame, column: str, rows: pd.Series, how: tuple[str, str]) -> pd.Series:
    kind, unit = how
    old = frame[column]
    if kind == "round_5":
        return old.where(~rows, (old / 5).round() * 5)
    if pd.api.types.is_float_dtype(old):
        old = old.round(6) + 0.0  # as write_csv does for columns of numbers
    out = old.astype(object).where(old.notna(), np.nan)
    chosen = out[rows]
    new: Any
    if kind == "category":
        new = _unless_close(frame[rows], _categories(frame, rows))
    elif kind == "band":
        new = pd.to_numeric(frame.loc[rows, column]).map(lambda value: band(value, unit))
    else:
        word = rules()["hidden"] if kind == "hide" else rules()[f"sentence_{unit}"]
        new = chosen.where(chosen.isna() | chosen.eq(""), word)
    out.loc[rows] = new
    return out


def band(value: Any, unit: str) -> Any:
    """Write the class of a figure, for example ``60-100 MW``; zero and unknown stay what they are.

    Parameters
    ----------
    value : float
        Figure in the unit.
    unit : str
        Key of ``bands`` in the redaction list.
    """
    if pd.isna(value):
        return np.nan
    edges, name = rules()["bands"][unit], "%" if unit == "pct" else unit
    if value <= edges[0]:
        return f"{edges[0]} {name}" if value == edges[0] else f"< {edges[0]} {name}"
    for low, high in pairwise(edges):
        if low < value <= high:
            return f"{low}-{high} {name}"
    return f"> {edges[-1]} {name}"


def _categories(frame: pd.DataFrame, rows: pd.Series) -> pd.Series:
    """Give the capacity-map word of each row: the worst over weather years and outages."""
    at, chosen = Thresholds(), frame[rows]
    pct = chosen["loading_pct"]
    hours = chosen["hours"] if "hours" in chosen else pd.Series(0, index=chosen.index)
    may_help = (pct < at.shortage_from_pct) & (hours <= at.shortage_from_hours)
    place = np.select([pct < at.limited_from_pct, pct <= 100.0, may_help], [0, 1, 2], 3)  # fmt: skip
    key = [name for name in CATEGORY_KEY if name in chosen.columns]
    worst = pd.Series(place, index=chosen.index).groupby([chosen[name] for name in key], dropna=False)
    return worst.transform("max").map(dict(enumerate(CATEGORIES)))


def _unless_close(rows: pd.DataFrame, words: pd.Series) -> pd.Series:
    """Hide the words of an asset when together they give its limit to better than a fifth.

    Whoever runs the open model knows the peaks; ``limited`` alone says that the limit lies within 15 per cent
    above a peak.
    """
    if not {"asset_id", "limit_mw", "peak_mw", "loading_pct"} <= set(rows.columns):
        return words
    told = rows.assign(word=words, exceeded=np.nan)
    close = {
        asset for asset, _, low, high in limit_intervals(told) if relative_width(low, high) < 2 * CLOSEST
    }
    return words.mask(rows["asset_id"].astype(str).isin(close), str(rules()["hidden"]))


def is_class(text: str) -> bool:
    """Tell whether a cell holds a class and not a figure."""
    return bool(BAND.fullmatch(text)) or text in CATEGORIES or text == rules()["hidden"]
