"""Settings of methane and hydrogen: what a variant may build, and which volumes it adds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pmiek.config.parts import Settings

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$")]
CalendarYear = Annotated[int, Field(ge=1900, le=2150)]


class ExtraPlant(Settings):
    """Green gas beyond the storyline, at a plant of inputs/gas/plants.csv."""

    plant_id: Id = Field(description="Plant of inputs/gas/plants.csv")
    million_m3_per_year: float = Field(gt=0, description="Green gas per year, million m3")
    first_year: CalendarYear = Field(description="First full year")


class ExtraElectrolyser(Settings):
    """An electrolyser beyond the storyline, of inputs/hydrogen/electrolysers.csv."""

    electrolyser_id: Id = Field(description="Electrolyser of inputs/hydrogen/electrolysers.csv")
    capacity_mw: float = Field(gt=0, description="Electric capacity, MW")
    first_year: CalendarYear = Field(description="First year in service")


class GasBuild(Settings):
    """What a plan of the methane grid may build."""

    boosters: bool = Field(description="Boosters from 8 to 40 bar")
    compressors: bool = Field(description="Compressors from the regional to the national grid")
    couplings: bool = Field(description="Pipes that couple two distribution areas")
    storage: bool = Field(description="Buffers of green gas in a distribution area")


class Gas(Settings):
    """Methane and green gas."""

    build: GasBuild = Field(description="What the plan may build")
    extra_plants: tuple[ExtraPlant, ...] = Field(description="Green gas beyond the storyline, by plant")
    typical_days: int = Field(ge=1, le=365, description="Typical days of the plan")
    extreme_days: int = Field(ge=0, le=60, description="Days of most surplus and most demand beside them")


class HydrogenBuild(Settings):
    """What a plan of the hydrogen grid may build."""

    new_pipes: bool = Field(description="New pipes between places of use")
    reused_pipes: bool = Field(description="Pipes converted from gas")


class Hydrogen(Settings):
    """Hydrogen."""

    build: HydrogenBuild = Field(description="What the plan may build")
    backbone: Literal["planned", "late", "none"] = Field(
        description=(
            "Branch of the national grid: in the operators' planning (assumption hydrogen_link_first_year), "
            "late (hydrogen_link_first_year_late), or not at all"
        )
    )
    trucks: bool = Field(description="Whether trailers may supply small users")
    extra_electrolysers: tuple[ExtraElectrolyser, ...] = Field(
        description="Electrolysers beyond the storyline, by name"
    )
    typical_days: int = Field(ge=1, le=365, description="Typical days of the plan")
    extreme_days: int = Field(ge=0, le=60, description="Days of most surplus and most demand beside them")
