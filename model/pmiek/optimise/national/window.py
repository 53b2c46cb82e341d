"""A persistent HiGHS model of one window of hours, whose numbers change in place from week to week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pmiek.errors import SolveError
from pmiek.optimise.national.diagnosis import diagnose
from pmiek.optimise.national.parts import Case, Floats, Unit

Ints = NDArray[np.int32]

UNSERVED = "unserved"
# Later charging costs this much more per MWh over a window, so that equal prices give one answer.
CHARGE_LATER_EUR_PER_MWH = 1e-3
FEASIBILITY_TOLERANCE = 1e-9


@dataclass(frozen=True)
class WindowResult:
    """Solution of one window; rows are hours, columns follow the case's tuples.

    Attributes
    ----------
    price_eur_per_mwh : ndarray
        Dual of the balance.
    feed_in_gw : ndarray
        Feed-in of each park.
    unit_gw : ndarray
        Power of each unit; the last column is unserved demand.
    charge_gw, discharge_gw, level_gwh : ndarray
        Per storage; the level at the end of the hour.
    objective_keur : float
        Cost of the window.
    """

    price_eur_per_mwh: Floats
    feed_in_gw: Floats
    unit_gw: Floats
    charge_gw: Floats
    discharge_gw: Floats
    level_gwh: Floats
    objective_keur: float


class Window:
    """The programme for a window of a fixed number of hours; storage ends as full as it began.

    Parameters
    ----------
    case : Case
        Capacities and costs; its series are read window by window in :meth:`solve`.
    hours : int
        Length of the window.
    """

    def __init__(self, case: Case, hours: int) -> None:
        unserved = Unit(
            UNSERVED,
            1.0,
            float(np.maximum(case.load_gw, 0).max()) + 1.0,
            case.value_of_lost_load_eur_per_mwh,
            1.0,
        )
        self.case = replace(case, units=(*case.units, unserved))
        self.hours = hours
        self._parks = len(case.parks)
        self._units = len(self.case.units)
        self._stores = len(case.storages)
        behind = {unit.park for unit in case.units} | {store.park for store in case.storages}
        self._has_row = [park.name in behind for park in case.parks]
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs = highs
        options: dict[str, Any] = {
            "output_flag": False,
            "threads": 1,
            "solver": "simplex",
            "presolve": "off",
            "primal_feasibility_tolerance": FEASIBILITY_TOLERANCE,
            "dual_feasibility_tolerance": 1e-7,
            "random_seed": 0,
        }
        for option, value in options.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(self._programme())

    def solve(self, first_hour: int) -> WindowResult:
        """Put in the numbers of the window that begins at an hour of the year, and solve from the last basis.

        Raises
        ------
        SolveError
            When HiGHS ends with anything but optimal.
        """
        hours, case = self.hours, self.case
        span = slice(first_hour, first_hour + hours)
        rows = np.arange(hours, dtype=np.int32)
        load = case.load_gw[span]
        self._highs.changeRowsBounds(hours, rows, load, load)
        row = hours
        for number, park in enumerate(case.parks):
            available = park.available_gw[span]
            if self._has_row[number]:
                self._highs.changeRowsBounds(hours, rows + row, np.full(hours, -highspy.kHighsInf), available)
                row += hours
            else:
                limit = np.minimum(available, park.connection_gw)
                self._highs.changeColsBounds(hours, rows + number * hours, np.zeros(hours), limit)
        for number, unit in enumerate(case.units, self._parks):
            if unit.hourly_share is not None:
                limit = unit.capacity_gw * unit.hourly_share[span]
                self._highs.changeColsBounds(hours, rows + number * hours, np.zeros(hours), limit)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            words = self._highs.modelStatusToString(status).lower()
            message = (
                f"The national price model of {case.label} ended '{words}' in the hours from {first_hour}."
            )
            raise SolveError(message, diagnose(case, first_hour, hours))
        return self._result()

    def _result(self) -> WindowResult:
        solution = self._highs.getSolution()
        values = np.asarray(solution.col_value).reshape(-1, self.hours).T
        price = np.asarray(solution.row_dual)[: self.hours]
        cuts = np.cumsum([self._parks, self._units, self._stores, self._stores])
        feed_in, units, charge, discharge, level = np.split(values, cuts, axis=1)
        objective = float(self._highs.getInfo().objective_function_value)
        return WindowResult(price, feed_in, units, charge, discharge, level, objective)

    def _programme(self) -> highspy.HighsLp:
        costs, upper = self._columns()
        matrix, row_lower, row_upper = self._rows()
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = matrix.shape[1], matrix.shape[0]
        programme.col_cost_, programme.col_lower_, programme.col_upper_ = costs, np.zeros_like(upper), upper
        programme.row_lower_, programme.row_upper_ = row_lower, row_upper
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_ = matrix.indices
        programme.a_matrix_.value_ = matrix.data
        return programme

    def _columns(self) -> tuple[Floats, Floats]:
        """Costs and upper bounds: feed-in of parks, units, charge, discharge, level; each for all hours."""
        case, ones = self.case, np.ones(self.hours)
        spared = {park.name: park.curtailment_cost_eur_per_mwh for park in case.parks}
        later = CHARGE_LATER_EUR_PER_MWH * np.arange(self.hours) / self.hours
        cost = [-park.curtailment_cost_eur_per_mwh * ones for park in case.parks]
        cost += [(u.cost_eur_per_mwh - spared.get(u.park, 0.0)) * ones for u in case.units]
        cost += [s.cost_eur_per_mwh - spared.get(s.park, 0.0) + later for s in case.storages]
        cost += [spared.get(s.park, 0.0) * ones for s in case.storages]
        cost += [0.0 * ones for _ in case.storages]
        upper = [park.connection_gw * ones for park in case.parks]
        upper += [u.capacity_gw * ones for u in case.units]
        upper += [s.power_gw * ones for s in case.storages] * 2
        upper += [s.energy_gwh * ones for s in case.storages]
        return np.concatenate(cost), np.concatenate(upper)

    def _rows(self) -> tuple[sp.csc_matrix, Floats, Floats]:
        """Balance per hour, then a row per hour for parks with something behind them, then storage levels."""
        case, hours = self.case, self.hours
        unit, store = self._parks, self._parks + self._units
        eye = sp.identity(hours, format="csr")
        width = self._parks + self._units + 3 * self._stores
        balance: dict[int, sp.spmatrix] = dict.fromkeys(range(self._parks), eye)
        balance |= {unit + i: u.sign * eye for i, u in enumerate(case.units) if not u.park}
        for i, s in enumerate(case.storages):
            if not s.park:
                balance |= {store + i: -eye, store + self._stores + i: eye}
        blocks = [balance]
        for number, park in enumerate(case.parks):
            if not self._has_row[number]:
                continue
            row: dict[int, sp.spmatrix] = {number: eye}
            row |= {unit + i: -u.sign * eye for i, u in enumerate(case.units) if u.park == park.name}
            for i, s in enumerate(case.storages):
                if s.park == park.name:
                    row |= {store + i: eye, store + self._stores + i: -eye}
            blocks.append(row)
        before = sp.csr_matrix((np.ones(hours), (np.arange(hours), np.roll(np.arange(hours), 1))))
        for i, s in enumerate(case.storages):
            one_way = float(np.sqrt(s.efficiency))
            blocks.append(
                {
                    store + i: -one_way * eye,
                    store + self._stores + i: eye / one_way,
                    store + 2 * self._stores + i: eye - before,
                }
            )
        empty = sp.csr_matrix((hours, hours))
        matrix = sp.bmat([[block.get(c, empty) for c in range(width)] for block in blocks], format="csc")
        limits = np.zeros(matrix.shape[0])
        return matrix, limits, limits.copy()
