"""Tables of the national price model and of offshore wind."""

from __future__ import annotations

from pmiek.inputs.schema import Table, integer, number, provenance, share, text

TABLES = (
    Table(
        "supply/fleet",
        "What each national technology does",
        "Role, fuel, efficiency and cost of every technology of the national price model.",
        (
            text("technology", "Technology, as in supply/national", pattern=r"[a-z][a-z0-9_]*"),
            integer("year_from", "First year for which the row holds", minimum=2000.0, maximum=2150.0),
            text(
                "role",
                "What it does in the national price model",
                allowed=(
                    "variable",
                    "must_run",
                    "plant",
                    "storage",
                    "electrolyser",
                    "power_to_heat",
                    "demand_response",
                ),
            ),
            text(
                "fuel",
                "Fuel that it burns, or whose price sets what its product is worth; see costs/carriers",
                filled=False,
            ),
            number(
                "efficiency",
                "Product over fuel or electricity; of storage the round trip; of power to heat the "
                "fuel that one MWh of electricity saves",
                filled=False,
            ),
            number(
                "other_cost_eur_per_mwh",
                "Cost beside fuel: wear, maintenance, less heat sold, or the price of "
                "shedding; of solar and wind the small cost of curtailing that fixes the order",
                "EUR per MWh",
                minimum=None,
            ),
            share(
                "availability", "Capacity that runs; of solar and wind the highest joint output", filled=False
            ),
            number("duration_h", "Content of storage over its power", "hours", filled=False),
            number("duration_low_h", "Low end", "hours", filled=False),
            number("duration_high_h", "High end", "hours", filled=False),
            text(
                "park", "Technology behind whose grid connection it stands; empty on the grid", filled=False
            ),
            *provenance(),
        ),
        ("technology", "year_from"),
    ),
    Table(
        "profiles/offshore_fit",
        "Map from wind on land to offshore output",
        "Quantiles of the moving mean of wind on land, and of modelled offshore output in the same years.",
        (
            share("quantile", "Quantile"),
            number("wind_speed_m_per_s", "Moving mean of the wind at 10 m on land", "m per s"),
            share("capacity_factor", "Offshore output over capacity"),
            *provenance(),
        ),
        ("quantile",),
    ),
)
