"""How a plausible range is declared, and how a table is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pmiek.errors import Problem
from pmiek.inputs.registry import TABLES

Frames = Mapping[str, pd.DataFrame]
Bounds = tuple[float | None, float | None]
Where = Mapping[str, tuple[str, ...]]
Compute = Callable[[pd.DataFrame, Frames], pd.Series]

#: What a figure may be off by when its unit or its decimal mark was typed wrong, most likely first.
SLIPS = (1000.0, 1e-3, 1e6, 1e-6, 3600.0, 1 / 3600.0, 100.0, 0.01)
#: Names of a unit a thousand times smaller and larger than the one of the column.
SMALLER = {
    "MVA": "kVA", "MW": "kW", "MWh": "kWh", "GW": "MW", "km": "m", "kV": "V", "ohm": "milliohm",
    "kA": "A", "MEUR": "thousand EUR", "km2": "thousand m2", "bar": "mbar",
}  # fmt: skip
LARGER = {"MVA": "GVA", "MW": "GW", "MWh": "GWh", "GW": "TW", "km": "thousand km", "kV": "MV", "bar": "kbar"}


@dataclass(frozen=True)
class Quantity:
    """A quantity of a table with what is usual and what is possible.

    Attributes
    ----------
    table, column : str
        Where a wrong value is to be mended.
    usual : tuple of float or None
        Outside it a value is asked about; None leaves an end open.
    possible : tuple of float or None
        Outside it a value is refused.
    label : str
        Name of the quantity when it is not the column itself, for example ``reactance per km``.
    unit : str
        Unit of the quantity.
    where : mapping of str to tuple of str
        Rows to which it applies: each column has one of the values.
    compute : callable, optional
        Gives the quantity per row from the table and all tables; the column itself if not given.
    needs : tuple of str
        Columns of the table that ``compute`` reads.
    zero : bool
        True if 0 is right as well (nothing there), whatever the range.
    why : str
        Why a value outside cannot be right, added to the remedy.
    """

    table: str
    column: str
    usual: Bounds = (None, None)
    possible: Bounds = (None, None)
    label: str = ""
    unit: str = ""
    where: Where = field(default_factory=dict)
    compute: Compute | None = None
    needs: tuple[str, ...] = ()
    zero: bool = False
    why: str = ""


def check_quantity(quantity: Quantity, frames: Frames) -> list[Problem]:
    """Report every row whose quantity lies outside what is possible or usual.

    Parameters
    ----------
    quantity : Quantity
        The declaration.
    frames : mapping of str to DataFrame
        Typed tables by name, index the line number in the file.
    """
    frame = frames.get(quantity.table)
    needed = {quantity.column, *quantity.needs, *quantity.where}
    if frame is None or frame.empty or not needed <= set(frame.columns):
        return []
    part = frame
    for name, right in quantity.where.items():
        part = part[part[name].isin(right)]
    raw = part[quantity.column] if quantity.compute is None else quantity.compute(part, frames)
    values = np.asarray(raw, dtype=float)
    outside = _outside(values, quantity.usual) | _outside(values, quantity.possible)
    if quantity.zero:
        outside &= values != 0
    cells = part[quantity.column]
    return [
        _problem(quantity, int(str(part.index[int(at)])), cells.iloc[at], float(values[at]))
        for at in np.flatnonzero(outside)
    ]


def _outside(values: npt.NDArray[np.float64], bounds: Bounds) -> npt.NDArray[np.bool_]:
    low, high = (-np.inf if bounds[0] is None else bounds[0]), (np.inf if bounds[1] is None else bounds[1])
    # A last digit of a rounded figure is no reason to ask.
    slack = 1e-9 * (1 + np.abs(values))
    outside: npt.NDArray[np.bool_] = (values < low - slack) | (values > high + slack)
    return outside


def _problem(quantity: Quantity, row: int, cell: object, value: float) -> Problem:
    refused = bool(_outside(np.array([value]), quantity.possible)[0])
    bounds = quantity.possible if refused and not _finite(quantity.usual) else quantity.usual
    number = f"{cell:g}" if isinstance(cell, (int, float, np.number)) else str(cell)
    found = f"{number} ({quantity.label} {value:.4g})" if quantity.label else number
    hint = slip_hint(value, quantity.usual if _finite(quantity.usual) else quantity.possible, quantity.unit)
    remedy = "Correct the value." + hint + (f" {quantity.why}" if quantity.why else "")
    expected = (quantity.label or "a value") + _words(bounds, quantity.unit)
    return Problem(
        TABLES[quantity.table].file, row, quantity.column, found, expected, remedy, asks=not refused
    )


def _finite(bounds: Bounds) -> bool:
    return bounds[0] is not None or bounds[1] is not None


def _words(bounds: Bounds, unit: str) -> str:
    low, high = bounds
    tail = f" {unit}" if unit else ""
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}{tail}"
    return f" of at least {low:g}{tail}" if low is not None else f" of at most {high:g}{tail}"


def slip_hint(value: float, usual: Bounds, unit: str) -> str:
    """Name the slip that explains a figure: another unit, or a thousands point read as a decimal point.

    Parameters
    ----------
    value : float
        The figure as it was read.
    usual : tuple of float or None
        What is usual.
    unit : str
        Unit of the quantity.

    Returns
    -------
    str
        For example ``" Is it kVA instead of MVA (kVA in plaats van MVA)? 200 MVA would be usual."``;
        empty if no slip explains it.
    """
    for factor in SLIPS:
        if not _usual(value / factor, usual):
            continue
        first = unit.partition(" ")[0]
        name = (SMALLER if factor > 1 else LARGER).get(first, "")
        if factor in {1000.0, 1e-3} and name:
            words = f"Is it {name} instead of {first} ({name} in plaats van {first})?"
            if factor < 1:
                words += " Or a thousands point read as a decimal point?"
        elif factor in {1000.0, 1e-3}:
            words = "Is a thousands point or a decimal comma read wrongly, or is the unit another?"
        elif factor in {3600.0, 1 / 3600.0}:
            words = "Is it MJ or GJ instead of kWh or MWh?"
        elif factor in {100.0, 0.01}:
            words = "Is it per cent instead of a fraction, or is the decimal mark lost?"
        else:
            words = "Is the unit a million times smaller or larger?"
        return f" {words} {value / factor:g}{f' {unit}' if unit else ''} would be usual."
    return ""


def _usual(value: float, bounds: Bounds) -> bool:
    low, high = bounds
    return low is not None and high is not None and low <= value <= high


def by_unit(table: str, bands: Mapping[str, tuple[Bounds, Bounds]]) -> Iterator[Quantity]:
    """Declare the columns value, low and high of a table whose rows each have their own unit.

    Parameters
    ----------
    table : str
        ``assumptions``, ``costs/technologies`` or ``costs/infrastructure``.
    bands : mapping of str to (usual, possible)
        Per unit as it stands in the table.
    """
    ends = [c.name for c in TABLES[table].columns if c.name in {"value", "low", "high"}]
    for unit, (usual, possible) in bands.items():
        for column in ends:
            yield Quantity(table, column, usual, possible, unit=unit, where={"unit": (unit,)})
