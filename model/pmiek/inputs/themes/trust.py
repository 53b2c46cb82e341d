"""Tables in which people say that an unlikely figure is right, and when an edition of the inputs was accepted."""

from __future__ import annotations

from pmiek.inputs.schema import Table, integer, text

DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"

TABLES = (
    Table(
        "confirmed",
        "Confirmed figures",
        "Figures that the check asked about and that somebody confirmed; another value is asked about again.",
        (
            text("table", "Input table, for example grid/transformers"),
            text("row_key", "Key of the row, its parts separated by ' / '"),
            text("column", "Column that was asked about"),
            text("value", "Value that is confirmed, as it stands in the table", filled=False),
            text("author_role", "Role of who confirmed it, never a name"),
            text("reason", "Why it is right"),
            text("date", "Day of the confirmation", pattern=DATE),
        ),
        ("table", "row_key", "column"),
        required=False,
        absent="Nothing unlikely was confirmed.",
    ),
    Table(
        "editions",
        "Accepted editions",
        "Each time the inputs were accepted as the edition that later changes are compared with.",
        (
            integer("number", "Number of the edition", minimum=1.0),
            text("date", "Day of acceptance", pattern=DATE),
            text("author_role", "Role of who accepted it, never a name"),
            text("reason", "What changed and why"),
            integer("changes", "Questions about changes that were accepted with it"),
        ),
        ("number",),
        required=False,
        absent="Changes are compared with nothing.",
    ),
)
