"""A pipe network as numbers: nodes with hourly demand, sources, sinks, links and storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.errors import SolveError
from pmiek.optimise.carriers.horizon import period_weights
from pmiek.optimise.pipes.words import rows_behind
from pmiek.optimise.solve.case import annuity_factor

HOURS_PER_YEAR = 8760
#: Stands for "no limit", in MW.
UNLIMITED_MW = 1e5
LINK_COLUMNS = [
    "node0", "node1", "both_ways", "asset_class", "name", "payer", "unit_mw", "max_units", "capex_keur",
    "fixed_om", "lifetime", "may_build", "first_year", "operating_eur",
]  # fmt: skip
STORE_COLUMNS = ["asset_id", "payer", "capex_keur", "fixed_om", "lifetime", "efficiency"]


#: Array to the table of its items.
ITEM_OF = {
    "demand_mw": "node",
    "available_mw": "source",
    "price_eur": "source",
    "lost_eur": "source",
    "sink_eur": "out",
    "existing_mw": "link",
}


def _first_broken(case: PipeCase, name: str, values: Floats) -> str:
    """Say where the first figure is that is no finite number, and which rows of input it comes from."""
    bad = np.argwhere(~np.isfinite(values))
    item = ITEM_OF[name]
    table = {"node": case.nodes, "source": case.sources, "out": case.sinks, "link": case.links}[item]
    place_of = list(bad[0])
    told = [f"{case.carrier}, {name}"]
    if values.ndim > 1:
        told.append(f"{case.years[place_of.pop(0)]}")
    row = int(place_of.pop(0))
    key = str(table.index[row])
    told.append(key)
    if place_of:
        told.append(f"hour {place_of[0] + 1} of all weather years")
    rows = "; ".join(rows_behind(case, item, key, table.iloc[row]))
    return f"{', '.join(told)}: not a number ({len(bad)} such; rows: {rows or 'none'})"


@dataclass(frozen=True)
class PipeCase:
    """One storyline and variant of one carrier.

    Arrays are (period, item, hour), the hours of all weather years one after the other.

    Attributes
    ----------
    carrier, storyline, variant : str
        What is planned.
    years : tuple of int
        Periods, ascending.
    tail_years, first_year : int
        Years that the last period stands for, and the year to which costs are discounted.
    discount_rate_per_year : float
        Real.
    weather_years : tuple of int
        In the order of the hours.
    nodes : DataFrame
        Index node_id; name, gm_code, cluster, operator.
    demand_mw : array (period, node, hour)
        MW.
    sources : DataFrame
        Index source_id; node_id, payer, must_run (bool: produced anyway, used first), sector.
    available_mw, price_eur : array (period, source, hour)
        MW that can be had, and EUR per MWh that is used.
    lost_eur : array (source)
        EUR per MWh of a source that is not used.
    sinks : DataFrame
        Index sink_id; node_id, payer: takes any amount.
    sink_eur : array (period, sink)
        EUR per MWh that a sink pays.
    links : DataFrame
        Index link_id; columns ``LINK_COLUMNS``. Money in kEUR per unit, EUR per MWh that passes.
    existing_mw : array (period, link)
        Capacity without the plan.
    stores : DataFrame
        Index node_id; columns ``STORE_COLUMNS``. kEUR per MWh; empty when none may be built.
    unserved_eur : float
        EUR per MWh of demand that is not met.
    typical_days, extreme_days : int
        Days that the plan is made on.
    """

    carrier: str
    storyline: str
    variant: str
    years: tuple[int, ...]
    tail_years: int
    first_year: int
    discount_rate_per_year: float
    weather_years: tuple[int, ...]
    nodes: pd.DataFrame
    demand_mw: Floats
    sources: pd.DataFrame
    available_mw: Floats
    price_eur: Floats
    lost_eur: Floats
    sinks: pd.DataFrame
    sink_eur: Floats
    links: pd.DataFrame
    existing_mw: Floats
    unserved_eur: float
    stores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=STORE_COLUMNS))
    typical_days: int = 8
    extreme_days: int = 4

    def __post_init__(self) -> None:
        """Check shapes, numbers and that every end of a link, source and sink is a node."""
        periods, hours = len(self.years), self.demand_mw.shape[-1]
        shapes = {
            "demand_mw": (periods, len(self.nodes), hours),
            "available_mw": (periods, len(self.sources), hours),
            "price_eur": (periods, len(self.sources), hours),
            "lost_eur": (len(self.sources),),
            "sink_eur": (periods, len(self.sinks)),
            "existing_mw": (periods, len(self.links)),
        }
        for name, shape in shapes.items():
            values = getattr(self, name)
            if values.shape != shape:
                message = f"{self.carrier}: {name} needs {shape} numbers, got {values.shape}"
                raise ValueError(message)
            if not np.isfinite(values).all():
                message = f"{self.carrier} {self.storyline} {self.variant}: figures are missing or endless"
                raise SolveError(message, [_first_broken(self, name, values)])
        named = {*self.links["node0"], *self.links["node1"], *self.sources["node_id"], *self.sinks["node_id"]}
        lost = sorted({*named, *self.stores.index} - set(self.nodes.index))
        if lost:
            message = f"{self.carrier}: {', '.join(lost)} is no node of the network"
            raise ValueError(message)

    @property
    def days(self) -> int:
        """Days of all weather years."""
        return int(self.demand_mw.shape[2] // 24)

    def discount(self) -> Floats:
        """Return what a year's cost in each period weighs: its years discounted to the first year."""
        return period_weights(self.years, self.tail_years, self.discount_rate_per_year, self.first_year)

    def alive(self, lifetime: float) -> Floats:
        """Return (period, period of build): 1 where what was built then is in service."""
        years = np.array(self.years)
        age = years[:, None] - years[None, :]
        return np.asarray((age >= 0) & (age < lifetime), dtype=float)

    def yearly_rates(self, lifetime: float, fixed_om: float) -> tuple[float, float]:
        """Return annuity and fixed O&M as shares of the investment per year."""
        return annuity_factor(self.discount_rate_per_year, lifetime), fixed_om

    def options(self) -> pd.DataFrame:
        """Links that the plan may build."""
        return self.links[self.links["may_build"].astype(bool) & (self.links["max_units"] > 0)]


