"""What the page of robust choices shows: core and options, regret in words, and ranges as bars from zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.publish.report.tables import records

#: Classes of assets of one municipality: told as a sum, not one by one.
DISTRICTS = ("mv_lv", "mv_station")
#: A regret below this is no regret, MEUR.
SMALL_MEUR = 0.5


def context(checks: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Give the template's values.

    Parameters
    ----------
    checks : mapping of str to DataFrame
        Tables that the batch has, among which core, regret, near_optimal, two_stage_value and variant_pairs.

    Returns
    -------
    dict
        Without rows where a batch does not have a table: the page then says what was not calculated.
    """
    core = checks.get("core", pd.DataFrame())
    regret = checks.get("regret", pd.DataFrame())
    return {
        "core": _class(core, "core"),
        "option": _class(core, "option"),
        "never": int((core["class"] == "never").sum()) if len(core) else 0,
        "districts": _districts(core),
        "storylines_total": int(core["storylines_total"].max()) if len(core) else 0,
        "regret": _regret(regret),
        "ranges": _ranges(checks.get("near_optimal", pd.DataFrame())),
        "worth": _worth(checks.get("two_stage_value", pd.DataFrame())),
        "same": _same(checks.get("variant_pairs", pd.DataFrame())),
    }


def _class(core: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    """Give the assets of a class, by cluster, the earliest decision first."""
    if core.empty:
        return []
    rows = core[(core["class"] == name) & ~core["asset_class"].isin(DISTRICTS)]
    rows = rows.assign(base_id=rows["asset_id"].astype(str).str.split(":").str[0])
    order = rows.sort_values(["cluster", "decide_by_year", "asset_id"], na_position="last", kind="stable")
    return records(order)


def _districts(core: pd.DataFrame) -> list[dict[str, Any]]:
    """Give per class of districts in how many municipalities it is core or an option, and how much."""
    if core.empty:
        return []
    rows = core[core["asset_class"].isin(DISTRICTS) & core["class"].ne("never")]
    table = rows.groupby(["class", "asset_class"], as_index=False).agg(
        places=("asset_id", "nunique"), low=("size_low_mw", "sum"), high=("size_high_mw", "sum")
    )
    return records(table.rename(columns={"class": "judged"}))


def _regret(regret: pd.DataFrame) -> list[dict[str, Any]]:
    """Give per kind of decision a small table: what each costs in every future, the worst case last."""
    if regret.empty:
        return []
    found = []
    for kind, part in regret.groupby("decision_kind", sort=False):
        futures = list(part["future"].drop_duplicates())
        lines = []
        for decision, own in part.groupby("decision", sort=False):
            cells = own.set_index("future").reindex(futures)
            rows = records(cells.reset_index())
            lines.append(
                {
                    "decision": decision,
                    "cells": rows,
                    "worst": max(rows, key=lambda row: float(row["extra_cost_meur"])),
                    "is_best": str(own["is_best"].iloc[0]).lower() == "true",
                }
            )
        found.append({"kind": kind, "futures": futures, "lines": lines})
    return found


def _ranges(near: pd.DataFrame) -> list[dict[str, Any]]:
    """Give per kind its range at each budget, with the place of both ends on a bar that starts at zero, %."""
    if near.empty:
        return []
    found = []
    for (kind, unit), part in near.groupby(["kind", "unit"], sort=False):
        top = float(part["value"].max())
        wide = part.pivot_table(index="slack_pct", columns="sense", values="value")
        bars = [
            {
                "slack": float(slack),
                "low": float(row["min"]),
                "high": float(row["max"]),
                "from_pct": 100 * float(row["min"]) / top if top > 0 else 0.0,
                "to_pct": 100 * float(row["max"]) / top if top > 0 else 0.0,
            }
            for slack, row in zip(wide.index.to_numpy(dtype=float), wide.to_dict("records"), strict=True)
        ]
        found.append(
            {
                "kind": kind,
                "unit": unit,
                "bars": bars,
                "storyline": part["storyline"].iloc[0],
                "decimals": 0 if top >= 20 else 1,
            }
        )
    return found


def _worth(values: pd.DataFrame) -> dict[str, float]:
    if values.empty:
        return {}
    return {str(k): float(v) for k, v in zip(values["quantity"], values["value"], strict=True)}


def _same(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    """Give the pairs of variants that are one direction."""
    if pairs.empty:
        return []
    rows = pairs[pairs["are_one"].astype(str).str.lower() == "true"]
    return list(
        dict.fromkeys(zip(rows["variant"].astype(str), rows["other_variant"].astype(str), strict=True))
    )
