"""Selection of what the pages show: worst rows, first years and simple counts; no new quantities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.report.tables import parts, records

Tables = Mapping[str, pd.DataFrame]
LIST_KEY = ["bottleneck_id", "grid_state"]
FROZEN = "frozen"
NULL_STATE = "nulalternatief"
LIGHTS = ("red", "orange", "green", "grey")
TYPES = ("concreet", "verkenning", "onderzoek")


def ordered(values: pd.Series, first: list[str]) -> list[str]:
    """Give the distinct non-empty values, those named in ``first`` in that order and before the others."""
    found = [str(value) for value in values.unique() if str(value)]
    return [value for value in first if value in found] + sorted(v for v in found if v not in first)


def base_year(tables: Tables) -> tuple[int, str] | None:
    """Give the year that one storyline stands in for all, and that storyline; None if there is none."""
    rows = tables["loading"] if len(tables["loading"]) else tables["bottlenecks"]
    if rows.empty or rows["storyline"].nunique() < 2:
        return None
    year = int(rows["year"].min())
    storylines = rows.loc[rows["year"] == year, "storyline"].unique()
    return (year, str(storylines[0])) if len(storylines) == 1 else None


def worst_rows(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Keep per key the row with the largest exceedance (MW), then the highest loading (%)."""
    order = rows.sort_values(
        [*key, "exceedance_mw", "loading_pct"],
        ascending=[True] * len(key) + [False, False],
        na_position="last",
        kind="stable",
    )
    return order.drop_duplicates(key)


def bottleneck_list(tables: Tables) -> list[dict[str, Any]]:
    """Give one record per bottleneck and grid state: its worst row, first year and storylines.

    Parameters
    ----------
    tables : mapping
        Needs ``bottlenecks`` (columns in :data:`model.report.tables.COLUMNS`).

    Returns
    -------
    list of dict
        The worst row's columns plus ``first_year``, ``years``, ``storylines`` (beyond the shared base year),
        ``weather_years`` (count) and ``sensitive`` (whether every row depends on the assumed capacity);
        most storylines, then earliest, then largest exceedance first.
    """
    rows = tables["bottlenecks"]
    if rows.empty:
        return []
    base = base_year(tables)
    later = rows[rows["year"] > base[0]] if base else rows
    storylines = later.groupby(LIST_KEY)["storyline"].agg(lambda s: sorted(set(s)))
    grouped = rows.groupby(LIST_KEY)
    facts = pd.DataFrame(
        {
            "first_year": grouped["year"].min(),
            "years": grouped["year"].agg(lambda s: sorted(set(s))),
            "weather_years": grouped["weather_year"].nunique(),
            "sensitive": grouped["capacity_sensitive"].agg(lambda s: bool(s.str.lower().isin(YES).all())),
        }
    )
    facts["storylines"] = storylines.reindex(facts.index)
    found = records(worst_rows(rows, LIST_KEY).set_index(LIST_KEY).join(facts).reset_index())
    for record in found:
        record["storylines"] = record["storylines"] if isinstance(record["storylines"], list) else []
    return sorted(
        found,
        key=lambda r: (
            -len(r["storylines"]),
            r["first_year"],
            -_or_zero(r["exceedance_mw"]),
            r["bottleneck_id"],
        ),
    )


YES = frozenset({"true", "1", "yes", "ja", "vanishes"})
"""How the table says that a bottleneck goes with one size more capacity."""


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)


def in_cluster(record: Mapping[str, Any], cluster: str) -> bool:
    """Tell whether a record lies in a cluster; a record may name several."""
    return cluster in parts(str(record["cluster"]))


def candidate_list(tables: Tables) -> list[dict[str, Any]]:
    """Give the candidate projects by rank; unranked ones last."""
    rows = tables["candidates"].sort_values(["rank", "project_id"], na_position="last", kind="stable")
    found = records(rows)
    for record in found:
        record["bottlenecks"] = parts(record["bottleneck_ids"])
        record["assets"] = parts(record["asset_ids"])
        record["plans"] = parts(record["investment_plan_ids"])
        for column in ("interim_measures", "interim_measures_en"):
            record[f"{column}_list"] = [part.strip() for part in record[column].split(";") if part.strip()]
        record["storylines"] = _storyline_count(record["storylines_with_need"])
    return found


def _storyline_count(cell: str) -> int | None:
    text = cell.strip()
    if not text:
        return None
    try:
        return int(float(text))
    except ValueError:
        return len(parts(text))


