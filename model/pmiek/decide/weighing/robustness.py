"""How stable the order is when weights and indicator values move within their ranges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.weighing.framework import Framework

Array = npt.NDArray[np.float64]
CHUNK = 1000


def draw_scores(scores: pd.DataFrame, framework: Framework, seed: int) -> tuple[Array, list[str]]:
    """Draw total scores.

    Weights come from a Dirichlet distribution around the framework's weights; each score is drawn evenly
    between its low and high end. An unknown is drawn over its whole scale; a question that does not apply to a
    project (weight 0) stays out of its mean.

    Returns
    -------
    array
        draws x projects.
    list of str
        Project ids in the order of the columns.
    """
    names = [i.id for i in framework.indicators]
    wide = {c: scores.pivot_table(index="project_id", columns="indicator", values=c, dropna=False) for c in
            ("score_low", "score_high")}  # fmt: skip
    low, high = (wide[c].reindex(columns=names).to_numpy(float) for c in ("score_low", "score_high"))
    asked = scores.pivot_table(index="project_id", columns="indicator", values="weight", dropna=False)
    asks = asked.reindex(index=wide["score_low"].index, columns=names).to_numpy(float) > 0
    known = (~np.isnan(low) & asks).astype(float)
    low, width = np.nan_to_num(low), np.nan_to_num(high - low)
    weights = framework.weights()
    alpha = np.array([weights[name] for name in names]) * framework.robustness.concentration
    generator = np.random.default_rng(seed)
    out = np.empty((framework.robustness.draws, len(low)))
    for start in range(0, len(out), CHUNK):
        stop = min(start + CHUNK, len(out))
        weight = generator.dirichlet(alpha, size=stop - start)
        part = generator.random((stop - start, *low.shape), dtype=np.float32)
        part *= width.astype(np.float32)
        total = weight @ (low * known).T + np.einsum("di,dpi->dp", weight, part * known.astype(np.float32))
        used = weight @ known.T
        out[start:stop] = np.divide(total, used, out=np.full_like(total, np.nan), where=used > 0)
    return out, list(wide["score_low"].index.astype(str))


def ranks(draws: Array) -> Array:
    """Rank per draw, 1 is best; projects without a score come last."""
    filled = np.where(np.isnan(draws), -np.inf, draws)
    place = np.argsort(np.argsort(-filled, axis=1, kind="stable"), axis=1)
    return place.astype(float) + 1.0


def robustness_table(draws: Array, ids: list[str], framework: Framework) -> pd.DataFrame:
    """Summarise the draws per project.

    Parameters
    ----------
    draws : array
        draws x projects.
    ids : list of str
        Projects in the order of the columns.
    framework : Framework
        Gives the N of the top N.

    Returns
    -------
    DataFrame
        project_id, probability_top (0-1), top (the N), rank_p10, rank_p50, rank_p90, score_p10, score_p90.
    """
    place = ranks(draws)
    low, mid, high = np.quantile(place, [0.1, 0.5, 0.9], axis=0, method="nearest")
    scored = np.where(np.isnan(draws), 0.0, draws)
    return pd.DataFrame(
        {
            "project_id": ids,
            "probability_top": (place <= framework.robustness.top).mean(axis=0),
            "top": framework.robustness.top,
            "rank_p10": low,
            "rank_p50": mid,
            "rank_p90": high,
            "score_p10": np.quantile(scored, 0.1, axis=0),
            "score_p90": np.quantile(scored, 0.9, axis=0),
        }
    )


def swap_table(draws: Array, ids: list[str], rank: pd.Series, framework: Framework) -> pd.DataFrame:
    """Pairs whose order cannot be claimed.

    Returns
    -------
    DataFrame
        project_id (the one placed higher), other_id, probability (that the order holds), sorted by rank; only
        pairs below ``certain_share``.
    """
    columns = ["project_id", "other_id", "probability"]
    placed = [p for p in rank.dropna().sort_values().index if p in ids]
    where = {p: ids.index(p) for p in placed}
    ordered = draws[:, [where[p] for p in placed]]
    rows = []
    for i, name in enumerate(placed[:-1]):
        above, below = ordered[:, [i]], ordered[:, i + 1 :]
        holds = (above > below).mean(axis=0) + 0.5 * (above == below).mean(axis=0)
        open_pairs = np.flatnonzero(holds < framework.robustness.certain_share)
        rows += [(name, placed[i + 1 + j], float(holds[j])) for j in open_pairs]
    return pd.DataFrame(rows, columns=columns)
