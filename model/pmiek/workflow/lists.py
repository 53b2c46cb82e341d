"""The stages that join all runs of a batch: knelpunten, kandidaatprojecten, weighing and alignment."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.decide.alignment import align
from pmiek.decide.monitoring import escalations, monitoring
from pmiek.decide.projects import (
    area_combinations,
    candidates,
    dependencies,
    history,
    input_effects,
    variant_cases,
)
from pmiek.decide.projects.announced import announced_plans
from pmiek.decide.projects.examined import with_examination
from pmiek.decide.projects.plan_dates import plan_dates
from pmiek.decide.projects.switching import with_switching
from pmiek.decide.projects.tables import CandidateSet
from pmiek.decide.projects.waiting import queue_growth
from pmiek.decide.weighing import proposal, read_framework, weigh
from pmiek.files import write_parquet
from pmiek.inputs import Tables
from pmiek.network import grid_changes, grid_state
from pmiek.network.pockets import pocket_check
from pmiek.publish.operators import touched, write_public
from pmiek.publish.operators.redaction import full_path
from pmiek.results.account import account_costs, capacity_with_share, place_shares, service
from pmiek.results.base_year import base_year_table
from pmiek.results.bottlenecks import (
    bottleneck_margins,
    bottleneck_shares,
    bottleneck_summary,
    capacity_factors,
    capacity_sensitivity,
    capacity_shift,
    find,
    market_distribution,
    near_bottlenecks,
    weather_certainty,
    weather_distribution,
    with_carrier,
    with_projects,
)
from pmiek.results.registry import conform_all, result_tables
from pmiek.results.variants.cards import variant_cards, variant_differences
from pmiek.security.mv_lv import MV_LV, MV_STATION, capacity_range
from pmiek.security.screening.days import heaviest_days
from pmiek.timeseries import profile_check
from pmiek.workflow.plan import Plan
from pmiek.workflow.support import (
    FROZEN,
    NULALTERNATIEF,
    by_weather_year,
    join_folders,
    read_folder,
    stage,
    write_tables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pmiek.network import GridState

WEIGHT_DRAW_SEED = 2028


@stage
def make_tables(
    plan: Plan,
    *,
    screening: Sequence[str],
    mv_lv: Sequence[str],
    carriers: Sequence[str],
    ac_check: Sequence[str],
    switching: Sequence[str],
    flexibility: Sequence[str],
    runs: Sequence[str],
    profiles: Sequence[str],
    units: str,
    out: str,
) -> None:
    """Join the screenings and runs into the result tables, and find the bottlenecks in them.

    What one unit more or less does goes to ``units``: the projects it touches are named when they are weighed.
    """
    tables = plan.tables()
    screened, planned, districts, other, checked, states, flexed = (
        join_folders([plan.root / folder for folder in folders])
        for folders in (screening, runs, mv_lv, carriers, ac_check, switching, flexibility)
    )
    judged = (screened, _of_variants(planned), districts, other)
    loading, shares, heat = (_stacked(judged, name) for name in ("loading", "shares", "heatmap"))
    loading = with_carrier(loading)
    factors = _capacity_factors(plan, tables, loading)
    threshold = plan.scenario(plan.storylines[0]).grid.bottleneck_loading_pct
    places = tables["regions/municipalities"]
    found = find(loading, factors, places, heatmap=heat, threshold_pct=threshold)
    found = _remaining(found, planned.get("pathway_exceedances", no_rows("pathway_exceedances")))
    causes = bottleneck_shares(found, shares)
    accounted = _account(planned, tables)
    made = loading[["storyline", "year", "weather_year"]].drop_duplicates()
    heats = _of_heat(other)
    base_year = plan.scenario(plan.storylines[0]).years.base
    one_unit = _capacity_factors(plan, tables, loading, one_unit=True)
    write_parquet(capacity_sensitivity(loading, one_unit, threshold), plan.root / units)
    _write(
        "tables",
        {
            "loading": loading,
            "bottlenecks": found,
            "near_bottlenecks": near_bottlenecks(loading, factors, places, threshold_pct=threshold),
            "bottleneck_shares": causes,
            "bottleneck_summary": bottleneck_summary(found, causes, made),
            **_of_screening(screened),
            "grid_changes": _changes(plan, tables, loading),
            "pocket_check": pocket_check(tables, _grid_of_today(plan, tables)),
            "profile_check": profile_check(tables, by_weather_year(plan, profiles)),
            **_or_empty(accounted, RUN_TABLES),
            **_cards(plan, tables, accounted, (found, causes)),
            **_or_empty({**districts, **checked, **states, **flexed}, EXTRA_TABLES),
            **heats,
            "base_year": base_year_table(tables, loading, {**screened, **heats}, base_year),
            **_weather(screened, threshold),
            "capacity_shift": capacity_shift(loading, factors, threshold),
            "bottleneck_margin": bottleneck_margins(found, screened["margins"]),
        },
        plan.root / out,
        tables,
    )


def _of_variants(planned: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave the reference out of what runs screened: its carriers are in the screening, with all years."""
    tables = {name: planned[name] for name in ("loading", "shares", "heatmap") if name in planned}
    return {name: rows[rows["grid_state"] != NULALTERNATIEF] for name, rows in tables.items()}


