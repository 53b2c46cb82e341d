"""One card per variant and storyline: what it builds, who pays, what remains, what it fixes and breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from pmiek.inputs import Tables

RUN: Final = ["storyline", "variant"]
COLUMNS: Final = [*RUN, "year", "topic", "item", "carrier", "cluster", "value", "unit", "detail"]
PROVINCE: Final = "province"
GRID_OPERATOR: Final = "grid operator"
COMPANIES: Final = "companies"
HOUSEHOLDS: Final = "households"
PUBLIC: Final = "province and municipalities"
#: Value of what is not served or cannot be fed in: borne by customers, never a payment.
CUSTOMERS: Final = "customers without supply"
#: Assets of grids: a payer of these that is not named below is a grid operator.
GRID_ASSETS: Final = frozenset(
    {
        *("station_transformer", "new_station", "circuit", "coupling_transformer", "mv_lv", "mv_station"),
        *("gas_booster", "gas_compressor", "gas_pipe", "hydrogen_pipe"),
    }
)
#: Who stands behind a payer of the costs; others are grid operators for the assets of grids, else companies.
PAYER_GROUP: Final = {
    "market party": COMPANIES,
    "generator": COMPANIES,
    "companies": COMPANIES,
    "heat company": COMPANIES,
    "heat_company": COMPANIES,
    "producers": COMPANIES,
    "producer": COMPANIES,
    "industry": COMPANIES,
    "households": HOUSEHOLDS,
    "household": HOUSEHOLDS,
    "province": PUBLIC,
    "municipality": PUBLIC,
    "municipalities": PUBLIC,
    "provincie en gemeenten": PUBLIC,
    "green gas producers": COMPANIES,
    "connected customers": CUSTOMERS,
}
#: Row of costs/infrastructure that holds the space of one unit, for each class of asset.
SPACE: Final = {
    "station_transformer": ("station_transformer", "add_transformer"),
    "new_station": ("station_transformer", "new_station"),
    "coupling_transformer": ("coupling_transformer", "add_transformer"),
    "battery_power": ("battery", "station_battery"),
    "gas_booster": ("gas_booster", "booster_8_to_40_bar"),
    "mv_station": ("mv_station", "switching_station"),
    "mv_lv": ("mv_lv_station", "new_station"),
}


def payer_group(costs: pd.DataFrame) -> pd.Series:
    """Name who stands behind the rows of ``costs``: grid operator, companies, households, public, customers.

    The value of what is not served is never a payment: it stands apart, whoever goes without.
    """
    named = costs["payer"].astype(str).str.lower().map(PAYER_GROUP)
    owner = costs["asset_class"].isin(GRID_ASSETS).map({True: GRID_OPERATOR, False: COMPANIES})
    found: pd.Series = named.fillna(owner).mask(costs["category"] == "unserved", CUSTOMERS)
    return found


def variant_cards(
    planned: Mapping[str, pd.DataFrame], bottlenecks: pd.DataFrame, tables: Tables, reference: str
) -> pd.DataFrame:
    """Make the cards, for the last year of the pathway.

    Parameters
    ----------
    planned : mapping of str to DataFrame
        Tables of all runs: capacity, costs, emissions, dispatch_summary.
    bottlenecks : DataFrame
        Table ``bottlenecks`` with what each variant leaves; nulalternatief is that of the screening.
    tables : Tables
        Reads costs/infrastructure (space).
    reference : str
        Variant against which fixes and breaks are counted.

    Returns
    -------
    DataFrame
        Table ``variant_cards``: storyline, variant, year, topic, item, carrier, cluster, value, unit, detail.
    """
    capacity = _last(planned["capacity"])
    built = capacity[capacity["built_mw"] > 0]
    parts = [
        _build(built),
        _costs(_last(planned["costs"])),
        _space(built, tables["costs/infrastructure"]),
        _co2(_last(planned["emissions"])),
        _used(_last(planned["dispatch_summary"])),
    ]
    runs = capacity[[*RUN, "year"]].drop_duplicates()
    parts += [_remaining(bottlenecks, runs), _against(bottlenecks, runs, reference)]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    keys = [*RUN, "topic", "item", "carrier", "cluster"]
    return table.sort_values(keys, ignore_index=True)[COLUMNS]


def _last(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["year"] == table.groupby(RUN)["year"].transform("max")]


def _rows(table: pd.DataFrame, topic: str, unit: str, **more: str) -> pd.DataFrame:
    """Complete rows that hold RUN, year, value and some of item, carrier, cluster, detail."""
    fixed = {"topic": topic, "unit": unit, "carrier": "", "cluster": PROVINCE, "detail": "", **more}
    return table.assign(**{k: v for k, v in fixed.items() if k not in table})[COLUMNS]


def _build(built: pd.DataFrame) -> pd.DataFrame:
    keys = [*RUN, "year", "asset_class", "carrier", "cluster"]
    named = built.assign(cluster=built["cluster"].astype(str).replace({"nan": "", "None": ""}))
    groups = named.groupby(keys)
    table = groups["built_mw"].sum().rename("value").to_frame()
    table["detail"] = groups["asset_id"].agg(lambda ids: "; ".join(sorted(set(ids))))
    rows = _rows(table.reset_index().rename(columns={"asset_class": "item"}), "build", "MW")
    return rows.assign(
        unit=rows["item"]
        .map(dict.fromkeys(("battery_energy", "heat_storage", "gas_storage"), "MWh"))
        .fillna("MW")
    )


def _costs(costs: pd.DataFrame) -> pd.DataFrame:
    named = costs.assign(item=payer_group(costs))
    yearly = named.groupby([*RUN, "year", "item"])["cost_meur_per_year"].sum().rename("value").reset_index()
    return _rows(yearly, "cost", "MEUR2025/year")


def _space(built: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return plots: whole units times the space of one; battery plots go by MW."""
    value = prices.set_index(["asset_class", "option", "parameter"])["value"].astype(float)
    parts = []
    for item, (asset_class, option) in SPACE.items():
        mine = built[built["asset_class"] == item]
        if mine.empty or (asset_class, option, "space") not in value.index:
            continue
        size = float(value.get((asset_class, option, "size"), 1.0))
        units = mine["built_mw"] / (1.0 if item == "battery_power" else size)
        table = mine.assign(value=units * float(value[asset_class, option, "space"]), item=item)
        parts.append(table.groupby([*RUN, "year", "item"])["value"].sum().reset_index())
    return _rows(pd.concat(parts), "space", "ha") if parts else pd.DataFrame(columns=COLUMNS)


