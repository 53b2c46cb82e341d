"""Derive the service areas from the operators' own feeding areas, neighbourhood by neighbourhood.

Reads ``regions/neighbourhoods``, ``grid/area_stations``, ``grid/stations``, ``regions/municipalities`` and
``supply/parks`` of an inputs folder and writes ``grid/service_areas.csv``. No published capacity or need is
read: what is placed here can be held against them.

Run ``python tools/derive_connections.py`` after one of these tables changes; ``--check`` only compares.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

OUTSIDE = "outside"
INPUTS = Path(__file__).resolve().parents[1] / "inputs"
#: Column of the service areas and what weighs a neighbourhood in it.
KINDS = (
    "load",
    "field",
    "homes",
    "services",
    "farms",
    "industry",
    "roofs",
    "large_roofs",
    "wind",
    "field_base",
)
#: Connections count as weight only where they cover this part of the homes of the municipality: another
#: operator serves the rest, and its neighbourhoods would weigh nothing.
COVERED_MIN = 0.8
SOURCE = "nbnl_capacity_map_2026-07-09"
KEEP_SOURCE = "service-area-method"


def area_of_station(area_stations: pd.DataFrame, stations: pd.DataFrame) -> pd.Series:
    """Map feeding areas to the public station that serves them.

    Parameters
    ----------
    area_stations : DataFrame
        feeding_area_id, station_id; an area may name a customer station too.
    stations : DataFrame
        station_id, serves_public.

    Returns
    -------
    Series
        station_id by feeding_area_id; areas of stations outside the modelled grid are not in it.
    """
    public = set(stations.loc[stations["serves_public"].astype(str).str.lower() == "true", "station_id"])
    rows = area_stations[area_stations["station_id"].isin(public)]
    return rows.drop_duplicates("feeding_area_id").set_index("feeding_area_id")["station_id"]


def neighbourhood_shares(neighbourhoods: pd.DataFrame) -> pd.DataFrame:
    """Divide each neighbourhood over feeding areas.

    The part of its postcodes that is not in the named area has an area that was not published. It goes to
    the other areas of its district (the first eight characters of the code), by their postcodes, and
    without any to those of its municipality.

    Parameters
    ----------
    neighbourhoods : DataFrame
        neighbourhood_id, gm_code, feeding_area_id, postcodes, postcodes_in_area.

    Returns
    -------
    DataFrame
        neighbourhood_id, gm_code, feeding_area_id, share (adds to 1 per neighbourhood), published (False
        for what was not named).
    """
    frame = neighbourhoods.assign(district=neighbourhoods["neighbourhood_id"].str[:8])
    known = frame["postcodes_in_area"] / frame["postcodes"]
    rows = [frame.assign(share=known, published=True)]
    by = {
        level: frame.groupby([level, "feeding_area_id"])["postcodes_in_area"].sum()
        for level in ("district", "gm_code")
    }
    for row, share in zip(frame.itertuples(), known, strict=True):
        if share >= 1.0:
            continue
        for level in ("district", "gm_code"):
            others = by[level][getattr(row, level)].drop(row.feeding_area_id)
            if others.sum() > 0:
                break
        if others.sum() == 0:
            others = pd.Series({row.feeding_area_id: 1.0})
        part = (1.0 - share) * others / others.sum()
        rows.append(
            pd.DataFrame(
                {
                    "neighbourhood_id": row.neighbourhood_id,
                    "gm_code": row.gm_code,
                    "feeding_area_id": part.index,
                    "share": part.to_numpy(),
                    "published": False,
                }
            )
        )
    columns = ["neighbourhood_id", "gm_code", "feeding_area_id", "share", "published"]
    return pd.concat([part[columns] for part in rows], ignore_index=True)


def weights(
    neighbourhoods: pd.DataFrame, dwellings: pd.Series, parks_mw: pd.Series | None = None
) -> pd.DataFrame:
    """Weigh each neighbourhood per kind of user.

    Homes follow grid connections (postcodes where another operator has part of the municipality), services
    follow postcodes, farms and open country follow the postcodes of rural neighbourhoods, industry those of
    industrial estates, roofs the registered solar power of small connections, large roofs that of large
    connections less the parks that are named. A kind without any weight in a municipality follows its
    postcodes.

    Parameters
    ----------
    neighbourhoods : DataFrame
        gm_code, postcodes, connections, small_solar_mw, large_solar_mw, rural, industrial.
    dwellings : Series
        Homes by gm_code; a municipality without a figure follows postcodes.
    parks_mw : Series, optional
        Registered power of named solar parks by neighbourhood_id.

    Returns
    -------
    DataFrame
        Rows of ``neighbourhoods``, columns of ``KINDS``; per municipality each adds to 1.
    """
    codes, postcodes = neighbourhoods["gm_code"], neighbourhoods["postcodes"].astype(float)
    rural = postcodes.where(neighbourhoods["rural"].astype(str).str.lower() == "true", 0.0)
    estate = postcodes.where(neighbourhoods["industrial"].astype(str).str.lower() == "true", 0.0)
    connections = neighbourhoods["connections"].astype(float)
    total = connections.groupby(codes).transform("sum")
    covered = total >= COVERED_MIN * codes.map(dwellings).astype(float)
    homes = connections.fillna(0.0).where(covered, postcodes)
    roofs = neighbourhoods["small_solar_mw"].astype(float).fillna(0.0).where(covered, postcodes)
    large = neighbourhoods["large_solar_mw"].astype(float).fillna(0.0)
    if parks_mw is not None:
        large = (large - neighbourhoods["neighbourhood_id"].map(parks_mw).fillna(0.0)).clip(lower=0.0)
    table = pd.DataFrame(
        {
            "load": postcodes,
            "field": rural,
            "homes": homes,
            "services": postcodes,
            "farms": rural,
            "industry": estate,
            "roofs": roofs,
            "large_roofs": large.where(covered, postcodes),
            "wind": rural,
            "field_base": rural,
        }
    )
    for column in table:
        empty = table[column].groupby(codes).transform("sum") == 0
        table[column] = table[column].where(~empty, postcodes)
    return table / table.groupby(codes).transform("sum")


def service_areas(
    neighbourhoods: pd.DataFrame,
    stations: pd.Series,
    dwellings: pd.Series,
    parks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sum neighbourhoods to shares per municipality and station.

    Parameters
    ----------
    neighbourhoods : DataFrame
        As :func:`neighbourhood_shares` and :func:`weights`.
    stations : Series
        station_id by feeding_area_id; other areas are ``outside``.
    dwellings : Series
        Homes by gm_code.
    parks : DataFrame, optional
        Named parks: technology, gm_code, neighbourhood_id, station_id, inverter_mw, capacity_mw. New wind of a
        municipality follows the parks that it has.

    Returns
    -------
    DataFrame
        gm_code, station_id and a share per kind, rounded to three decimals, each adding to 1.
    """
    parts = neighbourhood_shares(neighbourhoods)
    solar = None
    if parks is not None:
        solar = parks.groupby("neighbourhood_id")["inverter_mw"].sum()
    weight = weights(neighbourhoods, dwellings, solar).set_index(neighbourhoods["neighbourhood_id"])
    station = parts["feeding_area_id"].map(stations).fillna(OUTSIDE)
    amounts = weight.loc[parts["neighbourhood_id"]].mul(parts["share"].to_numpy(), axis=0)
    keys = [parts["gm_code"].to_numpy(), station.to_numpy()]
    table = amounts.groupby(keys).sum()
    table.index.names = ["gm_code", "station_id"]
    if parks is not None:
        table = _wind_by_parks(table, parks[parks["technology"] == "wind_onshore"])
        table = _unnamed_outside(table, set(parks["gm_code"]))
    return _rounded(table).add_suffix("_share").reset_index()


