"""Every setting of a scenario: name, unit, bounds and meaning. The docs and the schema are made from this."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from pmiek.config.gas_settings import Gas, Hydrogen
from pmiek.config.heat_settings import Heat
from pmiek.config.measure_settings import Measures
from pmiek.config.parts import Name, Settings, Share, Year


def _ascending(years: tuple[int, ...], what: str) -> tuple[int, ...]:
    if any(a >= b for a, b in pairwise(years)):
        message = f"{what} must ascend, each year once"
        raise ValueError(message)
    return years


class Text(Settings):
    """Words for the reader, in Dutch and English."""

    title_nl: str = Field(min_length=1, description="Dutch title")
    title_en: str = Field(min_length=1, description="English title")
    description_nl: str = Field(min_length=1, description="Dutch description in own, neutral words")
    description_en: str = Field(min_length=1, description="English description in own, neutral words")
    differs_nl: str = Field(description="Dutch: what sets it apart from the others")
    differs_en: str = Field(description="English: what sets it apart from the others")


class Years(Settings):
    """Years that are looked at."""

    base: Year = Field(description="Base year, shared by all storylines and run once")
    reference: Year = Field(description="Year of this edition: no project can start before it")
    base_storyline: Name = Field(description="Storyline whose tables hold the base year")
    screening: tuple[Year, ...] = Field(
        min_length=1, description="Years of the screening, the base year first"
    )
    pathway: tuple[Year, ...] = Field(
        description="Years in which the pathway may build; each stands for the years to the next"
    )
    interpolated: tuple[Year, ...] = Field(description="Years whose inputs are interpolated and flagged so")
    tail_years: int = Field(
        ge=1, le=25, description="Years that the last pathway year stands for; others reach to the next"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _ascending(self.screening, "screening years")
        _ascending(self.pathway, "pathway years")
        _ascending(self.interpolated, "interpolated years")
        late = [y for y in self.pathway if y <= self.base]
        if late:
            message = f"pathway years must come after the base year {self.base}: {late}"
            raise ValueError(message)
        if self.screening[0] < self.base:
            message = f"no screening year may come before the base year {self.base}"
            raise ValueError(message)
        missing = sorted(set(self.pathway) - set(self.screening))
        if missing:
            message = f"pathway years must be screened too: {missing}"
            raise ValueError(message)
        return self


class Economics(Settings):
    """Prices of time, scarcity and curtailment, real EUR of 2025 without taxes and subsidies."""

    discount_rate_per_year: float = Field(ge=0, le=0.2, description="Social discount rate, per year")
    discount_rate_low_per_year: float = Field(
        ge=0, le=0.2, description="Low end for the sensitivity, per year"
    )
    discount_rate_high_per_year: float = Field(
        ge=0, le=0.2, description="High end for the sensitivity, per year"
    )
    unserved_penalty_eur_per_mwh: float = Field(
        gt=0, description="What a plan pays for what it does not serve; no cost, EUR of 2025 per MWh"
    )
    curtailment_cost_eur_per_mwh: float = Field(
        ge=0, description="Cost of switching off generation, EUR of 2025 per MWh"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (
            not self.discount_rate_low_per_year
            <= self.discount_rate_per_year
            <= self.discount_rate_high_per_year
        ):
            message = "the discount rate must lie between its low and high end"
            raise ValueError(message)
        return self


class DesignYear(Settings):
    """A measured weather year that stands for a kind of weather."""

    year: Year = Field(description="Weather year")
    character: Literal["cold_calm", "sunny", "average", "mild"] = Field(
        description="What the year is chosen for"
    )


class Weather(Settings):
    """Measured weather that drives the hourly profiles."""

    station: str = Field(
        pattern=r"^[a-z0-9_\-]+$", description="Weather station: folder below inputs/weather"
    )
    design_years: tuple[DesignYear, ...] = Field(
        min_length=1, description="Weather years on which the grid is tested; a batch names those it runs"
    )
    reference_years: tuple[Year, ...] = Field(
        min_length=1, description="Years whose mean is the normal weather of the storylines"
    )
    annual_energy: Literal["weather_year", "storyline"] = Field(
        description="weather_year: yearly energy varies with weather; storyline: it stays as the table says"
    )

    @model_validator(mode="after")
    def _unique(self) -> Self:
        years = [design.year for design in self.design_years]
        if len(set(years)) != len(years):
            message = "each design year once"
            raise ValueError(message)
        _ascending(self.reference_years, "reference years")
        return self


class Orientation(Settings):
    """Part of the solar panels that faces one way."""

    tilt_deg: float = Field(ge=0, le=90, description="Tilt from flat, degrees")
    azimuth_deg: float = Field(
        ge=0, le=360, description="Direction, degrees from north clockwise (180 is south)"
    )
    share: Share = Field(description="Share of the capacity")


class Profiles(Settings):
    """How weather becomes hourly generation and heat demand."""

    solar_roof: tuple[Orientation, ...] = Field(min_length=1, description="Orientations of roof panels")
    solar_field: tuple[Orientation, ...] = Field(min_length=1, description="Orientations of field panels")
    system_loss: Share = Field(description="Share lost in cables, dirt and inverter")
    inverter_limit_existing_field: Share = Field(
        description="Feed-in limit of existing fields, share of nameplate"
    )
    inverter_limit_new_field: Share = Field(description="Feed-in limit of new fields, share of nameplate")
    roof_simultaneity: Share = Field(description="Highest joint output of roofs, share of nameplate")
    wind_hub_height_m: float = Field(gt=10, le=250, description="Hub height of new wind turbines, m")
    wind_shear_exponent: float = Field(ge=0, le=0.6, description="Exponent of wind speed with height")
    wind_turbine: str = Field(min_length=1, description="Turbine type in the library of power curves")
    heat_threshold_c: float = Field(
        ge=5, le=25, description="Daily temperature below which homes heat, degrees C"
    )
    heat_night_setback: Share = Field(description="Share by which heating is lowered at night")

    @field_validator("solar_roof", "solar_field")
    @classmethod
    def _adds_to_one(cls, value: tuple[Orientation, ...]) -> tuple[Orientation, ...]:
        total = sum(part.share for part in value)
        if abs(total - 1) > 1e-6:
            message = f"shares of the orientations must add to 1, not {total:g}"
            raise ValueError(message)
        return value


class Grid(Settings):
    """How the grid is run and judged."""

    switching_state: str = Field(
        pattern=r"^[a-z0-9_\-]+$", description="State in inputs/grid/switching_states.csv"
    )
    transit_pattern: Literal["none", "north_south", "south_north"] = Field(
        description="National transit through the extra-high-voltage grid"
    )
    transit_mw: float = Field(ge=0, description="Size of that transit, MW; ignored for 'none'")
    summer_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(
        description="Months in which the summer rating holds"
    )
    bottleneck_loading_pct: float = Field(
        gt=0, le=200, description="Loading above which it is a bottleneck, %"
    )
    station_simultaneity: float = Field(
        gt=0, le=1, description="Factor on the sum of sector peaks at a station"
    )
    firm_share: dict[Name, Share] = Field(
        description="Share of a flexible technology's capacity with firm rights, that the grid must carry"
    )

    exemptions: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_\-]+$")], ...] = Field(
        description="Legal exemptions in inputs/grid/limits.csv that are used; none by default"
    )

    @field_validator("summer_months")
    @classmethod
    def _months(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return _ascending(value, "summer months")


class Build(Settings):
    """What a variant may build beyond planned projects."""

    station_transformers: bool = Field(description="Transformers at existing stations")
    circuits: bool = Field(description="High-voltage circuits")
    coupling_transformers: bool = Field(description="Coupling transformers")
    new_stations: bool = Field(description="New stations")
    batteries: bool = Field(description="Batteries placed for the grid")
    mv_lv: bool = Field(
        description="District and switching stations with their cable, medium and low voltage"
    )
    curtailment: bool = Field(description="Switching generation off as an alternative to building")


class Flexibility(Settings):
    """Where the flexibility pass looks; what it may do are assumptions of topic ``flexibility``."""

    grid_states: tuple[Literal["frozen", "nulalternatief"], ...] = Field(
        min_length=1, description="Grids: today's (frozen), or with concrete projects (nulalternatief)"
    )


class Pathway(Settings):
    """How the pathway is optimised on chosen days and checked on all hours."""

    typical_days: int = Field(ge=1, le=365, description="Typical days per period")
    extreme_days: int = Field(
        ge=0, le=365, description="Days kept for their exceedance at the start, per period"
    )
    max_rounds: int = Field(
        ge=1, le=50, description="Most rounds of checking all hours and adding what is violated"
    )
    tolerance: float = Field(gt=0, le=0.1, description="Exceedance that counts as none, share of the limit")


class Robust(Settings):
    """What holds in every future: decisions of one storyline tried in the others, and one plan for all."""

    decide_until_year: Year = Field(
        description="What is in service by this year is decided now; all later builds adapt to what comes"
    )
    typical_days: int = Field(ge=1, le=365, description="Typical days, the same for every decision")
    extreme_days: int = Field(ge=0, le=365, description="Extreme days, the same for every decision")
    storyline_weight: float = Field(
        ge=0,
        le=1000,
        description="Weight of the storyline in the plan for all; set it in a storyline, zero leaves it out",
    )
    risk_share: Share = Field(
        description="Part of that plan's objective that is the mean of the worst futures"
    )
    risk_tail: float = Field(
        gt=0, le=1, description="Which futures are the worst: this share of the weight of all"
    )
    slacks_pct: tuple[float, ...] = Field(
        min_length=1, description="How much dearer a plan may be where the freedom of choice is measured, %"
    )


class Solver(Settings):
    """Solver and its options."""

    name: Literal["highs"] = Field(description="Solver")
    options: dict[str, str | bool | int | float] = Field(description="Options of the expansion solve")
    dispatch_options: dict[str, str | bool | int | float] = Field(
        description="Options of the hourly dispatch solve"
    )
    threads: int = Field(ge=1, le=64, description="Threads per process; one number for the whole process")


class Scenario(Settings):
    """One storyline with one variant: everything a run depends on beside the input tables."""

    storyline: Name = Field(description="Future of demand and supply; its numbers are in the input tables")
    storyline_text: Text = Field(description="Words about the storyline")
    variant: Name = Field(description="Development direction of the infrastructure")
    variant_text: Text = Field(
        description="Words about the variant; 'differs' gives the reason for its choices"
    )
    years: Years = Field(description="Years")
    economics: Economics = Field(description="Economics")
    weather: Weather = Field(description="Weather")
    profiles: Profiles = Field(description="Profiles")
    grid: Grid = Field(description="Grid")
    build: Build = Field(description="Building")
    measures: Measures = Field(description="Measures instead of building")
    heat: Heat = Field(description="Heat and district heating")
    gas: Gas = Field(description="Methane and green gas")
    hydrogen: Hydrogen = Field(description="Hydrogen")
    flexibility: Flexibility = Field(description="Flexibility")
    pathway: Pathway = Field(description="Pathway")
    robust: Robust = Field(description="What holds in every future")
    solver: Solver = Field(description="Solver")


class Run(Settings):
    """One storyline with one variant."""

    storyline: Name = Field(description="Storyline")
    variant: Name = Field(description="Variant")

    @property
    def name(self) -> str:
        """Folder name of the run's results."""
        return f"{self.storyline}_{self.variant}"


