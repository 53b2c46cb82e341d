"""Tables about typical days and the registry of sectors and technologies."""

from __future__ import annotations

from pmiek.inputs.schema import Table, carrier, integer, number, provenance, share, text

TABLES = (
    Table(
        "profiles/typical_days",
        "Typical days",
        "Relative hourly shapes that the weather does not give; holidays count as Sundays.",
        (
            text("profile", "Name of the profile"),
            integer("month", "Month", minimum=1.0, maximum=12.0),
            text("day_type", "Kind of day", allowed=("weekday", "saturday", "sunday")),
            integer("hour_local", "Hour that starts at this local time", maximum=23.0),
            number("value", "Relative height"),
            *provenance(),
        ),
        ("profile", "month", "day_type", "hour_local"),
    ),
    Table(
        "profiles/sectors",
        "Sectors and technologies",
        "Registry of every sector and technology: profile, connection, label and colour.",
        (
            carrier(),
            text("kind", "What it does", allowed=("demand", "supply", "flexibility")),
            text("sector", "Sector or technology", pattern=r"[a-z][a-z0-9_]*"),
            text("profile", "Hourly profile that it follows; empty if it has none", filled=False),
            text(
                "connection",
                "Follows load, field generation or a known site",
                allowed=("load", "field", "site"),
                filled=False,
            ),
            text(
                "served_as",
                "Kind of user whose share of the service areas it follows; outside: not on medium voltage; "
                "empty: by connection",
                allowed=("homes", "services", "farms", "industry", "roofs", "large_roofs", "wind", "outside"),
                filled=False,
                optional=True,
            ),
            share("switchable_share", "Share that can be switched off after a fault", filled=False),
            text("direction", "Direction of power", allowed=("take-off", "feed-in", "both")),
            text("label_nl", "Dutch label"),
            text("label_en", "English label"),
            text("colour", "Colour", pattern=r"#[0-9A-Fa-f]{6}"),
            *provenance(),
        ),
        ("carrier", "kind", "sector"),
    ),
    Table(
        "profiles/connection_levels",
        "Connection levels",
        "Which part of a sector's power hangs below the HV/MV station, on low and on medium voltage.",
        (
            carrier(),
            text("kind", "What it does", allowed=("demand", "supply", "flexibility")),
            text("sector", "Sector or technology", refers_to="profiles/sectors.sector"),
            share("lv_share", "Share behind the grid operator's MV/LV stations"),
            share("lv_share_low", "Low end of the share", filled=False),
            share("lv_share_high", "High end of the share", filled=False),
            share("mv_share", "Share that runs through MV switching stations, low voltage included"),
            share("mv_share_low", "Low end of the share", filled=False),
            share("mv_share_high", "High end of the share", filled=False),
            *provenance(),
        ),
        ("carrier", "kind", "sector"),
        required=False,
        absent="Medium and low voltage are left out.",
    ),
)
