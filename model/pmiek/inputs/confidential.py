"""Which figures of the tables are an operator's own and may not be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PUBLIC = "public"
OPERATOR = "operator"


@dataclass(frozen=True)
class ConfidentialCell:
    """One cell that an operator's file set.

    Attributes
    ----------
    table : str
        Input table, for example ``grid/transformers``.
    key : tuple of str
        Values of the table's key columns.
    column : str
        Column that was set; ``*`` when the whole row was added or removed.
    operator : str
        Folder of the operator.
    value : str
        The figure as text; left out of the representation so that no log shows it.
    assets : tuple of str
        Transformer group, corridor or planned assets that the row names; kept because the row may be removed.
    known : bool
        True if the value equals what the public tables hold, so that it cannot be told apart from it.
    """

    table: str
    key: tuple[str, ...]
    column: str
    operator: str
    value: str = field(repr=False)
    assets: tuple[str, ...] = ()
    known: bool = False

    @property
    def place(self) -> tuple[str, tuple[str, ...], str]:
        """Table, key and column."""
        return self.table, self.key, self.column


@dataclass(frozen=True)
class Confidential:
    """All confidential cells of a set of tables; false when there are none.

    Attributes
    ----------
    cells : tuple of ConfidentialCell
        In the order of the operator's files.
    """

    cells: tuple[ConfidentialCell, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells)

    def __iter__(self) -> Iterator[ConfidentialCell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __contains__(self, place: object) -> bool:
        return any(cell.place == place for cell in self.cells)


NOTHING = Confidential()
