"""One card per variant and storyline: what it builds, who pays, what remains, what it fixes and breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.results.account.co2 import NOT_COUNTED
from pmiek.results.account.places import FEED_IN, OUTSIDE, PROVINCE, TAKE_OFF, cluster_of, divide, with_totals
from pmiek.results.account.service import WAITS

if TYPE_CHECKING:
    from pmiek.inputs import Tables

RUN: Final = ["storyline", "variant"]
COLUMNS: Final = [*RUN, "year", "topic", "item", "carrier", "cluster", "value", "unit", "detail"]
GRID_OPERATOR: Final = "grid operator"
COMPANIES: Final = "companies"
HOUSEHOLDS: Final = "households"
PUBLIC: Final = "province and municipalities"
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


#: Share from which an asset counts as of one place only, and amounts that would show as nothing.
ALL: Final = 0.995
SMALLEST: Final = 1e-3
SMALLEST_KT: Final = 0.5
#: Words in the name of a sector of which the fuel follows from how heat is made.
HEATING: Final = ("heat_pump", "boiler", "district_heat")
#: Columns of ``service`` on the card: item and unit.
SERVED: Final = {
    "waiting_mw": ("waiting", "MW"),
    "waiting_homes": ("homes that wait", "homes"),
    "waiting_firms": ("firms that wait", "firms"),
    "not_served_gwh": ("not served", "GWh/year"),
    "price_meur_low": ("price of what is not served, low", "MEUR2025/year"),
    "price_meur": ("price of what is not served", "MEUR2025/year"),
    "price_meur_high": ("price of what is not served, high", "MEUR2025/year"),
}
#: Price of what is not served to the total of cost with it.
EQUAL_SERVICE: Final = {
    "price of what is not served, low": "cost: at equal service, low",
    "price of what is not served": "cost: at equal service",
    "price of what is not served, high": "cost: at equal service, high",
}


def payer_group(costs: pd.DataFrame) -> pd.Series:
    """Name who stands behind the rows of ``costs``: grid operator, companies, households or public."""
    named = costs["payer"].astype(str).str.lower().map(PAYER_GROUP)
    owner = costs["asset_class"].isin(GRID_ASSETS).map({True: GRID_OPERATOR, False: COMPANIES})
    found: pd.Series = named.fillna(owner)
    return found


def variant_cards(
    planned: Mapping[str, pd.DataFrame],
    bottlenecks: pd.DataFrame,
    causes: pd.DataFrame,
    tables: Tables,
    reference: str,
) -> pd.DataFrame:
    """Make the cards, for the last year of the pathway: per cluster, for the province, and what lies outside.

    Parameters
    ----------
    planned : mapping of str to DataFrame
        Tables of all runs: capacity, costs (per cluster), emissions, dispatch_summary, asset_places, service.
    bottlenecks : DataFrame
        Table ``bottlenecks`` with what each variant leaves; nulalternatief is that of the screening.
    causes : DataFrame
        Table ``bottleneck_shares``.
    tables : Tables
        Reads costs/infrastructure (space) and regions/municipalities.
    reference : str
        Variant against which fixes and breaks, and the causes of a difference in CO2, are counted.

    Returns
    -------
    DataFrame
        Table ``variant_cards``: storyline, variant, year, topic, item, carrier, cluster, value, unit, detail.
    """
    capacity = _last(planned["capacity"])
    built = capacity[capacity["built_mw"] > 0]
    parts_of = divide(built, "built_mw", planned["asset_places"])
    emissions = _last(planned["emissions"])
    parts = [
        _build(parts_of),
        _costs(_last(planned["costs"])),
        _space(parts_of, tables["costs/infrastructure"]),
        _co2(emissions),
        _co2_causes(emissions, built, reference),
        _used(_last(planned["dispatch_summary"]), planned["asset_places"]),
        _service(_last(planned["service"])),
    ]
    runs = capacity[[*RUN, "year"]].drop_duplicates()
    left = _left(bottlenecks, causes, runs, cluster_of(tables["regions/municipalities"]))
    parts += [_remaining(left), _against(left, runs, reference)]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    keys = [*RUN, "topic", "item", "carrier", "cluster"]
    return table.sort_values(keys, ignore_index=True)[COLUMNS]


def _last(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["year"] == table.groupby(RUN)["year"].transform("max")]


def _rows(table: pd.DataFrame, topic: str, unit: str, **more: str) -> pd.DataFrame:
    """Complete rows that hold RUN, year, value and some of item, carrier, cluster, detail."""
    fixed = {"topic": topic, "unit": unit, "carrier": "", "cluster": PROVINCE, "detail": "", **more}
    return table.assign(**{k: v for k, v in fixed.items() if k not in table})[COLUMNS]


def _summed(table: pd.DataFrame, value: str, keys: Sequence[str]) -> pd.DataFrame:
    """Sum an amount per run, year, key and cluster, with the row of the province."""
    rows = table.groupby([*RUN, "year", *keys, "cluster"], as_index=False)[[value]].sum()
    return with_totals(rows.rename(columns={value: "value"}))


def _build(parts: pd.DataFrame) -> pd.DataFrame:
    """Return MW per class: of a shared asset the part of each cluster, with the part beside its name."""
    keys = ["asset_class", "carrier"]
    rows = _summed(parts, "built_mw", keys)
    named = parts.assign(
        detail=parts["asset_id"].where(
            parts["share"] > ALL, parts["asset_id"] + " (" + (100 * parts["share"]).round(0).astype(int).astype(str) + " %)"
        )
    )
    groups = named.groupby([*RUN, "year", *keys, "cluster"])["detail"]
    names = groups.agg(lambda n: "; ".join(sorted(set(n)))).reset_index()
    inside = parts[parts["cluster"] != OUTSIDE].groupby([*RUN, "year", *keys])["asset_id"]
    total = inside.agg(lambda n: "; ".join(sorted(set(n)))).rename("detail").reset_index()
    names = pd.concat([names, total.assign(cluster=PROVINCE)], ignore_index=True)
    rows = rows.merge(names, on=[*RUN, "year", *keys, "cluster"], how="left").fillna({"detail": ""})
    rows = _rows(rows.rename(columns={"asset_class": "item"}), "build", "MW")
    return rows.assign(
        unit=rows["item"]
        .map(dict.fromkeys(("battery_energy", "heat_storage", "gas_storage"), "MWh"))
        .fillna("MW")
    )


def _costs(costs: pd.DataFrame) -> pd.DataFrame:
    named = costs.assign(item=payer_group(costs))
    return _rows(_summed(named, "cost_meur_per_year", ["item"]), "cost", "MEUR2025/year")


def _space(parts: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Return plots: whole units times the space of one; battery plots go by MW."""
    value = prices.set_index(["asset_class", "option", "parameter"])["value"].astype(float)
    found = []
    for item, (asset_class, option) in SPACE.items():
        of_class = parts[parts["asset_class"] == item]
        if of_class.empty or (asset_class, option, "space") not in value.index:
            continue
        size = float(value.get((asset_class, option, "size"), 1.0))
        units = of_class["built_mw"] / (1.0 if item == "battery_power" else size)
        found.append(of_class.assign(ha=units * float(value[asset_class, option, "space"]), item=item))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    return _rows(_summed(pd.concat(found), "ha", ["item"]), "space", "ha")


