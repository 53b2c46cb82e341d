"""Candidate projects: the long list, their options and data requests, and why each of them is there."""

from __future__ import annotations

from model.projects.area import area_combinations
from model.projects.candidates import candidates
from model.projects.cases import variant_cases
from model.projects.dependencies import dependencies
from model.projects.explain import explain, sensitivity_chain
from model.projects.history import history
from model.projects.input_effects import explain_input, input_effects
from model.projects.tables import CandidateSet

__all__ = [
    "CandidateSet",
    "area_combinations",
    "candidates",
    "dependencies",
    "explain",
    "explain_input",
    "history",
    "input_effects",
    "sensitivity_chain",
    "variant_cases",
]
