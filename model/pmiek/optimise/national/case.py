"""From the input tables to one case of the national programme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.optimise.national.parts import Case, Floats, Park, Storage, Unit
from pmiek.timeseries.capacity import fit_to_capacity

_FLEET = "inputs/supply/fleet.csv"
_VARIABLE, _MUST_RUN = "variable", "must_run"
_MW_PER_GW = 1000.0


def fleet_technologies(tables: Any) -> list[str]:
    """Technologies whose dispatch per MW is a result: all of the fleet table but solar, wind and must-run."""
    fleet = tables["supply/fleet"]
    rows = fleet[~fleet["role"].isin([_VARIABLE, _MUST_RUN])]
    return sorted(rows["technology"].astype(str).unique())


def build_case(tables: Any, scenario: Any, profiles: pd.DataFrame, year: int, weather_year: int) -> Case:
    """Gather demand, fleets and prices of one storyline, year and weather year.

    Parameters
    ----------
    tables, scenario, profiles
        As in :func:`pmiek.optimise.national.solve.solve_national`.
    year, weather_year : int
        Year of the storyline and of the weather.

    Raises
    ------
    InputError
        When a technology has no row in supply/fleet, or a profile or price is missing.
    """
    storyline = scenario.storyline
    supply = _rows(tables["supply/national"], storyline, year, "inputs/supply/national.csv")
    demand = _rows(tables["demand/national"], storyline, year, "inputs/demand/national.csv")
    fleet = _fleet_of(tables["supply/fleet"], year)
    merged = supply.merge(fleet, on="technology", how="left")
    unknown = sorted(merged.loc[merged["role"].isna(), "technology"])
    if unknown:
        raise InputError(
            [
                Problem(
                    _FLEET,
                    None,
                    "technology",
                    "",
                    f"a row for {name}",
                    "Say what it does in the national model.",
                )
                for name in unknown
            ]
        )
    merged = merged[(merged["capacity_mw"].fillna(0) > 0) | (merged["volume_mwh"].fillna(0) > 0)]
    price, co2 = _prices(tables, year), _emissions(tables)
    demand_mw = _demand(tables, demand, profiles)
    must_run = _must_run(merged, tables, profiles)
    parks = _parks(merged, tables, scenario, profiles, year)
    units, storages = _units(merged, price, co2), _storages(merged)
    return Case(
        label=f"{storyline} {year}, weather of {weather_year}",
        load_gw=(demand_mw - must_run) / _MW_PER_GW,
        demand_gw=demand_mw / _MW_PER_GW,
        parks=parks,
        units=(*units, *_trade(tables, year, parks), *_reserve(tables, year)),
        storages=storages,
        value_of_lost_load_eur_per_mwh=tables.assumption("market_price_cap_eur_per_mwh"),
        hydrogen_price_eur_per_mwh=price("hydrogen"),
    )


def _rows(table: pd.DataFrame, storyline: str, year: int, file: str) -> pd.DataFrame:
    rows = table[
        (table["storyline"] == storyline) & (table["year"] == year) & (table["carrier"] == "electricity")
    ]
    if rows.empty:
        wanted = f"electricity rows of {storyline} in {year}"
        raise InputError([Problem(file, None, "year", "", wanted, "Add them, or ask for another year.")])
    return rows


def _fleet_of(fleet: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows in force in a year: per technology the latest year_from that is not later."""
    known = (
        fleet[fleet["year_from"] <= year]
        .sort_values("year_from")
        .groupby("technology", as_index=False)
        .tail(1)
    )
    columns = [
        "technology",
        "role",
        "fuel",
        "efficiency",
        "other_cost_eur_per_mwh",
        "availability",
        "duration_h",
        "park",
    ]
    return known[columns].reset_index(drop=True).reset_index(names="rank")


