"""How much, when and how certainly an asset falls short: from bottleneck rows to one need per project."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.series import counting
from pmiek.decide.projects.tables import NEED_COLUMNS, text


def spread_base_year(bottlenecks: pd.DataFrame, loading: pd.DataFrame) -> pd.DataFrame:
    """Give the shared base year to every storyline.

    The base year is run for one storyline only because all storylines start from the same today. A
    shortage of today is therefore a shortage in each of them.

    Parameters
    ----------
    bottlenecks : DataFrame
        Columns ``storyline`` and ``year`` among others.
    loading : DataFrame
        All assets that were screened; tells which storylines each year has. May be empty.

    Returns
    -------
    DataFrame
        The rows of ``bottlenecks`` with the base year's rows repeated per storyline.
    """
    known = loading if len(loading) else bottlenecks
    if bottlenecks.empty or known.empty:
        return bottlenecks
    storylines = sorted(text(known["storyline"]).unique())
    per_year = known.groupby("year")["storyline"].nunique()
    shared = [year for year, count in per_year.items() if count == 1 and year == per_year.index.min()]
    if len(storylines) == 1 or not shared:
        return bottlenecks
    base = bottlenecks[bottlenecks["year"].isin(shared)]
    spread = [base.assign(storyline=storyline) for storyline in storylines]
    return pd.concat([bottlenecks[~bottlenecks["year"].isin(shared)], *spread], ignore_index=True)


def totals(loading: pd.DataFrame, bottlenecks: pd.DataFrame) -> tuple[int, int]:
    """Return the number of storylines and of weather years that were screened."""
    known = loading if len(loading) else bottlenecks
    if known.empty:
        return 0, 0
    return int(known["storyline"].nunique()), int(known["weather_year"].nunique())


def need_table(series: pd.DataFrame, storylines_total: int, weather_years_total: int) -> pd.DataFrame:
    """Summarise the need per project, grid state and direction.

    For each combination of storyline and weather year the hardest year counts (the asset must hold
    until the horizon). Low, median and high are the minimum, median and maximum over the combinations
    in which the need occurs; how often it occurs is told apart, in ``storylines_with_need`` and
    ``weather_years_with_need``, and never averaged into the size. No sentence joins these sizes to a
    year: a year with its MW is a row of the series.

    Parameters
    ----------
    series : DataFrame
        Output of :func:`pmiek.decide.projects.series.needs_series`; only rows that count are read.
    storylines_total, weather_years_total : int
        What was screened.

    Returns
    -------
    DataFrame
        Columns ``NEED_COLUMNS``; years as float because they may be empty.
    """
    rows = counting(series)
    if rows.empty:
        return pd.DataFrame(columns=NEED_COLUMNS)
    keys = ["project_id", "grid_state", "direction"]
    samples = (
        rows.assign(vanishes=rows["capacity_sensitive"].eq("vanishes"))
        .groupby([*keys, "storyline", "weather_year"], as_index=False)
        .agg(
            exceedance_mw=("remaining_mw", "max"),
            peak_mw=("peak_mw", "max"),
            limit_mw=("limit_mw", "min"),
            hours=("hours", "max"),
            energy_mwh=("energy_mwh", "max"),
            first_year=("year", "min"),
            vanishes=("vanishes", "min"),
        )
    )
    out = samples.groupby(keys).agg(
        exceedance_mw_low=("exceedance_mw", "min"),
        exceedance_mw_median=("exceedance_mw", "median"),
        exceedance_mw_high=("exceedance_mw", "max"),
        peak_mw=("peak_mw", "max"),
        limit_mw=("limit_mw", "min"),
        hours_low=("hours", "min"),
        hours_median=("hours", "median"),
        hours_high=("hours", "max"),
        energy_mwh_low=("energy_mwh", "min"),
        energy_mwh_median=("energy_mwh", "median"),
        energy_mwh_high=("energy_mwh", "max"),
        need_year_earliest=("first_year", "min"),
        storylines_with_need=("storyline", "nunique"),
        weather_years_with_need=("weather_year", "nunique"),
        vanishes=("vanishes", "min"),
    )
    per_storyline = samples.groupby([*keys, "storyline"])["first_year"].min().groupby(keys)
    # the lower of two middle years: a size may be averaged, a year that nobody computed may not
    out["need_year_median"] = per_storyline.quantile(0.5, interpolation="lower")
    hardest = rows.sort_values(["remaining_mw", "year"]).groupby(keys).tail(1).set_index(keys)
    out["season"] = text(hardest["season"])
    out["capacity_sensitive"] = np.where(out["vanishes"].astype(bool), "vanishes", "stable")
    out["storylines_total"] = storylines_total
    out["weather_years_total"] = weather_years_total
    return out.reset_index()[NEED_COLUMNS]


def more_weather_years(
    projects: pd.DataFrame, rows: pd.DataFrame, weather: pd.DataFrame, screened: int
) -> pd.DataFrame:
    """Count the weather years with need over all screened ones, where more were screened than in full detail.

    Parameters
    ----------
    projects : DataFrame
        Index project_id; ``need_state``, ``weather_years`` and ``weather_years_total``.
    rows : DataFrame
        Bottleneck rows with ``project_id``, ``bottleneck_id`` and ``grid_state``.
    weather : DataFrame
        Result table ``weather_certainty``: per bottleneck and grid state n_weather_years of of_weather_years,
        in the storyline and year with most of them. May be empty.
    screened : int
        Weather years in full detail; a table with no more than these adds nothing.

    Returns
    -------
    DataFrame
        The projects; of several bottlenecks in one project the one that occurs most often counts.
    """
    wider = weather[weather["of_weather_years"].astype(float) > screened] if len(weather) else weather
    if wider.empty or rows.empty:
        return projects
    known = rows[["project_id", "bottleneck_id", "grid_state"]].drop_duplicates()
    counts = known.merge(wider, on=["bottleneck_id", "grid_state"])
    counts = counts.groupby(["project_id", "grid_state"])[["n_weather_years", "of_weather_years"]].max()
    keys = pd.MultiIndex.from_arrays([projects.index, projects["need_state"]])
    found = counts.reindex(keys).set_axis(projects.index)
    return projects.assign(
        weather_years=found["n_weather_years"].fillna(projects["weather_years"]).astype(int),
        weather_years_total=found["of_weather_years"].fillna(projects["weather_years_total"]).astype(int),
    )


def project_need(need: pd.DataFrame, grid_state: str) -> pd.DataFrame:
    """Combine both directions of a project in one grid state.

    The larger direction sets the size, because one set of assets serves both.

    Parameters
    ----------
    need : DataFrame
        Output of :func:`need_table`.
    grid_state : str
        ``frozen`` or ``nulalternatief``.

    Returns
    -------
    DataFrame
        Index project_id; columns low, median, high (MW), year_earliest, year_median, storylines,
        storylines_total, weather_years, weather_years_total, hours, energy_mwh, direction, vanishes, season.
    """
    part = need[need["grid_state"] == grid_state]
    lead = part.sort_values(["exceedance_mw_median", "direction"]).groupby("project_id").tail(1)
    out = part.groupby("project_id").agg(
        low=("exceedance_mw_low", "max"),
        median=("exceedance_mw_median", "max"),
        high=("exceedance_mw_high", "max"),
        year_earliest=("need_year_earliest", "min"),
        year_median=("need_year_median", "min"),
        storylines=("storylines_with_need", "max"),
        storylines_total=("storylines_total", "max"),
        weather_years=("weather_years_with_need", "max"),
        weather_years_total=("weather_years_total", "max"),
        hours=("hours_median", "max"),
        energy_mwh=("energy_mwh_median", "max"),
        directions=("direction", lambda s: ";".join(sorted(set(s), reverse=True))),
        vanishes=("capacity_sensitive", lambda s: bool((s == "vanishes").all())),
    )
    return out.join(lead.set_index("project_id")[["direction", "season", "peak_mw", "limit_mw"]])
