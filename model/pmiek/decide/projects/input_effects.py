"""What falls if an input falls: from an assumption, capacity, demand or plan to the projects it moves."""

from __future__ import annotations

import difflib

import pandas as pd

from pmiek.decide.projects.tables import TablesLike, cell, explode_ids, number, optional, split_ids, text
from pmiek.errors import RequestError

INPUT_EFFECT_COLUMNS = [
    "input_id", "kind", "file", "project_id", "effect", "change_pct", "runs", "text_nl", "text_en",
]  # fmt: skip
# Assumptions that fill a column of the grid tables where nothing is published: table, column, kind of unit.
CAPACITIES = {
    "existing_transformer_mva": ("grid/transformers", "rated_mva", "group_id", "station"),
    "coupling_transformer_220_110_mva": ("grid/transformers", "rated_mva", "group_id", "coupling"),
    "coupling_transformer_380_110_mva": ("grid/transformers", "rated_mva", "group_id", "coupling"),
    "line_110kv_rating_mva": ("grid/circuits", "rating_summer_mva", "corridor_id", ""),
}
QUALITY = {"grid/transformers": "capacity_quality", "grid/circuits": "rating_quality"}
# Assumptions behind an option: whoever has that option is sized or costed by them.
OPTIONS = {
    "new_station_firm_mva": ("new_station",),
    "flexible_share_large_users": ("flexible_contract",),
    "lasting_flexibility_share": ("flexible_contract",),
    "project_battery_hours": ("battery",),
    "project_event_hours": ("battery",),
}
WORDS = {
    "falls": ("vervalt met één maat meer", "falls away with one size more"),
    "appears": ("komt erbij met één maat minder", "appears with one size less"),
    "demand": (
        "vervalt als deze vraag of opwek {pct}% lager is, in {runs} doorrekeningen",
        "falls away if this demand or supply is {pct}% lower, in {runs} runs",
    ),
    "plan": ("staat of valt met dit plan", "stands or falls with this plan"),
    "depends": (
        "wacht op dit plan; zonder het plan verandert de behoefte",
        "waits for this plan; its need changes",
    ),
    "option": ("maat of kosten volgen deze aanname", "size or cost follows this assumption"),
}


def input_effects(
    candidates: pd.DataFrame,
    sensitivity: pd.DataFrame,
    margins: pd.DataFrame,
    dependencies: pd.DataFrame,
    tables: TablesLike,
) -> pd.DataFrame:
    """List per input which projects would move, and how.

    Parameters
    ----------
    candidates : DataFrame
        Long list: project_id, bottleneck_ids, option, origin.
    sensitivity : DataFrame
        ``capacity_sensitivity``: what one size more or less of an asset does.
    margins : DataFrame
        ``bottleneck_margin``: by how much a demand alone must change for a bottleneck to vanish.
    dependencies : DataFrame
        ``project_dependencies``.
    tables : TablesLike
        grid/transformers, grid/circuits, assumptions.

    Returns
    -------
    DataFrame
        Columns ``INPUT_EFFECT_COLUMNS``. kind: capacity (asset id), assumption, demand (municipality and
        sector), plan. A project moves with a demand only if that demand alone can do it.
    """
    capacity = _capacity(candidates, sensitivity)
    parts = [
        capacity, _assumed(capacity, tables), _demand(candidates, margins), _plans(candidates, dependencies),
        _options(candidates),
    ]  # fmt: skip
    out = pd.concat([p for p in parts if len(p)] or [pd.DataFrame(columns=INPUT_EFFECT_COLUMNS)])
    out = out.drop_duplicates(["input_id", "project_id", "effect"])
    return out[INPUT_EFFECT_COLUMNS].sort_values(["kind", "input_id", "project_id"], ignore_index=True)


def _rows(frame: pd.DataFrame, kind: str, word: str) -> pd.DataFrame:
    nl, en = WORDS[word]
    pct = frame["change_pct"] if "change_pct" in frame else pd.Series(float("nan"), index=frame.index)
    runs = frame["runs"] if "runs" in frame else pd.Series(float("nan"), index=frame.index)
    values = [
        ("" if pd.isna(p) else number(p), "" if pd.isna(r) else f"{r:.0f}")
        for p, r in zip(pct, runs, strict=True)
    ]
    return frame.assign(
        kind=kind, change_pct=pct, runs=runs,
        text_nl=[nl.format(pct=p, runs=r) for p, r in values],
        text_en=[en.format(pct=p, runs=r) for p, r in values],
    )  # fmt: skip


def _by_bottleneck(candidates: pd.DataFrame) -> pd.DataFrame:
    return explode_ids(candidates, "bottleneck_ids", "bottleneck_id")[["project_id", "bottleneck_id"]]


