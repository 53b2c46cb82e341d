"""The lists of the programme: decided work, what needs a decision, medium voltage, and flexibility."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.projects.tables import text

DECIDED, DECIDE, MEDIUM_VOLTAGE, FLEXIBILITY = "decided", "to_decide", "medium_voltage", "flexibility"
LISTS = (DECIDE, DECIDED, MEDIUM_VOLTAGE, FLEXIBILITY)
"""In the order in which they are shown; each has ranks of its own."""
MEDIUM_VOLTAGE_CLASSES = ("mv_station", "mv_lv")
NO_INFRASTRUCTURE = ("curtailment", "flexible_contract", "less_green_gas", "less_hydrogen", "other_carrier")
"""Options that build nothing: they are agreements, and stand on a list of their own."""


def lists_of(candidates: pd.DataFrame) -> pd.Series:
    """Say on which list each project stands.

    Nobody chooses between decided work and work that needs a decision, an agreement is no infrastructure, and
    medium voltage is weighed by questions of its own: places on one list say nothing of another.

    Parameters
    ----------
    candidates : DataFrame
        project_id, type, asset_class, option.

    Returns
    -------
    Series
        One of ``LISTS`` by project_id; the first that fits of decided, flexibility and medium voltage.
    """
    medium = text(candidates["asset_class"]).isin(MEDIUM_VOLTAGE_CLASSES)
    name = pd.Series(DECIDE, index=candidates.index, dtype=object)
    name = name.mask(medium, MEDIUM_VOLTAGE)
    name = name.mask(text(candidates["option"]).isin(NO_INFRASTRUCTURE), FLEXIBILITY)
    name = name.mask(text(candidates["type"]).eq("concreet"), DECIDED)
    return name.set_axis(pd.Index(candidates["project_id"], name="project_id"))
