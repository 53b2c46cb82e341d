"""Candidate projects: the long list, their options and data requests, and why each of them is there."""

from __future__ import annotations

from model.projects.candidates import candidates
from model.projects.explain import explain, sensitivity_chain
from model.projects.tables import CandidateSet

__all__ = ["CandidateSet", "candidates", "explain", "sensitivity_chain"]
