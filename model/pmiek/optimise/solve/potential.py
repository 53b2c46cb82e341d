"""What the measures of a variant have to offer per period, station and hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pmiek.optimise.flexibility.potential import Potential, potential
from pmiek.optimise.flexibility.settings import (
    BATTERY_HOMES,
    BATTERY_PARK,
    BATTERY_SYSTEM,
    CHARGING,
    DEMAND_RESPONSE,
    ELECTROLYSER,
    HEAT_PUMP,
    LONG_STORAGE,
    POWER_TO_HEAT,
    FlexSettings,
    flex_settings,
)
from pmiek.optimise.solve.case import HOURS_PER_DAY, HOURS_PER_YEAR, Array
from pmiek.optimise.solve.measures import Contract, Hours, Measures, Shift, Sink, Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.security.screening import NetLoad

#: Setting of a variant, kind of storage in pmiek.optimise.flexibility, and whether it stands behind a park.
STORES = (
    ("home_batteries", BATTERY_HOMES, False),
    ("system_batteries", BATTERY_SYSTEM, False),
    ("park_batteries", BATTERY_PARK, True),
)


@dataclass
class Collector:
    """Collects the potential of every period and weather year into the arrays of the pathway.

    Attributes
    ----------
    tables, scenario
        Read for shares, prices and what the variant may use.
    shape : (periods, stations, hours)
    """

    tables: Tables
    scenario: Scenario
    shape: tuple[int, int, int]
    hours: dict[str, Hours] = field(default_factory=dict)
    levels: dict[str, Array] = field(default_factory=dict)
    efficiency: dict[str, float] = field(default_factory=dict)
    flex: FlexSettings | None = None

    def add(  # noqa: PLR0917
        self,
        period: int,
        weather: int,
        year: int,
        who: pd.DataFrame,
        profiles: pd.DataFrame,
        load: NetLoad,
        at: np.ndarray,
        scale: Array,
    ) -> None:
        """Add one period and weather year; `at` and `scale` bring stations to rows of the pathway."""
        use = self.scenario.measures
        if not use.any:
            return
        self.flex = flex_settings(self.tables, self.scenario, year)
        found = potential(who, profiles, load, self.flex)
        part = slice(weather * HOURS_PER_YEAR, (weather + 1) * HOURS_PER_YEAR)

        def put(name: str, values: Array, share: float = 1.0) -> None:
            if name not in self.hours:
                self.hours[name] = np.zeros(self.shape, dtype=np.float32)
            self.hours[name][period, :, part] = share * values[at] * scale

        put("contract", found.response_mw, use.flexible_contracts)
        put("charging", found.charging_mw, use.smart_charging)
        put("charging_in", found.charging_up_mw, use.smart_charging)
        put("pumps", found.heat_pump_mw, use.heat_pump_control)
        put("pumps_in", found.heat_pump_up_mw, use.heat_pump_control)
        put("pumps_most", found.heat_pump_level_mwh, use.heat_pump_control)
        put("hub", found.response_mw, use.energy_hubs * self._hub_share())
        if use.cable_pooling:
            put(
                "pooled", _pooled(who, profiles, load, self.tables.assumption("cable_pooling_contract_share"))
            )
        self._levels(period, found, at, scale[:, 0])

    def _hub_share(self) -> float:
        return self.tables.assumption("flexibility_share_hub") / self.tables.assumption(
            "flexible_share_large_users"
        )

    def _levels(self, period: int, found: Potential, at: np.ndarray, scale: Array) -> None:
        use = self.scenario.measures

        def put(name: str, values: Array, share: float) -> None:
            self.levels.setdefault(name, np.zeros(self.shape[:2]))[period] = share * values[at] * scale

        put("power_to_heat", found.heat_mw, use.power_to_heat)
        put("electrolysers", found.hydrogen_mw, use.electrolysers)
        known = {store.kind.name: store for store in found.stores}
        for name, kind, _ in STORES:
            if kind in known and kind != LONG_STORAGE:
                put(f"{name}_mw", known[kind].power_mw, getattr(use, name))
                put(f"{name}_mwh", known[kind].energy_mwh, getattr(use, name))
                self.efficiency[name] = known[kind].efficiency

    def measures(self) -> Measures:
        """Return the measures; what a variant does not use is left out."""
        if self.flex is None:
            return Measures()
        price = {name: value / 1e3 for name, value in self.flex.cost_eur_per_mwh.items()}
        stores = [
            Store(
                name,
                self.levels[f"{name}_mw"],
                self.levels[f"{name}_mwh"],
                self.efficiency[name],
                price[kind],
                park,
            )
            for name, kind, park in STORES
            if self._any(f"{name}_mw")
        ]
        sinks = [
            Sink(name, self.levels[name], price[kind])
            for name, kind in (("power_to_heat", POWER_TO_HEAT), ("electrolysers", ELECTROLYSER))
            if self._any(name)
        ]
        contract = self.hours["contract"]
        return Measures(
            Contract(contract, price[DEMAND_RESPONSE]) if contract.any() else None,
            self._shifts(price),
            tuple(stores),
            tuple(sinks),
            self.hours.get("pooled"),
        )

    def _shifts(self, price: Mapping[str, float]) -> tuple[Shift, ...]:
        hub = self.tables.assumption("flexibility_hub_eur_per_mwh") / 1e3
        return tuple(
            Shift(name, self.hours[out], into, most, cost)
            for name, out, into, most, cost in (
                (
                    "smart_charging",
                    "charging",
                    self.hours["charging_in"],
                    self._day("charging"),
                    price[CHARGING],
                ),
                (
                    "heat_pump_control",
                    "pumps",
                    self.hours["pumps_in"],
                    np.float32(1 / HOURS_PER_DAY) * self._day("pumps_most"),
                    price[HEAT_PUMP],
                ),
                ("energy_hub", "hub", self._most_of_day("hub"), self._day("hub"), hub),
            )
            if self.hours[out].any()
        )

    def _any(self, name: str) -> bool:
        return name in self.levels and bool(self.levels[name].any())

    def _day(self, name: str) -> Hours:
        values = self.hours[name]
        return np.asarray(values.reshape(*values.shape[:2], -1, HOURS_PER_DAY).sum(3), dtype=np.float32)

    def _most_of_day(self, name: str) -> Hours:
        values = self.hours[name]
        days = values.reshape(*values.shape[:2], -1, HOURS_PER_DAY)
        return np.broadcast_to(days.max(3, keepdims=True), days.shape).reshape(values.shape)


def _pooled(who: pd.DataFrame, profiles: pd.DataFrame, load: NetLoad, contract_share: float) -> Array:
    """Return the joint output of field sun and wind above their shared connection, MW (station, hour).

    The shared connection carries a stated share of the highest output of each added together; only stations
    with both have one.
    """
    supply = who[(who["kind"] == "supply") & (who["switchable_share"] > 0)]
    parts = []
    for prefix in ("solar_field", "wind_onshore"):
        rows = supply[supply["sector"].astype(str).str.startswith(prefix)]
        out = np.zeros_like(load.net_mw)
        for station, profile, volume in rows[["station_id", "profile", "volume_mwh"]].itertuples(index=False):
            out[load.stations.index(station)] += volume * profiles[profile].to_numpy(dtype=float)
        parts.append(out)
    sun, wind = parts
    both = (sun.max(1) > 0) & (wind.max(1) > 0)
    limit = contract_share * (sun.max(1) + wind.max(1))
    return np.asarray(np.where(both[:, None], np.maximum(0.0, sun + wind - limit[:, None]), 0.0))
