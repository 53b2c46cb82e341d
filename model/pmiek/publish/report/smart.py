"""What smarter use of the grid solves: flexible contracts, curtailment and storage, as options beside building."""

from __future__ import annotations

import math
from typing import Any

from pmiek.decide.projects.options import FLEX, OPTION_RULES, STORAGE
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import records

WHOLE_PCT = 99.5
"""From this part of the shortage on, an option is said to take it away."""
USE = frozenset(rule.option for rule in OPTION_RULES if rule.mechanism == FLEX)
STORE = frozenset(rule.option for rule in OPTION_RULES if rule.mechanism == STORAGE)


def smarter(material: Material) -> dict[str, Any]:
    """Give what smarter use and storage take away of the shortage behind each project.

    Returns
    -------
    dict
        ``projects`` (how many have such an option), ``whole`` and ``part`` (for how many of them use without
        storage takes away the whole shortage, or some of it), ``stored`` (for how many a store does), and
        ``rows``: columns of ``project_options`` with ``project``, those that take away most first.
    """
    by_id = {p["project_id"]: p for p in material.projects}
    table = material.tables["project_options"]
    table = table[table["option"].isin(USE | STORE) & table["project_id"].isin(list(by_id))]
    rows = [{**row, "project": by_id[row["project_id"]]} for row in records(table)]
    rows.sort(key=lambda r: (-_solved(r), r["option"] in STORE, r["project"]["name"]))
    best: dict[str, dict[bool, float]] = {}
    for row in rows:
        kind = best.setdefault(row["project_id"], {})
        stored = row["option"] in STORE
        kind[stored] = max(kind.get(stored, 0.0), _solved(row))
    use = [kind.get(False, 0.0) for kind in best.values()]
    return {
        "projects": len(best),
        "whole": sum(solved >= WHOLE_PCT for solved in use),
        "part": sum(0.0 < solved < WHOLE_PCT for solved in use),
        "stored": sum(kind.get(True, 0.0) >= WHOLE_PCT for kind in best.values()),
        "rows": rows,
    }


def _solved(row: dict[str, Any]) -> float:
    solved = float(row["solves_pct"])
    return 0.0 if math.isnan(solved) else solved
