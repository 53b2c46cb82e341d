"""The few functions that a script needs; what stands here stays, the modules behind it may move.

Each of them does what a command of ``pmiek`` does, and gives tables instead of text:

>>> from pmiek.api import load, network, screen
>>> province = load("drenthe")               # doctest: +SKIP
>>> grid = network(province, year=2035)      # doctest: +SKIP
>>> loading = screen(province, "snel")       # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.decide.weighing import read_framework
from pmiek.decide.weighing.practice import practice, reweighted
from pmiek.errors import RequestError
from pmiek.inputs import read_tables
from pmiek.publish.exchange.datapack import read_public
from pmiek.results.registry import result_tables
from pmiek.workflow.inspection import grid_of
from pmiek.workflow.lists import WEIGHT_DRAW_SEED
from pmiek.workflow.plan import load_plan
from pmiek.workflow.preflight import preflight
from pmiek.workflow.runner import project_root, run_workflow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pypsa

    from pmiek.inputs import Tables


@dataclass(frozen=True)
class Province:
    """A project folder: inputs and scenarios of one province, and results where they were made.

    Attributes
    ----------
    root : Path
        The folder with ``Snakefile``, ``inputs`` and ``scenarios``.
    """

    root: Path

    @cached_property
    def inputs(self) -> Tables:
        """All checked input tables, by name such as ``grid/stations``; public figures only."""
        return read_tables(self.root / "inputs")

    def table(self, batch: str, name: str) -> pd.DataFrame:
        """Give a public result table of a batch; ``docs/results.md`` says what each column means.

        Raises
        ------
        RequestError
            If there is no such table, or the batch was not run.
        """
        if name not in result_tables():
            message = f"there is no result table {name!r}"
            raise RequestError(message)
        path = self.root / "results" / batch / "tables" / f"{name}.csv"
        if not path.is_file():
            message = f"batch {batch} has no table {name} yet; plan it first"
            raise RequestError(message)
        return read_public(path)


def load(folder: str | Path | None = None) -> Province:
    """Open a project folder and check its inputs.

    Parameters
    ----------
    folder : str or Path, optional
        Folder of the province, or one below it; the working directory by default.

    Raises
    ------
    InputError
        With every problem of the inputs at once.
    """
    province = Province(project_root(None if folder is None else Path(folder).resolve()))
    _ = province.inputs
    return province


def network(province: Province, year: int = 2025, state: str = "nulalternatief") -> pypsa.Network:
    """Give the high-voltage grid of a year as a PyPSA network: buses, lines, transformers and their ratings in MVA.

    Parameters
    ----------
    province : Province
    year : int
        Year of the grid.
    state : {"nulalternatief", "frozen"}
        With the projects that are decided, or as it stands today.
    """
    from pmiek.network.build import build_network  # noqa: PLC0415 -- PyPSA is slow to import

    return build_network(grid_of(province.root, province.inputs, year, state))


def screen(province: Province, batch: str = "snel", jobs: int = 2) -> pd.DataFrame:
    """Run a batch as far as the screening of all hours, and give the loading of every asset.

    Parameters
    ----------
    province : Province
    batch : str
        A file in ``scenarios/batches``, without ending.
    jobs : int
        Steps at the same time.

    Returns
    -------
    DataFrame
        Rows per asset, direction, grid state, storyline, year and weather year, with ``loading_pct``, ``peak_mw``,
        ``limit_mw`` and the hours and MWh above the limit.
    """
    steps = load_plan(province.root, batch)
    targets = [f"{steps.folder}/shared/screening/{storyline}" for storyline in steps.storylines]
    _run(province, batch, jobs, *targets)
    parts = [pd.read_parquet(province.root / target / "loading.parquet") for target in targets]
    return pd.concat(parts, ignore_index=True)


def plan(province: Province, batch: str = "snel", jobs: int = 2) -> pd.DataFrame:
    """Run a batch to its list of projects, and give the capacity that each storyline and variant builds (MW)."""
    _run(province, batch, jobs, f"{load_plan(province.root, batch).folder}/tables/project_effects.csv")
    return province.table(batch, "capacity")


def weigh(
    province: Province, batch: str = "snel", weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Rank the projects of a batch that was planned, with other weights per criterion if given; nothing is written."""
    framework = read_framework(province.root / "inputs" / "weighing" / "framework.yaml")
    tried = reweighted(framework, dict(weights or {}))
    listed, scores = province.table(batch, "candidates"), province.table(batch, "scores")
    return practice(listed, scores, tried, [], WEIGHT_DRAW_SEED)


def report(province: Province, batch: str = "snel", jobs: int = 2) -> Path:
    """Make everything of a batch, and give the first page of its site."""
    _run(province, batch, jobs)
    return province.root / load_plan(province.root, batch).folder / "site" / "index.html"


def _run(province: Province, batch: str, jobs: int, *targets: str) -> None:
    preflight(province.root, batch)
    run_workflow(province.root, batch, jobs, targets)
