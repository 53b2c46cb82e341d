"""What a variant adds to the electrolysers of the storyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.errors import InputError
from model.gas.choices import CHOICE_SOURCE, add_rows, check_choices, with_tables

if TYPE_CHECKING:
    from model.inputs import Tables
    from model.scenarios import Scenario


def with_hydrogen_choices(tables: Tables, scenario: Scenario) -> Tables:
    """Add the variant's extra electrolysers to ``supply/flexibility``, where the screening finds them too.

    Raises
    ------
    InputError
        If an electrolyser is not known, or would stand before this edition's year.
    """
    chosen = scenario.hydrogen.extra_electrolysers
    if not chosen:
        return tables
    known = tables["hydrogen/electrolysers"].set_index("electrolyser_id")
    problems = check_choices(
        "hydrogen.extra_electrolysers",
        {item.electrolyser_id: item.first_year for item in chosen},
        set(known.index),
        "inputs/hydrogen/electrolysers.csv",
        scenario,
    )
    if problems:
        raise InputError(problems)
    added = [
        {"year": year, "gm_code": known.loc[item.electrolyser_id, "gm_code"], "capacity_mw": item.capacity_mw}
        for item in chosen
        for year in scenario.years.screening
        if year >= item.first_year
    ]
    new = pd.DataFrame(added, columns=["year", "gm_code", "capacity_mw"])
    rows = new.groupby(["year", "gm_code"])["capacity_mw"].sum().reset_index()
    rows = rows.assign(
        storyline=scenario.storyline,
        carrier="electricity",
        technology="electrolyser",
        source=CHOICE_SOURCE,
        quality="assumed",
    )
    keys = ["storyline", "year", "gm_code", "carrier", "technology"]
    flexible = add_rows(tables["supply/flexibility"], rows, keys, "capacity_mw")
    return with_tables(tables, {"supply/flexibility": flexible})
