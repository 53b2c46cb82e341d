"""Energy flows between nodes, for a Sankey: supply, conversion, storage, exchange, use and losses."""

from __future__ import annotations

import pandas as pd

from pmiek.results.balances import SIGN

RUN = ["storyline", "variant", "year"]
COLUMNS = [*RUN, "cluster", "source", "target", "carrier", "energy_gwh"]
TOLERANCE = 1e-6
#: Demand for individual heating, by the end of its sector's name, and the conversion that it feeds.
INDIVIDUAL = (("_hybrid_heat_pump", "hybrid"), ("_heat_pump", "electric"), ("_boiler", "boiler"))
#: Greenhouses burn methane for heat without a sector of its own.
GREENHOUSE = ("agriculture", "methane", "boiler")
NETWORKS = "district_heat"


def energy_flows(balance: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Turn the balances into flows between nodes, mean of the weather years.

    Every carrier has a node; supply, exchange, storage and what is not served flow into it, use, losses and
    curtailment out of it. A conversion is a node of its own between two carriers; what comes out of it less
    than goes in is its loss.

    Parameters
    ----------
    balance : DataFrame
        Table ``energy_balance``.
    municipalities : DataFrame
        ``regions/municipalities``: gm_code, cluster.

    Returns
    -------
    DataFrame
        Table ``energy_flows``: storyline, variant, year, cluster (``province`` for all together), source,
        target, carrier, energy_gwh. A node is named ``kind:name``.

    Raises
    ------
    AssertionError
        If a carrier or conversion node does not balance to one part in a million.

    Notes
    -----
    ==================  ==================  ===========  ==========
    source              target              carrier      energy_gwh
    ==================  ==================  ===========  ==========
    supply:solar_field  carrier:electricity electricity  30
    carrier:electricity demand:homes        electricity  100
    exchange:in         carrier:electricity electricity  70
    ==================  ==================  ===========  ==========
    """
    cluster = municipalities.set_index("gm_code")["cluster"]
    rows = balance.assign(cluster=balance["gm_code"].map(cluster).fillna(""))
    rows = pd.concat([rows[rows["cluster"] != ""], rows.assign(cluster="province")])
    keys = [*RUN, "cluster", "carrier", "category", "sector"]
    yearly = rows.groupby([*keys, "weather_year"])["energy_mwh"].sum().reset_index()
    weather_years = balance.groupby(RUN)["weather_year"].nunique().rename("count").reset_index()
    mean = yearly.groupby(keys)["energy_mwh"].sum().reset_index().merge(weather_years, on=RUN)
    mean["energy_gwh"] = mean["energy_mwh"] / mean["count"] / 1e3
    mean = _with_heating(mean)
    flows = pd.concat([_flows(mean), _conversion_losses(mean)], ignore_index=True)
    flows = flows[flows["energy_gwh"] > 1e-9].groupby(COLUMNS[:-1], sort=True)["energy_gwh"].sum().reset_index()
    assert_nodes_balance(flows)
    return flows[COLUMNS]


def _with_heating(mean: pd.DataFrame) -> pd.DataFrame:
    """Join fuel for heating to the heat that is made from it, where the balance holds heat.

    In the balance the fuel of a boiler or heat pump stays demand of its carrier; here it goes into the
    conversion that makes the heat. Sources of heat networks without a fuel of
    their own name are one conversion.
    """
    if not (mean["carrier"].eq("heat") & mean["category"].eq("conversion_out")).any():
        return mean
    sector, category = mean["sector"].astype(str).copy(), mean["category"].astype(str).copy()
    fuel = category.eq("demand") & mean["carrier"].ne("heat")
    for ending, node in INDIVIDUAL:
        chosen = fuel & sector.str.endswith(ending)
        sector[chosen], category[chosen] = node, "conversion_in"
    chosen = fuel & sector.eq(NETWORKS)  # networks that use the fuel of the storyline
    category[chosen] = "conversion_in"
    name, carrier, node = GREENHOUSE
    chosen = fuel & sector.eq(name) & mean["carrier"].eq(carrier)
    sector[chosen], category[chosen] = node, "conversion_in"
    known = {node for _, node in INDIVIDUAL} | set(sector[category.eq("conversion_in")])
    networks = mean["carrier"].eq("heat") & category.eq("conversion_out") & ~sector.isin(known)
    sector[networks] = NETWORKS
    keys = [*RUN, "cluster", "carrier", "category", "sector"]
    named = mean.assign(sector=sector, category=category)
    joined: pd.DataFrame = named.groupby(keys)[["energy_gwh"]].sum().reset_index()
    return joined


def _flows(mean: pd.DataFrame) -> pd.DataFrame:
    signed = mean["energy_gwh"] * mean["category"].map(SIGN)
    into = signed > 0
    conversion = mean["category"].str.startswith("conversion")
    kind = mean["category"].where(~conversion, "conversion")
    name = mean["sector"].where(mean["category"] != "exchange", into.map({True: "in", False: "out"}))
    other = kind + ":" + name
    node = "carrier:" + mean["carrier"]
    return mean.assign(
        source=other.where(into, node), target=node.where(into, other), energy_gwh=signed.abs()
    )[COLUMNS]


def _conversion_losses(mean: pd.DataFrame) -> pd.DataFrame:
    """Close every conversion node: a loss, or heat and power from surroundings when more comes out."""
    rows = mean[mean["category"].str.startswith("conversion")]
    sign = rows["category"].map({"conversion_in": 1.0, "conversion_out": -1.0})
    keys = [*RUN, "cluster", "sector"]
    left = (rows["energy_gwh"] * sign).groupby([rows[k] for k in keys]).sum().rename("left").reset_index()
    lost, ambient = left[left["left"] > 0], left[left["left"] < 0]
    return pd.concat(
        [
            lost.assign(
                source="conversion:" + lost["sector"], target="loss:conversion", carrier="heat", energy_gwh=lost["left"]
            ),
            ambient.assign(
                source="supply:surroundings",
                target="conversion:" + ambient["sector"],
                carrier="heat",
                energy_gwh=-ambient["left"],
            ),
        ],
        ignore_index=True,
    )[COLUMNS]


def assert_nodes_balance(flows: pd.DataFrame) -> None:
    """Check that what flows into every carrier and conversion flows out of it.

    Raises
    ------
    AssertionError
        With the node that differs most.
    """
    where = [*RUN, "cluster"]
    into = flows.groupby([*where, "target"])["energy_gwh"].sum().rename_axis([*where, "node"])
    out = flows.groupby([*where, "source"])["energy_gwh"].sum().rename_axis([*where, "node"])
    both = pd.concat([into, out], axis=1, keys=["into", "out"]).fillna(0.0)
    node = both.index.get_level_values("node").astype(str)
    inner = both[node.str.startswith(("carrier:", "conversion:"))]
    off = (inner["into"] - inner["out"]).abs() / inner.max(axis=1).clip(lower=1e-3)
    assert off.empty or off.max() <= TOLERANCE, f"node {off.idxmax()} does not balance"
