"""Report: result tables in, a static offline site out; it selects, formats and draws, never calculates."""

from __future__ import annotations

from pmiek.publish.report.site import build_site

__all__ = ["build_site"]