def place(items: pd.DataFrame, nodes: pd.DataFrame, column: str = "node_id") -> Floats:
    """Return the matrix (node, item) with 1 where an item stands at a node."""
    where = nodes.index.get_indexer(pd.Index(items[column]))
    matrix = np.zeros((len(nodes), len(items)))
    matrix[where, np.arange(len(items))] = 1.0
    return matrix


def with_extra(case: PipeCase, extra_mw: Mapping[str, float] | None) -> Floats:
    """Return the capacity in service (period, link) with what a project adds.

    Parameters
    ----------
    case : PipeCase
    extra_mw : mapping of str to float or None
        Link, or node, to MW. At a node the first link that leads out of it is meant, or into it where none does;
        a pressure reduction only takes gas from above, so it leads out of nothing.

    Raises
    ------
    KeyError
        If a name is neither a link nor a node with a link.
    """
    there = case.existing_mw.copy()
    for name, gain in (extra_mw or {}).items():
        there[:, case.links.index.get_loc(link_at(case, name))] += gain
    return there


def link_at(case: PipeCase, name: str) -> str:
    """Name the link that a project at a link or node enlarges; see :func:`with_extra`."""
    if name in case.links.index:
        return name
    links = case.links
    for ends in (
        links["node0"].eq(name) & links["asset_class"].ne("gas_reduction"),
        links["node1"].eq(name) & links["both_ways"].astype(bool),
        links["node1"].eq(name),
    ):
        if ends.any():
            return str(links.index[ends][0])
    raise KeyError(name)
