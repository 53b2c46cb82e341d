"""Size and year of a project per future and weather year, and per variant: kept apart, never pooled."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.series import counting
from pmiek.decide.projects.tables import explode_ids

CASE_COLUMNS = [
    "project_id", "grid_state", "direction", "storyline", "weather_year", "first_year",
    "first_year_mw", "hardest_year", "exceedance_mw", "hours", "energy_mwh",
]  # fmt: skip
VARIANT_COLUMNS = [
    "project_id", "variant", "storyline", "built_mw", "built_first_year", "left_mw", "left_hours",
    "left_first_year",
]  # fmt: skip


def need_cases(series: pd.DataFrame) -> pd.DataFrame:
    """Give the sample behind the need: one row per project, grid, direction, storyline and weather year.

    Parameters
    ----------
    series : DataFrame
        Output of :func:`pmiek.decide.projects.series.needs_series`.

    Returns
    -------
    DataFrame
        Columns ``CASE_COLUMNS``: first year with a need and its MW, and MW, hours and MWh a year of the
        hardest year. A combination without a need has no row.
    """
    rows = counting(series)
    if rows.empty:
        return pd.DataFrame(columns=CASE_COLUMNS)
    keys = CASE_COLUMNS[:5]
    first = rows.sort_values("year", kind="stable").drop_duplicates(keys).set_index(keys)
    first = first[["year", "remaining_mw"]].set_axis(["first_year", "first_year_mw"], axis=1)
    hardest = rows.sort_values(["remaining_mw", "year"], kind="stable").drop_duplicates(keys, keep="last")
    renamed = {"year": "hardest_year", "remaining_mw": "exceedance_mw"}
    out = hardest.drop(columns="exceedance_mw").rename(columns=renamed).join(first, on=keys)
    return out[CASE_COLUMNS].sort_values(keys, ignore_index=True)


def variant_cases(
    candidates: pd.DataFrame, bottlenecks: pd.DataFrame, capacity: pd.DataFrame, reference: str
) -> pd.DataFrame:
    """Say per project what each variant builds at its assets and what is left there, per storyline.

    Parameters
    ----------
    candidates : DataFrame
        project_id and asset_ids.
    bottlenecks : DataFrame
        Result table; rows of a variant's own plan have its name as ``grid_state``.
    capacity : DataFrame
        Result table; ``built_mw`` is what is in service of the plan.
    reference : str
        Variant that builds nothing; it is left out.

    Returns
    -------
    DataFrame
        Columns ``VARIANT_COLUMNS``: MW built at the horizon and first year, and of what the variant leaves
        above a limit the largest MW with its hours and the first year. Only rows where a variant builds or
        leaves something.
    """
    assets = explode_ids(candidates, "asset_ids", "asset_id")[["project_id", "asset_id"]]
    keys = ["project_id", "variant", "storyline"]
    built = assets.merge(
        capacity[capacity["built_mw"].gt(0) & capacity["variant"].ne(reference)], on="asset_id"
    )
    per_year = built.groupby([*keys, "year"], as_index=False)["built_mw"].sum()
    builds = per_year.groupby(keys).agg(built_mw=("built_mw", "max"), built_first_year=("year", "min"))
    own = bottlenecks[
        bottlenecks["grid_state"].eq(bottlenecks["variant"]) & bottlenecks["variant"].ne(reference)
    ]
    left = assets.merge(own[own["exceedance_mw"] > 0], on="asset_id")
    rest = left.groupby(keys).agg(
        left_mw=("exceedance_mw", "max"), left_hours=("hours", "max"), left_first_year=("year", "min")
    )
    joined = builds.join(rest, how="outer").fillna({"built_mw": 0.0, "left_mw": 0.0, "left_hours": 0.0})
    out: pd.DataFrame = joined.reset_index()[VARIANT_COLUMNS].sort_values(keys, ignore_index=True)
    return out
