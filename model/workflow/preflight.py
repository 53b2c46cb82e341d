"""Checks before anything is made: inputs, scenarios and the topology of the grid, all problems at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from model.errors import InputError, Problem
from model.inputs import check_inputs, read_tables
from model.network import check_topology, grid_state
from model.scenarios import check_scenarios, list_scenarios, load_batch, merge_scenario
from model.workflow.support import FROZEN, NULALTERNATIEF

if TYPE_CHECKING:
    from pathlib import Path


def preflight(root: Path, batch: str) -> None:
    """Refuse to start when anything is wrong.

    Raises
    ------
    InputError
        With every problem in the inputs, the scenarios, the batch and the grid.
    """
    problems = _problems(root, batch)
    if problems:
        raise InputError(problems)


def check_all(root: Path) -> str:
    """Validate all inputs and scenarios and say what was looked at.

    Raises
    ------
    InputError
        With every problem that was found.
    """
    start = time.perf_counter()
    problems = _problems(root, None)
    if problems:
        raise InputError(problems)
    seconds = time.perf_counter() - start
    tables = read_tables(root / "inputs")
    rows = sum(len(tables[name]) for name in tables)
    known = list_scenarios(root / "scenarios")
    return (
        f"All is well: {len(tables)} input tables with {rows} rows and {len(known)} scenario files"
        f" are consistent, and every part of the grid is connected and fed ({seconds:.1f} s)."
    )


def _problems(root: Path, batch: str | None) -> list[Problem]:
    problems = [*check_inputs(root / "inputs"), *check_scenarios(root / "scenarios")]
    if batch is not None:
        try:
            load_batch(root / "scenarios", batch)
        except InputError as error:
            problems.extend(error.problems)
    if not problems:
        problems.extend(_topology(root, batch))
    return list(dict.fromkeys(problems))


def _topology(root: Path, batch: str | None) -> list[Problem]:
    tables = read_tables(root / "inputs")
    name = batch or _first_batch(root)
    chosen = load_batch(root / "scenarios", name)
    run = chosen.runs[0]
    scenario = merge_scenario(root / "scenarios", run.storyline, chosen.reference_variant, chosen.overrides)
    grids = [grid_state(tables, scenario, FROZEN, scenario.years.base)]
    grids += [grid_state(tables, scenario, NULALTERNATIEF, year) for year in scenario.years.screening]
    return [problem for grid in grids for problem in check_topology(grid)]


def _first_batch(root: Path) -> str:
    return min(p.stem for p in (root / "scenarios" / "batches").glob("*.yaml"))
