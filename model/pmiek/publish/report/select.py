"""Selection of what the pages show: worst rows, first years and simple counts; no new quantities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pmiek.decide.weighing.lists import LISTS
from pmiek.publish.report.tables import parts, records

Tables = Mapping[str, pd.DataFrame]
LIST_KEY = ["bottleneck_id", "grid_state"]
FROZEN = "frozen"
NULL_STATE = "nulalternatief"
LIGHTS = ("red", "orange", "green", "grey")
TYPES = ("concreet", "verkenning", "onderzoek")
PROVINCE = "province"
MOST_SECTORS, MOST_MUNICIPALITIES = 4, 3
"""How many causes are named with a bottleneck."""
NOT_OURS = ("outside", "information")
"""Relations of ``project_links`` that leave a bottleneck out of the counts about the province."""


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


def _first_year(tables: Tables) -> int | None:
    rows = tables["loading"] if len(tables["loading"]) else tables["bottlenecks"]
    return None if rows.empty else int(rows["year"].min())


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
        Needs ``bottlenecks`` (columns in :data:`pmiek.publish.report.tables.COLUMNS`).

    Returns
    -------
    list of dict
        The worst row's columns plus ``first_year``, ``years``, ``storylines`` (beyond the shared base year),
        ``weather_years`` (count), ``sensitive`` (whether every row depends on the assumed capacity) and
        ``scope`` (``province``, ``outside`` or ``information``); those of the province first, then most
        storylines, then earliest, then largest exceedance.
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
    scopes = scope_of(tables)
    for record in found:
        record["storylines"] = record["storylines"] if isinstance(record["storylines"], list) else []
        record["scope"] = scopes.get(record["bottleneck_id"], PROVINCE)
    return sorted(
        found,
        key=lambda r: (
            r["scope"] != PROVINCE,
            -len(r["storylines"]),
            r["first_year"],
            -_or_zero(r["exceedance_mw"]),
            r["bottleneck_id"],
        ),
    )


def scope_of(tables: Tables) -> dict[str, str]:
    """Give per bottleneck id whether it is about the province; ids without a link are not in it."""
    links = tables.get("project_links")
    if links is None:
        return {}
    relations = links.groupby("bottleneck_id")["relation"].agg(set)
    return {
        str(key): next((name for name in NOT_OURS if found == {name}), PROVINCE)
        for key, found in relations.items()
    }


def ours(bottlenecks: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    """Keep the records of one grid state that are about the province."""
    return [r for r in bottlenecks if r["grid_state"] == state and r["scope"] == PROVINCE]


def remaining(bottlenecks: list[dict[str, Any]], base: int | None) -> list[dict[str, Any]]:
    """Keep what the concrete projects leave: short in the nulalternatief in a year after the base year.

    In the base year that grid is today's, so what is short then only is no remainder; with one year there is
    nothing after it.

    Returns
    -------
    list of dict
        Records of :func:`bottleneck_list`, ``first_year`` and ``years`` after the base year.
    """
    left = ours(bottlenecks, NULL_STATE)
    later = [r | {"years": [year for year in r["years"] if year > (base or 0)]} for r in left]
    found = [r | {"first_year": min(r["years"])} for r in later if r["years"]]
    several = any(year != base for r in bottlenecks for year in r["years"])
    return found if several else left


def present(checks: Tables) -> list[dict[str, Any]]:
    """Give what is too little today and ends later (``present_shortages``), earliest end first."""
    return records(checks.get("present_shortages", pd.DataFrame()))


YES = frozenset({"true", "1", "yes", "ja", "vanishes"})
"""How the table says that a bottleneck goes with one size more capacity."""


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)


def candidate_list(tables: Tables) -> list[dict[str, Any]]:
    """Give the candidate projects list by list and by their place on it; unranked ones last."""
    rows = tables["candidates"]
    shown = rows["list"].map({name: at for at, name in enumerate(LISTS)})
    rows = rows.assign(shown=shown).sort_values(
        ["shown", "rank", "project_id"], na_position="last", kind="stable"
    )
    rows = rows.drop(columns="shown")
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
    base = base_year(tables)
    first = base[0] if base else _first_year(tables)
    frozen, left = ours(bottlenecks, FROZEN), remaining(bottlenecks, first)
    left_out = [r["scope"] for r in bottlenecks if r["grid_state"] == FROZEN and r["scope"] != PROVINCE]
    alignment, candidates = tables["alignment"], tables["candidates"]
    return {
        "frozen": len(frozen),
        "outside": left_out.count("outside"),
        "information": left_out.count("information"),
        "remaining": len(left),
        "in_all": sum(len(r["storylines"]) == len(storylines) for r in frozen),
        "take_off": sum(r["direction"] == "take-off" for r in frozen),
        "feed_in": sum(r["direction"] == "feed-in" for r in frozen),
        "sensitive": sum(r["sensitive"] for r in frozen),
        "in_base_year": sum(r["first_year"] == first for r in frozen),
        "base_year": first,
        "first_year": min((r["first_year"] for r in frozen), default=None),
        "first_year_remaining": min((r["first_year"] for r in left), default=None),
        "lights": {light: int((alignment["light"] == light).sum()) for light in LIGHTS},
        "alignments": len(alignment),
        "unplanned": int((alignment["class"].str.replace("_", " ") == "not planned").sum()),
        "types": {kind: int((candidates["type"] == kind).sum()) for kind in TYPES},
        "projects": len(candidates),
        "bridged": int((candidates["interim_measures"] != "").sum()),
        "requests": len(tables["data_requests"]),
        "storylines": len(storylines),
    }


def proposal(table: pd.DataFrame, candidates: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give the proposed list by list, each row with its project; empty lists are left out.

    Parameters
    ----------
    table : DataFrame
        ``project_proposal``; may be empty.
    candidates : list of dict
        Records of :func:`candidate_list`.

    Returns
    -------
    dict
        By list (``to_decide`` first): the rows, what is proposed first, then by place in the list; with
        ``project``.
    """
    by_id = {p["project_id"]: p for p in candidates}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(table) if len(table) else []:
        if row["project_id"] in by_id:
            found.setdefault(row["list"], []).append({**row, "project": by_id[row["project_id"]]})
    first = {"proposed": 0, "follow": 0, "reserve": 1, "not_now": 2}
    for rows_of_list in found.values():
        rows_of_list.sort(key=lambda row: (first.get(row["model_proposal"], 3), float(row["rank"])))
    return {name: found[name] for name in LISTS if name in found}


