"""From the arrays of a pathway to one PyPSA network: every station, its load, generation and measures.

Power is MW, energy MWh, money kEUR of the case's price level. A station has a bus on either side of its
transformers; losses are not counted, as in the screening.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pmiek.network.build import add, add_carriers, new_network
from pmiek.optimise.carriers.horizon import years_of_periods
from pmiek.optimise.expansion.tables import row_tables
from pmiek.optimise.solve.case import FEED_IN_TOTAL, HOURS_PER_DAY, TAKE_OFF_TEST, Array, PathwayCase
from pmiek.optimise.solve.program import Floors, Hourly, yearly_rates

if TYPE_CHECKING:
    import pypsa

    from pmiek.optimise.solve.days import ChosenDays
    from pmiek.optimise.solve.measures import Shift, Store

MARKET: Final = "national market"
#: Wider than any flow of the province, MW: what has no limit of its own.
UNLIMITED_MW: Final = 1e5
#: Assets at a station that raise its limits, and are built per period.
STATION_BUILDS: Final = ("station_transformer", "new_station")
FAMILY: Final = {
    "load": "electricity demand",
    "switchable": "switchable generation",
    "fixed": "other generation",
    "curtailed": "curtailment",
    "unserved": "unserved demand",
    "refused": "refused feed-in",
}


@dataclass
class _Draft:
    """Components of one kind that are being collected: static rows, and series by attribute."""

    rows: list[dict[str, object]] = field(default_factory=list)
    series: dict[str, dict[str, Array]] = field(default_factory=dict)

    def put(self, name: str, static: dict[str, object], **series: Array) -> None:
        """Add one component; a series is flat over all snapshots."""
        self.rows.append({"name": name, **static})
        for attribute, values in series.items():
            self.series.setdefault(attribute, {})[name] = values

    def into(self, network: pypsa.Network, component: str) -> None:
        """Add what was collected, through the guard."""
        if not self.rows:
            return
        table = pd.DataFrame(self.rows).set_index("name")
        for column in table:
            if table[column].isna().any():
                usual = network.components[component].defaults["default"].get(str(column), "")
                table[column] = table[column].where(table[column].notna(), usual)
        frames = {
            attribute: pd.DataFrame(columns, index=network.snapshots)
            for attribute, columns in self.series.items()
        }
        add(network, component, table, frames)


@dataclass(frozen=True)
class _Place:
    """One row of the pathway's stations while its components are drafted."""

    name: str
    number: int
    labels: dict[str, object]

    @property
    def bus(self) -> str:
        """Bus on the medium-voltage side."""
        return f"{self.name} MV"

    def component(self, family: str) -> dict[str, object]:
        """Return bus, carrier and labels of a component of this family."""
        return {"bus": self.bus, "carrier": FAMILY.get(family, family), **self.labels}


def electricity_network(
    case: PathwayCase, days: ChosenDays, *, vintages: bool = False, floors: Floors | None = None
) -> pypsa.Network:
    """Build the network of one storyline and variant on the chosen days, every pathway year a period.

    Parameters
    ----------
    case : PathwayCase
        Its limits are those of the screening.
    days : ChosenDays
        Their weights add to 365 days per year.
    vintages : bool
        Add an extendable link per asset and period of build, so that PyPSA decides without own rows, instead
        of one link per station of which :func:`pmiek.optimise.expansion.add_rows` ties the capacity.
    floors : Floors, optional
        Least capacity per high-voltage asset.

    Returns
    -------
    pypsa.Network
        Snapshots (period, hour of the weather years); what the own rows need stands in ``network.meta``.

    Raises
    ------
    BuildError
        If a series has gaps, or a component its bus, carrier or attribute not.
    """
    hourly = Hourly.of(case, days)
    network = new_network(f"{case.storyline} {case.variant}")
    add_carriers(network, [*FAMILY.values(), *case.measures.prices, "battery", "grid expansion"])
    _snapshots(network, case, days)
    places = _places(case)
    _buses(network, case, places)
    drafts = {name: _Draft() for name in ("Load", "Generator", "Link", "Store")}
    drafts["Generator"].put(
        MARKET, {"bus": MARKET, "carrier": "electricity", "p_nom": UNLIMITED_MW, "p_min_pu": -1.0}
    )
    for place in places:
        _demand(drafts, case, hourly, place)
        _connection(drafts, case, hourly, place)
        _measures(drafts, case, hourly, place)
        if case.build.batteries:
            _new_battery(drafts, case, place)
        if vintages:
            _vintages(drafts, case, hourly, place)
        else:
            _expansion(drafts, place)
        if len(case.options) and case.build.new_stations:
            _relief(drafts, hourly, place)
    for component, draft in drafts.items():
        draft.into(network, component)
    network.meta = row_tables(case, days, floors, vintages=vintages)
    return network


