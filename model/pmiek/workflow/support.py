"""What the stages share: passing on known errors, and reading and writing the files between them."""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import pandas as pd

from pmiek.errors import PmiekError
from pmiek.files import write_json, write_parquet
from pmiek.workflow.contents import outputs_of
from pmiek.workflow.interruptions import words
from pmiek.workflow.plan import Plan, load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

P = ParamSpec("P")

FROZEN = "frozen"
NULALTERNATIEF = "nulalternatief"


def stage(function: Callable[P, None]) -> Callable[P, None]:
    """Leave the message of a known error for the command line before the step fails."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        plan = args[0] if args else None
        try:
            if isinstance(plan, Plan):
                with outputs_of(function.__name__, plan.root / plan.folder):
                    function(*args, **kwargs)
            else:
                function(*args, **kwargs)
        except PmiekError as error:
            if isinstance(plan, Plan):
                told = {"exit_code": error.exit_code, "message": str(error)}
                write_json(told, plan.root / plan.folder / "logs" / "failure.json")
            raise
        except (OSError, MemoryError) as error:
            told_so = words(error)
            if told_so:
                if isinstance(plan, Plan):
                    _leave(plan.root / plan.folder / "logs" / "failure.json", told_so)
                raise PmiekError(told_so) from error
            raise

    return run


def _leave(path: Path, message: str) -> None:
    """Leave a message for the command line; on a full disk there is the log of the step alone."""
    with suppress(OSError):
        write_json({"exit_code": PmiekError.exit_code, "message": message}, path)


def plan_of(root: str, batch: str) -> Plan:
    """Read the plan of a batch (for the Snakefile)."""
    return load_plan(Path(root), batch)


def by_weather_year(plan: Plan, paths: Sequence[str]) -> dict[int, pd.DataFrame]:
    """Read one file per weather year; the year is the last part of the file's name.

    Raises
    ------
    ValueError
        If a file name does not end in a year.
    """
    return {year_of(path): pd.read_parquet(plan.root / path) for path in paths}


def year_of(path: str) -> int:
    """Give the weather year of a file: the last part of its name."""
    return int(Path(path).stem.rpartition("_")[2])


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as a Parquet file of its own in a folder."""
    for name, table in tables.items():
        write_parquet(table.reset_index(drop=True), folder / f"{name}.parquet")


def read_folder(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables that :func:`write_tables` wrote."""
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def join_folders(folders: Sequence[Path]) -> dict[str, pd.DataFrame]:
    """Read the same tables of several folders and put them under each other; empty ones are left out."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for folder in folders:
        for name, table in read_folder(folder).items():
            parts.setdefault(name, []).append(table)
    return {
        name: pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
        for name, tables in parts.items()
    }
