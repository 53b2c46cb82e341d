"""Project ids that stay the same over editions: from the committed register, else made from the asset."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import explode_ids, text
from pmiek.ids import slug

REGISTER_COLUMNS = [
    "project_id", "name", "carrier", "asset_id", "option", "first_edition", "status", "predecessor",
    "source", "quality", "note",
]  # fmt: skip
CLOSED = ("merged", "split", "withdrawn", "done")


def assign_ids(groups: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Give every group of assets its project id.

    A register row that is open and names the group's area (its ``asset_id`` may hold several, joined with
    semicolons: that is a merge) gives its id and its predecessor. Rows with another ``option`` than the
    group's kind do not match, so one asset can be split over kinds. A group the register does not know
    gets ``slug(area, carrier, kind)``.

    Parameters
    ----------
    groups : DataFrame
        Columns area, carrier, kind.
    register : DataFrame
        ``projects/register.csv``.

    Returns
    -------
    DataFrame
        ``groups`` plus project_id, predecessor, registered (bool). Areas merged by the register share an id.
    """
    known = register.reindex(columns=REGISTER_COLUMNS)
    known = known.assign(**{c: text(known[c]) for c in REGISTER_COLUMNS})
    known = explode_ids(known[~known["status"].isin(CLOSED)], "asset_id", "area")
    known = known.rename(columns={"option": "kind"})[["area", "carrier", "kind", "project_id", "predecessor"]]
    known = known.drop_duplicates(["area", "carrier", "kind"])
    out = groups.merge(known, on=["area", "carrier", "kind"], how="left")
    registered = out["project_id"].notna()
    made = [slug(a, c, k) for a, c, k in zip(out["area"], out["carrier"], out["kind"], strict=True)]
    return out.assign(
        project_id=out["project_id"]
        .where(registered, pd.Series(made, index=out.index, dtype=object))
        .astype(str),
        predecessor=text(out["predecessor"]),
        registered=registered,
    )


def extend_register(register: pd.DataFrame, candidates: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Add this edition's new projects to the register.

    Parameters
    ----------
    register : DataFrame
        As read.
    candidates : DataFrame
        Columns project_id, name, carrier, area, kind, predecessor.
    edition : str
        Written in ``first_edition`` of the new rows.

    Returns
    -------
    DataFrame
        Columns of ``REGISTER_COLUMNS``; existing rows unchanged and first, new rows sorted by id.
    """
    known = register.reindex(columns=REGISTER_COLUMNS)
    new = candidates[~candidates["project_id"].isin(text(known["project_id"]))]
    new = new.sort_values("project_id").assign(
        asset_id=new["area"], option=new["kind"], first_edition=edition, status="open",
        source="pmiek_register", quality="derived", note="",
    )  # fmt: skip
    rows = new.reindex(columns=REGISTER_COLUMNS).astype(object)
    return pd.concat([known.astype(object), rows], ignore_index=True) if len(rows) else known
