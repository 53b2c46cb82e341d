"""Costs, standard units, lead times and space of the options; read from the input tables, never from code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.decide.projects.tables import TablesLike, optional, text

Array = npt.NDArray[np.float64]
NAN = float("nan")


@dataclass(frozen=True)
class Range:
    """A figure with its low and high end; NaN where nothing is known."""

    value: float = NAN
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True)
class OptionCost:
    """Where an option's figures stand.

    Attributes
    ----------
    asset_class, row : str
        Columns ``asset_class`` and ``option`` of ``costs/infrastructure``.
    per : str
        What the investment and the space are multiplied with: unit, km, mw, mwh (MW times the hours of
        storage of a project), or none (no investment).
    firm_mva : str
        Assumption that goes before the table's ``size`` because it counts the firm part only.
    cable_km : str
        Assumption: km of medium-voltage cable that comes with each unit.
    mismatch : str
        Assumption: need by place over the pooled need; a unit relieves only its part of the pooled need.
    size_in_mw : bool
        The table's ``size`` is in MW, not in MVA.
    per_size : str
        Assumption: kWh per m3, where the table's ``size`` is in million m3 per year.
    technology : str
        Row of ``costs/technologies`` that holds the cost, EUR per kW or kWh.
    """

    asset_class: str
    row: str
    per: str
    firm_mva: str = ""
    cable_km: str = ""
    mismatch: str = ""
    size_in_mw: bool = False
    per_size: str = ""
    technology: str = ""


COSTS: dict[str, OptionCost] = {
    "extra_transformer": OptionCost("station_transformer", "add_transformer", "unit"),
    "new_station": OptionCost("station_transformer", "new_station", "unit", "new_station_firm_mva"),
    "line_uprating": OptionCost("circuit", "uprate_110kv", "km"),
    "corridor_reinforcement": OptionCost("circuit", "cable_110kv", "km"),
    "coupling_unit": OptionCost("coupling_transformer", "add_transformer", "unit"),
    "new_coupling_station": OptionCost("coupling_transformer", "new_station", "unit"),
    "mv_lv_stations": OptionCost(
        "mv_lv_station",
        "new_station",
        "unit",
        cable_km="mv_lv_cable_km_per_station",
        mismatch="mv_lv_mismatch_factor",
    ),
    "switching_station": OptionCost(
        "mv_station",
        "switching_station",
        "unit",
        cable_km="mv_cable_km_per_switching_station",
        size_in_mw=True,
    ),
    "battery": OptionCost("battery", "station_battery", "mw"),
    "flexible_contract": OptionCost("", "", "none"),
    "curtailment": OptionCost("", "", "none"),
    "other_carrier": OptionCost("heat_pipe", "transport_pipe", "unknown"),
    "gas_booster": OptionCost("gas_booster", "booster_8_to_40_bar", "unit", per_size="methane_kwh_per_m3"),
    "gas_coupling": OptionCost("gas_pipe", "coupling_pipe", "km", size_in_mw=True),
    "gas_buffer": OptionCost("gas_storage", "green_gas_buffer", "mwh"),
    "less_green_gas": OptionCost("", "", "none"),
    "hydrogen_reused_pipe": OptionCost("hydrogen_pipe", "reused_pipe", "km", size_in_mw=True),
    "hydrogen_new_pipe": OptionCost("hydrogen_pipe", "new_pipe", "km", size_in_mw=True),
    "without_hydrogen": OptionCost("", "", "none"),
    "less_hydrogen": OptionCost("", "", "none"),
    "heat_pipe": OptionCost("heat_pipe", "transport_pipe", "km", size_in_mw=True),
    "heat_pump": OptionCost("", "", "mw", technology="district_heat_pump_air"),
    "heat_boiler": OptionCost("", "", "mw", technology="district_gas_boiler"),
}
#: What a MWh that is not delivered is worth: the price of a carrier, or an assumption.
WORTH = {
    "less_green_gas": ("carrier", "green_gas"),
    "less_hydrogen": ("carrier", "hydrogen"),
    "without_hydrogen": ("assumption", "unserved_hydrogen_eur_per_mwh"),
}
#: Fuel of an option that makes heat: technology whose efficiency counts, and the assumptions with its price.
FUEL = {
    "heat_pump": ("district_heat_pump_air", ("project_electricity_eur_per_mwh",)),
    "heat_boiler": ("district_gas_boiler", ("methane_price_2035_eur_per_mwh", "co2_price_2035_eur_per_t")),
    "heat_pipe": ("", ("residual_heat_eur_per_mwh",)),
}
HOURS_PER_YEAR = 8760
MV_CABLE = ("mv_cable", "cable_mv", "investment")
PLAN_WORK = {
    "new_station": "new_station",
    "extension": "extra_transformer",
    "coupling_transformer": "coupling_unit",
    "cable": "corridor_reinforcement",
    "reinforcement": "corridor_reinforcement",
    "new_line": "corridor_reinforcement",
    "pipeline": "other_carrier",
}
SECOND_UNIT = {"new_coupling_station": "coupling_unit"}  # a new coupling station gives one firm unit


def planned_as(plan_kind: str, asset_class: str) -> str:
    """Return the option that is the same work as a plan of this kind; empty if there is none."""
    option = PLAN_WORK.get(plan_kind, "")
    at_coupling = asset_class == "coupling_transformer"
    if at_coupling and option in ("new_station", "extra_transformer"):
        return "new_coupling_station" if option == "new_station" else "coupling_unit"
    return option


class CostBook:
    """All figures of the options in one place.

    Parameters
    ----------
    tables : TablesLike
        Checked inputs; uses assumptions, costs/infrastructure and costs/technologies.
    discount_rate_per_year : float
        For the annuity of an investment.
    """

    def __init__(self, tables: TablesLike, discount_rate_per_year: float) -> None:
        ends = ["value", "low", "high"]
        rows = optional(tables, "assumptions", ["assumption_id", *ends]).drop_duplicates("assumption_id")
        self._assumed = rows.set_index("assumption_id")[ends].astype(float)
        infra = optional(tables, "costs/infrastructure", ["asset_class", "option", "parameter", *ends])
        infra = infra.drop_duplicates(["asset_class", "option", "parameter"])
        self._infra = infra.set_index(["asset_class", "option", "parameter"])[ends].astype(float)
        self._tech = optional(
            tables, "costs/technologies", ["technology", "parameter", "value", "unit", "year"]
        )
        carriers = optional(tables, "costs/carriers", ["carrier", "price_eur_per_mwh", "co2_t_per_mwh"])
        carriers = carriers.drop_duplicates("carrier").set_index("carrier")
        self._price, self._co2 = carriers["price_eur_per_mwh"], carriers["co2_t_per_mwh"]
        self._rate = discount_rate_per_year
        self.power_factor = self.assumed("power_factor_take_off", 1.0)
        self.lasting_flexibility = self.assumed("lasting_flexibility_share", 0.0)
        self.flexible_share = self.assumed("flexible_share_large_users", NAN)
        self.battery_hours = self.assumed("project_battery_hours", NAN)
        self.event_hours = self.assumed("project_event_hours", NAN)

    def assumed(self, assumption_id: str, default: float) -> float:
        """Return one assumption, or the default if the table lacks it."""
        known = assumption_id in self._assumed.index
        return float(self._assumed["value"][assumption_id]) if known else default

    def infrastructure(self, option: str, parameter: str) -> Range:
        """Return one figure of an option from ``costs/infrastructure``; NaN if the table lacks it."""
        rule = COSTS[option]
        return self._figure((rule.asset_class, rule.row, parameter))

    def _figure(self, key: tuple[str, str, str]) -> Range:
        if key not in self._infra.index:
            return Range()
        value, low, high = (float(self._infra[end][key]) for end in ("value", "low", "high"))
        return Range(value, value if np.isnan(low) else low, value if np.isnan(high) else high)

    def technology(self, technology: str, parameter: str) -> float:
        """Return a technology's figure for the earliest year from 2030 on; NaN if there is none."""
        rows = self._tech[
            (text(self._tech["technology"]) == technology) & (self._tech["parameter"] == parameter)
        ]
        later = rows[rows["year"].astype(float) >= 2030]
        rows = (later if len(later) else rows).sort_values("year")
        return float(rows["value"].iloc[0]) if len(rows) else NAN

    def unit_mw(self, option: str) -> float:
        """Return the standard unit of an option in MW (MVA times the power factor); 1 where it has none."""
        rule = COSTS.get(option)
        if rule is None or rule.per in ("none", "mw", "mwh", "unknown"):
            return 1.0
        mva = self.assumed(rule.firm_mva, NAN) if rule.firm_mva else NAN
        if np.isnan(mva):
            mva = self.infrastructure(SECOND_UNIT.get(option, option), "size").value
        if np.isnan(mva):
            return 1.0
        if rule.per_size:
            return mva * self.assumed(rule.per_size, NAN) * 1e3 / HOURS_PER_YEAR
        relief = self.assumed(rule.mismatch, 1.0) if rule.mismatch else 1.0
        return mva * (1.0 if rule.size_in_mw else self.power_factor) / relief

    def lead_time_years(self, option: str) -> float:
        """Return the lead time of an option; NaN if not known."""
        if option not in COSTS:
            return NAN
        if COSTS[option].per == "none":
            return self.assumed("lead_time_flexible_contract_years", NAN)
        return self.infrastructure(option, "lead_time_years").value

    def price(self, option: str, size_mw: Array, length_km: pd.Series) -> pd.DataFrame:
        """Cost, lead time and space of an option of the given sizes.

        The yearly cost is the annuity of the middle investment plus fixed operation and maintenance.

        Returns
        -------
        DataFrame
            Columns cost_meur_low, cost_meur_high, annual_cost_meur, lead_time_years, space_ha.
        """
        per = COSTS[option].per
        factor = self._factor(per, option, size_mw, length_km)
        rule = COSTS[option]
        cost, yearly_share = (
            self._technology(rule.technology)
            if rule.technology
            else self._battery()
            if per == "mw"
            else self._grid(option)
        )
        if per == "none":
            cost, yearly_share, factor = Range(0.0, 0.0, 0.0), 0.0, np.ones(len(size_mw))
        space = self.infrastructure(option, "space").value * factor if per != "none" else 0.0 * factor
        return pd.DataFrame(
            {
                "cost_meur_low": cost.low * factor,
                "cost_meur_high": cost.high * factor,
                "annual_cost_meur": cost.value * factor * yearly_share,
                "lead_time_years": self.lead_time_years(option),
                "space_ha": space,
            }
        )

    def _grid(self, option: str) -> tuple[Range, float]:
        life = self.infrastructure(option, "lifetime").value
        return self._investment(option), self._annuity(life) + self._fixed(option)

    def _investment(self, option: str) -> Range:
        """Investment of a unit with the cable that comes with it, MEUR."""
        unit, rule = self.infrastructure(option, "investment"), COSTS[option]
        if not rule.cable_km:
            return unit
        cable = self._figure(MV_CABLE)
        ends = (
            float(self._assumed[end].get(rule.cable_km, NAN)) * getattr(cable, end) + getattr(unit, end)
            for end in ("value", "low", "high")
        )
        return Range(*ends)

    def mv_cable(self) -> tuple[Range, Range]:
        """Give the investment of medium-voltage cable (MEUR per km) and what a circuit carries (MVA)."""
        return self._figure(MV_CABLE), self._figure((*MV_CABLE[:2], "size"))

    def _fixed(self, option: str) -> float:
        return self.infrastructure(option, "fixed_om").value

    def _battery(self) -> tuple[Range, float]:
        """Cost of a MW of battery with its hours of energy, MEUR; 30 percent either way as its range."""
        energy = self.technology("battery_energy", "investment")
        power = self.technology("battery_power", "investment")
        per_mw = (energy * self.battery_hours + (0.0 if np.isnan(power) else power)) / 1000.0
        fixed = self.technology("battery_energy", "fixed_om")
        life = self.technology("battery_energy", "lifetime")
        return Range(per_mw, 0.7 * per_mw, 1.3 * per_mw), self._annuity(life) + fixed

    def _technology(self, name: str) -> tuple[Range, float]:
        """Cost of a MW or MWh of a technology, MEUR; 30 percent either way as its range."""
        each = self.technology(name, "investment") / 1e3
        life, fixed = self.technology(name, "lifetime"), self.technology(name, "fixed_om")
        return Range(each, 0.7 * each, 1.3 * each), self._annuity(life) + fixed

    def _factor(self, per: str, option: str, size_mw: Array, length_km: pd.Series) -> Array:
        units = np.maximum(np.round(size_mw / self.unit_mw(option)), 1.0)
        if per == "km":
            return np.asarray(length_km.to_numpy(float) * units)
        if per in {"mw", "mwh"}:
            return size_mw * (self.battery_hours if per == "mwh" else 1.0)
        return units if per == "unit" else np.full(len(size_mw), NAN)

    def _annuity(self, years: float) -> float:
        if np.isnan(years):
            return NAN
        if self._rate == 0:
            return 1.0 / years
        return float(self._rate / (1.0 - (1.0 + self._rate) ** -years))

    def fuel_eur_per_mwh(self, option: str) -> float:
        """Return what a MWh of heat from an option costs in fuel, CO2 price included; 0 if it burns none."""
        name, prices = FUEL.get(option, ("", ()))
        if not prices:
            return 0.0
        price = self.assumed(prices[0], NAN)
        if len(prices) > 1:
            price += self.assumed(prices[1], NAN) * float(self._co2.astype(float).get("methane", NAN))
        return price / (self.technology(name, "efficiency") if name else 1.0)

    def compensation_eur_per_mwh(self, option: str) -> float:
        """Return what a MWh that is not taken or not fed in costs."""
        kind, name = WORTH.get(option, ("", ""))
        if kind == "carrier":
            return float(self._price.astype(float).get(name, NAN))
        if kind == "assumption":
            return self.assumed(name, NAN)
        return self.assumed(f"{option}_eur_per_mwh", NAN)
