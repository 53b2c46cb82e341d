"""The check of a plan on every hour of the design weather years."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pmiek.optimise.solve.case import (
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    TESTS,
    Array,
    HvGrid,
    Indices,
    PathwayCase,
    high_voltage_view,
)
from pmiek.optimise.solve.hv_rows import LEVER, extra_of_elements
from pmiek.optimise.solve.lumps import Rounded, plan_mva
from pmiek.optimise.solve.measures import CONTRACT
from pmiek.optimise.solve.relief import Station, relieve, shave_days
from pmiek.optimise.solve.solution import extra_hv_mw

CHUNK_HOURS = 730
SWEEPS = 12


@dataclass(frozen=True)
class HoursCheck:
    """What remains on all hours once the plan stands.

    Attributes
    ----------
    exceedances : DataFrame
        Per year and asset that still exceeds: year, asset_id, test (take_off, feed_in_total,
        feed_in_after_trip, or the outage), exceedance_mw, exceedance_pct (of its limit), hours (per year),
        day (of all weather years) and hour of the worst.
    day_exceedance : array (day, key)
        Highest exceedance per day in % of the limit, for choosing days to add.
    energy_mwh : dict of str to array (period, station)
        Curtailed, unserved and refused per year, mean of the weather years.
    day_cost_keur : array (period, day)
        Cost of operation on each day, all stations: curtailed, unserved and refused energy, and measures.
    peak_mw : dict of str to array (period, station)
        The most that is unserved or refused at a station in one hour, by its own limits.
    """

    exceedances: pd.DataFrame
    day_exceedance: Array
    energy_mwh: dict[str, Array]
    day_cost_keur: Array
    peak_mw: dict[str, Array] = field(default_factory=dict)

    @property
    def worst_pct(self) -> float:
        """Highest exceedance in % of a limit; 0 when none."""
        return float(self.exceedances["exceedance_pct"].max()) if len(self.exceedances) else 0.0


@dataclass
class _Found:
    """Running collection of exceedances."""

    rows: list[dict[str, object]]
    daily: list[Array]

    def add(self, year: int, asset: str, test: str, over: Array, limit: Array, years: int) -> None:  # noqa: PLR0917
        """Add the exceedance (hours) of one asset in one test."""
        if over.max(initial=0.0) <= 1e-6:
            return
        pct = 100 * over / np.maximum(limit, 1e-9)
        worst = int(over.argmax())
        self.rows.append(
            {
                "year": year,
                "asset_id": asset,
                "test": test,
                "exceedance_mw": float(over[worst]),
                "exceedance_pct": float(pct.max()),
                "hours": float((over > 1e-6).sum() / years),
                "day": worst // HOURS_PER_DAY,
                "hour": worst % HOURS_PER_DAY,
            }
        )
        self.daily.append(pct.reshape(-1, HOURS_PER_DAY).max(1))


COLUMNS = ["year", "asset_id", "test", "exceedance_mw", "exceedance_pct", "hours", "day", "hour"]


def check_hours(case: PathwayCase, rounded: Rounded, hv: tuple[HvGrid, ...] | None = None) -> HoursCheck:
    """Check a rounded plan on all hours.

    Stations: batteries shave the day's exceedance, field solar and wind are curtailed, what is then still
    above a limit is an exceedance (unserved, or refused feed-in). High-voltage grid: flows intact and after
    each outage; exceedances are cut by curtailment where the lever is strongest, worst element first. That
    order is a rule and not an optimum, so what remains on the high-voltage grid is an upper
    bound.

    Parameters
    ----------
    case : PathwayCase
    rounded : Rounded
    hv : tuple of HvGrid, optional
        Sensitivities rebuilt with the new circuits in; by default the fixed ones with extra MW.

    Returns
    -------
    HoursCheck
    """
    found = _Found([], [])
    limits = [case.limit_mw(test, mva=plan_mva(rounded)) for test in range(len(TESTS))]
    years = len(case.weather_years)
    energy = {
        name: np.zeros((len(case.years), len(case.stations)))
        for name in ("curtailed", "unserved", "refused", *case.measures.prices)
    }
    peak = {name: np.zeros_like(energy[name]) for name in ("unserved", "refused")}
    extra = {} if hv is not None else extra_hv_mw(rounded.capacity)
    grids = hv if hv is not None else case.hv
    cost, price = np.zeros((len(case.years), case.net_mw.shape[2])), case.operating_prices()
    for p in range(len(case.years)):
        account = (energy, cost[p], peak)
        net, curtailed, less = _stations(case, rounded, p, [limit[p] for limit in limits], found, account)
        if grids:
            can = (
                case.switchable_mw[p] - curtailed,
                case.curtailable_mw(p) - curtailed,
                case.contract_mw(p) - less,
            )
            more, off = _high_voltage(case, p, grids[p], net, can, extra, found)
            energy["curtailed"][p] += more.sum(1) / years
            cost[p] += price["curtailed"] * more.sum(0)
            if case.measures.contract is not None:
                energy[CONTRACT][p] += off.sum(1) / years
                cost[p] += price[CONTRACT] * off.sum(0)
    table = pd.DataFrame(found.rows, columns=COLUMNS)
    table = table.sort_values("exceedance_mw", ascending=False, kind="stable")
    # circuits of one corridor that are not alike count once, by the worst
    table = table.drop_duplicates(["year", "asset_id", "test"]).sort_values(["year", "asset_id", "test"])
    table = table.reset_index(drop=True)
    daily = np.array(found.daily).T if found.daily else np.zeros((case.days, 0))
    return HoursCheck(table, daily, energy, cost.reshape(len(case.years), case.days, -1).sum(2), peak)


def _stations(  # noqa: PLR0917
    case: PathwayCase,
    rounded: Rounded,
    p: int,
    limits: list[Array],
    found: _Found,
    account: tuple[dict[str, Array], Array, dict[str, Array]],
) -> tuple[Array, Array, Array]:
    """Operate every station; return net load after measures, what was curtailed and contracted off.

    `limits`: what each test allows in the period (station, hour).
    `account` takes in the energy per year (period, station), the cost (hour, kEUR) of what is used, and the
    most in an hour of what waits.
    """
    years = len(case.weather_years)
    (energy, cost, peak), price = account, case.operating_prices()
    relief = np.zeros(len(case.stations))
    if "option" in rounded.capacity:
        relief = rounded.capacity["option"].iloc[p].to_numpy(dtype=float) @ case.option_share
    net_all, cut_all = case.net_mw[p].copy(), np.zeros_like(case.net_mw[p])
    less_all, can_cut = np.zeros_like(cut_all), case.curtailable_mw(p)
    for s, station in enumerate(case.stations.index):
        keep = 1 - relief[s]
        place = Station(
            net=net_all[s] * keep,
            fixed=(case.fixed_feed_mw[p, s] - case.load_mw[p, s]) * keep,
            switchable=case.switchable_mw[p, s] * keep,
            limit=[limit[s] for limit in limits],
            shift=np.zeros_like(net_all[s]),
            tripped=np.zeros_like(net_all[s]),
        )
        if not any(over.any() for over in place.over):
            continue
        battery = [
            float(rounded.capacity[n].to_numpy(dtype=float)[p, s]) if n in rounded.capacity else 0.0
            for n in ("battery_power", "battery_energy")
        ]
        place.shift = shave_days(place, battery, case.economics.battery_efficiency)
        used = relieve(case, p, s, keep, place)
        unserved, total = place.take_off, place.feed_in
        curtailed = np.minimum(total, can_cut[s] * keep)
        refused = np.maximum(total - curtailed, place.after_trip)
        found.add(case.years[p], str(station), TESTS[0], unserved, place.limit[0], years)
        found.add(case.years[p], str(station), TESTS[1], total - curtailed, place.limit[1], years)
        found.add(case.years[p], str(station), TESTS[2], refused - (total - curtailed), place.limit[2], years)
        used |= {"curtailed": curtailed, "unserved": unserved, "refused": refused}
        for name, values in used.items():
            energy[name][p, s] = values.sum() / years
            cost += price[name] * values
            if name in peak:
                peak[name][p, s] = values.max()
        net_all[s] += place.shift + curtailed + refused - unserved
        cut_all[s] = curtailed
        if CONTRACT in used:
            less_all[s] = used[CONTRACT]
    return net_all, cut_all, less_all


def _high_voltage(  # noqa: PLR0917
    case: PathwayCase,
    p: int,
    grid: HvGrid,
    net: Array,
    can: tuple[Array, Array, Array],
    extra: dict[str, Array],
    found: _Found,
) -> tuple[Array, Array]:
    """Add what exceeds on the high-voltage grid; return extra curtailment and contracts (station, hour).

    `can`: generation that still runs and trips after a fault, what of it may be curtailed, and load that may
    still take less.
    """
    flat = _Flat.of(grid, grid.share * extra_of_elements(grid, extra, p)[None, :])
    running, can_cut, can_take_less = can
    cut, less = np.zeros_like(net), np.zeros_like(net)
    season, sim = case.season, case.simultaneity
    if can_cut.any():
        rows = flat.can_exceed(high_voltage_view(net, running, sim), season)
        cut = _relieve(flat.only(rows), (net, running, can_cut), season, sim, up=True)
    if can_take_less.any():
        rows = flat.can_exceed(high_voltage_view(net + cut, running - cut, sim), season)
        less = _relieve(flat.only(rows), (net + cut, running - cut, can_take_less), season, sim, up=False)
    seen = high_voltage_view(net + cut - less, running - cut, sim)
    rows = flat.can_exceed(seen, season)
    left = flat.only(rows)
    element, state = rows % len(grid.elements), rows // len(grid.elements)
    over = np.maximum(0.0, np.abs(left.flow(seen)) - left.room[:, season])
    names = ("intact grid", *grid.outage_ids)
    for m in np.unique(element):
        mine = np.flatnonzero(element == m)
        worst = over[mine].max(0)
        row = mine[int(over[mine, int(worst.argmax())].argmax())]
        found.add(
            case.years[p],
            str(grid.elements["asset_id"].iloc[m]),
            names[int(state[row])],
            worst,
            left.room[row][season],
            len(case.weather_years),
        )
    return cut, less


@dataclass(frozen=True)
class _Flat:
    """Element and state combinations as rows: sensitivity (row, station), base flow, room (row, season)."""

    lever: Array
    base: Array
    room: Array
    fault: np.ndarray

    @classmethod
    def of(cls, grid: HvGrid, relief: Array) -> _Flat:
        stack = grid.stack
        room = grid.rating_mw + relief[:, :, None]
        fault = np.repeat(np.arange(len(stack)) > 0, stack.shape[1])
        return cls(stack.reshape(-1, stack.shape[2]), grid.base_flow_mw.ravel(), room.reshape(-1, 2), fault)

    def only(self, rows: Indices) -> _Flat:
        """Keep some rows."""
        return _Flat(self.lever[rows], self.base[rows], self.room[rows], self.fault[rows])

    def flow(self, seen: tuple[Array, Array]) -> Array:
        """Return the flow (row, hour) at net loads (station, hour), intact and after a fault."""
        flow = np.empty((len(self.base), seen[0].shape[1]))
        for fault, net in zip((False, True), seen, strict=True):
            mine = self.fault == fault
            flow[mine] = self.base[mine, None] - self.lever[mine] @ net
        return flow

    def can_exceed(self, seen: tuple[Array, Array], season: Indices) -> Indices:
        """Return rows that exceed in some hour, found in single precision with a margin of 0.01 MW."""
        hit = np.zeros(len(self.base), dtype=bool)
        for fault, net in zip((False, True), seen, strict=True):
            mine = np.flatnonzero(self.fault == fault)
            lever, base = self.lever[mine].astype(np.float32), self.base[mine].astype(np.float32)[:, None]
            for code in (0, 1):
                part = net[:, season == code].astype(np.float32)
                for start in range(0, part.shape[1], CHUNK_HOURS):
                    flow = base - lever @ part[:, start : start + CHUNK_HOURS]
                    hit[mine] |= np.maximum(flow.max(1), -flow.min(1)) > self.room[mine, code] - 0.01
        return np.flatnonzero(hit)


def _relieve(
    rows: _Flat, state: tuple[Array, Array, Array], season: Indices, simultaneity: float, *, up: bool
) -> Array:
    """Change net load hour by hour, worst row first, at the stations with the strongest lever first.

    `state`: net load, generation that runs, and what can be changed: curtailed (`up`, net load rises) or
    taken off (net load falls).
    """
    net, running, most = state
    done = np.zeros_like(net)
    if not len(rows.base):
        return done
    way = 1.0 if up else -1.0
    hours: Indices = np.arange(net.shape[1])
    for _ in range(SWEEPS):
        now = net[:, hours] + way * done[:, hours]
        runs = running[:, hours] - done[:, hours] if up else running[:, hours]
        flow = rows.flow(high_voltage_view(now, runs, simultaneity))
        over = np.abs(flow) - rows.room[:, season[hours]]
        row = over.argmax(0)
        at = np.arange(len(hours))
        hit = over[row, at] > 1e-6
        if not hit.any():
            break
        high, sign = over[row, at][hit], np.sign(flow[row, at][hit])
        hours, row = hours[hit], row[hit]
        lever = way * (sign[:, None] * rows.lever[row]).T
        off_already = rows.fault[row][None, :] & (now[:, hit] < 0)
        usable = np.where((lever > LEVER) & ~off_already, most[:, hours] - done[:, hours], 0.0)
        helps = (usable * lever).sum(0) > 1e-9
        done[:, hours] += _strongest_first(lever, usable, high)
        hours = hours[helps]
        if not len(hours):
            break
    return done


def _strongest_first(lever: Array, usable: Array, excess: Array) -> Array:
    """Return what each station (station, hour) does so that lever x what it does adds to the excess (hour).

    The station with the strongest lever goes first: for one element that takes the least energy. Where all
    that is usable falls short of the excess, all of it is used.
    """
    order = np.argsort(-lever, axis=0, kind="stable")
    gain = np.take_along_axis(usable * lever, order, axis=0)
    before = np.cumsum(gain, axis=0) - gain
    part = np.clip((excess - before) / np.maximum(gain, 1e-12), 0.0, 1.0)
    share = np.empty_like(part)
    np.put_along_axis(share, order, part, axis=0)
    return np.asarray(usable * share)


def days_to_add(check: HoursCheck, known: Indices, tolerance: float) -> Array:
    """Return per day and key what exceeds the tolerance on days that are not chosen yet, else zero."""
    daily = np.where(check.day_exceedance > 100 * tolerance, check.day_exceedance, 0.0)
    daily[known] = 0.0
    return daily


def weather_day(case: PathwayCase, day: int) -> tuple[int, int]:
    """Return the weather year and day of the year (from 1) of a day index."""
    return case.weather_years[day // DAYS_PER_YEAR], day % DAYS_PER_YEAR + 1
