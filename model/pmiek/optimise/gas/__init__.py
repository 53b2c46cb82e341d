"""Methane: green gas against demand per distribution area and pressure tier, and what makes it fit."""

from pmiek.optimise.gas.choices import with_gas_choices
from pmiek.optimise.gas.plan import plan_gas
from pmiek.optimise.gas.screen import screen_gas

__all__ = ["plan_gas", "screen_gas", "with_gas_choices"]
