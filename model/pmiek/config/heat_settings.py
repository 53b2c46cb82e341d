"""Settings about heat: who is heated how, and what district heating may build."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pmiek.config.parts import Settings, Share, Year

HeatSector = Literal["homes", "services", "agriculture"]
Technology = Literal["boiler", "hybrid", "electric", "district"]
#: What heats a sector in the tables; a greenhouse has no hybrid, and its heat pumps are not known apart.
POSSIBLE: dict[str, tuple[str, ...]] = {
    "homes": ("boiler", "hybrid", "electric", "district"),
    "services": ("boiler", "hybrid", "electric", "district"),
    "agriculture": ("boiler", "district"),
}


class HeatMixRule(Settings):
    """One choice in the heat mix: shares that hold, or a least share of district heat."""

    municipalities: tuple[Annotated[str, Field(pattern=r"^GM\d{4}$")], ...] = Field(
        description="CBS codes; empty for every study municipality"
    )
    sectors: tuple[HeatSector, ...] = Field(min_length=1, description="Sectors for which it holds")
    from_year: Year = Field(description="First year for which it holds; a later rule goes before an earlier")
    shares: dict[Technology, Share] = Field(
        default_factory=dict, description="Shares of useful heat per technology, together 1"
    )
    district_at_least: Share | None = Field(
        default=None, description="Least share of district heat; more stays as the storyline has it"
    )
    taken_from: tuple[Technology, ...] = Field(
        default=(), description="Technologies that give up heat for it, the first one first"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.shares) == (self.district_at_least is not None):
            message = "a rule states either shares or district_at_least"
            raise ValueError(message)
        total = sum(self.shares.values())
        if self.shares and abs(total - 1) > 1e-6:
            message = f"heat shares must add to 1, not {total:g}"
            raise ValueError(message)
        if self.district_at_least is not None and (not self.taken_from or "district" in self.taken_from):
            message = "taken_from names at least one technology, and not district itself"
            raise ValueError(message)
        for sector in self.sectors:
            odd = sorted({*self.shares, *self.taken_from} - set(POSSIBLE[sector]))
            if odd:
                message = f"{sector} cannot be heated by {', '.join(odd)} here"
                raise ValueError(message)
        return self


class HeatBuild(Settings):
    """What a variant may build in district heating."""

    transport_pipes: bool = Field(description="Transport pipes between networks and source sites")
    residual_heat: bool = Field(description="Residual heat of plants")
    geothermal: bool = Field(description="Geothermal heat")
    aquathermal: bool = Field(description="Heat pumps on surface water or effluent")
    heat_pump: bool = Field(description="Large air-source heat pumps")
    electric_boiler: bool = Field(description="Electric boilers")
    gas_boiler: bool = Field(description="Peak boilers on gas")
    tank: bool = Field(description="Heat tanks for days")
    pit: bool = Field(description="Pit storage for seasons")


class Heat(Settings):
    """Heat demand, its supply, and district heating networks."""

    mix: tuple[HeatMixRule, ...] = Field(
        description="Choices that lie over the storyline's heat mix, in this order; none by default"
    )
    networks: Literal["storyline", "planned"] = Field(
        description=(
            "Whether networks use the fuel that the storyline states (storyline, so that electricity is "
            "exactly that of the screening), or are planned from their sources up (planned)"
        )
    )
    build: HeatBuild = Field(description="What may be built in district heating")
    residual_output: Literal["province", "plant", "kept"] = Field(
        description=(
            "Residual heat follows the waste electricity of the study area (province), of the plant's own "
            "municipality (plant), or stays as today (kept)"
        )
    )
    typical_days: int = Field(ge=1, le=60, description="Typical days per weather year in the heat plan")
    extreme_days: int = Field(ge=0, le=30, description="Coldest days per weather year in the heat plan")
    max_rounds: int = Field(ge=1, le=10, description="Most rounds of checking all hours of the heat plan")
    tolerance: float = Field(
        gt=0, le=0.1, description="Unserved heat that counts as none, share of the heat of a network"
    )
