"""Variants side by side: one summary, and pivots of the result tables, one per question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.report import select
from model.report.select import FROZEN, NULL_STATE, ordered

VARIANT = ["storyline", "variant"]
SPENT = ("capex", "fixed_om", "operating")
"""Categories of cost that are money spent; lost load at its value is shown as energy instead."""
BUILT_MW = ("station_transformer", "circuit", "coupling_transformer", "new_station")
NAMED = 4
"""How many bottlenecks are named in a sentence."""


def variants(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Give the variants that were run, the nulalternatief first."""
    found = pd.concat([tables[name]["variant"] for name in ("costs", "capacity", "energy_balance")])
    return ordered(found, [NULL_STATE])


def comparisons(
    tables: Mapping[str, pd.DataFrame], bottlenecks: list[dict[str, Any]], storylines: list[str]
) -> list[dict[str, Any]]:
    """Give the tables of the comparison page.

    Parameters
    ----------
    tables : mapping
        Result tables ``costs``, ``capacity``, ``bottlenecks``, ``emissions``, ``energy_balance`` and
        ``transfers``.
    bottlenecks : list of dict
        Records of :func:`model.report.select.bottleneck_list`; only those about the province count.
    storylines : list of str
        Order of the storylines.

    Returns
    -------
    list of dict
        Per question: ``name``, ``rows`` with columns storyline, variant, year (0 when the figure is for the
        whole period), group and value, ``group`` (label group of the column group), ``decimals``, ``source``
        and ``pivot`` (lines of a table).
    """
    energy = tables["energy_balance"]
    over = about_province(tables["bottlenecks"], bottlenecks)
    take_off = energy[energy["category"] == "unserved"].assign(category="take-off")
    feed_in = energy[energy["category"] == "curtailed"].assign(category="feed-in")
    lost = pd.concat([take_off, feed_in])
    found = [
        ("costs", _costs(tables), "payer", 1, "costs.csv"),
        ("build", _built(tables["capacity"]), "asset_class", 0, "capacity.csv"),
        ("bottlenecks", _remaining(over), "direction", 0, "bottlenecks.csv"),
        ("unfit", _worst_energy(lost, "category"), "unfit", 1, "energy_balance.csv"),
        ("exceedance", _worst_energy(_stations(over), "direction"), "unfit", 1, "bottlenecks.csv"),
        ("transfers", _transfers(tables["transfers"]), "transfer", 1, "transfers.csv"),
        ("emissions", _yearly(tables["emissions"], "carrier", "co2_kt"), "carrier", 0, "emissions.csv"),
    ]
    return [
        {
            "name": name,
            "group": group,
            "decimals": decimals,
            "source": source,
            "rows": rows,
            "pivot": _pivot(rows, storylines, by_group=name == "costs"),
        }
        for name, rows, group, decimals, source in found
    ]


def about_province(rows: pd.DataFrame, bottlenecks: list[dict[str, Any]]) -> pd.DataFrame:
    """Keep the rows of the table ``bottlenecks`` that are about the province, by id."""
    ours = {r["bottleneck_id"] for r in bottlenecks if r["scope"] == select.PROVINCE}
    return rows[rows["bottleneck_id"].isin(ours)]


