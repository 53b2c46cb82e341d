"""Today's heat networks against the storyline's district heat: the screening of carrier heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.heat.case import HOURS_PER_YEAR
from pmiek.optimise.heat.inputs import existing_mw, network_demand, networks_of, offered_sources
from pmiek.optimise.heat.tables import SOURCES, source_row
from pmiek.optimise.heat.useful import PREFIX, useful_heat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.config import Scenario
    from pmiek.inputs import Tables


def screen_heat(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    grid_state: str,
    years: Sequence[int] | None = None,
    *,
    extra_mw: Mapping[str, float] | None = None,
) -> dict[str, pd.DataFrame]:
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
    years : sequence of int, optional
        Years to screen; the screening years if left out.
    extra_mw : mapping of str to float, optional
        Network to MW of heat on top of its sources: what a project brings. Only where a network stands.

    Returns
    -------
    dict of str to DataFrame
        ``loading``: one row per network, year and weather year, with what exceeds its sources; ``shares``:
        the part of each municipality and sector in the heat of the network.
    """
    networks = networks_of(tables)
    years = tuple(scenario.years.screening if years is None else years)
    heat = useful_heat(tables, scenario)
    demand = network_demand(tables, heat, networks, years, profiles)
    sources = offered_sources(tables, networks)
    capacity = pd.Series(existing_mw(sources)).groupby(sources["network"]).sum()
    made = []
    for n, network in enumerate(networks.to_dict("records")):
        limit = float(capacity.get(n, 0.0))
        limit += (extra_mw or {}).get(str(network["network_id"]), 0.0) if limit > 0 else 0.0
        for y, year in enumerate(years):
            for w, weather_year in enumerate(profiles):
                asked = demand[y, n, w * HOURS_PER_YEAR : (w + 1) * HOURS_PER_YEAR]
                row = source_row(network, limit, asked, np.maximum(asked - limit, 0.0))
                if row and asked.any():
                    made.append({**row, "year": year, "weather_year": weather_year})
    if not made:
        return {"loading": pd.DataFrame(), "shares": pd.DataFrame()}
    run = {"storyline": scenario.storyline, "variant": scenario.variant, "grid_state": grid_state}
    table = pd.DataFrame(made).assign(**run)
    return {"loading": table, "shares": _shares(tables, heat, table)}


def _shares(tables: Tables, heat: pd.DataFrame, loading: pd.DataFrame) -> pd.DataFrame:
    """Divide the heat of a network over the municipalities and sectors that it serves, by yearly volume."""
    district = heat[heat["technology"] == "district"]
    rows = tables["heat/served_by"].merge(district, on=["gm_code", "sector"])
    rows = rows.assign(
        asset_id=rows["network_id"] + SOURCES,
        sector=rows["sector"].map(PREFIX) + "_district_heat",
        energy=rows["heat_mwh"] * rows["share"],
    )
    total = rows.groupby(["asset_id", "year"])["energy"].transform("sum")
    rows = rows.assign(share=rows["energy"] / total)[["asset_id", "year", "sector", "gm_code", "share"]]
    keys = ["asset_id", "grid_state", "storyline", "variant", "year", "weather_year", "direction"]
    merged: pd.DataFrame = loading[keys].merge(rows, on=["asset_id", "year"])
    return merged
