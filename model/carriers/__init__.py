"""What the plans of heat, methane and hydrogen hand to a run: one contract for every carrier."""

from model.carriers.contract import CarrierPlan, ElectricLoad, join_plans

__all__ = ["CarrierPlan", "ElectricLoad", "join_plans"]
