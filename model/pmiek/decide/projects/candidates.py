"""The long list: from bottlenecks, pathways, plans and the previous edition to sized candidate projects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pmiek.decide.projects.assemble import FROZEN, PLANNED_STATE, Assembly, assemble
from pmiek.decide.projects.cases import need_cases
from pmiek.decide.projects.costs import CostBook, planned_as
from pmiek.decide.projects.groups import group_assets
from pmiek.decide.projects.limit_requests import limit_requests
from pmiek.decide.projects.need import spread_base_year, totals
from pmiek.decide.projects.options import build_options, line_facts, pipe_facts, plot_room, preferred
from pmiek.decide.projects.present import present_shortages
from pmiek.decide.projects.questions import add_questions
from pmiek.decide.projects.register import extend_register
from pmiek.decide.projects.relief import Relief, relief_links, relief_requests, relief_texts, relieve
from pmiek.decide.projects.requests import build_requests, link_requests
from pmiek.decide.projects.series import needs_series
from pmiek.decide.projects.sizing import add_need, add_size, add_start, add_words, add_years
from pmiek.decide.projects.tables import (
    CANDIDATE_COLUMNS,
    EXTRA_COLUMNS,
    OPTION_COLUMNS,
    CandidateSet,
    TablesLike,
    optional,
    text,
)
from pmiek.decide.projects.words import why

SCORE_COLUMNS = ("score_societal", "score_urgency", "score_feasibility", "score", "rank", "coverage")


def candidates(  # noqa: PLR0917 - one argument per table
    bottlenecks: pd.DataFrame,
    loading: pd.DataFrame,
    shares: pd.DataFrame,
    capacity: pd.DataFrame,
    tables: TablesLike,
    register: pd.DataFrame,
    reference_year: int,
    *,
    discount_rate_per_year: float = 0.03,
    edition: str = "",
    weather_certainty: pd.DataFrame | None = None,
) -> CandidateSet:
    """Make the long list of candidate projects.

    Parameters
    ----------
    bottlenecks, loading, shares, capacity : DataFrame
        Result tables ``bottlenecks``, ``loading``, ``bottleneck_shares`` and ``capacity``; each may be empty.
        Bottlenecks of variants other than the frozen grid and the nulalternatief are not used.
    tables : TablesLike
        Checked inputs: grid, regions, projects, profiles/sectors, assumptions.
    register : DataFrame
        ``projects/register``; its ids go before made ones.
    reference_year : int
        Nothing can start before it.
    discount_rate_per_year : float
        For the yearly cost of options.
    edition : str
        Written as first edition of projects that the register does not know; the reference year if empty.
    weather_certainty : DataFrame, optional
        Result table of that name; used where it counts more weather years than ``loading`` holds.

    Returns
    -------
    CandidateSet
        Candidates sorted by project_id, with empty scores; options, data requests, need, links, register.
    """
    storylines, weather_years = totals(loading, bottlenecks)
    states = bottlenecks[bottlenecks["grid_state"].isin([FROZEN, PLANNED_STATE])]
    states = spread_base_year(states[states["exceedance_mw"] > 0], loading)
    book = CostBook(tables, discount_rate_per_year)
    groups = group_assets(states, shares, tables)
    assembly = assemble(groups, capacity, tables, register)
    screened = spread_base_year(loading, loading)
    series = needs_series(assembly.rows, screened)
    known = loading if len(loading) else bottlenecks
    years = [int(year) for year in known["year"].unique()]
    present = present_shortages(groups, assembly.pairs, years, reference_year)
    relief = relieve(series, assembly.projects, screened, tables, book)
    assembly, series = _without_solved(assembly, relief)
    projects, need = add_need(assembly, series, storylines, weather_years, weather_certainty)
    names = set(capacity["variant"]) if len(capacity) else set()
    projects = add_years(projects).assign(variants_total=len(names - {PLANNED_STATE}))
    stations = optional(tables, "grid/stations", ["station_id", "extendable", "max_units"])
    units = optional(tables, "grid/transformers", ["group_id", "removed_by_project", "rated_mva"])
    projects = plot_room(projects, stations, units)
    circuits = optional(tables, "grid/circuits", ["corridor_id", "length_km", "kind"])
    projects = pipe_facts(line_facts(projects, circuits), tables)
    options = _options(projects, need, book)
    projects = add_size(_choose(projects, options), book)
    projects = _planned_cost(projects, projects["origin"].eq("plan"), book)
    projects = add_start(add_words(projects), book, reference_year)
    cases = need_cases(series)
    edition_years = book.assumed("pmiek_edition_years", 2.0)
    projects = add_questions(projects, cases, reference_year, edition_years)
    told = relief_texts(relief.moves, "project_id") | relief_texts(relief.moves, "plan_project_id")
    reasons = pd.DataFrame(
        [why(row, present, told) for _, row in projects.iterrows()],
        columns=["why_nl", "why_en"],
        dtype=object,
    )
    projects = projects.reset_index(drop=True).join(reasons)
    projects = projects.sort_values("project_id").reset_index(drop=True)
    return CandidateSet(
        candidates=_columns(projects),
        options=options,
        data_requests=_requests(projects, relief, assembly.links, tables, reference_year),
        need=need,
        links=assembly.links,
        register=extend_register(
            register, projects[projects["origin"] != "plan"], edition or str(reference_year)
        ),
        cases=cases,
        series=series,
        present=present,
        relief=relief.moves,
    )


def _without_solved(assembly: Assembly, relief: Relief) -> tuple[Assembly, pd.DataFrame]:
    """Leave out the projects of which nothing remains when load moves to a new station."""
    stay = ~assembly.projects["project_id"].isin(relief.solved)
    rows = assembly.rows[~assembly.rows["project_id"].isin(relief.solved)]
    left = replace(
        assembly,
        projects=assembly.projects[stay].reset_index(drop=True),
        rows=rows,
        links=relief_links(assembly.links, relief.solved),
    )
    series = relief.series[~relief.series["project_id"].isin(relief.solved)]
    return left, series.reset_index(drop=True)


def _requests(
    projects: pd.DataFrame, relief: Relief, links: pd.DataFrame, tables: TablesLike, reference_year: int
) -> pd.DataFrame:
    """Give the data requests of the list: of its projects, how areas are divided, assumed links, and limits."""
    division = relief_requests(relief.moves, tables, reference_year, set(projects["project_id"]))
    asked = [
        link_requests(links, tables, reference_year), limit_requests(tables, projects, reference_year),
    ]  # fmt: skip
    parts = [part for part in (build_requests(projects, reference_year), division, *asked) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else division


def _options(projects: pd.DataFrame, need: pd.DataFrame, book: CostBook) -> pd.DataFrame:
    """Options answer the need that sizes the project."""
    part = projects[projects["need_mw"].gt(0)]
    if part.empty:
        return pd.DataFrame(columns=OPTION_COLUMNS)
    sized = need.merge(part[["project_id", "need_state"]], on="project_id")
    sized = sized[sized["grid_state"] == sized["need_state"]]
    part = part.assign(size_raw_mw=part["need_mw"], size_raw_mw_high=part["need_mw_high"])
    return build_options(part, sized, book)


def _choose(projects: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Add the option that names the project, with its cost and space; a plan keeps what is planned."""
    chosen = projects["project_id"].map(preferred(options))
    planned = projects["origin"].eq("plan")
    option = text(chosen).where(~planned, "planned")
    keys = options.set_index(["project_id", "option"])[["cost_meur_low", "cost_meur_high", "space_ha"]]
    return projects.assign(option=option).join(keys, on=["project_id", "option"])


