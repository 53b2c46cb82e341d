"""Costs and capacity of a plan, divided over the study area and what lies outside."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmiek.results.account.places import (
    FEED_IN,
    KEY,
    RUN,
    TAKE_OFF,
    cluster_of,
    divide,
    to_clusters,
    with_earlier,
)

#: Category of the objective that is no cost: what the plan pays for what it does not serve.
PENALTY: Final = "unserved"
COST_KEYS: Final = [*RUN, "year", "category", "asset_class", "payer", "asset_id", "cluster"]
#: Categories of which the asset is told; the others are told per cluster.
PER_ASSET: Final = ("capex", "fixed_om")


def account_costs(costs: pd.DataFrame, shares: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Give every cost its place, and leave out what is no cost.

    A row with a municipality lies there; one without is divided by the places of its asset: capital by the
    hour that sizes the asset, curtailment by who feeds in, measures by who takes off. The penalty on what is
    not served is left out: it steers the plan and nobody pays it; table ``service`` tells what waits.

    Parameters
    ----------
    costs : DataFrame
        Rows of the runs: storyline, variant, year, category, asset_class, payer, asset_id, gm_code,
        cost_meur_per_year, cost_meur_npv.
    shares : DataFrame
        Table ``asset_places``.
    municipalities : DataFrame
        ``regions/municipalities``.

    Returns
    -------
    DataFrame
        Table ``costs``.

    Raises
    ------
    ValueError
        If a cost has no place.
    """
    amounts = ["cost_meur_per_year", "cost_meur_npv"]
    spent = costs[costs["category"] != PENALTY]
    known = spent["gm_code"].astype(str) != ""
    placed = spent[known].assign(cluster=to_clusters(spent.loc[known, "gm_code"], cluster_of(municipalities)))
    open_rows = spent[~known]
    side = np.select(
        [open_rows["category"].eq("curtailment"), open_rows["category"].eq("measures")],
        [FEED_IN, TAKE_OFF],
        default="",
    )
    shared = divide(open_rows.assign(direction=side, part=1.0), "part", shares)
    for amount in amounts:
        shared[amount] *= shared["share"]
    table = pd.concat([placed, shared], ignore_index=True)
    table["asset_id"] = table["asset_id"].where(table["category"].isin(PER_ASSET), "")
    made = table.groupby(COST_KEYS, as_index=False)[amounts].sum()
    return made[[*COST_KEYS, *amounts]]


def capacity_with_share(capacity: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Add to each asset the part of it that the study area asks for, and how that is known.

    Parameters
    ----------
    capacity : DataFrame
        Table ``capacity`` of the runs.
    shares : DataFrame
        Table ``asset_places``.

    Returns
    -------
    DataFrame
        The table with ``province_share`` and ``share_basis``; empty for an asset that is not built.
    """
    in_force = with_earlier(shares, capacity)
    sizing = in_force[in_force["sizes"].astype(bool)]
    facts = sizing.drop_duplicates(KEY)[[*KEY, "province_share", "basis"]]
    return capacity.merge(facts.rename(columns={"basis": "share_basis"}), on=KEY, how="left")
