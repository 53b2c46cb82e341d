"""Projects that are of no use without each other, or halves of one: scored as one package, the parts visible."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import text

NEEDS = ("needs_station", "needs_connection")
"""Kinds of dependency without which the dependent project does nothing: its cable or station ends nowhere."""
LOSES_HALF = 0.5
"""Share of a project's effect that it loses without the other; from here on the two are one package."""


def packages(candidates: pd.DataFrame, dependencies: pd.DataFrame | None) -> pd.Series:
    """Name the package of each project.

    Parameters
    ----------
    candidates : DataFrame
        The long list; decided work and work still to be decided are never in one package, because nobody
        chooses between them any more.
    dependencies : DataFrame or None
        ``project_dependencies``: project_id, depends_on, kind, share (0-1 or empty). Projects at the same assets for
        the same bottlenecks are a package too, without a dependency.

    Returns
    -------
    Series
        By project_id: the id of the package's first project, or empty for a project on its own.
    """
    ids = candidates["project_id"].tolist()
    if dependencies is None or dependencies.empty:
        dependencies = pd.DataFrame(columns=["project_id", "depends_on", "kind", "share"])
    share = pd.to_numeric(dependencies["share"], errors="coerce").fillna(0.0)
    bound = dependencies[text(dependencies["kind"]).isin(NEEDS) | (share >= LOSES_HALF)]
    decided = dict(zip(candidates["project_id"], text(candidates["type"]).eq("concreet"), strict=True))
    first = {name: name for name in ids}

    def root(name: str) -> str:
        while first[name] != name:
            name = first[name]
        return name

    pairs = [
        *zip(text(bound["project_id"]), text(bound["depends_on"]), strict=True),
        *_halves(candidates),
    ]
    for one, other in pairs:
        if one in first and other in first and decided[one] == decided[other]:
            low, high = sorted((root(one), root(other)))
            first[high] = low
    roots = pd.Series({name: root(name) for name in ids})
    several = roots.map(roots.value_counts()) > 1
    return roots.where(several, "").rename_axis("project_id")


def _halves(candidates: pd.DataFrame) -> list[tuple[str, str]]:
    """Pair projects at the same assets for the same bottlenecks: halves of one project, that split wins nothing."""
    keys = ["asset_ids", "bottleneck_ids"]
    rows = candidates.assign(**{key: text(candidates[key]) for key in keys})
    rows = rows[(rows["asset_ids"] != "") & (rows["bottleneck_ids"] != "")]
    first = rows.groupby([*keys, rows["type"].eq("concreet")])["project_id"].transform("first")
    return [(one, other) for one, other in zip(rows["project_id"], first, strict=True) if one != other]
