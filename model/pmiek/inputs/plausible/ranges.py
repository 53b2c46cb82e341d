"""What is usual and what is possible per column: by physics, by voltage, by kind of asset and by unit.

Declarations only. ``usual`` spans what grids, plants and prices of north-west Europe show, wide enough that a
real figure seldom falls outside; ``possible`` is where physics or arithmetic ends. A new column with a
quantity gets its row here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pmiek.inputs.plausible.quantity import Bounds, Compute, Frames, Quantity, by_unit

HOURS = 8784.0
#: Published volumes are rounded to 1 MWh and powers to 1 kW, so small figures divide to strange hours.
ROUNDED_MWH, ROUNDED_MW = 1.0, 0.001
ANY: Bounds = (None, None)
FIRST_YEAR, LAST_YEAR = 2015.0, 2060.0
#: Nominal voltages of three-phase grids in Europe (EN 50160, IEC 60038, and the Dutch 220 kV).
VOLTAGES_KV = frozenset(
    {0.4, 3, 6, 10, 12.5, 13, 20, 21, 23, 25, 30, 33, 50, 66, 110, 132, 150, 220, 380, 400}
)


def _ratio(above: str, below: str) -> Compute:
    def compute(frame: pd.DataFrame, _: Frames) -> pd.Series:
        quotient: pd.Series = frame[above].astype(float) / frame[below].astype(float).where(frame[below] > 0)
        return quotient

    return compute


def _current_ka(column: str) -> Compute:
    """Give the current at nominal voltage: S / (sqrt(3) U)."""

    def compute(frame: pd.DataFrame, _: Frames) -> pd.Series:
        current: pd.Series = frame[column].astype(float) / (
            np.sqrt(3) * frame["voltage_kv"].where(frame["voltage_kv"] > 0)
        )
        return current

    return compute


def _hours(power: str, *, least_mw: float = 0.0) -> Compute:
    """Full-load hours, the lowest that the rounding of volume and power allows; smaller powers are left out."""

    def compute(frame: pd.DataFrame, _: Frames) -> pd.Series:
        volume, peak = frame["volume_mwh"].astype(float), frame[power].astype(float)
        hours: pd.Series = (volume - ROUNDED_MWH).clip(lower=0) / (peak + ROUNDED_MW)
        return hours.where((volume > 0) & (peak >= least_mw) & (peak > 0))

    return compute


def _off_nominal(column: str) -> Compute:
    """0 for a nominal voltage, 1 for another."""

    def compute(frame: pd.DataFrame, _: Frames) -> pd.Series:
        known = frame[column].isin(VOLTAGES_KV) | frame[column].isna()
        return (~known).astype(float)

    return compute


def _side_kv(column: str) -> Compute:
    def compute(frame: pd.DataFrame, frames: Frames) -> pd.Series:
        buses = frames.get("grid/buses")
        if buses is None or not {"bus_id", "voltage_kv"} <= set(buses.columns):
            return pd.Series(np.nan, index=frame.index)
        return frame[column].map(buses.drop_duplicates("bus_id").set_index("bus_id")["voltage_kv"])

    return compute


def _transformer_mva(low_kv: float, high_kv: float) -> Compute:
    """Rated power of units whose higher side lies in a band of voltages; others are left out."""
    side = _side_kv("bus0")

    def compute(frame: pd.DataFrame, frames: Frames) -> pd.Series:
        kv = side(frame, frames)
        return frame["rated_mva"].where((kv >= low_kv) & (kv < high_kv))

    return compute


def _circuits() -> Iterator[Quantity]:
    table = "grid/circuits"
    yield Quantity(table, "length_km", (0.05, 250), (0.001, 2000), unit="km")
    # An overhead line has 0.24 to 0.45 ohm per km at 50 Hz, a cable 0.08 to 0.25.
    for kind, usual in {"overhead": (0.2, 0.5), "cable": (0.06, 0.3), "mixed": (0.06, 0.5)}.items():
        yield Quantity(table, "x_ohm", usual, (0.02, 2.0), "reactance per km", "ohm",
                       {"kind": (kind,)}, _ratio("x_ohm", "length_km"), ("length_km",))  # fmt: skip
    yield Quantity(table, "r_ohm", (0.005, 0.4), (0.001, 2.0), "resistance per km", "ohm",
                   compute=_ratio("r_ohm", "length_km"), needs=("length_km",))  # fmt: skip
    yield Quantity(table, "x_ohm", (0.5, 30), (0.1, 100), "reactance over resistance",
                   compute=_ratio("x_ohm", "r_ohm"), needs=("r_ohm",),
                   why="Were r_ohm and x_ohm exchanged?")  # fmt: skip
    for column in ("rating_summer_mva", "rating_winter_mva", "rating_low_mva", "rating_high_mva"):
        yield Quantity(table, column, (0.15, 5.0), (0.01, 10.0), "current in one circuit", "kA",
                       compute=_current_ka(column), needs=("voltage_kv",),
                       why="Current is the rating over the root of 3 times the voltage; "
                           "kVA in plaats van MVA gives a thousand times too much.")  # fmt: skip
    yield Quantity(table, "rating_winter_mva", (0.999, 1.4), (0.9, 2.0), "winter over summer rating",
                   compute=_ratio("rating_winter_mva", "rating_summer_mva"),
                   needs=("rating_summer_mva",))  # fmt: skip
    for column in ("rating_low_mva", "rating_high_mva"):
        yield Quantity(table, column, (0.5, 2.0), (0.1, 10), f"{column} over summer rating",
                       compute=_ratio(column, "rating_summer_mva"), needs=("rating_summer_mva",))  # fmt: skip


def _grid() -> Iterator[Quantity]:
    units = "grid/transformers"
    bands = {(0.0, 30.0): (0.05, 40.0), (30.0, 100.0): (5.0, 120.0), (100.0, 200.0): (10.0, 150.0)}
    for (low, high), usual in bands.items():
        yield Quantity(units, "rated_mva", usual, (usual[0] / 5, usual[1] * 3), unit="MVA",
                       compute=_transformer_mva(low, high), needs=("bus0",))  # fmt: skip
    yield Quantity(units, "rated_mva", (50.0, 1000.0), (10.0, 3000.0), unit="MVA",
                   compute=_transformer_mva(200.0, 1e6), needs=("bus0",))  # fmt: skip
    yield Quantity(units, "x_pct", (3.0, 30.0), (0.5, 60.0), unit="percent",
                   why="A fraction is written in per cent here.")  # fmt: skip
    for column in ("units_low", "units_high"):
        yield Quantity(units, column, (1, 12), (0, 40), unit="units", zero=True)
    for table, column in (("grid/stations", "hv_kv"), ("grid/stations", "mv_kv"), ("grid/buses", "voltage_kv"),
                          ("grid/circuits", "voltage_kv")):  # fmt: skip
        yield Quantity(table, column, (0.4, 400.0), (0.23, 1200.0), unit="kV")
        yield Quantity(table, column, (0, 0), label="voltage off the nominal ones:", unit="",
                       compute=_off_nominal(column), why="It is no nominal voltage of a public grid.")  # fmt: skip
    yield Quantity("grid/stations", "year_built", (1900, 2035), (1880, 2060))
    yield Quantity("grid/stations", "max_units", (1, 12), (0, 40), unit="units")
    yield Quantity("grid/limits", "limit_factor", (0.3, 2.0), (0.05, 3.0))
    yield Quantity("grid/published_loading", "value_mw", (0.5, 3000), (0, 20000), unit="MW")
    yield Quantity("grid/published_loading", "year", (2000, 2050), (1990, 2100))
    for table in ("grid/feeding_areas", "grid/transmission_areas"):
        for column in ("existing_capacity_mw", "needed_capacity_mw", "queue_mw"):
            top = 3000 if table.endswith("feeding_areas") else 10_000
            yield Quantity(table, column, (0.1, top), (0, 10 * top), unit="MW", zero=True)
        yield Quantity(table, "queue_requests", (0, 20_000), (0, 1e6), unit="requests")
    yield Quantity("projects/waiting_list", "requested_mw", (0.01, 3000), (0, 20_000), unit="MW", zero=True)
    yield Quantity("projects/waiting_list", "requests", (0, 20_000), (0, 1e6), unit="requests")
    # One request asks for some kW of a shop to some hundreds of MW of a data centre.
    yield Quantity("projects/waiting_list", "requested_mw", (0.01, 300), (0.0005, 5000), "power per request",
                   "MW", compute=_ratio("requested_mw", "requests"), needs=("requests",), zero=True)  # fmt: skip
    yield Quantity("projects/planned", "capacity_mw", (0.1, 4000), (0.001, 50_000), unit="MW")
    for column in ("planned_year_earliest", "planned_year_latest"):
        yield Quantity("projects/planned", column, (2010, LAST_YEAR), (1990, 2100))


def _energy() -> Iterator[Quantity]:
    demand = ("demand/municipal", "demand/industry", "demand/national")
    supply = ("supply/municipal", "supply/industry", "supply/national")
    for table in (*demand, *supply, "supply/flexibility", "demand/overlays"):
        yield Quantity(table, "year", (FIRST_YEAR, LAST_YEAR), (1990, 2100))
    too_many = f"A year has {HOURS:g} hours."
    for table in demand:
        yield Quantity(table, "volume_mwh", (60, None), (20, None), "full-load hours", "hours",
                       compute=_hours("peak_mw", least_mw=0.1), needs=("peak_mw",),
                       why="Volume and peak contradict each other: was a thousands point read as a decimal "
                           "point, or kW typed for MW?")  # fmt: skip
        yield Quantity(table, "volume_mwh", ANY, (None, 1.02 * HOURS), "full-load hours", "hours",
                       compute=_hours("peak_mw"), needs=("peak_mw",),
                       why=too_many + " Was the peak typed in GW, or a decimal mark lost?")  # fmt: skip
    sun = ("solar_field", "solar_roof_buildings", "solar_roof_homes", "solar_roof")
    kinds = ((sun, (400, 1300), (100, 3500)), (("wind_onshore",), (1200, 4500), (300, 7000)),
             (("wind_offshore", "wind_offshore_hybrid"), (2500, 6000), (500, 8000)))  # fmt: skip
    for table in supply:
        for names, usual, possible in kinds:
            yield Quantity(table, "volume_mwh", usual, possible, "full-load hours", "hours",
                           {"technology": names}, _hours("capacity_mw", least_mw=0.1), ("capacity_mw",))  # fmt: skip
        yield Quantity(table, "volume_mwh", ANY, (None, 1.02 * HOURS), "full-load hours", "hours",
                       compute=_hours("capacity_mw"), needs=("capacity_mw",), why=too_many)  # fmt: skip
    yield Quantity("supply/trade", "capacity_gw", (0.1, 20), (0, 100), unit="GW")
    yield Quantity("supply/trade", "price_eur_per_mwh", (-100, 1000), (-1000, 20_000), unit="EUR per MWh")
    yield Quantity("supply/fleet", "efficiency", (0.05, 6.0), (0.01, 12.0),
                   why="A percentage is written as a fraction here.")  # fmt: skip
    # Heat pumps give several times their electricity; nothing that burns or stores gives more than it takes.
    burns = ("plant", "must_run", "storage", "electrolyser")
    yield Quantity("supply/fleet", "efficiency", (0.05, 1.0), (0.01, 1.2), where={"role": burns})
    yield Quantity("supply/fleet", "other_cost_eur_per_mwh", (-100, 10_000), (-1000, 100_000),
                   unit="EUR per MWh")  # fmt: skip
    for column in ("duration_h", "duration_low_h", "duration_high_h"):
        yield Quantity("supply/fleet", column, (0.25, 500), (0.05, HOURS), unit="hours")
    yield Quantity("supply/res_check", "value_mwh", (100, 1e8), (0, 1e10), unit="MWh")


def _places() -> Iterator[Quantity]:
    table = "regions/municipalities"
    yield Quantity(table, "population", (900, 1_500_000), (50, 5e7), unit="inhabitants")
    yield Quantity(table, "dwellings", (1.4, 4.0), (1.0, 10.0), "inhabitants per home",
                   compute=_ratio("population", "dwellings"), needs=("population",))  # fmt: skip
    yield Quantity(table, "area_km2", (5, 1200), (0.5, 20_000), unit="km2")
    yield Quantity(table, "population", (20, 8000), (1, 40_000), "inhabitants per km2",
                   compute=_ratio("population", "area_km2"), needs=("area_km2",))  # fmt: skip
    yield Quantity(table, "agricultural_area_km2", (0, 0.98), (0, 1.0), "share of the land area",
                   compute=_ratio("agricultural_area_km2", "area_km2"), needs=("area_km2",))  # fmt: skip
    yield Quantity(table, "services_floor_area_m2", (2, 120), (0.2, 1000), "floor area per inhabitant", "m2",
                   compute=_ratio("services_floor_area_m2", "population"), needs=("population",))  # fmt: skip
    yield Quantity("regions/places", "population", (1, 2_000_000), (0, 5e7), unit="inhabitants", zero=True)
    yield Quantity("areas/area_tasks", "space_ha", (0.01, 50_000), (0, 1e6), unit="ha", zero=True)


def _heat_and_gas() -> Iterator[Quantity]:
    yield Quantity(
        "heat/dwellings", "space_heat_kwh_per_m2", (5, 350), (1, 1000), unit="kWh per m2", zero=True
    )
    yield Quantity("heat/dwellings", "dwellings", (0, 200_000), (0, 1e6), unit="homes")
    for column in ("capacity_mw", "potential_mw"):
        yield Quantity("heat/sources", column, (0.01, 1000), (0, 20_000), unit="MW", zero=True)
    for table, usual in (
        ("heat/pipes", (0.05, 100)),
        ("hydrogen/pipes", (0.2, 300)),
        ("gas/links", (0.2, 300)),
    ):
        yield Quantity(table, "length_km", usual, (0.001, 3000), unit="km")
        yield Quantity(table, "capacity_mw", (0.1, 20_000), (0, 200_000), unit="MW", zero=True)
    yield Quantity("gas/areas", "tier_bar", (1, 100), (0.02, 250), unit="bar")
    yield Quantity("gas/areas", "take_off_mw", (1, 20_000), (0, 200_000), unit="MW")
    yield Quantity("gas/links", "max_units", (0, 50), (0, 1000), unit="units")
    yield Quantity(
        "gas/plants", "million_m3_per_year", (0.1, 500), (0.001, 50_000), unit="million m3 per year"
    )
    yield Quantity("hydrogen/electrolysers", "capacity_mw", (0.1, 5000), (0.001, 100_000), unit="MW")
    yield Quantity("validation/heat_2023", "value_mwh", (1, 1e7), (0, 1e9), unit="MWh", zero=True)
    prices = "validation/day_ahead_years"
    for column in ("mean_eur_per_mwh", "p95_eur_per_mwh"):
        yield Quantity(prices, column, (5, 600), (-100, 5000), unit="EUR/MWh",
                       why="A price per kWh or in cents is written in EUR per MWh here.")  # fmt: skip
    yield Quantity(prices, "hours", (8000, 8784), (1, 8784), unit="hours")
    for column in ("hours_below_zero", "hours_at_or_below_1_eur"):
        yield Quantity(prices, column, (0, 2500), (0, 8784), unit="hours", zero=True)
    yield Quantity(prices, "year", (2000, LAST_YEAR), (1990, 2100))
    yield Quantity("validation/base_year_exceptions", "expires_edition", (1, 1000), (1, 100_000))
    for table, column in (("heat/pipes", "earliest_year"), ("heat/sources", "earliest_year"),
                          ("heat/networks", "earliest_year"), ("hydrogen/pipes", "first_year"),
                          ("hydrogen/electrolysers", "first_year"), ("gas/links", "first_year"),
                          ("gas/plants", "first_year")):  # fmt: skip
        yield Quantity(table, column, (1960, LAST_YEAR), (1900, 2100))


def _prices() -> Iterator[Quantity]:
    carriers = "costs/carriers"
    yield Quantity(carriers, "price_eur_per_mwh", (0.5, 400), (-100, 5000), unit="EUR per MWh", zero=True)
    # Lignite, the dirtiest fuel, gives 0.4 t per MWh of fuel.
    yield Quantity(carriers, "co2_t_per_mwh", (0, 0.45), (0, 1.5), unit="t CO2 per MWh",
                   why="Were price and emission factor exchanged, or is it kg instead of t?")  # fmt: skip
    yield Quantity("costs/price_index", "index", (20, 400), (1, 10_000))
    yield Quantity("costs/price_index", "year", (1990, LAST_YEAR), (1950, 2100))
    yield Quantity("costs/technologies", "year", (FIRST_YEAR, LAST_YEAR), (1990, 2100))
    yield Quantity("costs/technologies", "currency_year_original", (1995, 2040), (1950, 2100))
    yield from by_unit("costs/technologies", TECHNOLOGY_UNITS)
    yield Quantity("costs/technologies", "value", (0.05, 1.2), (0.01, 12.0),
                   where={"parameter": ("efficiency_heat",)})  # fmt: skip
    yield from by_unit("costs/infrastructure", INFRASTRUCTURE_UNITS)
    yield from by_unit("assumptions", ASSUMPTION_UNITS)


def _weather() -> Iterator[Quantity]:
    table = "weather/years"
    yield Quantity(table, "mean_temperature_c", (3, 20), (-20, 35), unit="degrees Celsius",
                   why="Tenths of a degree give ten times too much.")  # fmt: skip
    yield Quantity(table, "coldest_week_c", (-25, 12), (-50, 30), unit="degrees Celsius")
    yield Quantity(table, "ghi_kwh_per_m2", (700, 1900), (300, 2900), unit="kWh per m2")
    yield Quantity(table, "mean_wind_m_per_s", (1.0, 10.0), (0.1, 20.0), unit="m per s")
    yield Quantity("profiles/offshore_fit", "wind_speed_m_per_s", (0, 40), (0, 90), unit="m per s")
    yield Quantity("profiles/typical_days", "value", (0, 20), (0, 1000))


FRACTION: tuple[Bounds, Bounds] = ((0, 1), (0, 1))
TECHNOLOGY_UNITS: dict[str, tuple[Bounds, Bounds]] = {
    "EUR per MW and km": ((20, 5000), (1, 1e6)),
    "EUR per MWh": ((0, 150), (-100, 5000)),
    "EUR per kW": ((20, 20_000), (1, 200_000)),
    "EUR per kW electric": ((100, 30_000), (10, 200_000)),
    "EUR per kW heat": ((20, 10_000), (1, 100_000)),
    "EUR per kWh": ((0.1, 2000), (0.001, 20_000)),
    "MW per 1000 km and MW": ((0.001, 0.2), (0, 1)),
    "electricity over heat": ((0.05, 4), (0.01, 20)),
    "fraction": ((0.05, 7), (0.005, 15)),
    "hours of storage per MW": ((0.25, 500), (0.05, HOURS)),
    "share of investment per year": ((0, 0.25), (0, 1)),
    "share per hour": ((0, 0.05), (0, 1)),
    "years": ((3, 120), (1, 300)),
}
INFRASTRUCTURE_UNITS: dict[str, tuple[Bounds, Bounds]] = {
    "EUR per MWh": ((0, 150), (-100, 5000)),
    "EUR per home": ((500, 80_000), (10, 1e6)),
    "EUR per kW": ((10, 10_000), (1, 200_000)),
    "MEUR per MW": ((0.01, 20), (0.0001, 500)),
    "MEUR per MWh": ((0.001, 2), (0.00001, 100)),
    "MEUR per booster": ((0.1, 100), (0.01, 2000)),
    "MEUR per km": ((0.02, 15), (0.001, 300)),
    "MEUR per km and circuit": ((0.05, 20), (0.005, 300)),
    "MEUR per km, two circuits": ((0.1, 40), (0.005, 600)),
    "MEUR per station": ((0.01, 1500), (0.001, 10_000)),
    "MEUR per unit": ((0.05, 200), (0.001, 3000)),
    "MVA per circuit": ((1, 3000), (0.1, 20_000)),
    "MVA per station": ((0.05, 5000), (0.01, 20_000)),
    "MVA per unit": ((1, 1500), (0.1, 5000)),
    "MW": ((0.1, 5000), (0.001, 100_000)),
    "MW per station": ((0.5, 2000), (0.01, 20_000)),
    "ha per MW": ((0, 3), (0, 50)),
    "ha per booster": ((0, 5), (0, 100)),
    "ha per km": ((0, 20), (0, 200)),
    "ha per station": ((0, 150), (0, 3000)),
    "ha per unit": ((0, 10), (0, 300)),
    "million m3 per year": ((0.1, 2000), (0.001, 100_000)),
    "share of investment per year": ((0, 0.25), (0, 1)),
    "years": ((0.25, 120), (0, 300)),
}
ASSUMPTION_UNITS: dict[str, tuple[Bounds, Bounds]] = {
    "C": ((-40, 120), (-100, 500)),
    "EUR of 2025 per MWh": ((0, 150_000), (-500, 1e6)),
    "EUR of 2025 per t CO2": ((0, 700), (-100, 5000)),
    "EUR per MWh": ((0, 150_000), (-500, 1e6)),
    "GW": ((0, 150), (0, 2000)),
    "K": ((0, 60), (-100, 300)),
    "MEUR": ((0.005, 2000), (0, 100_000)),
    "MEUR each": ((0.005, 500), (0, 10_000)),
    "MEUR each (2020 price)": ((0.005, 500), (0, 10_000)),
    "MEUR per km": ((0.02, 15), (0.001, 300)),
    "MVA": ((0.1, 4000), (0.01, 50_000)),
    "MVA per circuit": ((1, 3000), (0.1, 20_000)),
    "MW": ((0.05, 5000), (0, 100_000)),
    "MW heat": ((0.05, 1000), (0, 20_000)),
    "MW for at most 6 hours": ((1, 2000), (0, 20_000)),
    "Mvar per MW": ((0, 1.5), (-2, 5)),
    "Mvar per km and circuit": ((0.005, 10), (0, 100)),
    "cos phi": ((0.7, 1), (0.1, 1)),
    "factor": ((0.1, 5), (0, 50)),
    "factor on rating": ((0.5, 2), (0.1, 5)),
    "fraction": ((-1, 1), (-1, 2)),
    **{
        f"fraction of {of}": FRACTION
        for of in ("2025", "a pipe", "base-year peak", "capacity", "heat", "heat fed in", "installed power",
                   "installed MWp", "installed kWp", "length", "load", "peak",
                   "rating with worst single element out")
    },
    "fraction of gross (all units in) rating": FRACTION,
    "fraction on top of N-1 feed-in capacity": ((0, 3), (0, 10)),
    "MWh electricity per MWh gas": ((0, 0.2), (0, 1)),
    "MWh per MWh": ((0, 1), (0, 10)),
    "K per (W/m2)": ((0.001, 0.1), (0, 1)),
    "K per K": ((0, 2), (0, 10)),
    "per K": ((-0.02, 0.02), (-0.5, 0.5)),
    "fraction per km": ((0, 0.05), (0, 0.5)),
    "ha": ((0.05, 200), (0, 5000)),
    "homes": ((1, 20_000), (0, 1e6)),
    "hour": ((0, 24), (0, 24)),
    "hours": ((0.1, HOURS), (0, HOURS)),
    "kVA": ((10, 5000), (1, 100_000)),
    "kW per car": ((0.05, 50), (0, 500)),
    "kW per home": ((0.05, 30), (0, 200)),
    "kWh per m2 and year": ((5, 400), (0, 2000)),
    "kWh per m3": ((3, 12), (1, 15)),
    "km": ((0.05, 300), (0, 3000)),
    "m": ((1, 500), (0, 5000)),
    "m per home": ((0.5, 200), (0, 5000)),
    "m per s": ((0, 40), (0, 90)),
    "m2": ((1, 5000), (0, 1e6)),
    "million m3 per year": ((0.1, 2000), (0.001, 100_000)),
    "month": ((1, 12), (1, 12)),
    "ohm per km": ((0.005, 0.6), (0.0005, 3)),
    "per unit": ((0, 3), (0, 20)),
    "per year": ((0, 0.2), (-0.1, 1)),
    "percent of rating": ((1, 150), (0, 500)),
    "units": ((0, 100), (0, 10_000)),
    "year": ((1980, LAST_YEAR), (1900, 2100)),
    "years": ((0.1, 120), (0, 300)),
}  # fmt: skip

QUANTITIES: tuple[Quantity, ...] = (
    *_circuits(),
    *_grid(),
    *_energy(),
    *_places(),
    *_heat_and_gas(),
    *_prices(),
    *_weather(),
)
