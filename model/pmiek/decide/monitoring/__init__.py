"""How projects stand: quarterly status, its history, and what must be raised with the board."""

from __future__ import annotations

from pmiek.decide.monitoring.escalate import ESCALATION_COLUMNS, escalations
from pmiek.decide.monitoring.latest import MONITORING_COLUMNS, monitoring
from pmiek.decide.monitoring.submit import add_status, status_template

__all__ = [
    "ESCALATION_COLUMNS",
    "MONITORING_COLUMNS",
    "add_status",
    "escalations",
    "monitoring",
    "status_template",
]
