"""What the examination of the base year says of a project: where it fails, the need is not certain."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from pmiek.decide.projects.rules import CERTAIN, LIKELY
from pmiek.decide.projects.tables import CandidateSet, split_ids

#: Verdicts of ``base_year`` that bar the word *zeker*. An area without a share may lie below its need without fault,
#: for a need holds contracts that are not used yet; an area with a share may not.
FAULTS: Final = ("exception", "above need", "above capacity", "above")
BY_SHARE: Final = "share"


def failed_lines(base_year: pd.DataFrame) -> pd.DataFrame:
    """Give the lines of the base year on which no certain need can rest: area, direction and transformer groups.

    Parameters
    ----------
    base_year : DataFrame
        Result table ``base_year``; may be empty.
    """
    if base_year.empty:
        return pd.DataFrame(columns=["asset_id", "direction", "name"])
    judged = base_year["verdict"].where(base_year["verdict"] != "exception", base_year["without_exception"])
    fails = base_year["verdict"].isin(FAULTS) | (judged.eq("below") & base_year["basis"].eq(BY_SHARE))
    rows = base_year[fails & base_year["asset_ids"].fillna("").astype(str).ne("")]
    groups = rows["asset_ids"].astype(str).map(split_ids)
    return rows.assign(asset_id=groups).explode("asset_id")[["asset_id", "direction", "name"]]


def with_examination(long_list: CandidateSet, base_year: pd.DataFrame) -> CandidateSet:
    """Bar the word *zeker* for projects whose own assets stand on a line of the base year that fails.

    Parameters
    ----------
    long_list : CandidateSet
        The long list.
    base_year : DataFrame
        Result table ``base_year``.

    Returns
    -------
    CandidateSet
        With *waarschijnlijk* in place of *zeker* there, and the reason in both languages.
    """
    failed = failed_lines(base_year)
    listed = long_list.candidates
    if failed.empty or listed.empty:
        return long_list
    names = failed.groupby(["asset_id", "direction"])["name"].first().to_dict()
    at = [
        next((names[key] for asset in split_ids(str(ids)) if (key := (asset, direction)) in names), "")
        for ids, direction in zip(listed["asset_ids"], listed["direction"], strict=True)
    ]
    place = pd.Series(at, index=listed.index)
    barred = place.ne("") & listed["certainty"].eq(CERTAIN)
    nl = listed["certainty_reason"] + ", maar de piek van het basisjaar wijkt bij " + place
    en = listed["certainty_reason_en"] + ", but the base-year peak at " + place
    changed = listed.assign(
        certainty=listed["certainty"].mask(barred, LIKELY),
        certainty_reason=listed["certainty_reason"].mask(barred, nl + " af van wat gepubliceerd is"),
        certainty_reason_en=listed["certainty_reason_en"].mask(
            barred, en + " differs from what is published"
        ),
    )
    return replace(long_list, candidates=changed)
