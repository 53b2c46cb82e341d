"""Result tables of the heat plan: capacity, loading, balance, and what networks take of other carriers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pmiek.optimise.carriers.contract import LOAD_KEYS, HourlyLoad
from pmiek.optimise.heat.case import HOURS_PER_YEAR, HeatCase
from pmiek.optimise.heat.inputs import PROFILE
from pmiek.optimise.heat.program import in_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmiek.arrays import Floats
    from pmiek.config import Scenario
    from pmiek.inputs import Tables
    from pmiek.optimise.heat.dispatch import Operation
    from pmiek.optimise.heat.program import Plan

#: Sources that take heat from outside the energy system; the others convert another carrier.
SUPPLY = ("residual_heat", "geothermal")
SECTOR = "district_heat"
SMALL = 1e-6
#: The sources of a network are judged together, as one asset with this ending.
SOURCES = "-sources"


def capacity_rows(case: HeatCase, plan: Plan, pipes_continuous: Floats) -> pd.DataFrame:
    """Write rows of the table ``capacity``: MW of heat, stores MWh; pipes in whole pipes."""
    parts = []
    for kind, table, key, build, continuous in (
        ("source", case.sources, "source_id", plan.build, plan.build),
        ("store", case.stores, "source_id", plan.store_build, plan.store_build),
        ("pipe", case.pipes, "pipe_id", plan.pipe_build, pipes_continuous),
    ):
        stands = table["existing_mwh" if kind == "store" else "existing_mw"].to_numpy(float)
        there, before = in_service(case, kind, build), in_service(case, kind, continuous)
        place = table["network0" if kind == "pipe" else "network"].to_numpy(dtype=int)
        for p, year in enumerate(case.years):
            parts.append(
                pd.DataFrame(
                    {
                        "year": year,
                        "asset_id": table[key].to_numpy(),
                        "asset_class": {
                            "source": "heat_source",
                            "store": "heat_storage",
                            "pipe": "heat_pipe",
                        }[kind],
                        "carrier": "heat",
                        "cluster": case.networks["cluster"].to_numpy()[place],
                        "existing_mw": stands,
                        "built_mw": there[p] - stands,
                        "built_continuous_mw": before[p] - stands,
                    }
                )
            )
    rows = pd.concat(parts, ignore_index=True)
    keep = rows[["existing_mw", "built_mw", "built_continuous_mw"]].max(axis=1) > 1e-3
    rows.insert(0, "storyline", case.storyline)
    rows.insert(1, "variant", case.variant)
    return rows[keep].reset_index(drop=True)


def loading_rows(case: HeatCase, plan: Plan, operation: Operation) -> pd.DataFrame:
    """Write rows of the table ``loading``: every pipe and store that stands, and the sources of each network.

    The sources of a network are judged together: their capacity and that of its pipes against the heat that
    must be fed in. Hours and energy above the limit are those of unserved heat.
    """
    source_mw, pipe_mw = in_service(case, "source", plan.build), in_service(case, "pipe", plan.pipe_build)
    store_mwh = in_service(case, "store", plan.store_build)
    store_mw = store_mwh / case.stores["hours"].to_numpy(float)
    networks = case.networks.to_dict("records")
    made = []
    for p, year in enumerate(case.years):
        for w, weather_year in enumerate(case.weather_years):
            at = slice(w * HOURS_PER_YEAR, (w + 1) * HOURS_PER_YEAR)
            key = {"year": year, "weather_year": weather_year}
            for n, network in enumerate(case.networks.to_dict("records")):
                ends = (case.pipes["network0"] == n) | (case.pipes["network1"] == n)
                limit = (
                    source_mw[p, (case.sources["network"] == n).to_numpy()].sum()
                    + pipe_mw[p, ends.to_numpy()].sum()
                )
                limit += store_mw[p, (case.stores["network"] == n).to_numpy()].sum()
                short = operation.unserved[p, n, at]
                row = source_row(network, limit, case.demand_mw[p, n, at], short)
                made += [{**row, **key}] if row else []
            for a, pipe in enumerate(case.pipes.to_dict("records")):
                end = networks[pipe["network1"]]
                made += _within(
                    pipe["pipe_id"],
                    pipe["name"],
                    "heat_pipe",
                    end,
                    pipe_mw[p, a],
                    operation.flow[p, a, at],
                    key,
                    pipe["quality"],
                )
            for k, store in enumerate(case.stores.to_dict("records")):
                end = networks[store["network"]]
                made += _within(
                    store["source_id"],
                    store["name"],
                    "heat_storage",
                    end,
                    store_mw[p, k],
                    operation.stored[p, k, at],
                    key,
                    store["quality"],
                )
    rows = pd.DataFrame(made)
    if rows.empty:
        return rows
    return rows.assign(storyline=case.storyline, variant=case.variant, grid_state=case.variant)


def source_row(
    network: Mapping[Any, Any], limit_mw: float, demand_mw: Floats, short_mw: Floats
) -> dict[str, object] | None:
    """Return the loading of all sources of a network together, or nothing where nothing stands."""
    if limit_mw <= SMALL:
        return None
    peak = int(demand_mw.argmax())
    above = short_mw > SMALL
    # nothing is short: what asks more than the limit in the last digits is full, not too small
    most = float(demand_mw[peak]) if above.any() else min(float(demand_mw[peak]), limit_mw)
    return {
        **_place(
            f"{network['network_id']}{SOURCES}",
            str(network["name"]),
            "heat_source",
            network,
            str(network["quality"]),
        ),
        "limit_mw": limit_mw,
        "peak_mw": most,
        "loading_pct": 100 * most / limit_mw,
        "exceedance_mw": float(short_mw.max()) if above.any() else 0.0,
        "hours": int(above.sum()),
        "energy_mwh": float(short_mw[above].sum()),
        "peak_hour": peak,
    }


def _place(
    asset_id: str, name: str, asset_class: str, network: Mapping[Any, Any], quality: str
) -> dict[str, object]:
    return {
        "asset_id": asset_id,
        "asset_name": name,
        "asset_class": asset_class,
        "carrier": "heat",
        "station": "",
        "station_id": "",
        "gm_code": network["gm_code"],
        "cluster": network["cluster"],
        "operator": network["operator"] if isinstance(network["operator"], str) else "",
        "direction": "take-off",
        "contingency": "N-0",
        "binding_outage": "",
        "lost_load_mw": 0.0,
        "redundancy": "single-fault",
        "quality": quality,
        "is_information": False,
    }


def _within(  # noqa: PLR0917
    asset_id: str,
    name: str,
    asset_class: str,
    network: Mapping[Any, Any],
    limit: float,
    series: Floats,
    key: dict[str, int],
    quality: str,
) -> list[dict[str, object]]:
    """Return the loading of a pipe or store, which the operation never asks more than it can carry."""
    if limit <= SMALL:
        return []
    peak = int(np.abs(series).argmax())
    most = min(float(abs(series[peak])), float(limit))  # a rounding of the solver is no exceedance
    return [
        {
            **_place(asset_id, name, asset_class, network, quality),
            **key,
            "limit_mw": float(limit),
            "peak_mw": most,
            "loading_pct": 100 * most / float(limit),
            "exceedance_mw": 0.0,
            "hours": 0,
            "energy_mwh": 0.0,
            "peak_hour": peak,
        }
    ]


def load_of_networks(made: Sequence[tuple[HeatCase, Operation]], carrier: str) -> HourlyLoad:
    """Return the hourly electricity or methane of networks per year, weather year and municipality."""
    series: dict[tuple[int, int, str], Floats] = {}
    for case, operation in made:
        for p, year in enumerate(case.years):
            per_heat = case.electricity if carrier == "electricity" else case.methane[:, None]
            used = operation.generation[p] * per_heat
            for s, code in enumerate(case.sources["gm_code"]):
                for w, weather_year in enumerate(case.weather_years):
                    hours = used[s, w * HOURS_PER_YEAR : (w + 1) * HOURS_PER_YEAR]
                    if hours.any():
                        key = (year, weather_year, str(code))
                        series[key] = series.get(key, 0.0) + hours
    keys = sorted(series)
    rows = pd.DataFrame(
        [(year, weather_year, code, "", SECTOR) for year, weather_year, code in keys], columns=LOAD_KEYS
    )
    mw = np.array([series[key] for key in keys]) if keys else np.zeros((0, HOURS_PER_YEAR))
    return HourlyLoad(rows, mw)


def balance_rows(
    tables: Tables,
    scenario: Scenario,
    heat: pd.DataFrame,
    profiles: Mapping[int, pd.DataFrame],
    made: Sequence[tuple[HeatCase, Operation]],
) -> pd.DataFrame:
    """Write yearly energy in every carrier that heat touches, study municipalities only.

    Heat demand is useful heat. What individual boilers and heat pumps make is ``conversion_out`` of heat; the
    fuel they burn stays demand of its own carrier, in the demand tables.
    """
    places = tables["regions/municipalities"]
    study = set(places.loc[places["role"] == "study", "gm_code"])
    years = list(scenario.years.pathway)
    rows = heat[heat["year"].isin(years) & heat["gm_code"].isin(study)]
    parts = []
    for weather_year, frame in profiles.items():
        energy = rows["heat_mwh"] * rows["sector"].map({s: float(frame[p].sum()) for s, p in PROFILE.items()})
        table = rows.assign(weather_year=weather_year, energy_mwh=energy, carrier="heat")
        parts.append(table.assign(category="demand"))
        own = table[table["technology"] != "district"]
        parts.append(own.assign(category="conversion_out", sector=own["technology"]))
        parts += _from_storyline(table, _planned_pairs(tables, scenario), tables)
    loss = tables.assumption("heat_network_loss_share")
    parts += [pd.DataFrame(list(_network_rows(case, operation, loss))) for case, operation in made]
    table = pd.concat(parts, ignore_index=True)
    keys = ["year", "weather_year", "gm_code", "carrier", "category", "sector"]
    summed = table.groupby(keys, as_index=False)[["energy_mwh"]].sum()
    summed = summed[(summed["energy_mwh"] > 0) & summed["gm_code"].isin(study)]
    return summed.assign(storyline=scenario.storyline, variant=scenario.variant).reset_index(drop=True)


def _planned_pairs(tables: Tables, scenario: Scenario) -> set[tuple[str, str]]:
    """Return the municipalities and sectors whose district heat a plan supplies."""
    if scenario.heat.networks != "planned":
        return set()
    served = tables["heat/served_by"]
    return set(zip(served["gm_code"], served["sector"], strict=True))


def _from_storyline(table: pd.DataFrame, planned: set[tuple[str, str]], tables: Tables) -> list[pd.DataFrame]:
    """Return district heat that networks make of the storyline's fuel, and what distribution loses of it."""
    own = [pair not in planned for pair in zip(table["gm_code"], table["sector"], strict=True)]
    heat = table[np.array(own, dtype=bool) & table["technology"].eq("district").to_numpy()]
    loss = tables.assumption("heat_network_loss_share")
    fed = heat.assign(sector=SECTOR, energy_mwh=heat["energy_mwh"] / (1 - loss))
    lost = fed.assign(category="loss", energy_mwh=fed["energy_mwh"] * loss)
    return [fed.assign(category="conversion_out"), lost]


