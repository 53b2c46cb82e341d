"""Scenarios: a storyline and a variant, merged over a base and checked as a whole."""

from __future__ import annotations

from model.scenarios.agreement import check_agreement
from model.scenarios.merge import load_batch, merge_scenario
from model.scenarios.settings import Batch, DesignYear, Run, Scenario
from model.scenarios.views import check_scenarios, diff, leaves, list_scenarios, show

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
