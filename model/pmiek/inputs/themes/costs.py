"""Tables about costs and prices, all in EUR of 2025."""

from __future__ import annotations

from pmiek.inputs.schema import Table, integer, number, provenance, text, year

TABLES = (
    Table(
        "costs/technologies",
        "Technology costs",
        "Cost, efficiency and lifetime of supply, storage and conversion.",
        (
            text("technology", "Technology"),
            text("parameter", "Parameter"),
            number("value", "Value", minimum=None),
            text("unit", "Unit of the value"),
            year("year", "Year for which it holds"),
            integer("currency_year_original", "Price level of the source before conversion", filled=False),
            *provenance(),
        ),
        ("technology", "parameter", "year"),
    ),
    Table(
        "costs/infrastructure",
        "Infrastructure costs",
        "Cost, lifetime, lead time and space of grid options.",
        (
            text("asset_class", "Kind of asset"),
            text("option", "Option"),
            text("parameter", "Parameter"),
            number("value", "Value", minimum=None),
            number("low", "Low end", minimum=None, filled=False),
            number("high", "High end", minimum=None, filled=False),
            text("unit", "Unit of the values"),
            *provenance(),
        ),
        ("asset_class", "option", "parameter"),
    ),
    Table(
        "costs/carriers",
        "Carriers",
        "Price and emission factor of energy carriers bought from elsewhere.",
        (
            text("carrier", "Energy carrier or fuel"),
            number("price_eur_per_mwh", "Price, EUR of 2025", "EUR per MWh", minimum=None, filled=False),
            number("co2_t_per_mwh", "Emission factor", "t CO2 per MWh", filled=False),
            *provenance(),
        ),
        ("carrier",),
    ),
    Table(
        "costs/price_index",
        "Price index",
        "Consumer prices, to convert old figures to EUR of 2025.",
        (year(), number("index", "Index", minimum=0.01), *provenance()),
        ("year",),
        required=False,
        absent="All costs are already in EUR of 2025.",
    ),
)
