"""All carriers of one run: the plans of heat, methane and hydrogen, and what they ask of the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.carriers import CarrierPlan, HourlyLoad, join_plans
from pmiek.optimise.carriers.contract import LOAD_KEYS
from pmiek.optimise.gas import plan_gas
from pmiek.optimise.heat import plan_heat
from pmiek.optimise.hydrogen import plan_hydrogen

if TYPE_CHECKING:
    from pmiek.inputs import Tables
    from pmiek.config import Scenario

#: Tables of the electricity pathway to which rows of the other carriers are added.
SHARED = ("capacity", "costs", "transfers", "loading", "shares", "solver", "places")


@dataclass(frozen=True)
class CarrierRun:
    """What the other carriers plan in a run.

    Attributes
    ----------
    plans : tuple of CarrierPlan
        Heat, methane, hydrogen.
    tables : dict of str to DataFrame
        Their rows of the result tables, joined.
    electricity : HourlyLoad
        What they ask of the electricity grid together.
    """

    plans: tuple[CarrierPlan, ...] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    electricity: HourlyLoad = field(default_factory=HourlyLoad)

    @property
    def carriers(self) -> set[str]:
        """Carriers whose balance a plan holds in full."""
        return {plan.carrier for plan in self.plans if len(plan.balance)}

    def with_plan(self, plan: CarrierPlan) -> CarrierRun:
        """Add a plan that nothing else waits for."""
        plans = (*self.plans, plan)
        return CarrierRun(plans, join_plans(plans), self.electricity)

    def joined(self, own: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Put the rows of the other carriers under those of the electricity pathway."""
        result = dict(own)
        for name, table in self.tables.items():
            if name in SHARED and len(table):
                result[name] = _under(result.get(name), table)
            elif name not in (*SHARED, "balance") and len(table):
                result[name] = table
        return result


def plan_carriers(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    prices: Mapping[int, pd.DataFrame],
) -> CarrierRun:
    """Plan heat, methane and hydrogen, one after the other: boilers of heat networks ask methane.

    Parameters
    ----------
    tables : Tables
        From :func:`pmiek.results.variants.variant_tables`.
    scenario : Scenario
    profiles, prices : mapping of int to DataFrame
        Hourly shapes and national prices per weather year.

    Raises
    ------
    SolveError
        If a solve is not optimal.
    """
    if not scenario.years.pathway:
        return CarrierRun()
    heat = plan_heat(tables, scenario, profiles, prices)
    gas = plan_gas(tables, scenario, profiles, heat.methane)
    plans = (heat, gas, plan_hydrogen(tables, scenario, profiles, prices))
    return CarrierRun(plans, join_plans(plans), join_loads([plan.electricity for plan in plans]))


def join_loads(loads: Sequence[HourlyLoad]) -> HourlyLoad:
    """Put hourly loads of one carrier under one another."""
    filled = [load for load in loads if len(load.rows)]
    if not filled:
        return HourlyLoad()
    rows = pd.concat([load.rows for load in filled], ignore_index=True)[LOAD_KEYS]
    return HourlyLoad(rows, np.concatenate([load.mw for load in filled]))


def _under(first: pd.DataFrame | None, second: pd.DataFrame) -> pd.DataFrame:
    if first is None or first.empty:
        return second
    return pd.concat([first, second], ignore_index=True)
