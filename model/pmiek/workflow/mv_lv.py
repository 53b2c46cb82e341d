"""The stage that judges medium and low voltage of a storyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand.yields import field_yields
from pmiek.security.mv_lv import mv_lv, mv_lv_check
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Sequence


@stage
def make_mv_lv(
    plan: Plan, storyline: str, *, profiles: Sequence[str], reference: str, out: str, log: str
) -> None:
    """Judge medium and low voltage in all screened years of a storyline, on both grid states."""
    tables, scenario = tables_for(plan.tables(), storyline), plan.scenario(storyline)
    shapes = by_weather_year(plan, profiles)
    with record(plan.root / log, stage="mv_lv", storyline=storyline):
        found = mv_lv(
            tables,
            scenario,
            shapes,
            years=plan.screening_years(storyline),
            yields=field_yields(tables, scenario, pd.read_parquet(plan.root / reference)),
            grid_states=(FROZEN, NULALTERNATIEF),
            variant=NULALTERNATIEF,
        )
        check = mv_lv_check(tables, scenario, shapes, found.mv_lv, variant=NULALTERNATIEF)
        write_tables({**found.tables(), "mv_lv_check": check}, plan.root / out)
