"""Unknown capacities: what shifts when all are lower or higher together, and which one matters most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.ids import slug

if TYPE_CHECKING:
    from pmiek.arrays import Bools

RUN: Final = ["grid_state", "storyline", "variant", "year"]
SHIFTS: Final = ("low", "mid", "high")
FEWER: Final = {"circuit": "low rating"}
MORE: Final = {"circuit": "high rating"}
SENSITIVITY: Final = [
    "asset_id", "asset_name", "asset_class", "station", "operator", "grid_state", "change", "vanish",
    "appear", "runs_vanish", "runs_appear", "vanishing_ids", "appearing_ids", "projects",
]  # fmt: skip


def capacity_shift(
    loading: pd.DataFrame,
    factors: pd.DataFrame,
    threshold_pct: float = 100.0,
    carrier: str = "electricity",
) -> pd.DataFrame:
    """Count the bottlenecks with all assumed capacities low, as assumed, and high together.

    Limits scale, flows do not: an extra coupling transformer also draws more flow, which is left out.

    Parameters
    ----------
    loading : DataFrame
        ``loading`` of the screening, any number of runs.
    factors : DataFrame
        From :func:`pmiek.results.bottlenecks.capacity.capacity_factors`, with grid_state and year.
    threshold_pct : float
        Loading above which an asset is a bottleneck.
    carrier : str
        Energy carrier.

    Returns
    -------
    DataFrame
        grid_state, storyline, variant, year, shift (``low``, ``mid``, ``high``), bottlenecks (in any weather
        year), appear and vanish (against mid), bottleneck_ids (``;`` between).
    """
    judged = _judged(loading, factors, threshold_pct, carrier)
    found = {shift: _ids(judged, judged[f"over_{shift}"].to_numpy(dtype=bool)) for shift in SHIFTS}
    rows = []
    for run in judged[RUN].drop_duplicates().sort_values(RUN).itertuples(index=False, name=None):
        mid = found["mid"].get(run, frozenset())
        for shift in SHIFTS:
            ids = found[shift].get(run, frozenset())
            numbers = (len(ids), len(ids - mid), len(mid - ids), ";".join(sorted(ids)))
            rows.append((*run, shift, *numbers))
    return pd.DataFrame(rows, columns=[*RUN, "shift", "bottlenecks", "appear", "vanish", "bottleneck_ids"])


def capacity_sensitivity(
    loading: pd.DataFrame,
    factors: pd.DataFrame,
    threshold_pct: float = 100.0,
    carrier: str = "electricity",
) -> pd.DataFrame:
    """Show which single unknown capacity changes most bottlenecks.

    Parameters
    ----------
    loading, threshold_pct, carrier
        As :func:`capacity_shift`.
    factors : DataFrame
        From :func:`pmiek.results.bottlenecks.capacity.capacity_factors` with ``one_unit``, grid_state and year.

    Returns
    -------
    DataFrame
        Columns ``SENSITIVITY``: per asset and grid state with an assumed capacity and per change (``1 unit
        fewer``, ``1 unit more``, or the low or high rating of a circuit): bottlenecks that vanish or appear,
        in how many runs (storyline, year, weather year), their ids; ``projects`` is empty, to be filled when
        the projects are known. Changes without effect are left out; most effect first.
    """
    judged = _judged(loading, factors, threshold_pct, carrier)
    parts = []
    for shift, unit, names in (("low", "1 unit fewer", FEWER), ("high", "1 unit more", MORE)):
        changed = judged[judged["over_mid"] != judged[f"over_{shift}"]]
        gone = changed["over_mid"].to_numpy(dtype=bool)
        parts.append(
            changed.assign(
                change=changed["asset_class"].map(names).fillna(unit),
                vanishing=changed["bottleneck_id"].where(gone),
                appearing=changed["bottleneck_id"].where(~gone),
            )
        )
    table = pd.concat(parts, ignore_index=True)
    key = ["asset_id", "grid_state", "change"]
    groups = table.groupby(key, sort=True)
    result = groups[["asset_name", "asset_class", "station", "operator"]].first()
    for name in ("vanish", "appear"):
        ids = groups[f"{name}ing"]
        result[name], result[f"runs_{name}"] = ids.nunique(), ids.count()
        result[f"{name}ing_ids"] = ids.agg(lambda column: ";".join(sorted(set(column.dropna()))))
    result = result.reset_index().assign(projects="")
    result = result.sort_values(["runs_vanish", "runs_appear"], ascending=False, kind="stable")
    return result[SENSITIVITY].reset_index(drop=True)


def with_projects(sensitivity: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Fill in which candidate projects rest on the bottlenecks that an unknown capacity changes.

    Parameters
    ----------
    sensitivity : DataFrame
        From :func:`capacity_sensitivity`.
    candidates : DataFrame
        project_id, bottleneck_ids (``;`` between).
    """
    touched: dict[str, list[str]] = {}
    for project, ids in zip(candidates["project_id"], candidates["bottleneck_ids"].fillna(""), strict=True):
        for name in str(ids).split(";"):
            touched.setdefault(name.strip(), []).append(str(project))
    both = zip(sensitivity["vanishing_ids"], sensitivity["appearing_ids"], strict=True)
    projects = [
        ";".join(sorted({p for name in f"{gone};{new}".split(";") if name for p in touched.get(name, [])}))
        for gone, new in both
    ]
    return sensitivity.assign(projects=projects)


def _judged(loading: pd.DataFrame, factors: pd.DataFrame, threshold_pct: float, carrier: str) -> pd.DataFrame:
    ours = loading[~loading["is_information"].astype(bool)] if "is_information" in loading else loading
    on = ["asset_id", "contingency", *(c for c in ("grid_state", "year") if c in factors)]
    table = ours.merge(factors, on=on, how="left").reset_index(drop=True)
    for shift in SHIFTS:
        scale = 1.0 if shift == "mid" else table[f"factor_{shift}"].fillna(1.0)
        table[f"over_{shift}"] = table["loading_pct"] / scale > threshold_pct
    # one verdict per asset and direction: the worst fault state decides
    key = [*RUN, "weather_year", "asset_id", "direction"]
    over = table.groupby(key, sort=False)[[f"over_{shift}" for shift in SHIFTS]].any().reset_index()
    facts = ours.drop_duplicates("asset_id")[["asset_id", "asset_name", "asset_class", "station", "operator"]]
    over = over.merge(facts, on="asset_id", how="left")
    pairs = list(zip(over["asset_id"], over["direction"], strict=True))
    ids = {pair: slug(pair[0], carrier, pair[1]) for pair in set(pairs)}
    return over.assign(bottleneck_id=[ids[pair] for pair in pairs])


def _ids(judged: pd.DataFrame, chosen: Bools) -> dict[tuple[object, ...], frozenset[str]]:
    rows = judged[np.asarray(chosen)]
    return {run: frozenset(ids) for run, ids in rows.groupby(RUN)["bottleneck_id"]}
