"""Real grid tables, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pmiek.inputs import read_tables

NAMES = [
    "grid/stations", "grid/buses", "grid/circuits", "grid/transformers", "grid/switching_states",
    "grid/service_areas", "grid/resplits", "grid/limits", "projects/planned",
    "grid/feeding_areas", "grid/area_stations",
]  # fmt: skip
INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture(scope="session")
def tables():
    return read_tables(INPUTS, NAMES)
