"""Loading of the methane grid: green gas against what an area can take, and demand against its stations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.gas.case import GasCase, build_case
from pmiek.optimise.pipes.case import UNLIMITED_MW, place, with_extra
from pmiek.optimise.pipes.dispatch import Dispatch, dispatch
from pmiek.optimise.pipes.tables import LOADING, SMALL_MW, finish_loading, link_loading, loading_rows

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

SHARE_KEYS = ["asset_id", "grid_state", "storyline", "variant", "year", "weather_year", "direction"]


def screen_gas(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    grid_state: str,
    years: Sequence[int] | None = None,
    *,
    extra_mw: Mapping[str, float] | None = None,
) -> dict[str, pd.DataFrame]:
    """Find where green gas does not fit, and where stations are too small for demand.

    Parameters
    ----------
    tables : Tables
        Checked inputs; without ``gas/areas`` nothing is screened.
    scenario : Scenario
        Storyline and settings.
    profiles : mapping of int to DataFrame
        Shapes per weather year, MW per MWh.
    grid_state : str
        ``frozen`` (what exists) or ``nulalternatief`` (plus planned links from their year).
    years : sequence of int, optional
        Years to screen; the screening years that the storyline has if left out.
    extra_mw : mapping of str to float, optional
        Link, or area with a way up, to MW that a project adds there.

    Returns
    -------
    dict of str to DataFrame
        ``loading`` and ``shares``, rows of the result tables of these names.
    """
    if tables["gas/areas"].empty:
        return {"loading": pd.DataFrame(columns=LOADING), "shares": pd.DataFrame()}
    chosen = tuple(years) if years is not None else storyline_years(scenario)
    gas = build_case(tables, scenario, profiles, chosen, grid_state, build=False)
    there = with_extra(gas.pipes, extra_mw)
    flows = [dispatch(gas.pipes, p, there[p]) for p in range(len(chosen))]
    return gas_loading(gas, flows, there, grid_state)


def storyline_years(scenario: Scenario) -> tuple[int, ...]:
    """Return the screening years of a storyline; the base year belongs to the base storyline."""
    ours = scenario.storyline == scenario.years.base_storyline
    return tuple(y for y in scenario.years.screening if ours or y != scenario.years.base)


def gas_loading(
    gas: GasCase, flows: Sequence[Dispatch], capacity_mw: Floats, grid_state: str
) -> dict[str, pd.DataFrame]:
    """Write loading and shares of all areas and links.

    Parameters
    ----------
    gas : GasCase
    flows : sequence of Dispatch
        One per period.
    capacity_mw : array (period, link)
        In service.
    grid_state : str
        For the rows.
    """
    case = gas.pipes
    rows: list[dict[str, object]] = []
    links = []
    for p, (year, flow) in enumerate(zip(case.years, flows, strict=True)):
        station_mw, numbers = area_hours(gas, p, flow, capacity_mw[p])
        rows += _areas(case.nodes, station_mw, numbers, year, case.weather_years)
        links.append(link_loading(case, year, flow, capacity_mw[p], grid_state))
    table = pd.concat(
        [finish_loading(rows, case, grid_state), *[t for t in links if len(t)]], ignore_index=True
    )
    return {"loading": table, "shares": _shares(gas, table)}


def area_hours(
    gas: GasCase, period: int, flow: Dispatch, capacity_mw: Floats
) -> tuple[Floats, dict[str, Floats]]:
    """Return what stations deliver (node), and hourly made, fits, lost, wanted, unserved (node, hour)."""
    case = gas.pipes
    must = case.sources["must_run"].to_numpy(bool)
    at = place(case.sources[must], case.nodes)
    made, kept = at @ case.available_mw[period][must], at @ flow.used[must]
    start = place(case.links, case.nodes, "node0")
    end = place(case.links, case.nodes, "node1")
    upward = case.links["asset_class"].ne("gas_reduction").to_numpy()
    both = case.links["both_ways"].to_numpy(bool)
    out = start[:, upward] @ capacity_mw[upward] + end[:, both] @ capacity_mw[both]
    demand = case.demand_mw[period]
    down = case.links["asset_class"].eq("gas_reduction").to_numpy()
    station = end[:, down] @ capacity_mw[down]
    delivered = end[:, down] @ flow.forward[down]
    return station, {
        "made": made,
        "fits": np.where(made - kept > SMALL_MW, kept, np.maximum(made, demand + out[:, None])),
        "lost": made - kept,
        "wanted": delivered + flow.unserved,
        "unserved": flow.unserved,
    }


def _areas(
    nodes: pd.DataFrame,
    station_mw: Floats,
    numbers: dict[str, Floats],
    year: int,
    weather_years: tuple[int, ...],
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    top = nodes["tier_bar"].max()
    for n, (area_id, node) in enumerate(nodes.iterrows()):
        if node["tier_bar"] == top:
            continue
        asset = {
            "asset_id": area_id,
            "asset_name": node["name"],
            "asset_class": "gas_area",
            "gm_code": node["gm_code"],
            "cluster": node["cluster"],
            "operator": node["operator"],
        }
        if numbers["made"][n].max() > SMALL_MW:
            rows += loading_rows(
                asset,
                year,
                weather_years,
                "feed-in",
                numbers["made"][n],
                numbers["fits"][n],
                numbers["lost"][n],
            )
        station = float(station_mw[n])
        if SMALL_MW < station < 0.99 * UNLIMITED_MW:
            limit = np.full_like(numbers["wanted"][n], station)
            rows += loading_rows(
                asset, year, weather_years, "take-off", numbers["wanted"][n], limit, numbers["unserved"][n]
            )
    return rows


def _shares(gas: GasCase, loading: pd.DataFrame) -> pd.DataFrame:
    """Say whose gas it is: producers per municipality for feed-in, sectors by yearly volume for take-off."""
    areas = loading[loading["asset_class"] == "gas_area"]
    causes = pd.concat(
        [gas.green.assign(direction="feed-in"), gas.demand.assign(direction="take-off")], ignore_index=True
    ).rename(columns={"area_id": "asset_id"})
    keys = ["asset_id", "year", "direction"]
    parts = causes.groupby([*keys, "sector", "gm_code"])["volume_mwh"].sum()
    share = (parts / parts.groupby(level=[0, 1, 2]).transform("sum")).rename("share").reset_index()
    merged = areas[SHARE_KEYS].merge(share, on=keys, how="inner")
    return merged[[*SHARE_KEYS, "sector", "gm_code", "share"]]
