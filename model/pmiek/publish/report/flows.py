"""Energy flows per run, year and cluster for the Sankey figures, and the cards of the variants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pmiek.publish.report.scripts import write_script
from pmiek.publish.report.select import NULL_STATE, ordered
from pmiek.publish.report.tables import records

FLOWS = ["storyline", "variant", "year", "cluster", "source", "target", "carrier", "energy_gwh"]
CARDS = ["storyline", "variant", "topic", "item", "carrier", "cluster", "value", "unit", "detail"]
LEAST_GWH = 0.05
"""Smaller flows would not be seen; their sum is not shown either."""
PROVINCE = "province"


def has_flows(checks: Mapping[str, pd.DataFrame]) -> bool:
    """Whether the batch has energy flows to draw."""
    return set(FLOWS).issubset(checks.get("energy_flows", pd.DataFrame()).columns)


def choices(checks: Mapping[str, pd.DataFrame]) -> dict[str, list[Any]]:
    """Give what can be chosen: ``variants``, ``years`` and ``clusters`` (the province first)."""
    if not has_flows(checks):
        return {"variants": [], "years": [], "clusters": []}
    rows = checks["energy_flows"]
    return {
        "variants": ordered(rows["variant"], [NULL_STATE]),
        "years": sorted(int(year) for year in rows["year"].unique()),
        "clusters": ordered(rows["cluster"], [PROVINCE]),
    }


def write_flows(checks: Mapping[str, pd.DataFrame], site_dir: Path) -> dict[str, str]:
    """Write one script per run with its flows; the page loads the run that is chosen.

    Parameters
    ----------
    checks : mapping
        Optional tables; ``energy_flows`` with the columns of ``FLOWS``, nodes as ``kind:name``.
    site_dir : Path
        Folder of the site; files go to ``data/flows``.

    Returns
    -------
    dict
        File name by ``storyline|variant``.
    """
    if not has_flows(checks):
        return {}
    rows = checks["energy_flows"]
    rows = rows[rows["energy_gwh"] >= LEAST_GWH]
    files = {}
    for number, ((storyline, variant), run) in enumerate(rows.groupby(["storyline", "variant"])):
        nodes = sorted(set(run["source"]) | set(run["target"]))
        carriers = sorted(set(run["carrier"]))
        place = {name: i for i, name in enumerate(nodes)}
        by_year: dict[str, dict[str, list[Any]]] = {}
        for row in records(run[FLOWS]):
            by_cluster = by_year.setdefault(str(int(row["year"])), {})
            ends = [place[row["source"]], place[row["target"]], carriers.index(row["carrier"])]
            by_cluster.setdefault(str(row["cluster"]), []).append([*ends, round(float(row["energy_gwh"]), 1)])
        name = f"f{number:03d}.js"
        value = {"nodes": nodes, "carriers": carriers, "years": by_year}
        write_script("flow", value, site_dir / "data" / "flows" / name)
        files[f"{storyline}|{variant}"] = name
    return files


def cards(checks: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Give the rows of the cards of the variants, as ``columns`` and ``rows``; empty without the table."""
    table = checks.get("variant_cards", pd.DataFrame())
    if not set(CARDS).issubset(table.columns):
        return {"columns": CARDS, "rows": []}
    shown = table[CARDS].assign(value=pd.to_numeric(table["value"], errors="coerce").round(2))
    return {"columns": CARDS, "rows": shown.astype(object).to_numpy().tolist()}


def cluster_space(checks: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Give the space of each run by cluster: storyline, variant, year (0), cluster, value (ha); None without."""
    table = checks.get("variant_cards", pd.DataFrame())
    if not set(CARDS).issubset(table.columns):
        return None
    rows = table[table["topic"] == "space"]
    rows = rows.assign(year=0, value=pd.to_numeric(rows["value"], errors="coerce"))
    return rows[["storyline", "variant", "year", "cluster", "value"]]


def space(checks: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the space of each run in the province: storyline, variant, year (0, the whole period), value (ha)."""
    table = checks.get("variant_cards", pd.DataFrame())
    key = ["storyline", "variant"]
    if not {*key, "topic", "value"}.issubset(table.columns):
        return pd.DataFrame(columns=[*key, "year", "value"])
    rows = table[(table["topic"] == "space") & (table["cluster"] == PROVINCE)]
    total = rows.assign(value=pd.to_numeric(rows["value"], errors="coerce")).groupby(key)["value"].sum()
    return total.reset_index().assign(year=0)