def _snapshots(network: pypsa.Network, case: PathwayCase, days: ChosenDays) -> None:
    hours = [int(hour) for hour in days.hours().ravel()]
    network.set_snapshots(hours)
    network.set_investment_periods(list(case.years))  # repeats the hours for every period
    weights = np.tile(np.repeat(days.weight(), HOURS_PER_DAY), len(case.years))
    # column by column: assigning the whole frame loses the name of the index (see PyPSA's own tests)
    for column, values in (
        ("objective", weights),
        ("generators", weights),
        ("stores", np.ones_like(weights)),
    ):
        network.snapshot_weightings[column] = values
    spans = years_of_periods(case.years, case.tail_years)
    network.investment_period_weightings["years"] = np.array(spans, dtype=float)
    network.investment_period_weightings["objective"] = case.discount()


def _places(case: PathwayCase) -> list[_Place]:
    places = []
    for number, (asset, row) in enumerate(case.stations.iterrows()):
        labels: dict[str, object] = {
            "asset_id": str(asset),
            "station": str(row.get("station_id", asset)),
            "municipality": str(row["gm_code"]),
            "cluster": str(row["cluster"]),
            "operator": str(row["payer"]),
            "payer": str(row["payer"]),
            "study_area": "inside" if row["cluster"] else "outside",
            "quality": "derived",
        }
        places.append(_Place(str(asset), number, labels))
    return places


def _buses(network: pypsa.Network, case: PathwayCase, places: list[_Place]) -> None:
    rows: dict[str, dict[str, object]] = {MARKET: {"carrier": "electricity"}}
    for place in places:
        rows[f"{place.labels['station']} HV"] = {"carrier": "electricity", **place.labels}
        rows[place.bus] = {"carrier": "electricity", **place.labels}
        if case.build.batteries:
            rows[f"{place.name} battery"] = {"carrier": "battery", **place.labels}
        for store in case.measures.stores:
            if store.power_mw[:, place.number].max() > 0:
                rows[f"{place.name} {store.name}"] = {"carrier": store.name, **place.labels}
    draft = _Draft()
    for name, row in rows.items():
        draft.put(name, {**row, "unit": "MW"})
    draft.into(network, "Bus")


def _flat(values: Array, place: _Place) -> Array:
    """Return the series of a station, (period, station, day, hour) laid flat over the snapshots."""
    return np.asarray(values[:, place.number], dtype=float).ravel()


def _steady(values: Array, place: _Place, hourly: Hourly) -> Array:
    return np.repeat(np.asarray(values[:, place.number], dtype=float), hourly.hours.size)


def _bounded(
    drafts: dict[str, _Draft], place: _Place, family: str, most: Array, price_and_sign: tuple[float, float]
) -> None:
    """Add what may be used up to a series of MW at a price per MWh; nothing where the series is zero."""
    peak = float(most.max())
    if peak <= 0:
        return
    price, sign = price_and_sign
    static = {**place.component(family), "p_nom": peak, "marginal_cost": price, "sign": sign}
    drafts["Generator"].put(f"{place.name} {family}", static, p_max_pu=most / peak)


