"""What a project that comes one or two years late does in those years."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.decide.effects.changes import Change, additions, extra_room
from pmiek.decide.effects.measure import compared, each, found, with_room
from pmiek.decide.effects.world import PLANNED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmiek.decide.effects.world import Case, World

DELAY_COLUMNS = [
    "project_id", "storyline", "delay_years", "first_year", "last_year", "extra_hours", "extra_take_off_mwh",
    "extra_feed_in_mwh", "extra_unserved_mwh", "extra_curtailed_mwh", "appearing_ids", "worst_asset_id",
    "worst_loading_pct",
]  # fmt: skip
DELAYS = (1, 2)
SUMS = {
    "extra_hours": "hours_avoided",
    "extra_take_off_mwh": "take_off_mwh_avoided",
    "extra_feed_in_mwh": "feed_in_mwh_avoided",
    "extra_unserved_mwh": "unserved_mwh_avoided",
    "extra_curtailed_mwh": "curtailed_mwh_avoided",
}


def plan_delays(
    world: World, changes: Sequence[Change], in_service: Mapping[str, int], years: tuple[int, int]
) -> pd.DataFrame:
    """Leave each project out in the years in which it is late.

    A decided plan is left out of the nulalternatief, which has it; other work is missed beside the nulalternatief.

    Parameters
    ----------
    world : World
        A storyline.
    changes : sequence of Change
        Projects.
    in_service : mapping of str to int
        Year in which each project should be in service: a plan in its latest planned year, other work when it is
        first needed and can be there.
    years : (int, int)
        First and last year that can be measured; a project outside is left out, and so is a delay that ends outside.

    Returns
    -------
    DataFrame
        Columns ``DELAY_COLUMNS``: one row per project and delay, summed over its years. Years between those of
        the scenarios are interpolated. ``appearing_ids`` are bottlenecks that are there only
        because it is late.
    """
    every: dict[int, tuple[Case, pd.DataFrame]] = {}
    threshold = world.settings.loading_threshold_pct
    rows = []
    for change in changes:
        start = max(in_service.get(change.project_id, 0), years[0])
        if change.project_id not in in_service:
            continue
        told, appearing, worst = [], set(), pd.DataFrame()
        for late in DELAYS:
            year = start + late - 1
            if year > years[1]:
                break
            if year not in every:
                case = world.case(PLANNED, year)
                every[year] = (case, case.above())
            both = each([change], partial(_late, world, every[year], year)).get(change.project_id)
            if both is None:
                break
            without, with_it = both
            told.append(compared(without, with_it, threshold))
            appearing |= found(without, threshold) - found(with_it, threshold)
            worst = _worse(worst, without, with_it)
            sums = {name: sum(part[column] for part in told) for name, column in SUMS.items()}
            rows.append(
                {
                    "project_id": change.project_id, "storyline": world.storyline, "delay_years": late,
                    "first_year": start, "last_year": year, **sums,
                    "appearing_ids": ";".join(sorted(appearing)),
                    "worst_asset_id": worst["asset_id"].iloc[0] if len(worst) else "",
                    "worst_loading_pct": worst["loading_pct"].iloc[0] if len(worst) else float("nan"),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=DELAY_COLUMNS)


def _late(
    world: World, planned: tuple[Case, pd.DataFrame], year: int, change: Change
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure a year without and with the project."""
    case, known = planned
    if change.admitted:
        return world.case(PLANNED, year, additions([], without=[change])).above(), known
    if change.changes_flows:
        return known, world.case(PLANNED, year, additions([change])).above()
    return known, with_room(case, known, extra_room([change]))


def _worse(known: pd.DataFrame, without: pd.DataFrame, with_it: pd.DataFrame) -> pd.DataFrame:
    """Return the asset whose loading rises most to above its limit because the plan is late."""
    keys = ["asset_id", "direction"]
    both = without.merge(with_it[[*keys, "loading_pct"]], on=keys, how="left", suffixes=("", "_with"))
    rise = both["loading_pct"] - both["loading_pct_with"].fillna(0.0)
    over = both.assign(rise=rise)[(both["loading_pct"] > 100.0) & (rise > 0.1)]
    pool = pd.concat([known, over]) if len(known) else over
    return pool.sort_values(["rise", "asset_id"], ascending=[False, True], kind="stable").head(1)