def _co2(emissions: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of the account; what is not counted is named, with an empty amount."""
    named = emissions.rename(columns={"account": "item"})
    counted = _summed(named[named["item"] != NOT_COUNTED], "co2_kt", ["item", "carrier"])
    missing = named[named["item"] == NOT_COUNTED].assign(cluster=PROVINCE)
    rows = missing.rename(columns={"co2_kt": "value"})[[*RUN, "year", "item", "carrier", "cluster", "value"]]
    return _rows(pd.concat([counted, rows], ignore_index=True), "co2", "kt/year")


def _co2_causes(emissions: pd.DataFrame, built: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return per line and sector how a variant's CO2 differs from the reference, with the assets behind it.

    The assets are those of the same carrier that only one of the two builds; green gas differs by what lets
    it in, use of gas and electricity by how heat is made.
    """
    keys = ["storyline", "year", "account", "carrier", "sector"]
    counted = emissions[emissions["account"] != NOT_COUNTED]
    wide = counted.pivot_table(index=keys, columns="variant", values="co2_kt", aggfunc="sum").fillna(0.0)
    if reference not in wide:
        return pd.DataFrame(columns=COLUMNS)
    parts = []
    for variant in wide.columns.drop(reference):
        change = (wide[variant] - wide[reference]).rename("value").reset_index()
        change = change[change["value"].abs() > SMALLEST_KT]
        details = [
            _only_built(built, (str(row["storyline"]), str(variant), reference), str(row["carrier"]), str(row["sector"]))
            for row in change.to_dict("records")
        ]
        item = change["account"] + ": " + change["sector"]
        parts.append(change.assign(variant=variant, item=item, detail=details))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return _rows(table, "co2_cause", "kt/year") if len(table) else table


def _only_built(built: pd.DataFrame, runs: tuple[str, str, str], carrier: str, sector: str) -> str:
    """Name the assets that one of two runs builds and the other does not, of the carrier that is behind it."""
    storyline, variant, reference = runs
    behind = {"heat"} if any(word in sector for word in HEATING) else {carrier}
    rows = built[(built["storyline"] == storyline) & built["carrier"].isin(behind)]
    mine, theirs = (set(rows.loc[rows["variant"] == v, "asset_id"].astype(str)) for v in (variant, reference))
    words = [f"+ {name}" for name in sorted(mine - theirs)] + [f"- {name}" for name in sorted(theirs - mine)]
    return "; ".join(words)


def _used(dispatch: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return what the measures do and what is curtailed, on all hours; what waits stands under service."""
    rows = dispatch[dispatch["all_hours_mwh"].fillna(0.0) > 0].rename(columns={"station_id": "asset_id"})
    rows = rows[~rows["measure"].isin(WAITS)]
    side = rows["measure"].eq("curtailed").map({True: FEED_IN, False: TAKE_OFF})
    parts = divide(rows.assign(direction=side, gwh=rows["all_hours_mwh"] / 1e3), "gwh", places)
    parts = parts.rename(columns={"measure": "item"})
    return _rows(_summed(parts, "gwh", ["item"]), "measures", "GWh/year", carrier="electricity")


def _service(table: pd.DataFrame) -> pd.DataFrame:
    """Return what waits and what is not served, per carrier and place, and its price outside the totals."""
    long = table.melt([*RUN, "year", "carrier", "direction", "cluster"], list(SERVED), "amount", "value")
    long = long.dropna(subset=["value"])
    always = long["amount"].eq("not_served_gwh") & long["direction"].eq(TAKE_OFF)
    long = long[(long["value"] > SMALLEST) | (always & long["cluster"].eq(PROVINCE))]
    facts = long["amount"].map(SERVED)
    item = facts.str[0].where(long["direction"] == TAKE_OFF, facts.str[0] + ", feed-in")
    return _rows(long.assign(item=item, unit=facts.str[1]), "service", "")


def _left(
    bottlenecks: pd.DataFrame, causes: pd.DataFrame, runs: pd.DataFrame, clusters: dict[str, str]
) -> pd.DataFrame:
    """Return one row per bottleneck that a variant leaves in its last year: the worst weather year.

    ``place`` is where it stands (a cluster, or outside), ``inside`` the part of its load that is of the
    province; where nobody is named behind it, its place decides.
    """
    mine = bottlenecks[bottlenecks["grid_state"] == bottlenecks["variant"]]
    mine = mine.merge(runs, on=[*RUN, "year"])
    mine = mine.assign(place=mine["cluster"].fillna("").where(mine["cluster"].isin(set(clusters.values())), OUTSIDE))
    key = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    inside = causes[causes["gm_code"].isin(list(clusters))].groupby(key)["share"].sum().rename("inside")
    known = causes[key].drop_duplicates().merge(inside.reset_index(), on=key, how="left").fillna({"inside": 0.0})
    mine = mine.merge(known, on=key, how="left")
    mine["inside"] = mine["inside"].fillna(mine["place"].ne(OUTSIDE).astype(float)).clip(0.0, 1.0)
    mine["inside_mwh"] = mine["energy_mwh"] * mine["inside"]
    mine["outside_mwh"] = mine["energy_mwh"] - mine["inside_mwh"]
    asset = ["asset_id", "asset_name", "asset_class", "carrier", "place"]
    return mine.groupby([*RUN, "year", *asset], as_index=False)[["hours", "inside_mwh", "outside_mwh"]].max()


def _remaining(left: pd.DataFrame) -> pd.DataFrame:
    """Count bottlenecks where they stand, hours of the worst, and energy by whose load it is."""
    keys = [*RUN, "year", "carrier", "cluster"]
    located = pd.concat(
        [left.assign(cluster=left["place"]), left[left["place"] != OUTSIDE].assign(cluster=PROVINCE)],
        ignore_index=True,
    )
    groups = located.groupby(keys)
    counts = groups["asset_id"].nunique().rename("value").reset_index()
    names = groups["asset_name"].agg(lambda n: "; ".join(sorted(set(n.astype(str))))).rename("detail")
    energy = pd.concat(
        [
            left.assign(cluster=PROVINCE, value=left["inside_mwh"] / 1e3),
            left.assign(cluster=OUTSIDE, value=left["outside_mwh"] / 1e3),
        ]
    )
    parts = [
        counts.merge(names.reset_index(), on=keys).assign(item="bottlenecks", unit="assets"),
        groups["hours"].max().rename("value").reset_index().assign(item="hours of the worst", unit="h/year"),
        energy.groupby(keys, as_index=False)["value"].sum().assign(item="energy above the limits", unit="GWh/year"),
    ]
    return _rows(pd.concat([_rows(part, "remaining", "") for part in parts]), "remaining", "")


def _against(left: pd.DataFrame, runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return which bottlenecks of the reference a variant fixes, and which it makes, in the province and outside."""
    left = left.assign(cluster=left["place"].where(left["place"] == OUTSIDE, PROVINCE))
    base = left[left["variant"] == reference].drop(columns="variant")
    parts = []
    for storyline, variant, year in runs[[*RUN, "year"]].itertuples(index=False, name=None):
        if variant == reference or base.empty:
            continue
        theirs = base[base["storyline"] == storyline]
        mine = left[(left["storyline"] == storyline) & (left["variant"] == variant)]
        for topic, have, without in (("fixes", theirs, mine), ("breaks", mine, theirs)):
            only = have[~have["asset_id"].isin(without["asset_id"])]
            groups = only.groupby(["asset_class", "carrier", "cluster"])
            table = groups["asset_id"].nunique().rename("value").to_frame()
            table["detail"] = groups["asset_name"].agg(lambda n: "; ".join(sorted(set(n.astype(str)))))
            named = table.reset_index().rename(columns={"asset_class": "item"})
            parts.append(
                _rows(named.assign(storyline=storyline, variant=variant, year=year), topic, "assets")
            )
    return pd.concat(parts) if parts else pd.DataFrame(columns=COLUMNS)


def variant_differences(cards: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return the totals of the province on each card beside those of the reference variant.

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
        reference_value, difference, outside_value. Cost is money spent; what it would take to serve as much
        as is asked stands in indicators of its own, and ``cost: at equal service`` holds both together.
    """
    wanted = cards[cards["topic"].isin(["cost", "space", "co2", "remaining", "measures", "service"])]
    wanted = wanted[wanted["value"].notna() & wanted["cluster"].isin([PROVINCE, OUTSIDE])]
    wanted = wanted.assign(indicator=_indicator(wanted))
    keys = [*RUN, "indicator", "unit"]
    table = _totals(wanted[wanted["cluster"] == PROVINCE], keys)
    beside = _totals(wanted[wanted["cluster"] == OUTSIDE], keys).rename(columns={"value": "outside_value"})
    every = pd.concat([table[["indicator", "unit"]], beside[["indicator", "unit"]]]).drop_duplicates()
    table = every.merge(table[RUN].drop_duplicates(), how="cross").merge(table, on=keys, how="left")
    table = table.merge(beside, on=keys, how="left").fillna({"value": 0.0, "outside_value": 0.0})
    base = table[table["variant"] == reference].rename(columns={"value": "reference_value"})
    both = table.merge(
        base[["storyline", "indicator", "reference_value"]], on=["storyline", "indicator"], how="left"
    )
    both["difference"] = both["value"] - both["reference_value"]
    both["reference_variant"] = reference
    columns = [
        *RUN, "reference_variant", "indicator", "unit", "value", "reference_value", "difference", "outside_value",
    ]  # fmt: skip
    ordered: pd.DataFrame = both.sort_values([*RUN, "indicator"], ignore_index=True)[columns]
    return ordered


def _totals(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum the rows of a card per indicator, and add the totals of cost without and with equal service."""
    peak = rows["item"].eq("hours of the worst")
    table = pd.concat(
        [rows[~peak].groupby(keys)["value"].sum(), rows[peak].groupby(keys)["value"].max()]
    ).reset_index()
    cost = table[table["indicator"].str.startswith("cost: ")]
    total = cost.groupby([*RUN, "unit"])["value"].sum().reset_index().assign(indicator="cost: total")
    gap = rows[rows["topic"].eq("service") & rows["item"].isin(EQUAL_SERVICE)]
    parts = [table, total]
    for item, indicator in EQUAL_SERVICE.items():
        price = gap[gap["item"] == item].groupby(RUN)["value"].sum().rename("gap").reset_index()
        equal = total.merge(price, on=RUN, how="left").fillna({"gap": 0.0})
        parts.append(equal.assign(value=equal["value"] + equal["gap"], indicator=indicator)[table.columns])
    both: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return both


def _indicator(rows: pd.DataFrame) -> pd.Series:
    """Name what is compared; what waits or is not served is named per carrier."""
    named = rows["topic"] + ": " + rows["item"]
    named = named.where(rows["topic"] != "service", named + " (" + rows["carrier"] + ")")
    found: pd.Series = named.where(rows["topic"] != "space", rows["topic"])
    return found
