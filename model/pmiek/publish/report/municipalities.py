"""What the results mean for one municipality: its growth, its stations, its bottlenecks and its projects."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmiek.publish.report import select
from pmiek.publish.report.compare import about_province
from pmiek.publish.report.facts import beside
from pmiek.publish.report.material import Material
from pmiek.publish.report.tables import records

LEAST_SHARE = 0.02
"""Share of the peak from which a municipality is said to contribute to a bottleneck."""
VOLUME = "volume_mwh"
CAPACITY = "capacity_mw"


def towns(material: Material) -> list[dict[str, Any]]:
    """Give the study municipalities, by name: ``gm_code``, ``name`` and ``cluster``."""
    table = material.inputs["regions/municipalities"]
    study = table[table["role"] == "study"].sort_values("name", kind="stable")
    return records(study[["gm_code", "name", "cluster"]])


def payload(material: Material) -> dict[str, Any]:
    """Give the data of the municipalities page.

    Returns
    -------
    dict
        ``years`` and ``storylines`` of the demand tables, ``base`` (storyline of years that only one
        has), and ``towns``: per municipality ``demand`` (GWh by carrier, storyline and sector)
        and ``supply`` (MW by storyline and technology), each a list over the years; ``stations`` (id, asset,
        share of the load, share of the fields), ``bottlenecks`` (id, grid state, share), ``projects`` and
        ``mv_lv`` (columns in ``MV_LV``). ``screened`` gives the years of the results, ``found`` the
        bottlenecks by id (outcome of :func:`series`) and ``facts`` what is published about stations
        beside what is modelled (outcome of :func:`pmiek.publish.report.facts.beside`).
    """
    demand, supply = material.inputs["demand/municipal"], material.inputs["supply/municipal"]
    supply = supply[supply["carrier"] == "electricity"]
    shown = [s for s in material.storylines if s in set(demand["storyline"])]
    years = sorted({int(year) for year in demand["year"].dropna()})
    codes = [town["gm_code"] for town in towns(material)]
    volumes = _series(demand, ["carrier", "storyline", "sector"], VOLUME, years, 1e-3)
    capacities = _series(supply, ["storyline", "technology"], CAPACITY, years, 1.0)
    counts = demand.groupby("year")["storyline"].nunique()
    alone = [int(year) for year in counts[counts == 1].index]
    base = demand.loc[demand["year"].isin(alone), "storyline"].unique()
    return {
        "years": years,
        "storylines": shown,
        "base": {"years": alone, "storyline": str(base[0])} if len(base) == 1 and len(shown) > 1 else None,
        "screened": material.years,
        "all": material.storylines,
        "shared": select.base_year(material.tables),
        "found": series(material),
        "facts": beside(material),
        "towns": {
            code: {
                "demand": _nested(volumes.get(code, {})),
                "supply": _nested(capacities.get(code, {})),
                "stations": _stations(material, code),
                "bottlenecks": _bottlenecks(material, code),
                "projects": _projects(material, code),
                "mv_lv": _mv_lv(material, code),
            }
            for code in codes
        },
    }


def _series(
    rows: pd.DataFrame, key: list[str], value: str, years: list[int], factor: float
) -> dict[str, dict[tuple[str, ...], list[float | None]]]:
    """Give per municipality and key the values over the years; nothing where a year is not there."""
    if rows.empty:
        return {}
    wide = rows.pivot_table(index=["gm_code", *key], columns="year", values=value, aggfunc="sum")
    wide = wide.mul(factor).round(2).reindex(columns=years)
    out: dict[str, dict[tuple[str, ...], list[float | None]]] = {}
    for line in wide.itertuples(name=None):
        code, *found = line[0]
        values = [None if pd.isna(v) else float(v) for v in line[1:]]
        if any(values):
            out.setdefault(str(code), {})[tuple(str(f) for f in found)] = values
    return out


def _nested(flat: dict[tuple[str, ...], list[float | None]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for (*path, last), values in flat.items():
        place = out
        for step in path:
            place = place.setdefault(step, {})
        place[last] = values
    return out


def _stations(material: Material, code: str) -> list[list[Any]]:
    areas = material.inputs["grid/service_areas"]
    mine = areas[areas["gm_code"] == code].sort_values("load_share", ascending=False, kind="stable")
    assets = material.tables["loading"]
    served = assets[assets["asset_class"] == "station_transformer"].drop_duplicates("station_id")
    page = dict(zip(served["station_id"], served["asset_id"], strict=True))
    return [
        [str(s), page.get(str(s), ""), float(load), float(field)]
        for s, load, field in zip(mine["station_id"], mine["load_share"], mine["field_share"], strict=True)
        if load > 0 or field > 0
    ]


def _mv_lv(material: Material, code: str) -> list[list[Any]]:
    """Give what medium and low voltage needs, of the first variant that has it; empty without the table."""
    table = material.checks.get("mv_lv")
    if table is None or not set(MV_LV).issubset(table.columns):
        return []
    mine = table[table["gm_code"] == code]
    chosen = select.ordered(mine["variant"], [select.NULL_STATE])[:1] if "variant" in mine.columns else []
    rows = mine[mine["variant"].isin(chosen)] if chosen else mine
    cells = rows.sort_values(["asset_class", "year"])[list(MV_LV)].astype(object)
    return [[None if pd.isna(v) else v for v in line] for line in cells.itertuples(index=False, name=None)]


MV_LV = (
    "storyline", "year", "asset_class", "direction", "shortage_mw", "need_mw", "stations", "stations_low",
    "stations_high", "cable_km", "space_ha", "cost_meur",
)  # fmt: skip
"""Columns of ``mv_lv`` in the order of the page's data."""


