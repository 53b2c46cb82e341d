"""Stages that turn measured weather into hourly profiles."""

from __future__ import annotations

import pandas as pd

from pmiek.files import write_parquet
from pmiek.timeseries import build_profiles, reference_sums
from pmiek.workflow.plan import Plan
from pmiek.workflow.support import stage


@stage
def make_reference(plan: Plan, *, out: str) -> None:
    """Make the weather-normal yearly sums of the profiles that depend on weather."""
    tables = plan.tables()
    scenario = plan.scenario(plan.storylines[0])
    write_parquet(reference_sums(tables, scenario), plan.root / out)


@stage
def make_profiles(plan: Plan, weather_year: int, *, reference: str, out: str) -> None:
    """Make the hourly profiles of one weather year."""
    tables = plan.tables()
    scenario = plan.scenario(plan.storylines[0])
    sums = pd.read_parquet(plan.root / reference)
    write_parquet(build_profiles(tables, scenario, weather_year, sums), plan.root / out)
