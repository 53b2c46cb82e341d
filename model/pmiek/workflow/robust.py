"""The stages that try decisions in other futures, plan for all futures, and write what holds in each of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pandas as pd

from pmiek.config import merge_scenario
from pmiek.decide.robust import core, same_directions, variant_pairs
from pmiek.files import write_json
from pmiek.optimise.robust.builds import decided_builds
from pmiek.optimise.robust.future import BUILDS, Future, future_of
from pmiek.optimise.robust.near_optimal import corner_table, corners
from pmiek.optimise.robust.regret import Decision, decision_of, least_regret, regret_table, try_decisions
from pmiek.optimise.robust.two_stage import Risk, common_table, plan_for_all, share_weights, values_of_plan
from pmiek.optimise.solve.costs import infrastructure
from pmiek.optimise.solve.days import choose_days
from pmiek.optimise.solve.inputs import build_case
from pmiek.publish.operators import touched, write_public
from pmiek.results.registry import conform
from pmiek.results.variants import plan_carriers, variant_tables
from pmiek.workflow.lists import no_rows, read_result
from pmiek.workflow.manifest import record
from pmiek.workflow.market import curtailed_shares, electricity_t_per_mwh
from pmiek.workflow.plan import Plan
from pmiek.workflow.rows import tables_for
from pmiek.workflow.support import by_weather_year, read_folder, stage, write_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

LOGGER = logging.getLogger(__name__)
#: Tables of the batch from which the core and the pairs are made.
READ = ("capacity", "loading", "candidates", "variant_differences")
#: A decision to have nothing in service yet, for what waiting is worth.
LATER = "later"


def union_scenario(plan: Plan, storyline: str) -> Scenario:
    """Give a storyline in which everything may be done that some variant of the batch may do.

    The loads of the other carriers are those of the first variant that is not the reference; of electricity every
    way to build is allowed that a variant has, and of each measure the most.
    """
    batch = plan.batch
    scenarios = [plan.scenario(storyline, variant) for variant in batch.variants]
    base = next((name for name in batch.variants if name != batch.reference_variant), batch.variants[0])
    build = {
        name: any(getattr(s.build, name) for s in scenarios) for name in type(scenarios[0].build).model_fields
    }
    measures = {
        name: max(getattr(s.measures, name) for s in scenarios)
        for name in type(scenarios[0].measures).model_fields
    }
    overrides = {**batch.overrides, "build": build, "measures": measures}
    return merge_scenario(plan.root / "scenarios", storyline, base, overrides)


def _future(
    plan: Plan, storyline: str, profiles: Sequence[str], national: Sequence[str]
) -> tuple[Future, Tables, Scenario, Floats]:
    """Build the problem of a storyline; return it with the CO2 of electricity from elsewhere per period."""
    scenario = union_scenario(plan, storyline)
    tables = variant_tables(tables_for(plan.tables(), storyline), scenario)
    own = [path for path in national if f"/{storyline}_" in path]
    shapes, market = by_weather_year(plan, profiles), by_weather_year(plan, own)

    def curtailed(year: int, weather_year: int) -> Mapping[str, Floats]:
        return curtailed_shares(tables, market[weather_year], year)

    other = plan_carriers(tables, scenario, shapes, market)
    case = build_case(tables, scenario, shapes, curtailed=curtailed, loads=other.electricity)
    days = choose_days(case, typical=scenario.robust.typical_days, extreme=scenario.robust.extreme_days)
    carbon = electricity_t_per_mwh(market).groupby("year").mean()
    return future_of(case, days), tables, scenario, carbon.reindex(list(case.years)).to_numpy(dtype=float)


def _ground(tables: Tables) -> dict[str, float]:
    """Give the ground that a MW (a MVA, or a whole planned station) of each class takes, ha."""
    unit = infrastructure(tables, "station_transformer", "add_transformer", "space")
    size = infrastructure(tables, "station_transformer", "add_transformer", "size")
    station = infrastructure(tables, "station_transformer", "new_station", "space")
    coupling = infrastructure(tables, "coupling_transformer", "add_transformer", "space")
    return {
        "station_transformer": unit / size,
        "new_station": station / tables.assumption("new_station_firm_mva"),
        "option": station,
        "coupling_transformer": coupling
        / infrastructure(tables, "coupling_transformer", "add_transformer", "size"),
        "battery_power": infrastructure(tables, "battery", "station_battery", "space"),
    }


@stage
def make_robust_best(
    plan: Plan, storyline: str, *, profiles: Sequence[str], national: Sequence[str], out: str, log: str
) -> None:
    """Find the best plan of a storyline under all options, what waiting costs there, and the freedom it leaves."""
    with record(plan.root / log, stage="robust_best", storyline=storyline) as entry:
        future, _, scenario, _ = _future(plan, storyline, profiles, national)
        settings, tolerance = scenario.robust, scenario.pathway.tolerance / 2
        later = Decision(LATER, LATER, pd.DataFrame(columns=BUILDS))
        future, (best, waited) = try_decisions(
            future, [later], last_year=settings.decide_until_year, tolerance=tolerance
        )
        entry.update(rows=future.program.matrix.shape[0], best_keur=best.cost_keur)
        builds = decision_of("storyline", storyline, future, best.solution, settings.decide_until_year).builds
        made = {
            "builds": builds,
            "costs": pd.DataFrame({"best_keur": [best.cost_keur], "later_keur": [waited.cost_keur]}),
        }
        if storyline == plan.robust_storylines[0]:
            found = corners(future, best.cost_keur, slacks_pct=settings.slacks_pct)
            made["near_optimal"] = corner_table(future, future.case.variant, found)
        write_tables(made, plan.root / out)


@stage
def make_two_stage(
    plan: Plan,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    best: Sequence[str],
    out: str,
    log: str,
) -> None:
    """Find one plan for all storylines with common builds now, and what knowing and waiting are worth."""
    known = _by_storyline(plan, best)
    weights = share_weights(
        {name: plan.scenario(name).robust.storyline_weight for name in plan.robust_storylines},
        plan.robust_storylines,
    )
    with record(plan.root / log, stage="two_stage", storylines=list(weights)) as entry:
        parts = [_future(plan, name, profiles, national) for name in weights]
        scenario = parts[0][2]
        settings = scenario.robust
        planned = plan_for_all(
            [part[0] for part in parts],
            list(weights.values()),
            last_year=settings.decide_until_year,
            tolerance=scenario.pathway.tolerance / 2,
            risk=Risk(settings.risk_share, settings.risk_tail),
        )
        entry.update(rows=sum(part.program.matrix.shape[0] for part in planned.futures))
        year = max(y for y in scenario.years.pathway if y <= settings.decide_until_year)
        single = {name: known[name]["builds"] for name in weights}
        costs = {name: known[name]["costs"].iloc[0] for name in weights}
        write_tables(
            {
                "builds": planned.common,
                "two_stage": common_table(planned, single, year, settings.decide_until_year),
                "two_stage_value": values_of_plan(
                    planned,
                    [float(costs[name]["best_keur"]) for name in weights],
                    sum(weight * float(costs[name]["later_keur"]) for name, weight in weights.items()),
                ),
            },
            plan.root / out,
        )


@stage
def make_regret(
    plan: Plan,
    storyline: str,
    *,
    profiles: Sequence[str],
    national: Sequence[str],
    best: Sequence[str],
    two_stage: str,
    runs: Sequence[str],
    out: str,
    log: str,
) -> None:
    """Complete every decision in one storyline: of the others, of each variant, and of the plan for all."""
    with record(plan.root / log, stage="regret", storyline=storyline) as entry:
        future, tables, scenario, carbon = _future(plan, storyline, profiles, national)
        last = scenario.robust.decide_until_year
        decisions = [
            *(
                Decision("storyline", name, made["builds"])
                for name, made in _by_storyline(plan, best).items()
            ),
            *_of_variants(plan, runs, future, last),
            Decision("two_stage", "two_stage", read_folder(plan.root / two_stage)["builds"]),
        ]
        future, outcomes = try_decisions(
            future, decisions, last_year=last, tolerance=scenario.pathway.tolerance / 2
        )
        entry.update(rows=future.program.matrix.shape[0], decisions=len(decisions))
        table = regret_table(future, outcomes, t_per_mwh=carbon, ha_per_amount=_ground(tables))
        write_tables({"regret": table}, plan.root / out)


def _by_storyline(plan: Plan, folders: Sequence[str]) -> dict[str, dict[str, pd.DataFrame]]:
    return {folder.rpartition("/")[2]: read_folder(plan.root / folder) for folder in folders}


def _of_variants(plan: Plan, runs: Sequence[str], future: Future, last_year: int) -> list[Decision]:
    """Give what each variant builds early in the first storyline of the batch."""
    first = plan.robust_storylines[0]
    folders = {folder.rpartition("/")[2]: plan.root / folder for folder in runs}
    found = []
    for variant in plan.batch.variants:
        capacity = pd.read_parquet(folders[f"{first}_{variant}"] / "capacity.parquet")
        found.append(Decision("variant", variant, decided_builds(capacity, future.case, last_year)))
    return found


@stage
def make_robust_tables(
    plan: Plan,
    *,
    tables_dir: str,
    regret: Sequence[str],
    best: Sequence[str],
    two_stage: Sequence[str],
    out: str,
) -> None:
    """Write what holds in every future: core and options, regret, the plan for all, and the freedom it leaves."""
    folder, tables = plan.root / tables_dir, plan.tables()
    read = {name: read_result(folder, name) for name in READ}
    made: dict[str, Any] = {
        name: no_rows(name) for name in ("regret", "near_optimal", "two_stage", "two_stage_value")
    }
    tried = [read_folder(plan.root / name)["regret"] for name in regret]
    if tried:
        table = pd.concat(tried, ignore_index=True)
        made["regret"] = table.assign(is_best=least_regret(table))
        made.update({k: t for k, t in read_folder(plan.root / two_stage[0]).items() if k in made})
        made.update(
            {
                k: t
                for part in _by_storyline(plan, best).values()
                for k, t in part.items()
                if k == "near_optimal"
            }
        )
    texts = {name: plan.scenario(name).storyline_text for name in plan.storylines}
    made["core"] = core(
        read["capacity"],
        read["loading"],
        read["candidates"],
        tables,
        plan.batch.reference_variant,
        titles={name: (text.title_nl, text.title_en) for name, text in texts.items()},
    )
    noise = plan.scenario(plan.batch.storylines[0]).pathway.tolerance
    made["variant_pairs"] = variant_pairs(read["variant_differences"], noise)
    public = {name: conform(name, table) for name, table in made.items()}
    write_public(public, plan.root / out, touched(tables))
    variants = {
        name: plan.scenario(plan.batch.storylines[0], name).variant_text for name in plan.batch.variants
    }
    same = same_directions(made["variant_pairs"], {name: text.title_en for name, text in variants.items()})
    for line in same:
        LOGGER.warning("%s", line)
    write_json(
        {"stage": "robust_tables", "warnings": same}, plan.root / plan.folder / "logs" / "directions.json"
    )
