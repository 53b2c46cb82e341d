"""Which assets of heat, methane and hydrogen answer one need: sources of a network, boosters of an area."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import TablesLike, optional, text

SOURCES = "-sources"
STORES = ("heat_storage", "gas_storage")  # in MWh: they add nothing to a size in MW


def carrier_places(tables: TablesLike) -> pd.DataFrame:
    """Return the place, name and municipality of every asset of another carrier.

    Parameters
    ----------
    tables : TablesLike
        Uses heat/networks, heat/sources, heat/pipes, gas/areas, gas/links, gas/area_shares and
        hydrogen/pipes; each may be absent.

    Returns
    -------
    DataFrame
        Index asset_id; place (asset whose need it answers: all sources of a network, all boosters of an area;
        a pipe is its own), name, gm_code (empty where it lies in several).
    """
    networks = _table(tables, "heat/networks", ["network_id", "name", "gm_code"]).set_index("network_id")
    sources = _table(tables, "heat/sources", ["source_id", "network_id"])
    areas = _table(tables, "gas/areas", ["area_id", "name"]).set_index("area_id")
    links = _table(tables, "gas/links", ["link_id", "area0", "kind", "name"])
    largest = _table(tables, "gas/area_shares", ["area_id", "gm_code"]).drop_duplicates("area_id")
    town = largest.set_index("area_id")["gm_code"]
    lifts = links[links["kind"] == "booster"]
    fed, area = sources["network_id"], lifts["area0"]
    parts = [
        _rows(sources["source_id"], fed + SOURCES, fed.map(networks["name"]), fed.map(networks["gm_code"])),
        _rows(lifts["link_id"], area, area.map(areas["name"]), area.map(town)),
    ]
    for name, key in (("heat/pipes", "pipe_id"), ("hydrogen/pipes", "pipe_id"), ("gas/links", "link_id")):
        pipes = _table(tables, name, [key, "name"])
        pipes = pipes[~pipes[key].isin(lifts["link_id"])]
        parts.append(
            _rows(pipes[key], pipes[key], pipes["name"], pipes[key].map(dict.fromkeys(pipes[key], "")))
        )
    return pd.concat(parts).fillna("")


def _table(tables: TablesLike, name: str, columns: list[str]) -> pd.DataFrame:
    table = optional(tables, name, columns)[columns]
    return table.assign(**{column: text(table[column]) for column in columns})


def _rows(asset: pd.Series, place: pd.Series, name: pd.Series, gm_code: pd.Series) -> pd.DataFrame:
    columns = {"place": place.to_numpy(), "name": name.to_numpy(), "gm_code": gm_code.to_numpy()}
    return pd.DataFrame(columns, index=pd.Index(asset.to_numpy(), name="asset_id"), dtype=object)


def by_place(capacity: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Add up what a run builds at one place of another carrier; storage, in MWh, is left out.

    Parameters
    ----------
    capacity : DataFrame
        Result table ``capacity``.
    places : DataFrame
        From :func:`carrier_places`.

    Returns
    -------
    DataFrame
        As ``capacity``, with one row per place, run and year for heat, methane and hydrogen.
    """
    if capacity.empty:
        return capacity
    electric = capacity["carrier"].eq("electricity")
    other = capacity[~electric & ~capacity["asset_class"].isin(STORES)]
    if other.empty:
        return capacity[electric]
    place = other["asset_id"].map(places["place"].to_dict()).fillna(other["asset_id"])
    keys = ["asset_id", "storyline", "variant", "year"]
    amounts = [name for name in ("existing_mw", "built_mw", "built_continuous_mw") if name in other]
    rest = [name for name in other.columns if name not in {*keys, *amounts}]
    joined = other.assign(asset_id=place).groupby(keys, as_index=False)
    summed = joined.agg({**dict.fromkeys(amounts, "sum"), **dict.fromkeys(rest, "first")})
    return pd.concat([capacity[electric], summed[capacity.columns]], ignore_index=True)
