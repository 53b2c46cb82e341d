"""Generation and flexible capacity per municipality, ready to be hung on stations."""

from pmiek.connections.supply.generation import (
    FIELD,
    field_cohorts,
    flexibility_rows,
    generation_rows,
    park_shift,
    wind_cohorts,
)

__all__ = ["FIELD", "field_cohorts", "flexibility_rows", "generation_rows", "park_shift", "wind_cohorts"]