def _capacity(candidates: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for column, effect in (("vanishing_ids", "falls"), ("appearing_ids", "appears")):
        rows = sensitivity.assign(**{column: text(sensitivity[column])})
        hit = explode_ids(rows, column, "bottleneck_id")[["asset_id", "asset_class", "bottleneck_id"]]
        hit = hit.merge(_by_bottleneck(candidates), on="bottleneck_id")
        file = hit["asset_class"].eq("circuit").map({True: "grid/circuits", False: "grid/transformers"})
        hit = hit.assign(input_id=hit["asset_id"], effect=effect, file="inputs/" + file.astype(str) + ".csv")
        parts.append(_rows(hit, "capacity", effect))
    return pd.concat(parts, ignore_index=True)


def _assumed(capacity: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Move from assets to the assumption that gave their size."""
    parts = []
    for name, (table, column, group, kind) in CAPACITIES.items():
        rows = optional(tables, table, [column, group, "kind", QUALITY[table]])
        value = _assumption(tables, name)
        same = pd.to_numeric(rows[column]).sub(value).abs() < 1e-6
        mine = rows[
            same & text(rows[QUALITY[table]]).eq("assumed") & (text(rows["kind"]).eq(kind) | (kind == ""))
        ]
        hit = capacity[capacity["input_id"].isin(text(mine[group]))]
        parts.append(hit.assign(input_id=name, kind="assumption", file="inputs/assumptions.csv"))
    return pd.concat(parts, ignore_index=True)


def _assumption(tables: TablesLike, name: str) -> float:
    rows = optional(tables, "assumptions", ["assumption_id", "value"])
    found = rows.loc[rows["assumption_id"] == name, "value"]
    return float(found.iloc[0]) if len(found) else float("nan")


def _demand(candidates: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Demands that alone can make every bottleneck row of a project vanish; the largest change that it takes."""
    if margins.empty:
        return pd.DataFrame()
    alone = margins[margins["verdict"].eq("alone")].merge(_by_bottleneck(candidates), on="bottleneck_id")
    keys = ["gm_code", "sector", "project_id"]
    hit = (
        alone.groupby(keys).agg(change_pct=("change_needed_pct", "max"), runs=("share", "size")).reset_index()
    )
    input_id = text(hit["gm_code"]) + " " + hit["sector"].astype(str)
    hit = hit.assign(input_id=input_id, effect="falls", file="inputs/demand/ and inputs/supply/")
    return _rows(hit, "demand", "demand")


def _plans(candidates: pd.DataFrame, dependencies: pd.DataFrame) -> pd.DataFrame:
    own = candidates.loc[candidates["origin"].eq("plan"), ["project_id"]]
    own = _rows(own.assign(input_id=own["project_id"], effect="falls"), "plan", "plan")
    after = dependencies[dependencies["kind"].ne("upstream")]
    after = after.rename(columns={"depends_on": "input_id"})[["project_id", "input_id"]]
    after = _rows(after.assign(effect="changes"), "plan", "depends")
    return pd.concat([own, after], ignore_index=True).assign(file="inputs/projects/planned.csv")


def _options(candidates: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for name, options in OPTIONS.items():
        hit = candidates.loc[candidates["option"].isin(options), ["project_id"]]
        parts.append(_rows(hit.assign(input_id=name, effect="changes"), "assumption", "option"))
    return pd.concat(parts, ignore_index=True).assign(file="inputs/assumptions.csv")


def explain_input(table: pd.DataFrame, candidates: pd.DataFrame, input_id: str, lang: str = "nl") -> str:
    """Say which projects move if an input falls.

    Parameters
    ----------
    table : DataFrame
        ``input_effects``.
    candidates : DataFrame
        For the names.
    input_id : str
        Assumption, asset, plan, or municipality and sector (``GM0001 industry_food``); a municipality alone or a
        sector alone gives all of them.
    lang : str
        ``nl`` or ``en``.

    Raises
    ------
    RequestError
        If nothing carries that name; the message names the closest.
    """
    ids = text(table["input_id"])
    rows = table[ids.eq(input_id)]
    if rows.empty:
        rows = table[[input_id in split_ids(i.replace(" ", ";")) for i in ids]]
    if rows.empty:
        near = difflib.get_close_matches(input_id, sorted(set(ids)), n=3, cutoff=0.3)
        word = "geen project verandert met" if lang == "nl" else "no project moves with"
        like = f"; {'bedoelt u' if lang == 'nl' else 'did you mean'} {', '.join(near)}?" if near else ""
        message = f"{word} {input_id!r}{like}"
        raise RequestError(message)
    names = candidates.set_index("project_id")["name"].to_dict()
    count = rows["project_id"].nunique()
    head = (
        f"{input_id}: {count} project(en) veranderen"
        if lang == "nl"
        else f"{input_id}: {count} project(s) move"
    )
    said = rows[f"text_{lang}"].where(
        rows["input_id"].eq(input_id), rows["input_id"] + ": " + rows[f"text_{lang}"]
    )
    lines = [
        f"  {project} ({cell(names.get(project))}): {'; '.join(dict.fromkeys(texts))}"
        for project, texts in said.groupby(rows["project_id"], sort=False)
    ]
    return "\n".join([head, *lines]) + "\n"
