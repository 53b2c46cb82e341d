"""The stages that join all runs of a batch: knelpunten, kandidaatprojecten, weighing and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.alignment import align
from model.bottlenecks import bottleneck_shares, bottleneck_summary, capacity_factors, find, near_bottlenecks
from model.files import write_csv
from model.inputs import Tables
from model.network import grid_state
from model.profiles import profile_check
from model.projects import candidates
from model.results.registry import conform
from model.weighing import read_framework, weigh
from model.workflow.plan import Plan
from model.workflow.support import FROZEN, NULALTERNATIEF, by_weather_year, join_folders, stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WEIGHT_DRAW_SEED = 2028


@stage
def make_tables(
    plan: Plan, *, screening: Sequence[str], runs: Sequence[str], profiles: Sequence[str], out: str
) -> None:
    """Join the screenings and runs into the result tables, and find the bottlenecks in them."""
    tables = plan.tables()
    screened = join_folders([plan.root / folder for folder in screening])
    planned = join_folders([plan.root / folder for folder in runs])
    loading, shares, heat = (
        pd.concat([part[name] for part in (screened, planned) if name in part], ignore_index=True)
        for name in ("loading", "shares", "heatmap")
    )
    factors = _capacity_factors(plan, tables, loading)
    threshold = plan.scenario(plan.storylines[0]).grid.bottleneck_loading_pct
    places = tables["regions/municipalities"]
    found = find(loading, factors, places, heatmap=heat, threshold_pct=threshold)
    found = _remaining(found, planned["pathway_exceedances"])
    causes = bottleneck_shares(found, shares)
    made = loading[["storyline", "year", "weather_year"]].drop_duplicates()
    _write(
        {
            "loading": loading,
            "bottlenecks": found,
            "near_bottlenecks": near_bottlenecks(loading, factors, places, threshold_pct=threshold),
            "bottleneck_shares": causes,
            "bottleneck_summary": bottleneck_summary(found, causes, made),
            "duration": screened["duration"],
            "heatmap": screened["heatmap"],
            "curtailment": screened["curtailment"],
            "lost_load": screened["lost_load"],
            "station_energy": screened["station_energy"],
            "energy_check": screened["energy_check"],
            "profile_check": profile_check(tables, by_weather_year(plan, profiles)),
            **{name: planned[name] for name in RUN_TABLES},
        },
        plan.root / out,
    )


RUN_TABLES = (
    "capacity",
    "costs",
    "transfers",
    "dispatch_summary",
    "solver",
    "pathway_rounds",
    "pathway_exceedances",
    "energy_balance",
    "emissions",
)


def _remaining(found: pd.DataFrame, exceedances: pd.DataFrame) -> pd.DataFrame:
    """Keep of a variant's plan only what its build, batteries and curtailment together leave."""
    key = ["storyline", "variant", "year", "asset_id"]
    left = exceedances[key].drop_duplicates().assign(left=True)
    marked = found.merge(left, on=key, how="left")
    measured = found["grid_state"].isin([FROZEN, NULALTERNATIEF]).to_numpy()
    return found[measured | marked["left"].eq(True).to_numpy()].reset_index(drop=True)


def _capacity_factors(plan: Plan, tables: Tables, loading: pd.DataFrame) -> pd.DataFrame:
    """Give the capacity ranges of every grid that occurs in the loading table."""
    parts = []
    for state, year in loading[["grid_state", "year"]].drop_duplicates().itertuples(index=False):
        base = state if state in {FROZEN, NULALTERNATIEF} else NULALTERNATIEF
        grid = grid_state(tables, plan.scenario(plan.storylines[0]), base, int(year))
        parts.append(capacity_factors(grid).assign(grid_state=state, year=int(year)))
    return pd.concat(parts, ignore_index=True)


@stage
def make_projects(plan: Plan, *, tables_dir: str, out: str) -> None:
    """Make the candidate projects, weigh them and align them with the investment plans."""
    tables = plan.tables()
    folder = plan.root / tables_dir
    read = {
        name: read_result(folder, name)
        for name in ("bottlenecks", "loading", "bottleneck_shares", "capacity")
    }
    scenario = plan.scenario(plan.storylines[0])
    found = candidates(
        read["bottlenecks"],
        read["loading"],
        read["bottleneck_shares"],
        read["capacity"],
        tables,
        tables["projects/register"],
        scenario.years.reference,
        discount_rate_per_year=scenario.economics.discount_rate_per_year,
    )
    weighed = weigh(
        found,
        read["bottleneck_shares"],
        read_framework(plan.root / "inputs" / "weighing" / "framework.yaml"),
        tables,
        tables["weighing/judgments"],
        WEIGHT_DRAW_SEED,
        reference_year=scenario.years.reference,
    )
    _write(
        {
            "candidates": weighed.candidates,
            "project_options": found.options,
            "project_need": found.need,
            "project_links": found.links,
            "register_proposal": found.register,
            "scores": weighed.scores,
            "robustness": weighed.robustness,
            "swaps": weighed.swaps,
            "data_requests": weighed.data_requests,
            "alignment": align(weighed.candidates, tables["projects/planned"], tables),
        },
        plan.root / out,
    )


def read_result(folder: Path, name: str) -> pd.DataFrame:
    """Read a result table that this workflow wrote; empty text stays empty text."""
    frame = pd.read_csv(folder / f"{name}.csv", encoding="utf-8", low_memory=False)
    text = frame.select_dtypes(include=["str", "object"]).columns
    frame[text] = frame[text].fillna("")
    return frame


def _write(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        write_csv(conform(name, table), folder / f"{name}.csv")
