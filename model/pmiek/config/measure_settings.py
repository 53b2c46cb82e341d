"""Settings of the measures that use what stands on the grid already: flexibility instead of building."""

from __future__ import annotations

from pydantic import Field

from pmiek.config.parts import Settings, Share


class Measures(Settings):
    """Part of each potential that a variant may use in the pathway.

    The potential itself and its cost are assumptions of topic ``flexibility`` in inputs/assumptions.csv: 0
    uses none of it, 1 all of it.
    """

    flexible_contracts: Share = Field(
        description="Industry, services and data centres take less in given hours; share of the potential"
    )
    smart_charging: Share = Field(
        description="Charging of cars, vans and trucks moves within the day; share of the potential"
    )
    heat_pump_control: Share = Field(
        description="Heat pumps run some hours earlier or later; share of the potential"
    )
    energy_hubs: Share = Field(
        description="Large users around a station move load to hours of sun and wind; share of the potential"
    )
    home_batteries: Share = Field(
        description="Batteries of the storyline in homes and cars work for the grid; share of the potential"
    )
    system_batteries: Share = Field(
        description="Large batteries of the storyline work for the grid; share of the potential"
    )
    park_batteries: Share = Field(
        description="Batteries of the storyline at parks work for the grid; share of the potential"
    )
    power_to_heat: Share = Field(
        description="E-boilers of the storyline take up feed-in; share of the potential"
    )
    electrolysers: Share = Field(
        description="Electrolysers of the storyline take up feed-in; share of the potential"
    )
    cable_pooling: bool = Field(
        description="Sun and wind at a station share a connection smaller than their rights together"
    )

    @property
    def any(self) -> bool:
        """Tell whether any measure may be used."""
        return self.cable_pooling or any(value > 0 for name, value in self if name != "cable_pooling")
