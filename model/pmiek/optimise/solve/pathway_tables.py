"""Costs and capacities of a pathway as tables; payers add to the total, transfers stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.contract import COST_KEYS
from pmiek.optimise.solve.case import Array, PathwayCase
from pmiek.optimise.solve.program import HV_ASSETS, capex_keur, hv_assets, yearly_rates

if TYPE_CHECKING:
    from pmiek.optimise.solve.lumps import Rounded
    from pmiek.optimise.solve.solution import Solution

#: Who pays for what no grid operator owns.
BATTERY_OWNER = "market party"
GENERATOR = "generator"
CUSTOMER = "connected customers"
COMPANY = "companies"
HOUSEHOLD = "households"
#: Who bears the cost of a measure that uses what stands on the grid already.
MEASURE_PAYER = {"smart_charging": HOUSEHOLD, "heat_pump_control": HOUSEHOLD, "home_batteries": HOUSEHOLD}


def cost_table(
    case: PathwayCase, build: Mapping[str, pd.DataFrame], operation: Mapping[str, Array]
) -> pd.DataFrame:
    """Write what a plan costs per period, category, asset and payer.

    Parameters
    ----------
    case : PathwayCase
    build : mapping of str to DataFrame
        Added per period (index year, columns ids).
    operation : mapping of str to array (period, station)
        MWh per year.

    Returns
    -------
    DataFrame
        Columns ``COST_KEYS``, cost_meur_per_year, cost_meur_npv; without a municipality: the places of the
        asset divide it. Per year: annuity and fixed O&M of what is in service, plus operation, and the
        penalty on what is not served (category unserved), which is no cost but what the plan pays for it.
        The sum of cost_meur_npv is the objective of the solver.
    """
    parts = [*_capital(case, build), *_operating(case, operation)]
    table = pd.concat([p for p in parts if len(p)], ignore_index=True)
    table = table[table["keur"].abs() > 1e-12]
    table = table.assign(gm_code="").groupby(COST_KEYS[2:], sort=True)["keur"].sum().reset_index()
    table["cost_meur_per_year"] = table["keur"] / 1e3
    weight = pd.Series(case.discount(), index=list(case.years))
    table["cost_meur_npv"] = table["cost_meur_per_year"] * table["year"].map(weight)
    table["storyline"], table["variant"] = case.storyline, case.variant
    return table[[*COST_KEYS, "cost_meur_per_year", "cost_meur_npv"]]


def transfer_table(case: PathwayCase, operation: Mapping[str, Array]) -> pd.DataFrame:
    """Write payments between parties that are no cost to society: compensation for curtailment and measures.

    What cable pooling cuts is in the parks' contract and is not paid for. The price of a measure stands in
    the costs of those who bear it; the grid operator's payment covers it.

    Returns
    -------
    DataFrame
        Table ``transfers``: storyline, variant, year, from_party, to_party, reason, transfer_meur_per_year.
    """
    free = 0.0 if case.build.curtailment else operation["curtailed"]
    curtailed = case.economics.curtailment_keur_per_mwh * (operation["curtailed"] - free) / 1e3
    lines = [("compensation for curtailed generation", GENERATOR, curtailed)]
    lines += [
        (
            f"payment for {name.replace('_', ' ')}",
            MEASURE_PAYER.get(name, COMPANY),
            price * operation[name] / 1e3,
        )
        for name, price in case.measures.prices.items()
    ]
    parts = []
    for reason, to_party, paid in lines:
        frame = _per_station(case, paid).groupby(["year", "payer"], as_index=False, sort=True)["value"].sum()
        frame = frame[frame["value"] > 0]
        parts.append(
            pd.DataFrame(
                {
                    "storyline": case.storyline,
                    "variant": case.variant,
                    "year": frame["year"],
                    "from_party": frame["payer"],
                    "to_party": to_party,
                    "reason": reason,
                    "transfer_meur_per_year": frame["value"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def capacity_table(case: PathwayCase, rounded: Rounded, solution: Solution) -> pd.DataFrame:
    """Write capacity present and built, per asset and period.

    Returns
    -------
    DataFrame
        Table ``capacity``: storyline, variant, year, asset_id, asset_class, carrier, cluster, existing_mw,
        built_mw (whole units in service), built_continuous_mw. Battery energy is in MWh. Transformers are in
        MVA of firm capacity for `existing_mw` and the continuous build, and of nameplate for `built_mw`.
    """
    parts = []
    firm, _ = case.firm_and_gross()
    for name, table in rounded.capacity.items():
        continuous = solution.capacity[name].to_numpy(dtype=float)
        ids, clusters, present = _assets(case, name, firm)
        frame = pd.DataFrame(
            {
                "storyline": case.storyline,
                "variant": case.variant,
                "year": np.repeat(case.years, len(ids)),
                "asset_id": np.tile(ids, len(case.years)),
                "asset_class": "new_station" if name == "option" else name,
                "carrier": "electricity",
                "cluster": np.tile(clusters, len(case.years)),
                "existing_mw": present.ravel(),
                "built_mw": _whole_mw(case, name, table).ravel(),
                "built_continuous_mw": _whole_mw(case, name, solution.capacity[name]).ravel(),
            }
        )
        real = (
            np.tile(case.stations["has_transformers"], len(case.years))
            if name == "station_transformer"
            else False
        )
        keep = (frame["built_mw"] > 0) | (frame["built_continuous_mw"] > 1e-3) | real
        assert continuous.shape == table.shape
        parts.append(frame[keep])
    return pd.concat(parts, ignore_index=True)


def _whole_mw(case: PathwayCase, name: str, table: pd.DataFrame) -> Array:
    values = table.to_numpy(dtype=float)
    return values * case.options["capacity_mw"].to_numpy(dtype=float) if name == "option" else values


def _assets(case: PathwayCase, name: str, firm: Array) -> tuple[list[str], list[str], Array]:
    if name in HV_ASSETS:
        table = hv_assets(case, name)
        present = np.broadcast_to(table["existing_mw"].to_numpy(dtype=float), (len(case.years), len(table)))
        return [str(i) for i in table.index], list(table["cluster"]), present
    if name == "option":
        return (
            list(case.options["option_id"]),
            list(case.options["cluster"]),
            np.zeros((len(case.years), len(case.options))),
        )
    present = firm if name == "station_transformer" else np.zeros_like(firm)
    suffix = {"battery_power": ":battery", "battery_energy": ":battery-energy", "new_station": ":new-station"}
    ids = [f"{station}{suffix.get(name, '')}" for station in case.stations.index]
    return ids, list(case.stations["cluster"]), present


def _payers(case: PathwayCase, name: str) -> list[str]:
    if name in HV_ASSETS:
        return list(hv_assets(case, name)["payer"])
    if name == "option":
        return list(case.options["payer"])
    if name.startswith("battery"):
        return [BATTERY_OWNER] * len(case.stations)
    return list(case.stations["payer"])


def _capital(case: PathwayCase, build: Mapping[str, pd.DataFrame]) -> list[pd.DataFrame]:
    parts = []
    for name, table in build.items():
        asset = "new_station" if name == "option" else name
        ids, _, _ = _assets(case, name, case.firm_and_gross()[0])
        invested = (case.alive(asset) @ table.to_numpy(dtype=float)) * capex_keur(case, name)[None, :]
        for category, rate in zip(("capex", "fixed_om"), yearly_rates(case, asset), strict=True):
            parts.append(
                pd.DataFrame(
                    {
                        "year": np.repeat(case.years, invested.shape[1]),
                        "category": category,
                        "asset_class": asset,
                        "payer": np.tile(_payers(case, name), len(case.years)),
                        "asset_id": np.tile(ids, len(case.years)),
                        "keur": (invested * rate).ravel(),
                    }
                )
            )
    return parts


def _operating(case: PathwayCase, operation: Mapping[str, Array]) -> list[pd.DataFrame]:
    money = case.economics
    lines = [
        (
            "curtailment",
            "field generation",
            GENERATOR,
            money.curtailment_keur_per_mwh * operation["curtailed"],
        ),
        ("unserved", "demand", CUSTOMER, money.unserved_keur_per_mwh * operation["unserved"]),
        ("unserved", "other generation", CUSTOMER, money.unserved_keur_per_mwh * operation["refused"]),
        ("operating", "battery_energy", BATTERY_OWNER, money.loss_keur_per_mwh * operation["battery_loss"]),
        *(
            ("measures", name, MEASURE_PAYER.get(name, COMPANY), price * operation[name])
            for name, price in case.measures.prices.items()
        ),
    ]
    return [
        pd.DataFrame(
            {
                "year": np.repeat(case.years, len(case.stations)),
                "category": category,
                "asset_class": asset_class,
                "payer": payer,
                "asset_id": np.tile(case.stations.index.astype(str), len(case.years)),
                "keur": keur.ravel(),
            }
        )
        for category, asset_class, payer, keur in lines
    ]


def _per_station(case: PathwayCase, values: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": np.repeat(case.years, len(case.stations)),
            "payer": np.tile(case.stations["payer"], len(case.years)),
            "value": values.ravel(),
        }
    )
