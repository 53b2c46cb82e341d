"""One small linear programme for the Netherlands: hourly price and dispatch per MW."""

from __future__ import annotations

from model.national.case import build_case
from model.national.parts import Case, Park, Storage, Unit
from model.national.solve import solve_case, solve_national
from model.national.summary import co2_t_per_mwh, market_years

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
