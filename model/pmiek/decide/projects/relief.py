"""Relief first: what a full station can hand to a new station next to it, year by year, before it gets a project."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmiek.decide.projects.costs import CostBook
from pmiek.decide.projects.need_words import DIRECTIONS, megawatt, storyline_name
from pmiek.decide.projects.plans import plan_projects
from pmiek.decide.projects.series import move
from pmiek.decide.projects.tables import (
    LINK_COLUMNS,
    REQUEST_COLUMNS,
    TablesLike,
    explode_ids,
    join_ids,
    number,
    optional,
    text,
)
from pmiek.ids import slug

PLANNED_STATE = "nulalternatief"
SWITCHING, CABLE = "switching", "cable"
EARTH_RADIUS_KM = 6371.0
RELIEF_COLUMNS = [
    "bottleneck_id", "to_station_id", "storyline", "year", "weather_year", "project_id", "plan_project_id",
    "from_station_id", "from_station", "to_station", "direction", "way", "distance_km", "exceedance_mw",
    "headroom_mw", "moved_mw", "circuits", "cost_meur_low", "cost_meur_high",
]  # fmt: skip
MOMENT = ["storyline", "year", "weather_year"]
REASON = (
    "een nieuw station ernaast heeft ruimte: belasting verplaatsen gaat voor",
    "a new station next to it has headroom: moving load comes first",
)


@dataclass(frozen=True)
class Relief:
    """What moves, and what that leaves.

    Attributes
    ----------
    series : DataFrame
        ``project_needs`` with moved and remaining MW.
    moves : DataFrame
        Columns ``RELIEF_COLUMNS``: one row per bottleneck, new station and case in which load moves; MW, km,
        MEUR of 2025 for what moves in that case.
    solved : frozenset of str
        Projects of which nothing remains.
    """

    series: pd.DataFrame
    moves: pd.DataFrame
    solved: frozenset[str]


def neighbours(projects: pd.DataFrame, tables: TablesLike, most_km: float) -> pd.DataFrame:
    """Pair station projects with new stations next to them that a decided plan builds.

    Parameters
    ----------
    projects : DataFrame
        project_id, origin, asset_class, carrier, station_id.
    tables : TablesLike
        projects/planned, grid/stations, grid/transformers, grid/resplits, regions/municipalities.
    most_km : float
        Furthest new station that medium voltage reaches, km in a straight line; a new station that takes over
        part of the service area is next to it whatever the distance.

    Returns
    -------
    DataFrame
        project_id, from_station_id, from_station, to_station_id, to_station, plan_project_id, group_id (the
        transformers of the new station), way, distance_km; nearest first per project. ``way`` is switching
        where both stations have the same medium voltage and the new one takes over part of the area, so that
        their cables meet; else cable.
    """
    plans = plan_projects(tables)
    decided = plans.loc[plans["decided"].astype(bool) & plans["decision_status"].ne("done"), "project_id"]
    columns = ["station_id", "name", "status", "project_id", "lat", "lon", "mv_kv"]
    stations = optional(tables, "grid/stations", columns)
    stations = stations.assign(
        **{c: text(stations[c]) for c in ("station_id", "name", "status", "project_id")}
    )
    units = optional(tables, "grid/transformers", ["group_id", "kind", "station_id"])
    units = units.assign(**{c: text(units[c]) for c in ("group_id", "kind", "station_id")})
    groups = (
        units[units["kind"] == "station"].drop_duplicates("station_id").set_index("station_id")["group_id"]
    )
    resplits = optional(tables, "grid/resplits", ["project_id", "new_station_id", "from_station_id"])
    builder = dict(zip(text(resplits["new_station_id"]), text(resplits["project_id"]), strict=True))
    new = stations[stations["status"] == "planned"]
    plan = new["project_id"].where(new["project_id"] != "", text(new["station_id"].map(builder)))
    new = new.assign(plan_project_id=plan, group_id=text(new["station_id"].map(groups)))
    new = new[new["plan_project_id"].isin(decided) & new["group_id"].ne("")]
    full = projects[projects["origin"].eq("bottleneck") & projects["asset_class"].eq("station_transformer")]
    full = full[full["carrier"].eq("electricity")][["project_id", "station_id"]]
    pairs = full.merge(stations.drop(columns=["project_id", "status"]), on="station_id").merge(
        new.drop(columns=["project_id", "status"]), how="cross", suffixes=("_from", "_to")
    )
    pairs = pairs.rename(
        columns={"station_id_from": "from_station_id", "name_from": "from_station", "station_id_to": "to_station_id",
                 "name_to": "to_station"}
    )  # fmt: skip
    taken = set(zip(text(resplits["from_station_id"]), text(resplits["new_station_id"]), strict=True))
    adjoins = [pair in taken for pair in zip(pairs["from_station_id"], pairs["to_station_id"], strict=True)]
    same_kv = pd.to_numeric(pairs["mv_kv_from"]).eq(pd.to_numeric(pairs["mv_kv_to"]))
    pairs = pairs.assign(adjoins=adjoins, distance_km=_distance_km(pairs))
    pairs = pairs.assign(way=np.where(pairs["adjoins"] & same_kv, SWITCHING, CABLE))
    near = pairs["adjoins"] | pairs["distance_km"].le(most_km)
    order = pairs[near].assign(first=~pairs["adjoins"]).sort_values(
        ["first", "distance_km", "project_id", "to_station_id"], kind="stable"
    )  # fmt: skip
    return order[
        ["project_id", "from_station_id", "from_station", "to_station_id", "to_station", "plan_project_id",
         "group_id", "way", "distance_km"]
    ].reset_index(drop=True)  # fmt: skip


def _distance_km(pairs: pd.DataFrame) -> pd.Series:
    """Give the great-circle distance between both stations; NaN where a place is not known."""
    lat0, lon0, lat1, lon1 = (
        np.radians(pd.to_numeric(pairs[c]).to_numpy(float))
        for c in ("lat_from", "lon_from", "lat_to", "lon_to")
    )
    half = np.sin((lat1 - lat0) / 2) ** 2 + np.cos(lat0) * np.cos(lat1) * np.sin((lon1 - lon0) / 2) ** 2
    return pd.Series(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)), index=pairs.index)


def relieve(
    series: pd.DataFrame, projects: pd.DataFrame, loading: pd.DataFrame, tables: TablesLike, book: CostBook
) -> Relief:
    """Move load from full stations to the headroom of new stations next to them.

    In every case (storyline, year, weather year, direction) a station hands over what it has too much, as far
    as the new station has headroom in its own peak hour. That is on the safe side: both peaks need not fall
    together. The slice that moves takes its other direction along, so that must fit too. Headroom is used
    once: by the pair whose areas meet first, then by the nearest. The grid of 110 kV and more behind both
    stations is not computed anew.

    Parameters
    ----------
    series : DataFrame
        ``project_needs``, nothing moved yet.
    projects : DataFrame
        All projects (``PROJECT_FIELDS``).
    loading : DataFrame
        Result table, the base year under every storyline; limit_mw and peak_mw per asset and contingency.
    tables : TablesLike
    book : CostBook
        Costs of medium-voltage cable, and ``relief_cable_km_most``.
    """
    unmoved = Relief(series, pd.DataFrame(columns=RELIEF_COLUMNS), frozenset())
    pairs = neighbours(projects, tables, book.assumed("relief_cable_km_most", 0.0))
    if pairs.empty or series.empty or not {"asset_id", "direction", "peak_mw"} <= set(loading.columns):
        return unmoved
    state = loading[loading["grid_state"].eq(PLANNED_STATE)]
    headroom, peaks = _headroom(state, pairs), _peaks(state, projects)
    mine = series[series["grid_state"].eq(PLANNED_STATE) & series["counts"].astype(bool)]
    moved, found = pd.Series(0.0, index=series.index), []
    for pair in pairs.to_dict("records"):
        for at, row in mine[mine["project_id"] == pair["project_id"]].iterrows():
            moment = tuple(row[MOMENT])
            free = _free(headroom, peaks, str(pair["group_id"]), row, moment)
            amount = min(float(row["exceedance_mw"]) - float(moved[at]), free)
            if amount <= 0:
                continue
            moved[at] += amount
            headroom[str(pair["group_id"]), str(row["direction"]), moment] -= amount
            fields = row[["bottleneck_id", *MOMENT, "direction", "exceedance_mw"]].to_dict()
            found.append(pair | fields | {"headroom_mw": free, "moved_mw": amount})
    moves = _cost(pd.DataFrame(found), book) if found else unmoved.moves
    after = move(series, moved)
    sizes = series["grid_state"].eq(PLANNED_STATE)  # what is short on today's grid is no reason to stay
    before = set(series.loc[sizes & series["counts"].astype(bool), "project_id"])
    left = set(after.loc[sizes & after["counts"].astype(bool), "project_id"])
    helped = set(series.loc[moved > 0, "project_id"])
    return Relief(after, moves, frozenset((before & helped) - left))


Key = tuple[str, str, tuple[object, ...]]


def _headroom(loading: pd.DataFrame, pairs: pd.DataFrame) -> dict[Key, float]:
    """Give the least headroom (MW) over the contingencies per new station, direction and moment."""
    rows = loading[loading["asset_id"].isin(pairs["group_id"])]
    least = rows.assign(value=rows["limit_mw"] - rows["peak_mw"]).groupby(["asset_id", "direction", *MOMENT])
    return _by_key(least["value"].min().reset_index(), "asset_id")


def _peaks(loading: pd.DataFrame, projects: pd.DataFrame) -> dict[Key, float]:
    """Give the largest power (MW) of a project's assets per direction and moment."""
    assets = explode_ids(projects, "asset_ids", "asset_id")[["project_id", "asset_id"]]
    rows = assets.merge(loading, on="asset_id").rename(columns={"peak_mw": "value"})
    most = rows.groupby(["project_id", "direction", *MOMENT])["value"].max()
    return _by_key(most.reset_index(), "project_id")


