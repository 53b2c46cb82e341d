"""What must be raised, by rules that stand in a table."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pmiek.decide.monitoring.latest import quarter_number
from pmiek.decide.projects.tables import cell, text

ESCALATION_COLUMNS = [
    "project_id", "rule_id", "level", "quarter", "name", "text_nl", "text_en",
]  # fmt: skip
LEVELS = ("board", "working group")


def _months(row: pd.DataFrame) -> pd.Series:
    """Months that the next milestone lies before the end of the last quarter that anybody reported."""
    date = pd.to_datetime(row["milestone_date"].where(row["milestone_date"] != ""), errors="coerce")
    month = date.dt.year * 12 + date.dt.month
    end = (row["newest"] // 4) * 12 + (row["newest"] % 4 + 1) * 3
    return end - month


# What a rule can test; each gives a number per project that is held against the threshold (at or above it).
TESTS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "quarters_red": lambda m: m["quarters_in_light"].where(m["light"].eq("red"), 0),
    "quarters_orange": lambda m: m["quarters_in_light"].where(m["light"].eq("orange"), 0),
    "people_short": lambda m: m["people_capacity"].eq("short").astype(int),
    "milestone_months_late": _months,
    "quarters_silent": lambda m: (m["newest"] - quarter_number(m["quarter"])).where(m["quarter"] != ""),
    "years_after_need": lambda m: (m["planned_year"] - m["need_year"]).where(m["light"] != ""),
}


def escalations(monitoring: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """List the projects that a rule raises.

    Parameters
    ----------
    monitoring : DataFrame
        Output of :func:`pmiek.decide.monitoring.latest.monitoring`.
    rules : DataFrame
        ``projects/escalation_rules``: rule_id, test (a key of ``TESTS``), threshold, level, text_nl, text_en;
        ``{value}`` in a text becomes the number that was tested, ``{reason}`` the reason that was given.

    Returns
    -------
    DataFrame
        Columns ``ESCALATION_COLUMNS``, the board first. "Now" is the newest quarter in the table: the list of
        a given table is always the same.
    """
    if monitoring.empty or rules.empty or not monitoring["quarter"].ne("").any():
        return pd.DataFrame(columns=ESCALATION_COLUMNS)
    state = monitoring.assign(newest=float(quarter_number(monitoring["quarter"]).max()))
    found = []
    for rule in rules.to_dict("records"):
        value = TESTS[cell(rule["test"])](state).astype(float)
        hit = state[value.ge(float(rule["threshold"])).fillna(False)]
        for row in hit.to_dict("records"):
            words = {"value": f"{value[state['project_id'].eq(row['project_id'])].iloc[0]:.0f}",
                     "reason": cell(row["reason"]) or "-"}  # fmt: skip
            found.append(
                (row["project_id"], cell(rule["rule_id"]), cell(rule["level"]), row["quarter"], row["name"],
                 _filled(rule["text_nl"], words), _filled(rule["text_en"], words))
            )  # fmt: skip
    out = pd.DataFrame(found, columns=ESCALATION_COLUMNS)
    order = text(out["level"]).map({level: i for i, level in enumerate(LEVELS)}).fillna(len(LEVELS))
    return (
        out.assign(order=order)
        .sort_values(["order", "project_id", "rule_id"], kind="stable")[ESCALATION_COLUMNS]
        .reset_index(drop=True)
    )


def _filled(sentence: object, words: dict[str, str]) -> str:
    out = cell(sentence)
    for name, value in words.items():
        out = out.replace("{" + name + "}", value)
    return out
