"""From a year's dispatch to tables: what remains of every bottleneck, what each measure does and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.flexibility.limits import TOLERANCE_MW
from pmiek.security.screening.settings import CONTINGENCIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmiek.arrays import Floats
    from pmiek.optimise.flexibility.dispatch import Dispatch
    from pmiek.optimise.flexibility.settings import FlexSettings
    from pmiek.security.screening import Hourly

KEY = ["asset_id", "direction"]
COLUMNS = [
    *KEY, "exceedance_mwh_before", "removed_mwh", "removed_pct", "residual_peak_mw", "residual_hours",
    "residual_mwh", "cost_meur_per_year", "hours_used",
]  # fmt: skip
MEASURE_COLUMNS = [
    "station_id", "measure", "potential_mw", "energy_mwh", "peak_mw", "hours", "cost_meur_per_year",
]  # fmt: skip
MEUR = 1e-6


def excess(hourly: Hourly) -> tuple[pd.DataFrame, Floats]:
    """Power above the limit per asset, direction and hour: the highest of all in service and one element out.

    Parameters
    ----------
    hourly : Hourly
        From :func:`pmiek.security.screening.hourly_loading`.

    Returns
    -------
    keys, excess_mw : DataFrame, ndarray
        asset_id and direction per row; MW (rows × hours).
    """
    counts = hourly.keys["contingency"].isin(CONTINGENCIES).to_numpy()
    every = hourly.exceedance_mw()[counts]
    keys = hourly.keys.loc[counts, KEY].reset_index(drop=True)
    code, unique = pd.factorize(pd.MultiIndex.from_frame(keys), sort=False)
    worst = np.zeros((len(unique), every.shape[1]))
    np.maximum.at(worst, code, every)
    return pd.DataFrame(list(unique), columns=KEY), np.where(worst > TOLERANCE_MW, worst, 0.0)


def flexibility_table(
    before: tuple[pd.DataFrame, Floats],
    after: tuple[pd.DataFrame, Floats],
    dispatch: Dispatch,
    settings: FlexSettings,
    effect: Mapping[str, Floats],
) -> pd.DataFrame:
    """Show what remains of each bottleneck, and what the removal costs.

    Cost arises at stations. In each week a station's cost goes to the assets that it relieved, in proportion
    to the MWh removed there times its effect on the asset; so the rows add to the cost of all measures.

    Parameters
    ----------
    before, after : (keys, excess_mw)
        From :func:`excess`, without and with measures; same rows.
    dispatch : Dispatch
        What was done.
    settings : FlexSettings
        Costs.
    effect : mapping
        asset_id to the effect of each station (stations), one for a station's own transformers.

    Returns
    -------
    DataFrame
        asset_id, direction, exceedance_mwh_before, removed_mwh, removed_pct, residual_peak_mw,
        residual_hours, residual_mwh, cost_meur_per_year, hours_used (hours in which the
        exceedance became smaller).
    """
    keys = before[0]
    chosen = ((before[1] > 0) | (after[1] > 0)).any(axis=1) & keys["asset_id"].isin(list(effect)).to_numpy()
    keys, old, new = keys[chosen].reset_index(drop=True), before[1][chosen], after[1][chosen]
    removed = old - new
    table = keys.assign(
        exceedance_mwh_before=old.sum(axis=1),
        removed_mwh=removed.sum(axis=1),
        residual_peak_mw=new.max(axis=1, initial=0.0),
        residual_hours=(new > 0).sum(axis=1),
        residual_mwh=new.sum(axis=1),
        hours_used=(removed > TOLERANCE_MW).sum(axis=1),
    )
    total = table["exceedance_mwh_before"].where(table["exceedance_mwh_before"] > 0)
    table["removed_pct"] = (100.0 * table["removed_mwh"] / total).fillna(0.0)
    weekly = np.add.reduceat(np.maximum(removed, 0.0), list(dispatch.starts[:-1]), axis=1)
    levers = np.array([effect[asset] for asset in keys["asset_id"]])
    levers = levers.reshape(len(keys), len(dispatch.load.stations))
    table["cost_meur_per_year"] = _shared_cost(weekly, levers, week_cost_eur(dispatch, settings)) * MEUR
    return table[COLUMNS]


def week_cost_eur(dispatch: Dispatch, settings: FlexSettings) -> Floats:
    """Cost of all measures, EUR (stations × weeks)."""
    shape = (len(dispatch.load.stations), len(dispatch.starts) - 1)
    energy = dispatch.week_energy_mwh()
    return np.asarray(
        sum((settings.cost_eur_per_mwh[name] * mwh for name, mwh in energy.items()), np.zeros(shape))
    )


def _shared_cost(removed_mwh: Floats, levers: Floats, cost_eur: Floats) -> Floats:
    """Share cost (stations × weeks) by MWh removed (assets × weeks) times effect (assets × stations).

    Where a station relieved nothing in a week (storage that prepares for the next) the year's MWh count.
    """
    weight = levers[:, :, None] * removed_mwh[:, None, :]
    for wider in (levers * removed_mwh.sum(axis=1)[:, None], levers, np.ones_like(levers)):
        none = weight.sum(axis=0) <= 0
        weight = np.where(none[None], wider[:, :, None], weight)
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return np.asarray((share * cost_eur).sum(axis=(1, 2)))


def measures_table(
    dispatch: Dispatch, settings: FlexSettings, potential_mw: Mapping[str, Floats]
) -> pd.DataFrame:
    """Show what each measure does and costs, per station.

    Parameters
    ----------
    dispatch : Dispatch
        What was done.
    settings : FlexSettings
        Costs.
    potential_mw : mapping
        Measure to the highest power per station that it can offer.

    Returns
    -------
    DataFrame
        station_id, measure, potential_mw, energy_mwh (reduced, curtailed, taken up, moved, or half of what
        goes in and out of storage), peak_mw, hours (in use), cost_meur_per_year; only what is used.
    """
    weekly = dispatch.week_energy_mwh()
    parts = []
    for measure in sorted(weekly):
        energy = weekly[measure].sum(axis=1)
        power = dispatch.energy_mw.get(measure, np.zeros_like(dispatch.load.demand_mw))
        scale = 2.0 if measure in dispatch.settled_mwh else 1.0  # charging and discharging count half each
        parts.append(
            pd.DataFrame(
                {
                    "station_id": list(dispatch.load.stations),
                    "measure": measure,
                    "potential_mw": potential_mw[measure],
                    "energy_mwh": energy,
                    "peak_mw": scale * power.max(axis=1),
                    "hours": (power > TOLERANCE_MW).sum(axis=1),
                    "cost_meur_per_year": energy * settings.cost_eur_per_mwh[measure] * MEUR,
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=MEASURE_COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    return table[table["energy_mwh"] > TOLERANCE_MW].reset_index(drop=True)[MEASURE_COLUMNS]
