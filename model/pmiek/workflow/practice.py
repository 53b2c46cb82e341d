"""What the working group does by hand: try weights, hand in a quarterly status."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pmiek.decide.monitoring import add_status, monitoring, status_template
from pmiek.decide.weighing import read_framework
from pmiek.decide.weighing.practice import practice, reweighted
from pmiek.errors import RequestError
from pmiek.files import inside, write_csv
from pmiek.ids import slug
from pmiek.inputs import read_tables
from pmiek.workflow.lists import WEIGHT_DRAW_SEED, read_result

if TYPE_CHECKING:
    from collections.abc import Sequence

QUARTER = re.compile(r"20\d{2}-Q[1-4]")


def weigh_text(
    root: Path, batch: str, *, previous: bool, weights: Sequence[str], framework: Path | None
) -> str:
    """Rank with other weights, print the table and write it to ``results/<batch>/practice/``.

    Raises
    ------
    RequestError
        If the batch is not made, a weight is not written as criterion=number, or nothing is left to rank.
    """
    folder = _tables(root, batch)
    path = framework or root / "inputs" / "weighing" / "framework.yaml"
    tried = reweighted(read_framework(path), dict(_weight(text) for text in weights))
    only: list[str] = []
    if previous:
        earlier = read_tables(root / "inputs")["projects/previous_pmiek"]
        only = [slug(str(name)) for name in earlier["project_id"]]
    if previous and not only:
        message = "inputs/projects/previous_pmiek.csv has no projects to practise on"
        raise RequestError(message)
    listed = read_result(folder, "candidates")
    table = practice(listed, read_result(folder, "scores"), tried, only, WEIGHT_DRAW_SEED)
    out = root / "results" / batch / "practice" / f"{'previous' if previous else 'list'}.csv"
    write_csv(table, out)
    told = ", ".join(f"{c.label_nl} {100 * c.weight:.0f}%" for c in tried.criteria)
    shown = table.drop(columns="name").round(2).to_string(index=False)
    return f"Gewichten / weights: {told}\n{shown}\n  {out.relative_to(root).as_posix()}"


def _weight(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        message = f"{text!r} is not a weight: write criterion=number, such as societal=0.5"
        raise RequestError(message) from None


def status_text(root: Path, batch: str, file: Path | None, quarter: str) -> str:
    """Write the quarterly form, or add a filled one to ``inputs/projects/status.csv``.

    Raises
    ------
    InputError
        With every problem of the form.
    RequestError
        If the quarter is not written as 2026-Q4, or the batch is not made.
    """
    if file is not None:
        added = add_status(file, root / "inputs")
        return f"{added} rows added to inputs/projects/status.csv; run the batch again to show them."
    if not QUARTER.fullmatch(quarter):
        message = f"{quarter!r} is not a quarter: write --quarter 2026-Q4"
        raise RequestError(message)
    listed = read_result(_tables(root, batch), "candidates")
    state = monitoring(listed, read_tables(root / "inputs")["projects/status"])
    path = status_template(state, quarter, root / "results" / "templates" / f"status-{quarter}.csv")
    return f"{len(state)} projects: {path.relative_to(root).as_posix()}"


def _tables(root: Path, batch: str) -> Path:
    folder = root / "results" / batch / "tables"
    inside(root / "results", folder)
    if not (folder / "candidates.csv").is_file():
        message = f"batch {batch} has no results yet; run `pmiek run --batch {batch}` first"
        raise RequestError(message)
    return folder
