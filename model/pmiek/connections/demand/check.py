"""Energy check: what the storyline says against what ends up in the model, per municipality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pmiek.connections.demand.connections import CARRIER, spread_all
from pmiek.connections.demand.spread import OUTSIDE
from pmiek.connections.demand.yields import field_yields
from pmiek.connections.supply.generation import park_shift
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
        input_mwh, parks_mwh (added because parks stand longer than the storyline has them), model_mwh
        (inside plus outside the modelled grid), outside_mwh, difference_pct (of the model from input plus
        parks, in percent; zero when both are zero). Large users of neighbours, which no storyline has, are
        left out.
    """
    if yields is None:
        yields = field_yields(tables, scenario)
    rows = spread_all(tables, scenario, storyline, year, grid, yields=yields)
    rows = rows[rows["origin"] != "neighbour"]
    factor = 1.0 if profile_sums is None else rows["profile"].map(profile_sums)
    rows = rows.assign(model_mwh=rows["volume_mwh"] * factor)
    rows["gm_code"] = rows["gm_code"].where(rows["origin"] == "municipal", PROVINCE)
    rows["outside_mwh"] = rows["model_mwh"].where(rows["station_id"] == OUTSIDE, 0.0)
    rows = rows[rows["kind"] != "flexibility"]
    modelled = rows.groupby(["gm_code", "kind"])[["model_mwh", "outside_mwh"]].sum()
    shift = park_shift(tables, storyline, year, yields).assign(kind="supply")
    parks = shift.groupby(["gm_code", "kind"])["excess_mwh"].sum().rename("parks_mwh").astype(float)
    check = _input_mwh(tables, storyline, year).to_frame().join(modelled, how="outer")
    check = check.join(parks, how="left").fillna(0.0).reset_index()
    expected = check["input_mwh"] + check["parks_mwh"]
    difference = (check["model_mwh"] - expected).abs()
    check["difference_pct"] = (100.0 * difference / expected.where(expected != 0)).fillna(
        difference.gt(0).astype(float) * 100.0
    )
    check = check.assign(storyline=storyline, year=year, carrier=CARRIER)
    return check[
        ["storyline", "year", "gm_code", "carrier", "kind", "input_mwh", "parks_mwh", "model_mwh", "outside_mwh",
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