def _stacked(parts: Sequence[Mapping[str, pd.DataFrame]], name: str) -> pd.DataFrame:
    """Put the rows of one table under one another, of the stages that have any."""
    return pd.concat([part[name] for part in parts if name in part and len(part[name])], ignore_index=True)


def _of_heat(other: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give useful heat, and the base year, which all storylines share, beside published figures once."""
    check = other["heat_check"].drop_duplicates(["gm_code", "quantity"], ignore_index=True)
    return {"heat_check": check, "heat_demand": other["heat_demand"]}


def _of_screening(screened: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give what goes on as the screening wrote it, and all hours of each asset's heaviest case."""
    return {
        **{name: screened[name] for name in SCREENING_TABLES},
        "day_heatmap": heaviest_days([screened["day_heatmap"]]),
        "tower_faults": screened["tower_faults"].drop(columns=["station_id", "is_information"]),
    }


SCREENING_TABLES = (
    "duration",
    "heatmap",
    "curtailment",
    "lost_load",
    "station_energy",
    "energy_check",
    "maintenance_check",
)
MV_LV_TABLES = ("mv_lv", "mv_lv_check")
AC_TABLES = ("ac_check", "ac_voltage", "ac_cases")
FLEXIBILITY_TABLES = ("flexibility", "flexibility_measures", "flexibility_gap")
EXTRA_TABLES = (*MV_LV_TABLES, *AC_TABLES, "switching_states", *FLEXIBILITY_TABLES)
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
    "energy_flows",
    "gas_net",
    "asset_places",
    "service",
)


def _account(planned: Mapping[str, pd.DataFrame], tables: Tables) -> dict[str, pd.DataFrame]:
    """Give the tables of the runs with a place for every row: the province per cluster, and outside."""
    if "costs" not in planned:
        return dict(planned)
    towns = tables["regions/municipalities"]
    places = place_shares(planned["places"], towns)
    return {
        **planned,
        "asset_places": _asked_for(places, planned),
        "costs": account_costs(planned["costs"], places, towns),
        "capacity": capacity_with_share(planned["capacity"], places),
        "service": service(planned, places, tables),
    }


