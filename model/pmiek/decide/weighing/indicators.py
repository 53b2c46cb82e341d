"""What the model knows of each indicator: value with low and high per project, NaN where it is unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmiek.decide.effects.measure import PACKAGE
from pmiek.decide.projects.tables import CandidateSet, TablesLike, explode_ids, optional, text
from pmiek.decide.projects.waiting import waiting_lists
from pmiek.decide.weighing.framework import Framework
from pmiek.decide.weighing.lists import MEDIUM_VOLTAGE_CLASSES
from pmiek.errors import RequestError

DISTRICT_COLUMNS = ["asset_id", "gm_code", "storyline", "year", "stations"]
RENEWABLE = ("solar", "wind", "green_gas")
KILO_PER_MEGA = 1000.0
MUNICIPALITY_SHARE_MIN = 0.05


@dataclass(frozen=True)
class Facts:
    """Everything that the figures are made from; frames are indexed by project_id.

    Attributes
    ----------
    candidates : DataFrame
        The long list.
    take_off, feed_in : DataFrame
        The need that sizes the project, per direction: exceedance_mw, hours, energy_mwh with low and high.
    shares : DataFrame
        Mean share of the peak per project, direction, sector and municipality, with the sector's group.
    tables : TablesLike
        Checked inputs.
    modelled : Series of bool
        Whether the model looked for a need at all.
    districts : DataFrame
        ``mv_lv``; may be empty.
    options : DataFrame
        ``project_options``: what each way to solve it costs, at once and a year.
    package : Series
        Name of the package of projects that need each other; empty for one on its own.
    measured : DataFrame
        Effect per project where it was measured, of a package as a whole; columns ``MEASURED``.
    """

    candidates: pd.DataFrame
    take_off: pd.DataFrame
    feed_in: pd.DataFrame
    shares: pd.DataFrame
    tables: TablesLike
    modelled: pd.Series
    districts: pd.DataFrame
    options: pd.DataFrame
    package: pd.Series
    measured: pd.DataFrame


def gather(
    candidate_set: CandidateSet,
    shares: pd.DataFrame,
    framework: Framework,
    tables: TablesLike,
    mv_lv: pd.DataFrame | None = None,
    *,
    package: pd.Series | None = None,
    unlocks: pd.DataFrame | None = None,
) -> Facts:
    """Bring together what the indicators need."""
    candidates = candidate_set.candidates.set_index("project_id")
    need = candidate_set.need.merge(
        candidates[["need_state"]].reset_index(), left_on=["project_id", "grid_state"],
        right_on=["project_id", "need_state"],
    )  # fmt: skip
    by_direction = {
        d: need[need["direction"] == d].set_index("project_id").reindex(candidates.index)
        for d in ("take-off", "feed-in")
    }
    modelled = candidates["carrier"].eq("electricity") & (
        text(candidates["asset_ids"]).ne("") | text(candidates["station_id"]).ne("")
    )
    mean = _mean_shares(candidates, shares, framework)
    districts = pd.DataFrame(columns=DISTRICT_COLUMNS) if mv_lv is None else mv_lv
    sides = (by_direction["take-off"], by_direction["feed-in"])
    alone = pd.Series("", index=candidates.index, dtype=object)
    together = alone if package is None else package.reindex(candidates.index).fillna("")
    effects = measured_effects(candidates, together, unlocks)
    return Facts(
        candidates, *sides, mean, tables, modelled, districts, candidate_set.options, together, effects
    )


MEASURED = {"homes_amenities_mw": "take-off", "business_mw": "take-off", "renewable_mwh": "feed-in"}
"""Kinds of harm that a measured project takes away, with their direction."""


def measured_effects(
    candidates: pd.DataFrame, package: pd.Series, unlocks: pd.DataFrame | None
) -> pd.DataFrame:
    """Give per project what it was measured to take away: median, least and most over the storylines.

    A package counts as the whole that was measured, not as the sum of its parts; what one part does without the
    others says little, so a package of which only parts were measured counts as not measured.

    Parameters
    ----------
    candidates : DataFrame
        Index project_id.
    package : Series
        Package by project_id; empty for a project on its own.
    unlocks : DataFrame or None
        ``project_unlocks``.

    Returns
    -------
    DataFrame
        Index project_id; per column of ``MEASURED`` its value, ``_low`` and ``_high``; NaN where not measured.
    """
    names = [f"{name}{end}" for name in MEASURED for end in ("", "_low", "_high")]
    nothing = pd.DataFrame(np.nan, index=candidates.index, columns=names)
    if unlocks is None or unlocks.empty:
        return nothing
    figures = unlocks.assign(
        homes_amenities_mw=unlocks["homes_mw"].astype(float) + unlocks["amenities_mw"].astype(float)
    )
    groups = figures.groupby("project_id")[list(MEASURED)]
    per = groups.median().join(groups.min().add_suffix("_low")).join(groups.max().add_suffix("_high"))
    together = PACKAGE + package
    source = together.where(package != "", package.index.to_series())
    return per.reindex(source.to_numpy()).set_axis(candidates.index)[names].astype(float)


def _mean_shares(candidates: pd.DataFrame, shares: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    columns = ["project_id", "direction", "sector", "gm_code", "share", "group"]
    if shares.empty:
        return pd.DataFrame(columns=columns)
    ids = explode_ids(candidates.reset_index(), "bottleneck_ids", "bottleneck_id")[
        ["project_id", "bottleneck_id"]
    ]
    keys = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    peaks = shares.groupby("bottleneck_id").apply(lambda s: s[keys[1:]].drop_duplicates().shape[0])
    mean = shares.groupby(["bottleneck_id", "sector", "gm_code"], dropna=False)["share"].sum().reset_index()
    mean["share"] /= mean["bottleneck_id"].map(peaks)
    feed_in = text(mean["bottleneck_id"]).str.endswith("feed-in")
    mean = mean.assign(
        direction=np.where(feed_in, "feed-in", "take-off"),
        group=[framework.group_of(s) for s in text(mean["sector"])],
    )
    out = ids.merge(mean, on="bottleneck_id")
    several = out.groupby(["project_id", "direction"])["bottleneck_id"].transform("nunique")
    return out.assign(share=out["share"] / several)[columns]


def above_storylines(facts: Facts) -> pd.Series:
    """MW that a plan without a decision asks beyond the largest need of any storyline.

    What initiators report themselves moves a rank with its status only: no question of the framework reads its size.
    Here it is marked how much of it no storyline holds.

    Returns
    -------
    Series
        By project_id; 0 where the storylines hold the whole plan, NaN for decided work, for what is no plan, without a
        size, and where no model looked for a need.
    """
    frame = facts.candidates
    need = [side["exceedance_mw_high"].astype(float).fillna(0.0) for side in (facts.take_off, facts.feed_in)]
    most = need[0].where(need[0] >= need[1], need[1])
    looked = facts.modelled | frame["storylines_with_need"].gt(0)
    plan = text(frame["origin"]).eq("plan") & ~text(frame["type"]).eq("concreet") & looked
    return (frame["size_mw"].astype(float) - most).clip(lower=0.0).where(plan)


def group_share(facts: Facts, direction: str, groups: tuple[str, ...]) -> pd.Series:
    """Share of the peak in a direction that belongs to these sector groups; NaN without shares."""
    part = facts.shares[facts.shares["direction"] == direction]
    known = part.groupby("project_id")["share"].sum()
    mine = part[part["group"].isin(groups)].groupby("project_id")["share"].sum()
    share = mine.reindex(known.index).fillna(0.0) / known.where(known > 0)
    return share.reindex(facts.candidates.index).astype(float)


Values = pd.DataFrame
Figure = Callable[[Facts], Values]


def _frame(value: pd.Series, low: pd.Series | None = None, high: pd.Series | None = None) -> Values:
    low, high = (value if low is None else low), (value if high is None else high)
    return pd.DataFrame({"value": value, "low": low, "high": high})


def _zero_if_modelled(frame: Values, facts: Facts) -> Values:
    """Set 0, not unknown, where the model looked and found no need."""
    none = facts.modelled & facts.candidates["need_state"].eq("")
    filled = facts.modelled & frame["value"].isna() & (none | facts.candidates["need_state"].ne(""))
    return frame.where(~filled, 0.0)


def _need(side: pd.DataFrame, name: str) -> Values:
    return _frame(*(side[f"{name}_{end}"].astype(float) for end in ("median", "low", "high")))


def _either(facts: Facts, name: str) -> Values:
    take, feed = _need(facts.take_off, name), _need(facts.feed_in, name)
    larger = take.where(take["value"].fillna(-1.0).ge(feed["value"].fillna(-1.0)), feed)
    return _zero_if_modelled(larger, facts)


def _measured_first(facts: Facts, name: str, otherwise: Values) -> Values:
    """Take what a project was measured to take away; where it was not, the whole shortage at its assets."""
    told = _frame(*(facts.measured[f"{name}{end}"] for end in ("", "_low", "_high")))
    return told.where(told["value"].notna(), otherwise)


def _load_of(measured: str, *groups: str) -> Figure:
    def figure(facts: Facts) -> Values:
        share = group_share(facts, "take-off", groups)
        whole = _zero_if_modelled(_need(facts.take_off, "exceedance_mw").mul(share, axis=0), facts)
        return _measured_first(facts, measured, whole)

    return figure


def _curtailed(facts: Facts) -> Values:
    part = facts.shares[facts.shares["direction"] == "feed-in"]
    green = part[text(part["sector"]).str.startswith(RENEWABLE)]
    total = part.groupby("project_id")["share"].sum()
    share = green.groupby("project_id")["share"].sum().reindex(total.index).fillna(0.0) / total.where(
        total > 0
    )
    share = share.reindex(facts.candidates.index).astype(float)
    whole = _zero_if_modelled(_need(facts.feed_in, "energy_mwh").mul(share, axis=0), facts)
    return _measured_first(facts, "renewable_mwh", whole)


def _homes(facts: Facts) -> Values:
    """Dwellings behind the asset.

    For a station its service area, for a new station what it takes over, otherwise the municipalities that
    hold at least 5 percent of the peak.
    """
    places = optional(facts.tables, "regions/municipalities", ["gm_code", "dwellings"])
    dwellings = pd.to_numeric(places.set_index(text(places["gm_code"]))["dwellings"])
    areas = optional(facts.tables, "grid/service_areas", ["gm_code", "station_id", "load_share"])
    homes = text(areas["gm_code"]).map(dwellings) * pd.to_numeric(areas["load_share"])
    per_station = homes.groupby(text(areas["station_id"])).sum()
    moves = optional(facts.tables, "grid/resplits", ["new_station_id", "from_station_id", "share"])
    moved = text(moves["from_station_id"]).map(per_station) * pd.to_numeric(moves["share"])
    per_new = moved.groupby(text(moves["new_station_id"])).sum()
    station = facts.candidates["asset_class"].eq("station_transformer")
    served = facts.candidates["station_id"].map(per_station.add(per_new, fill_value=0.0)).where(station)
    part = facts.shares[facts.shares["direction"] == "take-off"]
    large = part.groupby(["project_id", "gm_code"])["share"].sum().reset_index()
    large = large[large["share"] >= MUNICIPALITY_SHARE_MIN]
    touched = text(large["gm_code"]).map(dwellings).groupby(large["project_id"]).sum(min_count=1)
    by_peak = touched.reindex(facts.candidates.index)
    return _frame(served.astype(float).fillna(by_peak.astype(float)))


def _mv_stations(facts: Facts) -> Values:
    """Count new switching and district stations: median, least and most of the storylines.

    Each storyline counts with its hardest year.

    For a project on medium or low voltage its own number; for a station those of the municipalities in its
    service area, by load share. Unknown elsewhere, and where medium and low voltage were left out.
    """
    if facts.districts.empty:
        return _unknown(facts)
    keys = ["asset_id", "gm_code", "storyline"]
    hardest = facts.districts.groupby(keys)["stations"].max().astype(float).reset_index()
    own, town = (
        hardest.pivot_table(index=key, columns="storyline", values="stations", aggfunc="sum")
        for key in ("asset_id", "gm_code")
    )
    areas = optional(facts.tables, "grid/service_areas", ["gm_code", "station_id", "load_share"])
    known = areas[text(areas["gm_code"]).isin(town.index)]
    parts = town.loc[text(known["gm_code"])].mul(pd.to_numeric(known["load_share"]).to_numpy(), axis=0)
    served = parts.groupby(text(known["station_id"]).to_numpy()).sum()
    frame = facts.candidates
    at_station = frame["station_id"].where(frame["asset_class"].eq("station_transformer"), "")
    every = served.reindex(text(at_station)).set_axis(frame.index)
    every = every.where(every.notna(), own.reindex(text(frame["asset_ids"])).set_axis(frame.index))
    return _frame(every.median(axis=1), every.min(axis=1), every.max(axis=1))


def _tasks(facts: Facts) -> Values:
    tasks = optional(facts.tables, "areas/area_tasks", ["gm_code"])
    count = (
        tasks.groupby(text(tasks["gm_code"])).size().astype(float) if len(tasks) else pd.Series(dtype=float)
    )
    return _frame(facts.candidates["gm_code"].map(count).astype(float))


def _column(name: str, low: str = "", high: str = "") -> Figure:
    def figure(facts: Facts) -> Values:
        frame = facts.candidates
        ends = (frame[low or name], frame[high or name])
        return _frame(frame[name].astype(float), *(end.astype(float) for end in ends))

    return figure


def _need_year(facts: Facts) -> Values:
    years = facts.candidates
    return _frame(*(years[f"need_year_{end}"].astype(float) for end in ("earliest", "earliest", "median")))


def _of_package(facts: Facts, values: pd.Series, how: str) -> pd.Series:
    """Give each part of a package the sum or largest of its parts; unknown if one of them is unknown."""
    part = facts.package.where(facts.package != "", facts.package.index.to_series())
    groups = values.astype(float).groupby(part)
    whole = groups.agg(lambda v: float("nan") if v.isna().any() else float(getattr(v, how)()))
    return part.map(whole)


def _package_size(facts: Facts, size: pd.Series) -> pd.Series:
    """Give each part the MW of its package: halves at one asset add up, and of different assets the largest counts."""
    assets = text(facts.candidates["asset_ids"])
    own = assets.where(assets != "", facts.candidates.index.to_series())
    there = facts.package.where(facts.package != "", facts.package.index.to_series())
    together = size.groupby([there, own]).transform(
        lambda v: float("nan") if v.isna().any() else float(v.sum())
    )
    return _of_package(facts, together, "max")


def _annual_cost(facts: Facts) -> Values:
    """Yearly cost per MW (thousand EUR): capital as an annuity with its upkeep, and what is paid every year.

    An option names its yearly cost. Planned work costs a year what its investment would at the yearly share of
    the grid options of its kind of asset. Low and high follow the range of the investment.
    """
    frame, options = facts.candidates, facts.options
    known = options.assign(
        middle=(options["cost_meur_low"].astype(float) + options["cost_meur_high"].astype(float)) / 2,
        yearly=options["annual_cost_meur"].astype(float),
        asset_class=options["project_id"].map(frame["asset_class"]),
    )
    chosen = known[text(known["option"]) == text(known["project_id"].map(frame["option"]))]
    own = chosen.drop_duplicates("project_id").set_index("project_id")["yearly"].reindex(frame.index)
    built = known[known["middle"] > 0]
    share = (built["yearly"] / built["middle"]).groupby(built["asset_class"]).median()
    overall = float((built["yearly"] / built["middle"]).median()) if len(built) else float("nan")
    low, high = frame["cost_meur_low"].astype(float), frame["cost_meur_high"].astype(float)
    middle = (low + high) / 2
    yearly = own.fillna(middle * frame["asset_class"].map(share).fillna(overall))
    size = frame["size_mw"].astype(float).where(lambda s: s > 0)
    per_mw = KILO_PER_MEGA * _of_package(facts, yearly, "sum") / _package_size(facts, size)
    spread = [(end / middle.where(middle > 0)).fillna(1.0) for end in (low, high)]
    return _frame(per_mw, per_mw * spread[0], per_mw * spread[1])


def _space(facts: Facts) -> Values:
    return _frame(_of_package(facts, facts.candidates["space_ha"], "sum"))


def _gap(facts: Facts) -> Values:
    known = facts.candidates["need_year_earliest"].notna()
    return _frame(facts.candidates["lead_time_gap_years"].astype(float).where(known))


def _unknown(facts: Facts) -> Values:
    return _frame(pd.Series(np.nan, index=facts.candidates.index))


def _waiting(column: str, how: str) -> Figure:
    """Take-off that waits at the project's station, given by its owner or published; unknown without either."""

    def figure(facts: Facts) -> Values:
        rows = waiting_lists(facts.tables)
        rows = rows[text(rows["direction"]) == "take-off"].dropna(subset=column)
        known = pd.to_numeric(rows[column]).groupby(text(rows["station_id"])).agg(how)
        return _frame(facts.candidates["station_id"].map(known).astype(float))

    return figure


