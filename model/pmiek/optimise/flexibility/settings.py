"""What flexibility may do: which sectors take part, for what share, at what cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.config import Scenario
    from pmiek.inputs import Tables

DEMAND_RESPONSE: Final = "demand_response"
CURTAILMENT: Final = "curtailment"
POWER_TO_HEAT: Final = "power_to_heat"
ELECTROLYSER: Final = "electrolyser"
CHARGING: Final = "smart_charging"
HEAT_PUMP: Final = "heat_pump"
BATTERY_SYSTEM: Final = "battery_system"
BATTERY_PARK: Final = "battery_park"
BATTERY_HOMES: Final = "battery_homes"
LONG_STORAGE: Final = "long_storage"

INDUSTRY: Final = "industry_"
SERVICES: Final = ("buildings", "datacentres")
CHARGING_SECTORS: Final = {
    "transport_car": "car",
    "transport_van": "van",
    "transport_other": "van",
    "transport_truck": "truck",
}
HEAT_PUMP_SECTORS: Final = (
    "households_heat_pump",
    "households_hybrid_heat_pump",
    "buildings_heat_pump",
    "buildings_hybrid_heat_pump",
)
HEAT_PREFIX: Final = "power_to_heat_"


@dataclass(frozen=True)
class StoreKind:
    """A kind of storage.

    Attributes
    ----------
    name : str
        Measure that it counts as.
    technologies : tuple of str
        Technologies of ``supply/flexibility``.
    behind_park : bool
        Whether it takes power from its park only and is switched off with it.
    """

    name: str
    technologies: tuple[str, ...]
    behind_park: bool = False


STORE_KINDS: Final = (
    StoreKind(BATTERY_SYSTEM, ("battery_system",)),
    StoreKind(BATTERY_PARK, ("battery_solar", "battery_wind"), behind_park=True),
    StoreKind(BATTERY_HOMES, ("battery_homes", "battery_transport")),
    StoreKind(LONG_STORAGE, ("ides_storage", "mdes_storage")),
)


@dataclass(frozen=True, eq=False)
class FlexSettings:
    """Shares, limits and costs of the measures.

    Attributes
    ----------
    share : mapping
        Measure to the part (0 to 1) of the load or capacity that can be called on; charging per vehicle
        (``car``, ``van``, ``truck``).
    cost_eur_per_mwh : mapping
        Measure to EUR per MWh reduced, curtailed, taken up, moved, or passed through a battery.
    heat_pump_hours : float
        Hours of movable heat-pump load that a building can store or miss.
    hours, efficiency : mapping
        Technology of storage to its hours at full power and its round-trip efficiency.
    firm_share : mapping
        Technology to the part with firm rights, which is in the load already.
    penalty_eur_per_mwh : float
        What a MWh that stays above a limit counts for; far above any cost, so that no more stays than must.
    """

    share: Mapping[str, float]
    cost_eur_per_mwh: Mapping[str, float]
    heat_pump_hours: float
    hours: Mapping[str, float]
    efficiency: Mapping[str, float]
    firm_share: Mapping[str, float] = field(default_factory=dict)
    penalty_eur_per_mwh: float = 69_000.0


def flex_settings(tables: Tables, scenario: Scenario, year: int) -> FlexSettings:
    """Collect the settings from the assumptions, the fleet and the scenario.

    Parameters
    ----------
    tables : Tables
        Reads ``supply/fleet`` (storage) and the assumptions of topic ``flexibility``, and
        ``flexible_share_large_users`` and ``flexible_contract_eur_per_mwh``.
    scenario : Scenario
        Reads ``grid.firm_share`` and ``economics``.
    year : int
        Year of the storyline: the fleet's latest row before it counts.
    """
    value = tables.assumption
    fleet = tables["supply/fleet"]
    storage = fleet[(fleet["role"] == "storage") & (fleet["year_from"] <= year)]
    latest = (
        storage.sort_values("year_from").drop_duplicates("technology", keep="last").set_index("technology")
    )
    shares = (
        *(f"charging_{kind}" for kind in ("car", "van", "truck")),
        *(kind.name for kind in STORE_KINDS),
        POWER_TO_HEAT,
        ELECTROLYSER,
        HEAT_PUMP,
    )
    battery = value("flexibility_battery_eur_per_mwh")
    return FlexSettings(
        share={
            DEMAND_RESPONSE: value("flexible_share_large_users"),
            **{name: value(f"flexibility_share_{name}") for name in shares},
        },
        cost_eur_per_mwh={
            DEMAND_RESPONSE: value("flexible_contract_eur_per_mwh"),
            CURTAILMENT: scenario.economics.curtailment_cost_eur_per_mwh,
            POWER_TO_HEAT: value("flexibility_power_to_heat_eur_per_mwh"),
            ELECTROLYSER: value("flexibility_electrolyser_eur_per_mwh"),
            CHARGING: value("flexibility_charging_eur_per_mwh"),
            HEAT_PUMP: value("flexibility_heat_pump_eur_per_mwh"),
            **{kind.name: battery for kind in STORE_KINDS},
        },
        heat_pump_hours=value("flexibility_heat_pump_hours"),
        hours={str(name): float(hours) for name, hours in latest["duration_h"].items()},
        efficiency={str(name): float(rate) for name, rate in latest["efficiency"].items()},
        firm_share=dict(scenario.grid.firm_share),
        penalty_eur_per_mwh=scenario.economics.unserved_penalty_eur_per_mwh,
    )
