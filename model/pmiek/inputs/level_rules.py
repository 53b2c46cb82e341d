"""Rules about who hangs on medium and low voltage: each sector has a row, and low voltage is part of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmiek.errors import Problem

NAME = "profiles/connection_levels"
FILE = f"inputs/{NAME}.csv"
CARRIER = "electricity"
IN_ORDER = (
    ("lv_share_low", "lv_share"),
    ("lv_share", "lv_share_high"),
    ("mv_share_low", "mv_share"),
    ("mv_share", "mv_share_high"),
    ("lv_share", "mv_share"),
)


def connection_levels(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Check the shares of each sector and that no sector of electricity is left out.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file; a table without rows is not checked.
    """
    levels, sectors = frames[NAME], frames["profiles/sectors"]
    if levels.empty:
        return []
    return [*_order(levels), *_lost(levels, sectors), *_unknown(levels, sectors)]


def _order(levels: pd.DataFrame) -> list[Problem]:
    problems = []
    for low, high in IN_ORDER:
        wrong = levels[levels[low] > levels[high] + 1e-9]
        problems += [
            Problem(
                FILE, int(row), high, f"{b:g}", f"at least {low} ({a:g})", "Correct one of the two shares."
            )
            for row, a, b in zip(wrong.index, wrong[low], wrong[high], strict=True)
        ]
    return problems


def _keys(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(table["carrier"], table["kind"], table["sector"], strict=True))


def _lost(levels: pd.DataFrame, sectors: pd.DataFrame) -> list[Problem]:
    known = set(_keys(levels))
    wanted = [key for key in _keys(sectors) if key[0] == CARRIER and key not in known]
    return [
        Problem(
            FILE,
            None,
            "sector",
            f"no row for {' / '.join(key)}",
            "a row for every sector of electricity in profiles/sectors",
            "Add the row, with shares of 0 if none of it hangs on medium or low voltage.",
        )
        for key in wanted
    ]


def _unknown(levels: pd.DataFrame, sectors: pd.DataFrame) -> list[Problem]:
    known, names = set(_keys(sectors)), set(sectors["sector"])
    return [
        Problem(
            FILE,
            int(row),
            "sector",
            " / ".join(key),
            "a carrier, kind and sector of profiles/sectors",
            "Correct carrier, kind or sector.",
        )
        for row, key in zip(levels.index, _keys(levels), strict=True)
        if key not in known and key[2] in names
    ]


LEVEL_RULE = (connection_levels, {NAME: ("mv_share",), "profiles/sectors": ("carrier", "kind", "sector")})
