"""Bottlenecks: exceedances as objects with a stable id, and how certain they are."""

from model.bottlenecks.capacity import capacity_factors, capacity_sensitive
from model.bottlenecks.find import (
    BOTTLENECKS,
    bottleneck_margins,
    bottleneck_shares,
    find,
    near_bottlenecks,
    with_carrier,
)
from model.bottlenecks.shift import capacity_sensitivity, capacity_shift, with_projects
from model.bottlenecks.status import Thresholds, capacity_status
from model.bottlenecks.summary import bottleneck_summary
from model.bottlenecks.weather import market_distribution, weather_certainty, weather_distribution

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
