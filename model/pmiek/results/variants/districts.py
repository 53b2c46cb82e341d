"""Medium and low voltage of a run: built where the variant may, a bottleneck where it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.optimise.carriers import CarrierPlan
from pmiek.optimise.carriers.contract import located
from pmiek.security.mv_lv import MV_LV, MV_STATION, mv_lv
from pmiek.security.mv_lv.settings import read_settings
from pmiek.optimise.solve.case import annuity_factor
from pmiek.optimise.solve.costs import infrastructure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.inputs import Tables
    from pmiek.config import Scenario

CARRIER: Final = "electricity"
#: Row of costs/infrastructure with lifetime and upkeep, for each class of station.
COST_ROWS: Final = {MV_LV: ("mv_lv_station", "new_station"), MV_STATION: ("mv_station", "switching_station")}


def plan_districts(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    yields: Mapping[str, float] | None,
    discount: Floats,
) -> CarrierPlan:
    """Judge medium and low voltage under a variant, and build what it needs if ``build.mv_lv`` allows.

    Nothing is optimised: below the HV/MV stations a shortage is met with stations and cable (docs/mv_lv.md).
    A variant changes it through its tables, so by how homes are heated; measures that move load within the
    day are not counted here.

    Parameters
    ----------
    tables : Tables
        From :func:`pmiek.results.variants.variant_tables`.
    scenario : Scenario
    profiles : mapping of int to DataFrame
        Hourly shapes per weather year.
    yields : mapping, optional
        As :func:`pmiek.connections.demand.connections`.
    discount : array (period)
        What a year's cost in each period weighs.

    Returns
    -------
    CarrierPlan
        Rows of ``capacity`` and ``costs`` where it is built, else of ``loading`` and ``shares``.
    """
    years = scenario.years.pathway
    found = mv_lv(tables, scenario, profiles, years=years, yields=yields, grid_states=(scenario.variant,))
    if found.mv_lv.empty:
        return CarrierPlan(CARRIER)
    if not scenario.build.mv_lv:
        return CarrierPlan(CARRIER, loading=found.loading, shares=found.shares)
    size = {kind.asset_class: kind.size_mw for kind in read_settings(tables).kinds}
    table = found.mv_lv.sort_values(["asset_id", "year"])
    # what stands is not taken away when a later year needs less
    steps = table.groupby("asset_id")[["stations", "cost_meur"]].cummax()
    table = table.assign(**steps, mw=steps["stations"] * table["asset_class"].map(size))
    places = located(dict(zip(table["asset_id"], table["gm_code"], strict=True)), years)
    weight = dict(zip(years, discount.tolist(), strict=True))
    return CarrierPlan(CARRIER, capacity=_capacity(table), costs=_costs(table, tables, scenario, weight), places=places)


def _capacity(table: pd.DataFrame) -> pd.DataFrame:
    made = table.assign(
        carrier=CARRIER,
        existing_mw=table["take_off_capacity_mw"],
        built_mw=table["mw"],
        built_continuous_mw=table["need_mw"],
    )
    columns = ["storyline", "variant", "year", "asset_id", "asset_class", "carrier", "cluster"]
    rows: pd.DataFrame = made[[*columns, "existing_mw", "built_mw", "built_continuous_mw"]]
    return rows[rows["built_mw"] > 0].reset_index(drop=True)


def _costs(
    table: pd.DataFrame, tables: Tables, scenario: Scenario, weight: Mapping[int, float]
) -> pd.DataFrame:
    """Write capital and upkeep per operator: the investment counted from the base year, cable included."""
    rate = scenario.economics.discount_rate_per_year
    keys = ["storyline", "variant", "year", "asset_class", "payer", "asset_id", "gm_code"]
    invested = table.groupby(keys)["cost_meur"].sum().reset_index()
    parts = []
    for category in ("capex", "fixed_om"):
        share = {
            name: annuity_factor(rate, infrastructure(tables, *row, "lifetime"))
            if category == "capex"
            else infrastructure(tables, *row, "fixed_om")
            for name, row in COST_ROWS.items()
        }
        yearly = invested["cost_meur"] * invested["asset_class"].map(share)
        parts.append(invested.assign(category=category, cost_meur_per_year=yearly))
    made = pd.concat(parts, ignore_index=True)
    made["cost_meur_npv"] = made["cost_meur_per_year"] * made["year"].map(weight)
    columns = [*keys[:3], "category", *keys[3:], "cost_meur_per_year", "cost_meur_npv"]
    rows: pd.DataFrame = made[columns]
    return rows[rows["cost_meur_per_year"] > 0].reset_index(drop=True)
