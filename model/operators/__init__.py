"""Operators' own figures: which results they touch, what may be published, templates and data requests."""

from __future__ import annotations

from model.operators.redaction import publishable, write_public
from model.operators.touched import Touched, touched

__all__ = ["Touched", "publishable", "touched", "write_public"]
