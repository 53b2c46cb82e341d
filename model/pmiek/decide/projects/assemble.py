"""Which projects exist: bottleneck groups, plans, pathway assets and the previous edition side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pmiek.decide.projects.carrier_assets import by_place, carrier_places
from pmiek.decide.projects.groups import KIND_WORDS, Groups
from pmiek.decide.projects.matching import match
from pmiek.decide.projects.plans import pathway_sizes, plan_projects, previous_projects, without_plan
from pmiek.decide.projects.register import assign_ids
from pmiek.decide.projects.tables import LINK_COLUMNS, TablesLike, join_ids, optional, text
from pmiek.ids import slug

FROZEN, PLANNED_STATE = "frozen", "nulalternatief"
PROJECT_FIELDS = [
    "project_id", "name", "carrier", "area", "kind", "asset_class", "asset_ids", "bottleneck_ids",
    "investment_plan_ids", "station", "station_id", "municipality", "gm_code", "cluster", "operator",
    "length_km", "carrier_share", "contract_share", "decision_status", "plan_kind", "planned_year_latest",
    "planned_mw", "earlier_type", "predecessor", "origin",
]  # fmt: skip
PATHWAY_WORDS = {
    "heat_source": "Bronnen voor",
    "heat_pipe": "Warmteleiding",
    "heat_storage": "Warmteopslag",
    "hydrogen_pipe": "Waterstofleiding",
    "electrolyser": "Elektrolyser",
    "gas_booster": "Groengasbooster",
    "gas_pipe": "Gasleiding",
}


@dataclass(frozen=True)
class Assembly:
    """All projects before sizing.

    Attributes
    ----------
    projects : DataFrame
        Columns ``PROJECT_FIELDS``; origin is plan, bottleneck, pathway or previous.
    rows : DataFrame
        Bottleneck rows of both grids with ``project_id`` (a row can serve a plan and its follow-up) and
        ``counts``: whether the project must answer it.
    links : DataFrame
        Columns ``LINK_COLUMNS``: where every bottleneck went.
    pathway : DataFrame
        Output of ``pathway_sizes``.
    pairs : DataFrame
        Which plan answers which group of bottlenecks: key, project_id, name, decided.
    """

    projects: pd.DataFrame
    rows: pd.DataFrame
    links: pd.DataFrame
    pathway: pd.DataFrame
    pairs: pd.DataFrame


def assemble(groups: Groups, capacity: pd.DataFrame, tables: TablesLike, register: pd.DataFrame) -> Assembly:
    """Decide which projects there are and which bottleneck rows belong to each.

    A plan is a project; the bottlenecks that it answers (named asset, same station, load taken over) are
    its evidence. A group of assets is a project of its own if no plan answers it and the need is still
    there after the base year with all decided projects in place, or if a need remains from the year in
    which the decided plans that answer it are in service (a follow-up). A group whose need disappears with
    decided projects elsewhere, or by itself, is linked and not listed.
    """
    plans = plan_projects(tables)
    resplits = optional(tables, "grid/resplits", ["project_id", "new_station_id", "from_station_id", "share"])
    pairs = match(groups.table, plans, resplits)
    pairs = pairs[pairs["confidence"] != "low"].join(
        plans[["project_id", "name", "decided", "planned_year_latest", "decision_status"]], on="plan"
    )
    pairs = pairs[pairs["decision_status"] != "done"]
    pairs = _one_open_plan(pairs)
    open_rows = _open_rows(groups.rows, pairs)
    own = groups.table[groups.table["key"].isin(open_rows["key"])]
    own = assign_ids(own, register)
    plan_rows = _plan_projects(plans, pairs, groups.table)
    places = carrier_places(tables)
    pathway = pathway_sizes(by_place(capacity, places))
    named = set(groups.table["asset_id"]) | set(plan_rows["asset_ids"].str.split(";").explode())
    other = _pathway_projects(pathway, named, register, places, tables)
    projects = pd.concat([_own_projects(own, pairs), plan_rows, other], ignore_index=True)
    projects = _merge_same_id(_with_previous(projects, previous_projects(tables)))
    rows = _rows_per_project(groups.rows, open_rows, own, pairs)
    links = _links(groups, rows[rows["counts"].astype(bool)], pairs)
    return Assembly(projects[PROJECT_FIELDS], rows, links, pathway, pairs)


def _one_open_plan(pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep all decided plans of a group, and otherwise only the best matching undecided one."""
    decided = pairs.groupby("key")["decided"].transform("max") if len(pairs) else pairs["decided"]
    undecided = pairs[~decided.astype(bool)].drop_duplicates("key")
    return pd.concat([pairs[pairs["decided"].astype(bool)], undecided], ignore_index=True)


