"""Why is this project on the list?"""
from __future__ import annotations


def explain() -> str:
    """Placeholder."""
    return ""


def sensitivity_chain() -> str:
    """Placeholder."""
    return ""
