"""Alignment of candidate projects with the operators' investment plans."""

from __future__ import annotations

from model.alignment.align import ALIGNMENT_COLUMNS, align

__all__ = ["ALIGNMENT_COLUMNS", "align"]
