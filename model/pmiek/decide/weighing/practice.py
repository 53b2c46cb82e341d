"""Practice: other weights on scores that are known, for the previous list or the whole one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmiek.decide.projects.tables import as_bool, text
from pmiek.decide.weighing.framework import CRITERIA, Framework
from pmiek.decide.weighing.lists import MEDIUM_VOLTAGE
from pmiek.decide.weighing.scoring import totals
from pmiek.decide.weighing.weigh import ranked_lists
from pmiek.errors import RequestError

PRACTICE_COLUMNS = [
    "list", "rank", "project_id", "name", "type", "score", "score_societal", "score_urgency", "score_feasibility",
    "coverage", "probability_top", "rank_p10", "rank_p90", "rank_now",
]  # fmt: skip


def reweighted(framework: Framework, weights: Mapping[str, float]) -> Framework:
    """Give criteria other weights; those that are not named share what is left as they did.

    Parameters
    ----------
    framework : Framework
        Stated weights.
    weights : mapping of str to float
        Criterion to its weight, 0 to 1.

    Raises
    ------
    RequestError
        If a criterion is unknown or the weights leave no room.
    """
    unknown = sorted(set(weights) - set(CRITERIA))
    if unknown:
        message = f"unknown criteria {unknown}; they are {', '.join(CRITERIA)}"
        raise RequestError(message)
    left = 1.0 - sum(weights.values())
    others = sum(c.weight for c in framework.criteria if c.id not in weights)
    if min([*weights.values(), 1.0]) <= 0 or left < -1e-9 or (others > 0 and left <= 0):
        message = "weights must be above 0, and together with those not named they add to 1"
        raise RequestError(message)
    scale = left / others if others else 0.0
    if not others and abs(left) > 1e-9:
        message = f"the weights add to {sum(weights.values()):g} and not to 1"
        raise RequestError(message)
    criteria = tuple(
        c.model_copy(update={"weight": weights.get(c.id, c.weight * scale)}) for c in framework.criteria
    )
    return framework.model_copy(update={"criteria": criteria})


def practice(
    candidates: pd.DataFrame, scores: pd.DataFrame, framework: Framework, only: list[str], seed: int
) -> pd.DataFrame:
    """Rank projects with other weights; scores per indicator stay what the model and people gave.

    Parameters
    ----------
    candidates : DataFrame
        The weighed list.
    scores : DataFrame
        ``scores``: one row per project and indicator.
    framework : Framework
        Weights to try; its scales are not applied again.
    only : list of str
        Projects to rank; all if empty.
    seed : int
        Of the weight draws.

    Returns
    -------
    DataFrame
        Columns ``PRACTICE_COLUMNS``, best first per list; ``rank`` is the place among those that are tried on the
        same list, ``rank_now`` the place on that list as it stands.

    Raises
    ------
    ValueError
        If none of the projects is on the list.
    """
    listed = candidates.set_index("project_id")
    chosen = [p for p in listed.index if not only or p in only]
    known = scores[scores["project_id"].isin(chosen) & scores["indicator"].isin(framework.weights())]
    if known.empty:
        message = "none of these projects is on the list of this batch"
        raise ValueError(message)
    medium = known["project_id"].map(listed["list"]).eq(MEDIUM_VOLTAGE)
    usual, own = (known["indicator"].map(framework.weights(medium_voltage=m)) for m in (False, True))
    asked = known["weight"].astype(float).gt(0)
    known = known.assign(
        weight=usual.mask(medium, own).where(asked, 0.0), open=as_bool(known["open"])
    ).reset_index(drop=True)
    total = totals(known)
    position = {c.id: float(i) for i, c in enumerate(framework.priority_classes)}
    of = listed.reindex(total.index)
    priority = of["priority_class"].map(position)
    ranked = ranked_lists(
        known,
        total["score"],
        framework,
        seed,
        priority=priority,
        name=of["list"],
        package=text(of["package"]),
    )
    robust = ranked.robustness.set_index("project_id")
    out = total.assign(
        list=of["list"],
        rank=ranked.rank,
        rank_now=of["rank"],
        name=of["name"],
        type=of["type"],
        **{c: robust[c] for c in ("probability_top", "rank_p10", "rank_p90")},
    )
    return out.reset_index().sort_values(["list", "rank", "project_id"], ignore_index=True)[PRACTICE_COLUMNS]
