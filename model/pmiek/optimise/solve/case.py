"""The pathway problem as plain arrays: what the optimiser and its check read, and nothing else.

Axes, in this order: period ``p``, station ``s``, hour ``h`` (the hours of all design weather years one after
the other), high-voltage element ``m``, outage ``o``. Power is MW at the MV bus, take-off positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.optimise.carriers.horizon import period_weights
from pmiek.optimise.solve.measures import Measures
from pmiek.security.screening.stations import shared_limit

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

HOURS_PER_YEAR = 8760
HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365
SUMMER, WINTER = 0, 1
OPTION_COLUMNS = ["option_id", "name", "cluster", "payer", "capacity_mw", "capex_keur", "earliest_year"]
TESTS = ("take_off", "feed_in_total", "feed_in_after_trip")
TAKE_OFF_TEST, FEED_IN_TOTAL, AFTER_TRIP = range(3)
EVERY_HOUR = slice(None)


@dataclass(frozen=True)
class AssetCost:
    """Cost of one kind of asset, real EUR2025.

    Attributes
    ----------
    capex_keur_per_mw : float
        Investment per MW (per MWh for battery energy, per MW for all others).
    fixed_om_per_year : float
        Fixed operation and maintenance as a share of the investment, 1/year.
    lifetime_years : float
        Years over which the annuity runs; the asset leaves service after them.
    """

    capex_keur_per_mw: float
    fixed_om_per_year: float
    lifetime_years: float

    def annuity_keur(self, discount_rate_per_year: float) -> float:
        """Return the yearly capital charge in kEUR per MW, without fixed O&M."""
        return self.capex_keur_per_mw * annuity_factor(discount_rate_per_year, self.lifetime_years)

    def fixed_om_keur(self) -> float:
        """Return fixed O&M in kEUR per MW and year."""
        return self.capex_keur_per_mw * self.fixed_om_per_year


def annuity_factor(discount_rate_per_year: float, lifetime_years: float) -> float:
    """Return the share of the investment due each year: r / (1 - (1 + r)^-n), or 1/n without discounting."""
    if discount_rate_per_year == 0:
        return 1 / lifetime_years
    return float(discount_rate_per_year / (1 - (1 + discount_rate_per_year) ** -lifetime_years))


@dataclass(frozen=True)
class Economics:
    """Prices of the pathway.

    Attributes
    ----------
    discount_rate_per_year : float
    base_year : int
        Year to which amounts are discounted.
    unserved_keur_per_mwh : float
        Value of lost load, for demand that is not served and for feed-in that cannot be switched off.
    curtailment_keur_per_mwh : float
        Cost of switching off field solar or wind.
    loss_keur_per_mwh : float
        Electricity price for what a battery loses.
    assets : mapping of str to AssetCost
        Keys station_transformer, new_station, circuit, coupling_transformer, battery_power, battery_energy.
    battery_efficiency : float
        One way.
    """

    discount_rate_per_year: float
    base_year: int
    unserved_keur_per_mwh: float
    curtailment_keur_per_mwh: float
    loss_keur_per_mwh: float
    assets: Mapping[str, AssetCost]
    battery_efficiency: float = 0.96


@dataclass(frozen=True)
class Build:
    """What a variant may build or do; the field names are those of ``scenario.build``."""

    station_transformers: bool = True
    circuits: bool = True
    coupling_transformers: bool = True
    new_stations: bool = True
    batteries: bool = True
    curtailment: bool = True

    @property
    def anything(self) -> bool:
        """Tell whether any capacity may be added; without, more chosen days change no decision."""
        return any(
            (
                self.station_transformers,
                self.circuits,
                self.coupling_transformers,
                self.new_stations,
                self.batteries,
            )
        )


@dataclass(frozen=True)
class HvGrid:
    """Sensitivities and ratings of the high-voltage grid in one period.

    Attributes
    ----------
    elements : DataFrame
        One row per element: element_id, asset_id, asset_class (circuit or coupling_transformer), cluster,
        payer, existing_mw (of its asset), unit_mw (standard size), capex_keur_per_mw, buildable (bool).
    rating_mw : array (1 + outage, element, season)
        What the element may carry, intact (row 0) and after each outage.
    ptdf : array (element, station)
        Flow on the element per MW injected at the station.
    after : array (outage, element, station)
        The same after each outage; NaN where the element is out or cut off.
    outage_ids : tuple of str
    share : array (1 + outage, element)
        Part of extra MW of the asset that relieves the element, intact (row 0) and after each outage.
    base_flow_mw : array (1 + outage, element)
        Flow of stated transit and of stations outside the pathway.
    """

    elements: pd.DataFrame
    ptdf: Array
    after: Array
    outage_ids: tuple[str, ...]
    share: Array
    base_flow_mw: Array
    rating_mw: Array

    @property
    def stack(self) -> Array:
        """Sensitivities intact and after each outage: (1 + outage, element, station), NaN as zero."""
        return np.asarray(np.nan_to_num(np.concatenate([self.ptdf[None], self.after])))


@dataclass(frozen=True)
class PublishedCapacity:
    """What the operators publish, for the stations that have it.

    Attributes
    ----------
    base_mw : array (test, period, station)
        What each test allows with the units of the case, MW of the whole area; NaN where the rating rules.
    reference_mva : array (2, period, station)
        Firm and gross rating of those units: what a plan has more comes on top.
    mw_per_mva : array (test)
        Power factor of what a plan adds; no short-time loading comes on top of a published figure.
    shared : tuple of tuple of int
        Positions of stations that share one limit.
    """

    base_mw: Array
    reference_mva: Array
    mw_per_mva: Array
    shared: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class PathwayCase:
    """One storyline and variant, ready for the optimiser.

    Attributes
    ----------
    storyline, variant : str
    years : tuple of int
        First year of each period.
    tail_years : int
        Years that the last period stands for; the others reach to the next.
    stations : DataFrame
        Index asset_id of the transformer group; columns name, gm_code, cluster, payer, max_units,
        unit_mva (standard size), has_transformers (false for a customer on high voltage)
    units_mva : tuple (period) of tuple (station) of tuple of float
        Transformers in service without any build.
    factors : array (test, season)
        MW allowed per MVA of firm (take_off, feed_in_after_trip) or gross (feed_in_total) capacity.
    load_mw, switchable_mw, fixed_feed_mw : array (period, station, hour)
        Demand, generation that may be curtailed and trips after a fault, other generation; all positive.
    season : array (hour)
        0 summer, 1 winter.
    weather_years : tuple of int
        Hours are 8,760 per weather year, in this order.
    options : DataFrame
        New stations on offer: option_id, name, cluster, payer, capacity_mw, capex_keur, earliest_year.
    option_share : array (option, station)
        Part of a station's net load that the option takes over.
    hv : tuple of HvGrid, one per period, or empty
    build : Build
    economics : Economics
    simultaneity : float
        Factor on take-off in flows of the high-voltage grid, between stations.
    measures : Measures
        What stands on the grid already and may be called on.
    published : PublishedCapacity or None
        Limits that go before the rating of the units.
    """

    storyline: str
    variant: str
    years: tuple[int, ...]
    tail_years: int
    stations: pd.DataFrame
    units_mva: tuple[tuple[tuple[float, ...], ...], ...]
    factors: Array
    load_mw: Array
    switchable_mw: Array
    fixed_feed_mw: Array
    season: Indices
    weather_years: tuple[int, ...]
    build: Build
    economics: Economics
    options: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=OPTION_COLUMNS))
    option_share: Array = field(default_factory=lambda: np.zeros((0, 0)))
    hv: tuple[HvGrid, ...] = ()
    simultaneity: float = 1.0
    measures: Measures = field(default_factory=Measures)
    published: PublishedCapacity | None = None

    def curtailable_mw(self, period: int) -> Array:
        """Return generation (station, hour) that the variant may curtail in a period."""
        one = slice(period, period + 1)
        most = self.measures.curtailable(
            self.switchable_mw[one], slice(None), freely=self.build.curtailment, periods=one
        )
        return np.asarray(most[0])

    def contract_mw(self, period: int) -> Array:
        """Return load (station, hour) that flexible contracts may take off in a period."""
        contract = self.measures.contract
        if contract is None:
            return np.zeros_like(self.load_mw[period])
        return np.asarray(contract.power_mw[period], dtype=float)

    def operating_prices(self) -> dict[str, float]:
        """Return what each MWh of operation costs, kEUR; what a battery loses stands apart."""
        money = self.economics
        fixed = {
            "curtailed": money.curtailment_keur_per_mwh,
            "unserved": money.unserved_keur_per_mwh,
            "refused": money.unserved_keur_per_mwh,
        }
        return fixed | self.measures.prices

    @property
    def net_mw(self) -> Array:
        """Net load (period, station, hour), take-off positive."""
        return np.asarray(self.load_mw - self.switchable_mw - self.fixed_feed_mw)

    @property
    def days(self) -> int:
        """Days in all weather years together."""
        return int(self.load_mw.shape[2]) // HOURS_PER_DAY

    @property
    def day_share(self) -> float:
        """Days per year that one calendar day of one weather year stands for."""
        return DAYS_PER_YEAR / self.days

    def discount(self) -> Array:
        """Return per period the years it stands for, each discounted to the base year."""
        rate, first = self.economics.discount_rate_per_year, self.economics.base_year
        return period_weights(self.years, self.tail_years, rate, first)

    def alive(self, asset: str) -> Array:
        """Return (period, period of build): 1 where an asset built then is in service."""
        years = np.array(self.years)
        age = years[:, None] - years[None, :]
        return np.asarray((age >= 0) & (age < self.economics.assets[asset].lifetime_years), dtype=float)

    def firm_and_gross(self) -> tuple[Array, Array]:
        """Return firm and gross MVA (period, station) without any build."""
        firm = [[firm_mva(units) for units in stations] for stations in self.units_mva]
        gross = [[float(sum(units)) for units in stations] for stations in self.units_mva]
        return np.array(firm), np.array(gross)

    def limit_mw(
        self, test: int, hours: Indices | slice = EVERY_HOUR, mva: tuple[Array, Array] | None = None
    ) -> Array:
        """Return what a test allows: (period, station, hours), MW.

        Parameters
        ----------
        test : int
            Position in ``TESTS``.
        hours : array or slice
            Hours of all weather years.
        mva : (array, array), optional
            Firm and gross MVA (period, station) with a plan in it; of the case itself when left out.
        """
        firm, gross = mva if mva is not None else self.firm_and_gross()
        rating = gross if test == FEED_IN_TOTAL else firm
        season = self.season[hours]
        limit = np.asarray((rating[..., None] * self.factors[test])[..., season])
        if self.published is None:
            return limit
        base = self.published.base_mw[test]
        added = self.published.mw_per_mva[test] * (
            rating - self.published.reference_mva[int(test == FEED_IN_TOTAL)]
        )
        known = ~np.isnan(base)
        flat = (1,) * season.ndim
        limit[known] = (base + added)[known].reshape(-1, *flat)
        for members in self.published.shared:
            power = np.moveaxis(self._tested_mw(test, hours)[:, list(members)], 1, 0)
            for member, own in zip(members, power, strict=True):
                whole = base[:, member].reshape(-1, *flat)
                part = shared_limit(whole, own, power) + added[:, member].reshape(-1, *flat)
                limit[:, member] = np.where(np.isnan(whole), limit[:, member], part)
        return limit

    def gain(self, test: int) -> Array:
        """Return MW that an added MVA of firm rating brings in a test: (period, station, season)."""
        shape = (len(self.years), len(self.stations), 2)
        rule = np.broadcast_to(self.factors[test], shape)
        if self.published is None:
            return rule
        known = ~np.isnan(self.published.base_mw[test])[..., None]
        return np.where(known, self.published.mw_per_mva[test], rule)

    def _tested_mw(self, test: int, hours: Indices | slice) -> Array:
        """Power in the direction of a test, without measures (period, station, hours)."""
        load, fixed = self.load_mw[:, :, hours], self.fixed_feed_mw[:, :, hours]
        if test == AFTER_TRIP:
            return np.asarray(fixed - load)
        net = load - fixed - self.switchable_mw[:, :, hours]
        return np.asarray(net if test == TAKE_OFF_TEST else -net)


def firm_mva(units: tuple[float, ...]) -> float:
    """Return the capacity left with the largest unit out; a single unit counts whole (no redundancy)."""
    if len(units) <= 1:
        return float(sum(units))
    return float(sum(units) - max(units))


def with_units(present: tuple[float, ...], unit_mva: float, room: int, count: int) -> tuple[float, ...]:
    """Return the units of a station after `count` standard units came.

    The first `room` stand beside the present ones; each further one takes the place of the smallest unit.
    """
    added = min(count, room)
    units = sorted((*present, *[float(unit_mva)] * added), reverse=True)
    for _ in range(count - added):
        units = sorted([*units[:-1], float(unit_mva)], reverse=True)
    return tuple(units)


def most_units(present: tuple[float, ...], unit_mva: float, room: int) -> int:
    """Return how many standard units can come: beside the present ones, then in place of smaller ones."""
    return room + sum(mva < unit_mva for mva in present)


def high_voltage_view(net: Array, switchable: Array, simultaneity: float) -> tuple[Array, Array]:
    """Return net load as the high-voltage grid sees it: intact, and after a fault.

    Take-off counts with the simultaneity between stations. After a fault a station that feeds in switches off
    generation as far as that relieves the grid.

    Parameters
    ----------
    net, switchable : array
        Net load after measures, and switchable generation that still runs, same shape, MW.
    simultaneity : float
    """
    seen = np.where(net > 0, net * simultaneity, net)
    return seen, np.where(net < 0, np.minimum(net + switchable, 0.0), seen)
