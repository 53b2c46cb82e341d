"""Tables about energy demand."""

from __future__ import annotations

from pmiek.inputs.schema import (
    Column,
    Table,
    carrier,
    gm_code,
    number,
    provenance,
    share,
    storyline,
    text,
    year,
)


def _volume_and_peak() -> tuple[Column, ...]:
    return (
        number("volume_mwh", "Demand in the year", "MWh"),
        number("peak_mw", "The sector's own highest hour; a cross-check only", "MW", filled=False),
    )


SECTOR = text("sector", "Sector of demand", refers_to="profiles/sectors.sector")

TABLES = (
    Table(
        "demand/municipal",
        "Demand per municipality",
        "Demand of homes, buildings, agriculture, transport and other sectors per municipality.",
        (storyline(), year(), gm_code(), carrier(), SECTOR, *_volume_and_peak(), *provenance()),
        ("storyline", "year", "gm_code", "carrier", "sector"),
    ),
    Table(
        "demand/industry",
        "Demand of industry",
        "Industry demand of the whole study area per sector; sites and floor area divide it.",
        (storyline(), year(), carrier(), SECTOR, *_volume_and_peak(), *provenance()),
        ("storyline", "year", "carrier", "sector"),
        required=False,
        absent="There is no industry demand.",
    ),
    Table(
        "demand/industry_sites",
        "Industry sites",
        "Sites that take a known share of a sector's electricity in the study area.",
        (
            text("site_id", "Identifier of the site"),
            text("name", "Name of the site"),
            gm_code(),
            text("station_id", "Station that feeds the site", refers_to="grid/stations.station_id"),
            SECTOR,
            share("share", "Share of the sector's electricity in the study area"),
            share("share_low", "Low end of the share", filled=False),
            share("share_high", "High end of the share", filled=False),
            number("lat", "Latitude (WGS84)", "degrees", minimum=-90.0, maximum=90.0, filled=False),
            number("lon", "Longitude (WGS84)", "degrees", minimum=-180.0, maximum=180.0, filled=False),
            *provenance(),
        ),
        ("site_id", "sector"),
        required=False,
        absent="All industry is divided by floor area of services.",
    ),
    Table(
        "demand/overlays",
        "Local plans",
        "Housing, charging and heat plans of a municipality, laid over the demand of the storylines.",
        (
            text("plan", "Name of the plan"),
            text(
                "storyline",
                "Storyline in which it holds; empty: all",
                refers_to="demand/national.storyline",
                filled=False,
            ),
            year(),
            gm_code(),
            carrier(),
            SECTOR,
            text("mode", "Set the volume, or add to what the storyline has", allowed=("replace", "delta")),
            number("volume_mwh", "New volume, or what is added (negative: less)", "MWh", minimum=None),
            *provenance(),
        ),
        ("plan", "storyline", "year", "gm_code", "carrier", "sector"),
        required=False,
        absent="Demand is that of the storylines.",
    ),
    Table(
        "demand/national",
        "National demand",
        "Demand of the Netherlands for the national price model; this table names the storylines.",
        (
            storyline(refers_to=""),
            year(),
            carrier(),
            text("level", "Where the source counts it", allowed=("municipality", "industry")),
            text("sector", "Sector of demand"),
            *_volume_and_peak(),
            *provenance(),
        ),
        ("storyline", "year", "carrier", "level", "sector"),
    ),
)
