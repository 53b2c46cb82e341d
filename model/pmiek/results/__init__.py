"""Result tables: one registry with columns, units and meaning, and the tables that follow from a run."""

from pmiek.results.balances import balance_residual, energy_balance
from pmiek.results.registry import Column, ResultTable, conform, result_tables

__all__ = [
    "Column",
    "ResultTable",
    "balance_residual",
    "conform",
    "energy_balance",
    "result_tables",
]
