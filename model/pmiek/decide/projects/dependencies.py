"""What a project waits for: a plan that comes first, a connection, a station, or the grid above it."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import TablesLike, explode_ids, optional, text
from pmiek.ids import slug

DEPENDENCY_COLUMNS = ["project_id", "depends_on", "kind", "listed", "share", "reason_nl", "reason_en"]
UPSTREAM_SHARE_MIN = 0.2
UPSTREAM_CLASSES = ("circuit", "coupling_transformer")
REASONS = {
    "follows": (
        "gaat pas verder als dit plan klaar is; de behoefte is gemeten met dit plan in bedrijf",
        "comes after this plan; the need is measured with it in service",
    ),
    "needs_station": (
        "de verbinding eindigt op een station dat dit project bouwt",
        "the connection ends at a station that this project builds",
    ),
    "needs_connection": (
        "het station hangt aan een verbinding die dit project bouwt",
        "the station hangs on a connection that this project builds",
    ),
    "upstream": (
        (
            "voor {share} van de piek van dat knelpunt zorgen gemeenten die dit station voedt; zonder dat project "
            "komt de ruimte van het station niet geheel bij de klant"
        ),
        (
            "municipalities that this station feeds cause {share} of the peak there; without that project the room "
            "of the station does not fully reach customers"
        ),
    ),
}


def dependencies(candidates: pd.DataFrame, shares: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """List on which other project each project depends, and why.

    Parameters
    ----------
    candidates : DataFrame
        Long list: project_id, predecessor, asset_class, station_id, bottleneck_ids.
    shares : DataFrame
        ``bottleneck_shares``: who causes each bottleneck.
    tables : TablesLike
        grid/circuits, grid/buses, grid/stations, grid/service_areas, grid/resplits.

    Returns
    -------
    DataFrame
        Columns ``DEPENDENCY_COLUMNS``. kind: ``follows`` (plan first), ``needs_station``,
        ``needs_connection`` (from the grid tables) and ``upstream`` (a corridor or coupling project of whose
        take-off peak at least ``UPSTREAM_SHARE_MIN`` comes from what this station feeds; ``share`` says how
        much). ``listed`` is False where the other project is a plan that is not on the list.
    """
    found = pd.concat(
        [_follows(candidates), _by_grid(tables), _upstream(candidates, shares, tables)], ignore_index=True
    )
    ids = set(candidates["project_id"])
    found = found[found["project_id"].isin(ids) & found["depends_on"].ne(found["project_id"])]
    found = found.drop_duplicates(["project_id", "depends_on", "kind"])
    share = [f"{100 * s:.0f}%" if pd.notna(s) else "" for s in found["share"]]
    words = [
        tuple(part.format(share=s) for part in REASONS[k]) for k, s in zip(found["kind"], share, strict=True)
    ]
    out = found.assign(
        listed=found["depends_on"].isin(ids),
        reason_nl=[nl for nl, _ in words],
        reason_en=[en for _, en in words],
    )
    return out[DEPENDENCY_COLUMNS].sort_values(["project_id", "kind", "depends_on"], ignore_index=True)


def _pairs(project: pd.Series, other: pd.Series, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "project_id": project.to_numpy(),
            "depends_on": other.to_numpy(),
            "kind": kind,
            "share": float("nan"),
        }
    )


def _follows(candidates: pd.DataFrame) -> pd.DataFrame:
    rows = explode_ids(candidates, "predecessor", "before")
    return _pairs(rows["project_id"], rows["before"].map(slug), "follows")


def _by_grid(tables: TablesLike) -> pd.DataFrame:
    """Pair the projects of circuits with those of the stations at their ends."""
    circuits = optional(tables, "grid/circuits", ["bus0", "bus1", "project_id"])
    buses = optional(tables, "grid/buses", ["bus_id", "station_id"])
    stations = optional(tables, "grid/stations", ["station_id", "project_id"])
    station_of = dict(zip(text(buses["bus_id"]), text(buses["station_id"]), strict=True))
    project_of = dict(zip(text(stations["station_id"]), text(stations["project_id"]), strict=True))
    ends = pd.concat(
        [
            pd.DataFrame({"own": text(circuits["project_id"]), "bus": text(circuits[side])})
            for side in ("bus0", "bus1")
        ],
        ignore_index=True,
    )
    ends["at"] = text(ends["bus"].map(station_of)).map(project_of).fillna("")
    new = ends[(ends["at"] != "") & (ends["own"] != "")]
    cross = new[new["own"] != new["at"]]
    alone = set(new["at"]) - set(new.loc[new["own"] == new["at"], "at"])
    hanging = cross[cross["at"].isin(alone)]
    return pd.concat(
        [
            _pairs(cross["own"].map(slug), cross["at"].map(slug), "needs_station"),
            _pairs(hanging["at"].map(slug), hanging["own"].map(slug), "needs_connection"),
        ],
        ignore_index=True,
    )


def _upstream(candidates: pd.DataFrame, shares: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Pair station projects with corridor and coupling projects whose peak comes from the same customers."""
    columns = ["project_id", "depends_on", "kind", "share"]
    above = candidates[candidates["asset_class"].isin(UPSTREAM_CLASSES)]
    above = explode_ids(above, "bottleneck_ids", "bottleneck_id")[["project_id", "bottleneck_id"]]
    above = above[above["bottleneck_id"].str.endswith("take-off")]
    part = served(tables)
    stations = candidates[candidates["asset_class"] == "station_transformer"][["project_id", "station_id"]]
    stations = stations[text(stations["station_id"]) != ""].merge(part, on="station_id")
    if above.empty or stations.empty or shares.empty:
        return pd.DataFrame(columns=columns)
    run = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    mine = shares[shares["bottleneck_id"].isin(above["bottleneck_id"])]
    runs = mine[run].drop_duplicates().groupby("bottleneck_id").size()
    mean = mine.groupby(["bottleneck_id", "gm_code"])["share"].sum().reset_index()
    mean["share"] /= mean["bottleneck_id"].map(runs)
    pairs = above.rename(columns={"project_id": "depends_on"}).merge(mean, on="bottleneck_id")
    pairs = stations.merge(pairs, on="gm_code")
    pairs = pairs.assign(share=pairs["share"] * pairs["load_share"])
    total = pairs.groupby(["project_id", "depends_on", "bottleneck_id"])["share"].sum()
    most = total.groupby(["project_id", "depends_on"]).max().reset_index()
    return most[most["share"] >= UPSTREAM_SHARE_MIN].assign(kind="upstream")[columns]


def served(tables: TablesLike) -> pd.DataFrame:
    """Share of each municipality's load per station, new stations with what they take over."""
    areas = optional(tables, "grid/service_areas", ["gm_code", "station_id", "load_share"])
    areas = areas[["gm_code", "station_id", "load_share"]].astype({"load_share": float})
    moves = optional(tables, "grid/resplits", ["new_station_id", "from_station_id", "share"])
    moved = areas.merge(
        moves[["new_station_id", "from_station_id", "share"]],
        left_on="station_id",
        right_on="from_station_id",
    )
    moved = moved.assign(
        station_id=moved["new_station_id"], load_share=moved["load_share"] * moved["share"].astype(float)
    )
    both = pd.concat([areas, moved[areas.columns]], ignore_index=True)
    return both.groupby(["gm_code", "station_id"])["load_share"].sum().reset_index()