def _by_key(rows: pd.DataFrame, name: str) -> dict[Key, float]:
    return {
        (str(row[name]), str(row["direction"]), tuple(row[c] for c in MOMENT)): float(row["value"])
        for row in rows.to_dict("records")
    }


def _free(
    headroom: Mapping[Key, float],
    peaks: Mapping[Key, float],
    group: str,
    row: pd.Series,
    moment: tuple[object, ...],
) -> float:
    """Give what the new station can take of a direction, with the other direction of the same slice."""
    direction, project = str(row["direction"]), str(row["project_id"])
    other = "feed-in" if direction == "take-off" else "take-off"
    free = headroom.get((group, direction, moment), 0.0)
    peak, back = peaks.get((project, direction, moment), 0.0), peaks.get((project, other, moment), 0.0)
    if peak > 0 and back > 0:
        free = min(free, headroom.get((group, other, moment), 0.0) / back * peak)
    return max(free, 0.0)


def _cost(moves: pd.DataFrame, book: CostBook) -> pd.DataFrame:
    """Add circuits of medium voltage and their cost; switching may cost nothing, and at most a cable."""
    per_km, size = book.mv_cable()
    mva = moves["moved_mw"] / book.power_factor
    circuits = np.ceil((mva / size.value).round(6))
    most, least = (np.ceil((mva / end).round(6)) for end in (size.low, size.high))
    low = moves["distance_km"] * least * per_km.low
    return moves.assign(
        circuits=circuits,
        cost_meur_low=low.where(moves["way"] != SWITCHING, 0.0),
        cost_meur_high=moves["distance_km"] * most * per_km.high,
    )[RELIEF_COLUMNS].sort_values(RELIEF_COLUMNS[:5], ignore_index=True)


