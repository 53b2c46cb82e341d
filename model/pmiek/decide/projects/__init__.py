"""Candidate projects: the long list, their options and data requests, and why each of them is there."""

from __future__ import annotations

from pmiek.decide.projects.area import area_combinations
from pmiek.decide.projects.candidates import candidates
from pmiek.decide.projects.cases import variant_cases
from pmiek.decide.projects.dependencies import dependencies
from pmiek.decide.projects.explain import explain, sensitivity_chain
from pmiek.decide.projects.history import history
from pmiek.decide.projects.input_effects import explain_input, input_effects
from pmiek.decide.projects.tables import CandidateSet

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
