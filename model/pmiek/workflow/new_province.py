"""A folder for another province: what holds for the whole country is filled in, the rest is empty and documented."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pmiek.errors import RequestError
from pmiek.files import write_text
from pmiek.inputs.registry import TABLES

if TYPE_CHECKING:
    from pmiek.inputs.schema import Column, Table

PACKAGE: Final = Path(__file__).resolve().parents[1]
#: What the project folder needs beside its inputs.
PROGRAMME: Final = ("Snakefile", "rules", "scenarios")
#: Tables and files that hold for any province of the country; the rest is about one province.
NATIONAL: Final = (
    "assumptions.csv",
    "costs",
    "demand/national.csv",
    "LICENSES.md",
    "profiles",
    "projects/escalation_rules.csv",
    "sources.csv",
    "supply/fleet.csv",
    "supply/national.csv",
    "supply/trade.csv",
    "templates",
    "weather",
    "weighing/framework.yaml",
)


def example_folder() -> Path:
    """Give the folder of the example province: inside an installed package, else the clone around it."""
    shipped = PACKAGE / "example"
    return shipped if shipped.is_dir() else PACKAGE.parents[1]


def new_province_text(target: Path, *, example: bool = False) -> str:
    """Write the folder of a new province and say what to do next.

    Parameters
    ----------
    target : Path
        Folder that does not exist yet, or is empty.
    example : bool
        With all tables of the example province, to try the model on, instead of empty ones.

    Raises
    ------
    RequestError
        If the folder holds something already.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        message = f"{target.name} exists and is not empty; name a new folder"
        raise RequestError(message)
    source = example_folder()
    for name in PROGRAMME:
        _copy(source / name, target / name)
    if example:
        _copy(source / "inputs", target / "inputs")
        return f"{target}: the example province.\nNext: cd {target}, then pmiek check, then pmiek run --batch snel"
    for name in NATIONAL:
        _copy(source / "inputs" / name, target / "inputs" / name)
    empty = [table for table in TABLES.values() if not (target / "inputs" / f"{table.name}.csv").exists()]
    required = [table for table in empty if table.required]
    for table in required:
        heads = ",".join(column.name for column in table.columns if not column.optional)
        write_text(heads + "\n", target / "inputs" / f"{table.name}.csv")
    write_text(
        _guide(required, [table for table in empty if not table.required]), target / "inputs" / "README.md"
    )
    return (
        f"{target}: {len(TABLES) - len(empty)} tables that hold for the whole country are filled, {len(required)} are "
        f"empty and wait for yours; inputs/README.md says what belongs in each column.\n"
        f"Next: fill regions/, then grid/ (pmiek import capacity-map reads the operators' public files), then demand/ "
        f"and supply/; pmiek check names every gap"
    )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(
            source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True
        )
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _guide(required: list[Table], other: list[Table]) -> str:
    parts = [
        "# Tables to fill\n\nAn empty cell means: not known. Power in MW, energy in MWh, money in EUR of 2025.\n"
    ]
    for title, tables in (("needed", required), ("only where they apply: leave the file out", other)):
        parts.append(f"## Tables that are {title}\n" if title == "needed" else f"## Tables {title}\n")
        parts += [_described(table) for table in tables]
    return "\n".join(parts)


def _described(table: Table) -> str:
    lines = [f"### `{table.name}.csv`: {table.title}\n", table.description]
    if table.absent:
        lines.append(f"Without the file: {table.absent}")
    lines += ["", "| column | what | form |", "|---|---|---|", *map(_row, table.columns), ""]
    return "\n".join(lines)


def _row(column: Column) -> str:
    form = (
        column.expected
        + ("" if column.filled else ", or empty")
        + (" (column may be left out)" * column.optional)
    )
    text = column.description.replace("|", "/")
    return f"| `{column.name}` | {text} | {form.replace('|', ' or ')} |"
