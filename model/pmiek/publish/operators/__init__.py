"""Operators' own figures: which results they touch, what may be published, templates and data requests."""

from __future__ import annotations

from pmiek.publish.operators.redaction import publishable, write_public
from pmiek.publish.operators.touched import Touched, touched

__all__ = ["Touched", "publishable", "touched", "write_public"]
