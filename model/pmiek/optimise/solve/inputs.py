"""From input tables, scenario and hourly profiles to the arrays of a pathway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.connections.demand import connections
from pmiek.network import Additions, GridState, grid_state, sensitivities
from pmiek.optimise.carriers.connect import with_load
from pmiek.optimise.solve.case import (
    HOURS_PER_YEAR,
    OPTION_COLUMNS,
    Array,
    Build,
    Economics,
    HvGrid,
    PathwayCase,
    PublishedCapacity,
    firm_mva,
)
from pmiek.optimise.solve.costs import infrastructure, read_asset_costs, technology
from pmiek.optimise.solve.grid import hv_additions, hv_grid
from pmiek.optimise.solve.lumps import Rounded
from pmiek.optimise.solve.measures import Measures
from pmiek.optimise.solve.pathway import PathwayResult, Settings, run_pathway
from pmiek.optimise.solve.potential import Collector
from pmiek.security.screening import hourly_net_load, prepare, settings_of
from pmiek.security.screening.settings import FEED_IN, TAKE_OFF, factors, summer_hours
from pmiek.security.screening.stations import published_firm_mw, season_limits

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.optimise.carriers import HourlyLoad
    from pmiek.security.screening import Screened
    from pmiek.security.screening import Settings as Limits

#: Nameplate of a station without transformers of its own (a customer on 110 kV): never a limit, MVA.
NO_TRANSFORMER_MVA = 10_000.0
#: Hourly share of generation that the market curtails, for (year, weather year); see pmiek.optimise.national.
Curtailed = Callable[[int, int], Mapping[str, Array]]


@dataclass(frozen=True)
class PlannedPathway:
    """A pathway with the case that it answers.

    Attributes
    ----------
    case : PathwayCase
    result : PathwayResult
    """

    case: PathwayCase
    result: PathwayResult


def pathway_for(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    *,
    curtailed: Curtailed | None = None,
    loads: HourlyLoad | None = None,
) -> PlannedPathway:
    """Run the pathway of a scenario on its design weather years.

    Parameters
    ----------
    tables : Tables
    scenario : Scenario
        One storyline and variant.
    profiles : mapping of int to DataFrame
        Hourly profiles per weather year, from :func:`pmiek.timeseries.build_profiles`.
    curtailed : callable, optional
        Gives the hourly share of generation that the market curtails, per profile.
    loads : HourlyLoad, optional
        What the plans of the other carriers take from the grid, or give to it.

    Returns
    -------
    PlannedPathway

    Raises
    ------
    SolveError
        If a solve is not optimal.
    """
    case = build_case(tables, scenario, profiles, curtailed=curtailed, loads=loads)
    result = run_pathway(case, settings_for(tables, scenario), rebuild=rebuilder(tables, scenario, case))
    return PlannedPathway(case, result)


def settings_for(tables: Tables, scenario: Scenario) -> Settings:
    """Return how to run the pathway: simplex for ordinary sizes, the expansion options for large ones."""
    return Settings(
        typical_days=scenario.pathway.typical_days,
        extreme_days=scenario.pathway.extreme_days,
        max_rounds=scenario.pathway.max_rounds,
        tolerance=scenario.pathway.tolerance,
        new_station_mw=tables.assumption("new_station_firm_mva"),
        options=dict(scenario.solver.dispatch_options),
        large_options=dict(scenario.solver.options),
        threads=scenario.solver.threads,
    )


def build_case(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    *,
    curtailed: Curtailed | None = None,
    loads: HourlyLoad | None = None,
) -> PathwayCase:
    """Collect grids, hourly load and costs of all periods.

    A row of ``stations`` is a group of station transformers (its index is the group's asset id), or a station
    without transformers of its own.

    Parameters
    ----------
    tables, scenario, profiles, curtailed, loads
        As for :func:`pathway_for`.

    Returns
    -------
    PathwayCase
    """
    years = scenario.years.pathway
    limits = settings_of(tables, scenario)
    grids = [grid_state(tables, scenario, scenario.variant, year) for year in years]
    ready = [prepare(grid, sensitivities(grid), limits) for grid in grids]
    stations = station_rows(tables, grids, ready)
    hours, measures = _hourly(tables, scenario, profiles, (grids, ready, stations), curtailed, loads)
    net = hours["load"] - hours["switchable"] - hours["fixed"]
    options, option_share = _options(tables, grids[-1], stations, net)
    return PathwayCase(
        storyline=scenario.storyline,
        variant=scenario.variant,
        years=tuple(years),
        tail_years=scenario.years.tail_years,
        stations=stations,
        units_mva=tuple(_units(stations, grid) for grid in grids),
        factors=station_factors(limits),
        load_mw=hours["load"],
        switchable_mw=hours["switchable"],
        fixed_feed_mw=hours["fixed"],
        season=np.tile(np.where(summer_hours(limits.summer_months), 0, 1), len(profiles)),
        weather_years=tuple(profiles),
        build=allowed(scenario),
        economics=economics(tables, scenario),
        options=options,
        option_share=option_share,
        hv=tuple(hv_grid(tables, grids[p], ready[p], stations) for p in range(len(years))),
        simultaneity=limits.station_simultaneity,
        measures=measures,
        published=published_capacity(stations, grids, ready, limits),
    )


def _hourly(  # noqa: PLR0917
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    state: tuple[list[GridState], list[Screened], pd.DataFrame],
    curtailed: Curtailed | None,
    loads: HourlyLoad | None,
) -> tuple[dict[str, Array], Measures]:
    """Return load, switchable and fixed generation (period, station, hour), and what the measures offer."""
    grids, ready, stations = state
    years = scenario.years.pathway
    hours = {
        name: np.zeros((len(years), len(stations), HOURS_PER_YEAR * len(profiles)))
        for name in ("load", "switchable", "fixed")
    }
    collector = Collector(tables, scenario, hours["load"].shape)
    for p, year in enumerate(years):
        who = connections(tables, scenario, scenario.storyline, year, grids[p])
        share = _shares(stations, ready[p])
        at = pd.Index(ready[p].stations).get_indexer(pd.Index(stations["station_id"]))
        for w, (weather_year, shapes) in enumerate(profiles.items()):
            rows, frame = with_load(who, shapes, loads, (year, weather_year), grids[p].service_areas)
            kept = curtailed(year, weather_year) if curtailed is not None else None
            load = hourly_net_load(ready[p], rows, frame, curtailed_share=kept)
            part = slice(w * HOURS_PER_YEAR, (w + 1) * HOURS_PER_YEAR)
            scale = np.where(at >= 0, share, 0.0)[:, None]
            hours["load"][p, :, part] = load.demand_mw[at] * scale
            hours["switchable"][p, :, part] = load.switchable_mw[at] * scale
            hours["fixed"][p, :, part] = np.maximum(0.0, load.generation_mw - load.switchable_mw)[at] * scale
            collector.add(p, w, year, rows, frame, load, at, scale)
    return hours, collector.measures()


def rebuilder(
    tables: Tables, scenario: Scenario, case: PathwayCase
) -> Callable[[Rounded], tuple[HvGrid, ...]]:
    """Return a function that rebuilds the sensitivities with a rounded plan in the grid."""
    limits = settings_of(tables, scenario)

    def rebuild(rounded: Rounded) -> tuple[HvGrid, ...]:
        if not any(float(table.to_numpy().sum()) for table in _hv_plan(rounded).values()):
            return case.hv
        grids = [plan_grid(tables, scenario, case, rounded, year) for year in case.years]
        return tuple(
            hv_grid(tables, grid, prepare(grid, sensitivities(grid), limits), case.stations) for grid in grids
        )

    return rebuild


def _hv_plan(rounded: Rounded) -> dict[str, pd.DataFrame]:
    kinds = ("circuit", "coupling_transformer")
    return {name: rounded.capacity[name] for name in kinds if name in rounded.capacity}


def plan_grid(
    tables: Tables, scenario: Scenario, case: PathwayCase, rounded: Rounded, year: int
) -> GridState:
    """Return the grid of a year with the circuits and coupling transformers of a plan in it.

    Station transformers do not change flows; their MW go to the screening as ``extra_capacity_mw``.

    Parameters
    ----------
    tables, scenario, case
        As for :func:`build_case`.
    rounded : Rounded
        Plan in whole units.
    year : int
        One of ``case.years``.
    """
    before = grid_state(tables, scenario, scenario.variant, year)
    period = case.years.index(year)
    built = {name: table.iloc[period] for name, table in _hv_plan(rounded).items()}
    circuits, transformers = hv_additions(tables, before, built, case.hv[period])
    return grid_state(
        tables,
        scenario,
        scenario.variant,
        year,
        additions=Additions(circuits=circuits, transformers=transformers),
    )


def allowed(scenario: Scenario) -> Build:
    """Return what may be built; a variant that builds nothing may always curtail, that is its consequence."""
    build = Build(**{name: bool(getattr(scenario.build, name)) for name in Build.__dataclass_fields__})
    return build if build.anything else replace(build, curtailment=True)


def economics(tables: Tables, scenario: Scenario) -> Economics:
    """Return prices in kEUR; what a battery loses is valued as curtailed energy is."""
    money = scenario.economics
    return Economics(
        discount_rate_per_year=money.discount_rate_per_year,
        base_year=scenario.years.base,
        unserved_keur_per_mwh=money.unserved_penalty_eur_per_mwh / 1e3,
        curtailment_keur_per_mwh=money.curtailment_cost_eur_per_mwh / 1e3,
        loss_keur_per_mwh=money.curtailment_cost_eur_per_mwh / 1e3,
        assets=read_asset_costs(tables, scenario.years.pathway[0]),
        battery_efficiency=technology(tables, "battery_power", "efficiency", scenario.years.pathway[0]),
    )


def station_factors(limits: Limits, voltage_kv: float = 110.0) -> Array:
    """Return MW allowed per MVA: (take_off, feed_in_total, feed_in_after_trip) x (summer, winter)."""
    found = {
        (direction, contingency, test): factor * limits.power_factor(direction)
        for direction in (TAKE_OFF, FEED_IN)
        for contingency, test, factor in factors(limits, "station_transformer", voltage_kv, direction)
    }
    keys = ((TAKE_OFF, "N-1", "total"), (FEED_IN, "N-0", "total"), (FEED_IN, "N-1", "after_trip"))
    return np.array([np.minimum(found.get(key, np.ones(2)), NO_TRANSFORMER_MVA) for key in keys], dtype=float)


def published_capacity(
    stations: pd.DataFrame, grids: list[GridState], ready: list[Screened], limits: Limits
) -> PublishedCapacity | None:
    """Return the limits that the operators publish, as the screening reads them; None without any.

    Parameters
    ----------
    stations : DataFrame
        From :func:`station_rows`.
    grids, ready
        One per period.
    limits : Limits
        Limits and power factors.
    """
    tests = ((TAKE_OFF, "N-1", "total"), (FEED_IN, "N-0", "total"), (FEED_IN, "N-1", "after_trip"))
    base = np.full((len(tests), len(grids), len(stations)), np.nan)
    area: dict[str, list[int]] = {}
    for p, one in enumerate(ready):
        for group in one.groups[one.groups["limit_area"] != ""].to_dict("records"):
            s = int(stations.index.get_indexer(pd.Index([group["asset_id"]]))[0])
            members = area.setdefault(str(group["limit_area"]), [])
            members += [s] if s not in members else []
            voltage = float(one.voltage_kv[str(group["asset_id"])])
            for direction, contingency, test, mw in season_limits(group, limits, voltage):
                key = (direction, contingency, test)
                stated = not np.isnan(published_firm_mw(group, direction, 1.0))
                if key in tests and stated and np.isfinite(mw).all():
                    base[tests.index(key), p, s] = mw.min()
    if np.isnan(base).all():
        return None
    units = [_units(stations, grid) for grid in grids]
    firm = [[firm_mva(present) for present in row] for row in units]
    gross = [[float(sum(present)) for present in row] for row in units]
    return PublishedCapacity(
        base,
        np.array([firm, gross]),
        np.array([limits.power_factor(direction) for direction, _, _ in tests]),
        tuple(tuple(sorted(members)) for members in area.values() if len(members) > 1),
    )


def station_rows(tables: Tables, grids: list[GridState], ready: list[Screened]) -> pd.DataFrame:
    """Return the rows of the pathway: transformer groups of any period, and stations without one.

    Returns
    -------
    DataFrame
        Index asset_id; station_id, name, gm_code, cluster, payer, max_units, unit_mva, has_transformers.
    """
    groups = pd.concat([r.groups[["asset_id", "station_id"]] for r in ready]).drop_duplicates("asset_id")
    every = sorted({s for r in ready for s in r.stations} - set(groups["station_id"]))
    plain = pd.DataFrame({"asset_id": every, "station_id": every})
    rows = pd.concat([groups.assign(has_transformers=True), plain.assign(has_transformers=False)])
    facts = pd.concat([g.stations for g in grids]).drop_duplicates("station_id").set_index("station_id")
    owner = (
        pd.concat([g.transformers for g in grids])
        .drop_duplicates("group_id")
        .set_index("group_id")["operator"]
    )
    table = rows.sort_values("asset_id", kind="stable").set_index("asset_id")
    station = table["station_id"]
    table["name"] = station.map(facts["name"]).fillna(station)
    for column in ("gm_code", "cluster"):
        table[column] = station.map(facts[column]).fillna("")
    table["payer"] = (
        pd.Series(table.index.map(owner.to_dict()), index=table.index)
        .fillna(station.map(facts["mv_operator"]))
        .fillna(station.map(facts["hv_operator"]))
        .fillna("unknown")
    )
    room = tables.assumption("max_transformers_per_plot")
    table["max_units"] = (
        station.map(pd.to_numeric(facts["max_units"]))
        .fillna(room)
        .where(station.map(facts["extendable"]) != "no", 0.0)
    )
    table["unit_mva"] = tables.assumption("standard_transformer_mva")
    return table


def _units(stations: pd.DataFrame, grid: GridState) -> tuple[tuple[float, ...], ...]:
    units = grid.transformers.groupby("group_id")["rated_mva"].agg(list).to_dict()
    return tuple(
        tuple(sorted((float(mva) for mva in units.get(str(asset), ())), reverse=True))
        if has
        else (NO_TRANSFORMER_MVA,)
        for asset, has in stations["has_transformers"].items()
    )


def _shares(stations: pd.DataFrame, ready: Screened) -> Array:
    share = ready.groups.set_index("asset_id")["station_share"]
    mine = pd.Series(stations.index.map(share.to_dict()), index=stations.index, dtype=float).fillna(0.0)
    return np.asarray(mine.where(stations["has_transformers"], 1.0), dtype=float)


def _options(
    tables: Tables, grid: GridState, stations: pd.DataFrame, net: Array
) -> tuple[pd.DataFrame, Array]:
    """Return planned stations that are not admitted, with the share of each station they would take over."""
    resplits = tables["grid/resplits"]
    planned = tables["projects/planned"].drop_duplicates("project_id").set_index("project_id")
    open_projects = sorted(set(resplits["project_id"]) & set(planned.index) - set(grid.projects))
    capex = 1e3 * infrastructure(tables, "station_transformer", "new_station", "investment")
    rows, shares = [], []
    for project in open_projects:
        parts = resplits[resplits["project_id"] == project].groupby("from_station_id")["share"].sum()
        share = stations["station_id"].map(parts).fillna(0.0).to_numpy(dtype=float)
        plan = planned.loc[project]
        capacity = (
            plan["capacity_mw"]
            if pd.notna(plan["capacity_mw"])
            else tables.assumption("new_station_gross_mva")
        )
        year = plan["planned_year_earliest"]
        taken = float(np.abs(np.einsum("s,psh->ph", share, net)).max())
        shares.append(share * min(1.0, float(capacity) / max(taken, 1e-9)))
        rows.append(
            (
                project,
                plan["name"],
                plan["cluster"],
                plan["operator"],
                float(capacity),
                capex,
                float(year) if pd.notna(year) else 0.0,
            )
        )
    table = pd.DataFrame(rows, columns=OPTION_COLUMNS)
    return table, np.array(shares).reshape(len(rows), len(stations))
