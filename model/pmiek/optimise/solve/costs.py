"""Costs of what the pathway can build, from the input tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmiek.errors import InputError, Problem
from pmiek.optimise.solve.case import AssetCost

if TYPE_CHECKING:
    from pmiek.inputs import Tables


def infrastructure(tables: Tables, asset_class: str, option: str, parameter: str) -> float:
    """Return one value of ``costs/infrastructure``.

    Raises
    ------
    InputError
        If the row is not there.
    """
    table = tables["costs/infrastructure"]
    rows = table[
        (table["asset_class"] == asset_class)
        & (table["option"] == option)
        & (table["parameter"] == parameter)
    ]
    if rows.empty:
        raise InputError(
            [
                Problem(
                    "inputs/costs/infrastructure.csv",
                    None,
                    "parameter",
                    "",
                    f"a row {asset_class}, {option}, {parameter}",
                    "Add the row with its source.",
                )
            ]
        )
    return float(rows["value"].iloc[0])


def technology(tables: Tables, name: str, parameter: str, year: int) -> float:
    """Return one value of ``costs/technologies`` for the latest year not after `year`.

    Raises
    ------
    InputError
        If the table has no such row.
    """
    table = tables["costs/technologies"]
    rows = table[(table["technology"] == name) & (table["parameter"] == parameter)].sort_values("year")
    if rows.empty:
        raise InputError(
            [
                Problem(
                    "inputs/costs/technologies.csv",
                    None,
                    "parameter",
                    "",
                    f"a row {name}, {parameter}",
                    "Add the row with its source.",
                )
            ]
        )
    before = rows[rows["year"] <= year]
    return float((before if len(before) else rows.head(1))["value"].iloc[-1])


def read_asset_costs(tables: Tables, first_year: int) -> dict[str, AssetCost]:
    """Return the cost of each kind of asset; circuits and couplings carry their own price per asset.

    Parameters
    ----------
    tables : Tables
    first_year : int
        Year of the technology costs: the first period, for all periods (later batteries are cheaper).
    """

    def grid(asset_class: str, option: str, per_mw: float) -> AssetCost:
        return AssetCost(
            1e3 * infrastructure(tables, asset_class, option, "investment") / per_mw,
            infrastructure(tables, asset_class, option, "fixed_om"),
            infrastructure(tables, asset_class, option, "lifetime"),
        )

    def battery(name: str) -> AssetCost:
        return AssetCost(
            *(
                technology(tables, name, parameter, first_year)
                for parameter in ("investment", "fixed_om", "lifetime")
            )
        )

    return {
        "station_transformer": grid(
            "station_transformer",
            "add_transformer",
            infrastructure(tables, "station_transformer", "add_transformer", "size"),
        ),
        "new_station": grid("station_transformer", "new_station", tables.assumption("new_station_firm_mva")),
        "circuit": grid("circuit", "cable_110kv", infrastructure(tables, "circuit", "cable_110kv", "size")),
        "coupling_transformer": grid(
            "coupling_transformer",
            "add_transformer",
            infrastructure(tables, "coupling_transformer", "add_transformer", "size"),
        ),
        "battery_power": battery("battery_power"),
        "battery_energy": battery("battery_energy"),
    }