Pass = Literal["screening", "switching", "ac_check", "flexibility", "pathway", "robust", "effects"]


class Batch(Settings):
    """Runs that are made and compared together."""

    name: Name = Field(description="File name without .yaml")
    title_nl: str = Field(min_length=1, description="Dutch title")
    title_en: str = Field(min_length=1, description="English title")
    description_nl: str = Field(min_length=1, description="Dutch description")
    description_en: str = Field(min_length=1, description="English description")
    storylines: tuple[Name, ...] = Field(min_length=1, description="Storylines")
    variants: tuple[Name, ...] = Field(min_length=1, description="Variants; each runs with each storyline")
    reference_variant: Name = Field(description="Variant with which the others are compared")
    weather_years: tuple[Year, ...] | Literal["all"] = Field(
        description="Measured weather years, or all of them; tables in full for the design years among them"
    )
    passes: tuple[Pass, ...] = Field(
        default=("screening", "switching", "ac_check", "flexibility", "pathway", "effects"),
        min_length=1,
        description=(
            "What is made: screening (always), switching (the candidate states compared), ac_check (voltages "
            "on the binding hours), flexibility (what it can remove), pathway (a plan per run), "
            "robust (which choices hold in every storyline; needs pathway) and "
            "effects (what projects do when put in, left out or late)"
        ),
    )
    overrides: dict[str, object] = Field(
        default_factory=dict, description="Settings that differ from base.yaml in every run of the batch"
    )

    @field_validator("storylines", "variants", "weather_years", "passes")
    @classmethod
    def _each_once(cls, values: tuple[object, ...] | str) -> tuple[object, ...] | str:
        """Refuse what stands twice, at its own key."""
        twice = sorted({str(v) for v in values if values.count(v) > 1}) if isinstance(values, tuple) else []
        if twice:
            message = f"each once; {', '.join(twice)} stands twice"
            raise ValueError(message)
        return values

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.weather_years == ():
            message = "at least one weather year"
            raise ValueError(message)
        if "screening" not in self.passes:
            message = "passes: screening is always among them, the other passes need it"
            raise ValueError(message)
        if self.reference_variant not in self.variants:
            message = f"reference_variant must be one of the variants: {', '.join(self.variants)}"
            raise ValueError(message)
        return self

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs, storyline by storyline."""
        return tuple(Run(storyline=s, variant=v) for s in self.storylines for v in self.variants)
