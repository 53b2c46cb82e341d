"""The stage that solves the national price."""

from __future__ import annotations

import pandas as pd

from model.files import write_parquet
from model.inputs import read_tables
from model.national import solve_national
from model.workflow.manifest import record
from model.workflow.plan import Plan
from model.workflow.support import stage


@stage
def make_national(
    plan: Plan, storyline: str, weather_year: int, profiles: str, *, out: str, log: str
) -> None:
    """Solve the national price of all years of a storyline in one weather year."""
    tables, scenario = read_tables(plan.root / "inputs"), plan.scenario(storyline)
    years = plan.screening_years(storyline)
    facts = {"stage": "national", "storyline": storyline, "weather_year": weather_year, "years": list(years)}
    with record(plan.root / log, **facts, status="optimal"):
        shapes = pd.read_parquet(plan.root / profiles)
        write_parquet(solve_national(tables, scenario, shapes, years, weather_year), plan.root / out)
