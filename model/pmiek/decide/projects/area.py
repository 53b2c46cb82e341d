"""Which spatial tasks lie where a project lies, and what they can do together."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.dependencies import served
from pmiek.decide.projects.tables import TablesLike, explode_ids, optional, text

AREA_COLUMNS = [
    "project_id", "gm_code", "municipality", "task", "task_nl", "kind", "stage", "space_ha", "place",
    "combination_nl", "combination_en",
]  # fmt: skip
SERVED_SHARE_MIN = 0.1
SAME, SERVED = "municipality", "service_area"
# What a task and a project can do together, per kind of task; other kinds get the last line.
COMBINATIONS = {
    "housing": (
        "aansluiting, tracé en stationsplaats in één ruimtelijk plan met de woningen",
        "connection, route and site of the station in one spatial plan with the homes",
    ),
    "business park": (
        "ruimte voor station, opslag of energiehub op of bij het terrein; profielen van bedrijven combineren",
        "room for a station, storage or energy hub on the site; combine profiles of companies",
    ),
    "industry": (
        "planning van verduurzaming en aansluiting op elkaar afstemmen",
        "align the planning of decarbonisation and connection",
    ),
    "defence": (
        "vermogensvraag en planning van de kazerne bij de netbeheerder inbrengen",
        "bring the demand and planning of the barracks to the operator",
    ),
    "heat": (
        "de keuze voor een warmtenet verandert de elektriciteitsvraag; eerst of samen besluiten",
        "the choice for a heat network changes electricity demand; decide first or together",
    ),
    "green gas": (
        "invoeding en verwerking van gas meenemen bij tracé en terrein",
        "include feed-in and treatment of gas in route and site",
    ),
    "energy": (
        "opwek en netproject in één gebiedsproces; aansluiting delen",
        "generation and grid project in one area process; share the connection",
    ),
    "nature": (
        "tracé en inpassing vroeg met natuurdoelen verbinden; stikstof en kap meenemen",
        "link route and fit early to nature goals; include nitrogen and felling",
    ),
    "heritage": (
        "inpassing toetsen aan cultuurhistorische waarden",
        "test the fit against heritage values",
    ),
    "": ("in hetzelfde gebiedsproces afwegen", "weigh in the same area process"),
}


def area_combinations(candidates: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """List the spatial tasks in the municipality of a project and in what its station feeds.

    Parameters
    ----------
    candidates : DataFrame
        Long list: project_id, gm_code, station_id, asset_ids.
    tables : TablesLike
        areas/area_tasks, regions/municipalities, grid/service_areas, grid/resplits, grid/circuits,
        grid/buses, grid/stations.

    Returns
    -------
    DataFrame
        Columns ``AREA_COLUMNS``; ``place`` is ``municipality`` (it lies there) or ``service_area`` (its
        station feeds at least ``SERVED_SHARE_MIN`` of that municipality's load). No task known
        means no row: what a municipality has not given is asked for, not guessed.
    """
    known = ["gm_code", "task", "task_nl", "kind", "stage", "space_ha"]
    tasks = optional(tables, "areas/area_tasks", known)
    where = pd.concat([_own(candidates, tables), _fed(candidates, tables)], ignore_index=True)
    where = where.drop_duplicates(["project_id", "gm_code"])
    out = where.merge(tasks[known], on="gm_code")
    places = optional(tables, "regions/municipalities", ["gm_code", "name"]).drop_duplicates("gm_code")
    words = [COMBINATIONS.get(kind, COMBINATIONS[""]) for kind in text(out["kind"])]
    out = out.assign(
        task_nl=text(out["task_nl"]).where(text(out["task_nl"]) != "", out["task"]),
        municipality=text(out["gm_code"].map(places.set_index("gm_code")["name"])),
        combination_nl=[nl for nl, _ in words],
        combination_en=[en for _, en in words],
    )
    return out[AREA_COLUMNS].sort_values(["project_id", "place", "gm_code", "task"], ignore_index=True)


def _own(candidates: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    """Municipality of the project; of a corridor those of the stations at its ends."""
    own = candidates[["project_id", "gm_code"]].assign(gm_code=text(candidates["gm_code"]))
    circuits = optional(tables, "grid/circuits", ["corridor_id", "bus0", "bus1"])
    buses = optional(tables, "grid/buses", ["bus_id", "station_id"])
    stations = optional(tables, "grid/stations", ["station_id", "gm_code"])
    station = dict(zip(text(buses["bus_id"]), text(buses["station_id"]), strict=True))
    place = dict(zip(text(stations["station_id"]), text(stations["gm_code"]), strict=True))
    ends = circuits.melt(id_vars="corridor_id", value_vars=["bus0", "bus1"], value_name="bus")
    ends = ends.assign(gm_code=[place.get(station.get(b, ""), "") for b in text(ends["bus"])])
    lines = explode_ids(candidates, "asset_ids", "asset_id")[["project_id", "asset_id"]]
    lines = lines.merge(ends, left_on="asset_id", right_on="corridor_id")[["project_id", "gm_code"]]
    both = pd.concat([own, lines], ignore_index=True)
    return both[both["gm_code"] != ""].drop_duplicates().assign(place=SAME)


def _fed(candidates: pd.DataFrame, tables: TablesLike) -> pd.DataFrame:
    areas = served(tables)
    areas = areas[areas["load_share"] >= SERVED_SHARE_MIN]
    stations = candidates[["project_id", "station_id"]].assign(station_id=text(candidates["station_id"]))
    pairs = stations[stations["station_id"] != ""].merge(areas, on="station_id")
    return pairs[["project_id", "gm_code"]].assign(place=SERVED)
