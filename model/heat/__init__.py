"""Heat: useful demand and its mix, and district heating networks as infrastructure."""

from model.heat.mix import with_heat_mix
from model.heat.useful import useful_heat

__all__ = ["useful_heat", "with_heat_mix"]