def _open_rows(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Rows of the nulalternatief that no plan answers: they make a project of their own."""
    state = rows[rows["grid_state"] == PLANNED_STATE]
    base = rows["year"].min() if len(rows) else 0
    several = len(rows) > 0 and rows["year"].max() > base
    served = pairs.groupby("key").agg(decided=("decided", "max"), until=("planned_year_latest", "max"))
    state = state.join(served, on="key")
    covered = state["decided"].notna()
    late_enough = covered & state["decided"].eq(True) & (state["year"] >= state["until"])
    lasting = state["key"].isin(state.loc[(state["year"] > base) | (not several), "key"])
    keep = (~covered & lasting) | late_enough
    return state[keep].drop(columns=["decided", "until"])


def _own_projects(own: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    follow = own["key"].isin(pairs["key"])
    before = pairs.groupby("key")["project_id"].agg(join_ids)
    predecessor = own["predecessor"].where(own["predecessor"] != "", text(own["key"].map(before)))
    return (
        without_plan(own)
        .assign(origin="bottleneck", earlier_type="")
        .assign(
            predecessor=predecessor.where(follow | own["predecessor"].ne(""), ""),
            name=[
                _name(*parts) for parts in zip(own["kind"], own["station"], own["name"], follow, strict=True)
            ],
        )
    )


def _name(kind: str, station: str, asset_name: str, follow: bool) -> str:
    """Name a project as the working group would: kind and place."""
    word = KIND_WORDS.get(kind, (kind.replace("_", " ").capitalize(), ""))[0]
    place = asset_name if kind == "corridor" or not station else station
    return f"{word} {place}" + (", vervolg op lopend plan" if follow else "")


def _plan_projects(plans: pd.DataFrame, pairs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    if plans.empty:
        return pd.DataFrame(columns=PROJECT_FIELDS)
    answered = pairs.merge(table.drop(columns=["carrier", "kind"]), on="key", suffixes=("", "_group"))
    evidence = answered.groupby("project_id").agg(
        bottleneck_ids=("bottleneck_ids", lambda s: join_ids(s.str.split(";").explode())),
        group_assets=("asset_ids", lambda s: join_ids(s.str.split(";").explode())),
        group_class=("asset_class", "first"),
        group_station=("station", "first"),
        group_municipality=("municipality", "first"),
        group_cluster=("cluster", "first"),
        length_km=("length_km", "max"),
        carrier_share=("carrier_share", "max"),
        contract_share=("contract_share", "max"),
    )
    listed = ~plans["umbrella"] & plans["decision_status"].ne("done")
    listed &= ~plans["outside"] | plans["project_id"].isin(evidence.index)
    out = plans[listed].join(evidence, on="project_id")
    named = [c for c in evidence.columns if c not in ("length_km", "carrier_share", "contract_share")]
    out = out.assign(**{c: text(out[c]) for c in named})
    for column in ("station", "municipality", "cluster"):
        out[column] = out[column].where(out[column] != "", out[f"group_{column}"])
    return out.assign(
        area=out["station_id"].where(out["station_id"] != "", out["project_id"]),
        asset_ids=out["asset_ids"].where(out["asset_ids"] != "", out["group_assets"]),
        asset_class=out["asset_class"].where(out["asset_class"] != "", out["group_class"]),
        investment_plan_ids=out["investment_plan_id"],
        planned_mw=out["capacity_mw"],
        plan_kind=out["kind"].str.lower(),
        kind="plan",
        earlier_type="",
        predecessor="",
        origin="plan",
    ).reindex(columns=PROJECT_FIELDS)


def _pathway_projects(
    pathway: pd.DataFrame, known: set[str], register: pd.DataFrame, places: pd.DataFrame, tables: TablesLike
) -> pd.DataFrame:
    """Assets of other carriers that a pathway builds and that no bottleneck or plan names."""
    new = pathway[~pathway.index.isin(known) & pathway["carrier"].ne("electricity")].reset_index()
    if new.empty:
        return pd.DataFrame(columns=PROJECT_FIELDS)
    towns = optional(tables, "regions/municipalities", ["gm_code", "name"])
    names = towns.assign(gm_code=text(towns["gm_code"])).set_index("gm_code")["name"]
    words = new["asset_class"].map(PATHWAY_WORDS).fillna(new["asset_class"].str.replace("_", " "))
    at = places.drop_duplicates("place").set_index("place")
    code = text(new["asset_id"].map(at["gm_code"].to_dict()))
    title = text(new["asset_id"].map(at["name"].to_dict()))
    title = title.where(title != "", new["asset_id"])
    pipe = new["asset_id"].isin(at.index) & code.eq("")  # the name of a pipe says what it is
    new = assign_ids(new.assign(area=new["asset_id"], kind=text(new["asset_class"])), register)
    return without_plan(new).assign(
        name=title.where(pipe, words + " " + title),
        asset_ids=new["asset_id"], bottleneck_ids="", station="", station_id="", gm_code=code,
        municipality=text(code.map(names)), operator="", length_km=float("nan"), carrier_share=0.0,
        contract_share=0.0, earlier_type="", origin="pathway",
    ).reindex(columns=PROJECT_FIELDS)  # fmt: skip


def _with_previous(projects: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    types = previous.drop_duplicates("project_id").set_index("project_id")["type"]
    projects = projects.assign(earlier_type=text(projects["project_id"].map(types)))
    new = previous[~previous["project_id"].isin(projects["project_id"])]
    if new.empty:
        return projects
    new = without_plan(new).assign(
        area=new["project_id"], kind="previous", asset_class="", asset_ids="",
        bottleneck_ids="", station="", station_id="", operator="", length_km=float("nan"), carrier_share=0.0,
        contract_share=0.0, earlier_type=new["type"], predecessor="", origin="previous",
    )  # fmt: skip
    return pd.concat([projects, new.reindex(columns=PROJECT_FIELDS)], ignore_index=True)


def _merge_same_id(projects: pd.DataFrame) -> pd.DataFrame:
    """Join rows that the register or a plan gave one id: lists are joined, the first row gives the rest."""
    ids = pd.Series([slug(p) for p in projects["project_id"]], index=projects.index, dtype=object)
    projects = projects.assign(project_id=ids)
    if not projects["project_id"].duplicated().any():
        return projects.reset_index(drop=True)
    lists = ["asset_ids", "bottleneck_ids", "investment_plan_ids"]
    joined = {
        c: projects.groupby("project_id")[c].agg(lambda s: join_ids(s.str.split(";").explode()))
        for c in lists
    }
    out = projects.drop_duplicates("project_id").reset_index(drop=True)
    return out.assign(**{c: out["project_id"].map(values) for c, values in joined.items()})


def _rows_per_project(
    rows: pd.DataFrame, open_rows: pd.DataFrame, own: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Give every project the rows of its bottlenecks on both grids, and which of them it must answer.

    A decided plan answers what is short on today's grid: it is already in the nulalternatief, and what is
    short there is not its size. A project of its own answers what is short with all decided plans in place,
    and, where no plan is in between, today's shortage too.
    """
    ids = own.set_index("key")["project_id"]
    states = rows[rows["grid_state"].isin([FROZEN, PLANNED_STATE])]
    alone = states[states["key"].isin(ids.index)]
    alone = alone.assign(
        project_id=alone["key"].map(ids),
        counts=alone.index.isin(open_rows.index)
        | (alone["grid_state"].eq(FROZEN) & ~alone["key"].isin(pairs["key"])),
    )
    planned = states.merge(pairs[["key", "project_id", "decided"]], on="key")
    frozen = planned["grid_state"].eq(FROZEN)
    planned = planned.assign(counts=frozen | ~planned["decided"].astype(bool)).drop(columns="decided")
    parts = [part for part in (alone, planned) if len(part)]
    out = pd.concat(parts, ignore_index=True) if parts else alone
    return out.assign(project_id=[slug(p) for p in out["project_id"]])


def _links(groups: Groups, rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    solved = rows[["bottleneck_id", "project_id"]].drop_duplicates()
    by_plan = solved["project_id"].isin({slug(p) for p in pairs["project_id"]})
    solved = solved.assign(
        relation="project",
        reason_nl=by_plan.map({True: "beantwoord door een plan", False: "kandidaatproject voor deze asset"}),
        reason_en=by_plan.map({True: "answered by a plan", False: "candidate project for this asset"}),
    )
    rest = groups.rows[~groups.rows["bottleneck_id"].isin(solved["bottleneck_id"])]
    per = rest.groupby("bottleneck_id").agg(last_frozen=("year", "max"))
    horizon = groups.rows["year"].max() if len(groups.rows) else 0
    gone = per["last_frozen"] < horizon
    left = pd.DataFrame(
        {
            "bottleneck_id": per.index.astype(str),
            "project_id": "",
            "relation": gone.map({True: "temporary", False: "relieved"}).to_numpy(),
            "reason_nl": gone.map(
                {
                    True: "het tekort van nu houdt vanzelf op",
                    False: "opgelost door besloten projecten elders in het net",
                }
            ).to_numpy(),
            "reason_en": gone.map(
                {
                    True: "today's shortage ends by itself",
                    False: "solved by decided projects elsewhere in the grid",
                }
            ).to_numpy(),
        }
    )
    parts = [part for part in (solved, left, groups.links) if len(part)]
    if not parts:
        return pd.DataFrame(columns=LINK_COLUMNS)
    return (
        pd.concat(parts, ignore_index=True)[LINK_COLUMNS].sort_values(LINK_COLUMNS[:2]).reset_index(drop=True)
    )
