"""Weighing of candidate projects on societal value, urgency and feasibility."""

from __future__ import annotations

from pmiek.decide.weighing.framework import Framework, read_framework
from pmiek.decide.weighing.proposal import proposal
from pmiek.decide.weighing.weigh import WeighResult, weigh

__all__ = ["Framework", "WeighResult", "proposal", "read_framework", "weigh"]
