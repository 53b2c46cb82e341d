"""Heat: useful demand and its mix, and district heating networks as infrastructure."""

from pmiek.optimise.heat.check import heat_check, heat_demand_table
from pmiek.optimise.heat.mix import with_heat_mix
from pmiek.optimise.heat.plan import plan_heat
from pmiek.optimise.heat.screen import screen_heat
from pmiek.optimise.heat.useful import useful_heat

__all__ = ["heat_check", "heat_demand_table", "plan_heat", "screen_heat", "useful_heat", "with_heat_mix"]
