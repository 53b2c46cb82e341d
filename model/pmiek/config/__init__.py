"""Scenarios: a storyline and a variant, merged over a base and checked as a whole."""

from __future__ import annotations

from pmiek.config.agreement import check_agreement
from pmiek.config.merge import load_batch, merge_scenario
from pmiek.config.settings import Batch, DesignYear, Run, Scenario
from pmiek.config.views import check_scenarios, diff, leaves, list_scenarios, show

__all__ = [
    "Batch",
    "DesignYear",
    "Run",
    "Scenario",
    "check_agreement",
    "check_scenarios",
    "diff",
    "leaves",
    "list_scenarios",
    "load_batch",
    "merge_scenario",
    "show",
]
