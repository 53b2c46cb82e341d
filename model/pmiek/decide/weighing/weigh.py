"""Weigh the long list: scores, rank, stability, and a data request for everything unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pmiek.decide.projects.tables import REQUEST_COLUMNS, CandidateSet, TablesLike, join_ids, text
from pmiek.decide.weighing.framework import Framework
from pmiek.decide.weighing.indicators import (
    Facts,
    above_storylines,
    applies,
    gather,
    group_share,
    indicator_values,
)
from pmiek.decide.weighing.lists import LISTS, MEDIUM_VOLTAGE, lists_of
from pmiek.decide.weighing.packages import packages
from pmiek.decide.weighing.robustness import draw_scores, robustness_table, swap_table
from pmiek.decide.weighing.scoring import joined, order, places, score_table, totals
from pmiek.errors import RequestError
from pmiek.ids import slug

SCORE_COLUMNS = [
    "project_id", "criterion", "indicator", "value", "unit", "score", "points", "weight", "kind", "source",
]  # fmt: skip
RANGE_COLUMNS = ["score_low", "score_high", "open"]
JUDGMENT_COLUMNS = ["project_id", "indicator", "score", "author_role", "date", "reason"]


@dataclass(frozen=True)
class WeighResult:
    """The weighed long list.

    Attributes
    ----------
    candidates : DataFrame
        The candidates with scores (0-100), coverage (0-1), list, rank on that list, rank_stability (text),
        priority_class, probability_top and rank_p10, rank_p90; sorted by list and rank.
    scores : DataFrame
        One row per project and indicator: ``SCORE_COLUMNS`` plus ``RANGE_COLUMNS``.
    robustness : DataFrame
        One row per project: probability of being in the top N, rank and score quantiles.
    swaps : DataFrame
        Pairs whose order cannot be claimed.
    data_requests : DataFrame
        The requests of the long list plus one per unknown indicator.
    """

    candidates: pd.DataFrame
    scores: pd.DataFrame
    robustness: pd.DataFrame
    swaps: pd.DataFrame
    data_requests: pd.DataFrame


def weigh(  # noqa: PLR0917 - one argument per table
    candidate_set: CandidateSet,
    shares: pd.DataFrame,
    framework: Framework,
    tables: TablesLike,
    judgments: pd.DataFrame,
    seed: int,
    *,
    reference_year: int | None = None,
    mv_lv: pd.DataFrame | None = None,
    dependencies: pd.DataFrame | None = None,
    unlocks: pd.DataFrame | None = None,
) -> WeighResult:
    """Score, rank and test the order of the long list; candidates themselves are not changed.

    Parameters
    ----------
    candidate_set : CandidateSet
        Output of ``pmiek.decide.projects.candidates``.
    shares : DataFrame
        ``bottleneck_shares``.
    framework : Framework
        Criteria, indicators, priority classes.
    tables : TablesLike
        Checked inputs: regions, grid/service_areas, grid/resplits, areas/area_tasks.
    judgments : DataFrame
        ``weighing/judgments``: project_id, indicator, score (0-100), author_role, date, reason.
    seed : int
        Same seed, same stability.
    reference_year : int, optional
        Year in which requests are due; by default the earliest ``start_by_year``.
    mv_lv : DataFrame, optional
        Result table ``mv_lv``; without it the stations of medium and low voltage stay unknown.
    dependencies : DataFrame, optional
        ``project_dependencies``; projects that are of no use without each other are scored as one package.
    unlocks : DataFrame, optional
        ``project_unlocks``: what projects were measured to take away. It goes before the shortage at their assets,
        and the questions of ``measured_effect_replaces`` drop out there.

    Returns
    -------
    WeighResult
        Scores, ranks, robustness, swaps, requests.

    Raises
    ------
    ValueError
        If the framework names an unknown model figure, or a judgment an unknown project or indicator.
    """
    candidates = candidate_set.candidates
    _check_judgments(judgments, candidates, framework)
    if candidates.empty:
        return _nothing(candidate_set)
    together = packages(candidates, dependencies)
    facts = gather(candidate_set, shares, framework, tables, mv_lv, package=together, unlocks=unlocks)
    values = indicator_values(facts, framework, judgments)
    scores = joined(score_table(values, framework, applies(facts, framework)), together)
    total = totals(scores)
    position = {c.id: i for i, c in enumerate(framework.priority_classes)}
    priority = _of_package(priority_class(facts, framework), together, position)
    ranked = ranked_lists(
        scores,
        total["score"],
        framework,
        seed,
        priority=priority.map(position),
        name=lists_of(candidates),
        package=together,
    )
    weighed = _add(candidates, total, ranked, priority).assign(
        package=lambda frame: frame["project_id"].map(together).fillna(""),
        above_storylines_mw=lambda frame: frame["project_id"].map(above_storylines(facts)),
    )
    year = reference_year if reference_year is not None else _first_start(candidates)
    asked = _requests(scores, candidates, framework, year)
    return WeighResult(
        candidates=weighed,
        scores=scores[[*SCORE_COLUMNS, *RANGE_COLUMNS]],
        robustness=ranked.robustness,
        swaps=ranked.swaps,
        data_requests=pd.concat([candidate_set.data_requests, asked], ignore_index=True),
    )


@dataclass(frozen=True)
class Ranked:
    """Places per list.

    Attributes
    ----------
    name, rank : Series
        List and place on it, by project_id.
    robustness, swaps : DataFrame
        Of all lists, one under another; places and pairs are of one list each.
    """

    name: pd.Series
    rank: pd.Series
    robustness: pd.DataFrame
    swaps: pd.DataFrame


def ranked_lists(
    scores: pd.DataFrame,
    total: pd.Series,
    framework: Framework,
    seed: int,
    *,
    priority: pd.Series,
    name: pd.Series,
    package: pd.Series,
) -> Ranked:
    """Rank each list by itself and test its order.

    The range of a rank is that of 80 % of the draws, and always holds the rank: a place that follows from what is
    known today is one of the places that may come out.

    Parameters
    ----------
    scores : DataFrame
        Points of every project and question.
    total, priority, name, package : Series
        By project_id: score, position of the priority class, list, and package (empty for none).
    framework : Framework
        Margin, weights and settings of the test.
    seed : int
        Same seed, same stability.
    """
    rank = pd.Series(float("nan"), index=total.index)
    robust, swaps = [], []
    for on, of_list in name.groupby(name, sort=True):
        ids = of_list.index
        medium = on == MEDIUM_VOLTAGE
        here = order(total.reindex(ids), priority.reindex(ids), framework.tie_margin_points)
        draws, columns = draw_scores(
            scores[scores["project_id"].isin(ids)], framework, seed, medium_voltage=medium, package=package
        )
        place = places(draws, priority.reindex(columns).to_numpy(float), framework.tie_margin_points)
        rank.loc[here.index] = here
        table = robustness_table(place, draws, columns, framework)
        stated = table["project_id"].map(here)
        robust.append(
            table.assign(
                rank_p10=table["rank_p10"].where(~(stated < table["rank_p10"]), stated),
                rank_p90=table["rank_p90"].where(~(stated > table["rank_p90"]), stated),
            )
        )
        swaps.append(swap_table(place, draws, columns, here, framework))
    return Ranked(name, rank, *(pd.concat(parts, ignore_index=True) for parts in (robust, swaps)))


def _of_package(priority: pd.Series, package: pd.Series, position: Mapping[str, int]) -> pd.Series:
    """Give the parts of a package its first class: with one score each, another class would tear them apart."""
    name = package.reindex(priority.index).fillna("")
    whole = name.where(name != "", priority.index.to_series())
    first = priority.map(position).groupby(whole).transform("min")
    return first.map({place: kind for kind, place in position.items()})


def _first_start(candidates: pd.DataFrame) -> int:
    first = candidates["start_by_year"].astype(float).min()
    return int(first) if first > 0 else 0


def _nothing(candidate_set: CandidateSet) -> WeighResult:
    return WeighResult(
        candidate_set.candidates,
        pd.DataFrame(columns=[*SCORE_COLUMNS, *RANGE_COLUMNS]),
        pd.DataFrame(columns=["project_id", "probability_top", "top", "rank_p10", "rank_p50", "rank_p90"]),
        pd.DataFrame(columns=["project_id", "other_id", "probability"]),
        candidate_set.data_requests,
    )


def _check_judgments(judgments: pd.DataFrame, candidates: pd.DataFrame, framework: Framework) -> None:
    if judgments.empty:
        return
    unknown = sorted(set(text(judgments["indicator"])) - {i.id for i in framework.indicators})
    lost = sorted(set(text(judgments["project_id"])) - set(candidates["project_id"]))
    if unknown or lost:
        message = (
            f"judgments name unknown indicators {unknown} or projects {lost}; correct or remove these rows"
        )
        raise RequestError(message)


def priority_class(facts: Facts, framework: Framework) -> pd.Series:
    """Return the priority class of each project: the first class whose direction and group fit.

    The direction is that of the larger need; the group is the one with the largest share of its peak.
    """
    groups = tuple(framework.sector_groups)
    shares = pd.DataFrame({g: group_share(facts, "take-off", (g,)) for g in groups})
    largest = shares.fillna(-1.0).idxmax(axis=1).where(shares.notna().any(axis=1), "")
    take = facts.take_off["exceedance_mw_median"].astype(float).fillna(0.0)
    feed = facts.feed_in["exceedance_mw_median"].astype(float).fillna(0.0)
    direction = pd.Series("any", index=take.index).mask(take > 0, "take-off").mask((feed > take), "feed-in")
    out = pd.Series("", index=take.index, dtype=object)
    for rule in reversed(framework.priority_classes):
        fits = (
            pd.Series(data=True, index=take.index)
            if rule.direction == "any"
            else direction.eq(rule.direction)
        )
        if rule.group:
            fits &= largest.eq(rule.group)
        out = out.mask(fits, rule.id)
    return out


def _add(candidates: pd.DataFrame, total: pd.DataFrame, ranked: Ranked, priority: pd.Series) -> pd.DataFrame:
    out = candidates.set_index("project_id")
    out = out.assign(
        **{c: total[c] for c in total.columns}, rank=ranked.rank, list=ranked.name, priority_class=priority
    )
    per = ranked.robustness.set_index("project_id")
    out = out.assign(**{c: per[c] for c in ("probability_top", "rank_p10", "rank_p90")})
    words = [
        "" if pd.isna(place) else f"{low:.0f}-{high:.0f}"
        for low, high, place in zip(out["rank_p10"], out["rank_p90"], out["rank"], strict=True)
    ]
    shown = out["list"].map({name: at for at, name in enumerate(LISTS)})
    out = out.assign(rank_stability=words, shown=shown).reset_index()
    out = out.sort_values(["shown", "rank", "project_id"], kind="stable").drop(columns="shown")
    first = [c for c in candidates.columns if c in out.columns]
    return out[[*first, *(c for c in out.columns if c not in first)]].reset_index(drop=True)


def _requests(
    scores: pd.DataFrame, candidates: pd.DataFrame, framework: Framework, year: int
) -> pd.DataFrame:
    """One request per unknown indicator and addressee: an operator, a municipality or the province."""
    parts = []
    place = candidates.set_index("project_id")[["operator", "municipality", "asset_ids", "carrier"]]
    for indicator in framework.indicators:
        if indicator.request is None:
            continue
        rows = scores[(scores["indicator"] == indicator.id) & (scores["kind"] == "unknown")]
        rows = rows[["project_id"]].join(place, on="project_id")
        if indicator.medium_voltage:
            rows = rows[rows["carrier"] == "electricity"]
        who = {"operator": text(rows["operator"]), "municipality": text(rows["municipality"])}.get(
            indicator.request.who, pd.Series("provincie", index=rows.index)
        )
        rows = rows.assign(who=who.where(who != "", "provincie").str.split(";")).explode("who")
        rows = rows.assign(who=rows["who"].str.strip())
        for name, part in rows.groupby("who"):
            parts.append(
                {
                    "request_id": slug(indicator.id, str(name)),
                    "operator": str(name),
                    "asset_id": join_ids(part["asset_ids"].str.split(";").explode()),
                    "what": indicator.request.what,
                    "why": indicator.request.why,
                    "format": indicator.request.format,
                    "by_when": f"{year}-{indicator.request.by_when_month_day}",
                    "affects_projects": join_ids(part["project_id"]),
                }
            )
    return pd.DataFrame(parts, columns=REQUEST_COLUMNS)
