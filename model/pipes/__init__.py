"""Pipe networks: the small investment and dispatch problem that methane and hydrogen share."""

from model.pipes.case import PipeCase
from model.pipes.dispatch import Dispatch, dispatch
from model.pipes.plan import PipePlan, plan_pipes

__all__ = ["Dispatch", "PipeCase", "PipePlan", "dispatch", "plan_pipes"]
