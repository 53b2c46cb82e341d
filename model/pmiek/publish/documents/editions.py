"""What changed between two editions of the results: projects, bottlenecks, and what may have caused it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.publish.documents.speaker import known
from pmiek.publish.documents.texts import say, words
from pmiek.publish.report.tables import read_any, records
from pmiek.publish.report.texts import Texts

ASPECTS: Mapping[str, int | None] = {
    "rank": 0,
    "type": None,
    "decision_status": None,
    "option": None,
    "size_mw": 0,
    "need_year_earliest": 0,
    "start_by_year": 0,
    "cost_meur_low": 1,
    "cost_meur_high": 1,
    "storylines_with_need": 0,
    "score": 0,
}
"""Columns of ``candidates`` that are compared, with the decimals that count; None is text."""
DECIDED = frozenset({"type", "decision_status"})
"""Aspects that follow from decisions, not from figures."""
YEARS = frozenset({"need_year_earliest", "start_by_year"})
NEW, GONE, CHANGED, SAME = "new", "gone", "changed", "same"
MOST_JSON_BYTES = 20_000_000
CHANGE_COLUMNS = ("project_id", "name", "change", "aspect", "before", "now", "cause")
BOTTLENECK_COLUMNS = ("bottleneck_id", "asset_name", "grid_state", "change", "before", "now")
SOURCE_COLUMNS = ("kind", "what", "change")


@dataclass(frozen=True)
class Edition:
    """One edition of the results.

    Attributes
    ----------
    name : str
        Folder, for the reader.
    candidates, bottlenecks : DataFrame
        Tables ``candidates`` and ``bottleneck_summary``; the latter may be empty.
    manifest : mapping
        What made it; empty when the folder has none.
    """

    name: str
    candidates: pd.DataFrame
    bottlenecks: pd.DataFrame
    manifest: Mapping[str, Any]


def read_edition(folder: Path) -> Edition:
    """Read an edition from a result folder, a data pack or a folder of tables.

    Raises
    ------
    InputError
        If there is no table of candidate projects, or the manifest is not what a run writes.
    """
    tables = next((f for f in (folder / "tables", folder) if (f / "candidates.csv").is_file()), None)
    if tables is None:
        expected = "candidates.csv, in it or in its folder tables/"
        remedy = "Name a folder such as results/standaard, or an unpacked data pack."
        raise InputError([Problem(str(folder), None, "", "", expected, remedy)])
    candidates = read_any(tables / "candidates.csv")
    if "project_id" not in candidates:
        problem = Problem(
            f"{folder.name}/candidates.csv", 1, "project_id", "", "this column", "Export it again."
        )
        raise InputError([problem])
    twice = candidates[candidates["project_id"].duplicated()]["project_id"]
    if len(twice):
        name, remedy = f"{folder.name}/candidates.csv", "Take the second row out."
        raise InputError(
            [Problem(name, None, "project_id", str(p), "each project once", remedy) for p in twice.unique()]
        )
    manifest = next(
        (f / "manifest.json" for f in (folder, folder.parent) if (f / "manifest.json").is_file()), None
    )
    return Edition(
        folder.name, candidates, read_any(tables / "bottleneck_summary.csv"), _manifest(manifest, folder.name)
    )


def _manifest(path: Path | None, name: str) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        loaded = (
            json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size < MOST_JSON_BYTES else None
        )
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        problem = Problem(
            f"{name}/manifest.json", None, "", "", "the manifest of a run", "Take the file out."
        )
        raise InputError([problem])
    return loaded


def sources_moved(old: Edition, new: Edition) -> pd.DataFrame:
    """Say which inputs, scenarios and model version differ between two editions.

    Returns
    -------
    DataFrame
        Columns kind (input, scenario, model, weather), what and change (new, gone or changed); one row that
        says unknown when a manifest is missing.
    """
    if not (old.manifest and new.manifest):
        return pd.DataFrame([("unknown", "manifest.json", "unknown")], columns=SOURCE_COLUMNS)
    rows = []
    for kind, key in (("input", "input_sha256"), ("scenario", "scenario_sha256")):
        before, now = (_mapping(edition.manifest.get(key)) for edition in (old, new))
        rows += [
            (kind, name, NEW if name not in before else GONE if name not in now else CHANGED)
            for name in sorted({*before, *now})
            if before.get(name) != now.get(name)
        ]
    for kind, key in (("model", "commit"), ("weather", "weather_years")):
        first, last = old.manifest.get(key), new.manifest.get(key)
        if first != last:
            rows.append((kind, f"{_brief(first)} → {_brief(last)}", CHANGED))
    return pd.DataFrame(rows, columns=SOURCE_COLUMNS)


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _brief(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)[:12]


def project_changes(old: Edition, new: Edition) -> pd.DataFrame:
    """Compare the candidate projects of two editions.

    Returns
    -------
    DataFrame
        One row per project and changed aspect, and one per project that is new, gone or the same: project_id,
        name, change, aspect, before, now (text; empty is unknown) and cause (decision, or the kinds of
        :func:`sources_moved` that may explain it, separated by semicolons).
    """
    kinds = ";".join(dict.fromkeys(sources_moved(old, new)["kind"]))
    before, now = _by_id(old.candidates), _by_id(new.candidates)
    rows: list[tuple[str, ...]] = []
    for project in sorted({*before, *now}):
        name = str((now.get(project) or before[project]).get("name", ""))
        if project not in before or project not in now:
            change, row = (NEW, now[project]) if project not in before else (GONE, before[project])
            rank = _text(row.get("rank"), "rank")
            was, is_now = ("", rank) if change == NEW else (rank, "")
            rows.append((project, name, change, "rank", was, is_now, kinds))
            continue
        moved = [
            (aspect, _text(before[project].get(aspect), aspect), _text(now[project].get(aspect), aspect))
            for aspect in ASPECTS
            if aspect in old.candidates and aspect in new.candidates
        ]
        moved = [(aspect, was, is_now) for aspect, was, is_now in moved if was != is_now]
        rows += [
            (project, name, CHANGED, aspect, was, is_now, "decision" if aspect in DECIDED else kinds)
            for aspect, was, is_now in moved
        ]
        if not moved:
            rows.append((project, name, SAME, "", "", "", ""))
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def _by_id(rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(row["project_id"]): row for row in records(rows)}


def _text(value: Any, aspect: str) -> str:
    decimals = ASPECTS[aspect]
    if not known(value):
        return ""
    try:
        return str(value) if decimals is None else f"{round(float(value), decimals) + 0.0:.{decimals}f}"
    except ValueError:
        return str(value)  # a class of the capacity map where the figure is confidential


def bottleneck_changes(old: Edition, new: Edition) -> pd.DataFrame:
    """Say which bottlenecks came, went, or begin in another year; those that did not move are left out."""
    key = ["bottleneck_id", "grid_state"]
    found = []
    for edition in (old, new):
        ready = set(key) <= set(edition.bottlenecks.columns)
        found.append({(r[key[0]], r[key[1]]): r for r in records(edition.bottlenecks)} if ready else {})
    before, now = found
    rows = []
    for pair in sorted({*before, *now}):
        was, is_now = (_year(side.get(pair)) for side in (before, now))
        change = NEW if pair not in before else GONE if pair not in now else CHANGED
        if was != is_now or change != CHANGED:
            name = str((now.get(pair) or before[pair]).get("asset_name", ""))
            rows.append((pair[0], name, pair[1], change, was, is_now))
    return pd.DataFrame(rows, columns=BOTTLENECK_COLUMNS)


def _year(row: Mapping[str, Any] | None) -> str:
    value = None if row is None else row.get("first_year")
    return str(int(float(value))) if known(value) and value is not None else ""


def in_words(t: Texts, changes: pd.DataFrame) -> pd.DataFrame:
    """Write a table of :func:`project_changes` for readers: Dutch words and numbers.

    Parameters
    ----------
    t : Texts
        Labels and number format.
    changes : DataFrame
        Columns :data:`CHANGE_COLUMNS`.
    """

    def cell(aspect: str, text: str) -> str:
        decimals = ASPECTS.get(aspect)
        if not text:
            return say("words", "unknown") if aspect else ""
        if decimals is None:
            return t.label(aspect, text).replace("\N{SOFT HYPHEN}", "")
        return t.year(text) if aspect in YEARS else t.number(text, decimals)

    names = words()["editions"]
    out = changes.copy()
    for column in ("before", "now"):
        out[column] = [cell(a, v) for a, v in zip(changes["aspect"], changes[column], strict=True)]
    out.loc[changes["change"] == NEW, "before"] = ""
    out.loc[changes["change"] == GONE, "now"] = ""
    out["aspect"] = [names["aspect"].get(a, a) for a in changes["aspect"]]
    out["change"] = [names["change"][c] for c in changes["change"]]
    out["cause"] = [", ".join(names["cause"].get(k, k) for k in c.split(";") if k) for c in changes["cause"]]
    return out
