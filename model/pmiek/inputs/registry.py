"""The one list of all input tables."""

from __future__ import annotations

from types import MappingProxyType

from pmiek.inputs.schema import Table
from pmiek.inputs.themes import (
    assumptions,
    costs,
    demand,
    feeding_areas,
    gas,
    grid,
    heat,
    hydrogen,
    national,
    profiles,
    projects,
    regions,
    supply,
    trust,
    validation,
    weather,
)

TABLES: MappingProxyType[str, Table] = MappingProxyType(
    {
        table.name: table
        for theme in (
            regions,
            demand,
            supply,
            grid,
            feeding_areas,
            projects,
            gas,
            hydrogen,
            costs,
            heat,
            profiles,
            weather,
            national,
            assumptions,
            validation,
            trust,
        )
        for table in theme.TABLES
    }
)
