"""One station whose load, limits and potentials are given hour by hour."""

from __future__ import annotations

import numpy as np
from pmiek.optimise.flexibility.limits import StationLimits
from pmiek.optimise.flexibility.potential import Potential, Store
from pmiek.optimise.flexibility.settings import BATTERY_PARK, BATTERY_SYSTEM, FlexSettings, StoreKind
from pmiek.optimise.flexibility.station import Year
from pmiek.security.screening import NetLoad

COSTS = {
    "demand_response": 150.0,
    "curtailment": 60.0,
    "power_to_heat": 15.0,
    "electrolyser": 20.0,
    "smart_charging": 20.0,
    "heat_pump": 40.0,
    "battery_system": 80.0,
    "battery_park": 80.0,
}
SETTINGS = FlexSettings(share={}, cost_eur_per_mwh=COSTS, heat_pump_hours=3.0, hours={}, efficiency={})


def series(hours: int, base: float = 0.0, **peaks: float) -> np.ndarray:
    """Give a flat series; ``h5=9`` sets hour 5, ``h5_8=9`` the hours 5 up to and including 8."""
    values = np.full(hours, float(base))
    for where, value in peaks.items():
        first, _, last = where[1:].partition("_")
        values[int(first) : int(last or first) + 1] = value
    return values


def battery(
    power_mw: float, energy_mwh: float, *, efficiency: float = 1.0, park: bool = False, stations: int = 1
) -> Store:
    kind = StoreKind(BATTERY_PARK if park else BATTERY_SYSTEM, (), behind_park=park)
    none = np.zeros(stations - 1)
    return Store(kind, np.array([power_mw, *none]), np.array([energy_mwh, *none]), efficiency)


def year(
    demand: np.ndarray,
    *,
    take_off: float = np.inf,
    feed_in: float = np.inf,
    after_trip: float = np.inf,
    generation: np.ndarray | None = None,
    switchable: float = 1.0,
    stores: tuple[Store, ...] = (),
    **potentials: np.ndarray | float,
) -> Year:
    """Build a year of one station; ``switchable`` is the share of the generation."""
    hours = len(demand)

    def rows(values: np.ndarray | float) -> np.ndarray:
        return np.broadcast_to(np.asarray(values, dtype=float), (1, hours)).copy()

    made = rows(0.0 if generation is None else generation)
    load = NetLoad(("A",), rows(demand), made, made * switchable)
    flat = ("heat_mw", "hydrogen_mw")
    names = (
        "response_mw", "charging_mw", "charging_up_mw", "heat_pump_mw", "heat_pump_up_mw",
        "heat_pump_level_mwh",
    )  # fmt: skip
    potential = Potential(
        curtail_mw=load.switchable_mw,
        stores=stores,
        **{name: np.array([float(potentials.get(name, 0.0))]) for name in flat},
        **{name: rows(potentials.get(name, 0.0)) for name in names},
    )
    limits = StationLimits(rows(take_off), rows(feed_in), rows(after_trip))
    return Year(load, potential, limits, SETTINGS)