def _prices(tables: Any, year: int) -> Callable[[str], float]:
    """Price of a fuel, CO2 included, EUR per MWh of fuel.

    An assumption ``<fuel>_price_<year>_eur_per_mwh`` goes before the price of costs/carriers.
    """
    carriers = tables["costs/carriers"].set_index("carrier")
    known = set(tables["assumptions"]["assumption_id"])
    co2, emission = tables.assumption(f"co2_price_{year}_eur_per_t"), _emissions(tables)

    def price(fuel: str) -> float:
        path = f"{fuel}_price_{year}_eur_per_mwh"
        if path in known:
            base = tables.assumption(path)
        elif fuel in carriers.index and pd.notna(carriers.loc[fuel, "price_eur_per_mwh"]):
            base = float(carriers.loc[fuel, "price_eur_per_mwh"])
        else:
            wanted = f"a price of {fuel} in {year}"
            raise InputError(
                [Problem("inputs/costs/carriers.csv", None, "carrier", fuel, wanted, f"Or add {path}.")]
            )
        return float(base + co2 * emission(fuel))

    return price


def _emissions(tables: Any) -> Callable[[str], float]:
    """CO2 of a fuel, t per MWh of fuel; zero where costs/carriers states none."""
    factors = tables["costs/carriers"].set_index("carrier")["co2_t_per_mwh"].astype(float).dropna().to_dict()
    return lambda fuel: float(factors.get(fuel, 0.0))


def _records(rows: pd.DataFrame) -> Iterator[Any]:
    """Rows one by one, as named tuples."""
    return iter(rows.itertuples())


def _profile_of(tables: Any, kind: str) -> pd.Series:
    sectors = tables["profiles/sectors"]
    rows = sectors[(sectors["carrier"] == "electricity") & (sectors["kind"] == kind)]
    names: pd.Series = rows.set_index("sector")["profile"]
    return names


def _column(profiles: pd.DataFrame, name: Any, sector: str) -> Floats:
    if not isinstance(name, str) or name not in profiles:
        wanted = f"a known hourly profile for {sector}"
        raise InputError(
            [Problem("inputs/profiles/sectors.csv", None, "profile", str(name), wanted, "Correct it.")]
        )
    return profiles[name].to_numpy(float)


def _demand(tables: Any, demand: pd.DataFrame, profiles: pd.DataFrame) -> Floats:
    names = _profile_of(tables, "demand")
    total = np.zeros(len(profiles))
    for sector, volume in demand.groupby("sector")["volume_mwh"].sum().to_dict().items():
        total += _column(profiles, names.get(str(sector)), str(sector)) * volume
    return total


def _must_run(merged: pd.DataFrame, tables: Any, profiles: pd.DataFrame) -> Floats:
    names = _profile_of(tables, "supply")
    total = np.zeros(len(profiles))
    for row in _records(merged[merged["role"] == _MUST_RUN]):
        volume = float(row.volume_mwh) if pd.notna(row.volume_mwh) else 0.0
        total += _column(profiles, names.get(row.technology, "flat"), row.technology) * volume
    return total


def _parks(
    merged: pd.DataFrame, tables: Any, scenario: Any, profiles: pd.DataFrame, year: int
) -> tuple[Park, ...]:
    names = _profile_of(tables, "supply")
    base_year = scenario.years.base
    base = tables["supply/national"]
    base = base[(base["year"] == base_year) & (base["carrier"] == "electricity")].set_index("technology")[
        "capacity_mw"
    ]
    behind = merged[merged["park"].notna() & (merged["role"] != _VARIABLE)]
    parks = []
    for row in _records(merged[merged["role"] == _VARIABLE]):
        technology, capacity = row.technology, float(row.capacity_mw)
        name = names.get(technology)
        connection = capacity
        if technology == "solar_field":
            existing = min(capacity, float(base.get(technology, 0.0)))
            chosen = scenario.profiles
            connection = existing * chosen.inverter_limit_existing_field
            connection += (capacity - existing) * chosen.inverter_limit_new_field
            name = "solar_field_gross"
        elif technology == "wind_onshore" and year == base_year:
            name = "wind_onshore_existing"
        shape = _column(profiles, name, technology)
        highest = float(row.availability) if pd.notna(row.availability) else 1.0
        power = fit_to_capacity(shape, float(row.volume_mwh), capacity, highest_share=highest)
        at_sea = behind[(behind["park"] == technology) & (behind["role"] == "electrolyser")][
            "capacity_mw"
        ].sum()
        connection = max(connection - float(at_sea), 0.0)
        parks.append(
            Park(
                technology,
                "solar" if technology.startswith("solar") else "wind",
                power / _MW_PER_GW,
                connection / _MW_PER_GW,
                float(row.other_cost_eur_per_mwh),
            )
        )
    return tuple(parks)


