"""One small linear programme for the Netherlands: hourly price and dispatch per MW."""

from __future__ import annotations

from pmiek.optimise.national.case import build_case
from pmiek.optimise.national.parts import Case, Park, Storage, Unit
from pmiek.optimise.national.solve import solve_case, solve_national
from pmiek.optimise.national.summary import co2_t_per_mwh, market_years

__all__ = [
    "Case",
    "Park",
    "Storage",
    "Unit",
    "build_case",
    "co2_t_per_mwh",
    "market_years",
    "solve_case",
    "solve_national",
]
