"""What is asked and what is served, per carrier and place; what waits is told in people, not in money lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.results.account.places import (
    FEED_IN,
    RUN,
    TAKE_OFF,
    cluster_of,
    divide,
    to_clusters,
    with_totals,
)

if TYPE_CHECKING:
    from pmiek.inputs import Tables

ELECTRICITY: Final = "electricity"
KEY: Final = [*RUN, "year", "carrier", "direction"]
AMOUNTS: Final = [
    "asked_gwh", "not_served_gwh", "waiting_mw", "waiting_homes", "waiting_firms",
    "price_meur_low", "price_meur", "price_meur_high",
]  # fmt: skip
COLUMNS: Final = [*KEY, "cluster", *AMOUNTS, "served_pct"]
#: What a station's plan leaves: measure of ``dispatch_summary`` to direction.
WAITS: Final = {"unserved": TAKE_OFF, "refused": FEED_IN}
#: Assumption with the price of a MWh that another carrier does not serve.
PRICE: Final = {
    "hydrogen": "unserved_hydrogen_eur_per_mwh",
    "heat": "service_gap_heat_eur_per_mwh",
    "methane": "service_gap_methane_eur_per_mwh",
}
#: Ending of the column of a price to its position in the range of an assumption (value, low, high).
LEVELS: Final = {"": 0, "_low": 1, "_high": 2}


def service(planned: Mapping[str, pd.DataFrame], shares: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Tell what every run asks, what it does not serve, and who waits for that.

    Electricity that does not fit is a connection that waits: MW in the fullest hour, divided over homes and
    firms by their part in the hour that sizes the station, each with the price per waiting connection of
    the assumptions. Heat, hydrogen and methane that are not served have a price per MWh: what users do
    without them. These prices stand outside all totals of cost.

    Parameters
    ----------
    planned : mapping of str to DataFrame
        Tables of all runs: energy_balance, dispatch_summary.
    shares : DataFrame
        Table ``asset_places``.
    tables : Tables
        Reads regions/municipalities and the assumptions of topics service.

    Returns
    -------
    DataFrame
        Table ``service``: per run, year, carrier, direction and cluster (``province`` for all, ``outside``
        beside it) asked_gwh, not_served_gwh, waiting_mw, waiting_homes, waiting_firms, price_meur_low,
        price_meur, price_meur_high (per year), served_pct. What is asked outside the study area is unknown.
    """
    clusters = cluster_of(tables["regions/municipalities"])
    asked = _asked(planned["energy_balance"], clusters)
    waiting = _waiting(planned["dispatch_summary"], shares, tables)
    others = _others(planned["energy_balance"], clusters, tables)
    rows = pd.concat([asked, waiting, others], ignore_index=True).reindex(columns=[*KEY, "cluster", *AMOUNTS])
    long = rows.melt([*KEY, "cluster"], AMOUNTS, "amount", "value").dropna(subset=["value"])
    table = with_totals(long).pivot_table(index=[*KEY, "cluster"], columns="amount", values="value")
    table = table.reindex(columns=AMOUNTS).reset_index()
    table = table.assign(not_served_gwh=table["not_served_gwh"].fillna(0.0))
    share = 100 * (1 - table["not_served_gwh"] / table["asked_gwh"].where(table["asked_gwh"] > 0))
    return table.assign(served_pct=share.clip(lower=0.0))[COLUMNS].sort_values(
        [*KEY, "cluster"], ignore_index=True
    )


def _per_year(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Sum MWh per run, year, carrier and cluster in GWh, mean of the weather years."""
    years = rows.groupby(RUN)["weather_year"].transform("nunique")
    gwh = rows.assign(**{value: rows["energy_mwh"] / years / 1e3})
    table: pd.DataFrame = gwh.groupby([*KEY, "cluster"], as_index=False)[[value]].sum()
    return table


def _asked(balance: pd.DataFrame, clusters: dict[str, str]) -> pd.DataFrame:
    rows = balance.assign(cluster=to_clusters(balance["gm_code"], clusters))
    use = rows[rows["category"].isin(["demand", "conversion_in"])].assign(direction=TAKE_OFF)
    made = rows[(rows["category"] == "supply") & rows["carrier"].isin([ELECTRICITY, "methane"])]
    return _per_year(pd.concat([use, made.assign(direction=FEED_IN)], ignore_index=True), "asked_gwh")


def _waiting(dispatch: pd.DataFrame, shares: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return electricity that waits, per cluster; homes and firms for take-off only."""
    left = dispatch[dispatch["measure"].isin(WAITS) & (dispatch["peak_mw"] > 0)]
    left = left.assign(
        direction=left["measure"].map(WAITS),
        # the check on all hours knows the limits of stations only, the solver those of the grid too
        mwh=np.fmax(left["all_hours_mwh"].astype(float), left["chosen_days_mwh"].astype(float)),
    ).rename(columns={"station_id": "asset_id"})
    parts = divide(left.assign(part=1.0), "part", shares)
    inside = parts["share"]
    homes = parts["homes_share"].where(parts["direction"] == TAKE_OFF, 0.0)
    off = parts["direction"].eq(TAKE_OFF)
    parts = parts.assign(
        carrier=ELECTRICITY,
        not_served_gwh=parts["mwh"] * inside / 1e3,
        waiting_mw=parts["peak_mw"] * inside,
        waiting_homes=np.where(
            off, parts["peak_mw"] * homes * 1e3 / tables.assumption("waiting_home_kw"), np.nan
        ),
        waiting_firms=np.where(
            off, parts["peak_mw"] * (inside - homes) / tables.assumption("waiting_firm_mw"), np.nan
        ),
    )
    for ending, level in LEVELS.items():
        home, firm = (
            tables.assumption_range(f"waiting_{kind}_eur_per_year")[level] for kind in ("home", "firm")
        )
        price = (parts["waiting_homes"] * home + parts["waiting_firms"] * firm) / 1e6
        parts = parts.assign(**{f"price_meur{ending}": price})
    amounts = [name for name in AMOUNTS if name in parts]
    return parts.groupby([*KEY, "cluster"], as_index=False)[amounts].sum(min_count=1)


def _others(balance: pd.DataFrame, clusters: dict[str, str], tables: Tables) -> pd.DataFrame:
    """Return what other carriers do not serve, and feed-in of gas that does not fit, per cluster."""
    rows = balance[balance["carrier"] != ELECTRICITY]
    rows = rows.assign(cluster=to_clusters(rows["gm_code"], clusters))
    short = rows[rows["category"] == "unserved"].assign(direction=TAKE_OFF)
    lost = rows[rows["category"] == "curtailed"].assign(direction=FEED_IN)
    table = _per_year(pd.concat([short, lost], ignore_index=True), "not_served_gwh")
    for ending, level in LEVELS.items():
        price = {c: tables.assumption_range(name)[level] for c, name in PRICE.items()}
        eur = table["carrier"].map(price).where(table["direction"] == TAKE_OFF)
        table[f"price_meur{ending}"] = table["not_served_gwh"] * eur / 1e3
    return table
