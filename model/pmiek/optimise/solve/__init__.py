"""The pathway: what to build, where and when, at least cost; and the gate that every solve passes."""

from pmiek.optimise.solve.gate import HIPO_OPTIONS, SIMPLEX_OPTIONS, SolveRecord, solve_model
from pmiek.optimise.solve.inputs import build_case, pathway_for, rebuilder, settings_for
from pmiek.optimise.solve.pathway import PathwayResult, Settings, run_pathway

__all__ = [
    "HIPO_OPTIONS",
    "SIMPLEX_OPTIONS",
    "PathwayResult",
    "Settings",
    "SolveRecord",
    "build_case",
    "pathway_for",
    "rebuilder",
    "run_pathway",
    "settings_for",
    "solve_model",
]