def relief_links(links: pd.DataFrame, solved: frozenset[str]) -> pd.DataFrame:
    """Say of the bottlenecks whose project is solved by moving load that this is where they went."""
    gone = links["project_id"].isin(solved)
    others = set(links.loc[~gone & links["project_id"].ne(""), "bottleneck_id"])
    lost = sorted(set(links.loc[gone, "bottleneck_id"]))
    told = pd.DataFrame({"bottleneck_id": lost}).assign(
        project_id="", relation="moved", reason_nl=REASON[0], reason_en=REASON[1]
    )
    told = told[~told["bottleneck_id"].isin(others)]
    parts = [part for part in (links[~gone], told[LINK_COLUMNS]) if len(part)]
    out = pd.concat(parts, ignore_index=True) if parts else links
    return out.sort_values(LINK_COLUMNS[:2]).reset_index(drop=True)


def largest_moves(moves: pd.DataFrame) -> pd.DataFrame:
    """Keep per pair of stations and direction the case in which most moves."""
    order = moves.sort_values(["moved_mw", "year"], kind="stable")
    return order.drop_duplicates(["from_station_id", "to_station_id", "direction"], keep="last").sort_values(
        ["from_station_id", "to_station_id", "direction"], ignore_index=True
    )


def relief_texts(moves: pd.DataFrame, column: str) -> dict[str, tuple[str, str]]:
    """Write what moves per project or plan, in Dutch and English.

    Parameters
    ----------
    moves : DataFrame
        ``RELIEF_COLUMNS``.
    column : str
        ``project_id`` for the station that hands over, ``plan_project_id`` for the one that takes.
    """
    if moves.empty:
        return {}
    found = {}
    for key, part in largest_moves(moves).groupby(column):
        lines = {lang: "; ".join(_move(row, lang) for row in part.to_dict("records")) for lang in MOVES}
        found[str(key)] = (
            f"Belasting verplaatsen gaat voor: {lines['nl']}.",
            f"Moving load comes first: {lines['en']}.",
        )
    return found


