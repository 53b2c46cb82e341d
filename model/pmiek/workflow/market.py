"""The stage that solves the national price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.files import write_parquet
from pmiek.optimise.national import co2_t_per_mwh, solve_national
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.inputs import Tables


@stage
def make_national(
    plan: Plan, storyline: str, weather_year: int, profiles: str, *, out: str, log: str
) -> None:
    """Solve the national price of all years of a storyline in one weather year."""
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    years = plan.screening_years(storyline)
    facts = {"stage": "national", "storyline": storyline, "weather_year": weather_year, "years": list(years)}
    with record(plan.root / log, **facts, status="optimal"):
        shapes = pd.read_parquet(plan.root / profiles)
        write_parquet(solve_national(tables, scenario, shapes, years, weather_year), plan.root / out)


def electricity_t_per_mwh(market: Mapping[int, pd.DataFrame]) -> pd.Series:
    """Give the CO2 of national generation, t per MWh, by year and weather year.

    Parameters
    ----------
    market : mapping of int to DataFrame
        Output of :func:`pmiek.optimise.national.solve_national` per weather year.
    """
    parts = {weather_year: co2_t_per_mwh(hours) for weather_year, hours in market.items()}
    table: pd.Series = pd.concat(parts, names=["weather_year"]).swaplevel()
    return table


def curtailed_shares(tables: Tables, market: pd.DataFrame, year: int) -> dict[str, Floats]:
    """Give the hourly share of generation that the market curtails, per profile of solar and wind.

    Parameters
    ----------
    tables : Tables
        Reads profiles/sectors.
    market : DataFrame
        Output of :func:`pmiek.optimise.national.solve_national` for one weather year.
    year : int
        Year of the storyline.
    """
    hours = market[market["year"] == year]
    columns = {"solar": "curtailed_share_solar", "wind": "curtailed_share_wind"}
    profiles = {str(name) for name in tables["profiles/sectors"]["profile"].dropna()}
    cohorts = {"solar_field_existing", "solar_field_new", "wind_onshore_existing"}
    return {
        profile: hours[column].to_numpy(dtype=float)
        for profile in sorted(profiles | cohorts)
        for kind, column in columns.items()
        if profile.startswith(kind)
    }
