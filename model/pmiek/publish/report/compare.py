"""Variants side by side: the figures behind the comparison page, by storyline, variant and year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.select import NULL_STATE, ordered
from pmiek.results.account import OUTSIDE, PROVINCE
from pmiek.results.account.co2 import CREDIT, ELSEWHERE, TERRITORIAL

RUN = ["storyline", "variant"]
LINES = (TERRITORIAL, ELSEWHERE, CREDIT)
"""Lines of the CO2 account; the first is the total of the province."""
SERVED_PCT = 99.5
"""Below this part of what is asked a variant does not give the same service."""
STATIONS = ("station_transformer", "new_station")
CIRCUITS = ("circuit", "coupling_transformer")
DISTRICTS = ("mv_lv", "mv_station")
ELECTRICITY = ("electricity", "")
NOT_POWER = frozenset({"battery_energy", "heat_storage", "gas_storage"})
"""Asset classes whose size is no power but energy."""
WAITING = ("waiting_mw", "waiting_homes", "waiting_firms")
"""Columns of ``service`` about connections that wait."""
SOURCES = {
    **dict.fromkeys((*WAITING, "gap_meur"), "service.csv"),
    **dict.fromkeys(("co2_kt", "co2_elsewhere_kt", "co2_credit_kt"), "emissions.csv"),
    **dict.fromkeys(("take_off_gwh", "feed_in_gwh"), "energy_balance.csv"),
    "space_ha": "variant_cards.csv",
    "transfers": "transfers.csv",
    "left": "bottlenecks.csv",
    "cost": "costs.csv",
}
"""Result table behind each column of the summary that is drawn."""
WHOLE_PERIOD = 0
"""Stands for the year of figures about the whole period."""
Tables = Mapping[str, pd.DataFrame]


def variants(tables: Tables) -> list[str]:
    """Give the variants that were run, the nulalternatief first."""
    found = pd.concat([tables[name]["variant"] for name in ("costs", "capacity", "energy_balance")])
    return ordered(found, [NULL_STATE])


def payload(
    tables: Tables,
    bottlenecks: list[dict[str, Any]],
    space: pd.DataFrame,
    cluster_space: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Give the data of the comparison page.

    Parameters
    ----------
    tables : mapping
        Result tables ``costs``, ``capacity``, ``bottlenecks``, ``emissions``, ``energy_balance``,
        ``transfers``, ``service`` and ``loading``.
    bottlenecks : list of dict
        Records of :func:`pmiek.publish.report.select.bottleneck_list`; only those about the province count.
    space : DataFrame
        Rows storyline, variant, year, value (ha); may be empty.
    cluster_space : DataFrame, optional
        The same with a column cluster.

    Returns
    -------
    dict
        ``variants`` and ``years`` (those that every variant has); ``measures``, the figures with their rows
        [storyline, variant, year, group, value]; ``sources``, the table behind each; ``payers``, ``built``
        and ``clusters`` (by topic), rows of
        the same kind by payer, kind of asset and cluster; ``values``, the columns of the summary with rows
        [storyline, variant, year, value], year 0 for the whole period; ``found``, the bottlenecks as
        [asset id, name, direction, cluster]; and ``present``: per grid state, storyline and year the
        bottlenecks as [position in ``found``, exceedance (MW)].
    """
    names = variants(tables)
    over = about_province(tables["bottlenecks"], bottlenecks)
    years = common_years(tables, names)
    return {
        "variants": names,
        "years": years,
        "measures": measures(tables, over),
        "values": {key: _cells(rows) for key, rows in values(tables, over, space).items() if len(rows)},
        "payers": _grouped(_costs(tables)),
        "built": _grouped(_built(of_province(tables["capacity"]))),
        "sources": SOURCES,
        "clusters": {key: _grouped(rows) for key, rows in by_cluster(tables, cluster_space).items()},
        **_presence(over, [select.FROZEN, *names], years),
    }


