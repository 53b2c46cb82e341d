"""Rows of a pipe programme in words: carrier, place, year, day and hour, and the rows of input behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from pmiek.optimise.pipes.case import PipeCase
    from pmiek.optimise.pipes.program import Slots
    from pmiek.optimise.solve.diagnosis import Describe

HOURS_PER_DAY, DAYS_PER_YEAR = 24, 365
ITEMS = ("node", "link", "store", "source", "out")
#: Carrier to the tables that its places, links and sources come from.
FILES = {
    "methane": {
        "node": "inputs/gas/areas.csv",
        "link": "inputs/gas/links.csv",
        "source": "inputs/gas/plants.csv",
    },
    "hydrogen": {
        "node": "inputs/hydrogen/nodes.csv",
        "link": "inputs/hydrogen/pipes.csv",
        "source": "inputs/hydrogen/electrolysers.csv",
    },
}
DEMAND = "inputs/demand/municipal.csv"


def pipe_words(case: PipeCase, slots: Slots) -> Describe:
    """Return a function that writes a row or variable of the programme for a planner.

    Parameters
    ----------
    case : PipeCase
    slots : Slots
        The chosen hours that the programme knows.
    """
    tables = {
        "node": case.nodes,
        "link": case.links,
        "store": case.stores,
        "source": case.sources,
        "out": case.sinks,
    }

    def describe(family: str, at: Mapping[str, Any]) -> str:
        told = [f"{case.carrier}, {family.replace('_', ' ')}"]
        behind = []
        for item in ITEMS:
            if item in at:
                row = tables[item].loc[at[item]]
                told.append(f"{_name(row)}{at[item]}")
                behind += rows_behind(case, item, str(at[item]), row)
        if "period" in at:
            told.append(str(at["period"]))
        if "slot" in at:
            hour = int(slots.hours[int(at["slot"])][0])
            day = hour // HOURS_PER_DAY
            year = case.weather_years[day // DAYS_PER_YEAR]
            told.append(f"day {day % DAYS_PER_YEAR + 1} of weather year {year}, hour {hour % HOURS_PER_DAY}")
        text = ", ".join(told)
        return f"{text} (rows: {'; '.join(behind)})" if behind else text

    return describe


def _name(row: pd.Series) -> str:
    name = row.get("name", "")
    return f"{name} = " if isinstance(name, str) and name else ""


def rows_behind(case: PipeCase, item: str, key: str, row: pd.Series) -> list[str]:
    """Name the rows of input that a figure of this item comes from."""
    files = FILES.get(case.carrier, {})
    found = [f"{files[item]} {key}"] if item in files else []
    if item == "node" and row.get("gm_code"):
        found.append(f"{DEMAND} {case.storyline}, {row['gm_code']}, {case.carrier}")
    if item in {"source", "out", "store"} and "node_id" in row:
        found.append(f"{files.get('node', 'place')} {row['node_id']}")
    return found