def _asked_for(places: pd.DataFrame, planned: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Leave out the places of what neither stands nor is built, and of nodes that are no asset."""
    known = {*planned["capacity"]["asset_id"], *planned["dispatch_summary"]["station_id"]}
    return places[places["asset_id"].isin(list(known))].reset_index(drop=True)


def _cards(
    plan: Plan,
    tables: Tables,
    planned: Mapping[str, pd.DataFrame],
    left: tuple[pd.DataFrame, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Give a card per variant, and what the variants differ from the reference."""
    if "capacity" not in planned:
        return {name: no_rows(name) for name in ("variant_cards", "variant_differences")}
    reference = plan.batch.reference_variant
    cards = variant_cards(planned, *left, tables, reference)
    return {"variant_cards": cards, "variant_differences": variant_differences(cards, reference)}


def _remaining(found: pd.DataFrame, exceedances: pd.DataFrame) -> pd.DataFrame:
    """Keep of a variant's plan only what its build, batteries and curtailment together leave.

    Medium and low voltage and the other carriers are judged with the variant's own plan already.
    """
    key = ["storyline", "variant", "year", "asset_id"]
    left = exceedances[key].drop_duplicates().assign(left=True)
    marked = found.merge(left, on=key, how="left")
    measured = found["grid_state"].isin([FROZEN, NULALTERNATIEF]).to_numpy()
    other = found["carrier"].ne("electricity") | found["asset_class"].isin([MV_LV, MV_STATION])
    return found[measured | other.to_numpy() | marked["left"].eq(True).to_numpy()].reset_index(drop=True)


def _weather(screened: Mapping[str, pd.DataFrame], threshold: float) -> dict[str, pd.DataFrame]:
    """Give how much the weather matters, without and with the market."""
    table = weather_distribution(screened["weather_loading"], threshold)
    return {
        "weather_distribution": table,
        "weather_certainty": weather_certainty(table),
        "weather_market": market_distribution(screened["market_loading"], threshold),
        "market_years": screened["market_years"],
    }


def _grid_of_today(plan: Plan, tables: Tables) -> GridState:
    """Give the grid of the base year in its normal switching state."""
    scenario = plan.scenario(plan.storylines[0])
    return grid_state(tables, scenario, FROZEN, scenario.years.base)


def _changes(plan: Plan, tables: Tables, loading: pd.DataFrame) -> pd.DataFrame:
    """Give what planned projects change between the screened years."""
    return grid_changes(tables, plan.scenario(plan.storylines[0]), sorted(set(loading["year"])))


def _or_empty(tables: Mapping[str, pd.DataFrame], names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Give the named tables, without rows where a pass was left out."""
    return {name: tables.get(name, no_rows(name)) for name in names}


def no_rows(name: str) -> pd.DataFrame:
    """Give a result table without rows, for a batch that does not make it."""
    return pd.DataFrame(columns=result_tables()[name].names)


def _capacity_factors(
    plan: Plan, tables: Tables, loading: pd.DataFrame, *, one_unit: bool = False
) -> pd.DataFrame:
    """Give the capacity ranges of every grid that occurs in the loading table.

    Stations of medium and low voltage are counted in hundreds: they have a range, but no single unit.
    """
    parts = []
    below = loading.loc[loading["asset_class"].isin([MV_LV, MV_STATION]), "asset_id"]
    districts = capacity_range(tables, () if one_unit else below)
    for state, year in loading[["grid_state", "year"]].drop_duplicates().itertuples(index=False):
        base = state if state in {FROZEN, NULALTERNATIEF} else NULALTERNATIEF
        grid = grid_state(tables, plan.scenario(plan.storylines[0]), base, int(year))
        factors = pd.concat([capacity_factors(grid, one_unit=one_unit), districts], ignore_index=True)
        parts.append(factors.assign(grid_state=state, year=int(year)))
    return pd.concat(parts, ignore_index=True)


PROJECT_TABLES = (
    "bottlenecks", "loading", "bottleneck_shares", "bottleneck_margin", "capacity",
    "weather_certainty", "mv_lv", "switching_states", "base_year",
)  # fmt: skip


@stage
def make_long_list(plan: Plan, *, tables_dir: str, out: str) -> None:
    """Make the long list of candidate projects, before anybody weighs it, for the effects and the weighing."""
    tables = plan.tables()
    folder = plan.root / tables_dir
    read = {name: read_result(folder, name) for name in PROJECT_TABLES}
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
        weather_certainty=read["weather_certainty"],
    )
    found = with_switching(with_examination(found, read["base_year"]), read["switching_states"])
    parts = {field.name: getattr(found, field.name) for field in fields(found)}
    needs = dependencies(found.candidates, read["bottleneck_shares"], tables)
    write_tables({**parts, "dependencies": needs}, plan.root / out)


@stage
def make_projects(plan: Plan, *, tables_dir: str, long_list: str, units: str, out: str) -> None:
    """Weigh the long list with what its projects were measured to do, and align it with the investment plans."""
    tables = plan.tables()
    folder = plan.root / tables_dir
    read = {name: read_result(folder, name) for name in (*PROJECT_TABLES, "project_unlocks")}
    scenario = plan.scenario(plan.storylines[0])
    read["capacity_sensitivity"] = pd.read_parquet(plan.root / units)
    parts = read_folder(plan.root / long_list)
    needs = parts.pop("dependencies")
    found = CandidateSet(**parts)
    framework = read_framework(plan.root / "inputs" / "weighing" / "framework.yaml")
    weighed = weigh(
        found,
        read["bottleneck_shares"],
        framework,
        tables,
        tables["weighing/judgments"],
        WEIGHT_DRAW_SEED,
        reference_year=scenario.years.reference,
        mv_lv=read["mv_lv"],
        dependencies=needs,
        unlocks=read["project_unlocks"],
    )
    _write(
        "projects",
        {
            "candidates": weighed.candidates,
            "capacity_sensitivity": with_projects(read["capacity_sensitivity"], weighed.candidates),
            "project_options": found.options,
            "project_need": found.need,
            "project_links": found.links,
            "project_needs": found.series,
            "present_shortages": found.present,
            "station_relief": found.relief,
            "project_need_cases": found.cases,
            **_surroundings(weighed.candidates, found.series, read, tables),
            **_standing(weighed.candidates, tables),
            "register_proposal": found.register,
            "project_proposal": proposal(weighed.candidates, tables, framework, scenario.years.reference),
            "scores": weighed.scores,
            "robustness": weighed.robustness,
            "swaps": weighed.swaps,
            "data_requests": weighed.data_requests,
            **_of_plans(read, tables, scenario.years.base),
            "alignment": align(weighed.candidates, tables["projects/planned"], tables, found.series),
        },
        plan.root / out,
        tables,
    )


def _of_plans(read: Mapping[str, pd.DataFrame], tables: Tables, base_year: int) -> dict[str, pd.DataFrame]:
    """Give what operators say of their plans: dates and slips, announced extensions, and who waits."""
    return {
        "plan_dates": plan_dates(tables),
        "announced_plans": announced_plans(read["bottlenecks"], tables),
        "queue_growth": queue_growth(read["loading"], tables, base_year),
    }


def _surroundings(
    listed: pd.DataFrame, series: pd.DataFrame, read: Mapping[str, pd.DataFrame], tables: Tables
) -> dict[str, pd.DataFrame]:
    """Give what lies around the projects: each other, area tasks, variants and the previous edition."""
    waits = dependencies(listed, read["bottleneck_shares"], tables)
    return {
        "project_dependencies": waits,
        "input_effects": input_effects(
            listed, read["capacity_sensitivity"], read["bottleneck_margin"], waits, tables
        ),
        "project_area_tasks": area_combinations(listed, tables),
        "project_variants": variant_cases(listed, read["bottlenecks"], read["capacity"], NULALTERNATIEF),
        "previous_projects": history(listed, tables, series),
    }


def _standing(listed: pd.DataFrame, tables: Tables) -> dict[str, pd.DataFrame]:
    """Give how the projects stand this quarter, and what must be raised."""
    state = monitoring(listed, tables["projects/status"])
    return {"monitoring": state, "escalations": escalations(state, tables["projects/escalation_rules"])}


def read_result(folder: Path, name: str) -> pd.DataFrame:
    """Read a result table that this workflow wrote, with full figures; empty text stays empty text."""
    frame = pd.read_csv(full_path(folder, name), encoding="utf-8", low_memory=False)
    text = frame.select_dtypes(include=["str", "object"]).columns
    frame[text] = frame[text].fillna("")
    return frame


def _write(rule: str, tables: Mapping[str, pd.DataFrame], folder: Path, inputs: Tables) -> None:
    """Write the tables; where an operator's own figures stand behind, the public ones hold classes only."""
    write_public(conform_all(rule, tables), folder, touched(inputs))
