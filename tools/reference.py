"""Write the generated pages of the documentation: docs/inputs.md, docs/commands.md and docs/api.md.

Usage: ``python tools/reference.py``; the tests say when a page is behind the code.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pmiek import api
from pmiek.cli import app
from pmiek.inputs.registry import TABLES

if TYPE_CHECKING:
    from pmiek.inputs.schema import Column, Table

DOCS = Path(__file__).resolve().parents[1] / "docs"
API = ("load", "Province", "network", "screen", "plan", "weigh", "report")


def inputs_page() -> str:
    """Describe every input table and column, from the registry that also checks them."""
    parts = [
        "# Input tables\n",
        (
            "Generated from the registry that `pmiek check` uses (`python tools/reference.py`). Every row names its "
            "`source` and `quality`. An empty cell means: not known, or it does not apply.\n"
        ),
    ]
    parts.extend(_table(table) for table in TABLES.values())
    return "\n".join(parts)


def _table(table: Table) -> str:
    lines = [f"## {table.name}\n", f"**{table.title}.** {table.description}"]
    lines.append(f"\nKey: {', '.join(f'`{name}`' for name in table.key)}. ")
    if table.absent:
        lines[-1] += f"Without the file: {table.absent}"
    lines += ["", "| column | what | form |", "|---|---|---|", *map(_column, table.columns), ""]
    return "\n".join(lines)


def _column(column: Column) -> str:
    form = column.expected + ("" if column.filled else ", or empty")
    if column.optional:
        form += "; the column may be left out"
    return f"| `{column.name}` | {_cell(column.description)} | {_cell(form)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def commands_page() -> str:
    """Describe every command with its arguments, from the command line itself."""
    command = typer.main.get_command(app)
    parts = ["# Commands\n", "Generated from the command line (`python tools/reference.py`).\n"]
    parts += _commands(command, "pmiek")
    return "\n".join(parts)


def _commands(command: Any, path: str) -> list[str]:
    below = getattr(command, "commands", None)
    if below is not None:
        return [line for name in sorted(below) for line in _commands(below[name], f"{path} {name}")]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shown = " ".join([path, *(str(p.name).upper() for p in arguments)])
    lines = [f"## {path}\n", f"`{shown}`\n", f"{(command.help or '').strip()}\n"]
    told = [(_names(p), getattr(p, "help", "") or "") for p in command.params if p.name != "help"]
    if told:
        lines += ["| | |", "|---|---|", *(f"| {names} | {_cell(text)} |" for names, text in told), ""]
    return lines


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{str(parameter.name).upper()}`"
    return ", ".join(f"`{name}`" for name in parameter.opts)


def api_page() -> str:
    """Describe the functions for scripts, from their docstrings."""
    parts = [
        "# Python\n",
        (
            "`from pmiek.api import load, network, screen, plan, weigh, report`. What stands here stays; the modules "
            "behind it may move. Generated from the docstrings (`python tools/reference.py`).\n"
        ),
    ]
    for name in API:
        thing = getattr(api, name)
        signature = re.sub(r"pmiek\.[\w.]*\.", "", str(inspect.signature(thing))).replace("'", "")
        parts += [
            f"## {name}\n",
            f"```\n{name}{signature}\n```\n",
            f"```text\n{inspect.getdoc(thing)}\n```\n",
        ]
    return "\n".join(parts)


PAGES = {"inputs.md": inputs_page, "commands.md": commands_page, "api.md": api_page}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page().rstrip() + "\n", encoding="utf-8", newline="\n")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
