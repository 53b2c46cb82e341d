"""Write docs/results.md from the registry: ``python -m pmiek.results.docs``."""

from __future__ import annotations

from pathlib import Path

from pmiek.files import write_text
from pmiek.results.registry import Column, result_tables

INTRO = """# Result tables

Made by `python -m pmiek.results.docs` from `model/pmiek/results/tables.yaml`; do not edit by hand.

Tables are CSV files (UTF-8, comma, one header) in `results/<batch>/tables/`. Power is MW, energy MWh,
money real EUR of 2025. Power carries magnitude plus direction: take-off
or feed-in. Hours are UTC, 8,760 per year.
"""


def results_markdown() -> str:
    """Return the documentation of all result tables as Markdown."""
    parts = [INTRO]
    for table in result_tables().values():
        parts += [
            f"\n## {table.name}.csv\n",
            f"{table.title}. One row per {', '.join(table.key)}. Written by rule `{table.rule}`.\n",
            "| column | unit | meaning |",
            "|---|---|---|",
            *(f"| {column.name} | {column.unit} | {_meaning(column)} |" for column in table.columns),
        ]
    return "\n".join(parts) + "\n"


def _meaning(column: Column) -> str:
    """Give the description, and after it the values that may occur."""
    if not column.allowed:
        return column.description
    named = ", ".join(f"`{value}`" if value else "empty" for value in column.allowed)
    return f"{column.description}. One of: {named}"


def main(target: Path = Path("docs/results.md")) -> None:
    """Write the file."""
    write_text(results_markdown(), target)


if __name__ == "__main__":
    main()
