"""Data requests that are specific, measurable, assignable, reasoned and timed: one rule per kind of gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from pmiek.decide.projects.tables import REQUEST_COLUMNS, TablesLike, join_ids, optional, text
from pmiek.ids import slug


@dataclass(frozen=True)
class RequestRule:
    """One kind of data request.

    Attributes
    ----------
    request : str
        Key.
    test : callable
        Takes the sized projects and returns True for those that the gap touches.
    what, why, format : str
        Dutch text; ``{name}`` is the project.
    urgent : bool
        Due at the end of the reference year instead of half way the next.
    """

    request: str
    test: Callable[[pd.DataFrame], pd.Series]
    what: str
    why: str
    format: str
    urgent: bool


def _electric_station(p: pd.DataFrame) -> pd.Series:
    return p["asset_class"].isin(["station_transformer", "coupling_transformer"]) & p["carrier"].eq(
        "electricity"
    )


REQUEST_RULES: tuple[RequestRule, ...] = (
    RequestRule(
        "installed-capacity",
        lambda p: _electric_station(p) & p["capacity_sensitive"].eq("vanishes"),
        "Aantal transformatoren en vermogen per eenheid (MVA) van {name}, en de grens met een eenheid uit.",
        "Met een eenheid meer dan aangenomen verdwijnt het knelpunt.",
        "rij in grid/transformers.csv: unit_id, group_id, rated_mva, status",
        urgent=True,
    ),
    RequestRule(
        "room-on-plot",
        lambda p: _electric_station(p) & p["extendable"].eq("unknown") & p["need_mw"].gt(0),
        "Of het terrein van {name} nog een transformator kan hebben, en hoeveel er in totaal passen.",
        "Bepaalt of uitbreiden (2 tot 4 jaar) kan of een nieuw station (7 tot 12 jaar) nodig is.",
        "kolommen extendable (yes/no) en max_units in grid/stations.csv",
        urgent=True,
    ),
    RequestRule(
        "planned-year",
        lambda p: p["origin"].eq("plan") & p["planned_year_latest"].isna(),
        "Vroegste en laatste jaar van ingebruikname van {name}.",
        "Zonder jaar kan niet worden beoordeeld of het plan op tijd is.",
        "kolommen planned_year_earliest en planned_year_latest in projects/planned.csv",
        urgent=True,
    ),
    RequestRule(
        "planned-capacity",
        lambda p: p["origin"].eq("plan") & p["planned_mw"].isna(),
        "Vermogen (MW) dat {name} toevoegt, per richting als dat verschilt.",
        "Zonder vermogen kan niet worden beoordeeld of het plan groot genoeg is.",
        "kolom capacity_mw in projects/planned.csv",
        urgent=False,
    ),
    RequestRule(
        "measured-peak",
        lambda p: _electric_station(p) & p["need_mw"].gt(0),
        "Gemeten hoogste afname en invoeding (MW) van {name} per maand van het laatste jaar.",
        "Toetst de berekende piek aan de werkelijkheid; nu is de piek afgeleid.",
        "CSV: station, maand, afname_mw, invoeding_mw",
        urgent=False,
    ),
)


def build_requests(projects: pd.DataFrame, reference_year: int) -> pd.DataFrame:
    """Make the data requests of the long list: one per kind, operator and asset.

    Parameters
    ----------
    projects : DataFrame
        Sized projects: project_id, name, operator, asset_ids, asset_class, carrier, origin, extendable,
        capacity_sensitive, need_mw, planned_year_latest, planned_mw.
    reference_year : int
        Year in which the requests go out; urgent ones are due at its end, the others half way the next year.

    Returns
    -------
    DataFrame
        Columns ``REQUEST_COLUMNS``; affects_projects joins ids with semicolons.
    """
    parts = []
    for rule in REQUEST_RULES:
        hit = projects[rule.test(projects)] if len(projects) else projects
        if hit.empty:
            continue
        first = hit["asset_ids"].str.split(";").str[0]
        parts.append(
            pd.DataFrame(
                {
                    "request_id": [
                        slug(rule.request, a or p) for a, p in zip(first, hit["project_id"], strict=True)
                    ],
                    "operator": hit["operator"].to_numpy(),
                    "asset_id": hit["asset_ids"].to_numpy(),
                    "what": [rule.what.format(name=name) for name in hit["name"]],
                    "why": rule.why,
                    "format": rule.format,
                    "by_when": f"{reference_year}-12-31" if rule.urgent else f"{reference_year + 1}-06-30",
                    "affects_projects": hit["project_id"].to_numpy(),
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=REQUEST_COLUMNS)
    rows = pd.concat(parts, ignore_index=True)
    others = {c: (c, "first") for c in REQUEST_COLUMNS if c not in ("request_id", "affects_projects")}
    return rows.groupby("request_id", as_index=False).agg(
        **others, affects_projects=("affects_projects", join_ids)
    )[REQUEST_COLUMNS]


def link_requests(links: pd.DataFrame, tables: TablesLike, reference_year: int) -> pd.DataFrame:
    """Ask for the circuits of planned stations on which a shortage shows that may be one of the assumption.

    Parameters
    ----------
    links : DataFrame
        Bottlenecks and projects; reads bottleneck_id and relation.
    tables : TablesLike
        ``grid/circuits``.
    reference_year : int
        Year in which the requests go out.

    Returns
    -------
    DataFrame
        Columns ``REQUEST_COLUMNS``, one row per corridor.
    """
    ids = set(links.loc[links["relation"] == "data_request", "bottleneck_id"])
    columns = ["corridor_id", "name", "operator", "project_id", "circuits_low", "circuits_high",
               "rating_low_mva", "rating_high_mva"]  # fmt: skip
    circuits = optional(tables, "grid/circuits", columns).drop_duplicates("corridor_id")
    rows = []
    for circuit in circuits.to_dict("records"):
        corridor = str(circuit["corridor_id"])
        if not any(i.startswith(slug(corridor, "electricity")) for i in ids):
            continue
        number, rating = (
            f"{text(pd.Series([circuit[low]]))[0] or '?'} tot {text(pd.Series([circuit[high]]))[0] or '?'}"
            for low, high in (("circuits_low", "circuits_high"), ("rating_low_mva", "rating_high_mva"))
        )
        rows.append(
            (
                slug("planned-link", corridor), circuit["operator"], corridor,
                f"Aantal circuits en vermogen (MVA) van de geplande verbinding {circuit['name']}.",
                f"Aangenomen zijn {number} circuits van {rating} MVA; een tekort hier kan daaraan liggen.",
                "rijen in grid/circuits.csv: circuit_id, corridor_id, rating_summer_mva, rating_winter_mva",
                f"{reference_year}-12-31", "",
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=REQUEST_COLUMNS)
