"""Result tables as the report reads them: declared columns, numbers as numbers, empty when absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.files import FORMULA_STARTS
from pmiek.results.bottlenecks.status import AVAILABLE, LIMITED, SHORTAGE, STUDY

COLUMNS: Mapping[str, str] = {
    "loading": "asset_id asset_name asset_class station gm_code cluster operator grid_state storyline "
    "variant year weather_year direction contingency binding_outage limit_mw peak_mw "
    "loading_pct exceedance_mw hours energy_mwh peak_hour lost_load_mw redundancy quality "
    "station_id is_information status_class",
    "bottlenecks": "bottleneck_id asset_id asset_name asset_class carrier direction station municipality "
    "cluster operator grid_state storyline variant year weather_year contingency binding_outage limit_mw "
    "peak_mw loading_pct exceedance_mw hours energy_mwh season quality capacity_sensitive",
    "bottleneck_shares": "bottleneck_id grid_state storyline year weather_year sector gm_code share",
    "duration": "asset_id direction grid_state storyline year weather_year quantile loading_pct",
    "heatmap": "asset_id direction grid_state storyline year weather_year month hour_local max_loading_pct",
    "day_heatmap": "asset_id direction grid_state storyline year weather_year max_loading_pct hour_local "
    "loading_pct_by_day",
    "capacity": "storyline variant year asset_id asset_class carrier cluster existing_mw built_mw "
    "built_continuous_mw province_share",
    "costs": "storyline variant year category asset_class payer cluster cost_meur_per_year cost_meur_npv",
    "service": "storyline variant year carrier direction cluster asked_gwh not_served_gwh waiting_mw "
    "waiting_homes waiting_firms price_meur_low price_meur price_meur_high served_pct",
    "energy_balance": "storyline variant year weather_year gm_code carrier category sector energy_mwh",
    "emissions": "storyline variant year account carrier sector cluster co2_kt",
    "candidates": "project_id name type type_reason carrier option station municipality cluster operator "
    "asset_ids size_mw size_mw_low size_mw_high need_year_earliest need_year_median storylines_with_need "
    "certainty start_by_year interim_measures cost_meur_low cost_meur_high space_ha score_societal "
    "score_urgency score_feasibility score rank rank_stability coverage bottleneck_ids investment_plan_ids "
    "why_nl why_en type_reason_en certainty_reason certainty_reason_en interim_measures_en storylines_total "
    "asset_class direction priority_class list above_storylines_mw rank_p10 rank_p90 "
    "question_nl question_en question_by_year "
    "need_nl need_en",
    "project_options": "project_id option size_mw cost_meur_low cost_meur_high annual_cost_meur "
    "lead_time_years space_ha solves_pct",
    "scores": "project_id criterion indicator value unit score points weight kind source",
    "swaps": "project_id other_id probability",
    "data_requests": "request_id operator asset_id what why format by_when affects_projects "
    "what_en why_en format_en",
    "alignment": "operator project_id investment_plan_id class need_year planned_year need_mw planned_mw "
    "hardest_year hardest_mw left_year left_mw basis looked_in "
    "light confidence evidence evidence_nl evidence_en plan_project_id",
    "profile_check": "storyline year sector gm_code published_mw modelled_peak_mw deviation_pct",
    "energy_check": "storyline year gm_code carrier input_mwh parks_mwh model_mwh difference_pct",
    "transfers": "storyline variant year from_party to_party reason transfer_meur_per_year",
    "project_links": "bottleneck_id project_id relation reason_nl reason_en",
    "near_bottlenecks": "asset_id direction grid_state storyline year weather_year limit_mw peak_mw "
    "loading_pct loading_low_pct loading_high_pct",
}
"""Columns of each result table that the report may read, in the order of the files."""

OPTIONAL = (
    "project_needs",
    "present_shortages",
    "station_relief",
    "weather_distribution",
    "capacity_sensitivity",
    "capacity_shift",
    "bottleneck_margin",
    "flexibility",
    "flexibility_measures",
    "tower_faults",
    "maintenance_check",
    "ac_check",
    "switching_states",
    "energy_flows",
    "variant_cards",
    "weather_market",
    "mv_lv",
    "mv_lv_check",
    "heat_check",
    "base_year",
    "project_variants",
    "project_proposal",
    "project_dependencies",
    "project_area_tasks",
    "previous_projects",
    "project_effects",
    "project_effect_ranges",
    "project_pairs",
    "project_unlocks",
    "plan_delays",
    "project_effect_gaps",
    "input_effects",
    "monitoring",
    "escalations",
    "core",
    "regret",
    "near_optimal",
    "two_stage",
    "two_stage_value",
    "variant_pairs",
)
"""Tables of further checks that a batch need not have; shown with the columns they happen to have."""

NUMBERS = frozenset(
    [
        "year",
        "weather_year",
        "limit_mw",
        "peak_mw",
        "loading_pct",
        "exceedance_mw",
        "hours",
        "energy_mwh",
        "peak_hour",
        "lost_load_mw",
        "share",
        "quantile",
        "month",
        "hour_local",
        "max_loading_pct",
        "existing_mw",
        "built_mw",
        "built_continuous_mw",
        "cost_meur_per_year",
        "cost_meur_npv",
        "province_share",
        *("asked_gwh", "not_served_gwh", "served_pct", "price_meur", "price_meur_low", "price_meur_high"),
        *("waiting_mw", "waiting_homes", "waiting_firms"),
        "co2_kt",
        "size_mw",
        "size_mw_low",
        "size_mw_high",
        "need_year_earliest",
        "need_year_median",
        "start_by_year",
        "cost_meur_low",
        "cost_meur_high",
        "space_ha",
        "score_societal",
        "score_urgency",
        "score_feasibility",
        "score",
        "rank",
        "coverage",
        "question_by_year",
        "rank_p10",
        "above_storylines_mw",
        "rank_p90",
        "probability",
        "annual_cost_meur",
        "lead_time_years",
        "solves_pct",
        "weight",
        "need_year",
        "planned_year",
        "need_mw",
        "hardest_year",
        "hardest_mw",
        "left_year",
        "left_mw",
        "planned_mw",
        "published_mw",
        "modelled_peak_mw",
        "deviation_pct",
        "input_mwh",
        "model_mwh",
        "difference_pct",
        "transfer_meur_per_year",
        "loading_low_pct",
        "loading_high_pct",
    ]
)
"""Columns that hold numbers; every other column is text."""

STATUSES = [AVAILABLE, LIMITED, STUDY, SHORTAGE]
"""Capacity-map status from empty to full."""

INTEGERS = frozenset(["year", "weather_year", "month", "hour_local"])


def read_results(tables_dir: Path) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Read every result table that the report knows.

    Parameters
    ----------
    tables_dir : Path
        Folder with one CSV per table.

    Returns
    -------
    tuple
        The tables by name (a missing file gives an empty table with its columns; a missing column is empty),
        and the names of the files that are missing.
    """
    tables = {}
    missing = []
    for name, columns in COLUMNS.items():
        path = tables_dir / f"{name}.csv"
        if not path.is_file():
            missing.append(name)
        tables[name] = _read(path, columns.split())
    return tables, tuple(missing)


