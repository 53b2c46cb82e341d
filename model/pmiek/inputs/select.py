"""Choosing the rows of one storyline, year and carrier; the base year is shared by all storylines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def of_year(table: pd.DataFrame, storyline: str, year: int, carrier: str) -> pd.DataFrame:
    """Rows of one storyline and year; the first year of a table is shared by all storylines.

    Parameters
    ----------
    table : DataFrame
        Columns storyline, year, carrier and others.
    storyline : str
        Storyline id.
    year : int
        Calendar year.
    carrier : str
        Energy carrier.

    Returns
    -------
    DataFrame
        The rows, with a fresh index; empty if the storyline has none.
    """
    at_year: pd.DataFrame = table[table["year"] == year]
    own: pd.DataFrame = at_year[at_year["storyline"] == storyline]
    if len(own) == 0 and len(at_year) and year == table["year"].min():
        own = at_year
    chosen: pd.DataFrame = own[own["carrier"] == carrier].reset_index(drop=True)
    return chosen


def base_of(table: pd.DataFrame, carrier: str) -> pd.DataFrame:
    """Rows of the first year in the table: the base year that all storylines share."""
    rows = table[table["carrier"] == carrier]
    first: pd.DataFrame = rows[rows["year"] == rows["year"].min()]
    return first
