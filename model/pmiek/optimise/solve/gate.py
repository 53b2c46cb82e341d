"""The solve gate: only a proven optimum leaves here; everything else becomes a diagnosis in words."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import highspy
import linopy
import psutil

from pmiek.errors import SolveError
from pmiek.optimise.solve.diagnosis import Describe, explain_infeasible, plain
from pmiek.optimise.solve.diagnosis_bounds import broken_figures, explain_unbounded, range_words

#: A line of the HiGHS log that only this algorithm writes.
LOG_MARKS = {"hipo": "Hipo:", "ipx": "IPX version", "simplex": "simplex solver", "pdlp": "PDLP"}
#: Interior point without crossover, to the tolerance that plans need; see docs/pathway.md for the timings.
HIPO_OPTIONS: Mapping[str, Any] = {"solver": "hipo", "run_crossover": "off"}
SIMPLEX_OPTIONS: Mapping[str, Any] = {"solver": "simplex"}

_process: dict[str, int] = {}


@dataclass(frozen=True)
class SolveRecord:
    """What a solve did: one row of ``solver``.

    Attributes
    ----------
    label : str
        Which problem, for example ``eigen_vermogen netverzwaring round 2``.
    algorithm : str
        What ran according to the log: hipo, ipx, simplex, pdlp, or ``presolve`` when nothing was left.
    status, condition : str
        Always ``ok`` and ``optimal``: anything else raises.
    objective : float
        In the units of the model.
    iterations : int
        Simplex plus interior-point plus crossover iterations.
    wall_seconds, highs_seconds : float
        Whole call, and the part inside HiGHS.
    rows, columns, nonzeros : int
        Size of the problem as passed to HiGHS.
    peak_memory_mb : float
        Highest memory of this process so far.
    threads : int
        Threads of HiGHS.
    """

    label: str
    algorithm: str
    status: str
    condition: str
    objective: float
    iterations: int
    wall_seconds: float
    highs_seconds: float
    rows: int
    columns: int
    nonzeros: int
    peak_memory_mb: float
    threads: int

    def as_row(self) -> dict[str, Any]:
        """Return the record as a row of the table ``solver``."""
        return asdict(self)


def solve_model(
    model: linopy.Model,
    *,
    label: str,
    options: Mapping[str, Any] = HIPO_OPTIONS,
    threads: int = 1,
    describe: Describe | None = None,
    suspects: Callable[[], list[str]] | None = None,
    basis: highspy.HighsBasis | None = None,
) -> SolveRecord:
    """Solve a model with HiGHS and accept only a proven optimum.

    Parameters
    ----------
    model : linopy.Model
        Passed in memory (``io_api="direct"``), never through a file.
    label : str
        Name of the problem for messages and records.
    options : mapping
        HiGHS options; ``solver`` names the algorithm (hipo, ipx, simplex, pdlp) that must really run.
    threads : int
        One number per process: HiGHS has one scheduler per process.
    describe : callable, optional
        Turns (constraint family, coordinates) into words such as "take-off limit at station A, hour 18".
    suspects : callable, optional
        Checks in plain words that run before the elastic diagnosis.
    basis : highspy.HighsBasis, optional
        Where the simplex method starts; other algorithms do not use it.

    Returns
    -------
    SolveRecord
        Sizes, times and objective; the values are in ``model.solution``.

    Raises
    ------
    SolveError
        If HiGHS does not end optimal, or if another algorithm ran than was asked.
    """
    broken = broken_figures(model, describe or plain)
    if broken:
        message = f"{label}: figures are missing; HiGHS was not started"
        raise SolveError(message, [*(suspects() if suspects is not None else []), *broken])
    _one_thread_count(threads)
    model.set_names_in_solver_io = False
    started = time.perf_counter()
    status, condition, text = _run_highs(model, options, threads, basis)
    wall = time.perf_counter() - started
    if (status, condition) != ("ok", "optimal"):
        raise SolveError(
            _ended(label, status, condition, wall), _diagnose(model, condition, describe, suspects)
        )
    solver: highspy.Highs = model.solver_model
    info = solver.getInfo()
    return SolveRecord(
        label=label,
        algorithm=_algorithm(text, str(options.get("solver", "choose")), label),
        status=status,
        condition=condition,
        objective=float(model.objective.value or 0.0),
        iterations=sum(
            max(0, int(count))
            for count in (
                info.simplex_iteration_count,
                info.ipm_iteration_count,
                info.crossover_iteration_count,
            )
        ),
        wall_seconds=wall,
        highs_seconds=float(solver.getRunTime()),
        rows=solver.getNumRow(),
        columns=solver.getNumCol(),
        nonzeros=solver.getNumNz(),
        peak_memory_mb=peak_memory_mb(),
        threads=threads,
    )


def _run_highs(
    model: linopy.Model, options: Mapping[str, Any], threads: int, basis: highspy.HighsBasis | None
) -> tuple[str, str, str]:
    """Run HiGHS in memory; return status, condition and the log, which names the algorithm that ran."""
    handle, name = tempfile.mkstemp(prefix="highs-", suffix=".log")
    os.close(handle)
    log = Path(name)
    try:
        model.constraints.sanitize_zeros()
        model.constraints.sanitize_infinities()
        given = {"log_to_console": False, "log_file": str(log), "threads": threads, **options}
        model.solver = linopy.solvers.Solver.from_name(
            "highs", model=model, io_api="direct", options=given, set_names=False
        )
        if basis is not None:
            model.solver_model.setBasis(basis)
        status, condition = model.assign_result(model.solver.solve())
        return str(status), str(condition), log.read_text(encoding="utf-8", errors="replace")
    finally:
        log.unlink(missing_ok=True)


def peak_memory_mb() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource  # noqa: PLC0415 - not on Windows

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def _one_thread_count(threads: int) -> None:
    if _process.get("threads", threads) != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _process["threads"] = threads


def _algorithm(log: str, asked: str, label: str) -> str:
    ran = [name for name, mark in LOG_MARKS.items() if mark in log]
    if not ran:
        return "presolve"
    if asked in LOG_MARKS and asked not in ran:
        message = f"{label}: HiGHS was asked to solve with {asked} and solved with {ran[0]} instead"
        raise SolveError(
            message,
            ["HiPO needs the package highspy with its extras; other versions fall back without an error"],
        )
    return asked if asked in ran else ran[0]


def _ended(label: str, status: str, condition: str, wall: float) -> str:
    return f"{label}: HiGHS ended with {status}, {condition} after {wall:.0f} s; this is not a result"


def _diagnose(
    model: linopy.Model, condition: str, describe: Describe | None, suspects: Callable[[], list[str]] | None
) -> list[str]:
    words = suspects() if suspects is not None else []
    if condition in {"time_limit", "iteration_limit"}:
        return [*words, "the solver was stopped before it was done: raise the limit, or choose fewer days"]
    ranges = range_words(model)
    if condition in {"unbounded", "infeasible_or_unbounded", "unknown"}:
        grows = explain_unbounded(model, describe or plain)
        if grows:
            return [*words, *grows, *ranges]
    return [*words, *explain_infeasible(model, describe), *ranges]
