"""Bottlenecks: exceedances as objects with a stable id, and how certain they are."""

from model.bottlenecks.capacity import capacity_factors, capacity_sensitive
from model.bottlenecks.find import BOTTLENECKS, bottleneck_shares, find, near_bottlenecks
from model.bottlenecks.status import Thresholds, capacity_status
from model.bottlenecks.summary import bottleneck_summary

__all__ = [
    "BOTTLENECKS",
    "Thresholds",
    "bottleneck_shares",
    "bottleneck_summary",
    "capacity_factors",
    "capacity_sensitive",
    "capacity_status",
    "find",
    "near_bottlenecks",
]
