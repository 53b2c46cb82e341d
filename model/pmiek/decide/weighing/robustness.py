"""How stable the order is when weights and indicator values move within their ranges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.weighing.framework import Framework

Array = npt.NDArray[np.float64]
CHUNK = 1000


def draw_scores(
    scores: pd.DataFrame,
    framework: Framework,
    seed: int,
    *,
    medium_voltage: bool = False,
    package: pd.Series | None = None,
) -> tuple[Array, list[str]]:
    """Draw total scores of one list.

    Weights come from a Dirichlet distribution around the framework's weights; each score is drawn evenly
    between its low and high end. What is unknown of a project stays unknown in ``unanswered_share`` of the draws and
    counts for its low end there, as it does in the rank; in the others it is answered, evenly over its whole scale.
    So the range holds both what is known today and what answers may change. A question that does not count for a
    project (weight 0) stays out of its mean; the parts of a package are drawn as one.

    Parameters
    ----------
    scores : DataFrame
        Output of :func:`pmiek.decide.weighing.scoring.score_table`, of the projects of the list.
    framework : Framework
        Weights and settings of the test.
    seed : int
        Same seed, same draws.
    medium_voltage : bool
        Whether the weights are those of medium and low voltage.
    package : Series, optional
        Package by project_id; empty for a project on its own.

    Returns
    -------
    array
        draws x projects.
    list of str
        Project ids in the order of the columns.
    """
    weights = framework.weights(medium_voltage=medium_voltage)
    names = [name for name, weight in weights.items() if weight > 0]
    wide = {
        c: scores.assign(open=scores["open"].astype(float)).pivot_table(
            index="project_id", columns="indicator", values=c, dropna=False
        )
        for c in ("score_low", "score_high", "weight", "open")
    }
    low, high, asked, unknown = (frame.reindex(columns=names).to_numpy(float) for frame in wide.values())
    known = (~np.isnan(low) & (asked > 0)).astype(float)
    low, width, unknown = np.nan_to_num(low), np.nan_to_num(high - low), np.nan_to_num(unknown)
    ids = list(wide["weight"].index.astype(str))
    units, unit_of = _units(ids, package)
    alpha = np.array([weights[name] for name in names]) * framework.robustness.concentration
    generator = np.random.default_rng(seed)
    out = np.empty((framework.robustness.draws, len(low)))
    spread = (width * known).astype(np.float32)
    for start in range(0, len(out), CHUNK):
        stop = min(start + CHUNK, len(out))
        weight = generator.dirichlet(alpha, size=stop - start)
        part = generator.random((stop - start, units, len(names)), dtype=np.float32)[:, unit_of]
        silent = generator.random((stop - start, units)) < framework.robustness.unanswered_share
        part *= 1.0 - silent[:, unit_of, None] * unknown[None].astype(np.float32)
        total = weight @ (low * known).T + np.einsum("di,dpi->dp", weight, part * spread)
        used = weight @ known.T
        out[start:stop] = np.divide(total, used, out=np.full_like(total, np.nan), where=used > 0)
    return out, ids


def _units(ids: list[str], package: pd.Series | None) -> tuple[int, npt.NDArray[np.int64]]:
    """Give how many things are drawn, and which of them each project is: a package is one."""
    names = pd.Series(ids, index=ids, dtype=object)
    if package is not None:
        own = package.reindex(ids).fillna("")
        names = own.where(own != "", names)
    codes, found = pd.factorize(names)
    return len(found), codes.astype(np.int64)


def robustness_table(place: Array, draws: Array, ids: list[str], framework: Framework) -> pd.DataFrame:
    """Summarise the draws per project.

    Parameters
    ----------
    place : array
        draws x projects: places, by :func:`pmiek.decide.weighing.scoring.places`.
    draws : array
        draws x projects: scores.
    ids : list of str
        Projects in the order of the columns.
    framework : Framework
        Gives the N of the top N.

    Returns
    -------
    DataFrame
        project_id, probability_top (0-1), top (the N), rank_p10, rank_p50, rank_p90, score_p10, score_p90.
    """
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


def swap_table(
    place: Array, draws: Array, ids: list[str], rank: pd.Series, framework: Framework
) -> pd.DataFrame:
    """Pairs whose order cannot be claimed.

    Parameters
    ----------
    place, draws : array
        draws x projects: places and scores. Projects with the same score in a draw, such as the parts of a package,
        have no order there: it counts for one half.
    ids : list of str
        Projects in the order of the columns.
    rank : Series
        Stated rank by project_id.
    framework : Framework
        Gives the share from which an order is claimed.

    Returns
    -------
    DataFrame
        project_id (the one placed higher), other_id, probability (that the order holds), sorted by rank; only
        pairs below ``certain_share``.
    """
    columns = ["project_id", "other_id", "probability"]
    placed = [p for p in rank.dropna().sort_values().index if p in ids]
    where = {p: ids.index(p) for p in placed}
    at, scored = (frame[:, [where[p] for p in placed]] for frame in (place, draws))
    rows = []
    for i, name in enumerate(placed[:-1]):
        equal = scored[:, [i]] == scored[:, i + 1 :]
        above = at[:, [i]] < at[:, i + 1 :]
        holds = np.where(equal, 0.5, above).mean(axis=0)
        open_pairs = np.flatnonzero(holds < framework.robustness.certain_share)
        rows += [(name, placed[i + 1 + j], float(holds[j])) for j in open_pairs]
    return pd.DataFrame(rows, columns=columns)