def _wind_by_parks(table: pd.DataFrame, parks: pd.DataFrame) -> pd.DataFrame:
    by_park = parks.groupby(["gm_code", "station_id"])["capacity_mw"].sum()
    by_park = by_park[by_park.index.get_level_values(0).isin(table.index.get_level_values(0))]
    share = by_park / by_park.groupby(level=0).transform("sum")
    table = table.reindex(table.index.union(share.index)).fillna(0.0)
    has = table.index.get_level_values(0).isin(share.index.get_level_values(0))
    table.loc[has, "wind"] = share.reindex(table.index[has]).fillna(0.0)
    return table


def _unnamed_outside(table: pd.DataFrame, registered: set[str]) -> pd.DataFrame:
    """Put what stands but is not in the operator's register outside the stations of the model.

    The register names everything behind large connections on medium voltage. What a storyline has above it
    in the base year hangs on high voltage, or is not there.
    """
    codes = table.index.get_level_values(0)
    wanted = [(code, OUTSIDE) for code in sorted(registered & set(codes))]
    index = table.index.union(pd.MultiIndex.from_tuples(wanted, names=table.index.names))
    table = table.reindex(index).fillna(0.0)
    codes, stations = (table.index.get_level_values(level) for level in (0, 1))
    inside = codes.isin(registered)
    table.loc[inside, "field_base"] = (stations[inside] == OUTSIDE).astype(float)
    return table


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round to three decimals; what rounding leaves goes to the largest share, so that each adds to 1."""
    rounded = table.round(3)
    for code in rounded.index.get_level_values(0).unique():
        for column in rounded:
            part = rounded.loc[[code], column]
            left = 1.0 - part.sum()
            rounded.loc[part.idxmax(), column] = round(part.max() + left, 3)
    return rounded[(rounded > 0).any(axis=1)]


def derive(folder: Path) -> pd.DataFrame:
    """Make the service areas of an inputs folder.

    Municipalities without published neighbourhoods keep the rows that stand in the present table.

    Parameters
    ----------
    folder : Path
        Inputs folder.

    Returns
    -------
    DataFrame
        ``grid/service_areas`` in file order.
    """
    read = {name: pd.read_csv(folder / f"{name}.csv") for name in (
        "regions/neighbourhoods", "regions/municipalities", "grid/area_stations", "grid/stations",
        "grid/service_areas")}  # fmt: skip
    neighbourhoods = read["regions/neighbourhoods"]
    dwellings = read["regions/municipalities"].set_index("gm_code")["dwellings"]
    stations = area_of_station(read["grid/area_stations"], read["grid/stations"])
    parks_file = folder / "supply/parks.csv"
    parks = pd.read_csv(parks_file) if parks_file.exists() else None
    table = service_areas(neighbourhoods, stations, dwellings, parks)
    table = table.assign(source=SOURCE, quality="derived", note="")
    present = read["grid/service_areas"]
    kept = present[~present["gm_code"].isin(neighbourhoods["gm_code"])]
    both = pd.concat([table, kept], ignore_index=True)
    return both.sort_values(["gm_code", "station_id"], ignore_index=True)


def main(arguments: list[str] | None = None) -> int:
    """Write the derived table, or with ``--check`` say whether it differs from the one that stands there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=Path, default=INPUTS, help="inputs folder")
    parser.add_argument("--check", action="store_true", help="only compare; nothing is written")
    options = parser.parse_args(arguments)
    text = derive(options.inputs).to_csv(index=False, lineterminator="\n")
    target = options.inputs / "grid/service_areas.csv"
    if options.check:
        same = target.read_text() == text
        print("service areas are as derived" if same else "service areas differ: run without --check")
        return 0 if same else 1
    target.write_text(text)
    print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
