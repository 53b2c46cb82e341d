"""Size, year, certainty and type of every project from its need, its plan and the pathways."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from pmiek.decide.projects.assemble import FROZEN, PLANNED_STATE, Assembly
from pmiek.decide.projects.costs import COSTS, CostBook, planned_as
from pmiek.decide.projects.need import more_weather_years, need_table, project_need
from pmiek.decide.projects.need_words import need_texts
from pmiek.decide.projects.rules import Facts, certainty, interim_measures, project_type
from pmiek.decide.projects.tables import cell, is_decided

STATE_FIELDS = [
    "low", "median", "high", "year_earliest", "year_median", "storylines", "storylines_total",
    "weather_years", "weather_years_total", "hours", "energy_mwh", "directions", "direction", "vanishes",
    "season", "peak_mw", "limit_mw",
]  # fmt: skip


def add_need(
    assembly: Assembly,
    series: pd.DataFrame,
    storylines: int,
    weather_years: int,
    weather: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the need of each project, remaining (nulalternatief) and on today's grid (frozen), kept apart.

    ``need_*`` columns come from the state that sizes the project: the remaining need where there is one,
    else, of a decided plan, the need on today's grid (``need_state`` says which).

    Returns
    -------
    tuple of DataFrame
        Projects with need columns, and the need table.
    """
    need = need_table(series, storylines, weather_years)
    rest, frozen = project_need(need, PLANNED_STATE), project_need(need, FROZEN)
    projects = assembly.projects.set_index("project_id")
    has_rest = projects.index.isin(rest.index)
    # only a decided plan answers today's grid; for any other, what decided plans solve is no need
    decided = [
        is_decided(*pair) for pair in zip(projects["carrier"], projects["decision_status"], strict=True)
    ]
    today = frozen[frozen.index.isin(projects.index[decided]) & ~frozen.index.isin(rest.index)]
    main = pd.concat([part for part in (rest, today) if len(part)] or [rest]).reindex(projects.index)
    out = projects.join(main[STATE_FIELDS].add_prefix("need_"))
    frozen = frozen.reindex(projects.index)
    out = out.assign(
        need_mw=out["need_median"].fillna(0.0).astype(float),
        need_mw_high=out["need_high"].astype(float),
        need_state=np.where(has_rest, PLANNED_STATE, np.where(out["need_median"].notna(), FROZEN, "")),
        need_frozen_mw_low=frozen["low"].astype(float),
        need_frozen_mw=frozen["median"].astype(float),
        need_frozen_mw_high=frozen["high"].astype(float),
        need_year_frozen=frozen["year_earliest"].astype(float),
        direction=out["need_directions"].fillna("").astype(str),
        capacity_sensitive=np.where(out["need_vanishes"].eq(True), "vanishes", "stable"),
    )
    out = _add_pathway(out, assembly.pathway)
    for column in ("storylines", "storylines_total", "weather_years", "weather_years_total"):
        out[column] = out[f"need_{column}"].fillna(0).astype(int)
    by_pathway = out["storylines"].eq(0) & out["pathway_storylines"].gt(0)
    out.loc[by_pathway, "storylines"] = out.loc[by_pathway, "pathway_storylines"].astype(int)
    out["storylines_total"] = out["storylines_total"].where(out["storylines_total"] > 0, storylines)
    out["weather_years_total"] = out["weather_years_total"].where(
        out["weather_years_total"] > 0, weather_years
    )
    if weather is not None:
        rows = assembly.rows[assembly.rows["counts"].astype(bool)]
        out = more_weather_years(out, rows, weather, weather_years)
    return out.join(need_texts(series, out["need_state"])).reset_index(), need


def _add_pathway(projects: pd.DataFrame, pathway: pd.DataFrame) -> pd.DataFrame:
    ids = projects["asset_ids"].str.split(";").explode().rename("asset_id")
    part = ids.to_frame().join(
        pathway[["low", "median", "high", "storylines", "variants", "year_earliest"]], on="asset_id"
    )
    per = part.groupby(level=0, sort=False)[["low", "median", "high", "storylines", "variants"]].max()
    per["year_earliest"] = part.groupby(level=0, sort=False)["year_earliest"].min()
    per = per.astype(float)
    return projects.assign(
        size_pathway_mw_low=per["low"],
        size_pathway_mw_median=per["median"],
        size_pathway_mw_high=per["high"],
        pathway_storylines=per["storylines"].fillna(0),
        variants_building=per["variants"].fillna(0),
        pathway_year=per["year_earliest"],
    )


def round_up(mw: pd.Series, option: pd.Series, book: CostBook) -> pd.Series:
    """Round MW up to whole standard units of the option (1 MW where it has none)."""
    unit = option.map({name: book.unit_mw(name) for name in option.unique()}).astype(float)
    units = pd.Series(np.ceil((mw / unit).round(6).to_numpy(float)), index=mw.index)
    return units * unit


