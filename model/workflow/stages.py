"""One function per rule: paths in, paths out, and a record of what it took."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from model.demand import connections, energy_check
from model.errors import PmiekError
from model.files import write_parquet
from model.inputs import read_tables
from model.national import solve_national
from model.network import grid_state, sensitivities
from model.profiles import build_profiles, calendar_frame, profile_check, reference_sums
from model.screening import RunKey, prepare, screen, screen_many, settings_of
from model.workflow.manifest import record
from model.workflow.plan import Plan, load_plan
from model.workflow.runner import note_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from model.inputs import Tables
    from model.scenarios import Scenario
    from model.screening import ScreeningResult

P = ParamSpec("P")

PROFILE_TABLES = ("profiles/sectors", "profiles/typical_days", "profiles/offshore_fit", "assumptions", "sources")
STATES = ("frozen", "nulalternatief")


def stage(function: Callable[P, None]) -> Callable[P, None]:
    """Leave the message of a known error for the command line before the step fails."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except PmiekError as error:
            plan = kwargs.get("plan", args[0] if args else None)
            if isinstance(plan, Plan):
                note_failure(plan.root / plan.folder / "logs" / "failure.json", error)
            raise

    return run


def plan_of(root: str, batch: str) -> Plan:
    """Read the plan of a batch (for the Snakefile)."""
    return load_plan(Path(root), batch)
