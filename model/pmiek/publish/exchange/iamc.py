"""The results as an IAMC long table: model, scenario, region, variable, unit, year, value (for pyam and its kin)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import yaml

from pmiek.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODEL: Final = "pmiek"
TABLES: Final = ("energy_balance", "capacity", "costs", "emissions")
COLUMNS: Final = ["model", "scenario", "region", "variable", "unit", "year", "value"]
WORDS: Final = Path(__file__).with_suffix(".yaml")


def iamc_table(results: Mapping[str, pd.DataFrame], municipalities: pd.DataFrame) -> pd.DataFrame:
    """Put energy, network capacity, yearly cost and CO2 of the study area in the IAMC convention.

    Parameters
    ----------
    results : mapping of str to DataFrame
        Public result tables by name; ``energy_balance``, ``capacity``, ``costs`` and ``emissions`` are read, each
        as far as it is there.
    municipalities : DataFrame
        Input table ``regions/municipalities``: names, roles, clusters and province.

    Returns
    -------
    DataFrame
        One row per scenario (storyline, variant and, where there are several, weather year), region, variable and
        year. Energy is per municipality (GWh/yr); capacity (MW), cost (million EUR of 2025 per year) and CO2
        (kt CO2/yr) are per energy cluster, with the province's part of what is shared. Only the finest variables are
        there, so that a sum over them counts nothing twice.

    Raises
    ------
    InputError
        If a table holds a carrier, category, sector or account for which ``iamc.yaml`` has no word.
    """
    study = municipalities[municipalities["role"] == "study"]
    province = " and ".join(sorted(study["province"].dropna().unique()))
    clusters = {str(c): f"{province}|Cluster {c}" for c in sorted(study["cluster"].dropna().unique())}
    parts = [
        _energy(results.get("energy_balance"), study, province),
        _capacity(results.get("capacity"), clusters),
        _costs(results.get("costs"), clusters),
        _emissions(results.get("emissions"), clusters),
    ]
    rows = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=COLUMNS)])
    total = rows.groupby(COLUMNS[:-1], sort=True)["value"].sum()
    return total.round(6).reset_index()


@cache
def _words() -> dict[str, Any]:
    return dict(yaml.safe_load(WORDS.read_text(encoding="utf-8")))


def _translated(values: pd.Series, kind: str, table: str) -> pd.Series:
    """Give the words of the convention for a column; every word that is missing is told at once."""
    words: dict[str, str] = _words()[kind]
    missing = sorted(set(values.dropna().astype(str)) - set(words))
    if missing:
        raise InputError(list(_untold(missing, kind, table)))
    return values.map(words)


def _untold(missing: Iterable[str], kind: str, table: str) -> Iterable[Problem]:
    for word in missing:
        yield Problem(
            f"tables/{table}.csv",
            None,
            kind,
            word,
            "a word with an IAMC name",
            f"Add it to {kind} in {WORDS.name}.",
        )


def _scenario(frame: pd.DataFrame) -> pd.Series:
    names = frame["storyline"].astype(str) + " " + frame["variant"].astype(str)
    if "weather_year" in frame and len(frame["weather_year"].unique()) > 1:
        names = names + " weather " + frame["weather_year"].astype(str)
    return names


def _rows(
    frame: pd.DataFrame, region: pd.Series, variable: pd.Series, unit: str, value: pd.Series
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "scenario": _scenario(frame),
            "region": region,
            "variable": variable,
            "year": frame["year"],
            "value": value,
        }
    )
    return table.assign(model=MODEL, unit=unit).dropna(subset=["region", "variable", "value"])[COLUMNS]


def _energy(balance: pd.DataFrame | None, study: pd.DataFrame, province: str) -> pd.DataFrame:
    if balance is None or balance.empty:
        return pd.DataFrame(columns=COLUMNS)
    inside = balance[balance["gm_code"].isin(study["gm_code"])]
    region = inside["gm_code"].map(dict(zip(study["gm_code"], province + "|" + study["name"], strict=True)))
    template = _translated(inside["category"], "categories", "energy_balance")
    useful = (inside["carrier"] == "heat") & (inside["category"] == "demand")
    template = template.mask(useful, _words()["heat_demand"])
    converted = (inside["category"] == "demand") & inside["sector"].isin(_words()["plants"])
    template = template.mask(converted, _words()["categories"]["conversion_in"])
    sector = _translated(inside["sector"], "sectors", "energy_balance")
    carrier = _translated(inside["carrier"], "carriers", "energy_balance")
    names = [t.format(sector=s, carrier=c) for t, s, c in zip(template, sector, carrier, strict=True)]
    return _rows(inside, region, pd.Series(names, inside.index), "GWh/yr", inside["energy_mwh"] / 1e3)


def _capacity(capacity: pd.DataFrame | None, clusters: dict[str, str]) -> pd.DataFrame:
    if capacity is None or capacity.empty:
        return pd.DataFrame(columns=COLUMNS)
    region = capacity["cluster"].map(clusters)
    kind = (
        _translated(capacity["carrier"], "carriers", "capacity")
        + "|Network|"
        + _title(capacity["asset_class"])
    )
    share = capacity["province_share"]
    return pd.concat(
        [
            _rows(capacity, region, "Capacity|" + kind, "MW", capacity["existing_mw"] * share),
            _rows(
                capacity, region, "Cumulative Capacity Additions|" + kind, "MW", capacity["built_mw"] * share
            ),
        ]
    )


def _costs(costs: pd.DataFrame | None, clusters: dict[str, str]) -> pd.DataFrame:
    if costs is None or costs.empty:
        return pd.DataFrame(columns=COLUMNS)
    variable = (
        "Annual Cost|" + _title(costs["category"]) + "|" + _title(costs["asset_class"]) + "|" + costs["payer"]
    )
    return _rows(
        costs, costs["cluster"].map(clusters), variable, "million EUR_2025/yr", costs["cost_meur_per_year"]
    )


def _emissions(emissions: pd.DataFrame | None, clusters: dict[str, str]) -> pd.DataFrame:
    if emissions is None or emissions.empty:
        return pd.DataFrame(columns=COLUMNS)
    counted = emissions[emissions["co2_kt"].notna() & (emissions["account"] != "not counted")]
    parts = [
        _translated(counted["account"], "accounts", "emissions"),
        _translated(counted["carrier"], "carriers", "emissions"),
        _translated(counted["sector"], "sectors", "emissions"),
    ]
    variable = "Emissions|CO2|" + parts[0] + "|" + parts[1] + "|" + parts[2]
    return _rows(counted, counted["cluster"].map(clusters), variable, "kt CO2/yr", counted["co2_kt"])


def _title(words: pd.Series) -> pd.Series:
    return words.astype(str).str.replace("_", " ").str.title()
