"""The number of stations, and the peaks behind it, beside what is published about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.inputs.select import of_year
from pmiek.security.mv_lv.settings import MV_LV

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.config import Scenario
    from pmiek.inputs import Tables

COLUMNS: Final = [
    "check_id", "scope", "gm_code", "storyline", "variant", "year", "modelled", "modelled_low",
    "modelled_high", "published", "unit", "ratio", "source", "quality",
]  # fmt: skip
STATIONS_UNIT: Final = "new MV/LV stations per 1000 homes"
ROOFS: Final = ("solar_roof_homes", "solar_roof_buildings")


def mv_lv_check(
    tables: Tables,
    scenario: Scenario,
    profiles: Mapping[int, pd.DataFrame],
    table: pd.DataFrame,
    *,
    variant: str = "",
) -> pd.DataFrame:
    """Put the model beside published figures; nothing is tuned to them.

    Parameters
    ----------
    tables : Tables
        Reads ``grid/published_mv_lv``, ``regions/municipalities``, demand, supply and the assumptions
        ``peak_household_kw`` and ``roof_solar_simultaneity``.
    scenario : Scenario
        Storyline and base year.
    profiles : mapping of int to DataFrame
        Hourly profiles by weather year.
    table : DataFrame
        ``mv_lv`` of :func:`pmiek.security.mv_lv.mv_lv`.
    variant : str
        Written in the column ``variant``; the scenario's own when left out.

    Returns
    -------
    DataFrame
        check_id (fact or assumption), scope, gm_code, storyline, variant, year, modelled, modelled_low,
        modelled_high, published, unit, ratio (modelled over published), source, quality. A published number
        of stations is compared in the last year made that is not after the one it counts to.
    """
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    parts = [_stations(tables, table), _peaks(tables, scenario, profiles)]
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    rows = rows.assign(
        storyline=scenario.storyline,
        variant=variant or scenario.variant,
        ratio=rows["modelled"] / rows["published"],
    )
    return rows[COLUMNS]


def _stations(tables: Tables, table: pd.DataFrame) -> pd.DataFrame:
    towns = tables["regions/municipalities"]
    homes = towns[towns["role"] == "study"].set_index("gm_code")["dwellings"].astype(float)
    district = table[table["asset_class"] == MV_LV]
    rows = []
    for fact in tables["grid/published_mv_lv"].to_dict("records"):
        last = fact["year_to"] if pd.notna(fact["year_to"]) else district["year"].max()
        made = district.loc[district["year"] <= last, "year"]
        place = str(fact["gm_code"]) if fact["scope"] == "municipality" else ""
        if made.empty or (place and place not in homes.index):
            continue
        mine = district[district["year"] == made.max()]
        mine = mine[mine["gm_code"] == place] if place else mine
        per = 1000.0 / float(homes[place] if place else homes.sum())
        rows.append(
            {
                "check_id": fact["fact_id"],
                "scope": fact["scope"],
                "gm_code": place,
                "year": int(made.max()),
                "modelled": mine["stations"].sum() * per,
                "modelled_low": mine["stations_low"].sum() * per,
                "modelled_high": mine["stations_high"].sum() * per,
                "published": 1000.0 * fact["new_stations"] / fact["homes"],
                "unit": STATIONS_UNIT,
                "source": fact["source"],
                "quality": fact["quality"],
            }
        )
    return pd.DataFrame(rows)


def _peaks(tables: Tables, scenario: Scenario, profiles: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Peak per home without heat pump or car, and joint output of roofs, in the base year."""
    towns = tables["regions/municipalities"]
    study = towns[towns["role"] == "study"]
    year, storyline = scenario.years.base, scenario.storyline
    demand = of_year(tables["demand/municipal"], storyline, year, "electricity")
    supply = of_year(tables["supply/municipal"], storyline, year, "electricity")
    homes = demand[demand["gm_code"].isin(study["gm_code"]) & demand["sector"].eq("households")]
    roofs = supply[supply["gm_code"].isin(study["gm_code"]) & supply["technology"].isin(ROOFS)]
    installed = float(roofs["capacity_mw"].sum())
    home_peak = _peak(float(homes["volume_mwh"].sum()), "households", tables, profiles)
    roof_peak = _peak(float(roofs["volume_mwh"].sum()), ROOFS[0], tables, profiles)
    rows = [
        ("peak_household_kw", 1000.0 * home_peak / float(study["dwellings"].sum()), "kW per home"),
        ("roof_solar_simultaneity", roof_peak / installed if installed else float("nan"), "MW per MW"),
    ]
    given = tables["assumptions"].set_index("assumption_id")
    return pd.DataFrame(
        [
            {
                "check_id": name,
                "scope": "province",
                "gm_code": "",
                "year": year,
                "modelled": value,
                "modelled_low": value,
                "modelled_high": value,
                "published": tables.assumption(name),
                "unit": unit,
                "source": given["source"][name],
                "quality": given["quality"][name],
            }
            for name, value, unit in rows
            if value > 0
        ]
    )


def _peak(volume_mwh: float, sector: str, tables: Tables, profiles: Mapping[int, pd.DataFrame]) -> float:
    sectors = tables["profiles/sectors"]
    mine = sectors[(sectors["carrier"] == "electricity") & (sectors["sector"] == sector)]
    if mine.empty:
        return float("nan")
    name = str(mine["profile"].iloc[0])
    return volume_mwh * max(float(frame[name].max()) for frame in profiles.values() if name in frame)