def _must_run(drafts: dict[str, _Draft], place: _Place, family: str, output: Array) -> None:
    peak = float(output.max())
    if peak <= 0:
        return
    share = output / peak
    static = {**place.component(family), "p_nom": peak}
    drafts["Generator"].put(f"{place.name} {family}", static, p_min_pu=share, p_max_pu=share)


def _demand(drafts: dict[str, _Draft], case: PathwayCase, hourly: Hourly, place: _Place) -> None:
    load = _flat(hourly.load, place)
    drafts["Load"].put(f"{place.name} load", place.component("load"), p_set=load)
    switchable, fixed = _flat(hourly.switchable, place), _flat(hourly.fixed, place)
    most = _flat(hourly.curtailable, place)
    _must_run(drafts, place, "switchable", switchable)
    _must_run(drafts, place, "fixed", fixed)
    money = case.economics
    _bounded(drafts, place, "curtailed", most, (money.curtailment_keur_per_mwh, -1.0))
    _bounded(drafts, place, "refused", fixed + switchable - most, (money.unserved_keur_per_mwh, -1.0))
    _bounded(drafts, place, "unserved", load, (money.unserved_keur_per_mwh, 1.0))


def _link(place: _Place, bus0: str, bus1: str, carrier: str) -> dict[str, object]:
    return {"bus0": bus0, "bus1": bus1, "carrier": carrier, **place.labels}


def _through(place: _Place) -> dict[str, object]:
    return _link(place, f"{place.labels['station']} HV", place.bus, "electricity")


def _connection(drafts: dict[str, _Draft], case: PathwayCase, hourly: Hourly, place: _Place) -> None:
    """Add the transformers that stand there, with one limit per direction, and the way to the market."""
    limit = [_flat(case.limit_mw(test, hourly.hours), place) for test in (TAKE_OFF_TEST, FEED_IN_TOTAL)]
    peak = float(np.abs(limit).max())
    if peak > 0:
        static = {**_through(place), "p_nom": peak}
        drafts["Link"].put(
            f"{place.name} transformer", static, p_max_pu=limit[0] / peak, p_min_pu=-limit[1] / peak
        )
    name, bus = f"{place.labels['station']} grid", f"{place.labels['station']} HV"
    if all(row["name"] != name for row in drafts["Link"].rows):
        static = {**_link(place, MARKET, bus, "electricity"), "p_nom": UNLIMITED_MW, "p_min_pu": -1.0}
        drafts["Link"].put(name, static)


def _expansion(drafts: dict[str, _Draft], place: _Place) -> None:
    """Add the one link of all builds at the station; own rows hold it within the capacity in service."""
    static = {**_through(place), "carrier": "grid expansion", "p_nom_extendable": True, "p_min_pu": -1.0}
    drafts["Link"].put(f"{place.name} expansion", static)


def _vintages(drafts: dict[str, _Draft], case: PathwayCase, hourly: Hourly, place: _Place) -> None:
    season = np.tile(hourly.season.ravel(), len(case.years))
    period = np.repeat(np.arange(len(case.years)), hourly.hours.size)
    gain = [case.gain(test)[period, place.number, season] for test in (TAKE_OFF_TEST, FEED_IN_TOTAL)]
    allowed = {"station_transformer": case.build.station_transformers, "new_station": case.build.new_stations}
    for asset in STATION_BUILDS:
        cost = case.economics.assets[asset]
        for year in case.years if allowed[asset] else ():
            static = {
                **_through(place),
                "carrier": "grid expansion",
                "p_nom_extendable": True,
                "build_year": year,
                "lifetime": float(cost.lifetime_years),
                "capital_cost": cost.capex_keur_per_mw * sum(yearly_rates(case, asset)),
            }
            drafts["Link"].put(
                f"{place.name} {asset} {year}",
                static,
                p_max_pu=gain[0],
                p_min_pu=-gain[1],
            )