def add_size(projects: pd.DataFrame, book: CostBook) -> pd.DataFrame:
    """Add rounded sizes, first of what is still needed, else of the plan, else of today's shortage.

    ``size_basis`` says which: restbehoefte, plan, huidig net, ontwikkelpad, or onbekend.
    """
    rest = projects["need_state"].eq(PLANNED_STATE)
    plan = ~rest & projects["planned_mw"].notna()
    path = ~rest & ~plan & projects["size_pathway_mw_median"].notna() & projects["origin"].eq("pathway")
    today = ~rest & ~plan & ~path & projects["need_state"].eq(FROZEN)
    basis = np.select(
        [rest, plan, path, today], ["restbehoefte", "plan", "ontwikkelpad", "huidig net"], "onbekend"
    )
    out = projects.assign(size_basis=basis)
    for end, need, pathway in (("_low", "low", "low"), ("", "median", "median"), ("_high", "high", "high")):
        raw = out[f"need_{need}"].astype(float).where(rest | today)
        raw = raw.where(~path, out[f"size_pathway_mw_{pathway}"])
        rounded = round_up(raw, out["option"], book)
        out[f"size_mw{end}"] = rounded.where(~plan, out["planned_mw"])
        out[f"size_frozen_mw{end}"] = round_up(out[f"need_frozen_mw{end}"], out["option"], book)
    return out


def add_years(projects: pd.DataFrame) -> pd.DataFrame:
    """Add need years: of the need, else of the pathway; a plan without need has none."""
    earliest = projects["need_year_earliest"].astype(float)
    median = projects["need_year_median"].astype(float)
    path = projects["pathway_year"].where(projects["origin"].eq("pathway"))
    return projects.assign(
        need_year_earliest=earliest.fillna(path),
        need_year_median=median.fillna(path),
        storylines_with_need=projects["storylines"],
        weather_years_with_need=projects["weather_years"],
    )


def add_words(projects: pd.DataFrame) -> pd.DataFrame:
    """Add type and certainty with their reasons."""
    facts = [_facts(row) for row in projects.to_dict("records")]
    types = pd.DataFrame(
        [project_type(f) for f in facts],
        columns=["type", "type_reason", "type_reason_en", "type_rule"], index=projects.index,
    )  # fmt: skip
    certain = pd.DataFrame(
        [certainty(f) for f in facts],
        columns=["certainty", "certainty_reason", "certainty_reason_en"], index=projects.index,
    )  # fmt: skip
    return projects.join(types).join(certain)


def _facts(row: dict[Hashable, Any]) -> Facts:
    def number(name: str) -> float:
        value = float(str(row[name]))
        return 0.0 if np.isnan(value) else value

    return Facts(
        has_need=number("need_mw") > 0 or cell(row["origin"]) == "pathway",
        storylines=int(number("storylines")),
        storylines_total=int(number("storylines_total")),
        weather_years=int(number("weather_years")),
        weather_years_total=int(number("weather_years_total")),
        vanishes=cell(row["capacity_sensitive"]) == "vanishes",
        carrier=cell(row["carrier"]),
        decision_status=cell(row["decision_status"]),
        plan_kind=cell(row["plan_kind"]),
        earlier_type=cell(row["earlier_type"]),
        carrier_share=number("carrier_share"),
        direction=cell(row["need_direction"]),
        variants=int(number("variants_building")),
        variants_total=int(number("variants_total")),
        asset_class=cell(row["asset_class"]),
    )


def add_start(projects: pd.DataFrame, book: CostBook, reference_year: int) -> pd.DataFrame:
    """Add lead time, the year in which work must start, and what bridges a gap.

    ``start_by_year`` = earliest need year less the lead time (rounded up), and never before the reference
    year. Where it would be before it, or where a plan comes after the need, ``lead_time_gap_years`` is the
    number of years in which the need is there and the project is not, and interim measures are named.
    """
    work = zip(projects["option"], projects["plan_kind"], projects["asset_class"], strict=True)
    lead = pd.Series([_lead(*names, book) for names in work], index=projects.index, dtype=float)
    need_year = projects["need_year_earliest"]
    whole = pd.Series(np.ceil(lead.to_numpy()), index=projects.index)
    wanted = need_year - whole
    planned = projects["planned_year_latest"].where(projects["origin"].eq("plan"))
    ready = planned.astype(float).fillna(whole + reference_year)
    gap = (ready - need_year.clip(lower=reference_year)).clip(lower=0).fillna(0.0)
    hours = projects["need_hours"].fillna(0.0)
    measures = [
        interim_measures(d, c, g, h)[1:] if carrier == "electricity" else ("", "")
        for d, c, g, h, carrier in zip(
            projects["direction"], projects["asset_class"], gap, hours, projects["carrier"], strict=True
        )
    ]
    words = pd.DataFrame(measures, columns=["interim_measures", "interim_measures_en"], index=projects.index)
    return projects.assign(
        lead_time_years=lead,
        start_by_year=wanted.clip(lower=reference_year),
        lead_time_gap_years=gap,
    ).join(words)


def _lead(option: object, plan_kind: object, asset_class: object, book: CostBook) -> float:
    name = cell(option)
    if name not in COSTS:
        name = planned_as(cell(plan_kind), cell(asset_class))
    return book.lead_time_years(name)
