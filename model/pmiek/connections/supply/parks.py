"""Solar and wind parks as points: what stands in the base year stands until the end of its life.

Per municipality and technology, in MW of panels or turbines:

- fleet of the base year: the larger of the storyline and the named parks;
- floor of a later year: what of that fleet has not reached the end of its life;
- total: the larger of storyline and floor; what exceeds the storyline is the excess, a named deviation;
- growth above the floor goes to parks in preparation first, pro rata where these are larger than the
  growth, and what is left of it by service area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

UNNAMED: Final = "field_base"
AMOUNTS: Final = ["volume_mwh", "capacity_mw"]
SHIFT_COLUMNS: Final = [
    "gm_code", "technology", "source_mw", "rebooked_mw", "named_mw", "floor_mw", "total_mw", "excess_mw",
    "excess_mwh", "pipeline_mw", "pipeline_placed_mw", "unnamed_mw",
    "by_area_mw",
]  # fmt: skip


@dataclass(frozen=True)
class Fleet:
    """What is needed to place the parks of one technology.

    Attributes
    ----------
    technology : str
        Name in the tables, for example ``solar_field``.
    profile_existing, profile_new : str
        Hourly profile of what stands in the base year and of growth.
    yield_existing, yield_new : float
        Raw yield of the two, MWh per MW and year.
    life_years : float
        Years from the first year of a park to its end, where the table names no end.
    first_year : float
        First year of what names none, the unnamed part of the fleet included.
    """

    technology: str
    profile_existing: str
    profile_new: str
    yield_existing: float
    yield_new: float
    life_years: float
    first_year: float


def rebook(rows: pd.DataFrame, parks: pd.DataFrame, base_year: int) -> pd.DataFrame:
    """Move parks that the source counts under another technology to their own.

    Parameters
    ----------
    rows : DataFrame
        gm_code, technology, volume_mwh, capacity_mw of one year.
    parks : DataFrame
        gm_code, technology, capacity_mw, in_service_year, booked_as (empty: under its own technology).
    base_year : int
        Only parks of the base year are moved.

    Returns
    -------
    DataFrame
        Same columns; sums per municipality do not change. At most what the source has is moved, with its
        energy in proportion.
    """
    moved = parks[parks["booked_as"].notna() & (parks["booked_as"] != "") & in_base(parks, base_year)]
    table = rows.copy()
    table[AMOUNTS] = table[AMOUNTS].astype(float)
    totals = moved.groupby(["gm_code", "booked_as", "technology"], as_index=False)["capacity_mw"].sum()
    columns = (totals[name] for name in ("gm_code", "booked_as", "technology", "capacity_mw"))
    for code, source, target, mw in zip(*columns, strict=True):
        there = (table["gm_code"] == code) & (table["technology"] == source)
        have = float(table.loc[there, "capacity_mw"].sum())
        if have <= 0:
            continue
        part = min(float(mw), have) / have
        amount = table.loc[there, AMOUNTS].sum() * part
        table.loc[there, AMOUNTS] *= 1.0 - part
        aim = (table["gm_code"] == code) & (table["technology"] == target)
        if not aim.any():
            row = table[there].iloc[[0]].assign(technology=target, volume_mwh=0.0, capacity_mw=0.0)
            table = pd.concat([table, row], ignore_index=True)
            aim = (table["gm_code"] == code) & (table["technology"] == target)
        table.loc[aim, AMOUNTS] += amount.to_numpy()
    return table


def in_base(parks: pd.DataFrame, base_year: int) -> pd.Series:
    """Say which parks stand in the base year: those without a first year, and those up to that year."""
    return parks["in_service_year"].isna() | (parks["in_service_year"].astype(float) <= base_year)


def standing(parks: pd.DataFrame, year: int, base_year: int, fleet: Fleet) -> pd.Series:
    """Capacity per park that stands in a year.

    Parameters
    ----------
    parks : DataFrame
        Parks of one technology: capacity_mw, in_service_year, end_year.
    year, base_year : int
        Year asked for, and base year.
    fleet : Fleet
        Life of the technology.

    Returns
    -------
    Series
        MW, aligned with ``parks``; zero for what came after the base year or is past its end.
    """
    end = parks["end_year"].astype(float)
    end = end.where(
        end.notna(), parks["in_service_year"].astype(float).fillna(fleet.first_year) + fleet.life_years
    )
    return parks["capacity_mw"].astype(float).where(in_base(parks, base_year) & (year < end), 0.0)


def place(
    rows: pd.DataFrame,
    base: pd.DataFrame,
    parks: pd.DataFrame,
    fleet: Fleet,
    years: tuple[int, int],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put one technology of one year on stations as far as parks are named.

    Parameters
    ----------
    rows, base : DataFrame
        gm_code, volume_mwh, capacity_mw of the year and of the base year, one row per municipality.
    parks : DataFrame
        Parks of the technology: gm_code, station_id, capacity_mw, in_service_year, end_year.
    fleet : Fleet
        Profiles, yields and life.
    years : (int, int)
        Year and base year.

    Returns
    -------
    placed : DataFrame
        gm_code, station_id (empty: by service area), served_as (``field_base`` for the unnamed part of the
        fleet, else empty), profile, volume_mwh, capacity_mw.
    shift : DataFrame
        Per municipality the columns of ``SHIFT_COLUMNS`` except rebooked_mw.
    """
    year, base_year = years
    known = parks.assign(floor=standing(parks, year, base_year, fleet))
    known["named"] = standing(parks, base_year, base_year, fleet)
    known["later"] = parks["capacity_mw"].where(~in_base(parks, base_year) & (_first(parks) <= year), 0.0)
    codes = sorted(
        {*rows["gm_code"], *base["gm_code"], *known.loc[known["later"] + known["named"] > 0, "gm_code"]}
    )
    per_town = known.groupby("gm_code")[["floor", "named", "later"]].sum().reindex(codes, fill_value=0.0)
    now = rows.groupby("gm_code")[AMOUNTS].sum().reindex(codes, fill_value=0.0)
    at_base = base.groupby("gm_code")[AMOUNTS].sum().reindex(codes, fill_value=0.0)
    hours = (
        float(at_base["volume_mwh"].sum() / max(at_base["capacity_mw"].sum(), 1e-9)) or fleet.yield_existing
    )
    unnamed = (at_base["capacity_mw"] - per_town["named"]).clip(lower=0.0)
    if year >= fleet.first_year + fleet.life_years:
        unnamed *= 0.0
    floor = per_town["floor"] + unnamed
    total = now["capacity_mw"].clip(lower=floor)
    growth = total - floor
    placed_share = (growth / per_town["later"].where(per_town["later"] > 0)).clip(upper=1.0).fillna(0.0)
    excess = total - now["capacity_mw"]
    volume = now["volume_mwh"] + excess * hours
    old = floor * fleet.yield_existing
    old_share = (old / (old + growth * fleet.yield_new).where(total > 0)).fillna(0.0)
    per_mw_old = (volume * old_share / floor.where(floor > 0)).fillna(0.0)
    per_mw_new = (volume * (1.0 - old_share) / growth.where(growth > 0)).fillna(0.0)
    later = known["later"] * known["gm_code"].map(placed_share)
    by_area = growth - placed_share * per_town["later"]
    parts = [
        _rows(known["gm_code"], known["station_id"], known["floor"], per_mw_old, fleet.profile_existing),
        _rows(known["gm_code"], known["station_id"], later, per_mw_new, fleet.profile_new),
        _rows(pd.Series(codes), "", unnamed.to_numpy(), per_mw_old, fleet.profile_existing).assign(
            served_as=UNNAMED
        ),
        _rows(pd.Series(codes), "", by_area.to_numpy(), per_mw_new, fleet.profile_new),
    ]
    shift = pd.DataFrame(
        {
            "gm_code": codes,
            "technology": fleet.technology,
            "source_mw": now["capacity_mw"].to_numpy(),
            "named_mw": per_town["floor"].to_numpy(),
            "floor_mw": floor.to_numpy(),
            "total_mw": total.to_numpy(),
            "excess_mw": excess.to_numpy(),
            "excess_mwh": (excess * hours).to_numpy(),
            "pipeline_mw": per_town["later"].to_numpy(),
            "pipeline_placed_mw": (placed_share * per_town["later"]).to_numpy(),
            "unnamed_mw": unnamed.to_numpy(),
            "by_area_mw": by_area.to_numpy(),
        }
    )
    both = pd.concat(parts, ignore_index=True)
    return both.assign(served_as=both["served_as"].fillna("")), shift


