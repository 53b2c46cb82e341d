"""Whether a bottleneck would vanish, or appear, if an assumed capacity is one size off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.network.published import DIRECTIONS, SAME_MVA, firm_mw

if TYPE_CHECKING:
    from pmiek.network import GridState

KNOWN: Final = ("measured", "published")
NO: Final = "no"
VANISHES: Final = "vanishes"
APPEARS: Final = "appears"


def capacity_factors(grid: GridState, *, one_unit: bool = False) -> pd.DataFrame:
    """How far each asset's capacity may differ from what is assumed.

    Transformer groups: one unit more or fewer of the group's typical (median) size, or ``units_low`` and
    ``units_high`` where they are given; firm is always without the largest unit, and a group of one unit is
    judged with that unit in. Circuits: ``rating_low_mva`` and ``rating_high_mva``, and where their number is
    assumed ``circuits_low`` and ``circuits_high``. Groups and corridors whose capacity is measured or published
    have no range. Published capacity of a feeding area ranges over the days on which it was stated; with all units
    in also over gross over firm of the inferred units. Of what projects add to it, one unit more or fewer.

    Parameters
    ----------
    grid : GridState
        Reads ``transformers``, ``circuits`` and ``published``.
    one_unit : bool
        Take one unit more and fewer of every assumed group, whatever its ``units_low`` and ``units_high``.

    Returns
    -------
    DataFrame
        asset_id, contingency (``N-0``, ``N-1``), factor_low, factor_high: multiples of the limit used.
    """
    units = grid.transformers
    if one_unit:
        units = units.assign(units_low=np.nan, units_high=np.nan)
    rated = _transformers(units)
    published = _published(units, grid.published, one_unit=one_unit)
    rated = rated[~rated["asset_id"].isin(published["asset_id"])]
    table = pd.concat([rated, published, _circuits(grid.circuits)], ignore_index=True)
    return table.sort_values(["asset_id", "contingency"], ignore_index=True)


def _transformers(units: pd.DataFrame) -> pd.DataFrame:
    groups = units.groupby("group_id")
    count = groups.size()
    size, gross, largest = (getattr(groups["rated_mva"], how)() for how in ("median", "sum", "max"))
    uncertain = ~units["capacity_quality"].isin(KNOWN).groupby(units["group_id"]).all()
    low = groups["units_low"].min().fillna(count - 1).where(uncertain, count).clip(lower=1, upper=count)
    high = groups["units_high"].max().fillna(count + 1).where(uncertain, count).clip(lower=count)
    gross_low, gross_high = gross - (count - low) * size, gross + (high - count) * size
    firm = (gross - largest).where(count > 1, gross)
    firm_low = np.maximum(gross_low - largest, size)
    firm_high = np.maximum(gross_high - largest, firm)
    parts = {"N-0": (gross_low / gross, gross_high / gross), "N-1": (firm_low / firm, firm_high / firm)}
    return pd.concat(
        [
            pd.DataFrame(
                {"asset_id": count.index, "contingency": name, "factor_low": low_, "factor_high": high_}
            )
            for name, (low_, high_) in parts.items()
        ],
        ignore_index=True,
    )


def _published(units: pd.DataFrame, limits: pd.DataFrame, *, one_unit: bool) -> pd.DataFrame:
    """Range of the published limits, for both directions together: the lowest and the highest multiple."""
    limits = limits[limits["asset_id"].isin(units["group_id"])].set_index("asset_id")
    groups = units[units["group_id"].isin(limits.index)].groupby("group_id")["rated_mva"]
    added = (groups.sum() - groups.max() - limits["firm_today_mva"]).reindex(limits.index)
    unit = groups.max().reindex(limits.index).where(added.abs() > SAME_MVA, 0.0)
    parts: dict[str, list[pd.DataFrame]] = {"N-1": [], "N-0": []}
    for direction in DIRECTIONS:
        figure = firm_mw(limits, direction)
        low, high = ((figure if one_unit else firm_mw(limits, direction, end)) for end in ("low", "high"))
        factor = pd.DataFrame(
            {
                "factor_low": (low + (added - unit).clip(lower=0.0)) / (figure + added),
                "factor_high": (high + added + unit) / (figure + added),
            }
        )
        parts["N-1"].append(factor)
        spread = limits[["gross_over_firm_low", "gross_over_firm_high"]].div(limits["gross_over_firm"], axis=0)
        parts["N-0"].append(factor if one_unit else factor * spread.to_numpy(dtype=float))
    tables = []
    for contingency, both in parts.items():
        stacked = pd.concat(both).groupby(level=0)
        table = pd.DataFrame(
            {"factor_low": stacked["factor_low"].min(), "factor_high": stacked["factor_high"].max()}
        )
        tables.append(table.rename_axis("asset_id").reset_index().assign(contingency=contingency))
    return pd.concat(tables, ignore_index=True)


def _circuits(circuits: pd.DataFrame) -> pd.DataFrame:
    """Range of rating and, where their number is assumed, of circuits: one less carries when one is out."""
    rating = circuits["rating_summer_mva"].astype(float)
    known = circuits["rating_quality"].isin(KNOWN)
    factors = {
        name: (circuits[f"rating_{name}_mva"] / rating).where(~known, 1.0).fillna(1.0)
        for name in ("low", "high")
    }
    table = pd.DataFrame(
        {
            "asset_id": circuits["corridor_id"],
            "factor_low": factors["low"].clip(upper=1.0),
            "factor_high": factors["high"].clip(lower=1.0),
            **{name: _number(circuits, name) for name in ("circuits_low", "circuits_high")},
        }
    )
    groups = table.groupby("asset_id")
    count = groups.size().astype(float)
    rated = groups[["factor_low", "factor_high"]].min()
    number = groups[["circuits_low", "circuits_high"]].first()
    low = number["circuits_low"].fillna(count).clip(upper=count)
    high = number["circuits_high"].fillna(count).clip(lower=count)
    parts = []
    for name, spare in (("N-0", 0.0), ("N-1", 1.0)):
        # the last circuit of a corridor has no other to carry for it: its own rating is what counts
        carry = (count - spare).clip(lower=1.0)
        parts.append(
            pd.DataFrame(
                {
                    "factor_low": rated["factor_low"] * (low - spare).clip(lower=1.0) / carry,
                    "factor_high": rated["factor_high"] * (high - spare).clip(lower=1.0) / carry,
                }
            )
            .rename_axis("asset_id")
            .reset_index()
            .assign(contingency=name)
        )
    return pd.concat(parts, ignore_index=True)


def _number(circuits: pd.DataFrame, column: str) -> pd.Series:
    """Return an optional column as numbers; not known where the table does not have it."""
    if column not in circuits:
        return pd.Series(np.nan, index=circuits.index)
    return pd.to_numeric(circuits[column])


def capacity_sensitive(
    loading: pd.DataFrame, factors: pd.DataFrame, threshold_pct: float = 100.0
) -> pd.DataFrame:
    """Judge each loading row with the capacity one size up and one size down.

    The loading scales with the inverse of the limit, because flows do not depend on it (for coupling
    transformers an extra unit also draws more flow; that is left out here and shown by the pathway).

    Parameters
    ----------
    loading : DataFrame
        asset_id, contingency, loading_pct.
    factors : DataFrame
        From :func:`capacity_factors`.
    threshold_pct : float
        Loading above which an asset is a bottleneck.

    Returns
    -------
    DataFrame
        The rows with loading_low_pct (low capacity), loading_high_pct (high capacity) and
        capacity_sensitive: ``vanishes`` (exceeds now, not with the high capacity), ``appears`` (the
        reverse with the low capacity) or ``no``.
    """
    merged = loading.merge(factors, on=["asset_id", "contingency"], how="left")
    low = merged["loading_pct"] / merged["factor_low"].fillna(1.0)
    high = merged["loading_pct"] / merged["factor_high"].fillna(1.0)
    exceeds = merged["loading_pct"] > threshold_pct
    verdict = np.select(
        [exceeds & (high <= threshold_pct), ~exceeds & (low > threshold_pct)], [VANISHES, APPEARS], NO
    )
    return merged.assign(loading_low_pct=low, loading_high_pct=high, capacity_sensitive=verdict).drop(
        columns=["factor_low", "factor_high"]
    )