def read_optional(tables_dir: Path) -> dict[str, pd.DataFrame]:
    """Read the tables of :data:`OPTIONAL` that are there, with all columns; numbers where all cells are.

    Parameters
    ----------
    tables_dir : Path
        Folder with one CSV per table.
    """
    found = {name: read_any(tables_dir / f"{name}.csv") for name in OPTIONAL}
    return {name: frame for name, frame in found.items() if len(frame)}


def read_any(path: Path) -> pd.DataFrame:
    """Read a table with all columns, numbers where all cells are numbers; empty when there is none.

    Parameters
    ----------
    path : Path
        CSV file.
    """
    frame = _load(path, frozenset())
    for column in frame.columns:
        numbers = pd.to_numeric(frame[column].where(frame[column] != ""), errors="coerce")
        if numbers.notna().eq(frame[column] != "").all() and numbers.notna().any():
            frame[column] = numbers
        else:
            frame[column] = frame[column].map(_plain).astype(str)
    return frame


def read_input(inputs_dir: Path, name: str, columns: str, numbers: str = "lat lon") -> pd.DataFrame:
    """Read the named columns of an input table, text but for ``numbers``; an absent file or column is empty.

    Parameters
    ----------
    inputs_dir : Path
        Folder of the inputs.
    name : str
        Table without suffix, for example ``grid/stations``.
    columns : str
        Wanted columns, separated by blanks.
    numbers : str
        Those of them that hold numbers.
    """
    return _read(inputs_dir / f"{name}.csv", columns.split(), numbers=frozenset(numbers.split()))


def _read(path: Path, columns: list[str], numbers: frozenset[str] = NUMBERS) -> pd.DataFrame:
    frame = _load(path, numbers.intersection(columns))
    for column in columns:
        if column not in frame.columns:
            frame[column] = pd.Series("", index=frame.index, dtype=str)
    frame = frame[columns].copy()
    if "status_class" in columns and not pd.api.types.is_numeric_dtype(frame["loading_pct"]):
        # where a figure is confidential, the table holds the word of the capacity map in its place
        frame["status_class"] = frame["loading_pct"].where(frame["loading_pct"].isin(STATUSES), "")
    for column in columns:
        if column in numbers:
            frame[column] = pd.to_numeric(frame[column], errors="coerce").astype(float)
        else:
            cells = frame[column].astype(str)
            frame[column] = cells.map({cell: _plain(cell) for cell in cells.unique()}).astype(str)
    for column in INTEGERS.intersection(columns) & numbers:
        frame[column] = frame[column].fillna(0).astype(int)
    return frame


def _load(path: Path, numeric: frozenset[str]) -> pd.DataFrame:
    """Read a CSV; numbers are parsed at once, and cell by cell only when one of them is not a number."""
    if not path.is_file() or path.stat().st_size == 0:
        return pd.DataFrame()
    kinds: defaultdict[Hashable, type] = defaultdict(lambda: str)
    kinds.update(dict.fromkeys(numeric, float))
    # keep_default_na off: the text "NA" is a name, an empty cell is empty
    try:
        return pd.read_csv(
            path,
            dtype=kinds,
            keep_default_na=False,
            na_values={column: ["", "nan", "NaN"] for column in numeric},
            encoding="utf-8",
        )
    except ValueError:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def _plain(text: str) -> str:
    """Take off the apostrophe that protects spreadsheets against formula cells."""
    if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS:
        return text[1:]
    return "" if text == "nan" else text


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as dictionaries by column."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def parts(text: str) -> list[str]:
    """Split a cell that holds several ids, separated by semicolons, commas or bars."""
    for separator in (";", "|"):
        if separator in text:
            return [part.strip() for part in text.split(separator) if part.strip()]
    return [part.strip() for part in text.split(",") if part.strip()]
