"""Local plans laid over the demand of the storylines: housing, charging, heat, per municipality."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pmiek.errors import Problem

if TYPE_CHECKING:
    from pmiek.inputs.tables import Tables

OVERLAYS: Final = "demand/overlays"
DEMAND: Final = "demand/municipal"
FILE: Final = f"inputs/{OVERLAYS}.csv"
ROW_KEY: Final = ["storyline", "year", "gm_code", "carrier", "sector"]
REPLACE, DELTA = "replace", "delta"
SMALL_MWH: Final = 1e-6


def apply_overlays(tables: Tables) -> Tables:
    """Give the tables with the local plans laid over ``demand/municipal``.

    A storyline already holds some housing, charging and heat, so a plan says how it relates to that:
    ``replace`` sets the volume of a row that is there, ``delta`` adds to it (or takes away). Without a
    storyline it holds in all of them. All replacements come first, then all deltas. The published peak, a
    cross-check, scales with the volume. Source and quality of a changed row are those of the plan.

    Parameters
    ----------
    tables : Tables
        Checked inputs; without rows in ``demand/overlays`` they come back as they are.

    Returns
    -------
    Tables
        With a changed ``demand/municipal``; nothing else moves.
    """
    overlays, demand = (tables.frames.get(name) for name in (OVERLAYS, DEMAND))
    if overlays is None or demand is None or overlays.empty:
        return tables
    plans = per_storyline(overlays, demand)
    changed = with_plans(demand, plans)
    return replace(tables, frames=MappingProxyType({**tables.frames, DEMAND: changed}))


def with_plans(demand: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Lay plans over demand rows.

    Parameters
    ----------
    demand : DataFrame
        ``demand/municipal``.
    plans : DataFrame
        storyline, year, gm_code, carrier, sector, mode, volume_mwh, source, quality; a storyline in each row.

    Returns
    -------
    DataFrame
        Demand with changed and new rows; untouched rows and their order stay.
    """
    index = pd.MultiIndex.from_frame(plans[ROW_KEY])
    by_mode = {
        mode: plans["volume_mwh"].astype(float).where(plans["mode"] == mode).groupby(index).sum(min_count=1)
        for mode in (REPLACE, DELTA)
    }
    facts = plans.drop_duplicates(ROW_KEY, keep="last").set_index(ROW_KEY)
    old = demand.set_index(ROW_KEY)
    new = facts.index.difference(old.index)
    rows = pd.concat([old, facts.loc[new, ["source", "quality"]].assign(volume_mwh=0.0)])
    touched = rows.index.isin(facts.index)
    mine = rows[touched]
    before = mine["volume_mwh"].astype(float)
    volume = by_mode[REPLACE].reindex(mine.index).fillna(before)
    volume += by_mode[DELTA].reindex(mine.index).fillna(0.0)
    scale = (volume / before.where(before > 0)).astype(float)
    rows.loc[touched, "volume_mwh"] = volume.clip(lower=0.0)
    rows.loc[touched, "peak_mw"] = mine["peak_mw"].astype(float) * scale
    for name in ("source", "quality"):
        rows.loc[touched, name] = facts[name].reindex(mine.index)
    return rows.reset_index()[list(demand.columns)]


