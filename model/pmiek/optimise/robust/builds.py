"""From the capacities that a run wrote to builds that another future can hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.optimise.robust.future import BUILDS
from pmiek.optimise.solve.case import PathwayCase

#: Ending of the id of what stands at a station to its class in the problem.
ENDINGS = {"battery_power": ":battery", "battery_energy": ":battery-energy", "new_station": ":new-station"}
ELECTRIC = (
    "station_transformer",
    "new_station",
    "circuit",
    "coupling_transformer",
    "battery_power",
    "battery_energy",
)


def decided_builds(capacity: pd.DataFrame, case: PathwayCase, last_year: int) -> pd.DataFrame:
    """Return what a run builds by a year, as its continuous plan has it.

    Parameters
    ----------
    capacity : DataFrame
        Table ``capacity`` of one run. The continuous plan is read: its units are those of the problem, while
        whole transformers are in nameplate.
    case : PathwayCase
        Where the builds are to be held: planned stations count by its capacities.
    last_year : int

    Returns
    -------
    DataFrame
        Columns ``BUILDS``. Capacity in service in an early year is what was in service before plus the build.
    """
    rows = capacity[
        capacity["asset_class"].isin(ELECTRIC)
        & (capacity["carrier"] == "electricity")
        & (capacity["year"] <= last_year)
    ].copy()
    size = case.options.set_index("option_id")["capacity_mw"].astype(float)
    planned = rows["asset_id"].isin(list(size.index)) & rows["asset_class"].eq("new_station")
    for kind, ending in ENDINGS.items():
        own = rows["asset_class"].eq(kind) & ~planned
        rows.loc[own, "asset_id"] = rows.loc[own, "asset_id"].str.removesuffix(ending)
    rows["amount"] = rows["built_continuous_mw"].astype(float)
    rows.loc[planned, "amount"] /= rows.loc[planned, "asset_id"].map(size)
    rows.loc[planned, "asset_class"] = "option"
    rows = rows.sort_values("year", kind="stable")
    before = rows.groupby(["asset_class", "asset_id"])["amount"].shift().fillna(0.0)
    rows["amount"] = np.maximum(0.0, rows["amount"] - before)
    return rows.loc[rows["amount"] > 0, BUILDS].reset_index(drop=True)
