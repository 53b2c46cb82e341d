"""Data requests per operator: what, why, in which form, by when, who, and on which sheet to answer."""

from __future__ import annotations

import re

import pandas as pd

from pmiek.publish.operators.templates import short, texts

TABLE = re.compile(r"\b([a-z]+/[a-z_]+)(?:\.csv)?\b")


def requests_of(requests: pd.DataFrame, operator: str) -> pd.DataFrame:
    """Give the data requests of one operator, the first due first.

    Parameters
    ----------
    requests : DataFrame
        Result table ``data_requests``: request_id, operator, asset_id, what, why, format, by_when,
        affects_projects.
    operator : str
        Name as in the input tables; a request may name several, separated by semicolons.

    Returns
    -------
    DataFrame
        Columns with the Dutch headers of ``templates.yaml``. The sheet to fill in follows from the table that
        the format names; empty when the answer comes as a file of its own.
    """
    columns = texts()["requests"]["columns"]
    if requests.empty:
        return pd.DataFrame(columns=list(columns.values()))
    mine = requests[requests["operator"].astype(str).map(lambda cell: operator in _parts(cell))]
    table = mine.assign(where=mine["format"].astype(str).map(_sheet), operator=operator)
    table = table.sort_values(["by_when", "request_id"])[list(columns)]
    return table.rename(columns=columns).fillna("").reset_index(drop=True)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


def _sheet(form: str) -> str:
    found = TABLE.search(form)
    return short(found.group(1)) if found and found.group(1) in texts()["tables"] else ""
