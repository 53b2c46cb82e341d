"""Hydrogen: demand per place, electrolysers, the branch of the national grid and pipes between places."""

from pmiek.optimise.hydrogen.choices import with_hydrogen_choices
from pmiek.optimise.hydrogen.plan import plan_hydrogen, screen_hydrogen

__all__ = ["plan_hydrogen", "screen_hydrogen", "with_hydrogen_choices"]
