"""The check that a gas closes: per node, what the balance rows lack is what its pipes bring."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from pmiek.optimise.pipes.case import HOURS_PER_YEAR, PipeCase, place
from pmiek.optimise.pipes.dispatch import Dispatch
from pmiek.results.balances import SIGN

KEYS = ["year", "weather_year", "node_id"]
TOLERANCE = 1e-6


def assert_pipes_close(
    case: PipeCase, flows: Sequence[Dispatch], rows: pd.DataFrame, outside: Collection[str]
) -> None:
    """Check that the yearly rows of the municipalities at a node are what flows through it.

    Parameters
    ----------
    case : PipeCase
    flows : sequence of Dispatch
        One per period.
    rows : DataFrame
        ``KEYS``, category and energy_mwh: balance rows of the carrier before nodes are added up.
    outside : collection of str
        Sectors of sources that stand in no row: supply from elsewhere.

    Raises
    ------
    AssertionError
        With the node that differs most, as a share of its throughput.
    """
    signed = rows["energy_mwh"] * rows["category"].map(SIGN)
    brought = brought_mwh(case, flows, outside)
    keys = [rows[key] for key in KEYS]
    left, size = (
        v.groupby(keys).sum().reindex(brought.index).fillna(0.0) for v in (signed, rows["energy_mwh"])
    )
    off = (left + brought).abs() / (size / 2).combine(brought.abs(), max).clip(lower=1.0)
    assert off.max() <= TOLERANCE, (
        f"{case.carrier} of {off.idxmax()} does not close: {off.max():.2g} of its throughput"
    )


def brought_mwh(case: PipeCase, flows: Sequence[Dispatch], outside: Collection[str]) -> pd.Series:
    """Return what pipes and supply from elsewhere bring to a node, less what sinks take, MWh by ``KEYS``."""
    ends = place(case.links, case.nodes, "node1") - place(case.links, case.nodes, "node0")
    elsewhere = case.sources["sector"].isin(list(outside)).to_numpy()
    at = place(case.sources[elsewhere], case.nodes)
    taken = place(case.sinks, case.nodes)
    parts = []
    for year, flow in zip(case.years, flows, strict=True):
        net = ends @ (flow.forward - flow.backward) + at @ flow.used[elsewhere] - taken @ flow.sunk
        yearly = net.reshape(len(case.nodes), -1, HOURS_PER_YEAR).sum(axis=2)
        index = pd.MultiIndex.from_product([[year], case.weather_years, case.nodes.index], names=KEYS)
        parts.append(pd.Series(yearly.T.ravel(), index=index))
    return pd.concat(parts)
