"""Candidates that come from investment plans and from the previous edition."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmiek.decide.projects.matching import planned_projects
from pmiek.decide.projects.tables import TablesLike, as_bool, is_decided, join_ids, optional, split_ids, text

STATUS_ORDER = (
    "exploration",
    "announced",
    "in_investment_plan",
    "designated_area",
    "investment_decision",
    "irrevocable_zoning",
    "under_construction",
    "done",
)
UMBRELLA_KINDS = ("programme", "operational")
ASSET_CLASS_OF_KIND = {
    "coupling": "coupling_transformer",
    "cable": "circuit",
    "line": "circuit",
    "reinforcement": "circuit",
    "connection": "circuit",
    "station": "station_transformer",
    "hv_mv": "station_transformer",
    "extension": "station_transformer",
    "transformer": "station_transformer",
}


def plan_projects(tables: TablesLike) -> pd.DataFrame:
    """Return the planned projects, one row per project id.

    Rows of one project (phases, operators) are joined: ids and operators listed, MW added, the earliest and
    the latest year, and the most advanced decision.

    Returns
    -------
    DataFrame
        Columns of ``projects/planned`` (investment_plan_id holds all ids) plus decided and umbrella (bool),
        outside (bool: in a neighbour municipality, or
        a national connection without a place), asset_class.
    """
    rows = planned_projects(tables)
    if rows.empty:
        return rows.assign(decided=[], umbrella=[], outside=[], asset_class=[], station="", municipality="")
    rank = {status: i for i, status in enumerate(STATUS_ORDER)}
    rows = rows.assign(rank=rows["decision_status"].map(rank).fillna(0)).sort_values("rank", kind="stable")
    grouped = rows.groupby("project_id", sort=True)
    lists = ["investment_plan_id", "asset_ids", "operator", "lead_party"]
    last = ["name", "carrier", "kind", "station_id", "gm_code", "cluster", "capacity_quality", "phase",
            "decision_status"]  # fmt: skip
    out = grouped.agg(
        **{c: (c, join_ids) for c in lists},
        **{c: (c, "last") for c in last},
        capacity_mw=("capacity_mw", lambda s: s.sum(min_count=1)),
        planned_year_earliest=("planned_year_earliest", "min"),
        planned_year_latest=("planned_year_latest", "max"),
        timing_known=("timing_known", "max"),
    ).reset_index()
    out = out.assign(
        timing_known=as_bool(out["timing_known"]) & out["planned_year_latest"].notna(),
        decided=[is_decided(*pair) for pair in zip(out["carrier"], out["decision_status"], strict=True)],
        umbrella=out["kind"].str.lower().isin(UMBRELLA_KINDS),
        asset_class=[_asset_class(*pair) for pair in zip(out["kind"], out["carrier"], strict=True)],
    )
    return _locate(out.assign(asset_class=_class_of_named(out, tables)), tables)


def _class_of_named(plans: pd.DataFrame, tables: TablesLike) -> pd.Series:
    """Asset class of the weightiest asset that a plan names (coupling, station), else that of its kind."""
    units = optional(tables, "grid/transformers", ["group_id", "kind"]).drop_duplicates("group_id")
    kind = dict(zip(text(units["group_id"]), text(units["kind"]), strict=True))
    named = [{kind.get(a, "") for a in split_ids(ids)} for ids in plans["asset_ids"]]
    found = [
        "coupling_transformer" if "coupling" in k else "station_transformer" if "station" in k else ""
        for k in named
    ]
    own = pd.Series(found, index=plans.index, dtype=object)
    return own.where(own != "", plans["asset_class"])


def _asset_class(kind: str, carrier: str) -> str:
    if carrier != "electricity":
        return kind.lower()
    lowered = kind.lower()
    return next((name for word, name in ASSET_CLASS_OF_KIND.items() if word in lowered), "")


def _locate(plans: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    places = optional(tables, "regions/municipalities", ["gm_code", "name", "cluster", "role"])
    places = places.assign(gm_code=text(places["gm_code"])).drop_duplicates("gm_code").set_index("gm_code")
    stations = optional(tables, "grid/stations", ["station_id", "name", "gm_code"])
    stations = stations.assign(station_id=text(stations["station_id"])).drop_duplicates("station_id")
    stations = stations.set_index("station_id")
    own = plans["gm_code"].where(plans["gm_code"] != "", text(plans["station_id"].map(stations["gm_code"])))
    cluster = plans["cluster"].where(plans["cluster"] != "", text(own.map(places["cluster"])))
    nowhere = own.eq("") & plans["carrier"].eq("electricity")
    outside = (nowhere | (own.ne("") & own.map(places["role"]).ne("study"))) & cluster.eq("")
    return plans.assign(
        gm_code=own,
        cluster=cluster,
        station=text(plans["station_id"].map(stations["name"])),
        municipality=text(own.map(places["name"])),
        outside=outside,
    )


def previous_projects(tables: TablesLike) -> pd.DataFrame:
    """Return the previous edition's projects: project_id, name, carrier, type, gm_code, cluster, progress."""
    columns = ["project_id", "name", "carrier", "type", "gm_code", "cluster", "progress"]
    rows = optional(tables, "projects/previous_pmiek", columns)
    rows = rows.assign(**{c: text(rows[c]) for c in columns})
    places = optional(tables, "regions/municipalities", ["gm_code", "name"])
    names = (
        places.assign(gm_code=text(places["gm_code"])).drop_duplicates("gm_code").set_index("gm_code")["name"]
    )
    return rows.assign(
        carrier=rows["carrier"].where(rows["carrier"] != "", "electricity"),
        municipality=text(rows["gm_code"].map(names)),
        type=rows["type"].str.lower(),
    )


def pathway_sizes(capacity: pd.DataFrame) -> pd.DataFrame:
    """Spread of what the pathways build per asset over storylines and variants.

    Parameters
    ----------
    capacity : DataFrame
        ``capacity.csv``; ``built_mw`` is what is built up to and including the year.

    Returns
    -------
    DataFrame
        Index asset_id; columns carrier, asset_class, cluster, low, median, high (MW at the horizon over the
        runs that build it), storylines (that build it in a variant), variants (that build it in a storyline),
        year_earliest.
    """
    columns = ["carrier", "asset_class", "cluster", "low", "median", "high", "storylines", "variants",
               "year_earliest"]  # fmt: skip
    rows = (
        capacity[capacity["variant"].ne("nulalternatief") & capacity["built_mw"].gt(0)]
        if len(capacity)
        else capacity
    )
    if rows.empty:
        return pd.DataFrame(columns=columns)
    per_run = rows.groupby(["asset_id", "storyline", "variant"]).agg(
        built=("built_mw", "max"), year=("year", "min"),
        carrier=("carrier", "first"), asset_class=("asset_class", "first"), cluster=("cluster", "first"),
    ).reset_index()  # fmt: skip
    return per_run.groupby("asset_id").agg(
        carrier=("carrier", "first"), asset_class=("asset_class", "first"), cluster=("cluster", "first"),
        low=("built", "min"), median=("built", "median"), high=("built", "max"),
        storylines=("storyline", "nunique"), variants=("variant", "nunique"), year_earliest=("year", "min"),
    )  # fmt: skip


def without_plan(projects: pd.DataFrame) -> pd.DataFrame:
    """Add the plan fields of projects that no plan covers: blank text, unknown year and MW."""
    return projects.assign(
        investment_plan_ids="",
        decision_status="",
        plan_kind="",
        planned_year_latest=np.nan,
        planned_mw=np.nan,
    )
