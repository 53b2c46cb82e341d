"""Heat: useful demand and its mix, and district heating networks as infrastructure."""

from model.heat.check import heat_check, heat_demand_table
from model.heat.mix import with_heat_mix
from model.heat.plan import plan_heat
from model.heat.screen import screen_heat
from model.heat.useful import useful_heat

__all__ = ["heat_check", "heat_demand_table", "plan_heat", "screen_heat", "useful_heat", "with_heat_mix"]
