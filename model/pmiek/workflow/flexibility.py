"""The stage that finds what flexibility removes of each bottleneck of a storyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand import connections
from pmiek.connections.demand.yields import field_yields
from pmiek.inputs import Tables
from pmiek.network import grid_state, sensitivities
from pmiek.optimise.flexibility import flex_settings, flexibility
from pmiek.security.screening import RunKey, prepare, settings_of
from pmiek.workflow.manifest import record
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import NULALTERNATIEF, by_weather_year, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pmiek.inputs import Tables
    from pmiek.optimise.flexibility import FlexResult


@stage
def make_flexibility(
    plan: Plan,
    storyline: str,
    *,
    profiles: Sequence[str],
    reference: str,
    out: str,
    log: str,
) -> None:
    """Run the flexibility pass of all screened years and weather years of a storyline."""
    tables = tables_for(plan.tables(), storyline)
    shapes = by_weather_year(plan, profiles)
    with record(plan.root / log, stage="flexibility", storyline=storyline, status="optimal") as facts:
        found = [
            result
            for state in plan.scenario(storyline).flexibility.grid_states
            for result in _years(plan, storyline, tables, (state, plan.root / reference), shapes)
        ]
        facts["solves"] = sum(result.dispatch.solves for result in found)
        facts["largest_rows"] = max(result.dispatch.largest_rows for result in found)
        write_tables(
            {
                "flexibility": _join([result.flexibility for result in found]),
                "flexibility_measures": _join([result.measures for result in found]),
                "flexibility_gap": _join([result.gap for result in found]),
            },
            plan.root / out,
        )


def _years(
    plan: Plan,
    storyline: str,
    tables: Tables,
    where: tuple[str, Path],
    shapes: Mapping[int, pd.DataFrame],
) -> Iterator[FlexResult]:
    scenario, (state, reference) = plan.scenario(storyline), where
    yields = field_yields(tables, scenario, pd.read_parquet(reference))
    limits = settings_of(tables, scenario)
    for year in plan.screening_years(storyline):
        grid = grid_state(tables, scenario, state, year)
        ready = prepare(grid, sensitivities(grid), limits)
        who = connections(tables, scenario, storyline, year, grid, yields=yields)
        settings = flex_settings(tables, scenario, year)
        for weather_year, frame in shapes.items():
            key = RunKey(state, storyline, NULALTERNATIEF, year, weather_year)
            yield flexibility(ready, who, frame, settings, key)


def _join(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]
