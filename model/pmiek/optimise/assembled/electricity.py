"""Electricity at the stations of a run, per sector and technology, on the representative days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pmiek.optimise.carriers.parts import CarrierParts, Part
from pmiek.optimise.solve.program import Hourly

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pmiek.arrays import Floats, Ints
    from pmiek.network.state import GridState
    from pmiek.optimise.solve.case import PathwayCase
    from pmiek.optimise.solve.days import ChosenDays
    from pmiek.optimise.solve.solution import Solution

#: Less than this in every hour is rounding, MW.
NOTHING_MW = 1e-6


@dataclass(frozen=True)
class Electricity:
    """What the electricity plan of a run says about its network.

    Attributes
    ----------
    case : PathwayCase
    days : ChosenDays
        Days on which the plan in whole units was operated.
    operated : Solution
        Its operation.
    grids : tuple of GridState
        One per period, with the circuits and coupling transformers of the plan.
    sectors : tuple of mapping (station_id, sector) to array (2, hour)
        Per period what each sector takes and gives on the chosen hours, MW, from :func:`sector_power`.
    """

    case: PathwayCase
    days: ChosenDays
    operated: Solution
    grids: tuple[GridState, ...]
    sectors: tuple[Mapping[tuple[str, str], Floats], ...]

    def at_station(self, values: Floats) -> dict[str, Floats]:
        """Add (period, row, day, 24) over the rows of each station: (period, hour)."""
        stations = self.case.stations.get("station_id", self.case.stations.index.to_series()).astype(str)
        flat = values.reshape(*values.shape[:2], -1)
        return {
            str(name): flat[:, np.flatnonzero((stations == name).to_numpy())].sum(axis=1)
            for name in dict.fromkeys(stations)
        }


def sector_power(
    rows: pd.DataFrame, profiles: pd.DataFrame, hours: Ints, curtailed: Mapping[str, Floats]
) -> dict[tuple[str, str], Floats]:
    """Return what every sector takes and gives at every station, as the screening counts it.

    Parameters
    ----------
    rows : DataFrame
        From :func:`pmiek.security.screening.signed_rows`: station_id, sector, kind, profile, weight.
    profiles : DataFrame
        Hours of one weather year × profiles.
    hours : array
        Hours wanted.
    curtailed : mapping
        Hourly share of generation that the market curtails, per profile.

    Returns
    -------
    dict of (station_id, sector) to array (2, hour)
        MW taken, and MW given.
    """
    shapes = {str(name): profiles[name].to_numpy(dtype=float)[hours] for name in rows["profile"].unique()}
    result: dict[tuple[str, str], Floats] = {}
    keys = ["station_id", "sector", "kind", "profile"]
    for row in rows.groupby(keys)["weight"].sum().reset_index().to_dict("records"):
        profile, key = str(row["profile"]), (str(row["station_id"]), str(row["sector"]))
        power = float(row["weight"]) * shapes[profile]
        taken, given = np.maximum(power, 0.0), np.maximum(-power, 0.0)
        if row["kind"] != "flexibility" and profile in curtailed:
            given = given * (1.0 - np.clip(np.asarray(curtailed[profile][hours], dtype=float), 0.0, 1.0))
        result[key] = result.get(key, np.zeros((2, len(hours)))) + np.stack([taken, given])
    return result


def electricity_parts(run: Electricity, bus: Mapping[str, str]) -> tuple[CarrierParts, dict[str, Floats]]:
    """Return loads and generation per station and sector, and what the plan does with them.

    Parameters
    ----------
    run : Electricity
    bus : mapping of str to str
        Bus of every station.

    Returns
    -------
    (CarrierParts, dict of str to array (period, hour))
        Components, and the net load per station, MW. What the sectors do not explain of a station's load or
        generation is a component of its own, ``other``; what batteries, contracts, moved load and sinks add
        together is ``measures``.
    """
    hourly = Hourly.of(run.case, run.days)
    totals = {
        "load": run.at_station(hourly.load),
        "generation": run.at_station(hourly.switchable + hourly.fixed),
        "curtailed": run.at_station(run.operated.curtailed_mw),
        "unserved": run.at_station(run.operated.waiting_mw["unserved"]),
        "refused": run.at_station(run.operated.waiting_mw["refused"]),
        "net": run.at_station(run.operated.net_mw),
    }
    parts: list[Part] = []
    for station, net in totals["net"].items():
        if station not in bus:
            continue
        at, most = bus[station], {name: values[station] for name, values in totals.items()}
        parts += _sectors(run, station, at, (most["load"], most["generation"]))
        parts += [
            _generator(f"{station} curtailed", at, "curtailment", most["curtailed"], -1.0),
            _generator(f"{station} refused", at, "refused feed-in", most["refused"], -1.0),
            _generator(f"{station} unserved", at, "unserved demand", most["unserved"], 1.0),
        ]
        served = most["load"] - most["unserved"] - most["generation"] + most["curtailed"] + most["refused"]
        for what, sign in (("measures out", 1.0), ("measures in", -1.0)):
            part = np.maximum(sign * (served - net), 0.0)
            parts.append(_generator(f"{station} {what}", at, "measures", part, sign))
    there = tuple(part for part in parts if part.mw.max() > NOTHING_MW)
    return CarrierParts(parts=there), totals["net"]


def _sectors(run: Electricity, station: str, bus: str, totals: tuple[Floats, Floats]) -> list[Part]:
    parts: list[Part] = []
    names = dict.fromkeys(sector for period in run.sectors for at, sector in period if at == station)
    rest = [totals[0].copy(), totals[1].copy()]
    none = np.zeros((2, totals[0].shape[1]))
    for sector in names:
        power = np.stack([period.get((station, sector), none) for period in run.sectors])
        rest[0] -= power[:, 0]
        rest[1] -= power[:, 1]
        parts.append(_load(f"{station} {sector}", bus, sector, power[:, 0]))
        parts.append(_generator(f"{station} {sector} generation", bus, sector, power[:, 1], 1.0))
    parts.append(
        _load(f"{station} other", bus, "other", np.maximum(rest[0], 0.0) + np.maximum(-rest[1], 0.0))
    )
    more = np.maximum(rest[1], 0.0) + np.maximum(-rest[0], 0.0)
    parts.append(_generator(f"{station} other generation", bus, "other", more, 1.0))
    return parts


def _load(name: str, bus: str, technology: str, mw: Floats) -> Part:
    return Part("Load", name, bus, technology, mw, mw.max(axis=1))


def _generator(name: str, bus: str, technology: str, mw: Floats, sign: float) -> Part:
    return Part("Generator", name, bus, technology, mw, mw.max(axis=1), sign=sign)
