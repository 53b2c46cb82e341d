"""Variants side by side: pivots of the result tables, one per question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.report.select import ordered

VARIANT = ["storyline", "variant"]


def comparisons(tables: Mapping[str, pd.DataFrame], storylines: list[str]) -> list[dict[str, Any]]:
    """Give the tables of the comparison page.

    Parameters
    ----------
    tables : mapping
        Result tables ``costs``, ``capacity``, ``bottlenecks``, ``emissions`` and ``energy_balance``.
    storylines : list of str
        Order of the storylines.

    Returns
    -------
    list of dict
        Per question: ``name``, ``rows`` with columns storyline, variant, year (0 when the figure is for the
        whole period), group and value, ``group`` (label group of the column group), ``decimals``, ``source``.
    """
    energy = tables["energy_balance"]
    lost = energy[energy["category"].str.contains("curtail|unserved|shed", case=False)]
    found = [
        ("costs", _costs(tables["costs"]), "payer", 1, "costs.csv"),
        ("build", _built(tables["capacity"]), "asset_class", 0, "capacity.csv"),
        ("bottlenecks", _remaining(tables["bottlenecks"]), "direction", 0, "bottlenecks.csv"),
        ("emissions", _yearly(tables["emissions"], "carrier", "co2_kt"), "carrier", 0, "emissions.csv"),
        ("lost_energy", _lost(lost), "energy_category", 1, "energy_balance.csv"),
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


def _tidy(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    out = rows.rename(columns={group: "group", value: "value"})
    return out[["storyline", "variant", "year", "group", "value"]].reset_index(drop=True)


def _costs(costs: pd.DataFrame) -> pd.DataFrame:
    total = costs.groupby([*VARIANT, "payer"], as_index=False)["cost_meur_npv"].sum()
    return _tidy(total.assign(year=0), "payer", "cost_meur_npv")


def _built(capacity: pd.DataFrame) -> pd.DataFrame:
    built = capacity.groupby([*VARIANT, "year", "asset_class"], as_index=False)["built_mw"].sum()
    return _tidy(built[built["built_mw"] > 0], "asset_class", "built_mw")


def _remaining(bottlenecks: pd.DataFrame) -> pd.DataFrame:
    """Count distinct bottlenecks per grid state; the frozen grid is the reference beside the variants."""
    counts = (
        bottlenecks.assign(variant=bottlenecks["grid_state"])
        .groupby([*VARIANT, "year", "direction"])["bottleneck_id"]
        .nunique()
        .reset_index()
    )
    return _tidy(counts, "direction", "bottleneck_id")


def _yearly(rows: pd.DataFrame, group: str, value: str) -> pd.DataFrame:
    return _tidy(rows.groupby([*VARIANT, "year", group])[value].sum().reset_index(), group, value)


def _lost(rows: pd.DataFrame) -> pd.DataFrame:
    """Energy (GWh) in the weather year with most of it."""
    per_weather_year = rows.groupby([*VARIANT, "year", "category", "weather_year"], as_index=False)[
        "energy_mwh"
    ].sum()
    worst = per_weather_year.groupby([*VARIANT, "year", "category"], as_index=False)["energy_mwh"].max()
    return _tidy(worst.assign(energy_mwh=worst["energy_mwh"] / 1000), "category", "energy_mwh")


def _pivot(rows: pd.DataFrame, storylines: list[str], *, by_group: bool) -> dict[str, Any]:
    """Lay rows out as a table: variant and storyline down, years (or groups) across."""
    across = "group" if by_group else "year"
    columns = sorted(rows[across].unique())
    lines = []
    for variant in ordered(rows["variant"], ["frozen", "nulalternatief"]):
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
