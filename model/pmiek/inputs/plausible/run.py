"""All checks of plausibility together, over tables whose types and references are checked already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.plausible.assets import check_assets
from pmiek.inputs.plausible.confirmed import without_confirmed
from pmiek.inputs.plausible.edition import EDITION, check_edition, read_edition
from pmiek.inputs.plausible.places import check_places, region_box
from pmiek.inputs.plausible.quantity import check_quantity
from pmiek.inputs.plausible.ranges import QUANTITIES
from pmiek.inputs.plausible.series import check_series


def check_plausible(
    root: Path, frames: Mapping[str, pd.DataFrame], confirmed: Sequence[pd.DataFrame] = ()
) -> list[Problem]:
    """Refuse what is impossible and ask about what is unlikely.

    Parameters
    ----------
    root : Path
        The inputs folder.
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    confirmed : sequence of DataFrame
        Confirmations outside ``inputs/confirmed.csv``, of operators.

    Returns
    -------
    list of Problem
        Refusals and questions; what ``confirmed.csv`` answers is left out.
    """
    problems = [problem for quantity in QUANTITIES for problem in check_quantity(quantity, frames)]
    problems += check_series(frames)
    problems += check_places(frames, region_box(root))
    problems += check_assets(frames)
    problems += compare_with_edition(root, frames)
    answers = [*confirmed, *([frames["confirmed"]] if "confirmed" in frames else [])]
    return without_confirmed(_once(problems), frames, answers)


def compare_with_edition(root: Path, frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Compare with the last accepted edition, if the folder has one."""
    path = root / EDITION
    if not path.is_file():
        return []
    try:
        edition = read_edition(path)
    except ValueError as error:
        remedy = "Take the file back from version control, or write it anew with pmiek accept."
        return [Problem(f"inputs/{EDITION}", None, "", str(error)[:80], "a readable edition", remedy)]
    return check_edition(frames, edition)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """Keep one problem per cell: a refusal goes before a question, and the first before later ones."""
    chosen: dict[tuple[str, int | None, str, str], Problem] = {}
    for problem in sorted(problems, key=lambda p: p.asks):
        place = (problem.file, problem.row, problem.column, problem.value if problem.row is None else "")
        chosen.setdefault(place, problem)
    return list(chosen.values())