def _first(parks: pd.DataFrame) -> pd.Series:
    return parks["in_service_year"].astype(float).fillna(-np.inf)


def _rows(
    codes: pd.Series, stations: pd.Series | str, mw: object, per_mw: pd.Series, profile: str
) -> pd.DataFrame:
    frame = pd.DataFrame({"gm_code": codes.to_numpy(), "capacity_mw": np.asarray(mw, dtype=float)})
    frame["station_id"] = stations if isinstance(stations, str) else stations.to_numpy()
    frame["profile"] = profile
    frame["volume_mwh"] = frame["capacity_mw"] * frame["gm_code"].map(per_mw).to_numpy()
    return frame[frame["capacity_mw"] > 0]


def fleets(
    names: Mapping[str, tuple[str, str]],
    yields: Mapping[str, float],
    life_years: Mapping[str, float],
    first_year: float,
) -> tuple[Fleet, ...]:
    """Describe the technologies that have parks.

    Parameters
    ----------
    names : mapping
        Technology to its profiles: of what stands in the base year, and of growth.
    yields : mapping
        MWh per MW and year by profile; a profile without a yield counts as its sibling.
    life_years : mapping
        Life by technology.
    first_year : float
        First year of what names none.

    Returns
    -------
    tuple of Fleet
        In the order of ``names``.
    """
    made = []
    for technology, (old, new) in names.items():
        known = [yields[name] for name in (old, new) if name in yields]
        old_yield, new_yield = (yields.get(name, known[0] if known else 1.0) for name in (old, new))
        made.append(Fleet(technology, old, new, old_yield, new_yield, life_years[technology], first_year))
    return tuple(made)