def _relief(drafts: dict[str, _Draft], hourly: Hourly, place: _Place) -> None:
    """Add what planned new stations would take over; own rows tie it to their share of the net load."""
    peak = float(np.abs(_flat(hourly.net, place)).max())
    static = {**_through(place), "carrier": "grid expansion", "p_nom": 2 * peak + 1.0, "p_min_pu": -1.0}
    drafts["Link"].put(f"{place.name} relief", static)


def _new_battery(drafts: dict[str, _Draft], case: PathwayCase, place: _Place) -> None:
    """Add a battery of free power and energy; what it loses is paid where it charges."""
    bus, money = f"{place.name} battery", case.economics
    one_way, loss = money.battery_efficiency, money.loss_keur_per_mwh
    free: dict[str, object] = {"p_nom_extendable": True, "efficiency": one_way}
    into, out = _link(place, place.bus, bus, "battery"), _link(place, bus, place.bus, "battery")
    drafts["Link"].put(f"{place.name} battery charge", {**into, **free, "marginal_cost": loss})
    drafts["Link"].put(f"{place.name} battery discharge", {**out, **free, "marginal_cost": -loss * one_way})
    static = {"bus": bus, "carrier": "battery", "e_nom_extendable": True, **place.labels}
    drafts["Store"].put(f"{place.name} battery", static)


def _measures(drafts: dict[str, _Draft], case: PathwayCase, hourly: Hourly, place: _Place) -> None:
    contract = case.measures.contract
    if contract is not None:
        most = _flat(np.asarray(contract.power_mw[:, :, hourly.hours], dtype=float), place)
        _bounded(drafts, place, contract.name, most, (contract.price_keur_per_mwh, 1.0))
    for sink in case.measures.sinks:
        most = _steady(sink.power_mw, place, hourly)
        _bounded(drafts, place, sink.name, most, (sink.price_keur_per_mwh, -1.0))
    for shift in case.measures.shifts:
        _shift(drafts, shift, hourly, place)
    for store in case.measures.stores:
        if store.power_mw[:, place.number].max() > 0:
            _store(drafts, store, hourly, place)


def _shift(drafts: dict[str, _Draft], shift: Shift, hourly: Hourly, place: _Place) -> None:
    out = _flat(np.asarray(shift.out_mw[:, :, hourly.hours]), place)
    into = _flat(np.asarray(shift.in_mw[:, :, hourly.hours]), place)
    if min(out.max(), into.max()) <= 0:
        return  # what cannot leave, or cannot come back, does not move
    _bounded(drafts, place, shift.name, out, (shift.price_keur_per_mwh, 1.0))
    peak = float(into.max())
    static = {**place.component(shift.name), "p_nom": peak, "sign": -1.0}
    drafts["Generator"].put(f"{place.name} {shift.name} in", static, p_max_pu=into / peak)


def _store(drafts: dict[str, _Draft], store: Store, hourly: Hourly, place: _Place) -> None:
    bus = f"{place.name} {store.name}"
    power = _steady(store.power_mw, place, hourly)
    peak = float(power.max())
    charge = np.minimum(power, _flat(hourly.switchable, place)) if store.behind_park else power
    energy = _steady(store.energy_mwh, place, hourly)
    one_way = store.efficiency
    into, out = _link(place, place.bus, bus, store.name), _link(place, bus, place.bus, store.name)
    drafts["Link"].put(
        f"{bus} charge", {**into, "p_nom": peak, "efficiency": one_way}, p_max_pu=charge / peak
    )
    # the limit is on what it gives to the grid, PyPSA's p_nom on what leaves the store
    static = {
        **out, "p_nom": peak / one_way, "efficiency": one_way, "marginal_cost": store.price_keur_per_mwh * one_way
    }  # fmt: skip
    drafts["Link"].put(f"{bus} discharge", static, p_max_pu=power / peak)
    top = max(float(energy.max()), 1e-9)
    held = {"bus": bus, "carrier": store.name, "e_nom": top, **place.labels}
    drafts["Store"].put(bus, held, e_max_pu=energy / top)
