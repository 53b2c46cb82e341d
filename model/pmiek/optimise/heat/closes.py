"""The check that heat closes: per municipality, what the balance lacks is what pipes bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.heat.case import HOURS_PER_YEAR
from pmiek.results.balances import SIGN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.optimise.heat.case import HeatCase
    from pmiek.optimise.heat.dispatch import Operation

KEYS = ["year", "weather_year", "gm_code"]
TOLERANCE = 1e-6


def assert_heat_closes(balance: pd.DataFrame, made: Sequence[tuple[HeatCase, Operation]]) -> None:
    """Check that supply less use less storage change of heat is what pipes take away, per municipality.

    Parameters
    ----------
    balance : DataFrame
        Balance rows of the heat plan.
    made : sequence of (HeatCase, Operation)

    Raises
    ------
    AssertionError
        With the municipality that differs most, as a share of its throughput.
    """
    heat = balance[balance["carrier"] == "heat"]
    if heat.empty:
        return
    keys = [heat[key] for key in KEYS]
    left = (heat["energy_mwh"] * heat["category"].map(SIGN)).groupby(keys).sum()
    size = (heat["energy_mwh"].groupby(keys).sum() / 2).clip(lower=1.0)
    brought = pipe_exchange(made).reindex(left.index).fillna(0.0)
    off = (left + brought).abs() / size
    assert off.max() <= TOLERANCE, f"heat of {off.idxmax()} does not close: {off.max():.2g} of its throughput"


def pipe_exchange(made: Sequence[tuple[HeatCase, Operation]]) -> pd.Series:
    """Return MWh that pipes bring to a municipality, by ``KEYS``; their loss stands at the second end."""
    parts = []
    for case, operation in made:
        codes = case.networks["gm_code"].to_numpy()
        for a, pipe in enumerate(case.pipes.to_dict("records")):
            for p, year in enumerate(case.years):
                flow = operation.flow[p, a].reshape(-1, HOURS_PER_YEAR)
                moved = np.where(flow > 0, flow, flow * float(pipe["efficiency"])).sum(axis=1)
                for weather_year, mwh in zip(case.weather_years, moved, strict=True):
                    parts.append((year, weather_year, str(codes[int(pipe["network0"])]), -mwh))
                    parts.append((year, weather_year, str(codes[int(pipe["network1"])]), mwh))
    table = pd.DataFrame(parts, columns=[*KEYS, "mwh"])
    summed: pd.Series = table.groupby(KEYS)["mwh"].sum()
    return summed
