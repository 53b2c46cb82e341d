"""What the plans of heat, methane and hydrogen hand to a run: one contract for every carrier."""

from pmiek.optimise.carriers.contract import CarrierPlan, HourlyLoad, join_plans

__all__ = ["CarrierPlan", "HourlyLoad", "join_plans"]
