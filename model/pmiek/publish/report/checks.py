"""Further checks per asset: which tables, which of their columns, and for which choice they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.report.tables import parts

CHOICE = ("direction", "grid_state", "storyline", "year")
"""Columns that follow the reader's choice on the page of an asset."""
COLUMNS: Mapping[str, str] = {
    "loading": "weather_year contingency binding_outage limit_mw peak_mw loading_pct hours lost_load_mw",
    "weather_distribution": "weather_years years_with_exceedance occurrence worst_weather_year "
    "loading_pct_median loading_pct_1in10 loading_pct_worst exceedance_mw_worst hours_worst",
    "near_bottlenecks": "weather_year loading_pct loading_low_pct loading_high_pct",
    "capacity_sensitivity": "change runs_vanish runs_appear vanishing_ids appearing_ids projects",
    "bottleneck_margin": "sector gm_code share change_needed_mw change_needed_pct verdict",
    "flexibility": "weather_year exceedance_mwh_before removed_mwh removed_pct residual_peak_mw "
    "residual_hours residual_mwh cost_meur_per_year hours_used",
    "flexibility_measures": "weather_year measure potential_mw energy_mwh peak_mw cost_meur_per_year",
    "tower_faults": "weather_year binding_outage limit_mw peak_mw loading_pct hours",
    "maintenance_check": "weather_year maintenance fault stations lost_load_mw hours_above_limit "
    "longest_window_h exceeds",
    "ac_check": "weather_year contingency binding_outage dc_loading_pct ac_loading_pct difference_pct cause "
    "voltage_pu status",
    "switching_states": "state is_normal weather_year worst_loading_pct bottlenecks",
}
"""Tables on the page of an asset in their order, with the columns shown."""
DIRECTIONS = ("take-off", "feed-in")
OF_BOTTLENECKS = ("vanishing_ids", "appearing_ids")
"""Columns with ids of bottlenecks of the asset itself, shown by their direction."""
MOST_ROWS = 8
"""Rows kept per choice of direction, grid state, storyline and year."""
RANKED = {"bottleneck_margin": "share", "loading": "loading_pct"}
"""Tables of which the rows with the largest value are kept."""


def by_asset(
    checks: Mapping[str, pd.DataFrame],
    loading: pd.DataFrame,
    bottlenecks: pd.DataFrame,
    station_ids: Mapping[str, str] | None = None,
) -> dict[str, dict[str, pd.DataFrame]]:
    """Give per check and asset the rows that are about it.

    Parameters
    ----------
    checks : mapping
        Tables of :data:`COLUMNS` that are there, by name.
    loading : DataFrame
        Table ``loading``.
    bottlenecks : DataFrame
        Table ``bottlenecks``, for the asset of a bottleneck id.
    station_ids : mapping, optional
        Id of a station by its name, for tables that name stations by id.

    Returns
    -------
    dict
        Rows by table and asset id; tables without an asset follow from bottleneck ids or stations.
    """
    known = bottlenecks.drop_duplicates("bottleneck_id")
    owner = dict(zip(known["bottleneck_id"], known["asset_id"], strict=True))
    at = loading[loading["asset_class"] != "circuit"].drop_duplicates("asset_id")
    station = at.groupby("station")["asset_id"].agg(list).to_dict()
    station |= {code: station[name] for name, code in (station_ids or {}).items() if name in station}
    found = {}
    for name, table in [("loading", loading), *checks.items()]:
        if name not in COLUMNS or table.empty:
            continue
        if "asset_id" in table.columns:
            rows = table
        elif "bottleneck_id" in table.columns:
            rows = _of_bottleneck(table, bottlenecks)
        elif "bottleneck_ids" in table.columns:
            rows = _spread(table, "bottleneck_ids", {key: [asset] for key, asset in owner.items()})
        elif named := next((c for c in ("stations", "station_id") if c in table.columns), ""):
            rows = _spread(table, named, station)
        else:
            continue
        rows = _ranked(rows[rows["asset_id"].notna() & (rows["asset_id"] != "")], name)
        found[name] = {str(asset): part for asset, part in rows.groupby("asset_id")}
    return found


def _of_bottleneck(table: pd.DataFrame, bottlenecks: pd.DataFrame) -> pd.DataFrame:
    """Add the asset and direction of a bottleneck, and keep the weather year in which it is heaviest."""
    case = ["bottleneck_id", "grid_state", "storyline", "year"]
    mw = pd.to_numeric(bottlenecks["exceedance_mw"], errors="coerce")  # a class where it is confidential
    order = mw.sort_values(ascending=False, kind="stable").index
    facts = bottlenecks.loc[order].drop_duplicates(case)[[*case, "weather_year", "asset_id", "direction"]]
    merged: pd.DataFrame = table.merge(facts, on=[*case, "weather_year"])
    return merged


def _directions(cell: Any) -> Any:
    """Give the directions of the bottlenecks whose ids are in a cell: the asset is that of the page."""
    found = [way for way in DIRECTIONS for code in parts(cell) if code.endswith(f"-{way}")]
    return ";".join(dict.fromkeys(found))


def _spread(table: pd.DataFrame, column: str, assets: Mapping[Any, list[Any]]) -> pd.DataFrame:
    """Repeat each row for the assets of the ids in a cell."""
    found = [[asset for code in parts(cell) for asset in assets.get(code, [])] for cell in table[column]]
    return table.assign(asset_id=pd.Series(found, index=table.index, dtype=object)).explode("asset_id")


def _ranked(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Keep the first rows of each choice, by rank where the table has one."""
    if name in RANKED and RANKED[name] in rows.columns:
        rows = rows.sort_values(RANKED[name], ascending=False, kind="stable")
    key = ["asset_id", *(c for c in CHOICE if c in rows.columns)]
    return rows[rows.groupby(key, dropna=False).cumcount() < MOST_ROWS]


def payload(found: Mapping[str, Mapping[str, pd.DataFrame]], asset: str) -> dict[str, Any]:
    """Give the checks of one asset for its script.

    Returns
    -------
    dict
        Per table ``columns`` (those shown), ``choice`` (the columns of :data:`CHOICE` that it has) and
        ``rows``: the choice's values, then the shown values.
    """
    out = {}
    for name in COLUMNS:
        rows = found.get(name, {}).get(asset)
        if rows is None or rows.empty:
            continue
        choice = [column for column in CHOICE if column in rows.columns]
        columns = [c for c in COLUMNS[name].split() if c in rows.columns]
        cells = rows[[*choice, *columns]].drop_duplicates()
        for column in (c for c in OF_BOTTLENECKS if c in columns):
            cells[column] = cells[column].map(_directions)
        lines = [[_cell(value) for value in line] for line in cells.itertuples(index=False, name=None)]
        out[name] = {"columns": columns, "choice": choice, "rows": lines}
    return out


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else round(float(value), 2)
