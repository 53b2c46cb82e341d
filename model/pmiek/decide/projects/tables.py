"""Columns of the project tables and the reading helpers that projects, weighing and alignment share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

CANDIDATE_COLUMNS = [
    "project_id", "name", "type", "type_reason", "carrier", "option", "station", "municipality", "cluster",
    "operator", "asset_ids", "size_mw", "size_mw_low", "size_mw_high", "need_year_earliest",
    "need_year_median", "storylines_with_need", "certainty", "start_by_year", "interim_measures",
    "cost_meur_low", "cost_meur_high", "space_ha", "score_societal", "score_urgency", "score_feasibility",
    "score", "rank", "rank_stability", "coverage", "bottleneck_ids", "investment_plan_ids", "why_nl",
    "why_en",
]  # fmt: skip
EXTRA_COLUMNS = [
    "type_reason_en", "type_rule", "certainty_reason", "certainty_reason_en", "interim_measures_en",
    "size_basis", "size_frozen_mw", "size_frozen_mw_low", "size_frozen_mw_high", "size_pathway_mw_low",
    "size_pathway_mw_median", "size_pathway_mw_high", "need_year_frozen", "weather_years_with_need",
    "capacity_sensitive", "decision_status", "planned_year_latest", "planned_mw", "lead_time_years",
    "lead_time_gap_years", "asset_class", "direction", "predecessor", "kind", "need_frozen_mw",
    "need_frozen_mw_low", "need_frozen_mw_high", "plan_kind", "need_mw", "need_hours", "need_energy_mwh",
    "need_state", "extendable", "origin", "gm_code", "station_id", "storylines_total", "earlier_type",
    "question_nl", "question_en", "question_by_year", "variants_building", "variants_total", "need_nl",
    "need_en",
]  # fmt: skip
OPTION_COLUMNS = [
    "project_id", "option", "size_mw", "cost_meur_low", "cost_meur_high", "annual_cost_meur",
    "lead_time_years", "space_ha", "solves_pct",
]  # fmt: skip
REQUEST_COLUMNS = [
    "request_id", "operator", "asset_id", "what", "why", "format", "by_when", "affects_projects",
]  # fmt: skip
NEED_COLUMNS = [
    "project_id", "grid_state", "direction", "exceedance_mw_low", "exceedance_mw_median",
    "exceedance_mw_high", "peak_mw", "limit_mw", "hours_low", "hours_median", "hours_high",
    "energy_mwh_low", "energy_mwh_median", "energy_mwh_high", "need_year_earliest", "need_year_median",
    "storylines_with_need", "storylines_total", "weather_years_with_need", "weather_years_total",
    "season", "capacity_sensitive",
]  # fmt: skip
LINK_COLUMNS = ["bottleneck_id", "project_id", "relation", "reason_nl", "reason_en"]

DECIDED = (
    "done", "under_construction", "irrevocable_zoning", "in_investment_plan", "investment_decision",
    "designated_area",
)  # fmt: skip
# What counts as a decision differs: an investment plan for electricity, an investment decision or a
# designated area for heat. A status that is no evidence for its carrier makes a project an exploration.
DECISION_EVIDENCE = {
    "electricity": (
        "done",
        "under_construction",
        "irrevocable_zoning",
        "in_investment_plan",
        "investment_decision",
    ),
    "heat": ("done", "under_construction", "irrevocable_zoning", "investment_decision", "designated_area"),
    "methane": (
        "done",
        "under_construction",
        "irrevocable_zoning",
        "in_investment_plan",
        "investment_decision",
    ),
    "hydrogen": ("done", "under_construction", "irrevocable_zoning", "investment_decision"),
}


def is_decided(carrier: str, status: str) -> bool:
    """Tell whether a status counts as a decision for this carrier."""
    return status in DECISION_EVIDENCE.get(carrier, DECIDED)


OPEN_DECISION = ("announced", "exploration")
LIST_SEPARATOR = ";"


class TablesLike(Protocol):
    """What the project functions need of the checked input tables."""

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one table by its name, for example ``grid/stations``."""

    def assumption(self, assumption_id: str) -> float:
        """Return the value of one row of ``assumptions.csv``."""


