"""The effect over the storylines, and an order that is only claimed where all of them agree."""

from __future__ import annotations

import pandas as pd

from pmiek.decide.effects.classes import CLASS_MODELS

HIGH_VOLTAGE = "high voltage"
RANGE_COLUMNS = [
    "project_id", "mode", "model", "storylines", "energy_mwh_avoided_low", "energy_mwh_avoided",
    "energy_mwh_avoided_high", "hours_avoided", "solved", "created", "noise_mwh", "place", "place_low",
    "place_high",
]  # fmt: skip
# Sums of 8,760 figures in double precision agree to far less than this; smaller differences are no effect.
NOISE_MWH = 0.01


def effect_ranges(effects: pd.DataFrame) -> pd.DataFrame:
    """Summarise the effect per project and mode over the storylines.

    The numbers come from algebra and not from a solver: a repeat gives the same, and the noise floor is that
    of rounding (``NOISE_MWH``). What makes an order uncertain is the future: ``place`` is that of the median,
    and ``place_low`` and ``place_high`` are the best and the worst place in any one storyline.
    Effects within the noise share a place. Places are among the projects that one model measured: MWh of heat and of
    electricity are not of one kind.

    Parameters
    ----------
    effects : DataFrame
        ``project_effects`` of all storylines.

    Returns
    -------
    DataFrame
        Columns ``RANGE_COLUMNS``.
    """
    if effects.empty:
        return pd.DataFrame(columns=RANGE_COLUMNS)
    rows = effects.assign(
        energy=(effects["take_off_mwh_avoided"] + effects["feed_in_mwh_avoided"]).astype(float),
        solved=_count(effects["solved_ids"]),
        created=_count(effects["created_ids"]),
    )
    rows = rows.assign(step=(rows["energy"] / NOISE_MWH).round())
    rows = rows.assign(model=rows["method"].where(rows["method"].isin(CLASS_MODELS), HIGH_VOLTAGE))
    rows = rows.assign(
        place=rows.groupby(["mode", "model", "storyline"])["step"].rank(method="min", ascending=False)
    )
    keys = ["project_id", "mode", "model"]
    out = rows.groupby(keys, as_index=False).agg(
        storylines=("storyline", "nunique"),
        energy_mwh_avoided_low=("energy", "min"),
        energy_mwh_avoided=("energy", "median"),
        energy_mwh_avoided_high=("energy", "max"),
        hours_avoided=("hours_avoided", "median"),
        solved=("solved", "max"),
        created=("created", "max"),
        place_low=("place", "min"),
        place_high=("place", "max"),
    )
    steps = (out["energy_mwh_avoided"] / NOISE_MWH).round()
    place = steps.groupby([out["mode"], out["model"]]).rank(method="min", ascending=False)
    out = out.assign(place=place, noise_mwh=NOISE_MWH)
    return out[RANGE_COLUMNS].sort_values(["mode", "model", "place", "project_id"], ignore_index=True)


def _count(ids: pd.Series) -> pd.Series:
    cells = ids.fillna("").astype(str)
    return cells.str.count(";") + cells.ne("").astype(int)
