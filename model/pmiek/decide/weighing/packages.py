"""Projects that are of no use without each other: a package is scored as one, its parts stay visible."""

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
        ``project_dependencies``: project_id, depends_on, kind, share (0-1 or empty).

    Returns
    -------
    Series
        By project_id: the id of the package's first project, or empty for a project on its own.
    """
    ids = candidates["project_id"].tolist()
    own = pd.Series("", index=pd.Index(ids, name="project_id"), dtype=object)
    if dependencies is None or dependencies.empty:
        return own
    share = pd.to_numeric(dependencies["share"], errors="coerce").fillna(0.0)
    bound = dependencies[text(dependencies["kind"]).isin(NEEDS) | (share >= LOSES_HALF)]
    decided = dict(zip(candidates["project_id"], text(candidates["type"]).eq("concreet"), strict=True))
    first = {name: name for name in ids}

    def root(name: str) -> str:
        while first[name] != name:
            name = first[name]
        return name

    for one, other in zip(text(bound["project_id"]), text(bound["depends_on"]), strict=True):
        if one in first and other in first and decided[one] == decided[other]:
            low, high = sorted((root(one), root(other)))
            first[high] = low
    roots = pd.Series({name: root(name) for name in ids})
    several = roots.map(roots.value_counts()) > 1
    return roots.where(several, "").rename_axis("project_id")