MOVES = {
    "nl": "van {start} naar {end} {mw} MW in {year} ({storyline}, {direction}, {low} tot {high} mln euro)",
    "en": "from {start} to {end} {mw} MW in {year} ({storyline}, {direction}, {low} to {high} MEUR)",
}


def _move(row: Mapping[Hashable, object], lang: str) -> str:
    direction = DIRECTIONS[str(row["direction"])][0 if lang == "nl" else 1]
    low, high = (number(float(str(row[f"cost_meur_{end}"])), 1, lang) for end in ("low", "high"))
    return MOVES[lang].format(
        start=row["from_station"], end=row["to_station"], mw=megawatt(float(str(row["moved_mw"])), lang),
        year=row["year"], storyline=storyline_name(str(row["storyline"])), direction=direction, low=low, high=high,
    )  # fmt: skip


def relief_requests(
    moves: pd.DataFrame, tables: TablesLike, reference_year: int, listed: set[str]
) -> pd.DataFrame:
    """Ask the operator of each full station how the area can be divided over both stations.

    Returns
    -------
    DataFrame
        Columns ``REQUEST_COLUMNS``; one row per pair of stations.
    """
    if moves.empty:
        return pd.DataFrame(columns=REQUEST_COLUMNS)
    stations = optional(tables, "grid/stations", ["station_id", "mv_operator"])
    operators = dict(zip(text(stations["station_id"]), text(stations["mv_operator"]), strict=True))
    rows = []
    for (start, end), part in largest_moves(moves).groupby(["from_station_id", "to_station_id"]):
        sizes = ", ".join(
            f"{megawatt(float(r['moved_mw']), 'nl')} MW in {r['year']} ({DIRECTIONS[str(r['direction'])][0]})"
            for r in part.to_dict("records")
        )
        old, new = part["from_station"].iloc[0], part["to_station"].iloc[0]
        touched = pd.Series([*part["project_id"], *part["plan_project_id"]])
        rows.append(
            {
                "request_id": slug("division", str(start), str(end)),
                "operator": operators.get(str(start), ""),
                "asset_id": f"{start};{end}",
                "what": f"Welke wijken en aansluitingen van {old} naar {new} kunnen, met schakelen of met een kabel, "
                f"en vanaf wanneer. Het model verplaatst tot {sizes}.",
                "why": f"{new} heeft ruimte; met een vaste verdeling blijft {old} vol.",
                "format": "rijen in grid/resplits.csv: project_id, new_station_id, from_station_id, share",
                "by_when": f"{reference_year + 1}-06-30",
                "affects_projects": join_ids(touched[touched.isin(listed)]),
            }
        )
    return pd.DataFrame(rows, columns=REQUEST_COLUMNS)
