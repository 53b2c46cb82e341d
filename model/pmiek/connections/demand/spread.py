"""Spreading primitives: municipality or province in, station out, nothing lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTSIDE: Final = "outside"
AMOUNTS: Final = ["volume_mwh", "capacity_mw"]


def scale(frame: pd.DataFrame, share: pd.Series) -> pd.DataFrame:
    """Multiply the amounts of every row by its share.

    Parameters
    ----------
    frame : DataFrame
        Columns ``volume_mwh`` and ``capacity_mw``.
    share : Series
        Fractions, aligned with ``frame``.

    Returns
    -------
    DataFrame
        Copy with scaled amounts.
    """
    return frame.assign(**{column: frame[column] * share for column in AMOUNTS})


def by_service_area(rows: pd.DataFrame, service_areas: pd.DataFrame, share_column: str) -> pd.DataFrame:
    """Spread municipal amounts over stations by service-area shares.

    Parameters
    ----------
    rows : DataFrame
        Columns ``gm_code``, ``volume_mwh``, ``capacity_mw`` and any others, which are kept.
    service_areas : DataFrame
        Columns ``gm_code``, ``station_id`` and ``share_column``; the shares of a municipality add to one.
    share_column : str
        ``load_share`` or ``field_share``.

    Returns
    -------
    DataFrame
        The rows with ``station_id`` added and amounts multiplied by the share; the sum is unchanged.

    Raises
    ------
    InputError
        If a municipality has no service area.
    """
    missing = sorted(set(rows["gm_code"]) - set(service_areas["gm_code"]))
    if missing:
        raise InputError([_no_service_area(gm_code) for gm_code in missing])
    shares = service_areas.loc[service_areas[share_column] > 0, ["gm_code", "station_id", share_column]]
    merged = rows.merge(shares, on="gm_code", how="left")
    return scale(merged, merged[share_column]).drop(columns=share_column)


def by_sites(
    rows: pd.DataFrame, sites: pd.DataFrame, on: list[str], stations: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give known sites their share and return what remains.

    A site whose station is not part of this grid (planned, or taken away) keeps its municipality: its share
    stays in the remainder.

    Parameters
    ----------
    rows : DataFrame
        Columns of ``on`` plus ``volume_mwh`` and ``capacity_mw``.
    sites : DataFrame
        Columns of ``on``, ``station_id``, ``share`` (fraction of the row).
    on : list of str
        Key columns shared by both.
    stations : iterable of str
        Stations of this grid; ``outside`` always counts.

    Returns
    -------
    at_sites, remainder : DataFrame
        Rows with ``station_id``; rows scaled to what is left.

    Raises
    ------
    InputError
        If the shares of a key add to more than one.
    """
    known = sites[sites["station_id"].isin({*stations, OUTSIDE})]
    total = known.groupby(on, as_index=False)["share"].sum()
    too_much = total[total["share"] > 1 + 1e-9]
    if len(too_much):
        raise InputError([_more_than_one(row, on) for row in too_much.to_dict("records")])
    at_sites = rows.merge(known[[*on, "station_id", "share"]], on=on, how="inner")
    at_sites = scale(at_sites, at_sites["share"]).drop(columns="share")
    rest = rows.merge(total, on=on, how="left")
    remainder = scale(rest, 1.0 - rest["share"].fillna(0.0)).drop(columns="share")
    return at_sites, remainder


def _no_service_area(gm_code: str) -> Problem:
    return Problem(
        "inputs/grid/service_areas.csv",
        None,
        "gm_code",
        gm_code,
        "at least one station per municipality with demand or generation",
        f"Add rows for {gm_code} whose load_share and field_share add to 1.",
    )


def _more_than_one(row: dict[str, object], on: list[str]) -> Problem:
    key = ", ".join(str(row[column]) for column in on)
    return Problem(
        "inputs (site shares)",
        None,
        "share",
        f"{row['share']:.4f}",
        f"shares of {key} that add to at most 1",
        "Lower the shares; what is left over is spread by service area.",
    )