def _word(name: str, empty_is: str = "") -> Figure:
    def figure(facts: Facts) -> Values:
        words = text(facts.candidates[name])
        words = words.where(words != "", empty_is)
        return _frame(words.astype(object).where(~words.isin(["", "unknown"]), np.nan))

    return figure


def _certainty(facts: Facts) -> Values:
    """Certainty of the need; unknown where no model looked for a need."""
    known = facts.modelled | facts.candidates["storylines_with_need"].gt(0)
    return _frame(text(facts.candidates["certainty"]).astype(object).where(known, np.nan))


FIGURES: dict[str, Figure] = {
    "homes_amenities_load_mw": _load_of("homes_amenities_mw", "homes", "amenities"),
    "business_load_mw": _load_of("business_mw", "business"),
    "homes_affected": _homes,
    "renewable_curtailed_mwh": _curtailed,
    "exceedance_mw": lambda f: _either(f, "exceedance_mw"),
    "exceedance_hours": lambda f: _either(f, "hours"),
    "need_year": _need_year,
    "certainty": _certainty,
    "lead_time_gap_years": _gap,
    "lead_time_years": _column("lead_time_years"),
    "space_ha": _space,
    "annual_cost_keur_per_mw": _annual_cost,
    "plot_extendable": _word("extendable"),
    "decision_status": _word("decision_status", "none"),
    "area_tasks": _tasks,
    "waiting_list_mw": _waiting("requested_mw", "sum"),
    "congestion_end_year": _waiting("expected_end_year", "max"),
    "mv_station_shortage": _mv_stations,
}


