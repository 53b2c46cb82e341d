"""Opening or closing a point before a corridor is reinforced: what it solves, at next to no cost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pmiek.decide.projects.tables import LINK_COLUMNS, OPTION_COLUMNS, CandidateSet, split_ids, text

OPTION = "switching_point"
PLANNED_STATE = "nulalternatief"
REASON = (
    "een ander schakelpunt open of dicht lost dit op zonder meer knelpunten elders: eerst schakelen",
    "another point open or closed solves this without more bottlenecks elsewhere: switch first",
)
CASE = ["grid_state", "storyline", "year", "weather_year"]
LEAD_YEARS = 1.0
"""Checking protection and agreeing it between operators; nothing is built."""


def switching_relief(states: pd.DataFrame) -> pd.DataFrame:
    """Tell which bottlenecks another switching state takes away without making things worse.

    Parameters
    ----------
    states : DataFrame
        ``switching_states``: state, is_normal, the case, bottlenecks, lost_load_mw, bottleneck_ids.

    Returns
    -------
    DataFrame
        One row per bottleneck and state that is nowhere worse than the normal one (in no case more
        bottlenecks, or more load that a fault cuts off): bottleneck_id, state, solved_share (cases of the
        normal state with this bottleneck in which it is gone), last_year (last year that was compared). Points
        that are switched alone are compared with the decided projects in place only.
    """
    columns = ["bottleneck_id", "state", "solved_share", "last_year"]
    if states.empty:
        return pd.DataFrame(columns=columns)
    states = states[states["grid_state"] == PLANNED_STATE]
    normal = states[states["is_normal"].astype(str).str.lower() == "true"].set_index(CASE)
    rows = []
    for state, part in states.groupby("state"):
        other = part.set_index(CASE)
        if state in set(normal["state"]) or not other.index.isin(normal.index).all():
            continue
        own = normal.loc[other.index]
        worse = other["bottlenecks"].gt(own["bottlenecks"])
        worse |= other["lost_load_mw"].gt(own["lost_load_mw"] + 1e-6)
        if worse.any():
            continue
        before, after = ([set(split_ids(c)) for c in text(f["bottleneck_ids"])] for f in (own, other))
        for name in sorted(set[str]().union(*before)):
            cases = [case for case, ids in enumerate(before) if name in ids]
            gone = sum(name not in after[case] for case in cases)
            if gone:
                years = other.index.get_level_values("year")
                rows.append((name, state, gone / len(cases), max(years)))
    return pd.DataFrame(rows, columns=columns)


def with_switching(long_list: CandidateSet, states: pd.DataFrame) -> CandidateSet:
    """Try switching before a corridor: add it as an option, and leave out corridors that it solves.

    A corridor leaves the list only if one state takes away its bottlenecks in every case that was compared,
    and it is needed in no later year than those; otherwise switching stands beside its other options.

    Parameters
    ----------
    long_list : CandidateSet
        The long list.
    states : DataFrame
        ``switching_states``; empty where the batch does not compare states.
    """
    relief = switching_relief(states)
    listed = long_list.candidates
    corridors = listed[listed["asset_class"].eq("circuit") & listed["origin"].ne("plan")]
    if relief.empty or corridors.empty:
        return long_list
    rows, solved = [], []
    for project in corridors.to_dict("records"):
        ids = split_ids(str(project["bottleneck_ids"]))
        part = relief[relief["bottleneck_id"].isin(ids)].groupby("state")["solved_share"].agg(["sum", "min"])
        if part.empty:
            continue
        share = part["sum"] / max(len(ids), 1)
        best = str(share.idxmax())
        rows.append((project["project_id"], OPTION, 0.0, 0.0, 0.0, 0.0, LEAD_YEARS, 0.0, 100.0 * share[best]))
        needs = long_list.series[long_list.series["project_id"] == project["project_id"]]
        if share[best] >= 1.0 and len(needs) and needs["year"].max() <= relief["last_year"].max():
            solved.append(str(project["project_id"]))
    options = pd.concat(
        [part for part in (long_list.options, pd.DataFrame(rows, columns=OPTION_COLUMNS)) if len(part)],
        ignore_index=True,
    )
    return _without(replace(long_list, options=options), solved)


def _without(long_list: CandidateSet, solved: list[str]) -> CandidateSet:
    """Leave projects out; their bottlenecks say why."""
    if not solved:
        return long_list
    links = long_list.links
    gone = links["project_id"].isin(solved)
    told = links[gone].assign(project_id="", relation="switching", reason_nl=REASON[0], reason_en=REASON[1])
    rest = {
        name: frame[~frame["project_id"].isin(solved)].reset_index(drop=True)
        for name in ("candidates", "options", "need", "cases", "series")
        for frame in (getattr(long_list, name),)
    }
    joined = pd.concat([links[~gone], told], ignore_index=True)[LINK_COLUMNS]
    register = long_list.register
    register = register[~register["project_id"].isin(solved)] if "project_id" in register else register
    return replace(long_list, links=joined, register=register, **rest)
