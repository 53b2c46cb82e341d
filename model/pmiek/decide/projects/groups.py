"""From bottleneck rows to groups of assets: one per station, corridor or coupling group and carrier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pmiek.decide.projects.tables import LINK_COLUMNS, TablesLike, join_ids, optional, text

KINDS = {
    "station_transformer": "station",
    "circuit": "corridor",
    "coupling_transformer": "coupling",
    "mv_station": "mv_station",
    "mv_lv": "mv_lv",
    "gas_area": "gas_area",
    "hydrogen_pipe": "hydrogen_place",
    "electrolyser": "electrolyser",
    "heat_source": "heat_network",
}
KIND_WORDS = {
    "station": ("HS/MS-station", "HV/MV station"),
    "corridor": ("Verbinding", "corridor"),
    "coupling": ("Koppelstation", "coupling station"),
    "mv_station": ("MS-schakelstations", "MV switching stations"),
    "mv_lv": ("MS/LS-stations", "MV/LV stations"),
    "gas_area": ("Groengas in", "Green gas in"),
    "hydrogen_place": ("Levering van", "Delivery of"),
    "electrolyser": ("Elektrolysers bij", "Electrolysers at"),
    "heat_network": ("Bronnen voor", "Sources for"),
}
GROUP_COLUMNS = [
    "key", "area", "kind", "asset_class", "carrier", "asset_id", "asset_ids", "bottleneck_ids", "name",
    "station", "station_id", "municipality", "gm_code", "cluster", "operator", "length_km", "carrier_share",
    "contract_share",
]  # fmt: skip
EXTRA_HIGH_KV = 220.0
OUTSIDE_SHARE_MIN = 0.5
INFORMATION_ONLY = (
    "220 kV en hoger volgt landelijke doorvoer; alleen ter informatie",
    "220 kV and above follows national transit; information only",
)
OUTSIDE = (
    "asset buiten de provincie en de piek komt voor minder dan de helft uit de provincie",
    "asset outside the province, and less than half of its peak comes from the province",
)
SMALL = (
    "het tekort blijft kleiner dan waarvoor een project wordt opgezet",
    "the shortage stays below what a project is set up for",
)
ASSUMED_LINK = (
    "verbinding van een gepland station, aantal en vermogen aangenomen: een vraag, geen project",
    "link of a planned station whose number and rating are assumed: a question to the operator, no project",
)
ASSUMED = "assumed"
HEAT_SECTORS = r"_hp_|hp_electric|hp_hybrid|district|_pth|power_to_heat|heat_pump"
SMALL_USERS = "household|district"  # no contract of their own with the operator


@dataclass(frozen=True)
class Groups:
    """Bottlenecks with their group.

    Attributes
    ----------
    rows : DataFrame
        Bottleneck rows that can lead to a project, plus ``key``.
    table : DataFrame
        One row per group: key, area, kind, asset_class, carrier, asset_ids, bottleneck_ids, name, station,
        station_id, municipality, gm_code, cluster, operator, asset_id, length_km, carrier_share,
        contract_share.
    links : DataFrame
        Bottlenecks that cannot lead to a project of this province, with the reason.
    """

    rows: pd.DataFrame
    table: pd.DataFrame
    links: pd.DataFrame


def group_assets(bottlenecks: pd.DataFrame, shares: pd.DataFrame, tables: TablesLike) -> Groups:
    """Group bottlenecks by asset and set aside what is not for this province to programme.

    Set aside: circuits of 220 kV and more and transformers between such grids (their loading follows
    national transit and is information only), links of planned stations of which number and rating are
    assumed (a shortage there is one of our assumption: a data request), and assets outside the province of
    which less than half of the peak flow belongs to study municipalities.

    Parameters
    ----------
    bottlenecks, shares : DataFrame
        ``bottlenecks.csv`` and ``bottleneck_shares.csv``.
    tables : TablesLike
        Uses grid/circuits, grid/transformers, grid/stations, regions/municipalities.
    """
    rows = bottlenecks.assign(
        **{c: text(bottlenecks[c]) for c in ("asset_id", "asset_class", "station", "municipality", "cluster")}
    )
    places = _places(tables)
    extra_high = rows["asset_id"].isin(_extra_high_assets(tables))
    outside = rows["cluster"].eq("") & ~rows["bottleneck_id"].isin(_from_study(shares, places))
    assumed = rows["asset_id"].isin(assumed_links(tables)) & ~extra_high
    links = pd.concat(
        [
            _link(rows[extra_high], "information", *INFORMATION_ONLY),
            _link(rows[outside & ~extra_high], "outside", *OUTSIDE),
            _link(rows[assumed & ~outside], "data_request", *ASSUMED_LINK),
        ],
        ignore_index=True,
    )  # fmt: skip
    small = _small(rows, tables) & ~extra_high & ~outside & ~assumed
    links = pd.concat([links, _link(rows[small], "information", *SMALL)], ignore_index=True)
    rows = rows[~extra_high & ~outside & ~small & ~assumed]
    rows = rows.assign(**_areas(rows, tables))
    return Groups(rows, _table(rows, shares, places), links)


def _small(rows: pd.DataFrame, tables: TablesLike) -> pd.Series:
    """Whether a bottleneck of another carrier never exceeds by more than what makes a project."""
    known = optional(tables, "assumptions", ["assumption_id", "value"])
    least = pd.to_numeric(known.loc[text(known["assumption_id"]) == "project_least_mw", "value"]).sum()
    most = rows.groupby("bottleneck_id")["exceedance_mw"].transform("max")
    return text(rows["carrier"]).ne("electricity") & (most < least)


def _link(rows: pd.DataFrame, relation: str, nl: str, en: str) -> pd.DataFrame:
    ids = sorted(rows["bottleneck_id"].unique())
    frame = pd.DataFrame({"bottleneck_id": ids})
    return frame.assign(project_id="", relation=relation, reason_nl=nl, reason_en=en)[LINK_COLUMNS]


def _places(tables: TablesLike) -> pd.DataFrame:
    places = optional(tables, "regions/municipalities", ["gm_code", "name", "cluster", "role"])
    return places.assign(**{c: text(places[c]) for c in ("gm_code", "name", "cluster", "role")})


def _extra_high_assets(tables: TablesLike) -> set[str]:
    """Return corridors of 220 kV and more, and transformer groups between two such grids."""
    circuits = optional(tables, "grid/circuits", ["corridor_id", "voltage_kv"])
    voltage = pd.to_numeric(circuits["voltage_kv"], errors="coerce")
    corridors = set(text(circuits.loc[voltage >= EXTRA_HIGH_KV, "corridor_id"]))
    buses = optional(tables, "grid/buses", ["bus_id", "voltage_kv"])
    kv = pd.Series(pd.to_numeric(buses["voltage_kv"]).to_numpy(), index=text(buses["bus_id"]).to_numpy())
    units = optional(tables, "grid/transformers", ["group_id", "bus0", "bus1"])
    lowest = pd.concat([text(units[side]).map(kv) for side in ("bus0", "bus1")], axis=1).min(
        axis=1, skipna=False
    )
    return corridors | set(text(units.loc[lowest >= EXTRA_HIGH_KV, "group_id"]))


def assumed_links(tables: TablesLike) -> set[str]:
    """Return the corridors that come with a plan and of which number and rating are assumed."""
    columns = ["corridor_id", "status", "rating_quality", "quality"]
    circuits = optional(tables, "grid/circuits", columns)
    guess = text(circuits["status"]).eq("planned") & text(circuits["rating_quality"]).eq(ASSUMED)
    guess &= text(circuits["quality"]).eq(ASSUMED)
    known = set(text(circuits.loc[~guess, "corridor_id"]))
    return set(text(circuits.loc[guess, "corridor_id"])) - known


def _from_study(shares: pd.DataFrame, places: pd.DataFrame) -> set[str]:
    study = set(places.loc[places["role"] == "study", "gm_code"])
    keys = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    if shares.empty:
        return set()
    inside = shares["share"].where(text(shares["gm_code"]).isin(study), 0.0)
    per_peak = shares.assign(inside=inside).groupby(keys)["inside"].sum()
    mean = per_peak.groupby("bottleneck_id").mean()
    return set(mean.index[mean >= OUTSIDE_SHARE_MIN].astype(str))


def _areas(rows: pd.DataFrame, tables: TablesLike) -> dict[str, pd.Series]:
    units = optional(tables, "grid/transformers", ["group_id", "station_id", "kind"]).drop_duplicates(
        "group_id"
    )
    station_of = units.set_index(text(units["group_id"]))["station_id"]
    station_id = text(rows["asset_id"].map(station_of))
    at_station = rows["asset_class"].eq("station_transformer") & station_id.ne("")
    area = station_id.where(at_station, rows["asset_id"])
    kind = rows["asset_class"].map(KINDS).fillna(rows["asset_class"])
    return {
        "station_id": station_id,
        "area": area,
        "kind": kind,
        "key": area + "|" + text(rows["carrier"]) + "|" + kind,
    }


def _first(values: pd.Series) -> str:
    filled = [v for v in values if v]
    return max(sorted(set(filled)), key=filled.count) if filled else ""


def _table(rows: pd.DataFrame, shares: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in GROUP_COLUMNS})
    first = [
        "area",
        "kind",
        "asset_class",
        "carrier",
        "asset_id",
        "station",
        "station_id",
        "municipality",
        "cluster",
    ]
    grouped = rows.assign(operator=text(rows["operator"]), asset_name=text(rows["asset_name"])).groupby("key")
    out = grouped.agg(
        **{c: (c, _first) for c in [*first, "operator"]},
        asset_name=("asset_name", _first),
        asset_ids=("asset_id", join_ids),
        bottleneck_ids=("bottleneck_id", join_ids),
    ).reset_index()
    out = out.assign(gm_code=text(out["municipality"].map(places.set_index("name")["gm_code"].to_dict())))
    out["name"] = out["asset_name"].where(out["asset_name"] != "", out["station"])
    out["length_km"] = np.nan
    sector = _sector_shares(rows, shares)
    return out.join(sector, on="key").fillna({"carrier_share": 0.0, "contract_share": 0.0})


def _sector_shares(rows: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Mean share of the take-off peak per group: other carrier possible, and large users."""
    if shares.empty:
        return pd.DataFrame(columns=["carrier_share", "contract_share"])
    take_off = rows.loc[rows["direction"] == "take-off", ["key", "bottleneck_id"]].drop_duplicates()
    named = text(shares["sector"])
    heat = named.str.lower().str.contains(HEAT_SECTORS, regex=True)
    part = shares.assign(
        carrier_share=shares["share"].where(heat, 0.0),
        contract_share=shares["share"].where(~named.str.lower().str.contains(SMALL_USERS, regex=True), 0.0),
    ).merge(take_off, on="bottleneck_id")
    keys = ["key", "bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    per_peak = part.groupby(keys)[["carrier_share", "contract_share"]].sum()
    return per_peak.groupby("key").mean().clip(0.0, 1.0)
