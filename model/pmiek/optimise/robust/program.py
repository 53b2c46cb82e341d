"""A linear problem as sparse arrays, and the one way to solve it: a proven optimum or an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
import scipy.sparse as sp

from pmiek.errors import SolveError
from pmiek.optimise.solve.case import Array, Indices

#: HiGHS options by name.
Options = Mapping[str, bool | int | float | str]
#: Simplex: the next problem differs in a few bounds, and starts where the last one ended.
OPTIONS: Options = {"solver": "simplex"}


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise ``cost @ x`` with ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``.

    Attributes
    ----------
    matrix : sparse array (row, column)
    row_lower, row_upper : array (row)
    cost, lower, upper : array (column)
        Cost in kEUR.
    """

    matrix: sp.csr_array
    row_lower: Array
    row_upper: Array
    cost: Array
    lower: Array
    upper: Array

    def with_rows(self, rows: sp.csr_array, lower: Array, upper: Array) -> Program:
        """Return the problem with more rows, over the same columns."""
        return replace(
            self,
            matrix=sp.vstack([self.matrix, rows], format="csr"),
            row_lower=np.concatenate([self.row_lower, lower]),
            row_upper=np.concatenate([self.row_upper, upper]),
        )

    def with_columns(self, cost: Array, lower: Array, upper: Array) -> Program:
        """Return the problem with more columns, which stand in no row yet."""
        return replace(
            self,
            matrix=sp.csr_array(
                sp.hstack([self.matrix, sp.csr_array((self.matrix.shape[0], len(cost)))], format="csr")
            ),
            cost=np.concatenate([self.cost, cost]),
            lower=np.concatenate([self.lower, lower]),
            upper=np.concatenate([self.upper, upper]),
        )

    def held(self, columns: Indices, values: Array) -> Program:
        """Return the problem with some columns held at a value, as near to it as their bounds allow."""
        at = np.clip(values, self.lower[columns], self.upper[columns])
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[columns], upper[columns] = at, at
        return replace(self, lower=lower, upper=upper)


def stack(programs: Sequence[Program], weights: Sequence[float]) -> tuple[Program, list[int]]:
    """Put problems side by side, each with its cost times a weight.

    Returns
    -------
    (Program, list of int)
        The joint problem, and the first column of each part.
    """
    sizes = [len(program.cost) for program in programs]
    joint = Program(
        sp.csr_array(sp.block_diag([program.matrix for program in programs], format="csr")),
        np.concatenate([program.row_lower for program in programs]),
        np.concatenate([program.row_upper for program in programs]),
        np.concatenate([weight * program.cost for program, weight in zip(programs, weights, strict=True)]),
        np.concatenate([program.lower for program in programs]),
        np.concatenate([program.upper for program in programs]),
    )
    return joint, [int(first) for first in np.cumsum([0, *sizes[:-1]])]


class Solver:
    """A problem in HiGHS, which keeps its last optimum as the start of the next.

    Parameters
    ----------
    program : Program
    label : str
        Name of the problem for messages.
    options : mapping
        HiGHS options.
    """

    def __init__(self, program: Program, label: str, options: Options = OPTIONS) -> None:
        self.program, self.label = program, label
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(_model(program))

    def solve(self, program: Program | None = None, *, label: str | None = None) -> tuple[Array, float]:
        """Solve the problem, or one that differs from it in bounds and cost of columns only.

        Returns
        -------
        (array (column), float)
            Values of the columns, and the objective in kEUR.

        Raises
        ------
        SolveError
            If HiGHS does not end with a proven optimum.
        """
        wanted = program or self.program
        count = len(wanted.cost)
        every = np.arange(count, dtype=np.int32)
        self.highs.changeColsBounds(count, every, wanted.lower, wanted.upper)
        self.highs.changeColsCost(count, every, wanted.cost)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            message = f"{label or self.label}: HiGHS ended with {self.highs.modelStatusToString(status)}"
            raise SolveError(message, ["this is not a result"])
        values = np.asarray(self.highs.getSolution().col_value)
        return values, float(wanted.cost @ values)


def solve(program: Program, label: str, options: Options = OPTIONS) -> tuple[Array, float]:
    """Solve one problem; see :class:`Solver`."""
    return Solver(program, label, options).solve()


def _model(program: Program) -> highspy.HighsLp:
    matrix = sp.csr_array(program.matrix)
    matrix.sum_duplicates()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_row_, model.a_matrix_.num_col_ = matrix.shape
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    return model
