"""Start a pathway problem from the optimum of the one before: most of its station-days and rows come back.

A basis says of every column and row of a linear problem whether it is basic or at a bound. Between passes and
rounds only rows and station-days are added, so the simplex method starts next to the optimum. It ends at an
optimum of the same problem whatever the start is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import linopy
import numpy as np

from pmiek.optimise.solve.case import Indices

LOWER, BASIC, UPPER, ZERO = (
    int(highspy.HighsBasisStatus.kLower),
    int(highspy.HighsBasisStatus.kBasic),
    int(highspy.HighsBasisStatus.kUpper),
    int(highspy.HighsBasisStatus.kZero),
)
#: Free column that its own equality row defines: basic in a new station-day, with the row at its bound.
DEFINED = "shift"
Codes = np.ndarray[tuple[int, ...], np.dtype[np.int8]]


@dataclass(frozen=True)
class Start:
    """Basis of a solved problem, in terms that hold in the next one.

    Attributes
    ----------
    columns, rows : dict of str to array
        Status per variable and constraint family, in the shape of the family.
    keys : dict of str to array
        Identity of the entries along the first dimension, for the families that change between problems:
        ``slot`` (period, station and day) and ``row`` (of the high-voltage grid).
    """

    columns: dict[str, Codes]
    rows: dict[str, Codes]
    keys: dict[str, Indices]

    @classmethod
    def of(cls, model: linopy.Model, keys: Mapping[str, Indices]) -> Start | None:
        """Read the basis of a solved model; None when the algorithm left none."""
        basis = model.solver_model.getBasis()
        if not basis.valid:
            return None
        columns, rows = _codes(basis.col_status), _codes(basis.row_status)
        if (len(columns), len(rows)) != (_size(model.variables), _size(model.constraints)):
            return None
        return cls(_split(model.variables, columns), _split(model.constraints, rows), dict(keys))

    def basis(self, model: linopy.Model, keys: Mapping[str, Indices]) -> highspy.HighsBasis:
        """Return the basis to start a model from; new columns are at a bound and new rows basic."""
        columns = self._laid(model.variables, self.columns, keys, LOWER, BASIC)
        rows = self._laid(model.constraints, self.rows, keys, BASIC, LOWER)
        _repair(columns, rows)
        basis = highspy.HighsBasis()
        basis.col_status = [STATUS[code] for code in columns.tolist()]
        basis.row_status = [STATUS[code] for code in rows.tolist()]
        basis.valid = True
        return basis

    def _laid(
        self,
        families: linopy.variables.Variables | linopy.constraints.Constraints,
        known: Mapping[str, Codes],
        keys: Mapping[str, Indices],
        default: int,
        defined: int,
    ) -> Codes:
        parts = []
        for name in families:
            labels = families[name].labels
            codes = np.full(labels.shape, defined if name == DEFINED else default, dtype=np.int8)
            first = str(labels.dims[0])
            if name in known and first not in keys and known[name].shape == codes.shape:
                codes = known[name]
            elif name in known and first in keys and len(self.keys[first]):
                new, old = _shared(keys[first], self.keys[first])
                codes[new] = known[name][old]
            parts.append(codes.ravel())
        return np.concatenate(parts)


STATUS = {int(status): status for status in highspy.HighsBasisStatus.__members__.values()}


def _codes(statuses: list[highspy.HighsBasisStatus]) -> Codes:
    return np.fromiter((int(status) for status in statuses), dtype=np.int8, count=len(statuses))


def _split(
    families: linopy.variables.Variables | linopy.constraints.Constraints, codes: Codes
) -> dict[str, Codes]:
    """Cut the statuses of all columns (or rows) into families, which linopy numbers one after the other."""
    found, at = {}, 0
    for name in families:
        shape = families[name].labels.shape
        size = int(np.prod(shape))
        found[name] = codes[at : at + size].reshape(shape)
        at += size
    return found


def _size(families: linopy.variables.Variables | linopy.constraints.Constraints) -> int:
    return sum(int(np.prod(families[name].labels.shape)) for name in families)


def _shared(new: Indices, old: Indices) -> tuple[Indices, Indices]:
    """Return positions in `new` and in `old` of the keys that both have."""
    _, at_new, at_old = np.intersect1d(new, old, return_indices=True)
    return at_new, at_old


def _repair(columns: Codes, rows: Codes) -> None:
    """Make the number of basic entries that of the rows: HiGHS takes no other; it mends what is singular."""
    surplus = int((columns == BASIC).sum() + (rows == BASIC).sum()) - len(rows)
    if surplus > 0:
        columns[np.flatnonzero(columns == BASIC)[-surplus:]] = LOWER
    elif surplus < 0:
        rows[np.flatnonzero(rows != BASIC)[surplus:]] = BASIC
