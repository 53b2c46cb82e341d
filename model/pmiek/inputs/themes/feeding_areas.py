"""Tables of what the operators publish about capacity: feeding areas, their stations, areas above them."""

from __future__ import annotations

from pmiek.inputs.schema import QUALITIES, Column, Table, integer, number, provenance, text, year

DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
# Ten times the largest feeding area of the country: what lies above it is kW in a column of MW.
LARGEST_AREA_MW = 5000.0
LARGEST_TRANSMISSION_AREA_MW = 20_000.0


def _direction() -> Column:
    return text("direction", "Direction of power", allowed=("take-off", "feed-in"))


def _snapshot() -> Column:
    return text("snapshot_date", "Day on which the operators stated the row, as year-month-day", pattern=DATE)


def _capacity(largest_mw: float) -> tuple[Column, ...]:
    """Make the columns that an area of either operator has; blank is not stated."""
    return (
        number(
            "existing_capacity_mw",
            "Transport capacity by the operator's own criterion; blank is not stated",
            "MW",
            maximum=largest_mw,
            filled=False,
        ),
        number(
            "needed_capacity_mw",
            "Capacity needed for what is connected and contracted, contracts not yet used among it; "
            "without the queue; blank is not stated",
            "MW",
            maximum=largest_mw,
            filled=False,
        ),
        number("queue_mw", "Contract power on the waiting list", "MW", maximum=2 * largest_mw, filled=False),
        integer("queue_requests", "Requests on the waiting list", filled=False),
    )


TABLES = (
    Table(
        "grid/feeding_areas",
        "Feeding areas",
        "What the operators publish per feeding area, direction and day: capacity, need and waiting list. "
        "The latest day is the value, earlier ones are the range.",
        (
            text("feeding_area_id", "Identifier that the operators give the area"),
            text("name", "Name of the area"),
            _direction(),
            _snapshot(),
            text("operator", "Operators of the medium voltage, separated by semicolons", filled=False),
            *_capacity(LARGEST_AREA_MW),
            year(
                "year_solved_regional",
                "Year in which the regional operator expects room; blank is not stated",
                filled=False,
            ),
            year(
                "year_solved_transmission",
                "Year in which the transmission operator expects room; blank is not stated",
                filled=False,
            ),
            text(
                "transmission_area",
                "Congestion area of the transmission operator in this direction; blank if none is known",
                filled=False,
                refers_to="grid/transmission_areas.transmission_area",
            ),
            text(
                "transmission_area_quality",
                "How the congestion area came about",
                filled=False,
                allowed=QUALITIES,
            ),
            *provenance(),
        ),
        ("feeding_area_id", "direction", "snapshot_date"),
        required=False,
        absent="No limit of a station is published: each follows from its transformers.",
    ),
    Table(
        "grid/area_stations",
        "Stations of feeding areas",
        "Which stations feed an area. Stations of one area share its published capacity.",
        (
            text(
                "feeding_area_id",
                "Feeding area",
                refers_to="grid/feeding_areas.feeding_area_id",
            ),
            text("station_id", "Station that feeds it", refers_to="grid/stations.station_id"),
            integer(
                "study_postcodes",
                "Postcodes in the study area whose neighbourhood hangs mostly on this feeding area",
                filled=False,
            ),
            *provenance(),
        ),
        ("feeding_area_id", "station_id"),
        required=False,
        absent="No station has a published limit.",
    ),
    Table(
        "grid/transmission_areas",
        "Areas of the transmission operator",
        "What the transmission operator publishes per congestion area, direction and year. "
        "Compared with the model; never a limit.",
        (
            text("transmission_area", "Name of the congestion area"),
            _direction(),
            _snapshot(),
            year(),
            *_capacity(LARGEST_TRANSMISSION_AREA_MW),
            year("year_solved", "Year in which room is expected; blank is not stated", filled=False),
            *provenance(),
        ),
        ("transmission_area", "direction", "snapshot_date", "year"),
        required=False,
        absent="Nothing is compared with the areas of the transmission operator.",
    ),
)
