"""From values to scores: piecewise scales, weights, coverage, and the order with its priority rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.weighing.framework import Framework, Indicator

Array = npt.NDArray[np.float64]


def score_of(indicator: Indicator, values: pd.Series) -> Array:
    """Score values on the indicator's scale; NaN where the value is unknown or a word without a score."""
    if indicator.direction == "category":
        return np.asarray(values.map(indicator.categories), dtype=np.float64)
    x = pd.to_numeric(values, errors="coerce").to_numpy(float)
    points = np.array(indicator.scale, dtype=float)
    return np.where(np.isnan(x), np.nan, np.interp(x, points[:, 0], points[:, 1]))


def score_table(values: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Score all indicators.

    Parameters
    ----------
    values : DataFrame
        Output of ``indicator_values``.
    framework : Framework
        Scales, weights, sources.

    Returns
    -------
    DataFrame
        project_id, criterion, indicator, value, unit, score, score_low, score_high, weight, kind (model,
        judgment, unknown), source.
    """
    weights = framework.weights()
    parts = []
    for indicator in framework.indicators:
        rows = values[values["indicator"] == indicator.id]
        score = score_of(indicator, rows["value"])
        low, high = _range(indicator, rows, score)
        judged = rows["judged"].to_numpy(float)
        use = np.isnan(score) & ~np.isnan(judged)
        kind = np.where(use, "judgment", np.where(np.isnan(score), "unknown", "model"))
        source = np.where(use, rows["judge"].fillna("").to_numpy(str), indicator.source)
        parts.append(
            pd.DataFrame(
                {
                    "project_id": rows["project_id"].to_numpy(),
                    "criterion": indicator.criterion,
                    "indicator": indicator.id,
                    "value": np.where(use, judged.astype(object), rows["value"].to_numpy(object)),
                    "unit": indicator.unit,
                    "score": np.where(use, judged, score),
                    "score_low": np.where(use, rows["judged_low"].to_numpy(float), low),
                    "score_high": np.where(use, rows["judged_high"].to_numpy(float), high),
                    "weight": weights[indicator.id],
                    "kind": kind,
                    "source": source,
                }
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values("project_id", kind="stable").reset_index(drop=True)


def _range(indicator: Indicator, rows: pd.DataFrame, score: Array) -> tuple[Array, Array]:
    if indicator.direction == "category":
        return score, score
    spread = indicator.uncertainty
    low = pd.to_numeric(rows["low"], errors="coerce").to_numpy(float) * (1.0 - spread)
    high = pd.to_numeric(rows["high"], errors="coerce").to_numpy(float) * (1.0 + spread)
    ends = np.vstack([score_of(indicator, pd.Series(low)), score_of(indicator, pd.Series(high)), score])
    known = ~np.isnan(score)
    lowest = np.where(known, np.nanmin(np.where(known, ends, 0.0), axis=0), np.nan)
    highest = np.where(known, np.nanmax(np.where(known, ends, 0.0), axis=0), np.nan)
    return lowest, highest


def totals(scores: pd.DataFrame) -> pd.DataFrame:
    """Add up scores per project: the weighted mean of what is known, and how much of the weight that is.

    Returns
    -------
    DataFrame
        Index project_id; score, score_societal, score_urgency, score_feasibility (0-100, NaN if nothing is
        known) and coverage (0-1).
    """
    known = scores.assign(
        used=scores["weight"].where(scores["score"].notna(), 0.0),
        points=(scores["weight"] * scores["score"]).fillna(0.0),
    )
    per = known.groupby(["project_id", "criterion"])[["used", "points", "weight"]].sum()
    per = per.assign(mean=per["points"] / per["used"].where(per["used"] > 0)).reset_index()
    criterion = per.pivot_table(index="project_id", columns="criterion", values="mean", dropna=False)
    whole = known.groupby("project_id")[["used", "points", "weight"]].sum()
    out = criterion.reindex(columns=["societal", "urgency", "feasibility"]).add_prefix("score_")
    return out.assign(
        score=whole["points"] / whole["used"].where(whole["used"] > 0),
        coverage=whole["used"] / whole["weight"],
    )


def order(score: pd.Series, priority: pd.Series, margin: float, thin: pd.Series | None = None) -> pd.Series:
    """Rank projects: by score, and by priority class where the scores do not differ.

    Going down from the highest score, a project belongs to the running group if it is at most ``margin``
    below the first of that group; within a group the priority class decides, then the score, then the id.
    Projects marked ``thin`` (too little is known of them) come after all others, in the same way.

    Returns
    -------
    Series
        Rank from 1 by project_id; NaN for projects without a score.
    """
    ranked = pd.DataFrame({"score": score, "priority": priority}).dropna(subset="score")
    ranked = ranked.assign(thin=False if thin is None else thin.reindex(ranked.index).astype(bool))
    ranked = ranked.sort_index().sort_values(["thin", "score"], ascending=[True, False], kind="stable")
    group, first, was_thin = [], np.inf, False
    count = 0
    for value, is_thin in zip(ranked["score"], ranked["thin"], strict=True):
        if first - value > margin or is_thin != was_thin:
            count, first, was_thin = count + 1, value, is_thin
        group.append(count)
    ranked = ranked.assign(group=group).sort_values(
        ["group", "priority", "score"], ascending=[True, True, False], kind="stable"
    )
    return pd.Series(np.arange(1, len(ranked) + 1, dtype=float), index=ranked.index).reindex(score.index)