def overview(tables: Tables, bottlenecks: list[dict[str, Any]], storylines: list[str]) -> dict[str, Any]:
    """Count what the front page says: bottlenecks now and with plans, projects by type, plans by light.

    Parameters
    ----------
    tables : mapping
        Result tables.
    bottlenecks : list of dict
        Outcome of :func:`bottleneck_list`.
    storylines : list of str
        All storylines of the batch.
    """
    frozen = [r for r in bottlenecks if r["grid_state"] == FROZEN]
    remaining = [r for r in bottlenecks if r["grid_state"] == NULL_STATE]
    alignment, candidates = tables["alignment"], tables["candidates"]
    base = base_year(tables)
    return {
        "frozen": len(frozen),
        "remaining": len(remaining),
        "in_all": sum(len(r["storylines"]) == len(storylines) for r in frozen),
        "take_off": sum(r["direction"] == "take-off" for r in frozen),
        "feed_in": sum(r["direction"] == "feed-in" for r in frozen),
        "sensitive": sum(r["sensitive"] for r in frozen),
        "in_base_year": sum(bool(base) and r["first_year"] == base[0] for r in frozen) if base else 0,
        "base_year": base[0] if base else None,
        "first_year": min((r["first_year"] for r in frozen), default=None),
        "first_year_remaining": min((r["first_year"] for r in remaining), default=None),
        "lights": {light: int((alignment["light"] == light).sum()) for light in LIGHTS},
        "alignments": len(alignment),
        "unplanned": int((alignment["class"].str.replace("_", " ") == "not planned").sum()),
        "types": {kind: int((candidates["type"] == kind).sum()) for kind in TYPES},
        "projects": len(candidates),
        "bridged": int((candidates["interim_measures"] != "").sum()),
        "requests": len(tables["data_requests"]),
        "storylines": len(storylines),
    }


def cluster_cards(
    clusters: pd.DataFrame, bottlenecks: list[dict[str, Any]], candidates: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give one card per energy cluster: counts, first year, heaviest bottleneck and best-ranked project."""
    cards = []
    for row in records(clusters):
        name = str(row["cluster"])
        frozen = [r for r in bottlenecks if r["grid_state"] == FROZEN and in_cluster(r, name)]
        remaining = [r for r in bottlenecks if r["grid_state"] == NULL_STATE and in_cluster(r, name)]
        projects = [c for c in candidates if in_cluster(c, name)]
        cards.append(
            {
                "cluster": name,
                "members": parts(row["members"]),
                "frozen": len(frozen),
                "remaining": len(remaining),
                "first_year": min((r["first_year"] for r in frozen), default=None),
                "worst": max(frozen, key=lambda r: _or_zero(r["exceedance_mw"]), default=None),
                "projects": len(projects),
                "top": projects[0] if projects else None,
            }
        )
    return cards


def sector_shares(tables: Tables, record: Mapping[str, Any], most: int = 4) -> list[dict[str, Any]]:
    """Give the largest sectors behind a bottleneck in the peak hour of its worst row.

    Returns
    -------
    list of dict
        ``sector`` and ``share`` (fraction of the peak-hour flow), largest first.
    """
    shares = tables["bottleneck_shares"]
    shares = shares[shares["bottleneck_id"] == record["bottleneck_id"]]
    for column in ("grid_state", "storyline", "year", "weather_year"):
        shares = shares[shares[column] == record[column]]
    total = shares.groupby("sector")["share"].sum().sort_values(ascending=False).head(most)
    return [{"sector": sector, "share": share} for sector, share in total.items()]


def chain(
    tables: Tables, project: Mapping[str, Any], bottlenecks: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give why a project is in the list: its bottlenecks on today's grid and the sectors behind them."""
    wanted = set(project["bottlenecks"])
    found = [r for r in bottlenecks if r["bottleneck_id"] in wanted and r["grid_state"] == FROZEN]
    named = {r["bottleneck_id"] for r in found}
    found += [
        r for r in bottlenecks if r["bottleneck_id"] in wanted - named and r["grid_state"] == NULL_STATE
    ]
    return [{**record, "sectors": sector_shares(tables, record)} for record in found]


def criterion_weights(framework: Any) -> dict[str, float]:
    """Read the weight of the three criteria from the weighing framework; equal when it does not say.

    Parameters
    ----------
    framework : Any
        Parsed ``weighing/framework.yaml``; criteria as a list with ``id`` or a mapping by name.
    """
    names = ("societal", "urgency", "feasibility")
    criteria = framework.get("criteria", {}) if isinstance(framework, Mapping) else {}
    if isinstance(criteria, list):
        criteria = {str(c.get("id") or c.get("criterion") or c.get("name")): c for c in criteria}
    weights = {}
    for name in names:
        match = next((c for key, c in criteria.items() if str(key).startswith(name)), None)
        value = match.get("weight") if isinstance(match, Mapping) else match
        weights[name] = float(value) if isinstance(value, (int, float)) else float("nan")
    total = sum(weights.values())
    if not total > 0:
        return dict.fromkeys(names, 100 / 3)
    return {name: 100 * value / total for name, value in weights.items()}
