"""From municipalities to the clusters of the study area, and to what lies outside it."""

from __future__ import annotations

from typing import Final

import pandas as pd

RUN: Final = ["storyline", "variant"]
#: Stands for all clusters together, and for all that is not in a municipality of the study area.
PROVINCE: Final = "province"
OUTSIDE: Final = "outside"
STUDY: Final = "study"
FEED_IN: Final = "feed-in"
TAKE_OFF: Final = "take-off"
KEY: Final = [*RUN, "year", "asset_id"]
TOLERANCE: Final = 1e-6


def cluster_of(municipalities: pd.DataFrame) -> dict[str, str]:
    """Return the cluster of each municipality of the study area, by code; a code that is not here is outside.

    Parameters
    ----------
    municipalities : DataFrame
        ``regions/municipalities``: gm_code, role (study or neighbour), cluster.
    """
    study = municipalities[municipalities["role"] == STUDY]
    return {str(code): str(name) for code, name in zip(study["gm_code"], study["cluster"], strict=True)}


def to_clusters(codes: pd.Series, clusters: dict[str, str]) -> pd.Series:
    """Return the cluster of each municipality code, ``outside`` for one that is not in the study area."""
    found: pd.Series = codes.astype(str).map(clusters).fillna(OUTSIDE)
    return found


def place_shares(places: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Sum the places of assets to clusters.

    Parameters
    ----------
    places : DataFrame
        Per run: storyline, variant, year, asset_id, direction, sizes, weather_year, hour, basis, gm_code,
        share, homes_share.
    municipalities : DataFrame
        ``regions/municipalities``.

    Returns
    -------
    DataFrame
        Table ``asset_places``: storyline, variant, year, asset_id, direction, cluster, share, homes_share,
        province_share (of the whole study area), sizes, basis, weather_year, hour.

    Raises
    ------
    ValueError
        If the shares of an asset do not add to one.
    """
    table = places.assign(cluster=to_clusters(places["gm_code"], cluster_of(municipalities)))
    facts = ["sizes", "basis", "weather_year", "hour"]
    key = [*KEY, "direction"]
    table = table.groupby([*key, "cluster", *facts], as_index=False)[["share", "homes_share"]].sum()
    total = table.groupby(key)["share"].transform("sum")
    off = table[(total - 1).abs() > TOLERANCE]
    if len(off):
        message = f"the places of {off.iloc[0]['asset_id']} in {off.iloc[0]['year']} do not add to one"
        raise ValueError(message)
    inside = table["share"].where(table["cluster"] != OUTSIDE, 0.0)
    table["province_share"] = inside.groupby([table[name] for name in key]).transform("sum")
    return table[[*key, "cluster", "share", "homes_share", "province_share", *facts]]


def divide(rows: pd.DataFrame, value: str, shares: pd.DataFrame) -> pd.DataFrame:
    """Divide an amount per asset over clusters.

    Parameters
    ----------
    rows : DataFrame
        storyline, variant, year, asset_id, the amount, and optionally ``direction``: the side of the asset
        that the amount is about; without one, or where the asset has no such side, the side that sizes it.
    value : str
        Column with the amount.
    shares : DataFrame
        Table ``asset_places``.

    Returns
    -------
    DataFrame
        The rows once per cluster, with ``cluster``, ``share`` and ``homes_share``, and the amount times the
        share. The sum is that of the rows that came in. An asset that a planned project has taken away by then is
        still paid: it is divided as in the last year in which it stood.

    Raises
    ------
    ValueError
        If an asset has no place: its amount would be lost, or counted for the wrong area.
    """
    if rows.empty:
        return rows.assign(cluster="", share=0.0, homes_share=0.0)
    wanted = rows.reset_index(drop=True)
    asked = wanted["direction"] if "direction" in wanted else pd.Series("", index=wanted.index)
    number = wanted[KEY].assign(row=wanted.index, asked=asked)
    both = number.merge(with_earlier(shares, wanted), on=KEY, how="left")
    lost = both[both["share"].isna()]
    if len(lost):
        names = ", ".join(sorted(set(lost["asset_id"].astype(str)))[:5])
        message = f"no place is known for {names}, so {value} cannot be divided over the study area"
        raise ValueError(message)
    # the side that was asked goes before the one that sizes, and that before any other
    rank = 2 * both["direction"].eq(both["asked"]) + both["sizes"].astype(bool)
    chosen = both[rank == rank.groupby(both["row"]).transform("max")]
    first = chosen.groupby("row")["direction"].transform("first")
    chosen = chosen[chosen["direction"] == first]
    made = wanted.drop(columns=["cluster"], errors="ignore").loc[chosen["row"]].reset_index(drop=True)
    parts = chosen[["cluster", "share", "homes_share"]].reset_index(drop=True)
    made = pd.concat([made, parts], axis=1)
    made[value] *= made["share"]
    return made


def with_earlier(shares: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Add the shares of assets that are asked for in a year in which they no longer stand.

    Parameters
    ----------
    shares : DataFrame
        Table ``asset_places``.
    wanted : DataFrame
        Rows with the columns of :data:`KEY`.

    Returns
    -------
    DataFrame
        ``shares``, and for each asset that is not in it in the year that is asked its shares of the latest year
        before. An asset without any earlier year is not added.
    """
    known = shares[KEY].drop_duplicates()
    asked = wanted[KEY].drop_duplicates().merge(known, on=KEY, how="left", indicator=True)
    gone = asked[asked["_merge"] == "left_only"][KEY].sort_values("year", kind="stable")
    if gone.empty:
        return shares
    earlier = known.assign(stood=known["year"]).sort_values("year", kind="stable")
    last = pd.merge_asof(
        gone, earlier, on="year", by=[*RUN, "asset_id"], direction="backward", allow_exact_matches=False
    ).dropna(subset=["stood"])
    moved = last.merge(shares.rename(columns={"year": "stood"}), on=[*RUN, "asset_id", "stood"])
    return pd.concat([shares, moved[shares.columns]], ignore_index=True)


def with_totals(rows: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """Add a row ``province`` per key, the sum over the clusters; ``outside`` stays beside it.

    Parameters
    ----------
    rows : DataFrame
        Rows with ``cluster`` (clusters of the study area and ``outside``) and an amount.
    value : str
        Column with the amount.

    Returns
    -------
    DataFrame
        The rows summed per key and cluster, and the totals; a total of zero where all lies outside.
    """
    key = [name for name in rows.columns if name not in {"cluster", value}]
    if rows.empty:
        return rows
    table = rows.groupby([*key, "cluster"], as_index=False, dropna=False)[value].sum()
    inside = table.assign(**{value: table[value].where(table["cluster"] != OUTSIDE, 0.0)})
    total = inside.groupby(key, as_index=False, dropna=False)[value].sum().assign(cluster=PROVINCE)
    both: pd.DataFrame = pd.concat([table, total], ignore_index=True)[rows.columns]
    return both