def per_storyline(overlays: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Repeat a plan without a storyline for every storyline that has its year; keeps the line as ``line``."""
    rows = overlays.assign(line=overlays.index)
    years = demand[["storyline", "year"]].drop_duplicates()
    for_all = rows[rows["storyline"].isna()].drop(columns="storyline").merge(years, on="year", how="inner")
    return between_years(pd.concat([rows[rows["storyline"].notna()], for_all], ignore_index=True), years)


def between_years(plans: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    """Give a plan the years of its storyline that lie between those it states, on a straight line.

    Nothing is added before the first or after the last stated year: there the storyline holds.

    Parameters
    ----------
    plans : DataFrame
        Plans with a storyline in each row.
    years : DataFrame
        storyline, year: the years that each storyline has.

    Returns
    -------
    DataFrame
        The plans, with the rows between behind them; such a row is ``derived`` and has the line, source and
        mode of the stated row before it.
    """
    known = years.groupby("storyline")["year"].agg(lambda cells: sorted(set(cells))).to_dict()
    added: list[dict[str, Any]] = []
    if "plan" not in plans:  # without a name nothing tells which rows are of one plan
        return plans
    for _, stated in plans.groupby(["plan", "storyline", "gm_code", "carrier", "sector", "mode"], sort=False):
        ordered = stated.drop_duplicates("year").sort_values("year")
        for (_, first), (_, last) in pairwise(ordered.iterrows()):
            for year in known.get(first["storyline"], []):
                if first["year"] < year < last["year"]:
                    part = (year - first["year"]) / (last["year"] - first["year"])
                    volume = first["volume_mwh"] + part * (last["volume_mwh"] - first["volume_mwh"])
                    added.append({**first, "year": year, "volume_mwh": volume, "quality": "derived"})
    if not added:
        return plans
    return pd.concat([plans, pd.DataFrame(added).astype(plans.dtypes.to_dict())], ignore_index=True)


def check_overlays(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Find every plan that cannot be laid over the demand.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    """
    overlays, demand, sectors = frames[OVERLAYS], frames[DEMAND], frames["profiles/sectors"]
    usable = overlays[
        overlays[["year", "gm_code", "carrier", "sector", "mode", "volume_mwh"]].notna().all(axis=1)
    ]
    if usable.empty:
        return []
    problems = [*_unknown_sectors(usable, sectors), *_unknown_years(usable, demand)]
    plans = per_storyline(usable, demand)
    return problems + _twice(plans) + _nothing_to_replace(plans, demand) + _negative(plans, demand)


def _problem(line: object, column: str, value: str, expected: str, remedy: str) -> Problem:
    return Problem(FILE, int(str(line)), column, value, expected, remedy)


def _unknown_sectors(overlays: pd.DataFrame, sectors: pd.DataFrame) -> list[Problem]:
    demand = sectors[sectors["kind"] == "demand"]
    known = set(zip(demand["carrier"], demand["sector"], strict=True))
    names = set(sectors["sector"])
    return [
        _problem(
            line,
            "sector",
            f"{carrier} / {sector}",
            "a demand sector of that carrier in profiles/sectors",
            "Choose a sector that is registered as demand of this carrier.",
        )
        for line, carrier, sector in zip(overlays.index, overlays["carrier"], overlays["sector"], strict=True)
        if sector in names and (carrier, sector) not in known
    ]


def _unknown_years(overlays: pd.DataFrame, demand: pd.DataFrame) -> list[Problem]:
    pairs = set(zip(demand["storyline"], demand["year"], strict=True))
    years = {year for _, year in pairs}
    wrong = []
    for line, storyline, year in zip(overlays.index, overlays["storyline"], overlays["year"], strict=True):
        of_all = pd.isna(storyline)
        if year in years if of_all else (storyline, year) in pairs:
            continue
        found = f"{year:g}" if of_all else f"{storyline}, {year:g}"
        remedy = "Give the plan in one of the years of the storylines: " + ", ".join(
            f"{y:g}" for y in sorted(years)
        )
        wrong.append(_problem(line, "year", found, "a storyline and year of demand/municipal", remedy + "."))
    return wrong


def _twice(plans: pd.DataFrame) -> list[Problem]:
    rows = plans[plans["mode"] == REPLACE]
    again = rows[rows.duplicated(ROW_KEY, keep="first")].drop_duplicates("line")
    return [
        _problem(
            row["line"],
            "mode",
            f"a second replace of {_name(row)}",
            "one replacement per storyline, year, municipality, carrier and sector",
            "Join the rows, or make one of them a delta.",
        )
        for row in again.to_dict("records")
    ]


def _nothing_to_replace(plans: pd.DataFrame, demand: pd.DataFrame) -> list[Problem]:
    rows = plans[plans["mode"] == REPLACE]
    there = pd.MultiIndex.from_frame(rows[ROW_KEY]).isin(pd.MultiIndex.from_frame(demand[ROW_KEY]))
    return [
        _problem(
            row["line"],
            "mode",
            f"replace of {_name(row)}",
            "a row of demand/municipal that can be replaced",
            "Write delta to add demand that the storyline does not have.",
        )
        for row in rows[~there].drop_duplicates("line").to_dict("records")
    ]


def _negative(plans: pd.DataFrame, demand: pd.DataFrame) -> list[Problem]:
    before = demand.set_index(ROW_KEY)["volume_mwh"].astype(float)
    before = before[~before.index.duplicated()]
    groups = plans.groupby(ROW_KEY, sort=False)
    wrong = []
    for key, rows in groups:
        replaced = rows.loc[rows["mode"] == REPLACE, "volume_mwh"]
        start = float(replaced.iloc[0]) if len(replaced) else float(before.get(key, 0.0))
        left = start + float(rows.loc[rows["mode"] == DELTA, "volume_mwh"].sum())
        if left < -SMALL_MWH:
            row = rows.iloc[-1]
            wrong.append((row["line"], _name(row), left))
    found = pd.DataFrame(wrong, columns=["line", "name", "left"]).drop_duplicates("line")
    return [
        _problem(
            line,
            "volume_mwh",
            f"{name} becomes {left:g} MWh",
            "demand of at least 0 after all plans",
            "Take less away.",
        )
        for line, name, left in found.itertuples(index=False, name=None)
    ]


def _name(row: Mapping[Hashable, Any] | pd.Series) -> str:
    return " / ".join(str(row[column]) for column in ROW_KEY)


OVERLAY_RULE = (
    check_overlays,
    {
        OVERLAYS: (*ROW_KEY, "mode", "volume_mwh"),
        DEMAND: (*ROW_KEY, "volume_mwh"),
        "profiles/sectors": ("carrier", "kind", "sector"),
    },
)
