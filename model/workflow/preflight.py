"""Checks before anything is made: inputs, scenarios and the topology of the grid, all problems at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from model.errors import InputError, Problem
from model.inputs import check_inputs, read_tables
from model.inputs.operator_files import operator_folder
from model.network import check_topology, grid_state
from model.scenarios import check_scenarios, list_scenarios, load_batch
from model.scenarios.agreement import check_agreement
from model.workflow.plan import load_plan
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
    tables = read_tables(root / "inputs", overrides=operator_folder(root))
    rows = sum(len(tables[name]) for name in tables)
    known = list_scenarios(root / "scenarios")
    return (
        f"All is well: {len(tables)} input tables with {rows} rows and {len(known)} scenario files"
        f" are consistent, and every part of the grid is connected and fed ({seconds:.1f} s)."
    )


def _problems(root: Path, batch: str | None) -> list[Problem]:
    problems = [*check_inputs(root / "inputs", overrides=operator_folder(root)), *check_scenarios(root / "scenarios")]
    if batch is not None:
        try:
            load_batch(root / "scenarios", batch)
        except InputError as error:
            problems.extend(error.problems)
    if not problems:
        problems.extend(_against_tables(root, batch))
    return list(dict.fromkeys(problems))


def _against_tables(root: Path, batch: str | None) -> list[Problem]:
    """Hold every run of the batches, and every grid that they use, against the tables."""
    tables = read_tables(root / "inputs", overrides=operator_folder(root))
    names = [batch] if batch else sorted(p.stem for p in (root / "scenarios" / "batches").glob("*.yaml"))
    problems: list[Problem] = []
    for plan in (load_plan(root, name) for name in names):
        scenarios = [plan.scenario(run.storyline, run.variant) for run in plan.batch.runs]
        problems += [problem for scenario in scenarios for problem in check_agreement(scenario, tables)]
        grids = [grid_state(tables, scenarios[0], FROZEN, scenarios[0].years.base)]
        grids += [
            grid_state(tables, scenarios[0], NULALTERNATIEF, year) for year in scenarios[0].years.screening
        ]
        problems += [problem for grid in grids for problem in check_topology(grid)]
    return problems