def contributions(material: Material, code: str) -> list[tuple[dict[str, Any], float]]:
    """Give the bottlenecks about the province to which a municipality contributes, with its share."""
    out = []
    for record in material.bottlenecks:
        who = material.causes.get((record["bottleneck_id"], record["grid_state"]))
        share = dict(who["gm_code"]).get(code, 0.0) if who else 0.0
        if share >= LEAST_SHARE and record["scope"] == select.PROVINCE:
            out.append((record, share))
    return sorted(out, key=lambda pair: -pair[1])


def _bottlenecks(material: Material, code: str) -> list[list[Any]]:
    return [
        [record["bottleneck_id"], record["grid_state"], round(share, 3)]
        for record, share in contributions(material, code)
    ]


def series(material: Material) -> dict[str, dict[str, Any]]:
    """Give each bottleneck about the province with what is short (MW) by grid state, storyline and year.

    Returns
    -------
    dict
        By bottleneck id: ``id`` (asset), ``d`` (direction) and ``mw``: by grid state and storyline a list over
        the years of the results, None where nothing is short; the heaviest weather year of each.
    """
    rows = about_province(material.tables["bottlenecks"], material.bottlenecks)
    key = ["bottleneck_id", "asset_id", "direction", "grid_state", "storyline"]
    worst = rows.pivot_table(index=key, columns="year", values="exceedance_mw", aggfunc="max").round(1)
    worst = worst.reindex(columns=material.years)
    out: dict[str, dict[str, Any]] = {}
    for found, values in zip(worst.index, worst.to_numpy(), strict=True):
        bottleneck, asset, direction, state, storyline = map(str, found)
        record = out.setdefault(bottleneck, {"id": asset, "d": direction, "mw": {}})
        cells = [None if pd.isna(v) else float(v) for v in values]
        record["mw"].setdefault(state, {})[storyline] = cells
    return out


def _projects(material: Material, code: str) -> list[dict[str, Any]]:
    """Give the projects in the municipality, then those for a bottleneck to which it contributes most."""
    shares: dict[str, float] = {}
    for record, share in contributions(material, code):
        shares[record["bottleneck_id"]] = max(share, shares.get(record["bottleneck_id"], 0.0))
    name = dict(
        zip(
            material.inputs["regions/municipalities"]["gm_code"],
            material.inputs["regions/municipalities"]["name"],
            strict=True,
        )
    ).get(code, code)
    out = []
    for project in material.projects:
        share = max((shares.get(b, 0.0) for b in project["bottlenecks"]), default=0.0)
        here = project["municipality"] in (name, code)
        if here or share:
            out.append(
                {
                    **{k: project[k] for k in ("page", "name", "type", "rank", "need_year_earliest")},
                    "here": here,
                    "share": round(share, 3),
                }
            )
    return sorted(out, key=lambda p: (not p["here"], -p["share"]))
