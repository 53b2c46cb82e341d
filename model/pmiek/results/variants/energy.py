"""The yearly energy of a run in every carrier: from which balances, emissions and flows are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.connections.demand import connections
from pmiek.connections.demand.energy import municipal_energy, spread_over_municipalities
from pmiek.network import grid_state
from pmiek.results.account.co2 import emissions, fossil_share_of_gas
from pmiek.results.account.places import cluster_of
from pmiek.results.balances import KEYS, energy_balance
from pmiek.results.flows import energy_flows

if TYPE_CHECKING:
    from pmiek.arrays import Floats
    from pmiek.inputs import Tables
    from pmiek.network import GridState
    from pmiek.config import Scenario
    from pmiek.optimise.solve.inputs import PlannedPathway
    from pmiek.results.variants.run import CarrierRun

    Curtailed = Callable[[int, int], Mapping[str, Floats]]

COLUMNS = [*KEYS, "category", "sector", "energy_mwh"]
#: What the pathway does at a station, as a category of the balance: measure to (kind of row, category).
LOST = {
    "unserved": ("demand", "unserved"),
    "flexible_contract": ("demand", "unserved"),
    "curtailed": ("supply", "curtailed"),
    "refused": ("supply", "curtailed"),
}


@dataclass(frozen=True)
class EnergyRun:
    """One run whose energy is added up.

    Attributes
    ----------
    tables, scenario
        Tables of the variant; storyline and variant.
    planned : PlannedPathway
        The electricity pathway.
    other : CarrierRun
        Plans of the other carriers; a carrier that a plan holds in full replaces the rows of the tables.
    shapes : mapping of int to DataFrame
        Hourly profiles per weather year.
    curtailed : callable
        Hourly share that the market curtails, for (year, weather year).
    electricity_t_per_mwh : Series
        CO2 of the national generation, by year and weather year.
    """

    tables: Tables
    scenario: Scenario
    planned: PlannedPathway
    other: CarrierRun
    shapes: Mapping[int, pd.DataFrame]
    curtailed: Curtailed
    electricity_t_per_mwh: pd.Series


def energy_tables(run: EnergyRun) -> dict[str, pd.DataFrame]:
    """Return the tables ``energy_balance``, ``emissions`` and ``energy_flows`` of a run."""
    balance = energy_balance(energy_rows(run))
    return {
        "energy_balance": balance,
        "emissions": emissions(
            balance,
            run.tables["costs/carriers"],
            cluster_of(run.tables["regions/municipalities"]),
            fossil_share=fossil_share_of_gas(run.tables["supply/national"], run.scenario.storyline),
            waste_efficiency=run.tables.assumption("waste_plant_electric_efficiency"),
            electricity_t_per_mwh=run.electricity_t_per_mwh,
        ),
        "energy_flows": energy_flows(balance, run.tables["regions/municipalities"]),
    }


def energy_rows(run: EnergyRun) -> pd.DataFrame:
    """Return the yearly energy per municipality and carrier, with what is curtailed or left unserved."""
    parts = []
    who = {"storyline": run.scenario.storyline, "variant": run.scenario.variant}
    for year in run.scenario.years.pathway:
        grid = grid_state(run.tables, run.scenario, run.scenario.variant, year)
        rows = municipal_energy(run.tables, run.scenario, year, grid)
        rows = rows[~rows["carrier"].isin(run.other.carriers)]
        refused = _refused(run, grid, set(rows["gm_code"]))
        for weather_year, frame in run.shapes.items():
            made = pd.concat([_used_and_cut(run, rows, frame, year, weather_year), refused])
            parts.append(made.assign(year=year, weather_year=weather_year, **who)[COLUMNS])
    plans = run.other.tables.get("balance")
    if plans is not None and len(plans):
        parts.append(plans[COLUMNS])
    return pd.concat(parts, ignore_index=True)


def _used_and_cut(
    run: EnergyRun, rows: pd.DataFrame, frame: pd.DataFrame, year: int, weather_year: int
) -> pd.DataFrame:
    """Return demand and supply in a weather year, and what of it the market curtails."""
    share = run.curtailed(year, weather_year)
    lost = pd.Series({name: float((frame[name] * cut).sum()) for name, cut in share.items() if name in frame})
    used = rows.assign(energy_mwh=rows["volume_mwh"] * rows["profile"].map(frame.sum()).fillna(1.0))
    makes = rows[(rows["carrier"] == "electricity") & (rows["category"] == "supply")]
    cut = makes.assign(
        energy_mwh=makes["volume_mwh"] * makes["profile"].map(lost).fillna(0.0), category="curtailed"
    )
    return pd.concat([used, cut[cut["energy_mwh"] > 0]])


def _refused(run: EnergyRun, grid: GridState, municipalities: set[str]) -> pd.DataFrame:
    """Return what the grid curtails and what demand does not fit in a year, per municipality and sector."""
    dispatch = run.planned.result.dispatch_summary
    dispatch = dispatch[dispatch["year"] == grid.year]
    station = dispatch["station_id"].map(run.planned.case.stations["station_id"])
    amounts = dispatch["all_hours_mwh"].groupby([dispatch["measure"], station]).sum()
    who = connections(run.tables, run.scenario, run.scenario.storyline, grid.year, grid)
    parts = []
    for kind, category in sorted(set(LOST.values())):
        measures = [name for name, as_row in LOST.items() if as_row == (kind, category)]
        chosen = amounts[amounts.index.get_level_values(0).isin(measures)].groupby(level=1).sum()
        spread = spread_over_municipalities(chosen, who, kind)
        parts.append(spread.assign(category=category, carrier="electricity"))
    table = pd.concat(parts, ignore_index=True)
    return table[table["gm_code"].isin(municipalities)]
