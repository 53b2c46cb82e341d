"""Announced extensions of unknown size: a range of sizes beside the shortage, and from which MW on it is enough."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.plans import plan_projects
from pmiek.decide.projects.tables import TablesLike, optional

COLUMNS = [
    "project_id", "name", "station_id", "asset_id", "direction", "planned_year", "units", "units_plot",
    "gain_one_unit_mw", "gain_plot_mw", "enough_from_mw", "hardest_year", "hardest_storyline", "outcome",
]  # fmt: skip
NOTHING, ONE, PLOT, MORE = "nothing needed", "one unit", "what the plot holds", "more than the plot holds"
DIRECTIONS = ("take-off", "feed-in")
PLANNED_STATE = "nulalternatief"


def announced_plans(bottlenecks: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Show what announced station extensions without MW could bring, beside what is short there.

    The plan is not in the nulalternatief. Its size is a range: nothing, one standard unit, as many as the plot
    holds. Take-off gains what the largest unit out leaves more than before; feed-in, judged with all units
    in, gains the rating of the new units.

    Parameters
    ----------
    bottlenecks : DataFrame
        All knelpunten of the batch.
    tables : TablesLike
        ``projects/planned``, ``grid/transformers``, ``grid/stations`` and the assumptions
        ``standard_transformer_mva``, ``max_transformers_per_plot``, ``power_factor_take_off``,
        ``power_factor_field_generation``.

    Returns
    -------
    DataFrame
        One row per plan and direction; columns ``COLUMNS``. ``enough_from_mw`` is the largest shortage with
        the decided projects in place, from the plan's own year on, in the year and storyline of that row; 0
        where nothing is short. A station without transformers in the tables has no gains (empty).
    """
    plans = plan_projects(tables)
    if plans.empty:
        return pd.DataFrame(columns=COLUMNS)
    open_plans = plans[
        plans["carrier"].eq("electricity") & plans["capacity_mw"].isna() & ~plans["decided"]
        & plans["station_id"].ne("") & plans["kind"].str.contains("extension") & ~plans["umbrella"]
    ]  # fmt: skip
    short = bottlenecks[
        (bottlenecks["grid_state"] == PLANNED_STATE) & (bottlenecks["asset_class"] == "station_transformer")
    ]
    rows = [
        _row(plan, direction, short, tables)
        for plan in open_plans.to_dict("records")
        for direction in DIRECTIONS
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["project_id", "direction"], ignore_index=True)


def gain_mw(rated_mva: list[float], new_mva: list[float], direction: str, power_factor: float) -> float:
    """Return what new units add to a group of transformers.

    Parameters
    ----------
    rated_mva, new_mva : list of float
        Units that are there, and those that are added.
    direction : str
        Take-off is judged with the largest unit out, feed-in with all units in.
    power_factor : float
        From MVA to MW.

    Returns
    -------
    float
        MW.
    """

    def limit(units: list[float]) -> float:
        return sum(units) - (max(units, default=0.0) if direction == "take-off" else 0.0)

    return (limit([*rated_mva, *new_mva]) - limit(rated_mva)) * power_factor


def _row(plan: dict[object, object], direction: str, short: pd.DataFrame, tables: TablesLike) -> list[object]:
    station = str(plan["station_id"])
    group, units, most = _units(station, tables)
    size = tables.assumption("standard_transformer_mva")
    factor = tables.assumption(
        "power_factor_take_off" if direction == "take-off" else "power_factor_field_generation"
    )
    places = max(most - len(units), 1)
    one, plot = (
        (gain_mw(units, [size] * count, direction, factor) if units else np.nan) for count in (1, places)
    )
    year = float(str(plan["planned_year_latest"]))
    later = short[(short["asset_id"] == group) & (short["direction"] == direction)]
    later = later if np.isnan(year) else later[later["year"] >= year]
    worst = later.nlargest(1, "exceedance_mw").to_dict("records")
    need = float(worst[0]["exceedance_mw"]) if worst else 0.0
    outcome = NOTHING if need <= 0 else ONE if need <= one else PLOT if need <= plot else MORE
    when = (worst[0]["year"], worst[0]["storyline"]) if worst else (np.nan, "")
    return [
        plan["project_id"], plan["name"], station, group, direction, year, len(units), most, one, plot, need,
        *when, outcome,
    ]  # fmt: skip


def _units(station: str, tables: TablesLike) -> tuple[str, list[float], int]:
    """Return the station's transformer group, the units that are there, and how many the plot can hold."""
    units = optional(tables, "grid/transformers", ["station_id", "group_id", "kind", "status", "rated_mva"])
    here = units[
        (units["station_id"] == station) & (units["kind"] == "station") & (units["status"] == "existing")
    ]
    stations = optional(tables, "grid/stations", ["station_id", "max_units"])
    most = pd.to_numeric(stations.loc[stations["station_id"] == station, "max_units"]).dropna()
    limit = int(most.iloc[0]) if len(most) else int(tables.assumption("max_transformers_per_plot"))
    group = str(here["group_id"].iloc[0]) if len(here) else ""
    return group, here["rated_mva"].astype(float).tolist(), limit
