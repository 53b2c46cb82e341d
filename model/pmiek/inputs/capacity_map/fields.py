"""Column names of the operators' own files, and what they mean here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DIRECTIONS: Final = ("take-off", "feed-in")
MEASURES: Final = (
    "existing_capacity_mw", "needed_capacity_mw", "queue_mw", "queue_requests", "year_solved",
    "year_solved_transmission",
)  # fmt: skip
MW: Final = MEASURES[:3]
_DUTCH: Final = {
    "existing_capacity_mw": "aanwezige_transportcapaciteit_",
    "needed_capacity_mw": "benodigde_transportcapaciteit_",
    "queue_mw": "wachtrij_",
    "queue_requests": "unieke_verzoeken_",
    "year_solved": "jaartal_opgelost_",
}
# the same figures as an archive of the operators' service gives them, one row per area
_ARCHIVE: Final = {
    "existing_capacity_mw": "existing_mw_",
    "needed_capacity_mw": "required_mw_",
    "queue_mw": "queue_mw_",
    "queue_requests": "queue_requests_",
    "year_solved": "year_solved_",
    "year_solved_transmission": "tennet_year_solved_",
}
# and as a series per congestion area and direction
_SERIES: Final = {
    "existing_capacity_mw": "existing_mw",
    "needed_capacity_mw": "required_mw",
    "queue_mw": "queue_mw",
    "queue_requests": "queue_requests",
    "year_solved": "year_solved",
}


def measures_by_direction(columns: list[str]) -> dict[str, dict[str, str]]:
    """Find the columns with figures.

    Returns
    -------
    dict of str to dict
        Per direction the column of each measure that the file has.
    """
    endings = {"take-off": ("afname", "takeoff"), "feed-in": ("invoeding", "feedin")}
    figures: dict[str, dict[str, str]] = {}
    for direction, ends in endings.items():
        columns_of = {
            name: start + end
            for starts, end in zip((_DUTCH, _ARCHIVE), ends, strict=True)
            for name, start in starts.items()
            if start + end in columns
        }
        if columns_of:
            figures[direction] = columns_of
    if not figures and "direction" in columns:
        series = {name: column for name, column in _SERIES.items() if column in columns}
        figures = dict.fromkeys(DIRECTIONS, series) if series else {}
    return figures


NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("voedingsgebied_id", "feeding_area_id", "area_id"),
    "area_name": ("voedingsgebied_naam", "name"),
    "operator": ("RNB", "netbeheerder", "operator"),
    "year": ("jaar", "year"),
    "transmission_area": ("congestiegebied", "congestion_area"),
    "station": ("tennet_id", "tennet_station"),
    "postcode": ("postcode",),
    "municipality": ("Gemeentecode", "gemeentecode", "municipality_code"),
    "area_takeoff": ("congestiegebied_afname",),
    "area_feedin": ("congestiegebied_opwek", "congestiegebied_invoeding"),
    "project": ("projectnaam", "project_name"),
    "project_areas": ("gebied_id", "areas"),
    "date": ("jaar", "datum", "date_string"),
    "phase": ("fase", "status", "phase"),
    "basis": ("bron", "bron_datum", "source_of_date"),
    "snapshot": ("snapshot", "snapshot_date", "peildatum"),
    "direction": ("direction",),
}
"""Headers that may hold a field, the operators' own first."""


def column(field: str, columns: list[str]) -> str:
    """Return the column that holds a field, or an empty string."""
    return next((name for name in NAMES[field] if name in columns), "")


# Which fields tell one file from another: the first that fits.
KINDS: Final = {
    "projecten": ("project",),
    "congestie_pc6": ("postcode", "area"),
    "tennetcongestie": ("station", "area_takeoff", "area_feedin"),
    "tennetgebieden": ("transmission_area", "year"),
    "voedingsgebieden": ("area",),
}


def kind_of(columns: list[str]) -> str:
    """Tell which of the public files has these columns; empty if none of them."""
    for kind, needed in KINDS.items():
        if all(column(field, columns) for field in needed):
            figures = kind in {"tennetgebieden", "voedingsgebieden"}
            if not figures or measures_by_direction(columns):
                return kind
    return ""
