"""What a variant adds to the volumes of green gas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from pmiek.errors import InputError, Problem

if TYPE_CHECKING:
    from pmiek.config import Scenario
    from pmiek.inputs import Tables

CHOICE_SOURCE = "planning_practice"


def with_gas_choices(tables: Tables, scenario: Scenario) -> Tables:
    """Add the variant's extra green gas to the supply rows and to its plants.

    Parameters
    ----------
    tables : Tables
        Checked inputs.
    scenario : Scenario
        ``gas.extra_plants``.

    Returns
    -------
    Tables
        The same tables when nothing is added; else new ones in which ``supply/municipal`` holds the extra
        MWh from the first year on, and ``gas/plants`` the extra volume at the plant.

    Raises
    ------
    InputError
        If a plant is not known, or would stand before this edition's year.
    """
    chosen = scenario.gas.extra_plants
    if not chosen:
        return tables
    plants = tables["gas/plants"].set_index("plant_id", drop=False)
    problems = check_choices(
        "gas.extra_plants",
        {plant.plant_id: plant.first_year for plant in chosen},
        set(plants.index),
        "inputs/gas/plants.csv",
        scenario,
    )
    if problems:
        raise InputError(problems)
    per_million = tables.assumption("methane_kwh_per_m3") * 1e3
    supply, added = tables["supply/municipal"], []
    towns, volumes, firsts = (plants[c].to_dict() for c in ("gm_code", "million_m3_per_year", "first_year"))
    for plant in chosen:
        name, more = plant.plant_id, plant.million_m3_per_year
        years = [y for y in scenario.years.screening if y >= plant.first_year]
        added.append(pd.DataFrame({"year": years, "gm_code": towns[name], "volume_mwh": more * per_million}))
        volumes[name] = more + (0.0 if pd.isna(volumes[name]) else volumes[name])
        firsts[name] = plant.first_year if pd.isna(firsts[name]) else firsts[name]
    plants = plants.assign(million_m3_per_year=plants.index.map(volumes), first_year=plants.index.map(firsts))
    rows = pd.concat(added).groupby(["year", "gm_code"])["volume_mwh"].sum().reset_index()
    rows = rows.assign(storyline=scenario.storyline, carrier="methane", technology="green_gas")
    rows = rows.assign(source=CHOICE_SOURCE, quality="assumed")
    return with_tables(
        tables,
        {
            "supply/municipal": add_rows(
                supply, rows, ["storyline", "year", "gm_code", "carrier", "technology"], "volume_mwh"
            ),
            "gas/plants": plants.reset_index(drop=True),
        },
    )


def check_choices(
    setting: str, first_years: Mapping[str, int], known: set[str], file: str, scenario: Scenario
) -> list[Problem]:
    """Name every choice that points at nothing or comes before it can exist."""
    problems = []
    for name, first_year in first_years.items():
        where = f"scenarios ({setting})"
        if name not in known:
            problems.append(
                Problem(where, None, "id", name, f"an id of {file}", "Correct the id, or add the row.")
            )
        if first_year < scenario.years.reference:
            problems.append(
                Problem(
                    where,
                    None,
                    "first_year",
                    str(first_year),
                    f"a year from {scenario.years.reference}: nothing new stands before this edition",
                    "Raise the year.",
                )
            )
    return problems


def add_rows(table: pd.DataFrame, rows: pd.DataFrame, keys: list[str], amount: str) -> pd.DataFrame:
    """Add an amount to the rows with the same key; a key that is new gets a row.

    A row of the base year that all storylines share counts for the storyline that owns it.
    """
    extra = rows.set_index(keys)[amount]
    index = pd.MultiIndex.from_frame(table[keys])
    more = extra.reindex(index).fillna(0.0).to_numpy(float)
    raised = table.assign(**{amount: table[amount].fillna(0.0) + more}) if (more != 0).any() else table
    new = rows[~pd.MultiIndex.from_frame(rows[keys]).isin(index)]
    if new.empty:
        return raised.reset_index(drop=True)
    return pd.concat([raised, new.reindex(columns=table.columns)], ignore_index=True)


def with_tables(tables: Tables, changed: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables with some of them replaced."""
    return replace(tables, frames=MappingProxyType({**tables.frames, **changed}))
