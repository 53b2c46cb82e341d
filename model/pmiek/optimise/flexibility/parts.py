"""What a window's problem is made of: levers, storage, balances and limits of stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmiek.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Lever:
    """A way to change a station's net load.

    Attributes
    ----------
    name : str
        Family of columns, for example ``demand_response`` or ``battery_system charge``.
    upper_mw : ndarray
        Highest power per hour of the window; hours with zero get no column.
    cost_eur_per_mwh : float
        Cost of use.
    effect : int
        1 when it raises net load, -1 when it lowers it.
    trips : bool
        Whether it is switched off with the generation after a fault, so that it changes nothing then.
    """

    name: str
    upper_mw: Floats
    cost_eur_per_mwh: float
    effect: int
    trips: bool = False


@dataclass(frozen=True, eq=False)
class Reservoir:
    """A level that two levers fill and empty.

    Attributes
    ----------
    name : str
        For messages and results.
    fill, drain : int
        Positions of the levers.
    fill_rate, drain_rate : float
        Level gained per MWh of filling, lost per MWh of draining.
    lower_mwh, upper_mwh : ndarray
        Bounds of the level at the end of each hour.
    start_mwh : float
        Level before the window.
    target_mwh : float or None
        Level outside; being off it at the end costs ``settle_eur_per_mwh`` per MWh. None: bounds say it all.
    settle_eur_per_mwh : float
        See above.
    """

    name: str
    fill: int
    drain: int
    fill_rate: float
    drain_rate: float
    lower_mwh: Floats
    upper_mwh: Floats
    start_mwh: float = 0.0
    target_mwh: float | None = None
    settle_eur_per_mwh: float = 0.0


@dataclass(frozen=True, eq=False)
class Balance:
    """Two levers whose energy is equal in every group of hours."""

    first: int
    second: int
    group: Ints


@dataclass(frozen=True, eq=False)
class Limit:
    """A limit on ``sign × net load``.

    Attributes
    ----------
    sign : int
        1 for take-off, -1 for feed-in.
    room_mw : ndarray
        Limit less power without measures; negative when exceeded, infinite without a limit.
    tripped : bool
        Whether levers that trip do not count.
    """

    sign: int
    room_mw: Floats
    tripped: bool = False


@dataclass(frozen=True, eq=False)
class StationBlock:
    """One station in one window.

    Attributes
    ----------
    station : int
        Position of the station.
    levers, reservoirs, balances, limits : sequence
        See the classes.
    shared : tuple of (levers, upper bound per hour)
        Levers that use the same source, for example a park that is curtailed and charges its battery.
    """

    station: int
    levers: Sequence[Lever]
    reservoirs: Sequence[Reservoir] = ()
    balances: Sequence[Balance] = ()
    limits: Sequence[Limit] = ()
    shared: Sequence[tuple[tuple[int, ...], Floats]] = ()


@dataclass(frozen=True, eq=False)
class BlockResult:
    """Solution of one station: MW per lever (hours), level per reservoir (hours)."""

    power_mw: dict[str, Floats]
    level_mwh: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class ProgramResult:
    """Solution of a window.

    Attributes
    ----------
    blocks : list of BlockResult
        In the order of the blocks.
    objective_keur, residual_mwh : float
        Cost with penalties; what stays above limits, summed over all rows.
    rows, columns : int
        Size.
    """

    blocks: list[BlockResult]
    objective_keur: float
    residual_mwh: float
    rows: int
    columns: int