def measures(tables: Tables, over: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give per figure its label group, decimals, source and rows."""
    found = {
        "bottlenecks": (_remaining(over), "direction", 0, "bottlenecks.csv"),
        "unfit": (_worst_energy(_lost(tables), "category"), "unfit", 1, "energy_balance.csv"),
        "exceedance": (_worst_energy(_stations(over), "direction"), "above", 1, "bottlenecks.csv"),
        "emissions": (_yearly(_counted(tables), "account", "co2_kt"), "account", 0, "emissions.csv"),
        "transfers": (_transfers(tables["transfers"]), "transfer", 1, "transfers.csv"),
    }
    columns = [*RUN, "year", "group", "value"]
    return {
        name: {
            "group": group,
            "decimals": decimals,
            "source": source,
            "rows": rows.round(3)[columns].to_numpy().tolist(),
        }
        for name, (rows, group, decimals, source) in found.items()
    }


def values(tables: Tables, over: pd.DataFrame, space: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the rows (storyline, variant, year, value) behind each column of the summary."""
    capacity = of_province(tables["capacity"])
    power = capacity[~capacity["asset_class"].isin(NOT_POWER)]
    electric = power[power["carrier"].isin(ELECTRICITY)]
    other = set(electric["asset_class"]) - {*STATIONS, *CIRCUITS, *DISTRICTS}
    lost = _worst_energy(_lost(tables), "category")
    counts = over.assign(variant=over["grid_state"]).groupby([*RUN, "year"])["bottleneck_id"].nunique()
    found = {
        "cost": _costs(tables),
        "station_mva": _class(electric, STATIONS),
        "circuit_mw": _class(electric, CIRCUITS),
        "district_mw": _class(electric, DISTRICTS),
        "other_mw": _class(electric, sorted(other)),
        **{
            f"built_{carrier}": power[power["carrier"] == carrier].assign(value=lambda c: c["built_mw"])
            for carrier in sorted(set(capacity["carrier"]) - set(ELECTRICITY))
        },
        "left": counts.rename("value").reset_index(),
        "take_off_gwh": lost[lost["group"] == "take-off"],
        "feed_in_gwh": lost[lost["group"] == "feed-in"],
        **_waiting(tables["service"]),
        "co2_kt": _line(tables, TERRITORIAL),
        "co2_elsewhere_kt": _line(tables, ELSEWHERE),
        "co2_credit_kt": _line(tables, CREDIT),
        "space_ha": space,
        "cost_outside": _costs(tables, outside=True),
        "transfers": tables["transfers"].assign(value=lambda t: t["transfer_meur_per_year"]),
    }
    key = [*RUN, "year"]
    return {
        name: rows.groupby(key)["value"].sum().reset_index() if len(rows) else pd.DataFrame()
        for name, rows in found.items()
    }


def by_cluster(tables: Tables, space: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Give what a variant means in each cluster: rows storyline, variant, year, group (cluster), value."""
    served = tables["service"]
    served = served[served["direction"].eq("take-off") & served["carrier"].isin(ELECTRICITY)]
    costs = tables["costs"].assign(year=WHOLE_PERIOD)
    emitted = tables["emissions"][tables["emissions"]["account"] == TERRITORIAL]
    found = {
        "waiting_mw": (served, "waiting_mw"),
        "cost": (costs, "cost_meur_npv"),
        "co2_kt": (emitted, "co2_kt"),
    } | ({} if space is None else {"space_ha": (space, "value")})
    out = {}
    for name, (rows, value) in found.items():
        inside = rows[~rows["cluster"].isin([PROVINCE, OUTSIDE, ""])]
        if len(inside):
            out[name] = _yearly(inside, "cluster", value)
    return out


def _grouped(rows: pd.DataFrame) -> list[list[Any]]:
    cells: list[list[Any]] = rows.round(3)[[*RUN, "year", "group", "value"]].to_numpy().tolist()
    return cells


def _class(capacity: pd.DataFrame, classes: tuple[str, ...] | list[str]) -> pd.DataFrame:
    return capacity[capacity["asset_class"].isin(classes)].assign(value=lambda c: c["built_mw"])


def _cells(rows: pd.DataFrame) -> list[list[Any]]:
    cells: list[list[Any]] = rows.round(3)[[*RUN, "year", "value"]].to_numpy().tolist()
    return cells


def about_province(rows: pd.DataFrame, bottlenecks: list[dict[str, Any]]) -> pd.DataFrame:
    """Keep the rows of the table ``bottlenecks`` that are about the province, by id."""
    ours = {r["bottleneck_id"] for r in bottlenecks if r["scope"] == select.PROVINCE}
    return rows[rows["bottleneck_id"].isin(ours)]


def common_years(tables: Tables, names: list[str]) -> list[int]:
    """Give the years that every variant has and that were screened."""
    capacity = tables["capacity"]
    sets = [set(capacity.loc[capacity["variant"] == name, "year"]) for name in names]
    screened = tables["loading"] if len(tables["loading"]) else tables["bottlenecks"]
    return sorted(int(y) for y in set.intersection(*sets, set(screened["year"]))) if sets else []


def _presence(over: pd.DataFrame, states: list[str], years: list[int]) -> dict[str, Any]:
    """Give which bottleneck is there in which grid state, storyline and year, with its largest exceedance."""
    rows = over[over["grid_state"].isin(states) & over["year"].isin(years)]
    facts = ["bottleneck_id", "asset_id", "asset_name", "direction", "cluster"]
    known = rows.drop_duplicates("bottleneck_id").sort_values("bottleneck_id")[facts]
    place = {key: i for i, key in enumerate(known["bottleneck_id"])}
    key = ["grid_state", "storyline", "year", "bottleneck_id"]
    worst = rows.groupby(key)["exceedance_mw"].max().round(1).reset_index()
    present: dict[str, dict[str, dict[str, list[Any]]]] = {}
    for state, storyline, year, bottleneck, mw in worst.itertuples(index=False, name=None):
        here = present.setdefault(str(state), {}).setdefault(str(storyline), {})
        here.setdefault(str(year), []).append([place[bottleneck], mw])
    return {"found": known[facts[1:]].to_numpy().tolist(), "present": present}


def _tidy(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    out = rows.rename(columns={group: "group", value: "value"})
    return out[[*RUN, "year", "group", "value"]].reset_index(drop=True)


def of_province(capacity: pd.DataFrame) -> pd.DataFrame:
    """Give the part of each asset that the province asks for; an asset without a share is not built."""
    part = pd.to_numeric(capacity["province_share"], errors="coerce").fillna(0.0)
    return capacity.assign(built_mw=capacity["built_mw"] * part)


def service_gaps(tables: Tables) -> list[dict[str, Any]]:
    """Give the variants that do not serve what is asked: the headline above any comparison of cost.

    Returns
    -------
    list of dict
        variant, carrier, year, and over the storylines the lowest and highest served_pct and price_meur of
        what is not served (MEUR per year, outside the cost).
    """
    rows = tables["service"]
    rows = rows[rows["direction"].eq("take-off") & rows["cluster"].eq(PROVINCE)]
    rows = rows[rows["year"] == rows.groupby(RUN)["year"].transform("max")]
    short = rows[rows["served_pct"] < SERVED_PCT]
    gaps = []
    for (variant, carrier, year), part in short.groupby(["variant", "carrier", "year"]):
        gaps.append(
            {
                "variant": str(variant),
                "carrier": str(carrier),
                "year": int(str(year)),
                "low": float(part["served_pct"].min()),
                "high": float(part["served_pct"].max()),
                "price_low": float(part["price_meur_low"].min()),
                "price_high": float(part["price_meur_high"].max()),
            }
        )
    return gaps


COST_PARTS = {"capex": "build", "fixed_om": "build", "operating": "operating", "curtailment": "not_fed_in"}
"""Categories of cost, joined to what a reader asks for; others are measures."""


def cost_causes(tables: Tables) -> list[dict[str, Any]]:
    """Give what makes a variant dearer or cheaper than the nulalternatief, over the whole period in the province.

    A variant that builds nothing pays for what is not fed in, so building can cost less than not building.

    Returns
    -------
    list of dict
        variant, total and ``parts`` (build, operating, not_fed_in, measures): lowest and highest difference over the
        storylines (MEUR, positive is dearer); parts without a difference are left out.
    """
    costs = tables["costs"]
    rows = costs[costs["cluster"] != OUTSIDE]
    rows = rows.assign(
        part=rows["category"].map(COST_PARTS).fillna("measures"),
        cost_meur_npv=rows["cost_meur_npv"].astype(float),
    )
    sums = rows.pivot_table(
        index=["storyline", "part"], columns="variant", values="cost_meur_npv", aggfunc="sum", fill_value=0.0
    )
    names = variants(tables)
    if NULL_STATE not in names or len(names) < 2:
        return []
    sums = sums.reindex(columns=names, fill_value=0.0)
    found = []
    for variant in names[1:]:
        more = sums[variant] - sums[NULL_STATE]
        total = more.groupby("storyline").sum()
        ends = more.groupby("part").agg(["min", "max"])
        found.append(
            {
                "variant": variant,
                "total": (float(total.min()), float(total.max())),
                "parts": {
                    part: (float(low), float(high))
                    for part, low, high in ends.reindex(["build", "operating", "not_fed_in", "measures"])
                    .dropna()
                    .itertuples()
                    if max(abs(low), abs(high)) >= SMALLEST_MEUR
                },
            }
        )
    return found


SMALLEST_MEUR = 0.5
"""Smaller differences of cost are not told."""


def _waiting(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give what waits for electricity, and what other carriers do not serve, in the province."""
    asked = rows[rows["direction"].eq("take-off") & rows["cluster"].eq(PROVINCE)]
    power = asked[asked["carrier"].isin(ELECTRICITY)]
    found = {name: power.assign(value=power[name].fillna(0.0)) for name in WAITING}
    found["gap_meur"] = asked.assign(value=asked["price_meur"].fillna(0.0))
    return found


def _counted(tables: Tables) -> pd.DataFrame:
    """Give the lines of the CO2 account that have an amount."""
    return tables["emissions"][tables["emissions"]["account"].isin(LINES)]


def _line(tables: Tables, name: str) -> pd.DataFrame:
    rows = tables["emissions"]
    return rows[rows["account"] == name].assign(value=lambda e: e["co2_kt"])


def _costs(tables: Tables, *, outside: bool = False) -> pd.DataFrame:
    """Cost of the province (or outside it) per payer over the period; a run without any keeps a zero."""
    costs = tables["costs"]
    spent = costs[costs["cluster"].eq(OUTSIDE) == outside]
    total = spent.groupby([*RUN, "payer"])["cost_meur_npv"].sum().reset_index()
    runs = pd.concat([costs[RUN], tables["capacity"][RUN]]).drop_duplicates()
    spending = set(total[RUN].itertuples(index=False, name=None))
    idle = [run for run in runs.itertuples(index=False, name=None) if run not in spending]
    payers = sorted(total["payer"].unique())
    if payers and idle:
        zero = pd.DataFrame(idle, columns=RUN).assign(payer=payers[0], cost_meur_npv=0.0)
        total = pd.concat([total, zero], ignore_index=True)
    return _tidy(total.assign(year=WHOLE_PERIOD), "payer", "cost_meur_npv")


def _built(capacity: pd.DataFrame) -> pd.DataFrame:
    """Power built per kind of asset; the carrier is named where it is not electricity."""
    power = capacity[~capacity["asset_class"].isin(NOT_POWER)]
    other = ~power["carrier"].isin(ELECTRICITY)
    kind = power["asset_class"].where(~other, power["carrier"] + ">" + power["asset_class"])
    built = power.assign(kind=kind).groupby([*RUN, "year", "kind"], as_index=False)["built_mw"].sum()
    return _tidy(built[built["built_mw"] > 0], "kind", "built_mw")


def _remaining(over: pd.DataFrame) -> pd.DataFrame:
    """Count distinct bottlenecks per grid state; the frozen grid is the reference beside the variants."""
    counts = (
        over.assign(variant=over["grid_state"])
        .groupby([*RUN, "year", "direction"])["bottleneck_id"]
        .nunique()
        .reset_index()
    )
    return _tidy(counts, "direction", "bottleneck_id")


def _yearly(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    return _tidy(rows.groupby([*RUN, "year", group])[value].sum().reset_index(), group, value)


def _lost(tables: Tables) -> pd.DataFrame:
    """Energy that does not fit: take-off and feed-in of electricity, and what other carriers cannot serve."""
    energy = tables["energy_balance"]
    electric = energy["carrier"].isin(ELECTRICITY)
    unserved, curtailed = energy["category"] == "unserved", energy["category"] == "curtailed"
    other = energy[unserved & ~electric]
    return pd.concat(
        [
            energy[unserved & electric].assign(category="take-off"),
            energy[curtailed & electric].assign(category="feed-in"),
            other.assign(category="unserved_" + other["carrier"]),
        ]
    )


def _stations(over: pd.DataFrame) -> pd.DataFrame:
    """Keep stations: the same energy would count again in the circuits and coupling points that feed them."""
    rows = over[over["asset_class"] == "station_transformer"]
    key = ["asset_id", "grid_state", "storyline", "year", "weather_year", "direction"]
    worst = rows.groupby(key)["energy_mwh"].max().reset_index()
    return worst.assign(variant=worst["grid_state"])


def _worst_energy(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Energy (GWh) in the weather year with most of it."""
    key = [*RUN, "year", group]
    per_weather_year = rows.groupby([*key, "weather_year"], as_index=False)["energy_mwh"].sum()
    worst = per_weather_year.groupby(key, as_index=False)["energy_mwh"].max()
    return _tidy(worst.assign(energy_mwh=worst["energy_mwh"] / 1000), group, "energy_mwh")


def _transfers(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows.assign(group=rows["from_party"] + ">" + rows["to_party"] + ">" + rows["reason"])
    return _yearly(named, "group", "transfer_meur_per_year")
