"""Bottlenecks: exceedances as objects with a stable id, and how certain they are."""

from pmiek.results.bottlenecks.capacity import capacity_factors, capacity_sensitive
from pmiek.results.bottlenecks.find import (
    BOTTLENECKS,
    bottleneck_margins,
    bottleneck_shares,
    find,
    near_bottlenecks,
    with_carrier,
)
from pmiek.results.bottlenecks.shift import capacity_sensitivity, capacity_shift, with_projects
from pmiek.results.bottlenecks.status import Thresholds, capacity_status
from pmiek.results.bottlenecks.summary import bottleneck_summary
from pmiek.results.bottlenecks.weather import market_distribution, weather_certainty, weather_distribution

__all__ = [
    "BOTTLENECKS",
    "Thresholds",
    "bottleneck_margins",
    "bottleneck_shares",
    "bottleneck_summary",
    "capacity_factors",
    "capacity_sensitive",
    "capacity_sensitivity",
    "capacity_shift",
    "capacity_status",
    "find",
    "market_distribution",
    "near_bottlenecks",
    "weather_certainty",
    "weather_distribution",
    "with_carrier",
    "with_projects",
]
