"""Intake: from the files in the inputs folder to checked tables."""

from __future__ import annotations

from pmiek.inputs.tables import Tables, check_inputs, read_and_check, read_tables
from pmiek.inputs.weather import read_weather

__all__ = ["Tables", "check_inputs", "read_and_check", "read_tables", "read_weather"]
