"""Assets under test: which branches and transformer groups exist, what they can carry, where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.network.published import FEED_IN, PUBLISHED, SAME_MVA, TAKE_OFF, firm_mw

if TYPE_CHECKING:
    from pmiek.network import GridState
    from pmiek.security.screening.settings import Settings

PLACE: Final = [
    "asset_id", "asset_name", "asset_class", "station", "station_id", "gm_code", "cluster", "operator",
    "quality", "voltage_kv", "is_information",
]  # fmt: skip


def station_groups(grid: GridState) -> pd.DataFrame:
    """Station transformer groups with their gross and firm rating.

    Parameters
    ----------
    grid : GridState
        Reads ``transformers`` and ``published``.

    Returns
    -------
    DataFrame
        asset_id (group), station_id, units, gross_mva (all units), firm_mva (all but the largest; 0 for a
        single unit), largest_unit (unit_id), station_share (share of its station's load when a station has
        more than one group, by gross rating). Where capacity is published also limit_area (groups with the same
        one share it), published_take_off_mw and published_feed_in_mw (firm, of the whole area), area_added_mva
        (firm rating of its units in force less that of today's) and area_gross_over_firm (of its units in force).
    """
    units = grid.transformers[grid.transformers["kind"] == "station"]
    units = units.sort_values(["group_id", "rated_mva", "unit_id"], ascending=[True, False, True])
    groups = units.groupby("group_id", sort=True)
    table = pd.DataFrame(
        {
            "station_id": groups["station_id"].first(),
            "units": groups.size(),
            "gross_mva": groups["rated_mva"].sum(),
            "largest_mva": groups["rated_mva"].max(),
            "largest_unit": groups["unit_id"].first(),
        }
    )
    table["firm_mva"] = table["gross_mva"] - table["largest_mva"]
    table["station_share"] = table["gross_mva"] / table.groupby("station_id")["gross_mva"].transform("sum")
    return _with_published(table.rename_axis("asset_id").reset_index(), grid.published)


def _with_published(groups: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Join the published capacity; an area adds what all its groups in force have more than today."""
    known = published.assign(
        published_take_off_mw=firm_mw(published, TAKE_OFF), published_feed_in_mw=firm_mw(published, FEED_IN)
    )[["asset_id", "limit_area", "published_take_off_mw", "published_feed_in_mw", "firm_today_mva"]]
    table = groups.merge(known, on="asset_id", how="left", validate="one_to_one")
    table["limit_area"] = table["limit_area"].fillna("").astype("str")
    table["added"] = table["firm_mva"] - table["firm_today_mva"]
    inside = table["limit_area"] != ""
    area = table.groupby("limit_area")
    table["area_added_mva"] = area["added"].transform("sum").where(inside)
    firm, gross = area["firm_mva"].transform("sum"), area["gross_mva"].transform("sum")
    table["area_gross_over_firm"] = (gross / firm).where(firm > 0, 1.0).where(inside)
    return table.drop(columns=["added", "firm_today_mva"])


def branch_table(grid: GridState, branches: list[str]) -> pd.DataFrame:
    """Branches of the flow model in its own order.

    Parameters
    ----------
    grid : GridState
        Reads ``circuits`` and ``transformers``.
    branches : list of str
        Branch ids in the order of the sensitivities.

    Returns
    -------
    DataFrame
        branch_id, asset_id, asset_class, bus0, bus1, voltage_kv (highest), rating_summer_mva,
        rating_winter_mva, weight (relative admittance within a group), tower_group, is_transformer,
        orientation (+1 if bus0 has the higher voltage, -1 if bus1 has, 0 for circuits).
    """
    circuits = grid.circuits
    lines = pd.DataFrame(
        {
            "branch_id": circuits["circuit_id"],
            "asset_id": circuits["corridor_id"],
            "asset_class": "circuit",
            "bus0": circuits["bus0"],
            "bus1": circuits["bus1"],
            "rating_summer_mva": circuits["rating_summer_mva"],
            "rating_winter_mva": circuits["rating_winter_mva"],
            "weight": 1.0 / circuits["x_ohm"],
            "tower_group": circuits["tower_group"].fillna("").astype("str"),
        }
    )
    units = grid.transformers
    transformers = pd.DataFrame(
        {
            "branch_id": units["unit_id"],
            "asset_id": units["group_id"],
            "asset_class": units["kind"].astype("str") + "_transformer",
            "bus0": units["bus0"],
            "bus1": units["bus1"],
            "rating_summer_mva": units["rated_mva"],
            "rating_winter_mva": units["rated_mva"],
            "weight": units["rated_mva"] / units["x_pct"],
            "tower_group": "",
        }
    )
    both = pd.concat([lines, transformers], ignore_index=True).set_index("branch_id")
    table = both.loc[branches].reset_index()
    voltage = grid.buses.set_index("bus_id")["voltage_kv"].astype(float)
    high, low = table["bus0"].map(voltage), table["bus1"].map(voltage)
    table["voltage_kv"] = np.maximum(high, low)
    table["orientation"] = np.sign(high - low).astype(int)
    table["is_transformer"] = table["asset_class"] != "circuit"
    return table


def asset_places(grid: GridState, settings: Settings) -> pd.DataFrame:
    """Name, place, operator and quality of every asset.

    Parameters
    ----------
    grid : GridState
        Reads ``circuits``, ``transformers``, ``stations``, ``buses``.
    settings : Settings
        Reads ``information_from_kv``.

    Returns
    -------
    DataFrame
        asset_id, asset_name, asset_class, station (name; of a corridor the end inside the study area),
        station_id, gm_code, cluster, operator, quality (the weakest of its rows; of groups
        with published capacity that of the publication), voltage_kv,
        is_information (assets whose lowest voltage is that of the national grid: shown, never a
        bottleneck of the province).
    """
    voltage = grid.buses.set_index("bus_id")["voltage_kv"].astype(float)
    station_of = grid.buses.set_index("bus_id")["station_id"]
    circuits, units = grid.circuits, grid.transformers
    in_study = set(grid.stations.loc[grid.stations["cluster"].notna(), "station_id"])
    ends = [circuits[bus].map(station_of) for bus in ("bus0", "bus1")]
    first = ends[0].isin(in_study)
    second = ends[1].isin(in_study)
    lines = pd.DataFrame(
        {
            "asset_id": circuits["corridor_id"],
            "asset_name": circuits["name"],
            "asset_class": "circuit",
            "station_id": ends[0].where(first | ~second, ends[1]),
            "operator": circuits["operator"],
            "quality": circuits["rating_quality"],
            "voltage_kv": circuits["voltage_kv"].astype(float),
        }
    )
    lines["is_information"] = lines["voltage_kv"] >= settings.information_from_kv
    name = units["station_id"].map(grid.stations.set_index("station_id")["name"]).fillna(units["station_id"])
    pair = units["bus0"].map(voltage).map("{:g}".format) + "/" + units["bus1"].map(voltage).map("{:g}".format)
    transformers = pd.DataFrame(
        {
            "asset_id": units["group_id"],
            "asset_name": name.astype("str") + " " + pair + " kV",
            "asset_class": units["kind"].astype("str") + "_transformer",
            "station_id": units["station_id"],
            "operator": units["operator"],
            "quality": units["capacity_quality"],
            "voltage_kv": units[["bus0", "bus1"]].apply(lambda bus: bus.map(voltage)).max(axis=1),
            "is_information": units["bus1"].map(voltage) >= settings.information_from_kv,
        }
    )
    rows = pd.concat([lines, transformers], ignore_index=True)
    return _with_published_quality(_one_per_asset(rows, grid), grid)


def _with_published_quality(places: pd.DataFrame, grid: GridState) -> pd.DataFrame:
    """Call a limit published where it is the operators' figure; what projects add brings its own quality."""
    units = grid.transformers[grid.transformers["kind"] == "station"].groupby("group_id")["rated_mva"]
    today = grid.published.set_index("asset_id")["firm_today_mva"]
    added = places["asset_id"].map(units.sum() - units.max()) - places["asset_id"].map(today)
    return places.assign(quality=places["quality"].where(added.isna() | (added.abs() > SAME_MVA), PUBLISHED))


def _one_per_asset(rows: pd.DataFrame, grid: GridState) -> pd.DataFrame:
    order = {"measured": 0, "published": 1, "derived": 2, "assumed": 3}
    ranked = rows.assign(_rank=rows["quality"].map(order).fillna(3))
    weakest = ranked.sort_values(["asset_id", "_rank"], ascending=[True, False], kind="stable")
    table = weakest.drop_duplicates("asset_id").drop(columns="_rank").reset_index(drop=True)
    table["quality"] = table["quality"].fillna("assumed")
    stations = grid.stations.set_index("station_id")
    for column in ("gm_code", "cluster"):
        table[column] = table["station_id"].map(stations[column])
    table["station"] = table["station_id"].map(stations["name"]).fillna(table["station_id"])
    return table[PLACE]
