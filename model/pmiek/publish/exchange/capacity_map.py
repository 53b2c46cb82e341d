"""The feeding areas of the inputs in the operators' information model of the capacity map, one document an operator."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

#: Version of the model that is written; `pmiek import capacity-map` reads it back.
CONFORMS_TO: Final = "http://data.netbeheernederland.nl/capaciteitskaart/v1.3.0"
SIDES: Final = {"take-off": "demand", "feed-in": "generation"}
MEASURES: Final = {
    "existing_capacity_mw": "available_capacity",
    "needed_capacity_mw": "quoted_capacity",
    "queue_mw": "capacity_in_queue",
    "queue_requests": "requests_in_queue",
    "year_solved_regional": "alleviation_year",
}
WHOLE: Final = ("queue_requests", "year_solved_regional")


def capacity_map_documents(feeding_areas: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Write the latest snapshot of every area as a data set of the information model, per operator.

    Parameters
    ----------
    feeding_areas : DataFrame
        Input table ``grid/feeding_areas``.

    Returns
    -------
    dict of str to dict
        Data set per operator: areas with capacity, need, queue and year solved per direction. What is not stated is
        left out, for a zero would be a statement. Works and postcodes are not in it: the inputs hold plans per
        station and neighbourhoods per area, not per postcode.
    """
    latest = feeding_areas.sort_values("snapshot_date").drop_duplicates(
        ["feeding_area_id", "direction"], keep="last"
    )
    return {
        str(operator): _document(str(operator), rows)
        for operator, rows in latest.groupby("operator", sort=True)
    }


def _document(operator: str, rows: pd.DataFrame) -> dict[str, Any]:
    areas = [_area(str(area), part) for area, part in rows.groupby("feeding_area_id", sort=True)]
    return {
        "conforms_to": CONFORMS_TO,
        "creator": operator,
        "contributor": "pmiek",
        "identifier": f"pmiek-{operator.lower().replace(' ', '-')}",
        "title": f"Feeding areas of {operator} as pmiek read them",
        "issued": str(rows["snapshot_date"].max()),
        "energy_areas": areas,
    }


def _area(area: str, rows: pd.DataFrame) -> dict[str, Any]:
    content: dict[str, Any] = {
        "short_code": area, "type": "energy_area", "description": str(rows["name"].iloc[-1]), "works": []
    }  # fmt: skip
    for row in rows.to_dict("records"):
        side = SIDES[row["direction"]]
        for column, name in MEASURES.items():
            if pd.notna(row[column]):
                content[f"{side}_{name}"] = int(row[column]) if column in WHOLE else float(row[column])
    return content
