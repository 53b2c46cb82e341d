"""Checks before anything is made: inputs, scenarios and the topology of the grid, all problems at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pmiek.config import check_scenarios, list_scenarios, load_batch
from pmiek.config.agreement import check_agreement
from pmiek.decide.weighing.framework import read_framework
from pmiek.errors import InputError, Problem
from pmiek.inputs import read_and_check
from pmiek.inputs.operator_files import operator_folder
from pmiek.inputs.plausible.accept import accept_edition
from pmiek.network import check_topology, grid_state
from pmiek.results.variants.apply import variant_problems
from pmiek.workflow.plan import load_plan
from pmiek.workflow.support import FROZEN, NULALTERNATIEF

if TYPE_CHECKING:
    from pathlib import Path

    from pmiek.inputs import Tables


def preflight(root: Path, batch: str) -> None:
    """Refuse to start when anything is wrong.

    Raises
    ------
    InputError
        With every problem in the inputs, the scenarios, the batch and the grid.
    """
    _, problems = _problems(root, batch)
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
    tables, problems = _problems(root, None)
    if problems:
        raise InputError(problems)
    seconds = time.perf_counter() - start
    rows = sum(len(tables[name]) for name in tables)
    known = list_scenarios(root / "scenarios")
    return (
        f"All is well: {len(tables)} input tables with {rows} rows and {len(known)} scenario files"
        f" are consistent, and every part of the grid is connected and fed ({seconds:.1f} s)."
    )


def _problems(root: Path, batch: str | None) -> tuple[Tables, list[Problem]]:
    tables, problems = read_and_check(root / "inputs", overrides=operator_folder(root))
    problems += [*check_scenarios(root / "scenarios"), *_check_framework(root)]
    if batch is not None:
        try:
            load_batch(root / "scenarios", batch)
        except InputError as error:
            problems.extend(error.problems)
    if not problems:
        problems.extend(_against_tables(root, tables, batch))
    return tables, list(dict.fromkeys(problems))


def _check_framework(root: Path) -> list[Problem]:
    try:
        read_framework(root / "inputs" / "weighing" / "framework.yaml")
    except InputError as error:
        return list(error.problems)
    return []


def _against_tables(root: Path, tables: Tables, batch: str | None) -> list[Problem]:
    """Hold every run of the batches, and every grid that they use, against the tables."""
    names = [batch] if batch else sorted(p.stem for p in (root / "scenarios" / "batches").glob("*.yaml"))
    problems: list[Problem] = []
    seen: set[tuple[str, str, int]] = set()
    held: set[str] = set()
    for plan in (load_plan(root, name) for name in names):
        scenarios = [plan.scenario(run.storyline, run.variant) for run in plan.batch.runs]
        problems += [problem for scenario in scenarios for problem in check_agreement(scenario, tables)]
        for scenario in scenarios:
            text = scenario.model_dump_json()
            if text not in held:  # batches share runs; the same settings say the same
                held.add(text)
                problems += variant_problems(tables, scenario)
        first = scenarios[0]
        states = [(FROZEN, first.years.base), *((NULALTERNATIEF, year) for year in first.years.screening)]
        for state, year in states:
            key = (first.grid.switching_state, state, year)
            if key not in seen:
                problems += check_topology(grid_state(tables, first, state, year))
                seen.add(key)
    return problems


def accept_text(root: Path, role: str, reason: str) -> str:
    """Accept the public inputs as the edition that later changes are compared with, and say so.

    Lost rows and leaps are accepted with it; problems and questions of another kind are not.

    Parameters
    ----------
    root : Path
        Project folder.
    role, reason : str
        Who accepts it (a role, never a name) and why; they go into ``inputs/editions.csv``.

    Raises
    ------
    InputError
        If anything else is wrong or asked; nothing is written then.
    """
    return accept_edition(root / "inputs", role, reason)