NOT_APPLICABLE, REPLACED = "not_applicable", "replaced"


def applies(facts: Facts, framework: Framework) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say what each question weighs for each project, and why it weighs nothing where it does not.

    A heat pipe has no waiting list for electricity, a cable no plot; medium and low voltage have questions of their
    own. Such a question is no unknown: it asks for nothing and counts for nothing. Where the effect of a project was
    measured, the questions about the same harm (``measured_effect_replaces``) drop out: a harm counts once.

    Returns
    -------
    weights, reason : DataFrame
        Projects x indicators; weight in the whole, 0 where it does not count, and there ``not_applicable`` or
        ``replaced`` (elsewhere empty).
    """
    frame = facts.candidates
    carrier, kind = text(frame["carrier"]), text(frame["asset_class"])
    medium = kind.isin(MEDIUM_VOLTAGE_CLASSES)
    measured = facts.measured.notna().any(axis=1)
    usual, own = (framework.weights(medium_voltage=m) for m in (False, True))
    weights, reason = {}, {}
    for i in framework.indicators:
        weight = pd.Series(usual[i.id], index=frame.index).mask(medium, own[i.id])
        fits = (carrier.isin(i.carriers) if i.carriers else carrier.notna()) & weight.gt(0)
        if i.asset_classes:
            fits &= kind.isin(i.asset_classes)
        replaced = measured & (i.id in framework.measured_effect_replaces)
        weights[i.id] = weight.where(fits & ~replaced, 0.0)
        reason[i.id] = pd.Series("", index=frame.index).mask(replaced, REPLACED).mask(~fits, NOT_APPLICABLE)
    both = (pd.DataFrame(w, index=frame.index).rename_axis("project_id") for w in (weights, reason))
    first, second = both
    return first, second


def indicator_values(facts: Facts, framework: Framework, judgments: pd.DataFrame) -> pd.DataFrame:
    """Return the value of every indicator for every project.

    Judgments (score 0-100 by a person) go before a model figure that is unknown and are the only value of an
    indicator whose source is ``judgment``; several on one point are averaged, and their spread is the range.

    Returns
    -------
    DataFrame
        project_id, indicator, value (number or word), low, high, judged (score or NaN), judged_low,
        judged_high, judge (who and when).

    Raises
    ------
    ValueError
        If the framework names a source that the model does not have.
    """
    parts = []
    for indicator in framework.indicators:
        if indicator.source != "judgment" and indicator.source not in FIGURES:
            message = (
                f"indicator {indicator.id}: unknown source {indicator.source!r}; known: {', '.join(FIGURES)}"
            )
            raise RequestError(message)
        figure = _unknown if indicator.source == "judgment" else FIGURES[indicator.source]
        values = figure(facts).astype(object).rename_axis("project_id").reset_index()
        parts.append(values.assign(indicator=indicator.id))
    out = pd.concat(parts, ignore_index=True)
    return out.merge(_judgments(judgments), on=["project_id", "indicator"], how="left")


def _judgments(judgments: pd.DataFrame) -> pd.DataFrame:
    keys = ["project_id", "indicator"]
    rows = judgments.reindex(columns=[*keys, "score", "author_role", "date"])
    rows = rows.assign(
        score=pd.to_numeric(rows["score"]).clip(0, 100),
        judge=text(rows["author_role"]) + " " + text(rows["date"]),
    )
    return rows.groupby(keys, as_index=False).agg(
        judged=("score", "mean"), judged_low=("score", "min"), judged_high=("score", "max"),
        judge=("judge", lambda s: "; ".join(sorted(set(s)))),
    )  # fmt: skip
