"""What a project does, by difference with and without it: effect, room made, pairs and delay, as ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

IMPACT_TABLES = (
    "project_effects",
    "project_effect_ranges",
    "project_pairs",
    "project_unlocks",
    "plan_delays",
    "project_effect_gaps",
)
"""Optional result tables that :func:`impact` reads."""
UNLOCKED = ("take_off_mw", "homes", "floor_area_m2", "business_mw", "renewable_mwh", "co2_kt")
"""Columns of ``project_unlocks`` that are told."""
MODES = ("leave_out", "beside", "put_in")
APART = "apart"
NOISE_MWH = 0.01
"""Differences up to this are rounding."""

Span = tuple[Any, Any]
"""Lowest and highest over the storylines."""


def impact(checks: Mapping[str, pd.DataFrame], project_id: str) -> dict[str, Any] | None:
    """Give what leaving a project out and putting it in does, each figure as a range over the storylines.

    Parameters
    ----------
    checks : mapping of str to DataFrame
        Optional result tables by name.
    project_id : str

    Returns
    -------
    dict or None
        ``storylines``, ``year``, ``noise_mwh``, ``effects`` (per mode), ``unlocks`` (only what is not zero),
        ``unlock_measured``, ``pairs``, ``delays`` and ``gaps`` (why there is no effect or delay, in both languages);
        None when the batch did not measure effects. A project that was not measured has no effects.
    """
    every = checks.get("project_effects")
    if every is None:
        return None
    mine = _of(every, project_id)
    ranges = checks.get("project_effect_ranges")
    unlocks = _of(checks.get("project_unlocks"), project_id)
    if every.empty:
        return None
    told = mine if len(mine) else every
    return {
        "storylines": list(dict.fromkeys(told["storyline"].astype(str))),
        "year": told["year"].iloc[0],
        "noise_mwh": None if ranges is None else ranges["noise_mwh"].iloc[0],
        "effects": [
            _effect(mine, ranges, project_id, mode) for mode in MODES if (mine["mode"] == mode).any()
        ],
        "unlocks": {c: span(unlocks[c]) for c in UNLOCKED if c in unlocks and not _is_zero(span(unlocks[c]))},
        "unlock_measured": len(unlocks) > 0,
        "pairs": _pairs(checks.get("project_pairs"), project_id),
        "delays": _delays(_of(checks.get("plan_delays"), project_id)),
        "gaps": _gaps(_of(checks.get("project_effect_gaps"), project_id)),
    }


def _gaps(rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Give per kind (effect, delay) why it was not computed, of the first storyline that says so."""
    if rows.empty:
        return {}
    first = rows.drop_duplicates("what").set_index("what")
    return {
        str(what): {"reason_nl": str(row["reason_nl"]), "reason_en": str(row["reason_en"])}
        for what, row in first.iterrows()
    }


def _of(rows: pd.DataFrame | None, project_id: str) -> pd.DataFrame:
    return pd.DataFrame() if rows is None else rows[rows["project_id"] == project_id]


def span(values: pd.Series) -> Span:
    """Give the lowest and highest figure; of classes instead of confidential figures, the first and last."""
    numbers = pd.to_numeric(values, errors="coerce")
    classes = [
        str(v) for v, n in zip(values, numbers, strict=True) if pd.isna(n) and str(v) not in ("", "nan")
    ]
    if classes:
        return classes[0], classes[-1]
    return float(numbers.fillna(0.0).min()), float(numbers.fillna(0.0).max())


def _both(rows: pd.DataFrame, first: str, second: str) -> Span:
    """Give the span of the sum of two directions; the classes of one that may not be shown as a figure."""
    figures = [pd.to_numeric(rows[column], errors="coerce") for column in (first, second)]
    for column, numbers in zip((first, second), figures, strict=True):
        if numbers.isna().any():
            return span(rows[column])
    return span(figures[0] + figures[1])


def _is_zero(found: Span) -> bool:
    return not any(found)


def _count(cells: pd.Series) -> Span:
    text = cells.fillna("").astype(str)
    return span(text.str.count(";") + text.ne("").astype(int))


def _effect(rows: pd.DataFrame, ranges: pd.DataFrame | None, project_id: str, mode: str) -> dict[str, Any]:
    part = rows[rows["mode"] == mode]
    energy = _both(part, "take_off_mwh_avoided", "feed_in_mwh_avoided")
    found: dict[str, Any] = {
        "mode": mode,
        "energy": energy,
        "hours": span(part["hours_avoided"]),
        "without": span(part["bottlenecks_without"]),
        "with": span(part["bottlenecks_with"]),
        "solved": _count(part["solved_ids"]),
        "created": _count(part["created_ids"]),
        "place": None,
    }
    noise = 0.0
    if ranges is not None:
        same = ranges[ranges["mode"] == mode]
        noise = float(same["noise_mwh"].max()) if len(same) else 0.0
        own = _of(same, project_id)
        if len(own):
            found["place"] = (own["place_low"].iloc[0], own["place_high"].iloc[0])
            found["places"] = len(same[same["model"] == own["model"].iloc[0]] if "model" in same else same)
    return {**found, "verdict": verdict(energy, noise), "size": _size(energy)}


def verdict(energy: Span, noise_mwh: float) -> str:
    """Say which way the energy above limits goes: better, worse, mixed, none (within noise) or hidden."""
    low, high = energy
    if isinstance(low, str) or isinstance(high, str):
        return "hidden"
    up, down = high > noise_mwh, low < -noise_mwh
    return "mixed" if up and down else "better" if up else "worse" if down else "none"


def _size(energy: Span) -> Span:
    """Give the range without its sign, small end first."""
    if any(isinstance(end, str) for end in energy):
        return energy
    low, high = sorted(abs(end) for end in energy)
    return low, high


def _pairs(rows: pd.DataFrame | None, project_id: str) -> list[dict[str, Any]]:
    if rows is None:
        return []
    mine = rows[(rows["project_id"] == project_id) | (rows["other_id"] == project_id)]
    other = mine["other_id"].where(mine["project_id"] == project_id, mine["project_id"])
    return [
        {
            "other": str(key),
            "verdict": str(kind),
            "size": _size(span(part["interaction_mwh"])),
            "storylines": list(dict.fromkeys(part["storyline"].astype(str))),
        }
        for (key, kind), part in mine.groupby([other.rename("other"), "verdict"], sort=False)
    ]


def _delays(rows: pd.DataFrame) -> list[dict[str, Any]]:
    if rows.empty:
        return []
    out = []
    for late, part in rows.groupby("delay_years"):
        loading = pd.to_numeric(part["worst_loading_pct"], errors="coerce")
        worst = (
            part.iloc[int(loading.fillna(float("-inf")).to_numpy().argmax())]
            if loading.notna().any()
            else None
        )
        energy = _both(part, "extra_take_off_mwh", "extra_feed_in_mwh")
        # More above the limits when it comes late is worse: the other sign than for what a project takes away.
        turned = energy if isinstance(energy[0], str) else (-energy[1], -energy[0])
        out.append(
            {
                "verdict": "worse" if isinstance(energy[0], str) else verdict(turned, NOISE_MWH),
                "size": _size(energy),
                "years": int(float(str(late))),
                "first": part["first_year"].min(),
                "last": part["last_year"].max(),
                "energy": energy,
                "hours": span(part["extra_hours"]),
                "appearing": _count(part["appearing_ids"]),
                "worst": "" if worst is None else str(worst["worst_asset_id"]),
                "worst_pct": None if worst is None else worst["worst_loading_pct"],
            }
        )
    return out