def _network_rows(case: HeatCase, operation: Operation, loss: float) -> Iterable[dict[str, object]]:
    for p, year in enumerate(case.years):
        for w, weather_year in enumerate(case.weather_years):
            at = slice(w * HOURS_PER_YEAR, (w + 1) * HOURS_PER_YEAR)
            for code, carrier, category, sector, mwh in _amounts(case, operation, loss, p, at):
                yield {
                    "year": year,
                    "weather_year": weather_year,
                    "gm_code": code,
                    "carrier": carrier,
                    "category": category,
                    "sector": sector,
                    "energy_mwh": float(mwh),
                }


def _amounts(
    case: HeatCase, operation: Operation, loss: float, p: int, at: slice
) -> Iterable[tuple[str, str, str, str, float]]:
    codes = case.networks["gm_code"].to_numpy()
    for s, source in enumerate(case.sources.to_dict("records")):
        run = operation.generation[p, s, at]
        code, kind = str(codes[int(source["network"])]), str(source["kind"])
        yield code, "heat", "supply" if kind in SUPPLY else "conversion_out", kind, run.sum()
        yield code, "electricity", "conversion_in", SECTOR, (run * case.electricity[s, at]).sum()
        yield code, "methane", "conversion_in", SECTOR, run.sum() * case.methane[s]
    for k, store in enumerate(case.stores.to_dict("records")):
        use, code = operation.stored[p, k, at], str(codes[int(store["network"])])
        yield code, "heat", "storage_discharge", str(store["kind"]), np.maximum(use, 0).sum()
        yield code, "heat", "storage_charge", str(store["kind"]), np.maximum(-use, 0).sum()
    for a, pipe in enumerate(case.pipes.to_dict("records")):
        flow = np.abs(operation.flow[p, a, at]).sum()
        yield (
            str(codes[int(pipe["network1"])]),
            "heat",
            "loss",
            "heat_pipe",
            flow * (1 - float(pipe["efficiency"])),
        )
    for n, code in enumerate(codes):
        short = operation.unserved[p, n, at].sum()
        fed = case.demand_mw[p, n, at].sum() - short
        yield str(code), "heat", "loss", SECTOR, fed * loss
        yield str(code), "heat", "unserved", SECTOR, short * (1 - loss)