def _tidy(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    out = rows.rename(columns={group: "group", value: "value"})
    return out[["storyline", "variant", "year", "group", "value"]].reset_index(drop=True)


def _costs(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Money spent per payer over the period; a run that spends nothing keeps a row of zero."""
    costs = tables["costs"]
    spent = costs[costs["category"].isin(SPENT)]
    total = spent.groupby([*VARIANT, "payer"])["cost_meur_npv"].sum().reset_index()
    runs = pd.concat([costs[VARIANT], tables["capacity"][VARIANT]]).drop_duplicates()
    spending = set(total[VARIANT].itertuples(index=False, name=None))
    idle = [run for run in runs.itertuples(index=False, name=None) if run not in spending]
    payers = sorted(total["payer"].unique())
    if payers and idle:
        zero = pd.DataFrame(idle, columns=VARIANT).assign(payer=payers[0], cost_meur_npv=0.0)
        total = pd.concat([total, zero], ignore_index=True)
    return _tidy(total.assign(year=0), "payer", "cost_meur_npv")


def _built(capacity: pd.DataFrame) -> pd.DataFrame:
    built = capacity.groupby([*VARIANT, "year", "asset_class"], as_index=False)["built_mw"].sum()
    return _tidy(built[built["built_mw"] > 0], "asset_class", "built_mw")


def _remaining(over: pd.DataFrame) -> pd.DataFrame:
    """Count distinct bottlenecks per grid state; the frozen grid is the reference beside the variants."""
    counts = (
        over.assign(variant=over["grid_state"])
        .groupby([*VARIANT, "year", "direction"])["bottleneck_id"]
        .nunique()
        .reset_index()
    )
    return _tidy(counts, "direction", "bottleneck_id")


def _yearly(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    return _tidy(rows.groupby([*VARIANT, "year", group])[value].sum().reset_index(), group, value)


def _stations(over: pd.DataFrame) -> pd.DataFrame:
    """Keep stations: the same energy would count again in the circuits and coupling points that feed them."""
    rows = over[over["asset_class"] == "station_transformer"]
    key = ["asset_id", "grid_state", "storyline", "year", "weather_year", "direction"]
    worst = rows.groupby(key)["energy_mwh"].max().reset_index()
    return worst.assign(variant=worst["grid_state"])


def _worst_energy(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Energy (GWh) in the weather year with most of it."""
    key = [*VARIANT, "year", group]
    per_weather_year = rows.groupby([*key, "weather_year"], as_index=False)["energy_mwh"].sum()
    worst = per_weather_year.groupby(key, as_index=False)["energy_mwh"].max()
    return _tidy(worst.assign(energy_mwh=worst["energy_mwh"] / 1000), group, "energy_mwh")


def _transfers(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows.assign(group=rows["from_party"] + ">" + rows["to_party"] + ">" + rows["reason"])
    return _yearly(named, "group", "transfer_meur_per_year")


def _pivot(rows: pd.DataFrame, storylines: list[str], *, by_group: bool) -> dict[str, Any]:
    """Lay rows out as a table: variant and storyline down, years (or groups) across."""
    across = "group" if by_group else "year"
    columns = sorted(rows[across].unique())
    lines = []
    for variant in ordered(rows["variant"], [FROZEN, NULL_STATE]):
        for storyline in [s for s in storylines if s in set(rows["storyline"])]:
            here = rows[(rows["variant"] == variant) & (rows["storyline"] == storyline)]
            if here.empty:
                continue
            groups = [None] if by_group else sorted(here["group"].unique())
            for group in groups:
                part = here if group is None else here[here["group"] == group]
                values = part.groupby(across)["value"].sum().reindex(columns)
                lines.append(
                    {
                        "variant": variant,
                        "storyline": storyline,
                        "group": group,
                        "values": values.tolist(),
                        "total": float(values.sum()),
                    }
                )
    return {"columns": columns, "lines": lines, "by_group": by_group}


def summary(
    tables: Mapping[str, pd.DataFrame], bottlenecks: list[dict[str, Any]], storylines: list[str]
) -> dict[str, Any]:
    """Give per variant what it costs, builds, solves and leaves, in the last year that all of them have.

    Returns
    -------
    dict
        ``year``, ``before`` (bottlenecks about the province on today's grid in that year) and ``variants``:
        ``name``, ``cost``, ``station_mva``, ``circuit_mw``, ``other_mw``, ``left``, ``take_off_gwh``,
        ``feed_in_gwh``, ``transfers`` (each a low and a high over the storylines, or None), ``kept`` and
        ``new`` (counts), and ``solved`` and ``remaining`` (records, largest shortage first).
    """
    names = variants(tables)
    over = about_province(tables["bottlenecks"], bottlenecks)
    years = _common_years(tables, names)
    if not names or not years:
        return {"year": None, "before": 0, "variants": []}
    year = max(years)
    now = over[over["year"] == year]
    here = [s for s in storylines if s in set(tables["capacity"]["storyline"])] or storylines
    records = {(r["bottleneck_id"], r["grid_state"]): r for r in bottlenecks}
    before = set(now.loc[now["grid_state"] == FROZEN, "bottleneck_id"])
    out = []
    for name in names:
        after = set(now.loc[now["grid_state"] == name, "bottleneck_id"])
        figures = {key: _span(rows, name, here) for key, rows in _figures(tables, now, year).items()}
        out.append(
            {
                "name": name,
                **figures,
                "kept": len(after & before),
                "new": len(after - before),
                "solved": _named(before - after, FROZEN, records),
                "remaining": _named(after, name, records),
            }
        )
    return {"year": year, "before": len(before), "variants": out}


def _common_years(tables: Mapping[str, pd.DataFrame], names: list[str]) -> set[int]:
    capacity = tables["capacity"]
    sets = [set(capacity.loc[capacity["variant"] == name, "year"]) for name in names]
    screened = tables["loading"] if len(tables["loading"]) else tables["bottlenecks"]
    return set.intersection(*sets, set(screened["year"])) if sets else set()


def _figures(tables: Mapping[str, pd.DataFrame], now: pd.DataFrame, year: int) -> dict[str, pd.DataFrame]:
    """Give the rows (storyline, variant, value) behind each figure of the summary."""
    capacity = tables["capacity"]
    capacity = capacity[capacity["year"] == year]
    energy = tables["energy_balance"]
    energy = energy[energy["year"] == year]
    transfers = tables["transfers"]

    def built(*classes: str) -> pd.DataFrame:
        return capacity[capacity["asset_class"].isin(classes)].assign(value=lambda c: c["built_mw"])

    def lost(category: str) -> pd.DataFrame:
        rows = energy[energy["category"] == category]
        return _worst_energy(rows, "category")

    counts = now.assign(variant=now["grid_state"]).groupby(VARIANT)["bottleneck_id"].nunique()
    other = set(capacity["asset_class"]) - set(BUILT_MW) - {"battery_energy"}
    return {
        "cost": _costs(tables),
        "station_mva": built("station_transformer", "new_station"),
        "circuit_mw": built("circuit", "coupling_transformer"),
        "other_mw": built(*sorted(other)),
        "left": counts.rename("value").reset_index(),
        "take_off_gwh": lost("unserved"),
        "feed_in_gwh": lost("curtailed"),
        "transfers": transfers[transfers["year"] == year].assign(value=lambda t: t["transfer_meur_per_year"]),
    }


def _span(rows: pd.DataFrame, variant: str, storylines: list[str]) -> tuple[float, float] | None:
    """Give the lowest and highest total over the storylines; none when nobody has rows of this kind."""
    if rows.empty:
        return None
    mine = rows[rows["variant"] == variant].groupby("storyline")["value"].sum()
    sums = mine.reindex(storylines, fill_value=0.0)
    return float(sums.min()), float(sums.max())


def _named(
    ids: set[str], state: str, records: Mapping[tuple[str, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    found = [records[(i, state)] for i in ids if (i, state) in records]
    return sorted(found, key=lambda r: (-float(r["exceedance_mw"]), r["bottleneck_id"]))
