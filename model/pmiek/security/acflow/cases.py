"""Which hours are checked: the peak hour of every high-voltage asset, and of the whole grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.ids import slug
from pmiek.network.state import tower_groups
from pmiek.security.acflow.powerflow import Injections
from pmiek.security.screening.flows import at_high_voltage
from pmiek.security.screening.settings import CONTINGENCIES, FEED_IN, TAKE_OFF, factors

if TYPE_CHECKING:
    from pmiek.network import GridState
    from pmiek.security.acflow.electrical import Electrical
    from pmiek.security.screening import NetLoad, Screened

KEY: Final = ["weather_year", "hour", "outage", "test"]
RUN: Final = ["grid_state", "storyline", "year"]
WHOLE_GRID: Final = "whole grid"


@dataclass(frozen=True, eq=False)
class Study:
    """One grid with the hourly power of its stations.

    Attributes
    ----------
    storyline : str
        Storyline.
    grid : GridState
        Tables in force.
    ready : Screened
        The same grid, prepared for screening, with its flow model.
    loads : mapping of int to NetLoad
        Hourly power per weather year.
    electrical : Electrical
        Power factors, charging, voltages.
    """

    storyline: str
    grid: GridState
    ready: Screened
    loads: Mapping[int, NetLoad]
    electrical: Electrical


def binding_rows(loading: pd.DataFrame) -> pd.DataFrame:
    """Choose the binding hour of every high-voltage asset in both directions.

    Parameters
    ----------
    loading : DataFrame
        Loading table of the screening, any number of grid states, years and weather years.

    Returns
    -------
    DataFrame
        The row with the highest loading over weather years, N-0 and N-1, per grid_state, storyline,
        year, asset_id and direction. Left out: station transformers, assets of the national grid
        (``is_information``) and directions that never occur.
    """
    rows = loading[loading["asset_class"].isin(["circuit", "coupling_transformer"])]
    rows = rows[~rows["is_information"].astype(bool) & (rows["peak_mw"] > 0)]
    rows = rows[rows["contingency"].isin(CONTINGENCIES)]
    order = ["loading_pct", "contingency", "weather_year"]
    key = [*RUN, "asset_id", "direction"]
    worst = rows.sort_values(order, ascending=[False, True, True], kind="stable").drop_duplicates(key)
    return worst.sort_values(key, kind="stable", ignore_index=True)


def asset_cases(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Give each binding row the case, or cases, in which it is tested.

    Parameters
    ----------
    study : Study
        Reads the limits: they say whether a test is made on all generation or after a trip.
    rows : DataFrame
        From :func:`binding_rows`, of this grid state, storyline and year.

    Returns
    -------
    DataFrame
        The rows with ``hour``, ``outage`` (empty at N-0) and ``test`` (total or after_trip); a row whose
        limit has two tests stands twice.
    """
    voltage = study.ready.voltage_kv
    wanted = [
        sorted(
            {
                test
                for found, test, _ in factors(study.ready.settings, kind, float(voltage[asset]), direction)
                if found == contingency
            }
        )
        for kind, asset, direction, contingency in zip(
            *(rows[c] for c in ("asset_class", "asset_id", "direction", "contingency")), strict=True
        )
    ]
    table = rows.assign(
        test=pd.Series(wanted, index=rows.index, dtype=object),
        outage=rows["binding_outage"].fillna("").astype("str"),
    )
    return table.rename(columns={"peak_hour": "hour"}).explode("test", ignore_index=True)


def grid_peaks(study: Study) -> pd.DataFrame:
    """Find the hours in which the whole grid takes off and feeds in most, over all weather years.

    Returns
    -------
    DataFrame
        weather_year, hour, outage (empty), test (total), reason.
    """
    total = {
        year: at_high_voltage(load.net_mw, study.ready.settings).sum(axis=0)
        for year, load in study.loads.items()
    }
    peaks = [
        (max(total, key=lambda y: float((sign * total[y]).max())), sign, direction)
        for sign, direction in ((1.0, TAKE_OFF), (-1.0, FEED_IN))
    ]
    return pd.DataFrame(
        {
            "weather_year": [year for year, _, _ in peaks],
            "hour": [int((sign * total[year]).argmax()) for year, sign, _ in peaks],
            "outage": "",
            "test": "total",
            "reason": [f"{WHOLE_GRID} {direction}" for _, _, direction in peaks],
        }
    )


def all_cases(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """List the power flows to solve, each once.

    Parameters
    ----------
    study : Study
    rows : DataFrame
        From :func:`asset_cases`.

    Returns
    -------
    DataFrame
        case_id, weather_year, hour, outage, test, reason (the whole grid's peak, or the number of assets
        for which this hour binds).
    """
    counted = rows.groupby(KEY, sort=True).size().rename("assets").reset_index()
    named = pd.concat([grid_peaks(study), counted], ignore_index=True)
    first = named.groupby(KEY, sort=True, as_index=False).agg(reason=("reason", "first"), n=("assets", "sum"))
    many = first["n"].astype(int).astype("str") + " assets"
    first["reason"] = first["reason"].where(first["reason"].notna(), many).astype("str")
    run = (study.grid.state, study.storyline, str(study.grid.year))
    first["case_id"] = [
        slug(*run, str(year), f"h{hour}", outage or "n-0", test)
        for year, hour, outage, test in first[KEY].itertuples(index=False)
    ]
    return first.drop(columns="n")


def injections(study: Study, cases: pd.DataFrame) -> Injections:
    """Give the power that every station takes in every case, as the high-voltage grid sees it.

    Parameters
    ----------
    study : Study
    cases : DataFrame
        From :func:`all_cases`.

    Returns
    -------
    Injections
        Active power as in the screening (simultaneity between stations; what remains after a trip);
        reactive power from demand and generation by their power factors.
    """
    stations = study.ready.stations
    taken, reactive = np.zeros((2, len(stations), len(cases)))
    simultaneity = study.ready.settings.station_simultaneity
    for year, rows in cases.reset_index(drop=True).groupby("weather_year"):
        load = study.loads[int(str(year))]
        hour = rows["hour"].to_numpy(dtype=np.int64)
        tripped = (rows["test"] == "after_trip").to_numpy()
        net = np.where(tripped, load.after_trip_mw[:, hour], load.net_mw[:, hour])
        demand = load.demand_mw[:, hour]
        scale = np.where(net > 0, simultaneity, 1.0)
        taken[:, rows.index] = net * scale
        reactive[:, rows.index] = study.electrical.reactive_mvar(demand * scale, (demand - net) * scale)
    towers = tower_groups(study.grid.circuits)
    outages = tuple(towers.get(str(name), (str(name),)) if name else () for name in cases["outage"])
    return Injections(stations, taken, reactive, outages)
