"""Tables about the methane network and green gas."""

from __future__ import annotations

from pmiek.inputs.schema import Table, gm_code, integer, number, provenance, share, text, year

AREA = "gas/areas.area_id"

TABLES = (
    Table(
        "gas/areas",
        "Gas areas",
        "Distribution areas, the regional grid above them and the national grid, each at its pressure.",
        (
            text("area_id", "Identifier of the area"),
            text("name", "Name of the area"),
            number("tier_bar", "Pressure of the tier", "bar", minimum=1.0),
            text("operator", "Operator", filled=False),
            text(
                "parent_id",
                "Area at higher pressure that feeds it; empty for the national grid",
                filled=False,
                refers_to=AREA,
            ),
            number(
                "take_off_mw",
                "What the stations from the higher pressure can deliver; empty: no limit known",
                "MW",
                filled=False,
            ),
            *provenance(),
        ),
        ("area_id",),
        required=False,
        absent="Methane is not planned.",
    ),
    Table(
        "gas/area_shares",
        "Municipalities of gas areas",
        "Which part of a municipality's methane hangs on which distribution area.",
        (
            gm_code(),
            text("area_id", "Distribution area", refers_to=AREA),
            share("share", "Share of the municipality's demand and small producers"),
            *provenance(),
        ),
        ("gm_code", "area_id"),
        required=False,
        absent="Methane is not planned.",
    ),
    Table(
        "gas/links",
        "Boosters and couplings",
        "What carries gas up to a higher pressure or across to another area, existing or as an option.",
        (
            text("link_id", "Identifier of the link"),
            text("name", "Name of the link"),
            text(
                "kind",
                "Compressor from 8 to 40 bar, compressor to the national grid, or pipe between areas",
                allowed=("booster", "compressor", "coupling"),
            ),
            text("area0", "Area from which gas comes", refers_to=AREA),
            text("area1", "Area to which it goes; a coupling works both ways", refers_to=AREA),
            number(
                "capacity_mw",
                "Capacity of one unit; empty: the standard size of costs/infrastructure",
                "MW",
                filled=False,
            ),
            number("length_km", "Length of the pipe; empty for boosters", "km", filled=False),
            text("status", "In service, planned or an option", allowed=("existing", "planned", "option")),
            integer("max_units", "Most units that a plan may add", "units"),
            year(
                "first_year",
                "First year in which it can be in service; empty: open",
                filled=False,
            ),
            text(
                "project_id", "Project that brings it", filled=False, refers_to="projects/planned.project_id"
            ),
            text("operator", "Operator", filled=False),
            *provenance(),
        ),
        ("link_id",),
        required=False,
        absent="Nothing carries green gas out of its area, and nothing can be built for it.",
    ),
    Table(
        "gas/plants",
        "Green gas plants",
        "Producers of green gas that are known by name, with the tier on which they feed in.",
        (
            text("plant_id", "Identifier of the plant"),
            text("name", "Name of the plant"),
            gm_code(),
            text("area_id", "Area on which it feeds in", refers_to=AREA),
            number(
                "million_m3_per_year",
                "Green gas in a full year; empty: not known",
                "million m3 per year",
                filled=False,
            ),
            year("first_year", "First full year; empty: not known", filled=False),
            text(
                "status", "In service, announced or being explored", allowed=("existing", "planned", "option")
            ),
            *provenance(),
        ),
        ("plant_id",),
        required=False,
        absent="All green gas is spread as small producers.",
    ),
)
