"""Which part of the methane grid is still needed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.optimise.gas.case import GasCase
from pmiek.optimise.pipes.case import place

COLUMNS = [
    "storyline", "variant", "year", "area_id", "area_name", "tier_bar", "operator", "cluster", "demand_mwh",
    "demand_share_of_base", "peak_mw", "peak_share_of_base", "summer_low_share", "green_gas_mwh",
    "green_gas_lost_mwh", "spare_share", "removable_share",
]  # fmt: skip


def gas_net(gas: GasCase, base: GasCase, lost_mwh: np.ndarray, removable_factor: float) -> pd.DataFrame:
    """Compare demand and peak of every area with the base year.

    Parameters
    ----------
    gas, base : GasCase
        The run, and the base year on the same weather years.
    lost_mwh : array (period, node)
        Green gas that does not fit, MWh per year.
    removable_factor : float
        Part of the peak that has gone for which pipes come free (assumption ``gas_net_removable_factor``).

    Returns
    -------
    DataFrame
        Table ``gas_net``. The peak of an area is the highest hour of demand or of green gas in all weather
        years, of a grid above the areas that of everything below it. ``spare_share`` is the part of the base
        peak that is no longer asked for, ``removable_share`` that part times the factor.
    """
    case = gas.pipes
    below = _below(gas)
    demand = np.einsum("nm,pmh->pnh", below, case.demand_mw)
    green = np.einsum("nm,pmh->pnh", below, _green(gas))
    base_demand = below @ base.pipes.demand_mw[0]
    base_peak = np.maximum(base_demand.max(1), (below @ _green(base)[0]).max(1))
    weathers = len(case.weather_years)
    parts = []
    for p, year in enumerate(case.years):
        yearly = demand[p].sum(1) / weathers
        peak = np.maximum(demand[p].max(1), green[p].max(1))
        spare = np.clip(1.0 - peak / np.maximum(base_peak, 1e-9), 0.0, 1.0)
        parts.append(
            pd.DataFrame(
                {
                    "year": year,
                    "area_id": case.nodes.index,
                    "area_name": case.nodes["name"].to_numpy(),
                    "tier_bar": case.nodes["tier_bar"].to_numpy(),
                    "operator": case.nodes["operator"].to_numpy(),
                    "cluster": case.nodes["cluster"].to_numpy(),
                    "demand_mwh": yearly,
                    "demand_share_of_base": yearly / np.maximum(base_demand.sum(1) / weathers, 1e-9),
                    "peak_mw": peak,
                    "peak_share_of_base": peak / np.maximum(base_peak, 1e-9),
                    "summer_low_share": demand[p].min(1) / np.maximum(demand[p].mean(1), 1e-9),
                    "green_gas_mwh": green[p].sum(1) / weathers,
                    "green_gas_lost_mwh": below @ lost_mwh[p],
                    "spare_share": spare,
                    "removable_share": spare * removable_factor,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    top = table["tier_bar"] == table["tier_bar"].max()
    named = table[~top].assign(storyline=case.storyline, variant=case.variant)
    ordered: pd.DataFrame = named.reindex(columns=COLUMNS).reset_index(drop=True)
    return ordered


def _below(gas: GasCase) -> np.ndarray:
    """(node, node): 1 where the second hangs on the first, itself included."""
    case = gas.pipes
    down = case.links[case.links["asset_class"] == "gas_reduction"]
    step = place(down, case.nodes, "node0") @ place(down, case.nodes, "node1").T
    reach = np.eye(len(case.nodes))
    for _ in range(len(case.nodes)):
        reach = np.minimum(reach + reach @ step, 1.0)
    return np.asarray(reach)


def _green(gas: GasCase) -> np.ndarray:
    case = gas.pipes
    green = (case.sources["sector"] == "green_gas").to_numpy()
    return np.asarray(
        np.einsum("ns,psh->pnh", place(case.sources[green], case.nodes), case.available_mw[:, green])
    )
