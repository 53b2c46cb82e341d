"""The weighing framework as data: criteria, indicators with scales and sources, and priority rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pmiek.errors import InputError, Problem
from pmiek.inputs.guards import check_yaml

Score = Annotated[float, Field(ge=0, le=100)]
CRITERIA = ("societal", "urgency", "feasibility")


class Strict(BaseModel):
    """Base of all parts: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(Strict):
    """One of the three criteria of the pMIEK."""

    id: Literal["societal", "urgency", "feasibility"] = Field(description="Key of the criterion")
    label_nl: str = Field(description="Name in Dutch")
    label_en: str = Field(description="Name in English")
    weight: float = Field(gt=0, description="Weight; all criteria together add to 1")


class Request(Strict):
    """The data request that an unknown indicator becomes: specific, measurable, assigned, reasoned, timed."""

    what: str = Field(description="Which figure, with unit")
    why: str = Field(description="What it changes in the weighing")
    format: str = Field(description="File, column or form in which it comes")
    who: Literal["operator", "municipality", "province"] = Field(description="Who is asked")
    by_when_month_day: str = Field(
        default="12-31", pattern=r"\d{2}-\d{2}", description="Due in the reference year, as MM-DD"
    )


class Indicator(Strict):
    """One indicator under a criterion."""

    id: str = Field(pattern=r"[a-z][a-z0-9_]*", description="Key of the indicator")
    criterion: Literal["societal", "urgency", "feasibility"] = Field(description="Criterion it belongs to")
    label_nl: str = Field(description="Name in Dutch")
    label_en: str = Field(description="Name in English")
    unit: str = Field(description="Unit of the value")
    direction: Literal["higher", "lower", "category"] = Field(
        description="Whether a higher or a lower value scores more; category for words"
    )
    weight: float = Field(gt=0, description="Weight within the criterion; they add to 1 per criterion")
    source: str = Field(description="Name of a model figure, or `judgment`")
    scale: tuple[tuple[float, Score], ...] = Field(
        default=(), description="Points (value, score), straight lines between, flat outside"
    )
    categories: dict[str, Score] = Field(default_factory=dict, description="Score per word")
    uncertainty: float = Field(
        default=0.0, ge=0, le=1, description="Relative range of the value where the model gives none"
    )
    medium_voltage: bool = Field(default=False, description="Meant for the medium-voltage grid in particular")
    asset_classes: tuple[str, ...] = Field(
        default=(),
        description="Classes of asset that it is about; empty is all. A cable has no plot that can be extended",
    )
    carriers: tuple[str, ...] = Field(
        default=(),
        description="Carriers whose projects it is about; empty is all. Elsewhere it does not apply",
    )
    request: Request | None = Field(default=None, description="What to ask when the value is unknown")

    @model_validator(mode="after")
    def _scale_fits(self) -> Self:
        if self.direction == "category":
            if not self.categories or self.scale:
                message = f"{self.id}: a category needs `categories` and no `scale`"
                raise ValueError(message)
            return self
        if len(self.scale) < 2 or self.categories:
            message = f"{self.id}: a number needs a `scale` of at least two points and no `categories`"
            raise ValueError(message)
        values = [point[0] for point in self.scale]
        scores = [point[1] for point in self.scale]
        if values != sorted(set(values)):
            message = f"{self.id}: the values of `scale` must rise"
            raise ValueError(message)
        if scores != sorted(scores, reverse=self.direction == "lower"):
            message = f"{self.id}: the scores of `scale` contradict direction `{self.direction}`"
            raise ValueError(message)
        return self


class PriorityClass(Strict):
    """One class of the priority order; the first whose test holds is the project's class."""

    id: str = Field(description="Key")
    label_nl: str = Field(description="Name in Dutch")
    label_en: str = Field(description="Name in English")
    direction: Literal["take-off", "feed-in", "any"] = Field(description="Direction of the need")
    group: str = Field(default="", description="Sector group that must have the largest share; empty is any")


class Robustness(Strict):
    """How the stability of the rank is tested."""

    draws: int = Field(default=10_000, ge=100, le=200_000, description="Random weightings")
    concentration: float = Field(default=20.0, gt=0, description="Higher keeps closer to the stated weights")
    top: int = Field(default=10, ge=1, description="The N of `in the top N`")
    unanswered_share: float = Field(
        default=0.5, ge=0, le=1, description="Share of the draws in which what nobody told stays untold"
    )
    certain_share: float = Field(
        default=0.9, gt=0.5, lt=1, description="From this share on an order is claimed"
    )


class Proposal(Strict):
    """Stated rules by which the model proposes; people decide in a column of their own."""

    most: int = Field(default=16, ge=1, description="Lines that a programme holds, medium voltage aside")
    most_medium_voltage: int = Field(default=8, ge=0, description="Lines of medium and low voltage besides")
    least_mw: float = Field(
        default=10.0, ge=0, description="Below this size it is no matter for the province"
    )
    plan_starts_after_years: int = Field(
        default=2, ge=0, description="Years from the edition to the first year of its plan period"
    )
    plan_years: int = Field(default=10, ge=1, description="Years of the plan period; a later start waits")
    start_within_years: int = Field(
        default=4, ge=0, description="A start within this is asked now, a later one is prepared"
    )
    storyline_share: float = Field(
        default=0.75, gt=0, le=1, description="Share of the storylines in which the need must be"
    )


