"""Tables about energy supply, flexibility and trade."""

from __future__ import annotations

from pmiek.inputs.schema import Table, carrier, gm_code, number, provenance, share, storyline, text, year

TECHNOLOGY = text("technology", "Technology", refers_to="profiles/sectors.sector")
VOLUME = number("volume_mwh", "Production in the year", "MWh", filled=False)
CAPACITY = number("capacity_mw", "Installed capacity; nameplate for solar and wind", "MW", filled=False)

TABLES = (
    Table(
        "supply/municipal",
        "Supply per municipality",
        "Solar, wind, biomass, must-run plants and green gas per municipality.",
        (storyline(), year(), gm_code(), carrier(), TECHNOLOGY, VOLUME, CAPACITY, *provenance()),
        ("storyline", "year", "gm_code", "carrier", "technology"),
    ),
    Table(
        "supply/industry",
        "Supply of industry",
        "Combined heat and power and other supply of industry in the whole study area.",
        (storyline(), year(), carrier(), TECHNOLOGY, VOLUME, CAPACITY, *provenance()),
        ("storyline", "year", "carrier", "technology"),
        required=False,
        absent="Industry supplies nothing.",
    ),
    Table(
        "supply/flexibility",
        "Flexible capacity",
        "Batteries, conversion and demand response; their volumes are outcomes of the model.",
        (
            storyline(),
            year(),
            gm_code("CBS municipality code; empty for industry of the whole study area", filled=False),
            carrier(),
            TECHNOLOGY,
            number("capacity_mw", "Installed capacity", "MW"),
            *provenance(),
        ),
        ("storyline", "year", "gm_code", "carrier", "technology"),
        required=False,
        absent="Nothing in the study area is flexible.",
    ),
    Table(
        "supply/national",
        "National supply and flexibility",
        "Production and flexible capacity of the Netherlands for the national price model.",
        (
            storyline(),
            year(),
            carrier(),
            text("technology", "Technology"),
            number(
                "volume_mwh",
                "Production in the year; of flexible technologies a cross-check",
                "MWh",
                filled=False,
            ),
            CAPACITY,
            *provenance(),
        ),
        ("storyline", "year", "carrier", "technology"),
    ),
    Table(
        "supply/sites",
        "Plants with a known station",
        "Share of a municipality's technology that feeds in at a known station.",
        (
            text("plant_id", "Identifier of the plant"),
            text("name", "Name of the plant"),
            TECHNOLOGY,
            gm_code(),
            text("station_id", "Station on which it feeds in", refers_to="grid/stations.station_id"),
            share("share", "Share of the municipality's technology"),
            *provenance(),
        ),
        ("plant_id", "technology"),
        required=False,
        absent="All supply is divided over stations by service area.",
    ),
    Table(
        "supply/res_check",
        "Regional bid for solar and wind",
        "Figures of the regional energy strategy, shown beside the storylines.",
        (
            text("technology", "Technology or the sum of several"),
            year(),
            number("value_mwh", "Production in the year", "MWh"),
            *provenance(),
        ),
        ("technology", "year"),
        required=False,
        absent="The check against the regional bid is left out.",
    ),
    Table(
        "supply/trade",
        "Import and export",
        "Blocks of import and export of the national price model.",
        (
            text("direction", "Import or export", allowed=("import", "export")),
            text("block", "Name of the block"),
            year(),
            number("capacity_gw", "Size of the block", "GW"),
            number("price_eur_per_mwh", "Price of the block, EUR of 2025", "EUR per MWh", minimum=None),
            *provenance(),
        ),
        ("direction", "block", "year"),
    ),
)
