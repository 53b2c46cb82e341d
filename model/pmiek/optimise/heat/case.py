"""The plan of district heating as plain arrays: networks, sources, storage, pipes, demand and prices.

Axes, in this order: period ``p``, network ``n``, source ``s``, store ``k``, pipe ``a``, hour ``h`` (the
hours of all weather years one after the other). Power is MW of heat, money kEUR of 2025.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.solve.case import annuity_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Bools, Floats, Ints

HOURS_PER_YEAR = 8760
FOREVER = 1e6


@dataclass(frozen=True)
class HeatCase:
    """Networks of one storyline and variant, ready for the optimiser.

    Attributes
    ----------
    storyline, variant : str
    years, weather_years : tuple of int
    discount : array (period)
        Years that a period stands for, each discounted to the base year.
    rate_per_year : float
        Discount rate of the annuity.
    networks : DataFrame
        network_id, name, gm_code, cluster.
    demand_mw : array (period, network, hour)
        Heat that must be fed into each network, distribution loss included.
    sources : DataFrame
        source_id, name, kind, network (row of ``networks``), existing_mw, payer, quality.
    limit_mw : array (period, source)
        Most that may be in service, what stands included.
    investment, fixed_om : array (period, source)
        kEUR per MW, and kEUR per MW and year, of what is built in a period.
    source_life : array (source)
        Years.
    marginal : array (period, source, hour)
        kEUR per MWh of heat.
    electricity : array (source, hour)
        MWh of electricity per MWh of heat.
    methane : array (source)
        MWh of methane per MWh of heat.
    stores : DataFrame
        source_id, name, kind (tank, pit), network, existing_mwh, hours (shortest emptying), loss_per_hour,
        payer.
    store_limit, store_investment, store_fixed_om : array (period, store)
        MWh, kEUR per MWh, kEUR per MWh and year.
    store_life : array (store)
    pipes : DataFrame
        pipe_id, name, network0, network1 (rows of ``networks``), existing_mw, efficiency, unit_mw, operator,
        payer.
    pipe_limit, pipe_investment, pipe_fixed_om : array (period, pipe)
    pipe_life : array (pipe)
    unserved_keur_per_mwh : float
    design_hours : float
        Hours per year by which each MW that the design hour lacks counts.
    """

    storyline: str
    variant: str
    years: tuple[int, ...]
    weather_years: tuple[int, ...]
    discount: Floats
    rate_per_year: float
    networks: pd.DataFrame
    demand_mw: Floats
    sources: pd.DataFrame
    limit_mw: Floats
    investment: Floats
    fixed_om: Floats
    source_life: Floats
    marginal: Floats
    electricity: Floats
    methane: Floats
    stores: pd.DataFrame
    store_limit: Floats
    store_investment: Floats
    store_fixed_om: Floats
    store_life: Floats
    pipes: pd.DataFrame
    pipe_limit: Floats
    pipe_investment: Floats
    pipe_fixed_om: Floats
    pipe_life: Floats
    unserved_keur_per_mwh: float
    design_hours: float

    @property
    def days(self) -> int:
        """Days in all weather years together."""
        return int(self.demand_mw.shape[2]) // 24

    def alive(self, life: Floats) -> Bools:
        """Return (period, period of build, asset): whether what was built then is in service."""
        years = np.array(self.years)
        age = years[:, None] - years[None, :]
        return np.asarray((age >= 0)[..., None] & (age[..., None] < life))

    def yearly(self, investment: Floats, fixed_om: Floats, life: Floats) -> tuple[Floats, Floats]:
        """Return annuity and fixed O&M, kEUR per unit and year, by (period of build, asset)."""
        factor = np.array([annuity_factor(self.rate_per_year, float(n)) for n in life])
        return np.asarray(investment * factor), fixed_om


def components(case: HeatCase) -> list[Ints]:
    """Return the networks that belong together, by what may flow between them."""
    group = np.arange(len(case.networks))
    usable = np.flatnonzero((case.pipe_limit > 0).any(axis=0))
    for end0, end1 in case.pipes[["network0", "network1"]].to_numpy(dtype=int)[usable]:
        group[group == group[end1]] = group[end0]
    return [np.flatnonzero(group == g) for g in np.unique(group)]


def planned_together(case: HeatCase) -> list[Ints]:
    """Return the networks with demand by the problem in which they are planned.

    Networks that pipes may join are one problem each. All that stand alone go into one problem too: they do
    not touch one another there, and building one large problem is quicker than building many small ones.
    """
    groups = [group for group in components(case) if case.demand_mw[:, group].any()]
    alone = [group for group in groups if len(group) == 1]
    joined = [group for group in groups if len(group) > 1]
    return [*joined, np.concatenate(alone)] if alone else joined


def part_of(case: HeatCase, chosen: Sequence[int] | Ints) -> HeatCase:
    """Return the case of some networks with their own sources, stores and pipes, as far as they may stand."""
    chosen = np.asarray(chosen)
    place = {int(n): i for i, n in enumerate(chosen)}
    of_sources, of_stores = (
        table["network"].isin(chosen).to_numpy() for table in (case.sources, case.stores)
    )
    s = np.flatnonzero(of_sources & np.asarray((case.limit_mw > 0).any(axis=0)))
    k = np.flatnonzero(of_stores & np.asarray((case.store_limit > 0).any(axis=0)))
    ends = case.pipes["network0"].isin(chosen) & case.pipes["network1"].isin(chosen)
    a = np.flatnonzero(ends.to_numpy() & np.asarray((case.pipe_limit > 0).any(axis=0)))

    def placed(table: pd.DataFrame, rows: Ints, columns: Sequence[str]) -> pd.DataFrame:
        table = table.iloc[rows].reset_index(drop=True)
        return table.assign(**{c: table[c].map(place) for c in columns})

    return replace(
        case,
        networks=case.networks.iloc[chosen].reset_index(drop=True),
        demand_mw=case.demand_mw[:, chosen],
        sources=placed(case.sources, s, ["network"]),
        limit_mw=case.limit_mw[:, s],
        investment=case.investment[:, s],
        fixed_om=case.fixed_om[:, s],
        source_life=case.source_life[s],
        marginal=case.marginal[:, s],
        electricity=case.electricity[s],
        methane=case.methane[s],
        stores=placed(case.stores, k, ["network"]),
        store_limit=case.store_limit[:, k],
        store_investment=case.store_investment[:, k],
        store_fixed_om=case.store_fixed_om[:, k],
        store_life=case.store_life[k],
        pipes=placed(case.pipes, a, ["network0", "network1"]),
        pipe_limit=case.pipe_limit[:, a],
        pipe_investment=case.pipe_investment[:, a],
        pipe_fixed_om=case.pipe_fixed_om[:, a],
        pipe_life=case.pipe_life[a],
    )