def _planned_cost(projects: pd.DataFrame, planned: pd.Series, book: CostBook) -> pd.DataFrame:
    """Cost a plan as the same kind of work: new station, extension or cable of its planned size."""
    work = [planned_as(k, c) for k, c in zip(projects["plan_kind"], projects["asset_class"], strict=True)]
    option = pd.Series(work, index=projects.index, dtype=object)
    for name in sorted(set(work) - {"", "other_carrier"}):
        projects = _fill_cost(projects, planned & option.eq(name), name, book)
    return projects


def _fill_cost(projects: pd.DataFrame, rows: pd.Series, option: str, book: CostBook) -> pd.DataFrame:
    if not rows.any():
        return projects
    part = projects[rows]
    unit = book.unit_mw(option)
    units = np.maximum(np.round(part["size_mw"].astype(float).to_numpy() / unit), 1.0)
    if option in {"new_station", "new_coupling_station"}:  # a station as such, whatever its size
        units = np.ones(len(part))
    price = book.price(option, units * unit, part["length_km"])
    columns = ["cost_meur_low", "cost_meur_high", "space_ha"]
    out = projects.copy()
    out.loc[rows, columns] = price[columns].to_numpy()
    return out


def _columns(projects: pd.DataFrame) -> pd.DataFrame:
    out = projects.assign(**dict.fromkeys(SCORE_COLUMNS, np.nan), rank_stability="")
    columns = [*CANDIDATE_COLUMNS, *[c for c in EXTRA_COLUMNS if c not in CANDIDATE_COLUMNS]]
    return out.reindex(columns=columns)
