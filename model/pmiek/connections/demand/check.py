"""Energy check: what the storyline says against what ends up in the model, per municipality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.connections.demand.connections import CARRIER, spread_all
from pmiek.connections.demand.spread import OUTSIDE
from pmiek.inputs.select import of_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.network import GridState

PROVINCE: Final = "industry"
SOURCES: Final = (
    ("demand/municipal", "demand"),
    ("demand/industry", "demand"),
    ("supply/municipal", "supply"),
    ("supply/industry", "supply"),
)


def energy_check(
    tables: Tables,
    scenario: Scenario,
    storyline: str,
    year: int,
    grid: GridState,
    *,
    profile_sums: pd.Series | None = None,
    yields: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Compare the energy of the inputs with the energy of the model.

    Parameters
    ----------
    tables, scenario, storyline, year, grid, yields
        As :func:`pmiek.connections.demand.connections.connections`.
    profile_sums : Series, optional
        Yearly sum of each profile in a weather-normal year (index: profile name). Left out: one each.

    Returns
    -------
    DataFrame
        storyline, year, gm_code (``industry`` for the province's industry as a whole), carrier, kind,
        input_mwh, model_mwh (inside plus outside the modelled grid), outside_mwh, difference_pct (percent of
        the input; zero when both are zero).
    """
    rows = spread_all(tables, scenario, storyline, year, grid, yields=yields)
    factor = 1.0 if profile_sums is None else rows["profile"].map(profile_sums)
    rows = rows.assign(model_mwh=rows["volume_mwh"] * factor)
    rows["gm_code"] = rows["gm_code"].where(rows["origin"] == "municipal", PROVINCE)
    rows["outside_mwh"] = rows["model_mwh"].where(rows["station_id"] == OUTSIDE, 0.0)
    rows = rows[rows["kind"] != "flexibility"]
    modelled = rows.groupby(["gm_code", "kind"])[["model_mwh", "outside_mwh"]].sum()
    check = _input_mwh(tables, storyline, year).to_frame().join(modelled, how="outer").fillna(0.0)
    check = check.reset_index()
    difference = (check["model_mwh"] - check["input_mwh"]).abs()
    check["difference_pct"] = (100.0 * difference / check["input_mwh"].where(check["input_mwh"] != 0)).fillna(
        difference.gt(0).astype(float) * 100.0
    )
    check = check.assign(storyline=storyline, year=year, carrier=CARRIER)
    return check[
        ["storyline", "year", "gm_code", "carrier", "kind", "input_mwh", "model_mwh", "outside_mwh",
         "difference_pct"]
    ]  # fmt: skip


def _input_mwh(tables: Tables, storyline: str, year: int) -> pd.Series:
    parts = []
    for name, kind in SOURCES:
        rows = of_year(tables[name], storyline, year, CARRIER)
        if "gm_code" not in rows:
            rows = rows.assign(gm_code=PROVINCE)
        rows = rows.assign(kind=kind, input_mwh=rows["volume_mwh"].astype(float))
        parts.append(rows[["gm_code", "kind", "input_mwh"]])
    return pd.concat(parts).groupby(["gm_code", "kind"])["input_mwh"].sum()
