"""What an AC calculation needs beyond the DC one: power factors, line charging, voltages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pmiek.arrays import Floats
    from pmiek.inputs import Tables


@dataclass(frozen=True)
class Electrical:
    """Stated electrical assumptions.

    Attributes
    ----------
    power_factor_take_off, power_factor_generation : float
        Cos phi of demand and of generation at the medium-voltage bus; both take reactive power.
    boundary_voltage_pu : float
        Voltage held at the boundary buses.
    cable_mvar_per_km : float
        Charging of a cable at its reference voltage ``cable_kv``; it goes with the voltage squared.
    cable_kv : float
        Reference voltage of the cables.
    overhead_mvar_per_km : mapping of int to float
        Charging of an overhead circuit per nominal voltage in kV.
    mixed_cable_share : float
        Part of the length of a mixed circuit that is cable.
    voltage_min_pu, voltage_max_pu : float
        Range that is allowed on buses of ``limit_kv``.
    limit_kv : float
        Voltage level of that range.
    park_support_mvar_per_mw : float
        Reactive power that generation delivers per MW to hold the voltage.
    coupling_tap_pu : float
        How far the taps of coupling transformers raise the lower voltage, part of nominal.
    most_support : tuple of float
        The same two when everything is asked of them; see :meth:`with_support`.
    """

    power_factor_take_off: float = 1.0
    power_factor_generation: float = 1.0
    boundary_voltage_pu: float = 1.0
    cable_mvar_per_km: float = 0.0
    cable_kv: float = 110.0
    overhead_mvar_per_km: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    mixed_cable_share: float = 0.5
    voltage_min_pu: float = 0.9
    voltage_max_pu: float = 1.1
    limit_kv: float = 110.0
    park_support_mvar_per_mw: float = 0.0
    coupling_tap_pu: float = 0.0
    most_support: tuple[float, float] = (0.0, 0.0)

    def with_support(self, part: float = 1.0) -> Electrical:
        """Give the same with a part of all reactive support of parks and of the range of tap changers."""
        park, tap = self.most_support
        return replace(self, park_support_mvar_per_mw=part * park, coupling_tap_pu=part * tap)

    def reactive_mvar(self, demand_mw: Floats, generation_mw: Floats) -> Floats:
        """Reactive power taken at a station: by power factors, less what generation delivers in support."""
        take, give = (
            np.tan(np.arccos(factor)) for factor in (self.power_factor_take_off, self.power_factor_generation)
        )
        return np.asarray(demand_mw * take + generation_mw * (give - self.park_support_mvar_per_mw))

    def charging_mvar(self, circuits: pd.DataFrame) -> pd.Series:
        """Reactive power that each circuit gives at nominal voltage.

        Parameters
        ----------
        circuits : DataFrame
            ``grid/circuits``: kind (overhead, cable or mixed), length_km, voltage_kv.

        Returns
        -------
        Series
            Mvar, index of ``circuits``.
        """
        kv = circuits["voltage_kv"].astype(float)
        cable = self.cable_mvar_per_km * (kv / self.cable_kv) ** 2
        line = kv.round().astype(int).map(dict(self.overhead_mvar_per_km)).astype(float).fillna(0.0)
        part = circuits["kind"].map({"overhead": 0.0, "cable": 1.0, "mixed": self.mixed_cable_share})
        part = part.astype(float)
        return circuits["length_km"].astype(float) * (part * cable + (1.0 - part) * line)


def electrical_of(tables: Tables) -> Electrical:
    """Read the electrical assumptions from the inputs."""
    value = tables.assumption
    return Electrical(
        power_factor_take_off=value("power_factor_take_off"),
        power_factor_generation=value("power_factor_field_generation"),
        boundary_voltage_pu=value("boundary_voltage_pu"),
        cable_mvar_per_km=value("cable_110kv_charging_mvar_per_km"),
        overhead_mvar_per_km=MappingProxyType(
            {
                110: value("line_110kv_charging_mvar_per_km"),
                220: value("line_220kv_charging_mvar_per_km"),
                380: value("line_380kv_charging_mvar_per_km"),
            }
        ),
        mixed_cable_share=value("mixed_circuit_cable_share"),
        voltage_min_pu=value("voltage_110kv_min_pu"),
        voltage_max_pu=value("voltage_110kv_max_pu"),
        most_support=(value("park_support_mvar_per_mw"), value("coupling_tap_boost_pu")),
    )
