"""What a batch consists of: its storylines, runs, years and files, and which settings each stage reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pmiek.config import Batch, Run, Scenario, leaves, load_batch, merge_scenario
from pmiek.errors import InputError, Problem
from pmiek.inputs import Tables, read_tables
from pmiek.inputs.operator_files import list_files, operator_folder, table_names
from pmiek.inputs.overlays import apply_overlays
from pmiek.workflow.code import PACKAGE, told

KEPT = "fiches"
"""Folder of the project where hand-written texts are kept; it belongs in version control."""

# Settings that a stage reads, as prefixes of dotted paths; a change of another leaves the stage alone.
STAGE_SETTINGS = {
    "profiles": ("weather.", "profiles."),
    "national": ("weather.annual_energy", "economics.", "solver."),
    "screening": ("years.", "weather.", "profiles.", "grid."),
    "pathway": (
        "years.",
        "weather.",
        "profiles.",
        "grid.",
        "economics.",
        "build.",
        "measures.",
        "heat.",
        "gas.",
        "hydrogen.",
        "pathway.",
        "solver.",
    ),
    "robust": (
        "years.",
        "weather.",
        "profiles.",
        "grid.",
        "economics.",
        "build.",
        "measures.",
        "heat.",
        "gas.",
        "hydrogen.",
        "pathway.tolerance",
        "robust.",
        "solver.",
    ),
    "carriers": ("years.", "weather.", "profiles.", "grid.", "economics.", "heat.", "gas.", "hydrogen."),
    "flexibility": ("years.", "weather.", "profiles.", "grid.", "economics.", "flexibility."),
    "projects": ("years.", "grid.", "economics."),
    "effects": ("years.", "weather.", "profiles.", "grid.", "economics.", "heat.", "gas.", "hydrogen."),
}

EFFECT_STORYLINES = 2


@dataclass(frozen=True)
class Plan:
    """A batch, ready to be turned into rules.

    Attributes
    ----------
    root : Path
        Project folder.
    batch : Batch
        Storylines, variants and weather years.
    """

    root: Path
    batch: Batch

    @property
    def name(self) -> str:
        """Name of the batch."""
        return self.batch.name

    @property
    def folder(self) -> str:
        """Result folder relative to the project, with forward slashes."""
        return f"results/{self.name}"

    @cached_property
    def weather_years(self) -> tuple[int, ...]:
        """Weather years of the batch, all measured ones if it says so.

        Raises
        ------
        InputError
            If a year is not among the measured ones.
        """
        station = self._any.weather.station
        folder = self.root / "inputs" / "weather" / station
        measured = sorted(int(path.stem) for path in folder.glob("[0-9]*.parquet"))
        chosen = self.batch.weather_years
        if isinstance(chosen, str):
            return tuple(measured)
        file, remedy = f"scenarios/batches/{self.name}.yaml", "Choose a measured year, or write 'all'."
        known = f"a year with inputs/weather/{station}/<year>.parquet"
        lost = [
            Problem(file, None, "weather_years", str(year), known, remedy)
            for year in chosen
            if year not in measured
        ]
        if lost:
            raise InputError(lost)
        return tuple(chosen)

    @cached_property
    def design_years(self) -> tuple[int, ...]:
        """Weather years of the batch for which prices, plans and tables in full detail are made."""
        design = {year.year for year in self._any.weather.design_years}
        return tuple(year for year in self.weather_years if year in design)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Runs whose pathway is solved; none if the batch only screens."""
        return self.batch.runs if "pathway" in self.batch.passes else ()

    def storylines_for(self, name: str) -> tuple[str, ...]:
        """Give the storylines for which a pass is made; none if the batch leaves it out."""
        return self.storylines if name in self.batch.passes else ()

    @property
    def robust_storylines(self) -> tuple[str, ...]:
        """Storylines in which decisions are tried; none if the batch leaves that out, makes no plan or has one."""
        asked = "robust" in self.batch.passes and bool(self.runs) and len(self.batch.storylines) > 1
        return tuple(self.batch.storylines) if asked else ()

    @property
    def effect_storylines(self) -> tuple[str, ...]:
        """Storylines in which delay, and the effect of projects outside high voltage, are measured."""
        return tuple(name for name in self.batch.storylines if name in self.storylines_for("effects"))

    @property
    def full_effect_storylines(self) -> tuple[str, ...]:
        """Storylines in which all effects are measured: the first of the batch, to save time."""
        return self.effect_storylines[:EFFECT_STORYLINES]

    @property
    def storylines(self) -> tuple[str, ...]:
        """Storylines that are screened; the one with the base year is among them when that year is asked."""
        chosen = tuple(self.batch.storylines)
        years = self._any.years
        if years.base in years.screening and years.base_storyline not in chosen:
            return (years.base_storyline, *chosen)
        return chosen

    @cached_property
    def _any(self) -> Scenario:
        run = self.batch.runs[0]
        return self.scenario(run.storyline, run.variant)

    def scenario(self, storyline: str, variant: str | None = None) -> Scenario:
        """Merge a scenario; without a variant the batch's reference variant is taken."""
        chosen = variant or self.batch.reference_variant
        return merge_scenario(self.root / "scenarios", storyline, chosen, self.batch.overrides)

    def screening_years(self, storyline: str) -> tuple[int, ...]:
        """Years that are screened for a storyline; the base year only for the storyline that has it."""
        years = self._any.years
        if storyline not in self.batch.storylines:
            return (years.base,)
        return tuple(y for y in years.screening if y != years.base or storyline == years.base_storyline)

    def tables(self, *names: str) -> Tables:
        """Read and check the input tables, with operators' rows and local plans laid over them.

        Every stage reads its tables this way; what is shown to readers comes from the public files.
        """
        read = read_tables(self.root / "inputs", names or None, overrides=operator_folder(self.root))
        return apply_overlays(read)

    def settings(self, stage: str, storyline: str, variant: str | None = None) -> dict[str, Any]:
        """Give the settings that a stage reads, by dotted path; a change of one reruns the stage."""
        flat = leaves(self.scenario(storyline, variant))
        return {key: value for key, value in sorted(flat.items()) if key.startswith(STAGE_SETTINGS[stage])}


