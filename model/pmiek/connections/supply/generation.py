"""Supply rows: what generates where, with field solar split into an existing and a new cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.connections.supply.parks import SHIFT_COLUMNS, fleets, place, rebook
from pmiek.inputs.select import base_of, of_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.inputs import Tables

FIELD: Final = "solar_field"
FIELD_EXISTING: Final = "solar_field_existing"
FIELD_NEW: Final = "solar_field_new"
WIND: Final = "wind_onshore"
WIND_EXISTING: Final = "wind_onshore_existing"
ROWS: Final = ["gm_code", "kind", "sector", "profile", "volume_mwh", "capacity_mw"]
PARKS: Final = {FIELD: (FIELD_EXISTING, FIELD_NEW), WIND: (WIND_EXISTING, WIND)}


def generation_rows(
    tables: Tables, storyline: str, year: int, yields: Mapping[str, float], carrier: str = "electricity"
) -> pd.DataFrame:
    """Return generation per municipality and technology in one storyline and year.

    Parameters
    ----------
    tables : Tables
        Reads ``supply/municipal``, ``supply/industry`` and ``profiles/sectors``.
    storyline, year
        Storyline id and calendar year; the shared base year serves every storyline.
    yields : mapping
        Raw yield in MWh per MW of ``solar_field_existing`` and ``solar_field_new``, and of ``wind_onshore``
        and ``wind_onshore_existing`` (without these two, wind is one cohort).
    carrier : str
        Energy carrier.

    Returns
    -------
    DataFrame
        gm_code (empty for province totals), kind (``supply``), sector (technology), profile,
        volume_mwh, capacity_mw, station_id (empty unless a park names it), served_as (share of the service
        areas that goes before the registry's; mostly empty).
    """
    table = tables["supply/municipal"]
    rows = of_year(table, storyline, year, carrier)
    parks = _parks(tables, carrier)
    if parks.empty:
        rows = with_profile(rows, tables["profiles/sectors"], carrier, "supply")
        base = base_of(table, carrier)
        base_mw = base[base["technology"] == FIELD].groupby("gm_code")["capacity_mw"].sum()
        municipal = wind_cohorts(field_cohorts(rows, base_mw, yields), yields).assign(station_id="")
    else:
        municipal, _ = _with_parks(tables, rows, parks, year, yields)
    province = of_year(tables["supply/industry"], storyline, year, carrier).assign(gm_code="", station_id="")
    province = with_profile(province, tables["profiles/sectors"], carrier, "supply")
    rows = pd.concat([municipal, province], ignore_index=True)
    return rows.reindex(columns=[*ROWS, "station_id", "served_as"]).fillna({"served_as": ""})


def park_shift(
    tables: Tables, storyline: str, year: int, yields: Mapping[str, float], carrier: str = "electricity"
) -> pd.DataFrame:
    """Show per municipality how the parks that stand change what the source says.

    Parameters
    ----------
    tables, storyline, year, yields, carrier
        As :func:`generation_rows`.

    Returns
    -------
    DataFrame
        gm_code, technology and, in MW: source_mw, rebooked_mw (moved here from another technology of the
        source), named_mw (parks with a station), floor_mw (what stands), total_mw, excess_mw over the
        source, pipeline_mw, pipeline_placed_mw, unnamed_mw (base-year fleet without a named park), by_area_mw
        (growth by service area); excess_mwh in MWh a year. No rows without
        ``supply/parks``.
    """
    parks = _parks(tables, carrier)
    if parks.empty:
        return pd.DataFrame(columns=SHIFT_COLUMNS)
    rows = of_year(tables["supply/municipal"], storyline, year, carrier)
    return _with_parks(tables, rows, parks, year, yields)[1]


def _parks(tables: Tables, carrier: str) -> pd.DataFrame:
    """Read the parks; an inputs folder without the table has none."""
    if carrier != "electricity" or "supply/parks" not in tables:
        return pd.DataFrame()
    return tables["supply/parks"]


def _with_parks(
    tables: Tables,
    rows: pd.DataFrame,
    parks: pd.DataFrame,
    year: int,
    yields: Mapping[str, float],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    carrier = "electricity"  # the only carrier that has parks
    base = base_of(tables["supply/municipal"], carrier)
    base_year = int(base["year"].iloc[0])
    moved, moved_base = rebook(rows, parks, base_year), rebook(base, parks, base_year)
    assumed = tables["assumptions"].set_index("assumption_id")["value"].astype(float)
    life = {name: float(assumed[f"park_life_{name}_years"]) for name in PARKS}
    first_year = float(assumed["park_first_year_unnamed"])
    placed, shifts = [], []
    for fleet in fleets(PARKS, yields, life, first_year):
        mine = parks[parks["technology"] == fleet.technology]
        now, then = (frame[frame["technology"] == fleet.technology] for frame in (moved, moved_base))
        spread, shift = place(now, then, mine, fleet, (year, base_year))
        before = rows[rows["technology"] == fleet.technology].groupby("gm_code")["capacity_mw"].sum()
        source = shift["gm_code"].map(before).fillna(0.0).astype(float)
        shift["rebooked_mw"] = shift["source_mw"] - source
        shift["source_mw"] = source
        placed.append(spread.assign(sector=fleet.technology, kind="supply"))
        shifts.append(shift[SHIFT_COLUMNS])
    others = moved[~moved["technology"].isin(PARKS)]
    others = with_profile(others, tables["profiles/sectors"], carrier, "supply").assign(station_id="")
    return pd.concat([others, *placed], ignore_index=True), pd.concat(shifts, ignore_index=True)


def flexibility_rows(tables: Tables, storyline: str, year: int, carrier: str = "electricity") -> pd.DataFrame:
    """Return flexible capacity per municipality; energy is an outcome, so the volume is zero.

    Parameters
    ----------
    tables : Tables
        Reads ``supply/flexibility`` and ``profiles/sectors``.
    storyline, year
        Storyline id and calendar year.
    carrier : str
        Energy carrier.

    Returns
    -------
    DataFrame
        As :func:`generation_rows` with kind ``flexibility``, profile ``unit_<technology>`` unless the
        registry names another, and ``volume_mwh`` 0.
    """
    rows = of_year(tables["supply/flexibility"], storyline, year, carrier).assign(volume_mwh=0.0)
    rows = rows.assign(gm_code=rows["gm_code"].fillna("").astype("str"))
    rows = with_profile(rows, tables["profiles/sectors"], carrier, "flexibility")
    return rows.assign(profile="unit_" + rows["sector"])[ROWS]


def with_profile(rows: pd.DataFrame, sectors: pd.DataFrame, carrier: str, kind: str) -> pd.DataFrame:
    """Add kind and profile from the registry; ``technology`` becomes ``sector``."""
    named = rows.rename(columns={"technology": "sector"})
    profile = sectors[(sectors["carrier"] == carrier) & (sectors["kind"] == kind)].set_index("sector")
    return named.assign(kind=kind, profile=named["sector"].map(profile["profile"]))


def field_cohorts(rows: pd.DataFrame, base_mw: pd.Series, yields: Mapping[str, float]) -> pd.DataFrame:
    """Split field solar into what stood in the base year and what came later.

    The existing cohort keeps the base-year capacity (or less, if capacity shrinks); growth is the new
    cohort, whose inverter clips it lower. The storyline's energy is shared by capacity times raw yield, so
    that the total stays what the storyline says.

    Parameters
    ----------
    rows : DataFrame
        Columns gm_code, sector, profile, volume_mwh, capacity_mw.
    base_mw : Series
        Base-year capacity of field solar, indexed by gm_code.
    yields : mapping
        MWh per MW and year of ``solar_field_existing`` and ``solar_field_new`` before scaling.

    Returns
    -------
    DataFrame
        Same columns; each field row replaced by up to two cohort rows.
    """
    field = rows[rows["sector"] == FIELD]
    others = rows[rows["sector"] != FIELD]
    total = field["capacity_mw"]
    existing = np.minimum(field["gm_code"].map(base_mw).fillna(0.0).astype(float), total)
    existing_weight = existing * yields[FIELD_EXISTING]
    new_weight = (total - existing) * yields[FIELD_NEW]
    weight = existing_weight + new_weight
    existing_share = (existing_weight / weight.where(weight > 0)).fillna(1.0)
    cohorts = [
        field.assign(
            profile=FIELD_EXISTING, capacity_mw=existing, volume_mwh=field["volume_mwh"] * existing_share
        ),
        field.assign(
            profile=FIELD_NEW,
            capacity_mw=total - existing,
            volume_mwh=field["volume_mwh"] * (1.0 - existing_share),
        ),
    ]
    kept = [cohort[(cohort["capacity_mw"] > 0) | (cohort["volume_mwh"] > 0)] for cohort in cohorts]
    return pd.concat([others, *kept], ignore_index=True)


def wind_cohorts(rows: pd.DataFrame, yields: Mapping[str, float]) -> pd.DataFrame:
    """Split onshore wind into today's turbines and new ones by the full-load hours of the storyline.

    The storylines raise the full-load hours of nearly the same capacity: they replace turbines. The share of
    new capacity is the one that gives the storyline's hours, between all existing and all new.

    Parameters
    ----------
    rows : DataFrame
        Columns gm_code, sector, profile, volume_mwh, capacity_mw.
    yields : mapping
        MWh per MW and year of ``wind_onshore`` (new) and ``wind_onshore_existing``.

    Returns
    -------
    DataFrame
        Same columns; each wind row replaced by up to two cohort rows, sums unchanged.
    """
    if WIND not in yields or WIND_EXISTING not in yields:
        return rows
    wind, others = rows[rows["sector"] == WIND], rows[rows["sector"] != WIND]
    old, new = yields[WIND_EXISTING], yields[WIND]
    hours = wind["volume_mwh"] / wind["capacity_mw"].where(wind["capacity_mw"] > 0)
    new_capacity = ((hours - old) / (new - old)).clip(0.0, 1.0).fillna(1.0)
    new_energy = new_capacity * new / (new_capacity * new + (1.0 - new_capacity) * old)
    cohorts = [
        wind.assign(
            profile=profile, capacity_mw=wind["capacity_mw"] * part, volume_mwh=wind["volume_mwh"] * energy
        )
        for profile, part, energy in (
            (WIND_EXISTING, 1.0 - new_capacity, 1.0 - new_energy),
            (WIND, new_capacity, new_energy),
        )
    ]
    kept = [cohort[(cohort["capacity_mw"] > 0) | (cohort["volume_mwh"] > 0)] for cohort in cohorts]
    return pd.concat([others, *kept], ignore_index=True)
