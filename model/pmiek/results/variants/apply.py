"""What a variant changes in the storyline's tables; demand is never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.errors import InputError, Problem
from pmiek.results.variants.carriers import CHANGES

if TYPE_CHECKING:
    from pmiek.inputs import Tables
    from pmiek.config import Scenario

KEYS = ["year", "gm_code", "carrier", "sector"]
#: Sectors whose carrier may change with the way a building is heated; useful heat is kept by pmiek.optimise.heat.
HEATING = ("_heat_pump", "_boiler", "district_heat")
HEATED = ("agriculture",)
TOLERANCE = 1e-6


def variant_tables(tables: Tables, scenario: Scenario) -> Tables:
    """Lay the choices of a variant over the tables of its storyline.

    Parameters
    ----------
    tables : Tables
        Checked inputs.
    scenario : Scenario
        One storyline and variant.

    Returns
    -------
    Tables
        Tables in which heat is made as the variant says, with its extra green gas and hydrogen.

    Raises
    ------
    InputError
        If a choice names what is not there, or if a demand has no way to be supplied.
    ValueError
        If a change of the tables would hide or add demand other than for heating.
    """
    changed = tables
    for change in CHANGES:
        changed = change(changed, scenario)
    assert_conserved(tables["demand/municipal"], changed["demand/municipal"], scenario.storyline)
    return changed


def assert_conserved(before: pd.DataFrame, after: pd.DataFrame, storyline: str) -> None:
    """Check that a variant leaves every demand in place but the way of heating.

    Parameters
    ----------
    before, after : DataFrame
        ``demand/municipal``.
    storyline : str
        Storyline whose rows may change.

    Raises
    ------
    ValueError
        With the first demand that differs.
    """
    if before is after:
        return
    sums = [
        table[(table["storyline"] == storyline) & ~_is_heating(table["sector"])]
        .groupby(KEYS)["volume_mwh"]
        .sum()
        for table in (before, after)
    ]
    both = pd.concat(sums, axis=1, keys=["before", "after"]).fillna(0.0)
    off = both[(both["before"] - both["after"]).abs() > TOLERANCE * both["before"].clip(lower=1.0)]
    if len(off):
        where = dict(zip(KEYS, off.index[0], strict=True))
        row = off.iloc[0]
        message = f"the variant changes demand {where} from {row['before']:.1f} to {row['after']:.1f} MWh"
        raise ValueError(message)


def _is_heating(sector: pd.Series) -> pd.Series:
    name = sector.astype(str)
    found: pd.Series = name.str.endswith(HEATING) | name.isin(HEATED)
    return found


def variant_problems(tables: Tables, scenario: Scenario) -> list[Problem]:
    """Return what is wrong with the choices of a variant, before any solve.

    Parameters
    ----------
    tables : Tables
    scenario : Scenario

    Returns
    -------
    list of Problem
        Choices that name what is not there, and ways of supply that are all forbidden.
    """
    try:
        variant_tables(tables, scenario)
    except InputError as error:
        return list(error.problems)
    return []
