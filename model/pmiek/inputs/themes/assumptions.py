"""The table of assumptions."""

from __future__ import annotations

from pmiek.inputs.schema import Table, number, provenance, text

TABLES = (
    Table(
        "assumptions",
        "Assumptions",
        "Figures that no table of measurements gives, with range and basis; code reads them by id.",
        (
            text("assumption_id", "Identifier by which the code reads it", pattern=r"[a-z][a-z0-9_\-]*"),
            text("topic", "Topic"),
            text("parameter", "What is assumed"),
            number("value", "Value used", minimum=None),
            number("low", "Low end of the range", minimum=None, filled=False),
            number("high", "High end of the range", minimum=None, filled=False),
            text("unit", "Unit of the values"),
            text("basis", "Why this value", filled=False),
            *provenance(),
        ),
        ("assumption_id",),
    ),
)
