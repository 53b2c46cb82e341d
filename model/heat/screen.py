"""Today's heat networks against the storyline's district heat: the screening of carrier heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.heat.case import HOURS_PER_YEAR
from model.heat.inputs import existing_mw, network_demand, networks_of, offered_sources
from model.heat.tables import source_row
from model.heat.useful import useful_heat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.inputs import Tables
    from model.scenarios import Scenario


def screen_heat(
    tables: Tables, scenario: Scenario, profiles: Mapping[int, pd.DataFrame], grid_state: str
) -> pd.DataFrame:
    """Judge the sources of today's networks in every hour of the storyline's district heat.

    No heat project has a decision that admits it to the nulalternatief, so both grid states see today's
    networks. Municipalities that have no network today have no asset that could be too small: what the
    storyline asks there is in ``heat_demand``.

    Parameters
    ----------
    tables : Tables
        Without the heat mix of a variant.
    scenario : Scenario
        Storyline and years.
    profiles : mapping of int to DataFrame
        Weather year to 8,760 hours by profile.
    grid_state : str
        frozen or nulalternatief.

    Returns
    -------
    DataFrame
        Rows of the table ``loading``: one per network, year and weather year, with what exceeds its sources.
    """
    networks = networks_of(tables)
    years = tuple(scenario.years.screening)
    heat = useful_heat(tables, scenario)
    demand = network_demand(tables, heat, networks, years, profiles)
    sources = offered_sources(tables, networks)
    capacity = pd.Series(existing_mw(sources)).groupby(sources["network"]).sum()
    made = []
    for n, network in enumerate(networks.to_dict("records")):
        limit = float(capacity.get(n, 0.0))
        for y, year in enumerate(years):
            for w, weather_year in enumerate(profiles):
                asked = demand[y, n, w * HOURS_PER_YEAR : (w + 1) * HOURS_PER_YEAR]
                row = source_row(network, limit, asked, np.maximum(asked - limit, 0.0))
                if row and asked.any():
                    made.append({**row, "year": year, "weather_year": weather_year})
    table = pd.DataFrame(made)
    if table.empty:
        return table
    return table.assign(storyline=scenario.storyline, variant=grid_state, grid_state=grid_state)