def _units(
    merged: pd.DataFrame, price: Callable[[str], float], co2: Callable[[str], float]
) -> tuple[Unit, ...]:
    """Plants, electrolysers, power to heat and demand response, with their marginal cost."""
    units = []
    roles = ["plant", "electrolyser", "power_to_heat", "demand_response"]
    for row in _records(merged[merged["role"].isin(roles)]):
        installed = float(row.capacity_mw) / _MW_PER_GW
        if not installed > 0:
            continue
        other = float(row.other_cost_eur_per_mwh)
        sign, emission = 1.0, None
        if row.role == "plant":
            cost = price(row.fuel) / float(row.efficiency) + other
            emission = co2(row.fuel) / float(row.efficiency)
        elif row.role == "demand_response":
            cost = other
        else:
            sign, cost = -1.0, other - price(row.fuel) * float(row.efficiency)
        share = float(row.availability) if pd.notna(row.availability) else 1.0
        park = row.park if isinstance(row.park, str) else ""
        units.append(
            Unit(row.technology, sign, installed * share, cost, installed, park, co2_t_per_mwh=emission)
        )
    return tuple(units)


def _storages(merged: pd.DataFrame) -> tuple[Storage, ...]:
    storages = []
    for row in _records(merged[merged["role"] == "storage"]):
        power = float(row.capacity_mw) / _MW_PER_GW
        if power > 0:
            park = row.park if isinstance(row.park, str) else ""
            storages.append(
                Storage(
                    row.technology,
                    power,
                    power * float(row.duration_h),
                    float(row.efficiency),
                    float(row.other_cost_eur_per_mwh),
                    park,
                )
            )
    return tuple(storages)


def _trade(tables: Any, year: int, parks: tuple[Park, ...]) -> tuple[Unit, ...]:
    """Import and export blocks of a year.

    Sun and wind at home go with sun and wind at the neighbours, which then take less.
    """
    trade = tables["supply/trade"]
    rows = trade[(trade["year"] == year) & (trade["capacity_gw"] > 0)].sort_values(["direction", "block"])
    output = sum((park.available_gw for park in parks), np.zeros(1))
    highest = float(output.max())
    shared = tables.assumption("export_weather_correlation")
    room = 1.0 - shared * output / highest if highest > 0 else None
    units = []
    for row in _records(rows):
        sign = 1.0 if row.direction == "import" else -1.0
        name = row.block if str(row.block).startswith(str(row.direction)) else f"{row.direction}_{row.block}"
        capacity = float(row.capacity_gw)
        units.append(
            Unit(
                name,
                sign,
                capacity,
                sign * float(row.price_eur_per_mwh),
                capacity,
                hourly_share=room if sign < 0 else None,
            )
        )
    return tuple(units)


def _reserve(tables: Any, year: int) -> tuple[Unit, ...]:
    """Reserve plants that the storylines leave open: between dear import and unserved demand."""
    capacity = tables.assumption(f"reserve_capacity_{year}_gw")
    if capacity <= 0:
        return ()
    return (Unit("reserve", 1.0, capacity, tables.assumption("reserve_price_eur_per_mwh"), capacity),)
