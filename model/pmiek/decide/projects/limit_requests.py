"""Questions about published limits that the units on record do not explain: asked, never read silently."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pmiek.decide.projects.tables import REQUEST_COLUMNS, TablesLike, optional, text
from pmiek.ids import slug
from pmiek.network.published import AREAS, JOINS, SAME_MVA, UNITS, published_limits

EQUAL_UNITS_MOST: Final = 2.0
"""Gross over firm of two equal units, the most that equal units can have (three have 1.5)."""
UNIT_COLUMNS: Final = [
    "unit_id", "group_id", "kind", "station_id", "rated_mva", "status", "project_id", "removed_by_project",
    "operator", "capacity_quality", "units_low", "units_high",
]  # fmt: skip


def limit_requests(tables: TablesLike, projects: pd.DataFrame, reference_year: int) -> pd.DataFrame:
    """Ask operators about stations whose published capacity and units do not go together.

    Parameters
    ----------
    tables : TablesLike
        ``grid/feeding_areas``, ``grid/area_stations``, ``grid/transformers`` and ``grid/stations``; one that is
        missing asks nothing.
    projects : DataFrame
        Of the long list: project_id, asset_ids.
    reference_year : int
        Year in which the requests go out; they are due at its end.

    Returns
    -------
    DataFrame
        Columns ``REQUEST_COLUMNS``: one row per station whose units of today carry more than
        :data:`EQUAL_UNITS_MOST` times their firm rating, so that the limit of feed-in with all in service rests on
        a guess; and one per open plan that replaces units without raising the firm rating, which may have been
        delivered already.
    """
    units = optional(tables, UNITS, UNIT_COLUMNS)
    units = units[units["kind"].eq("station")]
    known = {name: optional(tables, name, columns) for name, columns in SOURCES.items()} | {UNITS: units}
    limits = published_limits(known) if len(units) else pd.DataFrame()
    if limits.empty:
        return pd.DataFrame(columns=REQUEST_COLUMNS)
    by_group = units.drop_duplicates("group_id").set_index("group_id")
    stations = optional(tables, "grid/stations", ["station_id", "name"]).set_index("station_id")["name"]
    rows = [*_of_unequal_units(limits), *_of_delivered_plans(units, limits)]
    due = f"{reference_year}-12-31"
    return pd.DataFrame(
        [
            (
                request, by_group.loc[asset, "operator"], asset,
                what.format(name=stations.get(by_group.loc[asset, "station_id"], asset)), why, form, due,
                _affected(projects, asset),
            )
            for request, asset, what, why, form in rows
        ],
        columns=REQUEST_COLUMNS,
    )  # fmt: skip


SOURCES: Final = {
    AREAS: ["feeding_area_id", "direction", "snapshot_date", "existing_capacity_mw"],
    JOINS: ["feeding_area_id", "station_id"],
}
Question = tuple[str, str, str, str, str]


def _of_unequal_units(limits: pd.DataFrame) -> list[Question]:
    """Ask for the units where one of them is much larger than the others are together."""
    odd = limits[limits["gross_over_firm"] > EQUAL_UNITS_MOST + 1e-9]
    return [
        (
            slug("gross-over-firm", row["asset_id"]),
            row["asset_id"],
            (
                "Aantal en vermogen (MVA) van de transformatoren van {name}, en of het gepubliceerde cijfer voor "
                "opwek met alle transformatoren in bedrijf geldt of met één uit bedrijf."
            ),
            (
                f"Uit de gepubliceerde {_number(row['take_off_mw'])} MW volgt dat de transformatoren samen "
                f"{_number(row['gross_over_firm'])} keer zoveel kunnen als met één uit bedrijf; bij gelijke "
                f"transformatoren is dat hooguit {_number(EQUAL_UNITS_MOST)}. De grens voor opwek rust daarop."
            ),
            "rijen in grid/transformers.csv: unit_id, group_id, rated_mva",
        )
        for row in limits.to_dict("records")
        if row["asset_id"] in set(odd["asset_id"])
    ]


def _of_delivered_plans(units: pd.DataFrame, limits: pd.DataFrame) -> list[Question]:
    """Ask whether a plan was delivered that takes units away and brings no more firm rating than there is."""
    rows: list[Question] = []
    for asset, part in units[units["group_id"].isin(limits["asset_id"])].groupby("group_id", sort=True):
        today = part[part["status"].eq("existing")]
        removed = text(part["removed_by_project"])
        for project in sorted({name for name in removed[today.index] if name}):
            after = pd.concat(
                [today[removed[today.index].ne(project)], part[text(part["project_id"]).eq(project)]]
            )
            before_mva, after_mva = _firm_mva(today), _firm_mva(after)
            if np.isnan(before_mva) or after_mva > before_mva + SAME_MVA:
                continue
            rows.append(
                (
                    slug("delivered", project, str(asset)),
                    str(asset),
                    (
                        "Of de geplande vervanging van transformatoren van {name} al is opgeleverd, en anders welk "
                        "vermogen er nu staat."
                    ),
                    (
                        "Met één transformator uit bedrijf volgt uit de gepubliceerde capaciteit "
                        f"{_number(before_mva)} MVA, en het plan brengt {_number(after_mva)} MVA: het voegt niets toe."
                    ),
                    "kolom phase in projects/planned.csv, of rijen in grid/transformers.csv",
                )
            )
    return rows


def _firm_mva(units: pd.DataFrame) -> float:
    rated = units["rated_mva"].astype(float)
    return float(rated.sum() - rated.max()) if len(rated) else float("nan")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _affected(projects: pd.DataFrame, asset: str) -> str:
    hit = text(projects["asset_ids"]).str.split(";").map(lambda ids: asset in ids).astype(bool)
    return ";".join(sorted(set(text(projects.loc[hit, "project_id"]))))
