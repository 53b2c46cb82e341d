"""Result tables of a pipe plan: capacity, costs, solver and the loading of its links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pmiek.arrays import Floats
from pmiek.optimise.carriers.contract import COST_KEYS, PLACES
from pmiek.optimise.pipes.case import HOURS_PER_YEAR, UNLIMITED_MW, PipeCase
from pmiek.optimise.pipes.dispatch import Dispatch
from pmiek.optimise.pipes.plan import PipePlan

LOADING = [
    "asset_id", "asset_name", "asset_class", "carrier", "station", "station_id", "gm_code", "cluster",
    "operator", "grid_state", "storyline", "variant", "year", "weather_year", "direction", "contingency",
    "binding_outage", "limit_mw", "peak_mw", "loading_pct", "exceedance_mw", "hours", "energy_mwh",
    "peak_hour", "lost_load_mw", "redundancy", "quality", "is_information",
]  # fmt: skip
SMALL_MW = 1e-6
YEARLY_VOLUME = "yearly volume"
SMALLEST_LIMIT_MW = 0.1


@dataclass(frozen=True)
class Payers:
    """Who bears the cost of operation."""

    lost: str
    unserved: str = "connected customers"


def capacity_rows(plan: PipePlan) -> pd.DataFrame:
    """Write table ``capacity``: links with a capacity or a build, and storage in MWh."""
    case = plan.case
    parts = []
    for p, year in enumerate(case.years):
        built = plan.built_mw.iloc[p].reindex(case.links.index).fillna(0.0)
        continuous = plan.continuous_mw.iloc[p].reindex(case.links.index).fillna(0.0)
        links = case.links.assign(
            existing_mw=case.existing_mw[p], built_mw=built, built_continuous_mw=continuous
        )
        known = links["existing_mw"].between(SMALL_MW, UNLIMITED_MW * 0.99)
        known &= links["asset_class"].ne("gas_reduction")
        links = links[(links["built_mw"] > 0) | (links["built_continuous_mw"] > 1e-3) | known]
        cluster = links["node1"].map(case.nodes["cluster"]).fillna("")
        cluster = links["node0"].map(case.nodes["cluster"]).fillna("").where(lambda s: s != "", cluster)
        part = links[["asset_class", "existing_mw", "built_mw", "built_continuous_mw"]].assign(
            cluster=cluster, asset_id=links.index
        )
        parts.append(part.assign(year=year))
        if len(case.stores):
            store = plan.store_mwh.iloc[p]
            store = store[store > SMALL_MW]
            parts.append(
                pd.DataFrame(
                    {
                        "asset_id": case.stores.loc[store.index, "asset_id"].to_numpy(),
                        "asset_class": "gas_storage",
                        "cluster": case.nodes.loc[store.index, "cluster"].to_numpy(),
                        "existing_mw": 0.0,
                        "built_mw": store.to_numpy(float),
                        "built_continuous_mw": store.to_numpy(float),
                        "year": year,
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(
        storyline=case.storyline,
        variant=case.variant,
        carrier=case.carrier,
    )
    return table[
        ["storyline", "variant", "year", "asset_id", "asset_class", "carrier", "cluster", "existing_mw",
         "built_mw", "built_continuous_mw"]
    ]  # fmt: skip


def cost_rows(plan: PipePlan, payers: Payers) -> pd.DataFrame:
    """Write table ``costs``: capital by owner, and operation on all hours.

    Returns
    -------
    DataFrame
        Columns ``COST_KEYS``, cost_meur_per_year, cost_meur_npv; without a municipality.
    """
    case = plan.case
    parts = [
        *_capital(case, case.options(), plan.built_mw, per="unit_mw"),
        *_capital(case, case.stores.assign(asset_class="gas_storage"), plan.store_mwh, per=""),
        *_operation(plan, payers),
    ]
    columns = [*COST_KEYS[2:-1], "keur"]
    table = pd.concat([pd.DataFrame(columns=columns), *[p for p in parts if len(p)]]) if parts else None
    assert table is not None
    table = table.astype({"keur": float})
    table = table[table["keur"].abs() > SMALL_MW].groupby(columns[:-1])["keur"].sum().reset_index()
    weight = pd.Series(case.discount(), index=list(case.years))
    table = table.assign(
        storyline=case.storyline,
        variant=case.variant,
        gm_code="",
        cost_meur_per_year=table["keur"] / 1e3,
        cost_meur_npv=table["keur"] / 1e3 * table["year"].map(weight).astype(float),
    )
    return table[[*COST_KEYS, "cost_meur_per_year", "cost_meur_npv"]]


def _capital(case: PipeCase, table: pd.DataFrame, built: pd.DataFrame, *, per: str) -> list[pd.DataFrame]:
    parts = []
    for name in built:
        row = table.T[name]
        units = built[name].to_numpy(float) / (float(row[per]) if per else 1.0)
        rates = case.yearly_rates(float(row["lifetime"]), float(row["fixed_om"]))
        for category, rate in zip(("capex", "fixed_om"), rates, strict=True):
            parts.append(
                pd.DataFrame(
                    {
                        "year": list(case.years),
                        "category": category,
                        "asset_class": row["asset_class"],
                        "payer": row["payer"],
                        "asset_id": str(row["asset_id"]) if "asset_id" in row else str(name),
                        "keur": units * float(row["capex_keur"]) * rate,
                    }
                )
            )
    return parts


def _operation(plan: PipePlan, payers: Payers) -> list[pd.DataFrame]:
    case = plan.case
    share = 1.0 / (1e3 * len(case.weather_years))
    rows: list[tuple[int, str, str, str, str, float]] = []
    passing = case.links["operating_eur"].to_numpy(float)
    for p, (year, flow) in enumerate(zip(case.years, plan.flows, strict=True)):
        spent = (flow.used * case.price_eur[p]).sum(1)
        lost = (case.available_mw[p] - flow.used).sum(1) * case.lost_eur
        for (name, source), cost, gone in zip(case.sources.iterrows(), spent, lost, strict=True):
            kind, at = str(source["sector"]), _at(case, name)
            rows.append((year, "operating", kind, str(source["payer"]), at, cost * share))
            rows.append((year, "curtailment", kind, payers.lost, at, gone * share))
        for (_, sink), cost in zip(case.sinks.iterrows(), flow.sunk.sum(1) * case.sink_eur[p], strict=True):
            rows.append(
                (year, "operating", "export", str(sink["payer"]), _at(case, sink["node_id"]), -cost * share)
            )
        moved = (flow.forward + flow.backward).sum(1) * passing
        for (name, link), cost in zip(case.links.iterrows(), moved, strict=True):
            kind = str(link["asset_class"])
            rows.append((year, "operating", kind, str(link["payer"]), str(name), cost * share))
        for node, mwh in zip(case.nodes.index, flow.unserved.sum(1), strict=True):
            short = float(mwh) * case.unserved_eur * share
            rows.append((year, "unserved", "demand", payers.unserved, _at(case, node), short))
    return [pd.DataFrame(rows, columns=[*COST_KEYS[2:-1], "keur"])]


def _at(case: PipeCase, name: object) -> str:
    """Return the id under which a node or source stands among the places: carriers use the same names."""
    return source_place(case.carrier, str(name))


def source_place(carrier: str, name: str) -> str:
    """Return the id of a node or source of a carrier among the places of assets."""
    return f"{carrier}:{name}"


def pipe_places(case: PipeCase, volumes: pd.DataFrame, upward: pd.DataFrame | None = None) -> pd.DataFrame:
    """Divide nodes, sources, links and stores over the municipalities behind them, by yearly volume.

    Parameters
    ----------
    case : PipeCase
    volumes : DataFrame
        year, node_id, gm_code, volume_mwh: what is used at a node (or made there).
    upward : DataFrame, optional
        The same for what is fed in: it sizes links and stores, and is what sources make.

    Returns
    -------
    DataFrame
        Columns ``PLACES``. A link lies at the places at its ends that have a volume; where neither has one,
        and for a node without any (the national grid), at all places together.
    """
    fed = volumes if upward is None or upward.empty else upward
    store_ids = dict(zip(case.stores.index, case.stores["asset_id"], strict=True)) if len(case.stores) else {}
    parts = []
    for year in case.years:
        used, lifted = (t[t["year"] == year] for t in (volumes, fed))
        ends = {str(name): [str(row["node0"]), str(row["node1"])] for name, row in case.links.iterrows()}
        asked = [(_at(case, node), [str(node)], used) for node in case.nodes.index]
        asked += [(name, nodes, lifted) for name, nodes in ends.items()]
        asked += [(_at(case, name), [str(node)], lifted) for name, node in case.sources["node_id"].items()]
        asked += [(str(asset), [str(node)], lifted) for node, asset in store_ids.items()]
        for asset, nodes, table in asked:
            here = table[table["node_id"].isin(nodes)]
            here = here if here["volume_mwh"].sum() > 0 else used[used["node_id"].isin(nodes)]
            here = here if here["volume_mwh"].sum() > 0 else used
            mwh = here.groupby("gm_code")["volume_mwh"].sum()
            part = (mwh[mwh > 0] / mwh.sum()).rename("share").reset_index()
            parts.append(part.assign(year=year, asset_id=asset))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["asset_id"])
    table = table.assign(
        direction="", sizes=True, weather_year=0, hour=-1, basis=YEARLY_VOLUME, homes_share=0.0
    )
    return table.reindex(columns=PLACES)


def solver_rows(plan: PipePlan) -> pd.DataFrame:
    """Write table ``solver``."""
    case = plan.case
    return pd.DataFrame([{"storyline": case.storyline, "variant": case.variant, **plan.record.as_row()}])


def link_loading(
    case: PipeCase, year: int, flow: Dispatch, capacity_mw: Floats, grid_state: str
) -> pd.DataFrame:
    """Write table ``loading`` of links with a known capacity, per weather year.

    A link never exceeds its capacity: what does not fit is counted where it has to stay.
    """
    rows = []
    for i, (link_id, link) in enumerate(case.links.iterrows()):
        if not SMALL_MW < capacity_mw[i] < UNLIMITED_MW * 0.99 or link["asset_class"] == "gas_reduction":
            continue
        node = case.nodes.loc[link["node0"]]
        if not str(node["gm_code"]):
            node = case.nodes.loc[link["node1"]]
        mw = np.maximum(flow.forward[i], flow.backward[i])
        direction = "take-off" if case.carrier == "hydrogen" else "feed-in"
        limit = np.full_like(mw, capacity_mw[i])
        asset = {
            "asset_id": link_id,
            "asset_name": link["name"],
            "asset_class": link["asset_class"],
            "gm_code": node["gm_code"],
            "cluster": node["cluster"],
            "operator": link["payer"],
        }
        rows += loading_rows(asset, year, case.weather_years, direction, mw, limit, np.zeros_like(mw))
    return finish_loading(rows, case, grid_state)


def loading_rows(  # noqa: PLR0917
    asset: dict[str, object],
    year: int,
    weather_years: tuple[int, ...],
    direction: str,
    wanted_mw: Floats,
    limit_mw: Floats,
    short_mw: Floats,
) -> list[dict[str, object]]:
    """Summarise hours per weather year: the hour with the most that does not fit, else the fullest hour.

    Parameters
    ----------
    asset : dict
        Columns that name the asset.
    wanted_mw, limit_mw, short_mw : array (hour of all weather years)
        What is asked, what fits, and what does not.
    """
    rows = []
    for w, weather_year in enumerate(weather_years):
        part = slice(w * HOURS_PER_YEAR, (w + 1) * HOURS_PER_YEAR)
        wanted, limit, short = wanted_mw[part], limit_mw[part], short_mw[part]
        ratio = wanted / np.maximum(limit, SMALLEST_LIMIT_MW)
        hour = int(short.argmax()) if short.max() > SMALL_MW else int(ratio.argmax())
        rows.append(
            {
                **asset,
                "year": year,
                "weather_year": weather_year,
                "direction": direction,
                "limit_mw": float(limit[hour]),
                "peak_mw": float(wanted[hour]),
                "loading_pct": 100.0 * float(ratio[hour]),
                "exceedance_mw": float(short.max()),
                "hours": int((short > SMALL_MW).sum()),
                "energy_mwh": float(short.sum()),
                "peak_hour": hour,
            }
        )
    return rows


def finish_loading(rows: list[dict[str, object]], case: PipeCase, grid_state: str) -> pd.DataFrame:
    """Add the columns that are the same for all rows of a carrier."""
    fixed: dict[str, Any] = {
        "carrier": case.carrier,
        "station": "",
        "station_id": "",
        "grid_state": grid_state,
        "storyline": case.storyline,
        "variant": case.variant,
        "contingency": "N-0",
        "binding_outage": "",
        "lost_load_mw": 0.0,
        "redundancy": "",
        "quality": "assumed",
        "is_information": False,
    }
    return (
        pd.DataFrame(rows).assign(**fixed).reindex(columns=LOADING) if rows else pd.DataFrame(columns=LOADING)
    )