@dataclass(frozen=True)
class CandidateSet:
    """The long list with everything that belongs to it.

    Attributes
    ----------
    candidates : DataFrame
        One row per project; columns ``CANDIDATE_COLUMNS`` (scores still empty) plus ``EXTRA_COLUMNS``.
    options : DataFrame
        One row per project and option; columns ``OPTION_COLUMNS``.
    data_requests : DataFrame
        One row per data request; columns ``REQUEST_COLUMNS``.
    need : DataFrame
        One row per project, grid state and direction; columns ``NEED_COLUMNS`` (MW, MWh per year, hours).
    links : DataFrame
        One row per bottleneck and project, also bottlenecks that give no project, with the reason;
        columns ``LINK_COLUMNS``.
    register : DataFrame
        The register with this edition's new projects added; write it back to keep the ids.
    cases : DataFrame
        The sample behind the need: per project, grid state, direction, storyline and weather year.
    series : DataFrame
        ``project_needs``: the need per project, grid, direction, storyline, year and weather year.
    present : DataFrame
        ``present_shortages``: what is too little today and ends.
    relief : DataFrame
        ``station_relief``: load that moves from a full station to a new one next to it.
    """

    candidates: pd.DataFrame
    options: pd.DataFrame
    data_requests: pd.DataFrame
    need: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=NEED_COLUMNS))
    links: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LINK_COLUMNS))
    register: pd.DataFrame = field(default_factory=pd.DataFrame)
    cases: pd.DataFrame = field(default_factory=pd.DataFrame)
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    present: pd.DataFrame = field(default_factory=pd.DataFrame)
    relief: pd.DataFrame = field(default_factory=pd.DataFrame)


def optional(tables: TablesLike, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return a table with at least these columns; an absent table is an empty one."""
    try:
        frame = tables[name]
    except KeyError:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    missing = [column for column in columns if column not in frame.columns]
    return frame.assign(**dict.fromkeys(missing, np.nan)) if missing else frame


def text(series: pd.Series) -> pd.Series:
    """Return the column as text in which an empty cell is the empty string."""
    return series.astype(object).where(series.notna(), "").astype(str)


def cell(value: object) -> str:
    """Return one cell as text; an empty cell is the empty string."""
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124


def join_ids(values: pd.Series) -> str:
    """Join the distinct non-empty ids in sorted order with semicolons."""
    return LIST_SEPARATOR.join(sorted({v for v in text(values) if v}))


def split_ids(value: object) -> list[str]:
    """Split a cell with ids (semicolon) into a list without blanks."""
    return [part.strip() for part in cell(value).split(LIST_SEPARATOR) if part.strip()]


def explode_ids(frame: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Return one row per id of a semicolon column, the id in a new column ``name``."""
    out = frame.copy()
    out[name] = pd.Series([split_ids(v) for v in frame[column]], index=frame.index, dtype=object)
    out = out.explode(name)
    out = out[out[name].notna()]
    return out.assign(**{name: out[name].astype(str)}).reset_index(drop=True)


def as_bool(series: pd.Series) -> pd.Series:
    """Read true/false cells, whether they came as text or as booleans; empty is False."""
    return text(series).str.strip().str.lower().isin(["true", "1", "yes", "ja"])


def number(value: float, decimals: int = 0, lang: str = "nl") -> str:
    """Write a number for a reader: decimal comma in Dutch, thousands separated, nothing for unknown."""
    if not np.isfinite(value):
        return "onbekend" if lang == "nl" else "unknown"
    written = f"{value:,.{decimals}f}"
    return written.translate(str.maketrans(",.", ".,")) if lang == "nl" else written