def _co2(emissions: pd.DataFrame) -> pd.DataFrame:
    keys = [*RUN, "year", "carrier"]
    return _rows(
        emissions.groupby(keys)["co2_kt"].sum().rename("value").reset_index(), "co2", "kt/year", item="co2"
    )


def _used(dispatch: pd.DataFrame) -> pd.DataFrame:
    """Return what the measures do, and what is curtailed and not served, on all hours."""
    amounts = dispatch.groupby([*RUN, "year", "measure"])["all_hours_mwh"].sum(min_count=1).dropna() / 1e3
    table = amounts.rename("value").reset_index().rename(columns={"measure": "item"})
    return _rows(table[table["value"] > 0], "measures", "GWh/year", carrier="electricity")


def _left(bottlenecks: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per bottleneck that a variant leaves in its last year: the worst weather year."""
    mine = bottlenecks[bottlenecks["grid_state"] == bottlenecks["variant"]]
    mine = mine.merge(runs, on=[*RUN, "year"])
    return mine.groupby([*RUN, "year", "asset_id", "asset_name", "asset_class", "carrier"], as_index=False)[
        ["hours", "energy_mwh"]
    ].max()


def _remaining(bottlenecks: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    left = _left(bottlenecks, runs)
    groups = left.groupby([*RUN, "year", "carrier"])
    parts = [
        groups["asset_id"].nunique().rename("value").reset_index().assign(item="bottlenecks", unit="assets"),
        groups["hours"].max().rename("value").reset_index().assign(item="hours of the worst", unit="h/year"),
        (groups["energy_mwh"].sum() / 1e3)
        .rename("value")
        .reset_index()
        .assign(item="energy above the limits", unit="GWh/year"),
    ]
    names = (
        groups["asset_name"]
        .agg(lambda n: "; ".join(sorted(set(n.astype(str)))))
        .rename("detail")
        .reset_index()
    )
    parts[0] = parts[0].merge(names, on=[*RUN, "year", "carrier"])
    return _rows(pd.concat([_rows(part, "remaining", "") for part in parts]), "remaining", "")


def _against(bottlenecks: pd.DataFrame, runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return which bottlenecks of the reference a variant fixes, and which it makes."""
    left = _left(bottlenecks, runs)
    base = left[left["variant"] == reference].drop(columns="variant")
    parts = []
    for storyline, variant, year in runs[[*RUN, "year"]].itertuples(index=False, name=None):
        if variant == reference or base.empty:
            continue
        theirs = base[base["storyline"] == storyline]
        mine = left[(left["storyline"] == storyline) & (left["variant"] == variant)]
        for topic, have, without in (("fixes", theirs, mine), ("breaks", mine, theirs)):
            only = have[~have["asset_id"].isin(without["asset_id"])]
            groups = only.groupby(["asset_class", "carrier"])
            table = groups["asset_id"].nunique().rename("value").to_frame()
            table["detail"] = groups["asset_name"].agg(lambda n: "; ".join(sorted(set(n.astype(str)))))
            named = table.reset_index().rename(columns={"asset_class": "item"})
            parts.append(
                _rows(named.assign(storyline=storyline, variant=variant, year=year), topic, "assets")
            )
    return pd.concat(parts) if parts else pd.DataFrame(columns=COLUMNS)


def variant_differences(cards: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return the totals of each card beside those of the reference variant.

    Parameters
    ----------
    cards : DataFrame
        From :func:`variant_cards`.
    reference : str
        Variant with which the others are compared.

    Returns
    -------
    DataFrame
        Table ``variant_differences``: storyline, variant, reference_variant, indicator, unit, value,
        reference_value, difference.
    """
    wanted = cards[cards["topic"].isin(["cost", "space", "co2", "remaining", "measures"])]
    wanted = wanted.assign(indicator=_indicator(wanted))
    keys = [*RUN, "indicator", "unit"]
    peak = wanted["item"].eq("hours of the worst")
    table = pd.concat(
        [wanted[~peak].groupby(keys)["value"].sum(), wanted[peak].groupby(keys)["value"].max()]
    ).reset_index()
    cost = table[table["indicator"].str.startswith("cost: ")]
    total = cost.groupby([*RUN, "unit"])["value"].sum().reset_index().assign(indicator="cost: total")
    table = pd.concat([table, total], ignore_index=True)
    every = table[["indicator", "unit"]].drop_duplicates().merge(table[RUN].drop_duplicates(), how="cross")
    table = every.merge(table, on=keys, how="left").fillna({"value": 0.0})
    base = table[table["variant"] == reference].rename(columns={"value": "reference_value"})
    both = table.merge(
        base[["storyline", "indicator", "reference_value"]], on=["storyline", "indicator"], how="left"
    )
    both["difference"] = both["value"] - both["reference_value"]
    both["reference_variant"] = reference
    columns = [*RUN, "reference_variant", "indicator", "unit", "value", "reference_value", "difference"]
    ordered: pd.DataFrame = both.sort_values([*RUN, "indicator"], ignore_index=True)[columns]
    return ordered


def _indicator(rows: pd.DataFrame) -> pd.Series:
    named = rows["topic"] + ": " + rows["item"]
    found: pd.Series = named.where(~rows["topic"].isin(["co2", "space"]), rows["topic"])
    return found
