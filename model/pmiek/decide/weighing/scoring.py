"""From values to scores: piecewise scales, weights, coverage, and the order with its priority rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.weighing.framework import Framework, Indicator

Array = npt.NDArray[np.float64]
OF_PACKAGE = "package"
"""Kind of a question that a project answers through another part of its package."""


def score_of(indicator: Indicator, values: pd.Series) -> Array:
    """Score values on the indicator's scale; NaN where the value is unknown or a word without a score."""
    if indicator.direction == "category":
        return np.asarray(values.map(indicator.categories), dtype=np.float64)
    x = pd.to_numeric(values, errors="coerce").to_numpy(float)
    points = np.array(indicator.scale, dtype=float)
    return np.where(np.isnan(x), np.nan, np.interp(x, points[:, 0], points[:, 1]))


def score_table(
    values: pd.DataFrame, framework: Framework, applies: tuple[pd.DataFrame, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Score all indicators.

    Parameters
    ----------
    values : DataFrame
        Output of ``indicator_values``.
    framework : Framework
        Scales, weights, sources.
    applies : tuple of DataFrame, optional
        Output of :func:`pmiek.decide.weighing.indicators.applies`: projects x indicators, the weight and why a
        question has none; without it all questions count for all.

    Returns
    -------
    DataFrame
        project_id, criterion, indicator, value, unit, score (NaN where unknown), points (what counts: the
        score, or what an unknown counts for), score_low, score_high, weight (0 where it does not count), kind
        (model, judgment, unknown, not_applicable, replaced), open (whether it is unknown), source.
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
    scores = pd.concat(parts, ignore_index=True).sort_values("project_id", kind="stable")
    scores = scores.reset_index(drop=True)
    if applies is not None:
        row_of, column_of = (
            applies[0].index.get_indexer(pd.Index(scores["project_id"])),
            applies[0].columns.get_indexer(pd.Index(scores["indicator"])),
        )
        reason = applies[1].to_numpy(object)[row_of, column_of]
        scores = scores.assign(
            weight=applies[0].to_numpy(float)[row_of, column_of],
            kind=np.where(reason == "", scores["kind"].to_numpy(object), reason),
        )
    return with_unknowns(scores, framework)


def with_unknowns(scores: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Say what an unknown counts for, so that silence never pays and an answer never costs.

    An unknown lies anywhere on the indicator's scale, which is its range in the stability test. In the score it
    counts for the low end of that scale. Any end above it, such as a quantile of the answers that others gave, would
    make silence pay for each project whose honest answer lies below; and it would let a project that joins the list
    change the order of two others. What can be gained by an answer is the width that is shown.
    """
    ends = {i.id: _scale_ends(i) for i in framework.indicators}
    low_end, high_end = (scores["indicator"].map({k: v[n] for k, v in ends.items()}) for n in (0, 1))
    unknown = scores["kind"].eq("unknown")
    return scores.assign(
        points=scores["score"].where(~unknown, low_end),
        score_low=scores["score_low"].where(~unknown, low_end),
        score_high=scores["score_high"].where(~unknown, high_end),
        open=unknown,
    )


def _scale_ends(indicator: Indicator) -> tuple[float, float]:
    found = list(indicator.categories.values()) or [score for _, score in indicator.scale]
    return float(min(found)), float(max(found))


def joined(scores: pd.DataFrame, package: pd.Series) -> pd.DataFrame:
    """Give the parts of a package the points of the whole.

    Parts that are of no use without each other stop one harm together: it counts once, as the part in which it is
    largest. What makes a project hard adds up or is as slow as its slowest part, so there the worst part counts;
    cost and space were added before they were scored.

    Parameters
    ----------
    scores : DataFrame
        Output of :func:`score_table`.
    package : Series
        Name of the package by project_id; empty for a project on its own.
    """
    name = scores["project_id"].map(package).fillna("")
    out = scores.copy()
    for _, part in scores[name != ""].assign(package=name).groupby(["package", "indicator"]):
        asked = part[part["weight"] > 0]
        if asked.empty:
            continue
        worst = asked["criterion"].iloc[0] == "feasibility"
        order_by = asked["points"].astype(float)
        best = order_by.idxmin() if worst else order_by.idxmax()
        columns = ["points", "score_low", "score_high", "open"]
        out.loc[part.index, columns] = part.loc[[best] * len(part), columns].to_numpy()
        # A question that one part answers counts for all: with other questions the parts would score apart.
        silent = part.index.difference(asked.index)
        out.loc[part.index, "weight"] = asked["weight"].max()
        out.loc[silent, "kind"] = OF_PACKAGE
    return out.assign(open=out["open"].astype(bool))


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
    """Add up points per project, and say how much of the weight is known.

    Unknowns count for what :func:`with_unknowns` says; a question that does not apply has no weight.

    Returns
    -------
    DataFrame
        Index project_id; score, score_societal, score_urgency, score_feasibility (0-100, NaN if nothing is
        known) and coverage (0-1).
    """
    known = scores.assign(
        used=scores["weight"].where(~scores["open"].astype(bool), 0.0),
        points=(scores["weight"] * scores["points"]).fillna(0.0),
    )
    per = known.groupby(["project_id", "criterion"])[["used", "points", "weight"]].sum()
    per = per.assign(mean=per["points"] / per["weight"].where(per["weight"] > 0)).reset_index()
    criterion = per.pivot_table(index="project_id", columns="criterion", values="mean", dropna=False)
    whole = known.groupby("project_id")[["used", "points", "weight"]].sum()
    out = criterion.reindex(columns=["societal", "urgency", "feasibility"]).add_prefix("score_")
    return out.assign(
        score=whole["points"] / whole["weight"].where(whole["weight"] > 0),
        coverage=whole["used"] / whole["weight"].where(whole["weight"] > 0),
    )


def order(score: pd.Series, priority: pd.Series, margin: float) -> pd.Series:
    """Rank projects: by score, and by priority class where the scores do not differ.

    Going down from the highest score, a project belongs to the running group if it is at most ``margin``
    below the first of that group; within a group the priority class decides, then the score, then the id.
    How little is known of a project moves it through what its unknowns count for, never by a cliff.

    Returns
    -------
    Series
        Rank from 1 by project_id; NaN for projects without a score.
    """
    ranked = pd.DataFrame({"score": score, "priority": priority}).dropna(subset="score")
    ranked = ranked.sort_index().sort_values("score", ascending=False, kind="stable")
    group, first, count = [], np.inf, 0
    for value in ranked["score"]:
        if first - value > margin:
            count, first = count + 1, value
        group.append(count)
    ranked = ranked.assign(group=group).sort_values(
        ["group", "priority", "score"], ascending=[True, True, False], kind="stable"
    )
    return pd.Series(np.arange(1, len(ranked) + 1, dtype=float), index=ranked.index).reindex(score.index)


def places(scores: Array, priority: Array, margin: float) -> Array:
    """Rank many draws by the rule of :func:`order`.

    Parameters
    ----------
    scores : array
        draws x projects, in the order of their ids; NaN comes last.
    priority : array
        Position of each project's priority class, lower goes first.
    margin : float
        Points within which the priority class decides.

    Returns
    -------
    array
        draws x projects: places from 1.
    """
    filled = np.nan_to_num(scores, nan=-1e6)
    by_score = np.argsort(-filled, axis=1, kind="stable")
    sorted_scores = np.take_along_axis(filled, by_score, axis=1)
    group = np.zeros(filled.shape)
    first = sorted_scores[:, 0].copy() if filled.shape[1] else np.zeros(len(filled))
    for at in range(1, filled.shape[1]):
        apart = first - sorted_scores[:, at] > margin
        group[:, at] = group[:, at - 1] + apart
        first = np.where(apart, sorted_scores[:, at], first)
    step = float(priority.max(initial=0.0)) + 1.0
    within = np.argsort(group * step + priority[by_score], axis=1, kind="stable")
    out = np.empty(filled.shape)
    final = np.take_along_axis(by_score, within, axis=1)
    np.put_along_axis(out, final, np.arange(1.0, filled.shape[1] + 1.0)[None, :], axis=1)
    return out