def load_plan(root: Path, batch: str) -> Plan:
    """Read a batch from ``scenarios/batches``.

    Raises
    ------
    InputError
        If the batch or a scenario in it is wrong.
    """
    return Plan(root, load_batch(root / "scenarios", batch))


def input_files(root: Path, *themes: str) -> list[str]:
    """List the input files of the given themes (folders or files below ``inputs/``), with forward slashes.

    Files of operators that lay rows over a table of these themes are among them.
    """
    found: list[Path] = []
    for theme in themes:
        path = root / "inputs" / theme
        found += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    public = sorted(p.relative_to(root).as_posix() for p in found if not p.name.startswith("."))
    return [*public, *operator_files(root, *themes)]


def operator_files(root: Path, *themes: str) -> list[str]:
    """List the files of operators that touch a table of the given themes, with forward slashes."""
    folder = operator_folder(root)
    if folder is None:
        return []
    wanted = {theme.removesuffix(".csv") for theme in themes}
    found = []
    for operator, path in list_files(folder):
        inner = path.relative_to(folder / operator).with_suffix("").as_posix()
        if any(name in wanted or name.partition("/")[0] in wanted for name in table_names(path, inner)):
            inside = path.is_relative_to(root)
            found.append((path.relative_to(root) if inside else path).as_posix())
    return sorted(found)


def report_files() -> list[str]:
    """List the templates, texts and static files of the report, with forward slashes."""
    folder = PACKAGE / "publish" / "report"
    found = [
        p for kind in ("templates", "texts", "static") for p in (folder / kind).rglob("*") if p.is_file()
    ]
    return sorted(map(told, found))


def kept_files(root: Path) -> list[str]:
    """List the files with texts that people wrote in a fiche, with forward slashes."""
    return sorted(path.relative_to(root).as_posix() for path in (root / KEPT).glob("*.yaml"))