class Framework(Strict):
    """The whole framework.

    ``sector_groups`` puts each sector in one group by the start of its name (longest start wins).
    ``tie_margin_points``: projects closer than this are ordered by the priority classes, not by score.
    """

    name: str = Field(description="Name of the framework")
    edition: str = Field(description="Version that the working group knows it by")
    criteria: tuple[Criterion, ...] = Field(description="The criteria")
    indicators: tuple[Indicator, ...] = Field(description="The indicators")
    sector_groups: dict[str, tuple[str, ...]] = Field(description="Group: starts of sector names")
    priority_classes: tuple[PriorityClass, ...] = Field(description="Order of priority, first is highest")
    tie_margin_points: float = Field(ge=0, le=25, description="Score difference that is no difference")
    medium_voltage_weights: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict,
        description="Framework of medium and low voltage: its questions with their weights within each criterion; "
        "empty is the same as elsewhere",
    )
    measured_effect_replaces: tuple[str, ...] = Field(
        default=(),
        description="Indicators of the same harm, left out where the effect of the project was measured",
    )
    proposal: Proposal = Field(default_factory=Proposal, description="Rules of the proposed list")
    robustness: Robustness = Field(default_factory=Robustness, description="Settings of the stability test")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if sorted(c.id for c in self.criteria) != sorted(CRITERIA):
            message = f"criteria must be {', '.join(CRITERIA)}, each once"
            raise ValueError(message)
        if abs(sum(c.weight for c in self.criteria) - 1) > 1e-6:
            message = "the weights of the criteria must add to 1"
            raise ValueError(message)
        ids = [i.id for i in self.indicators]
        if len(set(ids)) != len(ids):
            message = "each indicator id may occur once"
            raise ValueError(message)
        for criterion in CRITERIA:
            total = sum(i.weight for i in self.indicators if i.criterion == criterion)
            if abs(total - 1) > 1e-6:
                message = f"the weights of the indicators of {criterion} must add to 1, not {total:g}"
                raise ValueError(message)
        self._names_known(ids)
        groups = {c.group for c in self.priority_classes if c.group}
        if groups - set(self.sector_groups):
            message = (
                f"priority classes name unknown sector groups: {sorted(groups - set(self.sector_groups))}"
            )
            raise ValueError(message)
        return self

    def _names_known(self, ids: list[str]) -> None:
        for name in ("medium_voltage_weights", "measured_effect_replaces"):
            lost = sorted(set(getattr(self, name)) - set(ids))
            if lost:
                message = f"{name} names unknown indicators: {lost}"
                raise ValueError(message)
        of = {i.id: i.criterion for i in self.indicators}
        for criterion in CRITERIA if self.medium_voltage_weights else ():
            total = sum(w for name, w in self.medium_voltage_weights.items() if of[name] == criterion)
            if abs(total - 1) > 1e-6:
                message = f"the medium_voltage_weights of {criterion} must add to 1, not {total:g}"
                raise ValueError(message)

    def weights(self, *, medium_voltage: bool = False) -> dict[str, float]:
        """Return the weight of each indicator in the whole: criterion weight times its own.

        Parameters
        ----------
        medium_voltage : bool
            The framework of medium and low voltage; questions that it does not ask have weight 0.
        """
        of = {c.id: c.weight for c in self.criteria}
        own = {i.id: i.weight for i in self.indicators}
        if medium_voltage and self.medium_voltage_weights:
            own = {name: self.medium_voltage_weights.get(name, 0.0) for name in own}
        return {i.id: of[i.criterion] * own[i.id] for i in self.indicators}

    def group_of(self, sector: str) -> str:
        """Return the group of a sector; empty if no start of a name fits."""
        fits = [
            (len(s), group)
            for group, starts in self.sector_groups.items()
            for s in starts
            if sector.startswith(s)
        ]
        return max(fits)[1] if fits else ""


def read_framework(path: Path) -> Framework:
    """Read and check a framework.

    Parameters
    ----------
    path : Path
        YAML file, for example ``inputs/weighing/framework.yaml``.

    Raises
    ------
    InputError
        With every problem: place in the file, what was found, what is expected.
    """
    name = "/".join(path.parts[-3:])
    try:
        text = path.read_text(encoding="utf-8-sig")
        hostile = check_yaml(text, name)
        if hostile:
            raise InputError(hostile)
        content = yaml.safe_load(text)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            [Problem(name, None, "", str(error)[:80], "a readable YAML file", "Correct it.")]
        ) from None
    try:
        return Framework.model_validate(content)
    except ValidationError as error:
        problems = [
            Problem(
                name, None, ".".join(str(part) for part in item["loc"]), str(item["input"])[:60], item["msg"],
                "See docs/weighing.md.",
            )
            for item in error.errors()
        ]  # fmt: skip
        raise InputError(problems) from None
