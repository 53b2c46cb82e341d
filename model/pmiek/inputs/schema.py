"""How an input table is described: its columns, units, keys, references and what its absence means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "integer", "boolean"]

QUALITIES = ("measured", "published", "derived", "assumed")
DISCLOSURES = ("public", "working-group", "operator")
CARRIERS = ("electricity", "hydrogen", "methane", "heat")
GM_CODE = r"GM\d{4}"
SLUG = r"[A-Za-z0-9][A-Za-z0-9_.\-]*"


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Attributes
    ----------
    name : str
        Header in the file; a quantity carries its unit in the name.
    description : str
        What the column holds.
    kind : {"text", "number", "integer", "boolean"}
        Type of each cell; numbers have a decimal point, booleans are ``true`` or ``false``.
    unit : str
        Unit in words, empty for text and shares.
    filled : bool
        True if no cell may be empty. An empty cell becomes NaN and means "not known" or
        "does not apply", as the description says.
    allowed : tuple of str
        Closed list of values; empty means any.
    minimum, maximum : float or None
        Inclusive bounds of a number.
    pattern : str
        Regular expression that the whole cell must match.
    refers_to : str
        ``table.column`` that must hold the value, for example ``grid/stations.station_id``.
    also : tuple of str
        Values accepted beside those of ``refers_to``.
    many : bool
        True if a cell may hold several values separated by semicolons.
    optional : bool
        True if the whole column may be left out of the file; it is then read as empty.
    """

    name: str
    description: str
    kind: Kind = "text"
    unit: str = ""
    filled: bool = True
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    refers_to: str = ""
    also: tuple[str, ...] = ()
    many: bool = False
    optional: bool = False

    @property
    def expected(self) -> str:
        """Describe a right value in words, for the error report."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "text":
            if self.refers_to:
                return f"a value of {self.refers_to}"
            return f"text like {self.pattern}" if self.pattern else "text"
        words = "a whole number" if self.kind == "integer" else "a number"
        if self.unit:
            words += f" in {self.unit}"
        return words + self._range()

    def _range(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f" from {self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f" of at least {self.minimum:g}"
        return f" of at most {self.maximum:g}" if self.maximum is not None else ""


@dataclass(frozen=True)
class Table:
    """One input file.

    Attributes
    ----------
    name : str
        Path below the inputs folder without ``.csv``, for example ``grid/stations``.
    title, description : str
        What the table holds.
    columns : tuple of Column
        All columns, in the order of a fresh file.
    key : tuple of str
        Columns that together are unique.
    required : bool
        True if the file must exist and hold at least one row.
    absent : str
        What it means when the file is not there.
    rows_required : bool
        True if a file with only a header is an error.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True
    absent: str = "The model cannot run."
    rows_required: bool | None = None

    @property
    def file(self) -> str:
        """Path as the error report names it."""
        return f"inputs/{self.name}.csv"

    @property
    def needs_rows(self) -> bool:
        """True if a file with only a header is an error."""
        return self.required if self.rows_required is None else self.rows_required

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises
        ------
        KeyError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def text(name: str, description: str, **options: Any) -> Column:
    """Make a text column."""
    return Column(name, description, kind="text", **options)


def number(name: str, description: str, unit: str = "", **options: Any) -> Column:
    """Make a column of numbers; at least 0 unless ``minimum`` says otherwise."""
    options.setdefault("minimum", 0.0)
    return Column(name, description, kind="number", unit=unit, **options)


def integer(name: str, description: str, unit: str = "", **options: Any) -> Column:
    """Make a column of whole numbers; at least 0 unless ``minimum`` says otherwise."""
    options.setdefault("minimum", 0.0)
    return Column(name, description, kind="integer", unit=unit, **options)


def boolean(name: str, description: str, **options: Any) -> Column:
    """Make a column of true and false."""
    return Column(name, description, kind="boolean", **options)


def share(name: str, description: str, **options: Any) -> Column:
    """Make a column of shares from 0 to 1."""
    return number(name, description, **{"maximum": 1.0, **options})


def year(name: str = "year", description: str = "Calendar year", **options: Any) -> Column:
    """Make a column of calendar years."""
    return integer(name, description, **{"minimum": 1900.0, "maximum": 2150.0, **options})


def gm_code(description: str = "CBS municipality code", **options: Any) -> Column:
    """Make a column of municipality codes that must be known in regions/municipalities."""
    return text("gm_code", description, **{"refers_to": "regions/municipalities.gm_code", **options})


def carrier() -> Column:
    """Make the column of energy carriers."""
    return text("carrier", "Energy carrier", allowed=CARRIERS)


def storyline(refers_to: str = "demand/national.storyline") -> Column:
    """Make the column of storylines; the national demand table names those that exist."""
    return text("storyline", "Storyline", refers_to=refers_to, pattern=r"[a-z][a-z0-9_]*")


def provenance() -> tuple[Column, ...]:
    """Make the columns that close every table: source, quality, disclosure and note."""
    return (
        text("source", "Source of the row", refers_to="sources.source_id", many=True),
        text("quality", "How the figure came about", allowed=QUALITIES),
        text("disclosure", "Who may see the row", allowed=DISCLOSURES, optional=True, filled=False),
        text("note", "Remark for the reader", optional=True, filled=False),
    )
