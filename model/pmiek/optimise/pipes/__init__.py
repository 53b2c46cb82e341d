"""Pipe networks: the small investment and dispatch problem that methane and hydrogen share."""

from pmiek.optimise.pipes.case import PipeCase
from pmiek.optimise.pipes.dispatch import Dispatch, dispatch
from pmiek.optimise.pipes.plan import PipePlan, plan_pipes

__all__ = ["Dispatch", "PipeCase", "PipePlan", "dispatch", "plan_pipes"]
