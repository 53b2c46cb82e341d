"""Which planned project answers which bottleneck asset: pairs with a stated confidence."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import TablesLike, as_bool, explode_ids, optional, text

PLANNED_COLUMNS = [
    "investment_plan_id", "project_id", "name", "operator", "carrier", "kind", "asset_ids", "station_id",
    "gm_code", "cluster", "capacity_mw", "capacity_quality", "planned_year_earliest", "planned_year_latest",
    "phase", "decision_status", "timing_known", "lead_party",
]  # fmt: skip
CONFIDENCE_RANK = {"high": 3, "medium": 2, "low": 1}
# Words in a plan's kind that make it fit an asset class; a kind with none of these fits by name only.
KIND_WORDS = {
    "station_transformer": ("station", "extension", "transformer", "hv_mv", "mv"),
    "coupling_transformer": ("coupling", "station", "extension", "transformer"),
    "mv_station": ("mv_station", "switching"),
    "mv_lv": ("mv_lv", "district_station"),
    "circuit": ("cable", "line", "circuit", "reinforcement", "connection", "corridor"),
}
REASONS = {
    "asset": ("high", "het investeringsplan noemt deze asset", "the investment plan names this asset"),
    "station": ("medium", "zelfde station en soort", "same station and kind"),
    "resplit": (
        "medium",
        "het nieuwe station neemt een deel van dit station over",
        "the new station takes over part of this station",
    ),
    "name": ("low", "het plan noemt dit station in zijn naam", "the plan names this station in its name"),
    "municipality": ("low", "zelfde gemeente en soort", "same municipality and kind"),
}


def planned_projects(tables: TablesLike) -> pd.DataFrame:
    """Return the planned projects with all columns present, text blanks empty and MW and years numeric."""
    planned = optional(tables, "projects/planned", PLANNED_COLUMNS).reset_index(drop=True)
    numeric = ["capacity_mw", "planned_year_earliest", "planned_year_latest"]
    words = [c for c in PLANNED_COLUMNS if c not in [*numeric, "timing_known"]]
    return planned.assign(
        **{c: text(planned[c]) for c in words},
        **{c: pd.to_numeric(planned[c], errors="coerce") for c in numeric},
        timing_known=as_bool(planned["timing_known"]),
    )


def fits(asset_class: pd.Series, kind: pd.Series) -> pd.Series:
    """Tell per row whether a plan of this kind can relieve an asset of this class."""
    lowered = kind.str.lower()
    result = pd.Series(data=False, index=kind.index)
    for name, words in KIND_WORDS.items():
        has_word = lowered.str.contains("|".join(words), regex=True)
        result |= (asset_class == name) & has_word
    other = ~asset_class.isin(list(KIND_WORDS)) & ~lowered.isin(["source", "study"])
    return result | other


def match(assets: pd.DataFrame, planned: pd.DataFrame, resplits: pd.DataFrame) -> pd.DataFrame:
    """Pair assets with planned projects.

    Parameters
    ----------
    assets : DataFrame
        Columns key, asset_id, asset_class, carrier, station, station_id, gm_code, cluster.
    planned : DataFrame
        Output of :func:`planned_projects`.
    resplits : DataFrame
        ``grid/resplits``: project_id, new_station_id, from_station_id, share.

    Returns
    -------
    DataFrame
        One row per pair (best ground kept): key, plan (row number in ``planned``), ground
        (asset, station, resplit, name, municipality), confidence (high, medium, low), reason_nl, reason_en.
    """
    plans = planned.assign(plan=planned.index)  # a plan that names its assets is taken at its word
    named = explode_ids(plans, "asset_ids", "asset_id")[["plan", "asset_id", "carrier"]]
    found = [assets.merge(named, on=["asset_id", "carrier"])[["key", "plan"]].assign(ground="asset")]
    place = plans.loc[plans["asset_ids"] == "", ["plan", "carrier", "kind", "station_id", "gm_code"]]
    for column in ("station_id", "gm_code"):
        sides = assets.loc[assets[column] != "", ["key", "carrier", "asset_class", column]]
        pairs = sides.merge(place[["plan", "carrier", "kind", column]], on=["carrier", column])
        pairs = pairs[fits(pairs["asset_class"], pairs["kind"])]
        ground = "station" if column == "station_id" else "municipality"
        found.append(pairs[["key", "plan"]].assign(ground=ground))
    found += [_by_resplit(assets, plans, resplits), _by_name(assets, plans)]
    pairs = pd.concat(found, ignore_index=True)
    reason = pd.DataFrame.from_dict(REASONS, orient="index", columns=["confidence", "reason_nl", "reason_en"])
    pairs = pairs.join(reason, on="ground")
    order = pairs["ground"].map({ground: i for i, ground in enumerate(REASONS)})
    pairs = pairs.assign(order=order).sort_values(["key", "plan", "order"], kind="stable")
    return pairs.drop_duplicates(["key", "plan"]).drop(columns="order").reset_index(drop=True)


def _by_resplit(assets: pd.DataFrame, plans: pd.DataFrame, resplits: pd.DataFrame) -> pd.DataFrame:
    moves = resplits.assign(
        project_id=text(resplits["project_id"]), station_id=text(resplits["from_station_id"])
    )
    moves = moves[["project_id", "station_id"]].drop_duplicates()
    by_project = plans[["plan", "project_id", "carrier"]].merge(
        moves[moves["project_id"] != ""], on="project_id"
    )
    stations = assets[assets["asset_class"] == "station_transformer"]
    pairs = stations.merge(by_project[["plan", "carrier", "station_id"]], on=["station_id", "carrier"])
    return pairs[["key", "plan"]].assign(ground="resplit")


def _by_name(assets: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Pair stations with plans of the same cluster that have no asset of their own but name the station."""
    unplaced = plans[(plans["asset_ids"] == "") & (plans["station_id"] == "") & (plans["cluster"] != "")]
    stations = assets[(assets["station"] != "") & assets["asset_class"].ne("circuit")]
    stations = stations[["key", "carrier", "cluster", "station", "asset_class"]]
    pairs = stations.merge(
        unplaced[["plan", "carrier", "cluster", "kind", "name"]], on=["carrier", "cluster"]
    )
    pairs = pairs[fits(pairs["asset_class"], pairs["kind"])]
    hit = [s.split()[0].lower() in n.lower() for s, n in zip(pairs["station"], pairs["name"], strict=True)]
    return pairs.loc[hit, ["key", "plan"]].assign(ground="name")