def to_decide(candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """Give what asks for a decision now: explorations to start, and questions to answer, within a year.

    Returns
    -------
    dict
        ``year`` (the first start year of the list; None without one), ``start`` (explorations whose work must
        start by the year after it) and ``answer`` (research projects whose question must be answered by two
        years after it), best-ranked first.
    """
    starts = [c["start_by_year"] for c in candidates if not math.isnan(c["start_by_year"])]
    if not starts:
        return {"year": None, "start": [], "answer": []}
    year = int(min(starts))
    return {
        "year": year,
        "start": [c for c in candidates if c["type"] == "verkenning" and c["start_by_year"] <= year + 1],
        "answer": [c for c in candidates if c["type"] == "onderzoek" and c["question_by_year"] <= year + 2],
    }


def cluster_cards(
    clusters: pd.DataFrame,
    bottlenecks: list[dict[str, Any]],
    candidates: list[dict[str, Any]],
    first_year: int | None,
) -> list[dict[str, Any]]:
    """Give one card per energy cluster and one for what lies in none, so that the cards add up.

    Each card has counts of bottlenecks about the province, the first year, the heaviest bottleneck and the
    best-ranked project. A record that names several clusters counts in the first of them. What remains is
    counted as in :func:`remaining`, from ``first_year`` of the batch.
    """
    names = [str(row["cluster"]) for row in records(clusters)]
    members = {str(row["cluster"]): parts(row["members"]) for row in records(clusters)}
    cards = []
    for name in [*names, ""]:
        frozen = [r for r in ours(bottlenecks, FROZEN) if _home(r, names) == name]
        left = [r for r in remaining(bottlenecks, first_year) if _home(r, names) == name]
        projects = [c for c in candidates if _home(c, names) == name]
        if name or frozen or left or projects:
            cards.append(
                {
                    "cluster": name,
                    "members": members.get(name, []),
                    "frozen": len(frozen),
                    "remaining": len(left),
                    "first_year": min((r["first_year"] for r in frozen), default=None),
                    "worst": max(frozen, key=lambda r: _or_zero(r["exceedance_mw"]), default=None),
                    "projects": len(projects),
                    "top": projects[0] if projects else None,
                }
            )
    return cards


def _home(record: Mapping[str, Any], names: list[str]) -> str:
    """Give the first cluster that a record names, or nothing."""
    return next((c for c in parts(str(record["cluster"])) if c in names), "")


def causes(tables: Tables, bottlenecks: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Give who causes each bottleneck in the peak hours of its worst row.

    Parameters
    ----------
    tables : mapping
        Needs ``bottleneck_shares``.
    bottlenecks : list of dict
        Outcome of :func:`bottleneck_list`.

    Returns
    -------
    dict
        By bottleneck id and grid state: ``sector`` and ``gm_code``, each a list of (code, share of the flow),
        largest first.
    """
    key = [*LIST_KEY, "storyline", "year", "weather_year"]
    worst = pd.DataFrame([{name: r[name] for name in key} for r in bottlenecks], columns=key)
    shares = tables["bottleneck_shares"]
    if worst.empty or shares.empty:
        return {}
    mine = shares.merge(worst, on=key)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for column in ("sector", "gm_code"):
        total = mine[mine[column] != ""].groupby([*LIST_KEY, column])["share"].sum()
        ranked = total.sort_values(ascending=False, kind="stable").reset_index()
        for bottleneck, state, code, share in ranked.itertuples(index=False, name=None):
            lists = found.setdefault((str(bottleneck), str(state)), {"sector": [], "gm_code": []})
            lists[column].append((str(code), float(share)))
    return found


def chain(
    project: Mapping[str, Any],
    bottlenecks: list[dict[str, Any]],
    behind: Mapping[tuple[str, str], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Give why a project is in the list: its bottlenecks on today's grid and who is behind them.

    Parameters
    ----------
    project : mapping
        Record of :func:`candidate_list`.
    bottlenecks : list of dict
        Outcome of :func:`bottleneck_list`.
    behind : mapping
        Outcome of :func:`causes`.

    Returns
    -------
    list of dict
        The bottlenecks' records with ``sectors`` and ``municipalities`` (code and share) and ``decides``:
        which assumption settles it (``capacity``, ``capacity_holds`` or ``published``).
    """
    wanted = set(project["bottlenecks"])
    found = [r for r in bottlenecks if r["bottleneck_id"] in wanted and r["grid_state"] == FROZEN]
    named = {r["bottleneck_id"] for r in found}
    found += [
        r for r in bottlenecks if r["bottleneck_id"] in wanted - named and r["grid_state"] == NULL_STATE
    ]
    out = []
    for record in found:
        who = behind.get((record["bottleneck_id"], record["grid_state"]), {"sector": [], "gm_code": []})
        decides = "capacity_holds" if record["quality"] in ("assumed", "derived") else "published"
        out.append(
            {
                **record,
                "sectors": who["sector"][:MOST_SECTORS],
                "municipalities": who["gm_code"][:MOST_MUNICIPALITIES],
                "decides": "capacity" if record["sensitive"] else decides,
            }
        )
    return out


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
