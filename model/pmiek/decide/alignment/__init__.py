"""Alignment of candidate projects with the operators' investment plans."""

from __future__ import annotations

from pmiek.decide.alignment.align import ALIGNMENT_COLUMNS, align

__all__ = ["ALIGNMENT_COLUMNS", "align"]
