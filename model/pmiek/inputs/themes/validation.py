"""Tables of what was measured about the base year, and of lines of that comparison that are known to fail."""

from __future__ import annotations

from pmiek.inputs.schema import Table, integer, number, provenance, text, year

PRICE_STATISTICS = ("price_mean", "price_spread", "hours_at_or_below_1_eur", "hours_below_zero")
"""Statistics of the price that the result table ``base_year`` has a line for."""

TABLES = (
    Table(
        "validation/day_ahead_years",
        "Day-ahead prices per year",
        "Statistics of the measured hourly day-ahead price, to compare the national price of the base year with. "
        "Not an input to any future.",
        (
            year(),
            integer(
                "hours", "Hours with a price in the calendar year, local time", minimum=1.0, maximum=8784.0
            ),
            number("mean_eur_per_mwh", "Mean price, money of the year", "EUR/MWh", minimum=-500.0),
            number("p95_eur_per_mwh", "Price exceeded in one hour of twenty", "EUR/MWh", minimum=-500.0),
            integer("hours_below_zero", "Hours with a price below zero", maximum=8784.0),
            integer("hours_at_or_below_1_eur", "Hours at or below 1 EUR/MWh", maximum=8784.0),
            *provenance(),
        ),
        ("year",),
        required=False,
        absent="The national price of the base year is compared with nothing.",
    ),
    Table(
        "validation/base_year_exceptions",
        "Exceptions in the base year",
        "Lines of the result table base_year that fail for a known cause. They stay marked, are counted in public, "
        "and more than a tenth of the lines fails the table.",
        (
            text(
                "asset_id",
                "Line of base_year: feeding area, municipality and quantity, or statistic of the price",
            ),
            text(
                "direction",
                "Direction of power; blank for a line without one",
                filled=False,
                allowed=("take-off", "feed-in"),
            ),
            text("cause", "Why the line fails"),
            text("evidence", "What shows it: a document, a measurement, a page"),
            text("owner", "Organisation that can remove the cause, never a name of a person"),
            text("request", "What is asked of the owner"),
            integer("expires_edition", "Number of the edition in which the exception expires", minimum=1.0),
        ),
        ("asset_id", "direction"),
        required=False,
        absent="No line is excused.",
        rows_required=False,
    ),
)
